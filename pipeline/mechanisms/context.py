"""Negation and hedging of relations: the cues that have a trigger in their scope, by the dependency tree."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.mechanisms import tree
from pipeline.rules.kinds import Rules

_MODIFIERS = frozenset(("aux", "advmod", "neg", "preconj", "cc", "det", "mark"))


@dataclass(frozen=True, slots=True)
class Context:
    """The cue words, empty where there are none."""

    negation: str = ""
    hedge: str = ""


class Cues:
    """The cue tables by category."""

    def __init__(self, rules: Rules) -> None:
        self.lemmas = {
            category: frozenset(lemma for cue in rules.cues if cue.category == category for lemma in cue.lemmas)
            for category in ("negation", "hedge", "pseudo_negation")
        }

    def of(self, trigger: Token, subject: Token | None, target: Token) -> Context:
        """Context of one relation."""
        path = _path(trigger)
        hedge = next((cue for token in path for cue in self._hedges(token, trigger)), "")
        negation = self._negation(path, trigger, subject, target)
        return Context(negation, hedge)

    def _hedges(self, token: Token, trigger: Token) -> list[str]:
        cues = self.lemmas["hedge"]
        found = [
            c.text for c in token.children if c.dep_ in _MODIFIERS and c.lemma_.lower() in cues and c.i < trigger.i + 4
        ]
        if token.i != trigger.i:
            found += [token.text] if token.lemma_.lower() in cues else []
            found += [
                c.text
                for c in token.children
                if c.dep_ in ("nsubj", "acomp", "attr", "amod") and c.lemma_.lower() in cues
            ]
        return found

    def _negation(self, path: list[Token], trigger: Token, subject: Token | None, target: Token) -> str:
        cues, pseudo = self.lemmas["negation"], self.lemmas["pseudo_negation"]
        for token in path:
            if token.lower_ in ("than", "of") and token.i and token.nbor(-1).lower_ in ("rather", "instead"):
                return f"{token.nbor(-1).text} {token.text}"
            if token.i != trigger.i and token.lemma_.lower() in cues and token.dep_ != "conj":
                return token.text
            for cue in token.children:
                if cue.dep_ in _MODIFIERS | {"dep", "nsubj", "dobj", "attr"} and self._denies(cue, cues):
                    following = cue.nbor() if cue.i + 1 < cue.sent.end else cue
                    if following.lower_ not in pseudo and cue.i <= max(target.right_edge.i, trigger.i):
                        return cue.text
        if subject is not None:
            if subject.lower_ in ("nothing", "none", "nobody", "neither"):
                return subject.text
            return next((c.text for c in subject.children if c.lower_ in ("no", "neither") and c.dep_ != "conj"), "")
        return ""

    @staticmethod
    def _denies(token: Token, cues: frozenset[str]) -> bool:
        if token.dep_ in ("nsubj", "dobj", "attr"):
            # "There is no evidence that ...": the noun is denied.
            return any(c.lower_ == "no" for c in token.children)
        return token.lower_ in cues or token.lemma_.lower() in cues


def _path(trigger: Token) -> list[Token]:
    """The trigger and its governors, up to the first whose cues do not have the trigger in their scope."""
    path = [trigger]
    for token in list(tree.ancestors(trigger))[1:]:
        below = path[-1]
        if below.dep_ == "conj" and tree.child(below, "nsubj", "nsubjpass", "aux"):
            break
        if below.dep_ == "advcl" and below.tag_ != "VBG":
            break
        if (
            below.dep_ in ("dobj", "pobj", "pcomp", "appos")
            and below.pos_ == "NOUN"
            and token.pos_ in ("NOUN", "PROPN")
        ):
            break
        path.append(token)
    return path
