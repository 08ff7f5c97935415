"""Questions to a CLEAR dependency tree: spans of arguments, conjuncts, subjects, antecedents."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

RELATIVE = frozenset(("that", "which", "who", "whom", "whose"))
NOMINAL = frozenset(("NOUN", "PROPN", "PRON", "NUM", "DET", "X", "ADJ", "SYM"))
_LEFT = frozenset(("amod", "compound", "nummod", "nmod", "npadvmod", "quantmod", "advmod", "punct", "poss", "case", "det", "neg", "dep"))
_DEMONSTRATIVE = frozenset(("this", "these", "that", "those"))
_CLAUSE = frozenset(("relcl", "acl", "advcl", "cc", "conj", "parataxis"))


def child(token: Token, *labels: str) -> Token | None:
    """First child with one of the labels."""
    return next((c for c in token.children if c.dep_ in labels), None)


def conjuncts(token: Token) -> list[Token]:
    """A token and what is coordinated with it to its right, as far as these are nominal."""
    found = [token]
    for candidate in token.children:
        if candidate.dep_ == "conj" and candidate.i > token.i and candidate.pos_ in NOMINAL | {"VERB"} and not child(candidate, "nsubj", "nsubjpass"):
            found += conjuncts(candidate)
    return found


def noun_phrase(head: Token) -> Span:
    """The smallest phrase of a noun: its modifiers, an of-complement, a bracket; no determiner."""
    if head.pos_ == "PRON" and not list(head.lefts):
        return head.doc[head.i : head.i + 1]
    start, end = head.i, head.i + 1
    for left in reversed(list(head.lefts)):
        if left.dep_ not in _LEFT or left.right_edge.i + 1 < start - 1:
            break
        if left.dep_ == "det" and left.lower_ not in _DEMONSTRATIVE:
            continue
        if left.dep_ == "punct" and left.text not in "-–/":
            break
        start = min(start, left.left_edge.i)
    for right in head.rights:
        if right.dep_ == "prep" and right.lower_ == "of" and right.i <= end:
            end = max(end, _of_end(right))
        elif right.dep_ in ("punct", "appos") and _in_brackets(right) and right.left_edge.i <= end + 1:
            end = max(end, right.right_edge.i + 1, _bracket_end(right))
        elif right.dep_ in ("nummod", "compound") and right.i == end:
            end = right.i + 1
    start = _past_determiner(head.doc[start:end])
    return head.doc[start:end]


def clause(subject: Token, verb: Token) -> Span:
    """A clause as an argument: from its subject to the end of its verb's object or complement."""
    last = verb
    for right in verb.rights:
        if right.dep_ in ("dobj", "acomp", "attr", "oprd", "prt", "xcomp", "prep") and right.i - last.i < 12:
            last = right.right_edge if right.dep_ in ("xcomp", "acomp", "prep") else noun_phrase(right)[-1]
    start = noun_phrase(subject).start
    return verb.doc[start : max(last.i, verb.i) + 1]


def subject_of(verb: Token) -> Token | None:
    """Who does what a verb says: its own subject, or the one it shares with the verb it hangs on."""
    seen: set[int] = set()
    while verb.i not in seen:
        seen.add(verb.i)
        own = child(verb, "nsubj", "nsubjpass")
        if own:
            return antecedent(own, verb)
        head = verb.head
        if verb.dep_ == "acl":
            return head
        if verb.dep_ == "xcomp" and child(head, "dobj"):
            return child(head, "dobj")
        if verb.dep_ in ("conj", "xcomp", "advcl", "ccomp") and head.pos_ in ("VERB", "AUX", "ADJ"):
            verb = head
        elif verb.dep_ == "pcomp" and head.dep_ in ("prep", "agent"):
            governor = head.head
            if governor.pos_ in ("NOUN", "PROPN"):
                return None
            verb = governor
        else:
            return None
    return None


def antecedent(token: Token, verb: Token) -> Token:
    """What a relative pronoun stands for, the token itself otherwise."""
    if token.lower_ in RELATIVE and token.pos_ in ("PRON", "DET", "SCONJ"):
        clause_verb = verb
        while clause_verb.dep_ in ("conj", "xcomp", "advcl") and clause_verb.head.i != clause_verb.i:
            clause_verb = clause_verb.head
        if clause_verb.dep_ == "relcl":
            return clause_verb.head
    return token


def ancestors(token: Token) -> Iterator[Token]:
    """The token and the verbs above it that its clause depends on."""
    yield token
    while token.dep_ in ("xcomp", "ccomp", "acl", "pcomp", "prep", "attr", "acomp", "conj", "dobj", "pobj", "oprd", "csubj", "advcl", "appos") and token.head.i != token.i:
        token = token.head
        yield token


def _of_end(preposition: Token) -> int:
    inner = child(preposition, "pobj", "pcomp")
    if inner is None:
        return preposition.i + 1
    return noun_phrase(inner).end if inner.dep_ == "pobj" else inner.i + 1


def _past_determiner(span: Span) -> int:
    start = span.start
    for token in span:
        if token.dep_ == "det" and token.lower_ not in _DEMONSTRATIVE:
            start = token.i + 1
        elif token.i >= start:
            break
    return min(start, span.end - 1)


def _in_brackets(token: Token) -> bool:
    before = token.left_edge.i - 1
    return before >= 0 and token.doc[before].text == "("


def _bracket_end(token: Token) -> int:
    after = token.right_edge.i + 1
    return after + 1 if after < len(token.doc) and token.doc[after].text == ")" else token.right_edge.i + 1
