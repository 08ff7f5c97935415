"""What a run has saved, damaged: it is done again, and comes out as it was."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.attacks.place import GOOD, Attack, Place

Damage = Callable[[Path, bytes], None]


def _ready(place: Place) -> dict[str, bytes]:
    place.lines("c.jsonl", *({"id": f"r{n}", "text": f"{GOOD} {n}"} for n in range(20)))
    place.write("a.txt", GOOD)
    place.run()
    return place.files()


def _healed(place: Place, before: dict[str, bytes], damage: Callable[[], object], *options: str) -> str:
    """What a run makes of damage, and whether the next one has anything left to do."""
    damage()
    first = place.run(*options)
    same = place.files() == before
    return f"{first.said}, {'same tables' if same else 'OTHER TABLES'}, {_rest(place)}"


def _rest(place: Place) -> str:
    return "then up to date" if "up to date" in place.run().err else "then NOT UP TO DATE"


def of_work_files(suffix: str, spoil: Damage) -> Callable[[Place], str]:
    """Every work file is damaged, and another input comes or goes, so that the tables are written."""

    def does(place: Place) -> str:
        before = _ready(place)
        for path in place.work(suffix):
            spoil(path, path.read_bytes())
        return _healed(place, before, lambda: (place.out / "edits.jsonl").unlink())

    return does


def of_a_table(name: str, spoil: Damage) -> Callable[[Place], str]:
    """A table is damaged."""

    def does(place: Place) -> str:
        before = _ready(place)
        return _healed(place, before, lambda: spoil(place.out / name, before[name]))

    return does


def of_the_state(text: str) -> Callable[[Place], str]:
    """Small files of the last run hold something else."""

    def does(place: Place) -> str:
        before = _ready(place)

        def damage() -> None:
            for name in ("state", "code", "lock", "CACHEDIR.TAG"):
                (place.out / ".work" / name).write_text(text)
            for path in place.work():
                for suffix in (".deaths", ".attempt"):
                    path.with_suffix(suffix).write_text(text)

        return _healed(place, before, damage)

    return does


def zero_the_middle(path: Path, data: bytes) -> None:
    third = len(data) // 3
    path.write_bytes(data[:third] + bytes(third) + data[2 * third :])


def zero(path: Path, data: bytes) -> None:
    path.write_bytes(bytes(len(data)))


def empty(path: Path, _data: bytes) -> None:
    path.write_bytes(b"")


def overwrite(path: Path, _data: bytes) -> None:
    path.write_bytes(b"x")


def cut(path: Path, data: bytes) -> None:
    path.write_bytes(data[: -len(data) // 3])


def flip_bits(path: Path, data: bytes) -> None:
    spoilt = bytearray(data)
    for at in random.Random(len(data)).sample(range(len(data)), min(20, len(data))):
        spoilt[at] ^= 1 << (at % 8)
    path.write_bytes(spoilt)


def keep_the_time(path: Path, data: bytes) -> None:
    """Change a byte, and neither size nor time."""
    times = path.stat()
    path.write_bytes(data.replace(b"Ketamine", b"Xetamine", 1))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def swapped(place: Place) -> str:
    before = _ready(place)

    def damage() -> None:
        first, second = place.work()
        data = first.read_bytes(), second.read_bytes()
        first.write_bytes(data[1])
        second.write_bytes(data[0])
        (place.out / "edits.jsonl").unlink()

    return _healed(place, before, damage)


def of_another_run(place: Place) -> str:
    before = _ready(place)

    def damage() -> None:
        shutil.copytree(place.out / ".work", place.folder / "kept")
        place.write("a.txt", f"{GOOD} And more.")
        place.run()
        place.write("a.txt", GOOD)
        shutil.rmtree(place.out / ".work")
        (place.folder / "kept").rename(place.out / ".work")

    return _healed(place, before, damage)


def touched(place: Place) -> str:
    before = _ready(place)
    return _healed(place, before, lambda: os.utime(place.raw / "a.txt", (4e9, 4e9)))


def a_card_of_ones_own(place: Place) -> str:
    _ready(place)
    with (place.out / "README.md").open("a") as file:
        file.write("My notes.\n")
    first = place.run()
    return f"{first.said}, {(place.out / 'README.md').read_text().endswith('My notes.' + chr(10))}, {_rest(place)}"


HEALED = "exit 0, same tables, then up to date"
ATTACKS = (
    Attack("work files, the middle zeroed", of_work_files(".jsonl", zero_the_middle), HEALED),
    Attack("work files, cut off", of_work_files(".jsonl", cut), HEALED),
    Attack("work files, 20 bits flipped", of_work_files(".jsonl", flip_bits), HEALED, new=True),
    Attack("work files, emptied", of_work_files(".jsonl", empty), HEALED),
    Attack("work files, swapped", swapped, HEALED, new=True),
    Attack("work files of another run put back", of_another_run, HEALED, new=True),
    Attack(
        "signatures zeroed",
        of_work_files(".signatures", zero),
        HEALED,
    ),
    Attack("signatures, 20 bits flipped", of_work_files(".signatures", flip_bits), HEALED, new=True),
    Attack("a table deleted", of_a_table("mechanisms.csv", lambda path, _: path.unlink()), HEALED),
    Attack("a table changed", of_a_table("documents.jsonl", overwrite), HEALED),
    Attack("a byte of a table changed, size and time kept", of_a_table("documents.jsonl", keep_the_time), HEALED),
    Attack("the data package deleted", of_a_table("datapackage.json", lambda path, _: path.unlink()), HEALED),
    Attack("the data package changed", of_a_table("datapackage.json", cut), HEALED, new=True),
    Attack("a graph cut off", of_a_table("graph.graphml", cut), HEALED, new=True),
    Attack("a card on which somebody went on writing", a_card_of_ones_own, "exit 0, True, then up to date", new=True),
    Attack("state and deaths are an empty list", of_the_state("[]"), HEALED),
    Attack("state and deaths are nonsense", of_the_state("\0{"), HEALED),
    Attack("state and deaths are 100,000 brackets", of_the_state("[" * 100_000), HEALED, new=True),
    Attack("an input dated 2096", touched, HEALED, new=True),
)
