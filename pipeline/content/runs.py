"""Read the blocks of a page from the events of a walk or a parser.

A block ends where a block element begins or ends. What stands within a sentence - links, formulas, raised numbers,
hidden hints - never ends it. A table of data is one block, and so is the code of a ``pre``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.content import formulas, preformatted, short_codes
from pipeline.content.collector import AS_USUAL, Collector, Place, Reading
from pipeline.content.context import CONTROLS, LISTS, Context, inside
from pipeline.content.draft import Run
from pipeline.content.elements import Element, read_tag
from pipeline.content.lists import Numbering
from pipeline.content.superscripts import EXPONENT_SIGN, Raised, Role, is_between_marks
from pipeline.content.tables import CELLS, is_data
from pipeline.content.tags import Tags
from pipeline.markup import rows
from pipeline.markup.element_names import BLOCK, HEADINGS
from pipeline.markup.tokens import Token, unescape

__all__ = ["AS_USUAL", "Reading", "RunBuilder", "line_spans"]

_LINE = re.compile(r"[^\r\n]+")
_CODE_CELL = "blob-code"  # in the class of a cell that holds a line
_OF_CODE = frozenset(("pre", "table"))
_BEGINS = LISTS | {"table", "li", "caption"}  # blocks that begin more than themselves
_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_ANCESTOR_TAGS = BLOCK | {"a", "span", "svg", "template"}  # ancestors that the main-content model may see
_OF_SENTENCES = HEADINGS | {"p", "td", "th", "dd", "dt", "figcaption", "caption"}
_LINKED_MARK = re.compile(r"<sup[^>]{0,200}+>\s*+(?:<[^>]{1,300}+>\s*+)??<a\s")
# Elements that are a table by their roles (WAI-ARIA 1.2).
_ROLES = re.compile(r"""\brole\s*=\s*["']?(table|grid|row|cell|gridcell|columnheader|rowheader)\b""", re.I)
_AS_NAME = {"grid": "table", "row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th"}


