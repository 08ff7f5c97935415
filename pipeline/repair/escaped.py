"""Markup that was escaped once too often: ``&lt;p&gt;`` where ``<p>`` was meant."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from pipeline.edits import Change
from pipeline.markup.element_names import ANY_NAME, BLOCK
from pipeline.markup.tokens import Token, unescape

_LT, _GT = r"&(?:amp;)*+(?:lt|#0*60|#x0*3c);", r"&(?:amp;)*+(?:gt|#0*62|#x0*3e);"
_TAG = re.compile(rf"{_LT}(/?)({ANY_NAME})((?:\s(?:(?!{_LT}|{_GT})[^<>])*+)?/?)(?:{_GT}|>)", re.I)
_REFERENCE = re.compile(r"&amp;(?=(?:[A-Za-z]{2,8}|#\d{1,6});)")  # escaped with the markup around it
_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|#0*(?:34|38|39|60|62)|#x0*(?:2[267]|3[ce]));", re.I)
_STRUCTURE = frozenset(("html", "head", "body", "main", "article", "section", "header", "footer"))
_CODE = frozenset(("pre", "code", "textarea", "kbd", "samp", "tt"))
_ENOUGH = 4  # escaped block tags; fewer are somebody writing about HTML


def unescape_markup(text: str, tokens: Sequence[Token]) -> list[Change]:
    """Unescape tags where the page's own markup was escaped.

    That is the case if at least four escaped block tags are outside code and at least a quarter of those opened are
    closed, or if a structural tag such as ``&lt;article&gt;`` is alone on its line.
    """
    if not _TAG.search(text):
        return []
    found = [m for start, end in _outside_code(tokens) for m in _TAG.finditer(text, start, min(end + 1, len(text)))]
    alone = any(m[2].lower() in _STRUCTURE and _stands_alone(text, m) for m in found)
    opened = Counter(m[2].lower() for m in found if not m[1] and m[2].lower() in BLOCK)
    closed = Counter(m[2].lower() for m in found if m[1] and m[2].lower() in BLOCK)
    enough = (opened + closed).total() >= _ENOUGH and (opened & closed).total() * 4 >= opened.total()
    if not (enough or alone):
        return []
    reason = "the page's own markup was escaped"
    if not any(token.kind in ("start", "end") for token in tokens):
        # The whole page was escaped, comments included: undo one level for every character.
        return [Change(*m.span(), unescape(m[0]), "unescape_markup", reason, 0.95) for m in _ESCAPED.finditer(text)]
    tags = [Change(m.start(), m.end(), unescape_fully(m[0]), "unescape_markup", reason, 0.95) for m in found]
    references = (m for start, end in _outside_code(tokens) for m in _REFERENCE.finditer(text, start, end))
    starts = [tag.start for tag in tags]
    text_too = [m for m in references if not _covered(m.start(), starts, tags)]
    return tags + [Change(m.start(), m.end(), "&", "unescape_markup", reason, 0.95) for m in text_too]


def _covered(at: int, starts: list[int], tags: list[Change]) -> bool:
    index = bisect_right(starts, at) - 1
    return index >= 0 and at < tags[index].end


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    before, after = text[: found.start()].rstrip(" \t"), text[found.end() :].lstrip(" \t")
    return before[-1:] in ("", "\n", ">") and after[:1] in ("", "\r", "\n", "<")


def unescape_fully(text: str) -> str:
    """Remove every level of escaping."""
    while (plain := unescape(text)) != text:
        text = plain
    return text


def _outside_code(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    depth = 0
    spans = []
    for token in tokens:
        if token.name in _CODE and token.kind in ("start", "end"):
            depth = max(0, depth + (1 if token.kind == "start" else -1))
        elif token.kind == "text" and not depth and token.name not in _CODE:
            spans.append((token.start, token.end))
    return spans
