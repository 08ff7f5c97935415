"""What code does to a text, by the name it has in the log: a row of data, so that it can be explained and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

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
        ValueError: it is to be read as something else.
    """
    row = dict(row)
    if row["read"] not in READ:
        raise ValueError(f"read must be {' or '.join(READ)}, not {row['read']!r}")
    examples = tuple((before, after) for before, after in row.pop("examples"))
    return FixRule(examples=examples, counter_examples=tuple(row.pop("counter_examples")), **row)
