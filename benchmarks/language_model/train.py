"""``python -m benchmarks.language_model.train TREEBANKS OUT``: treebanks to a packaged pipeline."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import spacy
from spacy import util
from spacy.language import Language
from spacy.tokens import Doc
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
    best = spacy.load(work / "model-best")
    best.meta.update(META)
    _without_training_strings(best, list(corpus.english_web_treebank(Path(folder), "dev", best.vocab))[:50])
    best.to_disk(out)


def _number(value: str) -> str | int:
    return int(value) if value.isdigit() else value


def _without_training_strings(nlp: Language, sample: list[Doc]) -> None:
    """Keep only the strings a fresh vocabulary and the labels need: megabytes become kilobytes."""
    before = [_parse(nlp, document.text) for document in sample]
    strings = set(spacy.blank("en").vocab.strings)
    for name in nlp.pipe_names:
        strings.update(label for label in getattr(nlp.get_pipe(name), "labels", ()) if isinstance(label, str))
    kept = spacy.strings.StringStore(sorted(strings))
    nlp.vocab.strings._reset_and_load(kept)
    if [_parse(nlp, document.text) for document in sample] != before:
        raise AssertionError("dropping training strings changed a prediction")


def _parse(nlp: Language, text: str) -> list[tuple[str, str, int, str]]:
    return [(token.tag_, token.dep_, token.head.i, token.lemma_) for token in nlp(text)]


if __name__ == "__main__":
    main(*sys.argv[1:])
