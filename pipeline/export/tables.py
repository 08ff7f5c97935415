"""Rows to tables: CSV, JSON Lines and, if asked for, Parquet, side by side; the data package comes last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

import orjson
import pandas as pd

from pipeline.export import graph, indra, package
from pipeline.export.files import temporary, write_atomically
from pipeline.export.names import CARD, FILES, PACKAGE, PARQUET, REPORT, SCHEMA, Row, file_names
from pipeline.export.row_types import DocumentRow, EditRow, MechanismRow, RejectedRow, SentenceRow
from pipeline.export.schema import flat_columns

TABLES: dict[str, type[Any]] = {
    "documents": DocumentRow, "sentences": SentenceRow, "mechanisms": MechanismRow, "edits": EditRow,
    "rejected": RejectedRow,
}  # fmt: skip
REPORT_TITLE = "<title>Clean text and mechanisms</title>"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # how cells begin that spreadsheets run
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
    def __init__(self, path: Path, row: type[Any], *, safe: bool) -> None:
        self._safe = safe
        self._columns = [column.name for column in flat_columns(row)]
        self._values = itemgetter(*self._columns)
        self._file = path.open("w", encoding="utf-8", newline="")
        pd.DataFrame(columns=self._columns).to_csv(self._file, index=False)

    def write(self, rows: Sequence[Row]) -> None:
        nested = any(isinstance(value, dict) for value in rows[0].values.values())
        given = [self._values(_flat(row.values) if nested else row.values) for row in rows]
        if self._safe:
            given = [tuple(map(_inert, row)) for row in given]
        pd.DataFrame(given, columns=self._columns, dtype=object).to_csv(self._file, index=False, header=False)

    def close(self) -> None:
        self._file.close()


def _inert(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


class Writer:
    """Writes the tables of a run; ``close`` renames them into place, the data package last.

    ``old``: files of an earlier run, which go first if they are not written anew. ``kept``: files of others, which are
    left as they are. ``written`` holds size and SHA-256 of each file, by name, when all is done.
    """

    def __init__(
        self,
        out: Path,
        *,
        parquet: bool = False,
        csv_safe: bool = False,
        old: frozenset[str] = frozenset(),
        kept: frozenset[str] = frozenset(),
    ) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.out, self._kept = out, kept
        self.written: dict[str, tuple[int, str]] = {}
        # The data package marks a complete run, so an old one is deleted first.
        (out / PACKAGE).unlink(missing_ok=True)
        if is_our_report(out / REPORT):
            (out / REPORT).unlink()  # it shows tables that are about to go
        self._files = FILES + (PARQUET if parquet else ())
        for name in old.difference(file_names(parquet=parquet)):
            (out / name).unlink(missing_ok=True)
        self._counts = dict.fromkeys(TABLES, 0)
        self._buffer: dict[str, list[Row]] = {table: [] for table in TABLES}
        self._length = dict.fromkeys(TABLES, 0)  # characters of JSON in the buffer
        self._sinks = {
            name: _sink(temporary(out / name), TABLES[table], csv_safe=csv_safe) for name, table in self._files
        }

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
            _put(self.out / name)
        tables = [(name, table, TABLES[table]) for name, table in self._files if self._counts[table]]
        resources = [package.table(self.out / name, table, row) for name, table, row in tables]
        resources += [package.other(path) for path in self._exchange()]
        resources.append(package.other(write_atomically(self.out / SCHEMA, package.json_schema_of(DocumentRow))))
        if CARD not in self._kept:
            write_atomically(self.out / CARD, package.card(tables))
        write_atomically(self.out / PACKAGE, package.descriptor(resources))
        known = {one["path"]: (one["bytes"], one["hash"].removeprefix("sha256:")) for one in resources}
        rest = set(file_names(parquet=len(self._files) > len(FILES))) - set(known) - self._kept
        self.written = known | {name: package.size_and_hash(self.out / name) for name in sorted(rest)}
        return self._counts

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
            write(temporary(self.out / name))
            yield _put(self.out / name)


def is_our_report(path: Path) -> bool:
    """Whether a file is a report of ours, and not somebody else's page."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return REPORT_TITLE in file.read(2000)
    except OSError:
        return False


def _sink(path: Path, row: type[Any], *, csv_safe: bool) -> Sink:
    form = path.suffixes[-2]
    if form == ".parquet":
        from pipeline.export.parquet import Parquet

        return Parquet(path, row)
    return _Csv(path, row, safe=csv_safe) if form == ".csv" else _JsonLines(path)


def _put(path: Path) -> Path:
    """Rename a file that was written under its temporary name into place."""
    return path.with_name(f"{path.name}.tmp").replace(path)


def _lines(path: Path, *holding: str) -> Iterator[Values]:
    """The rows of a JSON Lines file; if texts are given, of lines that hold one, which is tested before parsing."""
    with path.open(encoding="utf-8") as lines:
        yield from (orjson.loads(line) for line in lines if not holding or any(text in line for text in holding))


def _flat(row: Values) -> Values:
    nested = {
        f"{key}_{name}": value for key, inner in row.items() if isinstance(inner, dict) for name, value in inner.items()
    }
    return {key: value for key, value in row.items() if not isinstance(value, dict | list)} | nested
