"""Declarations of XML that hide the text of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.edits import Change
from pipeline.markup.tokens import Token

_OPENS = re.compile(r"(?<!//)(?<!// )(?<!/\*)(?<!/\* )<!\[CDATA\[")  # not as scripts guard themselves
_FOREIGN = frozenset(("svg", "math", "script", "style"))


def drop_cdata_marks(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``<![CDATA[`` swallows all up to the next ``>`` outside of foreign elements; it and its end are dropped."""
    if "<![CDATA[" not in text:
        return []
    changes: list[Change] = []
    depth = ends = 0  # no mark can end there
    for token in tokens:
        if token.name in _FOREIGN:
            depth = max(depth + {"start": 1, "end": -1}.get(token.kind, 0), 0)
        found = _OPENS.match(text, token.start) if token.kind == "declaration" and not depth else None
        if found:
            if 0 <= ends < found.end():
                ends = text.find("]]>", found.end())
            marks = [found.span(), *([(ends, ends + 3)] if ends >= 0 else [])]
            if not changes or marks[-1][0] > changes[-1].end:
                reason = "a mark of XML that hides text in HTML"
                changes += [Change(start, end, "", "drop_cdata_marks", reason, 0.95) for start, end in marks]
    return changes
