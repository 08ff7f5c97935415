"""Signs in tags that are not those of HTML: brackets that look alike, prefixes, invisible characters, stray quotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.edits import Change
from pipeline.markup.element_names import ANY_NAME, BLOCK, KNOWN
from pipeline.markup.tokens import Token

_PAIRS = ("＜＞", "‹›", "〈〉", "⟨⟩", "«»")
_PATTERNS = {
    pair: re.compile(rf"{pair[0]}(?:/?[A-Za-z][^{pair}]*|!--.*?--|!doctype[^{pair}]*){pair[1]}", re.I | re.S)
    for pair in _PAIRS
}
_BACKSLASHED = re.compile(
    rf"""\\<(/?(?:{ANY_NAME})(?![\w-])(?:[^<>\\]|\\(?!>))*)(\\?)>
    |\\<!(?:--.*?--|doctype[^<>\\]*)(\\?)>""",
    re.I | re.S | re.X,
)
_NAME = re.compile(rf"/?({ANY_NAME})(?![\w-])", re.I)
_ENOUGH = 4  # tags
_LOOK = 2000  # characters at the ends of a page, which tell of the whole far faster than all of it
_PREFIXED_END = re.compile(r"</[A-Za-z][\w.-]*:[A-Za-z]")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_HIDDEN = re.compile(rf"<([{_INVISIBLE}]*)/?([{_INVISIBLE}]*)(?:{ANY_NAME}|!--)([{_INVISIBLE}]*)", re.I)
_STRAY_QUOTE = re.compile(r"</?([A-Za-z][A-Za-z0-9]*+)([\"'“”]++)(?=\s*+/?>)")
_PREFIX = re.compile(r"</?([A-Za-z][\w.-]*:)([A-Za-z][A-Za-z0-9]*)(?=[\s/>])")
_MOSTLY = 0.5  # of the names with the prefix, which are HTML's
_OF_PAGES = frozenset("html body div table h1 h2 h3".split())


def replace_look_alikes(text: str) -> list[Change]:
    r"""``＜p＞``, ``‹p›`` or ``\<p\>`` becomes ``<p>``, if at least four hold tags and one closes another."""
    changes: list[Change] = []
    reason = "brackets that look like those of a tag"
    for pair, pattern in () if text.isascii() else _PATTERNS.items():
        if pair[0] not in text:
            continue
        found = list(pattern.finditer(text))
        if _are_tags([one[0][1:-1] for one in found]):
            signs = [sign for one in found for sign in ((one.start(), "<"), (one.end() - 1, ">"))]
            changes += [Change(at, at + 1, sign, "replace_look_alikes", reason, 0.95) for at, sign in signs]
    if "\\<" in text[:_LOOK] or "\\<" in text[-_LOOK:]:
        escaped = list(_BACKSLASHED.finditer(text))
        if _are_tags([one[1] or "" for one in escaped]):
            ends = [one.span(group) for one in escaped for group in (2, 3) if one[group]]
            spans = [*((one.start(), one.start() + 1) for one in escaped), *ends]
            changes += [Change(*span, "", "replace_look_alikes", reason, 0.95) for span in spans]
    return changes


def _are_tags(found: Sequence[str]) -> bool:
    names = [(one.startswith("/"), name[1].lower()) for one in found if (name := _NAME.match(one))]
    opened, closed = ({name for is_end, name in names if is_end is wanted} for wanted in (False, True))
    return len(names) >= _ENOUGH and bool(opened & closed)


def drop_stray_signs(text: str, _tokens: Sequence[Token]) -> list[Change]:
    """``<p">`` and invisible characters in ``<p>``: what stands in a tag's name and hides it."""
    spans = [found.span(2) for found in _STRAY_QUOTE.finditer(text) if found[1].lower() in KNOWN]
    if any(sign in text for sign in _INVISIBLE):
        hidden = (found.span(group) for found in _HIDDEN.finditer(text) for group in (1, 2, 3))
        spans += [(start, end) for start, end in hidden if start < end]
    reason = "a sign that is not of the name of this tag"
    return [Change(*span, "", "drop_stray_signs", reason, 0.95) for span in sorted(spans)]


def drop_prefixes(text: str) -> list[Change]:
    """``<xhtml:p>`` becomes ``<p>``, where a prefix stands before the names of a whole page and hardly any others."""
    if not _PREFIXED_END.search(text, max(len(text) - _LOOK, 0)):
        return []
    found = list(_PREFIX.finditer(text))
    names: dict[str, Counter[str]] = {}
    for one in found:
        names.setdefault(one[1], Counter())[one[2].lower()] += 1
    prefixes = {
        prefix
        for prefix, counts in names.items()
        if not _OF_PAGES.isdisjoint(counts)
        and sum(counts[name] for name in counts.keys() & BLOCK) >= _ENOUGH
        and sum(counts[name] for name in counts.keys() & KNOWN) >= _MOSTLY * counts.total()
    }
    reason = "the prefix of a namespace, of which HTML knows none"
    return [Change(*one.span(1), "", "drop_prefixes", reason, 0.95) for one in found if one[1] in prefixes]
