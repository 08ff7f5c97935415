"""Names of inputs that collide, or that are made to do something where they are shown."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from benchmarks.attacks.place import GOOD, Attack, Place

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def bytes_and_escapes(place: Place) -> str:
    for name in (b"a\xff.txt", rb"a\xff.txt", rb"a\x5cxff.txt"):
        place.write(name, GOOD)
    return f"{place.seen()}, {len(set(place.ids()))} ids"


def file_and_record(place: Place) -> str:
    place.lines("c.jsonl", {"id": "x.txt", "text": GOOD}, {"id": "d/y.txt", "text": GOOD})
    place.write("c.jsonl#x.txt", GOOD)
    place.write("c.jsonl#d/y.txt", GOOD)
    return f"{place.seen()}, {len(set(place.ids()))} ids"


def line_and_record(place: Place) -> str:
    place.lines("c.jsonl", {"text": GOOD}, "no record", {"id": "2", "text": GOOD}, {"id": "@2", "text": GOOD})
    seen = place.seen()
    return f"{seen}, {len({*place.ids(), *place.ids('rejected')})} ids"


def the_same_id(place: Place) -> str:
    place.lines("c.jsonl", *({"id": "x", "text": f"{GOOD} {n}"} for n in range(3)))
    return f"{place.seen()}, {len(set(place.ids()))} ids"


def shown(*options: str) -> Callable[[Place], str]:
    def does(place: Place) -> str:
        place.write("bad\x1b]0;owned\x07\x9b31m\x85.docx", "x")
        place.write("good.txt", GOOD)
        done = place.run(*options)
        return f"{done.said}, {len(_CONTROL.findall(done.out + done.err))} control characters"

    return does


def inspected(place: Place) -> str:
    place.write("a.txt", f"{GOOD} \x1b[31mred\x9b1m {GOOD}")
    done = place.call("inspect", "raw/a.txt")
    return f"{done.said}, {len(_CONTROL.findall(done.out + done.err))} control characters"


def very_deep(place: Place) -> str:
    place.write("good.txt", GOOD)
    here = os.open(place.raw, os.O_RDONLY)
    for _ in range(25):  # deeper than a path may be long
        os.mkdir("d" * 250, dir_fd=here)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    return place.seen()


def odd_entries(place: Place) -> str:
    place.write("good.txt", GOOD)
    os.mkfifo(place.raw / "pipe.txt")
    (place.raw / "loop.txt").symlink_to("loop.txt")
    (place.raw / "zero.txt").symlink_to("/dev/zero")
    return place.seen(timeout=60)


def longest_names(place: Place) -> str:
    for name in ("a" * 251 + ".txt", "é" * 125 + ".txt", "-rf", "--help", "~", "$(touch owned).txt", "a\nb.txt"):
        place.write(name, GOOD)
    return f"{place.seen()}, owned: {(place.folder / 'owned').exists()}"


TWICE = "exit 0, 3 documents, 2 rejected, 3 ids"
ATTACKS = (
    Attack(
        "names of undecodable bytes, and of how they are shown",
        bytes_and_escapes,
        "exit 0, 3 documents, 0 rejected, 3 ids",
    ),
    Attack("files that are called like records", file_and_record, "exit 0, 4 documents, 0 rejected, 4 ids"),
    Attack(
        "a bad line before a record that is called by its number",
        line_and_record,
        "exit 0, 3 documents, 1 rejected, 4 ids",
    ),
    Attack("three records of one id", the_same_id, TWICE),
    Attack("commands to the terminal in a name, -v", shown("-v"), "exit 0, 0 control characters"),
    Attack("commands to the terminal in a name, --dry-run", shown("--dry-run"), "exit 0, 0 control characters"),
    Attack("commands to the terminal in a text, inspect", inspected, "exit 0, 0 control characters"),
    Attack("folders deeper than a path may be long", very_deep, "exit 0, 1 documents, 1 rejected", new=True),
    Attack("a pipe, a link to itself, a link to /dev/zero", odd_entries, "exit 0, 1 documents, 3 rejected"),
    Attack(
        "names as long as may be, and names like options",
        longest_names,
        "exit 0, 4 documents, 3 rejected, owned: False",
        new=True,
    ),
)
