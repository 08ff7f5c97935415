"""From the heads of a candidate's arguments to their spans, one pair for each subject and each object conjunct."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from pipeline.mechanisms import arguments, tree
from pipeline.mechanisms.constructions import Candidate

# The trigger modifies one of its arguments, whose neighbours may be misread too.
_WITHIN_A_PHRASE = frozenset(("gerund_modifier", "result_modifier", "induced", "inducing"))


def pairs(found: Candidate, words: arguments.Words) -> Iterator[tuple[Span, Span]]:
    """Every subject with every object of a coordination."""
    assert found.subject is not None
    within = found.construction in _WITHIN_A_PHRASE
    subjects = [found.subject] if within else tree.conjuncts(found.subject)
    targets = [found.object] if within or found.clause is not None else tree.conjuncts(found.object)
    if not within and not arguments.is_decrease(found.object, words):
        targets += tree.shared_complements(found.object)
    if tree.is_reciprocal(found.object):
        targets = subjects
    for subject in subjects:
        for target in targets:
            if subject.i != target.i:
                for left in _behind(subject, found.trigger) if within else tree.phrases(subject):
                    yield from ((left, right) for right in _object_phrases(target, found))


def _behind(head: Token, trigger: Token) -> list[Span]:
    """The part of a noun phrase after the trigger within it; the whole phrase if its head precedes the trigger."""
    phrase = tree.noun_phrase(head)
    return [head.doc[max(phrase.start, trigger.i + 1) : phrase.end]] if head.i > trigger.i else [phrase]


def _object_phrases(target: Token, found: Candidate) -> list[Span]:
    if found.construction in _WITHIN_A_PHRASE:
        return _behind(target, found.trigger)
    prevented = tree.prevented_gerund(found.trigger)
    if prevented is not None and prevented.i > target.i:
        return [target.doc[tree.noun_phrase(target).start : tree.phrase(prevented).end]]
    if found.clause is None:
        return tree.phrases(target)
    if found.clause.pos_ == "VERB":
        return [tree.clause(target, found.clause)]
    start = tree.noun_phrase(target).start
    return [target.doc[start : max(found.clause.right_edge.i, target.i) + 1]]
