"""Headings that lost their tags: fused to their paragraph, or standing as a bare line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from typing import NamedTuple

from pipeline.content.dates import from_line
from pipeline.content.draft import Part
from pipeline.content.layout import Layout
from pipeline.content.words import capital_share, ends_sentence, word_count, words
from pipeline.edits import Change
from pipeline.lexicon.english import MINOR_WORDS, SENTENCE_STARTERS
from pipeline.lexicon.words import lexicon

MAX_HEADING_WORDS = 14  # words in a heading
MAX_TITLE_WORDS = 25
_MOST_CHARACTERS = 300  # characters of a heading, whatever its words
_LOOK = 400  # characters of a paragraph in which a fused heading is looked for
_MAX_SEAM_OFFSET = 160  # characters of a paragraph in which its heading must end
_SHORTEST = 2  # letters; a word with more may be half of a fused one
_COMMON = 40  # uses in clean text of a word that may be half of a fused one
_NO_PROSE = frozenset(("code", "table", "formula"))
_CAPITALS = 0.75  # share of capitalized words in a title
_TOP = 4  # blocks at the top among which a title may stand
_JOIN = re.compile(r"[A-Z](?<=[a-zà-ÿ?!][A-Z])(?=[a-z’'])")  # finding capitals first is faster
_NOT_A_HEADING = re.compile(
    r"^by\s+\S|@|https?://|www\.|\d{3}[-.\s]\d{3,4}|^\W*\d[\d\W]*$|©|"
    r"^(?:source|photo|image|credit|figure|fig\.|table|tags?|published|updated|posted)\b[:\s]|"
    r"^(?:key ?words?|categor(?:y|ies)|topics?)\b[:\s]|"
    r"^(?:(?:page|content|medically|last|next) )*(?:reviewed|review due|updated|modified|checked)\b|"
    r"^(?:read|see|find out|learn|discover) (?:more|also|next)\b|^for immediate release\b|^embargoed\b|"
    r"^(?:\w+day,? )?\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?$|"
    r"^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:\d{1,2}(?:st|nd|rd|th)?|(?:19|20)\d\d)$",
    re.I,
)
# A heading is not a statement: it has no finite auxiliary, unless it is a question.
_STATEMENT = re.compile(r"\b(?:is|are|was|were|has|have|had|may|can|will|should|could|would|been|do|does|did)\b", re.I)
_QUESTION = re.compile(r"(?:how|what|why|when|where|who|which|is|are|can|do|does|did|should|will)\b", re.I)
_MARK = re.compile(r"(#{1,6}) (?=\S)")


def strip_heading_marks(layout: Layout) -> Layout:
    """Turn Markdown's ``## Heading`` inside a page into a heading, if the first block or at least two look so."""
    prose = [(i, part) for i, part in enumerate(layout.parts) if part.kind != "code"]
    marked = [(i, m) for i, part in prose if (m := _MARK.match(layout.of(part)))]
    if not marked or (len(marked) == 1 and marked[0][0] > 0):
        return layout
    reason = "a mark of Markdown before a heading"
    starts = [(layout.parts[i].start, len(m[0])) for i, m in marked]
    layout = layout.cut(Change(at, at + length, "", "heading_mark", reason, 0.95, "dropped") for at, length in starts)
    return layout.relabel({index: len(mark[1]) for index, mark in marked})


def split_fused_headings(layout: Layout) -> Layout:
    """``heart healthPsychological distress in people ...`` becomes a heading and its paragraph.

    Once a page has one such heading, halves that are common words are evidence enough for the others.
    """
    seams = {index: list(_seams(layout, part)) for index, part in enumerate(layout.parts) if part.kind not in _NO_PROSE}
    if not any(seams.values()):
        return layout
    used = words(layout.text)
    known = set(map(str.lower, used))
    places = _fusions(seams, used, known)
    if places:
        places |= _fusions(seams, used, known, _common())
    reason = "a heading stood fused to the first word of its paragraph"
    return layout.split(places, "heading", 2, "fused_heading", reason)


@cache
def _common() -> frozenset[str]:
    return frozenset(word for word, count in lexicon().words.items() if count >= _COMMON)


def _fusions(seams: Mapping[int, Sequence[_Seam]], used: Sequence[str], *known: Set[str]) -> dict[int, int]:
    """The first seam of each part whose right side starts a sentence, or whose words the document uses elsewhere."""
    found = (
        (index, next((one.at for one in of_part if one.starts or _used_apart(one, used, *known)), -1))
        for index, of_part in seams.items()
    )
    return {index: at for index, at in found if at >= 0}


