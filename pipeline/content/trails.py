"""Features of each block's ancestor elements, for the main-content model.

Their names and class keywords; how many of the page's words, links and prose they contain; and how many blocks have the
same path of ancestors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import chain
from operator import itemgetter, or_

import numpy as np
import numpy.typing as npt

from pipeline.content.draft import Part
from pipeline.content.elements import KEYWORD_GROUPS, Element

Floats = npt.NDArray[np.float32]
Column = npt.NDArray[np.floating] | npt.NDArray[np.integer] | npt.NDArray[np.bool_]

_NAMES = (
    "article", "main", "section", "aside", "nav", "header", "footer", "form", "table", "ul", "ol", "li", "dl", "figure",
    "figcaption", "blockquote", "pre", "details", "p", "h1", "h2", "h3", "h4", "h5", "h6", "label", "a", "button",
    "span", "td", "noscript", "address",
)  # fmt: skip
_NAME_BIT = {name: 1 << number for number, name in enumerate(_NAMES)}
_NEAREST = 3  # elements around a block that count as near
_UP = 5  # ancestors whose words are counted
PROSE_WORDS = 20  # words of a block that looks like prose


# An element and its ancestors: names and marks of all as bits, and a number shared by all with the same path.
_Path = tuple[int, int, int]


class AncestorFeatures:
    """The ancestor elements of a page's parts, as features.

    ``_parts`` and ``_elements`` are parallel: the indices of a part and of one of its ancestors.
    """

    def __init__(self, parts: Sequence[Part], counts: Floats) -> None:
        self._trails = [part.trail for part in parts]
        self._names, self._marks, self._kin = zip(*_paths(self._trails), strict=True)
        self._counts = counts.astype(np.float64)
        self._links = np.array([part.link_share for part in parts])
        self._prose = self._counts * ((counts >= PROSE_WORDS) & (self._links < 0.5))
        self._depths = np.array([len(trail) for trail in self._trails], np.int64)
        self._parts = np.repeat(np.arange(len(parts)), self._depths)
        numbers = np.fromiter(map(itemgetter(0), chain.from_iterable(self._trails)), np.int64)
        self._elements = np.unique(numbers, return_inverse=True)[1].reshape(-1)
        self._ends = np.cumsum(self._depths)
        self._articles = np.array([_article(trail) for trail in self._trails], np.int64)

    def names(self) -> Floats:
        """Depth, names of elements, and marks of all and of the nearest."""
        near = [reduce(or_, (element.marks for element in trail[-_NEAREST:]), 0) for trail in self._trails]
        return np.concatenate(
            [
                self._depths[:, None].astype(np.float32),
                bits(self._names, len(_NAMES)),
                bits(self._marks, len(KEYWORD_GROUPS)),
                bits(near, len(KEYWORD_GROUPS)),
            ],
            axis=1,
        )

    def ancestors(self) -> Floats:
        """For each near ancestor: its share of the page's words, its shares of links and prose, and its block count.

        Then the position relative to the element with the most prose near it: inside or not, the number of common
        ancestors, and the distances of that element and the block from the last of those.
        """
        total = max(float(self._counts.sum()), 1.0)
        words, linked, prose, blocks = (
            self._summed(values) for values in (self._counts, self._counts * self._links, self._prose, None)
        )
        columns: list[Column] = []
        for away in range(1, _UP + 1):
            there = self._depths >= away
            at = self._elements[np.where(there, self._ends - away, 0)] if len(self._elements) else np.zeros(0, int)
            if not len(at):
                columns += [np.full(len(there), -1.0)] * 4
                continue
            held = np.maximum(words[at], 1.0)
            rows = (words[at] / total, linked[at] / held, prose[at] / held, np.log1p(blocks[at]))
            columns += [np.where(there, row, -1.0) for row in rows]
        return table([*columns, *self._by_best()])

    def expected(self, probs: Floats) -> Floats:
        """What is likely of the other blocks in each near ancestor, with the same path, and in the same ``article``.

        For each: the mean probability of the other blocks by their words, -1 without any, and the part of the words
        that are expected to be main text.
        """
        hoped = self._counts * probs
        total = max(float(hoped.sum()), 1e-9)
        held, likely = self._summed(self._counts), self._summed(hoped)
        columns: list[Column] = []
        for away in range(1, _UP + 1):
            there = self._depths >= away
            if not len(self._elements):
                columns += [np.full(len(there), -1.0)] * 2
                continue
            at = self._elements[np.where(there, self._ends - away, 0)]
            others = mean_of_others(held[at], likely[at], self._counts, hoped)
            columns += [np.where(there, row, -1.0) for row in (others, likely[at] / total)]
        like = np.array(self._kin, np.int64)
        for group in (like, np.unique(self._articles, return_inverse=True)[1].reshape(-1)):
            same, wanted = (np.bincount(group, values)[group] for values in (self._counts, hoped))
            columns += [mean_of_others(same, wanted, self._counts, hoped), wanted / total]
        return table([*columns, self._articles >= 0])

    def kin(self) -> Floats:
        """For the blocks with the same path (ancestors' names and marks): their number, words and links."""
        like = np.array(self._kin, np.int64)
        total = max(float(self._counts.sum()), 1.0)
        times, words, linked = (
            np.bincount(like, values) for values in (None, self._counts, self._counts * self._links)
        )
        rows = (np.log1p(times), words / total, linked / np.maximum(words, 1.0), words / np.maximum(times, 1))
        return table([row[like] for row in rows])

    def _summed(self, values: npt.NDArray[np.float64] | None) -> npt.NDArray[np.float64]:
        """Sums of values over the blocks within each element; without values, the number of blocks."""
        weights = None if values is None else values[self._parts]
        return np.bincount(self._elements, weights).astype(np.float64)

    def _by_best(self) -> list[Column]:
        away = self._ends[self._parts] - np.arange(len(self._parts))  # 1 is the innermost element
        near = away <= _NEAREST
        held = np.bincount(self._elements, np.where(near, self._prose[self._parts] / away, 0.0))
        if not len(held):
            return [np.zeros(len(self._depths))] * 4
        best = int(np.argmax(held))
        first = int(np.flatnonzero(self._elements == best)[0])
        part = int(self._parts[first])
        path = self._elements[self._ends[part] - self._depths[part] : first + 1]
        common = np.bincount(self._parts, np.isin(self._elements, path), len(self._depths))
        inside = np.bincount(self._parts, self._elements == best, len(self._depths))
        return [inside, common, len(path) - common, self._depths - common]


def _article(trail: Sequence[Element]) -> int:
    """The number of the innermost ``article`` around a block, or -1."""
    return next((number for number, name, _marks in reversed(trail) if name == "article"), -1)


def _paths(trails: Iterable[Sequence[Element]]) -> Iterator[_Path]:
    known: dict[int, _Path] = {}
    kin: dict[tuple[int, str, int], int] = {}
    for trail in trails:
        depth = len(trail)
        while depth and trail[depth - 1][0] not in known:
            depth -= 1
        path = known[trail[depth - 1][0]] if depth else (0, 0, 0)
        for number, name, marks in trail[depth:]:
            names, all_marks, like = path
            like = like if name == "a" else kin.setdefault((like, name, marks), len(kin) + 1)
            path = known[number] = (names | _NAME_BIT.get(name, 0), all_marks | marks, like)
        yield path


def mean_of_others(words: Column, likely: Column, own: Column, hoped: Column) -> Column:
    """Mean probability of each block's group by its words, without the block itself; -1 where it is alone.

    ``words`` and ``likely`` are of the group: its words, and those expected to be main text; ``own`` and ``hoped`` are
    the block's own.
    """
    left = words - own
    return np.where(left > 0, (likely - hoped) / np.maximum(left, 1e-9), -1.0)


def bits(values: Sequence[int], width: int) -> Floats:
    """A row for each value: its lowest ``width`` bits, the lowest first."""
    numbers = np.array(values, np.int64)
    return np.asarray(numbers >> np.arange(width)[:, None] & 1, np.float32).T


def table(columns: Sequence[Column]) -> Floats:
    """A matrix of columns. Each is contiguous in memory, as the trees read whole columns."""
    return np.stack(columns).astype(np.float32).T
