from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fuzz.targets import STATUSES, changes, plainly
from pipeline.edits import Change, ChangeError, Status, TracedText, in_order, moved, undo

Batch = list[tuple[int, int, str, Status]]
BATCHES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 4), st.text("XYZ ", max_size=3), st.sampled_from(STATUSES)), max_size=6
)


@given(st.text("abc \n", max_size=30), st.lists(BATCHES, max_size=4))
def test_any_stages_give_a_log_that_replays_and_undoes(source: str, stages: list[Batch]) -> None:
    traced = TracedText(source)
    for number, batch in enumerate(stages):
        wanted = changes(batch, len(traced.text))
        expected = plainly(traced.text, wanted)
        traced = traced.apply(wanted, f"stage{number}")
        assert traced.text == expected
    edits = traced.edits()
    assert undo(traced.text, edits) == source
    for edit in edits:
        assert source[edit.source_start : edit.source_end] == edit.before
        if edit.status != "flagged":
            assert traced.text[edit.start : edit.end] == edit.after


@given(st.text("ab ", min_size=1, max_size=20), BATCHES)
def test_log_rows_do_not_overlap(source: str, batch: Batch) -> None:
    rows = [e for e in TracedText(source).apply(changes(batch, len(source)), "s").edits() if e.status != "flagged"]
    for first, second in pairwise(rows):
        assert first.source_end <= second.source_start
        assert first.end <= second.start


def test_a_change_that_restores_the_source_leaves_no_trace() -> None:
    traced = TracedText("p<5").apply([Change(1, 2, "&lt;", "escape", "r")], "repair")
    traced = traced.apply([Change(1, 5, "<", "decode", "r")], "content")
    assert traced.text == "p<5"
    assert traced.edits() == []


def test_edits_on_edited_text_become_one_row_with_both_rules() -> None:
    traced = TracedText("of management").apply([Change(3, 13, "administration", "spin", "r1", 0.9)], "normalize")
    (row,) = traced.apply([Change(3, 4, "A", "case", "r2", 0.8)], "normalize").edits()
    assert (row.before, row.after, row.rule, row.confidence) == ("management", "Administration", "spin+case", 0.8)


def test_flags_follow_their_place() -> None:
    traced = TracedText("so novel a drug").apply([Change(3, 8, "new", "flag", "r", 0.3, "flagged")], "normalize")
    traced = traced.apply([Change(0, 0, ">> ", "x", "r")], "later")
    flag = next(row for row in traced.edits() if row.status == "flagged")
    assert traced.text[flag.start : flag.end] == flag.before == "novel"
    assert flag.after == "new"


@pytest.mark.parametrize(
    "bad", [[Change(0, 2, "x", "a", "r"), Change(1, 3, "y", "b", "r")], [Change(2, 9, "", "a", "r")]]
)
def test_overlapping_changes_are_an_error_that_names_the_rules(bad: list[Change]) -> None:
    with pytest.raises(ChangeError, match="rule"):
        TracedText("abcd").apply(bad, "stage")


@given(st.text("ab", min_size=12, max_size=12), BATCHES)
def test_moved_spans_hold_the_same_untouched_text(source: str, batch: Batch) -> None:
    spans = [(0, 5), (7, 12)]
    inside = [
        c
        for c in changes(batch, len(source))
        if c.status != "flagged" and any(start <= c.start and c.end <= end for start, end in spans)
    ]
    text = TracedText(source).apply(inside, "s").text
    ordered = in_order(inside)
    first, second = moved(spans, ordered)
    assert text[first[1] : second[0]] == source[5:7]
    assert (first[0], second[1]) == (0, len(text))
