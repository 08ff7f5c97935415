"""Does a plain-text file carry markup, or does it only mention some?"""

from __future__ import annotations

import re

from pipeline.markup import fences
from pipeline.markup.element_names import ANY_NAME, BLOCK

_BLOCKS = "|".join(sorted(BLOCK, key=len, reverse=True))
# A block tag that opens a line, perhaps cut after "<" or before ">", perhaps escaped.
_AT_LINE_START = re.compile(rf"^[ \t]*(?:<|&lt;)\s*/?\s*(?:{_BLOCKS})\b[^<>\n]{{0,300}}\s?(?:>|&gt;)", re.I | re.M)
_PAIR = re.compile(rf"<({ANY_NAME})\b[^<>]{{0,300}}>[^<>]{{0,2000}}</\1\s*>", re.I)


def has_markup(text: str, fenced: bool) -> bool:
    r"""Whether ``<...>`` in a file that claims to be plain text are tags.

    One mention is not enough: two block tags at line starts, or one behind an HTML fence, or three
    matched pairs.

    >>> has_markup("<\narticle>\nHow it works\n<\nsection>\nMore", fenced=False)
    True
    >>> has_markup("Put it in a <div> and test for p < 0.05.", fenced=False)
    False
    """
    if "<" not in text and "&lt;" not in text:
        return False
    needed = 1 if fenced else 2
    text = text if fenced else fences.without(text)  # code may be of markup, and is none
    starts = _AT_LINE_START.finditer(text)
    if sum(1 for _, _found in zip(range(needed), starts, strict=False)) >= needed:
        return True
    return sum(1 for _, _found in zip(range(3), _PAIR.finditer(text), strict=False)) >= 3
