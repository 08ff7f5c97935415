"""What every normalization pass is given, and the spans none may touch."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.edits import Change
from pipeline.records import Block
from pipeline.rules import Rules

_PROTECTED = re.compile(
    r"""
      (?:https?|ftp)://[^\s<>"”]+ | www\.[^\s<>"”]+                     # addresses
    | [\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+                       # mail
    | \b10\.\d{4,9}/[^\s<>"”]+                                          # DOI
    | \b[\w-]{1,64}(?:\.[\w-]{1,64}){0,4}\.(?:com|org|net|gov|edu|io|html?|pdf|js|py|csv|json|txt|docx?|xlsx?|png|jpe?g)\b
    | \S*\d\S*                                                          # numbers, doses, gene and trial identifiers
    | \S*[A-Za-z]\([A-Z0-9,:]+\)\S* | \([RS±+−-](?:,[RS±+−-])*\)-\S+     # poly(I:C), (R,S)-ketamine
    | \b[A-Z](?:,[A-Z])+-\S+ | (?:\b[A-Z]\.){2,}                        # N,N-dimethyl..., U.S.
    | \S*[+−²³⁰-⁹₀-₉]\S*                                                # Na+, m²
    """,
    re.X,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """The text between two passes, in blocks. ``spun``: the document shows signs of a synonym spinner."""

    text: str
    blocks: tuple[Block, ...]
    rules: Rules
    english: bool
    spun: bool
    protected: tuple[tuple[int, int], ...] = field(default=())

    def of(self, block: Block) -> str:
        """The text of a block."""
        return self.text[block.start : block.end]

    def free(self, start: int, end: int) -> bool:
        """Whether a span is outside every protected one."""
        return all(end <= first or start >= last for first, last in self.protected)


Pass = Callable[[Passage], list[Change]]


def protected_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Spans that no rule about words, spaces or case may touch."""
    return tuple(found.span() for found in _PROTECTED.finditer(text))
