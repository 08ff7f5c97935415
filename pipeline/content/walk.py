"""Produce the parse events of a page as libxml2 would, without running it on the page.

Which start tags implicitly close which elements, as ``<li>`` closes ``<li>``, is asked of libxml2, once for each pair
of names. So the events are those of libxml2, except for void elements that it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from lxml import etree

from pipeline.markup.element_names import KNOWN, VOID
from pipeline.markup.tokens import Token

MAX_DEPTH = 200  # elements within one another
# Elements that a parser would read in ways of its own, by names that it does not know and so lets stand anywhere.
_FOREIGN = frozenset(("title", "textarea", "template", "svg", "math"))
_AS_OTHER = {name: f"x-{name}" for name in _FOREIGN} | {"plaintext": "div"}
# Element names, each with the name by which it is parsed.
PARSED_AS = {name: _AS_OTHER.get(name, name) for name in KNOWN - {"html", "head", "body", "frameset", "frame"}}
# An end tag ends no element of a higher rank on its way to its own (libxml2's priorities of end tags).
_RANKS = {"div": 1, "td": 2, "th": 2, "tr": 3, "thead": 4, "tbody": 4, "tfoot": 4, "table": 5}


class EventHandler(Protocol):
    """A handler of parse events, in the order of the page. A number is the index of a token; -1 is none."""

    def start(self, name: str, number: int) -> None:
        """An element begins; a tag opened it if it has a number."""

    def end(self) -> None:
        """The innermost element ends."""

    def void(self, name: str, number: int) -> None:
        """A void element; it has no number where a parser told of it."""

    def text(self, number: int) -> None:
        """A text that is not blank."""

    def close(self) -> None:
        """The page ends."""


class OpenElements:
    """The stack of open elements."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def start(self, name: str) -> int:
        """Open an element, and return how many others it closes first. A void element is not pushed."""
        names, ended = self.names, 0
        while names and _ends(names[-1], name):
            names.pop()
            ended += 1
        if name not in VOID:
            names.append(name)
        return ended

    def end(self, name: str) -> int:
        """Handle an end tag, and return how many elements it closes, 0 if it is stray."""
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


def walk(text: str, tokens: Sequence[Token], handler: EventHandler) -> bool:
    """Pass the events of a page to a handler; return False if it is nested too deep and needs a parser."""
    opened = OpenElements()
    for name in ("html", "body"):
        handler.start(name, -1)
    for number, (kind, start, end, called) in enumerate(tokens):
        if kind == "text":
            if not text[start:end].isspace():
                handler.text(number)
            continue
        name = PARSED_AS.get(called, "")
        if not name or kind not in ("start", "end"):
            continue
        begins = kind == "start" or name in VOID
        ended = opened.start(name) if begins else opened.end(name)
        while ended:
            handler.end()
            ended -= 1
        if name in VOID:
            handler.void(name, number)
        elif begins:
            handler.start(name, number)
            if len(opened.names) > MAX_DEPTH:
                return False
    for _open in (*opened.names, "body", "html"):
        handler.end()
    handler.close()
    return True


@cache
def _ends(outer: str, name: str) -> bool:
    """Whether the start tag ``name`` implicitly closes the element ``outer``."""
    body = etree.HTML(f"<html><body><{outer}><{name}>")[0]
    return body[0].tag == outer and len(body[0]) == 0
