"""Reading back what a run wrote: a document, its edits, a relation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.edits import Edit, undo
from pipeline.errors import UserError

Row = dict[str, Any]


def rows(out: Path, table: str) -> Iterator[Row]:
    """Rows of a table of a run.

    Raises:
        UserError: the folder holds no such table.
    """
    path = out / f"{table}.jsonl"
    if not path.is_file():
        raise UserError(f"{path}: there is no such table; give --tables the folder that a run wrote.")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise UserError(f"{path} line {number}: not valid JSON ({error}); run the pipeline again.") from error


def row(out: Path, table: str, key: str, value: str) -> Row:
    """The row with a key.

    Raises:
        UserError: there is none.
    """
    found = next((one for one in rows(out, table) if one[key] == value), None)
    if found is None:
        raise UserError(f"there is no {key} {value!r} in {out / table}.jsonl; look there for those that are.")
    return found


def source_of(out: Path, document_id: str) -> str:
    """The decoded input of a document, rebuilt from its clean text and its log."""
    document = row(out, "documents", "document_id", document_id)
    edits = [Edit.of_row(one) for one in rows(out, "edits") if one["document_id"] == document_id]
    return undo(document["text"], edits)
