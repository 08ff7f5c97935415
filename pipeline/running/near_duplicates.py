"""Near-duplicates across a corpus: re-posts, mirrors and excerpts of one text, found by MinHash.

A text is the set of its five-word shingles, and its signature is 126 MinHash values of that set (Broder, "On the
resemblance and containment of documents", 1997), enough to estimate how much two sets share. Texts that agree in all
three values of an LSH band are compared. High resemblance (Jaccard similarity) means a copy. Lower resemblance may mean
an excerpt, or two texts made from one template, which differ in a few words throughout; so an excerpt must also share
one long contiguous stretch, which is looked up in the texts.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_SHINGLE_SIZE = 5  # words
_BANDS, _ROWS = 42, 3  # of LSH: texts of resemblance .4 share a bucket with a probability of .94
_COPY = 0.8  # resemblance of a copy, at least
_CONTAINED, _RESEMBLING, _STRETCH = 0.85, 0.35, 0.85  # of an excerpt: containment, resemblance, longest stretch
_STEP = 4096  # shingles hashed per batch
_MOST_COMPARED, _MOST_READ = 200, 3  # candidates per text: compared by signature, read in full
_WORD = re.compile(r"\w+")

Hashes = npt.NDArray[np.uint64]
Table = npt.NDArray[np.uint32]  # MinHash values, one row per text


class Signature(NamedTuple):
    """The MinHash signature of a text: its number of distinct shingles, and the values in hexadecimal."""

    document_id: str
    size: int
    minhashes: str


class _Known(NamedTuple):
    document_id: str
    size: int


def signature(document_id: str, text: str) -> Signature:
    """The signature of a text; a text without words has size 0 and no duplicates."""
    shingles = np.unique(_shingle_hashes(_WORD.findall(text.lower())))
    minhashes = np.full(len(_SEEDS), 2**32 - 1, np.uint64)
    for at in range(0, len(shingles), _STEP):
        hashes = _mixed(shingles[at : at + _STEP, None] ^ _SEEDS) >> np.uint64(32)
        np.minimum(minhashes, hashes.min(axis=0), out=minhashes)
    return Signature(document_id, len(shingles), minhashes.astype("<u4").tobytes().hex())


def find_originals(signatures: Iterable[Signature], text_of: Callable[[str], str]) -> dict[str, str]:
    """Map the id of each duplicate to that of its original, the longest text that contains it.

    ``text_of`` returns the text of a document; it is called for possible excerpts only. Each duplicate is one of its
    original, never only of another duplicate, so similarity does not chain.
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
    """The first distinct candidates, at most ``_MOST_COMPARED``; texts made from one template have thousands."""
    found: dict[int, None] = {}
    for one in candidates:
        found[one] = None
        if len(found) == _MOST_COMPARED:
            break
    return list(found)


def _kept(signatures: Iterable[Signature]) -> tuple[list[_Known], Table]:
    """The texts that have words, and their MinHash values as one table."""
    known: list[_Known] = []
    minhashes = bytearray()
    for document_id, size, digits in signatures:
        if size:
            known.append(_Known(document_id, size))
            minhashes += bytes.fromhex(digits)
    return known, np.frombuffer(minhashes, "<u4").reshape(len(known), len(_SEEDS))


def _original(
    known: Sequence[_Known],
    table: Table,
    index: int,
    others: list[int],
    text_of: Callable[[str], str],
) -> int | None:
    """The index of the longer text that contains a text, by resemblance, or None."""
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
    """The longest stretch of shingles that both texts share, as a share of the small one's shingles."""
    places = {shingle: place for place, shingle in enumerate(_shingles_of(large))}
    longest = length = 0
    last = -2
    shingles = _shingles_of(small)
    for shingle in shingles:
        place = places.get(shingle, -2)
        length = length + 1 if place == last + 1 else int(place >= 0)
        longest, last = max(longest, length), place
    return longest / max(len(shingles), 1)


def _shingles_of(text: str) -> list[int]:
    shingles: list[int] = _shingle_hashes(_WORD.findall(text.lower())).tolist()
    return shingles


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


def _shingle_hashes(words: list[str]) -> Hashes:
    hashes = _mixed(np.array([zlib.crc32(word.encode()) for word in words], np.uint64))
    if 0 < len(words) < _SHINGLE_SIZE:
        hashes = np.concatenate([hashes, np.zeros(_SHINGLE_SIZE - len(words), np.uint64)])
    joined = np.zeros(max(len(hashes) - _SHINGLE_SIZE + 1, 0), np.uint64)
    for place in range(_SHINGLE_SIZE):
        joined = _mixed(joined * np.uint64(31) + hashes[place : place + len(joined)])
    return joined


def _mixed(values: Hashes) -> Hashes:
    """Spread the bits of numbers evenly (the finalizer of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = values ^ (values >> np.uint64(31))
    return mixed


_SEEDS = _mixed(np.arange(1, _BANDS * _ROWS + 1, dtype=np.uint64))  # one hash function per MinHash value
