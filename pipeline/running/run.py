"""A run: input files become work files, work files become the tables; only new or changed input is processed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from pipeline.errors import UserError, plain
from pipeline.export.names import PACKAGE, Row
from pipeline.readers.inputs import Input, find, is_url
from pipeline.running import engines, publish
from pipeline.running.engines import Engine
from pipeline.running.fingerprints import Fingerprints, digest, fingerprints
from pipeline.running.work_files import FOLDER, Job, is_done, jobs, rows_of, signatures_path, text_at
from pipeline.settings import Settings
from pipeline.stages import check_stage

STATE, CODE_STATE, LOCK = "state", "code", "lock"


@dataclass(slots=True)
class Summary:
    """What a run did, for the lines at its end."""

    documents: int = 0
    rejected: int = 0
    processed_files: int = 0
    kept_files: int = 0
    mechanisms: int = 0
    sentences: int = 0
    edits_by_rule: Counter[str] = field(default_factory=Counter)
    flagged: int = 0
    up_to_date: bool = False


def run(
    raw: str, out: str, settings: Settings, to: str, engine: str = "", watch: Callable[[Engine], Engine] | None = None
) -> Summary:
    """Turn a folder, a file or an address into tables in a folder or at an address.

    Without the name of an engine, several workers work in several processes. ``watch`` may wrap the engine, to show
    progress.

    Raises:
        UserError: the call, the folders, the rules or the model cannot be used.
    """
    check_stage(to)
    work = engines.engine(engine or ("local" if settings.workers > 1 else "serial"), settings.workers)
    folder = checked_folder(raw, out)
    try:
        summary = run_in_folder(raw, folder, settings, to, watch(work) if watch else work)
        if is_url(out) and not (summary.up_to_date and publish.is_complete(folder, out)):
            publish.publish(folder, out)
    except OSError as error:
        raise UserError(f"{error.filename or out}: {plain(error)}.") from error
    return summary


def checked_folder(raw: str, out: str) -> Path:
    """The local folder in which the tables for ``out`` are made.

    Raises:
        UserError: it holds the inputs.
    """
    folder = publish.folder_of(out)
    if not is_url(raw) and not Path(raw).exists():
        raise UserError(f"there is no folder or file {raw!r}; give what holds your inputs.")
    if not is_url(raw) and Path(raw).resolve().is_relative_to(folder.resolve()):
        raise UserError(f"the outputs would be written over the inputs in {raw!r}; give another folder for them.")
    return folder


def run_in_folder(root: str, out: Path, settings: Settings, to: str, execute: Engine) -> Summary:
    """Process a folder, a file or an address into ``out``. ``execute`` runs jobs and yields each as it is done."""
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    with _alone(out):
        return _run(root, out, settings, to, execute)


def _run(root: str, out: Path, settings: Settings, to: str, execute: Engine) -> Summary:
    sources, hashes = _sources(root, out), fingerprints(settings, to, out / FOLDER / CODE_STATE)
    state = digest(hashes.whole, settings.parquet, *(f"{one.name}\t{one.state}" for one in sources))
    last = _last_run(out)
    if last.get("state") == state:
        return Summary(kept_files=len(sources), rejected=last["rejected"], up_to_date=True)
    planned = _jobs(sources, hashes, out, settings, to)
    waiting = [job for job in planned if not is_done(job)]
    for _ in execute(waiting):
        pass
    wanted = {path for job in planned for path in (job.work, signatures_path(job.work))}
    _sweep(out / FOLDER, wanted | {out / FOLDER / CODE_STATE, out / FOLDER / LOCK})
    summary = _write(planned, out, settings)
    if all(map(is_done, waiting)):  # else a part of an input is to be tried again
        (out / FOLDER / STATE).write_text(json.dumps({"state": state, "rejected": summary.rejected}))
    done = {job.source.name for job in waiting}
    summary.processed_files, summary.kept_files = len(done), len(sources) - len(done)
    return summary


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold an exclusive lock on the output folder, where the system and the file system have locks.

    Raises:
        UserError: another run holds it.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    try:
        opened = (out / FOLDER / LOCK).open("w")
    except OSError:  # where nothing can be written a run can still tell that nothing has changed
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


def plan(root: str, out: Path, settings: Settings, to: str) -> list[tuple[str, str]]:
    """What a run would do: (input file, new | changed | unchanged | not read); nothing is written."""
    from pipeline.readers import kind_of

    planned: dict[str, str] = {}
    for job in _jobs(_sources(root, out), fingerprints(settings, to, out / FOLDER / CODE_STATE), out, settings, to):
        state = "unchanged" if is_done(job) else "changed" if job.work.exists() else "new"
        if planned.get(job.source.name, "unchanged") == "unchanged":  # the first part that is not unchanged decides
            planned[job.source.name] = state if kind_of(job.source.name)[0] else "not read"
    return list(planned.items())


def _sources(root: str, out: Path) -> list[Input]:
    """The inputs, without outputs that lie below them."""
    found = find(root)
    if is_url(root) or not out.resolve().is_relative_to(Path(root).resolve()):
        return found
    own = f"{out.resolve().relative_to(Path(root).resolve()).as_posix()}/"
    return [one for one in found if not one.name.startswith(own)]


def _jobs(sources: list[Input], hashes: Fingerprints, out: Path, settings: Settings, to: str) -> list[Job]:
    return [job for one in sources for job in jobs(one, hashes, out / FOLDER, settings, to)]


def _last_run(out: Path) -> dict[str, Any]:
    """The saved state of the run that wrote the tables in ``out``; empty if they are incomplete."""
    try:
        noted = json.loads((out / FOLDER / STATE).read_text()) if (out / PACKAGE).is_file() else {}
    except (OSError, ValueError):
        noted = {}
    return dict(noted)


def _sweep(work: Path, wanted: set[Path]) -> None:
    """Remove work files of inputs that are gone."""
    for path in work.iterdir():
        if path not in wanted:
            path.unlink()


def _write(done: list[Job], out: Path, settings: Settings) -> Summary:
    from pipeline.export.tables import Writer

    writer = Writer(out, parquet=settings.parquet)
    summary = Summary()
    known = _duplicates(done)
    for job in done:
        writer.write(_counted(rows_of(job.work), known, summary))
    counts = writer.close()
    summary.documents, summary.rejected = counts["documents"], counts["rejected"]
    return summary


def _counted(rows: Iterable[Row], duplicate_of: dict[str, str], summary: Summary) -> Iterator[Row]:
    """Rows with ``duplicate_of`` filled in, which needs all documents; each is counted in the summary."""
    for table, values, text in rows:
        if table == "documents" and (original := duplicate_of.get(values["document_id"])):
            values["verdicts"]["duplicate_of"] = original
            text = json.dumps(values, ensure_ascii=False)
        _count(summary, table, values)
        yield Row(table, values, text)


def _duplicates(done: list[Job]) -> dict[str, str]:
    """By the id of each duplicate, the id of its original."""
    from pipeline.running.near_duplicates import Signature, find_originals

    places: dict[str, tuple[Path, int]] = {}

    def signatures() -> Iterator[Signature]:
        for job in done:
            with signatures_path(job.work).open("rb") as lines:
                for line in lines:
                    *signature, at = orjson.loads(line)
                    one = Signature(*signature)
                    places[one.document_id] = (job.work, at)
                    yield one

    return find_originals(signatures(), lru_cache(maxsize=64)(lambda document_id: text_at(*places[document_id])))


def _count(summary: Summary, table: str, row: dict[str, Any]) -> None:
    if table == "edits" and row["status"] == "flagged":
        summary.flagged += 1
    elif table == "edits":
        summary.edits_by_rule.update(row["rule"].split("+"))
    elif table == "sentences":
        summary.sentences += bool(row["is_mechanism"])
    elif table == "mechanisms":
        summary.mechanisms += bool(row["mechanistic"])
