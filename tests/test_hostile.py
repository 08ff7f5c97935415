"""Pages made to stop a parser: in small sizes here, in full by ``python -m benchmarks.hostile``."""

from __future__ import annotations

import time

import pytest

from benchmarks import hostile
from benchmarks.damage.document import raw_page
from pipeline import process
from pipeline.records import Article, Rejected
from pipeline.stages import Tools

_SMALLER = 40  # than what the benchmark measures
_PROSE = "people who sleep well remember more"
_HIDDEN = ("an attribute", "comments, never closed", "scripts, never closed", "nested select and option")


@pytest.mark.parametrize("name", hostile.PAGES)
def test_a_hostile_page_costs_little_and_in_proportion(name: str, tools: Tools) -> None:
    make, size = hostile.PAGES[name]

    def seconds(size: int) -> float:
        page = raw_page("page.html", make(size).encode())
        spent = []
        for _ in range(2):
            start = time.process_time()
            state = process(page, tools, "content")
            spent.append(time.process_time() - start)
        assert isinstance(state, Article | Rejected)
        return min(spent)

    small, large = seconds(size // _SMALLER), seconds(4 * size // _SMALLER)
    assert large < hostile.MOST_SECONDS
    assert large < 9 * small + 0.1  # four times the size; quadratic would be sixteen times the time


@pytest.mark.parametrize("name", [name for name in hostile.PAGES if name not in _HIDDEN])
def test_what_a_hostile_page_says_is_kept(name: str, tools: Tools) -> None:
    make, size = hostile.PAGES[name]
    state = process(raw_page("page.html", make(size // _SMALLER).encode()), tools, "content")
    assert isinstance(state, Article)
    assert _PROSE in state.text.text
