"""Work files, the checkpoints of a run: the rows of one input file, or of one part of a large one.

A work file is written under a temporary name and renamed atomically, so a run may be killed at any point. Its first
line holds its cache key, a hash of everything that determines its content. Each document has a line with its own key, a
line with the states that a later run can resume from (``saved``), and its rows; so when a file has changed, only the
changed documents are redone, and of those only the stages that have changed. The last line says whether the work file
is complete: what a machine or network failure kept from being read is retried. Without a last line it is truncated.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from pipeline import stages
from pipeline.errors import UserError, is_transient
from pipeline.export.names import Row
from pipeline.limits import LimitError, limited
from pipeline.readers.common import writable
from pipeline.readers.inputs import Input
from pipeline.records import Article, CleanArticle, Findings, RawPage, Rejected
from pipeline.running import saved
from pipeline.running.attempts import READING, RUN, Attempt, attempt
from pipeline.running.fingerprints import Fingerprints, digest
from pipeline.settings import Settings
from pipeline.stages import NAMES, State

FOLDER = ".work"
# Bytes of a large input file per job, some minutes of work; and jobs per file, at most: each has to read past the
# parts before its own, which takes about a hundredth of the time of processing them.
PART, _PARTS = 4_000_000, 16
_KEY, _SAVED, _END = "key", "saved", "end"
_KEY_LINE, _SAVED_LINE, _END_LINE = (f'["{name}"'.encode() for name in (_KEY, _SAVED, _END))  # how such lines begin
_LAYOUT = 3  # of the lines of a work file
_TAIL = 64  # bytes that hold the last line
_TO_ARTICLE = NAMES[:2]
Line = list[Any]
_RETRY: Line = ["again"]  # a sentinel that is not written: the next run retries the document before it


@dataclass(frozen=True, slots=True)
class Job:
    """One input file, or the documents that begin in a byte range of it, to be turned into one work file."""

    source: Input
    part: range
    work: Path
    key: str
    hashes: Fingerprints
    settings: Settings
    to: str
    run: str = RUN

    @property
    def size(self) -> int:
        """Bytes to work on."""
        return min(self.source.size, self.part.stop) - self.part.start


def jobs(source: Input, hashes: Fingerprints, folder: Path, settings: Settings, to: str) -> Iterator[Job]:
    """The jobs of an input file; their number depends on its size alone."""
    from pipeline.readers import WHOLE, is_splittable

    size = _part_size(source.size) if is_splittable(source.name) else max(source.size, 1)
    name = digest(source.name)[:24]
    key = digest(hashes.whole, source.name, source.state)
    for number, start in enumerate(range(0, max(source.size, 1), size)):
        work = folder / (f"{name}-{number}.jsonl" if number else f"{name}.jsonl")
        last = start + size >= source.size  # which has no end, for a file may grow while it is read
        part = range(start, WHOLE.stop if last else start + size)
        yield Job(source, part, work, digest(key, part), hashes, settings, to)


def _part_size(size: int) -> int:
    """Bytes per part; they double in steps, so that a file that grows a little keeps its parts."""
    part = PART
    while size > _PARTS * part:
        part *= 2
    return part


def is_done(job: Job) -> bool:
    """Whether the work file of a job is complete, and made from the same input, program and settings."""
    try:
        with job.work.open("rb") as file:
            of_this = json.loads(file.readline())[_KEY] == job.key
            return of_this and _end(file) == [_END, True, signatures_path(job.work).stat().st_size]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _end(file: BinaryIO) -> Line:
    """The last line of a work file: whether it holds all of its input, and how many bytes the signatures have."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
    last = file.read().splitlines(keepends=True)[-1:]
    return list(json.loads(last[0])) if last and last[0].startswith(_END_LINE) else []


