"""What mentions are grounded to, and what is left alone: tests/cases/grounding.jsonl, and the table itself."""

from __future__ import annotations

import csv
import json
import re

import pytest

from pipeline.lexicon.names import CATEGORIES, key, load
from pipeline.mechanisms import grounding
from pipeline.mechanisms.grounding import Grounder
from pipeline.rules.kinds import NotationRule
from pipeline.rules.load import load_rules
from pipeline.stages import Tools
from pipeline.version import LEXICON
from tests.helpers import findings
from tests.test_cases import CASES

RULES = load_rules()
GROUND = [json.loads(line) for line in (CASES / "grounding.jsonl").open(encoding="utf-8")]
LICENCES = {"CC BY 4.0", "CC BY 3.0", "CC0 1.0", "NLM terms"}


@pytest.fixture(scope="module")
def grounder() -> Grounder:
    return Grounder(load(), RULES.notations, RULES.words)


@pytest.mark.parametrize("case", GROUND, ids=lambda case: case["label"])
def test_cases(case: dict[str, str], grounder: Grounder) -> None:
    concept = grounder.concept(case["original"], {})
    assert (concept.curie if concept else "") == case["expected"]


@pytest.mark.parametrize("rule", RULES.notations, ids=lambda rule: rule.id)
def test_notations(rule: NotationRule, grounder: Grounder) -> None:
    for name, symbol in rule.examples:
        match = rule.find.fullmatch(name)
        assert match, name
        assert match.expand(rule.symbol).upper() == symbol
        assert not symbol or grounder.lexicon.look_up(symbol), f"{symbol} is no symbol of the table"
    assert [name for name in rule.counter_examples if rule.find.fullmatch(name)] == []


def test_initials_mean_what_their_document_says(tools: Tools) -> None:
    found = findings("Acetyl-CoA carboxylase (ACC) makes fat. Later, insulin activates ACC.", tools).relations
    assert found[-1].object.text == "ACC"
    known = grounding.abbreviations("The anterior cingulate cortex (ACC) is active.")
    assert tools.finder.grounder.concept("ACC", known) == tools.finder.grounder.concept("anterior cingulate cortex", {})
    assert tools.finder.grounder.concept("ACC", {}) is None


def test_the_table_is_whole() -> None:
    concepts = {row["curie"]: row for row in _rows("concepts.tsv")}
    names = list(_rows("names.tsv"))
    assert {row["curie"] for row in names} == set(concepts)
    assert {row["kind"] for row in concepts.values()} <= set(CATEGORIES)
    assert {row["licence"] for row in concepts.values()} <= LICENCES
    assert all(re.fullmatch(r"[A-Z]+:[A-Za-z0-9_]+", curie) for curie in concepts)


def test_names_are_kept_by_the_key_they_are_looked_up_by() -> None:
    stale = [row for row in _rows("names.tsv") if key(row["symbol"] or row["key"]) != row["key"]]
    assert not stale[:5], "the key has changed: build the table again with make lexicon"


def _rows(name: str) -> csv.DictReader[str]:
    lines = (LEXICON / name).read_text("utf-8").splitlines()
    return csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
