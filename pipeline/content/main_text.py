"""Which blocks of a page are its main content, by a model of blocks.

Two layers of boosted trees (``boosting``) give each block a probability: the first sees the block, its elements and its
page (``features``), the second also what the first said of the blocks around it. A third model tells the kind of the
page. Of an article the likely blocks are kept, of other pages those that make the expected F1 of words highest. Small
and plain pages keep all but what they call navigation, footer or form themselves.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from pipeline.content.boosting import Trees, load, logistic
from pipeline.content.draft import Blocks, Draft
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
_FULL_PAGE = 12  # blocks; a smaller page is taken whole
_FEW_LINKS = 0.1  # of the words
_MOST_SHARE = 0.6  # of the words; a region with more is no side region
_SHARPNESS = 1.5
_LONG, _SHORT = 12, 5  # words of a sentence
_OF_ARTICLES = 0.5  # their blocks are surer than those of other pages, and lists around them cost more
_LEAST, _MOST = 0.25, 0.6  # bounds of the probability from which a block is kept


def keep_main_text(draft: Draft, title: str, description: str) -> tuple[str, Draft]:
    """Drop the blocks that are not the main content, and tell the kind of the page.

    ``title`` and ``description`` are what the page says of itself. What is small or a plain document is of no kind.
    """
    if _is_plain(draft):
        return "", _without_regions(draft)
    rows, counts = features(draft, title, description)
    likely = probabilities(rows, counts)
    if len(draft.parts) < _FULL_PAGE and not (likely.max() < _LEAST and _is_shell(draft)):
        return "", _without_regions(draft)
    kind = page_kind(_model("kind"), page_row(rows, counts, likely))
    gone = [index for index, kept in enumerate(_chosen(draft, likely, counts, kind)) if not kept]
    return kind, draft.drop(gone, "not_main_text", "outside the main text of the page", 0.8)


def probabilities(rows: Floats, counts: Floats) -> Floats:
    """How likely each block is main content; ``counts`` are its words."""
    alone = logistic(_model("first").sums(rows))
    wide = with_neighbours(rows, counts, alone)
    return np.asarray((alone + logistic(_model("second").sums(wide))) / 2, np.float32)


def best_threshold(likely: Floats, counts: Floats) -> float:
    """The probability from which on keeping blocks makes the expected F1 of words highest, within bounds."""
    order = np.argsort(-likely, kind="stable")
    sure, unsure = likely**_SHARPNESS, (1 - likely) ** _SHARPNESS  # blocks stay or go together more than by chance
    hoped = counts * sure / (sure + unsure)
    expected = 2 * np.cumsum(hoped[order]) / np.maximum(np.cumsum(counts[order]) + hoped.sum(), 1e-9)
    return min(max(float(likely[order][np.argmax(expected)]), _LEAST), _MOST)


@cache
def _model(name: str) -> Trees:
    return load(MODELS / f"{name}.tsv")


def _chosen(blocks: Blocks, likely: Floats, counts: Floats, kind: str) -> list[bool]:
    """What is likely enough, with the headings right above it; nothing of a page that is a shell."""
    bound = _OF_ARTICLES if kind == "article" else best_threshold(likely, counts)
    if likely.max() < bound and not _is_shell(blocks):
        bound = float(likely.max()) / 2
    keep = [bool(one) for one in likely >= bound]
    for index in reversed(range(len(keep))):
        part = blocks.parts[index]
        above = part.kind == "heading" and index + 1 < len(keep) and keep[index + 1]
        keep[index] = (keep[index] or above) and part.region != "title"
    return keep


def _is_shell(blocks: Blocks) -> bool:
    """Whether a page names its parts but has not one sentence, as its text was to come by script."""
    return all(part.region in ("noscript", "title") for part in blocks.parts) or (
        _is_named(blocks) and not _has_sentences(blocks)
    )


def _is_named(blocks: Blocks) -> bool:
    """Whether elements say in their classes what they are."""
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
    """Whether a long sentence, or two short ones, stand in the page itself."""
    own = (part for part in blocks.parts if part.region in ("", "header") and part.link_share < 0.5)
    sizes = [word_count(blocks.of(part)) for part in own if ends_sentence(blocks.of(part))]
    return any(size >= _LONG for size in sizes) or sum(size >= _SHORT for size in sizes) > 1


def _is_plain(blocks: Blocks) -> bool:
    """Whether nothing on a page says what it is and hardly anything is a link: a document, not a page of a site."""
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
