"""Read a page with markup through a parser, without letting the parser touch the text.

The parser (BeautifulSoup on lxml) gets a skeleton: the page's tags, cleaned of everything but their
names, and in place of each stretch of text a marker with its number. The tree then tells for each
stretch where it stands, exactly; a marker that is missing from the tree is text the parser lost, and
the page is then read from its tokens alone. Depth is flattened, because libxml2 drops what is nested
deeper than 255 elements; html, head and body tags are left out, because it drops what follows
``</html>``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PageElement, Tag

from pipeline.content.elements import Element, element
from pipeline.content.layout import CELL, POWER, Run, linked_length
from pipeline.html_names import BLOCK, HEADINGS, KNOWN, VOID
from pipeline.markup import Token, attributes, tokenize, unescape
from pipeline.records import BlockKind

_MARK = re.compile("\ue000(\\d+)\ue001")
_EXPONENT = re.compile(r"[-+−–]?\d{1,3}")
_DEPTH, _WRAPPED = 200, 120  # elements within one another; those that only wrap others may be fewer
# Their end tags are optional and mostly left out; they nest only through elements that are counted.
_CLOSED_BY_THE_NEXT = frozenset(("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "caption"))
_TELLS = HEADINGS | {"ul", "ol", "table", "blockquote", "pre", "a", "article", "main"}  # and so stand deeper
_AS_DIV = dict.fromkeys(("title", "textarea", "template", "svg", "math", "option", "select"), "div")
_LEFT_OUT = frozenset(("html", "head", "body", "frameset", "frame"))
_REGIONS = {
    "nav": "navigation", "footer": "footer", "aside": "aside", "button": "named", "select": "form",
    "option": "form", "textarea": "form", "noscript": "noscript", "template": "hidden", "svg": "hidden",
    "dialog": "dialog", "title": "title", "menu": "navigation", "datalist": "form", "header": "header",
    "figcaption": "caption",
}  # fmt: skip
_ROLES = {
    "navigation": "navigation",
    "contentinfo": "footer",
    "search": "form",
    "complementary": "aside",
    "dialog": "dialog",
}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BOILERPLATE_NAME = re.compile(
    r"(?:^|[-_ ])(?:nav(?:bar|igation)?|menu|footer|sidebar|breadcrumbs?|cookies?(?:[-_]\w+)?|share|sharing|social|"
    r"related|"
    r"recommend(?:ed|ations)?|newsletter|subscribe|subscription|advert(?:isement)?|ads?|banner|popup|modal|comments?|"
    r"disqus|promo|sponsored|pagination|pager|toolbar|skip-link|widget)(?:$|[-_ ])",
    re.I,
)
_QUOTES = frozenset(("blockquote", "q"))


@dataclass(slots=True)
class _Open:
    """The block being collected."""

    spans: list[tuple[int, int]] = field(default_factory=list)
    glues: dict[int, str] = field(default_factory=dict)
    link_length: int = 0
    bold_length: int = 0
    length: int = 0
    context: _Context | None = None


@dataclass(frozen=True, slots=True)
class _Context:
    """What the elements around a stretch of text say about it."""

    kind: BlockKind = "paragraph"
    level: int = 0
    region: str = ""
    link: bool = False
    bold: bool = False
    article: bool = False
    raised: bool = False
    trail: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """Runs of the page, the page's title, and the meta elements' attributes."""

    runs: list[Run]
    title: str
    meta: list[dict[str, str]]
    open_structure: bool  # article, section, main or body were opened and never closed


def parse(text: str, *, lines: bool) -> Parsed:
    """Read a page. ``lines``: line breaks in the text separate blocks, as in a text file with a few tags."""
    tokens = list(tokenize(text))
    runs = _runs(text, tokens, lines)
    return Parsed(runs, _title(text, tokens), _meta(text, tokens), _open_structure(tokens))


def _runs(text: str, tokens: Sequence[Token], lines: bool) -> list[Run]:
    reader = _Reader(text, tokens, lines)
    reader.read(BeautifulSoup(skeleton(text, tokens), "lxml"))
    wanted = [i for i, token in enumerate(tokens) if token.kind == "text" and text[token.start : token.end].strip()]
    if reader.seen == wanted:
        return reader.runs
    return list(_linear(text, tokens, lines))


def skeleton(text: str, tokens: Sequence[Token]) -> str:
    """The tags as the parser gets them; on a page nested too deep, wrappers without attributes are left out first."""
    parts = ["<html><body>"]
    depth = 0
    deep = _deepest(tokens) > _DEPTH
    left_out: dict[str, list[bool]] = defaultdict(list)  # by name, for each open element
    for index, token in enumerate(tokens):
        if token.kind == "text":
            blank = not text[token.start : token.end].strip()
            parts.append(" " if blank else f"\ue000{index}\ue001")
        elif token.kind == "comment":
            parts.append(f"<!--{index}-->")
        elif token.kind in ("start", "end") and token.name in KNOWN - _LEFT_OUT:
            name = _AS_DIV.get(token.name, token.name)
            counted = name not in _CLOSED_BY_THE_NEXT
            if name in VOID:
                parts.append(f"<{name}>")
            elif token.kind == "start":
                bare = deep and name in ("div", "span") and token.end - token.start == len(name) + 2
                out = bare or (counted and depth >= (_DEPTH if name in _TELLS else _WRAPPED))
                left_out[name].append(out)
                depth += counted and not out
                parts.append(f'<{name} n="{index}">' if not out else "<hr>" if name in BLOCK else "")
            elif not (left_out[name] and left_out[name].pop()):
                depth = max(0, depth - counted)
                parts.append(f"</{name}>")
    return "".join(parts) + "</body></html>"


def text_of(string: str, text: str, tokens: Sequence[Token]) -> str:
    """A string of the tree with the text that its markers stand for."""

    def said(mark: re.Match[str]) -> str:
        token = tokens[int(mark[1])]
        return unescape(text[token.start : token.end])

    return _MARK.sub(said, string)


def _deepest(tokens: Sequence[Token]) -> int:
    """How deep elements are nested, those not counted that the next one closes."""
    depth = deepest = 0
    for token in tokens:
        if token.kind in ("start", "end") and token.name in KNOWN - _LEFT_OUT - VOID - _CLOSED_BY_THE_NEXT:
            depth = max(depth + (1 if token.kind == "start" else -1), 0)
            deepest = max(deepest, depth)
    return deepest


class _Reader:
    """Walks the tree in document order and collects runs."""

    def __init__(self, text: str, tokens: Sequence[Token], lines: bool) -> None:
        self.text = text
        self.tokens = tokens
        self.lines = lines
        self.runs: list[Run] = []
        self.seen: list[int] = []
        self.open = _Open()

    def read(self, root: Tag) -> None:
        stack: list[tuple[PageElement | str, _Context]] = [(root, _Context())]
        while stack:
            node, context = stack.pop()
            if isinstance(node, str) and not isinstance(node, NavigableString):
                self._event(node)
            elif isinstance(node, NavigableString) and not isinstance(node, Comment):
                self._string(str(node), context)
            elif isinstance(node, Tag):
                stack += self._element(node, context)
        self._flush()

    def _element(self, tag: Tag, context: _Context) -> list[tuple[PageElement | str, _Context]]:
        """What to visit next, in reverse."""
        if tag.name == "br":
            self._line_break()
            return []
        token = self._token(tag)
        name = token.name if token else tag.name
        given = attributes(self.text[token.start : token.end]) if token else {}
        inner = _inside(context, element(token.start if token else -1, name, given), given)
        visits: list[tuple[PageElement | str, _Context]] = [(child, inner) for child in reversed(list(tag.children))]
        if name in ("td", "th"):
            return [*visits, ("cell", inner)]
        if name in BLOCK:
            return [("block", inner), *visits, ("block", inner)]
        return visits

    def _token(self, tag: Tag) -> Token | None:
        number = tag.get("n")
        return self.tokens[int(number)] if isinstance(number, str) else None

    def _event(self, event: str) -> None:
        if event == "block":
            self._flush()
        elif self.open.spans:
            self.open.glues[len(self.open.spans)] = CELL

    def _string(self, string: str, context: _Context) -> None:
        for found in _MARK.finditer(string):
            index = int(found[1])
            self.seen.append(index)
            token = self.tokens[index]
            for number, (start, end) in enumerate(self._stretches(token, context)):
                if number:
                    self._flush()
                self._add(start, end, context)

    def _stretches(self, token: Token, context: _Context) -> list[tuple[int, int]]:
        if not (self.lines or context.kind == "code"):
            return [(token.start, token.end)]
        return line_spans(self.text, token.start, token.end)

    def _add(self, start: int, end: int, context: _Context) -> None:
        if self.open.context and _differs(self.open.context, context):
            self._flush()
        self.open.context = self.open.context or context
        if context.raised and self._is_power(start, end):
            self.open.glues[len(self.open.spans)] = POWER
        self.open.spans.append((start, end))
        length = len(self.text[start:end].strip())
        self.open.length += length
        self.open.link_length += length if context.link else linked_length(self.text[start:end])
        self.open.bold_length += length if context.bold else 0

    def _is_power(self, start: int, end: int) -> bool:
        """Whether a superscript is an exponent: a number right behind a number, as in 10<sup>6</sup>."""
        before = self.text[self.open.spans[-1][0] : self.open.spans[-1][1]] if self.open.spans else ""
        return before[-1:].isdigit() and bool(_EXPONENT.fullmatch(self.text, start, end))

    def _line_break(self) -> None:
        """``<br>`` ends a block after a sentence or a bold heading; elsewhere it is a space."""
        if not self.open.spans:
            return
        start, end = self.open.spans[-1]
        said = self.text[start:end].rstrip()
        bold = self.open.bold_length == self.open.length > 0
        if not said or said[-1] in '.?!:;”"' or bold or self.lines:
            self._flush()
        else:
            self.open.spans.append((end, end))

    def _flush(self) -> None:
        run = self.open
        self.open = _Open()
        if not run.spans or not run.context:
            return
        context = run.context
        kind: BlockKind = "paragraph" if context.kind == "table" and CELL not in run.glues.values() else context.kind
        spans = tuple(run.spans)
        self.runs.append(
            Run(
                kind, spans, context.level, context.region, run.link_length, run.glues, context.trail, run.bold_length
            )
        )  # fmt: skip


def line_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the lines of ``text[start:end]``, without their line ends."""
    spans = []
    for found in re.compile(r"[^\r\n]+").finditer(text, start, end):
        spans.append(found.span())
    return spans or [(start, start)]


