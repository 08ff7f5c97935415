"""Is the end of the article missing?"""

from __future__ import annotations

import re

from pipeline.content.layout import Layout
from pipeline.content.words import ends_sentence, word_count
from pipeline.rules.kinds import EndRule

_LONG = 12  # words; shorter last blocks are bylines and links more often than cut sentences
_CUT = 4  # words, where the page's own structure is cut off too
_BYLINE = re.compile(r"(?:(?:written|reviewed|edited|posted|published|photos?) )?by\b|about the author\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])[”’\"')\]]*\s+(?=[“‘\"'(\[]?[A-Z0-9])")


def is_truncated(layout: Layout, rules: tuple[EndRule, ...], *, open_structure: bool, cut_in_markup: bool) -> bool:
    """Judge by the last block: a heading without text, an unfinished sentence, or an announcement of more."""
    if not layout.parts or cut_in_markup:
        return cut_in_markup
    last = layout.parts[-1]
    text = layout.of(last)
    if last.kind == "heading":
        return len(layout.parts) > 1
    if last.kind not in ("paragraph", "quote", "list_item"):
        return False
    ending = _SENTENCE.split(text)[-1]
    if any(rule.find.search(ending) for rule in rules):
        return True
    long = word_count(text) >= (_CUT if open_structure else _LONG)
    unfinished = long and not ends_sentence(text) and last.link_share < 0.3 and not _BYLINE.match(text)
    return unfinished and (open_structure or text[-1].isalnum() or text[-1] in ",;–—-")
