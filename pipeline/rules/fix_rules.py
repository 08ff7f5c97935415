"""Rules that describe the fixes made by code, one row per fix, so that they can be explained and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pipeline.rules.fields import one_of, pop_field, record

MEDIA_TYPES: dict[str, Literal["text/html", "text/plain"]] = {"html": "text/html", "plain": "text/plain"}


@dataclass(frozen=True, slots=True)
class FixRule:
    """A fix; ``id`` is in the edit log of every example (before, after) and of no counter-example.

    ``read`` is how the examples are read: html or plain.
    """

    id: str
    what: str
    read: str
    examples: tuple[tuple[str, str], ...]
    counter_examples: tuple[str, ...]


def rule(row: dict[str, Any]) -> FixRule:
    """A row of rules/fixes.toml.

    Raises:
        ValueError: a field is wrong.
    """
    row = dict(row)
    return record(FixRule, row, read=one_of("read", pop_field(row, "read"), MEDIA_TYPES))
