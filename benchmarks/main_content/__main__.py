"""``python -m benchmarks.main_content ARCHIVE OUT``: train the models of content on two thirds of the sites.

The second model learns from what the first says of pages that did not teach it, in four parts by site; so does the
model of page kinds. A block counts by the square root of its words, a page as much as any other. Same data, same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.main_content import data, trees
from benchmarks.main_content.data import Example
from pipeline.content.features import Floats, with_neighbours
from pipeline.content.page_kind import KINDS, page_row

_FOLDS = 4


def main(archive: str, out: str) -> int:
    """Train and write."""
    read = [one for one in data.examples(Path(archive)) if data.part(one.site) != 0]
    rows = [one.rows for one in read]
    alone = _cross_fitted(read, rows)
    wide = [with_neighbours(one.rows, one.counts, said) for one, said in zip(read, alone, strict=True)]
    both = zip(alone, _cross_fitted(read, wide), strict=True)
    likely = [np.asarray((first + second) / 2, np.float32) for first, second in both]
    pages = [page_row(one.rows, one.counts, said) for one, said in zip(read, likely, strict=True)]
    labels = np.array([KINDS.index(one.kind) for one in read])
    models = {
        "first": _trained(read, rows),
        "second": _trained(read, wide),
        "kind": trees.Model.of_kinds(np.stack(pages), labels),
    }
    for name, model in models.items():
        Path(out, f"{name}.tsv").write_text(model.table(), "utf-8")
    print(f"{len(read)} pages taught {len(rows[0][0])} and {len(wide[0][0])} features")
    return 0


def _cross_fitted(read: Sequence[Example], rows: Sequence[Floats]) -> list[Floats]:
    """What models say of pages that did not teach them."""
    said: dict[int, Floats] = {}
    for fold in range(_FOLDS):
        taught = [index for index, one in enumerate(read) if _fold(one) != fold]
        model = _trained([read[index] for index in taught], [rows[index] for index in taught])
        said |= {index: model.probabilities(rows[index]) for index, one in enumerate(read) if _fold(one) == fold}
    return [said[index] for index in range(len(read))]


def _fold(example: Example) -> int:
    return data.part(f"fold {example.site}", _FOLDS)


def _trained(pages: Sequence[Example], rows: Sequence[Floats]) -> trees.Model:
    share = np.concatenate([page.share for page in pages])
    # Blocks are seldom all or nothing: a caption joins a paragraph, a button a heading.
    wanted: npt.NDArray[np.float32] = np.clip((share - 0.1) / 0.8, 0, 1)
    weights = [np.sqrt(page.counts + 1) / np.sqrt(page.counts + 1).sum() for page in pages]
    weight = np.concatenate(weights) * (share >= 0)
    return trees.Model.of_shares(np.concatenate(rows), wanted, weight * len(weight) / weight.sum())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
