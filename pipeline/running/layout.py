"""The layout of a work file: lines of JSON, with a checksum for each document, so that damage is seen.

The first line holds the key of the whole. A document begins with a line that holds its id, its key, and the size and
CRC-32 of its lines below: the states that a later run can resume from (``saved``), and its rows. The last line says
whether the file is complete, what the signatures beside it are, and whether documents are to be tried again.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

Line = list[Any]
LAYOUT = 4
KEY, SAVED = "key", "saved"
_END = "end"
_KEY_LINE, _END_LINE = f'["{KEY}"'.encode(), f'["{_END}"'.encode()  # how such lines begin
_SAVED_LINE, _REJECTED_LINE = f'["{SAVED}"'.encode(), b'["rejected"'
_TAIL = 128  # bytes that hold the last line


class End(NamedTuple):
    """The last line: whether the file holds all of its input, size and CRC-32 of the signatures, and what to retry.

    ``memory``: gigabytes of the machine on which a document was quarantined, else 0. ``retry``: documents that were
    rejected are to be tried again.
    """

    complete: bool
    signatures: int
    checksum: int
    memory: int = 0
    retry: bool = False

    def encoded(self) -> bytes:
        """The line, always of the same length, so that it can be written over."""
        return encoded([_END, *self])[:-1].ljust(_TAIL - 1) + b"\n"


class Stored(NamedTuple):
    """A document in a work file: its id and key, the byte offset of its lines, and their size."""

    document_id: str
    key: str
    at: int
    size: int


def encoded(line: object) -> bytes:
    """A line."""
    return f"{json.dumps(line, ensure_ascii=False)}\n".encode()


def header(key: str) -> bytes:
    """The first line of a work file."""
    return encoded({KEY: key, "layout": LAYOUT})


def head(document_id: str, key: str, lines: bytes) -> bytes:
    """The line before the lines of a document."""
    return encoded([KEY, document_id, key, len(lines), zlib.crc32(lines)])


def key_of(file: BinaryIO) -> str:
    """The key of a work file, from its first line, which is read.

    Raises:
        ValueError: it is of another layout, or damaged.
    """
    match json.loads(file.readline()):
        case {"key": str(key), "layout": layout} if layout == LAYOUT:
            return key
    raise ValueError("this is the work file of another version")


def end_of(file: BinaryIO) -> End | None:
    """The last line of a work file; None if it was cut off or is damaged."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
    try:
        match json.loads(file.read()):
            case ["end", bool(complete), int(size), int(checksum), int(memory), bool(retry)]:
                return End(complete, size, checksum, memory, retry)
    except (ValueError, RecursionError):
        pass
    return None


def documents(file: BinaryIO) -> Iterator[Stored | None]:
    """The documents behind the first line, and None for each line that belongs to none because of damage."""
    while line := file.readline():
        if line.startswith(_END_LINE):
            return
        at = file.tell()
        found = _intact(line, at, file)
        yield found
        if found is None:
            file.seek(at)  # the next document may begin anywhere


def _intact(line: bytes, at: int, file: BinaryIO) -> Stored | None:
    try:
        match json.loads(line) if line.startswith(_KEY_LINE) else None:
            case [_, str(document_id), str(key), int(size), int(checksum)] if zlib.crc32(file.read(size)) == checksum:
                return Stored(document_id, key, at, size)
    except (ValueError, OverflowError, MemoryError, RecursionError):
        pass
    return None


def is_intact(work: Path, signatures: Path) -> bool:
    """Whether every checksum of a work file, and that of its signatures, holds."""
    try:
        with work.open("rb") as file:
            end = end_of(file)
            file.seek(0)
            key_of(file)
            held = signatures.read_bytes()
            same = end is not None and (end.signatures, end.checksum) == (len(held), zlib.crc32(held))
            return same and all(documents(file))
    except (OSError, ValueError, RecursionError):
        return False


def retry(work: Path) -> None:
    """Mark a work file as incomplete, so that the documents it rejects are tried again."""
    try:
        with work.open("r+b") as file:
            if end := end_of(file):
                file.seek(-_TAIL, os.SEEK_END)
                file.write(end._replace(complete=False, retry=True).encoded())
    except OSError:
        pass  # there is none


def has_rejected(work: Path) -> bool:
    """Whether a work file holds documents that were rejected."""
    try:
        with work.open("rb") as file:
            return any(line.startswith(_REJECTED_LINE) for line in file)
    except OSError:
        return False


def rows(work: Path) -> Iterator[tuple[Line, bytes]]:
    """The rows of a work file, each with its line."""
    with work.open("rb") as lines:
        next(lines)
        for line in lines:
            if not line.startswith((_KEY_LINE, _SAVED_LINE, _END_LINE)):
                yield orjson.loads(line), line


class PreviousWorkFile:
    """The work file of an earlier run, if there is one: the documents in it whose checksums hold, by id."""

    def __init__(self, work: Path) -> None:
        self._places: dict[str, Stored] = {}
        self._file: BinaryIO | None = None
        self._retry = False
        try:
            self._file = work.open("rb")
            end = end_of(self._file)
            self._retry = end is not None and end.retry
            self._file.seek(0)
            key_of(self._file)
            self._places = {one.document_id: one for one in documents(self._file) if one}
        except (OSError, ValueError, RecursionError):
            self._places = {}  # there is none, or it is of another layout

    def __enter__(self) -> PreviousWorkFile:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file:
            self._file.close()

    def lines(self, document_id: str, key: str) -> list[bytes]:
        """All lines of a document, if its key is this one and it is not to be tried again."""
        known = self._places.get(document_id)
        lines = self._lines(known) if known and known.key == key else []
        again = self._retry and any(line.startswith(_REJECTED_LINE) for line in lines)
        return [] if again else lines

    def states(self, document_id: str) -> dict[str, Any]:
        """The saved states of a document, whatever its key."""
        known = self._places.get(document_id)
        lines = self._lines(known) if known else []
        return next((orjson.loads(line)[1] for line in lines if line.startswith(_SAVED_LINE)), {})

    def _lines(self, known: Stored) -> list[bytes]:
        assert self._file
        self._file.seek(known.at)
        return self._file.read(known.size).splitlines(keepends=True)
