"""Work files, the checkpoints of a run: the rows of one input file, or of one part of a large one.

A work file is written under a temporary name and renamed atomically, so a run may be killed at any point. It holds a
key, a hash of everything that determines its content, and one for each document; so when a file has changed, only the
changed documents are redone, and of those only the stages that have changed. It is complete unless a failure of the
machine or the network kept something from being read, which is retried. Its layout is that of ``layout``.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from pipeline import stages
from pipeline.errors import UserError, is_transient
from pipeline.export.files import temporary
from pipeline.export.names import Row
from pipeline.limits import LimitError, limited, machine_memory
from pipeline.readers.common import writable
from pipeline.readers.inputs import WORK, Input
from pipeline.records import Article, CleanArticle, Findings, RawPage, Rejected
from pipeline.running import layout, saved
from pipeline.running.attempts import READING, Attempt, attempt
from pipeline.running.fingerprints import Fingerprints, digest
from pipeline.running.layout import SAVED, Line, PreviousWorkFile, encoded
from pipeline.settings import Settings
from pipeline.stages import NAMES, State

FOLDER = WORK
# Bytes of a large input file per job, some minutes of work; and jobs per file, at most: each has to read past the
# parts before its own, which takes about a hundredth of the time of processing them.
PART, _PARTS = 4_000_000, 16
_TO_ARTICLE = NAMES[:2]
QUARANTINED = "run"  # the stage that a document gets no further than if it ends its process


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
    memory: int = 0  # gigabytes of the machine that drives the run

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
    memory = machine_memory()
    for number, start in enumerate(range(0, max(source.size, 1), size)):
        work = folder / (f"{name}-{number}.jsonl" if number else f"{name}.jsonl")
        last = start + size >= source.size  # which has no end, for a file may grow while it is read
        part = range(start, WHOLE.stop if last else start + size)
        yield Job(source, part, work, digest(key, part), hashes, settings, to, memory)


def _part_size(size: int) -> int:
    """Bytes per part; they double in steps, so that a file that grows a little keeps its parts."""
    part = PART
    while size > _PARTS * part:
        part *= 2
    return part


def is_done(job: Job) -> bool:
    """Whether a work file is complete, and made from the same input, program and settings; nothing else is read of it.

    What was quarantined on a machine of another memory is to be tried again.
    """
    try:
        with job.work.open("rb") as file:
            of_this, end = layout.key_of(file) == job.key, layout.end_of(file)
        size = signatures_path(job.work).stat().st_size
    except (OSError, ValueError, RecursionError):
        return False
    return of_this and end is not None and end.complete and end.signatures == size and end.memory in (0, job.memory)


def is_sound(job: Job) -> bool:
    """Whether a work file is done, and every checksum in it holds."""
    return is_done(job) and layout.is_intact(job.work, signatures_path(job.work))


def was_quarantined(work: Path) -> bool:
    """Whether a document of a work file was quarantined."""
    try:
        with work.open("rb") as file:
            end = layout.end_of(file)
    except OSError:
        return False
    return end is not None and end.memory > 0


def run_job(job: Job, *, alone: bool = False) -> Job:
    """Turn one input file, or one part, into its work file; ``alone``: in a process that does nothing else."""
    tools, aside, signatures = stages.cached_tools(job.settings), temporary(job.work), []
    if job.to == NAMES[-1] and (alone or not job.work.exists()):
        _ = tools.finder  # to load it takes long, and no document is to blame for what happens meanwhile
    complete, quarantined = True, False
    with attempt(job.work, job.key) as current, PreviousWorkFile(job.work) as earlier:
        with aside.open("wb") as file:
            file.write(layout.header(job.key))
            for page in _documents(job, current):
                one = _written(page, job, tools, earlier)
                complete, quarantined = complete and not one.again, quarantined or one.quarantined
                head = layout.head(one.document_id, one.key, b"".join(one.lines))
                if one.text is not None and job.to != NAMES[0]:  # before content a page is its markup
                    at = file.tell() + len(head) + one.place
                    signatures.append(_signature(one.document_id, one.text, at))
                file.write(head)
                file.writelines(one.lines)
            held, memory = b"".join(signatures), job.memory if quarantined else 0
            file.write(layout.End(complete, len(held), zlib.crc32(held), memory).encoded())
        # The old work file is deleted first, the new one renamed last: where one exists, the signatures are its own.
        job.work.unlink(missing_ok=True)
        own = temporary(signatures_path(job.work))
        own.write_bytes(held)
        own.replace(signatures_path(job.work))
        aside.replace(job.work)
    return job


def signatures_path(work: Path) -> Path:
    """The file of the signatures of a work file's documents, each with the byte offset of the document's row."""
    return work.with_suffix(".signatures")


def rows_of(work: Path) -> Iterator[Row]:
    """The rows of a work file."""
    for (table, values), line in layout.rows(work):
        yield Row(table, values, line[line.index(b"{") : -2].decode("utf-8"))


def text_at(work: Path, offset: int) -> str:
    """The text of the document whose row begins at a byte offset of a work file."""
    with work.open("rb") as file:
        file.seek(offset)
        return str(orjson.loads(file.readline())[1]["text"])


def _documents(job: Job, current: Attempt) -> Iterator[RawPage | Rejected]:
    """The documents of a job, each marked as attempted first; what killed its process too often is rejected."""
    from pipeline import readers

    reason = "it ended the process more than once and was set aside; please report this file."
    if current.is_quarantined(READING):
        name = job.source.name
        unread = readers.rest_of(name, job.part) if job.part.start else name
        yield Rejected(unread, name, QUARANTINED, f"{name}: reading {reason}")
        return
    current.begin(READING)
    pages = readers.steps(job.source, job.settings.max_bytes, job.part)
    while page := _next(pages, job):
        if current.is_quarantined(page.document_id) and isinstance(page, RawPage):
            yield Rejected(page.document_id, page.source.path, QUARANTINED, f"{page.document_id}: {reason}")
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


@dataclass(slots=True)
class _Written:
    """What a document adds to a work file; ``text`` and ``place``: its clean text, and where the row of it begins."""

    document_id: str
    key: str
    lines: list[bytes] = field(default_factory=list)
    text: str | None = None
    place: int = 0
    again: bool = False
    quarantined: bool = False

    def add(self, line: Line, data: bytes) -> None:
        """Append a line."""
        if line[0] == "documents":
            self.text, self.place = line[1]["text"], sum(map(len, self.lines))
        self.lines.append(data)


def _written(page: RawPage | Rejected, job: Job, tools: stages.Tools, earlier: PreviousWorkFile) -> _Written:
    """The lines of a document; one whose rows cannot be written is rejected."""
    try:
        return _written_page(page, job, tools, earlier) if isinstance(page, RawPage) else _rejected(page, tools)
    except UserError:
        raise
    except Exception as error:  # whatever one document does, the run goes on
        name, said = writable(page.document_id), f"{type(error).__name__}: {error}".rstrip(".")
        reason = f"{name}: its rows cannot be written ({said}); please report this file."
        return _rejected(Rejected(name, job.source.name, "export", writable(reason), is_transient(error)), tools)


def _written_page(page: RawPage, job: Job, tools: stages.Tools, earlier: PreviousWorkFile) -> _Written:
    from pipeline.export import rows

    made_of = digest(*astuple(page))
    one = _Written(page.document_id, digest(job.hashes.whole, made_of))
    for data in earlier.lines(page.document_id, one.key):
        one.add(orjson.loads(data), data)
    if one.lines:
        return one
    memory = _Memory(page, digest(job.hashes.article, made_of), job.hashes.mechanisms, earlier)
    limits = limited(job.settings.max_seconds, job.settings.max_memory)
    result = stages.process_within(limits, page, tools, job.to, memory.recall)
    if isinstance(result, Rejected):
        return _rejected(result, tools, one.key, page.source.sha256)
    states = memory.states(result)
    for line in (*([[SAVED, states]] if states else []), *map(list, rows.document_of(result, tools.rules.hash).rows())):
        one.add(line, encoded(line))
    return one


def _rejected(what: Rejected, tools: stages.Tools, key: str = "", source_sha256: str = "") -> _Written:
    from pipeline.export import rows

    again, quarantined = what.transient, what.stage == QUARANTINED
    one = _Written(what.document_id, "" if again else key, again=again, quarantined=quarantined)
    line = list(rows.rejected(what, source_sha256, tools.rules.hash))
    one.add(line, encoded(line))
    return one


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


def _signature(document_id: str, text: str, at: int) -> bytes:
    from pipeline.running.near_duplicates import signature

    return encoded([*signature(document_id, text), at])
