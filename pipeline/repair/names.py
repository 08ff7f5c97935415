"""Names of tags that were broken over two lines, or that the next word ran into."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.edits import Change
from pipeline.markup.element_names import BLOCK, BOOLEAN_ATTRIBUTES, KNOWN
from pipeline.markup.tokens import Token

_BROKEN = re.compile(r"</?([A-Za-z]+)([ \t\r]*+\n\s*+)([A-Za-z]*+[0-9]?)(?<=\w)(?=[\s/>])(?!\s*+=)")
_BLOCKS = "|".join(sorted(BLOCK, key=len, reverse=True))
_GLUED = re.compile(rf"</?(?=[a-z]++[1-6]?[A-Z“‘(\"])(?:{_BLOCKS})(?=[A-Z“‘(\"][^<>=]*(?:<|\Z))")


def join_broken_names(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``<art`` + line break + ``icle>`` becomes ``<article>``; what could be an attribute of a known element stays."""
    places = list(_BROKEN.finditer(text))
    starts = [token.start for token in tokens] if places else []
    return [
        Change(*found.span(2), "", "join_broken_names", "a line break in the name of this tag", 0.95)
        for found in places
        if _is_broken(found, tokens[bisect_right(starts, found.start()) - 1])
    ]


def _is_broken(found: re.Match[str], token: Token) -> bool:
    """Whether a name in two lines is that of a tag, or of the end tag that a script or a title waits for."""
    name = (found[1] + found[3]).lower()
    if token.start == found.start() and token.kind in ("start", "end"):
        return name in KNOWN and found[3].lower() not in BOOLEAN_ATTRIBUTES
    return bool(token.name) and name == token.name and found[0].startswith("</") and token.kind in ("raw", "text")


def part_glued_names(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``<pSleep clears ...<``: a block's tag lost its ``>`` right before a capitalized word."""
    places = {found.start(): found.end() for found in _GLUED.finditer(text)}
    changes = []
    for token in tokens if places else ():
        if token.kind in ("start", "end", "cut") and token.name not in KNOWN and token.start in places:
            end, reason = places[token.start], "the tag was not closed before the text"
            changes.append(Change(end, end, ">", "part_glued_names", reason, 0.9))
    return changes
