"""How sure the choice of a page's main text is: the word F1 to be expected of it.

Of what is kept, and of what there is, as much is main text as the probabilities of the blocks say. As these are learnt
from some sites and asked about others, that is too good to be true. How much so a few small trees have learnt from
pages of sets that taught the model of blocks nothing (``models/content/sureness.tsv``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.content.boosting import Trees, logistic
from pipeline.content.features import Floats

_DOUBTFUL = (0.3, 0.8)  # probabilities between which a block may as well be the one as the other


def sureness_row(probs: Floats, words: Floats, kept: Sequence[bool], kinds: Floats) -> Floats:
    """What tells how good a choice of blocks is: what the probabilities say, how much is in doubt, and sizes.

    >>> import numpy as np
    >>> probs, words = np.array([1.0, 0.5, 0.0], np.float32), np.array([10, 10, 10], np.float32)
    >>> row = sureness_row(probs, words, [True, True, False], np.ones(7, np.float32))
    >>> print(*(f"{value:.3f}" for value in row[:3]))
    0.750 1.000 0.857
    """
    own = np.asarray(kept, np.bool_)
    hoped, whole, inside = probs * words, max(float(words.sum()), 1e-9), max(float(words[own].sum()), 1e-9)
    right, there = float(hoped[own].sum()), max(float(hoped.sum()), 1e-9)
    doubtful = (probs > _DOUBTFUL[0]) & (probs < _DOUBTFUL[1])
    places = np.flatnonzero(own)
    spread = float(words[places[0] : places[-1] + 1].sum()) if len(places) else 0.0
    row = [
        right / inside,
        right / there,
        2 * right / (inside + there),
        inside / whole,
        inside / max(spread, 1e-9),
        float(words[own & doubtful].sum()) / inside,
        float(words[~own & doubtful].sum()) / inside,
        float(own.sum()) / len(own),
        *np.log1p([inside, whole, float(own.sum())]),
    ]
    return np.concatenate([np.array(row), kinds]).astype(np.float32)


def expected_f1(model: Trees, row: Floats) -> float:
    """The F1 of words, 0 to 1, that is to be expected."""
    return round(float(logistic(model.sums(row[None]))[0]), 3)
