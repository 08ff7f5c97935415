"""``python -m benchmarks.main_content ARCHIVE OUT``: train both models on two thirds of the sites, write their tables.

The second model learns from what the first says of pages that did not teach it, in four parts by site. A block counts
by the square root of its words, a page as much as any other. Same data, same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from benchmarks.main_content import data
from benchmarks.main_content.data import Example
from pipeline.content.features import Floats, with_neighbours

_SETTINGS = {
    "objective": "cross_entropy", "learning_rate": 0.06, "num_leaves": 31, "max_depth": 8, "min_data_in_leaf": 40,
    "feature_fraction": 0.3, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5, "seed": 1, "verbose": -1,
    "num_threads": 2, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
_ROUNDS = 250
_FOLDS = 4
_HEADER = "tree\tfeature\tthreshold\tleft\tright\tvalue"
Rows = Callable[[Example], Floats]


def main(archive: str, out: str) -> int:
    """Train and write."""
    read = [one for one in data.examples(Path(archive)) if data.part(one.site) != 0]
    alone: dict[str, Floats] = {}
    for fold in range(_FOLDS):
        model = _trained([one for one in read if _fold(one) != fold], lambda one: one.rows)
        alone |= {one.name: _said(model, one.rows) for one in read if _fold(one) == fold}
    first = _trained(read, lambda one: one.rows)
    second = _trained(read, lambda one: with_neighbours(one.rows, one.counts, alone[one.name]))
    for name, model in (("first", first), ("second", second)):
        lines = [line for number, tree in enumerate(_trees(model)) for line in _lines(number, tree)]
        Path(out, f"{name}.tsv").write_text("\n".join([_HEADER, *lines, ""]), "utf-8")
    print(f"{len(read)} pages taught {first.num_feature()} and {second.num_feature()} features")
    return 0


def _fold(example: Example) -> int:
    return data.part(f"fold {example.site}", _FOLDS)


def _trained(pages: Sequence[Example], rows: Rows) -> lightgbm.Booster:
    share = np.concatenate([page.share for page in pages])
    # Blocks are seldom all or nothing: a caption joins a paragraph, a button a heading.
    wanted = np.clip((share - 0.1) / 0.8, 0, 1)
    weights = [np.sqrt(page.counts + 1) / np.sqrt(page.counts + 1).sum() for page in pages]
    weight = np.concatenate(weights) * (share >= 0)
    table = lightgbm.Dataset(
        np.concatenate([rows(page) for page in pages]), wanted, weight=weight * len(weight) / weight.sum()
    )
    return lightgbm.train(_SETTINGS, table, _ROUNDS)


def _said(model: lightgbm.Booster, rows: Floats) -> Floats:
    return np.asarray(model.predict(rows), np.float32)


def _trees(model: lightgbm.Booster) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [tree["tree_structure"] for tree in model.dump_model()["tree_info"]]
    return found


def _lines(number: int, root: dict[str, Any]) -> list[str]:
    """A tree's nodes as lines, numbered in the order they are met."""
    nodes = [root]
    for node in nodes:
        nodes += [node[side] for side in ("left_child", "right_child") if side in node]
    place = {id(node): index for index, node in enumerate(nodes)}
    lines = []
    for node in nodes:
        if "leaf_value" in node:
            lines.append(f"{number}\t-1\t0\t0\t0\t{node['leaf_value']:.6g}")
        else:
            below = (place[id(node[side])] for side in ("left_child", "right_child"))
            # Thresholds lie between two 32-bit numbers; rounding up keeps what was at most as large.
            lines.append("\t".join(map(str, (number, node["split_feature"], f"{node['threshold']:.7g}", *below, 0))))
    return lines


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
