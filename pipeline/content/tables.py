"""Tables: which are grids of data, and where their cells stand.

``Grid`` collects the spans of cells as their tags come, and then writes rows of as many cells each. A cell that spans
several rows or columns is said again in each of them (or marked there), as the HTML standard's table model has it
(WHATWG section 4.9.12). A table for layout reads as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.content.draft import PLAIN, Run, Shape, Span, kept, written
from pipeline.markup import rows
from pipeline.markup.element_names import HEADINGS
from pipeline.markup.tokens import Token, start_tag

_MOST_COLUMNS, _MOST_ROWS = 200, 2_000  # to which a span may reach; HTML allows 1,000 and 65,534
_FEWEST = 2  # columns of a table of data
_MOST_REPEATED = 20_000  # characters that the spans of a table may repeat
_LONG_CELL = 900  # characters of a cell's source text; data is shorter
_LONG_IN_ROW = 120  # the same in a table of one row or without a header
_NOT_DATA = HEADINGS | {"table", "form", "nav", "article", "section", "main", "header", "footer", "pre", "iframe"}
CELLS = frozenset(("td", "th"))
_TELLING = frozenset(("th", "caption", "thead", "tfoot"))
MARKED_ROW, MARKED_COLUMN = "^", "<"  # what stands in a spanned cell that is only marked


@dataclass(slots=True)
class _Cell:
    """A cell: where it begins, its spans, and how far it reaches."""

    at: int
    header: bool
    row_span: int = 1
    column_span: int = 1
    spans: list[Span] = field(default_factory=list)
    link_length: int = 0
    said: str | None = None  # its text, once it is read


@dataclass(slots=True)
class _Row:
    at: int
    group: str  # thead, tbody or tfoot
    cells: list[_Cell] = field(default_factory=list)


def is_data(text: str, tokens: Sequence[Token], number: int, end: int) -> bool:
    """Whether the table between two tags, by their tokens, is a grid of data and not one for layout."""
    given = start_tag(text[tokens[number].start : tokens[number].end])[1]
    if given.get("role", "").lower() in ("presentation", "none"):
        return False
    sizes: list[list[int]] = []  # of the texts of the cells, row by row
    told = "data" in given.get("class", "").lower() or given.get("role", "").lower() in ("table", "grid")
    inside = False
    for kind, start, stop, name in tokens[number + 1 : end]:
        if kind == "start":
            if name in _NOT_DATA and not (name in HEADINGS and told):
                return False
            if name == "tr":
                sizes.append([])
            elif name in CELLS:
                sizes = sizes or [[]]
                sizes[-1].append(0)
            inside = name in CELLS or (inside and name != "tr")
            told = told or name in _TELLING
        elif kind == "text" and inside and sizes and sizes[-1]:
            sizes[-1][-1] += len(text[start:stop].strip())
            if sizes[-1][-1] > _LONG_CELL:
                return False
    full = [row for row in sizes if any(row)]
    if max(map(len, full), default=0) < 2:
        return False
    # Two columns of long texts, or one row, are how old pages set text beside a menu.
    return told or len(full) > 2 or max(map(max, full)) <= _LONG_IN_ROW


class Grid:
    """Collects the cells of a table of data."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._rows: list[_Row] = []
        self._group = "tbody"
        self._broken = False  # a line of the cell has ended

    def begin_group(self, name: str) -> None:
        """A ``thead``, ``tbody`` or ``tfoot`` begins."""
        self._group = name

    def begin_row(self, at: int) -> None:
        """A row begins."""
        self._rows.append(_Row(at, self._group))

    def begin_cell(self, tag: str, at: int) -> None:
        """A cell begins, by its start tag."""
        if not self._rows:
            self.begin_row(at)
        name, given = start_tag(tag)
        spans = (_number(given.get("rowspan", "")), _number(given.get("colspan", "")))
        self._rows[-1].cells.append(_Cell(at, name == "th" or given.get("role") == "columnheader", *spans))
        self._broken = False

    def is_begun(self) -> bool:
        """Whether a row is there."""
        return bool(self._rows)

    def is_open(self) -> bool:
        """Whether a cell is there to take text."""
        return bool(self._rows and self._rows[-1].cells)

    def spans(self) -> list[Span]:
        """The spans of the last cell."""
        return self._rows[-1].cells[-1].spans

    def add(self, span: Span, link_length: int) -> None:
        """Add a span to the last cell; in a row that has none yet, a broken tag stood for one."""
        if not self.is_open():
            self.begin_cell("<td>", span.start)
        cell = self._rows[-1].cells[-1]
        if self._broken and any(one.text != "" for one in cell.spans) and span.text != "":
            span = span._replace(glue=rows.LINE_BREAK)
        if span.text != "":
            self._broken = False
        cell.spans.append(span)
        cell.link_length += link_length

    def break_line(self) -> None:
        """What follows in the cell stands in a line of its own."""
        self._broken = True

    def runs(self, *, marked: bool = False) -> list[Run]:
        """The table as one run, without rows that are empty; if all but one column is, its cells are paragraphs."""
        placed = _without_blank_columns(self._placed(), self._says)
        if not placed or len(placed[0][1]) < _FEWEST:
            told = [cell for row in self._rows for cell in row.cells if self._says(cell)]
            return [Run("paragraph", tuple(cell.spans), link_length=cell.link_length) for cell in told]
        lines: list[tuple[_Row, list[Span]]] = []
        repeated = 0
        for row, cells in placed:
            texts = [self._says(cell) for cell, _ in cells]
            if not any(texts):
                continue
            line: list[Span] = []
            so_far, at = "", row.at
            for number, ((cell, how), said) in enumerate(zip(cells, texts, strict=True)):
                said = said if how == "own" or not marked or not said else how
                repeated += len(said) if how != "own" else 0
                said = "" if how != "own" and repeated > _MOST_REPEATED else said
                glue = rows.separator(so_far, said) if number else ""
                line += _spans(cell, how, said, glue, at)
                so_far += glue + said
                at = max([at, cell.at, *(span.end for span in cell.spans)]) if how == "own" else at
            lines.append((row, line))
        if not lines:
            return []
        spans: list[Span] = []
        for _, line in lines:
            first = line[0]._replace(glue="\n" + line[0].glue) if spans and line else None
            spans += [first, *line[1:]] if first else line
        linked = sum(cell.link_length for row in self._rows for cell in row.cells)
        return [Run("table", tuple(spans), link_length=linked, shape=_shape([row for row, _ in lines]))]

    def _says(self, cell: _Cell) -> str:
        """The text of a cell."""
        if cell.said is None:
            cell.said = written(kept(self._text, Run("table", tuple(cell.spans)), True))
        return cell.said

    def _placed(self) -> list[tuple[_Row, list[tuple[_Cell, str]]]]:
        """For every row its cells by column, each its ``own`` or one that reaches there from the left or above."""
        waiting: dict[int, tuple[_Cell, int]] = {}  # by column, cells from above and how many rows they still take
        result: list[tuple[_Row, list[tuple[_Cell, str]]]] = []
        for row in self._rows:
            placed: dict[int, tuple[_Cell, str]] = {}
            column = 0
            for cell in row.cells:
                while column in waiting and column < _MOST_COLUMNS:
                    placed[column] = (waiting[column][0], MARKED_ROW)
                    column += 1
                width = min(cell.column_span, max(_MOST_COLUMNS - column, 1))
                for nth in range(width):
                    placed[column + nth] = (cell, MARKED_COLUMN if nth else "own")
                column += width
            placed |= {at: (cell, MARKED_ROW) for at, (cell, _) in waiting.items() if at not in placed}
            waiting = {at: (cell, left - 1) for at, (cell, left) in waiting.items() if left > 1}
            for at, (cell, how) in placed.items():
                if cell.row_span > 1 and how != MARKED_ROW:
                    waiting[at] = (cell, cell.row_span - 1)
            result.append((row, [placed[at] for at in sorted(placed)]))
        return _even(result)


