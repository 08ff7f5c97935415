"""``python -m benchmarks.main_content.left_out FOLDER WORK [OUT]``: every set by models that it did not teach.

WORK holds the models, in a folder for each set; those that are not there are trained (five minutes each). Prints how
the pipeline does beside other extractors in the same run, and how well the F1 that it expects came true; writes the
trees by which it expects that, ``sureness.tsv``, if OUT is given.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.damage.document import GoldPage, raw_page
from benchmarks.main_content import data, trees
from benchmarks.main_content.measure import overall, scores
from benchmarks.main_content.score import extracted, others
from benchmarks.main_content.train import train
from pipeline import stages
from pipeline.content import main_text, metadata, read
from pipeline.content.features import Floats
from pipeline.records import Article
from pipeline.repair import repair
from pipeline.settings import Settings
from pipeline.stages import process

_TOGETHER = {"magic-html-article": "magic-html"}  # sets of one hand are left out together
_ROWS = 10  # of the printed table


@dataclass(frozen=True, slots=True)
class Came:
    """Of a page: what tells how sure its choice is, and the F1 that came of it."""

    set: str
    row: Floats
    f1: float


def main(folder: str, work: str, out: str = "") -> int:
    """Train what is missing, measure, and print."""
    logging.disable(logging.CRITICAL)
    came: list[Came] = []
    print("| set | pages | pipeline, P R F1 | " + " | ".join(others()) + " |\n|---|---|---|" + "---|" * len(others()))
    for name in data.MEASURED:
        pages = data.measured(Path(folder), name)
        with _taught_without(name, Path(folder), Path(work)):
            texts, rows = zip(*map(_read, pages), strict=True)
        came += [
            Came(name, row, scores(page, text)[2])
            for page, text, row in zip(pages, texts, rows, strict=True)
            if page.text and row is not None
        ]
        rivals = (overall(pages, [extracted(one, page.data) for page in pages])[2] for one in others().values())
        own = " ".join(f"{value:.4f}" for value in overall(pages, texts))
        print(f"| {name} | {len(pages)} | {own} |", " | ".join(f"{one:.4f}" for one in rivals), "|", flush=True)
    _show_reliability(came)
    if out:
        Path(out, "sureness.tsv").write_text(_sureness(came).table(), "utf-8")
    return 0


@contextmanager
def _taught_without(name: str, folder: Path, work: Path) -> Iterator[None]:
    """The pipeline with models that a set did not teach; how sure they are is not asked."""
    without = "" if name not in data.TEACHING or name == data.HELD_OUT else _TOGETHER.get(name, name)
    models = work / (without or "all")
    if not (models / "second.tsv").exists():
        models.mkdir(parents=True, exist_ok=True)
        train(folder, models, without)
    (models / "sureness.tsv").write_text((main_text.MODELS / "sureness.tsv").read_text("utf-8"), "utf-8")
    with patch.object(main_text, "MODELS", models):
        main_text.load_model.cache_clear()
        yield
    main_text.load_model.cache_clear()


def _read(page: GoldPage) -> tuple[str, Floats | None]:
    """The main text of a page, and what tells how sure its choice is."""
    raw = raw_page(page.name, page.data)
    found = process(raw, stages.cached_tools(Settings()), "content")
    if not isinstance(found, Article) or not found.page_kind:
        return (found.text.text if isinstance(found, Article) else ""), None
    draft, parsed, _front = read(repair(raw))
    chosen = main_text.choose(draft, parsed.title, metadata.description(parsed.meta))
    return found.text.text, chosen.row if chosen else None


def _sureness(measured: Sequence[Came], without: str = "") -> trees.Model:
    """What the pages of the sets that may teach tell of sureness."""
    came = [one for one in measured if one.set in data.TEACHING and one.set != without]
    rows, f1 = np.stack([one.row for one in came]), np.array([one.f1 for one in came], np.float32)
    sizes = {name: sum(one.set == name for one in came) for name in {one.set for one in came}}
    weights = np.array([1 / sizes[one.set] for one in came])  # each set as much as another
    return trees.Model.of_pages(rows, f1, weights * len(came) / weights.sum())


def _show_reliability(came: Sequence[Came]) -> None:
    """How what is expected came true, each set by what the others taught."""
    expected, f1 = np.zeros(len(came)), np.array([one.f1 for one in came])
    for name in sorted({one.set for one in came}):
        own = np.array([one.set == name for one in came])
        model = _sureness(came, name)
        expected[own] = model.probabilities(np.stack([one.row for one in came if one.set == name]))
        print(f"{name}: expected {expected[own].mean():.3f}, came {f1[own].mean():.3f}")
    print("\n| expected F1 | pages | expected, mean | came, mean |\n|---|---|---|---|")
    for low in np.arange(0, 1, 1 / _ROWS):
        inside = (expected >= low) & (expected < low + 1 / _ROWS)
        if inside.any():
            means = f"{expected[inside].mean():.3f} | {f1[inside].mean():.3f}"
            print(f"| {low:.1f} to {low + 1 / _ROWS:.1f} | {int(inside.sum())} | {means} |")
    order = np.corrcoef(expected, f1)[0, 1]
    print(f"\nmean error {np.abs(expected - f1).mean():.3f}, correlation {order:.3f}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
