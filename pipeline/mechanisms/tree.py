"""Questions to a CLEAR dependency tree: spans of arguments, conjuncts, clauses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

HUMAN_PRONOUNS = frozenset(("you", "we", "i", "he", "she"))
RELATIVE = frozenset(("that", "which", "who", "whom", "whose"))
NOMINAL = frozenset(("NOUN", "PROPN", "PRON", "NUM", "DET", "X", "ADJ", "SYM"))
_LEFT = frozenset((
    "amod", "compound", "nummod", "nmod", "npadvmod", "quantmod", "advmod", "punct", "poss", "case", "det", "neg",
    "dep",
))  # fmt: skip
_DEMONSTRATIVE = frozenset(("this", "these", "that", "those"))
_LISTING = frozenset(("including", "like", "as"))
_CHANGES = frozenset((
    "increase", "decrease", "reduction", "rise", "surge", "drop", "decline", "fall", "elevation", "change", "spike",
    "boost", "mutation", "variant", "defect",
))  # fmt: skip
_NAMING = frozenset(("called", "named", "termed", "dubbed"))
_EFFECTS = frozenset(("action", "effect", "impact", "influence"))


def tokens_with(text: Doc | Span, attribute: str, names: frozenset[str]) -> Iterator[Token]:
    """The tokens whose DEP or TAG is one of these, found in an array: making every token takes longer."""
    doc = text if isinstance(text, Doc) else text.doc
    start, end = (0, len(doc)) if isinstance(text, Doc) else (text.start, text.end)
    wanted = {doc.vocab.strings[name] for name in names}
    for place, value in enumerate(doc.to_array(attribute)[start:end].tolist(), start):
        if value in wanted:
            yield doc[place]


def child(token: Token, *labels: str) -> Token | None:
    """First child with one of the labels."""
    return next((c for c in token.children if c.dep_ in labels), None)


def conjuncts(token: Token) -> list[Token]:
    """A token, what is coordinated with it to its right, and the members of an "including" list."""
    kinds = frozenset(("VERB", "NOUN")) if token.pos_ == "VERB" else NOMINAL
    found = [token]
    for candidate in token.children:
        joined = _is_conjunct(candidate) and candidate.i > token.i and candidate.pos_ in kinds
        if joined and not child(candidate, "nsubj", "nsubjpass"):
            found += conjuncts(candidate)
        elif candidate.dep_ == "prep" and candidate.lower_ in _LISTING and (member := child(candidate, "pobj")):
            found += conjuncts(member)
    return found


def shared_complements(noun: Token) -> list[Token]:
    """The later conjuncts of an "of" or "for" complement: "serotonin" in "levels of dopamine and serotonin"."""
    for preposition in noun.children:
        if preposition.dep_ == "prep" and preposition.lower_ in ("of", "for") and (inner := child(preposition, "pobj")):
            return conjuncts(inner)[1:]
    return []


def apposed_to(noun: Token) -> Token | None:
    """The noun that ", a protein vital for ..." is said of, also where the parser took it for a conjunct."""
    if noun.dep_ == "appos":
        return noun.head
    comma = noun.left_edge.i - 1
    if noun.dep_ not in ("conj", "dobj", "attr", "npadvmod", "parataxis") or child(noun, "det") is None or comma < 1:
        return None
    if noun.doc[comma].text != "," or _is_conjunct(noun):
        return None
    before = noun.doc[comma - 1]
    while before.dep_ in ("punct", "appos", "compound", "case", "nummod") and before.head.i != before.i:
        before = before.head
    return before if before.pos_ in ("NOUN", "PROPN") else None


def is_reciprocal(token: Token) -> bool:
    """Whether a token is one of the two in "each other", "one another"."""
    around = [t.lower_ for t in token.doc[max(token.i - 1, 0) : token.i + 2]]
    return ("each", "other") in pairwise(around) or ("one", "another") in pairwise(around)


def prevented_gerund(verb: Token) -> Token | None:
    """The gerund in "prevents opioids from activating receptors"; with the object it is what is prevented."""
    for preposition in verb.children:
        if preposition.dep_ == "prep" and preposition.lower_ == "from":
            return child(preposition, "pcomp")
    return None


def phrases(head: Token) -> list[Span]:
    """The phrases of an argument: one, or two where conjuncts share their head.

    "dopamine and norepinephrine transporters" gives "dopamine" and "norepinephrine transporters".
    """
    whole = phrase(head)
    for left in head.lefts:
        second = (
            child(left, "conj")
            if left.dep_ in ("nmod", "compound", "amod") and left.pos_ in ("NOUN", "PROPN")
            else None
        )
        if second is not None and left.i < second.i < head.i:
            return [noun_phrase(left), head.doc[second.left_edge.i : whole.end]]
    return [whole]


def phrase(head: Token) -> Span:
    """A noun phrase, or a gerund with its object ("blocking the receptor")."""
    if head.tag_ == "VBG" and (inner := child(head, "dobj")) is not None and inner.i > head.i:
        return head.doc[head.i : noun_phrase(inner).end]
    return noun_phrase(head)


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
        if left.dep_ == "punct" and (left.text not in "-–/" or left.i + 1 != start):
            break
        start = min(start, left.left_edge.i)
    lemma = head.lemma_.lower()
    complement = ("of", "between", "in" if lemma in _CHANGES else "on" if lemma in _EFFECTS else "")
    for right in head.rights:
        if right.dep_ == "prep" and right.lower_ in complement and right.i <= end:
            end = max(end, _complement_end(right))
        elif right.dep_ in ("punct", "appos", "parataxis") and _in_brackets(right) and right.left_edge.i <= end + 1:
            end = max(end, right.right_edge.i + 1, _bracket_end(right))
        elif right.dep_ in ("nummod", "compound") and right.i == end + (right.nbor(-1).text in ("-", "–")):
            end = right.i + 1  # "receptor 2", "GSK-3"
        elif (
            right.dep_ == "acl"
            and right.lower_ in _NAMING
            and right.i == end
            and (name := child(right, "oprd", "dobj"))
        ):
            end = noun_phrase(name).end  # "a protein called irisin"
    return head.doc[_past_determiner(head.doc[start:end]) : end]


def clause(subject: Token, verb: Token) -> Span:
    """A clause as an argument: from its subject to the end of its verb's object or complement."""
    last = verb
    for right in verb.rights:
        if right.dep_ in ("dobj", "acomp", "attr", "oprd", "prt", "xcomp", "prep") and right.i - last.i < 12:
            last = right.right_edge if right.dep_ in ("xcomp", "acomp", "prep") else noun_phrase(right)[-1]
    whole = noun_phrase(subject)
    return verb.doc[min(whole.start, verb.i) : max(last.i + 1, verb.i + 1, whole.end)]