class RunBuilder:
    """Reads runs from the events of a walk or a parser."""

    def __init__(
        self, text: str, tokens: Sequence[Token], dividers: short_codes.Dividers, reading: Reading, *, lines: bool
    ) -> None:
        self.source = text
        self.tokens = tokens
        self.tags = Tags(text, tokens)
        self.holders: list[Element] = []  # of them those that the main-content model may see
        self.out = Collector(self.tags, reading, self.holders)
        self.lines = lines
        self.dividers = dividers
        self.divided = lines or bool(dividers)  # texts may hold several blocks
        self.seen: list[int] = []
        # The elements around: their names, the numbers of the tags that opened them, and whether they end a block.
        self.around: list[tuple[str, int, bool]] = []
        self.implied = 0  # elements that no tag opened, numbered downwards
        self.contexts = [Context()]  # of the elements that hold text, the page's own first
        self.until = 0  # token up to which all is read
        self.lists: list[Numbering] = []
        self.table_depth = 0  # of the table of data that is open
        self.roles: dict[int, Role] = {}  # of raised elements, by number
        self.no_formula: set[int] = set()
        names = {token[3] for token in tokens}  # searching the text for each costs more
        self.code_tables = "table" in names and _CODE_CELL in text
        self.role_tables = 'role="row"' in text
        self.linked_marks = "sup" in names and _LINKED_MARK.search(text) is not None

    @property
    def runs(self) -> list[Run]:
        """What is read so far."""
        return self.out.runs

    # --- Events -----------------------------------------------------------------------------------------------

    def start(self, name: str, number: int) -> None:
        """An element begins."""
        if number < 0:
            self.implied -= 1
            number = self.implied
        else:
            name = self.tokens[number][3]
        cuts = False
        if name in BLOCK:
            cuts = number < 0 or number >= self.until
            if cuts and name in CONTROLS:
                cuts = not self._in_sentence(name)
            if cuts:
                out = self.out
                if name in _BEGINS or out.grid is not None:
                    self._begin_block(name, number)
                elif out.open.spans:
                    out.flush()
        elif name == "script" and number >= self.until:
            self._add_formula(formulas.of_script(self.tags, number), number)
        if self.role_tables and number >= 0:
            self._begin_by_role(name, number)
        self.around.append((name, number, cuts))
        if cuts and name in _OF_CODE and self.out.grid is None and (name == "pre" or self._holds_code(number)):
            self._read_code(number)

    def end(self) -> None:
        """The innermost element ends."""
        name, number, cuts = self.around.pop()
        depth, out = len(self.around), self.out
        if len(self.contexts) > depth + 1:
            self.contexts.pop()
            if name in _ANCESTOR_TAGS:
                self.holders.pop()
            elif name == "rt":
                out.close_ruby(number)
            elif name == "abbr":
                out.after_word = True
        if out.grid is not None:
            if depth == self.table_depth:
                out.end_table()
            elif cuts:
                self._end_block(name)
        elif cuts:
            if name in LISTS:
                self._end_block(name)
            elif out.open.spans:
                out.flush()

    def void(self, name: str, number: int) -> None:
        """A void element; of these only ``br`` and ``hr`` separate texts, and pictures may be of formulas."""
        if name == "br":
            if self.out.grid is not None:
                self.out.grid.break_line()
            else:
                self.out.end_line(lines=self.lines)
        elif name == "hr":
            self.out.flush()
        elif name == "img" and number >= self.until:
            self._add_formula(formulas.of_picture(self.tags, number), number)

    def text(self, number: int) -> None:
        """A text that is not blank."""
        self.seen.append(number)
        if number < self.until:
            return
        context = self._context()
        _, start, end, _ = self.tokens[number]
        if context.skipped:
            said = unescape(self.source[start:end]).strip()
            self.out.mark = said if said[:1].isalnum() else self.out.mark
            return
        if context.formula >= 0 and self._read_formula(context.formula):
            return
        place = self._place(context)
        if context.raised >= 0 and self._read_raised(context.raised, place):
            return
        self.out.breaks = 0
        if not self.divided:
            self.out.add(start, end, place)
            return
        for nth, (first, last) in enumerate(self._stretches(start, end)):
            if nth:
                self.out.flush()
            if first < last:
                self.out.add(first, last, place)

    def close(self) -> None:
        """The page ends."""
        if self.out.grid is not None:
            self.out.end_table()
        self.out.flush()

    # --- Blocks -----------------------------------------------------------------------------------------------

    def _begin_block(self, name: str, number: int) -> None:
        if self.out.grid is not None and name != "caption":
            self._begin_in_grid(name, number)
            return
        if name == "caption" and self.out.grid is not None and self.out.grid.is_begun():
            self.out.end_table()  # what comes below the caption is a table of its own
            self.out.begin_table()
        self.out.flush()
        if name == "table":
            end = self.tags.end_of(number) if number >= 0 else 0
            if end and not self._holds_code(number) and is_data(self.source, self.tokens, number, end):
                self._begin_table()
        elif name in LISTS:
            self.lists.append(Numbering.of_tag(name, self.tags.tag(number)))
        elif name == "li":
            ordered = bool(self.lists) and self.lists[-1].ordered
            self.out.mark = self.lists[-1].next(self.tags.tag(number)) if ordered else ""

    def _holds_code(self, number: int) -> bool:
        """Whether a table shows a file line by line, as code hosts do."""
        end = self.tags.end_of(number) if self.code_tables and number >= 0 else 0
        return end > 0 and _CODE_CELL in self.source[self.tokens[number].start : self.tokens[end].end]

    def _begin_table(self) -> None:
        self.table_depth = len(self.around)
        self.out.begin_table()

    def _begin_in_grid(self, name: str, number: int) -> None:
        grid = self.out.grid
        assert grid is not None
        at = self.tags.end_of_tag(number) or (self.tokens[self.seen[-1]].end if self.seen else 0)
        if name == "tr":
            grid.begin_row(at)
        elif name in _GROUPS:
            grid.begin_group(name)
        elif name in CELLS:
            grid.begin_cell(self.tags.tag(number), at)
        else:
            grid.break_line()

    def _begin_by_role(self, name: str, number: int) -> None:
        found = _ROLES.search(self.tags.tag(number)) if name not in ("table", "tr", "td", "th") else None
        role = found[1].lower() if found else ""
        called = _AS_NAME.get(role, role)
        if called == "table" and self.out.grid is None:
            self._begin_table()
        elif called in ("tr", "td", "th") and self.out.grid is not None:
            self._begin_in_grid(called, number)

    def _end_block(self, name: str) -> None:
        if self.out.grid is not None and name != "caption":
            self.out.grid.break_line()
        else:
            self.out.flush()
            if name in LISTS and self.lists:
                self.lists.pop()

    def _in_sentence(self, name: str) -> bool:
        """Whether a control stands in a sentence: in an element of sentences, or in the midst of one."""
        if name == "title":
            return any(one[0] == "svg" for one in self.around)
        if name == "option":
            return self._in_choice()
        holder = next((one for one, _, _ in reversed(self.around) if one in BLOCK), "")
        if holder in _OF_SENTENCES:
            return True
        said = self.out.before().rstrip()
        return bool(said) and said[-1] not in '.!?:;…”"' and len(said.split()) > 2

    def _in_choice(self) -> bool:
        """Whether the control around an option stands in a sentence; its options are parted then."""
        number, cuts = next(((n, c) for name, n, c in reversed(self.around) if name == "select"), (-1, True))
        if cuts:
            return False
        spans = self.out.spans()
        if number >= 0 and spans and spans[-1].start > self.tokens[number].start:
            self.out.glue = rows.LINE_BREAK
        return True

    # --- Texts ------------------------------------------------------------------------------------------------

    def _context(self) -> Context:
        """The context of a text; a tag is parsed only once its element contains text."""
        for depth in range(len(self.contexts) - 1, len(self.around)):
            name, number, _ = self.around[depth]
            context = self.contexts[-1]
            if number < 0:
                place, said = number, f"<{name}>"
            else:
                _, place, end, _ = self.tokens[number]
                said = self.source[place:end]
            tag = read_tag(said)
            if name in _ANCESTOR_TAGS:
                self.holders.append(Element(place, name, tag.marks))
            telling = tag.telling or ((context.raised >= 0 or context.note) and name in BLOCK)
            self.contexts.append(inside(context, tag, number, said) if telling else context)
        return self.contexts[-1]

    def _place(self, context: Context) -> Place:
        """The context, and the number of the outermost inline element within the innermost block."""
        around = self.around
        at, top = len(around) - 1, -1
        while at >= 0 and around[at][0] not in BLOCK:
            top = around[at][1]
            at -= 1
        return Place(context, top)

    def _stretches(self, start: int, end: int) -> list[tuple[int, int]]:
        """Spans of the blocks that lines or dividers make of a text."""
        if self.out.grid is not None:
            return [(start, end)]
        if self.lines:
            return line_spans(self.source, start, end)
        return short_codes.between(self.dividers, start, end) if self.dividers else [(start, end)]

    def _read_formula(self, number: int) -> bool:
        """Read the formula that an element holds; return whether there is one."""
        if number in self.no_formula:
            return False
        found = formulas.find(self.tags, number)
        if found is None:
            self.no_formula.add(number)
            return False
        self._add_formula(found, number)
        return True

    def _add_formula(self, found: formulas.Found | None, number: int) -> None:
        """Add a formula, in a block of its own if it is displayed."""
        if found is None:
            return
        context = self._context()._replace(aside="", raised=-1)
        said, display = found.said, found.display and self.out.grid is None and context.kind != "heading"
        if display:
            self.out.flush()
            said, context = f"$${said.strip('$')}$$", context._replace(kind="formula", level=0)
        start, end = self.tokens[number].start, self.tokens[found.until - 1].end
        self.out.add(start, end, self._place(context), said, "formula")
        if display:
            self.out.flush()
        self.until = max(self.until, found.until)

    def _read_code(self, number: int) -> None:
        """Read all of a ``pre``, white space and all."""
        end = self.tags.end_of(number) if number >= 0 else 0
        if end:
            context = self._context()
            spans = preformatted.read(self.tags, number, end, context.aside)
            self.out.add_code(spans, context, self.tags.is_bare(number, end))
            self.until = max(self.until, end)

    def _read_raised(self, number: int, place: Place) -> bool:
        """Read a raised element; return whether all of it is read: as a mark of a reference or a note."""
        if number in self.roles:
            return False
        end = self.tags.end_of(number)
        inner = self.tokens[number : end + 1] if end else ()
        tags = [read_tag(self.source[one.start : one.end]) for one in inner if one.kind == "start"]
        raised = Raised(
            self.tags.said(inner), self.out.before(), self.tags.following(end + 1),
            place.context.link or any(tag.link for tag in tags), place.context.note or any(tag.note for tag in tags),
        )  # fmt: skip
        role = raised.role(linked_marks=self.linked_marks)
        spans = self.out.spans()
        if is_between_marks(raised.said) and spans and spans[-1].rule == "citation_mark":
            role = "mark"
        self.roles[number] = role
        if role == "mark":
            self.out.add_mark(number, end, raised.said, place)
            self.until = end
            return True
        if role == "power":
            self.out.glue = EXPONENT_SIGN
        elif role == "apart":
            self.out.glue = " " if raised.before[-1:].isalnum() else ""
            if raised.after[:1].isalnum():
                self._keep_apart(number, end, place)
                return True
        return False

    def _keep_apart(self, number: int, end: int, place: Place) -> None:
        """Add a raised number with a space behind it."""
        for kind, start, stop, _ in self.tokens[number:end]:
            if kind == "text":
                self.out.add(start, stop, place)
        self.until, self.out.glue = end, " "


def line_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the lines of ``text[start:end]``, without their line ends."""
    spans = [found.span() for found in _LINE.finditer(text, start, end)]
    return spans or [(start, start)]
