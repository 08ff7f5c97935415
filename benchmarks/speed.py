"""``python -m benchmarks.speed DATA [NUMBER]``: what the pipeline costs beside what it stands on, in one run.

Texts are of DATA/corpora, pages of DATA/extraction/wcxb-dev.tar. Counted is computing time; the two sides take turns,
so that a machine that is slow for a while is slow for both.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

import spacy
import trafilatura

from benchmarks.damage.document import gold_pages, raw_page
from benchmarks.spinner.corpus import documents
from pipeline import stages
from pipeline.export.rows import document_of
from pipeline.lexicon.words import lexicon
from pipeline.markup.tokens import tokenize
from pipeline.mechanisms.language import SHIPPED
from pipeline.readers import read_bytes
from pipeline.records import RawPage, Rejected
from pipeline.settings import Settings

T = TypeVar("T")
_TOGETHER = 32  # documents before the other side's turn
# Read first, so that the classifier of languages is loaded, which English does without.
_FOREIGN = "<p>Le zinc se lie aux protéines du sang, qui le portent aux cellules.</p>".encode()


def main(data: str, number: str = "400") -> None:
    """Print words and pages per second, and how they compare."""
    logging.disable()
    _texts(Path(data), int(number))
    for name in ("wcxb", "fundus"):  # of all kinds, and long pages of news
        _pages(Path(data, "extraction", f"{name}-dev.tar"), int(number))


def _texts(data: Path, wanted: int) -> None:
    """The whole pipeline, rows included, and the parser alone, on plain text in one process."""
    tools = stages.tools(Settings())
    bare = spacy.load(SHIPPED, exclude=["ner"])

    def whole(texts: list[str]) -> None:
        for number, text in enumerate(texts):
            page = read_bytes(text.encode(), f"{number}.txt", 20_000_000)
            assert isinstance(page, RawPage)
            state = stages.process(page, tools)
            assert not isinstance(state, Rejected), state.reason
            for row in document_of(state, tools.rules.hash).rows():
                json.dumps(row, ensure_ascii=False)

    def parse(texts: list[str]) -> None:
        for _doc in bare.pipe(texts):
            pass

    words = 0
    spent = [0.0, 0.0]
    texts = corpus(data / "corpora", wanted)
    whole(["Zinc binds proteins."])
    while batch := list(islice(texts, _TOGETHER)):
        words += sum(len(text.split()) for text in batch)
        for side, work in enumerate((whole, parse)):
            spent[side] += _seconds(work, batch)
    ours, theirs = (words / seconds for seconds in spent)
    print(f"plain text, {words:,} words: pipeline {ours:,.0f} words/s, parser {theirs:,.0f}: {ours / theirs:.3f}")


def _pages(archive: Path, wanted: int) -> None:
    """Repair and content, and trafilatura, on web pages."""
    tools = stages.tools(Settings())

    def ours(pages: list[tuple[str, bytes]]) -> None:
        for name, page in pages:
            tokenize.cache_clear()
            stages.process(raw_page(name, page), tools, "content")

    def theirs(pages: list[tuple[str, bytes]]) -> None:
        for _name, page in pages:
            trafilatura.extract(page)

    found = [(page.name, page.data) for page in gold_pages(archive)]
    step = max(1, len(found) // wanted)
    spent = [0.0, 0.0]
    pages = found[::step]
    lexicon()  # what is read once, when a page first asks for it, is no cost of that page
    for work in (ours, theirs):
        work([*pages[:1], ("first", _FOREIGN)])
    for one in pages:
        for side, work in enumerate((ours, theirs)):
            spent[side] += _seconds(work, [one])
    rates = [len(pages) / seconds for seconds in spent]
    size = sum(len(page) for _, page in pages) / len(pages) / 1000
    given = f"{archive.name}, {len(pages)} pages of {size:.0f} kB"
    print(f"{given}: pipeline {rates[0]:.1f}/s, trafilatura {rates[1]:.1f}/s: {rates[0] / rates[1]:.3f}")


def _seconds(work: Callable[[list[T]], None], given: list[T]) -> float:
    start = time.process_time()
    work(given)
    return time.process_time() - start


def corpus(folder: Path, wanted: int) -> Iterator[str]:
    """About so many texts, the same number of every corpus, one corpus after another."""
    corpora = len(list(folder.glob("*/*.xz")))
    for _name, group in groupby(documents(folder), lambda document: document[0].partition("/")[0]):
        listed = [paragraphs for _, paragraphs in group]
        for paragraphs in listed[:: max(1, len(listed) * corpora // wanted)]:
            yield "\n\n".join(paragraphs)


if __name__ == "__main__":
    main(*sys.argv[1:])
