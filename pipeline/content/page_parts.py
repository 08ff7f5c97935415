"""What a block of a page is when it is not of its main text, as far as the markup tells: a comment, navigation ...

The innermost element around a block whose names tell it decides; without any, the region, or the links.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from pipeline.content.draft import Part
from pipeline.content.elements import KEYWORD_GROUPS

PagePart = Literal[
    "comment", "caption", "by-line", "related", "sharing", "navigation", "footer", "sidebar", "advertisement",
    "newsletter", "consent", "form", "links", "title", "other",
]  # fmt: skip
# The parts that groups of keywords name, by the first word of each group.
_NAMED: dict[str, PagePart] = {
    "comment": "comment", "related": "related", "share": "sharing", "nav": "navigation", "breadcrumb": "navigation",
    "pagination": "navigation", "toc": "navigation", "footer": "footer", "author": "by-line", "ad": "advertisement",
    "newsletter": "newsletter", "cookie": "consent", "caption": "caption", "login": "form", "sidebar": "sidebar",
}  # fmt: skip
_BITS = {1 << number: _NAMED[group[0]] for number, group in enumerate(KEYWORD_GROUPS) if group[0] in _NAMED}
_REGIONS: dict[str, PagePart] = {
    "navigation": "navigation", "footer": "footer", "form": "form", "dialog": "consent", "aside": "sidebar",
    "caption": "caption", "title": "title",
}  # fmt: skip
_MOSTLY_LINKED = 0.8  # share of links


def _mark(name: str) -> int:
    return next(1 << number for number, group in enumerate(KEYWORD_GROUPS) if group[0] == name)


_TEXT = _mark("article") | _mark("content") | _mark("body") | _mark("main")  # as in <body class="post comments-open">


def page_parts(parts: Sequence[Part]) -> list[PagePart]:
    """What each block is, were it outside the main text.

    A comment is in an element that is named a place of comments and nothing of the text.
    """
    known: dict[int, tuple[bool, PagePart | None]] = {}  # of elements by number: within comments, and what names tell
    return [_page_part(part, known) for part in parts]


def _page_part(part: Part, known: dict[int, tuple[bool, PagePart | None]]) -> PagePart:
    trail = part.trail
    depth = len(trail)
    while depth and trail[depth - 1].number not in known:
        depth -= 1
    commented, named = known[trail[depth - 1].number] if depth else (False, None)
    for element in trail[depth:]:
        own = _named(element.marks) if element.marks else None
        commented, named = commented or own == "comment", own or named
        known[element.number] = commented, named
    if commented:
        return "comment"
    return named or _REGIONS.get(part.region) or ("links" if part.link_share > _MOSTLY_LINKED else "other")


@lru_cache(maxsize=10_000)
def _named(marks: int) -> PagePart | None:
    if marks & _TEXT:
        return None
    return next((found for bit, found in _BITS.items() if marks & bit), None)
