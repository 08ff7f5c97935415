"""Has a synonym spinner been at this document? Looks for independent kinds of evidence.

A missing space, a lowered capital, an injected typo and a phrase that nobody writes each happen alone in
honest text; two kinds together hardly do.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.normalize import casing, spacing
from pipeline.normalize.text import Passage

_KINDS_NEEDED = 2
_SPACES_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """``score`` is 0 to 1; ``spun`` is the verdict that opens the looser rules."""

    score: float
    spun: bool
    family: str


def weigh(passage: Passage) -> Evidence:
    """Count the kinds of evidence in a text whose characters are already clean."""
    if not passage.english:
        return Evidence(0.0, False, "")
    kinds = (
        len(spacing.space_after_marks(passage)) >= _SPACES_NEEDED,
        bool(casing.capital_at_sentence_start(passage)),
        any(casing.lowered_heading_words(passage.of(block)) for block in passage.blocks),
        any(rule.find.search(passage.text) for rule in passage.rules.text if rule.evidence and rule.family == "typo"),
        any(rule.find.search(passage.text) for rule in passage.rules.text if rule.evidence and rule.family != "typo"),
    )
    score = round(sum(kinds) / len(kinds), 2)
    spun = sum(kinds) >= _KINDS_NEEDED
    return Evidence(score, spun, _family(passage) if spun else "")


def _family(passage: Passage) -> str:
    hits = Counter(
        rule.family
        for rule in passage.rules.text
        for _ in rule.find.finditer(passage.text)
        if rule.family not in ("", "typo")
    )
    return max(sorted(hits), key=hits.__getitem__, default="")
