"""Small questions about a block's words that several steps ask."""

from __future__ import annotations

import re

from pipeline.english import SMALL

_WORD = re.compile(r"[^\W_]++(?:[’'\-][^\W_]++)*+")
_TERMINAL = re.compile(r"[.!?…。！？][\"'”’)\]]*$")


def words(text: str) -> list[str]:
    """Words of a text, with inner apostrophes and hyphens."""
    return _WORD.findall(text)


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return bool(_TERMINAL.search(text.rstrip()))


def key(text: str) -> str:
    """A text reduced to letters and digits, for comparing."""
    return "".join(filter(str.isalnum, text.casefold()))


def capital_share(text: str) -> float:
    """Share of the content words that start with a capital letter or digit."""
    content = [word for word in words(text) if word.lower() not in SMALL]
    return sum(not word[0].islower() for word in content) / len(content) if content else 0.0
