"""The subject of a verb: its own, one it shares with another verb, or the possessor of "ability to"."""

from __future__ import annotations

from spacy.tokens import Token

from pipeline.mechanisms.tree import RELATIVE, child, governing_verb, is_infinitive, is_result

_OWNING = frozenset((  # "has the job of carrying", "showed the potential to block"
    "have", "play", "serve", "get", "do", "show", "demonstrate", "possess", "retain", "exhibit",
))  # fmt: skip
_BY_MEANS_OF = frozenset(("means", "mean", "way", "virtue"))  # "by means of blocking"
# Object control: the object is the subject of the infinitive, as in "allows X to lower Y", "takes X to lower Y".
_OBJECT_CONTROL_VERBS = frozenset((
    "allow", "enable", "permit", "free", "cause", "force", "tell", "signal", "prompt", "push", "lead", "help", "induce",
    "stimulate", "drive",
    "receive", "take", "use", "utilize", "employ", "need", "give", "get", "include", "require", "add",
))  # fmt: skip
_ABILITIES = frozenset((
    "ability", "capacity", "potential", "power", "capability", "tendency", "role", "function", "job", "efficacy",
    "effectiveness", "potency",
))  # fmt: skip


def subject_of(verb: Token) -> Token | None:
    """The subject's head, or None if the text names none."""
    seen: set[int] = set()
    here: Token | None = verb
    while here is not None and here.i not in seen:
        seen.add(here.i)
        own = child(here, "nsubj", "nsubjpass", "csubj") or _relative(here)
        if own is not None:
            return antecedent(own, here)
        if here.dep_ == "acl" and not is_result(here):
            return _owner(here.head) if here.head.lemma_ in _ABILITIES else here.head
        if (noun := _extracted_from(here)) is not None:
            return noun
        if (acting := _controlling_object(here)) is not None:
            return acting
        if here.dep_ == "pcomp" and here.head.dep_ == "prep" and here.head.head.lemma_ in _ABILITIES:
            return _owner(here.head.head)
        here = _verb_sharing_its_subject_with(here)
    return None


def antecedent(token: Token, verb: Token) -> Token:
    """What a relative pronoun stands for, the token itself otherwise.

    ", which frees" may refer to the whole clause, and so to its subject.
    """
    if token.lower_ not in RELATIVE or token.pos_ not in ("PRON", "DET", "SCONJ"):
        return token
    clause_verb = verb
    while clause_verb.dep_ in ("conj", "xcomp", "advcl") and clause_verb.head.lemma_ != "be":
        if clause_verb.head.i == clause_verb.i:
            break
        clause_verb = clause_verb.head
    if clause_verb.dep_ == "advcl" and (kind := child(clause_verb.head, "attr")) is not None and kind.i < token.i:
        return kind
    if clause_verb.dep_ != "relcl":
        return token
    noun = clause_verb.head
    if token.lower_ == "which" and verb.tag_ == "VBZ" and token.i and token.nbor(-1).text == "," and _is_aside(noun):
        return subject_of(governing_verb(noun)) or noun
    if noun.dep_ == "appos":
        return noun.head
    return _agreeing(noun, verb)


def copular_subject(noun: Token) -> Token | None:
    """The X that a predicate noun stands for: "part" in "X is the part of the brain that ..."."""
    return child(noun.head, "nsubj") if noun.dep_ == "attr" and noun.head.lemma_ == "be" else None


def _controlling_object(verb: Token) -> Token | None:
    """The object that acts in "allows X to lower Y"."""
    passed_on = verb.dep_ == "advcl" and verb.head.lemma_ in _OBJECT_CONTROL_VERBS and is_infinitive(verb)
    return child(verb.head, "dobj", "dative") if verb.dep_ == "xcomp" or passed_on else None


def _extracted_from(verb: Token) -> Token | None:
    """The protein in "a protein which some believe may stimulate cells"."""
    above = verb.head
    if verb.dep_ not in ("ccomp", "conj") or above.dep_ != "relcl" or is_infinitive(verb):
        return None
    pronoun = next((c for c in above.lefts if c.lower_ in RELATIVE and c.dep_ not in ("nsubj", "nsubjpass")), None)
    return above.head if pronoun is not None else None


def _verb_sharing_its_subject_with(verb: Token) -> Token | None:
    head = verb.head
    # ", opening channels so ions can flow": taken for the subject of what follows
    misread = verb.dep_ == "csubj" and child(head, "nsubj") is not None and head.dep_ in ("conj", "parataxis")
    if is_result(verb) and (verb.dep_ == "acl" or misread):
        return governing_verb(head.head if misread else head)
    if verb.dep_ in ("conj", "xcomp", "advcl", "ccomp") and head.pos_ in ("VERB", "AUX", "ADJ"):
        return head
    if verb.dep_ == "acomp" and head.pos_ in ("VERB", "AUX"):
        return head  # "is able to block"
    if verb.dep_ == "pcomp" and head.dep_ in ("prep", "agent"):
        return _governor(head)
    return None


def _governor(preposition: Token) -> Token | None:
    """The verb whose subject a gerund behind a preposition shares: "lowers it by blocking"."""
    governor = preposition.head
    if governor.pos_ in ("ADV", "ADP", "SCONJ"):  # "instead of"
        governor = governor.head
    if governor.lemma_ in _BY_MEANS_OF and governor.dep_ == "pobj":
        governor = governor.head.head
    if governor.pos_ not in ("NOUN", "PROPN"):
        return governor
    return governor.head if governor.dep_ == "dobj" and governor.head.lemma_ in _OWNING else None


def _owner(noun: Token) -> Token | None:
    """Whose ability it is: "its potential", "the ability of the drug", "the drug has the power"."""
    if (possessor := child(noun, "poss")) is not None:
        return possessor
    of = next((c for c in noun.children if c.dep_ == "prep" and c.lower_ == "of"), None)
    if of is not None and (inner := child(of, "pobj")) is not None:
        return inner
    return subject_of(noun.head) if noun.dep_ == "dobj" and noun.head.lemma_ in _OWNING else None


def _agreeing(noun: Token, verb: Token) -> Token:
    """Of the nouns in "the part of our bodies that controls", the one the verb agrees with in number."""
    finite = next((c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.tag_ in ("VBZ", "VBP")), verb)
    outer = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ == "of" else noun
    plural = {"VBZ": "NNS", "VBP": "NN"}.get(finite.tag_)
    differs = noun.tag_ == plural and outer.pos_ == "NOUN" and outer.tag_ in ("NN", "NNS") and outer.tag_ != plural
    return outer if differs else noun


def _relative(verb: Token) -> Token | None:
    """A relative pronoun that the parser left without a clear label."""
    unclear = child(verb, "dep", "mark") if verb.dep_ == "relcl" else None
    return unclear if unclear is not None and unclear.lower_ in RELATIVE and child(verb, "dobj") is not None else None


def _is_aside(noun: Token) -> bool:
    """Whether "..., which causes" can hardly mean this noun: a plural, or a place ("into the urine")."""
    return noun.tag_ == "NNS" or (noun.dep_ == "pobj" and noun.head.lower_ in ("in", "into", "on", "at", "from", "to"))
