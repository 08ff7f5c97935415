"""Ways to run jobs: serially in this process, in several local processes, or as Ray tasks.

Workers get and return job descriptions only; results are files. A job can be retried at any time, for its work file
appears by atomic rename: a worker that dies costs only the file it was working on, and a document that kills its
workers is quarantined (``attempts``, ``isolation``).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from pipeline.errors import UserError
from pipeline.running import isolation
from pipeline.running.attempts import guard_worker, traces
from pipeline.running.work_files import Job, is_sound

Engine = Callable[[list[Job]], Iterable[Job]]
_SHARD = 1_000_000  # input bytes per shard, at most
_PER_WORKER = 8  # shards per worker, at least, so that none is idle for long at the end
_IN_FLIGHT = 2000  # tasks that Ray is given at once; each wait looks at all of them
_ATTEMPTS = 20  # crashes in a row without progress (a finished file or a trace of a death), at most


def shards(jobs: list[Job], workers: int) -> list[list[Job]]:
    """Group jobs into shards, in order: dispatching a small file alone would take longer than processing it."""
    total = sum(job.size for job in jobs)
    wanted = min(_SHARD, total // (_PER_WORKER * workers))
    groups: list[list[Job]] = []
    room = 0
    for job in jobs:
        if room <= 0:
            groups.append([])
            room = wanted
        groups[-1].append(job)
        room -= job.size
    return groups


def run_shard(jobs: list[Job]) -> list[Job]:
    """Run the jobs of a shard in turn; those finished before a worker died are skipped."""
    return [isolation.run(job) for job in jobs]


def serial(jobs: list[Job]) -> Iterator[Job]:
    """One after another in this process."""
    yield from map(isolation.run, jobs)


def local(jobs: list[Job], workers: int) -> Iterator[Job]:
    """Run jobs in ``workers`` new processes on this machine; when one dies, a new pool runs the remaining jobs."""
    from concurrent.futures.process import BrokenProcessPool

    left = _Remaining(jobs)
    while left.jobs:
        try:
            yield from _pooled(left.jobs, workers)
            return
        except BrokenProcessPool as error:
            left.prepare_retry(error)


def _pooled(jobs: list[Job], workers: int) -> Iterator[Job]:
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import active_children, get_context

    spawn = get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(jobs)), mp_context=spawn, initializer=guard_worker)
    try:
        for done in as_completed([pool.submit(run_shard, shard) for shard in shards(jobs, workers)]):
            yield from done.result()
    except BaseException:  # cancel what has not started, and let the workers exit cleanly
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown()


class _Remaining:
    """Jobs that remain when workers crash, and the number of crashes in a row without progress."""

    def __init__(self, jobs: list[Job]) -> None:
        self.jobs = jobs
        self._progress = self._measured()
        self._vain = 0

    def prepare_retry(self, error: Exception) -> None:
        """Drop the finished jobs.

        Raises:
            UserError: there were too many crashes in a row without progress.
        """
        self.jobs = [job for job in self.jobs if not is_sound(job)]
        before, self._progress = self._progress, self._measured()
        self._vain = 0 if self._progress != before else self._vain + 1
        if self._vain >= _ATTEMPTS:
            raise UserError(isolation.DYING) from error

    def _measured(self) -> tuple[int, int]:
        """How many files are left, and how many deaths are on record for them."""
        return len(self.jobs), sum(traces(job.work) for job in self.jobs)


def ray(jobs: list[Job], workers: int) -> Iterator[Job]:
    """As tasks of Ray: on this machine, or on the cluster that RAY_ADDRESS names."""
    if not jobs:
        return
    library = _ray()
    if not library.is_initialized():
        cpus = None if os.environ.get("RAY_ADDRESS") else workers  # a cluster knows its own
        library.init(num_cpus=cpus, include_dashboard=False, log_to_driver=False)
    died = library.exceptions
    task = library.remote(max_retries=0)(run_shard)  # we try again ourselves, with what is left
    ahead = deque(shards(jobs, workers))
    waiting: dict[Any, _Remaining] = {}
    while ahead or waiting:
        while ahead and len(waiting) < _IN_FLIGHT:
            shard = ahead.popleft()
            waiting[task.remote(shard)] = _Remaining(shard)
        (done,), _ = library.wait(list(waiting))
        left = waiting.pop(done)
        try:
            yield from library.get(done)
        except died.RayTaskError as error:
            raise error.cause from error  # which says it without the traceback of a worker
        except (died.WorkerCrashedError, died.NodeDiedError, died.OutOfMemoryError) as error:
            left.prepare_retry(error)
            waiting[task.remote(left.jobs)] = left


def _ray() -> Any:
    try:
        import ray as library
    except ImportError as error:
        raise UserError("the ray engine needs a package that is not there: pip install ray.") from error
    return library


NAMES = ("serial", "local", "ray")


def engine(name: str, workers: int) -> Engine:
    """The engine of a name; ``workers`` is for those that use several processes.

    Raises:
        UserError: there is no such engine.
    """
    if name not in NAMES:
        raise UserError(f"there is no engine {name!r}; the engines are {', '.join(NAMES)}.")
    return serial if name == "serial" else partial(local if name == "local" else ray, workers=workers)
