"""Quantities (amounts, doses, times) that belong to a relation: "raised dopamine by 40 percent within two hours"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.rules.kinds import UnitRule

Units = tuple[UnitRule, ...]
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
    "hundred": 100, "half": 0.5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` in decimal notation, a range as "2-4"; ``unit`` a UCUM code; offsets in the text searched."""

    text: str
    value: str
    unit: str
    start: int
    end: int


NONE = Quantity("", "", "", 0, 0)


@dataclass(frozen=True, slots=True)
class QuantityFinder:
    """The unit rules, compiled once per process: what a number with a unit looks like, and each unit's UCUM code."""

    pattern: re.Pattern[str]
    codes: Mapping[str, str]

    def find(self, text: str) -> list[Quantity]:
        """Every number with a unit, in text order."""
        return [
            Quantity(m[0], _value(m["low"], m["high"]), self.codes[m["unit"].casefold()], *m.span())
            for m in self.pattern.finditer(text)
        ]

    def of(self, trigger: Token, sentence: str) -> Quantity:
        """The first quantity of its sentence that depends on a trigger with no verb in between, or ``NONE``."""
        for quantity in self.find(sentence):
            span = trigger.sent.char_span(quantity.start, quantity.end, alignment_mode="expand")
            if span is not None and _hangs_on(span.root, trigger):
                return quantity
        return NONE


def _hangs_on(token: Token, trigger: Token) -> bool:
    while token.i != trigger.i:
        if token.pos_ in ("VERB", "AUX") or token.head.i == token.i:
            return False
        token = token.head
    return True


def build(units: Units) -> QuantityFinder:
    """Compile the unit rules."""
    # A pattern that ignores case takes the micro sign for the Greek letter; only casefold does the same.
    codes = {word.casefold(): unit.id for unit in units for word in unit.words}
    number = rf"\d+(?:,\d{{3}})*(?:\.\d+)?|{'|'.join(_NUMBERS)}"
    longest_first = sorted(codes, key=len, reverse=True)
    words = "|".join(re.escape(word) for word in longest_first if len(word) > 1 or not word.isalpha())
    letters = "|".join(word for word in longest_first if len(word) == 1 and word.isalpha())
    # A letter alone needs its space: "5 s", but not "1990s".
    unit = rf"(?:[\s-]?(?={words})|\s(?={letters}))(?P<unit>{words}|{letters})"
    high = rf"(?:\s?(?:to|[-–])\s?(?P<high>{number}))?"
    return QuantityFinder(re.compile(rf"(?<![\w.,])(?P<low>{number}){high}{unit}(?![\w/])", re.I), codes)


def _value(low: str, high: str | None) -> str:
    return "-".join(str(_NUMBERS.get(n.lower(), n.replace(",", ""))) for n in (low, high) if n)
