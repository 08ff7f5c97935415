"""One document: found by its name or read from a pipe, taken through the stages, and as one JSON record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pipeline import readers
from pipeline.errors import RejectedError, UserError
from pipeline.export.rows import rows
from pipeline.readers.inputs import STDIN, find, is_address
from pipeline.records import RawPage, Rejected
from pipeline.stages import State, Tools, process


def read_document(name: str, max_bytes: int) -> RawPage:
    """The document of a name: a file, ``file#id`` inside a container, an address, or ``-`` for standard input.

    Raises:
        UserError: there is no such document, it cannot be read, or the file holds several.
    """
    if name == STDIN:
        return _good(readers.read_bytes(sys.stdin.buffer.read(max_bytes + 1), "stdin", max_bytes))
    path, _, identifier = name.partition("#")
    if not is_address(name) and Path(name).exists():
        path, identifier = name, ""  # a file whose own name holds the sign
    if not is_address(path) and not Path(path).is_file():
        raise UserError(f"there is no file {path!r}; give a document, file#id for one in a container, or - for a pipe.")
    source = find(path)[0]
    known: list[str] = []
    first: RawPage | Rejected | None = None
    for page in readers.read(source, max_bytes):
        own = page.document_id.removeprefix(source.name).removeprefix("#")
        if own == identifier:
            return _good(page)
        known.append(own)
        first = first or page
    if first and len(known) == 1 and not identifier:
        return _good(first)
    listed = ", ".join(known[:5]) + (", ..." if len(known) > 5 else "")
    raise UserError(f"{path} holds {len(known)} documents; name one as {path}#ID, with an ID of: {listed}.")


def processed(page: RawPage, tools: Tools, to: str) -> State:
    """A document in the state after a stage.

    Raises:
        RejectedError: why it cannot be used.
    """
    state = process(page, tools, to)
    if isinstance(state, Rejected):
        raise RejectedError(state.reason)
    return state


def record(state: State, rules_hash: str) -> dict[str, Any]:
    """All rows of a document, by table; the document itself under ``document``."""
    found: dict[str, Any] = {"document": {}, "sentences": [], "mechanisms": [], "edits": []}
    for table, row in rows(state, rules_hash):
        if table == "documents":
            found["document"] = row
        else:
            found[table].append(row)
    return found


def _good(page: RawPage | Rejected) -> RawPage:
    if isinstance(page, Rejected):
        raise RejectedError(page.reason)
    return page
