"""Read CoNLL-U: the format of both treebanks (universaldependencies.org/format.html)."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Word:
    """One syntactic word; ``head`` is a 0-based index into the sentence, -1 for the root."""

    form: str
    lemma: str
    upos: str
    tag: str
    head: int
    label: str
    space_after: bool


@dataclass(slots=True)
class Sentence:
    """The words of one sentence, and whether a new paragraph begins with it."""

    words: list[Word]
    starts_paragraph: bool


def read(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file, plain or xz-compressed."""
    data = path.read_bytes()
    text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8")
    for chunk in text.split("\n\n"):
        lines = chunk.split("\n")
        starts = any(line.startswith(("# newpar", "# newdoc")) for line in lines)
        rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
        words = _words(rows)
        if words:
            yield Sentence(words, starts)


def _words(rows: list[list[str]]) -> list[Word]:
    spaces: dict[int, bool] = {}
    numbered: dict[int, int] = {}
    kept: list[list[str]] = []
    for row in rows:
        identifier = row[0]
        space = "SpaceAfter=No" not in row[9]
        if "-" in identifier:
            # A contraction such as "don't": its parts touch, the last one carries the space.
            first, last = map(int, identifier.split("-"))
            spaces.update(dict.fromkeys(range(first, last), False))
            spaces[last] = space
        elif "." not in identifier:
            numbered[int(identifier)] = len(kept)
            spaces.setdefault(int(identifier), space)
            kept.append(row)
    return [
        Word(
            form=row[1],
            lemma=row[2],
            upos=row[3],
            tag=row[4],
            head=numbered[int(row[6])] if row[6] not in ("0", "_") else -1,
            label=row[7],
            space_after=spaces[int(row[0])],
        )
        for row in kept
    ]
