"""Metadata of the tables: a Data Package (v2, datapackage.org), and a dataset card."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.export.names import PACKAGE, PACKAGE_NAME
from pipeline.export.schema import columns, flat_columns, json_schema, table_schema
from pipeline.version import VERSION

_WRITTEN = "Written by pipeline"
# All lines that a card can have; with one more line it is somebody else's.
_CARD = re.compile(
    r"---\n|configs:\n|- config_name: \w+\n|  data_files: [\w.]+\n|  default: true\n|\n"
    rf"|# Clean text and mechanisms\n|{_WRITTEN} \S+; `[\w.]+` has the columns and keys. Tables:\n|- `[\w.]+`: .*\n"
)
_FORMS = {
    ".jsonl": ("jsonl", "application/jsonl"), ".csv": ("csv", "text/csv"),
    ".parquet": ("parquet", "application/vnd.apache.parquet"), ".json": ("json", "application/json"),
    ".graphml": ("graphml", "application/graphml+xml"),
}  # fmt: skip
# Foreign keys: by column, the resource and the column that it refers to.
_POINTS_TO = {
    "document_id": ("documents-csv", "document_id"),
    "sentence_id": ("sentences-csv", "sentence_id"),
}
_KEYED = ("documents", "sentences", "mechanisms", "edits")
Resource = dict[str, Any]


def descriptor(resources: Sequence[Resource]) -> str:
    """The data package of resources, as JSON."""
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": PACKAGE_NAME,
        "version": VERSION,
        "resources": list(resources),
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def table(path: Path, name: str, row: type[Any]) -> Resource:
    """The resource of a table, with the schema of its rows, its keys, size and hash."""
    if path.suffix == ".parquet":
        return other(path)  # it has its schema inside
    listed = flat_columns(row) if path.suffix == ".csv" else columns(row)
    key = listed[0].name
    schema = table_schema(listed)
    if name in _KEYED:
        schema["primaryKey"] = [key]
        points = {
            column.name: _POINTS_TO[column.name]
            for column in listed
            if column.name in _POINTS_TO and column.name != key
        }
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": resource, "fields": [target]}}
            for column, (resource, target) in points.items()
        ]
    return other(path) | {"type": "table", "schema": {name: value for name, value in schema.items() if value}}


def json_schema_of(row: type[Any]) -> str:
    """JSON Schema of the lines of a table with nested records."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **json_schema(row)}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def other(path: Path) -> Resource:
    """The resource of a file that is no table."""
    form, media_type = _FORMS[path.suffix]
    size, digest = size_and_hash(path)
    return {
        "name": path.name.replace(".", "-"), "path": path.name, "format": form, "mediatype": media_type, "type": "file",
        "encoding": "utf-8", "bytes": size, "hash": f"sha256:{digest}",
    }  # fmt: skip


def size_and_hash(path: Path) -> tuple[int, str]:
    """Bytes and SHA-256 of a file."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def card(tables: Sequence[tuple[str, str, type[Any]]]) -> str:
    """A dataset card (README) of the output folder; its YAML head maps tables to files for the ``datasets`` library."""
    files = {name: file for file, name, _ in tables if file.endswith(".jsonl")}  # all must be of one format
    configs = [line for name, file in files.items() for line in _config(name, file)]
    lines = ["---", "configs:", *configs, "---"] if configs else []
    lines += [
        "# Clean text and mechanisms",
        "",
        f"{_WRITTEN} {VERSION}; `{PACKAGE}` has the columns and keys. Tables:",
        "",
    ]
    lines += [f"- `{file}`: {row.__doc__.strip().splitlines()[0]}" for file, _, row in tables if row.__doc__]
    return "\n".join(lines) + "\n"


def is_our_card(path: Path) -> bool:
    """Whether a file is a dataset card as ``card`` writes it, and not somebody's own README."""
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError):
        return False
    return _WRITTEN in text and not re.sub(_CARD, "", text)


def _config(name: str, file: str) -> list[str]:
    default = ["  default: true"] if name == "documents" else []
    return [f"- config_name: {name}", f"  data_files: {file}", *default]
