"""Read a plain-text or Markdown file: which lines make a block, and of what kind.

Markdown syntax follows CommonMark 0.31, as far as it matters for text: headings, lists, quotes, code fences, links,
images and emphasis.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from pipeline.content.draft import Run, linked_length
from pipeline.records import CELL_SEPARATOR, BlockKind

_LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n|\Z)")
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]++(.*)$")
_SETEXT_UNDERLINE = re.compile(r"[ ]{0,3}(=+|-{3,})[ \t]*$")
_THEMATIC_BREAK = re.compile(r"[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_BULLET = re.compile(r"[ \t]*([*+•·‣▪◦-])[ \t]++(?=\S)")
_NUMBER = re.compile(r"[ ]{0,3}\d{1,3}[.)][ \t]+\S")
_QUOTE = re.compile(r"[ ]{0,3}>[ ]?")
_FENCE = re.compile(r"[ ]{0,3}(?:```+|~~~+)")
_LINK = re.compile(r"(!?)\[([^\[\]\n]{0,500})\]\(([^()\s]{0,2000})(?:[ \t]+\"[^\"\n]{0,300}\")?\)")
_EMPHASIS = re.compile(
    r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]{1,500}?)(?<=[^\s*])\1(?![\w*])|"
    r"(?<![\w_])(_{1,3})(?=[^\s_])([^_\n]{1,500}?)(?<=[^\s_])\3(?![\w_])"
)
_HEADING_MARK = re.compile(r"^#{1,6} \S", re.M)
_MARKDOWN_SIGNS = (
    _HEADING_MARK,
    re.compile(r"^!?\[[^\[\]\n]{0,300}\]\([^()\s]{1,2000}\)[ \t]*$", re.M),
)
_DELIMITER_ROW = re.compile(r"[ ]{0,3}\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?$")
_CELL = re.compile(r"(?:[^|\\`\n]|\\.|`[^`\n]*`|`)+")
_CODE = re.compile(r"(?<!`)(`{1,2})(?!`)([^\n]{1,300}?)(?<!`)\1(?!`)")
_NOTE = re.compile(r"\A\[\^[^\[\]\s]{1,50}\]:[ \t]*|\[\^[^\[\]\s]{1,50}\]")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def read_lines(text: str, start: int = 0, *, markdown: bool) -> list[Run]:
    """Runs of a text file from ``start`` on. ``markdown``: it is declared as Markdown; otherwise its syntax decides."""
    lines = [
        _Line(m.start(), m.start() + len(m[0].rstrip("\r\n")), m[0].rstrip("\r\n"))
        for m in _LINE.finditer(text, start)
        if m[0]
    ]
    reader = _Lines(lines, markdown or _is_markdown(text))
    return list(reader.runs(joins=markdown or _wrapped(lines)))


def _is_markdown(text: str) -> bool:
    """Whether a text file is written in Markdown: it opens with a heading mark, or has two marks anywhere."""
    if _HEADING_MARK.match(text.lstrip()):
        return True
    return sum(1 for sign in _MARKDOWN_SIGNS for _ in zip(range(2), sign.finditer(text), strict=False)) >= 2


class _Lines:
    def __init__(self, lines: list[_Line], markdown: bool) -> None:
        self.lines = lines
        self.markdown = markdown
        self.bullets = markdown or sum(bool(_BULLET.match(line.text)) for line in lines) >= 2

    def runs(self, joins: bool) -> Iterator[Run]:
        pending: list[_Line] = []
        in_code = False
        rows = _table_rows(self.lines) if self.markdown else frozenset()
        for number, line in enumerate(self.lines):
            if self.markdown and _FENCE.match(line.text):
                yield from self._paragraph(pending)
                pending, in_code = [], not in_code
            elif in_code:
                yield Run("code", ((line.start, line.end),))
            elif number in rows:
                yield from self._paragraph(pending)
                pending = []
                yield from _row(line)
            elif (
                not joins
                or self._stands_alone(line)
                or (pending and self._stands_alone(pending[-1]) and not self._continues(pending[-1], line))
            ):
                yield from self._paragraph(pending)
                pending = []
                level = self._underlined(number)
                if level:
                    yield Run("heading", ((line.start, line.end),), level)
                elif not (self.markdown and (_THEMATIC_BREAK.match(line.text) or _SETEXT_UNDERLINE.match(line.text))):
                    pending = [line] if line.text.strip() else []
            else:
                pending.append(line)
        yield from self._paragraph(pending)

    def _stands_alone(self, line: _Line) -> bool:
        text = line.text
        if not text.strip() or (self.bullets and _BULLET.match(text)) or (self.markdown and _NUMBER.match(text)):
            return True
        return self.markdown and bool(
            _HEADING.match(text) or _THEMATIC_BREAK.match(text) or _QUOTE.match(text) or _SETEXT_UNDERLINE.match(text)
        )

    def _continues(self, first: _Line, line: _Line) -> bool:
        """A list item's or quote's next line."""
        marked = _BULLET.match(first.text) or _QUOTE.match(first.text) or _NUMBER.match(first.text)
        return bool(line.text.strip()) and bool(marked)

    def _underlined(self, number: int) -> int:
        if not self.markdown or number + 1 >= len(self.lines) or not self.lines[number].text.strip():
            return 0
        under = _SETEXT_UNDERLINE.match(self.lines[number + 1].text)
        return 0 if not under or _THEMATIC_BREAK.match(self.lines[number].text) else 1 if under[1][0] == "=" else 2

    def _paragraph(self, lines: list[_Line]) -> Iterator[Run]:
        if not lines:
            return
        first = lines[0]
        kind: BlockKind = "paragraph"
        start, end, level = first.start, first.end, 0
        heading = _HEADING.match(first.text) if self.markdown else None
        bullet = _BULLET.match(first.text) if self.bullets else None
        quote = _QUOTE.match(first.text) if self.markdown else None
        if heading:
            kind, level = "heading", len(heading[1])
            said = heading[2].rstrip(" \t").rstrip("#").rstrip(" \t")
            start = first.start + heading.start(2)
            end = start + len(said)
        elif bullet:
            # Without other signs of Markdown the mark is part of the text.
            kind, start = "list_item", first.start + (bullet.end() if self.markdown else 0)
        elif self.markdown and _NUMBER.match(first.text):
            kind = "list_item"
        elif quote:
            kind, start = "quote", first.start + quote.end()
        spans = [(start, end)] + [(line.start, line.end) for line in lines[1:]]
        yield self._inline(kind, level, spans, lines)

    def _inline(self, kind: BlockKind, level: int, spans: list[tuple[int, int]], lines: list[_Line]) -> Run:
        inner: list[tuple[int, int]] = []
        linked = 0
        for (start, end), line in zip(spans, lines, strict=True):
            if inner:
                inner.append((start, start))  # a joined line break is a space
            text = line.text[start - line.start : end - line.start]
            if not self.markdown:
                linked += linked_length(text)
                inner.append((start, end))
                continue
            pieces, links = _without_marks(text)
            linked += links
            inner += [(start + a, start + b) for a, b in pieces]
        return Run(kind, tuple(inner), level, link_length=linked)


def _table_rows(lines: list[_Line]) -> frozenset[int]:
    """Indices of the lines of tables: a header row, a delimiter row with as many cells, and the rows below."""
    rows: set[int] = set()
    for number, line in enumerate(lines):
        above = lines[number - 1].text if number else ""
        if "-" in line.text and "|" in above and _DELIMITER_ROW.match(line.text):
            if len(list(_cells(above))) != len(list(_cells(line.text))):
                continue
            below = itertools.takewhile(lambda n: "|" in lines[n].text, range(number + 1, len(lines)))
            rows |= {number - 1, number, *below}
    return frozenset(rows)


def _cells(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the cells of a row, without blanks at their rims; empty cells are left out."""
    for found in _CELL.finditer(text):
        if found[0].strip():
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            yield start, start + len(found[0].strip())


