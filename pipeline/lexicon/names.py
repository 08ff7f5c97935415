"""The table of names: from a name as written to the one concept it stands for, or to none.

``pipeline/lexicon/names.tsv`` (key, symbol, curie) and ``concepts.tsv`` (curie, label, kind, licence) are built by
``make lexicon`` from open vocabularies; their card says which. Names are compared by a key that ignores case,
hyphens, plurals and British spelling; symbols and initials ("CAT") must also match in spelling and case.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pipeline.version import LEXICON

# Kind of concept to its Biolink 4 category.
CATEGORIES = {
    "chemical": "biolink:ChemicalEntity", "metabolite": "biolink:SmallMolecule",
    "drug_class": "biolink:ChemicalEntity", "gene": "biolink:Gene", "gene_family": "biolink:GeneFamily",
    "protein": "biolink:Protein", "process": "biolink:BiologicalProcess", "activity": "biolink:MolecularActivity",
    "component": "biolink:CellularComponent", "cell": "biolink:Cell", "anatomy": "biolink:GrossAnatomicalStructure",
    "body_region": "biolink:AnatomicalEntity", "disorder": "biolink:Disease",
    "symptom": "biolink:PhenotypicFeature", "behaviour": "biolink:Behavior", "mental_process": "biolink:Behavior",
    "organism": "biolink:OrganismTaxon", "therapy": "biolink:Procedure", "food": "biolink:Food",
    "exposure": "biolink:EnvironmentalExposure",
}  # fmt: skip
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda", "μ": "mu",
    "σ": "sigma", "ω": "omega", "µ": "mu",
}  # fmt: skip
_LETTERS = "alpha|beta|gamma|delta|epsilon"  # written on to names: "IL1beta", "TGFbeta1"
_PLURALS = {
    "mitochondria": "mitochondrion", "bacteria": "bacterium", "ganglia": "ganglion", "nuclei": "nucleus",
    "hippocampi": "hippocampus", "vertebrae": "vertebra", "cortices": "cortex", "stimuli": "stimulus",
    "criteria": "criterion", "phenomena": "phenomenon", "axes": "axis", "diagnoses": "diagnosis",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Concept:
    """What a name stands for; ``kind`` is a key of CATEGORIES."""

    curie: str
    label: str
    kind: str

    @property
    def category(self) -> str:
        """Its Biolink category."""
        return CATEGORIES[self.kind]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names by key, as pairs of spelling and CURIE; the spelling is empty unless the name is a symbol."""

    names: Mapping[str, tuple[tuple[str, str], ...]]
    concepts: Mapping[str, Concept]

    def look_up(self, name: str) -> Concept | None:
        """The concept a whole phrase names, or None."""
        for spelling, curie in self.names.get(key(name), ()):
            if not spelling or is_spelt(name, spelling):
                return self.concepts[curie]
        return None


def is_symbol(name: str) -> bool:
    """Whether a name is a symbol or initials, which are told from words by their capitals alone.

    >>> is_symbol("CAT"), is_symbol("mTOR"), is_symbol("Met"), is_symbol("dopamine"), is_symbol("Parkinson disease")
    (True, True, True, False, False)
    """
    if " " in name or len(name) > 8:
        return False
    return name.upper() == name or bool(re.search("[a-z].*[A-Z]|^[A-Z].{0,3}$", name))


def is_spelt(name: str, symbol: str) -> bool:
    """Whether a name spells a symbol, ignoring hyphens, a plural s and, if the symbol has a digit, case.

    >>> is_spelt("IL-6", "IL6"), is_spelt("Il6", "IL6"), is_spelt("cat", "CAT"), is_spelt("SSRIs", "SSRI")
    (True, True, False, True)
    """
    bare, wanted = (re.sub(r"[\W_]", "", text) for text in (name, symbol))
    if re.search(r"\d", wanted):
        bare, wanted = bare.lower(), wanted.lower()
    return bare in (wanted, wanted + "s")


@lru_cache(maxsize=100_000)
def key(name: str) -> str:
    """What names are compared by.

    >>> key("Neurons"), key("5-HT2A receptors"), key("IL-1β"), key("Parkinson’s disease"), key("haemoglobin")
    ('neuron', '5ht2a receptor', 'il1 beta', 'parkinson disease', 'hemoglobin')
    """
    words = key_words(name)
    return " ".join((*words[:-1], singular(words[-1]))) if words else ""


def key_words(text: str) -> list[str]:
    """The normalized words of a text; ``key`` also turns the last one into its singular."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(_GREEK.get(letter, letter) for letter in text).lower()
    text = re.sub(r"['’]s\b|['’]", "", text)
    text = re.sub(rf"({_LETTERS})(?=\d|\b|{_LETTERS})", r" \1 ", text)
    text = re.sub(r"(?<=[a-z])[-–](?=\d)|(?<=\d)[-–](?=[a-z]{1,3}\b|[a-z]{1,3}\d)", "", text)
    return [_american(word) for word in re.findall(r"[^\W_]+|\+", text)]


def _american(word: str) -> str:
    if len(word) < 5:
        return word
    word = re.sub("our(s?)$", r"or\1", re.sub("[ao]+e", "e", word))
    return re.sub("isation$", "ization", word)


def singular(word: str) -> str:
    """A noun's singular, near enough for comparing keys.

    >>> [singular(w) for w in ("synapses", "viruses", "bodies", "process", "pancreas", "mitochondria")]
    ['synapse', 'virus', 'body', 'process', 'pancreas', 'mitochondrion']
    """
    if word in _PLURALS:
        return _PLURALS[word]
    if len(word) < 4 or re.search("(ss|us|is|as)$", word):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if re.search("(sses|uses|xes|ches|shes)$", word) else word.removesuffix("s")


@cache
def load(folder: Path = LEXICON) -> Lexicon:
    """Read the two tables, once."""
    concepts = {row[0]: Concept(*row[:3]) for row in _rows(folder / "concepts.tsv")}
    names: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, symbol, curie in _rows(folder / "names.tsv"):
        names[name] = (*names.get(name, ()), (symbol, curie))
    return Lexicon(names, concepts)


@cache
def words() -> frozenset[str]:
    """Every word of a name."""
    return frozenset(word for name in load().names for word in name.split())


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        yield from rows
