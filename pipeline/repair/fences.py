"""Code fences that a language model put around a whole document.

WordPress turns the first two of three backticks into an opening quotation mark (wptexturize), so both
the opening and the closing fence may read “`. A fence is only ever a whole line, or a line's start with
its language glued to the first word: “`html>head` in running text is somebody's inline code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.edits import Change

_MARK = r"(?:```+|[“”″]`|&#8220;`|&ldquo;`|~~~+)"
_TYPESET = ("“", "”", "″", "&#8220;", "&ldquo;")
_LAST = {mark[-1] for mark in _TYPESET}
_LANGUAGE = r"(?:x?html5?|htm|xml|markdown|md|text|txt|plaintext)"
_OPENING = re.compile(rf"({_MARK}[ \t]*{_LANGUAGE})[ \t]*(?=\r?$|<)", re.I | re.M)
# ```htmlWord: the language is glued to a capitalized word.
_GLUED = re.compile(rf"({_MARK}(?i:{_LANGUAGE}))(?=[A-Z][a-z]*)", re.M)
_CLOSING = re.compile(rf"({_MARK})(?=[ \t]|\r?$|<)", re.M)
_REASON = "a code fence around the document is not part of its text"


def remove_fences(text: str) -> list[Change]:
    """Drop document fences; text after a closing fence is kept.

    Closing fences are only dropped after an opening document fence.
    """
    offsets = list(_fence_offsets(text))
    opened = [m for pattern in (_OPENING, _GLUED) for m in _at_edges(pattern, text, offsets) if not _in_code(text, m)]
    if opened:
        first = min(mark.start(1) for mark in opened)
        opened += _closing(text, first, [at for at in offsets if at > first])
    marks: dict[int, int] = {}
    for mark in opened:  # both patterns may match one fence, such as "```htmL": keep the longer
        marks[mark.start(1)] = max(mark.end(1), marks.get(mark.start(1), 0))
    return [Change(start, marks[start], "", "llm_fence", _REASON, 0.98, "dropped") for start in sorted(marks)]


def starts_with_fence(text: str) -> bool:
    """Whether the document starts with a fence: fewer than 40 words precede it."""
    offsets = list(_fence_offsets(text))
    found = next(_at_edges(_OPENING, text, offsets), None) or next(_at_edges(_GLUED, text, offsets), None)
    if not found or _in_code(text, found):
        return False
    return len(re.findall(r"\w+", text[: found.start()])) < 40


def _at_edges(pattern: re.Pattern[str], text: str, offsets: Sequence[int]) -> Iterator[re.Match[str]]:
    """Fences at the start of a line or directly after a tag."""
    for at in offsets:
        before = text[max(0, at - 200) : at].rstrip(" \t")
        found = pattern.match(text, at) if before[-1:] in ("", "\n", ">") else None
        if found:
            yield found


def _fence_offsets(text: str) -> Iterator[int]:
    """Offsets where a fence may start; ``str.find`` is a hundred times faster than trying a pattern everywhere."""
    at = text.find("`")
    while at >= 0:
        typeset = text[at - 1 : at] in _LAST
        opening = next((mark for mark in _TYPESET if text.endswith(mark, 0, at)), "") if typeset else ""
        if opening or (text.startswith("```", at) and text[at - 1 : at] != "`"):
            yield at - len(opening)
        at = text.find("`", at + 1)
    at = text.find("~~~")
    while at >= 0:
        yield at
        at = text.find("~~~", at + 3)


def _in_code(text: str, fence: re.Match[str]) -> bool:
    """Whether a fence is the first thing in a code element, so part of somebody's example."""
    return bool(
        re.search(r"<(?:pre|code)\b[^<>]{0,200}>\s*\Z", text[max(0, fence.start(1) - 250) : fence.start(1)], re.I)
    )


def _closing(text: str, first: int, offsets: Sequence[int]) -> list[re.Match[str]]:
    """Closing fences after the first opening one; fenced code blocks in other languages are kept."""
    closing = list(_at_edges(_CLOSING, text, offsets))
    other = len(re.findall(rf"^[ \t]*```(?!{_LANGUAGE}\b)\w+[ \t]*$", text[first:], re.I | re.M))
    return closing[other:] if other else closing
