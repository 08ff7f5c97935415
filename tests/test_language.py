"""The shipped language model, and putting another in its place."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example

from pipeline.mechanisms import language
from pipeline.rules.load import load_rules
from tests.helpers import pipeline


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
    with pytest.raises(language.ModelError, match="lacks a parser, a tagger, parts of speech, a lemmatizer"):
        language.load(str(tmp_path / "blank"))


TINY = ("tagger", "morphologizer", "trainable_lemmatizer", "parser")


def tiny(place: Path, without: str = "") -> str:
    """Train a small pipeline of other weights for a moment on what the shipped one says."""
    shipped = spacy.load(language.SHIPPED)
    text = "Ketamine blocks the receptors of the brain. It was blocked by zinc, which acts on cells and on nerves."
    gold = shipped(text)
    nlp = spacy.blank("en")
    for name in TINY:
        pipe = nlp.add_pipe(name)
        for label in shipped.get_pipe("parser").labels if name == "parser" else ():  # type: ignore[attr-defined]
            if label != without:
                pipe.add_label(label)  # type: ignore[attr-defined]
    example = Example(nlp.make_doc(text), gold)
    optimizer = nlp.initialize(lambda: [example])
    for _ in range(3):
        nlp.update([example], sgd=optimizer)
    nlp.meta["name"] = "other"
    nlp.to_disk(place)
    return str(place)


def test_a_model_without_a_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(language.ModelError, match="lacks pcomp, which the rules need"):
        language.load(tiny(tmp_path / "other", without="pcomp"))


def test_another_model_can_be_put_in_place(tmp_path: Path) -> None:
    place = tiny(tmp_path / "other")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("Ketamine blocks the receptors of the brain. It was blocked by zinc.")
    (tmp_path / "pipeline.toml").write_text(f'[model]\nname = "{place}"\n')
    done = pipeline("run", "raw", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "documents.jsonl").read_text("utf-8"))
    assert document["model"] == "en_other 0.0.0"
    with (tmp_path / "out" / "sentences.csv").open(newline="", encoding="utf-8") as lines:
        assert {row["model"] for row in csv.DictReader(lines)} == {"en_other 0.0.0"}


@pytest.mark.parametrize(
    ("words", "heads", "deps", "verbal"),
    [
        ("Zinc blocks receptors", [1, 1, 1], "nsubj ROOT dobj", True),
        ("Binding results in influx", [1, 1, 1, 2], "nsubj ROOT prep pobj", True),
        ("Drug effects on mood", [1, 1, 1, 2], "compound ROOT prep pobj", False),
        ("Zinc the blocks in cells", [2, 2, 2, 2, 3], "nsubj det ROOT prep pobj", False),
    ],
)
def test_the_tree_outvotes_the_tag_of_a_verb(words: str, heads: list[int], deps: str, verbal: bool) -> None:
    count = len(heads)
    doc = Doc(
        spacy.blank("en").vocab,
        words=words.split(),
        heads=heads,
        deps=deps.split(),
        tags=["NNS"] * count,
        pos=["NOUN"] * count,
    )
    root = next(token for token in language.correct_parse(doc, load_rules()) if token.dep_ == "ROOT")
    assert (root.pos_, root.tag_) == (("VERB", "VBZ") if verbal else ("NOUN", "NNS"))


@pytest.mark.parametrize(
    ("text", "verb", "subject"),
    [
        ("Alcohol messes with your GABA receptors.", "messes", "Alcohol"),
        ("A build-up of amyloid results in the death of neurons.", "results", "up"),
        ("SSRIs work by blocking the reuptake of serotonin.", "work", "SSRIs"),
    ],
)
def test_a_sentence_read_as_one_noun_gets_its_verb(text: str, verb: str, subject: str) -> None:
    root = next(t for t in language.correct_parse(language.load()(text), load_rules()) if t.dep_ == "ROOT")
    assert (root.text, [t.text for t in root.lefts if t.dep_ == "nsubj"]) == (verb, [subject])


@pytest.mark.parametrize(
    "text", ["Hormone changes in the brain.", "Vitamin supplements in winter.", "Sleep aids for adults."]
)
def test_a_heading_stays_a_noun(text: str) -> None:
    root = next(t for t in language.correct_parse(language.load()(text), load_rules()) if t.dep_ == "ROOT")
    assert root.pos_ == "NOUN"


def test_a_subject_read_as_part_of_the_clause_before_comes_back() -> None:
    text = "Once the hormones have done their job, transport proteins capture them and carry them back."
    nlp = language.load()
    doc = nlp(text)
    verb = next(token for token in doc if token.text == "capture")
    proteins = verb.nbor(-1)
    proteins.head, proteins.dep_ = next(token for token in doc if token.text == "job"), "conj"
    language.correct_parse(doc, load_rules())
    assert (proteins.head.text, proteins.dep_) == ("capture", "nsubj")
