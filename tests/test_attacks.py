"""A few of the attacks on the program from outside; ``python -m benchmarks.attacks`` is all of them."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from benchmarks.attacks.__main__ import ATTACKS, seen
from benchmarks.attacks.kills import TARGETS

pytestmark = pytest.mark.end_to_end
QUICK = (
    "two documents that are killed (SIGKILL), serial",
    "two documents that crash (SIGSEGV), local",
    "work files, 20 bits flipped",
    "work files of another run put back",
    "a line of 2 GB",
    "a model that is damaged",
    "links planted in OUT",
    "folders deeper than a path may be long",
    "no standard streams",
    "characters that XML has not, in names and ids",
)


@pytest.mark.skipif(sys.platform != "linux", reason="the attacks are made for Linux")
@pytest.mark.parametrize("name", QUICK)
def test_an_attack_does_no_harm(name: str) -> None:
    (attack,) = (one for one in ATTACKS if one.name == name)
    assert seen(attack) == attack.expected


def test_every_attack_has_a_name_of_its_own() -> None:
    assert max(Counter(one.name for one in ATTACKS).values()) == 1
    assert len(ATTACKS) >= 100
    assert sum(one.new for one in ATTACKS) >= 25
    assert "a Ray worker" in TARGETS
