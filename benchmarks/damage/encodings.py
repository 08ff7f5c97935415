"""Encodings of transport that were never undone: N1 to N9. A page went by mail, as a string or as a field."""

from __future__ import annotations

import base64
import quopri
import random
import re
from urllib.parse import quote

from benchmarks.damage.operators import Operator, at_places


def _quoted_printable(found: re.Match[str], _chance: random.Random) -> str:
    return quopri.encodestring(found[0].encode()).decode("ascii")


def _base64(found: re.Match[str], _chance: random.Random) -> str:
    return base64.encodebytes(found[0].encode()).decode("ascii")


def _mail_quoted(found: re.Match[str], _chance: random.Random) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in found[0].split("\n"))


def _as_diff(found: re.Match[str], _chance: random.Random) -> str:
    return "\n".join(f"+{line}" for line in found[0].split("\n"))


def _numbered(found: re.Match[str], _chance: random.Random) -> str:
    return "\n".join(f"{number:5}  {line}" for number, line in enumerate(found[0].split("\n"), 1))


_IN_STRING = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})
_IN_SQL = str.maketrans({'"': '\\"', "'": "\\'", "\\": "\\\\", "\n": "\\r\\n", "\r": None})
_IN_BYTES = {ord("'"): "\\'", ord("\\"): "\\\\", ord("\n"): "\\n", ord("\t"): "\\t", ord("\r"): "\\r"}


def _as_bytes(found: re.Match[str], _chance: random.Random) -> str:
    """As Python prints bytes."""
    return "".join(
        chr(byte).translate(_IN_BYTES) if byte < 128 else f"\\x{byte:02x}" for byte in found[0].encode("utf-8")
    )


OPERATORS = tuple(
    Operator(name, at_places(r"(?s).+", write, 1.0, 0))
    for name, write in (
        ("N1 quoted-printable", _quoted_printable),
        ("N2 base64", _base64),
        ("N3 quoted in a mail", _mail_quoted),
        ("N3 added lines of a diff", _as_diff),
        ("N4 lines numbered", _numbered),
        ("N5 escaped for a string", lambda found, _chance: found[0].translate(_IN_STRING)),
        ("N5 escaped for a string, twice", lambda found, _chance: found[0].translate(_IN_STRING).translate(_IN_STRING)),
        ("N6 escaped for SQL", lambda found, _chance: found[0].translate(_IN_SQL)),
        ("N7 printed as bytes", _as_bytes),
        ("N8 quotes doubled for CSV", lambda found, _chance: f'"{found[0].replace(chr(34), chr(34) * 2)}"'),
        ("N9 percent-encoded", lambda found, _chance: quote(found[0], safe="")),
    )
)
