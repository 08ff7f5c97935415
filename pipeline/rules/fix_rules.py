"""What code does to a text, by the name it has in the log: a row of data, so that it can be explained and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pipeline.rules.fields import one_of, record, taken

READ: dict[str, Literal["text/html", "text/plain"]] = {"html": "text/html", "plain": "text/plain"}


@dataclass(frozen=True, slots=True)
class FixRule:
    """``id`` stands in the log of each example, before to after, and in that of no counter-example.

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
    return record(FixRule, row, read=one_of("read", taken(row, "read"), READ))
