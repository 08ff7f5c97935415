"""Boosted regression trees, as they are kept and asked: Friedman (2001), "Greedy function approximation".

A table has a line a node: tree, feature, threshold, left, right, value. A row goes left where its feature is at most
the threshold; nodes are numbered within their tree, the root being 0, and a leaf has the value it adds and no feature.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Trees:
    """All nodes of all trees in one run; ``inner`` are those that are no leaves. No tree is a leaf alone."""

    roots: Ints
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    value: Floats
    inner: npt.NDArray[np.bool_]

    def probabilities(self, rows: Floats) -> Floats:
        """The logistic of the sum of all trees, a number a row; ``rows`` has shape (rows, features)."""
        at = np.tile(self.roots, len(rows))
        line = np.repeat(np.arange(len(rows)), len(self.roots))
        way = np.arange(len(at))  # those that have not come to a leaf yet
        while len(way):
            here = at[way]
            left = rows[line[way], self.feature[here]] <= self.threshold[here]
            below = np.where(left, self.left[here], self.right[here])
            at[way] = below
            way = way[self.inner[below]]
        total = self.value[at].reshape(len(rows), -1).sum(axis=1, dtype=np.float64)
        return np.asarray(1 / (1 + np.exp(-total)), np.float32)


def load(path: Path) -> Trees:
    """Read a table."""
    table = np.loadtxt(path, delimiter="\t", skiprows=1, ndmin=2)
    tree, feature, threshold, left, right, value = table.T
    roots = np.flatnonzero(np.diff(tree, prepend=-1)).astype(np.int32)
    first = roots[np.searchsorted(roots, np.arange(len(tree)), side="right") - 1]
    return Trees(
        roots, feature.astype(np.int32), threshold.astype(np.float32), (left + first).astype(np.int32),
        (right + first).astype(np.int32), value.astype(np.float32), feature >= 0,
    )  # fmt: skip
