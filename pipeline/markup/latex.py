"""Formulas within a text: LaTeX between dollar signs."""

from __future__ import annotations

import re
from collections.abc import Iterator

NEEDED = re.compile(r"[\\^_{}]")  # what tells LaTeX from prices
_FORMULA = re.compile(r"(?<![\\$])\$\$?(?=[^\s$])[^$\n]{1,2000}(?<=[^\s$])\$\$?")


def spans(text: str) -> Iterator[tuple[int, int]]:
    r"""Spans of the formulas in a text.

    >>> list(spans(r"at $K_m$, for $5 and $6")), list(spans("no formula"))
    ([(3, 8)], [])
    """
    if "$" in text:
        yield from (found.span() for found in _FORMULA.finditer(text) if NEEDED.search(found[0]))
