"""What kind of page a page is, by a model of pages: an article, a thread of a forum, a list of products."""

from __future__ import annotations

import numpy as np

from pipeline.content.boosting import Trees
from pipeline.content.features import Floats

# The kinds of WCXB (Murrough-Foley 2026).
KINDS = ("article", "collection", "documentation", "forum", "listing", "product", "service")


def page_row(rows: Floats, counts: Floats, likely: Floats) -> Floats:
    """Features of a page from those of its blocks: means over its words, and over those of its main content."""
    hoped = counts * likely
    total, wanted = float(counts.sum()), float(hoped.sum())
    means = (weight @ rows / max(float(weight.sum()), 1e-9) for weight in (counts, hoped))
    sizes = [len(rows), total, wanted, float((likely > 0.5).sum())]
    return np.concatenate([*means, np.log1p(sizes), [wanted / max(total, 1.0)]]).astype(np.float32)


def page_kind(model: Trees, row: Floats) -> str:
    """The likeliest kind of a page with these features."""
    return KINDS[int(np.argmax(model.sums(row[None])[0]))]
