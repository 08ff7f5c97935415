"""Detect words that a synonym replacer put in place of others, by their context, and restore the originals.

A word is changed back if its context fits the original far better: from the strict threshold on in any document, from
the gated threshold on in one that shows signs of that family of replacers. Scores just below are flagged.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.edits import Change, Status
from pipeline.normalize import contexts
from pipeline.normalize.text import Passage, lowercase
from pipeline.rules.kinds import Rules
from pipeline.rules.swaps import SwapRule

_BEFORE_WORDS = '\n([“‘"/—–'  # stand where a space would
_BORDER = "\n\n"  # between blocks
_REACH = 140  # characters on either side from which context tokens are taken
_MIN_MARGIN = 3.0  # margin in score of the best original over the next one
_FLAG_MARGIN = 4.0  # a score at most this far below the gated threshold is flagged
_ENOUGH = 7.0  # log likelihood ratio that is evidence of a replacer
_PAIRS_NEEDED = 3  # distinct words that support it
_VOWELS = "aeiou"
_SOUNDED = ("uni", "use", "usa", "usu", "eu", "one", "once", "uti")  # they sound like a consonant
_ARTICLE = re.compile(r"\b([Aa]n?)\s+\Z")
_SILENT = ("hour", "honest", "honour", "honor", "heir")


@dataclass(frozen=True, slots=True)
class Use:
    """An occurrence of a spun word; ``ranked`` are possible originals with their scores, the best first."""

    start: int
    end: int
    ranked: tuple[tuple[float, SwapRule], ...]
    article: tuple[int, int] | None


@lru_cache(maxsize=2)  # asked for by the verdict and by the pass, mostly of the same text
def uses(text: str, rules: Rules) -> tuple[Use, ...]:
    """Every use of a word that spinners write, scored."""
    lowered = lowercase(text)
    spaced = " " + lowered
    for mark in _BEFORE_WORDS:
        spaced = spaced.replace(mark, " ")
    found = (_use(text, lowered, match.start(), match[1], rules) for match in _spun_words(rules).finditer(spaced))
    return tuple(use for use in found if use is not None)


@lru_cache(maxsize=4)
def _spun_words(rules: Rules) -> re.Pattern[str]:
    return contexts.one_of(rules.swaps_by_phrase)


def _use(text: str, lowered: str, start: int, spun: str, rules: Rules) -> Use | None:
    end = start + len(spun)
    if text[start:end].isupper():
        return None
    before = contexts.TOKEN.findall(lowered[max(0, start - _REACH) : start].rpartition(_BORDER)[2])[-contexts.NEAR :]
    after = contexts.TOKEN.findall(lowered[end : end + _REACH].partition(_BORDER)[0])[: contexts.NEAR]
    known = contexts.context(list(map(contexts.token, before)), list(map(contexts.token, after)))
    scored = ((contexts.score(rule.weights(), known), rule) for rule in rules.swaps_by_phrase[" ".join(spun.split())])
    article = _ARTICLE.search(text, max(start - 4, 0), start)
    ranked = sorted(scored, key=lambda one: (-one[0], one[1].id))
    return Use(start, end, tuple(ranked), article.span(1) if article else None)


def families(found: Sequence[Use]) -> frozenset[str]:
    """The families of replacers for which the words of a document are evidence; none if it is too weak in total."""
    hits: dict[str, dict[str, float]] = defaultdict(dict)
    misses: dict[str, float] = defaultdict(float)
    for use in found:
        for score, rule in use.ranked:
            hit, miss = rule.evidence
            if score >= rule.card.gated:
                # Repetition adds no evidence: a text may well be about the mind.
                hits[rule.family][rule.spun] = hit
            else:
                misses[rule.family] += miss
    told = {family: sum(words.values()) + misses[family] for family, words in hits.items()}
    shown = frozenset(family for family, evidence in told.items() if evidence > 0)
    enough = sum(told[family] for family in shown) >= _ENOUGH
    return shown if enough and sum(len(hits[family]) for family in shown) >= _PAIRS_NEEDED else frozenset()


def unspin(passage: Passage) -> list[Change]:
    """Restore the words that a synonym replacer swapped, or flag them."""
    if not passage.english:
        return []
    found = uses(passage.text, passage.rules)
    changes = (_change(passage, use) for use in found if passage.free(use.start, use.end))
    return [change for change in changes if change and not passage.in_name(change.start, change.end)]


def _change(passage: Passage, use: Use) -> Change | None:
    score, rule = use.ranked[0]
    runner_up = use.ranked[1][0] if len(use.ranked) > 1 else float("-inf")
    clear = score - runner_up >= _MIN_MARGIN
    open_here = rule.family in passage.families
    reached = score >= rule.card.strict or (open_here and score >= rule.card.gated)
    if not reached and not (open_here and score >= rule.card.gated - _FLAG_MARGIN):
        return None
    start, after = use.start, with_capital(rule.original, passage.text[use.start])
    if use.article is not None:
        said = passage.text[use.article[0] : use.article[1]]
        wanted = with_capital(indefinite(rule.original), said[0])
        if wanted != said:
            start, after = use.article[0], f"{wanted}{passage.text[use.article[1] : use.start]}{after}"
    reason = f"the words around it are those of {rule.original!r}"
    status: Status = "applied" if reached and clear else "flagged"
    return Change(start, use.end, after, f"unspin_{rule.id}", reason, rule.card.gated_precision or 0.5, status)


def indefinite(word: str) -> str:
    """The article before a word.

    >>> [indefinite(word) for word in ("application", "request", "useful", "hour")]
    ['an', 'a', 'a', 'an']
    """
    if word.startswith(_SILENT):
        return "an"
    return "an" if word[0] in _VOWELS and not word.startswith(_SOUNDED) else "a"


def with_capital(word: str, like: str) -> str:
    """A word, capitalized if ``like`` is.

    >>> with_capital("novel", "New"), with_capital("novel", "new")
    ('Novel', 'novel')
    """
    return word[0].upper() + word[1:] if like[0].isupper() else word
