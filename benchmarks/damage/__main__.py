"""``python -m benchmarks.damage DATA [N]``: what comes back of N held-out texts and N articles in blocks."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from benchmarks.damage import score, text
from benchmarks.damage.document import documents
from benchmarks.spinner import corpus, simulate
from pipeline import stages
from pipeline.normalize import normalize
from pipeline.settings import Settings


def clean_texts(folder: Path, most: int, tools: stages.Tools) -> list[tuple[str, str]]:
    """Held-out documents as the pipeline leaves them: what is still to be changed after that is a false repair."""
    chosen = list(corpus.held_out(folder))
    random.Random(1).shuffle(chosen)
    read = [
        (name, normalize(simulate.article("\n\n".join(paragraphs), tools), tools.rules).text.text)
        for name, paragraphs in chosen[:most]
    ]
    return [(name, clean) for name, clean in read if len(clean) > 10 * text.AROUND]


def main(data: str, most: str = "100") -> int:
    """Print the tables."""
    tools = stages.tools(Settings())
    texts = clean_texts(Path(data) / "corpora", int(most), tools)
    print("| damage to text | places | restored |\n|---|---|---|")
    print(f"| none, {len(texts)} documents | {score.false_repairs(texts, tools)} changes | |")
    for places in score.on_text(texts, tools):
        share = places.restored / max(places.damaged, 1)
        print(f"| {places.operator} | {places.damaged} | {share:.3f} |", flush=True)
    articles = documents(Path(data) / "extraction/wcxb-dev.tar", int(most), tools)
    print("\n| damage to pages | same blocks | words P | R | headings F1 | lines kept out | truncated |")
    print("|---|---|---|---|---|---|---|")
    for operator, trip in score.on_pages(articles, tools):
        figures = (trip.same, trip.precision, trip.recall, trip.headings, trip.kept_out, trip.truncated)
        print(f"| {operator} |", " | ".join(f"{figure:.3f}" for figure in figures), "|", flush=True)
    print(f"\n{score.untouched(articles)} of {len(articles)} undamaged pages come out of repair as they were")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
