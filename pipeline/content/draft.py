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
from pipeline.markup import rows
from pipeline.markup.tokens import unescape
from pipeline.records import BLOCK_SEPARATOR, BlockKind, BlockPart, BlockRole

# Invisible characters: white space and zero-width characters.
_BLANK = "".join(
    chr(code) for code in [*range(33), *range(0x7F, 0xA1), 0xAD, *range(0x2000, 0x2010), *range(0x2028, 0x2030)]
)
_BLANK += "\u1680\u205f\u2060\u3000\ufeff"
_VISIBLE = re.compile(f"[^{re.escape(_BLANK)}]")

_SPACES = " \t\r\n\f\v"
_REFERENCE_SOURCE = r"&(?:#[0-9]{1,4000}+|#[xX][0-9a-fA-F]{1,4000}+|[A-Za-z][A-Za-z0-9]{0,31}+);?"
# A character reference, or words with single spaces between them.
_ATOM = re.compile(_REFERENCE_SOURCE + r"|[^ \t\r\n\f\v&]++(?: [^ \t\r\n\f\v&]++)*+|&")
_REFERENCE = re.compile(_REFERENCE_SOURCE)
_BARE_URL = re.compile(r"https?://\S+")


def linked_length(text: str) -> int:
    """How many characters of a text are bare URLs."""
    return sum(map(len, _BARE_URL.findall(text))) if "://" in text else 0


class Span(NamedTuple):
    """A source span of a block: what it says, or ``text`` instead, by a rule; ``glue`` is the separator before it.

    An empty span with neither is a line break that becomes a space.
    """

    start: int
    end: int
    glue: str = ""
    text: str | None = None
    rule: str = ""


class Shape(NamedTuple):
    """What a block is within its list or table; see ``records.Block``."""

    number: str = ""
    role: BlockRole = ""
    header_rows: int = 0
    footer_rows: int = 0


PLAIN = Shape()


class Run(NamedTuple):
    """Source spans that form one block; ``trail`` holds the block's ancestor elements, outermost first."""

    kind: BlockKind
    spans: tuple[Span, ...]
    level: int = 0
    region: str = ""
    link_length: int = 0
    trail: tuple[Element, ...] = ()
    bold_length: int = 0
    shape: Shape = PLAIN
    jump_length: int = 0


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
    shape: Shape = PLAIN
    jump_share: float = 0.0  # of links within the page
    part: BlockPart = "body"
    probability: float = 1.0  # of main text


class Piece(NamedTuple):
    """A source span that a block keeps: it becomes ``text``, by a rule, with the separator ``glue`` before it.

    Without a text it is what a block leaves out of its midst.
    """

    start: int
    end: int
    text: str
    glue: str
    rule: str = "character_reference"


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
        return self.drop_each(dict.fromkeys(indices, Drop(rule, reason, confidence)))

    def drop_each(self, why: Mapping[int, Drop]) -> Draft:
        """Drop parts, each for a reason of its own."""
        gone = {**self.gone, **{self.parts[index].start: drop for index, drop in why.items()}}
        return replace(self, parts=tuple(p for i, p in enumerate(self.parts) if i not in why), gone=gone)


def draft(source: str, runs: Iterable[Run], *, entities: bool) -> Draft:
    """Build the blocks of runs, with white space collapsed; blank ones are left out."""
    parts: list[Part] = []
    texts: list[str] = []
    pieces: dict[int, Sequence[Piece]] = {}
    start = 0
    for run in runs:
        held = kept(source, run, entities)
        if not held:
            continue
        text = written(held)
        size = max(1, len(text))
        linked, bold = min(1.0, run.link_length / size), min(1.0, run.bold_length / size)
        end = start + len(text)
        jumps = min(1.0, run.jump_length / size)
        parts.append(Part(run.kind, start, end, run.level, run.region, linked, bold, run.trail, run.shape, jumps))
        pieces[start] = held
        texts.append(text)
        start += len(text) + len(BLOCK_SEPARATOR)
    return Draft(BLOCK_SEPARATOR.join(texts), tuple(parts), pieces)


def written(pieces: Iterable[Piece]) -> str:
    """The text of pieces."""
    return "".join([said for _, _, text, glue, _ in pieces for said in (glue, text)])


def kept(source: str, run: Run, entities: bool) -> list[Piece]:
    """What a run keeps; nothing if it is blank."""
    spans = run.spans[1:-1] if run.kind == "code" and run.spans[0].rule == "code_fence" else run.spans
    said = "".join([source[one.start : one.end] if one.text is None else one.text for one in spans])
    if not _VISIBLE.search(unescape(said) if entities and "&" in said else said):
        return []
    if run.kind == "code":
        return _verbatim(source, run, entities)
    pieces: list[Piece] = []
    glue = ""
    last = ""  # what was written last
    left_out = False  # something since then
    for start, end, wanted, text, rule in run.spans:
        glue = wanted or glue
        if text is not None:
            if text:
                pieces.append(Piece(start, end, text, glue if pieces or wanted else "", rule))
                glue, last, left_out = "", text, False
            elif end > start:
                pieces.append(Piece(start, end, "", "", rule))
                left_out = True
            elif wanted:  # an empty cell
                pieces.append(Piece(start, end, "", glue))
                glue, last = "", glue
            continue
        at = start
        for begin, done, said in _atoms(source, start, end, entities):
            if begin > at:
                glue = glue or " "
            elif left_out and not glue and last[-1:].isalnum() and said[0].isalnum():
                glue = " "  # what stood between two words kept them apart
            said = rows.escaped(said) if run.kind == "table" else said
            pieces.append(Piece(begin, done, said, glue if last or wanted else ""))
            glue, at, last, left_out = "", done, said, False
        if at < end or start == end:  # an empty span is a line break that becomes a space
            glue = glue or " "
    return pieces


def _verbatim(source: str, run: Run, entities: bool) -> list[Piece]:
    """Code: white space and all, between fences, which are its own or new ones."""
    pieces: list[Piece] = []
    for start, end, glue, text, rule in run.spans:
        if text is not None:
            pieces.append(Piece(start, end, text, glue, rule))
            continue
        for found in _REFERENCE.finditer(source, start, end) if entities else ():
            if found.start() > start:
                pieces.append(Piece(start, found.start(), source[start : found.start()], glue))
                glue = ""
            pieces.append(Piece(*found.span(), unescape(found[0]), glue))
            glue, start = "", found.end()
        if start < end:
            pieces.append(Piece(start, end, source[start:end], glue))
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
        said = _decoded(atom) if entities and atom[0] == "&" else atom
        if said and not atom.isspace():
            yield *found.span(), said


def _decoded(reference: str) -> str:
    character = html.unescape(reference)
    return " " if character.isspace() and character != "\xa0" else character
