"""Cases kept as data: tests/cases/<stage>/{wild,negative,synthetic,known_failures}.jsonl.

wild: damage as it was met; negative: what must be left alone; synthetic: made for one rule;
known_failures: what should work and does not yet (strict: a case that starts to pass must move).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.stages import Tools
from tests import helpers

CASES = Path(__file__).with_name("cases")
KINDS = ("wild", "negative", "synthetic", "known_failures")


def load(stage: str) -> list[Any]:
    found = []
    for kind in KINDS:
        path = CASES / stage / f"{kind}.jsonl"
        for line in path.read_text("utf-8").splitlines() if path.exists() else []:
            case = json.loads(line)
            marks = [pytest.mark.xfail(strict=True, reason=case["comment"])] if kind == "known_failures" else []
            found.append(pytest.param(case, id=f"{kind}-{case['label']}", marks=marks))
            if kind == "negative":
                assert case["expected"] == case["original"], case["label"]
    return found


@pytest.mark.parametrize("case", load("repair"))
def test_repair(case: dict[str, Any], tools: Tools) -> None:
    page = helpers.repaired(case["original"], tools, case.get("media_type", "text/html"))
    assert page.text.text == case["expected"]


@pytest.mark.parametrize("case", load("content"))
def test_content(case: dict[str, Any], tools: Tools) -> None:
    article = helpers.article(case["original"], tools, case.get("media_type", "text/html"))
    assert article.text.text == case["expected"]
    for key, value in case.get("metadata", {}).items():
        assert getattr(article.metadata, key) == value
    if "kinds" in case:
        assert [f"{block.kind}{block.level or ''}" for block in article.blocks] == case["kinds"]
    if "truncated" in case:
        assert article.truncated == case["truncated"]


@pytest.mark.parametrize("case", load("normalize"))
def test_normalize(case: dict[str, Any], tools: Tools) -> None:
    assert helpers.clean(case["original"], tools).text.text == case["expected"]


@pytest.mark.parametrize("case", load("mechanisms"))
def test_mechanisms(case: dict[str, Any], tools: Tools) -> None:
    found = helpers.findings(case["original"], tools).relations
    said = [
        f"{r.subject.text} {r.relation}{r.polarity} {r.object.text}"
        + " NEGATED" * bool(r.negation_cue)
        + " HEDGED" * bool(r.hedge_cue)
        for r in found
        if r.mechanistic
    ]
    assert said == ([] if case["expected"] == case["original"] else case["expected"])
    if "quantities" in case:
        assert [f"{r.quantity_text}|{r.quantity_value}|{r.quantity_unit}" for r in found] == case["quantities"]


def test_labels_are_unique() -> None:
    for stage in CASES.iterdir():
        labels = [
            json.loads(line)["label"] for path in stage.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()
        ]
        assert len(labels) == len(set(labels)), stage.name
