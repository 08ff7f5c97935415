"""Spaces that are missing or too many around punctuation, in English text."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.edits import Change
from pipeline.english import STARTERS
from pipeline.normalize.text import Passage

# Prefixes that chemists join with commas: cis,trans-.
_CHEMICAL = r"(?:cis|trans|syn|anti|endo|exo|sec|tert|iso|ortho|meta|para|alpha|beta|gamma|delta)"
# A pattern that begins with its mark is found at once; what must stand before it is asked afterwards.
_COMMA = re.compile(rf",(?=[a-z]{{2}}|[A-Z][a-z]{{2}})(?:(?<=[a-z]{{2}},)|(?<=[A-Za-z][)”’\"],))(?!{_CHEMICAL}\b)")
_STARTERS = "|".join(sorted(word.capitalize() for word in STARTERS))
_STOP = re.compile(rf"[.?!](?=[A-Z])(?<=[a-z]{{3}}[.?!])(?=(?:{_STARTERS})\b)")
# Any other capitalized word counts if the text uses it by itself elsewhere.
_STOP_BEFORE_WORD = re.compile(r"\.(?=[A-Z])(?<=[a-z]{3}\.)(?=([A-Z][a-z]{2,})\b(?![.@]))")
_WORD = re.compile(r"(?<![\w.])[A-Za-z]+")
_BEFORE_MARK = re.compile(r"(?<=[a-z)”’]) +(?=[,;.](?:\s|\Z))")
_MARKS = (" ,", " ;", " .")


def space_after_marks(passage: Passage) -> list[Change]:
    """Insert the space that is missing after a comma or at a sentence's end."""
    if not passage.english:
        return []
    changes = []
    for found in _COMMA.finditer(passage.text):
        word = _word_before(passage.text, found.start())
        if passage.free(*found.span()) and not re.fullmatch(_CHEMICAL, word):
            changes.append(_space(found.end(), "space_after_comma", "no space after the comma"))
    for at in _glued_stops(passage.text):
        if passage.free(at - 1, at):
            changes.append(_space(at, "space_after_stop", "no space between two sentences"))
    return changes


def no_space_before_marks(passage: Passage) -> list[Change]:
    """Remove spaces before a comma, semicolon or full stop, as removed citations leave them."""
    if not passage.english or not any(mark in passage.text for mark in _MARKS):
        return []
    reason = "space before a punctuation mark"
    return [
        Change(m.start(), m.end(), "", "no_space_before_marks", reason, 0.97)
        for m in _BEFORE_MARK.finditer(passage.text)
    ]


@lru_cache(maxsize=2)
def _glued_stops(text: str) -> list[int]:
    """Offsets behind a full stop that a sentence follows without a space."""
    stops = {found.end() for found in _STOP.finditer(text)}
    others = list(_STOP_BEFORE_WORD.finditer(text))
    if others:
        alone = {word.lower() for word in _WORD.findall(text)}
        stops |= {found.end() for found in others if found[1].lower() in alone}
    return sorted(stops)


def _space(at: int, rule: str, reason: str) -> Change:
    return Change(at, at, " ", rule, reason, 0.97)


def _word_before(text: str, end: int) -> str:
    start = end
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    return text[start:end]
