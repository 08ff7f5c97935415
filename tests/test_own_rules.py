"""Folders of one's own rules: added to ours, in the place of ours by id, and checked like ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.attacks.limits import SLOW
from pipeline import PipelineError, Settings, clean, explain, stages
from pipeline.rules.load import RuleError, load_rules
from pipeline.running.fingerprints import fingerprints
from pipeline.show import rule_check
from tests.helpers import pipeline as command
from tests.helpers import rows

FRAME = """
[[rule]]
id = "sequester"
pos = "verb"
lemmas = ["sequester"]
relation = "binds"
objects = ["dobj"]
examples = ["[Ferritin] <sequesters> {iron}."]
counter_examples = ["The jury was sequestered for a week."]
"""
BLOCK = """
[[rule]]
id = "listen_instead"
match = 'listen to this'
reason = "an invitation to listen"
examples = ["Listen to this"]
counter_examples = ["Listen to this article of faith."]
"""
TYPO = """
[[rule]]
id = "teh"
literals = ["teh"]
find = 'teh'
replace = "the"
when = "always"
reason = "a misspelling of the"
confidence = 0.9
examples = [["teh", "the"]]
counter_examples = ["the"]
"""
WORDS = """
[[rule]]
id = "endogenous"
words = "flubber"
examples = ["flubber"]
counter_examples = ["receptor"]
"""


def folder(path: Path, **files: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.toml").write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("as_path", [True, False])
def test_a_rule_is_added(tmp_path: Path, as_path: bool) -> None:
    own = folder(tmp_path / "own", frames=FRAME)
    settings = Settings(rules=own if as_path else str(own))
    text = "Ferritin sequesters iron."
    assert clean(text).mechanisms == ()
    (found,) = clean(text, settings=settings).mechanisms
    assert found.rule.startswith("sequester/")
    assert "chelat" not in explain("sequester", settings=settings)
    assert clean(text).rules_hash != found.rules_hash


def test_a_rule_with_an_id_of_ours_takes_its_place(tmp_path: Path) -> None:
    own = load_rules(folder(tmp_path / "own", words=WORDS))
    assert list(own.words) == list(load_rules().words)
    assert own.words["endogenous"].has("flubber")
    assert not own.words["endogenous"].has("receptor")


def test_a_changed_rule_is_seen_by_the_next_document(tmp_path: Path) -> None:
    own = folder(tmp_path / "own", frames=FRAME)
    assert len(clean("Ferritin sequesters iron.", settings=Settings(rules=own)).mechanisms) == 1
    folder(own, frames=FRAME.replace("binds", "inhibits"))
    (found,) = clean("Ferritin sequesters iron.", settings=Settings(rules=own)).mechanisms
    assert found.relation == "inhibits"


def test_a_slow_expression_ends_with_the_time_and_is_named(tmp_path: Path) -> None:
    settings = Settings(rules=folder(tmp_path / "own", boilerplate=SLOW), max_seconds=2)
    assert clean("Light suppresses melatonin.\n\nzzz!", settings=settings).text == "Light suppresses melatonin."
    said = r"max_seconds = 2 .* it was at the expression of .*boilerplate.toml, rule 'slow'"
    with pytest.raises(PipelineError, match=said):
        clean(f"Light suppresses melatonin.\n\n{'z' * 90}", settings=settings)


def test_the_command_names_a_slow_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_check, "_MOST_SECONDS", 1)
    rules = load_rules(folder(tmp_path / "own", boilerplate=SLOW))
    checked = [rule for rule in rules.boilerplate if rule.id in ("slow", "share_links")]
    ((name, complaint),) = rule_check.complaints(checked, stages.Tools(Settings(), rules))
    assert (name, complaint.partition(" on")[0]) == ("slow", "takes more than 1 seconds")


def test_a_run_redoes_what_the_rules_decide(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("Ferritin sequesters iron.", "utf-8")
    own = folder(tmp_path / "own", boilerplate=BLOCK)
    command("run", tmp_path / "raw", tmp_path / "out", "--rules", own)
    assert rows(tmp_path / "out" / "mechanisms.jsonl") == []
    again = command("run", tmp_path / "raw", tmp_path / "out", "--rules", own)
    assert "up to date" in again.stderr
    folder(own, frames=FRAME)
    command("run", tmp_path / "raw", tmp_path / "out", "--rules", own)
    assert len(rows(tmp_path / "out" / "mechanisms.jsonl")) == 1


def test_rules_are_in_every_fingerprint(tmp_path: Path) -> None:
    own = folder(tmp_path / "own", boilerplate=BLOCK)
    before = fingerprints(Settings(rules=own), "mechanisms", tmp_path / "noted")
    folder(own, boilerplate=BLOCK.replace("an invitation", "a wish"))
    after = fingerprints(Settings(rules=own), "mechanisms", tmp_path / "noted")
    assert (before.whole != after.whole, before.article != after.article) == (True, True)
    assert before.mechanisms != after.mechanisms


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("frames", FRAME.replace('pos = "verb"', 'pos = "adverb"'), "rule 'sequester': pos must be one of verb, noun"),
        ("frames", FRAME.replace("relation =", "relations ="), "rule 'sequester': needs the field 'relation'"),
        ("frames", FRAME + 'colour = "red"\n', "rule 'sequester': there is no field 'colour'; the fields are id, pos"),
        ("frames", FRAME.replace('["dobj"]', '"dobj"'), "rule 'sequester': objects must be a list of texts"),
        ("frames", FRAME.replace('["dobj"]', '["subject"]'), "rule 'sequester': objects must be one of about, against"),
        ("frames", FRAME + 'confidence = "high"\n', "rule 'sequester': confidence must be a number, not 'high'"),
        ("frames", FRAME + "reverse = 1\n", "rule 'sequester': reverse must be true or false, not 1"),
        ("frames", FRAME.replace('id = "sequester"', "id = 7"), "rule 7: id must be text in quotes, not 7"),
        ("frames", FRAME + FRAME, "rule 'sequester': the id is used twice"),
        ("boilerplate", BLOCK.replace("to this'", "('"), "'listen_instead': match is no regular expression"),
        ("boilerplate", BLOCK.replace("reason", "# reason"), "rule 'listen_instead': needs the field 'reason'"),
        ("boilerplate", BLOCK.replace("counter_", "# "), "rule 'listen_instead': needs 'counter_examples'"),
        ("typos", TYPO.replace('["teh"]', '["Teh"]', 1), "rule 'teh': literals must be in small letters, not ['Teh']"),
        ("typos", TYPO.replace('[["teh", "the"]]', '["teh"]'), "rule 'teh': examples must be a list of pairs"),
        ("typos", TYPO.replace('"always"', '"often"'), "rule 'teh': when must be one of always, spun, flag"),
        ("typos", TYPO.replace('replace = "the"', "replace = '\\9'"), "rule 'teh': replace does not fit find"),
        ("typos", TYPO.replace("0.9", "5"), "rule 'teh': confidence must be 0 to 1, not 5"),
        ("typos", TYPO.replace('id = "teh"', 'id = "teh+the"'), "rule 'teh+the': id must be of letters, digits"),
        ("words", WORDS.replace("endogenous", "mine"), "rule 'mine': id must be one that the program asks for"),
        ("swaps", BLOCK, "swaps.toml: rules of one's own stand in boilerplate.toml"),
        ("frames", "[rule]\nid = 1\n", "only [[rule]] tables belong here"),
        ("frames", "rule = [1]\n", "only [[rule]] tables belong here"),
        ("frames", "[[rule]\n", "frames.toml: cannot be read"),
    ],
)
def test_a_mistake_is_told_by_file_rule_and_field(tmp_path: Path, file: str, text: str, says: str) -> None:
    own = folder(tmp_path / "own", **{file: text})
    with pytest.raises(RuleError) as error:
        load_rules(own)
    assert f"{file}.toml" in str(error.value)
    assert says in str(error.value)


def test_a_folder_without_rules_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"there are no rules in this folder; add a file such as frames\.toml"):
        load_rules(folder(tmp_path / "own"))


def test_the_command_checks_examples_of_ones_own(tmp_path: Path) -> None:
    good = command("rules", "check", folder(tmp_path / "good", frames=FRAME, boilerplate=BLOCK))
    assert (good.returncode, good.stderr) == (0, "2 rules, 0 complaints\n")
    spoilt = FRAME.replace("<sequesters>", "<hugs>").replace("[Ferritin]", "[Ferritin] [it]")
    bad = command("rules", "check", folder(tmp_path / "bad", frames=spoilt))
    assert bad.returncode == 1
    assert "sequester: does not find what its example marks" in bad.stdout
    missing = command("run", "raw", tmp_path / "out", "--rules", tmp_path / "nowhere")
    assert missing.returncode == 2
    assert "nowhere: there is no such folder of rules" in missing.stderr