def ancestors(token: Token) -> Iterator[Token]:
    """The token and its ancestors, up to one that is no complement, conjunct, apposition or clause of its head."""
    yield token
    while (
        token.dep_
        in (
            "xcomp",
            "ccomp",
            "acl",
            "pcomp",
            "prep",
            "attr",
            "acomp",
            "conj",
            "dobj",
            "pobj",
            "oprd",
            "csubj",
            "advcl",
            "appos",
        )
        and token.head.i != token.i
    ):
        token = token.head
        yield token


def is_infinitive(verb: Token) -> bool:
    """Whether a verb has its "to"."""
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)


def is_result(verb: Token) -> bool:
    """Whether a participle behind a comma says what follows from the whole clause: ", leading to ..."."""
    first = verb.left_edge.i  # the comma itself, if the parser hangs it on the participle
    return verb.tag_ == "VBG" and first > verb.sent.start and "," in (verb.doc[first].text, verb.doc[first - 1].text)


def governing_verb(token: Token) -> Token:
    """The nearest verb from a token upwards, the token included; the root if there is none."""
    while token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        token = token.head
    return token


def _is_conjunct(token: Token) -> bool:
    """Whether a token is a conjunct; one with a determiner and no "and" or "or" near it is a misparsed apposition."""
    if token.dep_ != "conj" or (token.pos_ == "NOUN" and token.head.pos_ in ("VERB", "AUX")):
        return False
    if child(token, "det", "poss") is None:
        return True
    return _has_conjunction(token.head) or _has_conjunction(token)


def _has_conjunction(token: Token) -> bool:
    if child(token, "cc") is not None:
        return True
    return any(_has_conjunction(c) for c in token.children if c.dep_ == "conj")


def _complement_end(preposition: Token) -> int:
    inner = child(preposition, "pobj", "pcomp")
    if inner is None:
        return preposition.i + 1
    if preposition.lower_ == "between":
        inner = conjuncts(inner)[-1]
    return noun_phrase(inner).end if inner.dep_ == "pobj" else inner.i + 1


def _past_determiner(span: Span) -> int:
    """First token of a phrase that is neither an article nor punctuation."""
    start = span.start
    for token in span[:-1]:
        article = token.dep_ in ("det", "predet") and token.lower_ not in _DEMONSTRATIVE
        if not (article or token.is_punct) or token.i > start:
            break
        start = token.i + 1
    return start


def _in_brackets(token: Token) -> bool:
    first = token.left_edge.i
    return token.doc[first].text == "(" or (first > 0 and token.doc[first - 1].text == "(")


def _bracket_end(token: Token) -> int:
    after = token.right_edge.i + 1
    return after + 1 if after < len(token.doc) and token.doc[after].text == ")" else token.right_edge.i + 1
