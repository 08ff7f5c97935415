"""No document takes more time or memory than it may, in compiled code neither."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline import stages
from pipeline.limits import LimitError, limited
from pipeline.readers.inputs import find
from pipeline.records import Rejected
from pipeline.running import engines, work_files
from pipeline.running.fingerprints import Fingerprints
from pipeline.settings import Settings
from pipeline.stages import process
from tests.conftest import ROOT
from tests.helpers import raw

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory")


def forever(*_given: object) -> None:
    while True:
        pass


def backtrack(*_given: object) -> None:
    re.match(r"(a+)+$", "a" * 60 + "b")


def devour(*_given: object) -> None:
    bytearray(400_000_000)


@pytest.mark.parametrize("work", [forever, backtrack])
def test_time(work: object) -> None:
    start = time.process_time()
    with pytest.raises(LimitError, match="more than max_seconds = 1 of computing time"), limited(1, 2000):
        work()  # type: ignore[operator]
    assert time.process_time() - start < 2


def test_a_limit_passes_what_swallows_errors() -> None:
    def swallows() -> None:
        while True:
            with suppress(Exception):  # as libraries do that take every error for damage
                forever()

    def swallows_once() -> None:
        try:
            forever()
        except:  # noqa: E722
            forever()

    for work in (swallows, swallows_once):
        with pytest.raises(LimitError), limited(1, 2000):
            work()


def test_a_pause_costs_nothing() -> None:
    code = "import time; from pipeline import limits; limits._GRACE = 0\nwith limits.limited(1, 1000): time.sleep(4)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@on_linux
def test_memory_and_that_the_limit_goes_with_the_document() -> None:
    with pytest.raises(LimitError, match="more than max_memory = 100 MB"), limited(60, 100):
        devour()
    devour()


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        (forever, "took more than max_seconds = 1 of computing time; raise it in pipeline.toml"),
        pytest.param(devour, "more memory than there is, or than max_memory allows", marks=on_linux),
    ],
)
def test_a_document_over_a_limit_is_rejected_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: object, reason: str
) -> None:
    lines = [{"id": str(number), "text": text} for number, text in enumerate(("Light.", "Poison.", "Zinc."))]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))

    def repair(page: object, _tools: object) -> object:
        return does() if "Poison" in page.text else original(page, _tools)  # type: ignore[operator, attr-defined]

    (name, what, original), *others = stages.STAGES
    monkeypatch.setattr(stages, "STAGES", ((name, what, repair), *others))
    settings = Settings(max_seconds=1, max_memory=100)
    (job,) = work_files.jobs(find(str(tmp_path))[0], Fingerprints("", "", ""), tmp_path, settings, "repair")
    found = {
        row.values["document_id"]: (row.table, row.values) for row in work_files.rows_of(work_files.run_job(job).work)
    }
    assert [table for table, _ in found.values()] == ["documents", "rejected", "documents"]
    assert reason in found["a.jsonl#1"][1]["reason"]


def test_compiled_code_that_never_returns_ends_the_process() -> None:
    code = "from pipeline import limits; limits._GRACE = 0\nwith limits.limited(1, 1000): sum(range(10**13))"
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGXCPU
    assert time.monotonic() - start < 20


def test_a_lack_of_memory_has_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def repair(*_given: object) -> None:
        raise MemoryError

    monkeypatch.setattr(stages, "STAGES", (("repair", "", repair),))
    found = process(raw("x"), stages.tools(Settings()))
    assert isinstance(found, Rejected)
    assert found.reason == "page: it needs more memory than there is, or than max_memory allows."


@pytest.mark.parametrize(("sizes", "workers"), [([10] * 100, 2), ([5_000_000, 1, 1, 1], 2), ([0, 0], 3), ([7], 1)])
def test_shards_hold_every_job_once_and_in_order(tmp_path: Path, sizes: list[int], workers: int) -> None:
    for number, size in enumerate(sizes):
        with (tmp_path / f"{number:03}.txt").open("wb") as file:
            file.truncate(size)
    found = find(str(tmp_path))
    jobs = [
        job for one in found for job in work_files.jobs(one, Fingerprints("", "", ""), tmp_path, Settings(), "repair")
    ]
    groups = engines.shards(jobs, workers)
    assert [job for group in groups for job in group] == jobs
    assert all(groups)
    assert len(groups) >= min(len(jobs), workers)
