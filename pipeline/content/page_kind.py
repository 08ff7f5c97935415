"""Classify pages: an article, a forum thread, a product listing and so on."""

from __future__ import annotations

import numpy as np

from pipeline.content.boosting import Trees
from pipeline.content.features import Features, Floats

# The kinds of WCXB (Murrough-Foley 2026).
KINDS = ("article", "collection", "documentation", "forum", "listing", "product", "service")


def page_row(page: Features, probs: Floats) -> Floats:
    """Features of a page: means of its blocks' features, weighted by words, and by expected main-content words."""
    hoped = page.counts * probs
    total, wanted = float(page.counts.sum()), float(hoped.sum())
    means = (weight @ page.rows / max(float(weight.sum()), 1e-9) for weight in (page.counts, hoped))
    sizes = [len(page.rows), total, wanted, float((probs > 0.5).sum())]
    return np.concatenate([*means, np.log1p(sizes), [wanted / max(total, 1.0)]]).astype(np.float32)


def page_kinds(model: Trees, row: Floats) -> Floats:
    """The probability of each of ``KINDS``, of a page with these features."""
    sums = model.sums(row[None])[0]
    shares = np.exp(sums - sums.max())
    return np.asarray(shares / shares.sum(), np.float32)
