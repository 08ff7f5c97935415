"""Capitals that a spinner lowered: at the start of sentences, and in headings in title case."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.edits import Change
from pipeline.lexicon.english import ABBREVIATIONS, MINOR_WORDS, SENTENCE_STARTERS
from pipeline.normalize.text import Passage
from pipeline.records import Block

_STARTERS = "|".join(sorted(word for word in SENTENCE_STARTERS if len(word) > 1))
_BLOCK_START = re.compile(rf"(?:{_STARTERS})(?=[\s,])")
_SENTENCE_START = re.compile(rf"[.?] (?=[a-z])(?<=[a-z)”][.?] )({_STARTERS})(?=[\s,])")
_BEFORE_STOP = re.compile(r"[a-z]{3,20}(?=[)”]?$)")
_HEADING_WORD = re.compile(r"(?<![\w’'.-])[a-z]{4,}(?=(?:[’']s)?(?:[\s:,;?!]|\Z))")
_STOPS = '.!?”"'
_LONGEST_HEADING = 120  # characters
_LONG = 60  # characters; a shorter paragraph may be a list item or a label


def capital_at_sentence_start(passage: Passage) -> list[Change]:
    """Capitalize a lower-case first letter; outside spun documents only flag it."""
    if not passage.english:
        return []
    found = [
        (block.start, passage.text[block.start])
        for block in passage.blocks
        if block.end - block.start > _LONG
        and passage.text[block.end - 1] in _STOPS
        and _BLOCK_START.match(passage.text, block.start)
    ]
    found += [(at, passage.text[at]) for at in _lowered_starts(passage.text)]
    return [
        Change(
            at, at + 1, letter.upper(), "capital_at_sentence_start", "a sentence starts in lower case",
            0.95 if passage.spun else 0.5, "applied" if passage.spun else "flagged",
        )
        for at, letter in found
        if passage.free(at, at + 1)
    ]  # fmt: skip


@lru_cache(maxsize=2)
def _lowered_starts(text: str) -> list[int]:
    """Where a sentence starts in lower case behind another one."""
    starts = []
    for found in _SENTENCE_START.finditer(text):
        before = _BEFORE_STOP.search(text[max(found.start() - 21, 0) : found.start()])
        if before and before[0] not in ABBREVIATIONS:
            starts.append(found.start(1))
    return starts


def capitals_in_headings(passage: Passage) -> list[Change]:
    """In spun documents, raise the lower-case content words of a heading that is in title case."""
    if not (passage.english and passage.spun):
        return []
    return [change for block in passage.blocks for change in _heading(passage, block)]


def lowered_heading_words(text: str) -> list[tuple[int, int]]:
    """Spans of lower-case content words in a line in title case, none if it is not a heading in title case.

    The text decides, not the kind of block, so that clean text gives the same result when it is processed again.
    """
    if len(text) > _LONGEST_HEADING or text[-1:] in _STOPS:
        return []
    content = [m for m in re.finditer(r"[^\W\d_]{3,}", text) if m[0].lower() not in MINOR_WORDS]
    lowered = [m.span() for m in _HEADING_WORD.finditer(text) if m[0] not in MINOR_WORDS]
    raised = sum(m[0][0].isupper() for m in content)
    if text[:1].islower() and text.split()[0] in MINOR_WORDS:
        lowered.insert(0, (0, len(text.split()[0])))
    return lowered if raised >= 3 and raised >= 3 * len(lowered) else []


def _heading(passage: Passage, block: Block) -> list[Change]:
    reason = "a lower-case word in a heading in title case"
    spans = [(block.start + a, block.start + b) for a, b in lowered_heading_words(passage.of(block))]
    return [
        Change(start, start + 1, passage.text[start].upper(), "capitals_in_headings", reason, 0.9)
        for start, end in spans
        if passage.free(start, end)
    ]
