"""Pages made to stop a parser: in small sizes here, in full by ``python -m benchmarks.hostile``."""

from __future__ import annotations

import pytest

from benchmarks import hostile
from pipeline.records import Article, Rejected
from pipeline.stages import Tools

_SMALLER = 40  # than what the benchmark measures
_TOLD = "people who sleep well remember more"
_HIDING = ("nested select and option",)  # all behind it is one of the choices


@pytest.mark.parametrize("name", hostile.PAGES)
def test_a_hostile_page_costs_little_and_in_proportion(name: str, tools: Tools) -> None:
    size = hostile.PAGES[name][1] // _SMALLER
    (first, small), (second, large) = (hostile.read(name, factor * size, tools) for factor in (1, 4))
    assert isinstance(first, Article | Rejected)
    assert isinstance(second, Article | Rejected)
    assert large < hostile.MOST_SECONDS
    assert large < 9 * small + 0.1  # four times the size; quadratic would be sixteen times the time


@pytest.mark.parametrize("name", [name for name in hostile.PAGES if name not in _HIDING])
def test_what_a_hostile_page_says_is_kept(name: str, tools: Tools) -> None:
    state, _seconds = hostile.read(name, hostile.PAGES[name][1] // _SMALLER, tools)
    assert isinstance(state, Article)
    assert _TOLD in state.text.text
