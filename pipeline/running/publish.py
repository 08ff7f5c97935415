"""Tables at an address (``s3://...``, any that fsspec knows): staged in a local folder, then uploaded.

The folder keeps the work files, so that the next run processes only what is new. An object store writes a file whole or
not at all; the data package is deleted first and uploaded last, so where it exists, all tables are of one run.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.errors import UserError
from pipeline.export.files import write_atomically
from pipeline.export.names import CARD, PACKAGE, file_names
from pipeline.readers.inputs import WORK as FOLDER
from pipeline.readers.inputs import file_system, is_url, without_scheme
from pipeline.running.fingerprints import digest

WORK = Path(".pipeline")  # below the working folder; one folder an address
_PUBLISHED = "published.json"  # names of the files that were put at the address


def folder_of(out: str) -> Path:
    """The local folder in which the tables for ``out`` are made."""
    out = without_scheme(out)
    return WORK / digest(out.rstrip("/"))[:16] if is_url(out) else Path(out)


def check(folder: Path, out: str, *, force: bool) -> None:
    """Check that an address is empty or ours, or that files of others beside ours are allowed.

    Raises:
        UserError: it is not, a table would be written over a file of others, or it cannot be read.
    """
    system, place = file_system(out)
    there = _sizes(system, place, out)
    own = _own(system, place, folder)
    if there and not own and not force:
        raise UserError(f"{out} holds files that are not of this program; give an empty place, or --force.")
    others = set(there) & set(file_names(parquet=True)) - own - {CARD}
    if others:
        raise UserError(f"{out}: {min(others)} was not written by this program; move it away, or give another place.")


def is_complete(folder: Path, out: str) -> bool:
    """Whether an address has the tables of a folder: the same data package, which holds all hashes, and all sizes.

    Raises:
        UserError: the address cannot be read.
    """
    system, place = file_system(out)
    try:
        same = system.cat_file(f"{place.rstrip('/')}/{PACKAGE}") == (folder / PACKAGE).read_bytes()
    except FileNotFoundError:
        return False
    except Exception as error:  # every file system has errors of its own
        raise _cannot(out, error) from error
    there = _sizes(system, place, out)
    made = {path.name: path.stat().st_size for path in _made(folder)}
    return bool(same) and all(there.get(name) == size for name, size in made.items() if name != CARD)


def publish(folder: Path, out: str) -> None:
    """Upload the tables of a folder to an address, the data package last; files that are not ours are kept.

    Raises:
        UserError: it cannot be written.
    """
    system, place = file_system(out)
    place = place.rstrip("/")
    made = {path.name for path in _made(folder)}
    try:
        system.makedirs(place, exist_ok=True)
        there, own = set(_sizes(system, place, out)), _own(system, place, folder)
        made -= (there & {CARD}) - own
        (folder / FOLDER).mkdir(exist_ok=True)
        write_atomically(folder / FOLDER / _PUBLISHED, json.dumps(sorted(own | made)))
        for name in sorted(there & {PACKAGE} | ((there & own) - made)):
            system.rm_file(f"{place}/{name}")
        for name in (*sorted(made - {PACKAGE}), PACKAGE):
            system.put_file(str(folder / name), f"{place}/{name}")
    except UserError:
        raise
    except Exception as error:
        raise _cannot(out, error) from error


def _made(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file() and path.suffix != ".tmp"]


def _sizes(system: Any, place: str, out: str) -> dict[str, int]:
    """Names and bytes of the files at an address."""
    try:
        system.invalidate_cache()
        listed = system.ls(place, detail=True)
    except FileNotFoundError:
        return {}
    except Exception as error:
        raise _cannot(out, error) from error
    files = [one for one in listed if one.get("type") != "directory"]
    return {str(one["name"]).rpartition("/")[2]: int(one.get("size") or 0) for one in files}


def _own(system: Any, place: str, folder: Path) -> set[str]:
    """The names of the files at an address that come from this folder, or that a data package of ours there names."""
    try:
        match json.loads((folder / FOLDER / _PUBLISHED).read_text("utf-8")):
            case [*names]:
                return {str(name) for name in names}
    except (OSError, ValueError):
        pass
    try:
        package = json.loads(system.cat_file(f"{place.rstrip('/')}/{PACKAGE}"))
        return {PACKAGE, CARD, *(str(one["path"]) for one in package["resources"])}
    except Exception:  # every file system has errors of its own; where no package can be read, nothing is ours
        return set()


def _cannot(out: str, error: Exception) -> UserError:
    said = str(error).rstrip(".") or type(error).__name__
    return UserError(f"{out}: cannot be written: {said}; what is done stays, the same command goes on from there.")
