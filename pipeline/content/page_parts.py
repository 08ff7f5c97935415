"""What a block of a page is when it is not of its main text, as far as the markup tells: a comment, navigation ...

The innermost element around a block whose names tell it decides; without any, the region, or the links.
"""

from __future__ import annotations

from typing import Literal

from pipeline.content.draft import Part
from pipeline.content.elements import KEYWORD_GROUPS, Element

PagePart = Literal[
    "comment", "caption", "by-line", "related", "sharing", "navigation", "footer", "sidebar", "advertisement",
    "newsletter", "consent", "form", "links", "other",
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
    "caption": "caption",
}  # fmt: skip
_MOSTLY_LINKED = 0.8  # share of links


def _mark(name: str) -> int:
    return next(1 << number for number, group in enumerate(KEYWORD_GROUPS) if group[0] == name)


_COMMENT = _mark("comment")
_TEXT = _mark("article") | _mark("content") | _mark("body") | _mark("main")  # as in <body class="post comments-open">


def is_comment(part: Part) -> bool:
    """Whether an element around a block is named a place of comments and nothing of the text."""
    return any(one.marks & _COMMENT and not one.marks & _TEXT for one in part.trail)


def page_part(part: Part) -> PagePart:
    """What a block outside the main text is."""
    if is_comment(part):
        return "comment"
    named = next((found for one in reversed(part.trail) if (found := _named(one))), None)
    if named:
        return named
    return _REGIONS.get(part.region) or ("links" if part.link_share > _MOSTLY_LINKED else "other")


def _named(element: Element) -> PagePart | None:
    if not element.marks:
        return None
    return next((found for bit, found in _BITS.items() if element.marks & bit and not element.marks & _TEXT), None)