def _inside(context: _Context, inner: Element, given: dict[str, str]) -> _Context:
    name = inner.name
    kind, level, region = context.kind, context.level, context.region
    if name in HEADINGS:
        kind, level = "heading", int(name[1])
    elif name in ("li", "dt", "dd"):
        kind = "list_item"
    elif name in _QUOTES:
        kind = "quote" if name == "blockquote" else kind
    elif name in ("pre", "xmp"):
        kind = "code"
    elif name in ("td", "th"):
        kind = "table"
    elif name == "p" and kind == "table":
        kind = "paragraph"
    region = region or _region(name, given)
    if region == "footer" and context.article:
        region = "named"  # of the article, not of the page
    link = context.link or (name == "a" and "href" in given)
    bold = context.bold or name in ("b", "strong")
    trail = (*context.trail, inner) if name in BLOCK or name in ("a", "span", "svg", "template") else context.trail
    return _Context(kind, level, region, link, bold, context.article or name == "article", name == "sup", trail)


def _region(name: str, given: dict[str, str]) -> str:
    if "hidden" in given or given.get("aria-hidden") == "true" or _HIDDEN.search(given.get("style", "")):
        return "hidden"
    role = _ROLES.get(given.get("role", "").lower(), "")
    if name in ("article", "main", "body", "html"):
        return role
    named = f"{given.get('class', '')} {given.get('id', '')}"
    return role or _REGIONS.get(name, "") or ("named" if _BOILERPLATE_NAME.search(named) else "")


def _differs(first: _Context, second: _Context) -> bool:
    return (first.kind, first.level, first.region) != (second.kind, second.level, second.region)


def _linear(text: str, tokens: Iterable[Token], lines: bool) -> Iterable[Run]:
    """The gentler reading: blocks from the order of the tokens alone."""
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
    names = ("meta", "html", "time")
    return [
        {"": token.name, **attributes(text[token.start : token.end])}
        for token in tokens
        if token.kind == "start" and token.name in names
    ]


def _open_structure(tokens: Sequence[Token]) -> bool:
    """Whether article, section or main stay open; body and html may be left open in valid HTML."""
    counts = dict.fromkeys(("article", "section", "main"), 0)
    for token in tokens:
        if token.name in counts and token.kind in ("start", "end"):
            counts[token.name] += 1 if token.kind == "start" else -1
    return any(count > 0 for count in counts.values())
