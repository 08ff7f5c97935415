"""``python -m benchmarks.language_model.train CONFIG OUT [key=value ...]``: train one half of the shipped pipeline.

parse.cfg holds tags, lemmas and trees, entities.cfg the entities; each has an encoder of its own, so that they can be
trained side by side. Texts are read raw, with the tokenizer that ships.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from random import Random

from spacy import util
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from thinc.api import Config

from benchmarks.language_model import corpus, damage, tokenizer

Reader = Callable[[Language], Iterable[Example]]


def parsed_train(treebanks: str, silver: str, repeats: dict[str, int], damaged: float, seed: int) -> Reader:
    """Both treebanks and the teachers' trees, each as often as ``repeats`` says; a share of the copies is damaged."""

    @cache  # every component asks for the examples when it is set up
    def read(nlp: Language) -> list[Example]:
        folder = Path(treebanks)
        docs = list(corpus.english_web_treebank(folder, "train", nlp.vocab)) * repeats["ewt"]
        docs += list(corpus.craft(folder, "train", nlp.vocab)) * repeats["craft"]
        docs += list(corpus.craft_runs(folder, "train", nlp.vocab)) * repeats["craft_runs"]
        docs += _bundle(Path(silver) / "parsed.spacy", nlp) * repeats["silver"]
        return list(_examples(nlp, docs, damaged, seed))

    return read


def parsed_dev(treebanks: str) -> Reader:
    """The development parts of both treebanks."""

    def read(nlp: Language) -> Iterator[Example]:
        for source in (corpus.english_web_treebank, corpus.craft):
            yield from _examples(nlp, source(Path(treebanks), "dev", nlp.vocab))

    return read


def marked_train(silver: str, repeats: dict[str, int], damaged: float, seed: int) -> Reader:
    """The entity sets, filled in, and the running text that the teacher marked."""

    @cache
    def read(nlp: Language) -> list[Example]:
        docs = _bundle(Path(silver) / "marked-train.spacy", nlp) * repeats["marked"]
        docs += _bundle(Path(silver) / "marked.spacy", nlp) * repeats["silver"]
        return list(_examples(nlp, docs, damaged, seed))

    return read


def marked_dev(silver: str) -> Reader:
    """The development parts of the entity sets, filled in."""
    return lambda nlp: _examples(nlp, _bundle(Path(silver) / "marked-dev.spacy", nlp))


def _bundle(place: Path, nlp: Language) -> list[Doc]:
    return list(DocBin().from_disk(place).get_docs(nlp.vocab))


def _examples(nlp: Language, docs: Iterable[Doc], damaged: float = 0.0, seed: int = 0) -> Iterator[Example]:
    random = Random(seed)
    for doc in docs:
        wanted = damage.damaged(doc, random) if random.random() < damaged else doc
        yield Example(nlp.make_doc(wanted.text), wanted)


util.registry.readers.register("parsed_train.v1", func=parsed_train)
util.registry.readers.register("parsed_dev.v1", func=parsed_dev)
util.registry.readers.register("marked_train.v1", func=marked_train)
util.registry.readers.register("marked_dev.v1", func=marked_dev)
util.registry.callbacks.register("aligned_tokenizer.v1", func=lambda: tokenizer.align)


def main(config: str, out: str, *overrides: str) -> None:
    nlp = init_nlp(settings(config, *overrides))
    Path(out).mkdir(parents=True, exist_ok=True)
    train(nlp, Path(out))


def settings(config: str, *overrides: str) -> Config:
    """One half's configuration on top of the one that both share; an override is ``section.key=value``."""
    room = Path(__file__).parent
    shared, own = (Config().from_disk(room / name, interpolate=False) for name in ("training.cfg", config))
    values = dict(pair.split("=", 1) for pair in overrides)
    text = shared.merge(own).to_str(interpolate=False)
    read: Config = util.load_config_from_str(text, overrides={key: _number(value) for key, value in values.items()})
    return read


def _number(value: str) -> str | int:
    return int(value) if value.isdigit() else value


if __name__ == "__main__":
    main(*sys.argv[1:])
