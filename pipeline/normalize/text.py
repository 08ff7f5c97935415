"""What every normalization pass is given, and the spans none may touch."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.edits import Change
from pipeline.records import Block
from pipeline.rules import Rules

_WORD = re.compile(r"\S+")
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
    protected: tuple[tuple[int, int], ...] = field(default=())

    def of(self, block: Block) -> str:
        """The text of a block."""
        return self.text[block.start : block.end]

    def free(self, start: int, end: int) -> bool:
        """Whether a span is outside every protected one."""
        index = bisect_left(self.protected, (start, start))
        near = self.protected[max(0, index - 1) : index + 1]
        return all(end <= first or start >= last for first, last in near)


Pass = Callable[[Passage], list[Change]]


def protected_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Spans that no rule about words, spaces or case may touch."""
    return tuple(word.span() for word in _WORD.finditer(text) if _PROTECTED.search(word[0]))
