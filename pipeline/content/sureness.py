"""How sure the choice of a page's main text is: the word F1 to be expected of it.

Of what is kept, and of what there is, as much is main text as the probabilities of the blocks say. As they are learnt
from some sites and asked about others, this is too good to be true; a table from pages of left-out sets says how much
(``models/content/sureness.tsv``: what the probabilities say, and the mean F1 that came of it).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.content.features import Floats

TABLE = Path(__file__).parents[1] / "models" / "content" / "sureness.tsv"


def expected_f1(probs: Floats, words: Floats, kept: Sequence[bool]) -> float:
    """The F1 of words, 0 to 1, that is to be expected of a choice of blocks with these probabilities."""
    said, came = _table()
    return round(float(np.interp(by_probabilities(probs, words, kept), said, came)), 3)


def by_probabilities(probs: Floats, words: Floats, kept: Sequence[bool]) -> float:
    """The F1 that the probabilities themselves say.

    >>> import numpy as np
    >>> round(by_probabilities(np.array([1.0, 0.5, 0.0]), np.array([10.0, 10.0, 10.0]), [True, True, False]), 3)
    0.857
    """
    hoped = probs * words
    of_kept = np.asarray(kept, np.bool_)
    size = float(words[of_kept].sum() + hoped.sum())
    return float(2 * hoped[of_kept].sum()) / size if size else 0.0


@cache
def _table() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:]]
    said, came = np.array(rows, np.float64).T
    return said, came
