"""Input files to raw pages. A reader is one function and its suffixes, in ``READERS``.

A reader yields ``RawPage`` for what it can read and ``Rejected`` for what it cannot; it never raises
for bad input.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipeline.encoding import DecodingError, decode
from pipeline.records import MediaType, RawPage, Rejected, Source

Reader = Callable[[str, bytes, MediaType, int], Iterator[RawPage | Rejected]]

_HTML_HEAD = re.compile(r"\A\s*(?:<!doctype\s+html|<html|<head|<body|<\?xml[^>]*>\s*<(?:!doctype\s+)?html)", re.I)
_TAGS = re.compile(r"</?(?:p|div|br|h[1-6]|ul|ol|li|table|tr|td|span|a|section|article)\b[^<>]{0,500}>", re.I)
READ = "read"  # the stage named in rejections


def read(root: Path, path: Path, max_bytes: int) -> Iterator[RawPage | Rejected]:
    """Yield the documents of one input file; ``max_bytes`` bounds its unpacked size."""
    name = path.relative_to(root).as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = bool(suffixes) and suffixes[-1] == ".gz"
    suffix = (suffixes[-2] if len(suffixes) > 1 else "") if packed else (suffixes[-1] if suffixes else "")
    if suffix not in READERS:
        known = " ".join(READERS)
        yield Rejected(
            name,
            name,
            READ,
            f"{name}: files ending in {suffix or 'nothing'!r} are not read; known: {known} (each also .gz).",
        )
        return
    reader, media_type = READERS[suffix]
    try:
        data = _bytes(path, packed, max_bytes)
    except (OSError, EOFError, zlib.error) as error:
        yield Rejected(name, name, READ, f"{name}: cannot be read: {_plain(error)}.")
        return
    if len(data) > max_bytes:
        size = f"{name}: larger than {max_bytes:,} bytes; raise max_bytes in pipeline.toml or split the file."
        yield Rejected(name, name, READ, size)
    elif not data.strip():
        yield Rejected(name, name, READ, f"{name}: the file is empty.")
    else:
        yield from reader(name, data, media_type, max_bytes)


def _bytes(path: Path, packed: bool, max_bytes: int) -> bytes:
    """At most one byte over the limit, so that a decompression bomb costs no more than the limit."""
    if packed:
        with gzip.open(path) as file:
            data = file.read(max_bytes + 1)
            file.read(1)  # at the end this checks that the file is whole
            return data
    with path.open("rb") as file:
        return file.read(max_bytes + 1)


def _page(name: str, data: bytes, media_type: MediaType, _max_bytes: int) -> Iterator[RawPage | Rejected]:
    """A file that is one document."""
    try:
        text, encoding = decode(data)
    except DecodingError as error:
        yield Rejected(name, name, READ, f"{name}: {error}.")
        return
    if not text.strip():
        yield Rejected(name, name, READ, f"{name}: the file holds only white space.")
        return
    source = Source(name, _by_content(text, media_type), hashlib.sha256(data).hexdigest())
    yield RawPage(name, source, text, encoding)


def _json_lines(name: str, data: bytes, _media_type: MediaType, _max_bytes: int) -> Iterator[RawPage | Rejected]:
    """One JSON object a line: {"id", "text" or "html", "title"?, "url"?, "date"?}."""
    try:
        text, encoding = decode(data)
    except DecodingError as error:
        yield Rejected(name, name, READ, f"{name}: {error}.")
        return
    seen: set[str] = set()
    # Not splitlines(): JSON strings may hold U+2028 and the like.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            page = _record(name, number, line, encoding)
            if page.document_id in seen:
                reason = f"{name} line {number}: the id is used twice; give each record its own."
                page = Rejected(f"{page.document_id}@{number}", name, READ, reason)
            seen.add(page.document_id)
            yield page


def _record(name: str, number: int, line: str, encoding: str) -> RawPage | Rejected:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = f"{name} line {number}: not valid JSON: {str(error).rstrip('.')}."
        return Rejected(f"{name}#{number}", name, READ, reason)
    value, key = _value(record)
    if not value.strip():
        reason = f'{name} line {number}: no text; the record needs a "text" or "html" field that is not empty.'
        return Rejected(f"{name}#{number}", name, READ, reason)
    extra = {field: _writable(str(record.get(field) or "")) for field in ("url", "title", "date")}
    identifier = record.get("id")
    identifier = _writable(identifier) if isinstance(identifier, str) else identifier
    document_id = f"{name}#{identifier if isinstance(identifier, str | int) and identifier != '' else number}"
    media_type = _by_content(value, "text/html" if key == "html" else "text/plain")
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    source = Source(name, media_type, digest, extra["url"])
    return RawPage(document_id, source, _writable(value), encoding, extra["title"], extra["date"])


def _writable(text: str) -> str:
    """Lone surrogates cannot be written as UTF-8, so they are shown as the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _value(record: Any) -> tuple[str, str]:
    for key in ("html", "text"):
        if isinstance(record, dict) and isinstance(record.get(key), str) and record[key].strip():
            return record[key], key
    return "", ""


def _by_content(text: str, claimed: MediaType) -> MediaType:
    """Media type by content where the name lies: a page in a .txt file, plain text in an .html file."""
    if _HTML_HEAD.match(text):
        return "text/html"
    tags = len(_TAGS.findall(text[:200_000]))
    if claimed == "text/html":
        return "text/html" if "<" in text or "&" in text else "text/plain"
    dense = tags >= 6 and tags * 400 > len(text[:200_000])
    return "text/html" if claimed == "text/plain" and dense and text.lstrip().startswith("<") else claimed


def _plain(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".").lower()


READERS: dict[str, tuple[Reader, MediaType]] = {
    ".html": (_page, "text/html"),
    ".htm": (_page, "text/html"),
    ".xhtml": (_page, "text/html"),
    ".txt": (_page, "text/plain"),
    ".md": (_page, "text/markdown"),
    ".jsonl": (_json_lines, "text/plain"),
}
