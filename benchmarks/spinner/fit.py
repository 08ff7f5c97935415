"""Naive Bayes weights of a pair of words, and what they get right on documents that did not teach them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.spinner.corpus import FOLDS, Corpus, Ints
from pipeline.normalize.contexts import NAMES, NEAR, NEAR_WEIGHT, POSITIONS, SHORT

Floats = npt.NDArray[np.float64]
_BITS = 16  # of a token number; three of them and a position's number make a feature
_NEAR_SLOT = len(POSITIONS)
_MOST = 40_000  # occurrences of a word that are looked at
_PRIOR = 8.0  # occurrences' worth of belief that a feature says nothing
_SEEN = 3  # times a feature must occur in both words together
_LEAST = 0.25  # a weight smaller than this is not kept
_KEPT = 1200  # features a pair may keep


@dataclass(frozen=True, slots=True)
class Places:
    """Occurrences of a word or phrase: start and end in the corpus, and how many there are in all."""

    starts: Ints
    length: int
    total: int


def places(corpus: Corpus, phrase: str, numbers: dict[str, int]) -> Places:
    """Where a phrase stands; evenly thinned if it stands in too many places."""
    wanted = [numbers.get(word, -1) for word in phrase.split()]
    found = corpus.tokens[: -len(wanted) or None] == wanted[0]
    for shift, number in enumerate(wanted[1:], 1):
        found &= corpus.tokens[shift : shift + len(found)] == number
    starts = np.flatnonzero(found)
    total = len(starts)
    if total > _MOST:
        starts = starts[np.linspace(0, total - 1, _MOST).astype(np.int64)]
    return Places(starts, len(wanted), total)


def features(corpus: Corpus, where: Places, long_enough: npt.NDArray[np.bool_]) -> Ints:
    """Feature numbers, a row an occurrence; -1 where there is none."""
    before, after = where.starts, where.starts + where.length - 1

    def at(place: int) -> Ints:
        return np.asarray(corpus.tokens[(before if place < 0 else after) + place])

    columns: list[Ints] = []
    for slot, spots in enumerate(POSITIONS):
        words = [at(place) for place in spots]
        number = np.full(len(before), slot, np.int64)
        for word in words:
            number = (number << _BITS) | word
        columns.append(np.where(np.any([word == 1 for word in words], axis=0), -1, number))
    near = np.stack([at(place) for place in (*range(-NEAR, 0), *range(1, NEAR + 1))], axis=1)
    near = np.where(long_enough[near], near, -1)
    near.sort(axis=1)
    near[:, 1:][near[:, 1:] == near[:, :-1]] = -1
    columns += list(np.where(near >= 0, (_NEAR_SLOT << _BITS) | near, -1).T)
    return np.stack(columns, axis=1)


def name(feature: int, words: Sequence[str]) -> str:
    """The feature as the program writes it."""
    count = next((count for count in (3, 2, 1) if feature >> (_BITS * count)), 1)
    slot, mask = feature >> (_BITS * count), (1 << _BITS) - 1
    ids = [(feature >> (_BITS * place)) & mask for place in range(count - 1, -1, -1)]
    text = " ".join(words[one] for one in ids)
    return f"~ {text}" if slot == _NEAR_SLOT else f"{NAMES[slot]} {text}"


@dataclass(frozen=True, slots=True)
class Counted:
    """Features of a pair's two words: ``rows`` index ``unique``; ``swapped`` and ``parts`` are by occurrence."""

    unique: Ints
    rows: Ints
    swapped: npt.NDArray[np.bool_]
    parts: Ints

    def weights(self, without: int | None) -> Floats:
        """A weight for each unique feature, learnt from all parts but one and the held-out one."""
        taught = self.parts != FOLDS - 1
        if without is not None:
            taught &= self.parts != without
        counts, sizes = [], []
        for side in (True, False):
            chosen = taught & (self.swapped == side)
            seen = np.bincount(self.rows[chosen].ravel() + 1, minlength=len(self.unique) + 1)[1:]
            counts.append(seen.astype(np.float64))
            sizes.append(float(chosen.sum()))
        share = (counts[0] / sizes[0] + counts[1] / sizes[1]) / 2
        logs = [np.log((c + _PRIOR * share + 1e-12) / (n + _PRIOR)) for c, n in zip(counts, sizes, strict=True)]
        found = np.round((logs[0] - logs[1]) * 8) / 8  # as they are written
        together = counts[0] + counts[1]
        found[(together < _SEEN) | (np.abs(found) < _LEAST)] = 0
        worth = np.abs(found) * np.sqrt(np.minimum(counts[0] / sizes[0], 1) + np.minimum(counts[1] / sizes[1], 1))
        if np.count_nonzero(found) > _KEPT:
            found[worth < np.partition(worth, -_KEPT)[-_KEPT]] = 0
        return np.asarray(found)

    def scores(self, weights: Floats) -> Floats:
        """The score of every occurrence."""
        padded = np.append(weights, 0.0)  # -1 is no feature
        scale = np.full(self.rows.shape[1], 1.0)
        scale[len(POSITIONS) :] = NEAR_WEIGHT
        return np.asarray(padded[self.rows] @ scale)

    def unseen(self) -> Floats:
        """Scores by models that have not seen the document; in the held-out part, by the final one."""
        result = np.zeros(len(self.swapped))
        for part in range(FOLDS):
            here = self.parts == part
            result[here] = self.scores(self.weights(part if part < FOLDS - 1 else None))[here]
        return result


def counted(corpus: Corpus, original: Places, spun: Places, long_enough: npt.NDArray[np.bool_]) -> Counted:
    """The features of both words' occurrences."""
    both = np.concatenate([features(corpus, where, long_enough) for where in (original, spun)])
    unique, rows = np.unique(both, return_inverse=True)
    rows = rows.reshape(both.shape)
    if unique[0] == -1:
        unique, rows = unique[1:], rows - 1
    swapped = np.arange(len(both)) < len(original.starts)
    parts = corpus.folds[np.concatenate([original.starts, spun.starts])]
    return Counted(unique, rows, swapped, parts)


@dataclass(frozen=True, slots=True)
class Taught:
    """A pair's model, the scores of both words' uses by models that had not seen them, and how many uses there are."""

    weights: Mapping[str, float]
    swapped: Floats
    natural: Floats
    originals: int
    naturals: int


class Trainer:
    """Trains pairs on one corpus; occurrences of a word are looked up once."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._numbers = {word: number for number, word in enumerate(corpus.words)}
        self._long_enough = np.array([len(word) > SHORT for word in corpus.words])
        self._places: dict[str, Places] = {}

    def pair(self, spun: str, original: str) -> Taught:
        """Learn to tell a swapped word from a natural one."""
        where = self._where(original), self._where(spun)
        both = counted(self.corpus, *where, self._long_enough)
        scores, known = both.unseen(), both.parts != FOLDS - 1
        weights = {
            name(int(both.unique[index]), self.corpus.words): float(weight)
            for index, weight in enumerate(both.weights(None))
            if weight
        }
        swapped, natural = scores[both.swapped & known], scores[~both.swapped & known]
        return Taught(weights, swapped, natural, where[0].total, where[1].total)

    def _where(self, phrase: str) -> Places:
        if phrase not in self._places:
            self._places[phrase] = places(self.corpus, phrase, self._numbers)
        return self._places[phrase]
