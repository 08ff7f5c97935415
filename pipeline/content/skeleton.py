"""The tags of a page as a parser gets them: cleaned of all but their names, with numbers in place of its text.

So the parser cannot touch the text, and a number that is missing from what it read is text that it lost. Depth is
flattened, because libxml2 drops what is nested deeper than 255 elements; html, head and body tags are left out,
because it drops what follows ``</html>``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, cast

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PageElement, Tag
from lxml import etree

from pipeline.html_names import BLOCK, HEADINGS, KNOWN, VOID
from pipeline.markup import Kind, Token

NUMBER = "n"  # the attribute of an element that says which token opened it
MARK = ";"  # ends the number of a text
_DEPTH, WRAPPED = 100, 60  # elements within one another; those that only wrap others may be fewer
# Their end tags are optional and mostly left out; they nest only through elements that are counted.
_CLOSED_BY_THE_NEXT = frozenset(("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "caption"))
_TELLS = HEADINGS | {"ul", "ol", "table", "blockquote", "pre", "a", "article", "main"}  # and so stand deeper
_AS_DIV = dict.fromkeys(("title", "textarea", "template", "svg", "math", "option", "select", "plaintext"), "div")
_SHOWN = KNOWN - {"html", "head", "body", "frameset", "frame"}
_COUNTED = _SHOWN - VOID - _CLOSED_BY_THE_NEXT


class Reader(Protocol):
    """What is told of the elements and texts of a page, in its order. A number is the place of a token; -1 is none."""

    def start(self, name: str, number: int) -> None:
        """An element begins; a tag opened it if it has a number."""

    def end(self) -> None:
        """The innermost element ends."""

    def void(self, name: str) -> None:
        """An element that holds nothing."""

    def text(self, number: int) -> None:
        """A text that is not blank."""

    def close(self) -> None:
        """The page ends."""


class _Target:
    """A target of lxml's parsers, which tells a reader what they make of a skeleton."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.marks: list[str] = []

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        """An element begins; NUMBER is among its attributes if a tag of the page opened it."""
        self._read_marks()
        if tag in VOID:
            self.reader.void(tag)
        else:
            self.reader.start(tag, int(attrib.get(NUMBER, -1)))

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag not in VOID:
            self._read_marks()
            self.reader.end()

    def data(self, data: str) -> None:
        """Numbers of texts, in pieces that may end anywhere."""
        if not data.isspace():
            self.marks.append(data)

    def close(self) -> None:
        """The page ends."""
        self._read_marks()
        self.reader.close()

    def _read_marks(self) -> None:
        for number in "".join(self.marks).split(MARK)[:-1] if self.marks else ():
            self.reader.text(int(number))
        self.marks.clear()


def skeleton(text: str, tokens: Sequence[Token]) -> str:
    """The tags as the parser gets them; on a page nested too deep, wrappers are left out."""
    deepest = _deepest(tokens)
    written = _flattened(text, tokens, deepest > _DEPTH) if deepest > WRAPPED else _paired(text, tokens)
    return f"<html><body>{''.join(written)}</body></html>"


def read(skeleton: str, reader: Reader) -> None:
    """Tell a reader what libxml2 makes of a skeleton."""
    feed(skeleton, _Target(reader))


def feed(skeleton: str, target: object) -> None:
    """Tell a target of lxml's parsers what libxml2 makes of a skeleton."""
    # By its stubs a target must take bytes and comments; it gets none.
    parser = etree.HTMLParser(target=cast("etree.ParserTarget", target), huge_tree=True)
    parser.feed(skeleton)
    parser.close()


def read_gently(skeleton: str, reader: Reader) -> None:
    """Tell a reader what the parser of Python's library makes of it: it closes less, and loses nothing."""
    target = _Target(reader)
    soup = BeautifulSoup(skeleton, "html.parser")
    stack: list[PageElement | str] = [soup]
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            target.start(node.name, {NUMBER: str(node[NUMBER])} if NUMBER in node.attrs else {})
            stack += [f"</{node.name}", *reversed(list(node.children))]
        elif isinstance(node, NavigableString):
            if not isinstance(node, Comment):
                target.data(str(node))
        elif isinstance(node, str):
            target.end(node.removeprefix("</"))
    target.close()


# What is written of a tag by its name: in front of its number, and at its end.
SHOWN_AS = {name: _AS_DIV.get(name, name) for name in _SHOWN}
_STARTS = {name: f'<{shown} {NUMBER}="' for name, shown in SHOWN_AS.items() if shown not in VOID}
_ENDS = {name: f"<{shown}>" if shown in VOID else f"</{shown}>" for name, shown in SHOWN_AS.items()}


def _written(text: str, index: int, kind: Kind, start: int, end: int, name: str) -> str:
    if kind == "text":
        return " " if text[start:end].isspace() else f"{index}{MARK}"
    if kind == "start" and name in _STARTS:
        return f'{_STARTS[name]}{index}">'
    if kind in ("start", "end"):
        return _ENDS.get(name, "")
    return f"<!--{index}-->" if kind == "comment" else ""


def _paired(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """All but the end tags that end nothing, each of which libxml2 would look for in all that is open."""
    open_by_name: dict[str, int] = defaultdict(int)
    for index, token in enumerate(tokens):
        name = SHOWN_AS.get(token.name, "")
        if token.kind == "start":
            open_by_name[name] += 1
        elif token.kind == "end" and name not in VOID:
            if open_by_name[name] == 0:
                continue
            open_by_name[name] -= 1
        yield _written(text, index, *token)


def _flattened(text: str, tokens: Sequence[Token], deep: bool) -> Iterator[str]:
    depth = 0
    left_out: dict[str, list[bool]] = defaultdict(list)  # by name, for each open element
    for index, token in enumerate(tokens):
        name = _AS_DIV.get(token.name, token.name)
        counted = name not in _CLOSED_BY_THE_NEXT
        if token.name not in _SHOWN or token.kind not in ("start", "end") or name in VOID:
            yield _written(text, index, *token)
        elif token.kind == "start":
            bare = deep and name in ("div", "span") and token.end - token.start == len(name) + 2
            out = bare or (counted and depth >= (_DEPTH if name in _TELLS else WRAPPED))
            left_out[name].append(out)
            depth += counted and not out
            yield _written(text, index, *token) if not out else "<hr>" if name in BLOCK else ""
        elif not (left_out[name] and left_out[name].pop()):
            depth = max(0, depth - counted)
            yield _written(text, index, *token)


def _deepest(tokens: Iterable[Token]) -> int:
    """How deep elements are nested, those not counted that the next one closes."""
    depth = deepest = 0
    for token in tokens:
        if token.name in _COUNTED:
            if token.kind == "start":
                depth += 1
                deepest = max(deepest, depth)
            elif token.kind == "end" and depth:
                depth -= 1
    return deepest