def run_job(job: Job) -> Job:
    """Turn one input file, or one part, into its work file; nothing if that is done already."""
    if is_done(job):
        return job
    tools, temporary, signatures = stages.cached_tools(job.settings), job.work.with_suffix(".tmp"), []
    everything = True
    with attempt(job.work, job.run, job.key) as current, PreviousWorkFile(job.work) as earlier:
        with temporary.open("wb") as file:
            file.write(_encoded({_KEY: job.key, "layout": _LAYOUT}))
            for page in _documents(job, current):
                for line, encoded in _written(page, job, tools, earlier):
                    everything = everything and line != _RETRY
                    if line[0] == "documents" and job.to != NAMES[0]:  # before content a page is its markup
                        signatures.append(_signature(line[1], file.tell()))
                    file.write(encoded if line != _RETRY else b"")
            file.write(_encoded([_END, everything, sum(len(one.encode()) for one in signatures)]))
        # The old work file is deleted first, the new one renamed last: where one exists, the signatures are its own.
        job.work.unlink(missing_ok=True)
        signatures_path(job.work).write_text("".join(signatures), "utf-8")
        temporary.replace(job.work)
    return job


def _encoded(line: object) -> bytes:
    return f"{json.dumps(line, ensure_ascii=False)}\n".encode()


def signatures_path(work: Path) -> Path:
    """The file of the signatures of a work file's documents, each with the byte offset of the document's row."""
    return work.with_suffix(".signatures")


def rows_of(work: Path) -> Iterator[Row]:
    """The rows of a work file."""
    with work.open("rb") as lines:
        next(lines)
        for line in lines:
            if not line.startswith((_KEY_LINE, _SAVED_LINE, _END_LINE)):
                table, values = orjson.loads(line)
                yield Row(table, values, line[line.index(b"{") : -2].decode("utf-8"))


def text_at(work: Path, offset: int) -> str:
    """The text of the document whose row begins at a byte offset of a work file."""
    with work.open("rb") as file:
        file.seek(offset)
        return str(orjson.loads(file.readline())[1]["text"])


class PreviousWorkFile:
    """The work file of an earlier run, if there is one, indexed by document id."""

    def __init__(self, work: Path) -> None:
        self._places: dict[str, tuple[str, int]] = {}
        self._file: BinaryIO | None = None
        try:
            self._file = work.open("rb")
            self._index(self._file)
        except (OSError, ValueError, AttributeError):
            self._places = {}  # there is none, or it is of another layout

    def __enter__(self) -> PreviousWorkFile:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file:
            self._file.close()

    def _index(self, file: BinaryIO) -> None:
        first = file.readline()
        if json.loads(first).get("layout") != _LAYOUT or not _end(file):
            return
        at = file.seek(len(first))
        for line in file:
            if line.startswith(_KEY_LINE):
                _, document_id, key = json.loads(line)
                self._places[document_id] = (key, at)
            at += len(line)

    def lines(self, document_id: str, key: str) -> list[Line]:
        """All lines of a document, if its key is this one."""
        known, at = self._places.get(document_id, ("", 0))
        return list(self._from(at)) if known == key else []

    def states(self, document_id: str) -> dict[str, Any]:
        """The saved states of a document, whatever its key."""
        if document_id not in self._places:
            return {}
        lines = self._from(self._places[document_id][1])
        return next((line[1] for line in lines if line[0] == _SAVED), {})

    def _from(self, at: int) -> Iterator[Line]:
        assert self._file
        self._file.seek(at)
        yield orjson.loads(self._file.readline())
        for line in self._file:
            if line.startswith((_KEY_LINE, _END_LINE)):
                return
            yield orjson.loads(line)


def _documents(job: Job, current: Attempt) -> Iterator[RawPage | Rejected]:
    """The documents of a job, each marked as attempted first; what killed its process too often is rejected."""
    from pipeline import readers

    reason = "it ended the process more than once and was set aside; please report this file."
    if current.is_quarantined(READING):
        name = job.source.name
        unread = readers.rest_of(name, job.part) if job.part.start else name
        yield Rejected(unread, name, readers.READ, f"{name}: reading {reason}")
        return
    current.begin(READING)
    pages = readers.steps(job.source, job.settings.max_bytes, job.part)
    while page := _next(pages, job):
        if current.is_quarantined(page.document_id) and isinstance(page, RawPage):
            yield Rejected(page.document_id, page.source.path, "run", f"{page.document_id}: {reason}")
            continue
        current.begin(page.document_id)
        yield page
        current.begin(READING)


