"""Load and evaluate gradient-boosted trees: Friedman (2001), "Greedy function approximation".

The trees are oblivious, as in Prokhorenkova et al. (2018), "CatBoost": all nodes of a level share one split, so
the bits of a leaf's index are the outcomes of the splits, and all trees are evaluated at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
_AT_ONCE = 2048  # rows per batch, to bound memory on large pages


@dataclass(frozen=True, slots=True)
class Trees:
    """Level ``l`` of tree ``t`` tests whether feature ``features[t, l]`` exceeds ``thresholds[t, l]``; shapes (trees,
    levels). The outcome is bit ``l`` of the leaf index; ``leaves`` are the leaf values, shape (trees, leaves, outputs).
    """

    features: Ints
    thresholds: Floats
    leaves: npt.NDArray[np.float64]

    def sums(self, rows: Floats) -> npt.NDArray[np.float64]:
        """Raw scores, summed over all trees; shape (rows, outputs) for rows of shape (rows, features)."""
        parts = [self._sums(rows[at : at + _AT_ONCE]) for at in range(0, len(rows), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, self.leaves.shape[2]))

    def _sums(self, rows: Floats) -> npt.NDArray[np.float64]:
        columns = np.ascontiguousarray(rows.T)  # contiguous columns are copied faster than scattered values
        trees, leaves, outputs = self.leaves.shape
        leaf = np.zeros((trees, len(rows)), np.uint8)
        asked, above = np.empty(leaf.shape, np.float32), np.empty(leaf.shape, np.bool_)
        for level in reversed(range(self.features.shape[1])):
            np.take(columns, self.features[:, level], axis=0, out=asked, mode="clip")
            np.greater(asked, self.thresholds[:, level, None], out=above)
            np.add(leaf, leaf, out=leaf)  # a shift, which numpy does far slower
            np.bitwise_or(leaf, above.view(np.uint8), out=leaf)
        places = np.arange(0, trees * leaves, leaves)[:, None] + leaf
        return np.stack([column[places].sum(axis=0) for column in self.leaves.reshape(-1, outputs).T], axis=1)


def logistic(sums: npt.NDArray[np.float64]) -> Floats:
    """Probabilities of the positive class, from raw scores of shape (rows, 1)."""
    return np.asarray(1 / (1 + np.exp(-sums[:, 0])), np.float32)


def load(path: Path) -> Trees:
    """Read a TSV file: a row per tree, with columns for features, thresholds and leaves, each separated by spaces."""
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
    features, thresholds, leaves = (np.array([line[n].split() for line in lines], np.float64) for n in range(3))
    trees, levels = features.shape
    return Trees(features.astype(np.int32), thresholds.astype(np.float32), leaves.reshape(trees, 1 << levels, -1))
