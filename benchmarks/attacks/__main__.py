"""``python -m benchmarks.attacks [WORD ...]``: the table of attacks, or of those whose names hold one of the words."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.attacks import documents, folders, limits, memory, names, outputs, saved
from benchmarks.attacks.place import Attack, Place

# Memory comes first, for the system tells the peak of all calls so far.
ATTACKS = (
    *memory.ATTACKS,
    *documents.ATTACKS,
    *names.ATTACKS,
    *folders.ATTACKS,
    *saved.ATTACKS,
    *limits.ATTACKS,
    *outputs.ATTACKS,
)


def seen(attack: Attack) -> str:
    """What an attack leads to."""
    with tempfile.TemporaryDirectory(prefix="attack") as folder:
        place = Place(Path(folder) / "place")
        try:
            return attack.does(place)
        except Exception as error:  # an attack of which nothing more can be said
            return f"{type(error).__name__}: {error}"
        finally:
            place.close()


def main(*words: str) -> int:
    """Print the table, and how many rows are not as expected."""
    chosen = [one for one in ATTACKS if not words or any(word in one.name for word in words)]
    bad = 0
    for number, attack in enumerate(chosen, 1):
        begun = time.monotonic()
        found = seen(attack)
        bad += found != attack.expected
        mark = "as expected" if found == attack.expected else f"SEEN: {found[:600]!r}"
        row = f"{number:3} {'new' if attack.new else '   '} {attack.name:66} {attack.expected:60} {mark}"
        print(f"{row} ({time.monotonic() - begun:.1f} s)", flush=True)
    print(f"{len(chosen)} attacks, {sum(one.new for one in chosen)} of new kinds, {bad} not as expected")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
