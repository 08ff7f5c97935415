"""Short codes: the tags in square brackets of WordPress and its page builders, left in a page as text.

One is told by what prose in brackets has not: a closing tag of its name on the page, or attributes with quoted values.
"""

from __future__ import annotations

import re
from bisect import bisect_left

_CODE = re.compile(
    r"\[(/?)([a-z][a-z0-9_-]{1,40})((?:\s+[a-z_][\w-]{0,40}(?:=(?:\"[^\"\]\n]{0,300}\"|'[^'\]\n]{0,300}'|[^\s\"'\]\[]{1,100}))?){0,30})\s*/?\]"
)
_QUOTED = re.compile(r"=\s*[\"'“”]")
_EMPTY_LINE = re.compile(r"(?<![ \t])[ \t]*+\r?\n(?:[ \t]*+\r?\n)++[ \t]*+")
# Codes that stand alone, without attributes, where the page has others.
_ALONE = frozenset(("toc", "gallery", "playlist", "rank_math_toc", "lwptoc", "ez-toc", "sitemap", "adinserter"))
Dividers = list[tuple[int, int]]


def find(text: str) -> Dividers:
    """Spans of the short codes of a page."""
    found = list(_CODE.finditer(text)) if "[" in text else []
    if not found:
        return []
    closed = {one[2] for one in found if one[1]}
    opened = {one[2] for one in found if not one[1]}
    told = [
        one
        for one in found
        if (one[1] and one[2] in opened) or (not one[1] and (one[2] in closed or _QUOTED.search(one[3])))
    ]
    if told:
        told += [one for one in found if one[2] in _ALONE and not one[3].strip() and one not in told]
    return sorted(one.span() for one in told)


def with_empty_lines(text: str, codes: Dividers) -> Dividers:
    """Short codes and empty lines, in order; those that lie within one another once."""
    merged: Dividers = []
    for start, end in sorted([*codes, *(found.span() for found in _EMPTY_LINE.finditer(text))]):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def between(dividers: Dividers, start: int, end: int) -> list[tuple[int, int]]:
    """Spans between the dividers of a text; the first or last is empty where it begins or ends with one."""
    first = bisect_left(dividers, (start, start))
    rims = [start]
    for left, right in dividers[first:]:
        if right > end:
            break
        rims += [left, right]
    rims.append(end)
    return list(zip(*[iter(rims)] * 2, strict=True))
