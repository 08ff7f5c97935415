"""What row producers and table writers share: the row type, and the file name of the data package."""

from __future__ import annotations

from typing import Any, NamedTuple

PACKAGE = "datapackage.json"  # written last: where it is, the tables beside it are complete


class Row(NamedTuple):
    """A row of a table, and the same as JSON, so that it is serialized only once."""

    table: str
    values: dict[str, Any]
    text: str
