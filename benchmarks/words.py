"""``python -m benchmarks.words CORPORA FOLDER``: the words of clean text and what stands side by side, with counts.

A word is known if enough documents outside MedQuAD use it, whose pages lost many spaces, or many of its own do.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

from benchmarks.spinner import corpus

TOKEN = re.compile(r"[A-Za-z]+|[^\sA-Za-z]")
LOSING_SPACES = "medquad-answers"
USES, USES_THERE = 3, 25  # that make a word known
TOGETHER, TOGETHER_SHORT = 20, 8  # times a pair must stand side by side, and one with a short word
LONG = 4  # letters
SHORT = frozenset(("in", "is", "or", "an", "at", "as"))


def main(corpora: str, folder: str) -> int:
    """Count and write both tables."""
    elsewhere: Counter[str] = Counter()
    there: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for name, paragraphs in corpus.documents(Path(corpora)):
        words = there if name.startswith(LOSING_SPACES) else elsewhere
        for paragraph in paragraphs:
            tokens = [token.lower() for token in TOKEN.findall(paragraph)]
            words.update(token for token in tokens if token.isalpha())
            pairs.update(pair for pair in pairwise(tokens) if _is_of_interest(*pair))
    known = {w for w, count in elsewhere.items() if count >= USES} | {w for w, n in there.items() if n >= USES_THERE}
    kept = sorted(
        (*pair, count)
        for pair, count in pairs.items()
        if count >= (TOGETHER_SHORT if pair[1] in SHORT else TOGETHER) and known.issuperset(pair)
    )
    _write(Path(folder) / "words.tsv", sorted((word, elsewhere[word] + there[word]) for word in known))
    _write(Path(folder) / "pairs.tsv", kept)
    return 0


def _is_of_interest(left: str, right: str) -> bool:
    return len(left) >= LONG and (len(right) >= LONG or right in SHORT) and left.isalpha() and right.isalpha()


def _write(path: Path, rows: list[tuple[str, int]] | list[tuple[str, str, int]]) -> None:
    path.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows), "utf-8")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
