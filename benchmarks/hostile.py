"""``python -m benchmarks.hostile``: pages made to stop a parser, and what they cost: seconds, memory, and growth.

Each is read up to the main content, once at its size and once at twice that, in a process of its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.damage.document import raw_page
from pipeline import stages
from pipeline.records import Rejected
from pipeline.settings import Settings
from pipeline.stages import State, Tools, process

PROSE = "<p>Sleep clears waste from the brain, and people who sleep well remember more of what they learnt.</p>"
_KILO, _MEGA = 1_000, 1_000_000
# By name: a page of size n, and the n that is measured.
PAGES: dict[str, tuple[Callable[[int], str], int]] = {
    "nested div": (lambda n: "<div>" * n + PROSE + "</div>" * n, 100 * _KILO),
    "nested div, never closed": (lambda n: "<div>" * n + PROSE, 100 * _KILO),
    "nested b, i and span, never closed": (lambda n: "<b><i><span>x" * n + PROSE, 20 * _KILO),
    "nested tables": (lambda n: "<table><tr><td>" * n + PROSE + "</td></tr></table>" * n, 5 * _KILO),
    "nested lists": (lambda n: "<ul><li>x" * n + PROSE, 20 * _KILO),
    "nested select and option": (lambda n: "<form><select><option>x" * n + PROSE, 20 * _KILO),
    "nested quotes with classes": (lambda n: '<blockquote class="post">x' * n + PROSE, 20 * _KILO),
    "misnested formatting": (lambda n: "<b>" * n + "<i>" * n + "x</b>" * n + PROSE, 5 * _KILO),
    "items within rows, and stray ends": (lambda n: "<li><tr>" * n + PROSE + "</b>" * n, 50 * _KILO),
    "items within rows, and ends far off": (
        lambda n: "<li><tr>" * n + "<dd><td>" * n + PROSE + "</li>" * n, 30 * _KILO,
    ),
    "open links": (lambda n: "<a>" * n + PROSE, 1 * _MEGA),
    "headings, never closed": (lambda n: "<h2>Word" * n + PROSE, 20 * _KILO),
    "cells of one row": (lambda n: "<table><tr>" + "<td>x" * n + "</table>" + PROSE, 50 * _KILO),
    "signs that open nothing": (lambda n: "<!</<?" * n + PROSE, 300 * _KILO),
    "less-than signs": (lambda n: "<" * n + PROSE, 3 * _MEGA),
    "comments, never closed": (lambda n: "<!--" * n + PROSE, 200 * _KILO),
    "quotes, never closed": (lambda n: '<a href="' * n + PROSE, 100 * _KILO),
    "scripts, never closed": (lambda n: "<script>" * n + PROSE, 50 * _KILO),
    "attributes of one tag": (lambda n: "<p " + " ".join(f"a{i}=b" for i in range(n)) + ">" + PROSE, 20 * _KILO),
    "an attribute": (lambda n: f'<img src="data:{"A" * n}">' + PROSE, 12 * _MEGA),
    "a word": (lambda n: f"<p>{'A' * n}</p>" + PROSE, 12 * _MEGA),
    "a paragraph": (lambda n: f"<p>{'word ' * (n // 5)}</p>" + PROSE, 6 * _MEGA),
    "ampersands": (lambda n: "<p>" + "&" * n + "</p>" + PROSE, 1 * _MEGA),
    "references": (lambda n: "<p>" + "&amp;" * n + "</p>" + PROSE, 100 * _KILO),
    "a number's digits": (lambda n: f"<p>&#{'1' * n};</p>" + PROSE, 1 * _MEGA),
    "escaped tags": (lambda n: "&lt;p&gt;x" * n + PROSE, 50 * _KILO),
    "split tags": (lambda n: "< p>x</ p>" * n + PROSE, 15 * _KILO),
    "fences": (lambda n: "```html\n" * n + PROSE, 50 * _KILO),
    "nested data of the page": (
        lambda n: f'<script type="application/ld+json">{"[" * n}</script>' + PROSE, 200 * _KILO,
    ),
    "numbers in data of the page": (
        lambda n: f'<script type="application/ld+json">[{"1," * n}1]</script>' + PROSE, 140 * _KILO,
    ),
}  # fmt: skip
MOST_SECONDS, MOST_BYTES, MOST_GROWTH = 5.0, 2_000_000_000, 2.3


def read(name: str, size: int, tools: Tools) -> tuple[State | Rejected, float]:
    """A page of a size, read up to its main content, and the CPU seconds that took: the less of two times."""
    data = PAGES[name][0](size).encode()
    spent = []
    for _ in range(2):
        start = time.process_time()
        state = process(raw_page("page.html", data), tools, "content")
        spent.append(time.process_time() - start)
    return state, min(spent)


def main(*given: str) -> int:
    """Print a line a page; with a name and a size, the seconds and the memory of that page alone."""
    if len(given) == 2:
        tools = stages.tools(Settings())
        process(raw_page("warm.html", PROSE.encode()), tools, "content")
        print(read(given[0], int(given[1]), tools)[1], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
        return 0
    bad = 0
    for name in given or PAGES:
        size = PAGES[name][1]
        (once, memory), (twice, _more) = (_measured(name, size * factor) for factor in (1, 2))
        growth = twice / max(once, 0.05)
        fails = once > MOST_SECONDS or memory > MOST_BYTES or growth > MOST_GROWTH
        bad += fails
        print(f"{name:38} {once:6.2f} s {memory / 1e6:6.0f} MB  x {growth:.2f}{'  TOO MUCH' * fails}", flush=True)
    print(f"{bad} of {len(given or PAGES)} cost too much")
    return int(bad > 0)


def _measured(name: str, size: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.hostile", name, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    found = done.stdout.split()
    return (float(found[0]), float(found[1])) if len(found) == 2 else (float("inf"), float("inf"))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
