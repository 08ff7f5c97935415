"""What leaves: graphs that parse, cells that nothing runs, the same bytes whatever stands around the run."""

from __future__ import annotations

import csv
import html
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable

from benchmarks.attacks.place import GOOD, ROOT, Attack, Place

ODD = 'Zinc\x01\x0b\ufffe\uffff\ud7ff & <b> "x" ]]> blocks NMDA\x85 receptors. Ketamine\u2028 blocks NMDA receptors.'


def graph(place: Place) -> str:
    place.write("a.txt", ODD)
    place.lines("b.jsonl", {"id": "]]>&<\x01\ufffe", "text": ODD})
    seen = place.seen(to="mechanisms")
    root = ET.parse(place.out / "graph.graphml").getroot()
    return f"{seen}, {root.tag.rpartition('}')[2]}"


def cells(*options: str) -> Callable[[Place], str]:
    def does(place: Place) -> str:
        for number, start in enumerate(("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1")):
            place.lines(f"{number}.jsonl", {"id": "x", "title": f"{start} title", "text": f"{start} {GOOD}"})
        place.run(*options)
        csv.field_size_limit(10**7)
        rows = [row for path in sorted(place.out.glob("*.csv")) for row in csv.reader(path.open(newline=""))]
        bad = sum(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
        plain = sum(row["title"].startswith(("=", "+", "-", "@")) for row in place.rows("documents"))
        return f"{'none' if not bad else 'some'} in CSV, {plain} in JSON"

    return does


def surroundings(place: Place) -> str:
    for number in range(8):
        place.write(f"{number}.html", f"<p>{GOOD} {number}</p><p>Zinc ,copper.</p>")
    found = []
    for number, around in enumerate((
        {}, {"PYTHONHASHSEED": "7"}, {"LC_ALL": "C"}, {"TZ": "Asia/Tokyo"}, {"COLUMNS": "20"}, {"HOME": "/nowhere"},
        {"PYTHONUTF8": "0", "LC_ALL": "C"}, {"OMP_NUM_THREADS": "1"},
    )):  # fmt: skip
        place.out = place.folder / f"out{number}"
        place.run(to="mechanisms", out=place.out, **around)
        found.append(place.files())
    place.out = place.folder / "local"
    place.run("--engine", "local", "--workers", "3", to="mechanisms", out=place.out)
    found.append(place.files())
    return f"{len(found)} runs, {len({tuple(one.items()) for one in found})} result"


def closed_streams(place: Place) -> str:
    place.write("a.txt", GOOD)
    command = f"exec {sys.executable} -m pipeline run raw out --to content <&- >&- 2>&-"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, shell=True, cwd=place.folder, env=environment, check=False)
    return f"exit {done.returncode}; {place.seen()}"


def report(place: Place) -> str:
    hostile = "</script><script>alert(1)</script> <img src=x onerror=alert(1)>"
    place.write("a.html", f"<p>{GOOD} {html.escape(hostile)}</p>")
    place.run(to="mechanisms")
    done = place.call("report", "out")
    page = (place.out / "report/index.html").read_text("utf-8")
    return f"{done.said}, {page.count('alert(1)')} alerts, {len(re.findall('(?:src|href)=.?http', page))} addresses"


def undone(place: Place) -> str:
    text = f"<p>{GOOD} ,and&nbsp;so\r\non \ufeff\u200b</p>\r<p>\0x\x1b</p>"
    place.write("a.html", text)
    place.run(to="mechanisms")
    done = place.call("undo", "a.html", "--tables", "out")
    return f"{done.said}, {done.out == text}"


ATTACKS = (
    Attack("characters that XML has not, in names and ids", graph, "exit 0, 2 documents, 0 rejected, graphml"),
    Attack("cells that a spreadsheet would run, --csv-safe", cells("--csv-safe"), "none in CSV, 4 in JSON"),
    Attack("cells that a spreadsheet would run", cells(), "some in CSV, 4 in JSON"),
    Attack("seed, locale, time zone, home, threads, engine", surroundings, "9 runs, 1 result"),
    Attack("no standard streams", closed_streams, "exit 0; exit 0, 1 documents, 0 rejected", new=True),
    Attack("scripts in a text, in the report", report, "exit 0, 0 alerts, 0 addresses"),
    Attack("a text of odd characters, undone", undone, "exit 0, True", new=True),
)
