"""Find and open input files, in a local folder or in any storage that fsspec supports (s3://...)."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from pipeline.errors import UserError

WORK = ".work"  # the folder of a run's work files, below that of its tables
MARK = "CACHEDIR.TAG"  # the file in it by which it is known
STDIN = "-"  # in place of an input: one document from a pipe
# Keys by which file systems describe the version of a file; the first three are local, the others of object stores.
_STATES = ("size", "mtime", "ino", "ETag", "etag", "md5Hash", "LastModified", "last_modified", "updated", "CRC")

_ESCAPE, _HASH = re.compile(rb"\\(?=x[0-9a-f]{2})"), re.compile(rb"(\.[A-Za-z][A-Za-z0-9]{0,8})#")


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read: path, name below ``root``, a version string that changes with the file, size in bytes.

    ``problem`` says why it is not to be read, if that is known.
    """

    root: str
    path: str
    name: str
    state: str
    size: int = 0
    problem: str = ""


def find(root: str, *, follow_links: bool = False) -> list[Input]:
    """Inputs below a folder, or the one file that is named, sorted by name; hidden files and folders are left out.

    So are folders to which a run has written. Links that lead out of the folder are inputs with a ``problem``, unless
    they are to be followed; those to a folder inside it are left out, for what they lead to is found where it lies.

    Raises:
        UserError: there is no such place, or it cannot be listed.
    """
    root = without_scheme(root)
    found = _remote(root) if is_url(root) else _local(Path(root), follow_links=follow_links)
    return sorted(found, key=lambda one: one.name)


@contextmanager
def open_file(source: Input) -> Iterator[BinaryIO]:
    """An input, open for reading bytes.

    Raises:
        OSError: it cannot be opened.
    """
    if is_url(source.root):
        system, _ = file_system(source.root)  # keep a reference: an archive is closed with its file system
        with system.open(source.path, "rb") as file:
            yield file
    else:
        path = Path(source.path)
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe could block forever
            raise OSError(errno.EINVAL, "it is not a regular file")
        with path.open("rb") as file:
            yield file


def is_url(root: str) -> bool:
    """Whether an input is given as a URL, or a chain of URLs, and not as a local path."""
    return "://" in root or "::" in root


def without_scheme(place: str) -> str:
    """A place on this machine as a path, also if it was given as a URL (``file://``); any other as it is."""
    if "::" not in place and place.partition("://")[0].lower() in ("file", "local"):
        return file_system(place)[1]
    return place


def is_below(inner: str, outer: str) -> bool:
    """Whether an address is another one, or lies below it."""
    return is_url(inner) and is_url(outer) and f"{inner.rstrip('/')}/".startswith(f"{outer.rstrip('/')}/")


def _local(root: Path, *, follow_links: bool) -> Iterator[Input]:
    if root.is_file():
        yield Input(str(root), str(root), _shown(os.fsencode(root.name)), *_state(root))
        return
    if not root.is_dir():
        raise UserError(f"there is no folder or file {str(root)!r}; give what holds your inputs.")
    yield from _below(str(root), follow_links=follow_links)


def _below(root: str, *, follow_links: bool) -> Iterator[Input]:
    """Inputs in a folder and those below it, and folders that cannot be listed."""
    folders, seen = [(root, "")], {os.path.realpath(root)}
    while folders:
        folder, above = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            if folder == root:
                raise
            yield Input(root, folder, above, *_state(Path(folder)))  # reading it will say why it cannot be
            continue
        for entry in entries:
            own = f"{above}{_shown(os.fsencode(entry.name))}"
            if entry.name.startswith("."):
                continue
            problem = _problem(entry, root, follow_links=follow_links) if entry.is_symlink() else ""
            if problem:
                state, size = _state(entry)
                yield Input(root, entry.path, own, f"{state} {problem}", size, problem)
            elif not _leads_to_folder(entry):
                yield Input(root, entry.path, own, *_state(entry))
            elif entry.is_symlink():
                target = os.path.realpath(entry.path)
                if follow_links and target not in seen:
                    seen.add(target)
                    folders.append((entry.path, f"{own}/"))
            elif not _is_output(entry.path):
                folders.append((entry.path, f"{own}/"))


def _shown(name: bytes) -> str:
    r"""The name of a file as text, by which names that differ stay different, also from those of records in files.

    Bytes that are no UTF-8 are written as \xff, the sign # behind what looks like the ending of a file as \x23, and so
    is a backslash where it would be read as such an escape.
    """
    return _HASH.sub(rb"\1\\x23", _ESCAPE.sub(rb"\\x5c", name)).decode("utf-8", "backslashreplace")


def _problem(link: os.DirEntry[str], root: str, *, follow_links: bool) -> str:
    """Why a link is not read, in the middle of a sentence; empty if it is."""
    if not os.path.exists(link.path):  # noqa: PTH110 (false, too, for a link to itself)
        return "a link that leads nowhere"
    target = os.path.realpath(link.path)
    if follow_links or Path(target).is_relative_to(os.path.realpath(root)):
        return ""
    return f"a link out of {root}, to {target}, which is not followed without --follow-links"


def _is_output(folder: str) -> bool:
    """Whether a run has written its tables to a folder."""
    return os.path.exists(f"{folder}/{WORK}/{MARK}")  # noqa: PTH110 (false, too, where that may not be asked)


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _state(file: Path | os.DirEntry[str]) -> tuple[str, int]:
    """Version string (size, mtime, ctime) and size; a broken link is an input, too, and fails when it is read.

    The ctime distinguishes files that were unpacked or swapped with the same mtime.
    """
    for look in (file.stat, partial(os.lstat, file)):
        with suppress(OSError):
            found = look()
            return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}", found.st_size
    return "", 0  # its path is too long, or leads through what may not be entered


def _remote(root: str) -> Iterator[Input]:
    system, path = file_system(root)
    try:
        if path and system.isfile(path):
            yield Input(root, path, PurePosixPath(path).name, *_remote_state(system.info(path)))
            return
        listed: dict[str, dict[str, Any]] = system.find(path, detail=True)
    except Exception as error:  # every file system has errors of its own
        raise UserError(f"{root}: cannot be listed: {str(error).rstrip('.') or type(error).__name__}.") from error
    if not listed:
        raise UserError(f"{root}: there are no files; give what holds your inputs.")
    above = len(path.rstrip("/")) + 1 if path.strip("/") else 0
    for full, info in listed.items():
        name = full[above:].lstrip("/")
        if not any(part.startswith(".") for part in PurePosixPath(name).parts):
            yield Input(root, full, _shown(name.encode("utf-8", "surrogatepass")), *_remote_state(info))


def _remote_state(info: dict[str, Any]) -> tuple[str, int]:
    return " ".join(str(info[name]) for name in _STATES if name in info), int(info.get("size") or 0)


def file_system(root: str) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the path on it.

    Raises:
        UserError: there is no such system, or its package is not installed.
    """
    from fsspec.core import url_to_fs

    try:
        system, path = url_to_fs(root)
    except Exception as error:  # every file system has errors of its own
        said = str(error).rstrip(".") or type(error).__name__
        raise UserError(f"{root}: {said}; give a path, or an address that can be opened.") from error
    return system, str(path)
