"""Build a text in blocks from source spans, before it is decided which blocks are kept.

A parser (``tree`` or ``lines``) groups the source spans of each block into a ``Run``. A draft holds what each block
keeps of its source; ``layout.lay_out`` writes the edit log once it is known which blocks are dropped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from pipeline.content.elements import Element
from pipeline.markup.tokens import unescape
from pipeline.records import BLOCK_SEPARATOR, BlockKind

EXPONENT_SIGN = "^"
# Invisible characters: white space and zero-width characters.
_BLANK = "".join(
    chr(code) for code in [*range(33), *range(0x7F, 0xA1), 0xAD, *range(0x2000, 0x2010), *range(0x2028, 0x2030)]
)
_BLANK += "\u1680\u205f\u2060\u3000\ufeff"
_VISIBLE = re.compile(f"[^{re.escape(_BLANK)}]")

_SPACES = " \t\r\n\f\v"
# A character reference, or words with single spaces between them.
_ATOM = re.compile(
    r"&(?:#[0-9]{1,4000}+|#[xX][0-9a-fA-F]{1,4000}+|[A-Za-z][A-Za-z0-9]{0,31}+);?"
    r"|[^ \t\r\n\f\v&]++(?: [^ \t\r\n\f\v&]++)*+|&"
)
_BARE_URL = re.compile(r"https?://\S+")


def linked_length(text: str) -> int:
    """How many characters of a text are bare URLs."""
    return sum(map(len, _BARE_URL.findall(text))) if "://" in text else 0


@dataclass(frozen=True, slots=True)
class Run:
    """Source spans that form one block.

    ``glues`` maps span indices to the separators before them that are not white space; ``trail`` holds the block's
    ancestor elements, outermost first.
    """

    kind: BlockKind
    spans: tuple[tuple[int, int], ...]
    level: int = 0
    region: str = ""
    link_length: int = 0
    glues: Mapping[int, str] = field(default_factory=dict)
    trail: tuple[Element, ...] = ()
    bold_length: int = 0


class Part(NamedTuple):
    """A block within the content stage: with its region, shares of link and bold text, and ancestor elements."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    region: str = ""
    link_share: float = 0.0
    bold_share: float = 0.0
    trail: tuple[Element, ...] = ()


class Piece(NamedTuple):
    """A source span that a block keeps: it becomes ``text``, with the separator ``glue`` before it."""

    start: int
    end: int
    text: str
    glue: str


class Drop(NamedTuple):
    """Why a block goes."""

    rule: str
    reason: str
    confidence: float


class Blocks(Protocol):
    """A text and its blocks."""

    @property
    def text(self) -> str:
        """The text; parts of it may be in no block."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The blocks, in offsets of the text."""

    def of(self, part: Part) -> str:
        """The text of a part."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text whose blocks may be dropped. ``pieces`` and ``gone`` are keyed by the start of a block."""

    text: str
    parts: tuple[Part, ...]
    pieces: Mapping[int, Sequence[Piece]]
    gone: Mapping[int, Drop] = field(default_factory=dict)

    def of(self, part: Part) -> str:
        """The text of a part."""
        return self.text[part.start : part.end]

    def drop(self, indices: Iterable[int], rule: str, reason: str, confidence: float = 0.95) -> Draft:
        """Drop parts; the offsets of the others do not change."""
        wanted, why = set(indices), Drop(rule, reason, confidence)
        gone = {**self.gone, **{self.parts[index].start: why for index in wanted}}
        return replace(self, parts=tuple(p for i, p in enumerate(self.parts) if i not in wanted), gone=gone)


def draft(source: str, runs: Iterable[Run], *, entities: bool) -> Draft:
    """Build the blocks of runs, with white space collapsed; blank ones are left out."""
    parts: list[Part] = []
    texts: list[str] = []
    pieces: dict[int, Sequence[Piece]] = {}
    start = 0
    for run in runs:
        kept = _kept(source, run, entities)
        if not kept:
            continue
        text = "".join([said for _, _, text, glue in kept for said in (glue, text)])
        size = max(1, len(text))
        linked, bold = min(1.0, run.link_length / size), min(1.0, run.bold_length / size)
        parts.append(Part(run.kind, start, start + len(text), run.level, run.region, linked, bold, run.trail))
        pieces[start] = kept
        texts.append(text)
        start += len(text) + len(BLOCK_SEPARATOR)
    return Draft(BLOCK_SEPARATOR.join(texts), tuple(parts), pieces)


def _kept(source: str, run: Run, entities: bool) -> list[Piece]:
    """What a run keeps; nothing if it is blank."""
    said = "".join([source[start:end] for start, end in run.spans])
    if not _VISIBLE.search(unescape(said) if entities and "&" in said else said):
        return []
    pieces: list[Piece] = []
    glue = ""
    for index, (start, end) in enumerate(run.spans):
        if index in run.glues and pieces:
            glue = run.glues[index]
        at = start
        for begin, done, kept in _atoms(source, start, end, entities):
            pieces.append(Piece(begin, done, kept, (glue or (" " if begin > at else "")) if pieces else ""))
            glue, at = "", done
        if at < end or start == end:  # an empty span is a line break that becomes a space
            glue = glue or " "
    return pieces


def _atoms(source: str, start: int, end: int, entities: bool) -> Iterable[tuple[int, int, str]]:
    """The parts of a span that are kept, each with the text it becomes; extra white space is left out."""
    said = source[start:end]
    text = said.strip(_SPACES)
    if "  " in text or "&" in text or not text.isprintable():
        return _atoms_apart(source, start, end, entities)
    start += len(said) - len(said.lstrip(_SPACES))  # most spans, and the faster way
    return [(start, start + len(text), text)] if text else []


def _atoms_apart(source: str, start: int, end: int, entities: bool) -> Iterator[tuple[int, int, str]]:
    for found in _ATOM.finditer(source, start, end):
        atom = found[0]
        kept = _decoded(atom) if entities and atom[0] == "&" else atom
        if kept and not atom.isspace():
            yield *found.span(), kept


def _decoded(reference: str) -> str:
    character = html.unescape(reference)
    return " " if character.isspace() and character != "\xa0" else character
