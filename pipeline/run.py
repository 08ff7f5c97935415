"""A run: every input file to one work file, all work files to the tables.

A work file holds the rows of one input file behind a key (size and time of the input, settings, rules,
model and version). It is written aside and renamed, so that a run may be killed anywhere; the next
run does only what is missing or has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pipeline import stages
from pipeline.crumbs import DEATHS, READING, Crumb, crumb
from pipeline.inputs import Input, find, is_address
from pipeline.records import RawPage, Rejected
from pipeline.settings import Settings
from pipeline.stages import NAMES
from pipeline.version import CODE, VERSION

WORK = ".work"
STATE, CODE_STATE = "state", "code"
PACKAGE = "datapackage.json"


@dataclass(frozen=True, slots=True)
class Job:
    """One input file to be turned into one work file."""

    source: Input
    work: Path
    key: str
    settings: Settings
    to: str


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


def run(root: str, out: Path, settings: Settings, to: str, execute: Callable[[list[Job]], Iterable[Job]]) -> Summary:
    """Process a folder, a file or an address into ``out``. ``execute`` runs jobs and yields each as it is done."""
    (out / WORK).mkdir(parents=True, exist_ok=True)
    sources, common = _sources(root, out), _fingerprint(settings, to, out)
    state = _digest("\n".join([common, str(settings.parquet), *(f"{one.name}\t{one.state}" for one in sources)]))
    last = _last_run(out)
    if last.get("state") == state:
        return Summary(kept_files=len(sources), rejected=last["rejected"], up_to_date=True)
    jobs = _jobs(sources, common, out, settings, to)
    waiting = [job for job in jobs if not is_done(job)]
    for _ in execute(waiting):
        pass
    _sweep(out / WORK, {path for job in jobs for path in (job.work, _signatures(job.work))} | {out / WORK / CODE_STATE})
    summary = _write(jobs, out, settings)
    (out / WORK / STATE).write_text(json.dumps({"state": state, "rejected": summary.rejected}))
    summary.processed_files, summary.kept_files = len(waiting), len(jobs) - len(waiting)
    return summary


def plan(root: str, out: Path, settings: Settings, to: str) -> list[tuple[str, str]]:
    """What a run would do: (input file, new | changed | unchanged | not read); nothing is written."""
    from pipeline.readers import kind_of

    planned = []
    for job in _jobs(_sources(root, out), _fingerprint(settings, to, out), out, settings, to):
        state = "unchanged" if is_done(job) else "changed" if job.work.exists() else "new"
        planned.append((job.source.name, state if kind_of(job.source.name)[0] else "not read"))
    return planned


def run_file(job: Job) -> Job:
    """Turn one input file into its work file: files in, files out."""
    from pipeline.duplicates import signature

    tools = _tools(job.settings)
    temporary, signatures = job.work.with_suffix(".tmp"), []
    with crumb(job.work) as at:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(json.dumps({"key": job.key}) + "\n")
            for page in _survivors(job, at):
                for table, row in _rows(page, tools, job.to):
                    file.write(json.dumps([table, row], ensure_ascii=False) + "\n")
                    if table == "documents" and job.to != NAMES[0]:  # before content a page is its markup
                        signatures.append(json.dumps(signature(row["document_id"], row["text"])) + "\n")
        # The work file is put in place last: where it is, the signatures are, too.
        _signatures(job.work).write_text("".join(signatures), "utf-8")
        temporary.replace(job.work)
    return job


def _survivors(job: Job, at: Crumb) -> Iterator[RawPage | Rejected]:
    """The documents of a file, each with a crumb before it; what ended its process too often is rejected."""
    from pipeline import readers

    reason = f"it ended the process {DEATHS} times and was set aside; please report this file."
    if at.sets_aside(READING):
        name = job.source.name
        yield Rejected(name, name, readers.READ, f"{name}: reading {reason}")
        return
    at.drop(READING)
    for page in readers.read(job.source, job.settings.max_bytes):
        if at.sets_aside(page.document_id) and isinstance(page, RawPage):
            yield Rejected(page.document_id, page.source.path, "run", f"{page.document_id}: {reason}")
            continue
        at.drop(page.document_id)
        yield page
        at.drop(READING)


def _rows(page: RawPage | Rejected, tools: stages.Tools, to: str) -> Iterator[tuple[str, dict[str, Any]]]:
    from pipeline import export

    result = stages.process(page, tools, to) if isinstance(page, RawPage) else page
    if isinstance(result, Rejected):
        digest = page.source.sha256 if isinstance(page, RawPage) else ""
        yield export.rejected(result, digest, tools.rules.hash)
    else:
        yield from export.rows(result, tools.rules.hash)


@cache
def _tools(settings: Settings) -> stages.Tools:
    return stages.tools(settings)


def _sources(root: str, out: Path) -> list[Input]:
    """The inputs; outputs that lie below them are none."""
    own = f"{out}{os.sep}"
    return [one for one in find(root) if is_address(root) or not one.path.startswith(own)]


def _jobs(sources: list[Input], common: str, out: Path, settings: Settings, to: str) -> list[Job]:
    work = out / WORK
    keys = ((one, _digest(f"{common} {one.name} {one.state}")) for one in sources)
    return [Job(one, work / f"{_digest(one.name)[:24]}.jsonl", key, settings, to) for one, key in keys]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _fingerprint(settings: Settings, to: str, out: Path) -> str:
    """Everything besides the input that decides the output; read without loading spaCy."""
    decisive = (VERSION, to, settings.model, settings.max_bytes, settings.max_characters, settings.scope)
    return _digest(" ".join(map(str, (*decisive, _code_hash(out / WORK / CODE_STATE)))))


def _code_hash(noted: Path) -> str:
    """Hash of the program's files; noted with their sizes and times, so that it is only taken when they change."""
    files = [one for one in find(str(CODE)) if not one.name.endswith(".pyc")]
    state = _digest("\n".join(f"{one.path}\t{one.state}" for one in files))
    try:
        known, digest = noted.read_text().split()
    except (OSError, ValueError):
        known = digest = ""
    if known != state:
        digest = hashlib.sha256(
            b"".join(hashlib.sha256(Path(one.path).read_bytes()).digest() for one in files)
        ).hexdigest()
        if noted.parent.is_dir():
            noted.write_text(f"{state} {digest}")
    return digest


