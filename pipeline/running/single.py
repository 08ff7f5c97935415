"""Single documents: read from a variable, a file, a container or a pipe, and processed."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from pipeline import readers
from pipeline.errors import RejectedError, UserError, plain
from pipeline.export.document import Document
from pipeline.export.rows import document_of
from pipeline.limits import LimitError, time_limited
from pipeline.readers.inputs import STDIN, find, is_url
from pipeline.records import MediaType, RawPage, Rejected
from pipeline.settings import Settings
from pipeline.stages import State, Tools, cached_tools, process, process_within

Given = str | bytes | Path | RawPage | Rejected
_UNNAMED = "text"  # the id of what has no name of its own
_LONGEST_NAME = 1_000
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+\Z")
_ONE_AT_A_TIME = threading.Lock()  # spaCy's pipelines and the limits are for one thread


def clean(given: Given, settings: Settings, media_type: MediaType | None = None) -> Document:
    """Process one document through all stages, within the time limit where this thread can enforce it.

    Raises:
        UserError: what was given is no document, or the settings cannot be used.
        RejectedError: why the document cannot be used.
    """
    page = page_within(time_limited(settings.max_seconds), given, settings.max_bytes, media_type)
    outcome = finished(page, settings, time_limited(settings.max_seconds))
    if isinstance(outcome, Rejected):
        raise RejectedError(outcome.reason)
    return outcome


def finished(page: RawPage, settings: Settings, limits: AbstractContextManager[None]) -> Document | Rejected:
    """Process a page through all stages, within limits; threads wait for each other."""
    with _ONE_AT_A_TIME:
        tools = cached_tools(settings)
        state = process_within(limits, page, tools)
    return state if isinstance(state, Rejected) else document_of(state, tools.rules.hash)


def page_within(
    limits: AbstractContextManager[None],
    given: Given,
    max_bytes: int,
    media_type: MediaType | None = None,
    name: str = _UNNAMED,
) -> RawPage:
    """As ``page_of``, within limits; one that is reached rejects the document, too.

    Raises:
        UserError: it is no document.
        RejectedError: why it cannot be read.
    """
    try:
        with limits:
            return page_of(given, max_bytes, media_type, name)
    except LimitError as error:
        raise RejectedError(f"{given.name if isinstance(given, Path) else name}: {error}.") from error


def page_of(given: Given, max_bytes: int, media_type: MediaType | None = None, name: str = _UNNAMED) -> RawPage:
    """The page of a text, of bytes or of a file; ``name`` is the id of one that has no name of its own.

    Raises:
        UserError: it is no document.
        RejectedError: why it cannot be read.
    """
    page = _page(given, max_bytes, name)
    return page if media_type is None else replace(page, source=replace(page.source, media_type=media_type))


def _page(given: Given, max_bytes: int, name: str) -> RawPage:
    """The page of what was given, of the type that its content has."""
    if isinstance(given, RawPage | Rejected):
        return _good(given)
    if isinstance(given, Path):
        return _of_file(given, max_bytes)
    if isinstance(given, str):
        _refuse_names(given)
    elif not isinstance(given, bytes):
        kind = type(given).__name__
        raise UserError(f"a document is given as text, bytes, a Path or a page from read(), not {kind}.")
    if not given.strip():
        raise RejectedError("the text is empty; give a page or a text with words in it.")
    if isinstance(given, str):
        return _readable(readers.read_text(given, name, max_bytes))
    return _readable(readers.read_bytes(given, name, max_bytes))


def _readable(page: RawPage | Rejected) -> RawPage:
    if isinstance(page, Rejected):
        kinds = " ".join(suffix for kind in readers.READERS for suffix in kind.suffixes)
        raise RejectedError(f"{page.reason.rstrip('.')}; give text, HTML or Markdown, or a Path to a file ({kinds}).")
    return page


def _refuse_names(text: str) -> None:
    """Refuse a text that is a file name or an address: it was not meant as text, and nothing is fetched.

    Raises:
        UserError: it is one.
    """
    name = text.strip()
    if len(name) > _LONGEST_NAME or len(name.split()) != 1:
        return
    if _ADDRESS.match(name):
        raise UserError(f"{name!r} is an address, and nothing is fetched; give the text of the page.")
    if readers.kind_of(name)[0]:
        raise UserError(f"{name!r} is the name of a file; give Path({name!r}) for what is in it.")


def _of_file(path: Path, max_bytes: int) -> RawPage:
    try:
        if path.is_dir():
            raise UserError(f"{path} is a folder; clean one file of it, or read() or run() the whole.")
        return read_document(str(path), max_bytes, hint="; or go through read() for all of them")
    except OSError as error:  # a folder above it that may not be entered
        raise RejectedError(f"{path}: cannot be read: {plain(error)}; give another file, or mend this one.") from error
    except RejectedError as error:
        raise RejectedError(f"{str(error).rstrip('.')}; give another file, or mend this one.") from error


def read(source: str | Path, settings: Settings) -> Iterator[RawPage | Rejected]:
    """The pages of a file, a folder or an address, read lazily.

    Raises:
        UserError: there is no such place; raised at once.
    """
    found = find(checked_path(source), follow_links=settings.follow_links)
    return (page for one in found for page in readers.read(one, settings.max_bytes))


def checked_path(given: str | Path) -> str:
    """A path or an address as text.

    Raises:
        UserError: it cannot be one.
    """
    if not isinstance(given, str | Path):
        kind = type(given).__name__
        raise UserError(f"a folder or file is given as str or Path, not {kind}; clean takes texts and bytes.")
    if not str(given).strip() or "\0" in str(given):
        raise UserError(f"{str(given)!r} names no folder or file; give a path, or . for the working folder.")
    return str(given)


def read_document(name: str, max_bytes: int, hint: str = "") -> RawPage:
    """The document of a name: a file, ``file#id`` inside a container, an address, or ``-`` for standard input.

    Raises:
        UserError: there is no such document, or the file holds several; ``hint`` is said then, too.
        RejectedError: why it cannot be read.
    """
    if name == STDIN:
        return _good(readers.read_bytes(sys.stdin.buffer.read(max_bytes + 1), "stdin", max_bytes))
    path, _, identifier = name.partition("#")
    if not is_url(name) and Path(name).exists():
        path, identifier = name, ""  # a file whose own name contains a #
    if not is_url(path) and not Path(path).is_file():
        raise UserError(f"there is no file {path!r}; give a document, or file#id for one in a container.")
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
    if not known:
        raise UserError(f"{path} holds no documents; give another file.")
    listed = ", ".join(known[:5]) + (", ..." if len(known) > 5 else "")
    raise UserError(f"{path} holds {len(known)} documents; name one as {path}#ID, with an ID of: {listed}{hint}.")


def processed(page: RawPage, tools: Tools, to: str) -> State:
    """A document in the state after a stage.

    Raises:
        RejectedError: why it cannot be used.
    """
    state = process(page, tools, to)
    if isinstance(state, Rejected):
        raise RejectedError(state.reason)
    return state


def _good(page: RawPage | Rejected) -> RawPage:
    if isinstance(page, Rejected):
        raise RejectedError(page.reason)
    return page
