"""Damaged containers, at random: a reader may reject what it cannot read, with a reason, but not raise or take long."""

from __future__ import annotations

import random
import time
from pathlib import Path

from benchmarks.fuzz.targets import readable

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
_SLOW = 2.0  # CPU seconds


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
        readable(path)
    except Exception as error:  # that is what is looked for
        return repr(error)
    spent = time.process_time() - start
    return f"took {spent:.1f} s" if spent > _SLOW else ""
