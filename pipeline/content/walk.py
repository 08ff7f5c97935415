"""Walk through the tags of a page as libxml2 does, without it.

Which elements end where another one begins, as ``<li>`` does at ``<li>``, is asked of libxml2, once for each pair of
names. So a page reads as it does through libxml2, but for elements without content that libxml2 does not know as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from lxml import etree

from pipeline.markup.element_names import KNOWN, VOID
from pipeline.markup.tokens import Token

DEEPEST = 200  # elements within one another
_AS_DIV = dict.fromkeys(("title", "textarea", "template", "svg", "math", "option", "select", "plaintext"), "div")
# Elements by their names, and by which name they are taken.
SHOWN_AS = {name: _AS_DIV.get(name, name) for name in KNOWN - {"html", "head", "body", "frameset", "frame"}}
# An end tag ends no element of a higher rank on its way to its own (libxml2's priorities of end tags).
_RANKS = {"div": 1, "td": 2, "th": 2, "tr": 3, "thead": 4, "tbody": 4, "tfoot": 4, "table": 5}


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


class Opened:
    """The elements that are open."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def start(self, name: str) -> int:
        """An element begins; how many others end before it. One that holds nothing is not open."""
        names, ended = self.names, 0
        while names and _ends(names[-1], name):
            names.pop()
            ended += 1
        if name not in VOID:
            names.append(name)
        return ended

    def end(self, name: str) -> int:
        """An end tag; how many elements it ends, none if it is astray."""
        names = self.names
        if names and names[-1] == name:
            names.pop()
            return 1
        if name not in names:
            return 0
        rank, at = _RANKS.get(name, 0), len(names) - 1
        while names[at] != name:
            if _RANKS.get(names[at], 0) > rank:
                return 0
            at -= 1
        ended = len(names) - at
        del names[at:]
        return ended


def walk(text: str, tokens: Sequence[Token], reader: Reader) -> bool:
    """Tell a reader of a page; whether all of it could be told: one that is nested too deep takes a parser."""
    opened = Opened()
    for name in ("html", "body"):
        reader.start(name, -1)
    for number, (kind, start, end, called) in enumerate(tokens):
        if kind == "text":
            if not text[start:end].isspace():
                reader.text(number)
            continue
        name = SHOWN_AS.get(called, "")
        if not name or kind not in ("start", "end"):
            continue
        begins = kind == "start" or name in VOID
        ended = opened.start(name) if begins else opened.end(name)
        while ended:
            reader.end()
            ended -= 1
        if name in VOID:
            reader.void(name)
        elif begins:
            reader.start(name, number)
            if len(opened.names) > DEEPEST:
                return False
    for _open in (*opened.names, "body", "html"):
        reader.end()
    reader.close()
    return True


@cache
def _ends(outer: str, name: str) -> bool:
    """Whether an element ends where another one begins."""
    body = etree.HTML(f"<html><body><{outer}><{name}>")[0]
    return body[0].tag == outer and len(body[0]) == 0
