"""What comes back of damaged documents, by operator."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import mean

from benchmarks.damage import blocks, encodings, pages, tags, text, transport
from benchmarks.damage.document import Document, as_html, pieces, raw_page, read
from benchmarks.damage.operators import Operator, damaged
from benchmarks.spinner import simulate
from pipeline import stages
from pipeline.edits import Edit, TracedText
from pipeline.normalize import normalize
from pipeline.records import CleanArticle
from pipeline.repair import repair

PageDamage = Callable[[Document], tuple[bytes, tuple[str, ...]]]
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Places:
    """Places that an operator on text damaged, and those that read as before."""

    operator: str
    damaged: int
    restored: int


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A damaged page beside the same page undamaged: shares from 0 to 1.

    ``same``: all blocks alike; ``precision`` and ``recall`` of words; ``headings``: F1; ``kept_out``: of added lines,
    those that are not in the text; ``truncated``: the verdict.
    """

    same: float
    precision: float
    recall: float
    headings: float
    kept_out: float
    truncated: float


def on_text(texts: Sequence[tuple[str, str]], tools: stages.Tools) -> Iterator[Places]:
    """Measure the operators on running text, and swapped words; ``texts`` are names and clean texts."""
    for operator in text.OPERATORS:
        traced = (damaged(clean, operator, f"{operator.name} {name}") for name, clean in texts)
        yield _places(operator.name, traced, text.AROUND, tools)
    # A swapped word counts alone: its neighbours may be swapped, too.
    yield _places("T4 words swapped", (simulate.swap(clean, tools.rules, name) for name, clean in texts), 0, tools)


def false_repairs(texts: Iterable[tuple[str, str]], tools: stages.Tools) -> int:
    """Changes in texts that are as the pipeline left them."""
    return sum(len(_applied(normalize(simulate.article(clean, tools), tools.rules))) for _, clean in texts)


def _places(operator: str, traced: Iterable[TracedText], around: int, tools: stages.Tools) -> Places:
    places = right = 0
    for one in traced:
        ledger = one.edits()
        if ledger:
            edits = _applied(normalize(simulate.article(one.text, tools), tools.rules))
            places += len(ledger)
            right += sum(restored(one.text, place, edits, around) for place in ledger)
    return Places(operator, places, right)


def restored(damaged_text: str, place: Edit, edits: list[Edit], around: int) -> bool:
    """Whether a place on a ledger and what is ``around`` it reads as it did before the damage."""
    start, end = max(place.start - around, 0), min(place.end + around, len(damaged_text))
    wanted = damaged_text[start : place.start] + place.before + damaged_text[place.end : end]
    inside = [e for e in edits if (e.source_start < end and start < e.source_end) or e.source_start == place.start]
    now, shift = damaged_text[start:end], -start
    for edit in sorted(inside, key=lambda one: -one.source_start):
        first, last = max(edit.source_start + shift, 0), min(edit.source_end + shift, end - start)
        now = now[:first] + edit.after + now[last:]
    return now.split() == wanted.split()


def _applied(clean: CleanArticle) -> list[Edit]:
    return [edit for edit in clean.text.edits() if edit.status != "flagged" and edit.before != edit.after]


def on_pages(documents: Sequence[Document], tools: stages.Tools) -> Iterator[tuple[str, RoundTrip]]:
    """Measure the operators on blocks, markup and bytes."""
    reference = {document.name: read(raw_page(document.name, _bytes(document)), tools) for document in documents}
    for name, damage in _damages():
        made = ((document.name, *damage(document)) for document in documents)
        yield name, _mean([_round_trip(reference[one], page, added, one, tools) for one, page, added in made])


def _damages() -> Iterator[tuple[str, PageDamage]]:
    """Every operator by name, as what it makes of a document: a page, and lines that were added."""
    yield "none", lambda document: (_bytes(document), ())
    for block in blocks.OPERATORS:
        yield block.name, partial(_broken, operator=block)
    for page in (*pages.OPERATORS, *encodings.OPERATORS, *tags.OPERATORS):
        yield page.name, partial(_marked, operator=page)
    for way in transport.OPERATORS:
        yield way.name, partial(_sent, operator=way)


def _broken(document: Document, operator: blocks.BlockOperator) -> tuple[bytes, tuple[str, ...]]:
    broken = operator.damage(document, _chance(operator.name, document))
    return _bytes(broken.document), broken.added


def _marked(document: Document, operator: Operator) -> tuple[bytes, tuple[str, ...]]:
    return damaged(as_html(document), operator, document.name).text.encode(), ()


def _sent(document: Document, operator: transport.ByteOperator) -> tuple[bytes, tuple[str, ...]]:
    return operator.damage(_bytes(document), _chance(operator.name, document)), ()


def untouched(documents: Sequence[Document]) -> int:
    """Documents whose undamaged page is left as it is by repair, to the letter."""
    repaired = ((repair(raw_page(one.name, _bytes(one))).text.text, as_html(one)) for one in documents)
    return sum(after == before for after, before in repaired)


def _bytes(document: Document) -> bytes:
    return as_html(document).encode()


def _chance(operator: str, document: Document) -> random.Random:
    return random.Random(f"{operator} {document.name}")


def _round_trip(
    wanted: CleanArticle | None, page: bytes, added: tuple[str, ...], name: str, tools: stages.Tools
) -> RoundTrip:
    found = read(raw_page(name, page), tools)
    if wanted is None or found is None:
        return RoundTrip(0, 0, 0, 0, 0, 0)
    before, after = list(pieces(wanted)), list(pieces(found))
    precision, recall = _shares(_WORD.findall(wanted.text.text.lower()), _WORD.findall(found.text.text.lower()))
    head = _shares(*([p.text for p in each if p.kind == "heading"] for each in (before, after)))
    lines = {piece.text for piece in after}
    return RoundTrip(
        same=float([(p.kind, p.text) for p in before] == [(p.kind, p.text) for p in after]),
        precision=precision,
        recall=recall,
        headings=2 * head[0] * head[1] / max(sum(head), 1e-9),
        kept_out=mean(line not in lines for line in added) if added else 1.0,
        truncated=float(found.article.truncated),
    )


def _shares(wanted: list[str], found: list[str]) -> tuple[float, float]:
    common = (Counter(wanted) & Counter(found)).total()
    return common / len(found) if found else 0.0, common / len(wanted) if wanted else 1.0


def _mean(trips: Sequence[RoundTrip]) -> RoundTrip:
    return RoundTrip(*(mean(column) for column in zip(*(_row(trip) for trip in trips), strict=True)))


def _row(trip: RoundTrip) -> tuple[float, ...]:
    return trip.same, trip.precision, trip.recall, trip.headings, trip.kept_out, trip.truncated
