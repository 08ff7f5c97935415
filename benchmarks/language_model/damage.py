"""Copies of training text with the damage that our inputs have, the analysis left as it was.

A sentence begins in lower case, a space is lost, a full stop or a comma is missing, all capitals are gone. Each
document gets one kind of damage, drawn from a generator that the caller seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from spacy.tokens import Doc, Token


def damaged(doc: Doc, random: Random) -> Doc:
    """A copy of the document with one kind of damage."""
    return random.choice(KINDS)(doc, random)


def lower_starts(doc: Doc, _: Random) -> Doc:
    """Sentences and titles begin in lower case, as a synonym spinner leaves them."""
    words = [_lowered(token.text) if token.is_sent_start else token.text for token in doc]
    return _copy(doc, words, _spaces(doc), range(len(doc)))


def lost_spaces(doc: Doc, random: Random) -> Doc:
    """The space behind a comma, semicolon, colon or closing bracket is lost, here and there."""
    spaces = [
        space and not (token.text in ",;:)" and token.i + 1 < len(doc) and random.random() < 0.5)
        for token, space in zip(doc, _spaces(doc), strict=True)
    ]
    return _copy(doc, [token.text for token in doc], spaces, range(len(doc)))


def lost_marks(doc: Doc, random: Random) -> Doc:
    """Full stops and commas are lost, here and there."""
    kept = [token.i for token in doc if not _droppable(doc, token.i) or random.random() < 0.5]
    return _copy(doc, [token.text for token in doc], _spaces(doc), kept)


def all_lower(doc: Doc, _: Random) -> Doc:
    """No capitals at all."""
    return _copy(doc, [token.lower_ for token in doc], _spaces(doc), range(len(doc)))


KINDS: tuple[Callable[[Doc, Random], Doc], ...] = (lower_starts, lower_starts, lost_spaces, lost_marks, all_lower)


def _lowered(word: str) -> str:
    """The word in lower case, unless its other letters say that it is a name: mRNA, DNA, McCoy."""
    return word.lower() if word[1:].islower() or len(word) == 1 else word


def _droppable(doc: Doc, i: int) -> bool:
    """A comma or full stop before a space, on which no other word depends."""
    token = doc[i]
    return (
        token.text in ",." and token.dep_ == "punct" and bool(token.whitespace_) and token.n_lefts + token.n_rights == 0
    )


def _spaces(doc: Doc) -> list[bool]:
    return [bool(token.whitespace_) for token in doc]


def _copy(doc: Doc, words: list[str], spaces: list[bool], kept: range | list[int]) -> Doc:
    places = {old: new for new, old in enumerate(kept)}
    starts: list[bool] = []
    pending = False
    for token in doc:
        pending = pending or bool(token.is_sent_start)
        if token.i in places:
            starts.append(pending)
            pending = False
    spaces = [spaces[i] or (i + 1 not in places and i + 1 < len(doc) and spaces[i + 1]) for i in range(len(doc))]
    parsed, marked = doc.has_annotation("DEP"), doc.has_annotation("ENT_IOB")
    tokens = [doc[i] for i in kept]
    return Doc(
        doc.vocab,
        words=[words[i] for i in kept],
        spaces=[spaces[i] for i in kept],
        tags=[token.tag_ for token in tokens] if parsed else None,
        pos=[token.pos_ for token in tokens] if parsed else None,
        morphs=[str(token.morph) for token in tokens] if parsed else None,
        lemmas=[token.lemma_ for token in tokens] if parsed else None,
        heads=[places[token.head.i] for token in tokens] if parsed else None,
        deps=[token.dep_ for token in tokens] if parsed else None,
        sent_starts=list(starts) if parsed else None,
        ents=[_entity(token) for token in tokens] if marked else None,
    )


def _entity(token: Token) -> str:
    return f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else token.ent_iob_
