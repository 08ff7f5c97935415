"""Decompress .gz and .zst files and HTTP bodies in small steps, so that a decompression bomb does no harm.

If the data is damaged or truncated, what precedes the break is returned; ``DecompressedStream.broken`` says why.
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
    """Adapts the brotli decompressor to the interface of zlib's."""

    def __init__(self) -> None:
        import brotli

        self._inner = brotli.Decompressor()
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return bool(self._inner.is_finished())

    def decompress(self, data: bytes) -> bytes:
        return bytes(self._inner.process(data))


# Compression to its decompressor and an input chunk size that cannot expand beyond some megabytes.
_DECOMPRESSORS: dict[str, tuple[Callable[[], Any], int]] = {
    "gzip": (lambda: zlib.decompressobj(31), 8192),
    "zlib": (zlib.decompressobj, 8192),
    "raw deflate": (lambda: zlib.decompressobj(-15), 8192),
    "zstd": (_zstd, 512),
    "br": (_Brotli, 64),
}
SUFFIXES = {".gz": "gzip", ".zst": "zstd"}


class DecompressedStream(io.RawIOBase):
    """The decompressed bytes of a stream, which may hold several concatenated members."""

    def __init__(self, packed: BinaryIO, packing: str) -> None:
        self._packed = packed
        self._make, self._step = _DECOMPRESSORS[packing]
        self._inner: _Decompressor = self._make()
        self._left, self._fresh, self._ready = b"", True, b""
        self.broken = ""

    def readable(self) -> bool:
        """Return True."""
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
        """Decompress one chunk; return False at the end."""
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


def unpacked(data: bytes, encodings: Iterable[str], byte_limit: int) -> tuple[bytes, str]:
    """Decode an HTTP body to no more than ``byte_limit`` bytes; also return what is wrong with it, or an empty string.

    ``encodings`` are in the order in which they were applied, as in the header Content-Encoding (RFC 9110, 8.4).
    """
    for encoding in reversed(list(encodings)):
        name = {"x-gzip": "gzip", "deflate": "zlib"}.get(encoding, encoding)
        if name == "identity":
            continue
        if name not in _DECOMPRESSORS:
            return b"", f"its encoding {encoding!r} is not known"
        if name == "gzip" and not data.startswith(b"\x1f\x8b"):
            continue  # archives often keep the header of a body that they have unpacked
        if name == "zlib" and (len(data) < 2 or data[0] & 15 != 8 or int.from_bytes(data[:2], "big") % 31):
            name = "raw deflate"
        stream = DecompressedStream(io.BytesIO(data), name)
        data = io.BufferedReader(stream).read(byte_limit)
        if stream.broken:
            return data, stream.broken
    return data, ""
