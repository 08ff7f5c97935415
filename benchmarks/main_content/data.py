"""Marked pages as rows of features with a label a block.

The sets, each of a hand of its own (see their notices): ``wcxb`` (Murrough-Foley 2026, CC BY 4.0), ``fundus`` (news,
the text as a parser written for the site takes it), ``trafilatura-eval`` (segments that must and must not be in the
text), ``magic-html-article`` and ``magic-html-forum`` (mostly Chinese). ``daniel`` is for measuring only.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.damage.document import GoldPage, gold_pages, raw_page
from pipeline.content import metadata, read
from pipeline.content.features import Features, Floats, features
from pipeline.content.main_text import units
from pipeline.content.words import key
from pipeline.repair import repair

# How much a page of a set teaches: news sites are few, and their text is the most exact.
TEACHING = {
    "wcxb": 1.0,
    "fundus": 2.0,
    "trafilatura-eval": 0.5,
    "magic-html-article": 2.0,
    "magic-html-forum": 1.0,
}
HELD_OUT = "wcxb"  # a third of the sites of this set teaches nothing
MEASURED = ("wcxb", "fundus", "trafilatura-eval", "magic-html-article", "daniel")
_TOKEN = re.compile(r"\w+")
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_SIGN = re.compile(rf"[{_IDEOGRAPHS}]|(?:(?![{_IDEOGRAPHS}])\w)+")  # a word, or a Chinese or Japanese character
_GRAM, _GRAM_OF_SIGNS = 3, 6
_MOSTLY_SIGNS = 0.3  # of the words of a text in Chinese or Japanese
_PARTS = 3  # of which the first is held out
_UNKNOWN = -1.0
_MUCH = 0.3  # of a block: an unwanted segment that is as much of it, or has as many words, tells of the block
_MANY = 5
_NO_LABEL, _NO_PART = 8, 20  # characters; what is shorter may stand in any block
Bag = Counter[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A page: its features, and how much of each block is in the marked text (0 to 1, -1 unknown)."""

    set: str
    name: str
    kind: str
    site: str
    page: Features
    share: Floats
    by_segments: bool = False


def archive(folder: Path, name: str) -> Path:
    """Where a set lies."""
    return folder / f"{name}-dev.tar"


def part(name: str, parts: int = _PARTS) -> int:
    """Which part of the sites one belongs to."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % parts


def is_held_out(page: GoldPage) -> bool:
    """Whether a page's site teaches nothing."""
    return part(page.site) == 0


def teaching(folder: Path, without: str = "") -> Iterator[Example]:
    """Every page that may teach and holds text, but for those of the sets whose names begin with ``without``."""
    for name in TEACHING:
        if without and name.startswith(without):
            continue
        for page in gold_pages(archive(folder, name)):
            if name != HELD_OUT or not is_held_out(page):
                yield from _example(name, page)


def measured(folder: Path, name: str) -> list[GoldPage]:
    """The pages of a set on which a model that was taught without it is measured."""
    return [page for page in gold_pages(archive(folder, name)) if name != HELD_OUT or is_held_out(page)]


def _example(name: str, page: GoldPage) -> Iterator[Example]:
    """The page as the content stage sees it before it chooses."""
    draft, parsed, _front = read(repair(raw_page(page.name, page.data)))
    if draft.parts:
        judged, _owners = units(draft)
        texts = [judged.of(one) for one in judged.parts]
        in_segments = bool(page.wanted) and not page.text
        share = by_segments(texts, page) if in_segments else shares(texts, page.text)
        found = features(judged, parsed.title, metadata.description(parsed.meta))
        yield Example(name, page.name, page.kind, page.site, found, share, in_segments)


def bag(text: str) -> Bag:
    """Words of a text, in small letters, with their counts."""
    return Counter(_TOKEN.findall(text.lower()))


def word_f1(wanted: Bag, found: Bag) -> float:
    """F1 of two bags of words; of two empty ones, 1."""
    if not wanted or not found:
        return float(not wanted and not found)
    common = (wanted & found).total()
    return 2 * common / (wanted.total() + found.total())


def shares(texts: Sequence[str], gold: str) -> Floats:
    """How much of each block is in the marked text: 0 to 1, -1 where that cannot be told."""
    signs = _signs(gold)
    chinese = sum(len(sign) == 1 and sign > "\u3000" for sign in signs) > _MOSTLY_SIGNS * len(signs)
    size = _GRAM_OF_SIGNS if chinese else _GRAM
    known, lines, words = set(_grams(signs, size)), {key(line) for line in gold.splitlines()}, set(signs)
    return np.array([_share(text, size, known, lines, words) for text in texts], np.float32)


def _share(text: str, size: int, known: set[tuple[str, ...]], lines: set[str], words: set[str]) -> float:
    """Share of a block's runs of words that the marked text holds; a shorter block must be a line of it."""
    signs = _signs(text)
    grams = _grams(signs, size)
    if grams:
        return sum(gram in known for gram in grams) / len(grams)
    if key(text) in lines:
        return 1.0
    return _UNKNOWN if key(text) and words.issuperset(signs) else 0.0


def _signs(text: str) -> list[str]:
    return _SIGN.findall(text.lower())


def _grams(signs: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(signs[at : at + size]) for at in range(len(signs) - size + 1)]


def by_segments(texts: Sequence[str], page: GoldPage) -> Floats:
    """What the segments tell of the blocks; of most, nothing."""
    wanted, unwanted = (tuple(" ".join(one.split()) for one in said) for said in (page.wanted, page.unwanted))
    return np.array([_by_segment(" ".join(text.split()), wanted, unwanted) for text in texts], np.float32)


def _by_segment(text: str, wanted: Sequence[str], unwanted: Sequence[str]) -> float:
    if any(one and (one in text or (len(text) > _NO_PART and text in one)) for one in wanted):
        return 1.0
    return 0.0 if any(one and _tells(one, text) for one in unwanted) else _UNKNOWN


def _tells(segment: str, text: str) -> bool:
    """Whether a block is unwanted because a segment is in it, or it in the segment."""
    if segment in text:
        return len(segment) >= _MUCH * len(text) or len(segment.split()) >= _MANY
    return len(text) > _NO_LABEL and text in segment
