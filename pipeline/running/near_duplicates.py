"""Near-duplicates across a corpus: re-posts, mirrors and excerpts of one text, found by MinHash.

A text is the set of its runs of five words; of each set 126 minima are kept (Broder, "On the resemblance and
containment of documents", 1997), which is enough to tell how much two sets share. Texts that agree in three minima
of a band are compared. Much resemblance is a copy. Less may be an excerpt, or two texts made from one form, which
differ in a few words all over; so an excerpt must also share one long stretch, which is looked up in the texts.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_RUN = 5  # words
_BANDS, _ROWS = 42, 3  # two texts of resemblance .4 meet in some band with a probability of .94
_COPY = 0.8  # resemblance
_CONTAINED, _RESEMBLING, _STRETCH = 0.85, 0.35, 0.85  # of an excerpt: in the fuller text, of both, in one stretch
_STEP = 4096  # runs that are hashed at once
_MOST_COMPARED, _MOST_READ = 200, 3  # originals that a text is compared with, and of which the text is read
_WORD = re.compile(r"\w+")

Hashes = npt.NDArray[np.uint64]
Table = npt.NDArray[np.uint32]  # minima, a row a text


class Signature(NamedTuple):
    """What is kept of a text: how many different runs it has, and their minima in hexadecimal."""

    document_id: str
    size: int
    minima: str


class _Known(NamedTuple):
    document_id: str
    size: int


def signature(document_id: str, text: str) -> Signature:
    """The signature of a text; without words it has the size 0, and no duplicates."""
    runs = np.unique(_runs(_WORD.findall(text.lower())))
    minima = np.full(len(_SEEDS), 2**32 - 1, np.uint64)
    for at in range(0, len(runs), _STEP):
        np.minimum(minima, (_mixed(runs[at : at + _STEP, None] ^ _SEEDS) >> np.uint64(32)).min(axis=0), out=minima)
    return Signature(document_id, len(runs), minima.astype("<u4").tobytes().hex())


def originals(signatures: Iterable[Signature], text_of: Callable[[str], str]) -> dict[str, str]:
    """By the id of each duplicate, the id of the fullest text that holds it; originals have no entry.

    ``text_of`` gives the text of a document; it is asked about possible excerpts only. A duplicate is one of its
    original, never only of another duplicate, so groups do not drift.
    """
    known, table = _kept(signatures)
    shared = _shared_buckets(table)
    originals_in: dict[int, list[int]] = {}
    found: dict[str, str] = {}
    for index in sorted(range(len(known)), key=lambda index: (-known[index].size, known[index].document_id)):
        candidates = _first(chain.from_iterable(originals_in.get(bucket, ()) for bucket in shared[index]))
        original = _original(known, table, index, candidates, text_of)
        if original is not None:
            found[known[index].document_id] = known[original].document_id
            continue
        for bucket in shared[index]:
            originals_in.setdefault(bucket, []).append(index)
    return found


def _first(candidates: Iterable[int]) -> list[int]:
    """The first different ones, as many as a text is compared with; texts of one form have thousands."""
    found: dict[int, None] = {}
    for one in candidates:
        found[one] = None
        if len(found) == _MOST_COMPARED:
            break
    return list(found)


def _kept(signatures: Iterable[Signature]) -> tuple[list[_Known], Table]:
    """What has words, and its minima; nothing else of the signatures is kept."""
    known: list[_Known] = []
    minima = bytearray()
    for document_id, size, digits in signatures:
        if size:
            known.append(_Known(document_id, size))
            minima += bytes.fromhex(digits)
    return known, np.frombuffer(minima, "<u4").reshape(len(known), len(_SEEDS))


def _original(
    known: Sequence[_Known],
    table: Table,
    index: int,
    others: list[int],
    text_of: Callable[[str], str],
) -> int | None:
    """Which of the fuller texts holds a text; the one it resembles most."""
    if not others:
        return None
    resemblance = (table[others] == table[index]).mean(axis=1)
    sizes = np.array([known[other].size for other in others])
    contained = resemblance / (1 + resemblance) * (sizes + known[index].size) / known[index].size
    held = np.flatnonzero((resemblance >= _RESEMBLING) & (contained >= _CONTAINED))
    for one in sorted(held.tolist(), key=lambda one: -resemblance[one])[:_MOST_READ]:
        names = known[index].document_id, known[others[one]].document_id
        if resemblance[one] >= _COPY or _stretch(*map(text_of, names)) >= _STRETCH:
            return others[one]
    return None


def _stretch(small: str, large: str) -> float:
    """Share of the runs of a text that stand in the other one after another, in the longest such stretch."""
    places = {run: place for place, run in enumerate(_runs_of(large))}
    longest = length = 0
    last = -2
    runs = _runs_of(small)
    for run in runs:
        place = places.get(run, -2)
        length = length + 1 if place == last + 1 else int(place >= 0)
        longest, last = max(longest, length), place
    return longest / max(len(runs), 1)


def _runs_of(text: str) -> list[int]:
    runs: list[int] = _runs(_WORD.findall(text.lower())).tolist()
    return runs


def _shared_buckets(table: Table) -> list[list[int]]:
    """For each text the numbers of the buckets that it shares with another text."""
    shared: list[list[int]] = [[] for _ in table]
    for band in range(_BANDS):
        columns = table[:, band * _ROWS : (band + 1) * _ROWS].astype(np.uint64)
        keys = _mixed(columns[:, 0] << np.uint64(32) | columns[:, 1]) ^ columns[:, 2]
        _, bucket, count = np.unique(keys, return_inverse=True, return_counts=True)
        for index in np.flatnonzero(count[bucket] > 1).tolist():
            shared[index].append(band * len(table) + int(bucket[index]))
    return shared


def _runs(words: list[str]) -> Hashes:
    hashes = _mixed(np.array([zlib.crc32(word.encode()) for word in words], np.uint64))
    if 0 < len(words) < _RUN:
        hashes = np.concatenate([hashes, np.zeros(_RUN - len(words), np.uint64)])
    joined = np.zeros(max(len(hashes) - _RUN + 1, 0), np.uint64)
    for place in range(_RUN):
        joined = _mixed(joined * np.uint64(31) + hashes[place : place + len(joined)])
    return joined


def _mixed(values: Hashes) -> Hashes:
    """Spread the bits of numbers evenly (the finalizer of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = values ^ (values >> np.uint64(31))
    return mixed


_SEEDS = _mixed(np.arange(1, _BANDS * _ROWS + 1, dtype=np.uint64))  # a hash function for each minimum
