"""A place of its own for each attack: inputs that it builds, the program that it runs, and the tables that come out."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
GOOD = "Ketamine blocks NMDA receptors. Light suppresses melatonin."
TABLES = ("documents", "sentences", "mechanisms", "edits", "rejected")


@dataclass(frozen=True, slots=True)
class Done:
    """How a call of the program ended; ``peak`` is in megabytes, of the largest of all calls so far."""

    code: int
    out: str
    err: str
    seconds: float
    peak: float

    @property
    def said(self) -> str:
        """Exit code, and whether it ended in a traceback."""
        return f"exit {self.code}{', TRACEBACK' if 'Traceback' in self.err else ''}"


class Place:
    """A folder with ``raw`` for inputs and ``out`` for tables."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.raw, self.out = folder, folder / "raw", folder / "out"
        self.raw.mkdir(parents=True)

    def write(self, name: str | bytes, data: str | bytes) -> Path:
        """An input."""
        path = self.raw / (os.fsdecode(name) if isinstance(name, bytes) else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        return path

    def lines(self, name: str, *records: object) -> Path:
        """An input of JSON Lines; a text is a line as it is."""
        return self.write(name, "\n".join(one if isinstance(one, str) else json.dumps(one) for one in records))

    def call(
        self,
        *words: object,
        wrapped: tuple[str, ...] = (),
        limits: Mapping[int, int] | None = None,
        timeout: float = 240,
        **environment: str,
    ) -> Done:
        """Call the program in this folder; ``wrapped`` are words before the call, ``limits`` those of the system."""

        def limit() -> None:
            for number, most in (limits or {}).items():
                resource.setrlimit(number, (most, most))

        own = {name: value for name, value in os.environ.items() if not name.startswith("PIPELINE_")}
        command = [*wrapped, sys.executable, "-m", "pipeline", *map(str, words)]
        begun = time.monotonic()
        done = subprocess.run(
            command, cwd=self.folder, env=own | {"PYTHONPATH": str(ROOT)} | environment, capture_output=True,
            timeout=timeout, check=False, preexec_fn=limit if limits else None,
        )  # fmt: skip
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        out, err = (one.decode("utf-8", "replace") for one in (done.stdout, done.stderr))
        return Done(done.returncode, out, err, time.monotonic() - begun, peak)

    def start(self, *options: str, **more: Any) -> subprocess.Popen[bytes]:
        """A run over the inputs, which goes on while something is done to it."""
        command = [sys.executable, "-m", "pipeline", "run", "raw", "out", "-q", *options]
        return subprocess.Popen(command, cwd=self.folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, **more)

    def run(self, *options: object, to: str = "content", raw: object = "raw", out: object = "out", **more: Any) -> Done:
        """A run over the inputs."""
        return self.call("run", raw, out, "--to", to, *options, **more)

    def seen(self, *options: object, **more: Any) -> str:
        """What a run over the inputs did: exit code, documents, rejected."""
        return self.counted(self.run(*options, **more))

    def counted(self, done: Done) -> str:
        """The exit code of a run, and how many rows there are of documents and of rejected ones."""
        if not (self.out / "datapackage.json").exists():
            return done.said
        return f"{done.said}, {len(self.rows('documents'))} documents, {len(self.rows('rejected'))} rejected"

    def rows(self, table: str) -> list[Any]:
        """The rows of a table."""
        return [json.loads(line) for line in (self.out / f"{table}.jsonl").read_text("utf-8").splitlines()]

    def ids(self, table: str = "documents") -> list[str]:
        """Ids of documents, or of rejected ones."""
        return sorted(row["document_id"] for row in self.rows(table))

    def files(self, folder: Path | None = None) -> dict[str, bytes]:
        """The files of the tables."""
        return {path.name: path.read_bytes() for path in sorted((folder or self.out).iterdir()) if path.is_file()}

    def work(self, suffix: str = ".jsonl") -> list[Path]:
        """Work files."""
        return sorted((self.out / ".work").glob(f"*{suffix}"))

    def wait_for_work(self) -> None:
        """Wait until a run that was started reads its first documents."""
        while not self.work(".attempt"):
            time.sleep(0.01)

    def close(self) -> None:
        """Remove it all."""
        subprocess.run(["chmod", "-R", "u+rwx", str(self.folder)], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Attack:
    """What is done, and what is to be seen. ``new``: none of those that were tried before this table was made."""

    name: str
    does: Callable[[Place], str]
    expected: str
    new: bool = False
