"""Bytes to text: byte-order mark, then strict UTF-8, then the declaration, then detection."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from pipeline.errors import DocumentError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I)
# Mojibake: a lead byte of UTF-8 (\xc2 to \xf4) and a continuation byte, each read as cp1252 and encoded as UTF-8 again.
_CONTINUATION = [*map(chr, range(0x80, 0xC0)), *"€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"]
_MOJIBAKE = re.compile(b"\xc3[\x82-\xb4](?:" + b"|".join(re.escape(letter.encode()) for letter in _CONTINUATION) + b")")
_MIN_MOJIBAKE = 3
_ODD = bytes(byte for byte in range(32) if byte < 9 or 13 < byte < 27 or byte > 27)  # control bytes that no text has
# The encodings of the WHATWG Encoding Standard by their Python names. Python has others, such as utf-7 and
# unicode-escape, in which harmless-looking bytes can encode markup or no text at all.
_WEB_ENCODINGS = frozenset((
    "utf-8", "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp874", "gb2312", "gbk", "gb18030", "big5",
    "big5hkscs", "euc_jp", "iso2022_jp", "shift_jis", "cp932", "euc_kr", "cp949", "tis-620",
    *(f"cp{number}" for number in range(1250, 1259)), *(f"iso8859-{number}" for number in range(2, 17)),
))  # fmt: skip
_LOOK = 2048  # bytes; where HTML and XML declare their encoding


class DecodingError(DocumentError):
    """The bytes are not text in any encoding that was tried."""


def decode(data: bytes, charset: str = "") -> tuple[str, str]:
    """Return (text, name of the encoding). ``charset`` is what the transport said, which wins over the page's own.

    A declaration is believed only where the bytes are not valid UTF-8: pages that say ISO-8859-1 and
    are UTF-8 are common, the reverse hardly exists. A declared Latin-1 means cp1252, as in browsers
    (WHATWG Encoding Standard).

    Raises:
        DecodingError: binary data.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, name), name.removesuffix("-sig")
    wide = _utf16_without_mark(data)
    if wide:
        return _strict(data, wide), wide
    if looks_binary(data):
        raise DecodingError("it is binary data, not text")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data, charset)
    return _undo_mojibake(text) if len(_MOJIBAKE.findall(data)) >= _MIN_MOJIBAKE else (text, "utf-8")


def _undo_mojibake(text: str) -> tuple[str, str]:
    """Undo mojibake: UTF-8 that was read as cp1252 and encoded again, if that holds for the whole text."""
    try:
        return text.encode("cp1252", errors="c1_control").decode("utf-8"), "utf-8 saved as cp1252"
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text, "utf-8"  # mojibake in parts, if any: normalization checks each word


def looks_binary(data: bytes) -> bool:
    """Whether the first bytes hold control characters that no text has."""
    head = data[:4096]
    odd = len(head) - len(head.translate(None, _ODD))
    return odd > len(head) * 0.02 or data.startswith((b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04"))


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise DecodingError(f"it is marked as {name} but is not: {error.reason} at byte {error.start}") from error


def _utf16_without_mark(data: bytes) -> str:
    head = data[:_LOOK]
    if len(head) < 8 or head.count(0) < len(head) * 0.3:
        return ""
    low, high = head[0::2].count(0), head[1::2].count(0)
    return "utf-16-le" if high > 9 * low else "utf-16-be" if low > 9 * high else ""


def _legacy(data: bytes, charset: str) -> tuple[str, str]:
    declared = _codec(charset) or _declared(data)
    if declared == "utf-8":
        # A UTF-8 page with a few stray bytes: keep the rest, read those bytes as cp1252.
        return data.decode("utf-8", errors="stray_cp1252"), "utf-8"
    if declared:
        return data.decode(declared, errors="stray_cp1252"), declared
    valid = len(data.decode("utf-8", errors="ignore").encode())
    if len(data) - valid <= max(2, len(data) * 0.001):
        return data.decode("utf-8", errors="stray_cp1252"), "utf-8"
    if sum(byte > 127 for byte in data) < len(data) * 0.1:
        # A Western text with a few special characters, where statistics have nothing to go by.
        return data.decode("cp1252", errors="stray_cp1252"), "cp1252"
    best = from_bytes(data[:200_000], cp_exclusion=["utf_7"]).best()
    name = best.encoding if best else "cp1252"
    return data.decode(name, errors="stray_cp1252"), name


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:_LOOK])
    return _codec(found[1].decode("ascii")) if found else ""


def _codec(label: str) -> str:
    """The Python codec for an encoding label, or an empty string."""
    try:
        name = codecs.lookup(label).name if label else ""
    except (LookupError, ValueError):
        return ""
    if name.startswith(("utf-16", "utf-32")):
        return "utf-8"  # a declaration that can be read byte by byte is not in UTF-16
    if name in ("iso8859-1", "ascii"):
        return "cp1252"
    return name if name in _WEB_ENCODINGS else ""


def _stray_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.reason == "unexpected end of data" and error.object[-1:] >= b"\x80":
        return "\ufffd", len(error.object)  # the text was cut within a character
    stray = error.object[error.start : error.end]
    # The five bytes that cp1252 leaves undefined stand for C1 controls, as in browsers.
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in stray), error.end


def _c1_control(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError) or any(ord(c) > 0x9F for c in error.object[error.start : error.end]):
        raise error
    return bytes(map(ord, error.object[error.start : error.end])), error.end


codecs.register_error("c1_control", _c1_control)
codecs.register_error("stray_cp1252", _stray_cp1252)
