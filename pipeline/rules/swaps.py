"""Word pairs that synonym replacers swap: the rule, and the model card of the classifier that detects the swap.

A pair is listed in rules/swaps.toml; ``make spinner`` writes its model and card to models/spinner. The card holds the
model's results on held-out documents, which decide what the pair may do.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.rules.fields import pop_field, record
from pipeline.version import MODELS

FOLDER = MODELS / "spinner"
CARDS = FOLDER / "cards.tsv"
NEVER = math.inf


@dataclass(frozen=True, slots=True)
class Card:
    """Results on held-out documents, with ``natural`` uses of the spun word and ``originals`` of the original word.

    ``strict`` is the score threshold for a change in any document, ``gated`` for one in documents judged spun. Recall
    is the share of swapped words that reach a threshold, touched the share of natural ones. Empty thresholds are NEVER.
    """

    natural: int
    originals: int
    strict: float
    strict_recall: float
    strict_touched: float
    gated: float
    gated_recall: float
    gated_touched: float
    gated_precision: float


@dataclass(frozen=True, slots=True)
class SwapRule:
    """``spun`` stands where ``original`` stood; ``family`` of replacers seen to do so: A to D, or empty."""

    id: str
    spun: str
    original: str
    family: str
    examples: tuple[tuple[str, str], ...]
    counter_examples: tuple[str, ...]
    card: Card

    @property
    def outcome(self) -> str:
        """apply, gated or flag: what the card allows."""
        if self.card.strict < NEVER:
            return "apply"
        return "gated" if self.card.gated < NEVER else "flag"

    @property
    def evidence(self) -> tuple[float, float]:
        """Log-likelihood ratios for a spun document: of a use that reaches ``gated``, and of one that does not."""
        card = self.card
        if card.gated == NEVER:
            return 0.0, 0.0
        swapped = 0.5 * card.originals / (0.5 * card.originals + card.natural)
        touched = card.gated_touched + 1 / (card.natural + 1)
        hit = swapped * card.gated_recall + (1 - swapped) * touched
        return math.log(hit / touched), math.log((1 - hit) / (1 - touched))

    def weights(self) -> Mapping[str, float]:
        """The model: features to weights."""
        return _weights(self.id)


def name(spun: str, original: str) -> str:
    """A pair's identifier, and its file's name."""
    return f"{spun}-for-{original}".replace(" ", "_")


def rule(row: dict[str, Any]) -> SwapRule:
    """A row of rules/swaps.toml with its card.

    Raises:
        ValueError: a field is wrong, or there is no card of the pair.
    """
    row = dict(row)
    spun, original = pop_field(row, "spun"), pop_field(row, "original")
    if row["id"] != name(spun, original):
        raise ValueError(f"id must be {name(spun, original)!r}")
    card = _cards().get(row["id"])
    if card is None:
        raise ValueError("it has no card in models/spinner/cards.tsv; run make spinner")
    return record(SwapRule, row, spun=spun, original=original, card=card)


@cache
def _cards() -> Mapping[str, Card]:
    with CARDS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return {row["id"]: _card(row) for row in rows}


def _card(row: Mapping[str, str]) -> Card:
    def number(key: str) -> float:
        return float(row[key]) if row[key] else NEVER

    return Card(
        natural=int(row["natural"]), originals=int(row["originals"]),
        strict=number("strict"), strict_recall=float(row["strict_recall"]),
        strict_touched=float(row["strict_touched"]), gated=number("gated"), gated_recall=float(row["gated_recall"]),
        gated_touched=float(row["gated_touched"]), gated_precision=float(row["gated_precision"]),
    )  # fmt: skip


@cache
def _weights(pair: str) -> Mapping[str, float]:
    lines = (FOLDER / f"{pair}.tsv").read_text("utf-8").splitlines()
    return {feature: int(eighths) / 8 for feature, _, eighths in (line.rpartition("\t") for line in lines)}
