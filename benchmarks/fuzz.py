"""``python -m benchmarks.fuzz SECONDS [SEED]``: damaged containers through the readers, at random.

A reader may reject what it cannot read, with a reason; it may not raise, take long, or give text that cannot be
written. What does is kept in build/fuzz.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.inputs import Input
from pipeline.readers import read
from pipeline.records import RawPage
from tests.containers import MAKERS, PAGE

KEPT = Path("build/fuzz")
_PIECES = (
    b"\0",
    b"\xff",
    b"\r\n",
    b"<",
    b">",
    b"0",
    b"9" * 20,
    b'"',
    b":",
    b"-1",
    b"\n\n",
    b"=",
    b"--",
    b"<?x?>",
    b"]]>",
)
_LIMIT, _SLOW = 200_000, 2.0  # bytes of a document, CPU seconds
_CALLS_FOR_HELP = "please report"


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Bytes with some of them changed, cut out, repeated, or put in."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at, kind = chance.randrange(len(made) + 1), chance.random()
        if kind < 0.35 and at < len(made):
            made[at] = chance.randrange(256)
        elif kind < 0.55:
            del made[at : at + chance.randrange(1, 60)]
        elif kind < 0.75:
            start = chance.randrange(len(made) + 1)
            made[at:at] = made[start : start + chance.randrange(1, 200)]
        else:
            made[at:at] = chance.choice(_PIECES)
    return bytes(made)


def complaint(path: Path) -> str:
    """What a reader does wrong with a file, or nothing."""
    start = time.process_time()
    try:
        for found in read(Input(str(path.parent), str(path), path.name, ""), _LIMIT):
            if isinstance(found, RawPage):
                found.text.encode("utf-8")
            elif _CALLS_FOR_HELP in found.reason:
                return found.reason
    except Exception as error:  # that is what is looked for
        return f"raised {error!r}"
    spent = time.process_time() - start
    return f"took {spent:.1f} s" if spent > _SLOW else ""


def complaints(seconds: float, seed: int, folder: Path) -> Iterator[tuple[int, str]]:
    """(number of the try, complaint or nothing), until the time is over."""
    chance, end, number = random.Random(seed), time.monotonic() + seconds, 0
    whole = {name: make(PAGE) for name, make in MAKERS.items()}
    while time.monotonic() < end:
        number += 1
        name = chance.choice(list(whole))
        path = folder / name
        path.write_bytes(mutated(whole[name], chance))
        said = complaint(path)
        if said:
            path.rename(folder / f"{seed}-{number}-{name}")
        yield number, said


def main(seconds: str, seed: str = "0") -> int:
    """Print what was found, and how many tries there were."""
    KEPT.mkdir(parents=True, exist_ok=True)
    tries = found = 0
    for number, said in complaints(float(seconds), int(seed), KEPT):
        tries, found = number, found + bool(said)
        if said:
            print(number, said, flush=True)
    print(f"{found} complaints in {tries} tries")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
