"""What the ancestors of a text determine about it."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.content.elements import Tag
from pipeline.markup.element_names import BLOCK, HEADINGS
from pipeline.records import BlockKind, BlockRole

LISTS = frozenset(("ul", "ol", "dl", "menu", "dir"))
CONTROLS = frozenset(("button", "select", "option", "textarea", "title"))  # which may stand within a sentence
_WIDE_ASIDES = frozenset(("hidden_text", "line_number", "copy_button"))  # which may hold blocks
_LEVEL = re.compile(r"\blevel(\d)\b")


class Context(NamedTuple):
    """What the ancestors of a text determine about it; numbers are of the tokens that opened an element, or -1."""

    kind: BlockKind = "paragraph"
    level: int = 0
    region: str = ""
    within: str = ""  # the region that an inline element would open
    link: bool = False
    bold: bool = False
    article: bool = False
    skipped: bool = False  # a mark that a word processor put before a list item
    aside: str = ""
    raised: int = -1
    formula: int = -1
    note: bool = False
    symbol: bool = False
    anchor: bool = False
    ruby: int = -1
    depth: int = 0  # of lists
    role: BlockRole = ""


def inside(context: Context, tag: Tag, number: int, source: str) -> Context:
    """The context within an element, by its start tag, the number of that and its source."""
    if context.formula >= 0:
        return context
    name = tag.name
    kind, level, role, depth = context.kind, context.level, context.role, context.depth
    if name in HEADINGS:
        kind, level = "heading", int(name[1])
    elif name in LISTS:
        depth += 1
    elif name in ("li", "dt", "dd") or tag.item:
        kind, level = "list_item", max(depth, 1)
        role = "term" if name == "dt" else "definition" if name == "dd" else ""
        if tag.item and (found := _LEVEL.search(source)):
            level = int(found[1])
    elif tag.caption:
        kind, level = "caption", 0
        role = "next_table" if name == "caption" else "figure"
    elif name == "blockquote":
        kind = "quote"
    region, within, block = context.region, context.within, name in BLOCK
    aside = context.aside or tag.aside
    if block and aside not in _WIDE_ASIDES:
        aside = ""  # a box that is named so is no part of a sentence
    if block and name not in CONTROLS:
        region = region or tag.region
    else:
        within = within or tag.region
    if region == "footer" and context.article:
        region = "named"  # of the article, not of the page
    raised = -1 if block else number if tag.raised and context.raised < 0 <= number else context.raised
    ruby = number if name == "rt" and context.ruby < 0 else context.ruby
    return Context(
        kind, level, region, within, context.link or tag.link, context.bold or name in ("b", "strong"),
        context.article or name == "article", context.skipped or tag.skipped, aside, raised,
        number if tag.formula and number >= 0 else -1, tag.note or (context.note and not block),
        context.symbol or tag.symbol, context.anchor or tag.anchor, ruby, depth, role,
    )  # fmt: skip


def differs(first: Context, second: Context) -> bool:
    """Whether two texts belong to different blocks."""
    return (first.kind, first.level, first.region) != (second.kind, second.level, second.region)
