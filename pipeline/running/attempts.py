"""Markers of attempts: which document a process is working on, so that one that kills it twice is quarantined.

Before each document its id is written to a marker file beside the work file; when the work is done, or stops in any
orderly way, the marker is deleted. A marker found at the start was left by a process that died in mid-document: killed,
out of memory, or crashed in compiled code. If the whole run died with it, the cause may lie elsewhere, so the document
is charged with only half a death.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

MAX_DEATHS = 2  # after which a document is quarantined; a single one may be a coincidence
RUN = uuid.uuid4().hex  # id of the run that this process drives
READING = ""  # in place of a document's id, while the next one is read
_open: Attempt | None = None  # of this process, for its signal handlers


@dataclass(slots=True)
class Attempt:
    """The marker of the document being attempted, and the deaths that each document of a work file is charged with."""

    path: Path
    run: str
    key: str
    deaths: dict[str, float]

    def begin(self, document_id: str) -> None:
        """Mark a document as being worked on."""
        # Where the driver itself does the work, the run dies with it; a marker without a run blames the document fully.
        run = "" if self.run == RUN else self.run
        self.path.write_text(json.dumps([os.getpid(), document_id, run, self.key]), "utf-8")

    def is_quarantined(self, document_id: str) -> bool:
        """Whether a document has ended its process too often."""
        return self.deaths.get(document_id, 0) >= MAX_DEATHS

    def clear(self) -> None:
        """Delete the marker: the work stopped in an orderly way."""
        self.path.unlink(missing_ok=True)


@contextmanager
def attempt(work: Path, run: str = RUN, key: str = "") -> Iterator[Attempt]:
    """Track the attempts at a work file; deaths are remembered until the work file is done.

    ``key`` identifies input, program and settings; deaths under another key are forgotten.
    """
    global _open
    path, noted = work.with_suffix(".attempt"), work.with_suffix(".deaths")
    before = _read(noted) or {}
    deaths: dict[str, float] = before["deaths"] if before.get("key") == key else {}
    match _read(path):
        case [_, document_id, marked_run, marked_key] if marked_key == key:
            deaths[document_id] = deaths.get(document_id, 0) + (1 if marked_run in ("", run) else 0.5)
            noted.write_text(json.dumps({"key": key, "deaths": deaths}), "utf-8")
    _open = Attempt(path, run, key, deaths)
    try:
        yield _open
    finally:
        _open.clear()
        _open = None
    noted.unlink(missing_ok=True)


def guard_worker() -> None:
    """In a worker process: exit cleanly on SIGTERM or SIGINT, and when the parent process is gone."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    _end()  # the document being worked on is not to blame


def deaths(work: Path) -> float:
    """How many deaths are recorded for a work file, counting a marker that was not evaluated yet."""
    noted: dict[str, Any] = _read(work.with_suffix(".deaths")) or {}
    return float(sum(noted.get("deaths", {}).values())) + work.with_suffix(".attempt").exists()


def _end(*_signal: object) -> None:
    current = _open  # the main thread may reset it meanwhile
    if current is not None:
        with suppress(OSError):
            current.clear()
    os._exit(1)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
