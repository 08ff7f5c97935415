"""``python -m benchmarks.main_content.score ARCHIVE [PAGES]``: the pipeline beside other extractors, word F1.

First on the held-out pages as they are, by kind; then, if PAGES is given, on so many held-out articles of at least 100
words, whole and damaged in the ways that leave the words of a page where they are and that extractors mind.
"""

from __future__ import annotations

import logging
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean

import trafilatura
from lxml import html
from readability import Document
from resiliparse.extract.html2text import extract_plain_text

from benchmarks.damage import encodings, pages, tags, transport
from benchmarks.damage.document import GoldPage, gold_pages, raw_page
from benchmarks.damage.operators import Operator, damaged
from benchmarks.main_content.data import bag, is_held_out, word_f1
from pipeline import stages
from pipeline.readers.encoding import decode
from pipeline.records import Article
from pipeline.repair import repair
from pipeline.settings import Settings
from pipeline.stages import process

_WORDS = 100  # of the marked text of an article that is damaged
_TAKES_WORDS = ("M4", "C4", "X7")  # these put signs into words, change them, or cut them off
# What no extractor minds: each is measured on pages of our own by benchmarks.damage.
_HARMLESS = ("M1 line break before", "M3", "M8", "M9", "M10", "C1 fence,", "C2", "C6", "E4", "X2", "X4")
Extract = Callable[[bytes], str]


def extractors() -> dict[str, Extract]:
    """What is measured, by name: bytes of a page to its main text."""
    tools = stages.tools(Settings())

    def ours(data: bytes) -> str:
        found = process(raw_page("page.html", data), tools, "content")
        return found.text.text if isinstance(found, Article) else ""

    return {"pipeline": ours, **others()}


def others() -> dict[str, Extract]:
    """The other extractors."""
    return {"trafilatura": _trafilatura, "readability-lxml": _readability, "resiliparse": _resiliparse}


def _trafilatura(data: bytes) -> str:
    return str(trafilatura.extract(data, include_comments=False, include_tables=True) or "")


def _readability(data: bytes) -> str:
    summary = Document(data.decode("utf-8", "replace")).summary()
    return " ".join(map(str, html.fromstring(summary).itertext()))


def _resiliparse(data: bytes) -> str:
    return str(extract_plain_text(data.decode("utf-8", "replace"), main_content=True))


def extracted(extract: Extract, data: bytes) -> str:
    """The main text of a page; nothing where an extractor fails."""
    try:
        return extract(data)
    except Exception:  # other programs may raise anything
        return ""


def f1(extract: Extract, data: bytes, gold: str) -> float:
    """Word F1 of a page."""
    return word_f1(bag(gold), bag(extracted(extract, data)))


def by_kind(held_out: Iterable[GoldPage], names: dict[str, Extract]) -> dict[str, dict[str, list[float]]]:
    """Scores by extractor and kind of page."""
    scores: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in names}
    for page in held_out:
        for name, extract in names.items():
            score = f1(extract, page.data, page.text)
            scores[name][page.kind].append(score)
            scores[name]["all"].append(score)
    return scores


def ways() -> dict[str, Callable[[GoldPage], bytes]]:
    """Every kind of damage that leaves the words and that some extractor minds, by name."""

    def on_text(operator: Operator) -> Callable[[GoldPage], bytes]:
        return lambda page: damaged(decode(page.data)[0], operator, page.name).text.encode("utf-8", "surrogatepass")

    def on_bytes(operator: transport.ByteOperator) -> Callable[[GoldPage], bytes]:
        def damage(page: GoldPage) -> bytes:
            return operator.damage(decode(page.data)[0].encode(), random.Random(f"{operator.name} {page.name}"))

        return damage

    on_characters = (*pages.OPERATORS, *encodings.OPERATORS, *tags.OPERATORS)
    found = {one.name: on_text(one) for one in on_characters} | {one.name: on_bytes(one) for one in transport.OPERATORS}
    return {name: damage for name, damage in found.items() if not name.startswith(_TAKES_WORDS + _HARMLESS)}


def main(archive: str, damaged_pages: str = "0", *only: str) -> int:
    """Print the tables; ``only`` names extractors."""
    logging.disable(logging.CRITICAL)
    names = {name: extract for name, extract in extractors().items() if not only or name in only}
    held_out = [page for page in gold_pages(Path(archive)) if is_held_out(page)]
    if damaged_pages == "0":
        scores = by_kind(held_out, names)
        kinds = sorted(next(iter(scores.values())))
        print("| extractor |", " | ".join(kinds), "|\n|", "---|" * (len(kinds) + 1))
        for name, kind in scores.items():
            print(f"| {name} |", " | ".join(f"{mean(kind[one]):.4f}" for one in kinds), "|")
        return 0
    articles = [page for page in held_out if page.kind == "article" and bag(page.text).total() >= _WORDS]
    chosen = random.Random(1).sample(articles, int(damaged_pages))
    same = sum(repair(raw_page(page.name, page.data)).text.text == decode(page.data)[0] for page in chosen)
    print(f"{same} of {len(chosen)} undamaged pages come out of repair as they were\n")
    print("| damage |", " | ".join(names), "|\n|", "---|" * (len(names) + 1))
    rows = []
    for way, damage in {"none": lambda page: page.data, **ways()}.items():
        rows.append([mean(f1(extract, damage(page), page.text) for page in chosen) for extract in names.values()])
        print(f"| {way} |", " | ".join(f"{value:.3f}" for value in rows[-1]), "|", flush=True)
    print("| mean of the damaged |", " | ".join(f"{mean(column):.3f}" for column in zip(*rows[1:], strict=True)), "|")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