def find_headings(layout: Layout) -> Layout:
    """Mark untagged lines that are headings; at the top of a page without a level 1, the first is its title."""
    has_title = any(part.kind == "heading" and part.level == 1 for part in layout.parts)
    only_headings = True
    levels: dict[int, int] = {}
    for index, part in enumerate(layout.parts):
        if part.kind == "paragraph" and _is_heading(layout, index):
            levels[index] = 1 if only_headings and not has_title else 2
            has_title = has_title or levels[index] == 1
        only_headings = only_headings and (part.kind == "heading" or index in levels)
    return layout.relabel(levels)


class _Seam(NamedTuple):
    """Where a heading may end, the words that are fused there, and whether the second one starts a sentence."""

    at: int
    left: str
    right: str
    starts: bool


def _seams(layout: Layout, part: Part) -> Iterator[_Seam]:
    """Where the left side looks like a heading, and the right side may start a sentence."""
    text = layout.text[part.start : min(part.end, part.start + _LOOK)]
    for found in _JOIN.finditer(text, 0, _MAX_SEAM_OFFSET):
        left, right = text[: found.start()], text[found.start() :]
        head = words(left)
        if not 2 <= len(head) <= MAX_HEADING_WORDS or re.search(r"[.;]\s|[.;,:]$", left) or word_count(right) < 6:
            continue
        if (_STATEMENT.search(left) and not _QUESTION.match(left)) or _is_name(text, found.start()):
            continue
        if left[-1] in "?!" and capital_share(left) < 0.6:
            continue  # a question and its answer, with the space between them lost
        first = words(right)[0]
        starts = first.lower() in SENTENCE_STARTERS or left[-1] in "?!"
        if starts or min(len(head[-1]), len(first)) > _SHORTEST:
            yield _Seam(part.start + found.start(), head[-1], first, starts)


def _is_name(text: str, at: int) -> bool:
    """Whether the fused word is an address, a handle or a file: ClinicalTrials.gov."""
    start, end = at, at
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return bool(re.search(r"[@/#\d]|\.\w", text[start:end]))


def _used_apart(seam: _Seam, used: Sequence[str], *known: Set[str]) -> bool:
    """Whether both halves of a fused word stand alone elsewhere, and the fused word does not."""
    halves = (seam.left, seam.right)
    return all(_is_known(half.lower(), *known) for half in halves) and used.count("".join(halves)) <= 1


def _is_known(word: str, *known: Set[str]) -> bool:
    forms = {word, word + "s", word.removesuffix("s")}
    return not all(forms.isdisjoint(words) for words in known)


def _is_heading(layout: Layout, index: int) -> bool:
    part = layout.parts[index]
    text = layout.of(part)
    count = word_count(text)
    following = layout.parts[index + 1] if index + 1 < len(layout.parts) else None
    longest = MAX_TITLE_WORDS if index == 0 else MAX_HEADING_WORDS
    if (
        len(text) > _MOST_CHARACTERS
        or not 1 <= count <= longest
        or _NOT_A_HEADING.search(text)
        or from_line(text)[1]
        or text[-1] in ".,;…"
    ):
        return False
    if following is None or not (text[0].isupper() or text[0].isdigit() or text[0] in "“‘\"'¿" or text.endswith("?")):
        return False
    if text.endswith(":"):
        return count <= 6 and capital_share(text) >= 0.75 and text.split()[-1].rstrip(":").lower() not in MINOR_WORDS
    if _is_body(layout, index + 1) or (index == 0 and following.kind in ("paragraph", "heading")):
        return True
    if index < _TOP and capital_share(text) >= _CAPITALS and from_line(layout.of(following))[1]:
        return True  # a second title above the line of place and date
    # Before any running text, a title may be followed by another heading.
    return index < _TOP and not any(_is_body(layout, i) for i in range(index)) and _is_heading(layout, index + 1)


def _is_body(layout: Layout, index: int) -> bool:
    """Whether a part is running text."""
    part = layout.parts[index]
    text = layout.of(part)
    return (
        part.kind in ("paragraph", "quote")
        and word_count(text) >= 12
        and (ends_sentence(text) or word_count(text) > 30)
    )
