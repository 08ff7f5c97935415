"""Lines of JSON, one document a line, as crawlers and corpora write them."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from pipeline.readers.common import Declared, Origin, page_from_text, record_id, writable
from pipeline.readers.encoding import DecodingError, decode
from pipeline.records import MediaType, RawPage, Rejected

# Field to its accepted names; the first one with a value is used.
_NAMES: dict[str, tuple[str, ...]] = {
    "html": ("html", "raw_html", "content_html", "page_html", "body"),
    "markdown": ("markdown",),
    "text": ("text", "content", "raw_text", "raw_content"),
    "id": ("id", "doc_id", "document_id", "_id"),
    "url": ("url", "source_url", "link", "uri"),
    "title": ("title",),
    "date": ("date", "published", "date_published", "pub_date"),
}
_TYPES: tuple[tuple[str, MediaType], ...] = (
    ("html", "text/html"), ("markdown", "text/markdown"), ("text", "text/plain"),
)  # fmt: skip
_PIECE = 1 << 20  # bytes
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def read_json_lines(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    """One JSON object a line: {"id", "text" or "html", "title"?, "url"?, "date"?}, or other names for the same."""
    for number, line in enumerate(_lines(file, origin.max_bytes), 1):
        if len(line) > origin.max_bytes:
            yield origin.too_large(f"line {number}", f"@{number}")
        elif line.strip():
            yield _record(line, number, origin)


def _lines(file: BinaryIO, byte_limit: int) -> Iterator[bytes]:
    """Lines, truncated if too long; only a line feed ends a line, because JSON strings may contain U+2028."""
    line = file.readline(byte_limit + 1)
    wide = next((name for mark, name in _WIDE if line.startswith(mark)), "")
    if wide:
        yield from _wide_lines(line, file, wide, byte_limit)
        return
    line = line.removeprefix(codecs.BOM_UTF8)
    while line:
        yield line
        while line and not line.endswith(b"\n"):
            line = file.readline(byte_limit + 1)  # the rest of a line that is too long
        line = file.readline(byte_limit + 1)


def _wide_lines(start: bytes, file: BinaryIO, encoding: str, byte_limit: int) -> Iterator[bytes]:
    """Lines of UTF-16 or UTF-32, in which a byte 10 may be a part of any character, as UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    waiting, piece = "", start
    while piece:
        *whole, waiting = (waiting + decoder.decode(piece)).split("\n")
        yield from (line.encode("utf-8", "surrogatepass") for line in whole)
        waiting = waiting[: byte_limit + 1]  # enough to tell that it is too long
        piece = file.read(_PIECE)
    yield (waiting + decoder.decode(b"", final=True)).encode("utf-8", "surrogatepass")


def _record(line: bytes, number: int, origin: Origin) -> RawPage | Rejected:
    place = f"line {number}"
    try:
        text, encoding = decode(line)
        record = json.loads(text)
    except DecodingError as error:
        return origin.reject(place, str(error), f"@{number}")
    except (ValueError, RecursionError) as error:
        return origin.reject(place, f"not valid JSON: {error}", f"@{number}")
    if not isinstance(record, dict):
        return origin.reject(place, 'not an object; a line is {"id": ..., "text" or "html": ...}', f"@{number}")
    for kind, media_type in _TYPES:
        value = _field(record, kind)
        if value:
            digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
            declared = Declared(*(writable(_field(record, name)) for name in ("url", "title", "date")))
            identifier = record_id(writable(_field(record, "id"))) or str(number)
            return page_from_text(origin, writable(value), media_type, digest, identifier, declared, encoding)
    return origin.reject(place, 'no text; the record needs a "text" or "html" field that is not empty', f"@{number}")


def _field(record: Mapping[str, Any], kind: str) -> str:
    """A field under any of its names, in the record or in the record's metadata; empty without one."""
    inner = record.get("metadata")
    for place in (record, inner if isinstance(inner, dict) else {}):
        for name in _NAMES[kind]:
            value = place.get(name)
            if isinstance(value, str) and value.strip():
                return value
            if kind == "id" and isinstance(value, int) and not isinstance(value, bool):
                return str(value)
    return ""
