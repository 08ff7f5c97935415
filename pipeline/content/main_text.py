"""Main-content extraction: which blocks of a page are kept, by classifying each block.

Two stacked models of gradient-boosted trees (``boosting``) give each block a probability: the first sees the block, its
ancestors and its page (``features``), the second also the first one's probabilities of the blocks around it. A third
model predicts the kind of page. An article's blocks are kept from a fixed threshold on, those of other pages from the
threshold that maximizes the expected F1 of words. Small and plain pages lose only the regions in ``OUTSIDE``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.content import structures
from pipeline.content.boosting import Trees, load, logistic
from pipeline.content.draft import Blocks, Draft, Part
from pipeline.content.features import Floats, features, with_neighbours
from pipeline.content.page_kind import page_kind, page_row
from pipeline.content.words import ends_sentence, word_count

MODELS = Path(__file__).parents[1] / "models" / "content"
OUTSIDE = {  # regions that are never main text, and why
    "title": "the page title of the head",
    "navigation": "navigation",
    "footer": "page footer",
    "form": "a form or button",
    "hidden": "not shown to readers",
    "dialog": "a dialog over the page",
}
_IN_LINES = frozenset(("table", "code"))  # kinds that are judged line by line
_FULL_PAGE = 12  # blocks; a smaller page is not classified
_FEW_LINKS = 0.1  # of the words
_MOST_SHARE = 0.6  # of the words; a region with more is kept
_SHARPNESS = 1.5
_LONG, _SHORT = 12, 5  # words of a sentence
# Blocks of articles are classified more surely than others, and lists around them cost more; a small page has few such.
_ARTICLE_THRESHOLD, _SMALL_THRESHOLD = 0.6, 0.5
_ROOMY = 40  # blocks
_MIN_THRESHOLD, _MAX_THRESHOLD = 0.25, 0.6  # bounds of the threshold for other pages


def keep_main_text(draft: Draft, title: str, description: str) -> tuple[str, Draft]:
    """Drop the blocks that are not main content, and return the kind of page.

    ``title`` and ``description`` are from the page's metadata. The kind of a small page or plain document is empty.
    """
    draft = draft.drop(structures.contents(draft), "table_of_contents", "a table of contents", 0.9)
    if _is_plain(draft):
        return "", _without_regions(draft)
    parted, owners = units(draft)
    rows, counts = features(parted, title, description)
    probs = probabilities(rows, counts)
    if len(draft.parts) < _FULL_PAGE and not (probs.max() < _MIN_THRESHOLD and _is_shell(draft)):
        return "", _without_regions(draft)
    kind = page_kind(_model("kind"), page_row(rows, counts, probs))
    gone = [index for index, kept in enumerate(_chosen(draft, probs, counts, owners, kind)) if not kept]
    return kind, draft.drop(gone, "not_main_text", "outside the main text of the page", 0.8)


def units(draft: Draft) -> tuple[Draft, list[int]]:
    """What the model judges: the rows of tables and the lines of code one by one, and which part each is of."""
    if not any(part.kind in _IN_LINES for part in draft.parts):
        return draft, list(range(len(draft.parts)))
    parts: list[Part] = []
    owners: list[int] = []
    for index, part in enumerate(draft.parts):
        if part.kind in _IN_LINES:
            lines = [part._replace(start=start, end=end) for start, end in _lines(draft, part)] or [part]
        else:
            lines = [part]
        parts += lines
        owners += [index] * len(lines)
    return replace(draft, parts=tuple(parts)), owners


def _lines(draft: Draft, part: Part) -> Iterator[tuple[int, int]]:
    at = part.start
    lines = draft.of(part).split("\n")
    for number, line in enumerate(lines):
        fence = part.kind == "code" and number in (0, len(lines) - 1)
        if line.strip() and not fence:
            yield at, at + len(line)
        at += len(line) + 1


def probabilities(rows: Floats, counts: Floats) -> Floats:
    """The probability that each block is main content; ``counts`` are word counts."""
    alone = logistic(_model("first").sums(rows))
    wide = with_neighbours(rows, counts, alone)
    return np.asarray((alone + logistic(_model("second").sums(wide))) / 2, np.float32)


def best_threshold(probs: Floats, counts: Floats) -> float:
    """The threshold that maximizes the expected F1 of words, within bounds."""
    order = np.argsort(-probs, kind="stable")
    sure, unsure = probs**_SHARPNESS, (1 - probs) ** _SHARPNESS  # sharpened, as blocks are not independent
    hoped = counts * sure / (sure + unsure)
    expected = 2 * np.cumsum(hoped[order]) / np.maximum(np.cumsum(counts[order]) + hoped.sum(), 1e-9)
    return min(max(float(probs[order][np.argmax(expected)]), _MIN_THRESHOLD), _MAX_THRESHOLD)


@cache
def _model(name: str) -> Trees:
    return load(MODELS / f"{name}.tsv")


def _chosen(blocks: Blocks, probs: Floats, counts: Floats, owners: list[int], kind: str) -> list[bool]:
    """Whether each block is kept: those above the threshold, as structures correct it; a shell may keep none."""
    number = len(blocks.parts)
    words = np.maximum(np.bincount(owners, counts, number), 1).astype(np.float32)
    own = _together(probs, counts, owners, number)
    article = kind == "article"
    judged = structures.by_lists(blocks.parts, own, words) if article else own
    bound = _bound(blocks, probs, counts, judged, article=article)
    choice = structures.Choice(
        blocks, own, words, [bool(one) for one in judged >= bound], frozenset((*OUTSIDE, "title"))
    )
    if article:
        return structures.correct(choice)
    structures.keep_headings(choice)
    structures.keep_title(choice)
    return [kept and part.region != "title" for kept, part in zip(choice.keep, blocks.parts, strict=True)]


def _bound(blocks: Blocks, probs: Floats, counts: Floats, judged: Floats, *, article: bool) -> float:
    """The least probability of a kept block; half the best one's where none reaches it and the page is no shell."""
    if article:
        bound = _ARTICLE_THRESHOLD if len(probs) >= _ROOMY else _SMALL_THRESHOLD
        bound = bound if probs.max() >= bound else _SMALL_THRESHOLD
    else:
        bound = best_threshold(probs, counts)
    return float(judged.max()) / 2 if judged.max() < bound and not _is_shell(blocks) else bound


