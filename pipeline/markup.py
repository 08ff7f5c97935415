"""A tokenizer for HTML that keeps positions and loses nothing.

Tokens tile the text: joined, they are the text. The rules follow the tokenizer of the HTML standard
(WHATWG section 13.2.5) as far as text is concerned: quoted attribute values, raw text elements,
comments, and ``<`` that starts no tag is text. Every pattern scans forward only.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.html_names import ESCAPABLE_RAW_TEXT, RAW_TEXT

Kind = Literal["text", "start", "end", "comment", "declaration", "raw", "cut"]

_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_LETTER_TAG = re.compile(r"<(?=/?[A-Za-z]|!--)")
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>\0]*+)")
_REST = re.compile(r"""(?>=\s*+(?>"[^"]*+"|'[^']*+')|[^>])*+>""")
_COMMENT_END = re.compile(r"--!?>")
_ENDLESS = re.compile(r"&#[0-9]{4000,}+;?")
_IN_SCRIPT = re.compile(r"<!--|-->|<(/?)script(?=[\s/>])", re.I)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")


@dataclass(frozen=True, slots=True)
class Token:
    """``text[start:end]`` is one token; ``name`` is the lower-case tag name.

    ``raw`` is the content of script, style and the like; ``cut`` a tag, comment or declaration that
    the end of the text cuts off.
    """

    kind: Kind
    start: int
    end: int
    name: str = ""


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of ``text`` in order, without gaps."""
    at = 0
    last_close = text.rfind(">")
    endless = False  # a script that is not closed by the rules is closed by the first end tag, as are all behind it
    while at < len(text):
        found = _OPENING.search(text, at)
        if not found:
            yield Token("text", at, len(text))
            return
        token = _markup(text, found.start(), last_close)
        if token is None:
            # "</" or "<!" that nothing closes is text, up to the next tag.
            follow = _LETTER_TAG.search(text, found.end())
            end = follow.start() if follow else len(text)
            yield Token("text", at, end)
            at = end
            continue
        if token.start > at:
            yield Token("text", at, token.start)
        yield token
        at = token.end
        if token.kind == "start" and token.name in RAW_TEXT | ESCAPABLE_RAW_TEXT:
            end = _script_end(text, at) if token.name == "script" and not endless else -1
            endless = endless or (token.name == "script" and end < 0)
            end = end if end >= 0 else _raw_end(text, at, token.name)
            if end > at:
                yield Token("text" if token.name in ESCAPABLE_RAW_TEXT else "raw", at, end, token.name)
            at = end
        elif token.kind == "start" and token.name == "plaintext":
            yield from (Token("text", at, len(text)),) if at < len(text) else ()
            return


def attributes(tag: str) -> dict[str, str]:
    """Attributes of a start tag's source, names in lower case, the first of a repeated one.

    >>> attributes('<a HREF="x&amp;y" hidden>')
    {'href': 'x&y', 'hidden': ''}
    """
    name = _TAG.match(tag)
    result: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(tag, name.end() if name else 0):
        value = next((group for group in found.groups()[1:] if group is not None), "")
        result.setdefault(found[1].lower(), unescape(value))
    return result


def unescape(text: str) -> str:
    """Character references resolved, one of thousands of digits, too, which Python refuses to read as a number.

    >>> unescape("&amp;" + "&#" + "1" * 5000 + ";")
    '&�'
    """
    try:
        return html.unescape(text)
    except ValueError:
        return html.unescape(_ENDLESS.sub("�", text))


def _markup(text: str, start: int, last_close: int) -> Token | None:
    if text.startswith("<!--", start):
        # "<!-->" and "<!--->" are empty comments.
        found = _COMMENT_END.search(text, start + 2)
        return Token("comment", start, found.end()) if found else Token("cut", start, len(text), "!--")
    tag = _TAG.match(text, start)
    if tag:
        name = tag[2].lower()
        rest = _REST.match(text, tag.end()) if start < last_close else None
        if not rest:
            return Token("cut", start, len(text), name)
        return Token("end" if tag[1] else "start", start, rest.end(), name)
    end = text.find(">", start) if start < last_close else -1
    return Token("declaration", start, end + 1) if end >= 0 else None


def _raw_end(text: str, start: int, name: str) -> int:
    found = re.compile(rf"</{name}(?=[\s/>])", re.I).search(text, start)
    return found.start() if found else len(text)


def _script_end(text: str, start: int) -> int:
    """Where a script ends, -1 if it never does: within ``<!-- -->`` a script may hold another one whole."""
    commented = nested = False
    for found in _IN_SCRIPT.finditer(text, start):
        if found[1] == "/" and not nested:
            return found.start()
        if found[0] == "<!--":
            commented = True
        elif found[0] == "-->":
            commented = nested = False
        elif commented:
            nested = not found[1]
    return -1
