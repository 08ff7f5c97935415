"""``python -m benchmarks.language_model.train CONFIG OUT [key=value ...]``: train one half of the shipped pipeline.

parse.cfg holds tags, lemmas and trees, entities.cfg the entities; each has an encoder of its own, so that they can be
trained side by side. Texts are read raw, with the tokenizer that ships.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import spacy
from spacy import util
from spacy.language import Language
from spacy.pipeline.edit_tree_lemmatizer import EditTreeLemmatizer
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from thinc.api import Config

from benchmarks.language_model import corpus, damage, pair, tokenizer

Reader = Callable[[Language], Iterable[Example]]


def parsed_train(treebanks: str, silver: str, repeats: dict[str, int], damaged: float, seed: int) -> Reader:
    """Both treebanks and the teachers' trees, each as often as ``repeats`` says; a share of the copies is damaged."""
    return lambda nlp: _parsed(nlp, Path(treebanks), Path(silver), tuple(repeats.items()), damaged, seed)


@cache  # every component asks for the examples when it is set up, and then the training
def _parsed(
    nlp: Language, treebanks: Path, silver: Path, repeats: tuple[tuple[str, int], ...], damaged: float, seed: int
) -> list[Example]:
    sources = {
        "ewt": lambda: list(corpus.english_web_treebank(treebanks, "train", nlp.vocab)),
        "craft": lambda: list(corpus.craft(treebanks, "train", nlp.vocab)),
        "craft_runs": lambda: list(corpus.craft_runs(treebanks, "train", nlp.vocab)),
        "silver": lambda: _bundle(silver / "parsed.spacy", nlp),
    }
    docs = [doc for name, count in repeats if count for doc in sources[name]() * count]
    return list(_examples(nlp, docs, damaged, seed))


def parsed_dev(treebanks: str) -> Reader:
    """The development parts of both treebanks."""

    def read(nlp: Language) -> Iterator[Example]:
        for source in (corpus.english_web_treebank, corpus.craft):
            yield from _examples(nlp, source(Path(treebanks), "dev", nlp.vocab))

    return read


def marked_train(silver: str, repeats: dict[str, int], damaged: float, seed: int) -> Reader:
    """The entity sets, filled in, and the running text that the teacher marked."""
    return lambda nlp: _marked(nlp, Path(silver), tuple(repeats.items()), damaged, seed)


@cache
def _marked(
    nlp: Language, silver: Path, repeats: tuple[tuple[str, int], ...], damaged: float, seed: int
) -> list[Example]:
    docs = [doc for name, count in repeats for doc in _bundle(silver / f"{name}.spacy", nlp) * count]
    return list(_examples(nlp, docs, damaged, seed))


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
    context, memory, barrier = pair.shared()
    helper = context.Process(target=learn, args=(1, memory, barrier, config, None, overrides), daemon=True)
    helper.start()
    learn(0, memory, barrier, config, out, overrides)
    helper.join()


def learn(rank: int, memory: Any, barrier: Any, config: str, out: str | None, overrides: Sequence[str]) -> None:
    """One of the two processes; the first evaluates and writes, the second only learns, from batches of its own."""
    exchange = pair.Exchange(rank, memory, barrier)
    util.registry.optimizers("paired_adam.v1")(pair.adam(exchange))
    nlp = init_nlp(settings(config, *overrides))
    restore_labels(nlp)
    gc.freeze()  # millions of objects that stay
    if rank == 0 and out is not None:
        Path(out).mkdir(parents=True, exist_ok=True)
        train(nlp, Path(out))
    else:
        nlp.config["training"]["seed"] = nlp.config["system"]["seed"] + rank
        nlp.config["training"]["eval_frequency"] = 10**9
        train(nlp, None, stdout=StringIO())


def restore_labels(nlp: Language) -> None:
    """A lemmatizer that spaCy loads has forgotten which edit tree is which label, and would unlearn its lemmas."""
    for _, pipe in nlp.pipeline:
        if isinstance(pipe, EditTreeLemmatizer):
            pipe.tree2label = {tree: label for label, tree in enumerate(pipe.cfg["labels"])}


def settings(config: str, *overrides: str) -> Config:
    """One half's configuration on top of the one that both share; an override is ``section.key=value``."""
    room = Path(__file__).parent
    shared, own = (Config().from_disk(room / name, interpolate=False) for name in ("training.cfg", config))
    text = shared.merge(own).to_str(interpolate=False)
    values = {key: _value(value) for key, _, value in (override.partition("=") for override in overrides)}
    read: Config = util.load_config_from_str(text, overrides=values, interpolate=True)
    return _continued(read, start) if (start := read["paths"]["start"]) else read


def _continued(config: Config, start: str) -> Config:
    """The components that the pipeline at ``start`` has go on from its weights and labels; the others begin anew."""
    known = spacy.load(start).pipe_names
    for name in config["nlp"]["pipeline"]:
        if name in known:
            config["components"][name] = {"source": start}
    return config


def _value(text: str) -> str | int | float:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


if __name__ == "__main__":
    main(*sys.argv[1:])
