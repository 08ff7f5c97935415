"""``python -m benchmarks.language_model.package PARSE ENTITIES OUT TREEBANKS``: two trained halves to one pipeline.

A trained pipeline carries every string of its training texts. Only those that a label or a lemma can still reach are
kept, and the packaged pipeline must then read a sample exactly as before.
"""

from __future__ import annotations

import json
import sys
from itertools import islice
from pathlib import Path

import spacy
import srsly
from spacy.language import Language

from benchmarks.language_model import corpus, tokenizer

META = {
    "name": "mechanisms_web_sm",
    "version": "0.3.0",
    "description": "English for health and science on the web: tags, lemmas, CLEAR dependencies, entities.",
    "author": "The authors of pipeline",
    "license": "CC BY-SA 4.0",
    "spacy_version": ">=3.8.0,<3.9.0",
    "sources": [
        {"name": "UD English EWT 2.16", "license": "CC BY-SA 4.0", "author": "Silveira et al. 2014"},
        {"name": "CRAFT 5.0.2", "license": "CC BY 3.0", "author": "Bada et al. 2012; Verspoor et al. 2012"},
        {"name": "BC5CDR", "license": "Public Domain Mark 1.0", "author": "Li et al. 2016"},
        {"name": "NCBI Disease Corpus", "license": "public domain", "author": "Dogan et al. 2014"},
        {"name": "NeuroTrialNER", "license": "CC0 1.0", "author": "Doneva et al. 2024"},
        {"name": "all-MiniLM-L6-v2", "license": "Apache 2.0", "author": "Reimers and Gurevych 2019 (teacher only)"},
    ],
}
LICENCE = """The weights in this folder are licensed under the
Creative Commons Attribution-ShareAlike 4.0 International licence (CC BY-SA 4.0).
The full text is at creativecommons.org/licenses/by-sa/4.0/legalcode; README.md names the data they were learnt from.
"""


def main(parse: str, entities: str, out: str, treebanks: str) -> None:
    nlp = spacy.load(parse)
    nlp.add_pipe("ner", source=spacy.load(entities))
    nlp.meta.update(META)
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])  # they are those of one machine
    place = Path(out)
    nlp.to_disk(place)
    (place / "LICENSE").write_text(LICENCE)
    strings = place / "vocab" / "strings.json"
    needed = _needed_strings(nlp, place)
    strings.write_text(json.dumps(sorted(set(json.loads(strings.read_text())) & needed), ensure_ascii=False) + "\n")
    documents = corpus.english_web_treebank(Path(treebanks), "dev", nlp.vocab)
    sample = [document.text for document in islice(documents, 100)]
    packaged = spacy.load(place)
    if [_read(packaged, text) for text in sample] != [_read(nlp, text) for text in sample]:
        raise AssertionError("dropping the training strings changed a prediction")


def _needed_strings(nlp: Language, out: Path) -> set[str]:
    """Labels, what the lemmatizer's edit trees put in place, and what a blank pipeline holds."""
    needed = set(spacy.blank("en").vocab.strings)
    for _, pipe in nlp.pipeline:
        needed.update(label for label in getattr(pipe, "labels", ()) if isinstance(label, str))
    for words in tokenizer.SPECIAL.values():
        needed.update(words)
    trees = srsly.read_msgpack(out / "trainable_lemmatizer" / "trees")["trees"]
    hashes = {trees[i][key] for i in _used_trees(nlp, trees) for key in ("orig", "subst") if trees[i].get(key)}
    needed.update(string for string in nlp.vocab.strings if nlp.vocab.strings[string] in hashes)
    return needed


def _used_trees(nlp: Language, trees: list[dict[str, int]]) -> set[int]:
    """Edit trees that the lemmatizer can choose, with the trees below them; the others hold names of the corpus."""
    waiting = [int(label) for label in nlp.get_pipe("trainable_lemmatizer").cfg["labels"]]  # type: ignore[attr-defined]
    used: set[int] = set()
    while waiting:
        tree = waiting.pop()
        if tree < len(trees) and tree not in used:
            used.add(tree)
            waiting += [trees[tree][key] for key in ("prefix_tree", "suffix_tree") if key in trees[tree]]
    return used


def _read(nlp: Language, text: str) -> list[tuple[str, str, int, str, str]]:
    return [(token.tag_, token.dep_, token.head.i, token.lemma_, token.ent_type_) for token in nlp(text)]


if __name__ == "__main__":
    main(*sys.argv[1:])
