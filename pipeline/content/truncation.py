"""Is the end of the article missing?"""

from __future__ import annotations

import re

from pipeline.content.layout import Layout
from pipeline.content.words import ends_sentence, word_count
from pipeline.lexicon.english import MINOR_WORDS
from pipeline.rules.kinds import EndRule

_LONG = 12  # words; shorter last blocks are bylines and links more often than cut sentences
_CUT = 4  # words, where the page's own structure is cut off too
_BYLINE = re.compile(r"(?:(?:written|reviewed|edited|posted|published|photos?) )?by\b|about the author\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])[”’\"')\]]*\s+(?=[“‘\"'(\[]?[A-Z0-9])")


def is_truncated(
    layout: Layout, rules: tuple[EndRule, ...], *, open_structure: bool, cut_in_markup: bool, more_below: bool = False
) -> bool:
    """Judge by the last block: a heading without text, an unfinished sentence, or an announcement of more.

    ``more_below``: the page goes on below the text, so that a line that is left over there ends nothing.
    """
    if not layout.parts or cut_in_markup:
        return cut_in_markup
    last = layout.parts[-1]
    text = layout.of(last)
    if last.kind == "heading":
        return len(layout.parts) > 1 and (open_structure or not more_below)
    if last.kind not in ("paragraph", "quote", "list_item"):
        return False
    ending = _SENTENCE.split(text)[-1]
    if any(rule.find.search(ending) for rule in rules):
        return True
    long = word_count(text) >= (_CUT if open_structure else _LONG)
    unfinished = long and not ends_sentence(text) and last.link_share < 0.3 and not _BYLINE.match(text)
    hanging = text[-1] in ",;–—-" or text.rsplit(None, 1)[-1].lower() in MINOR_WORDS
    return unfinished and (open_structure or hanging or (text[-1].isalnum() and not more_below))
