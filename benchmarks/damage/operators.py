"""What an operator on text is, be the text a paragraph or a page of HTML."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.edits import Change, TracedText

Damage = Callable[[str, random.Random], Iterator[Change]]
Writer = Callable[[re.Match[str], random.Random], str]


@dataclass(frozen=True, slots=True)
class Operator:
    """A kind of damage by name; what it does to a text, as changes that do not overlap."""

    name: str
    damage: Damage


def damaged(text: str, operator: Operator, seed: str) -> TracedText:
    """The text with its ledger."""
    chance = random.Random(f"{operator.name} {seed}")
    return TracedText(text).apply(operator.damage(text, chance), "damage")


def written(start: int, end: int, after: str) -> Change:
    """A damaged place."""
    return Change(start, end, after, "damage", "put there on purpose")


def at_places(pattern: str, write: Writer | str, rate: float, apart: int = 1) -> Damage:
    """Damage what the pattern matches, at a rate, at least ``apart`` characters between two places."""
    places = re.compile(pattern, re.I if pattern.startswith("<") else 0)

    def damage(text: str, chance: random.Random) -> Iterator[Change]:
        last = -apart
        for found in places.finditer(text):
            if found.start() < last + apart or chance.random() >= rate:
                continue
            after = write if isinstance(write, str) else write(found, chance)
            if after != found[0]:
                yield written(*found.span(), after)
                last = found.end()

    return damage


def without(letters: str) -> Writer:
    """Writes a match without some of its characters."""
    return lambda found, _chance: found[0].translate({ord(letter): None for letter in letters})
