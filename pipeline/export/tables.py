"""Rows to tables: CSV, JSON Lines and, if asked for, Parquet, side by side; the data package comes last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

import orjson
import pandas as pd

from pipeline.export import graph, indra, package
from pipeline.export.names import PACKAGE, Row
from pipeline.export.schema import flat_columns
from pipeline.records import DocumentRow, EditRow, MechanismRow, RejectedRow, SentenceRow

TABLES: dict[str, type[Any]] = {
    "documents": DocumentRow, "sentences": SentenceRow, "mechanisms": MechanismRow, "edits": EditRow,
    "rejected": RejectedRow,
}  # fmt: skip
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
PARQUET = tuple((f"{table}.parquet", table) for table in TABLES)
REPORT = Path("report", "index.html")
SCHEMA = "documents.schema.json"  # of the lines of documents.jsonl, which are nested
# Rows, and characters of JSON, per batch; a data frame costs as much for one row as for some hundred.
_BATCH_ROWS, _BATCH_CHARACTERS = 1000, 4_000_000
Values = dict[str, Any]


class Sink(Protocol):
    """A file that takes rows."""

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows of its table."""

    def close(self) -> None:
        """Finish the file."""


class _JsonLines:
    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")

    def write(self, rows: Sequence[Row]) -> None:
        self._file.writelines(f"{row.text}\n" for row in rows)

    def close(self) -> None:
        self._file.close()


class _Csv:
    def __init__(self, path: Path, row: type[Any]) -> None:
        self._columns = [column.name for column in flat_columns(row)]
        self._values = itemgetter(*self._columns)
        self._file = path.open("w", encoding="utf-8", newline="")
        pd.DataFrame(columns=self._columns).to_csv(self._file, index=False)

    def write(self, rows: Sequence[Row]) -> None:
        nested = any(isinstance(value, dict) for value in rows[0].values.values())
        given = [self._values(_flat(row.values) if nested else row.values) for row in rows]
        pd.DataFrame(given, columns=self._columns, dtype=object).to_csv(self._file, index=False, header=False)

    def close(self) -> None:
        self._file.close()


class Writer:
    """Writes the tables of a run; ``close`` renames them into place, the data package last."""

    def __init__(self, out: Path, *, parquet: bool = False) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.out = out
        # The data package marks a complete run, so an old one is deleted first.
        (out / PACKAGE).unlink(missing_ok=True)
        (out / REPORT).unlink(missing_ok=True)  # it shows tables that are about to go
        self._files = FILES + (PARQUET if parquet else ())
        for name, _ in () if parquet else PARQUET:
            (out / name).unlink(missing_ok=True)
        self._counts = dict.fromkeys(TABLES, 0)
        self._buffer: dict[str, list[Row]] = {table: [] for table in TABLES}
        self._length = dict.fromkeys(TABLES, 0)  # characters of JSON in the buffer
        self._sinks = {name: _sink(_temporary(out / name), TABLES[table]) for name, table in self._files}

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows, in the order given."""
        for row in rows:
            table = row.table
            self._counts[table] += 1
            self._buffer[table].append(row)
            self._length[table] += len(row.text)
            if len(self._buffer[table]) >= _BATCH_ROWS or self._length[table] >= _BATCH_CHARACTERS:
                self._flush(table)

    def _flush(self, table: str) -> None:
        waiting, self._buffer[table], self._length[table] = self._buffer[table], [], 0
        for name, of in self._files:
            if of == table and waiting:
                self._sinks[name].write(waiting)

    def close(self) -> dict[str, int]:
        """Publish the files and return the number of rows per table."""
        for table in TABLES:
            self._flush(table)
        for name, sink in self._sinks.items():
            sink.close()
            _temporary(self.out / name).replace(self.out / name)
        tables = [(name, table, TABLES[table]) for name, table in self._files if self._counts[table]]
        resources = [package.table(self.out / name, table, row) for name, table, row in tables]
        resources += [package.other(path) for path in self._exchange()]
        resources.append(package.other(self._write_atomically(SCHEMA, package.json_schema_of(DocumentRow))))
        self._write_atomically(package.CARD, package.card(tables))
        self._write_atomically(PACKAGE, package.descriptor(resources))
        return self._counts

    def _write_atomically(self, name: str, text: str) -> Path:
        """Write a file under a temporary name, then rename it atomically."""
        _temporary(self.out / name).write_text(text, "utf-8")
        return _temporary(self.out / name).replace(self.out / name)

    def _exchange(self) -> Iterator[Path]:
        """Write the exchange formats (graphs, INDRA) from the finished tables."""

        def mechanisms(*others: str) -> Iterator[Values]:
            return _lines(self.out / "mechanisms.jsonl", '"mechanistic": true', *others)

        def url_of(document_id: str) -> str:
            return str(urls.get(document_id, ""))

        urls = {row["document_id"]: row["source"]["url"] for row in _lines(self.out / "documents.jsonl")}
        named = graph.nodes(mechanisms())
        writers: dict[str, Callable[[Path], None]] = {
            "graph.json": lambda path: graph.write_node_link(path, named, mechanisms()),
            "graph.graphml": lambda path: graph.write_graphml(path, named, mechanisms()),
            "indra.json": lambda path: indra.write(path, mechanisms(indra.ASSOCIATION), url_of),
        }
        for name, write in writers.items():
            write(_temporary(self.out / name))
            _temporary(self.out / name).replace(self.out / name)
            yield self.out / name


def _sink(path: Path, row: type[Any]) -> Sink:
    form = path.suffixes[-2]
    if form == ".parquet":
        from pipeline.export.parquet import Parquet

        return Parquet(path, row)
    return _Csv(path, row) if form == ".csv" else _JsonLines(path)


def _temporary(path: Path) -> Path:
    """The temporary name of a file, until it is renamed into place."""
    return path.with_name(f"{path.name}.tmp")


def _lines(path: Path, *holding: str) -> Iterator[Values]:
    """The rows of a JSON Lines file; if texts are given, of lines that hold one, which is tested before parsing."""
    with path.open(encoding="utf-8") as lines:
        yield from (orjson.loads(line) for line in lines if not holding or any(text in line for text in holding))


def _flat(row: Values) -> Values:
    nested = {
        f"{key}_{name}": value for key, inner in row.items() if isinstance(inner, dict) for name, value in inner.items()
    }
    return {key: value for key, value in row.items() if not isinstance(value, dict | list)} | nested
