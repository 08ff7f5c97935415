"""The schema of the rows: as Table Schema, as JSON Schema, and as the columns of a flat table.

All of it is derived from the row classes in ``row_types``, the single source of the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
_BOUNDS = ("enum", "minimum", "maximum")  # constraints with the same name and sense in both languages
Schema = dict[str, Any]


class Column(NamedTuple):
    """A column: its name, its Python type, what it holds, and its Table Schema constraints."""

    name: str
    type: Any
    description: str
    constraints: Schema


def columns(row: type[Any]) -> list[Column]:
    """Columns of a row class, in order."""
    hints = get_type_hints(row)
    return [
        Column(item.name, hints[item.name], item.metadata["description"], dict(item.metadata["constraints"]))
        for item in fields(row)
    ]


def flat_columns(row: type[Any]) -> list[Column]:
    """Columns that fit in CSV: those of a nested record stand in its place, lists are left out."""
    return [flat for column in columns(row) for flat in _flat(column)]


def _flat(column: Column) -> Iterator[Column]:
    if column.type in TYPES:
        yield column
    elif not get_origin(column.type):
        for inner in columns(column.type):
            yield inner._replace(name=f"{column.name}_{inner.name}")


def table_schema(described: list[Column]) -> Schema:
    """Table Schema (Data Package v2) of columns."""
    return {"fields": [_field(column) for column in described]}


def _field(column: Column) -> Schema:
    kind = TYPES.get(column.type) or ("array" if get_origin(column.type) is list else "object")
    field = {"name": column.name, "type": kind, "description": column.description}
    return field | ({"constraints": column.constraints} if column.constraints else {})


def json_schema(annotation: Any, description: str = "", constraints: Schema | None = None) -> Schema:
    """JSON Schema (draft 2020-12) of a row class or of the type of a column."""
    bounds = {name: value for name, value in (constraints or {}).items() if name in _BOUNDS}
    said = ({"description": description} if description else {}) | bounds
    if annotation in TYPES:
        least = {"minLength": 1} if annotation is str and (constraints or {}).get("required") else {}
        return {"type": TYPES[annotation], **said, **least}
    if get_origin(annotation) is list:
        return {"type": "array", **said, "items": json_schema(get_args(annotation)[0])}
    described = columns(annotation)
    return {
        "type": "object",
        **said,
        "properties": {one.name: json_schema(one.type, one.description, one.constraints) for one in described},
        "required": [one.name for one in described],
        "additionalProperties": False,
    }
