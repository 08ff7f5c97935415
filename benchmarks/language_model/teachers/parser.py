"""The teacher for trees: tags, sentence starts and heads of every word, learnt from the treebanks.

``python -m benchmarks.language_model.teachers.parser TREEBANKS OUT`` trains it. Heads and labels are scored by
biaffine layers (Dozat and Manning 2017, "Deep Biaffine Attention for Neural Dependency Parsing").
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import spacy
import torch
from spacy.tokens import Doc, Span

from benchmarks.language_model import corpus
from benchmarks.language_model.teachers import encoder

EPOCHS = 2
REPEATS = {"ewt": 3, "craft": 1}
ARC, LABEL = 256, 96
RARE = 3  # analyses seen less often are not learnt
_SKIP = -100  # cross_entropy ignores it


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the teacher can say of a word."""

    analyses: tuple[str, ...]  # tag, part of speech and features, one string
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Some whole sentences of one document. Heads count from 1 within the passage; 0 is the root."""

    words: list[str]
    analyses: list[str]
    labels: list[str]
    heads: list[int]
    starts: list[bool]


@dataclass(frozen=True, slots=True)
class Parse:
    """The teacher's reading of one sentence; ``sure`` is the mean probability of its arcs."""

    start: int
    end: int
    analyses: list[str]
    heads: list[int]  # as in Passage, but within the sentence's text
    labels: list[str]
    sure: float


def passages(doc: Doc) -> list[Passage]:
    """Cut a document into passages that the encoder can take; a sentence too long for it is left out."""
    bounds: list[tuple[int, int]] = []
    for sentence in doc.sents:
        start = bounds[-1][0] if bounds and bounds[-1][1] == sentence.start else sentence.start
        if start < sentence.start and _fits(doc[start : sentence.end]):
            bounds[-1] = (start, sentence.end)
        elif _fits(sentence):
            bounds.append((sentence.start, sentence.end))
    return [_passage(doc[start:end]) for start, end in bounds]


def _fits(span: Span) -> bool:
    return encoder.size([token.text for token in span]) <= encoder.LONGEST


def _passage(span: Span) -> Passage:
    return Passage(
        words=[token.text for token in span],
        analyses=[f"{token.tag_} {token.pos_} {token.morph}" for token in span],
        labels=[token.dep_ for token in span],
        heads=[0 if token.head.i == token.i else token.head.i - span.start + 1 for token in span],
        starts=[bool(token.is_sent_start) for token in span],
    )


def inventory(given: Sequence[Passage]) -> Inventory:
    def frequent(name: str) -> tuple[str, ...]:
        counts = Counter(value for passage in given for value in getattr(passage, name))
        return tuple(sorted(value for value, count in counts.items() if count >= RARE))

    return Inventory(frequent("analyses"), frequent("labels"))


def build(known: Inventory) -> Any:
    nn = torch.nn
    base = encoder.network()
    width = base["encoder"].config.hidden_size

    def part(out: int) -> Any:
        return nn.Sequential(nn.Linear(width, out), nn.GELU(), nn.Dropout(0.2))

    return nn.ModuleDict({
        "base": base,
        "root": nn.Embedding(1, width),
        "analysis": nn.Linear(width, len(known.analyses)),
        "start": nn.Linear(width, 2),
        "arc_child": part(ARC),
        "arc_head": part(ARC),
        "arc": nn.Linear(ARC + 1, ARC, bias=False),
        "label_child": part(LABEL),
        "label_head": part(LABEL),
        "label": nn.Linear(LABEL + 1, len(known.labels) * (LABEL + 1), bias=False),
    })  # fmt: skip


def scores(model: Any, texts: Sequence[Sequence[str]]) -> tuple[Any, Any, Any]:
    """Word vectors, head scores (texts x words x words + 1) and vectors with the root in place 0."""
    given = encoder.batch(texts)
    hidden = torch.nn.functional.dropout(encoder.vectors(model["base"], given), 0.1, model.training)
    root = model["root"].weight.expand(len(texts), 1, -1)
    rooted = torch.cat([root, hidden], 1)
    arcs = model["arc"](_one(model["arc_child"](hidden))) @ model["arc_head"](rooted).transpose(1, 2)
    longest = hidden.shape[1]
    lengths = torch.tensor(given.lengths).view(-1, 1, 1)
    outside = torch.arange(longest + 1).view(1, 1, -1) > lengths
    itself = torch.eye(longest + 1, dtype=torch.bool)[1:].unsqueeze(0)
    return hidden, arcs.masked_fill(outside | itself, -1e9), rooted


