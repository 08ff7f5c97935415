"""Classify pages: an article, a forum thread, a product listing and so on."""

from __future__ import annotations

import numpy as np

from pipeline.content.boosting import Trees
from pipeline.content.features import Floats

# The kinds of WCXB (Murrough-Foley 2026).
KINDS = ("article", "collection", "documentation", "forum", "listing", "product", "service")


def page_row(rows: Floats, counts: Floats, probs: Floats) -> Floats:
    """Features of a page: means of its blocks' features, weighted by words, and by expected main-content words."""
    hoped = counts * probs
    total, wanted = float(counts.sum()), float(hoped.sum())
    means = (weight @ rows / max(float(weight.sum()), 1e-9) for weight in (counts, hoped))
    sizes = [len(rows), total, wanted, float((probs > 0.5).sum())]
    return np.concatenate([*means, np.log1p(sizes), [wanted / max(total, 1.0)]]).astype(np.float32)


def page_kind(model: Trees, row: Floats) -> str:
    """The likeliest kind of a page with these features."""
    return KINDS[int(np.argmax(model.sums(row[None])[0]))]
