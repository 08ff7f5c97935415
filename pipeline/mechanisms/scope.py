"""Whether a relation says how the body works: an argument is in the body, and the object is no outcome for people."""

from __future__ import annotations

from spacy.tokens import Span, Token

from pipeline.mechanisms import arguments, grounding, tree
from pipeline.mechanisms.arguments import Words
from pipeline.mechanisms.clauses import ClausePair
from pipeline.mechanisms.constructions import Candidate
from pipeline.records import Argument

_PLACING = frozenset(("in", "into", "within", "inside", "from", "across", "through", "throughout", "to"))

_MAKING = frozenset(("make_product",))


def is_of_the_body(found: Candidate, spans: tuple[Span, Span], ends: tuple[Argument, Argument], words: Words) -> bool:
    """Whether a candidate says how the body works; ``ends`` are the arguments made from its ``spans``."""
    named = any(
        arguments.is_endogenous(span, words)
        or (arguments.mentions_endogenous(end.resolved, words) and not arguments.is_outside_the_body(other, words))
        or grounding.is_of_the_body(end, words)
        for span, other, end in zip(spans, reversed(spans), ends, strict=True)
    )
    bodily = named or _follows_in_the_body(found.trigger, words) or _takes_place_in_the_body(found, words)
    return bodily and not _is_outcome(found, spans, words)


def is_an_effect(found: Candidate) -> bool:
    """Whether a candidate is mechanistic if the scope is "any": all are, except the making of products."""
    return found.frame.id not in _MAKING


def links_the_body(pair: ClausePair, words: Words) -> bool:
    """Whether a pair of clauses says how the body works; if the causation is only implied, both must be in the body."""
    cause, effect = (arguments.is_endogenous(span, words) for span in (pair.cause, pair.effect))
    return cause or effect if pair.stated else effect and (cause or pair.cause[0].pos_ == "PRON")


def _is_outcome(found: Candidate, spans: tuple[Span, Span], words: Words) -> bool:
    """Whether the object is a person, no effect (a "need"), or what a disorder affects: no part of a mechanism."""
    target = arguments.head(spans[1]).lemma_.lower()
    counted = any(token.tag_ == "CD" or token.text == "%" for token in spans[1])  # "affects 15 % of pregnancies"
    affected = found.frame.relation == "regulates" and (counted or _names_a_disorder(spans[0], words))
    return affected or words["not_an_agent"].has(target) or words["not_an_effect"].has(target)


def _names_a_disorder(span: Span, words: Words) -> bool:
    """Whether a phrase is about a disorder: "muscular dystrophy", "forms of the disease"."""
    named = [arguments.head(span), *(c for p in span.root.children if p.lower_ == "of" for c in p.children)]
    return any(words["disorder"].has(token.lemma_.lower()) for token in named)


def _takes_place_in_the_body(found: Candidate, words: Words) -> bool:
    """Whether it is said to happen in some part of it: "disrupts energy production in the mitochondria"."""
    places = [
        tree.noun_phrase(place)
        for word in (found.trigger, found.object)
        for preposition in word.children
        if preposition.dep_ == "prep" and preposition.lower_ in _PLACING
        for place in preposition.children
        if place.dep_ == "pobj"
    ]
    return any(arguments.mentions_endogenous(place.text, words) for place in places)


def _follows_in_the_body(trigger: Token, words: Words) -> bool:
    """Whether ", leading to sedation" follows from what is done to something of the body."""
    if trigger.dep_ not in ("advcl", "acl", "conj") or not tree.is_result(trigger):
        return False
    objects = [
        c for c in tree.governing_verb(trigger.head).children if c.dep_ in ("dobj", "nsubjpass") and c.i < trigger.i
    ]
    return any(arguments.is_endogenous(tree.noun_phrase(noun), words) for noun in objects)
