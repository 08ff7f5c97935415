"""``python -m benchmarks.attacks.kills [TIMES [TARGET ...]]``: kill -9 at random moments, over 150 documents.

Two of the documents end their process whenever they are read to their main content; they, and no others, must be set
aside. After every run that comes to its end the tables must be those of an undisturbed run, byte for byte. Linux only.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.attacks.limits import DYING
from benchmarks.attacks.memory import prose
from benchmarks.attacks.place import GOOD, ROOT, Place

LOCAL, RAY = ("--engine", "local", "--workers", "2"), ("--engine", "ray", "--workers", "2")
SOONEST, LATEST = 0.3, 3.2  # seconds from the start, or from the last kill, to a kill
Kill = Callable[[subprocess.Popen[bytes]], bool]


def _below(process: int) -> dict[int, str]:
    """The command lines of all processes that descend from one."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    found: dict[int, str] = {}
    waiting = [process]
    while waiting:
        above = waiting.pop()
        for child in (child for child, parent in parents.items() if parent == above):
            waiting.append(child)
            with suppress(OSError):
                found[child] = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def _one_of(processes: Iterable[int]) -> bool:
    known = sorted(processes)
    with suppress(ProcessLookupError):
        if known:
            os.kill(random.choice(known), signal.SIGKILL)
            return True
    return False


def driver(run: subprocess.Popen[bytes]) -> bool:
    """Kill what was called, and nothing else."""
    run.kill()
    return True


def group(run: subprocess.Popen[bytes]) -> bool:
    """Kill it with all that it has started."""
    os.killpg(run.pid, signal.SIGKILL)
    return True


def worker(run: subprocess.Popen[bytes]) -> bool:
    """Kill one of the processes that work."""
    return _one_of(one for one, said in _below(run.pid).items() if "spawn_main" in said or "isolation" in said)


def ray_worker(run: subprocess.Popen[bytes]) -> bool:
    """Kill one of Ray's processes that work, or one that such a process has started."""
    return _one_of(one for one, said in _below(run.pid).items() if said.startswith("ray::run") or "isolation" in said)


TARGETS: dict[str, tuple[tuple[str, ...], Kill]] = {
    "serial": ((), driver),
    "a local worker": (LOCAL, worker),
    "the parent of local workers": (LOCAL, driver),
    "the whole process group": (LOCAL, group),
    "a Ray worker": (RAY, ray_worker),
}


@dataclass(slots=True)
class Tally:
    """What was done to a target, and what came of it."""

    kills: int = 0
    ends: int = 0
    other_tables: int = 0
    innocent: int = 0
    missing: int = 0


class Range:
    """150 documents, and the tables that an undisturbed run makes of them."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder / "place")
        (self.place.folder / "sitecustomize.py").write_text(DYING.format("SIGKILL"))
        texts = [f"{GOOD} {prose(number, 40)}" for number in range(150)]
        texts[40], texts[139] = f"POISON {texts[40]}", f"POISON {texts[139]}"
        for number, text in enumerate(texts[:120]):
            self.place.write(f"{number:03}.txt", text)
        self.place.lines("c.jsonl", *({"id": str(number), "text": text} for number, text in enumerate(texts[120:])))
        self.poison = ["040.txt", "c.jsonl#19"]
        while self.start(()).wait() != 0:  # the serial engine ends with the document that ends it
            pass
        self.expected = self.place.files()
        self.clear()

    def start(self, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
        """A run, the leader of a group of its own."""
        path = os.pathsep.join((str(ROOT), str(self.place.folder)))
        command = [sys.executable, "-m", "pipeline", "run", "raw", "out", "-q", *options]
        return subprocess.Popen(
            command, cwd=self.place.folder, env=os.environ | {"PYTHONPATH": path}, start_new_session=True,
            stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def clear(self) -> None:
        """Remove the tables, and all that was saved."""
        shutil.rmtree(self.place.out, ignore_errors=True)

    def check(self, tally: Tally) -> None:
        """Look at the tables of a run that came to its end."""
        aside = [row["document_id"] for row in self.place.rows("rejected") if row["stage"] == "run"]
        tally.ends += 1
        tally.other_tables += self.place.files() != self.expected
        tally.innocent += len(set(aside) - set(self.poison))
        tally.missing += len(set(self.poison) - set(aside))
        self.clear()


def measured(given: Range, options: tuple[str, ...], kill: Kill, times: int) -> Tally:
    """Kill a target so many times, and let the last run come to its end."""
    tally = Tally()
    while True:
        run = given.start(options)
        while tally.kills < times:
            with suppress(subprocess.TimeoutExpired):
                run.wait(random.uniform(SOONEST, LATEST))
            if run.poll() is not None:
                break
            tally.kills += kill(run)
            if kill is driver or kill is group:
                break
        code = run.wait()
        if code == 0:
            given.check(tally)
            if tally.kills >= times:
                return tally
        elif code > 0:
            raise RuntimeError(f"a run ended with {code}")


def main(times: str = "40", *chosen: str) -> int:
    """Print a line a target."""
    bad = 0
    with tempfile.TemporaryDirectory(prefix="kills") as folder:
        given = Range(Path(folder))
        for name, (options, kill) in TARGETS.items():
            if chosen and name not in chosen:
                continue
            if options == RAY and find_spec("ray") is None:
                print(f"{name}: Ray is not installed")
                continue
            begun = time.monotonic()
            one = measured(given, options, kill, int(times))
            bad += one.other_tables + one.innocent + one.missing
            print(
                f"{name:28} {one.kills} kills, {one.ends} runs to the end: {one.other_tables} with other tables, "
                f"{one.innocent} innocent set aside, {one.missing} of the two not ({time.monotonic() - begun:.0f} s)",
                flush=True,
            )
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