def _without_blank_columns(
    placed: list[tuple[_Row, list[tuple[_Cell, str]]]], says: Callable[[_Cell], str]
) -> list[tuple[_Row, list[tuple[_Cell, str]]]]:
    """Rows without the columns that say nothing in any of them, which only part others."""
    width = len(placed[0][1]) if placed else 0
    told = [at for at in range(width) if any(says(cells[at][0]) for _, cells in placed)]
    return [(row, [cells[at] for at in told]) for row, cells in placed]


def _even(placed: list[tuple[_Row, list[tuple[_Cell, str]]]]) -> list[tuple[_Row, list[tuple[_Cell, str]]]]:
    """Rows of the same width: columns that are only spanned, never begun, go, and short rows get empty cells."""
    width = max((len(cells) for _, cells in placed), default=0)
    kept_columns = [at for at in range(width) if any(at < len(cells) and cells[at][1] == "own" for _, cells in placed)]
    empty = _Cell(0, False)
    return [
        (row, [cells[at] if at < len(cells) else (replace(empty, at=row.at), MARKED_ROW) for at in kept_columns])
        for row, cells in placed
    ]


def _spans(cell: _Cell, how: str, said: str, glue: str, at: int) -> list[Span]:
    """The spans of a cell, the first with the separator before it; of one that reaches here, what it says once more."""
    if how != "own":
        text = said.replace(rows.BAR, rows.ESCAPED_BAR) if said in (MARKED_ROW, MARKED_COLUMN) else said
        return [Span(at, at, glue, text, "spanned_cell" if text else "")]
    first = next((n for n, one in enumerate(cell.spans) if one.text != ""), None)
    if not said or first is None:
        begin = cell.spans[0].start if cell.spans else cell.at
        blank = (one if one.text == "" else one._replace(text="", rule="whitespace", glue="") for one in cell.spans)
        return [Span(begin, begin, glue, ""), *blank]
    return [one._replace(glue=glue) if n == first else one for n, one in enumerate(cell.spans)]


def _shape(lines: Sequence[_Row]) -> Shape:
    """How many rows at the top name the columns, and how many at the end close the table."""
    heads = 0
    for row in lines:
        if row.group != "thead" and not all(cell.header for cell in row.cells):
            break
        heads += 1
    feet = 0
    for row in reversed(lines[heads:]):
        if row.group != "tfoot":
            break
        feet += 1
    return PLAIN._replace(header_rows=heads if heads < len(lines) else 0, footer_rows=feet)


def _number(said: str) -> int:
    """A span as HTML reads it: at least 1; of 0, as far as a group goes, only this row."""
    found = re.match(r"\s*\+?(\d{1,9})", said)
    return min(max(int(found[1]), 1), _MOST_ROWS) if found else 1
