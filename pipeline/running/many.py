"""Many documents, in this process or in several: outcomes in input order, with a bounded window of them in memory.

A document that fails gives a ``Rejected``. So does one that kills its worker process: when a process has died, the
documents in flight are retried, the first of them in a process of its own; one that kills that, too, is the culprit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from pipeline.errors import PipelineError, UserError
from pipeline.export.document import Document
from pipeline.limits import limited, time_limited
from pipeline.readers import READ
from pipeline.records import RawPage, Rejected
from pipeline.running.attempts import guard_worker
from pipeline.running.single import Given, finished, page_within
from pipeline.settings import Settings
from pipeline.stages import cached_tools

Outcome = Document | Rejected
Limits = Callable[[], AbstractContextManager[None]]
_NO_WORKERS = (
    'no worker process could be started; stand the call in a script file, under if __name__ == "__main__": '
    "or use workers=1."
)
_AHEAD = 4  # documents in flight per worker


def clean_many(sources: Iterable[Given], settings: Settings, workers: int) -> Iterator[Outcome]:
    """Yield the outcome of each source, in order.

    Raises:
        UserError: the call is wrong; raised before the first document.
    """
    if isinstance(sources, str | bytes | Path | RawPage) or not isinstance(sources, Iterable):
        raise UserError(f"clean_many takes several documents, not {type(sources).__name__}; give a list, or use clean.")
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise UserError(f"workers must be a whole number, 1 or more, not {workers!r}.")
    cached_tools(settings)  # rules that are wrong are said now
    numbered = enumerate(sources)
    return _serial(numbered, settings) if workers == 1 else _parallel(numbered, settings, workers)


def _serial(numbered: Iterator[tuple[int, Given]], settings: Settings) -> Iterator[Outcome]:
    for number, source in numbered:
        yield _outcome(number, source, settings, partial(time_limited, settings.max_seconds))


def _outcome(number: int, source: Given, settings: Settings, limits: Limits) -> Outcome:
    if isinstance(source, Rejected):
        return source
    name = _name(number, source)
    try:
        page = page_within(limits(), source, settings.max_bytes, name=name)
    except PipelineError as error:
        return Rejected(name, name, READ, str(error) if name in str(error) else f"{name}: {error}")
    return finished(page, settings, limits())


def _name(number: int, source: Given) -> str:
    """What to call a source: a file by its name, a text by its number, from 0."""
    if isinstance(source, RawPage | Rejected):
        return source.document_id
    return source.name if isinstance(source, Path) else f"text-{number}"


def _in_worker(number: int, source: Given, settings: Settings) -> Outcome:
    return _outcome(number, source, settings, partial(limited, settings.max_seconds, settings.max_memory))


def _is_ready() -> None:
    """What a worker does first: a script without a guard would start itself anew instead."""


class _Pool:
    """A process pool that can be restarted when a worker has died."""

    def __init__(self, settings: Settings, workers: int) -> None:
        self._settings, self._workers = settings, workers
        self._executor = self._started(workers)
        try:
            self._executor.submit(_is_ready).result()
        except BrokenProcessPool as error:
            self.close()
            raise UserError(_NO_WORKERS) from error

    def _started(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=guard_worker)

    def submit(self, number: int, source: Given) -> Future[Outcome]:
        if not isinstance(source, Given):  # it may be of a kind that cannot even be sent
            refused: Future[Outcome] = Future()
            refused.set_result(_outcome(number, source, self._settings, nullcontext))
            return refused
        try:
            return self._executor.submit(_in_worker, number, source, self._settings)
        except BrokenProcessPool as error:  # another document broke the pool; its own future says so
            broken: Future[Outcome] = Future()
            broken.set_exception(error)
            return broken

    def renew(self) -> None:
        """Replace the broken pool by a new one."""
        self.close()
        self._executor = self._started(self._workers)

    def run_isolated(self, number: int, source: Given) -> Outcome:
        """Process a document in a process of its own, which no other document can kill."""
        with self._started(1) as executor:
            try:
                return executor.submit(_in_worker, number, source, self._settings).result()
            except BrokenProcessPool:
                name = _name(number, source)
                reason = f"{name}: it ended its process twice and was set aside; please report this document."
                return Rejected(name, name, "run", reason)

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


def _parallel(numbered: Iterator[tuple[int, Given]], settings: Settings, workers: int) -> Iterator[Outcome]:
    pool = _Pool(settings, workers)
    window: deque[tuple[int, Given, Future[Outcome]]] = deque()
    try:
        while True:
            for number, source in islice(numbered, workers * _AHEAD - len(window)):
                window.append((number, source, pool.submit(number, source)))
            if not window:
                return
            number, source, future = window.popleft()
            try:
                outcome = future.result()
            except BrokenProcessPool:
                outcome = pool.run_isolated(number, source)
                pool.renew()
                window = deque((n, one, _kept(done) or pool.submit(n, one)) for n, one, done in window)
            yield outcome
    finally:
        pool.close()


def _kept(future: Future[Outcome]) -> Future[Outcome] | None:
    """A future that was done before its process died."""
    return future if future.done() and not future.exception() else None
