"""Training the models of content, on all sets or all but one.

The second model learns from what the first says of pages that did not teach it, in four parts by site; so does the
model of page kinds, whose guesses the second sees as well. A block counts by the square root of its words, a page as
much as any other of its set; of a page with very many blocks a part is drawn. Same data, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.main_content import data, trees
from benchmarks.main_content.data import Example
from pipeline.content.features import Floats, with_neighbours
from pipeline.content.page_kind import KINDS, page_row

_FOLDS = 4
_MOST = 400  # blocks of a page, about
_SURELY = 1.5  # times as many, by what they count, are sure to be drawn
_FEWEST = 0.3  # of that number are drawn however little they count
Predict = Callable[[int], Floats]


def train(folder: Path, out: Path, without: str = "") -> None:
    """Train and write; the sets whose names begin with ``without`` teach nothing."""
    read = list(data.teaching(folder, without))
    rows = [one.page.rows for one in read]
    everything = range(len(read))

    def blocks(taught: Sequence[int], rows: Sequence[Floats]) -> trees.Model:
        return _of_shares([read[index] for index in taught], [rows[index] for index in taught])

    def kinds(taught: Sequence[int]) -> trees.Model:
        labels = np.array([KINDS.index(read[index].kind) for index in taught])
        return trees.Model.of_kinds(np.stack([pages[index] for index in taught]), labels, len(KINDS))

    alone = _cross_fitted(read, lambda taught: _asked(blocks(taught, rows).probabilities, rows))
    pages = [page_row(one.page, said) for one, said in zip(read, alone, strict=True)]
    guessed = _cross_fitted(read, lambda taught: _asked(kinds(taught).kinds, [page[None] for page in pages]))
    wide = [with_neighbours(one.page, said, kind[0]) for one, said, kind in zip(read, alone, guessed, strict=True)]
    models = {"first": blocks(everything, rows), "second": blocks(everything, wide), "kind": kinds(everything)}
    for name, model in models.items():
        (out / f"{name}.tsv").write_text(model.table(), "utf-8")
    print(f"{len(read)} pages taught {rows[0].shape[1]} and {wide[0].shape[1]} features")


def _asked(predict: Callable[[Floats], Floats], rows: Sequence[Floats]) -> Predict:
    return lambda index: predict(rows[index])


def _cross_fitted(read: Sequence[Example], fit: Callable[[Sequence[int]], Predict]) -> list[Floats]:
    """What models say of pages that did not teach them."""
    said: dict[int, Floats] = {}
    for fold in range(_FOLDS):
        predict = fit([index for index, one in enumerate(read) if _fold(one) != fold])
        said |= {index: predict(index) for index, one in enumerate(read) if _fold(one) == fold}
    return [said[index] for index in range(len(read))]


def _fold(example: Example) -> int:
    return data.part(f"fold {example.site}", _FOLDS)


def _of_shares(pages: Sequence[Example], rows: Sequence[Floats]) -> trees.Model:
    chance = np.random.default_rng(1)
    weights = [_weights(page, chance) for page in pages]
    drawn = [weight > 0 for weight in weights]
    share = np.concatenate([page.share[one] for page, one in zip(pages, drawn, strict=True)])
    # Blocks are seldom all or nothing: a caption joins a paragraph, a button a heading.
    wanted: npt.NDArray[np.float32] = np.clip((share - 0.1) / 0.8, 0, 1)
    weight = np.concatenate([weight[one] for weight, one in zip(weights, drawn, strict=True)])
    taught = np.concatenate([row[one] for row, one in zip(rows, drawn, strict=True)])
    return trees.Model.of_shares(taught, wanted, weight * len(weight) / weight.sum())


def _weights(page: Example, chance: np.random.Generator) -> npt.NDArray[np.float64]:
    """How much each block counts; 0 for those of which nothing is known, and for those that are not drawn."""
    size = np.sqrt(page.page.counts + 1.0)
    weight = np.where(page.share >= 0, size, 0.0)
    known = int((page.share >= 0).sum())
    if not known:
        return weight
    # Where only segments are marked, those stand for the page.
    weight *= data.TEACHING[page.set] / (weight.sum() if page.by_segments else size.sum())
    if known > _MOST:
        likely = np.clip(_SURELY * _MOST * weight / weight.sum(), _FEWEST * _MOST / known, 1.0)
        weight = np.where(chance.random(len(weight)) < likely, weight / likely, 0.0)
    return weight
