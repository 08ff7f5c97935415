"""Which name of which concept ships: those that health text uses, each for its one best concept."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.lexicon.vocabularies import ALIAS, HEADING, LABEL, SYNONYM, Concept
from pipeline.lexicon.names import is_symbol, key, key_words, singular
from pipeline.mechanisms.grounding import abbreviations

# Of equally good names, the vocabulary that comes first wins.
SOURCES = ("CHEBI", "GO", "FPLX", "HGNC", "UBERON", "CL", "DOID", "MESH", "MONDO")
_LONGEST_NAME = 6  # words
_COMMON = 150  # a symbol whose letters are written small this often is a word
_SMALL_SYMBOL = 2  # letters; too short to tell
_LONG = 9  # letters of a word that is hardly anything but a term
_LONG_SYMBOL = 5  # letters of a gene's symbol that is hardly anything else
_SHORT_ALIAS = 3
_MEANT = 0.5  # share of the texts that explain abbreviations which mean this by them
_MOLECULES = frozenset(("gene", "gene_family", "protein", "chemical", "metabolite", "component"))
_WHOLE = ("HGNC", "FPLX")  # shipped whole: molecular papers name proteins that the corpora do not

Entry = tuple[str, Concept, int]  # name, its concept, how well it stands for it


@dataclass(frozen=True, slots=True)
class Usage:
    """How health text writes names: by key, in capitals, and what it says that abbreviations stand for."""

    keys: Counter[str]
    symbols: Counter[str]
    meanings: Mapping[str, Counter[str]]  # abbreviations to the keys of their long forms

    def small(self, name: str, group: Iterable[Entry]) -> int:
        """How often a key is written in small letters."""
        as_symbol = {spelling for entry in group for spelling in (entry[0], entry[0] + "s")}
        return self.keys[name] - sum(self.symbols[spelling] for spelling in as_symbol)


def usage(corpora: Path, keys: Iterable[str]) -> Usage:
    """Count in all ``*.jsonl.xz`` below a folder; of keys only those given."""
    wanted = set(keys)
    openings = {key.partition(" ")[0] for key in wanted}
    found = Usage(Counter(), Counter(), defaultdict(Counter))
    for paragraph in paragraphs(corpora):
        found.symbols.update(re.findall(r"\b[A-Za-z]*[A-Z0-9][\w-]*", paragraph))
        for short, long in abbreviations(paragraph).items():
            found.meanings[short][key(long)] += 1
        words = key_words(paragraph)
        last = [singular(word) for word in words]
        for start, word in enumerate(words):
            if word not in openings and last[start] not in openings:
                continue
            for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1):
                phrase = " ".join((*words[start : end - 1], last[end - 1]))
                if phrase in wanted:
                    found.keys[phrase] += 1
    return found


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


def chosen(name: str, rivals: list[Entry], listed: bool, used: Usage) -> Entry | None:
    """The best of the concepts that share a key, or none: unused, risky, or without a clear best.

    A ``listed`` name is one that was asked for.
    """
    wanted = [entry for entry in rivals if entry[2] < LABEL or _is_safe(entry, listed)]
    if not wanted:
        return None
    best = min(wanted, key=_order)
    if not (used.keys[name] or listed or best[2] < LABEL or (best[2] <= HEADING and _source(best) in _WHOLE)):
        return None
    equal = {e[1].curie for e in wanted if _order(e) == _order(best)}
    if len(equal) > 1:
        return None
    if is_symbol(best[0]) and best[2] >= LABEL and not _is_clear(best, rivals, used):
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
    if source in ("DOID", "MONDO", "GO") and rank > LABEL:  # abbreviations, and words of other trades: "SOFT", "trunk"
        return len(name) >= _LONG and not is_symbol(name)
    if source == "HGNC" and rank == LABEL and name.isalpha():
        return listed or len(name) >= _LONG_SYMBOL
    return rank < ALIAS or bool(re.search(r"\d", name) and len(name) > _SHORT_ALIAS)


def _is_clear(best: Entry, rivals: list[Entry], used: Usage) -> bool:
    """Whether a symbol has one meaning: it is no word, no other kind of thing is called so, and texts mean this."""
    name, concept, rank = best
    letters = re.sub(r"[\W_]", "", name)
    if len(letters) <= _SMALL_SYMBOL or (letters.isalpha() and used.small(key(name), rivals) > _COMMON):
        return False
    kinds = {e[1].kind for e in rivals if e[2] <= max(rank, SYNONYM)}
    if len(kinds - _MOLECULES) + bool(kinds & _MOLECULES) > 1:
        return False
    meanings = used.meanings.get(name, Counter())
    own = {key(other) for other, _ in concept.names} | {key(concept.label)}
    return sum(meanings[long] for long in own) >= _MEANT * meanings.total()


def _source(entry: Entry) -> str:
    return entry[1].curie.partition(":")[0]
