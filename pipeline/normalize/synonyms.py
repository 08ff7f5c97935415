"""Words that a synonym replacer put in place of others, told by the words around them.

A word is changed back if its context is that of the original far rather than its own: in any document from the strict
score on, from the gated score on in one that shows signs of its family of replacers. What comes close is flagged.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.edits import Change, Status
from pipeline.normalize import contexts
from pipeline.normalize.text import Passage, small
from pipeline.rules.kinds import Rules
from pipeline.rules.swaps import SwapRule

_BEFORE_WORDS = '\n([“‘"/—–'  # stand where a space would
_BORDER = "\n\n"  # between blocks
_REACH = 140  # characters on either side that hold the tokens that count
_CLEAR = 3.0  # how much better the best original must fit than the next one
_CLOSE = 4.0  # a score this little below the threshold is flagged
_ENOUGH = 7.0  # evidence for a replacer, as a natural logarithm
_PAIRS_NEEDED = 3  # different words that speak for it
_VOWELS = "aeiou"
_SOUNDED = ("uni", "use", "usa", "usu", "eu", "one", "once", "uti")  # they sound like a consonant
_ARTICLE = re.compile(r"\b([Aa]n?)\s+\Z")
_SILENT = ("hour", "honest", "honour", "honor", "heir")


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a spun word at ``start``; ``ranked`` originals with their scores, the best first."""

    start: int
    end: int
    ranked: tuple[tuple[float, SwapRule], ...]
    article: tuple[int, int] | None


@lru_cache(maxsize=2)  # asked for by the verdict and by the pass, mostly of the same text
def uses(text: str, rules: Rules) -> tuple[Use, ...]:
    """Every use of a word that spinners write, scored."""
    lowered = small(text)
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
    """The families of replacers that the words of a document speak for: none, if all words together say too little."""
    hits: dict[str, dict[str, float]] = defaultdict(dict)
    misses: dict[str, float] = defaultdict(float)
    for use in found:
        for score, rule in use.ranked:
            hit, miss = rule.evidence
            if score >= rule.card.gated:
                # One word over and over says as little as once: a text may well be about the mind.
                hits[rule.family][rule.spun] = hit
            else:
                misses[rule.family] += miss
    told = {family: sum(words.values()) + misses[family] for family, words in hits.items()}
    shown = frozenset(family for family, evidence in told.items() if evidence > 0)
    enough = sum(told[family] for family in shown) >= _ENOUGH
    return shown if enough and sum(len(hits[family]) for family in shown) >= _PAIRS_NEEDED else frozenset()


def unspin(passage: Passage) -> list[Change]:
    """Give back the words that a synonym replacer swapped, or flag them."""
    if not passage.english:
        return []
    found = uses(passage.text, passage.rules)
    changes = (_change(passage, use) for use in found if passage.free(use.start, use.end))
    return [change for change in changes if change and not passage.in_name(change.start, change.end)]


def _change(passage: Passage, use: Use) -> Change | None:
    score, rule = use.ranked[0]
    runner_up = use.ranked[1][0] if len(use.ranked) > 1 else float("-inf")
    clear = score - runner_up >= _CLEAR
    open_here = rule.family in passage.families
    reached = score >= rule.card.strict or (open_here and score >= rule.card.gated)
    if not reached and not (open_here and score >= rule.card.gated - _CLOSE):
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
    """A word with a capital if another one has it.

    >>> with_capital("novel", "New"), with_capital("novel", "new")
    ('Novel', 'novel')
    """
    return word[0].upper() + word[1:] if like[0].isupper() else word
