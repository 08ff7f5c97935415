"""Which readings of a sentence are kept: one per trigger and object, and none that only tells or asks."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from pipeline.mechanisms import tree
from pipeline.mechanisms.arguments import Words
from pipeline.mechanisms.constructions import Found
from pipeline.rules.kinds import RELATIONS, Rules


def kept(readings: list[Found], rules: Rules) -> Iterator[Found]:
    """The readings that state a relation, the best one where they compete."""
    words = rules.words
    for found in _best(readings):
        told = found.subject is not None and not _is_instruction(found, words)
        if told and not _is_inquiry(found.trigger, words) and not _is_kept_from_happening(found.trigger, rules):
            yield found


def _best(found: list[Found]) -> list[Found]:
    """One reading per trigger and object: the frame with a particle or preposition before the plain one."""
    chosen: dict[tuple[int, int, bool], Found] = {}
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


def _rank(found: Found) -> tuple[bool, bool, float]:
    return found.clause is not None, bool(found.frame.particle), found.frame.confidence


def _is_instruction(found: Found, words: Words) -> bool:
    """``Your doctor may increase your dose``: people who act, and readers who are told to; side effects."""
    subject = found.subject
    assert subject is not None
    side_effect = subject.lemma_ == "effect" and any(c.lower_ == "side" for c in subject.children)
    someone = subject.lower_ == "those" and tree.child(subject, "acl", "relcl") is not None
    return side_effect or someone or subject.lower_ in tree.PEOPLE or words["not_an_agent"].has(subject.lemma_.lower())


def _is_inquiry(trigger: Token, words: Words) -> bool:
    """``They study how X affects Y``, ``they measured the inhibition of X by Y``: asked, not said."""
    path = [trigger, *trigger.ancestors] if trigger.pos_ == "NOUN" else list(tree.ancestors(trigger))
    asked = any(c.lower_ in ("how", "whether", "if", "why") and c.i < token.i for token in path for c in token.children)
    return (asked or trigger.pos_ == "NOUN") and any(words["inquiry"].has(token.lemma_.lower()) for token in path[1:])


def _is_kept_from_happening(trigger: Token, rules: Rules) -> bool:
    """``It blocks the binding of IgE to mast cells``: named as what does not happen."""
    if trigger.pos_ != "NOUN" or trigger.dep_ not in ("dobj", "nsubjpass"):
        return False
    frames = rules.by_lemma.get(("verb", trigger.head.lemma_.lower()), ())
    return any(RELATIONS[frame.relation] == "-" for frame in frames)
