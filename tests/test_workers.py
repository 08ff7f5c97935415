"""clean_many in several processes: what ends a process costs its document and no more."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import Document, Rejected, Settings
from pipeline.records import RawPage
from pipeline.running import many
from pipeline.running.many import Outcome
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


def test_an_error_of_the_callers_own_is_the_callers() -> None:
    def sources() -> Iterator[str]:
        yield TEXT
        raise KeyError("mine")

    found = many.clean_many(sources(), Settings(), workers=1)
    assert isinstance(next(found), Document)
    with pytest.raises(KeyError, match="mine"):
        next(found)
