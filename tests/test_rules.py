"""Every rule of every file fires on its examples and keeps quiet on its counter-examples."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from pipeline import rules
from pipeline.mechanisms import confidence, quantities, readings
from pipeline.mechanisms.context import Cues
from pipeline.normalize.wording import replaced
from pipeline.records import Relation
from pipeline.rules import (
    FOLDER,
    BlockRule,
    CueRule,
    EndRule,
    Frame,
    RuleError,
    TextRule,
    UnitRule,
    WeightRule,
    WordRule,
)
from pipeline.stages import Tools
from tests.helpers import findings

RULES = rules.load()
AMOUNTS = quantities.build(RULES.units)


@pytest.mark.parametrize("rule", RULES.boilerplate, ids=lambda rule: rule.id)
def test_boilerplate(rule: BlockRule) -> None:
    assert [text for text in rule.examples if not rule.match.fullmatch(text)] == []
    assert [text for text in rule.counter_examples if rule.match.fullmatch(text)] == []


@pytest.mark.parametrize("rule", RULES.endings, ids=lambda rule: rule.id)
def test_endings(rule: EndRule) -> None:
    assert [text for text in rule.examples if not rule.find.search(text)] == []
    assert [text for text in rule.counter_examples if rule.find.search(text)] == []


@pytest.mark.parametrize("rule", RULES.text, ids=lambda rule: rule.id)
def test_text(rule: TextRule) -> None:
    assert [(before, replaced(rule, before)) for before, _ in rule.examples] == list(rule.examples)
    assert [replaced(rule, text) for text in rule.counter_examples] == list(rule.counter_examples)
    # What a rule writes, it leaves alone.
    assert [replaced(rule, after) for _, after in rule.examples] == [after for _, after in rule.examples]


@pytest.mark.parametrize("rule", list(RULES.words.values()), ids=lambda rule: rule.id)
def test_words(rule: WordRule) -> None:
    assert all(rule.has(word) for word in rule.examples)
    assert not any(rule.has(word) for word in rule.counter_examples)


@pytest.mark.parametrize("unit", RULES.units, ids=lambda unit: unit.id)
def test_units(unit: UnitRule) -> None:
    def found(text: str) -> list[str]:
        return [quantity.unit for quantity in AMOUNTS.find(text)]

    assert [text for text in unit.examples if found(text) != [unit.id]] == []
    assert [text for text in unit.counter_examples if unit.id in found(text)] == []


@pytest.mark.parametrize("frame", RULES.frames, ids=lambda frame: frame.id)
def test_frame_examples(frame: Frame, tools: Tools) -> None:
    for example in frame.examples:
        text = re.sub(r"[\[\]<>{}]", "", example)
        subject, trigger, target = (_marked(example, *marks) for marks in ("[]", "<>", "{}"))
        found = findings(text, tools).relations
        assert any(
            relation.rule.startswith(f"{frame.id}/")
            and _ends_alike(trigger, relation.trigger_text)
            and _ends_alike(subject, relation.subject.text)
            and (not target or _ends_alike(target, relation.object.text))
            for relation in found
        ), (example, [_shown(relation) for relation in found])


@pytest.mark.parametrize("frame", RULES.frames, ids=lambda frame: frame.id)
def test_frame_counter_examples(frame: Frame, tools: Tools) -> None:
    for example in frame.counter_examples:
        found = findings(example, tools).relations
        assert [_shown(r) for r in found if r.rule.startswith(f"{frame.id}/")] == [], example


@pytest.mark.parametrize("rule", RULES.cues, ids=lambda rule: rule.id)
def test_cues(rule: CueRule, tools: Tools) -> None:
    def cues(text: str) -> set[str]:
        found = findings(text, tools).relations
        assert found, text
        return {cue.lower() for r in found for cue in (r.negation_cue, r.hedge_cue) if cue}

    if rule.category == "pseudo_negation":
        assert all(not cues(text) for text in rule.examples)
        assert all(cues(text) for text in rule.counter_examples)
    else:
        assert all(cues(text) for text in rule.examples)
        assert all(not cues(text) for text in rule.counter_examples)


@pytest.mark.parametrize("rule", list(RULES.weights.values()), ids=lambda rule: rule.id)
def test_weights(rule: WeightRule, tools: Tools) -> None:
    def features(text: str) -> set[str]:
        length = len(tools.finder.nlp(text))
        return {name for r in findings(text, tools).relations for name in confidence.features(r, length)}

    assert [text for text in rule.examples if rule.id not in features(text)] == []
    assert [text for text in rule.counter_examples if rule.id in features(text)] == []


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
    assert set(forms.split()) <= set(rules.inflections(verb))


def test_a_verb_in_ize_is_known_in_both_spellings() -> None:
    assert RULES.verb_forms["neutralised"] == "neutralise"
    assert ("verb", "neutralise") in RULES.by_lemma


def test_code_that_names_a_frame_names_one_that_exists() -> None:
    assert {*readings.CONDITIONS, *readings.NEVER_COMPOUND, *readings.OWNED, readings.CONSEQUENCE} <= {
        frame.id for frame in RULES.frames
    }


def test_default_relation_of_every_frame_is_known() -> None:
    assert {frame.relation for frame in RULES.frames} == set(rules.RELATIONS)


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
    folder = tmp_path / "rules"
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RuleError, match=re.escape(says)) as error:
        rules.load(folder)
    assert file in str(error.value)


def _marked(example: str, opening: str, closing: str) -> str:
    found = re.search(re.escape(opening) + "(.+?)" + re.escape(closing), example)
    return found[1] if found else ""


def _ends_alike(marked: str, found: str) -> bool:
    return marked.split()[-1] in found.split() or found.split()[-1] in marked.split() or marked in found


def _shown(relation: Relation) -> tuple[str, str, str, str]:
    return relation.rule, relation.subject.text, relation.trigger_text, relation.object.text
