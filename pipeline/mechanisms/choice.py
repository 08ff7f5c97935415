"""Selection among candidate relations: one per trigger and object, without instructions and open questions."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from pipeline.mechanisms import tree
from pipeline.mechanisms.arguments import Words
from pipeline.mechanisms.constructions import Candidate
from pipeline.rules.kinds import RELATIONS, Rules


def select(candidates: list[Candidate], rules: Rules) -> Iterator[Candidate]:
    """Yield the candidates that assert a relation; of competing ones, the best."""
    words = rules.words
    for found in _best(candidates):
        told = found.subject is not None and not _has_excluded_subject(found, words)
        if told and not _is_inquiry(found.trigger, words) and not _is_inhibited_event(found.trigger, rules):
            yield found


def _best(found: list[Candidate]) -> list[Candidate]:
    """One candidate per trigger and object: a clausal object first, then a frame with a particle, then confidence."""
    chosen: dict[tuple[int, int, bool], Candidate] = {}
    for candidate in found:
        key = (candidate.trigger.i, candidate.object.i, candidate.construction == "means")
        if key not in chosen or _rank(candidate) > _rank(chosen[key]):
            chosen[key] = candidate
    clausal = {f.trigger.i for f in chosen.values() if f.clause is not None}
    said = {(f.trigger.i, f.object.i) for f in chosen.values()}
    return [
        f
        for f in chosen.values()
        if f.clause is not None or f.trigger.i not in clausal or f.construction == "infinitive"
        # "helps reduce X" says "reduces X"
        if f.construction != "infinitive" or (f.object.head.i, f.object.i) not in said
    ]


def _rank(found: Candidate) -> tuple[bool, bool, float]:
    return found.clause is not None, bool(found.frame.particle), found.frame.confidence


def _has_excluded_subject(found: Candidate, words: Words) -> bool:
    """Whether the subject cannot be an agent: a person ("Your doctor may increase your dose"), study or side effect."""
    subject = found.subject
    assert subject is not None
    side_effect = subject.lemma_ == "effect" and any(c.lower_ == "side" for c in subject.children)
    someone = subject.lower_ == "those" and tree.child(subject, "acl", "relcl") is not None
    return (
        side_effect
        or someone
        or subject.lower_ in tree.HUMAN_PRONOUNS
        or words["not_an_agent"].has(subject.lemma_.lower())
    )


def _is_inquiry(trigger: Token, words: Words) -> bool:
    """Whether it is investigated, not asserted: "They study how X affects Y", "they test the inhibition of X by Y"."""
    path = [trigger, *trigger.ancestors] if trigger.pos_ == "NOUN" else list(tree.ancestors(trigger))
    asked = any(c.lower_ in ("how", "whether", "if", "why") and c.i < token.i for token in path for c in token.children)
    return (asked or trigger.pos_ == "NOUN") and any(words["inquiry"].has(token.lemma_.lower()) for token in path[1:])


def _is_inhibited_event(trigger: Token, rules: Rules) -> bool:
    """Whether a nominal trigger is the object of an inhibiting verb: "It blocks the binding of IgE to mast cells"."""
    if trigger.pos_ != "NOUN" or trigger.dep_ not in ("dobj", "nsubjpass"):
        return False
    frames = rules.by_lemma.get(("verb", trigger.head.lemma_.lower()), ())
    return any(RELATIONS[frame.relation] == "-" for frame in frames)
