"""Decide from independent kinds of evidence whether a synonym replacer (article spinner) altered a document.

A missing space, a lowered capital, an injected typo and an unnatural phrase each occur alone in genuine text; two kinds
together hardly do. Many words in contexts that fit another word are enough by themselves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.normalize import casing, spacing, synonyms
from pipeline.normalize.text import Passage, lowercase

_KINDS_NEEDED = 2
_A_LITTLE = 0.2  # the score of one kind alone
_SPACES_NEEDED = 2
_TYPOGRAPHIC = "A"  # the family whose engine also damages spaces and capitals


@dataclass(frozen=True, slots=True)
class Evidence:
    """``score`` is 0 to 1, at least 0.5 if ``spun``; that verdict enables the looser rules, for ``families``."""

    score: float
    spun: bool
    family: str
    families: frozenset[str]


def weigh(passage: Passage) -> Evidence:
    """Count the kinds of evidence in a text whose characters are already clean."""
    if not passage.english:
        return Evidence(0.0, False, "", frozenset())
    families = synonyms.families(synonyms.uses(passage.text, passage.rules))
    lowered = lowercase(passage.text)
    fired = {rule.family for rule in passage.rules.text if rule.evidence and any(rule.matches(passage.text, lowered))}
    kinds = (
        len(spacing.space_after_marks(passage)) >= _SPACES_NEEDED,
        bool(casing.capital_at_sentence_start(passage)),
        any(casing.lowered_heading_words(passage.of(block)) for block in passage.blocks),
        "typo" in fired,
        bool(fired - {"typo"}),
    )
    damaged = sum(kinds) >= _KINDS_NEEDED
    if not damaged and not families:
        return Evidence(_A_LITTLE * sum(kinds), False, "", frozenset())
    family = _family(passage)
    shown = families | ({family or _TYPOGRAPHIC} if damaged else set())
    score = 1.0 if families else round(0.5 + sum(kinds) / len(kinds) / 2, 2)
    return Evidence(score, True, family or min(shown), shown)


def _family(passage: Passage) -> str:
    hits = Counter(
        rule.family
        for rule in passage.rules.text
        for _ in rule.matches(passage.text, lowercase(passage.text))
        if rule.family not in ("", "typo")
    )
    return max(sorted(hits), key=hits.__getitem__, default="")
