"""Limits on CPU time and memory for one document, which hold in compiled code, too.

The kernel enforces them, not a thread of ours, which compiled code can block. When the time is up, a signal raises
``LimitError`` as soon as Python code runs; where it never runs again, the kernel ends the process (RLIMIT_CPU), and the
attempt file tells which document it was at. Both count computing time, so a process that was paused loses nothing.
Memory that is not granted raises ``MemoryError``. The time limit works on Unix, the memory limit on Linux, and both in
the main thread only.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from types import FrameType

_GRACE = 10  # seconds, besides twice the limit, until the kernel ends the process
_AGAIN = 1.0  # seconds after which the signal comes again, for a library may have swallowed the first
_STATM = Path("/proc/self/statm")
_GRANTED = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_DATA = 5  # the place of data and stack, in pages, among its numbers


class LimitError(BaseException):
    """A document takes more time or memory than the settings allow.

    It passes whatever handles an ``Exception``, as KeyboardInterrupt does: a reader or a library that takes any error
    for damage in a file would go on without a limit.
    """


@contextmanager
def limited(max_seconds: int, max_memory: int) -> Iterator[None]:
    """Limit what is done here to seconds of computing time, and to megabytes more than are in use.

    Raises:
        LimitError: one of the limits is reached.
    """
    if not _can_signal():
        yield
        return
    with ExitStack() as stack:
        stack.enter_context(_time(max_seconds))
        if sys.platform == "linux":
            stack.enter_context(_memory(max_memory))
        yield


@contextmanager
def time_limited(max_seconds: int) -> Iterator[None]:
    """Limit what is done here to seconds of computing time, in a process that is not ours to end.

    Compiled code that never comes back is not stopped; and only the main thread, on Unix, can be told that time is up.

    Raises:
        LimitError: the limit is reached.
    """
    if not _can_signal():
        yield
        return
    with _signal_after(max_seconds):
        yield


@cache
def machine_memory() -> int:
    """Gigabytes of memory that this machine has, or that its container grants; 0 where it does not say."""
    known = []
    with suppress(OSError, ValueError, AttributeError):
        known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for path in _GRANTED:
        with suppress(OSError, ValueError):  # there is no such file, or it says "max"
            known.append(int(path.read_text()))
    return max(1, round(min(known) / 1e9)) if known else 0


def _can_signal() -> bool:
    return threading.current_thread() is threading.main_thread() and sys.platform != "win32"


@contextmanager
def _time(seconds: int) -> Iterator[None]:
    import resource

    before, most = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = math.ceil(time.process_time()) + 2 * seconds + _GRACE
    ours = (before == resource.RLIM_INFINITY or wanted < before) and (most == resource.RLIM_INFINITY or wanted < most)
    if ours:
        resource.setrlimit(resource.RLIMIT_CPU, (wanted, most))
    try:
        with _signal_after(seconds):
            yield
    finally:
        if ours:
            resource.setrlimit(resource.RLIMIT_CPU, (before, most))


@contextmanager
def _signal_after(seconds: int) -> Iterator[None]:
    def over(_number: int, _frame: FrameType | None) -> None:
        raise LimitError(f"it took more than max_seconds = {seconds:,} of computing time; raise it in pipeline.toml")

    before = signal.signal(signal.SIGPROF, over)
    timer = signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        signal.setitimer(signal.ITIMER_PROF, *timer)  # a profiler's, where one is at work


@contextmanager
def _memory(megabytes: int) -> Iterator[None]:
    import resource

    used = int(_STATM.read_text().split()[_DATA]) * resource.getpagesize()
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = used + megabytes * 1_000_000
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))
    try:
        yield
    except MemoryError as error:
        reason = f"it needed more than max_memory = {megabytes:,} MB; raise it in pipeline.toml"
        raise LimitError(reason) from error
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))
