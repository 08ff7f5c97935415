"""How likely a relation is right: a logistic model over what is known of it.

The features and their weights are rows of ``pipeline/rules/confidence.toml``; ``benchmarks/confidence.py`` fits them
on sentences with known relations, so that of the relations at .9 and more nine in ten are right on text like those.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from pipeline.records import Relation
from pipeline.rules.kinds import WeightRule

BASE = "any_relation"
_GROUPS = {
    "passive": "passive", "reduced_passive": "passive", "raised_passive": "passive",
    "prepositional": "prepositional", "adjective": "adjective", "copular_noun": "copular_noun",
    "compound_noun": "copular_noun", "light_verb": "copular_noun", "clause": "whole_clause",
    "object_clause": "whole_clause", "object_infinitive": "whole_clause", "infinitive": "whole_clause",
    "induced": "within_a_phrase", "inducing": "within_a_phrase", "gerund_modifier": "within_a_phrase",
    "result_modifier": "within_a_phrase", "event": "event_noun", "event_inside": "event_noun",
    "consequence": "event_noun", "means": "within_a_phrase",
}  # fmt: skip
_LONG, _VERY_LONG = 20, 35  # tokens of a sentence
_FAR = 40  # characters between a trigger and an argument


def of(relation: Relation, length: int, weights: Mapping[str, WeightRule]) -> float:
    """Probability that a relation is right, to two places; ``length`` is its sentence's, in tokens."""
    score = sum(weights[name].weight for name in features(relation, length))
    return round(1 / (1 + math.exp(-score)), 2)


def features(relation: Relation, length: int) -> Iterator[str]:
    """The names of the features that a relation has."""
    yield BASE
    _, slash, construction = relation.rule.partition("/")
    if not slash:
        yield "pair_of_clauses"
    elif construction in _GROUPS:
        yield _GROUPS[construction]
    if length > _LONG:
        yield "very_long_sentence" if length > _VERY_LONG else "long_sentence"
    ends = (relation.subject, relation.object)
    if any(relation.trigger_start - end.end > _FAR or end.start - relation.trigger_end > _FAR for end in ends):
        yield "far_argument"
    if all(end.curie for end in ends):
        yield "both_ends_grounded"
    elif any(end.curie for end in ends):
        yield "one_end_grounded"
