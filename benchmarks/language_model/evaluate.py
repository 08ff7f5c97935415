"""``python -m benchmarks.language_model.evaluate TREEBANKS NER [MODEL]``: score a pipeline on the official test parts.

From raw text, with the pipeline's own words and sentences, by spaCy's scorer; entities by exact match over the types
that a set marks. Prints one line per set, the relations that mechanisms stand on, and the speed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.training import Example

from benchmarks.language_model import corpus, entity_sets
from pipeline.mechanisms.language import SHIPPED

SHOWN = ("token_f", "sents_f", "pos_acc", "tag_acc", "lemma_acc", "dep_uas", "dep_las")
TREEBANKS = {"EWT": corpus.english_web_treebank, "CRAFT": corpus.craft, "CRAFT, runs": corpus.craft_runs}
RELATIONS = ("nsubj", "nsubjpass", "dobj", "pobj", "prep", "agent", "relcl", "conj", "acl", "advcl")


def trees(nlp: Language, folder: Path, part: str) -> None:
    """Tokens, sentences, tags, lemmas and trees of both treebanks, then F1 per relation."""
    for name, read in TREEBANKS.items():
        examples = [Example(nlp.make_doc(doc.text), doc) for doc in read(folder, part, nlp.vocab)]
        scores = nlp.evaluate(examples)
        print(name, " ".join(f"{key} {scores[key]:.3f}" for key in SHOWN), flush=True)
        by_relation = scores["dep_las_per_type"]
        print("    ", " ".join(f"{label} {by_relation[label]['f']:.3f}" for label in RELATIONS), flush=True)


def entities(nlp: Language, folder: Path, part: str) -> None:
    """Exact F1 of each entity set."""
    for name, gold in entity_sets.by_set(folder, part).items():
        found = [
            [(span.start_char, span.end_char, span.label_) for span in doc.ents]
            for doc in nlp.pipe(marked.text for marked in gold)
        ]
        print(name, entity_sets.score(gold, found), flush=True)


def speed(nlp: Language, texts: Sequence[str]) -> None:
    """Words a second, beside spaCy's blank pipeline, best of three on the same texts."""
    words = sum(len(text.split()) for text in texts)
    for name, pipe in (("this pipeline", nlp), ("blank", spacy.blank("en"))):
        best = min(_seconds(pipe, texts) for _ in range(3))
        print(f"{name}: {words / best:,.0f} words/s", flush=True)


def _seconds(nlp: Language, texts: Sequence[str]) -> float:
    start = time.perf_counter()
    for _ in nlp.pipe(texts):
        pass
    return time.perf_counter() - start


def main(treebanks: str, ner: str, model: str = str(SHIPPED), part: str = "test") -> None:
    nlp = spacy.load(model)
    if "parser" in nlp.pipe_names:
        trees(nlp, Path(treebanks), part)
    if "ner" in nlp.pipe_names:
        entities(nlp, Path(ner), part)
    texts = [doc.text for doc in corpus.english_web_treebank(Path(treebanks), part, nlp.vocab)]
    speed(nlp, [*texts, *(marked.text for marked in entity_sets.read_set(Path(ner), "bc5cdr", part))])


if __name__ == "__main__":
    main(*sys.argv[1:])
