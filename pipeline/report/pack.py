"""Data embedded in a page: JSON, deflated and base64-encoded, in parts that the browser unpacks on demand."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from typing import Any

_PART = 400_000  # characters of JSON; parts of this size unpack in some milliseconds, and pack well


def pack(value: Any) -> str:
    """A value as base64 of raw deflate (RFC 1951) of JSON."""
    return _packed(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def pack_all(values: Iterable[Any]) -> tuple[list[str], list[tuple[int, int]]]:
    """Packed parts, each a list of values, and for each value its (part, index in it)."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    waiting: list[str] = []
    size = 0
    for value in values:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        places.append((len(parts), len(waiting)))
        waiting.append(text)
        size += len(text)
        if size >= _PART:
            parts.append(_packed(f"[{','.join(waiting)}]"))
            waiting, size = [], 0
    if waiting:
        parts.append(_packed(f"[{','.join(waiting)}]"))
    return parts, places


def _packed(text: str) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(packer.compress(text.encode("utf-8")) + packer.flush()).decode("ascii")
