"""Crumbs: which document a process is at, so that one that ends its process is known, and set aside the second time.

Before each document its id is written to a file beside the work file; when the work is done, or ends in any orderly
way, the file goes. A crumb that is found at the start is of a process that was ended in mid-document: killed, out of
memory, crashed in compiled code. Where the whole run ended with it, that may have had another cause, so the document is
blamed for half a death.
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

DEATHS = 2  # after which a document is set aside; a bystander may be hit once
RUN = uuid.uuid4().hex  # tells the run that this process drives from others
READING = ""  # in place of a document's id, while the next one is read
_open: Crumb | None = None  # of this process, for its signal handlers


@dataclass(slots=True)
class Crumb:
    """The crumb of a work file, and the deaths that each of its documents is blamed for."""

    path: Path
    run: str
    key: str
    deaths: dict[str, float]

    def drop(self, document_id: str) -> None:
        """Note the document that comes next."""
        # A process that drives its run by itself has nobody to outlive it; what ends it is the document at work.
        run = "" if self.run == RUN else self.run
        self.path.write_text(json.dumps([os.getpid(), document_id, run, self.key]), "utf-8")

    def sets_aside(self, document_id: str) -> bool:
        """Whether a document has ended its process too often."""
        return self.deaths.get(document_id, 0) >= DEATHS

    def sweep(self) -> None:
        """The work goes on no further here, and nothing died."""
        self.path.unlink(missing_ok=True)


@contextmanager
def crumb(work: Path, run: str = RUN, key: str = "") -> Iterator[Crumb]:
    """The crumb of a work file, for a run; deaths are remembered until the work is done.

    ``key`` is of all that decides the work. What died of another input, program or setting is forgotten.
    """
    global _open
    path, noted = work.with_suffix(".crumb"), work.with_suffix(".deaths")
    before = _read(noted) or {}
    deaths: dict[str, float] = before["deaths"] if before.get("key") == key else {}
    match _read(path):
        case [_, document_id, of, of_key] if of_key == key:
            deaths[document_id] = deaths.get(document_id, 0) + (1 if of in ("", run) else 0.5)
            noted.write_text(json.dumps({"key": key, "deaths": deaths}), "utf-8")
    _open = Crumb(path, run, key, deaths)
    try:
        yield _open
    finally:
        _open.sweep()
        _open = None
    noted.unlink(missing_ok=True)


def guard_worker() -> None:
    """In a worker process: end in an orderly way when told to, and when the process that started it is gone."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    _end()  # the document at work here has killed nobody


def deaths(work: Path) -> float:
    """How many deaths are on record for a work file, one that was not yet looked into included."""
    noted: dict[str, Any] = _read(work.with_suffix(".deaths")) or {}
    return float(sum(noted.get("deaths", {}).values())) + work.with_suffix(".crumb").exists()


def _end(*_signal: object) -> None:
    at = _open  # the main thread may close it while another thread is here
    if at is not None:
        with suppress(OSError):
            at.sweep()
    os._exit(1)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
