"""What every normalization pass is given, and the spans none may touch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.edits import Change
from pipeline.lexicon.names import load
from pipeline.records import Block
from pipeline.rules.kinds import Rules

_NAME_WORD = re.compile(r"[\w’'-]+")
_WORDS_BEFORE = re.compile(r"(?:(?<![\w’'-])[\w’'-]+ ){1,3}\Z")
_WORDS_AFTER = re.compile(r"(?: [\w’'-]+){1,3}")
_LONGEST_NAME = 80  # characters on either side of a word
_SPACES = " \t\r\n"  # between words
_SPACE = re.compile(f"[{_SPACES}]")
_LONGEST_WORD = 300  # characters; a longer run is no word of a text
# Signs, anywhere in a word, that it is an address, a file, a number, an identifier or a formula.
_PROTECTED = re.compile(
    r"""
      \d | ^[@#] | :// | ^www\. | \w@\w                               # numbers, doses, genes, addresses
    | [\w-]\.(?:com|org|net|gov|edu|io|html?|pdf|js|py|csv|json|txt|docx?|xlsx?|png|jpe?g)\b
    | [A-Za-z]\([A-Z,:]+\) | ^\([RS±+−-](?:,[RS±+−-])*\)-      # poly(I:C), (R,S)-ketamine
    | \b(?<!\b[A-Z],)[A-Z](?:,[A-Z])++- | (?:\b[A-Z]\.){2}                  # N,N-dimethyl..., U.S.
    | [+−²³⁰-⁹₀-₉]                                            # Na+, m²
    """,
    re.X,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """The text between two passes, in blocks.

    ``spun``: the document shows signs of a synonym replacer; ``families``: the families of replacers it shows.
    """

    text: str
    blocks: tuple[Block, ...]
    rules: Rules
    english: bool
    spun: bool
    families: frozenset[str] = frozenset()

    def of(self, block: Block) -> str:
        """The text of a block."""
        return self.text[block.start : block.end]

    def free(self, start: int, end: int) -> bool:
        """Whether a change or insertion there leaves every protected word intact."""
        return is_free(self.text, start, end)

    def in_name(self, start: int, end: int) -> bool:
        """Whether a word is part of a name of several words that the vocabulary holds: "nerve growth factor"."""
        before = _WORDS_BEFORE.search(self.text, max(start - _LONGEST_NAME, 0), start)
        after = _WORDS_AFTER.match(self.text, end, end + _LONGEST_NAME)
        firsts, lasts = [start], [end]
        if before:
            firsts += [before.start() + word.start() for word in _NAME_WORD.finditer(before[0])]
        if after:
            lasts += [end + word.end() for word in _NAME_WORD.finditer(after[0])]
        names = load()
        wider = ((first, last) for first in firsts for last in lasts if first < start or last > end)
        return any(names.look_up(self.text[first:last]) for first, last in wider)


Pass = Callable[[Passage], list[Change]]


def is_free(text: str, start: int, end: int) -> bool:
    """Whether a change there leaves every protected word intact: numbers, formulas, addresses, identifiers."""
    first, last = _word_start(text, start), _word_end(text, end)
    if start == end and (first == start or last == end):
        return True
    return last - first <= _LONGEST_WORD + end - start and not any(map(_is_protected, text[first:last].split()))


def words_with(sign: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Spans of the words that contain a match of ``sign``, each once, in linear time."""
    end = 0
    for found in sign.finditer(text):
        if found.start() >= end:
            start = max(end - 1, *(text.rfind(space, end, found.start()) for space in _SPACES)) + 1
            behind = _SPACE.search(text, found.start())
            end = behind.start() if behind else len(text)
            yield start, end


@lru_cache(maxsize=2)
def lowercase(text: str) -> str:
    """The text in lower case, with its length unchanged."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _word_start(text: str, at: int) -> int:
    """Where the word that goes on at an offset starts; no further back than a word can be."""
    lowest = max(at - _LONGEST_WORD - 1, 0)
    if text[at : at + 1] in _SPACES:
        return at
    return max(lowest - 1, *(text.rfind(space, lowest, at) for space in _SPACES)) + 1


def _word_end(text: str, at: int) -> int:
    """Where the word that reaches an offset ends."""
    if at and text[at - 1] in _SPACES:
        return at
    behind = _SPACE.search(text, at, at + _LONGEST_WORD + 1)
    return behind.start() if behind else min(len(text), at + _LONGEST_WORD + 1)


@lru_cache(maxsize=50_000)
def _is_protected(word: str) -> bool:
    return _PROTECTED.search(word) is not None
