"""The sets with marked entities: one JSON line a text, offsets in code points, and which types were looked for."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TYPES = ("CHEMICAL", "GENE", "DISEASE", "ANATOMY", "CELL", "COMPONENT", "PROCESS", "ORGANISM")
SETS = ("bc5cdr", "craft", "ncbi_disease", "neurotrialner")
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, its entities, and the types that its annotators marked; other types may be there unmarked."""

    text: str
    spans: tuple[Span, ...]
    types: frozenset[str]


def read_set(folder: Path, name: str, part: str) -> Iterator[Marked]:
    """The texts of one set. ``part`` is train, dev or test."""
    with lzma.open(folder / name / f"{part}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            spans = tuple((start, end, kind) for start, end, kind in row["ents"])
            yield Marked(row["text"], spans, frozenset(row["types"]))


def by_set(folder: Path, part: str) -> dict[str, list[Marked]]:
    return {name: list(read_set(folder, name, part)) for name in SETS}


def read(folder: Path, part: str) -> list[Marked]:
    return [marked for texts in by_set(folder, part).values() for marked in texts]


def score(gold: Sequence[Marked], found: Sequence[Sequence[Span]]) -> str:
    """Exact F1 over the types that the set marks, with precision and recall."""
    right = given = wanted = 0
    for marked, spans in zip(gold, found, strict=True):
        kept = {span for span in spans if span[2] in marked.types}
        right += len(kept & set(marked.spans))
        given += len(kept)
        wanted += len(set(marked.spans))
    precision, recall = right / max(1, given), right / max(1, wanted)
    return f"F {2 * precision * recall / max(1e-9, precision + recall):.3f} P {precision:.3f} R {recall:.3f}"
