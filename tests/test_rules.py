"""Every rule of every file fires on its examples and keeps quiet on its counter-examples."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.mechanisms import readings
from pipeline.mechanisms.context import Cues
from pipeline.rules.kinds import RELATIONS, inflections
from pipeline.rules.load import RuleError, load_rules
from pipeline.show import rule_check
from pipeline.stages import Tools
from pipeline.version import RULES as FOLDER
from tests.helpers import spoilt

RULES = load_rules()


@pytest.mark.parametrize("rule", list(rule_check.every(RULES)), ids=lambda rule: f"{type(rule).__name__}-{rule.id}")
def test_rule(rule: Any, tools: Tools) -> None:
    assert list(rule_check.CHECKS[type(rule)](rule, tools)) == []


def test_every_file_of_rules_is_checked() -> None:
    written = sum(path.read_text("utf-8").count("\n[[rule]]") for path in FOLDER.glob("*.toml"))
    written += sum(path.read_text("utf-8").startswith("[[rule]]") for path in FOLDER.glob("*.toml"))
    assert len(list(rule_check.every(RULES))) == written


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("words.toml", "examples = [", 'examples = ["zzz", ', "does not fire on its example 'zzz'"),
        (
            "boilerplate.toml",
            'counter_examples = ["',
            'counter_examples = ["8/9/23, 9:00 PM", "',
            "fires on its counter",
        ),
        ("typos.toml", '"treated with ketamine"]]', '"treated by ketamine"]]', "makes 'treated with ketamine' of its"),
        ("fixes.toml", 'id = "single_brackets"', 'id = "brackets"', "does not fire on its example '<<p>>"),
    ],
)
def test_an_example_that_does_not_hold_is_named(
    tmp_path: Path, tools: Tools, file: str, old: str, new: str, says: str
) -> None:
    folder = spoilt(FOLDER, tmp_path / "rules", file, old, new)
    wrong = load_rules(shipped=folder)
    of_file = {
        "words.toml": wrong.words.values(),
        "boilerplate.toml": wrong.boilerplate,
        "typos.toml": wrong.text,
        "fixes.toml": wrong.fixes,
    }
    found = [said for rule in of_file[file] for said in rule_check.CHECKS[type(rule)](rule, tools)]
    assert len(found) == 1
    assert says in found[0]


def test_cue_categories_are_all_used(tools: Tools) -> None:
    assert all(Cues(tools.rules).lemmas.values())


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("bind", "binds binded binding"),
        ("block", "blocks blocked blocking"),
        ("jam", "jams jammed jamming"),
        ("relax", "relaxes relaxed relaxing"),
        ("modify", "modifies modified modifying"),
        ("free", "frees freed freeing"),
        ("paralyse", "paralyses paralysed paralysing"),
    ],
)
def test_regular_forms(verb: str, forms: str) -> None:
    assert set(forms.split()) <= set(inflections(verb))


def test_a_verb_in_ize_is_known_in_both_spellings() -> None:
    assert RULES.verb_forms["neutralised"] == "neutralise"
    assert ("verb", "neutralise") in RULES.by_lemma


def test_code_that_names_a_frame_names_one_that_exists() -> None:
    assert {*readings.CONDITIONS, *readings.NEVER_COMPOUND, *readings.OWNED, readings.CONSEQUENCE} <= {
        frame.id for frame in RULES.frames
    }


def test_default_relation_of_every_frame_is_known() -> None:
    assert {frame.relation for frame in RULES.frames} == set(RELATIONS)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("spinner.toml", 'when = "always"', 'when = "perhaps"', "when must be"),
        ("boilerplate.toml", 'id = "bare_link"', 'id = "view_source"', "used twice"),
        ("frames.toml", 'relation = "inhibits"', 'relation = "hinders"', "relation must be one of"),
        ("typos.toml", "examples = [", "exampels = [", "needs 'examples'"),
        ("endings.toml", "find = '", "find = '(", "endings.toml, rule"),
        ("words.toml", "[[rule]]", "[[rule", "cannot be read"),
    ],
)
def test_a_wrong_rule_is_an_error_that_names_it(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    folder = spoilt(FOLDER, tmp_path / "rules", file, old, new)
    with pytest.raises(RuleError, match=re.escape(says)) as error:
        load_rules(shipped=folder)
    assert file in str(error.value)
