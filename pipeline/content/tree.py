"""Parse a page with markup into runs, with the exact source spans of its text.

Events come from a ``walk`` through the tags. A page that is nested too deep for that goes through libxml2, which never
sees the text: it gets the page's ``skeleton``. If text is lost, ``html.parser`` is tried, and if that loses text, too,
blocks are made from the tokens alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

from pipeline.content import skeleton
from pipeline.content.draft import EXPONENT_SIGN, Run, linked_length
from pipeline.content.elements import Element, Tag, read_tag
from pipeline.content.walk import walk
from pipeline.markup.element_names import BLOCK, HEADINGS
from pipeline.markup.tokens import Token, start_tag, tokenize
from pipeline.records import CELL_SEPARATOR, BlockKind

_EXPONENT = re.compile(r"[-+−–]?\d{1,3}")
_LINE = re.compile(r"[^\r\n]+")
_EMPTY_LINE = r"(?<![ \t])[ \t]*+\r?\n(?:[ \t]*+\r?\n)++[ \t]*+"
# Shortcodes of WordPress and its page builders: tags in square brackets.
_SHORT_CODE = (
    r"\[/?(?:caption|wp_caption|gallery|embed|vc_[a-z_]+|et_pb_[a-z_]+)(?:\s[^\[\]<>]{0,400}+)?\]|"
    r"\[(?:audio|video|playlist|contact-form-7)\s[^\[\]<>=]{0,99}+=[^\[\]<>]{0,400}+\]|\[/(?:audio|video|playlist)\]"
)
_DIVIDERS = {"": re.compile(_SHORT_CODE), "empty lines": re.compile(f"{_EMPTY_LINE}|{_SHORT_CODE}")}
Breaks = Literal["", "lines", "empty lines"]
_OF_PAGE = frozenset(("meta", "html", "time", "link"))
_STRUCTURE = ("article", "section", "main")
_TELLS = _OF_PAGE.union(_STRUCTURE, ("title", "svg", "script"))  # elements with information about the page
_QUOTES = frozenset(("blockquote", "q"))
_CELLS = frozenset(("td", "th"))
_ANCESTOR_TAGS = BLOCK | {"a", "span", "svg", "template"}  # ancestors that the main-content model may see
_TRAIL = 41  # innermost ancestors that are recorded for a block
_ENDS_BLOCK = BLOCK - _CELLS


@dataclass(slots=True)
class _Open:
    """The block being collected."""

    spans: list[tuple[int, int]] = field(default_factory=list)
    glues: dict[int, str] = field(default_factory=dict)
    link_length: int = 0
    bold_length: int = 0
    length: int = 0
    context: _Context | None = None
    trail: tuple[Element, ...] = ()


class _Context(NamedTuple):
    """What the ancestors of a text determine about it."""

    kind: BlockKind = "paragraph"
    level: int = 0
    region: str = ""
    link: bool = False
    bold: bool = False
    article: bool = False
    raised: bool = False
    skipped: bool = False  # a mark that a word processor put before a list item


@dataclass(frozen=True, slots=True)
class Parsed:
    """Runs of the page, the page's title, the attributes of its metadata elements, and its JSON-LD scripts."""

    runs: list[Run]
    title: str
    meta: list[dict[str, str]]
    open_structure: bool  # article, section, main or body were opened and never closed
    scripts: tuple[str, ...] = ()


def parse(text: str, breaks: Breaks = "") -> Parsed:
    """Read a page. ``breaks``: what separates blocks besides tags."""
    tokens = tokenize(text)
    runs = _runs(text, tokens, breaks)
    telling = [token for token in tokens if token[3] in _TELLS]  # by its number a name is read faster
    scripts = tuple(_linked_data(text, telling))
    return Parsed(runs, _title(text, telling), _meta(text, telling), _open_structure(telling), scripts)


def _runs(text: str, tokens: Sequence[Token], breaks: Breaks) -> list[Run]:
    builder = _RunBuilder(text, tokens, breaks)
    if walk(text, tokens, builder):
        return builder.runs
    tags = skeleton.skeleton(text, tokens, deep=True)
    wanted = [i for i, (kind, start, end, _) in enumerate(tokens) if kind == "text" and not text[start:end].isspace()]
    for read in (skeleton.read, skeleton.read_gently):
        builder = _RunBuilder(text, tokens, breaks)
        read(tags, builder)
        if builder.seen == wanted:
            return builder.runs
    return list(_linear(text, tokens, bool(breaks)))


