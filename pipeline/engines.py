"""Ways to run jobs: one after another here, or in several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context

from pipeline.run import Job, run_file

Engine = Callable[[list[Job]], Iterable[Job]]


def serial(jobs: list[Job]) -> Iterator[Job]:
    """One after another in this process."""
    yield from map(run_file, jobs)


def local(jobs: list[Job], workers: int) -> Iterator[Job]:
    """In ``workers`` fresh processes of this machine."""
    if not jobs:
        return
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(run_file, job) for job in jobs]):
            yield done.result()


def engine(name: str, workers: int) -> Engine:
    """The engine of a name; ``workers`` is for those that use several processes."""
    return serial if name == "serial" else partial(local, workers=workers)


NAMES = ("serial", "local")
