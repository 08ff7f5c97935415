"""clean_many in several processes: what ends a process costs its document and no more."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from pipeline import Document, Rejected, Settings
from pipeline.records import RawPage
from pipeline.running import many, single
from pipeline.running.many import Outcome
from tests.helpers import raw

TEXT = "Light suppresses melatonin."


def deadly(number: int, source: object, settings: Settings) -> Outcome:
    """Stands in for the work on a document: some end their process."""
    if source == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    page = raw(f"{TEXT} {number}", "text/plain")
    return single.finished(page, settings, nullcontext())


@pytest.fixture
def deadly_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_in_worker", deadly)


@pytest.mark.parametrize("poisoned", [[0], [5], [2, 3], [0, 9], list(range(4))])
@pytest.mark.usefixtures("deadly_work")
def test_a_deadly_document_is_set_aside(poisoned: list[int]) -> None:
    sources = ["poison" if number in poisoned else TEXT for number in range(10)]
    found = list(many.clean_many(sources, Settings(), workers=2))
    assert [number for number, one in enumerate(found) if isinstance(one, Rejected)] == poisoned
    for number, one in enumerate(found):
        if isinstance(one, Rejected):
            assert one.document_id == f"text-{number}"
            assert "ended its process twice" in one.reason
        else:
            assert one.text == f"{TEXT} {number}"


def test_a_process_that_was_killed_once_blames_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_in_worker", dying_once)
    sources = [RawPage(str(tmp_path / str(number)), raw("").source, TEXT) for number in range(6)]
    found = list(many.clean_many(sources, Settings(), workers=2))
    assert all(isinstance(one, Document) for one in found)


def dying_once(_number: int, source: RawPage, settings: Settings) -> Outcome:
    """The third document's first attempt ends its process."""
    mark = Path(source.document_id)
    if mark.name == "2" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return single.finished(source, settings, nullcontext())


def test_an_error_of_the_callers_own_is_the_callers() -> None:
    def sources() -> Iterator[str]:
        yield TEXT
        raise KeyError("mine")

    found = many.clean_many(sources(), Settings(), workers=1)
    assert isinstance(next(found), Document)
    with pytest.raises(KeyError, match="mine"):
        next(found)
