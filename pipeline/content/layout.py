"""The text of a page in blocks, with its edit log.

``lay_out`` turns a draft into the changes that reduce the source to one text, its blocks joined by an empty line. The
steps of the stage take a layout and return one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.content.draft import Draft, Part, Piece
from pipeline.edits import Change, TracedText, in_order, moved
from pipeline.records import BLOCK_SEPARATOR, Block, BlockKind

STAGE = "content"


@dataclass(frozen=True, slots=True)
class Layout:
    """A text and its parts, which cover all of it except the separators."""

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
        return tuple(_block(part, *self._inside(part)) for part in self.parts)

    def _inside(self, part: Part) -> tuple[int, int]:
        """The span of a part, of code without its fences."""
        if part.kind != "code":
            return part.start, part.end
        return self.text.index("\n", part.start) + 1, self.text.rindex("\n", part.start, part.end)

    def _with_separator(self, index: int, last_kept: int) -> tuple[int, int]:
        """Span of a part and the separator behind it, or the one before it if nothing kept follows."""
        part = self.parts[index]
        if index < last_kept:
            return part.start, self.parts[index + 1].start
        return (self.parts[index - 1].end if index else part.start), part.end


def _block(part: Part, start: int, end: int) -> Block:
    number, role, heads, feet = part.shape
    return Block(part.kind, start, end, part.level, number, role, heads, feet, part.part, part.probability)


def lay_out(text: TracedText, draft: Draft) -> Layout:
    """Build the layout: what a draft does not keep is dropped, white space within blocks collapsed.

    Dropping a block also drops the gap to the next one, or to the previous one if no later block is kept.
    """
    source = text.text
    kept = {part.start: part for part in draft.parts}
    last_kept = max(kept, default=-1)
    changes: list[Change] = []
    parts: list[Part] = []
    at = out = 0  # what of the source is done, and the length of the text so far
    separator = ""
    following = [*(pieces[0].start for pieces in draft.pieces.values()), len(source)][1:]
    for (place, pieces), then in zip(draft.pieces.items(), following, strict=True):
        if place < last_kept or place in kept:
            changes += _gap(source, at, pieces[0].start, separator)
            at, separator = pieces[0].start, ""
        if place in kept:
            part = kept[place]
            changes += _within(source, pieces)
            out += len(BLOCK_SEPARATOR) if parts else 0
            parts.append(part._replace(start=out, end=out + part.end - part.start))
            at, out, separator = pieces[-1].end, parts[-1].end, BLOCK_SEPARATOR
        else:
            end = then if place < last_kept else pieces[-1].end
            changes.append(Change(at, end, "", *draft.gone[place], "dropped"))
            at = end
    changes += _gap(source, at, len(source), "")
    return Layout(text.apply(changes, STAGE), tuple(parts))


def _within(source: str, pieces: Sequence[Piece]) -> Iterator[Change]:
    """The changes within a block: its gaps, and its character references."""
    at = pieces[0].start
    for start, end, text, glue, rule in pieces:
        if start == end and start == at:
            if glue or text:
                yield Change(at, at, glue + text, *_reason(rule if text else "markup"))
            continue
        if start > at or glue:
            yield from _gap(source, at, start, glue)
        if source[start:end] != text:
            yield Change(
                start, end, text, *_reason(rule), 1.0, "applied" if text or rule == "whitespace" else "dropped"
            )
        at = end


def _reason(rule: str) -> tuple[str, str]:
    return rule, _REASONS[rule]


_REASONS = {
    "character_reference": "a character reference stands for this character",
    "symbol_font": "a letter in the Symbol font stands for this one",
    "formula": "a formula, written once",
    "citation_mark": "the mark of a reference or a note",
    "back_link": "a link back from a note",
    "spanned_cell": "a cell that reaches here from the left or from above",
    "markup": "markup, not text",
    "ruby": "the reading of the word before it",
    "whitespace": "white space between words or blocks",
    "code_fence": "code begins or ends here",
    "hidden_text": "not shown to readers, in the midst of a sentence",
    "screen_reader_text": "a hint for screen readers",
    "tooltip": "the explanation of a word, in the midst of a sentence",
    "kicker": "a label above a heading",
    "icon_word": "the name of an icon",
    "icon_sign": "an icon",
    "heading_anchor": "a link to the heading itself",
    "edit_link": "a link for editing the page",
    "comment_mark": "the mark of a reviewer's comment",
    "formula_preview": "a formula before it is shown",
    "line_number": "the number of a line of code",
    "copy_button": "a button that copies code",
    "credit": "whose picture it is",
}


def _gap(source: str, start: int, end: int, glue: str) -> list[Change]:
    """The change between two kept spans: markup is dropped, white space becomes the separator ``glue``."""
    if source[start:end] == glue:
        return []
    blank = not source[start:end].strip()
    rule, reason = ("whitespace", "white space between words or blocks") if blank else ("markup", "markup, not text")
    return [Change(start, end, glue, rule, reason, 1.0, "applied" if blank else "dropped")]


def _follow(parts: tuple[Part, ...], changes: list[Change]) -> tuple[Part, ...]:
    spans = moved([(part.start, part.end) for part in parts], changes)
    return tuple(part._replace(start=start, end=end) for part, (start, end) in zip(parts, spans, strict=True))
