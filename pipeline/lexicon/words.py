"""Counts of words and word pairs in clean text; their data card is in ``models/words``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.version import MODELS

FOLDER = MODELS / "words"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words with their counts, and pairs that stand side by side."""

    words: Mapping[str, int]
    pairs: frozenset[tuple[str, str]]


@cache
def lexicon() -> Lexicon:
    """The tables, read once."""
    words = dict(line.split("\t") for line in (FOLDER / "words.tsv").read_text("utf-8").splitlines())
    pairs = (line.split("\t") for line in (FOLDER / "pairs.tsv").read_text("utf-8").splitlines())
    return Lexicon({word: int(count) for word, count in words.items()}, frozenset((a, b) for a, b, _ in pairs))
