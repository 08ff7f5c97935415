"""The spaCy pipeline that parses: ours by default, any other by one setting."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from pipeline.errors import UserError
from pipeline.mechanisms.lemmas import quicken
from pipeline.mechanisms.tree import tokens_with
from pipeline.rules.kinds import Rules

MODELS = Path(__file__).parents[1] / "models"
SHIPPED = MODELS / "en_mechanisms_web_sm"
_LABELS = frozenset((
    "nsubj", "nsubjpass", "dobj", "prep", "pobj", "pcomp", "agent", "attr", "acomp",
    "amod", "compound", "nmod", "poss", "xcomp", "ccomp", "advcl", "relcl", "acl",
    "appos", "conj", "cc", "aux", "auxpass", "neg", "mark", "det", "advmod",
))  # fmt: skip
_VERBAL = frozenset(("ROOT", "conj", "ccomp", "relcl", "advcl"))
_CONFUSED = frozenset(("NOUN", "PROPN", "ADJ", "VERB"))  # the tag and the part of speech are predicted apart
_NOMINAL = frozenset(("det", "poss", "amod", "compound"))
_COMPLEMENTS = frozenset(("prep", "prt"))
_FINITE = frozenset(("VBZ", "VBP", "VBD", "MD"))
_VERB_TAGS = frozenset(("VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD"))
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
_OPEN = frozenset(("ROOT", "conj", "ccomp", "acl"))
_SAYING = frozenset((
    "mean", "show", "suggest", "find", "believe", "think", "indicate", "demonstrate", "reveal", "report", "know",
    "confirm", "explain", "imply", "prove",
))  # fmt: skip
_NEEDED = {"DEP": "a parser", "TAG": "a tagger", "POS": "parts of speech", "LEMMA": "a lemmatizer"}


class ModelError(UserError):
    """The language model is missing or cannot serve; the message says what to do."""


def load(name: str = "") -> Language:
    """Load a spaCy pipeline by package name or path; empty: the shipped one.

    Raises:
        ModelError: not found, or without the components and labels that the rules need.
    """
    place = name or str(SHIPPED)
    try:
        nlp = spacy.load(place, exclude=["ner"])
    except OSError as error:
        reason = f"The language model {place!r} is not installed; leave the model's name empty to use the shipped one."
        raise ModelError(reason) from error
    except Exception as error:  # a folder that holds something else, or something damaged
        raise _broken(place, error) from error
    try:
        quicken(nlp)
        doc = nlp("Zinc blocks the receptor.")
    except Exception as error:
        raise _broken(place, error) from error
    check(doc, place)
    parser = next((pipe for _, pipe in nlp.pipeline if hasattr(pipe, "labels") and "nsubj" in pipe.labels), None)
    if parser and (missing := sorted(_LABELS - set(parser.labels))):
        raise _lacking(place, missing)
    return nlp


def check(doc: Doc, place: str) -> None:
    """Check that a document has all annotations that the rules need; ``place`` names the model in the error.

    Raises:
        ModelError: it lacks some.
    """
    if missing := [words for attribute, words in _NEEDED.items() if not doc.has_annotation(attribute)]:
        raise _lacking(place, missing)


def _broken(place: str, error: Exception) -> ModelError:
    said = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(".")
    return ModelError(f"The language model {place!r} cannot be used ({said}); install it anew, or name another one.")


def _lacking(place: str, missing: Sequence[str]) -> ModelError:
    reason = f"The language model {place!r} lacks {', '.join(missing)}, which the rules need."
    return ModelError(f"{reason} Name another one, or leave the name empty for the shipped one.")


def correct_parse(doc: Doc, rules: Rules) -> Doc:
    """Correct tags, lemmas and attachments of verbs, in place.

    Where tree and tag disagree, the tree wins: in CLEAR trees, a token with a subject is no noun. Regular forms of
    trigger verbs get their lemma from the frame table, also those that the model has never seen ("jamming").
    """
    verb_forms = rules.verb_forms
    text, finite = doc.text, [token.i for token in tokens_with(doc, "TAG", _FINITE)]
    for sentence in list(doc.sents):
        stated = text[sentence.start_char : sentence.end_char].rstrip().endswith(".")
        if stated and bisect_left(finite, sentence.start) == bisect_left(finite, sentence.end):
            _give_a_verb(sentence, rules)
    for token in tokens_with(doc, "DEP", _VERBAL):
        if token.tag_ not in _VERB_TAGS and token.pos_ in _CONFUSED:
            before = {child.dep_ for child in token.lefts}
            after = {child.dep_ for child in token.rights}
            clause = "dobj" in after or (not before & _NOMINAL and after & _COMPLEMENTS)
            if "nsubj" in before and clause:
                token.pos_, token.tag_ = "VERB", "VBZ" if token.lower_.endswith("s") else "VBP"
    for token in tokens_with(doc, "TAG", _VERB_TAGS):
        if token.tag_ in _FINITE:
            _return_subject(token)
        if token.lower_ in verb_forms:
            token.lemma_ = verb_forms[token.lower_]
    return doc


def _give_a_verb(sentence: Span, rules: Rules) -> None:
    """Find the verb of a sentence that was read as one long noun: "Alcohol messes with receptors."."""
    for token in sentence[1:-2]:
        left, right = token.nbor(-1), token.nbor()
        lemma = rules.verb_forms.get(token.lower_, token.lower_)
        slots = {slot for f in rules.by_lemma.get(("verb", lemma), ()) for slot in (*f.objects, f.particle)}
        means = right.lower_ == "by" and right.nbor().tag_ == "VBG"
        number = "VBZ" if token.tag_ == "NNS" and left.tag_ != "NNS" else "VBP"
        if token.tag_ not in ("NN", "NNS") or left.head != token or left.dep_ != "compound":
            continue
        if slots and (right.lower_ in slots or means) and (number == "VBZ") == token.lower_.endswith("s"):
            _make_root(token, left, sentence.root)
            token.pos_, token.tag_, token.lemma_ = "VERB", number, lemma
            return


def _return_subject(verb: Token) -> None:
    """Reattach a subject that was parsed into the clause before: "Once it is done, receptors capture it"."""
    if not verb.i or verb.dep_ not in _OPEN or any(child.dep_ in _SUBJECTS for child in verb.children):
        return
    noun = verb.nbor(-1)
    while noun.dep_ in ("pobj", "prep") and noun.head.i < noun.i:
        noun = noun.head
    above = noun.head
    if noun.dep_ == "dobj" and above.lemma_ in _SAYING:  # "which means one copy of the gene is enough"
        noun.head, noun.dep_ = verb, "nsubj"
        if verb not in above.ancestors:
            verb.head, verb.dep_ = above, "ccomp"
    elif verb.dep_ == "ROOT" and _stands_apart(verb.nbor(-1)):
        verb.nbor(-1).dep_, verb.nbor(-1).head = "nsubj", verb


def _stands_apart(noun: Token) -> bool:
    """Whether a noun that was read as a conjunct begins behind a comma."""
    start = noun.left_edge.i
    apart = noun.dep_ in ("conj", "appos") and start > 0 and noun.head.i < start and noun.doc[start - 1].text == ","
    return apart and noun.pos_ in ("NOUN", "PROPN")


def _make_root(verb: Token, subject: Token, root: Token) -> None:
    """Make a word within a noun phrase the root of its sentence; the words before it become its subject."""
    for child in list(verb.lefts):
        if child != subject:
            child.head = subject
    preposition = verb.nbor()
    if verb == root:
        subject.dep_ = "nsubj"
        return
    subject.head, subject.dep_ = verb.head, verb.dep_
    verb.head, verb.dep_ = verb, "ROOT"
    root.head, root.dep_ = verb, "nsubj"
    for child in [preposition, *(child for child in root.rights if child.i > verb.i)]:
        child.head = verb


def identity(nlp: Language) -> str:
    """Name and version, as written on every row."""
    return f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
