"""Helpers for the words of a block, shared by several steps."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.lexicon.english import MINOR_WORDS

_WORD = re.compile(r"[^\W_]++(?:[’'\-][^\W_]++)*+")
_END = 20  # characters in which the mark that ends a sentence stands
_TERMINAL = re.compile(r"[.!?…。！？][\"'”’)\]]*(?:\[\w{1,3}\])*$")


def words(text: str) -> list[str]:
    """Words of a text, with inner apostrophes and hyphens."""
    return _WORD.findall(text)


@lru_cache(maxsize=1024)  # several steps ask it of a block
def word_count(text: str) -> int:
    """How many words a text has."""
    return len(words(text))


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(_TERMINAL.search(text.rstrip()[-_END:]))


def key(text: str) -> str:
    """A text reduced to letters and digits, for comparing."""
    return "".join(filter(str.isalnum, text.casefold()))


def capital_share(text: str) -> float:
    """Share of the content words that start with a capital letter or digit."""
    content = [word for word in words(text) if word.lower() not in MINOR_WORDS]
    return sum(not word[0].islower() for word in content) / len(content) if content else 0.0