class _RunBuilder:
    """Collects runs from the events of a walk or a parser."""

    def __init__(self, text: str, tokens: Sequence[Token], breaks: Breaks) -> None:
        self.source = text
        self.tokens = tokens
        self.lines = breaks == "lines"
        divider = _DIVIDERS.get(breaks)
        self.divider = divider if divider and divider.search(text) else None
        self.runs: list[Run] = []
        self.seen: list[int] = []
        self.open = _Open()
        self.names: list[str] = []  # of the elements around
        self.numbers: list[int] = []  # of the tags that opened them
        self.implied = 0  # elements that no tag opened, numbered downwards
        self.contexts = [_Context()]  # of the elements that hold text, the page's own first
        self.holders: list[Element] = []

    def start(self, name: str, number: int) -> None:
        """An element begins."""
        if number < 0:
            self.implied -= 1
            number = self.implied
        else:
            name = self.tokens[number][3]
        if name in _ENDS_BLOCK:
            self._flush()
        elif name in _CELLS and self.open.spans:
            self.open.glues[len(self.open.spans)] = CELL_SEPARATOR
        self.names.append(name)
        self.numbers.append(number)

    def end(self) -> None:
        """The innermost element ends."""
        name = self.names.pop()
        self.numbers.pop()
        if len(self.contexts) > len(self.names) + 1:
            self.contexts.pop()
            if name in _ANCESTOR_TAGS:
                self.holders.pop()
        if name in _ENDS_BLOCK:
            self._flush()

    def void(self, name: str) -> None:
        """A void element; of these only ``br`` and ``hr`` separate texts."""
        if name == "br":
            self._line_break()
        elif name == "hr":
            self._flush()

    def text(self, number: int) -> None:
        """A text that is not blank."""
        self.seen.append(number)
        context = self._context()
        if context.skipped:
            return
        _, start, end, _ = self.tokens[number]
        for nth, (first, last) in enumerate(self._stretches(start, end, context)):
            if nth:
                self._flush()
            if first < last:
                self._add(first, last, context)

    def close(self) -> None:
        """The page ends."""
        self._flush()

    def _context(self) -> _Context:
        """The context of a text; a tag is parsed only once its element contains text."""
        for depth in range(len(self.contexts) - 1, len(self.names)):
            name, number, context = self.names[depth], self.numbers[depth], self.contexts[-1]
            if number < 0:
                place, tag = number, read_tag(f"<{name}>")
            else:
                _, place, end, _ = self.tokens[number]
                tag = read_tag(self.source[place:end])
            if name in _ANCESTOR_TAGS:
                self.holders.append(Element(place, name, tag.marks))
            telling = tag.telling or (context.raised and name in _ANCESTOR_TAGS)
            self.contexts.append(_inside(context, tag) if telling else context)
        return self.contexts[-1]

    def _stretches(self, start: int, end: int, context: _Context) -> list[tuple[int, int]]:
        """Spans of the blocks that lines or dividers make of a text."""
        if self.lines or context.kind == "code":
            return line_spans(self.source, start, end)
        return _divided(self.source, start, end, self.divider) if self.divider else [(start, end)]

    def _add(self, start: int, end: int, context: _Context) -> None:
        if self.open.context and _differs(self.open.context, context):
            self._flush()
        run = self.open
        if not run.context:
            run.context, run.trail = context, tuple(self.holders[-_TRAIL:])
        if context.raised and self._is_power(start, end):
            run.glues[len(run.spans)] = EXPONENT_SIGN
        run.spans.append((start, end))
        said = self.source[start:end]
        length = len(said.strip())
        run.length += length
        run.link_length += length if context.link else linked_length(said)
        run.bold_length += length if context.bold else 0

    def _is_power(self, start: int, end: int) -> bool:
        """Whether a superscript is an exponent: a number right behind a number, as in 10<sup>6</sup>."""
        before = self.source[self.open.spans[-1][0] : self.open.spans[-1][1]] if self.open.spans else ""
        return before[-1:].isdigit() and bool(_EXPONENT.fullmatch(self.source, start, end))

    def _line_break(self) -> None:
        """``<br>`` ends a block after a sentence or a bold heading; elsewhere it is a space."""
        if not self.open.spans:
            return
        start, end = self.open.spans[-1]
        said = self.source[start:end].rstrip()
        bold = self.open.bold_length == self.open.length > 0
        if not said or said[-1] in '.?!:;”"' or bold or self.lines:
            self._flush()
        else:
            self.open.spans.append((end, end))

    def _flush(self) -> None:
        run = self.open
        if not run.spans or not run.context:
            return
        self.open = _Open()
        context = run.context
        kind: BlockKind = (
            "paragraph" if context.kind == "table" and CELL_SEPARATOR not in run.glues.values() else context.kind
        )
        spans = tuple(run.spans)
        self.runs.append(
            Run(
                kind, spans, context.level, context.region, run.link_length, run.glues, run.trail, run.bold_length
            )
        )  # fmt: skip


