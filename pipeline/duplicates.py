"""Near-duplicates across a corpus: re-posts, mirrors and excerpts of one text, found by MinHash.

A text is the set of its runs of five words; of each set 126 minima are kept (Broder, "On the resemblance and
containment of documents", 1997), which is enough to tell how much two sets share. Texts that agree in three minima
of a band are compared.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_RUN = 5  # words
_BANDS, _ROWS = 42, 3  # two texts of resemblance .4 meet in some band with a probability of .94
_CONTAINED, _RESEMBLING = 0.8, 0.4  # of the smaller text in the fuller one; of both
_STEP = 4096  # runs that are hashed at once
_MOST_COMPARED = 200  # originals that a text is compared with
_WORD = re.compile(r"\w+")

Hashes = npt.NDArray[np.uint64]


class Signature(NamedTuple):
    """What is kept of a text: how many different runs it has, and their minima in hexadecimal."""

    document_id: str
    size: int
    minima: str


def signature(document_id: str, text: str) -> Signature:
    """The signature of a text; without words it has the size 0, and no duplicates."""
    runs = np.unique(_runs(_WORD.findall(text.lower())))
    minima = np.full(len(_SEEDS), 2**32 - 1, np.uint64)
    for at in range(0, len(runs), _STEP):
        np.minimum(minima, (_mixed(runs[at : at + _STEP, None] ^ _SEEDS) >> np.uint64(32)).min(axis=0), out=minima)
    return Signature(document_id, len(runs), minima.astype("<u4").tobytes().hex())


def originals(signatures: Iterable[Signature]) -> dict[str, str]:
    """By the id of each duplicate, the id of the fullest text that holds it; originals have no entry.

    A duplicate is one of its original, never only of another duplicate, so groups do not drift.
    """
    known = sorted((one for one in signatures if one.size), key=lambda one: (-one.size, one.document_id))
    if len(known) < 2:
        return {}
    table = np.array([np.frombuffer(bytes.fromhex(one.minima), "<u4") for one in known])
    originals_in: dict[int, list[int]] = {}
    found: dict[str, str] = {}
    for index, buckets in enumerate(_shared_buckets(table)):
        candidates = dict.fromkeys(other for bucket in buckets for other in originals_in.get(bucket, ()))
        original = _original(known, table, index, list(candidates)[:_MOST_COMPARED])
        if original is not None:
            found[known[index].document_id] = known[original].document_id
            continue
        for bucket in buckets:
            originals_in.setdefault(bucket, []).append(index)
    return found


def _original(known: Sequence[Signature], table: npt.NDArray[np.uint32], index: int, others: list[int]) -> int | None:
    """Which of the fuller texts holds a text; the one it resembles most."""
    if not others:
        return None
    resemblance = (table[others] == table[index]).mean(axis=1)
    sizes = np.array([known[other].size for other in others])
    contained = resemblance / (1 + resemblance) * (sizes + known[index].size) / known[index].size
    held = np.flatnonzero((resemblance >= _RESEMBLING) & (contained >= _CONTAINED))
    return others[max(held, key=lambda one: resemblance[one])] if len(held) else None


def _shared_buckets(table: npt.NDArray[np.uint32]) -> Iterator[list[int]]:
    """For each text the numbers of the buckets that it shares with another text."""
    shared: list[list[int]] = [[] for _ in table]
    for band in range(_BANDS):
        columns = table[:, band * _ROWS : (band + 1) * _ROWS].astype(np.uint64)
        keys = _mixed(columns[:, 0] << np.uint64(32) | columns[:, 1]) ^ columns[:, 2]
        _, bucket, count = np.unique(keys, return_inverse=True, return_counts=True)
        for index in np.flatnonzero(count[bucket] > 1).tolist():
            shared[index].append(band * len(table) + int(bucket[index]))
    yield from shared


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
