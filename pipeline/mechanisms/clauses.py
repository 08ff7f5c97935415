"""Relations between clauses: "when A binds, B opens" and "opens channels so ions can flow in"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span, Token

from pipeline.mechanisms import subjects, tree
from pipeline.rules.kinds import Rules

_CAUSAL = frozenset(("when", "once", "whenever", "if", "because"))
_POSSIBLE = frozenset(("can", "could", "may", "might", "will"))
_LOOSE = frozenset(("advcl", "parataxis", "conj"))  # how the parser hangs on a clause with "so"
_TAKING_PLACE = frozenset(("occur", "happen", "develop", "arise", "result", "begin", "start"))
_ROLES = _LOOSE | {"prep", "pobj"}
_FOLLOWING = frozenset((("in", "response"), ("as", "result"), ("as", "consequence")))
_BECAUSE_OF = frozenset(("due", "because", "owing", "thanks"))


@dataclass(frozen=True, slots=True)
class ClausePair:
    """A cause and its effect, each a phrase or clause; ``trigger`` is the connecting word.

    ``stated``: the text asserts the causation; "when" and "so" only imply it.
    """

    rule: str
    relation: str
    cause: Span
    trigger: Token
    effect: Span
    stated: bool = False


def find(sentence: Span, rules: Rules) -> Iterator[ClausePair]:
    """Yield the clause pairs of a sentence."""
    for token in tree.tokens_with(sentence, "DEP", _ROLES):
        role = token.dep_
        if role == "prep" and token.lower_ in _BECAUSE_OF:
            yield from _because_of(token, rules)
        elif role == "pobj" and (token.head.lower_, token.lower_) in _FOLLOWING:
            yield from _in_response(token)
        elif role in _LOOSE:
            yield from _of_clause(token, rules)


def _of_clause(verb: Token, rules: Rules) -> Iterator[ClausePair]:
    subject = tree.child(verb, "nsubj", "nsubjpass")
    if subject is None or subject.lower_ in tree.HUMAN_PRONOUNS:
        return
    marker = next((c for c in verb.children if c.dep_ in ("advmod", "mark") and c.i < verb.i), None)
    causal = marker is not None and marker.lower_ in _CAUSAL and not _is_excluded_agent(subject, rules)
    if verb.dep_ == "advcl" and marker is not None and causal:
        yield from _when(verb, subject, marker, rules)
    elif any(c.dep_ == "aux" and c.lower_ in _POSSIBLE for c in verb.children):
        yield from _so(verb, subject, rules)


def _when(verb: Token, subject: Token, marker: Token, rules: Rules) -> Iterator[ClausePair]:
    """When A binds, B opens; the frame of the main verb ("channels open") gives the relation, else "causes"."""
    main = verb.head
    effect = tree.child(main, "nsubj", "nsubjpass")
    # "Once they have done their job" says when, and nothing of what happens.
    if effect is None or main.pos_ != "VERB" or verb.lemma_ == "do":
        return
    cause = tree.clause(subject, verb)
    if main.lemma_ in _TAKING_PLACE:
        said = tree.noun_phrase(subjects.antecedent(effect, main))
        yield ClausePair("occurs_when", "causes", cause, marker, said, stated=True)
        return
    intransitive = not tree.child(main, "dobj", "prep", "agent", "ccomp", "xcomp")
    particle = tree.child(main, "prt")
    for frame in rules.by_lemma.get(("verb", main.lemma_.lower()), ()) if intransitive else ():
        if "dobj" in frame.objects and frame.particle == (particle.lower_ if particle is not None else ""):
            yield ClausePair("when_clause", frame.relation, cause, marker, tree.noun_phrase(effect))
            return
    yield ClausePair("when_clause", "causes", cause, marker, tree.clause(effect, main))


def _because_of(preposition: Token, rules: Rules) -> Iterator[ClausePair]:
    """Neurons die because of a lack of oxygen; the tremor is due to a loss of neurons."""
    inner = tree.child(preposition, "pcomp", "prep") or preposition
    cause = tree.child(inner, "pobj") or tree.child(preposition, "pobj")
    verb = preposition.head
    effect = verb if verb.pos_ == "NOUN" else tree.child(verb, "nsubj", "nsubjpass")
    if cause is None or effect is None:
        return
    before = preposition.nbor(-1) if preposition.i else None
    if before is not None and before.pos_ == "NOUN" and _is_excluded_agent(effect, rules):
        effect = before  # "women have muscle loss due to menopause"
    bare = effect in (verb, before) or (verb.lemma_ == "be" and tree.child(verb, "attr", "acomp") is None)
    said = _each(effect) if bare else [_before(tree.clause(effect, verb), preposition)]
    for one in tree.conjuncts(cause) if bare else [cause]:
        for what in said:
            yield ClausePair("because_of", "causes", tree.noun_phrase(one), preposition, what, stated=True)


def _each(noun: Token) -> list[Span]:
    """All phrases of a coordination, from its first one on."""
    while noun.dep_ == "conj" and noun.head.pos_ == "NOUN":
        noun = noun.head
    return [tree.noun_phrase(one) for one in tree.conjuncts(noun)]


def _is_excluded_agent(noun: Token, rules: Rules) -> bool:
    return noun.lower_ in tree.HUMAN_PRONOUNS or rules.words["not_an_agent"].has(noun.lemma_.lower())


def _in_response(response: Token) -> Iterator[ClausePair]:
    """The pancreas releases insulin in response to glucose; the eye dries as a result of damage to the glands."""
    preposition, verb = tree.child(response, "prep"), response.head.head
    cause = tree.child(preposition, "pobj") if preposition is not None and preposition.lower_ in ("to", "of") else None
    effect = tree.child(verb, "nsubj", "nsubjpass")
    if cause is not None and effect is not None and verb.pos_ == "VERB" and effect.lower_ not in tree.HUMAN_PRONOUNS:
        said = _before(tree.clause(effect, verb), response.head)
        yield ClausePair("in_response", "causes", tree.noun_phrase(cause), response, said, stated=True)


def _before(span: Span, token: Token) -> Span:
    return span.doc[span.start : token.i] if span.start < token.i < span.end else span


def _so(verb: Token, subject: Token, rules: Rules) -> Iterator[ClausePair]:
    """Opens channels so ions can flow in: the nearest object before "so" enables what follows.

    The parser may attach "so" to the subject's first word: "so positively charged ions can ...".
    """
    doc, first = verb.doc, subject.left_edge.i
    marker = next((t for t in doc[max(first - 1, 0) : first + 1] if t.lower_ == "so"), None)
    if marker is None:
        return
    means = next((t for t in reversed(doc[verb.sent.start : marker.i]) if t.dep_ == "dobj"), None)
    if means is not None:
        stated = ("verb", means.head.lemma_.lower()) in rules.by_lemma  # what is done to it is a relation, too
        for enabled in tree.conjuncts(subject):
            phrase = tree.noun_phrase(enabled)
            behind = doc[max(phrase.start, marker.i + 1) : phrase.end]
            yield ClausePair("so_clause", "enables", tree.noun_phrase(means), marker, behind, stated)
