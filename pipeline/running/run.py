"""A run: input files become work files, work files become the tables; only new or changed input is processed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from pipeline.errors import UserError, plain
from pipeline.export.names import Row, file_names
from pipeline.limits import machine_memory
from pipeline.readers.inputs import Input, find, is_url, without_scheme
from pipeline.running import engines, guards, last_run, layout, publish
from pipeline.running.attempts import forget
from pipeline.running.engines import Engine
from pipeline.running.fingerprints import Fingerprints, digest, fingerprints
from pipeline.running.guards import Consent
from pipeline.running.last_run import LastRun
from pipeline.running.work_files import (
    FOLDER,
    QUARANTINED,
    Job,
    is_done,
    is_sound,
    jobs,
    rows_of,
    signatures_path,
    text_at,
)
from pipeline.settings import Settings
from pipeline.stages import check_stage

CODE_STATE = "code"
_WORK_FILE = re.compile(r"[0-9a-f]{24}(?:-\d+)?\.(?:jsonl|signatures|attempt|deaths|tmp)(?:\.tmp)?")


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
    quarantined: int = 0
    up_to_date: bool = False


def run(
    raw: str,
    out: str,
    settings: Settings,
    to: str,
    engine: str = "",
    watch: Callable[[Engine], Engine] | None = None,
    consent: Consent | None = None,
) -> Summary:
    """Turn a folder, a file or an address into tables in a folder or at an address.

    Without the name of an engine, several workers work in several processes. ``watch`` may wrap the engine, to show
    progress.

    Raises:
        UserError: the call, the folders, the rules or the model cannot be used.
    """
    check_stage(to)
    consent = consent or Consent()
    work = engines.engine(engine or ("local" if settings.workers > 1 else "serial"), settings.workers)
    raw, out = without_scheme(raw), without_scheme(out)
    if engine == "ray":  # whose workers may stand in other folders
        raw, out, settings = absolute(raw), absolute(out), _with_absolute_paths(settings)
    folder = checked_folder(raw, out)
    try:
        if is_url(out):
            publish.check(folder, out, force=consent.force)
        summary = run_in_folder(raw, folder, settings, to, watch(work) if watch else work, consent)
        if is_url(out) and not (summary.up_to_date and publish.is_complete(folder, out)):
            publish.publish(folder, out)
    except OSError as error:
        raise UserError(f"{error.filename or out}: {plain(error)}.") from error
    return summary


def absolute(place: str) -> str:
    """A path as an absolute one; an address as it is."""
    return place if is_url(place) else str(Path(place).absolute())


def _with_absolute_paths(settings: Settings) -> Settings:
    rules = absolute(str(settings.rules)) if settings.rules else ""
    is_folder = bool(settings.model) and Path(settings.model).is_dir()
    return replace(settings, rules=rules, model=absolute(settings.model) if is_folder else settings.model)


def checked_folder(raw: str, out: str) -> Path:
    """The local folder in which the tables for ``out`` are made.

    Raises:
        UserError: it holds the inputs.
    """
    folder = publish.folder_of(out)
    guards.check_places(without_scheme(raw), folder, without_scheme(out))
    return folder


def run_in_folder(
    root: str, out: Path, settings: Settings, to: str, execute: Engine, consent: Consent | None = None
) -> Summary:
    """Process a folder, a file or an address into ``out``. ``execute`` runs jobs and yields each as it is done."""
    consent = consent or Consent()
    guards.claim(out, force=consent.force)
    with guards.alone(out):
        return _run(root, out, settings, to, execute, consent)


def _run(root: str, out: Path, settings: Settings, to: str, execute: Engine, consent: Consent) -> Summary:
    sources, hashes = _sources(root, out, settings), fingerprints(settings, to, out / FOLDER / CODE_STATE)
    tables = (settings.parquet, settings.csv_safe)
    state = digest(hashes.whole, *tables, *(f"{one.name}\t{one.state}" for one in sources))
    last = last_run.load(out / FOLDER)
    _check_inputs(root, out, sources, last, consent)
    same = last.state == state and last.memory in (0, machine_memory()) and not consent.retry_rejected
    if same and last.holds(out):
        return Summary(kept_files=len(sources), rejected=last.rejected, up_to_date=True)
    kept = guards.foreign(out, file_names(parquet=settings.parquet))
    planned = _jobs(sources, hashes, out, settings, to)
    if consent.retry_rejected:
        _reopen(planned)
    waiting = [job for job in planned if not is_sound(job)]
    for _ in execute(waiting):
        pass
    _sweep(out / FOLDER, {path for job in planned for path in (job.work, signatures_path(job.work))})
    summary, written = _write(planned, out, settings, kept)
    if all(map(is_done, waiting)):  # else a part of an input is to be tried again
        memory = machine_memory() if summary.quarantined else 0
        counts = summary.documents, summary.rejected, memory
        last_run.save(out / FOLDER, LastRun(state, last_run.places(root, out), *counts, written))
    done = {job.source.name for job in waiting}
    summary.processed_files, summary.kept_files = len(done), len(sources) - len(done)
    return summary


def _check_inputs(root: str, out: Path, sources: list[Input], last: LastRun, consent: Consent) -> None:
    """Check that tables are not replaced by those of other inputs, or of none.

    Raises:
        UserError: they would be, and that is not allowed.
    """
    if not last.is_of(root, out) and not consent.force:
        raise UserError(
            f"{out} holds the tables of {last.raw[0]}; give another folder, or --force to replace them by those of "
            f"{root}."
        )
    if not sources and last.documents and not consent.allow_empty:
        raise UserError(
            f"there are no inputs in {root}, and {out} holds the tables of {last.documents} documents; is a disk not "
            "mounted? --allow-empty empties the tables."
        )


def _reopen(planned: list[Job]) -> None:
    """Have the rejected documents tried again."""
    for job in planned:
        if layout.has_rejected(job.work):
            layout.retry(job.work)
            forget(job.work)


def plan(root: str, out: Path, settings: Settings, to: str) -> list[tuple[str, str]]:
    """What a run would do: (input file, new | changed | unchanged | not read); nothing is written."""
    from pipeline.readers import kind_of

    root = without_scheme(root)
    planned: dict[str, str] = {}
    for job in _jobs(
        _sources(root, out, settings), fingerprints(settings, to, out / FOLDER / CODE_STATE), out, settings, to
    ):
        state = "unchanged" if is_done(job) else "changed" if job.work.exists() else "new"
        if planned.get(job.source.name, "unchanged") == "unchanged":  # the first part that is not unchanged decides
            planned[job.source.name] = state if kind_of(job.source.name)[0] else "not read"
    return list(planned.items())


def _sources(root: str, out: Path, settings: Settings) -> list[Input]:
    """The inputs, without outputs that lie below them."""
    found = find(root, follow_links=settings.follow_links)
    if is_url(root) or not out.resolve().is_relative_to(Path(root).resolve()):
        return found
    own = f"{out.resolve().relative_to(Path(root).resolve()).as_posix()}/"
    return [one for one in found if not one.name.startswith(own)]


def _jobs(sources: list[Input], hashes: Fingerprints, out: Path, settings: Settings, to: str) -> list[Job]:
    return [job for one in sources for job in jobs(one, hashes, out / FOLDER, settings, to)]


def _sweep(work: Path, wanted: set[Path]) -> None:
    """Remove work files of inputs that are gone; what has another kind of name is not ours."""
    for path in work.iterdir():
        if path not in wanted and _WORK_FILE.fullmatch(path.name):
            path.unlink()


def _write(
    done: list[Job], out: Path, settings: Settings, kept: frozenset[str]
) -> tuple[Summary, dict[str, tuple[int, str]]]:
    from pipeline.export.tables import Writer

    old = guards.written(out)
    guards.note(out, set(file_names(parquet=settings.parquet)) - kept)
    writer = Writer(out, parquet=settings.parquet, csv_safe=settings.csv_safe, old=old, kept=kept)
    summary = Summary()
    known = _duplicates(done)
    for job in done:
        writer.write(_counted(rows_of(job.work), known, summary))
    counts = writer.close()
    summary.documents, summary.rejected = counts["documents"], counts["rejected"]
    return summary, writer.written


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
    elif table == "rejected":
        summary.quarantined += row["stage"] == QUARANTINED
    elif table == "sentences":
        summary.sentences += bool(row["is_mechanism"])
    elif table == "mechanisms":
        summary.mechanisms += bool(row["mechanistic"])
