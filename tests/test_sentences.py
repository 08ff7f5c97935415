"""How many of the mechanisms in our own sentences are found: tests/cases/mechanisms/{development,held_out}.jsonl.

The sentences were written before the rules that read them. Rules may be written for the development part; the held-out
part only measures. A relation counts as found when one of its names, its sign and its context are right and each
argument shares half of the content words of the shorter side.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from pipeline.records import Argument, Relation
from pipeline.stages import Tools
from tests import helpers
from tests.test_cases import CASES

RELATION = re.compile(r"^(?P<subject>.+?) (?P<names>[a-z_|]+)(?P<sign>[+0-]) (?P<object>.+?)(?P<context>( [A-Z]+)*)$")
STOP = frozenset("a an the of in on at to by for with from and or that this these its their".split())
FLOOR = {"development": (0.82, 0.85), "held_out": (0.75, 0.8)}  # recall, precision


def content(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {word.rstrip("s") for word in words if word not in STOP} or set(words)


def alike(wanted: str, found: Argument) -> bool:
    sides = content(wanted), content(found.text)
    return 2 * len(sides[0] & sides[1]) >= min(map(len, sides)) and len(sides[1]) <= 3 * len(sides[0]) + 3


def fits(wanted: str, found: Relation) -> bool:
    parts = RELATION.match(wanted)
    assert parts is not None, wanted
    context = " NEGATED" * bool(found.negation_cue) + " HEDGED" * bool(found.hedge_cue)
    said = found.relation in parts["names"].split("|") and context == parts["context"]
    return said and alike(parts["subject"], found.subject) and alike(parts["object"], found.object)


@pytest.mark.parametrize("part", sorted(FLOOR))
def test_mechanisms_of_our_own_sentences(part: str, tools: Tools) -> None:
    cases: list[dict[str, Any]] = list(map(json.loads, (CASES / f"mechanisms/{part}.jsonl").open(encoding="utf-8")))
    wanted = found = right = 0
    missed = []
    for case in cases:
        relations = [r for r in helpers.findings(case["original"], tools).relations if r.mechanistic]
        hits = [text for text in case["expected"] if any(fits(text, relation) for relation in relations)]
        missed += [text for text in case["expected"] if text not in hits]
        wanted, found, right = wanted + len(case["expected"]), found + len(relations), right + len(hits)
    recall, precision = FLOOR[part]
    assert right >= recall * wanted, (right / wanted, missed)
    assert right >= precision * found, right / found
