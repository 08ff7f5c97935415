"""A run: every input file to one work file, all work files to the tables.

A work file holds the rows of one input file behind a key (size and time of the input, settings, rules,
model and version). It is written aside and renamed, so that a run may be killed anywhere; the next
run does only what is missing or has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pipeline import stages
from pipeline.duplicates import Signature, originals, signature
from pipeline.inputs import Input, find, is_address
from pipeline.records import RawPage, Rejected
from pipeline.settings import Settings
from pipeline.stages import NAMES
from pipeline.version import CODE, VERSION

WORK = ".work"
STATE = "state"
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
    jobs = list(_jobs(root, out, settings, to))
    (out / WORK).mkdir(parents=True, exist_ok=True)
    waiting = [job for job in jobs if not _is_done(job)]
    state = _digest(" ".join((*(job.key for job in jobs), str(settings.parquet))))
    if not waiting and (last := _last_run(out)).get("state") == state:
        return Summary(kept_files=len(jobs), rejected=last["rejected"], up_to_date=True)
    for _ in execute(waiting):
        pass
    _sweep(out / WORK, {path for job in jobs for path in (job.work, _signatures(job.work))})
    summary = _write(jobs, out, settings)
    (out / WORK / STATE).write_text(json.dumps({"state": state, "rejected": summary.rejected}))
    summary.processed_files, summary.kept_files = len(waiting), len(jobs) - len(waiting)
    return summary


def plan(root: str, out: Path, settings: Settings, to: str) -> list[tuple[str, str]]:
    """What a run would do: (input file, new | changed | unchanged | not read); nothing is written."""
    from pipeline.readers import kind_of

    planned = []
    for job in _jobs(root, out, settings, to):
        state = "unchanged" if _is_done(job) else "changed" if job.work.exists() else "new"
        planned.append((job.source.name, state if kind_of(job.source.name)[0] else "not read"))
    return planned


def run_file(job: Job) -> Job:
    """Turn one input file into its work file: files in, files out."""
    from pipeline import readers

    tools = _tools(job.settings)
    temporary, signatures = job.work.with_suffix(".tmp"), []
    with temporary.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"key": job.key}) + "\n")
        for page in readers.read(job.source, job.settings.max_bytes):
            for table, row in _rows(page, tools, job.to):
                file.write(json.dumps([table, row], ensure_ascii=False) + "\n")
                if table == "documents" and job.to != NAMES[0]:  # before content a page is its markup
                    signatures.append(json.dumps(signature(row["document_id"], row["text"])) + "\n")
    # The work file is put in place last: where it is, the signatures are, too.
    _signatures(job.work).write_text("".join(signatures), "utf-8")
    temporary.replace(job.work)
    return job


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


def _jobs(root: str, out: Path, settings: Settings, to: str) -> Iterator[Job]:
    work = out / WORK
    common = _fingerprint(settings, to)
    for source in find(root):
        if not is_address(root) and Path(source.path).is_relative_to(out):
            continue
        key = _digest(f"{common} {source.name} {source.state}")
        yield Job(source, work / f"{_digest(source.name)[:24]}.jsonl", key, settings, to)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _fingerprint(settings: Settings, to: str) -> str:
    """Everything besides the input that decides the output; read without loading spaCy."""
    decisive = (VERSION, to, settings.model, settings.max_bytes, settings.max_characters, settings.scope)
    digest = hashlib.sha256(" ".join(map(str, decisive)).encode())
    for path in sorted(CODE.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _is_done(job: Job) -> bool:
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
