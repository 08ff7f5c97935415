"""``python -m benchmarks.language_model.evaluate TREEBANKS``: score the shipped pipeline on the official test parts."""

from __future__ import annotations

import sys
from pathlib import Path

import spacy
from spacy.training import Example

from benchmarks.language_model import corpus
from pipeline.mechanisms.language import SHIPPED

SHOWN = ("token_f", "sents_f", "pos_acc", "tag_acc", "lemma_acc", "dep_uas", "dep_las")


def main(folder: str) -> None:
    """Print one line per treebank: tokens, sentences and parse from raw text, by spaCy's scorer."""
    nlp = spacy.load(SHIPPED)
    parts = {"EWT": corpus.english_web_treebank, "CRAFT": corpus.craft}
    for name, read in parts.items():
        examples = [Example(nlp.make_doc(doc.text), doc) for doc in read(Path(folder), "test", nlp.vocab)]
        scores = nlp.evaluate(examples)
        print(name, " ".join(f"{key} {scores[key]:.3f}" for key in SHOWN))


if __name__ == "__main__":
    main(*sys.argv[1:])
