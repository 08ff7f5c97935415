"""Spaces that are missing or too many around punctuation, in English text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.edits import Change, Status
from pipeline.lexicon.english import MINOR_WORDS, SENTENCE_STARTERS
from pipeline.normalize.text import Passage, is_free

# Prefixes that chemists join with commas: cis,trans-.
_CHEMICAL = r"(?:cis|trans|syn|anti|endo|exo|sec|tert|iso|ortho|meta|para|alpha|beta|gamma|delta)"
# A pattern that begins with its mark is fast to search for; a lookbehind then checks what precedes the mark.
_COMMA = re.compile(rf",(?=[a-z]{{2}}|[A-Z][a-z]{{2}})(?:(?<=[a-z]{{2}},)|(?<=[A-Za-z][)”’\"],))(?!{_CHEMICAL}\b)")
_STARTERS = "|".join(sorted(word.capitalize() for word in SENTENCE_STARTERS))
_STOP = re.compile(rf"[.?!](?=[A-Z])(?<=[a-z]{{3}}[.?!])(?=(?:{_STARTERS})\b)")
# Any other capitalized word counts if the text uses it by itself elsewhere.
_STOP_BEFORE_WORD = re.compile(r"\.(?=[A-Z])(?<=[a-z]{3}\.)(?=([A-Z][a-z]{2,})\b(?![.@]))")
# Behind a colon only a word that opens a clause: "oxygen:air" and "risk:benefit" are ratios.
_OPENERS = "|".join(sorted(word for word in SENTENCE_STARTERS if len(word) > 1))
_COLON = re.compile(rf"(?:;(?=[a-z]{{3}})|:(?=(?:{_OPENERS})\b))(?<=[a-z]{{3}}[;:])(?![a-z]+[;:(])")
_QUOTE = re.compile(r"”(?=[A-Za-z][a-z])(?<=[a-z.,?!]”)")
# A bracket that holds an acronym or several words, with a space before it: not poly(A)tail, (s)he, method(s).
_BRACKET = re.compile(r"\)(?=[a-z]{2})(?!ergic|like\b)")
_BRACKETED = re.compile(r"(?:(?<=\s)|\A)\((?:[A-Z]{2,}|[A-Za-z][^()]* [^()]*)\)\Z")
_ANY_BRACKET = re.compile(r"(?<=\s)\([^()]{3,}\)\Z")  # enough if a clause opens behind it: "(serotonin)is"
_FUNCTION_WORD = re.compile(rf"(?:{'|'.join(sorted(word for word in MINOR_WORDS if len(word) > 1))})\b")
_CITATION = re.compile(r"\.\d{1,3}(?:[,–-]\d{1,3})*(?=\s+[A-Z]|\s*\Z|\n)")
_BEFORE_CITATION = re.compile(r"[a-z]{4}\Z")
_CITATIONS_NEEDED = 2  # in a document; one may be anything
_WORD = re.compile(r"(?<![\w.])[A-Za-z]+")
_BEFORE_MARK = re.compile(r"(?<=[a-z)”’]) +(?=[,;.](?:\s|\Z)|,[a-z]{2})")
_WIDEST = 200  # characters of a bracket
_MARKS = (" ,", " ;", " .")


def space_after_marks(passage: Passage) -> list[Change]:
    """Insert the space that is missing after a comma or at a sentence's end."""
    return list(_missing_spaces(passage.text)) if passage.english else []


@lru_cache(maxsize=2)  # asked for by the verdict and by the pass, mostly of the same text
def _missing_spaces(text: str) -> tuple[Change, ...]:
    found = [(m.end(), "space_after_comma", "no space after the comma") for m in _COMMA.finditer(text)]
    found = [one for one in found if not re.fullmatch(_CHEMICAL, _word_before(text, one[0] - 1))]
    found += [(m.end(), "space_after_colon", "no space after the mark") for m in _COLON.finditer(text)]
    found += [(m.end(), "space_after_quote", "no space after the quotation") for m in _QUOTE.finditer(text)]
    found += [(at, "space_after_bracket", "no space after the bracket") for at in _glued_brackets(text)]
    found += [(at, "space_after_stop", "no space between two sentences") for at in _glued_stops(text)]
    return tuple(Change(at, at, " ", rule, reason, 0.97) for at, rule, reason in found if is_free(text, at - 1, at))


def _glued_brackets(text: str) -> Iterator[int]:
    """Offsets behind a bracket that a word follows without a space."""
    for found in _BRACKET.finditer(text):
        pattern = _ANY_BRACKET if _FUNCTION_WORD.match(text, found.end()) else _BRACKETED
        if pattern.search(text, max(found.end() - _WIDEST, 0), found.end()):
            yield found.end()


def drop_citation_marks(passage: Passage) -> list[Change]:
    """Drop citation numbers that lost their superscript: "worldwide.1 It"; a single one is only flagged."""
    if not passage.english:
        return []
    found = [
        m
        for m in _CITATION.finditer(passage.text)
        if _BEFORE_CITATION.search(passage.text, max(m.start() - 4, 0), m.start())
    ]
    status: Status = "applied" if len(found) >= _CITATIONS_NEEDED else "flagged"
    reason = "the number of a reference, glued to the sentence"
    return [Change(m.start() + 1, m.end(), "", "drop_citation_marks", reason, 0.9, status) for m in found]


def no_space_before_marks(passage: Passage) -> list[Change]:
    """Remove spaces before a comma, semicolon or full stop, as removed citations leave them."""
    if not passage.english or not any(mark in passage.text for mark in _MARKS):
        return []
    reason = "space before a punctuation mark"
    return [
        Change(m.start(), m.end(), "", "no_space_before_marks", reason, 0.97)
        for m in _BEFORE_MARK.finditer(passage.text)
    ]


def _glued_stops(text: str) -> list[int]:
    """Offsets behind a full stop that a sentence follows without a space."""
    stops = {found.end() for found in _STOP.finditer(text)}
    others = list(_STOP_BEFORE_WORD.finditer(text))
    if others:
        alone = {word.lower() for word in _WORD.findall(text)}
        stops |= {found.end() for found in others if found[1].lower() in alone}
    return sorted(stops)


def _word_before(text: str, end: int) -> str:
    start = end
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    return text[start:end]