def label_scores(model: Any, hidden: Any, rooted: Any, heads: Any) -> Any:
    """Scores of every label for each word under the given head: texts x words x labels."""
    above = rooted.gather(1, heads.clamp(min=0).unsqueeze(-1).expand(-1, -1, rooted.shape[-1]))
    weighed = model["label"](_one(model["label_child"](hidden))).unflatten(-1, (-1, LABEL + 1))
    return (weighed @ _one(model["label_head"](above)).unsqueeze(-1)).squeeze(-1)


def train(folder: Path, out: Path) -> None:
    torch.manual_seed(7)
    vocab = spacy.blank("en").vocab
    web = [passage for doc in corpus.english_web_treebank(folder, "train", vocab) for passage in passages(doc)]
    papers = [passage for doc in corpus.craft(folder, "train", vocab) for passage in passages(doc)]
    given = web * REPEATS["ewt"] + papers * REPEATS["craft"]
    known = inventory(given)
    model = build(known)
    sizes = [encoder.size(passage.words) for passage in given]
    tests = {
        "EWT": [p for doc in corpus.english_web_treebank(folder, "dev", vocab) for p in passages(doc)],
        "CRAFT": [p for doc in corpus.craft(folder, "dev", vocab) for p in passages(doc)],
    }

    def report(epoch: int) -> None:
        for name, dev in tests.items():
            print("epoch", epoch, name, evaluate(model, known, dev), flush=True)

    kept = out.with_suffix(".part")
    encoder.fit(model, sizes, lambda chosen: loss(model, known, [given[i] for i in chosen]), EPOCHS, report, kept)
    torch.save({"inventory": asdict(known), "weights": model.state_dict()}, out)


def loss(model: Any, known: Inventory, given: Sequence[Passage]) -> Any:
    hidden, arcs, rooted = scores(model, [passage.words for passage in given])
    width = hidden.shape[1]

    def padded(rows: list[list[int]]) -> Any:
        return torch.tensor([row + [_SKIP] * (width - len(row)) for row in rows])

    def indexed(names: tuple[str, ...], rows: list[list[str]]) -> Any:
        places = {name: i for i, name in enumerate(names)}
        return padded([[places.get(value, _SKIP) for value in row] for row in rows])

    heads = padded([passage.heads for passage in given])
    wanted = (
        (arcs, heads),
        (label_scores(model, hidden, rooted, heads), indexed(known.labels, [p.labels for p in given])),
        (model["analysis"](hidden), indexed(known.analyses, [p.analyses for p in given])),
        (model["start"](hidden), padded([[int(start) for start in p.starts] for p in given])),
    )
    cross = torch.nn.functional.cross_entropy
    return sum(cross(found.flatten(0, 1), gold.flatten(), ignore_index=_SKIP) for found, gold in wanted)


def load(path: Path) -> tuple[Any, Inventory]:
    saved = torch.load(path)
    known = Inventory(**saved["inventory"])
    model = build(known)
    model.load_state_dict(saved["weights"])
    return model.eval(), known


def parse(model: Any, known: Inventory, texts: Sequence[Sequence[str]]) -> list[list[Parse]]:
    """The sentences of each text, given as words; a sentence whose heads form no tree is left out."""
    found: list[list[Parse]] = [[] for _ in texts]
    sizes = [encoder.size(words) for words in texts]
    with torch.no_grad():
        for chosen in encoder.grouped(sizes, None):
            hidden, arcs, rooted = scores(model, [texts[i] for i in chosen])
            analyses = model["analysis"](hidden).argmax(-1).tolist()
            starts = model["start"](hidden).argmax(-1).tolist()
            trees = [_trees(arcs[row], starts[row], len(texts[i])) for row, i in enumerate(chosen)]
            heads = torch.tensor([tree[0] + [0] * (hidden.shape[1] - len(tree[0])) for tree in trees])
            labels = label_scores(model, hidden, rooted, heads).argmax(-1).tolist()
            for row, i in enumerate(chosen):
                for start, end, sure in trees[row][1]:
                    found[i].append(
                        Parse(
                            start,
                            end,
                            [known.analyses[k] for k in analyses[row][start:end]],
                            trees[row][0][start:end],
                            [known.labels[k] for k in labels[row][start:end]],
                            sure,
                        )
                    )
    return found