def _together(probs: Floats, counts: Floats, owners: list[int], number: int) -> Floats:
    """The probability of each block: the mean of its units, by their words."""
    weights = np.maximum(counts, 1)
    sums = np.bincount(owners, probs * weights, number) / np.maximum(np.bincount(owners, weights, number), 1)
    return np.asarray(sums, np.float32)


def _is_shell(blocks: Blocks) -> bool:
    """Whether a page has named elements but not one sentence, as a script was to load its text."""
    return all(part.region in ("noscript", "title") for part in blocks.parts) or (
        _is_named(blocks) and not _has_sentences(blocks)
    )


def _is_named(blocks: Blocks) -> bool:
    """Whether any element has a known keyword in its class or id."""
    seen: set[int] = set()
    for part in blocks.parts:
        for element in reversed(part.trail):
            if element.number in seen:
                break  # and so are those around it
            if element.marks:
                return True
            seen.add(element.number)
    return False


def _has_sentences(blocks: Blocks) -> bool:
    """Whether a long sentence, or two short ones, or code or a table stand in the page itself."""
    if any(part.kind in ("code", "table") for part in blocks.parts):
        return True
    own = (part for part in blocks.parts if part.region in ("", "header") and part.link_share < 0.5)
    sizes = [word_count(blocks.of(part)) for part in own if ends_sentence(blocks.of(part))]
    return any(size >= _LONG for size in sizes) or sum(size >= _SHORT for size in sizes) > 1


def _is_plain(blocks: Blocks) -> bool:
    """Whether a page has no regions or class keywords and hardly any links: a document, not a page of a site."""
    if any(part.region not in ("", "title") for part in blocks.parts) or _is_named(blocks):
        return False
    counts = [word_count(blocks.of(part)) for part in blocks.parts]
    linked = sum(count * part.link_share for count, part in zip(counts, blocks.parts, strict=True))
    return linked <= _FEW_LINKS * sum(counts)


def _without_regions(draft: Draft) -> Draft:
    for region, reason in OUTSIDE.items():
        gone = _in_region(draft, region)
        if not _is_most(draft, gone):
            draft = draft.drop(gone, f"region_{region}", reason)
    return draft


def _in_region(blocks: Blocks, region: str) -> list[int]:
    return [index for index, part in enumerate(blocks.parts) if part.region == region]


def _is_most(blocks: Blocks, indices: list[int]) -> bool:
    """Whether parts hold most of the words: pages hide their text until a script has run, or are one form."""
    counts = [word_count(blocks.of(part)) for part in blocks.parts]
    inside = sum(counts[index] for index in indices)
    return inside > _MOST_SHARE * sum(counts) and inside > 50
