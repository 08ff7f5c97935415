"""HTTP message bodies as archives store them: chunked, compressed, truncated, and with wrong headers."""

from __future__ import annotations

import re

from pipeline.readers.packing import unpacked

_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_NEXT = re.compile(rb"\r?\n([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")


def body(data: bytes, transfer: str, content: str, byte_limit: int) -> tuple[bytes, str]:
    """Decode a body to ``byte_limit`` bytes or fewer; also return what is wrong with its encoding, or an empty string.

    ``transfer`` and ``content`` are the headers Transfer-Encoding and Content-Encoding (RFC 9112, RFC 9110).
    """
    if "chunked" in transfer.lower():
        data = dechunked(data)
    return unpacked(data, (name for name in content.lower().replace(" ", "").split(",") if name), byte_limit)


def dechunked(data: bytes) -> bytes:
    r"""Decode the chunked transfer coding of a body (RFC 9112, 7.1).

    A chunk size that does not lead to the next one is ignored: the chunk ends at the next line that can be a chunk
    size. A body without chunk sizes is returned unchanged, as archives often decode it and keep the header.

    >>> dechunked(b"3\r\nabc\r\n9\r\ndef\r\n0\r\n\r\n")
    b'abcdef'
    """
    found = _CHUNK.match(data)
    if not found:
        return data
    parts: list[bytes] = []
    while found and int(found[1], 16):
        start = found.end()
        end = start + int(found[1], 16)
        behind = re.compile(rb"\r?\n").match(data, end)
        found = _CHUNK.match(data, behind.end()) if behind else None
        if not found:
            end = len(data)
            later = _NEXT.search(data, start)
            if later:
                end = later.start()
                found = _CHUNK.match(data, later.start(1))
        parts.append(data[start:end])
    return b"".join(parts)
