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

from pipeline.content.draft import Run, Shape, Span, linked_length
from pipeline.markup import fences, rows
from pipeline.records import BlockKind

_LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n|\Z)")
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]++(.*)$")
_SETEXT_UNDERLINE = re.compile(r"[ ]{0,3}(=+|-{3,})[ \t]*$")
_THEMATIC_BREAK = re.compile(r"[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_BULLET = re.compile(r"[ \t]*([*+•·‣▪◦-])[ \t]++(?=\S)")
_NUMBER = re.compile(r"[ ]{0,3}\d{1,3}[.)][ \t]+\S")
_QUOTE = re.compile(r"[ ]{0,3}>[ ]?")
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
    numbers = {line.start: number for number, line in enumerate(lines)}
    ends = {line.end: number for number, line in enumerate(lines)}
    blocks = fences.blocks(text, start)
    code = {numbers[first]: ends[last] for first, last in blocks if first in numbers and last in ends}
    told = markdown or _is_markdown(fences.without(text, start))
    reader = _Lines(text, lines, told, code)
    within = {number for first, last in code.items() for number in range(first, last + 1)}
    prose = [line for number, line in enumerate(lines) if number not in within]
    return list(reader.runs(joins=markdown or _wrapped(prose)))


def _is_markdown(text: str) -> bool:
    """Whether a text file is written in Markdown: it opens with a heading mark, or has two marks anywhere."""
    if _HEADING_MARK.match(text.lstrip()):
        return True
    return sum(1 for sign in _MARKDOWN_SIGNS for _ in zip(range(2), sign.finditer(text), strict=False)) >= 2


class _Lines:
    def __init__(self, text: str, lines: list[_Line], markdown: bool, code: dict[int, int]) -> None:
        self.text = text
        self.lines = lines
        self.markdown = markdown
        self.code = code  # lines that open a block of code, with those that close it
        self.indents: list[int] = []  # of the list items that the last one is in
        self.bullets = markdown or sum(bool(_BULLET.match(line.text)) for line in lines) >= 2

    def runs(self, joins: bool) -> Iterator[Run]:
        pending: list[_Line] = []
        within = {number for first, last in self.code.items() for number in range(first, last + 1)}
        tables = {first: (last, framed) for first, last, framed in _tables(self.lines) if first not in within}
        done = -1  # line up to which all is read
        for number, line in enumerate(self.lines):
            if number <= done:
                continue
            if number in self.code or number in tables:
                yield from self._paragraph(pending)
                pending = []
                if number in self.code:
                    done = self.code[number]
                    yield from self._block_of_code(number, done)
                else:
                    done, framed = tables[number]
                    yield _table(self.lines[number : done + 1], framed, markdown=self.markdown)
            elif (
                not joins
                or self._stands_alone(line)
                or (pending and self._stands_alone(pending[-1]) and not self._continues(pending[-1], line))
            ):
                yield from self._paragraph(pending)
                pending = []
                level = self._underlined(number)
                if level:
                    yield Run("heading", (Span(line.start, line.end),), level)
                elif not (self.markdown and (_THEMATIC_BREAK.match(line.text) or _SETEXT_UNDERLINE.match(line.text))):
                    pending = [line] if line.text.strip() else []
            else:
                pending.append(line)
        yield from self._paragraph(pending)

    def _block_of_code(self, first: int, last: int) -> Iterator[Run]:
        """What stands between two fences, and they, as they are."""
        start, end = self.lines[first].start, self.lines[last].end
        if self.text[self.lines[first].end : self.lines[last].start].strip():
            yield Run("code", (Span(start, end),))

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
        number = self.markdown and _NUMBER.match(first.text)
        level = self._depth(first) if bullet or number else 0
        if heading:
            kind, level = "heading", len(heading[1])
            said = heading[2].rstrip(" \t").rstrip("#").rstrip(" \t")
            start = first.start + heading.start(2)
            end = start + len(said)
        elif bullet:
            # Without other signs of Markdown the mark is part of the text.
            kind, start = "list_item", first.start + (bullet.end() if self.markdown else 0)
        elif number:
            kind = "list_item"
        elif quote:
            kind, start = "quote", first.start + quote.end()
        if kind != "list_item":
            self.indents = []
        spans = [(start, end)] + [(line.start, line.end) for line in lines[1:]]
        yield self._inline(kind, level, spans, lines)

    def _depth(self, line: _Line) -> int:
        """How deep a list item is nested, by how far it is indented; another block ends the list."""
        indent = len(line.text.expandtabs(4)) - len(line.text.expandtabs(4).lstrip())
        self.indents = [one for one in self.indents if one < indent]
        self.indents.append(indent)
        return len(self.indents)

    def _inline(self, kind: BlockKind, level: int, spans: list[tuple[int, int]], lines: list[_Line]) -> Run:
        inner: list[Span] = []
        linked = 0
        for (start, end), line in zip(spans, lines, strict=True):
            if inner:
                inner.append(Span(start, start))  # a joined line break is a space
            text = line.text[start - line.start : end - line.start]
            if not self.markdown:
                linked += linked_length(text)
                inner.append(Span(start, end))
                continue
            pieces, links = _without_marks(text)
            linked += links
            inner += [Span(start + a, start + b) for a, b in pieces]
        return Run(kind, tuple(inner), level, link_length=linked)


def _tables(lines: list[_Line]) -> Iterator[tuple[int, int, bool]]:
    """First and last lines of tables, and whether bars frame them.

    They are lines with the same number of cells, or a header with a delimiter row, below which cells may be missing.
    """
    number = 0
    while number < len(lines):
        if not rows.UNESCAPED_BAR.search(lines[number].text):
            number += 1
            continue
        end = number
        while end + 1 < len(lines) and rows.UNESCAPED_BAR.search(lines[end + 1].text):
            end += 1
        delimited = _DELIMITER_ROW.match(lines[number + 1].text) if end > number else None
        framed = all(_is_framed(line.text) for line in lines[number : number + 1 if delimited else end + 1])
        widths = [len(list(_cells(line.text, framed))) for line in lines[number : end + 1]]
        first = 0
        while first < len(widths):
            last = first
            headed = first + 1 < len(widths) and bool(_DELIMITER_ROW.match(lines[number + first + 1].text))
            while last + 1 < len(widths) and (widths[last + 1] == widths[first] or (headed and last > first)):
                last += 1
            if last > first and widths[first] > 1:
                yield number + first, number + last, framed
            first = last + 1
        number = end + 1


def _is_framed(text: str) -> bool:
    """Whether a line begins and ends with a bar."""
    bare = text.strip()
    return len(bare) > 1 and bare[0] == rows.BAR and bare[-1] == rows.BAR and bare[-2] != "\\"


def _cells(text: str, framed: bool) -> Iterator[tuple[int, int]]:
    """Spans of the cells of a row, without blanks at their rims."""
    bars = [found.start() for found in rows.UNESCAPED_BAR.finditer(text)]
    start, end = 0, len(text)
    if framed and _is_framed(text):
        start, end = bars[0] + 1, bars[-1]
        bars = bars[1:-1]
    for stop in (*bars, end):
        said = text[start:stop]
        first = start + len(said) - len(said.lstrip())
        yield (first, first + len(said.strip())) if said.strip() else (start, start)
        start = stop + 1


def _table(lines: list[_Line], framed: bool, *, markdown: bool) -> Run:
    """A table as a run; its delimiter row is left out."""
    delimited = len(lines) > 1 and _DELIMITER_ROW.match(lines[1].text) is not None
    told = [line for number, line in enumerate(lines) if not (delimited and number == 1)]
    width = max(len(list(_cells(line.text, framed))) for line in told)
    spans: list[Span] = []
    linked = 0
    for line in told:
        so_far = ""
        cells = [(line.start + a, line.start + b) for a, b in _cells(line.text, framed)]
        cells += [(line.end, line.end)] * (width - len(cells))
        for number, (start, end) in enumerate(cells):
            glue = ("\n" if spans else "") if not number else rows.separator(so_far, "x" if start < end else "")
            said = line.text[start - line.start : end - line.start]
            pieces, links = _without_marks(said) if markdown else ([(0, len(said))], linked_length(said))
            linked += links
            inner = [Span(start + a, start + b) for a, b in pieces if a < b] or [Span(start, start, "", "")]
            spans += [inner[0]._replace(glue=glue), *inner[1:]]
            so_far += glue.lstrip("\n") + ("x" if start < end else "")
    return Run("table", tuple(spans), link_length=linked, shape=Shape(header_rows=int(delimited)))


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
