"""How well a main text was chosen: of words, where the whole text is marked, or of segments."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

from benchmarks.damage.document import GoldPage
from benchmarks.main_content.data import bag, word_f1

Scores = tuple[float, float, float]


def overall(pages: Sequence[GoldPage], texts: Sequence[str]) -> Scores:
    """Precision, recall and F1: of words, as means over pages; of segments, over all of them."""
    if any(page.text for page in pages):
        columns = zip(*(scores(page, text) for page, text in zip(pages, texts, strict=True)), strict=True)
        precision, recall, f1 = map(mean, columns)
        return precision, recall, f1
    there = sum(_among(page.wanted, text) for page, text in zip(pages, texts, strict=True))
    wrong = sum(_among(page.unwanted, text) for page, text in zip(pages, texts, strict=True))
    precision, recall = there / (there + wrong), there / sum(len(page.wanted) for page in pages)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _among(segments: Sequence[str], text: str) -> int:
    evened = " ".join(text.split())
    return sum(" ".join(one.split()) in evened for one in segments)


def scores(page: GoldPage, text: str) -> Scores:
    """Precision, recall and F1 of the words of a page."""
    wanted, found = bag(page.text), bag(text)
    if not wanted or not found:
        return (float(not wanted and not found),) * 3
    common = (wanted & found).total()
    return common / found.total(), common / wanted.total(), word_f1(wanted, found)
