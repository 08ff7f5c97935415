"""The pages among the records of WARC files (ISO 28500), as crawlers write them.

Other records are skipped: requests, redirects, images, style sheets, scripts, metadata of the crawler, revisits.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed

from pipeline.readers import http
from pipeline.readers.common import Declared, Origin, page, record_id, sniff_media_type, writable
from pipeline.records import MediaType, RawPage, Rejected

_TYPES: dict[str, MediaType] = {
    "text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain",
    "text/markdown": "text/markdown",
}  # fmt: skip
_KINDS = ("response", "resource", "conversion")
logging.getLogger("warcio").setLevel(logging.ERROR)  # its messages about URLs are of no use to users
_SLACK = 10  # how many times larger than the limit for a document an encoded body may be
_OK = ("200", "203", "206")
_LONGEST_LINE = 1_000_000  # bytes; what is longer is read in pieces, for putting a line together takes its square


def read_warc(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    """Pages of a WARC file; what follows a broken record is read on from the next one."""
    stream: Any = file
    number = 0
    while stream is not None:
        records = _Records(stream)
        told = 0
        try:
            for record in records:
                yield from _strays(records, told, number, origin)
                number, told = number + 1, records.err_count
                yield from _pages(record, number, origin)
            yield from _strays(records, told, number, origin)
            return
        except (ArchiveLoadFailed, ValueError, AttributeError, OverflowError) as error:
            stream = _from_next_record(records.reader)
            after = "what follows it was read" if stream else "the file holds nothing more that can be read"
            reason = f"no WARC record begins where one should ({str(error).split(':')[0].strip().lower()}); {after}"
            yield origin.reject(f"behind record {number}", reason, f"@behind-{number}")


class _Records(ArchiveIterator):  # type: ignore[misc]
    """The iterator of warcio, which counts stray bytes between records, without its messages on standard error."""

    INC_RECORD = ""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.reader = _BoundedLines(self.fh)


class _BoundedLines(DecompressingBufferedReader):  # type: ignore[misc]
    """The reader of warcio, with lines of bounded length: a file of zeros is one line."""

    def readline(self, length: int | None = None) -> bytes:
        """The next line, or the next piece of one."""
        return bytes(super().readline(min(length or _LONGEST_LINE, _LONGEST_LINE)))


def _strays(records: Any, told: int, number: int, origin: Origin) -> Iterator[Rejected]:
    if records.err_count > told:
        reason = "more of it follows than its length says; a part of it was not read"
        yield origin.reject(f"record {number}", reason, f"@{number}-rest")


def _pages(record: Any, number: int, origin: Origin) -> Iterator[RawPage | Rejected]:
    if record.rec_type not in _KINDS or not _may_be_page(record):
        return
    own = (record.rec_headers.get_header("WARC-Record-ID") or "").strip("<> ")
    identifier = record_id(writable(own)) or str(number)
    place = f"record {number}"
    headers = record.http_headers
    data = record.raw_stream.read(origin.max_bytes * _SLACK)
    if getattr(record.raw_stream, "limit", 0) > 0 and len(data) < origin.max_bytes * _SLACK:
        yield origin.reject(
            place, "the file breaks off within this record; what there is of it was read", f"{identifier}#@cut"
        )
    kind, _, parameters = _type(record).partition(";")
    status = headers.get_statuscode() if headers else _OK[0]
    if status not in _OK:
        yield origin.reject(place, f"the server answered {status}, so this is not the page", identifier)
        return
    transfer, content = (
        ((headers.get_header(name) or "") if headers else "") for name in ("Transfer-Encoding", "Content-Encoding")
    )
    data, wrong = http.body(data, transfer, content, origin.max_bytes + 1)
    if wrong:
        reason = f"{wrong}; what could be unpacked was read" if data else wrong
        yield origin.reject(place, reason, f"{identifier}#@broken" if data else identifier)
        if not data:
            return
    claimed = _TYPES.get(kind.strip().lower())
    if claimed is None and sniff_media_type(data[:2000].decode("latin-1"), "text/plain") != "text/html":
        return  # no type was given, and it does not look like a page
    charset = parameters.partition("charset=")[2].strip("\"' ;") if "charset=" in parameters else ""
    declared = Declared(record.rec_headers.get_header("WARC-Target-URI") or "", charset=charset)
    yield page(origin, data, claimed or "text/html", identifier, place, declared)


def _may_be_page(record: Any) -> bool:
    """Whether a record may be a page, by its headers."""
    kind = _type(record).partition(";")[0].strip().lower()
    status = record.http_headers.get_statuscode() if record.http_headers else ""
    address = urlsplit((record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>"))
    if status.startswith(("1", "3")) or address.path == "/robots.txt" or address.scheme == "dns":
        return False
    return kind in _TYPES or not kind


def _type(record: Any) -> str:
    if record.http_headers:
        return record.http_headers.get_header("Content-Type") or ""
    return record.content_type or ""


class _PushedBack(io.RawIOBase):
    """A stream with a line pushed back in front of it."""

    def __init__(self, line: bytes, rest: Any) -> None:
        self._line, self._rest = line, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._line:
            line, self._line = self._line, b""
            return line
        return bytes(self._rest.read(size))


def _from_next_record(reader: Any) -> _PushedBack | None:
    """The stream from where the next record begins, or nothing."""
    starts = True  # a line, and not a further piece of one
    while line := reader.readline():
        if starts and line.startswith(b"WARC/"):
            return _PushedBack(line, reader)
        starts = line.endswith(b"\n")
    return None
