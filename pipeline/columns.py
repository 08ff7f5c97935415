"""What a column of a row says of itself; those that all rows share."""

from __future__ import annotations

from dataclasses import field
from typing import Any


def column(text: str, **constraints: Any) -> Any:
    """A row's field: what it holds and its Table Schema constraints."""
    return field(metadata={"description": text, "constraints": constraints})


def source_hash() -> Any:
    """The hash of what a document was read from."""
    return column("SHA-256 of the bytes that the document was read from; empty where they could not be read")


def version() -> Any:
    """The version of the program."""
    return column("version of this program", required=True)


def rules_hash() -> Any:
    """The hash of its rules."""
    return column("hash of the rules, tables and models of the program", required=True)


def model() -> Any:
    """The parser."""
    return column("name and version of the parser; empty where no parse was made")
