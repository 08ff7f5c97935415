"""Rule files to rule records: checked when loaded, with errors that name the file and the rule.

Every rule carries examples and counter-examples; ``tests/test_rules.py`` runs them all. A rule is
added by adding its row to the file; nothing else has to know of it.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

from pipeline import fix_rules, swaps
from pipeline.errors import UserError
from pipeline.fix_rules import FixRule
from pipeline.swaps import SwapRule

FOLDER = Path(__file__).with_name("rules")
LEXICON = Path(__file__).with_name("lexicon")  # names for grounding; read by vocabulary, hashed with the rules
MODELS = Path(__file__).with_name("models")  # tables of weights that stages read, hashed with the rules
_AROUND = 120  # characters around a literal that a text rule may look at
RELATIONS = {  # to their default polarity
    "activates": "+", "inhibits": "-", "increases": "+", "decreases": "-", "causes": "+", "enables": "+",
    "releases": "+", "binds": "0", "regulates": "0", "converts": "0", "transports": "0", "treats": "-",
    "associated_with": "0",
}  # fmt: skip
SIGNS = {"+": 1, "-": -1, "0": 0}
NOT_MECHANISTIC = frozenset(("treats", "associated_with"))
When = Literal["always", "spun", "flag"]
PREPOSITIONS = frozenset((
    "of", "to", "in", "on", "for", "from", "with", "at", "by", "between", "into", "onto", "upon", "off", "down", "up",
    "about", "against",
))  # fmt: skip
SLOTS = PREPOSITIONS | {"dobj", "clause", "xcomp"}
CUES = ("negation", "hedge", "pseudo_negation")


class RuleError(UserError):
    """A rule file is wrong; the message names the file, the rule and what to do."""


@dataclass(frozen=True, slots=True)
class BlockRule:
    """A whole block that is not the article's text: ``match`` must match all of it.

    ``where`` bounds it to the head, the tail or the very end of the page; ``section`` drops the short lines below too.
    """

    id: str
    match: re.Pattern[str]
    reason: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    where: Literal["anywhere", "head", "tail", "end"] = "anywhere"
    section: bool = False


@dataclass(frozen=True, slots=True)
class EndRule:
    """A last sentence that shows that more was to come."""

    id: str
    find: re.Pattern[str]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextRule:
    """A replacement in running text.

    ``when``: always; only in a document judged spun, flagged elsewhere; or never, only flagged.
    ``evidence``: finding it speaks for a spinner.
    """

    id: str
    find: re.Pattern[str]
    replace: str
    when: When
    reason: str
    confidence: float
    examples: tuple[tuple[str, str], ...]
    counter_examples: tuple[str, ...]
    literals: tuple[str, ...]  # in small letters; a match holds one of them
    evidence: bool = False
    family: str = ""

    def matches(self, text: str, lowered: str) -> Iterator[re.Match[str]]:
        """Where the rule fires in a text, of which ``lowered`` is the form in small letters."""
        found: dict[int, re.Match[str]] = {}
        for literal in self.literals:
            at = lowered.find(literal)
            while at >= 0:
                # Only around the literal: the patterns look no further than a few words.
                near = self.find.finditer(text, max(at - _AROUND, 0), at + len(literal) + _AROUND)
                found |= {match.start(): match for match in near if match.start() <= at < match.end()}
                at = lowered.find(literal, at + len(literal))
        yield from (match for _, match in sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Frame:
    """Words that state one relation the same way, and where their arguments stand.

    ``pos`` is verb, noun or adjective. ``objects`` are the slots the object is looked for in: dobj,
    clause, or a preposition. ``reverse``: the grammatical subject is the object ("X depends on Y").
    ``complements``: phrases of which one must stand behind the verb ("in check").
    An example marks subject, trigger and object: ``[Memantine] <blocks> {NMDA receptors}.``
    """

    id: str
    pos: Literal["verb", "noun", "adjective"]
    lemmas: tuple[str, ...]
    relation: str
    objects: tuple[str, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    reverse: bool = False
    particle: str = ""
    complements: tuple[str, ...] = ()
    confidence: float = 0.8


@dataclass(frozen=True, slots=True)
class CueRule:
    """Words that negate or hedge the trigger they govern, by lemma."""

    id: str
    category: str
    lemmas: tuple[str, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordRule:
    """A class of words, as lower-case lemmas or with a leading or trailing ``*`` as affixes."""

    id: str
    words: frozenset[str]
    suffixes: tuple[str, ...]
    prefixes: tuple[str, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]

    def has(self, lemma: str) -> bool:
        """Whether a lower-case lemma belongs to the class."""
        return lemma in self.words or lemma.endswith(self.suffixes) or lemma.startswith(self.prefixes)


@dataclass(frozen=True, slots=True)
class UnitRule:
    """How a unit of measure is written; ``id`` is its UCUM code."""

    id: str
    words: tuple[str, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotationRule:
    """How names of one kind are written, in full; ``symbol`` is the template of the HGNC symbol meant, or empty."""

    id: str
    find: re.Pattern[str]
    kind: str
    examples: tuple[tuple[str, str], ...]
    counter_examples: tuple[str, ...]
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class WeightRule:
    """What a feature of a relation adds to the log odds that it is right; the examples have such a relation."""

    id: str
    weight: float
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Rules:
    """All rules, read-only, with a hash of their files for provenance; equal to itself alone, so it can be a key."""

    boilerplate: tuple[BlockRule, ...]
    endings: tuple[EndRule, ...]
    text: tuple[TextRule, ...]
    frames: tuple[Frame, ...]
    cues: tuple[CueRule, ...]
    words: Mapping[str, WordRule]
    units: tuple[UnitRule, ...]
    notations: tuple[NotationRule, ...]
    weights: Mapping[str, WeightRule]
    swaps: tuple[SwapRule, ...]
    fixes: tuple[FixRule, ...]
    hash: str

    @cached_property
    def swaps_by_phrase(self) -> Mapping[str, tuple[SwapRule, ...]]:
        """Swapped words by what spinners write."""
        found: dict[str, tuple[SwapRule, ...]] = {}
        for rule in self.swaps:
            found[rule.spun] = (*found.get(rule.spun, ()), rule)
        return found

    @cached_property
    def by_lemma(self) -> Mapping[tuple[str, str], tuple[Frame, ...]]:
        """Frames by (part of speech, lemma)."""
        found: dict[tuple[str, str], tuple[Frame, ...]] = {}
        for frame in self.frames:
            for lemma in frame.lemmas:
                found[frame.pos, lemma] = (*found.get((frame.pos, lemma), ()), frame)
        return found

    @cached_property
    def frames_by_lemma(self) -> Mapping[str, tuple[tuple[str, tuple[Frame, ...]], ...]]:
        """Parts of speech with their frames, by lemma."""
        found: dict[str, tuple[tuple[str, tuple[Frame, ...]], ...]] = {}
        for (pos, lemma), frames in self.by_lemma.items():
            found[lemma] = (*found.get(lemma, ()), (pos, frames))
        return found

    @cached_property
    def verb_forms(self) -> Mapping[str, str]:
        """The regular inflected forms of all verbs that have a frame, to their lemmas."""
        lemmas = sorted(lemma for pos, lemma in self.by_lemma if pos == "verb")
        return {form: lemma for lemma in lemmas for form in inflections(lemma)}


def inflections(verb: str) -> tuple[str, ...]:
    """Regular forms in -s, -ed and -ing; both spellings where a consonant may be doubled.

    >>> inflections("jam")
    ('jams', 'jamed', 'jaming', 'jammed', 'jamming')
    """
    if verb.endswith("e"):
        return verb + "s", verb + "d", (verb if verb.endswith("ee") else verb[:-1]) + "ing"
    if re.search("[^aeiou]y$", verb):
        return verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    third = verb + ("es" if re.search("(s|x|z|ch|sh)$", verb) else "s")
    doubled = (
        (verb + verb[-1] + "ed", verb + verb[-1] + "ing") if re.search("[^aeiou][aeiou][^aeiouwxy]$", verb) else ()
    )
    return third, verb + "ed", verb + "ing", *doubled


def load(folder: Path = FOLDER) -> Rules:
    """Read and check every rule file of a folder.

    Raises:
        RuleError: a file or rule is wrong.
    """
    files = (
        *sorted(folder.glob("*.toml")),
        *sorted(LEXICON.glob("*.tsv")),
        *sorted(MODELS.glob("*/*.tsv")),
    )
    digest = hashlib.sha256(b"".join(path.name.encode() + b"\0" + path.read_bytes() for path in files))
    words = _rows(folder / "words.toml", _word_rule)
    return Rules(
        boilerplate=_rows(folder / "boilerplate.toml", _block_rule),
        endings=_rows(folder / "endings.toml", _end_rule),
        text=_rows(folder / "typos.toml", _text_rule) + _rows(folder / "spinner.toml", _text_rule),
        frames=_rows(folder / "frames.toml", _frame),
        cues=_rows(folder / "cues.toml", _cue),
        words={rule.id: rule for rule in words},
        units=_rows(folder / "units.toml", _unit_rule),
        notations=_rows(folder / "notations.toml", _notation_rule),
        weights={rule.id: rule for rule in _rows(folder / "confidence.toml", _weight_rule)},
        swaps=_rows(folder / "swaps.toml", swaps.rule),
        fixes=_rows(folder / "fixes.toml", fix_rules.rule),
        hash=digest.hexdigest()[:16],
    )


T = TypeVar("T")


def _rows(path: Path, build: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleError(f"{path.name}: cannot be read: {error}") from error
    if set(table) - {"rule"}:
        raise RuleError(f"{path.name}: only [[rule]] tables belong here, found {sorted(set(table) - {'rule'})}")
    rows: list[T] = []
    seen: set[str] = set()
    for number, row in enumerate(table.get("rule", []), 1):
        name = f"{path.name}, rule {row.get('id', number)!r}"
        if row.get("id") in seen:
            raise RuleError(f"{name}: the id is used twice; give each rule its own")
        seen.add(row.get("id"))
        try:
            _examples_present(row)
            rows.append(build(row))
        except (TypeError, KeyError, ValueError, re.error) as error:
            raise RuleError(f"{name}: {error}") from error
    return tuple(rows)


def _examples_present(row: dict[str, Any]) -> None:
    for key in ("id", "examples", "counter_examples"):
        if not row.get(key):
            raise ValueError(f"needs {key!r}, which may not be empty")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.I)


def _common(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row.pop("id"),
        "examples": tuple(row.pop("examples")),
        "counter_examples": tuple(row.pop("counter_examples")),
    }


def _block_rule(row: dict[str, Any]) -> BlockRule:
    row = dict(row)
    return BlockRule(**_common(row), match=_pattern(row.pop("match")), **row)


def _end_rule(row: dict[str, Any]) -> EndRule:
    row = dict(row)
    return EndRule(**_common(row), find=_pattern(row.pop("find")), **row)


def _text_rule(row: dict[str, Any]) -> TextRule:
    row = dict(row)
    row["examples"] = [tuple(pair) for pair in row["examples"]]
    row["literals"] = tuple(row["literals"])
    if row["when"] not in ("always", "spun", "flag"):
        raise ValueError(f"when must be always, spun or flag, not {row['when']!r}")
    return TextRule(**_common(row), find=_pattern(row.pop("find")), **row)


def _frame(row: dict[str, Any]) -> Frame:
    row = dict(row)
    if row["relation"] not in RELATIONS:
        raise ValueError(f"relation must be one of {', '.join(RELATIONS)}, not {row['relation']!r}")
    unknown = [slot for slot in row["objects"] if slot not in SLOTS]
    if unknown:
        raise ValueError(f"objects must be among {', '.join(sorted(SLOTS))}, not {unknown}")
    lemmas = dict.fromkeys(form for lemma in row.pop("lemmas") for form in (lemma, british(lemma)))
    return Frame(
        **_common(row),
        lemmas=tuple(lemmas),
        objects=tuple(row.pop("objects")),
        complements=tuple(row.pop("complements", ())),
        **row,
    )


def british(lemma: str) -> str:
    """The spelling with s of a verb in -ize or -yze, any other lemma as it is: "paralyze", "paralyse"."""
    return lemma[:-2] + "se" if lemma.endswith(("ize", "yze")) else lemma


def _cue(row: dict[str, Any]) -> CueRule:
    row = dict(row)
    if row["category"] not in CUES:
        raise ValueError(f"category must be one of {', '.join(CUES)}, not {row['category']!r}")
    return CueRule(**_common(row), lemmas=tuple(row.pop("lemmas")), **row)


def _word_rule(row: dict[str, Any]) -> WordRule:
    row = dict(row)
    listed = " ".join(row.pop("words")).split() if isinstance(row["words"], list) else row.pop("words").split()
    suffixes = tuple(word[1:] for word in listed if word.startswith("*"))
    prefixes = tuple(word[:-1] for word in listed if word.endswith("*"))
    whole = frozenset(word for word in listed if "*" not in word)
    return WordRule(**_common(row), words=whole, suffixes=suffixes, prefixes=prefixes, **row)


def _notation_rule(row: dict[str, Any]) -> NotationRule:
    row = dict(row)
    row["examples"] = [tuple(pair) for pair in row["examples"]]
    return NotationRule(**_common(row), find=re.compile(row.pop("find")), **row)


def _weight_rule(row: dict[str, Any]) -> WeightRule:
    row = dict(row)
    return WeightRule(**_common(row), weight=float(row.pop("weight")), **row)


def _unit_rule(row: dict[str, Any]) -> UnitRule:
    row = dict(row)
    return UnitRule(**_common(row), words=tuple(row.pop("words").split()), **row)
