"""clean_many in several processes: what ends a process costs its document and no more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import Document, Rejected, Settings
from pipeline.records import RawPage
from pipeline.running import many
from pipeline.running.many import Outcome
from tests.conftest import ROOT
from tests.helpers import raw

TEXT = "Light suppresses melatonin."
DONE = "done"  # what the stand-ins say of a document, which they do not look into


def deadly(number: int, source: object, _settings: Settings) -> Outcome:
    """Stands in for the work on a document: some end their process."""
    if source == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    return Rejected(f"text-{number}", "", DONE, "")


def dying_once(_number: int, source: RawPage, _settings: Settings) -> Outcome:
    """The third document's first attempt ends its process."""
    mark = Path(source.document_id)
    if mark.name == "2" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Rejected(source.document_id, "", DONE, "")


@pytest.mark.parametrize("poisoned", [[0], [5], [2, 3], [0, 9]])
def test_a_deadly_document_is_set_aside(poisoned: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_in_worker", deadly)
    sources = ["poison" if number in poisoned else TEXT for number in range(10)]
    found = list(many.clean_many(sources, Settings(), workers=2))
    assert [one.document_id for one in found] == [f"text-{number}" for number in range(10)]
    reasons = {
        number: one.reason for number, one in enumerate(found) if isinstance(one, Rejected) and one.stage != DONE
    }
    assert list(reasons) == poisoned
    assert all(f"text-{number}: it ended its process twice" in reason for number, reason in reasons.items())


def test_a_process_that_was_killed_once_blames_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_in_worker", dying_once)
    sources = [RawPage(str(tmp_path / str(number)), raw("").source, TEXT) for number in range(6)]
    found = list(many.clean_many(sources, Settings(), workers=2))
    assert [isinstance(one, Rejected) and one.stage for one in found] == [DONE] * 6
    assert (tmp_path / "2").exists()


def test_what_cannot_be_sent_to_a_worker_is_rejected() -> None:
    sources: list[object] = [len, lambda: TEXT, TEXT]
    found = list(many.clean_many(sources, Settings(), workers=2))  # type: ignore[arg-type]
    assert [type(one) for one in found] == [Rejected, Rejected, Document]


@pytest.mark.parametrize("guarded", [True, False])
def test_a_script_without_a_guard_is_told(tmp_path: Path, guarded: bool) -> None:
    call = f"print([d.document_id for d in pipeline.clean_many([{TEXT!r}], workers=2)])"
    guard = 'if __name__ == "__main__":\n    ' if guarded else ""
    (tmp_path / "script.py").write_text(f"import pipeline\n{guard}{call}\n", "utf-8")
    command = [sys.executable, str(tmp_path / "script.py")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)
    assert ("text-0" in done.stdout) == guarded
    assert ("no worker process could be started; stand the call in a script" in done.stderr) != guarded


def test_an_error_of_the_callers_own_is_the_callers() -> None:
    def sources() -> Iterator[str]:
        yield TEXT
        raise KeyError("mine")

    found = many.clean_many(sources(), Settings(), workers=1)
    assert isinstance(next(found), Document)
    with pytest.raises(KeyError, match="mine"):
        next(found)
