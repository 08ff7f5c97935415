"""Grounding: from an argument to a concept of an open vocabulary, or to none; an empty cell is better than a wrong one.

A name is looked up whole; then without words for an amount or activity ("glutamate release", "levels of cortisol"),
and without a modifier ("new synapses", "hippocampal neurons"). An abbreviation that the document defines is looked up
by its long form only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.lexicon.names import CATEGORIES, Concept, Lexicon, is_symbol
from pipeline.records import Argument
from pipeline.rules.kinds import NotationRule, WordRule

_OPENING = re.compile(r"^(?:(?:the|a|an|this|these|that|those|such|its|their|his|her|your|our|my)\s+|[\"'“‘(]+)+", re.I)
_BRACKET = re.compile(r"(?<!\s)\s*+\(([^()]*)\)")
# What follows the head: "neurons in the raphe nuclei", "a protein that mTOR switches on".
_POSTMODIFIER = re.compile(
    r"[,;] (?:a|an|the|which|who|including|especially|called)\b"
    r"|(?<!\s)\s++(?:in|from|at|to|for|with|by|on|into|within|between|that|which|who|called|such as)\b"
)
_DEFINED = re.compile(r"\(([A-Za-z][\w-]{1,9})\)")
_LONG_FORM = re.compile(r"(?:[\w’'-]+\s+){1,8}$")
_LONGEST = 8  # words a name may have
_LONGEST_COMPOUND = 4
_ARTICLES = frozenset(("the", "a", "an", "is", "are", "be", "and", "or"))
_REACH = 120  # characters before an abbreviation that may hold its long form
# A word before one of these says where or of what sort they are: "GABA interneurons".
_LOCATED = frozenset(("cell", "anatomy", "component"))


@dataclass(frozen=True, slots=True)
class Grounder:
    """What grounding needs, built once per process."""

    lexicon: Lexicon
    notations: tuple[NotationRule, ...]
    words: Mapping[str, WordRule]

    def ground(self, argument: Argument, abbreviations: Mapping[str, str]) -> Argument:
        """The argument with identifier, label and category, where its core or what it stands for is known."""
        concept = self.concept(argument.resolved or argument.core or argument.text, abbreviations)
        if not concept:
            return argument
        return replace(argument, curie=concept.curie, label=concept.label, category=concept.category)

    def concept(self, name: str, abbreviations: Mapping[str, str]) -> Concept | None:
        """The concept a name stands for; ``abbreviations`` are those the document defines, with their long forms."""
        for candidate in candidates(name):
            if candidate in abbreviations:
                return self._look_up(abbreviations[candidate])
            # A name with a postmodifier is looked up whole only; without its first words it would lose its head.
            known = self.lexicon.look_up if _POSTMODIFIER.search(candidate) else self._look_up
            if found := known(candidate):
                return found
        return None

    def _look_up(self, name: str) -> Concept | None:
        words = name.split()
        if not words or len(words) > _LONGEST:
            return None
        if found := self._notation(name) or self.lexicon.look_up(name) or self._shape(name):
            return found
        inner = re.match(r"([\w-]+) of (?:the )?(.+)", name)
        if inner:
            return self._look_up(inner[2]) if self._is_amount(inner[1]) else self._look_up(inner[1])
        if len(words) == 1:
            return None
        if self._is_amount(words[-1]):
            return self._look_up(" ".join(words[:-1]))
        return self._less_specific(words)

    def _less_specific(self, words: Sequence[str]) -> Concept | None:
        first, rest = words[0].lower().rstrip(","), " ".join(words[1:])
        # Mechanical stress is not stress of mind: some heads mean one thing alone and another with an adjective.
        if self.words["not_its_kind"].has(first) or self.words["whole_only"].has(rest.lower()):
            return None
        found = self._look_up(rest)
        described = self.words["describing"].has(first)
        return found if found and (described or (found.kind in _LOCATED and self._may_locate(words))) else None

    def _may_locate(self, words: Sequence[str]) -> bool:
        """Whether a phrase is short enough, and without articles, so that it is one noun and not a clause."""
        return len(words) <= _LONGEST_COMPOUND and not any(word.lower() in _ARTICLES for word in words)

    def _is_amount(self, word: str) -> bool:
        return self.words["amount"].has(word.lower()) or self.words["amount"].has(word.lower().removesuffix("s"))

    def _notation(self, name: str) -> Concept | None:
        bare = name.removesuffix("s") if name.endswith(("receptors", "subunits")) else name
        for rule in self.notations:
            if rule.symbol and (match := rule.find.fullmatch(bare)):
                return self.lexicon.look_up(match.expand(rule.symbol).upper())
        return None

    def _shape(self, name: str) -> Concept | None:
        """A concept without identifier, of the kind that the notation of an unknown name shows."""
        kind = next((rule.kind for rule in self.notations if not rule.symbol and rule.find.fullmatch(name)), "")
        return Concept("", "", kind) if kind else None


def candidates(name: str) -> Iterator[str]:
    """What an argument may be looked up as, the longest first.

    >>> list(candidates("the brain-derived neurotrophic factor (BDNF)"))
    ['brain-derived neurotrophic factor', 'BDNF']
    """
    name = _OPENING.sub("", name.strip()).strip("\"'”’.,;: ")
    plain = " ".join(_BRACKET.sub("", name).split())
    head = _POSTMODIFIER.split(plain)[0].strip()
    explained = _BRACKET.findall(name) if name.endswith(")") else ()
    yield from dict.fromkeys(filter(None, (plain, _possessed(plain), head, _possessed(head), *explained)))


def _possessed(name: str) -> str:
    """What a possessive owns: "the brain’s reward system"."""
    owner, mark, owned = re.sub(r"['’]s ", "\0", name).rpartition("\0")
    return owned if mark and owner else ""


def abbreviations(text: str) -> dict[str, str]:
    """Each abbreviation that a text defines, with its long form (after Schwartz and Hearst, 2003).

    >>> abbreviations("In generalized anxiety disorder (GAD) the anterior cingulate cortex (ACC) is busy (see below).")
    {'GAD': 'generalized anxiety disorder', 'ACC': 'anterior cingulate cortex'}
    """
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(text):
        short, before = match[1], _LONG_FORM.search(text[max(match.start() - _REACH, 0) : match.start()])
        if before and is_symbol(short) and (long := _long_form(short, before[0].split())):
            found.setdefault(short, long)
    return found


def _long_form(short: str, words: Sequence[str]) -> str:
    """The fewest last words that contain the letters of ``short`` in order, the first letter at the start of a word."""
    letters = [letter for letter in short.lower() if letter.isalnum()]
    for start in range(len(words) - 1, -1, -1):
        phrase = " ".join(words[start:]).lower()
        if words[start][0].lower() == letters[0] and _holds(phrase, letters) and len(words) - start <= len(letters) + 2:
            return " ".join(words[start:])
    return ""


def _holds(phrase: str, letters: Sequence[str]) -> bool:
    position = 0
    for letter in letters:
        position = phrase.find(letter, position) + 1
        if not position:
            return False
    return True


def is_of_the_body(argument: Argument, words: Mapping[str, WordRule]) -> bool:
    """Whether a grounded argument is a molecule, cell, part or process of the body, and of it alone, unlike water."""
    if argument.category not in _BODILY or (argument.category in _WIDE and " " not in argument.label):
        return False
    named = (argument.resolved or argument.core).lower().split()
    return not named or not words["not_endogenous"].has(named[-1].removesuffix("s"))


_BODILY = frozenset(
    CATEGORIES[kind]
    for kind in ("metabolite", "gene", "gene_family", "activity", "component", "cell", "anatomy", "process")
)
_WIDE = frozenset((CATEGORIES["process"],))  # sleep and memory are processes, and what people feel of themselves
