"""Every engine gives the same bytes, also when its workers are killed, and sets aside what kills them."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline.running.attempts import MAX_DEATHS, attempt, charge, suspects, traces
from tests.conftest import ROOT
from tests.helpers import pipeline
from tests.test_run import ALL

pytestmark = pytest.mark.end_to_end
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed; pip install ray")
ENGINES = ["local", pytest.param("ray", marks=needs_ray)]
LONG = "Cortisol suppresses the immune response and releases glucose in the liver. " * 400


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engines") / "raw"
    folder.mkdir()
    for number in range(6):
        (folder / f"good{number}.txt").write_text(f"Ketamine blocks NMDA receptors in {number} of the brain's regions.")
    lines = [{"id": "before", "text": "Light suppresses melatonin."}, {"id": "poison", "text": LONG}]
    lines.append({"id": "after", "text": "Caffeine blocks adenosine receptors."})
    (folder / "crawl.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder


@pytest.fixture(scope="module")
def serial(raw: Path) -> dict[str, bytes]:
    assert pipeline("run", raw, raw.parent / "serial").returncode == 0
    return tables(raw.parent / "serial")


def tables(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in sorted(ALL)}


class Killer(threading.Thread):
    """Kills each process that is at a document, as the attempt files tell, up to a number of times."""

    def __init__(self, out: Path, document_id: str, times: int) -> None:
        super().__init__(daemon=True)
        self.out, self.document_id, self.left = out, document_id, times
        self.killed: set[int] = set()
        self.over = False

    def run(self) -> None:
        while not self.over and self.left:
            for process in attempts_at(self.out, self.document_id) - self.killed:
                self.kill(process)
            time.sleep(0.01)

    def kill(self, process: int) -> None:
        """End a process where it is at the document: it is held first, for it may just have gone on to the next."""
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP)
            if process in attempts_at(self.out, self.document_id):
                os.kill(process, signal.SIGKILL)
                self.killed.add(process)
                self.left -= 1
            else:
                os.kill(process, signal.SIGCONT)


def attempts_at(out: Path, document_id: str) -> set[int]:
    """The processes that are at a document; a file that goes, or is being written, while it is read tells nothing."""
    found = set()
    for path in out.glob(".work/*.attempt"):
        with suppress(OSError, ValueError):
            process, document, *_ = json.loads(path.read_text())
            found |= {process} if document == document_id else set()
    return found


def children(process: int) -> list[int]:
    """Process descriptors (Linux 5.3) of the children of a process, by which their end can be waited for."""
    found = []
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        with suppress(ProcessLookupError):
            found.append(os.pidfd_open(int(child)))
    return found


def killed(raw: Path, out: Path, engine: str, times: int) -> tuple[subprocess.CompletedProcess[str], Killer]:
    killer = Killer(out, "crawl.jsonl#poison", times)
    killer.start()
    done = pipeline("run", raw, out, "--engine", engine, "--workers", 2)
    killer.over = True
    return done, killer


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_bytes_after_a_worker_was_killed(
    raw: Path, serial: dict[str, bytes], tmp_path: Path, engine: str
) -> None:
    done, killer = killed(raw, tmp_path, engine, 1)
    assert done.returncode == 0, done.stderr
    assert len(killer.killed) == 1
    assert tables(tmp_path) == serial
    assert not [path for path in (tmp_path / ".work").iterdir() if path.suffix in (".attempt", ".deaths", ".tmp")]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_document_that_kills_its_worker_is_set_aside_alone(raw: Path, tmp_path: Path, engine: str) -> None:
    done, killer = killed(raw, tmp_path, engine, 99)
    assert done.returncode == 0, done.stderr
    assert len(killer.killed) == 1 + MAX_DEATHS  # the first makes it a suspect
    rejected = [json.loads(line) for line in (tmp_path / "rejected.jsonl").read_text().splitlines()]
    assert [row["document_id"] for row in rejected] == ["crawl.jsonl#poison"]
    assert "ended the process more than once and was set aside" in rejected[0]["reason"]
    documents = [json.loads(line)["document_id"] for line in (tmp_path / "documents.jsonl").read_text().splitlines()]
    assert documents == ["crawl.jsonl#before", "crawl.jsonl#after", *(f"good{number}.txt" for number in range(6))]
    assert "up to date" in pipeline("run", raw, tmp_path, "--engine", engine, "--workers", 2).stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and process descriptors")
def test_workers_end_when_their_driver_is_killed_and_a_rerun_finishes(
    raw: Path, serial: dict[str, bytes], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "pipeline", "run", str(raw), str(tmp_path), "--engine", "local", "--workers", "2"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as driver:
        while driver.poll() is None and not attempts_at(tmp_path, "crawl.jsonl#poison"):
            time.sleep(0.02)
        workers = children(driver.pid)
        driver.kill()
    assert len(workers) >= 2
    for worker in workers:
        ended, _, _ = select.select([worker], [], [], 60)
        assert ended, "a worker lives on"
        os.close(worker)
    assert not list(tmp_path.glob(".work/*.attempt")), "a document is left to blame"
    assert not (tmp_path / "datapackage.json").exists()
    assert pipeline("run", raw, tmp_path).returncode == 0
    assert tables(tmp_path) == serial


def test_an_orderly_end_leaves_no_suspect(tmp_path: Path) -> None:
    work = tmp_path / "a.jsonl"
    with pytest.raises(KeyboardInterrupt), attempt(work) as at:
        at.begin("x")
        raise KeyboardInterrupt
    assert suspects(work, "") == {}


def test_a_death_that_nobody_saw_makes_a_suspect_and_blames_nobody(tmp_path: Path) -> None:
    work = tmp_path / "a.jsonl"
    for _ in range(5):
        work.with_suffix(".attempt").write_text('[1, "x", ""]')
        assert suspects(work, "") == {"x": 0}


def test_deaths_that_were_seen_are_counted_by_document(tmp_path: Path) -> None:
    work = tmp_path / "a.jsonl"
    for number in range(MAX_DEATHS):
        work.with_suffix(".attempt").write_text('[1, "x", ""]')
        assert charge(work, "") == "x"
        assert charge(work, "") is None
        with pytest.raises(KeyboardInterrupt), attempt(work) as at:
            assert at.is_quarantined("x") == (number + 1 >= MAX_DEATHS)
            assert not at.is_quarantined("y")
            raise KeyboardInterrupt
    with attempt(work) as at:
        assert at.is_quarantined("x")
    with attempt(work) as at:
        assert not at.is_quarantined("x")


def test_deaths_of_another_input_or_program_are_forgotten(tmp_path: Path) -> None:
    work = tmp_path / "a.jsonl"
    for key in ("one", "one", "two"):
        work.with_suffix(".attempt").write_text(json.dumps([1, "x", key]))
        charge(work, key)
    assert suspects(work, "two") == {"x": 1}
    work.with_suffix(".attempt").write_text('[1, "y", "three"]')
    assert suspects(work, "two") == {"x": 1}
    assert suspects(work, "one") == {}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"key": "", "deaths": [1]}', '{"key": "", "deaths": {"x": "y"}}', "["]
)
def test_files_of_another_shape_tell_nothing(tmp_path: Path, text: str) -> None:
    work = tmp_path / "a.jsonl"
    for suffix in (".attempt", ".deaths"):
        work.with_suffix(suffix).write_text(text)
    assert traces(work) == 1
    assert suspects(work, "") == {}


def test_an_attempt_names_its_document_whatever_stood_there_before(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "a.attempt").symlink_to(tmp_path / "victim")
    with attempt(tmp_path / "a.jsonl", "key") as at:
        for name in ("a long name", "x"):
            at.begin(name)
            assert json.loads(at.path.read_text()) == [os.getpid(), name, "key"]
    assert (tmp_path / "victim").read_text() == "mine"
    assert not at.path.exists()
