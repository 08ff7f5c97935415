"""What the makers of rows and the writers of tables share: the form of a row, and the name of the data package."""

from __future__ import annotations

from typing import Any, NamedTuple

PACKAGE = "datapackage.json"  # written last: where it is, the tables beside it are complete


class Row(NamedTuple):
    """A row of a table, and the same as JSON, so that it need not be written anew."""

    table: str
    values: dict[str, Any]
    text: str
