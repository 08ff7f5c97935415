"""What the last run left in its folder: from which inputs, and which tables, by size and hash."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipeline.export.files import write_atomically
from pipeline.readers.inputs import is_url

NAME = "state"


@dataclass(frozen=True, slots=True)
class LastRun:
    """The saved state of a run; empty where there was none, or where its file is damaged.

    ``state`` is a hash of all that determines the tables, ``raw`` says where the inputs were: as an absolute path and
    as one from the folder of the tables, for both may be moved together. ``tables`` holds size and SHA-256 by name.
    ``memory`` is that of the machine, if documents were quarantined on it, else 0.
    """

    state: str = ""
    raw: tuple[str, ...] = ()
    documents: int = 0
    rejected: int = 0
    memory: int = 0
    tables: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def is_of(self, raw: str, out: Path) -> bool:
        """Whether it was a run over these inputs."""
        return not self.raw or bool(set(self.raw) & set(places(raw, out)))

    def holds(self, out: Path) -> bool:
        """Whether every table is there as it was written."""
        return bool(self.tables) and all(_is(out / name, *known) for name, known in self.tables.items())


def places(raw: str, out: Path) -> tuple[str, ...]:
    """Where inputs are, so that it is known again."""
    if is_url(raw):
        return (raw.rstrip("/"),)
    whole = str(Path(raw).resolve())
    try:  # of the names as they are given, for one of them may be a link
        return whole, f"./{Path(os.path.relpath(Path(raw).absolute(), out.absolute())).as_posix()}"
    except ValueError:  # on another drive
        return (whole,)


def load(work: Path) -> LastRun:
    """The state of the run that last wrote the tables above a folder of work files."""
    try:
        match json.loads((work / NAME).read_text("utf-8")):
            case {
                "state": str(state), "raw": [*raw], "documents": int(documents), "rejected": int(rejected),
                "memory": int(memory), "tables": dict(tables),
            }:  # fmt: skip
                known = {str(name): (int(size), str(digest)) for name, (size, digest) in tables.items()}
                return LastRun(state, tuple(map(str, raw)), documents, rejected, memory, known)
    except (OSError, ValueError, TypeError, RecursionError):
        pass
    return LastRun()


def save(work: Path, run: LastRun) -> None:
    """Save the state of a run whose tables are all there."""
    write_atomically(work / NAME, json.dumps(asdict(run)))


def _is(path: Path, size: int, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return os.fstat(file.fileno()).st_size == size and hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False
