"""Angle brackets that lost their place: split tags, missing ``>``, ``<`` that means "less than"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.edits import Change
from pipeline.markup.element_names import ANY_NAME, BOOLEAN_ATTRIBUTES, KNOWN
from pipeline.markup.tokens import Token

_VALUE = r"""(?:"[^"<]*+"|'[^'<]*+'|[“”″„][^<>“”″]*+[“”″]|[^\s"'<>]++)"""
_ATTRIBUTES = rf"""(?:(?:\s++|(?<=["']))[^\s"'<>/=]++(?:\s*+=\s*+{_VALUE})?)*+"""
# White space where a tag may have none: after "<" or "</", or between "<" and "/".
_SPLIT = re.compile(rf"<(?=\s|/\s)(\s*+)(/?)(\s*+)({ANY_NAME})(?![\w-])(?={_ATTRIBUTES}\s*+/?>)", re.I)
_WELL_FORMED = re.compile(rf"</?(?:{ANY_NAME})(?![\w-])(?:\s++[\w:@.-]++\s*+=\s*+{_VALUE})*+", re.I)
_DOUBLED = re.compile(rf"<(?=<[/a-z])(</?(?:{ANY_NAME})(?![\w-]){_ATTRIBUTES}\s*+/?>)(>?)", re.I)
_ONE_SIDED = 3
_BLOCK_START = re.compile(r"<(?:h[1-6]|p|li|ul|ol|dl|table|tr|td|th|blockquote|pre|article|main)\b", re.I)
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_WORDS = re.compile(r"[^\s/>=\"']+")


def single_brackets(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``<<p>>`` becomes ``<p>``; brackets doubled on one side only need three such tags on the page."""
    found = [m for m in _DOUBLED.finditer(text) if _stands_in_text(tokens, m)] if "<<" in text else []
    if not any(m[2] for m in found) and len(found) < _ONE_SIDED:
        return []
    reason = "the brackets of this tag were doubled"
    spans = [span for m in found for span in ((m.start(), m.start() + 1), m.span(2)) if span[0] < span[1]]
    return [Change(start, end, "", "single_brackets", reason, 0.95) for start, end in spans]


def _stands_in_text(tokens: Sequence[Token], found: re.Match[str]) -> bool:
    token = tokens[bisect_right(tokens, found.start(), key=lambda one: one.start) - 1]
    own_end = bool(token.name) and found[1].lower().startswith(f"</{token.name}")
    return token.kind == "text" and (not token.name or own_end)


def join_split_tags(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``<`` + white space + ``article>`` becomes a tag again, if the name is an HTML element's.

    Words between the name and ``>`` must look like attributes, so "n < p and q > r" stays.
    """
    found = list(_SPLIT.finditer(text))
    if not found:
        return []
    starts = [token.start for token in tokens]
    changes = []
    for split in found:
        token = tokens[bisect_right(starts, split.start()) - 1]
        outside = token.kind in ("text", "declaration") and not token.name
        # In a raw text element such as script or title, only its own end tag is a tag.
        own_end = token.kind in ("raw", "text") and bool(split[2]) and split[4].lower() == token.name
        if own_end or (outside and _only_attributes(text, split)):
            reason = "white space split this tag"
            gaps = [gap for gap in (split.span(1), split.span(3)) if gap[0] < gap[1]]
            changes += [Change(start, end, "", "join_split_tags", reason, 0.99) for start, end in gaps]
    return changes


def supply_missing_greater_than(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``<p class="lead" Text ... <b>``: a tag that runs into the next one lost its ``>``.

    Where it swallows neither text nor the start of a heading, paragraph, list or table, it does no harm and stays.
    """
    changes = []
    for token in tokens:
        kind, start, end, _ = token
        inner = text.find("<", start + 1, end) if kind in ("start", "end") else -1
        form = _WELL_FORMED.match(text, start, end) if inner >= 0 else None
        if not form or form.end() > inner or form.end() == end or _is_less_than(text, token):
            continue
        rest = text[form.end() : inner].strip()
        if (rest and not _may_be_attributes(rest)) or (not rest and _BLOCK_START.match(text, inner)):
            reason = "the tag was not closed before text or the next tag"
            changes.append(Change(form.end(), form.end(), ">", "supply_missing_greater_than", reason, 0.9))
    return changes


def escape_raw_less_than(text: str, tokens: Sequence[Token]) -> list[Change]:
    """``Dose<threshold was safe``, ``<jane@example.org>``: a ``<`` that would swallow words becomes ``&lt;``."""
    odd = [
        Token(kind, start, end, name)
        for kind, start, end, name in tokens  # a known element that is not glued to a word is fine
        if (kind == "start" and (name not in KNOWN or text[start - 1 : start].isalnum()))
        or (kind == "cut" and name != "!--")
    ]
    closed = {token.name for token in tokens if token.kind == "end"} if odd else set()
    reason = "this < starts no tag and would swallow text"
    return [
        Change(token.start, token.start + 1, "&lt;", "escape_raw_less_than", reason, 0.95)
        for token in odd
        if _is_less_than(text, token) or _is_no_element(text, token, closed)
    ]


def _is_less_than(text: str, token: Token) -> bool:
    """Whether a ``<`` glued to the word before it, or before prose, means "less than"."""
    name = _NAME.match(text, token.start)
    if not name or token.kind == "end" or ":" in token.name or "-" in token.name:
        return False  # comments, end tags, custom and namespaced elements
    inner = text.find("<", name.end(), token.end)
    words = text[name.end() : inner if inner >= 0 else token.end].rstrip(">")
    glued = token.start > 0 and text[token.start - 1].isalnum()
    prose = bool(words.strip(" /")) and not _may_be_attributes(words)
    if token.name in KNOWN:
        return (prose and (glued or token.kind == "cut")) or (glued and inner >= 0 and not words.strip())
    return prose or (glued and token.kind == "cut")


def _is_no_element(text: str, token: Token, closed: set[str]) -> bool:
    """Whether the brackets hold an e-mail or web address, or an unknown element name without an end tag."""
    inside = text[token.start + 1 : token.end].rstrip(">")
    if "@" in token.name or inside.startswith(("http:", "https:", "www.")):
        return True
    plain = inside == inside.strip("/ ") and inside.isalnum()
    return plain and token.name not in KNOWN and token.name not in closed


def _may_be_attributes(text: str) -> bool:
    """Whether text between a name and ``>`` can be attributes: values, or boolean attribute names."""
    return "=" in text or all(w.lower() in BOOLEAN_ATTRIBUTES or "-" in w for w in _WORDS.findall(text))


def _only_attributes(text: str, found: re.Match[str]) -> bool:
    end = text.find(">", found.end())
    return _may_be_attributes(text[found.end() : end])
