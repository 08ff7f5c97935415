"""Amounts, doses and times that belong to a relation: "raised dopamine by 40 percent within two hours"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from pipeline.rules import UnitRule

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


def find(text: str, units: Units) -> list[Quantity]:
    """Every number with a unit, in text order."""
    pattern, codes = _compiled(units)
    return [
        Quantity(match[0], _value(match["low"], match["high"]), codes[match["unit"].lower()], *match.span())
        for match in pattern.finditer(text)
    ]


def of(trigger: Token, units: Units) -> Quantity:
    """The first quantity that hangs on a trigger and on no verb in between; ``NONE`` where there is none."""
    doc = trigger.doc
    for quantity in find(doc.text, units):
        span = doc.char_span(quantity.start, quantity.end, alignment_mode="expand")
        if span is not None and _hangs_on(span.root, trigger):
            return quantity
    return NONE


def _hangs_on(token: Token, trigger: Token) -> bool:
    while token.i != trigger.i:
        if token.pos_ in ("VERB", "AUX") or token.head.i == token.i:
            return False
        token = token.head
    return True


@cache
def _compiled(units: Units) -> tuple[re.Pattern[str], dict[str, str]]:
    codes = {word.lower(): unit.id for unit in units for word in unit.words}
    number = rf"\d+(?:,\d{{3}})*(?:\.\d+)?|{'|'.join(_NUMBERS)}"
    longest_first = sorted(codes, key=len, reverse=True)
    words = "|".join(re.escape(word) for word in longest_first if len(word) > 1 or not word.isalpha())
    letters = "|".join(word for word in longest_first if len(word) == 1 and word.isalpha())
    # A letter alone needs its space: "5 s", but not "1990s".
    unit = rf"(?:[\s-]?(?={words})|\s(?={letters}))(?P<unit>{words}|{letters})"
    high = rf"(?:\s?(?:to|[-–])\s?(?P<high>{number}))?"
    return re.compile(rf"(?<![\w.,])(?P<low>{number}){high}{unit}(?![\w/])", re.I), codes


def _value(low: str, high: str | None) -> str:
    return "-".join(str(_NUMBERS.get(n.lower(), n.replace(",", ""))) for n in (low, high) if n)