def _divided(text: str, start: int, end: int, divider: re.Pattern[str]) -> list[tuple[int, int]]:
    """Spans between the dividers of a text; the first or last is empty where it begins or ends with one."""
    rims = [rim for found in divider.finditer(text, start, end) for rim in found.span()]
    return list(zip(*[iter([start, *rims, end])] * 2, strict=True))


def line_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the lines of ``text[start:end]``, without their line ends."""
    spans = [found.span() for found in _LINE.finditer(text, start, end)]
    return spans or [(start, start)]


def _inside(context: _Context, tag: Tag) -> _Context:
    name = tag.name
    kind, level = context.kind, context.level
    if name in HEADINGS:
        kind, level = "heading", int(name[1])
    elif name in ("li", "dt", "dd") or tag.item:
        kind = "list_item"
    elif name in _QUOTES:
        kind = "quote" if name == "blockquote" else kind
    elif name in ("pre", "xmp"):
        kind = "code"
    elif name in _CELLS:
        kind = "table"
    elif name == "p" and kind == "table":
        kind = "paragraph"
    region = context.region or tag.region
    if region == "footer" and context.article:
        region = "named"  # of the article, not of the page
    link, bold = context.link or tag.link, context.bold or name in ("b", "strong")
    article, skipped = context.article or name == "article", context.skipped or tag.skipped
    return _Context(kind, level, region, link, bold, article, name == "sup", skipped)


def _differs(first: _Context, second: _Context) -> bool:
    return (first.kind, first.level, first.region) != (second.kind, second.level, second.region)


def _linear(text: str, tokens: Iterable[Token], lines: bool) -> Iterable[Run]:
    """The last resort: blocks from the order of the tokens alone."""
    spans: list[tuple[int, int]] = []
    for token in tokens:
        if token.kind == "text":
            pieces = line_spans(text, token.start, token.end) if lines else [(token.start, token.end)]
            for number, piece in enumerate(pieces):
                if number and spans:
                    yield Run("paragraph", tuple(spans))
                    spans = []
                spans.append(piece)
        elif token.name in BLOCK and spans:
            yield Run("paragraph", tuple(spans))
            spans = []
    if spans:
        yield Run("paragraph", tuple(spans))


def _title(text: str, tokens: Sequence[Token]) -> str:
    depth = 0
    for token in tokens:
        if token.name == "svg":
            depth += {"start": 1, "end": -1}.get(token.kind, 0)
        if token.kind == "text" and token.name == "title" and not depth:
            return text[token.start : token.end]
    return ""


def _meta(text: str, tokens: Sequence[Token]) -> list[dict[str, str]]:
    return [
        {"": token.name, **start_tag(text[token.start : token.end])[1]}
        for token in tokens
        if token.name in _OF_PAGE and token.kind == "start"
        if token.name != "link" or text.find("canonical", token.start, token.end) >= 0
    ]


def _linked_data(text: str, tokens: Sequence[Token]) -> Iterable[str]:
    for tag, inside in pairwise(tokens):
        if inside.kind == "raw" and text.find("ld+json", tag.start, tag.end) >= 0:
            yield text[inside.start : inside.end]


def _open_structure(tokens: Sequence[Token]) -> bool:
    """Whether article, section or main stay open; body and html may be left open in valid HTML."""
    counts = dict.fromkeys(_STRUCTURE, 0)
    for token in tokens:
        if token.name in counts and token.kind in ("start", "end"):
            counts[token.name] += 1 if token.kind == "start" else -1
    return any(count > 0 for count in counts.values())
