"""Which name of which concept ships: those that health text uses, each for its one best concept."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.lexicon.vocabularies import ALIAS, HEADING, LABEL, SYNONYM, Concept
from pipeline.mechanisms.lexicon import is_symbol, key, key_words, singular

# Of equally good names, the vocabulary that comes first wins.
SOURCES = ("CHEBI", "GO", "FPLX", "HGNC", "UBERON", "CL", "DOID", "MESH", "MONDO")
_LONGEST_NAME = 6  # words
_COMMON = 150  # a symbol whose letters are written small this often is a word
_SMALL_SYMBOL = 2  # letters; too short to tell
_LONG = 9  # letters of a word that is hardly anything but a term
_LONG_SYMBOL = 5  # letters of a gene's symbol that is hardly anything else
_SHORT_ALIAS = 3
_WHOLE = ("HGNC", "FPLX")  # shipped whole: molecular papers name proteins that the corpora do not

Entry = tuple[str, Concept, int]  # name, its concept, how well it stands for it


def counts(corpora: Path, keys: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each key, and each word in capitals, is written in the corpora (all ``*.jsonl.xz`` below)."""
    wanted = set(keys)
    openings = {key.partition(" ")[0] for key in wanted}
    found: Counter[str] = Counter()
    symbols: Counter[str] = Counter()
    for paragraph in paragraphs(corpora):
        symbols.update(re.findall(r"\b[A-Za-z]*[A-Z0-9][\w-]*", paragraph))
        words = key_words(paragraph)
        last = [singular(word) for word in words]
        for start, word in enumerate(words):
            if word not in openings and last[start] not in openings:
                continue
            for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1):
                phrase = " ".join((*words[start : end - 1], last[end - 1]))
                if phrase in wanted:
                    found[phrase] += 1
    return found, symbols


def paragraphs(corpora: Path) -> Iterator[str]:
    """Paragraphs of every corpus, in the order of the files."""
    for path in sorted(corpora.rglob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from json.loads(line)["paras"]


def entries(concepts: Iterable[Concept], aliases: Mapping[str, str]) -> dict[str, list[Entry]]:
    """All names by key; ``aliases`` are names chosen by hand, which go before any other."""
    by_curie = {concept.curie: concept for concept in concepts}
    found: dict[str, list[Entry]] = {}
    for name, curie in aliases.items():
        found.setdefault(key(name), []).append((name, by_curie[curie], LABEL - 1))
    for concept in by_curie.values():
        for name, rank in dict.fromkeys(((concept.label, LABEL), *concept.names)):
            if len(name) > 1 and re.search("[A-Za-z]{2}|[A-Z][0-9]", name):
                found.setdefault(key(name), []).append((name, concept, rank))
    return found


def chosen(rivals: list[Entry], written: int, listed: bool, small: int) -> Entry | None:
    """The best of the concepts that share a key, or none: unused, risky, or without a clear best.

    ``written`` is how often the key is written in the corpora, ``small`` how often in small letters; a ``listed``
    name is one that was asked for.
    """
    wanted = [entry for entry in rivals if entry[2] < LABEL or _is_safe(entry, listed)]
    if not wanted:
        return None
    best = min(wanted, key=_order)
    if not (written or listed or best[2] < LABEL or (best[2] <= HEADING and _source(best) in _WHOLE)):
        return None
    equal = {e[1].curie for e in wanted if _order(e) == _order(best)}
    if len(equal) > 1:
        return None
    if is_symbol(best[0]) and best[2] >= LABEL and not _is_clear(best, rivals, small):
        return None
    return best


def spellings(best: Entry, rivals: list[Entry]) -> list[Entry]:
    """The chosen name, and where it is a symbol the other ways its concept is written: "AKT", "Akt"."""
    if not is_symbol(best[0]):
        return [best]
    return [entry for entry in rivals if entry[1] is best[1] and entry[2] <= SYNONYM and is_symbol(entry[0])]


def _order(entry: Entry) -> tuple[int, int, bool]:
    """Labels before synonyms, the first vocabulary first, the class "adenosines" after adenosine."""
    name, concept, rank = entry
    return rank, SOURCES.index(_source(entry)), concept.label.lower().endswith("s") and not name.endswith("ss")


def _is_safe(entry: Entry, listed: bool) -> bool:
    """Whether a name of this kind is to be trusted at all, before it is compared with others."""
    name, concept, rank = entry
    source, word = _source(entry), " " not in name.strip()
    if not word:
        return True
    if concept.kind in ("behaviour", "mental_process"):
        return listed
    if source in ("DOID", "MONDO", "GO") and rank > LABEL:  # initials, and words of other trades: "SOFT", "trunk"
        return len(name) >= _LONG and not is_symbol(name)
    if source == "HGNC" and rank == LABEL and name.isalpha():
        return listed or len(name) >= _LONG_SYMBOL
    return rank < ALIAS or bool(re.search(r"\d", name) and len(name) > _SHORT_ALIAS)


def _is_clear(best: Entry, rivals: list[Entry], small: int) -> bool:
    """Whether a symbol has one meaning: it is no word, and no other kind of thing is called so."""
    name, _, rank = best
    letters = re.sub(r"[\W_]", "", name)
    if len(letters) <= _SMALL_SYMBOL or (letters.isalpha() and small > _COMMON):
        return False
    kinds = {e[1].kind for e in rivals if e[2] <= max(rank, SYNONYM)}
    proteins = {"gene", "gene_family", "protein"}
    return len(kinds - proteins) + bool(kinds & proteins) == 1


def _source(entry: Entry) -> str:
    return entry[1].curie.partition(":")[0]
