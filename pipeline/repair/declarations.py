"""CDATA section markers, which hide text in HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.edits import Change
from pipeline.markup.tokens import Token

_OPENS = re.compile(r"(?<!//)(?<!// )(?<!/\*)(?<!/\* )<!\[CDATA\[")  # not one guarded by a script comment
_CDATA_ALLOWED_IN = frozenset(("svg", "math", "script", "style"))


def drop_cdata_marks(text: str, tokens: Sequence[Token]) -> list[Change]:
    """Drop ``<![CDATA[`` and its ``]]>``: outside SVG, MathML and scripts it hides all text up to the next ``>``."""
    if "<![CDATA[" not in text:
        return []
    changes: list[Change] = []
    depth = ends = 0  # ends: offset of the next "]]>"; 0: not yet searched, -1: none
    for token in tokens:
        if token.name in _CDATA_ALLOWED_IN:
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
