"""Arguments of relations: their text, their change word, what kind they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from spacy.tokens import Span, Token

from pipeline.mechanisms import tree
from pipeline.records import Argument
from pipeline.rules.kinds import WordRule

Words = Mapping[str, WordRule]
_FEW = 60  # different words


def argument(span: Span, offset: int, words: Words, antecedent: str = "") -> Argument:
    """An argument from its span; ``offset`` is where the parsed text starts in the document."""
    while len(span) > 1 and span[0].is_space:  # line ends, in texts that come without blocks
        span = span[1:]
    change, core, sign = change_word(span, words)
    return Argument(
        span.text, offset + span.start_char, offset + span.end_char, antecedent, core or span.text, change, sign
    )


def change_word(span: Span, words: Words) -> tuple[str, str, int]:
    """Split a phrase into change word, core and sign: "reduction in X", "X release", "reduced X".

    "blockade of NMDA receptors" gives ("blockade", "NMDA receptors", -1). The signs of nested change words multiply.
    """
    root = span.root
    sign = _sign(root, words)
    if sign:
        inner = next(
            (
                c
                for p in root.children
                if p.dep_ == "prep" and p.lower_ in ("of", "in")
                for c in p.children
                if c.dep_ in ("pobj", "pcomp")
            ),
            None,
        )
        if inner is not None and inner.dep_ == "pobj":
            _, core, below = change_word(tree.noun_phrase(inner), words)
            return root.text, core, sign * below
        left = [token for token in span.doc[span.start : root.i] if token.dep_ not in ("det", "poss", "case")]
        if left:
            above = _sign(left[0], words) if len(left) > 1 else 0
            start = left[1] if above else left[0]
            return root.text, span.doc[start.i : root.i].text, sign * (above or 1)
    first = span[0]
    if len(span) > 1 and first.dep_ in ("amod", "compound", "nmod") and (below := _sign(first, words)):
        return first.text, span.doc[span.start + 1 : span.end].text, below
    return "", span.text, 1


def is_decrease(token: Token, words: Words) -> bool:
    """Whether a noun names less of something: "loss", "blockade"."""
    return _sign(token, words) < 0


def _sign(token: Token, words: Words) -> int:
    lemmas = (token.lemma_.lower(), token.lower_)
    if any(words["change_down"].has(lemma) for lemma in lemmas):
        return -1
    return 1 if any(words["change_up"].has(lemma) for lemma in lemmas) else 0


def is_endogenous(span: Span, words: Words) -> bool:
    """Whether a phrase names something of the body: a molecule, receptor, cell, region or process.

    Its head decides first: a picture of the heart and a blood test are not of the body.
    """
    if is_outside_the_body(span, words):
        return False
    return mentions_endogenous(span.text, words) or any(_is_endogenous(token.lemma_.lower(), words) for token in span)


def is_outside_the_body(span: Span, words: Words) -> bool:
    """Whether a phrase is about something that is not of the body, whatever else it names: "heart surgery"."""
    return words["outside_the_body"].has(head(span).lemma_.lower())


def head(span: Span) -> Token:
    """The head noun of a phrase; of a clause, its subject or else its object."""
    root: Token = span.root
    if root.pos_ not in ("VERB", "AUX"):
        return root
    return tree.child(root, "nsubj", "nsubjpass", "dobj") or root


def mentions_endogenous(text: str, words: Words) -> bool:
    """Whether a plain string, such as an antecedent, names something in the body.

    Hyphenated words are looked up whole and in parts, pairs of words as "a_b".
    """
    whole = [word.strip(".,;:()[]’'\"").removesuffix("’s").lower() for word in text.split()]
    parts = [part for word in whole for part in word.split("-") if "-" in word]
    if any(f"{left}_{right}" in words["endogenous"].words for left, right in pairwise(whole)):
        return True
    return any(_is_endogenous(word, words) for word in whole + parts if word)


def is_about_the_body(text: str, words: Words) -> bool:
    """Whether a text is about biology: it has two different words that are rare elsewhere, unlike "heart" or "pathway".

    A text too short to judge counts as about biology.
    """
    seen: set[str] = set()
    certain = 0
    for match in re.finditer(r"[\w-]+", text.lower()):
        word = match[0].removesuffix("s")
        if word not in seen:
            seen.add(word)
            certain += _is_endogenous(word, words) and not words["also_elsewhere"].has(word)
            if certain > 1:
                return True
    return len(seen) < _FEW


def _is_endogenous(word: str, words: Words) -> bool:
    forms = (word, word.removesuffix("s"), word.removesuffix("es"))
    known = words["not_endogenous"]
    return not any(known.has(form) for form in forms) and any(words["endogenous"].has(form) for form in forms)
