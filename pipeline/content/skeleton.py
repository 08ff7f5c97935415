"""The skeleton of a page for an HTML parser: tags reduced to their names, with token numbers in place of the text.

So the parser cannot alter the text, and a number that is missing from its output is text that it lost. Nesting is
flattened, because libxml2 drops what is nested deeper than 255 elements; html, head and body tags are left out,
because it drops what follows ``</html>``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PageElement, Tag
from lxml import etree

from pipeline.content.walk import PARSED_AS, EventHandler, OpenElements
from pipeline.markup.element_names import BLOCK, HEADINGS, VOID
from pipeline.markup.tokens import Kind, Token

NUMBER = "n"  # the attribute of an element that says which token opened it
MARK = ";"  # ends the number of a text
_DEPTH, _WRAPPED = 100, 60  # elements within one another; those that only wrap others may be fewer
# What says how a text is to be read, and so may stand deeper.
_TELLS = HEADINGS.union(
    "p ul ol li dl dt dd table caption thead tbody tfoot tr td th blockquote pre a article main".split()
)


class _Target:
    """A parser target for lxml that passes the parse events of a skeleton to a handler."""

    def __init__(self, handler: EventHandler) -> None:
        self.handler = handler
        self.marks: list[str] = []

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        """An element begins; NUMBER is among its attributes if a tag of the page opened it."""
        self._read_marks()
        if tag in VOID:
            self.handler.void(tag, -1)
        else:
            self.handler.start(tag, int(attrib.get(NUMBER, -1)))

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag not in VOID:
            self._read_marks()
            self.handler.end()

    def data(self, data: str) -> None:
        """Numbers of texts, in pieces that may end anywhere."""
        if not data.isspace():
            self.marks.append(data)

    def close(self) -> None:
        """The page ends."""
        self._read_marks()
        self.handler.close()

    def _read_marks(self) -> None:
        for number in "".join(self.marks).split(MARK)[:-1] if self.marks else ():
            self.handler.text(int(number))
        self.marks.clear()


def skeleton(text: str, tokens: Sequence[Token], *, deep: bool) -> str:
    """The skeleton of a page, without elements that are nested too deep and stray end tags.

    Of a ``deep`` page, div and span without attributes are left out, too.
    """
    return f"<html><body>{''.join(_flattened(text, tokens, deep))}</body></html>"


def read(skeleton: str, handler: EventHandler) -> None:
    """Parse a skeleton with libxml2, and pass the events to a handler."""
    feed(skeleton, _Target(handler))


def feed(skeleton: str, target: object) -> None:
    """Parse a skeleton with libxml2, and pass the events to an lxml parser target."""
    # The type stubs require a target to accept bytes and comments; it gets none.
    parser = etree.HTMLParser(target=cast("etree.ParserTarget", target), huge_tree=True)
    parser.feed(skeleton)
    parser.close()


def read_gently(skeleton: str, handler: EventHandler) -> None:
    """Parse with Python's ``html.parser`` instead, which closes fewer elements implicitly and loses no text."""
    target = _Target(handler)
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


# By tag name: the start tag up to its number, and the end tag (or the void tag).
_STARTS = {name: f'<{shown} {NUMBER}="' for name, shown in PARSED_AS.items() if shown not in VOID}
_ENDS = {name: f"<{shown}>" if shown in VOID else f"</{shown}>" for name, shown in PARSED_AS.items()}


def _written(text: str, index: int, kind: Kind, start: int, end: int, name: str) -> str:
    if kind == "text":
        return " " if text[start:end].isspace() else f"{index}{MARK}"
    if kind == "start" and name in _STARTS:
        return f'{_STARTS[name]}{index}">'
    if kind in ("start", "end"):
        return _ENDS.get(name, "")
    return f"<!--{index}-->" if kind == "comment" else ""


def _flattened(text: str, tokens: Sequence[Token], deep: bool) -> Iterator[str]:
    opened = OpenElements()
    left_out: dict[str, list[bool]] = defaultdict(list)  # by name, for each open element
    for index, token in enumerate(tokens):
        name = PARSED_AS.get(token.name, "")
        if not name or token.kind not in ("start", "end") or name in VOID:
            yield _written(text, index, *token)
        elif token.kind == "start":
            bare = deep and name in ("div", "span") and token.end - token.start == len(name) + 2
            out = bare or len(opened.names) >= (_DEPTH if name in _TELLS else _WRAPPED)
            left_out[name].append(out)
            if not out:
                opened.start(name)
            yield _written(text, index, *token) if not out else "<hr>" if name in BLOCK else ""
        elif left_out[name] and left_out[name][-1]:
            left_out[name].pop()
        elif opened.end(name):
            left_out[name].pop()
            yield _written(text, index, *token)
