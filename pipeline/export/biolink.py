"""A relation as a qualified Biolink statement, and the nearest term of the Relation Ontology.

Biolink Model 4 says "affects" and leaves the rest to qualifiers: which aspect of the object, in which direction, by
which mechanism (its enumerations GeneOrGeneProductOrChemicalEntityAspectEnum, DirectionQualifierEnum and
CausalMechanismQualifierEnum). A change word that Biolink has as an aspect ("release") becomes the aspect; any other
("loss") contributes its sign to the direction. So a statement is about the core terms, without their change words.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records import Argument, Relation
from pipeline.rules.kinds import SIGNS


@dataclass(frozen=True, slots=True)
class Term:
    """What a relation is called: Biolink predicate, Relation Ontology fallback, the aspect it is about by default."""

    predicate: str
    ro: str
    aspect: str = ""


TERMS = {
    "activates": Term("biolink:affects", "RO:0002450", "activity"),
    "inhibits": Term("biolink:affects", "RO:0002449", "activity"),
    "increases": Term("biolink:affects", "RO:0011009", "activity_or_abundance"),
    "decreases": Term("biolink:affects", "RO:0011010", "activity_or_abundance"),
    "causes": Term("biolink:causes", "RO:0002304"),
    "enables": Term("biolink:contributes_to", "RO:0002326"),
    "releases": Term("biolink:affects", "RO:0002111", "secretion"),
    "binds": Term("biolink:directly_physically_interacts_with", "RO:0002436"),
    "regulates": Term("biolink:regulates", "RO:0002211"),
    "converts": Term("biolink:has_metabolite", "RO:0001001"),
    "transports": Term("biolink:affects", "RO:0002020", "transport"),
    "treats": Term("biolink:treats_or_applied_or_studied_to_treat", "RO:0002606"),
    "associated_with": Term("biolink:associated_with", "RO:0002610"),
}
_ASPECTS = {
    "release": "secretion", "secretion": "secretion", "synthesis": "synthesis", "production": "synthesis",
    "expression": "expression", "degradation": "degradation", "breakdown": "degradation", "reuptake": "uptake",
    "uptake": "uptake", "activity": "activity", "signaling": "activity", "signalling": "activity",
    "level": "abundance", "levels": "abundance", "availability": "abundance",
}  # fmt: skip
_MECHANISMS = {
    "antagonist": "antagonism", "agonist": "agonism", "block": "inhibition", "blockade_event": "inhibition",
    "activate": "activation", "activation_event": "activation", "bind": "binding", "occupy": "binding",
    "release": "releasing_activity", "release_event": "releasing_activity",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Qualifiers:
    """The columns that say in Biolink's terms what a relation says."""

    predicate_curie: str
    ro_curie: str
    subject_aspect_qualifier: str
    subject_direction_qualifier: str
    object_aspect_qualifier: str
    object_direction_qualifier: str
    causal_mechanism_qualifier: str


def qualified(relation: Relation) -> Qualifiers:
    """The Biolink form of a relation."""
    term = TERMS[relation.relation]
    affects = term.predicate == "biolink:affects"
    sign = SIGNS[relation.polarity]
    aspect, turn = _aspect(relation.object)
    subject_aspect, subject_turn = _aspect(relation.subject)
    changed = bool(relation.subject.change)
    return Qualifiers(
        predicate_curie=term.predicate,
        ro_curie=term.ro,
        subject_aspect_qualifier=subject_aspect,
        subject_direction_qualifier=_direction(subject_turn) if changed and not subject_aspect else "",
        object_aspect_qualifier=(aspect or term.aspect) if affects else aspect,
        object_direction_qualifier=_direction(sign * turn) if affects else "",
        causal_mechanism_qualifier=_MECHANISMS.get(relation.rule.partition("/")[0], ""),
    )


def _aspect(argument: Argument) -> tuple[str, int]:
    """The Biolink aspect of the change word, or none, and the sign that it contributes to the direction."""
    aspect = _ASPECTS.get(argument.change.lower(), "")
    return aspect, 1 if aspect else argument.sign


def _direction(sign: int) -> str:
    return {1: "increased", -1: "decreased"}.get(sign, "")
