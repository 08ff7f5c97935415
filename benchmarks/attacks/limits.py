"""Limits that must hold, settings that are none, models and rules that do not work, and ends that come from outside."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable

from benchmarks.attacks.documents import answer, record
from benchmarks.attacks.place import GOOD, ROOT, Attack, Place

SLOW = f"""
[[rule]]
id = "slow"
match = '(z|zz)+!'
reason = "it backtracks"
examples = ["zzz!"]
counter_examples = ["{"z" * 90}"]
"""
DYING = """
import os, signal
import pipeline.content as content
original = content.content
def dies(page, rules, settings=None):
    if "POISON" in page.raw.text:
        os.kill(os.getpid(), signal.{})
    return original(page, rules, settings)
content.content = dies
"""


def settings(text: str, *, to: str = "content", seconds: float = 60) -> Callable[[Place], str]:
    """A settings file."""

    def does(place: Place) -> str:
        place.write("a.txt", GOOD)
        (place.folder / "pipeline.toml").write_text(text)
        return place.run(to=to, timeout=seconds).said

    return does


def variable(name: str, value: str) -> Callable[[Place], str]:
    """A setting in the environment."""

    def does(place: Place) -> str:
        place.write("a.txt", GOOD)
        return place.run(**{name: value}).said

    return does


def newlines(place: Place) -> str:
    place.write("good.txt", GOOD)
    place.write("a.warc", record(answer(f"<p>{GOOD}</p>".encode())) + b"\n" * 60_000_000)
    (place.folder / "pipeline.toml").write_text("max_seconds = 2")
    seen = place.seen()
    return f"{seen}, {'max_seconds = 2' in place.rows('rejected')[0]['reason']}"


def long_line(place: Place) -> str:
    place.write("good.txt", GOOD)
    with (place.raw / "a.jsonl").open("wb") as file:
        file.truncate(2_000_000_000)
        file.seek(0, os.SEEK_END)
        file.write(b'\n{"id": "after", "text": "' + GOOD.encode() + b'"}\n')
    return place.seen()


def sparse(place: Place) -> str:
    place.write("good.txt", GOOD)
    for name in ("a.txt", "b.html", "c.xml", "d.epub", "e.mhtml"):
        with (place.raw / name).open("wb") as file:
            file.truncate(3_000_000_000)
    return place.seen()


def a_million_lines(place: Place) -> str:
    place.write("good.txt", GOOD)
    place.write("a.txt", f"{GOOD}\n" + "x\n" * 1_000_000)
    return place.seen()


def slow_rule(place: Place) -> str:
    place.write("good.txt", GOOD)
    place.write("a.txt", f"{GOOD}\n\n{'z' * 90}")
    (place.folder / "own").mkdir()
    (place.folder / "own" / "boilerplate.toml").write_text(SLOW)
    (place.folder / "pipeline.toml").write_text("max_seconds = 3")
    seen = place.seen("--rules", "own")
    return f"{seen}, named: {chr(39)}slow{chr(39)}" if "'slow'" in place.rows("rejected")[0]["reason"] else seen


def slow_check(place: Place) -> str:
    (place.folder / "own").mkdir()
    (place.folder / "own" / "boilerplate.toml").write_text(SLOW)
    done = place.call("rules", "check", "own", timeout=60)
    return f"{done.said}, {'slow: takes more than 10 seconds' in done.out}"


def broken_model(place: Place) -> str:
    place.write("a.txt", GOOD)
    (place.folder / "model").mkdir()
    (place.folder / "model" / "config.cfg").write_text("[nlp]\nlang = 'en'\n")
    (place.folder / "model" / "meta.json").write_text("{")
    return place.run("--model", "model", to="mechanisms").said


def little_memory(place: Place) -> str:
    for number in range(3):
        place.write(f"{number}.txt", GOOD)
    done = place.run(to="mechanisms", limits={resource.RLIMIT_AS: 600_000_000}, OPENBLAS_NUM_THREADS="1")
    return f"TRACEBACK {done.err[-200:]}" if "Traceback" in done.err or done.code not in (0, 2) else "exit 0 or 2"


def paused(place: Place) -> str:
    for number in range(30):
        place.write(f"{number}.txt", GOOD * 30)
    (place.folder / "pipeline.toml").write_text("max_seconds = 2")
    with place.start("--to", "content") as run:
        place.wait_for_work()
        run.send_signal(signal.SIGSTOP)
        time.sleep(20)
        run.send_signal(signal.SIGCONT)
    return f"exit {run.returncode}; {place.seen()}"


def stopped(number: int) -> Callable[[Place], str]:
    """A run that is told to end, and its next one."""

    def heed() -> None:  # where these calls are started in the background, signals may be ignored
        for one in (signal.SIGINT, signal.SIGHUP):
            signal.signal(one, signal.SIG_DFL)

    def does(place: Place) -> str:
        for one in range(60):
            place.write(f"{one}.txt", GOOD * 20)
        with place.start(preexec_fn=heed) as run:
            while len(place.work()) < 3:
                time.sleep(0.01)
            run.send_signal(number)
        left = len(place.work(".attempt"))
        return f"exit {run.returncode}, {left} attempts; {place.seen(to='mechanisms')}"

    return does


def dying(name: str, *options: str) -> Callable[[Place], str]:
    """Two documents that end their process by a signal; the serial engine ends with it, and is called again."""

    def does(place: Place) -> str:
        (place.folder / "sitecustomize.py").write_text(DYING.format(name))
        for number in range(10):
            place.write(f"{number}.txt", GOOD)
        place.lines("c.jsonl", *({"id": one, "text": f"{'POISON ' * (one == 'p')}{GOOD}"} for one in "xpy"))
        place.write("p.txt", f"POISON {GOOD}")
        path = os.pathsep.join((str(ROOT), str(place.folder)))
        for _ in range(6):
            done = place.run(*options, PYTHONPATH=path)
            if done.code >= 0:
                break
        return f"{place.counted(done)}, {' '.join(place.ids('rejected'))}"

    return does


ASIDE = "exit 0, 12 documents, 2 rejected, c.jsonl#p p.txt"
ATTACKS = (
    Attack("PIPELINE_WORKERS=²", variable("PIPELINE_WORKERS", "²"), "exit 2"),
    Attack("PIPELINE_MAX_SECONDS of 20 digits", variable("PIPELINE_MAX_SECONDS", "9" * 20), "exit 2"),
    Attack("PIPELINE_MAX_BYTES of 6,000 digits", variable("PIPELINE_MAX_BYTES", "9" * 6000), "exit 2", new=True),
    Attack("a limit of 0", settings("max_memory = 0"), "exit 2"),
    Attack("a setting of 6,000 digits", settings(f"max_bytes = {'9' * 6000}"), "exit 2", new=True),
    Attack("settings of 3,000 brackets", settings(f"model = {'[' * 3000}"), "exit 2", new=True),
    Attack(
        "60 MB of empty lines in a WARC, within 2 seconds", newlines, "exit 0, 2 documents, 16 rejected, True"
    ),  # a row for each part
    Attack("a line of 2 GB", long_line, "exit 0, 2 documents, 1 rejected"),
    Attack("files of 3 GB", sparse, "exit 0, 1 documents, 5 rejected"),
    Attack("a million lines", a_million_lines, "exit 0, 2 documents, 0 rejected"),
    Attack("a slow expression in a rule of one's own", slow_rule, "exit 0, 1 documents, 1 rejected, named: 'slow'"),
    Attack("a slow expression in rules check", slow_check, "exit 1, True"),
    Attack("a model that is damaged", broken_model, "exit 2"),
    Attack("600 MB of address space", little_memory, "exit 0 or 2"),
    Attack("a pause of 20 seconds, with 2 seconds a document", paused, "exit 0; exit 0, 30 documents, 0 rejected"),
    Attack(
        "Ctrl-C, and the same command again",
        stopped(signal.SIGINT),
        "exit 130, 0 attempts; exit 0, 60 documents, 0 rejected",
    ),
    Attack(
        "SIGTERM, and the same command again",
        stopped(signal.SIGTERM),
        "exit 130, 0 attempts; exit 0, 60 documents, 0 rejected",
    ),
    Attack(
        "SIGHUP, and the same command again",
        stopped(signal.SIGHUP),
        "exit 130, 0 attempts; exit 0, 60 documents, 0 rejected",
    ),
    Attack("two documents that crash (SIGSEGV), serial", dying("SIGSEGV"), ASIDE, new=True),
    Attack(
        "two documents that crash (SIGSEGV), local",
        dying("SIGSEGV", "--engine", "local", "--workers", "2"),
        ASIDE,
        new=True,
    ),
    Attack("two documents that are killed (SIGKILL), serial", dying("SIGKILL"), ASIDE),
    Attack(
        "two documents that are killed (SIGKILL), local", dying("SIGKILL", "--engine", "local", "--workers", "2"), ASIDE
    ),
)
