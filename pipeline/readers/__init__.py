"""Read input files into raw pages; ``READERS`` lists each reader with its file suffixes.

A reader takes an open file and yields ``RawPage`` for what it can read and ``Rejected`` for what it cannot. If it
raises, the error becomes a ``Rejected`` here, and the pages before it are kept.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO, NamedTuple

from pipeline.errors import DocumentError, UserError, is_transient, plain
from pipeline.limits import LimitError
from pipeline.readers.common import READ, Declared, Origin, page, page_from_text, writable
from pipeline.readers.inputs import Input, open_file
from pipeline.readers.packing import SUFFIXES, DecompressedStream
from pipeline.records import MediaType, RawPage, Rejected

__all__ = ["READ", "READERS", "Kind", "kind_of", "read", "read_bytes", "read_text", "steps"]

WHOLE = range(1 << 62)  # all byte offsets of a file
_SKIPPED = 100  # documents skipped for each None that ``steps`` yields
Reader = Callable[[BinaryIO, Origin], Iterator[RawPage | Rejected]]


def read_page(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    """A file that is one document."""
    yield page(origin, file.read(origin.max_bytes + 1), origin.media_type)


def _json_lines(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    from pipeline.readers.json_lines import read_json_lines

    return read_json_lines(file, origin)


def _warc(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    from pipeline.readers.web_archive import read_warc

    return read_warc(file, origin)


def _mhtml(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    from pipeline.readers.mhtml import read_mhtml

    return read_mhtml(file, origin)


def _epub(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    from pipeline.readers.epub import read_epub

    return read_epub(file, origin)


def _xml(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    from pipeline.readers.wordpress import read_xml

    return read_xml(file, origin)


class Kind(NamedTuple):
    """How files with some suffixes are read; ``in_parts``: sequentially, so that a large file can be split."""

    suffixes: tuple[str, ...]
    media_type: MediaType
    reader: Reader
    in_parts: bool = False


READERS = (
    Kind((".html", ".htm", ".xhtml"), "text/html", read_page),
    Kind((".txt",), "text/plain", read_page),
    Kind((".md", ".markdown"), "text/markdown", read_page),
    Kind((".jsonl", ".ndjson"), "text/plain", _json_lines, in_parts=True),
    Kind((".warc",), "text/html", _warc, in_parts=True),
    Kind((".mhtml", ".mht"), "text/html", _mhtml),
    Kind((".epub",), "text/html", _epub),
    Kind((".xml",), "text/html", _xml),
)


def kind_of(name: str) -> tuple[Kind | None, str]:
    """The reader and the compression for a file name; None for a suffix that is not known."""
    lowered = name.lower()
    packed = next((suffix for suffix in SUFFIXES if lowered.endswith(suffix)), "")
    lowered = lowered.removesuffix(packed)
    kind = next((kind for kind in READERS if lowered.endswith(kind.suffixes)), None)
    return kind, SUFFIXES.get(packed, "")


def is_splittable(name: str) -> bool:
    """Whether a file of a name can be read in parts."""
    kind, _packing = kind_of(name)
    return bool(kind and kind.in_parts)


def rest_of(name: str, part: range) -> str:
    """The document id for the unreadable rest of a file, or of one part of it."""
    return f"{name}#@rest-{part.start}" if part.start else f"{name}#@rest"


def read(source: Input, max_bytes: int, part: range = WHOLE) -> Iterator[RawPage | Rejected]:
    """Yield the documents of one input file; ``max_bytes`` bounds the unpacked size of each.

    ``part``: only documents that begin in this byte range, as far as the compression allows to tell. Parts that cover a
    file yield each of its documents once, in order.
    """
    return (found for found in steps(source, max_bytes, part) if found)


def steps(source: Input, max_bytes: int, part: range = WHOLE) -> Iterator[RawPage | Rejected | None]:
    """As ``read``, with a None now and then while documents before the part are skipped."""
    name = source.name
    kind, packing = kind_of(name)
    origin = Origin(name, kind.media_type if kind else "text/plain", max_bytes)
    if name.endswith("/"):
        yield _closed(source.path, origin)
        return
    if source.problem:
        yield origin.reject("", f"it is {source.problem}")
        return
    if kind is None:
        known = " ".join(suffix for one in READERS for suffix in one.suffixes)
        packings = " or ".join(SUFFIXES)
        yield origin.reject("", f"files with this ending are not read; known: {known} (each also {packings})")
        return
    seen: set[str] = set()
    number = 0
    for number, (at, found) in enumerate(_all(source, kind, packing, origin), 1):
        if at is None:  # each part says by itself that it cannot be read, for it may be the only one
            yield replace(found, document_id=rest_of(name, part)) if part.start else found
            return
        if at >= part.stop:
            return
        if twice := found.document_id in seen:
            found = replace(found, document_id=f"{found.document_id}#@{number}")
        seen.add(found.document_id)
        if at in part:
            yield found
            if twice and isinstance(found, RawPage):
                reason = f"another document before it has its id; it was kept as {found.document_id!r}"
                yield origin.reject(f"document {number}", reason, f"@twice-{number}")
        elif number % _SKIPPED == 0:
            yield None
    if not number and not part.start:
        yield origin.reject("", "there is no document in it")


def _closed(folder: str, origin: Origin) -> Rejected:
    """A folder that could not be listed; if it can be by now, the next run reads it."""
    try:
        os.scandir(folder).close()
    except OSError as error:
        rejected = origin.reject("", f"this folder cannot be read: {plain(error)}; nothing below it was read")
        return replace(rejected, transient=is_transient(error))
    return replace(origin.reject("", "this folder could not be read; the next run tries again"), transient=True)


def _all(source: Input, kind: Kind, packing: str, origin: Origin) -> Iterator[tuple[int | None, RawPage | Rejected]]:
    """All documents of a file, each with the byte offset that the file was read to before it.

    The offset is None for a failure that no byte of the file causes: a lost connection, or a limit that was hit.
    """
    number = at = 0
    try:
        with open_file(source) as file:
            unpacked = DecompressedStream(file, packing) if packing else None
            whole = kind.reader is read_page
            stream = io.BufferedReader(unpacked, 1 << 16) if unpacked else file
            for found in kind.reader(stream, origin):
                broken = unpacked.broken if unpacked and whole else ""
                yield at, origin.reject("", f"cannot be read: {broken}") if broken else found
                number, at = number + 1, file.tell()
            if unpacked and unpacked.broken and not whole:
                reason = f"cannot be read further: {unpacked.broken}"
                yield at, origin.reject(f"behind document {number}", reason, "@rest")
    except UserError:
        raise
    except (Exception, LimitError) as error:  # whatever one file does, the run goes on
        anywhere = is_transient(error) or isinstance(error, LimitError | MemoryError)
        yield None if anywhere else at, _failed(error, origin, number)


def _failed(error: BaseException, origin: Origin, number: int) -> Rejected:
    """The rejection for an error that ended reading after ``number`` documents."""
    where, name = (f"behind document {number}", "@rest") if number else ("", "")
    if is_transient(error) or isinstance(error, FileNotFoundError):  # it was there when it was listed
        reason = f"cannot be read: {plain(error)}; the next run tries again"
        return replace(origin.reject(where, reason, name), transient=True)
    if isinstance(error, OSError):
        return origin.reject("", f"cannot be read: {plain(error)}", name)
    if isinstance(error, DocumentError | LimitError | MemoryError):
        return origin.reject(where, plain(error), name)
    return origin.reject(where, f"{type(error).__name__}: {plain(error)}; please report this file", name)


def read_bytes(data: bytes, name: str, max_bytes: int) -> RawPage | Rejected:
    """One document of unknown type, as from a pipe: a page if it begins with a tag."""
    claimed: MediaType = "text/html" if re.match(rb"\s*<[A-Za-z!/]", data) else "text/plain"
    return page(Origin(name, claimed, max_bytes), data, claimed)


def read_text(text: str, name: str, max_bytes: int) -> RawPage | Rejected:
    """One document from a text, which needs no decoding; else as ``read_bytes``."""
    claimed: MediaType = "text/html" if re.match(r"\s*<[A-Za-z!/]", text) else "text/plain"
    origin, data = Origin(name, claimed, max_bytes), text.encode("utf-8", "surrogatepass")
    if len(data) > max_bytes:
        return origin.too_large()
    digest = hashlib.sha256(data).hexdigest()
    return page_from_text(origin, writable(text), claimed, digest, "", Declared())
