"""Boosted oblivious trees by CatBoost (Prokhorenkova et al. 2018), and the table they are kept in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import catboost
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_SETTINGS = {
    "l2_leaf_reg": 5, "bootstrap_type": "Bernoulli", "subsample": 0.8, "random_seed": 1, "thread_count": 2,
    "verbose": 0, "allow_writing_files": False,
}  # fmt: skip
_SHARES = {
    "loss_function": "CrossEntropy", "iterations": 400, "depth": 6, "learning_rate": 0.09, "rsm": 0.3,
    "border_count": 128,
}  # fmt: skip
_KINDS = {"loss_function": "MultiClass", "iterations": 200, "depth": 4, "learning_rate": 0.1, "rsm": 0.5}
_PAGES = {"loss_function": "CrossEntropy", "iterations": 200, "depth": 3, "learning_rate": 0.06, "l2_leaf_reg": 20}
_HEADER = "features\tthresholds\tleaves"
_NEVER = 3e38  # no feature is above it


@dataclass(frozen=True, slots=True)
class Model:
    """A model as its library holds it."""

    _model: catboost.CatBoost

    @classmethod
    def of_shares(cls, rows: Floats, shares: Floats, weights: npt.NDArray[np.floating]) -> Model:
        """Learn a number from 0 to 1 for each row."""
        return cls._fitted(_SHARES, catboost.Pool(rows, shares, weight=weights))

    @classmethod
    def of_pages(cls, rows: Floats, shares: Floats, weights: npt.NDArray[np.floating]) -> Model:
        """Learn a number from 0 to 1 for each of a few rows."""
        return cls._fitted(_PAGES, catboost.Pool(rows, shares, weight=weights))

    @classmethod
    def of_kinds(cls, rows: Floats, labels: npt.NDArray[np.integer], classes: int) -> Model:
        """Learn a class for each row, by its number."""
        return cls._fitted(_KINDS | {"classes_count": classes}, catboost.Pool(rows, labels))

    @classmethod
    def _fitted(cls, settings: dict[str, Any], pool: catboost.Pool) -> Model:
        model = catboost.CatBoost(_SETTINGS | settings)
        model.fit(pool)
        return cls(model)

    def probabilities(self, rows: Floats) -> Floats:
        """What a model of shares says of rows."""
        sums = self._model.predict(rows, prediction_type="RawFormulaVal")
        return np.asarray(1 / (1 + np.exp(-sums)), np.float32)

    def kinds(self, rows: Floats) -> Floats:
        """The probability of each class, for each row."""
        return np.asarray(self._model.predict(rows, prediction_type="Probability"), np.float32)

    def table(self) -> str:
        """The trees as ``pipeline.content.boosting`` reads them."""
        with TemporaryDirectory() as folder:
            path = Path(folder, "model.json")
            self._model.save_model(str(path), format="json")
            found = json.loads(path.read_text("utf-8"))
        _scale, bias = found["scale_and_bias"]
        grown = found["oblivious_trees"]
        levels = max(len(tree["splits"]) for tree in grown)
        outputs = len(grown[0]["leaf_values"]) >> len(grown[0]["splits"])
        # Every tree adds one leaf, so each takes its part of the bias.
        part = np.broadcast_to(np.array(bias, np.float64) / len(grown), (outputs,))
        return "\n".join([_HEADER, *(_line(tree, levels, part) for tree in grown), ""])


def _line(tree: dict[str, Any], levels: int, bias: npt.NDArray[np.float64]) -> str:
    splits = [(split["float_feature_index"], split["border"]) for split in tree["splits"]]
    leaves = np.array(tree["leaf_values"]).reshape(1 << len(splits), -1) + bias
    splits += [(0, _NEVER)] * (levels - len(splits))
    whole = np.zeros((1 << levels, leaves.shape[1]))
    whole[: len(leaves)] = leaves
    asked = " ".join(str(feature) for feature, _ in splits), " ".join(f"{border:.9g}" for _, border in splits)
    return "\t".join([*asked, " ".join(f"{value:.5g}" for value in whole.ravel())])
