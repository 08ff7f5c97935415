"""A work file on which a process died is done in a process of its own, of which this one sees how it ends.

``python -m pipeline.running.isolation`` is that process: it reads a job from standard input, and ends when that closes.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

from pipeline.errors import UserError
from pipeline.running.attempts import charge, guard, suspects
from pipeline.running.work_files import Job, is_sound, run_job, was_quarantined
from pipeline.version import CODE

DYING = "worker processes keep dying, perhaps for want of memory; what is done stays, try fewer workers."
_ATTEMPTS = 20  # deaths in a row that no document can be charged with, at most
_USER_ERROR = 3  # an exit code


def run(job: Job) -> Job:
    """Turn an input file into its work file, here or, if a process has died of it, in a process of its own.

    Raises:
        UserError: the settings, rules or model cannot be used, or processes keep dying.
    """
    if is_sound(job):
        return job
    if suspects(job.work, job.key) or was_quarantined(job.work):
        _run_isolated(job)
        return job
    return run_job(job)


def _run_isolated(job: Job) -> None:
    vain = 0
    while vain < _ATTEMPTS:
        code, said = _ended(job)
        if code == _USER_ERROR:
            raise UserError(said)
        if code == 0:
            return
        if charge(job.work, job.key) is None:
            vain += 1
    raise UserError(DYING)


def _ended(job: Job) -> tuple[int, str]:
    """How the process of a job ended, and what it said."""
    path = os.pathsep.join([str(CODE.parent), *filter(None, sys.path)])
    command = [sys.executable, "-P", "-m", "pipeline.running.isolation"]
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": path}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(pickle.dumps(job))
            process.stdin.flush()  # and not closed: that would end the process
            said = process.stdout.read().decode("utf-8", "replace")
        except BrokenPipeError:
            said = ""
        except BaseException:
            process.terminate()
            raise
        return process.wait(), said


def main() -> int:
    """Do the job that standard input holds."""
    job: Job = pickle.load(sys.stdin.buffer)
    guard(lambda: os.read(sys.stdin.fileno(), 1))  # and not through its buffer, whose lock would be held at the end
    try:
        run_job(job, alone=True)
    except UserError as error:
        sys.stdout.buffer.write(str(error).encode("utf-8", "replace"))
        return _USER_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main())
