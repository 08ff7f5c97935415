"""From a page with markup to a text in blocks: which stretches are text, and what stands between.

A reading (``tree`` or ``lines``) says which source stretches belong together as ``Run`` objects;
``lay_out`` turns them into the changes that leave one text, its blocks joined by an empty line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.content.elements import Element
from pipeline.edits import Change, TracedText, in_order, moved
from pipeline.markup import unescape
from pipeline.records import BLOCK_SEPARATOR, Block, BlockKind

STAGE = "content"
CELL = " | "
POWER = "^"
# What nobody sees: white space, and characters without width.
BLANK = "".join(
    chr(code) for code in [*range(33), *range(0x7F, 0xA1), 0xAD, *range(0x2000, 0x2010), *range(0x2028, 0x2030)]
)
BLANK += "\u1680\u205f\u2060\u3000\ufeff"

_ATOM = re.compile(
    r"[ \t\r\n\f\v]++|&(?:#[0-9]{1,4000}+|#[xX][0-9a-fA-F]{1,4000}+|[A-Za-z][A-Za-z0-9]{0,31}+);?"
    r"|[^ \t\r\n\f\v&]++(?: [^ \t\r\n\f\v&]++)*+|&"
)


_BARE_URL = re.compile(r"https?://\S+")


def linked_length(text: str) -> int:
    """How many characters of a text are bare addresses."""
    return sum(map(len, _BARE_URL.findall(text))) if "://" in text else 0


@dataclass(frozen=True, slots=True)
class Run:
    """Source stretches that make one block.

    ``glues`` says what goes before a span where it is no white space; ``trail`` are the elements around it, the
    outermost first.
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
    """A block while the content stage still looks at it: with its region and share of link text."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    region: str = ""
    link_share: float = 0.0
    bold_share: float = 0.0
    trail: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A text and its parts, which tile it but for the separators."""

    traced: TracedText
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The text as it reads now."""
        return self.traced.text

    def of(self, part: Part) -> str:
        """The text of a part."""
        return self.text[part.start : part.end]

    def drop(self, indices: Iterable[int], rule: str, reason: str, confidence: float = 0.95) -> Layout:
        """Drop whole parts, each with the separator that follows it (or precedes the last)."""
        gone = set(indices)
        if not gone:
            return self
        last_kept = max((index for index in range(len(self.parts)) if index not in gone), default=-1)
        changes = [
            Change(*self._with_separator(index, last_kept), "", rule, reason, confidence, "dropped")
            for index in sorted(gone)
        ]
        kept = tuple(part for index, part in enumerate(self.parts) if index not in gone)
        return Layout(self.traced.apply(changes, STAGE), _follow(kept, changes))

    def split(self, places: Mapping[int, int], first: BlockKind, level: int, rule: str, reason: str) -> Layout:
        """Break parts in two at text offsets, by part index; the first halves become ``first``."""
        changes: list[Change] = []
        parts: list[Part] = []
        shift = 0
        for index, part in enumerate(self.parts):
            at = places.get(index)
            if at is None:
                parts.append(part._replace(start=part.start + shift, end=part.end + shift))
                continue
            left = len(self.text[part.start : at].rstrip()) + part.start
            right = part.end - len(self.text[at : part.end].lstrip())
            changes.append(Change(left, right, BLOCK_SEPARATOR, rule, reason, 0.9))
            parts.append(part._replace(kind=first, level=level, start=part.start + shift, end=left + shift))
            shift += len(BLOCK_SEPARATOR) - (right - left)
            parts.append(part._replace(start=right + shift, end=part.end + shift))
        return Layout(self.traced.apply(changes, STAGE), tuple(parts)) if changes else self

    def cut(self, changes: Iterable[Change]) -> Layout:
        """Apply changes that lie within parts."""
        ordered = in_order(changes)
        if not ordered:
            return self
        return Layout(self.traced.apply(ordered, STAGE), _follow(self.parts, ordered))

    def relabel(self, levels: Mapping[int, int]) -> Layout:
        """Make parts headings of a level, by part index."""
        parts = (
            part._replace(kind="heading", level=levels[index]) if index in levels else part
            for index, part in enumerate(self.parts)
        )
        return Layout(self.traced, tuple(parts)) if levels else self

    def blocks(self) -> tuple[Block, ...]:
        """The parts as they leave the stage."""
        return tuple(Block(part.kind, part.start, part.end, part.level) for part in self.parts)

    def _with_separator(self, index: int, last_kept: int) -> tuple[int, int]:
        """Span of a part and the separator behind it, or the one before it if nothing kept follows."""
        part = self.parts[index]
        if index < last_kept:
            return part.start, self.parts[index + 1].start
        return (self.parts[index - 1].end if index else part.start), part.end


def lay_out(text: TracedText, runs: Iterable[Run], *, entities: bool) -> Layout:
    """Build the layout: everything outside the runs is dropped, white space inside them collapsed."""
    source = text.text
    changes: list[Change] = []
    parts: list[Part] = []
    at = out = 0  # end of the last kept character in source, and length of the text so far
    for run in runs:
        start = -1
        for position, end, kept, glue in _kept(source, run, entities):
            if start < 0:
                glue = BLOCK_SEPARATOR if parts else ""
            if position > at or glue:
                changes += _gap(source, at, position, glue)
            if start < 0:
                start = out + len(glue)
            if source[position:end] != kept:
                reason = "a character reference stands for this character"
                changes.append(Change(position, end, kept, "character_reference", reason))
            out += len(glue) + len(kept)
            at = end
        if start >= 0:
            linked, bold = (min(1.0, part / max(1, out - start)) for part in (run.link_length, run.bold_length))
            parts.append(Part(run.kind, start, out, run.level, run.region, linked, bold, run.trail))
    changes += _gap(source, at, len(source), "")
    return Layout(text.apply(changes, STAGE), tuple(parts))


def _kept(source: str, run: Run, entities: bool) -> Iterator[tuple[int, int, str, str]]:
    """Yield (start, end, text, what goes before it) for what a run keeps; nothing if it is blank."""
    said = "".join([source[start:end] for start, end in run.spans])
    if not (unescape(said) if entities and "&" in said else said).strip(BLANK):
        return
    glue, first = "", True
    for index, (start, end) in enumerate(run.spans):
        if index in run.glues and not first:
            glue = run.glues[index]
        if start == end:  # a line break that is only a space
            glue = glue or " "
        for found in _ATOM.finditer(source, start, end):
            atom = found[0]
            kept = _decoded(atom) if entities and atom[0] == "&" else atom
            if atom.isspace() or not kept:
                glue = glue or " "
                continue
            yield found.start(), found.end(), kept, "" if first else glue
            glue, first = "", False


def _decoded(reference: str) -> str:
    character = html.unescape(reference)
    return " " if character.isspace() and character != "\xa0" else character


def _gap(source: str, start: int, end: int, glue: str) -> list[Change]:
    """What stands between two kept stretches: markup is dropped, white space becomes the glue."""
    if source[start:end] == glue:
        return []
    blank = not source[start:end].strip()
    rule, reason = ("whitespace", "white space between words or blocks") if blank else ("markup", "markup, not text")
    return [Change(start, end, glue, rule, reason, 1.0, "applied" if blank else "dropped")]


def _follow(parts: tuple[Part, ...], changes: list[Change]) -> tuple[Part, ...]:
    spans = moved([(part.start, part.end) for part in parts], changes)
    return tuple(part._replace(start=start, end=end) for part, (start, end) in zip(parts, spans, strict=True))
