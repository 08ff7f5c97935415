"""The record type for the rules of each file, and ``Rules``, which holds all of them.

Every rule carries examples and counter-examples, which ``pipeline rules check`` and the tests run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pipeline.rules.fix_rules import FixRule
from pipeline.rules.patterns import Pattern
from pipeline.rules.swaps import SwapRule

_WINDOW = 120  # characters around a literal that a text rule may look at
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


@dataclass(frozen=True, slots=True)
class BlockRule:
    """A boilerplate block; ``match`` must match all of it.

    ``where`` restricts it to the head, tail or very end of the page; ``section`` also drops the short lines below it.
    """

    id: str
    match: Pattern
    reason: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    where: Literal["anywhere", "head", "tail", "end"] = "anywhere"
    section: bool = False


@dataclass(frozen=True, slots=True)
class EndRule:
    """A last sentence that shows that more was to come."""

    id: str
    find: Pattern
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextRule:
    """A replacement in running text.

    ``when``: ``always``; ``spun``, only in documents judged spun and flagged in others; ``flag``, never, only flagged.
    ``evidence``: a match is evidence of a spinner (a program that replaces words by synonyms).
    """

    id: str
    find: Pattern
    replace: str
    when: When
    reason: str
    confidence: float
    examples: tuple[tuple[str, str], ...]
    counter_examples: tuple[str, ...]
    literals: tuple[str, ...]  # in lower case; every match contains one of them
    evidence: bool = False
    family: str = ""

    def matches(self, text: str, lowered: str) -> Iterator[re.Match[str]]:
        """The matches of the rule in ``text``; ``lowered`` is ``text`` in lower case."""
        found: dict[int, re.Match[str]] = {}
        for literal in self.literals:
            at = lowered.find(literal)
            while at >= 0:
                # Only around the literal: the patterns look no further than a few words.
                near = self.find.finditer(text, max(at - _WINDOW, 0), at + len(literal) + _WINDOW)
                found |= {match.start(): match for match in near if match.start() <= at < match.end()}
                at = lowered.find(literal, at + len(literal))
        yield from (match for _, match in sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Frame:
    """Triggers that express one relation, and the syntactic slots of their arguments.

    ``pos`` is verb, noun or adjective. ``objects`` are the slots in which the object may be: dobj,
    clause, xcomp or a preposition. ``reverse``: the grammatical subject is the object ("X depends on Y").
    ``complements``: phrases one of which must follow the verb ("in check").
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
    category: Literal["negation", "hedge", "pseudo_negation"]
    lemmas: tuple[str, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordRule:
    """A word class: lower-case lemmas, suffixes (``*word`` in the file) and prefixes (``word*``)."""

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
    """A pattern for whole names of one kind; ``symbol`` is a template for the HGNC symbol that is meant, or empty."""

    id: str
    find: Pattern
    kind: str
    examples: tuple[tuple[str, str], ...]
    counter_examples: tuple[str, ...]
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class WeightRule:
    """The weight of a feature in the log odds that a relation is correct; the examples have such a relation."""

    id: str
    weight: float
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Rules:
    """All rules, read-only, with a hash of their files for provenance; compared by identity, so it can be a key."""

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
        """Swap rules by the phrase that spinners write."""
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


def british(lemma: str) -> str:
    """The spelling with s of a verb in -ize or -yze, any other lemma as it is: "paralyze", "paralyse"."""
    return lemma[:-2] + "se" if lemma.endswith(("ize", "yze")) else lemma
