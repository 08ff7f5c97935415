"""Unpacking .gz, .zst and what servers compress, in small steps: a bomb costs no more than is asked for.

Where the packing breaks off, what came before is given; ``Unpacked.broken`` then says why there is no more.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class _Decompressor(Protocol):
    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, /) -> bytes: ...


def _zstd() -> Any:
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj()


class _Brotli:
    """The brotli module's object in the shape of the standard library's."""

    def __init__(self) -> None:
        import brotli

        self._inner = brotli.Decompressor()
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return bool(self._inner.is_finished())

    def decompress(self, data: bytes) -> bytes:
        return bytes(self._inner.process(data))


# By name: what unpacks it, and how many packed bytes at once cannot grow beyond some megabytes.
_PACKINGS: dict[str, tuple[Callable[[], Any], int]] = {
    "gzip": (lambda: zlib.decompressobj(31), 8192),
    "zlib": (zlib.decompressobj, 8192),
    "raw deflate": (lambda: zlib.decompressobj(-15), 8192),
    "zstd": (_zstd, 512),
    "br": (_Brotli, 64),
}
SUFFIXES = {".gz": "gzip", ".zst": "zstd"}


class Unpacked(io.RawIOBase):
    """The unpacked bytes of a stream, which may hold several packed members one after another."""

    def __init__(self, packed: BinaryIO, packing: str) -> None:
        self._packed = packed
        self._make, self._step = _PACKINGS[packing]
        self._inner: _Decompressor = self._make()
        self._left, self._fresh, self._ready = b"", True, b""
        self.broken = ""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, target: WriteableBuffer, /) -> int:
        """Fill the target with what is unpacked next."""
        view = memoryview(target).cast("B")
        while not self._ready and self._unpack():
            pass
        size = min(len(view), len(self._ready))
        view[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _unpack(self) -> bool:
        """Take one step; false at the end."""
        if self.broken:
            return False
        step = self._left or self._packed.read(self._step)
        self._left = b""
        if not step:
            self.broken = "" if self._fresh or self._inner.eof else "its packing breaks off"
            return False
        if self._inner.eof:
            if not step.strip(b"\0"):
                return True  # padding behind the last member
            self._inner, self._fresh = self._make(), True
        try:
            self._ready = self._inner.decompress(step)
        except Exception as error:  # every packing has errors of its own
            self.broken = f"its packing is damaged: {str(error).rstrip('.').lower()}"
            return False
        self._fresh = False
        self._left = self._inner.unused_data if self._inner.eof else b""
        return True


def unpacked(data: bytes, encodings: Iterable[str], most: int) -> tuple[bytes, str]:
    """At most ``most`` bytes of an HTTP body, without its content encodings, and what is wrong with it, or nothing.

    ``encodings`` are in the order in which they were applied, as in the header Content-Encoding (RFC 9110, 8.4).
    """
    for encoding in reversed(list(encodings)):
        name = {"x-gzip": "gzip", "deflate": "zlib"}.get(encoding, encoding)
        if name == "identity":
            continue
        if name not in _PACKINGS:
            return b"", f"its encoding {encoding!r} is not known"
        if name == "gzip" and not data.startswith(b"\x1f\x8b"):
            continue  # archives often keep the header of a body that they have unpacked
        if name == "zlib" and (len(data) < 2 or data[0] & 15 != 8 or int.from_bytes(data[:2], "big") % 31):
            name = "raw deflate"
        stream = Unpacked(io.BytesIO(data), name)
        data = io.BufferedReader(stream).read(most)
        if stream.broken:
            return data, stream.broken
    return data, ""
