"""``python -m benchmarks.damage CORPORA [N]``: damage clean text in known ways and see what comes back.

Every operator damages a share of the places where it can, seeded with the document's name, and writes down what stood
there. A place counts as restored if the text around it reads as it did; what is changed in the same documents left
undamaged counts as a false repair. Documents are those of the held-out part, which taught nothing.
"""

from __future__ import annotations

import html
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.spinner import corpus, simulate
from pipeline import Settings, stages
from pipeline.edits import Edit
from pipeline.normalize import normalize
from pipeline.records import CleanArticle

_AROUND = 12  # characters on either side of a place that must read as before


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged place: where it stands in the damaged text, and what stood there."""

    start: int
    end: int
    original: str


@dataclass(frozen=True, slots=True)
class Operator:
    """Damages what ``places`` matches, writing what ``write`` makes of it, at a ``rate``."""

    name: str
    places: re.Pattern[str]
    write: Callable[[re.Match[str], random.Random], str]
    rate: float = 0.1


def _lost_space(found: re.Match[str], _chance: random.Random) -> str:
    return found[0].replace(" ", "")


def _mojibake(found: re.Match[str], _chance: random.Random) -> str:
    try:
        return found[0].encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return found[0]


def _with_invisible(found: re.Match[str], chance: random.Random) -> str:
    word, at = found[0], chance.randrange(1, len(found[0]))
    return word[:at] + chance.choice("\u200b\u00ad\ufeff") + word[at:]


def _entity(found: re.Match[str], chance: random.Random) -> str:
    character = found[0]
    named = html.escape(character) if character == "&" else f"&#{ord(character)};"
    return chance.choice((named, f"&#x{ord(character):x};"))


def _numbered(found: re.Match[str], chance: random.Random) -> str:
    return f"{found[0]}{chance.randrange(1, 40)}"


OPERATORS = (
    Operator("T1 space after comma lost", re.compile(r"(?<=[a-z]), (?=[a-z])"), _lost_space),
    Operator("T1 space after full stop lost", re.compile(r"(?<=[a-z])\. (?=[A-Z][a-z])"), _lost_space),
    Operator("T1 space after colon, semicolon lost", re.compile(r"(?<=[a-z])[:;] (?=[a-z])"), _lost_space),
    Operator("T1 space after bracket lost", re.compile(r"(?<=[a-zA-Z])\) (?=[a-z])"), _lost_space),
    Operator("T2 dash lost", re.compile(r"(?<=[a-z]{2}) ?[—–] ?(?=[a-z]{2})"), lambda _found, _chance: "", 0.5),
    Operator("T2 words glued", re.compile(r"(?<=[a-z]{2}) (?=[a-z]{2})"), _lost_space, 0.01),
    Operator("T3 sentence in lower case", re.compile(r"(?<=[a-z]\. )[A-Z](?=[a-z])"), lambda m, _: m[0].lower()),
    Operator("T5 non-ASCII letters dropped", re.compile(r"[^\x00-\x7f]"), lambda _found, _chance: ""),
    Operator("T6 mojibake", re.compile(r"\S*[^\x00-\x7f]\S*"), _mojibake),
    Operator("T7 no-break space", re.compile(r"(?<=\w) (?=\w)"), lambda _found, _chance: "\u00a0", 0.02),
    Operator("T8 invisible character", re.compile(r"(?<![\w-])[A-Za-z]{4,}(?![\w-])"), _with_invisible, 0.02),
    Operator("T9 quotation opened with its end", re.compile(r"(?<=\s)“(?=\w)"), lambda _found, _chance: "”", 0.5),
    Operator("T10 character reference", re.compile(r"[^\x00-\x7f<>]|&"), _entity),
    Operator("T11 number of a reference", re.compile(r"(?<=[a-z]{4})\.(?= [A-Z])"), _numbered),
    Operator("T12 lines broken", re.compile(r"(?<=\w) (?=\w)"), lambda _found, _chance: "\n"),
)


def damaged(text: str, operator: Operator, seed: str) -> tuple[str, tuple[Damage, ...]]:
    """The text with damage, and the ledger of it."""
    chance = random.Random(f"{operator.name} {seed}")
    parts: list[str] = []
    ledger: list[Damage] = []
    at = length = 0
    for found in operator.places.finditer(text):
        if found.start() < at + 2 * _AROUND or chance.random() >= operator.rate:
            continue
        written = operator.write(found, chance)
        if written == found[0]:
            continue
        kept = text[at : found.start()]
        start = length + len(kept)
        ledger.append(Damage(start, start + len(written), found[0]))
        parts += [kept, written]
        length = start + len(written)
        at = found.end()
    return "".join([*parts, text[at:]]), tuple(ledger)


def restored(text: str, place: Damage, edits: list[Edit], around: int) -> bool:
    """Whether a place and what is ``around`` it reads as it did before the damage."""
    start, end = max(place.start - around, 0), min(place.end + around, len(text))
    wanted = text[start : place.start] + place.original + text[place.end : end]
    inside = [
        edit
        for edit in edits
        if (edit.source_start < end and start < edit.source_end) or edit.source_start == place.start
    ]
    now, shift = text[start:end], -start
    for edit in sorted(inside, key=lambda one: -one.source_start):
        first, last = max(edit.source_start + shift, 0), min(edit.source_end + shift, end - start)
        now = now[:first] + edit.after + now[last:]
    return _plain(now) == _plain(wanted)


def _plain(text: str) -> str:
    return " ".join(text.split())


def spun(text: str, tools: stages.Tools, seed: str) -> tuple[str, tuple[Damage, ...]]:
    """T4, from the table that ships."""
    swapped = simulate.swap(text, tools.rules, seed)
    places = ((start, end, original) for (start, end), original in swapped.ledger.items())
    return swapped.text, tuple(
        Damage(start, end, original.capitalize() if swapped.text[start].isupper() else original)
        for start, end, original in places
    )


def applied(clean: CleanArticle) -> list[Edit]:
    """What was changed in the text."""
    return [edit for edit in clean.text.edits() if edit.status != "flagged" and edit.before != edit.after]


def rows(folder: Path, most: int) -> Iterator[tuple[str, int, int, int, int]]:
    """Operator, places, restored ones, documents, changes it makes in the same documents undamaged (all operators)."""
    tools = stages.tools(Settings())
    chosen = [pair for pair in corpus.documents(folder) if corpus.fold(pair[0]) == corpus.FOLDS - 1]
    random.Random(1).shuffle(chosen)
    texts = [(name, read) for name, paragraphs in chosen[:most] if (read := _clean(paragraphs, tools)) is not None]
    untouched = sum(len(applied(normalize(simulate.article(text, tools), tools.rules))) for _, text in texts)
    yield "none", 0, 0, len(texts), untouched
    for operator in OPERATORS:
        made = (damaged(text, operator, name) for name, text in texts)
        yield (operator.name, *_measured(made, tools), len(texts), untouched)
    yield (
        "T4 words swapped",
        *_measured((spun(text, tools, name) for name, text in texts), tools, around=0),
        len(texts),
        untouched,
    )


def _clean(paragraphs: list[str], tools: stages.Tools) -> str | None:
    """A document as the pipeline leaves it: what is still to be changed after that is a false repair."""
    text = normalize(simulate.article("\n\n".join(paragraphs), tools), tools.rules).text.text
    return text if len(text) > 10 * _AROUND else None


def _measured(
    made: Iterator[tuple[str, tuple[Damage, ...]]], tools: stages.Tools, around: int = _AROUND
) -> tuple[int, int]:
    places = right = 0
    for text, ledger in made:
        if ledger:
            edits = applied(normalize(simulate.article(text, tools), tools.rules))
            places += len(ledger)
            right += sum(restored(text, place, edits, around) for place in ledger)
    return places, right


def main(folder: str, most: str = "300") -> int:
    """Print the table."""
    print("| damage | places | restored |\n|---|---|---|")
    for name, places, right, documents, untouched in rows(Path(folder), int(most)):
        if name == "none":
            print(f"| none, {documents} documents | {untouched} changes | |")
        else:
            print(f"| {name} | {places} | {right / max(places, 1):.3f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
