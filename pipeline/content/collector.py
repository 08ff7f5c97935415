"""Collect the spans of texts into blocks: the one that is open, or a table of data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.content import asides, preformatted
from pipeline.content.context import Context, differs
from pipeline.content.draft import PLAIN, Run, Shape, Span, linked_length
from pipeline.content.elements import Element
from pipeline.content.labels import labelled
from pipeline.content.superscripts import is_between_marks
from pipeline.content.tables import Grid
from pipeline.content.tags import Tags
from pipeline.markup.element_names import BLOCK
from pipeline.markup.tokens import unescape

_TRAIL = 41  # innermost ancestors that are recorded for a block
_KEPT_BEFORE = 60  # characters before a raised text that tell what it is
_GLUED_WORD = re.compile(r"(?!(?:s|es|ed|ing|ic|like)\b)[a-z]{2,}")
Trail = tuple[Element, ...]


class Reading(NamedTuple):
    """How a page is read: what becomes of marks of references, and of cells that another one spans."""

    bracketed_marks: bool = False
    marked_cells: bool = False


AS_USUAL = Reading()


class Place(NamedTuple):
    """Where a text stands: its context, and the outermost inline element around it, or -1."""

    context: Context
    top: int = -1


@dataclass(slots=True)
class _Open:
    """The block being collected; ``tops`` are those of its spans, ``within`` is the region that they share."""

    spans: list[Span] = field(default_factory=list)
    tops: list[int] = field(default_factory=list)
    within: str = ""
    asides: bool = False
    link_length: int = 0
    jump_length: int = 0
    bold_length: int = 0
    length: int = 0
    context: Context | None = None
    trail: Trail = ()


class Collector:
    """Collects runs; ``holders`` are the elements around the text that is read."""

    def __init__(self, tags: Tags, reading: Reading, holders: list[Element]) -> None:
        self.tags = tags
        self._holders = holders
        self.reading = reading
        self.runs: list[Run] = []
        self.open = _Open()
        self.glue = ""  # before the next span
        self.breaks = 0  # line breaks since the last text
        self.mark = ""  # of the next list item
        self.after_word = False  # behind an element that holds whole words
        self.grid: Grid | None = None
        self._of_grid: tuple[Context, Trail] | None = None  # where its first text stands
        self._ruby = -1  # the reading whose bracket is open
        self._last_table = -2  # the figure that it was in

    def _trail(self) -> Trail:
        return tuple(self._holders[-_TRAIL:])

    def spans(self) -> list[Span]:
        """The spans of the open block or cell."""
        return self.grid.spans() if self.grid is not None and self.grid.is_open() else self.open.spans

    def before(self) -> str:
        """The end of what the open block or cell says so far."""
        parts: list[str] = []
        length = 0
        for start, end, glue, text, rule in reversed(self.spans()):
            if text == "" or (text is None and rule):
                continue
            said = text if text is not None else unescape(self.tags.source[start:end]) if end > start else " "
            parts += [said, glue]
            length += len(said)
            if length > _KEPT_BEFORE:
                break
        return "".join(reversed(parts))[-_KEPT_BEFORE:]

    def add(self, start: int, end: int, place: Place, text: str | None = None, rule: str = "") -> None:
        """Add a span to the block or cell that is open; ``text`` stands for it by a rule."""
        context = place.context
        said = self.tags.source[start:end] if text is None else text
        if self.after_word:
            self.glue = self.glue or (" " if _GLUED_WORD.match(said) else "")
            self.after_word = False
        if text is None and (context.aside or context.symbol or context.anchor):
            text, rule = asides.stands_for(said, context, first=not self.open.spans)
        glue = ""
        if text != "":
            glue, self.glue = self.glue, ""
        span = Span(start, end, glue, text, rule)
        length = len(said.strip()) if text != "" else 0
        linked = length if context.link else linked_length(said) if "://" in said else 0
        if self.grid is not None and self.grid.is_begun() and context.kind != "caption":
            self._of_grid = self._of_grid or (context, self._trail())
            self.grid.add(span, linked)
            return
        run = self.open
        if run.context is not None and run.context is not context and differs(run.context, context):
            self.flush()
            run = self.open
        if run.context is None:
            run.context, run.trail, run.within = context, self._trail(), context.within
        elif run.within != context.within:
            run.within = ""
        if context.ruby >= 0:
            span = self._in_brackets(span, context.ruby)
        run.spans.append(span)
        run.tops.append(context.ruby if context.ruby >= 0 else place.top)
        run.length += length
        if rule:
            run.asides = True
        if linked:
            run.link_length += linked
            run.jump_length += length if context.anchor else 0
        if context.bold:
            run.bold_length += length

    def add_mark(self, number: int, end: int, said: str, place: Place) -> None:
        """Add the mark of a reference or a note, by the tokens of its element."""
        spans = self.spans()
        if len(spans) > 1 and spans[-1].text is None and spans[-2].rule == "citation_mark":
            between = spans[-1]
            if is_between_marks(self.tags.source[between.start : between.end].strip()):
                spans[-1] = between._replace(text="", rule="citation_mark")
        bracketed = self.reading.bracketed_marks and not is_between_marks(said)
        text = f"[{said.strip().strip('[]()').strip()}]" if bracketed else ""
        self.add(self.tags.tokens[number].start, self.tags.tokens[end].end, place, text, "citation_mark")

    def _in_brackets(self, span: Span, ruby: int) -> Span:
        """The reading of a word, in brackets unless the page has them."""
        if span.glue or not self.open.spans or ruby in self.open.tops or self.before().rstrip().endswith(("(", "（")):
            return span
        self._ruby = ruby
        return span._replace(glue="(")

    def close_ruby(self, number: int) -> None:
        """Close the bracket around the reading of a word."""
        if self._ruby != number or number < 0 or self.grid is not None or not self.open.context:
            return
        end = self.tags.end_of(number)  # which may be left out
        at, until = self.tags.tokens[end][1:3] if end else (self.open.spans[-1].end,) * 2
        self.open.spans.append(Span(at, until, "", ")", "ruby"))
        self.open.tops.append(-1)

    def end_line(self, *, lines: bool) -> None:
        """``<br>`` ends a block after a sentence or a bold heading, or where it is doubled; elsewhere it is a space."""
        run = self.open
        if not run.spans or not run.context:
            return
        self.breaks += 1
        start, end, *_ = run.spans[-1]
        said = self.tags.source[start:end].rstrip()
        bold = run.bold_length == run.length > 0
        doubled = self.breaks > 1 and run.context.kind != "heading"
        if not said or said[-1] in '.?!:;”"' or bold or lines or doubled:
            self.flush()
        else:
            run.spans.append(Span(end, end))
            run.tops.append(-2)

    def flush(self) -> None:
        """End the open block."""
        run = self.open
        context, trail = run.context, run.trail
        if not run.spans or context is None:
            return
        self.open, self.glue, self.breaks = _Open(), "", 0
        spans = asides.without(run.spans) if run.asides else run.spans
        # Two inline elements, and nothing beside them, may be a label and its value.
        if run.tops[0] != run.tops[-1] and min(run.tops) >= 0 and context.kind in ("list_item", "paragraph"):
            holder = next((one.name for one in reversed(trail) if one.name in BLOCK), "")
            spans = labelled(spans, run.tops, holder, self.tags)
        self.runs.append(
            Run(
                context.kind, tuple(spans), context.level, context.region or run.within, run.link_length, trail,
                run.bold_length, self._shape(context, trail), run.jump_length,
            )
        )  # fmt: skip

    def add_code(self, spans: list[Span], context: Context, bare: bool) -> None:
        """Add what a ``pre`` holds. A ``bare`` one, that names no language, may only keep lines of text apart."""
        self.flush()
        trail = self._trail()
        plain = bare and bool(trail) and not trail[-1].marks
        self.runs += preformatted.runs(self.tags.source, spans, plain, context.region, trail)

    def _shape(self, context: Context, trail: Trail) -> Shape:
        if context.kind == "list_item":
            number, self.mark = self.mark, ""
            return Shape(number, context.role) if number or context.role else PLAIN
        if context.kind != "caption":
            return PLAIN
        below = context.role == "figure" and _figure(trail) == self._last_table
        return Shape(role="previous_table" if below else context.role)

    def begin_table(self) -> None:
        """A table of data begins."""
        self.flush()
        self.grid, self._of_grid = Grid(self.tags.source), None

    def end_table(self) -> None:
        """The table ends, and becomes a run."""
        grid, of_grid = self.grid, self._of_grid
        self.grid = self._of_grid = None
        self.flush()
        runs = grid.runs(marked=self.reading.marked_cells) if grid else []
        if not runs or of_grid is None:
            return
        context, trail = of_grid
        figure = _figure(trail)
        last = self.runs[-1] if self.runs else None
        if last and last.kind == "caption" and last.shape.role == "figure" and self._names_table(last, figure):
            self.runs[-1] = last._replace(shape=Shape(role="next_table"))
        self._last_table = figure
        self.runs += [run._replace(region=context.region, trail=trail) for run in runs]

    def _names_table(self, caption: Run, figure: int) -> bool:
        """Whether a caption right above a table is of it: in the same figure, or in none and not numbered as one."""
        said = self.tags.source[caption.spans[0].start : caption.spans[0].end].lstrip().lower()
        return figure == _figure(caption.trail) and (figure >= 0 or not said.startswith("fig"))


def _figure(trail: Trail) -> int:
    """The figure around a text."""
    return next((one.number for one in reversed(trail) if one.name == "figure"), -1)