def _row(line: _Line) -> Iterator[Run]:
    """A table row as a run of its cells; a delimiter row has none."""
    if _DELIMITER_ROW.match(line.text):
        return
    spans: list[tuple[int, int]] = []
    glues: dict[int, str] = {}
    linked = 0
    for start, end in _cells(line.text):
        if spans:
            glues[len(spans)] = CELL_SEPARATOR
        pieces, links = _without_marks(line.text[start:end])
        linked += links
        spans += [(line.start + start + a, line.start + start + b) for a, b in pieces]
    if spans:
        yield Run("table" if glues else "paragraph", tuple(spans), link_length=linked, glues=glues)


def _without_marks(text: str) -> tuple[list[tuple[int, int]], int]:
    """Spans of a Markdown line that are text, and how many of its characters are links."""
    gone: list[tuple[int, int]] = []
    linked = 0
    for found in _CODE.finditer(text):
        gone += [(found.start(), found.start(2)), (found.end(2), found.end())]
    gone += [found.span() for found in _NOTE.finditer(text)]
    for found in _LINK.finditer(text):
        if found[1]:
            gone.append(found.span())
        else:
            linked += len(found[2])
            gone += [(found.start(), found.start(2)), (found.end(2), found.end())]
    for found in _EMPHASIS.finditer(text):
        mark = len(found[1] or found[3])
        marks = [(found.start(), found.start() + mark), (found.end() - mark, found.end())]
        if not any(a < end and b > start for start, end in gone for a, b in marks):
            gone += marks
    linked += linked_length(_LINK.sub("", text))
    pieces, at = [], 0
    for start, end in sorted(gone):
        if start > at:
            pieces.append((at, start))
        at = max(at, end)
    return [*pieces, (at, len(text))], linked


def _wrapped(lines: list[_Line]) -> bool:
    """Whether the text is hard-wrapped: most lines inside paragraphs are long and end mid-sentence."""
    inner = [a.text for a, b in itertools.pairwise(lines) if a.text.strip() and b.text.strip()]
    if len(inner) < 4 or not 45 <= median(map(len, inner)) <= 100 or max(map(len, inner)) > 120:
        return False
    return sum(line.rstrip()[-1] not in '.?!:”"' for line in inner) > 0.7 * len(inner)
