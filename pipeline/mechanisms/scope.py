"""Whether a relation says how the body works: one end is of the body, and nobody is its outcome."""

from __future__ import annotations

from spacy.tokens import Span, Token

from pipeline.mechanisms import arguments, grounding, tree
from pipeline.mechanisms.arguments import Words
from pipeline.mechanisms.clauses import ClausePair
from pipeline.mechanisms.constructions import Found
from pipeline.records import Argument


def is_of_the_body(found: Found, spans: tuple[Span, Span], ends: tuple[Argument, Argument], words: Words) -> bool:
    """Whether a reading counts; ``ends`` are the arguments that its ``spans`` became."""
    # What a drug is converted to happens in the body if the sentence speaks of it: "in the liver".
    metabolic = found.frame.relation == "converts" and arguments.is_endogenous(found.trigger.sent, words)
    named = any(
        arguments.is_endogenous(span, words)
        or arguments.says_endogenous(end.resolved, words)
        or grounding.is_of_the_body(end, words)
        for span, end in zip(spans, ends, strict=True)
    )
    return (named or metabolic or _follows_in_the_body(found.trigger, words)) and not _is_outcome(found, spans, words)


def links_the_body(pair: ClausePair, words: Words) -> bool:
    """The same for a pair of clauses; where it only lets the reader think of a cause, both must be of the body."""
    cause = arguments.is_endogenous(pair.cause, words) or pair.cause[0].pos_ == "PRON"
    return cause and (pair.stated or arguments.is_endogenous(pair.effect, words))


def _is_outcome(found: Found, spans: tuple[Span, Span], words: Words) -> bool:
    """What happens to people, and what a disorder affects, says nothing of how it works."""
    subject, target = (arguments.head(span).lemma_.lower() for span in spans)
    affected = found.frame.relation == "regulates" and words["disorder"].has(subject)
    return affected or words["not_an_agent"].has(target)


def _follows_in_the_body(trigger: Token, words: Words) -> bool:
    """Whether ", leading to sedation" follows from what is done to something of the body."""
    if trigger.dep_ not in ("advcl", "acl", "conj") or not tree.is_result(trigger):
        return False
    objects = [c for c in tree.verb_above(trigger.head).children if c.dep_ in ("dobj", "nsubjpass") and c.i < trigger.i]
    return any(arguments.is_endogenous(tree.noun_phrase(noun), words) for noun in objects)
