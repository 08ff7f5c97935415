"""Folders of inputs and of tables that are not what they should be; what others have there must stay."""

from __future__ import annotations

import os
import resource
import shutil
from pathlib import Path

from benchmarks.attacks.place import GOOD, Attack, Place

MINE = "# My own notes\n"


def _good(place: Place) -> None:
    place.write("a.txt", GOOD)


def foreign(place: Place) -> str:
    _good(place)
    place.out.mkdir()
    (place.out / "README.md").write_text(MINE)
    done = place.run()
    return f"{done.said}, {(place.out / 'README.md').read_text() == MINE}, {len(place.files())} file"


def forced(place: Place) -> str:
    _good(place)
    place.out.mkdir()
    (place.out / "README.md").write_text(MINE)
    return f"{place.seen('--force')}, {(place.out / 'README.md').read_text() == MINE}"


def forced_over_a_table(place: Place) -> str:
    _good(place)
    place.out.mkdir()
    (place.out / "edits.jsonl").write_text(MINE)
    return f"{place.run('--force').said}, {(place.out / 'edits.jsonl').read_text() == MINE}"


def into_the_inputs(place: Place) -> str:
    _good(place)
    said = [place.run(raw=f"file://{place.raw}", out=out).said for out in ("raw", f"file://{place.raw}")]
    return f"{', '.join(said)}, {len(list(place.raw.iterdir()))} file"


def below_the_inputs(place: Place) -> str:
    _good(place)
    for out in ("raw/one", "raw/two", "raw/one", "raw/two"):
        done = place.run(out=out)
        place.out = place.folder / out
    return place.counted(done)


def other_inputs(place: Place) -> str:
    _good(place)
    place.run()
    before = place.files()
    (place.folder / "other").mkdir()
    return f"{place.run(raw='other').said}, {place.files() == before}"


def emptied(place: Place) -> str:
    _good(place)
    place.run()
    before = place.files()
    (place.raw / "a.txt").unlink()
    first = place.run()
    return f"{first.said}, {place.files() == before}; {place.seen('--allow-empty')}"


def links_out(place: Place) -> str:
    _good(place)
    outside = place.folder / "outside"
    outside.mkdir()
    (outside / "b.txt").write_text(GOOD)
    (place.raw / "b.txt").symlink_to(outside / "b.txt")
    (place.raw / "c").symlink_to(outside)
    return f"{place.seen()}; {place.seen('--follow-links')}"


def planted_links(place: Place) -> str:
    _good(place)
    place.run()
    victim = place.folder / "victim"
    victim.write_text(MINE)
    for path in [*place.out.iterdir(), *place.out.joinpath(".work").iterdir()]:
        if path.is_file():
            path.with_name(f"{path.name}.tmp").symlink_to(victim)
    work = place.work()[0]
    work.with_suffix(".attempt").symlink_to(victim)
    (place.out / "edits.jsonl").unlink()
    (place.out / "edits.jsonl").symlink_to(victim)
    place.write("a.txt", GOOD * 2)
    return f"{place.seen()}, {victim.read_text() == MINE}"


def linked_work(place: Place) -> str:
    _good(place)
    place.out.mkdir()
    elsewhere = place.folder / "elsewhere"
    elsewhere.mkdir()
    (place.out / ".work").symlink_to(elsewhere)
    return f"{place.run().said}, {len(list(elsewhere.iterdir()))} files"


def foreign_report(place: Place) -> str:
    _good(place)
    place.run()
    (place.out / "report").mkdir()
    (place.out / "report" / "index.html").write_text(MINE)
    done = place.call("report", "out")
    place.write("b.txt", GOOD)
    return f"{done.said}; {place.seen()}, {(place.out / 'report/index.html').read_text() == MINE}"


def two_at_once(place: Place) -> str:
    for number in range(40):
        place.write(f"{number}.txt", GOOD * 20)
    with place.start() as first:
        place.wait_for_work()
        second = place.run(to="mechanisms")
    return f"exit {first.returncode}; {second.said}, {'another run' in second.err}"


def read_only(place: Place) -> str:
    _good(place)
    place.out.mkdir()
    place.out.chmod(0o500)
    drop = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
    return place.run(wrapped=drop).said


def no_room(place: Place) -> str:
    for number in range(30):
        place.write(f"{number}.txt", GOOD * 50)
    first = place.run(limits={resource.RLIMIT_FSIZE: 30_000})
    return f"{first.said}; {place.seen()}"


def few_files(place: Place) -> str:
    for number in range(30):
        place.write(f"{number}.txt", GOOD)
    first = place.run(limits={resource.RLIMIT_NOFILE: 12})
    return f"{first.said}; {place.seen()}"


def out_is_a_file(place: Place) -> str:
    _good(place)
    place.out.write_text(MINE)
    return f"{place.run().said}, {place.out.read_text() == MINE}"


def copied(place: Place) -> str:
    _good(place)
    place.run()
    target = place.folder / "copy"
    shutil.copytree(place.out, target / "out")
    shutil.copytree(place.raw, target / "raw")
    before = place.files()
    done = place.call("run", "copy/raw", "copy/out", "--to", "content")
    return f"{done.said}, {place.files(target / 'out') == before}"


def changing(place: Place) -> str:
    """Inputs that go and come while they are read."""
    for number in range(60):
        place.write(f"{number:02}.txt", GOOD * 20)
    with place.start() as run:
        place.wait_for_work()
        for path in sorted(place.raw.iterdir())[40:]:
            path.unlink()
    return f"exit {run.returncode}, {Path(place.out / 'datapackage.json').exists()}; {place.seen(to='mechanisms')}"


ATTACKS = (
    Attack("a README of one's own in OUT", foreign, "exit 2, True, 1 file"),
    Attack("a README of one's own in OUT, --force", forced, "exit 0, 1 documents, 0 rejected, True"),
    Attack("a table of one's own in OUT, --force", forced_over_a_table, "exit 2, True", new=True),
    Attack("OUT is a file", out_is_a_file, "exit 2, True", new=True),
    Attack("file:// as RAW, and OUT is the same folder", into_the_inputs, "exit 2, exit 2, 1 file"),
    Attack("two OUTs below RAW, twice", below_the_inputs, "exit 0, 1 documents, 0 rejected", new=True),
    Attack("another RAW into the same OUT", other_inputs, "exit 2, True"),
    Attack("a RAW that was emptied", emptied, "exit 2, True; exit 0, 0 documents, 0 rejected"),
    Attack("links that lead out of RAW", links_out, "exit 0, 1 documents, 2 rejected; exit 0, 3 documents, 0 rejected"),
    Attack("links planted in OUT", planted_links, "exit 0, 1 documents, 0 rejected, True"),
    Attack("work files that are a link", linked_work, "exit 2, 0 files", new=True),
    Attack(
        "a page of one's own where the report would be",
        foreign_report,
        "exit 2; exit 0, 2 documents, 0 rejected, True",
        new=True,
    ),
    Attack("two runs at once", two_at_once, "exit 0; exit 2, True"),
    Attack("an OUT that may not be written", read_only, "exit 2"),
    Attack("no room for a file", no_room, "exit 0; exit 0, 30 documents, 0 rejected"),
    Attack("no more than 12 open files", few_files, "exit 2; exit 0, 30 documents, 0 rejected", new=True),
    Attack("RAW and OUT copied elsewhere", copied, "exit 0, True", new=True),
    Attack("inputs that vanish while they are read", changing, "exit 0, True; exit 0, 40 documents, 0 rejected"),
)