def _trees(arcs: Any, starts: list[int], length: int) -> tuple[list[int], list[tuple[int, int, float]]]:
    """Best heads within each sentence, and the sentences in which they form a tree."""
    bounds = [0, *(i for i in range(1, length) if starts[i]), length]
    heads: list[int] = []
    sentences: list[tuple[int, int, float]] = []
    for start, end in pairwise(bounds):
        logs = torch.log_softmax(arcs[start:end], -1)
        root = int(logs[:, 0].argmax())
        best = logs[:, start + 1 : end + 1].argmax(-1) + start + 1
        best[root] = 0
        above = best.tolist()
        whole = _break_cycles(above, start, logs)
        chances = logs.gather(1, torch.tensor(above).unsqueeze(1)).exp()
        heads.extend(above)
        if whole:
            sentences.append((start, end, float(chances.mean())))
    return heads, sentences


def _break_cycles(heads: list[int], start: int, logs: Any) -> bool:
    """Change the heads until every word reaches the root, each time where it costs least; False if they never do.

    The greedy step of Chu, Liu and Edmonds, without going back: a word that was moved stays where it is put.
    """
    moved: set[int] = set()
    for _ in heads:
        cycle = _cycle(heads, start)
        if not cycle:
            return True
        reaching = _reaching(heads, start)
        costs = [
            (float(logs[place - start - 1, heads[place - start - 1]] - logs[place - start - 1, other]), place, other)
            for place in cycle
            if place not in moved
            for other in reaching
        ]
        if not costs:
            return False
        _, place, other = min(costs)
        heads[place - start - 1] = other
        moved.add(place)
    return False


def _reaching(heads: list[int], start: int) -> list[int]:
    """The words that reach the root."""
    found = []
    for place in range(start + 1, start + len(heads) + 1):
        at, steps = place, 0
        while at and steps <= len(heads):
            at, steps = heads[at - start - 1], steps + 1
        if not at:
            found.append(place)
    return found


def _cycle(heads: list[int], start: int) -> list[int]:
    """The words of one cycle, or none."""
    safe = {0}
    for place in range(start + 1, start + len(heads) + 1):
        path: list[int] = []
        while place not in safe and place not in path:
            path.append(place)
            place = heads[place - start - 1]
        if place not in safe:
            return path[path.index(place) :]
        safe.update(path)
    return []


def evaluate(model: Any, known: Inventory, gold: Sequence[Passage]) -> str:
    """Attachment on gold words, sentences found by the teacher; words of sentences left out count as wrong."""
    right = labelled = tagged = total = kept = 0
    for passage, parses in zip(gold, parse(model, known, [p.words for p in gold]), strict=True):
        total += len(passage.words)
        for found in parses:
            here = range(found.start, found.end)
            kept += len(here)
            for i, head, label, analysis in zip(here, found.heads, found.labels, found.analyses, strict=True):
                right += head == passage.heads[i]
                labelled += head == passage.heads[i] and label == passage.labels[i]
                tagged += analysis.split()[1] == passage.analyses[i].split()[1]
    shares = (right, labelled, tagged, kept)
    return "UAS {:.3f} LAS {:.3f} POS {:.3f} kept {:.3f}".format(*(share / total for share in shares))


def _one(values: Any) -> Any:
    """Append a constant 1, so that the biaffine layer has a bias."""
    return torch.cat([values, torch.ones_like(values[..., :1])], -1)


if __name__ == "__main__":
    train(Path(sys.argv[1]), Path(sys.argv[2]))
