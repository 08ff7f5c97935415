"""What a run refuses, so that it touches nobody's files: no inputs, no foreign folder, no file it did not write."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UserError
from pipeline.export.files import write_atomically
from pipeline.export.names import CARD, PACKAGE, PACKAGE_NAME, file_names
from pipeline.export.package import is_our_card
from pipeline.readers.inputs import MARK, WORK, is_below, is_url

# The first line is that of the Cache Directory Tagging Specification, by which programs that make backups leave it out.
_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# Work files of mechanism-pipeline, by which a run goes on from the last one. The folder above holds its tables.
"""
_LOCK = "lock"
_LIST = "written.json"  # names of the files that a run wrote, or is about to write


@dataclass(frozen=True, slots=True)
class Consent:
    """What the caller allows.

    ``force``: to write into a folder with other files, or over the tables of another RAW. ``allow_empty``: to empty the
    tables because RAW is empty. ``retry_rejected``: to try again all that was rejected.
    """

    force: bool = False
    allow_empty: bool = False
    retry_rejected: bool = False


def check_places(raw: str, folder: Path, out: str) -> None:
    """Check that the inputs are there and are not written over. ``folder`` is where the tables for ``out`` are made.

    Raises:
        UserError: what is wrong.
    """
    if not is_url(raw) and not Path(raw).exists():
        raise UserError(f"there is no folder or file {raw!r}; give what holds your inputs.")
    if is_below(raw, out) or (not is_url(raw) and Path(raw).resolve().is_relative_to(folder.resolve())):
        raise UserError(f"the outputs would be written over the inputs in {raw!r}; give another folder for them.")


def claim(folder: Path, *, force: bool) -> None:
    """Make the folder of the tables, and mark it as ours.

    Raises:
        UserError: it holds files of others, and that is not allowed; or its work files lie elsewhere.
    """
    work = folder / WORK
    if work.is_symlink():
        raise UserError(f"{work} is a link, and nothing is written through it; remove it, or give another folder.")
    if not force and not is_ours(folder) and (others := _shown(folder)):
        named = ", ".join(others[:3]) + (", ..." if len(others) > 3 else "")
        raise UserError(
            f"{folder} holds files that are not of this program ({named}); give an empty folder, or --force to write "
            "beside them."
        )
    work.mkdir(parents=True, exist_ok=True)
    if not (work / MARK).exists():
        with suppress(PermissionError):  # where nothing can be written a run can still tell that nothing has changed
            note(folder, ())
            write_atomically(work / MARK, _TAG)


def is_ours(folder: Path) -> bool:
    """Whether a run has written to a folder; runs of earlier versions left a lock, and no mark."""
    return any((folder / WORK / name).is_file() for name in (MARK, _LOCK))


def _shown(folder: Path) -> list[str]:
    """The entries of a folder but hidden ones."""
    return sorted(path.name for path in folder.iterdir() if path.name[0] != ".") if folder.is_dir() else []


def written(folder: Path) -> frozenset[str]:
    """The names of the files in a folder that a run wrote, as far as they are still its own."""
    known = _listed(folder)
    if known is None:  # a run of a version that kept no list, or the list is damaged
        known = set(file_names(parquet=True)) if _has_package(folder) else set()
    card = folder / CARD
    return frozenset(known - ({CARD} if card.exists() and not is_our_card(card) else set()))


def _listed(folder: Path) -> set[str] | None:
    try:
        match json.loads((folder / WORK / _LIST).read_text("utf-8")):
            case [*names]:
                return {str(name) for name in names}
    except (OSError, ValueError, RecursionError):
        pass
    return None


def _has_package(folder: Path) -> bool:
    try:
        package = json.loads((folder / PACKAGE).read_text("utf-8"))
        return bool(package["name"] == PACKAGE_NAME and package["resources"])
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return False


def foreign(folder: Path, wanted: Iterable[str]) -> frozenset[str]:
    """Those of the files that are to be written that somebody else has put there; a README is left as it is.

    Raises:
        UserError: a table would be written over one of them.
    """
    own = written(folder)
    others = {name for name in wanted if name not in own and ((folder / name).exists() or (folder / name).is_symlink())}
    if tables := sorted(others - {CARD}):
        raise UserError(
            f"{folder / tables[0]} was not written by this program, and is not written over; move it away, or give "
            "another folder."
        )
    return frozenset(others)


def note(folder: Path, names: Iterable[str]) -> None:
    """Put down which files are about to be written: a run that is killed goes on in what it has begun."""
    write_atomically(folder / WORK / _LIST, json.dumps(sorted(written(folder).union(names))))


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Hold an exclusive lock on the output folder, where the system and the file system have locks.

    Raises:
        UserError: another run holds it.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW  # the lock is no link
    try:
        opened = os.fdopen(os.open(out / WORK / _LOCK, flags, 0o666), "r+")
    except PermissionError:  # where nothing can be written a run can still tell that nothing has changed
        yield
        return
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(f"another run is writing to {out}; wait for its end, or give another folder.") from error
        except OSError:  # a file system without locks
            pass
        yield
