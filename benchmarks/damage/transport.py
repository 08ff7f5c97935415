"""Damage to a page's bytes on their way: X1 to X7."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ByteOperator:
    """A kind of damage by name; ``damage`` takes the page in UTF-8."""

    name: str
    damage: Callable[[bytes, random.Random], bytes]


_WINDOWS = [bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _mojibake(data: bytes, _chance: random.Random) -> bytes:
    """As browsers read windows-1252: the bytes it leaves undefined are control characters."""
    return "".join(_WINDOWS[byte] for byte in data).encode()


def _as_windows(data: bytes, _chance: random.Random) -> bytes:
    return _text(data).encode("cp1252", "xmlcharrefreplace")


def _one_windows_byte(data: bytes, chance: random.Random) -> bytes:
    places = [found.start() for found in re.finditer(rb"(?<=[a-z]) (?=[a-z])", data)]
    at = chance.choice(places) if places else len(data)
    return data[:at] + b" \x96 " + data[at:]


def _nul(data: bytes, chance: random.Random) -> bytes:
    return b"".join(bytes((0, byte)) if chance.random() < 0.002 else bytes((byte,)) for byte in data)


def _wrong_charset(data: bytes, _chance: random.Random) -> bytes:
    return re.sub(rb"(?i)charset=[\"']?utf-8", b'charset="iso-8859-1', data)


OPERATORS = (
    ByteOperator("X1 read as cp1252", _mojibake),
    ByteOperator("X2 cp1252 that says utf-8", _as_windows),
    ByteOperator("X3 one byte of cp1252", _one_windows_byte),
    ByteOperator("X4 utf-8 that says iso-8859-1", _wrong_charset),
    ByteOperator("X5 UTF-16 without a mark", lambda data, _chance: _text(data).encode("utf-16-le")),
    ByteOperator("X6 NUL bytes", _nul),
    ByteOperator("X7 cut off", lambda data, chance: data[: int(len(data) * chance.uniform(0.6, 0.95))]),
)