def _next(pages: Iterator[RawPage | Rejected | None], job: Job) -> RawPage | Rejected | None:
    """The next document; the limits apply to each step of reading on the way to it."""
    from pipeline import readers

    page = None
    try:
        while page is None:
            with limited(job.settings.max_seconds, job.settings.max_memory):
                page = next(pages)
    except StopIteration:
        return None
    except LimitError as error:  # where the readers do not catch it, at their very start or end
        name = job.source.name
        return Rejected(readers.rest_of(name, job.part), name, readers.READ, f"{name}: {error}.")
    return page


def _written(
    page: RawPage | Rejected, job: Job, tools: stages.Tools, earlier: PreviousWorkFile
) -> list[tuple[Line, bytes]]:
    """The lines of a document, each with its bytes; a document whose rows cannot be written is rejected."""
    from pipeline.export import rows

    try:
        return [(line, _encoded(line)) for line in _lines_of(page, job, tools, earlier)]
    except UserError:
        raise
    except Exception as error:  # whatever one document does, the run goes on
        name, said = writable(page.document_id), f"{type(error).__name__}: {error}".rstrip(".")
        reason = f"{name}: its rows cannot be written ({said}); please report this file."
        rejected = Rejected(name, job.source.name, "export", writable(reason), is_transient(error))
        row = rows.rejected(rejected, "", tools.rules.hash)
        return [(line, _encoded(line)) for line in _rejected(rejected, "", row)]


def _lines_of(page: RawPage | Rejected, job: Job, tools: stages.Tools, earlier: PreviousWorkFile) -> Iterator[Line]:
    from pipeline.export import rows

    if isinstance(page, Rejected):
        yield from _rejected(page, "", rows.rejected(page, "", tools.rules.hash))
        return
    made_of = digest(*astuple(page))
    key = digest(job.hashes.whole, made_of)
    if known := earlier.lines(page.document_id, key):
        yield from known
        return
    memory = _Memory(page, digest(job.hashes.article, made_of), job.hashes.mechanisms, earlier)
    limits = limited(job.settings.max_seconds, job.settings.max_memory)
    result = stages.process_within(limits, page, tools, job.to, memory.recall)
    if isinstance(result, Rejected):
        yield from _rejected(result, key, rows.rejected(result, page.source.sha256, tools.rules.hash))
        return
    yield [_KEY, page.document_id, key]
    if states := memory.states(result):
        yield [_SAVED, states]
    yield from map(list, rows.document_of(result, tools.rules.hash).rows())


def _rejected(one: Rejected, key: str, row: Iterable[Any]) -> Iterator[Line]:
    yield [_KEY, one.document_id, "" if one.transient else key]
    yield list(row)
    if one.transient:
        yield _RETRY


class _Memory:
    """A cache of the states of a document from an earlier run, as far as their keys still match."""

    def __init__(self, page: RawPage, article_key: str, mechanisms_hash: str, earlier: PreviousWorkFile) -> None:
        self._page, self._article_key, self._mechanisms_hash = page, article_key, mechanisms_hash
        self._known = earlier.states(page.document_id)

    def recall(self, stage: str, state: RawPage | State) -> State | None:
        """What a stage makes of a state, if that is known."""
        if stage in _TO_ARTICLE and self._article:
            return self._article.page if stage == _TO_ARTICLE[0] else self._article
        if isinstance(state, CleanArticle):
            key, known = self._known.get("findings", ("", []))
            if key == self._findings_key(state):
                return saved.findings(state, known)
        return None

    def states(self, state: State) -> dict[str, Any]:
        """What to save of a state, with keys."""
        kept: dict[str, Any] = {}
        if isinstance(state, Findings):
            kept["findings"] = [self._findings_key(state.clean), saved.dump_findings(state)]
            state = state.clean
        article = state.article if isinstance(state, CleanArticle) else state
        if isinstance(article, Article):
            kept["article"] = [self._article_key, saved.dump_article(article)]
        return kept

    @cached_property
    def _article(self) -> Article | None:
        key, known = self._known.get("article", ("", []))
        return saved.article(self._page, known) if key == self._article_key else None

    def _findings_key(self, clean: CleanArticle) -> str:
        return digest(self._mechanisms_hash, clean.metadata.language, clean.blocks, clean.text.text)


def _signature(row: dict[str, Any], at: int) -> str:
    from pipeline.running.near_duplicates import signature

    return json.dumps([*signature(row["document_id"], row["text"]), at]) + "\n"
