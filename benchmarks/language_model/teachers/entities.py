"""The teacher for named entities: one label per word, learnt from sets that mark different types.

``python -m benchmarks.language_model.teachers.entities NER OUT`` trains it. A set that marks diseases only says
nothing about genes, so "no entity" there means "none of the set's types": the loss sums the probability of every
label that agrees with what is known (partial annotation, Tsuboi et al. 2008).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from benchmarks.language_model import entity_sets
from benchmarks.language_model.entity_sets import TYPES, Marked, Span
from benchmarks.language_model.teachers import encoder

LABELS = ("O", *(f"{mark}-{kind}" for kind in TYPES for mark in "BI"))
_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
EPOCHS = 2


@dataclass(frozen=True, slots=True)
class Words:
    """A text cut into runs of letters, runs of digits and single signs, small enough for one pass."""

    spans: list[tuple[int, int]]
    words: list[str]


def cut(text: str) -> list[Words]:
    """Cut a text into passes; offsets stay those of the text."""
    spans = [match.span() for match in _WORD.finditer(text)]
    found: list[Words] = []
    while spans:
        words = [text[start:end] for start, end in spans]
        count = encoder.fits(words)
        found.append(Words(spans[:count], words[:count]))
        spans = spans[count:]
    return found


def allowed(piece: Words, marked: Marked) -> list[list[bool]]:
    """For each word, which labels agree with what the set says."""
    unknown = [label == "O" or label[2:] not in marked.types for label in LABELS]
    rows = [list(unknown) for _ in piece.words]
    for start, end, kind in marked.spans:
        inside = [i for i, (a, b) in enumerate(piece.spans) if a < end and b > start]
        for i in inside:
            label = ("B-" if i == inside[0] else "I-") + kind
            rows[i] = [other == label for other in LABELS]
    return rows


def build() -> Any:
    base = encoder.network()
    width = base["encoder"].config.hidden_size
    return torch.nn.ModuleDict({"base": base, "head": torch.nn.Linear(width, len(LABELS))})


def logits(model: Any, texts: Sequence[Sequence[str]]) -> tuple[Any, list[int]]:
    given = encoder.batch(texts)
    hidden = torch.nn.functional.dropout(encoder.vectors(model["base"], given), 0.1, model.training)
    return model["head"](hidden), given.lengths


def train(folder: Path, out: Path) -> None:
    torch.manual_seed(7)
    model = build()
    pieces = [
        (piece, allowed(piece, marked)) for marked in entity_sets.read(folder, "train") for piece in cut(marked.text)
    ]
    sizes = [encoder.size(piece.words) for piece, _ in pieces]

    def loss_of(chosen: list[int]) -> Any:
        scores, lengths = logits(model, [pieces[i][0].words for i in chosen])
        logs = torch.log_softmax(scores, -1)
        known = torch.cat([torch.tensor(pieces[i][1]) for i in chosen])
        flat = torch.cat([logs[row, :length] for row, length in enumerate(lengths)])
        return -torch.logsumexp(flat.masked_fill(~known, -1e9), -1).mean()

    def report(epoch: int) -> None:
        for name, marked in entity_sets.by_set(folder, "dev").items():
            found = label(model, [m.text for m in marked])
            print("epoch", epoch, name, entity_sets.score(marked, found), flush=True)

    encoder.fit(model, sizes, loss_of, EPOCHS, report, out.with_suffix(".part"))
    torch.save(model.state_dict(), out)


def load(path: Path) -> Any:
    model = build()
    model.load_state_dict(torch.load(path))
    return model.eval()


def label(model: Any, texts: Sequence[str]) -> list[list[Span]]:
    """Entities of each text."""
    pieces = [(i, piece) for i, text in enumerate(texts) for piece in cut(text)]
    found: list[list[Span]] = [[] for _ in texts]
    sizes = [encoder.size(piece.words) for _, piece in pieces]
    with torch.no_grad():
        for chosen in encoder.grouped(sizes, None):
            scores, lengths = logits(model, [pieces[i][1].words for i in chosen])
            best = scores.argmax(-1).tolist()
            for row, i in enumerate(chosen):
                found[pieces[i][0]].extend(_spans(pieces[i][1], [LABELS[k] for k in best[row][: lengths[row]]]))
    return [sorted(spans) for spans in found]


def _spans(piece: Words, labels: list[str]) -> list[Span]:
    found: list[Span] = []
    for (start, end), name in zip(piece.spans, labels, strict=True):
        if name == "O":
            continue
        if name[0] == "I" and found and found[-1][2] == name[2:] and _touch(piece, found[-1][1], start):
            found[-1] = (found[-1][0], end, name[2:])
        else:
            found.append((start, end, name[2:]))
    return found


def _touch(piece: Words, end: int, start: int) -> bool:
    """No other word lies between two places."""
    return not any(end <= a and b <= start for a, b in piece.spans)


if __name__ == "__main__":
    train(Path(sys.argv[1]), Path(sys.argv[2]))
