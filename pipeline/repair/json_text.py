r"""A page that was cut out of JSON with its escapes: ``<p class=\"x\">One\u003c\/p>\n``."""

from __future__ import annotations

import json
import re

from pipeline.edits import Change
from pipeline.markup.element_names import ANY_NAME

_ESCAPE = re.compile(
    r'\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|["\\/bfnrt])'
)
_START = re.compile(r'\A\s*"?(?:\\[nrt]|\s)*(?:<|\\u003[cC])')
_ESCAPED_TAG = re.compile(rf"(?:\\u003[cC]\\?/?|<\\/)(?:{ANY_NAME})\b", re.I)
_PLAIN_END = re.compile(rf"</(?:{ANY_NAME})\s*>", re.I)
_QUOTES = re.compile(r'\A\s*(")|(")\s*\Z')
_QUOTED = re.compile(r'\A\s*"')
_PLAIN = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ENOUGH = 2  # escaped tags


def unescape_json(text: str) -> list[Change]:
    """Undo JSON escapes where the page is one JSON string, or has escaped tags and no unescaped end tag.

    JSON in the scripts of a page is left alone, because the page itself has unescaped end tags.
    """
    if "\\" not in text or not _START.match(text) or not (_is_string(text) or _is_escaped(text)):
        return []
    reason = "the page was cut out of JSON with its escapes"
    changes = [
        Change(m.start(), m.end(), _decode_escape(m[0]), "unescape_json", reason, 0.95) for m in _ESCAPE.finditer(text)
    ]
    quotes = [m.span(m.lastindex or 0) for m in _QUOTES.finditer(text)]
    if len(quotes) == 2 and text[quotes[1][0] - 1] != "\\":
        changes += [Change(start, end, "", "unescape_json", reason, 0.95) for start, end in quotes]
    return changes


def _is_string(text: str) -> bool:
    """Whether a text is one string of JSON, with tags in it."""
    if not _QUOTED.match(text):
        return False
    try:
        return _PLAIN_END.search(str(json.loads(text))) is not None
    except (ValueError, RecursionError):
        return False


def _is_escaped(text: str) -> bool:
    if _PLAIN_END.search(text):
        return False
    return sum(1 for _, _found in zip(range(_ENOUGH), _ESCAPED_TAG.finditer(text), strict=False)) == _ENOUGH


def _decode_escape(escape: str) -> str:
    if escape[1] != "u":
        return _PLAIN[escape[1]]
    units = b"".join(int(unit, 16).to_bytes(2, "big") for unit in re.findall(r"\\u(.{4})", escape))
    return units.decode("utf-16-be")
