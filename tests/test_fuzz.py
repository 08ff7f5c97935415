"""What is promised of every input, on random ones, and on those that once broke a promise (tests/cases/found.jsonl)."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import targets
from pipeline.edits import TracedText
from pipeline.records import Block
from tests.conftest import ROOT

FOUND = [json.loads(line) for line in (ROOT / "tests/cases/found.jsonl").read_text("utf-8").splitlines()]
QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"<p>", b"</p>", b"<", b">", b"&emsp;", b"```html\n", b"<script>", b"{", b'"', b"\r\n\r\n", b",and"]
        ),
        st.text(max_size=12).map(str.encode),
        st.binary(max_size=6),
    ),
    max_size=12,
).map(b"".join)


@pytest.mark.parametrize("case", FOUND, ids=[case["label"] for case in FOUND])
def test_what_was_found_is_mended(case: dict[str, str]) -> None:
    targets.TARGETS[case["target"]](bytes.fromhex(case["data"]))


@pytest.mark.parametrize("name", targets.TARGETS)
@QUICK
@given(data=PIECES)
def test_random_input(name: str, data: bytes) -> None:
    targets.TARGETS[name](data)


@pytest.mark.parametrize("target", [targets._traced, targets._blocks])
def test_a_broken_promise_is_seen(target: object) -> None:
    raw = targets._raw(b"two words", "text/plain")
    lost = TracedText("two word")
    blocks = (Block("paragraph", 0, 5), Block("paragraph", 4, 9))
    with pytest.raises(targets.BrokenPromiseError):
        if target is targets._traced:
            targets._traced(raw, lost)
        else:
            targets._blocks(raw.text, blocks)
