"""``python -m benchmarks.spinner.simulate CORPORA [N]``: swap words in clean documents and count what comes back.

Reads documents of the held-out part only. Each use of an original word is swapped with a probability of one half, by a
generator seeded with the document's name; the article before it follows. Also reads every document as it is, and
counts what is changed in clean text.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import spacy

from benchmarks.spinner import corpus
from pipeline import stages
from pipeline.edits import Change, Edit, TracedText
from pipeline.normalize import normalize
from pipeline.normalize.synonyms import indefinite, with_capital
from pipeline.records import Article, CleanArticle, RawPage, Source
from pipeline.rules.kinds import Rules
from pipeline.settings import Settings
from pipeline.stages import process

RATE = 0.5
SWAP = "swap"
JUDGED = 0.5  # the score from which a document counts as spun


def swap(text: str, rules: Rules, seed: str) -> TracedText:
    """Put spun words in place of originals that ship, half of the time; the ledger is in the text's edits."""
    by_original: dict[str, list[str]] = {}
    for rule in rules.swaps:
        if rule.outcome != "flag":
            by_original.setdefault(rule.original, []).append(rule.spun)
    words = "|".join(sorted(map(re.escape, by_original), key=lambda word: (-len(word), word)))
    chance = random.Random(seed)
    changes: list[Change] = []
    for found in re.finditer(rf"(?<![\w-])(?:(an?)( +))?({words})(?![\w-])", text, re.IGNORECASE):
        original = found[3]
        if chance.random() >= RATE or original.isupper():
            continue
        spun = chance.choice(by_original[original.lower()])
        if found[1]:
            article = with_capital(indefinite(spun), found[1])
            changes.append(Change(*found.span(1), article, "article", "follows the word"))
        changes.append(Change(*found.span(3), with_capital(spun, original), SWAP, "a word of a replacer"))
    return TracedText(text).apply(changes, "damage")


def article(text: str, tools: stages.Tools) -> Article:
    """The text up to where normalization begins."""
    page = RawPage("text", Source("text", "text/plain", "0" * 64), text)
    result = process(page, tools, "content")
    assert isinstance(result, Article), result
    return result


def changed_words(clean: CleanArticle) -> Iterator[Edit]:
    """Applied edits that put one word in place of another."""
    for edit in clean.text.edits():
        if edit.status == "applied" and edit.rule.startswith(("unspin_", "spun_")):
            yield edit


def main(folder: str, most: str = "1000") -> int:
    """Print the counts."""
    tools = stages.tools(Settings())
    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    spent = {"normalize": 0.0, "tokenizer": 0.0}
    blank = spacy.blank("en")
    for name, paragraphs in islice(corpus.held_out(Path(folder)), int(most)):
        text = "\n\n".join(paragraphs)
        counts["documents"] += 1
        counts["words"] += len(text.split())
        read = article(text, tools)
        started = time.perf_counter()
        clean = normalize(read, tools.rules)
        spent["normalize"] += time.perf_counter() - started
        started = time.perf_counter()
        blank(text)
        spent["tokenizer"] += time.perf_counter() - started
        counts["clean edits"] += sum(1 for _ in changed_words(clean))
        counts["clean judged spun"] += clean.spun >= JUDGED
        swapped = swap(text, tools.rules, name)
        if swapped.edits():
            back = normalize(article(swapped.text, tools), tools.rules)
            counts["spun documents"] += 1
            counts["found spun"] += back.spun >= JUDGED
            _count(back, swapped, counts, pairs)
    right, wrong, missed = counts["right"], counts["wrong"], counts["swapped"] - counts["right"]
    print(*(f"{key}: {value:,}" for key, value in sorted(counts.items())), sep="\n")
    print(f"precision {right / max(right + wrong, 1):.4f}, recall {right / max(right + missed, 1):.4f}")
    print(f"synonym edits in clean text, per 10,000 words: {counts['clean edits'] / counts['words'] * 10_000:.4f}")
    print(f"stage beside blank tokenizer: {spent['normalize'] / spent['tokenizer']:.2f}")
    print("most wrong:", *pairs.most_common(20), sep="\n  ")
    return 0


def _count(back: CleanArticle, swapped: TracedText, counts: Counter[str], pairs: Counter[tuple[str, str]]) -> None:
    ledger = [edit for edit in swapped.edits() if edit.rule == SWAP]
    counts["swapped"] += len(ledger)
    for edit in changed_words(back):
        hit = next((one for one in ledger if edit.source_start < one.end and one.start < edit.source_end), None)
        if hit is not None and edit.after.lower().endswith(hit.before.lower()):
            counts["right"] += 1
        else:
            counts["wrong"] += 1
            pairs[edit.before.lower(), edit.after.lower()] += 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
