"""The tags of a page as a parser gets them: cleaned of all but their names, with numbers in place of its text.

So the parser cannot touch the text, and a number that is missing from what it read is text that it lost. Depth is
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

from pipeline.content.walk import SHOWN_AS, Opened, Reader
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


def skeleton(text: str, tokens: Sequence[Token], *, deep: bool) -> str:
    """The tags as the parser gets them, but for elements that are nested too deep, and end tags that end nothing.

    Of a ``deep`` page div and span go, too, where they say nothing.
    """
    return f"<html><body>{''.join(_flattened(text, tokens, deep))}</body></html>"


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


def _flattened(text: str, tokens: Sequence[Token], deep: bool) -> Iterator[str]:
    opened = Opened()
    left_out: dict[str, list[bool]] = defaultdict(list)  # by name, for each open element
    for index, token in enumerate(tokens):
        name = SHOWN_AS.get(token.name, "")
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
