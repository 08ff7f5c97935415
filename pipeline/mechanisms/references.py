"""What pronouns and "this N" stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from spacy.tokens import Span, Token

from pipeline.mechanisms import subjects, tree

_SINGULAR = frozenset(("it", "its", "this", "that"))
_PLURAL = frozenset(("they", "them", "their", "these", "those"))
_PRONOUNS = _SINGULAR | _PLURAL
_POINTING = frozenset(("this", "these", "such"))
_MEMORY = 16  # earlier subjects, objects and events a pronoun may refer to
_TOPICS = frozenset(("nsubj", "nsubjpass", "dobj"))
_STATING = frozenset(("ROOT", "conj"))  # of the verbs that say what happens
_ASIDE = frozenset(("pobj",))  # may be the antecedent of "them", but not of "they"


class Mention(NamedTuple):
    """What a later pronoun may stand for: a noun phrase, or a clause that says what happens."""

    text: str
    plural: bool
    event: bool = False


@lru_cache(maxsize=64)  # the last sentences are asked about again and again
def mentions(span: Span, kinds: frozenset[str] = _TOPICS) -> tuple[Mention, ...]:
    """What a later pronoun may stand for, in text order."""
    return tuple(
        mention for token in tree.tokens_with(span, "DEP", kinds | _STATING) for mention in _mentioned(token, kinds)
    )


def antecedent(span: Span, other: Span, earlier: Iterable[Span]) -> str:
    """The antecedent of an argument, or "": a mention in its sentence or an earlier one, but not the other argument."""
    if (classified := subjects.copular_subject(span.root)) is not None and classified.i != other.root.i:
        return tree.noun_phrase(classified).text
    if not _is_anaphor(span.root):
        return ""  # most arguments; looking for candidates is dear
    return resolve(span.root, (*_earlier_mentions(earlier), *_before(span, other)))


def antecedent_before(token: Token, earlier: Iterable[Span]) -> str:
    """What the first word of a clause stands for, in an earlier sentence."""
    return resolve(token, _earlier_mentions(earlier)) if _is_anaphor(token) else ""


def _is_anaphor(token: Token) -> bool:
    return _is_pronoun(token) or _is_pointed_at(token)


def _earlier_mentions(earlier: Iterable[Span]) -> list[Mention]:
    """Mentions of earlier sentences; subjects are likelier antecedents, so a sentence's first mention goes last."""
    return [mention for sentence in earlier for mention in reversed(mentions(sentence))][-_MEMORY:]


def _before(span: Span, other: Span) -> list[Mention]:
    start = span.root.sent.start
    if span.start == start:
        return []
    earlier = span.doc[start : span.start]
    aside = mentions(earlier, _ASIDE) if span.root.dep_ not in ("nsubj", "nsubjpass") else ()
    return [mention for mention in aside + mentions(earlier) if not _speaks_of(mention, other)]


def resolve(token: Token, ranked_mentions: Sequence[Mention]) -> str:
    """The antecedent of a pronoun, the best mention that agrees in number, or of "this N", the best one that has N.

    A bare "this" as subject refers to an event. ``ranked_mentions`` holds the mentions so far, the best one last.
    """
    things = [mention for mention in reversed(ranked_mentions) if not mention.event]
    events = [mention.text for mention in reversed(ranked_mentions) if mention.event]
    if _is_pronoun(token):
        if token.lower_ in ("this", "that") and token.dep_ == "nsubj" and events:
            return events[0]
        fitting = [mention for mention in things if mention.plural == (token.lower_ in _PLURAL)]
        return next((mention.text for mention in (*fitting, *things)), "")
    if _is_pointed_at(token):
        stem = token.lemma_.lower()[:5]
        return next((text for text in (*(m.text for m in things), *events) if stem in text.lower()), "")
    return ""


def _is_pronoun(token: Token) -> bool:
    return token.pos_ == "PRON" and token.lower_ in _PRONOUNS


def _is_pointed_at(noun: Token) -> bool:
    determiner = tree.child(noun, "det")
    return determiner is not None and determiner.lower_ in _POINTING


def _mentioned(token: Token, kinds: frozenset[str]) -> Iterator[Mention]:
    role = token.dep_
    if role in kinds and token.pos_ in ("NOUN", "PROPN"):
        yield Mention(tree.noun_phrase(token).text, "Plur" in token.morph.get("Number", []))
    subject = tree.child(token, "nsubj", "nsubjpass") if role in _STATING else None
    if subject is not None and token.pos_ == "VERB":
        yield Mention(tree.clause(subject, token).text, False, event=True)


def _speaks_of(mention: Mention, other: Span) -> bool:
    return other.text in mention.text if mention.event else other.text == mention.text
