"""Blocks of code between fences, as CommonMark 0.31 has them (section 4.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^[ ]{0,3}(`{3,}|~{3,})([^`\r\n]*)\r?$", re.M)


def blocks(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    r"""Spans of the blocks, both fences included; a fence that nothing closes opens none.

    >>> list(blocks("One.\n\n```py\nx = 1\n```\n\nTwo.\n```\n"))
    [(6, 21)]
    """
    if "```" not in text and "~~~" not in text:
        return
    opening: re.Match[str] | None = None
    for found in _FENCE.finditer(text, start):
        if opening is None:
            opening = found
        elif found[1][0] == opening[1][0] and len(found[1]) >= len(opening[1]) and not found[2].strip():
            yield opening.start(), found.end()
            opening = None


def without(text: str, start: int = 0) -> str:
    """The text with nothing between its fences, whose marks are those of another language."""
    parts, at = [], start
    for first, last in blocks(text, start):
        parts.append(text[at:first])
        at = last
    return "".join([*parts, text[at:]]) if parts else text[start:]
