"""Context features of a naive Bayes model that tells a swapped word from a natural one.

A feature is a relative position and the tokens there: ``-1 of``, ``-1+1 of the``, ``~ pain`` for a word near by. Its
weight is a log likelihood ratio (natural logarithm): around the original word versus around the word that a spinner
puts in its place (n-gram ratios, as in Gale, Church and Yarowsky, 1992).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any

_LETTER = "a-zß-ɏͰ-ӿ"  # lower case: Latin, Greek and Cyrillic
TOKEN = re.compile(rf"[{_LETTER}]+(?:['’-][{_LETTER}]+)*|[0-9]+(?:[.,][0-9]+)*|[^\w\s]")  # of lower-case text
# Positions relative to the word, as unigrams, bigrams and trigrams.
POSITIONS: tuple[tuple[int, ...], ...] = (
    (-4,), (-3,), (-2,), (-1,), (1,), (2,), (3,), (4,),
    (-2, -1), (-1, 1), (1, 2), (-2, -1, 1), (-1, 1, 2),
)  # fmt: skip
NEAR = 12  # tokens on either side that count as near by
SHORT = 3  # letters; words no longer than this are not used as features near by
NEAR_WEIGHT = 0.5  # of features near by, which partly repeat those by position
NAMES = tuple("".join(f"{place:+d}" for place in places) for places in POSITIONS)
EDGE = ""  # padding before the first and after the last word of a block
REACH = 4
_EDGES = (EDGE,) * REACH
# All positional features, one per line, to be filled with the tokens around a word; no token holds a line break.
_TEMPLATE = "\n".join(
    f"{name} " + " ".join(f"{{{place + REACH if place < 0 else place + REACH - 1}}}" for place in places)
    for name, places in zip(NAMES, POSITIONS, strict=True)
)


@dataclass(frozen=True, slots=True)
class Context:
    """The features of a word's context: those by position, with weight 1, and those near by, with NEAR_WEIGHT."""

    placed: Sequence[str]
    near: Sequence[str]


@lru_cache(maxsize=50_000)
def token(text: str) -> str:
    """A token as the model sees it: numbers alike, apostrophes alike, "an" like "a".

    >>> [token(word) for word in ("an", "brain’s", "3.5")]
    ['a', "brain's", '#']
    """
    if text[0].isdigit():
        return "#"
    word = text.replace("’", "'")
    return "a" if word == "an" else word


def context(before: Sequence[str], after: Sequence[str]) -> Context:
    """The features of a word between these tokens before and after it."""
    around = [*_EDGES, *before[-REACH:]][-REACH:] + [*after[:REACH], *_EDGES][:REACH]
    near = [f"~ {word}" for word in {*before[-NEAR:], *after[:NEAR]} if len(word) > SHORT]
    return Context(_TEMPLATE.format(*around).split("\n"), near)


def score(weights: Mapping[str, float], known: Context) -> float:
    """The log likelihood ratio of the original word to the spun one in a context."""
    placed, near = (sum(map(weights.get, each, repeat(0.0))) for each in (known.placed, known.near))
    return placed + NEAR_WEIGHT * near


def one_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern, built as a trie, whose first group is any of these words after a space, which is fast to search for.

    >>> one_of(["mind", "mild", "mild fever"]).findall(" a mild mind, reminded, mild fever")
    ['mild', 'mind', 'mild fever']
    """
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for letter in word:
            branch = branch.setdefault(letter, {})
        branch[""] = {}
    return re.compile(rf" ({_branches(tree)})(?![{_LETTER}]|['’-][{_LETTER}])")


def _branches(tree: Mapping[str, Any]) -> str:
    ways = [
        re.escape(letter).replace(r"\ ", r"\s+") + _branches(below) for letter, below in sorted(tree.items()) if letter
    ]
    if not ways:
        return ""
    return f"(?:{'|'.join(ways)}){'?' if '' in tree else ''}"
