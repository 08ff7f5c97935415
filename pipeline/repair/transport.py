"""Encodings that a page travelled in and that were never undone: of mail, of addresses, of listings.

Each needs evidence all over the page, and that tags come of it. They are undone before anything else is looked at.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from urllib.parse import unquote_to_bytes

from pipeline.edits import Change
from pipeline.markup.element_names import ANY_NAME
from pipeline.repair.signs import drop_prefixes, replace_look_alikes
from pipeline.repair.strings import halve_quotes, has_plain_values, unescape_string

_TAG = re.compile(rf"<!doctype\b|</?(?:{ANY_NAME})[\s>/]", re.I)
_TAGS = 2  # that must come of what is undone
_MOST = 0.95  # of the places or lines that have to show the encoding
_PRINTABLE = re.compile(r"(?:=[0-9A-Fa-f]{2}|=[ \t]*\r?\n)+")
_PRINTABLE_SIGN = re.compile(r"=3[dD]|=[ \t]*\r?\n")
_SOFT_BREAK = re.compile(r"=[ \t]*\r?\n")
_BASE64 = re.compile(r"\s*(?:[A-Za-z0-9+/]++\s*+)++={0,2}\s*")
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/=]+")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_LOOK = 500  # characters at either end, where a line tells whether all may be marked
_PERCENT_START = re.compile(r"\s*+(?:%(?:0[9ADad]|20|EF%BB%BF)|\+)*+%3C", re.I)  # white space, and a tag
_LINE = re.compile(r"^.*\S.*$", re.M)
_QUOTE = re.compile(r"[ \t]*((?:>[ \t]?)+|\+[ \t]?|\|[ \t]?)")
_NUMBER = re.compile(r"[ \t]*(\d{1,6})(?:[.:|)]?(?:\t|[ ]{1,2})|[.:|)]?$)")

Layer = Callable[[str], list[Change]]


def undo_quoted_printable(text: str) -> list[Change]:
    """``<p class=3D"x">caf=C3=A9`` and lines that end in ``=`` (RFC 2045): every equals sign of the page is encoded."""
    if has_plain_values(text):
        return []
    signs = text.count("=")
    if text.count('="') > (1 - _MOST) * signs or not any(one in text for one in ("=3D", "=3d", "=\n", "=\r\n")):
        return []
    encoded = list(_PRINTABLE.finditer(text))
    covered = sum(found[0].count("=") for found in encoded)
    if len(_PRINTABLE_SIGN.findall(text)) < _TAGS or covered < _MOST * signs or not _makes_tags(text):
        return []
    reason = "the page was left as it is sent by mail, in quoted-printable"
    codes = [_SOFT_BREAK.sub("", found[0]).replace("=", "") for found in encoded]
    said = _texts([bytes.fromhex(code) for code in codes])
    return [
        Change(*found.span(), text_of, "undo_quoted_printable", reason, 0.95)
        for found, text_of in zip(encoded, said, strict=True)
    ]


def undo_base64(text: str) -> list[Change]:
    """A page as mail carries it in base64 (RFC 4648), line by line."""
    if not _BASE64.fullmatch(text):
        return []
    lines = list(_BASE64_LINE.finditer(text))
    try:
        data = [base64.b64decode(line[0], validate=True) for line in lines]
        decoder = codecs.getincrementaldecoder("utf-8")()  # a character may begin in one line and end in the next
        said = [decoder.decode(line) for line in data]
        decoder.decode(b"", final=True)
    except (binascii.Error, UnicodeDecodeError):
        return []
    if not _makes_tags("".join(said)):
        return []
    reason = "the page was left as it is sent by mail, in base64"
    gaps = [text[: lines[0].start()], *(text[a.end() : b.start()] for a, b in pairwise(lines))]
    starts = [line.start() - len(gap) for line, gap in zip(lines, gaps, strict=True)]
    return [
        Change(start, line.end(), one, "undo_base64", reason, 0.95)
        for start, line, one in zip(starts, lines, said, strict=True)
    ]


def undo_percent(text: str) -> list[Change]:
    """``%3Cp%3EOne%20two``: a page as it is part of an address, or sent by a form with plus signs for spaces."""
    if "<" in text or not _PERCENT_START.match(text):
        return []
    form = not any(sign in text for sign in (" ", "\n", "%20"))
    pattern = re.compile(rf"{_PERCENT.pattern}|\+") if form else _PERCENT
    encoded = list(pattern.finditer(text))
    said = _texts([b" " if found[0] == "+" else unquote_to_bytes(found[0]) for found in encoded])
    if len(_TAG.findall("".join(said))) + sum("<" in one for one in said) < _TAGS:
        return []
    reason = "the page was left percent-encoded, as in an address"
    return [Change(*found.span(), one, "undo_percent", reason, 0.95) for found, one in zip(encoded, said, strict=True)]


def drop_line_marks(text: str) -> list[Change]:
    """``> <p>One</p>``: what a mail, a diff or a console puts in front of every line."""
    lines = _lines(text, _QUOTE)
    signs = [_QUOTE.match(text, start, end) for start, end in lines]
    found = [sign for sign in signs if sign]
    if len(found) < _TAGS or len(found) < _MOST * len(lines) or len({sign[1][0] for sign in found}) > 1:
        return []
    if sum(_TAG.match(text, sign.end()) is not None for sign in found) < _TAGS:
        return []
    reason = "a mark in front of every line, as of a quoted mail or a diff"
    return [Change(*sign.span(), "", "drop_line_marks", reason, 0.95) for sign in found]


def drop_line_numbers(text: str) -> list[Change]:
    """``12  <p>One</p>``: a listing whose lines are numbered one after the other."""
    lines = _lines(text, _NUMBER)
    numbers = [_NUMBER.match(text, start, end) for start, end in lines]
    found = [number for number in numbers if number]
    if len(found) < _TAGS or len(found) < len(lines):
        return []
    values = [int(number[1]) for number in found]
    blank = text.count("\n") + 1 - len(lines)  # an editor may number no empty lines, or all of them
    if values != sorted(set(values)) or values[-1] - values[0] > len(values) - 1 + blank:
        return []
    if sum(_TAG.match(text, number.end()) is not None for number in found) < _TAGS:
        return []
    reason = "the number of a line, as in a listing"
    return [Change(*number.span(), "", "drop_line_numbers", reason, 0.95) for number in found]


LAYERS: tuple[Layer, ...] = (
    undo_base64,
    undo_quoted_printable,
    undo_percent,
    drop_line_marks,
    drop_line_numbers,
    halve_quotes,
    unescape_string,
    replace_look_alikes,
    drop_prefixes,
)


def _lines(text: str, mark: re.Pattern[str]) -> list[tuple[int, int]]:
    """Where the lines stand that are not blank; none if neither the first nor the last begins with the mark."""
    head, tail = text[:_LOOK].lstrip(), text[-_LOOK:].rstrip()
    first, last = head.partition("\n")[0], tail[tail.rfind("\n") + 1 :]
    if not (mark.match(first) or mark.match(last)):
        return []
    return [line.span() for line in _LINE.finditer(text)]


def _makes_tags(text: str) -> bool:
    return sum(1 for _, _found in zip(range(_TAGS), _TAG.finditer(text), strict=False)) == _TAGS


def _texts(data: Sequence[bytes]) -> list[str]:
    """Encoded stretches as text: in UTF-8 if all are, else as browsers read windows-1252."""
    try:
        return [one.decode() for one in data]
    except UnicodeDecodeError:
        return [one.decode("cp1252", "replace") for one in data]
