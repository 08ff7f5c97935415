"""Tables as Parquet, with an explicit schema instead of an inferred one, so that empty columns have their type, too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

from pipeline.errors import UserError
from pipeline.export.names import Row
from pipeline.export.schema import columns

try:
    import pyarrow as pa
    from pyarrow import parquet
except ImportError as error:  # an optional dependency
    raise UserError("Parquet needs a package that is not there: pip install pyarrow.") from error

_TYPES: dict[Any, Any] = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
_ROW_GROUP_SIZE = 50_000  # rows that wait for their row group


class Parquet:
    """A Parquet file that takes rows."""

    def __init__(self, path: Path, row: type[Any]) -> None:
        self._schema = pa.schema(_struct(row))
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[dict[str, Any]] = []

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows."""
        self._waiting += (row.values for row in rows)
        if len(self._waiting) >= _ROW_GROUP_SIZE:
            self._flush()

    def close(self) -> None:
        """Write what waits, and finish the file."""
        if self._waiting:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_pylist(self._waiting, self._schema))
        self._waiting = []


def _struct(row: type[Any]) -> list[Any]:
    return [pa.field(column.name, _type(column.type), nullable=False) for column in columns(row)]


def _type(annotation: Any) -> Any:
    if annotation in _TYPES:
        return _TYPES[annotation]
    if get_origin(annotation) is list:
        return pa.list_(pa.field("item", _type(get_args(annotation)[0]), nullable=False))
    return pa.struct(_struct(annotation))
