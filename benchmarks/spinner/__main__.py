"""``python -m benchmarks.spinner CORPORA FOLDER``: train the models of rules/swaps.toml; write their cards.

Documents are split by the hash of their name into five parts: four teach, each read by models taught on the other
three to find the thresholds; the last is never looked at here. The same corpora give the same bytes.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.spinner import corpus, fit
from pipeline.normalize.contexts import NEAR

RULES = Path(__file__).parents[2] / "pipeline" / "rules" / "swaps.toml"
RATE = 0.5  # of the words a spinner could swap, the share it does
MARGIN = 6.0  # how far above every natural use a word must score to be changed in any document
NATURAL = 100  # natural uses it takes to judge a pair
STRICT_RECALL = 0.3  # pairs that would find less stay out of clean documents altogether
TOUCHED = 0.1  # of natural uses, in documents judged spun
PRECISION, RECALL = 0.99, 0.5  # in documents judged spun, of pairs no replacer was seen to use
SEEN_PRECISION, SEEN_RECALL = 0.95, 0.2  # and of those that one was
COLUMNS = (
    "id", "natural", "originals", "strict", "strict_recall", "strict_touched", "gated", "gated_recall",
    "gated_touched", "gated_precision",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Threshold:
    """A score, or None if no score will do, and what reaches it on unseen documents."""

    score: float | None = None
    recall: float = 0.0
    touched: float = 0.0
    precision: float = 0.0


def main(corpora: str, folder: str) -> int:
    """Train every pair."""
    read = corpus.read(Path(corpora), NEAR + 4)
    trainer = fit.Trainer(read)
    cards = []
    for row in tomllib.loads(RULES.read_text("utf-8"))["rule"]:
        taught = trainer.pair(row["spun"], row["original"])
        strict, gated = thresholds(taught, bool(row["family"]))
        cards.append(card(row["id"], taught, strict, gated))
        lines = (f"{feature}\t{round(weight * 8)}\n" for feature, weight in sorted(taught.weights.items()))
        (Path(folder) / f"{row['id']}.tsv").write_text("".join(lines), "utf-8")
        print(*cards[-1], sep="\t", flush=True)
    with (Path(folder) / "cards.tsv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter="\t", lineterminator="\n").writerows([COLUMNS, *cards])
    return 0


def thresholds(taught: fit.Taught, seen: bool) -> tuple[Threshold, Threshold]:
    """The scores from which a word is changed: in any document, and in one judged spun."""
    swapped, natural = np.sort(taught.swapped), np.sort(taught.natural)
    if taught.naturals < NATURAL or len(natural) < NATURAL * 0.7:
        return Threshold(), Threshold()
    scores = np.unique(np.round(np.quantile(np.concatenate([swapped, natural]), np.linspace(0, 1, 801)), 2))
    recalls = 1 - np.searchsorted(swapped, scores) / len(swapped)
    touches = (len(natural) - np.searchsorted(natural, scores) + 1) / len(natural)  # one more, to be careful
    right = RATE * recalls * taught.originals
    precisions = right / (right + touches * taught.naturals)
    precision, recall = (SEEN_PRECISION, SEEN_RECALL) if seen else (PRECISION, RECALL)
    fitting = np.flatnonzero((precisions >= precision) & (touches <= TOUCHED) & (recalls >= recall))
    gated = Threshold()
    if len(fitting):
        best = fitting[0]
        found = (float(one[best]) for one in (scores, recalls, touches, precisions))
        gated = Threshold(*(round(one, 4) for one in found))
    above = round(float(natural[-1]) + MARGIN, 2)
    strict_recall = round(float((swapped >= above).mean()), 4)
    strict = Threshold(above, strict_recall) if strict_recall >= STRICT_RECALL else Threshold()
    return strict, gated


def card(pair: str, taught: fit.Taught, strict: Threshold, gated: Threshold) -> tuple[str | int | float, ...]:
    """A row of the table of cards."""
    return (
        pair, taught.naturals, taught.originals, "" if strict.score is None else strict.score, strict.recall,
        strict.touched, "" if gated.score is None else gated.score, gated.recall, gated.touched, gated.precision,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
