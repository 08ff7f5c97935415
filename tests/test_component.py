"""The component ``mechanisms`` in spaCy pipelines of other people."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from pipeline import PipelineError, clean
from pipeline.mechanisms.language import SHIPPED

TEXT = "Ketamine blocks NMDA receptors. It may not increase the release of glutamate.\n\nLight suppresses melatonin."


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.load(SHIPPED)
    nlp.add_pipe("mechanisms")
    return nlp


def test_it_finds_what_the_stage_finds(nlp: Language) -> None:
    found = nlp(TEXT)._.mechanisms
    rows = clean(TEXT).mechanisms
    assert [(one.subject.text, one.relation, one.object.text, one.subject.resolved) for one in found] == [
        (row.subject_text, row.relation, row.object_text, row.subject_resolved) for row in rows
    ]
    for one in found:
        for end in (one.subject, one.object):
            assert TEXT[end.start : end.end] == end.text


def test_the_document_stays_as_it_was_parsed(nlp: Language) -> None:
    text = "Alcohol messes with receptors. Once it is done, receptors capture it."
    with nlp.select_pipes(disable=["mechanisms"]):
        before = nlp(text)
    after = nlp(text)
    said = [[(token.dep_, token.tag_, token.lemma_, token.head.i) for token in doc] for doc in (before, after)]
    assert said[0] == said[1]


def test_documents_without_relations_and_without_words(nlp: Language) -> None:
    assert [doc._.mechanisms for doc in nlp.pipe(["", "Hello there.", " "])] == [(), (), ()]


def test_relations_are_kept_when_documents_are_stored_or_sent(nlp: Language) -> None:
    wanted = nlp(TEXT)._.mechanisms
    assert len(wanted) > 1
    assert Doc(nlp.vocab).from_bytes(nlp(TEXT).to_bytes())._.mechanisms == wanted
    stored = DocBin(store_user_data=True, docs=[nlp(TEXT)])
    assert [doc._.mechanisms for doc in stored.get_docs(nlp.vocab)] == [wanted]
    assert [doc._.mechanisms for doc in nlp.pipe([TEXT, TEXT], n_process=2)] == [wanted, wanted]


def test_scope_and_rules_are_settings_of_it(tmp_path: Path) -> None:
    (tmp_path / "frames.toml").write_text(
        '[[rule]]\nid = "sequester"\npos = "verb"\nlemmas = ["sequester"]\nrelation = "binds"\nobjects = ["dobj"]\n'
        'examples = ["[Ferritin] <sequesters> {iron}."]\ncounter_examples = ["The jury was sequestered."]\n',
        "utf-8",
    )
    nlp = spacy.load(SHIPPED)
    nlp.add_pipe("mechanisms", config={"rules": str(tmp_path), "scope": "any"})
    (found,) = nlp("Ferritin sequesters iron.")._.mechanisms
    assert found.rule.startswith("sequester/")


def test_a_pipeline_that_does_not_parse_is_told() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("mechanisms")
    with pytest.raises(PipelineError, match="lacks a parser"):
        nlp("Ketamine blocks receptors.")


def test_a_wrong_scope_is_told() -> None:
    with pytest.raises(PipelineError, match="scope must be body or any"):
        spacy.blank("en").add_pipe("mechanisms", config={"scope": "everything"})
