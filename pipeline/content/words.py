"""Small questions about a block's words that several steps ask."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")
_TERMINAL = re.compile(r"[.!?…。！？][\"'”’)\]]*$")
SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "but",
        "or",
        "nor",
        "for",
        "so",
        "yet",
        "as",
        "at",
        "by",
        "from",
        "in",
        "into",
        "of",
        "off",
        "on",
        "onto",
        "out",
        "over",
        "per",
        "than",
        "to",
        "up",
        "upon",
        "via",
        "vs",
        "with",
        "within",
        "without",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "can",
        "could",
        "may",
        "might",
        "must",
        "shall",
        "should",
        "will",
        "would",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "not",
        "no",
        "its",
        "it",
        "their",
        "our",
        "your",
        "his",
        "her",
        "my",
        "this",
        "that",
        "these",
        "those",
        "what",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "why",
        "how",
    ]
)


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
