"""The shipped language model, and putting another in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from spacy.training import Example

from pipeline import mechanisms
from pipeline.mechanisms import language
from pipeline.rules import Rules


def test_the_shipped_model_loads_anywhere_with_spacy_alone() -> None:
    nlp = spacy.load(language.SHIPPED)
    doc = nlp("Ketamine blocks NMDA receptors. It acts fast.")
    assert len(list(doc.sents)) == 2
    assert (doc[1].lemma_, doc[1].pos_, doc[1].dep_) == ("block", "VERB", "ROOT")
    assert [token.dep_ for token in doc[:4]] == ["nsubj", "ROOT", "compound", "dobj"]


def test_the_shipped_model_says_what_it_is() -> None:
    meta = json.loads((language.SHIPPED / "meta.json").read_text("utf-8"))
    assert meta["license"]
    assert meta["sources"]
    assert (language.SHIPPED / "README.md").is_file()
    assert sum(p.stat().st_size for p in language.SHIPPED.rglob("*") if p.is_file()) < 15_000_000


def test_a_missing_model_is_one_sentence() -> None:
    with pytest.raises(language.ModelError, match="not installed"):
        language.load("en_no_such_model")


def test_a_model_without_a_parser_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(language.ModelError, match="lacks a parser"):
        language.load(str(tmp_path / "blank"))


def test_another_model_can_be_put_in_place(tmp_path: Path, all_rules: Rules) -> None:
    nlp = spacy.blank("en")
    parser = nlp.add_pipe("parser")
    shipped = spacy.load(language.SHIPPED)
    doc = shipped("Ketamine blocks NMDA receptors, which is known.")
    for label in shipped.get_pipe("parser").labels:  # type: ignore[attr-defined]
        parser.add_label(label)  # type: ignore[attr-defined]
    nlp.initialize(lambda: [Example(nlp.make_doc(doc.text), doc)])
    nlp.meta["name"] = "other"
    nlp.to_disk(tmp_path / "other")
    finder = mechanisms.build(all_rules, str(tmp_path / "other"))
    assert finder.model == "en_other 0.0.0"
