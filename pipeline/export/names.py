"""What row producers and table writers share: the row type, and the names of the files that a run writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

PACKAGE = "datapackage.json"  # written last: where it is, the tables beside it are complete
PACKAGE_NAME = "mechanisms"
CARD = "README.md"
SCHEMA = "documents.schema.json"  # of the lines of documents.jsonl, which are nested
REPORT = Path("report", "index.html")
FILES = (
    # (file, table); JSON Lines hold every column, CSV the flat ones
    ("documents.jsonl", "documents"),
    ("documents.csv", "documents"),
    ("sentences.jsonl", "sentences"),
    ("sentences.csv", "sentences"),
    ("mechanisms.jsonl", "mechanisms"),
    ("mechanisms.csv", "mechanisms"),
    ("edits.jsonl", "edits"),
    ("rejected.jsonl", "rejected"),
)
PARQUET = tuple((f"{table}.parquet", table) for table in dict.fromkeys(table for _, table in FILES))
EXCHANGE = ("graph.json", "graph.graphml", "indra.json")


def file_names(*, parquet: bool) -> tuple[str, ...]:
    """All files that a run writes, the data package last."""
    tables = FILES + (PARQUET if parquet else ())
    return (*(name for name, _ in tables), *EXCHANGE, SCHEMA, CARD, PACKAGE)


class Row(NamedTuple):
    """A row of a table, and the same as JSON, so that it is serialized only once."""

    table: str
    values: dict[str, Any]
    text: str
