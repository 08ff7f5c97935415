"""Read a page whose tags are nested as they should be, without a parser.

Most pages are such. Elements that the next one closes, as ``<li>`` does ``<li>``, are among them: which those are is
asked of libxml2, once for each pair of names, so that a page reads as it does through libxml2.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from lxml import etree

from pipeline.content.skeleton import SHOWN_AS, WRAPPED, Reader
from pipeline.html_names import VOID
from pipeline.markup import Token

_OPTIONAL_END = frozenset(("p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot"))
# Parts of a table are closed by larger ones alone; as in libxml2, after its ranks of elements.
_OF_TABLES = {"td": 1, "th": 1, "tr": 2, "thead": 3, "tbody": 3, "tfoot": 3, "table": 4}


def read(text: str, tokens: Sequence[Token], reader: Reader) -> bool:
    """Tell a reader of a page; whether all of it could be told: tags that cross end the reading."""
    names: list[str] = []
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
        if name in VOID or kind == "start":
            while names and _closes(names[-1], name):
                names.pop()
                reader.end()
        if name in VOID:
            reader.void(name)
        elif kind == "start":
            names.append(name)
            reader.start(name, number)
            if len(names) > WRAPPED:
                return False
        elif names and names[-1] == name:
            names.pop()
            reader.end()
        elif not _end(names, name, reader):
            return False
    for _open in (*names, "body", "html"):
        reader.end()
    reader.close()
    return True


def _end(names: list[str], name: str, reader: Reader) -> bool:
    """End an element around others, whose end tags may be left out; whether they all may. A stray tag ends none."""
    if name not in names:
        return True
    while names[-1] != name:
        inner = names.pop()
        if inner not in _OPTIONAL_END or _OF_TABLES.get(inner, 0) > _OF_TABLES.get(name, 0):
            return False
        reader.end()
    names.pop()
    reader.end()
    return True


@cache
def _closes(outer: str, name: str) -> bool:
    """Whether an element ends where another one begins."""
    body = etree.HTML(f"<html><body><{outer}><{name}>")[0]
    return body[0].tag == outer and len(body[0]) == 0
