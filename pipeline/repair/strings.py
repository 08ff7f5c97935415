r"""A page that was cut out of a string with its escapes: ``<p class=\"x\">One\u003c\/p>\n``.

Programs write such strings as JSON, as their own literals (``\'``, ``\xe2\x80\x99``) or for SQL; tables double the
quotes instead (RFC 4180).
"""

from __future__ import annotations

import json
import re

from pipeline.edits import Change
from pipeline.markup.element_names import ANY_NAME
from pipeline.markup.tokens import tokenize

_ESCAPE = re.compile(
    r"""\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}
    |x[0-9a-fA-F]{2}(?:\\x[0-9a-fA-F]{2})*+|["'\\/bfnrt])""",
    re.X,
)
_START = re.compile(r"""\A\s*(?:[bru]?["'])?(?:\\+[nrt]|\s)*(?:<|\\u003[cC])""")
_ESCAPED_TAG = re.compile(rf"(?:\\u003[cC]\\?/?|<\\/)(?:{ANY_NAME})\b", re.I)
_PLAIN_END = re.compile(rf"</(?:{ANY_NAME})\s*>", re.I)
# Quotes of values in tags, escaped and plain, for either quote.
_VALUES = tuple(
    tuple(re.compile(rf"<[A-Za-z][^<>\"'\\]*=\s*{sign}{quote}") for sign in (r"\\+", "")) for quote in "\"'"
)
_ESCAPED_BREAK = re.compile(r"</?[a-z][^<>]*>(?:\\+r)?\\+n(?:\\+[nrt]|\s)*(?=<|[\"']?\s*\Z)", re.I)
_ONLY_BREAKS = re.compile(r"\s*(?:\\++[nrt]\s*)+")
_MOST_BREAKS = 2  # line breaks that are none of the string
_QUOTES = re.compile(r"""\A\s*([bru]?["'])|(["'])\s*\Z""")
_QUOTED = re.compile(r'\A\s*"')
_PLAIN = re.compile(r"""<[A-Za-z][^<>"'\\=]*=[ \t]*"[^"\\]""")
_HEAD = 5000  # characters
_SIGNS = {'"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ENOUGH = 2  # escaped tags or values
_ENOUGH_BREAKS = 3
_DOUBLED = re.compile(r'=""[^"\s>]')
_RUN_OF_QUOTES = re.compile(r'"+')


def unescape_string(text: str) -> list[Change]:
    """Undo the escapes of a string, where the page's own tags, values or line ends have them.

    Strings in the scripts of a page are left alone, because the page itself has values and line ends without escapes.
    """
    if "\\" not in text or not _START.match(text) or has_plain_values(text):
        return []
    if not (_is_string(text) or _is_escaped(text)):
        return []
    reason = "the page was cut out of a string with its escapes"
    changes = [
        Change(m.start(), m.end(), _decoded(m[0]), "unescape_string", reason, 0.95) for m in _ESCAPE.finditer(text)
    ]
    quotes = [m.span(m.lastindex or 0) for m in _QUOTES.finditer(text)]
    if len(quotes) == 2 and text[quotes[1][0] - 1] != "\\":
        changes += [Change(start, end, "", "unescape_string", reason, 0.95) for start, end in quotes]
    return changes


def has_plain_values(text: str) -> bool:
    """Whether values in the first tags and line ends are as they should be: then no encoding is on the whole page."""
    return _PLAIN.search(text, 0, _HEAD) is not None and text.find("\n", text.find("\n") + 1) >= 0


def halve_quotes(text: str) -> list[Change]:
    """``"<p class=""x"">"``: a field of a table, in which every quote is doubled."""
    if has_plain_values(text) or '=""' not in text or not _DOUBLED.search(text):
        return []
    inside = text.strip()
    bounded = len(inside) > 1 and inside[0] == inside[-1] == '"'
    first = text.index(inside) + bounded
    runs = [run.span() for run in _RUN_OF_QUOTES.finditer(text, first, first + len(inside) - 2 * bounded)]
    if any((end - start) % 2 for start, end in runs):
        return []
    reason = "the quotes of the page were doubled, as in a field of a table"
    spans = [(start, start + (end - start) // 2) for start, end in runs]
    if bounded:
        spans += [(first - 1, first), (first + len(inside) - 2, first + len(inside) - 1)]
    return [Change(start, end, "", "halve_quotes", reason, 0.95) for start, end in spans]


def _is_string(text: str) -> bool:
    """Whether a text is one string of JSON, with tags in it."""
    if not _QUOTED.match(text):
        return False
    try:
        return _PLAIN_END.search(str(json.loads(text))) is not None
    except (ValueError, RecursionError):
        return False


def _is_escaped(text: str) -> bool:
    if not _PLAIN_END.search(text) and _has(_ESCAPED_TAG, text, _ENOUGH):
        return True
    for escaped, plain in _VALUES if "=\\" in text else ():
        if not plain.search(text) and _has(escaped, text, _ENOUGH):
            tags = [text[token.start : token.end] for token in tokenize(text) if token.kind == "start"]
            if sum(escaped.match(tag) is not None for tag in tags) >= _ENOUGH:
                return True
    if text.count("\n") > _MOST_BREAKS or not _has(_ESCAPED_BREAK, text, _ENOUGH_BREAKS):
        return False
    between = (text[token.start : token.end] for token in tokenize(text) if token.kind == "text" and not token.name)
    return sum(_ONLY_BREAKS.fullmatch(one) is not None for one in between) >= _ENOUGH_BREAKS


def _has(pattern: re.Pattern[str], text: str, number: int) -> bool:
    return sum(1 for _, _found in zip(range(number), pattern.finditer(text), strict=False)) == number


def _decoded(escape: str) -> str:
    if escape[1] == "x":
        data = bytes.fromhex(escape.replace("\\x", ""))
        try:
            return data.decode()
        except UnicodeDecodeError:
            return data.decode("latin-1")
    if escape[1] != "u":
        return _SIGNS[escape[1]]
    units = b"".join(int(unit, 16).to_bytes(2, "big") for unit in re.findall(r"\\u(.{4})", escape))
    return units.decode("utf-16-be")
