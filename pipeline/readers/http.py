"""The body of an HTTP message as archives keep it: chunked, packed, cut short, and with headers that are not true."""

from __future__ import annotations

import re

from pipeline.readers.packing import unpacked

_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_NEXT = re.compile(rb"\r?\n([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")


def body(data: bytes, transfer: str, content: str, most: int) -> tuple[bytes, str]:
    """At most ``most`` bytes of a body, as its author wrote it, and what is wrong with its packing, or nothing.

    ``transfer`` and ``content`` are the headers Transfer-Encoding and Content-Encoding (RFC 9112, RFC 9110).
    """
    if "chunked" in transfer.lower():
        data = dechunked(data)
    return unpacked(data, (name for name in content.lower().replace(" ", "").split(",") if name), most)


def dechunked(data: bytes) -> bytes:
    r"""A body without the sizes of its chunks (RFC 9112, 7.1).

    A size that does not lead to the end of its chunk is not believed: the chunk ends at the next line that can be a
    size. A body without sizes is given as it is, for archives often store it so and keep the header.

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
