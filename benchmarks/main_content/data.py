"""Marked pages as rows of features with a label a block."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from benchmarks.damage.document import GoldPage, gold_pages, raw_page
from pipeline.content import metadata, read
from pipeline.content.features import Floats, features
from pipeline.content.main_text import units
from pipeline.content.words import key
from pipeline.repair import repair

_TOKEN = re.compile(r"\w+")
_GRAM = 3  # words
_PARTS = 3  # of which the first is held out
_UNKNOWN = -1.0
Bag = Counter[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A page: its rows, how much of each block is in the marked text (0 to 1, -1 unknown), and the words of each."""

    name: str
    kind: str
    site: str
    rows: Floats
    share: Floats
    bags: tuple[Bag, ...]
    gold: Bag

    @property
    def counts(self) -> Floats:
        """Words a block."""
        return np.array([bag.total() for bag in self.bags], np.float32)


def site(page: GoldPage) -> str:
    """The host of a page's address."""
    return urlsplit(page.url).netloc.lower().removeprefix("www.")


def part(name: str, parts: int = _PARTS) -> int:
    """Which part of the sites one belongs to."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % parts


def is_held_out(page: GoldPage) -> bool:
    """Whether a page's site teaches nothing."""
    return part(site(page)) == 0


def examples(archive: Path) -> Iterator[Example]:
    """Every page that holds text, as the content stage sees it before it chooses."""
    for page in gold_pages(archive):
        draft, parsed, _front = read(repair(raw_page(page.name, page.data)))
        if draft.parts:
            judged, _owners = units(draft)
            texts = [judged.of(one) for one in judged.parts]
            rows, _counts = features(judged, parsed.title, metadata.description(parsed.meta))
            bags = tuple(map(bag, texts))
            yield Example(page.name, page.kind, site(page), rows, _shares(texts, page.text), bags, bag(page.text))


def bag(text: str) -> Bag:
    """Words of a text, in small letters, with their counts."""
    return Counter(_TOKEN.findall(text.lower()))


def word_f1(wanted: Bag, found: Bag) -> float:
    """F1 of two bags of words; of two empty ones, 1."""
    if not wanted or not found:
        return float(not wanted and not found)
    common = (wanted & found).total()
    return 2 * common / (wanted.total() + found.total())


def _shares(texts: list[str], gold: str) -> Floats:
    known, lines, words = set(_grams(gold)), {key(line) for line in gold.splitlines()}, bag(gold)
    return np.array([_share(text, known, lines, words) for text in texts], np.float32)


def _share(text: str, known: set[tuple[str, ...]], lines: set[str], words: Bag) -> float:
    """Share of a block's triples of words that the marked text holds; a shorter block must be a line of it."""
    grams = _grams(text)
    if grams:
        return sum(gram in known for gram in grams) / len(grams)
    if key(text) in lines:
        return 1.0
    return _UNKNOWN if key(text) and all(word in words for word in bag(text)) else 0.0


def _grams(text: str) -> list[tuple[str, ...]]:
    words = _TOKEN.findall(text.lower())
    return [tuple(words[at : at + _GRAM]) for at in range(len(words) - _GRAM + 1)]
