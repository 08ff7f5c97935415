"""Ways to run jobs: one after another here, or in several processes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context

from pipeline.errors import UserError
from pipeline.run import Job, run_file

Engine = Callable[[list[Job]], Iterable[Job]]


def serial(jobs: list[Job]) -> Iterator[Job]:
    """One after another in this process."""
    yield from map(run_file, jobs)


def local(jobs: list[Job], workers: int) -> Iterator[Job]:
    """In ``workers`` fresh processes of this machine."""
    if not jobs:
        return
    spawn = get_context("spawn")
    try:
        with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=spawn, initializer=_end_on_interrupt) as pool:
            for done in as_completed([pool.submit(run_file, job) for job in jobs]):
                yield done.result()
    except BrokenProcessPool as error:
        reason = "a worker process died, perhaps for want of memory; what is done stays, the same command goes on."
        raise UserError(reason) from error


def _end_on_interrupt() -> None:
    """Ctrl-C reaches every process: the workers end at once, the driver says what that means."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def engine(name: str, workers: int) -> Engine:
    """The engine of a name; ``workers`` is for those that use several processes."""
    return serial if name == "serial" else partial(local, workers=workers)


NAMES = ("serial", "local")
