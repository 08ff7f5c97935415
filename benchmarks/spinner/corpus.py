"""Clean text as arrays of token numbers, split by document."""

from __future__ import annotations

import hashlib
import json
import lzma
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.normalize.contexts import TOKEN, token

FOLDS = 5  # the last one is held out from everything but the final measurement
RARE = 4  # words seen less often are all one word to the model
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Corpus:
    """``tokens`` of all paragraphs, each followed by zeros as wide as a window; ``folds`` of their documents."""

    tokens: Ints
    folds: Ints
    words: tuple[str, ...]


def fold(document: str) -> int:
    """The part of the corpus a document belongs to, by its name alone."""
    return int(hashlib.sha256(document.encode()).hexdigest()[:8], 16) % FOLDS


def documents(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Names and paragraphs of all documents, in order."""
    for path in sorted(folder.glob("*/*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield f"{path.parent.name}/{row['id']}", [p for p in row["paras"] if isinstance(p, str)]


def held_out(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The documents that teach nothing."""
    return ((name, paragraphs) for name, paragraphs in documents(folder) if fold(name) == FOLDS - 1)


def read(folder: Path, gap: int) -> Corpus:
    """Read every document; ``gap`` zeros stand between paragraphs."""
    counts: Counter[str] = Counter()
    kept: list[tuple[int, list[str]]] = []
    for name, paragraphs in documents(folder):
        for paragraph in paragraphs:
            tokens = [token(found) for found in TOKEN.findall(paragraph.lower())]
            counts.update(tokens)
            kept.append((fold(name), tokens))
    words = ("", "?", *sorted(word for word, count in counts.items() if count >= RARE))
    numbers = {word: number for number, word in enumerate(words)}
    size = sum(len(tokens) + gap for _, tokens in kept) + gap
    flat, folds = np.zeros(size, np.int64), np.zeros(size, np.int64)
    at = gap
    for part, tokens in kept:
        flat[at : at + len(tokens)] = [numbers.get(word, 1) for word in tokens]
        folds[at : at + len(tokens)] = part
        at += len(tokens) + gap
    return Corpus(flat, folds, words)
