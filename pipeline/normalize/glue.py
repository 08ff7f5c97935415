"""Words that lost the space, dash or line break between them: "cellsas", "activityfrom", "coronaryartery".

A word is split if the lexicon lacks it, both halves are common words, and there is evidence for the seam: a function
word on one side, a plural before it, a collocation, or two long words. Prefixes, suffixes and the halves of compounds
need more evidence, as they form new words ("airwaves", "noncardiac").
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from pipeline.edits import Change
from pipeline.lexicon import names
from pipeline.lexicon.words import lexicon
from pipeline.normalize.text import Passage, lowercase
from pipeline.rules.kinds import Rules, WordRule

_LETTERS = re.compile(r"[a-z]{6,40}")
_ALONE = r"(?<![\w’'./@#-]){}(?![\w’'/@-]|\.\w)"
_COMMON = 40  # lexicon count that each half needs
_COMMON_LONG = 120  # the count each half needs where their length is the only evidence
_LONG, _LONG_BOTH = 5, 12  # letters of each half, and of both
_LINKING = re.compile(r"(?:o|i|yl|oxy|thy)$")  # combining forms of chemistry and anatomy
_ENDINGS = frozenset(("in", "is", "or", "ion"))  # "actinin", "genitalis", "secretor"
_OFTEN_REPEATED = 3  # times; a word that a document uses as often is intended


def split_glued(passage: Passage) -> list[Change]:
    """Insert the space that is missing within an unknown word."""
    if not passage.english:
        return []
    changes = []
    for word in _unknown(passage.text):
        at = seam(word, passage.rules)
        found = list(re.finditer(_ALONE.format(word), passage.text, re.IGNORECASE)) if at else []
        for match in found if len(found) < _OFTEN_REPEATED else ():
            if passage.free(*match.span()) and match[0][1:].islower():
                here = match.start() + at
                reason = f"no space between {match[0][:at]!r} and {match[0][at:]!r}"
                changes.append(Change(here, here, " ", "split_glued", reason, 0.95))
    return sorted(changes, key=lambda change: change.start)


def _unknown(text: str) -> list[str]:
    """Words that are in neither the lexicon nor a name. A quick first look removes known words between spaces."""
    known = lexicon().words
    unknown = set(lowercase(text).split()).difference(known)
    return sorted(set(_LETTERS.findall(" ".join(unknown))).difference(known, names.words()))


@lru_cache(maxsize=50_000)  # names that are in no table come back in many documents
def seam(word: str, rules: Rules) -> int:
    """The offset that splits an unknown word into two common ones, 0 if there is none."""
    table, words = lexicon(), rules.words
    best, place = 0.0, 0
    for at in range(2, len(word) - 1):
        left, right = word[:at], word[at:]
        common = min(table.words.get(left, 0), table.words.get(right, 0))
        if common >= _COMMON and any(_reasons(left, right, common, words)):
            likely = math.log(table.words[left]) + math.log(table.words[right])
            if likely > best:
                best, place = likely, at
    return place


def _reasons(left: str, right: str, common: int, words: Mapping[str, WordRule]) -> Iterator[bool]:
    """The evidence for a seam; none where a half is productive in word formation."""
    together = (left, right) in lexicon().pairs
    opens, closes = words["before_a_gap"].has(left), words["after_a_gap"].has(right)
    makes_words = words["second_half"].has(right) or (words["first_half"].has(left) and not (closes and len(right) > 2))
    if makes_words and not together and not (opens and not words["second_half"].has(right)):
        return
    like_an_ending = right in _ENDINGS or (len(right) <= 2 and len(left) <= _LONG and right != "to")
    yield opens and (len(right) >= _LONG or closes)
    yield closes and len(left) >= _LONG - 1 and (together or not like_an_ending)
    yield left.endswith("s") and left[:-1] in lexicon().words and len(left) > _LONG and (len(right) >= _LONG - 1)
    yield together and min(len(left), len(right)) >= _LONG - 1
    long = min(len(left), len(right)) >= _LONG and len(left) + len(right) >= _LONG_BOTH
    yield long and common >= _COMMON_LONG and not _LINKING.search(left)
