"""What every normalization pass is given, and the spans none may touch."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.edits import Change
from pipeline.records import Block
from pipeline.rules import Rules

# A sign that a word is more than letters and the punctuation behind it; few words have one.
_SIGN = re.compile(r"[^\sA-Za-z,.;:!?’”\")(“]|[.,;:!?(][^\s)”’\"]")
_SPACES = " \t\r\n"  # between words
_SPACE = re.compile(f"[{_SPACES}]")
# Signs, anywhere in a word, that it is an address, a file, a number, an identifier or a formula.
_PROTECTED = re.compile(
    r"""
      \d | ^[@#] | :// | ^www\. | \w@\w                               # numbers, doses, genes, addresses
    | [\w-]\.(?:com|org|net|gov|edu|io|html?|pdf|js|py|csv|json|txt|docx?|xlsx?|png|jpe?g)\b
    | [A-Za-z]\([A-Z,:]+\) | ^\([RS±+−-](?:,[RS±+−-])*\)-      # poly(I:C), (R,S)-ketamine
    | \b[A-Z](?:,[A-Z])+- | (?:\b[A-Z]\.){2}                  # N,N-dimethyl..., U.S.
    | [+−²³⁰-⁹₀-₉]                                            # Na+, m²
    """,
    re.X,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """The text between two passes, in blocks.

    ``spun``: the document shows signs of a synonym replacer; ``families``: those whose words it shows.
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
        """Whether a span is outside every protected one."""
        protected = protected_spans(self.text)
        index = bisect_left(protected, (start, start))
        near = protected[max(0, index - 1) : index + 1]
        return all(end <= first or start >= last for first, last in near)


Pass = Callable[[Passage], list[Change]]


@lru_cache(maxsize=4)  # most passes leave a text as it is
def protected_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Spans that no rule about words, spaces or case may touch."""
    return tuple((start, end) for start, end in words_with(_SIGN, text) if _is_protected(text[start:end]))


def words_with(sign: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Spans of the words that hold a sign, each once; no letter is read more than a few times."""
    end = 0
    for found in sign.finditer(text):
        if found.start() >= end:
            start = max(end - 1, *(text.rfind(space, end, found.start()) for space in _SPACES)) + 1
            behind = _SPACE.search(text, found.start())
            end = behind.start() if behind else len(text)
            yield start, end


@lru_cache(maxsize=2)
def small(text: str) -> str:
    """The text in small letters, as long as it was."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@lru_cache(maxsize=50_000)
def _is_protected(word: str) -> bool:
    return _PROTECTED.search(word) is not None
