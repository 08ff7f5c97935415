"""Attempts: which document a process is at, so that one that kills its process twice is quarantined.

Before each document its id is written to an attempt file beside the work file; when the work is done, or stops in any
orderly way, the file is deleted. One that is found later was left by a process that died in mid-document: killed, out
of memory, or crashed in compiled code. That blames nobody yet, for the whole run may have been killed; the document is
a suspect. The work file of a suspect is done in a process of its own (``isolation``), and only a death that the process
beside it lived to see counts.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from pipeline.export.files import write_atomically

MAX_DEATHS = 2  # after which a document is quarantined; a single one may be a coincidence
READING = ""  # in place of a document's id, while the next one is read
_open: Attempt | None = None  # of this process, for its signal handlers


@dataclass(slots=True)
class Attempt:
    """The file of the document being attempted, and the deaths that each document of a work file is charged with."""

    path: Path
    key: str
    deaths: dict[str, int]
    _file: int = field(init=False)
    _length: int = 0

    def __post_init__(self) -> None:
        self.path.unlink(missing_ok=True)  # which could be a link that leads elsewhere
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)

    def begin(self, document_id: str) -> None:
        """Mark a document as being worked on, in one write, which a death does not divide."""
        data = json.dumps([os.getpid(), document_id, self.key]).encode().ljust(self._length)
        self._length = len(data)
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, data)

    def is_quarantined(self, document_id: str) -> bool:
        """Whether a document has ended its process too often."""
        return self.deaths.get(document_id, 0) >= MAX_DEATHS

    def clear(self) -> None:
        """Delete the file: the work stopped in an orderly way."""
        with suppress(OSError):
            os.close(self._file)
        self.path.unlink(missing_ok=True)


@contextmanager
def attempt(work: Path, key: str = "") -> Iterator[Attempt]:
    """Track the attempts at a work file; deaths are remembered until the work file is done.

    ``key`` identifies input, program and settings; deaths under another key are forgotten.
    """
    global _open
    deaths = suspects(work, key)
    _open = Attempt(_attempted(work), key, deaths)
    try:
        yield _open
    finally:
        _open.clear()
        _open = None
    _noted(work).unlink(missing_ok=True)


def suspects(work: Path, key: str) -> dict[str, int]:
    """By document at which a process died: how often it was seen to die of it. No process must be at work here."""
    deaths = _deaths(work, key)
    left = _left(work, key)
    if left is not None and left not in deaths:
        deaths[left] = 0
        _note(work, key, deaths)
    _attempted(work).unlink(missing_ok=True)
    return deaths


def charge(work: Path, key: str) -> str | None:
    """Charge the document that the process which just died was at with its death; None if it was at none."""
    left = _left(work, key)
    deaths = _deaths(work, key)
    if left is not None:
        deaths[left] = deaths.get(left, 0) + 1
        _note(work, key, deaths)
    _attempted(work).unlink(missing_ok=True)
    return left


def forget(work: Path) -> None:
    """Delete the record of deaths."""
    _noted(work).unlink(missing_ok=True)


def traces(work: Path) -> int:
    """A number that grows with each death at a work file."""
    noted = _read(_noted(work))
    deaths = noted.get("deaths") if isinstance(noted, dict) else None
    known = [count for count in deaths.values() if isinstance(count, int)] if isinstance(deaths, dict) else []
    return sum(known) + len(known) + _attempted(work).exists()


def guard_worker() -> None:
    """In a worker process: exit cleanly on SIGTERM or SIGINT, and when the parent process is gone."""
    parent = parent_process()
    guard(parent.join if parent else None)


def guard(parent_ends: Callable[[], object] | None) -> None:
    """As ``guard_worker``; ``parent_ends`` returns when the parent is gone."""

    def follow(ended: Callable[[], object]) -> None:
        ended()
        _end()  # the document being worked on is not to blame

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    if parent_ends is not None:
        threading.Thread(target=follow, args=(parent_ends,), daemon=True).start()


def _end(*_signal: object) -> None:
    current = _open  # the main thread may reset it meanwhile
    if current is not None:
        with suppress(OSError):
            current.clear()
    os._exit(1)


def _attempted(work: Path) -> Path:
    return work.with_suffix(".attempt")


def _noted(work: Path) -> Path:
    return work.with_suffix(".deaths")


def _note(work: Path, key: str, deaths: dict[str, int]) -> None:
    write_atomically(_noted(work), json.dumps({"key": key, "deaths": deaths}))


def _left(work: Path, key: str) -> str | None:
    """The document that a dead process was at, by the file that it left."""
    match _read(_attempted(work)):
        case [int(), str(document_id), known] if known == key:
            return document_id
    return None


def _deaths(work: Path, key: str) -> dict[str, int]:
    """The deaths that are on record; a file of another key, or of another shape, tells none."""
    match _read(_noted(work)):
        case {"key": known, "deaths": dict(deaths)} if known == key:
            return {name: count for name, count in deaths.items() if isinstance(count, int)}
    return {}


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
