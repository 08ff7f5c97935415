"""``python -m benchmarks.language_model.train TREEBANKS OUT``: treebanks to a packaged pipeline."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import spacy
import srsly
from spacy import util
from spacy.language import Language
from spacy.training import Example
from spacy.training.initialize import init_nlp
from spacy.training.loop import train

from benchmarks.language_model import corpus

CONFIG = Path(__file__).with_name("train.cfg")
META = {
    "name": "mechanisms_web_sm",
    "version": "0.1.0",
    "description": "Small English pipeline for health and science web text: tags, lemmas, CLEAR dependencies.",
    "license": "CC BY-SA 4.0",
    "sources": [
        {"name": "UD English EWT 2.16", "license": "CC BY-SA 4.0", "author": "Silveira et al. 2014"},
        {"name": "CRAFT 5.0.2", "license": "CC BY 3.0", "author": "Bada et al. 2012; Verspoor et al. 2012"},
    ],
}


def treebanks(path: str, part: str, repeats: dict[str, int]) -> Callable[[Language], Iterable[Example]]:
    """Examples of one part of both treebanks, each treebank as often as ``repeats`` says."""

    def read(nlp: Language) -> Iterable[Example]:
        folder = Path(path)
        documents = list(corpus.english_web_treebank(folder, part, nlp.vocab)) * repeats["ewt"]
        documents += list(corpus.craft(folder, part, nlp.vocab)) * repeats["craft"]
        for document in documents:
            yield Example(nlp.make_doc(document.text), document)

    return read


util.registry.readers.register("treebanks.v1", func=treebanks)


def main(folder: str, out: str, *overrides: str) -> None:
    settings = {"paths.treebanks": folder} | dict(pair.split("=", 1) for pair in overrides)
    config = util.load_config(CONFIG, overrides={key: _number(value) for key, value in settings.items()})
    nlp = init_nlp(config)
    work = Path(out + ".training")
    work.mkdir(parents=True, exist_ok=True)
    train(nlp, work)
    package(work / "model-best", Path(out), Path(folder))


def package(trained: Path, out: Path, treebanks: Path) -> None:
    """Write a trained pipeline with its description and only the strings it needs, and check that it parses alike."""
    nlp = spacy.load(trained)
    nlp.meta.update(META)
    nlp.to_disk(out)
    strings = out / "vocab" / "strings.json"
    needed = _needed_strings(nlp, out)
    strings.write_text(json.dumps(sorted(set(json.loads(strings.read_text())) & needed), ensure_ascii=False) + "\n")
    sample = [document.text for document in corpus.english_web_treebank(treebanks, "dev", nlp.vocab)][:100]
    if [_parse(spacy.load(out), text) for text in sample] != [_parse(spacy.load(trained), text) for text in sample]:
        raise AssertionError("dropping the training strings changed a prediction")


def _needed_strings(nlp: Language, out: Path) -> set[str]:
    """Labels, what the lemmatizer's edit trees put in place, and what a blank pipeline holds."""
    needed = set(spacy.blank("en").vocab.strings)
    for _, pipe in nlp.pipeline:
        needed.update(label for label in getattr(pipe, "labels", ()) if isinstance(label, str))
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


def _number(value: str) -> str | int:
    return int(value) if value.isdigit() else value


def _parse(nlp: Language, text: str) -> list[tuple[str, str, int, str]]:
    return [(token.tag_, token.dep_, token.head.i, token.lemma_) for token in nlp(text)]


if __name__ == "__main__":
    main(*sys.argv[1:])