def is_done(job: Job) -> bool:
    """Whether the work file of a job is there, and of this very input, program and settings."""
    try:
        with job.work.open(encoding="utf-8") as file:
            return bool(json.loads(file.readline())["key"] == job.key)
    except (OSError, ValueError, KeyError):
        return False


def _last_run(out: Path) -> dict[str, Any]:
    """What the run that wrote the tables in ``out`` noted of itself; nothing if they are not complete."""
    try:
        noted = json.loads((out / WORK / STATE).read_text()) if (out / PACKAGE).is_file() else {}
    except (OSError, ValueError):
        noted = {}
    return dict(noted)


def _sweep(work: Path, wanted: set[Path]) -> None:
    """Remove work files of inputs that are gone."""
    for path in work.iterdir():
        if path not in wanted:
            path.unlink()


def _write(jobs: list[Job], out: Path, settings: Settings) -> Summary:
    from pipeline import export

    writer = export.Writer(out, parquet=settings.parquet)
    summary = Summary()
    known = _duplicates(jobs)
    for job in jobs:
        with job.work.open(encoding="utf-8") as file:
            next(file)
            batch = [(table, row) for table, row in map(json.loads, file)]
        for table, row in batch:
            if table == "documents":
                row["verdicts"]["duplicate_of"] = known.get(row["document_id"], "")
            _count(summary, table, row)
        writer.write(batch)
    counts = writer.close()
    summary.documents, summary.rejected = counts["documents"], counts["rejected"]
    return summary


def _duplicates(jobs: list[Job]) -> dict[str, str]:
    """By the id of each duplicate, the id of its original."""
    from pipeline.duplicates import Signature, originals

    work_of: dict[str, Path] = {}

    def signatures() -> Iterator[Signature]:
        for job in jobs:
            for line in _lines(_signatures(job.work)):
                one = Signature(*json.loads(line))
                work_of[one.document_id] = job.work
                yield one

    @lru_cache(maxsize=64)
    def text_of(document_id: str) -> str:
        for line in _lines(work_of[document_id]):
            if line.startswith('["documents"') and (row := json.loads(line)[1])["document_id"] == document_id:
                return str(row["text"])
        return ""

    return originals(signatures(), text_of)


def _signatures(work: Path) -> Path:
    """Where the signatures of a work file's documents are."""
    return work.with_suffix(".minima")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from lines


def _count(summary: Summary, table: str, row: dict[str, Any]) -> None:
    if table == "edits" and row["status"] == "flagged":
        summary.flagged += 1
    elif table == "edits":
        summary.edits_by_rule.update(row["rule"].split("+"))
    elif table == "sentences":
        summary.sentences += bool(row["is_mechanism"])
    elif table == "mechanisms":
        summary.mechanisms += bool(row["mechanistic"])
