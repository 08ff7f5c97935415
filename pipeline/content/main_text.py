"""Which blocks of a page are its article: regions first, then trafilatura's opinion on full pages.

Regions (navigation, footer, forms, hidden elements) are dropped by what the page says of itself. On
pages that look like whole web pages, trafilatura's extraction votes block by block; a vote that
would leave too little is not believed, so that short and odd pages keep their text.
"""

from __future__ import annotations

import logging
from itertools import pairwise

import trafilatura

from pipeline.content.layout import Layout, Part
from pipeline.content.words import key, words

_NEVER = {
    "title": "the page title of the head",
    "navigation": "navigation",
    "footer": "page footer",
    "form": "a form or button",
    "hidden": "not shown to readers",
    "dialog": "a dialog over the page",
}
_RARELY = frozenset(("aside", "named", "noscript", "header", "caption"))
_FULL_PAGE = 12  # blocks; a smaller page is taken whole
_LEAST_SHARE = 0.3  # of the words outside regions that a vote must keep to be believed
_MOST_SHARE = 0.6  # of the words; a region with more is no side region
_BRIDGE = 12  # blocks
_GRAM = 3

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def keep_main_text(layout: Layout, page_html: str) -> Layout:
    """Drop the blocks that are not the article, each with its reason."""
    for region, reason in _NEVER.items():
        gone = [i for i, part in enumerate(layout.parts) if part.region == region]
        if region == "title" or not _is_most(layout, gone):
            layout = layout.drop(gone, f"region_{region}", reason)
    if len(layout.parts) < _FULL_PAGE:
        return layout
    wanted = _vote(layout, page_html)
    if wanted is None:
        return _without_side_regions(layout)
    gone = [i for i, keep in enumerate(wanted) if not keep]
    return layout.drop(gone, "not_main_text", "outside the main text of the page", 0.8)


def _is_most(layout: Layout, indices: list[int]) -> bool:
    """Whether parts hold most of the words: pages hide their text until a script has run, or are one form."""
    inside = sum(len(words(layout.of(layout.parts[i]))) for i in indices)
    return inside > _MOST_SHARE * len(words(layout.text)) and inside > 50


def _without_side_regions(layout: Layout) -> Layout:
    """Side regions and link lists go, if what stays is most of the text."""
    gone = [
        i for i, part in enumerate(layout.parts) if part.region in _RARELY - {"header"} or _is_link_list(layout, part)
    ]
    lost = sum(len(words(layout.of(layout.parts[i]))) for i in gone)
    if lost * 2 > len(words(layout.text)):
        return layout
    return layout.drop(gone, "region_side", "beside the main text of the page", 0.8)


def _vote(layout: Layout, page_html: str) -> list[bool] | None:
    """Keep or drop per part by trafilatura's text; None where it found too little."""
    extracted = trafilatura.extract(page_html, include_comments=False, include_tables=True) or ""
    grams = _grams(extracted)
    lines = {key(line) for line in extracted.splitlines()}
    wanted = _settled(layout, [_in_text(layout, part, grams, lines) for part in layout.parts])
    inside = sum(
        len(words(layout.of(p))) for p in layout.parts if p.region not in _RARELY and not _is_link_list(layout, p)
    )
    kept = sum(len(words(layout.of(part))) for part, keep in zip(layout.parts, wanted, strict=True) if keep)
    if kept < inside * _LEAST_SHARE or kept < 40:
        return None
    return _with_headings(layout, _bridged(layout, wanted))


def _bridged(layout: Layout, wanted: list[bool]) -> list[bool]:
    """Keep short runs of plain blocks between kept ones: lists and tables in the midst of an article."""
    result = list(wanted)
    kept = [i for i, keep in enumerate(wanted) if keep]
    for first, last in pairwise(kept):
        between = layout.parts[first + 1 : last]
        plain = all(part.region not in _RARELY and part.link_share < 0.5 for part in between)
        if between and plain and len(between) <= _BRIDGE:
            result[first + 1 : last] = [True] * len(between)
    return result


def _with_headings(layout: Layout, wanted: list[bool]) -> list[bool]:
    """Keep the heading right above a kept block, and the first level 1 heading."""
    title = next((i for i, part in enumerate(layout.parts) if part.kind == "heading" and part.level == 1), -1)
    result = list(wanted)
    for index, part in enumerate(layout.parts):
        followed = index + 1 < len(wanted) and wanted[index + 1]
        side = part.region in _RARELY - {"header"}
        if part.kind == "heading" and not side and (followed or index == title):
            result[index] = True
    return result


def _settled(layout: Layout, votes: list[bool | None]) -> list[bool]:
    """Short blocks without a vote go with their neighbours: "Fatigue" in a list of symptoms stays."""
    before: list[bool | None] = []
    for vote in votes:
        before.append(vote if vote is not None else (before[-1] if before else None))
    after: list[bool | None] = []
    for vote in reversed(votes):
        after.append(vote if vote is not None else (after[-1] if after else None))
    return [
        vote if vote is not None else part.region not in _RARELY and first is not False and last is not False
        for part, vote, first, last in zip(layout.parts, votes, before, reversed(after), strict=True)
    ]


def _in_text(layout: Layout, part: Part, grams: set[tuple[str, ...]], lines: set[str]) -> bool | None:
    text = layout.of(part)
    found = [word.casefold() for word in words(text)]
    if len(found) < _GRAM:
        return True if key(text) in lines else None
    own = {tuple(found[i : i + _GRAM]) for i in range(len(found) - _GRAM + 1)}
    return len(own & grams) > 0.6 * len(own)


def _grams(text: str) -> set[tuple[str, ...]]:
    found = [word.casefold() for word in words(text)]
    return {tuple(found[i : i + _GRAM]) for i in range(len(found) - _GRAM + 1)}


def _is_link_list(layout: Layout, part: Part) -> bool:
    return part.link_share > 0.7 and len(key(layout.of(part))) < 200
