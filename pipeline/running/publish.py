"""Tables at an address (``s3://...``, any that fsspec knows): staged in a local folder, then uploaded.

The folder keeps the work files, so that the next run processes only what is new. An object store writes a file whole or
not at all; the data package is deleted first and uploaded last, so where it exists, all tables are of one run.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import UserError
from pipeline.export.names import PACKAGE
from pipeline.readers.inputs import file_system, is_url
from pipeline.running.fingerprints import digest

WORK = Path(".pipeline")  # below the working folder; one folder an address


def folder_of(out: str) -> Path:
    """The local folder in which the tables for ``out`` are made."""
    return WORK / digest(out.rstrip("/"))[:16] if is_url(out) else Path(out)


def is_complete(folder: Path, out: str) -> bool:
    """Whether an address has the tables of a folder: the same data package, which holds all hashes and comes last.

    Raises:
        UserError: the address cannot be read.
    """
    system, place = file_system(out)
    try:
        return bool(system.cat_file(f"{place.rstrip('/')}/{PACKAGE}") == (folder / PACKAGE).read_bytes())
    except FileNotFoundError:
        return False
    except Exception as error:  # every file system has errors of its own
        raise _cannot(out, error) from error


def publish(folder: Path, out: str) -> None:
    """Upload the tables of a folder to an address, the data package last; files that are not ours are kept.

    Raises:
        UserError: it cannot be written.
    """
    system, place = file_system(out)
    place = place.rstrip("/")
    made = {path.name for path in folder.iterdir() if path.is_file() and path.suffix != ".tmp"}
    try:
        system.makedirs(place, exist_ok=True)
        there = {str(path).rpartition("/")[2] for path in system.ls(place, detail=False)}
        for name in sorted(there & {PACKAGE} | {name for name in there - made if name.endswith(".parquet")}):
            system.rm_file(f"{place}/{name}")
        for name in (*sorted(made - {PACKAGE}), PACKAGE):
            system.put_file(str(folder / name), f"{place}/{name}")
    except Exception as error:
        raise _cannot(out, error) from error


def _cannot(out: str, error: Exception) -> UserError:
    said = str(error).rstrip(".") or type(error).__name__
    return UserError(f"{out}: cannot be written: {said}; what is done stays, the same command goes on from there.")
