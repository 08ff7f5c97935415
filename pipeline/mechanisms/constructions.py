"""Where a trigger's subject and object stand: dependency patterns, compiled from the frame table.

The patterns (spaCy DependencyMatcher) find a trigger together with its object, and with its subject
where that stands in a fixed place; ``tree.subject_of`` finds the subject of verbs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spacy.matcher import DependencyMatcher
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab

from pipeline.mechanisms import tree
from pipeline.rules import PREPOSITIONS, Frame, Rules

Pattern = list[dict[str, Any]]
_LIGHT = ["play", "have", "exert", "produce", "take", "exercise"]
_AMOUNTS = frozenset(("percent", "percentage", "fold", "point", "half", "third", "quarter"))
_MEANS = frozenset(("mechanism", "action", "effect"))  # "its mechanism involves X" speaks of its owner
_PARTICLES = frozenset(("back", "off", "up", "down", "out", "on", "away"))
_NOUN = {"POS": {"IN": ["NOUN", "PROPN"]}}
_MODIFIER = {"DEP": {"IN": ["compound", "nmod", "amod", "npadvmod"]}}


@dataclass(frozen=True, slots=True)
class Found:
    """A trigger with its arguments' heads. ``clause`` is the verb when the object is a whole clause."""

    construction: str
    frame: Frame
    trigger: Token
    subject: Token | None
    object: Token
    clause: Token | None = None


def build(rules: Rules, vocab: Vocab) -> DependencyMatcher:
    """Compile the constructions for every lemma that has a frame with the slot they fill."""
    matcher = DependencyMatcher(vocab)
    for name, slot, pos, pattern in _constructions():
        lemmas = sorted({lemma for f in rules.frames if f.pos == pos and slot in _slots(f) for lemma in f.lemmas})
        trigger: dict[str, Any] = {"LEMMA": {"IN": lemmas}}
        trigger |= {
            "verb": {"TAG": {"IN": ["VB", "VBD", "VBG", "VBN", "VBP", "VBZ"]}},
            "noun": {"POS": {"IN": ["NOUN", "PROPN", "ADJ"]}},
            "adjective": {"TAG": {"IN": ["JJ", "JJR", "JJS", "VBN"]}},
        }[pos]
        if lemmas:
            matcher.add(f"{name}:{slot}:{pos}", [_with_trigger(pattern, trigger)])
    return matcher


def find(doc: Doc, rules: Rules, matcher: DependencyMatcher) -> Iterator[Found]:
    """Yield every match, in text order; the caller resolves competing ones."""
    hits = [(doc.vocab.strings[match], tokens) for match, tokens in matcher(doc)]
    for key, tokens in sorted(hits, key=lambda hit: (hit[1], hit[0])):
        name, slot, pos = key.split(":")
        pattern = next(p for n, s, q, p in _constructions() if (n, s, q) == (name, slot, pos))
        nodes = {node["RIGHT_ID"]: doc[i] for node, i in zip(pattern, tokens, strict=True)}
        trigger = nodes["trigger"]
        for frame in rules.by_lemma.get((pos, trigger.lemma_.lower()), ()):
            if slot in _slots(frame) and _particle_fits(frame, trigger):
                found = _arguments(name, frame, nodes)
                if found:
                    yield found


def _slots(frame: Frame) -> tuple[str, ...]:
    return (*frame.objects, "of") if frame.pos == "noun" else frame.objects


def _constructions() -> Iterator[tuple[str, str, str, Pattern]]:
    """(name, slot, part of speech, pattern); node ids are trigger, object, subject, via."""
    yield "active", "dobj", "verb", [_node("trigger"), _below("object", "trigger", "dobj")]
    yield "passive", "dobj", "verb", [_node("trigger"), _below("object", "trigger", "nsubjpass")]
    yield "reduced_passive", "dobj", "verb", [
        _node("trigger"), _below("via", "trigger", "agent", "prep", lower="by"), _above("object", "trigger", _NOUN),
    ]  # fmt: skip
    yield (
        "object_relative",
        "dobj",
        "verb",
        [
            _node("trigger"),
            _below("subject", "trigger", "nsubj"),
            _above("object", "trigger", {"POS": {"IN": ["NOUN", "PROPN"]}}),
        ],
    )
    # "By blocking receptors, ...", read by the parser as a noun with a modifier.
    yield "gerund_modifier", "dobj", "verb", [
        _node("trigger"), _above("object", "trigger", {"DEP": "pobj"}),
        _above("via", "object", {"DEP": "prep", "LOWER": {"IN": ["by", "through", "without", "via"]}}),
    ]  # fmt: skip
    # ", opening channels", read by the parser as a noun with a modifier.
    yield "result_modifier", "dobj", "verb", [
        _node("trigger"), _above("object", "trigger", _NOUN), _above("via", "object", {}),
    ]  # fmt: skip
    yield (
        "clause",
        "clause",
        "verb",
        [_node("trigger"), _below("via", "trigger", "ccomp"), _below("object", "via", "nsubj", "nsubjpass")],
    )
    yield (
        "object_clause",
        "clause",
        "verb",
        [
            _node("trigger"),
            _below("object", "trigger", "dobj", "xcomp"),
            _below("via", "trigger", "xcomp", "oprd", "acomp", "ccomp", "advcl"),
        ],
    )
    yield (
        "object_infinitive",
        "clause",
        "verb",
        [
            _node("trigger"),
            _below("object", "trigger", "dobj"),
            _below("via", "object", "acl", "relcl"),
            _below("to", "via", "aux", lower="to"),
        ],
    )
    yield (
        "infinitive",
        "xcomp",
        "verb",
        [_node("trigger"), _below("via", "trigger", "xcomp", "ccomp"), _below("object", "via", "dobj")],
    )
    for slot in sorted(PREPOSITIONS):
        preposition = _below("via", "trigger", "prep", "prt", "agent", "dative", lower=slot)
        yield "prepositional", slot, "verb", [_node("trigger"), preposition, _below("object", "via", "pobj", "pcomp")]
        yield "adjective", slot, "adjective", [_node("trigger"), preposition, _below("object", "via", "pobj", "pcomp")]
        light = _below("via", "link", "prep", lower=slot)
        yield "light_verb", slot, "noun", [
            _node("trigger"), _above("link", "trigger", {"LEMMA": {"IN": _LIGHT}}), light,
            _below("object", "via", "pobj", "pcomp"),
        ]  # fmt: skip
        yield "copular_noun", slot, "noun", [
            _node("trigger"), preposition, _below("object", "via", "pobj", "pcomp"), _above("link", "trigger", {}),
        ]  # fmt: skip
    yield (
        "compound_noun",
        "of",
        "noun",
        [
            _node("trigger"),
            {**_below("object", "trigger", "compound"), "RIGHT_ATTRS": _MODIFIER},
            _above("link", "trigger", {}),
        ],
    )


def _node(name: str) -> dict[str, Any]:
    return {"RIGHT_ID": name, "RIGHT_ATTRS": {}}


def _below(name: str, parent: str, *labels: str, lower: str = "") -> dict[str, Any]:
    attributes: dict[str, Any] = {"DEP": {"IN": list(labels)}}
    if lower:
        attributes["LOWER"] = lower
    return {"LEFT_ID": parent, "REL_OP": ">", "RIGHT_ID": name, "RIGHT_ATTRS": attributes}


def _above(name: str, child: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"LEFT_ID": child, "REL_OP": "<", "RIGHT_ID": name, "RIGHT_ATTRS": attributes}


def _with_trigger(pattern: Pattern, attributes: dict[str, Any]) -> Pattern:
    return [{**node, "RIGHT_ATTRS": attributes} if node["RIGHT_ID"] == "trigger" else node for node in pattern]


def _particle_fits(frame: Frame, trigger: Token) -> bool:
    """Whether a verb has just the particle its frame asks for ("switch on"), or none.

    A parser may take the particle for a preposition, so a frame with one accepts both.
    """
    if frame.particle:
        return any(c.lower_ == frame.particle and c.dep_ in ("prt", "advmod", "prep") for c in trigger.children)
    return not any(
        c.dep_ == "prt" or (c.lower_ in _PARTICLES and c.dep_ in ("advmod", "prep") and not list(c.children))
        for c in trigger.children
    )


def _arguments(name: str, frame: Frame, nodes: dict[str, Token]) -> Found | None:
    trigger, target = nodes["trigger"], nodes["object"]
    if name in ("copular_noun", "compound_noun", "light_verb"):
        return _noun(name, frame, nodes)
    if name == "adjective":
        return Found(name, frame, trigger, _adjective_subject(trigger), target)
    if name == "object_relative":
        if trigger.dep_ != "relcl" or not _has_object_gap(trigger) or nodes["subject"].lower_ in tree.RELATIVE:
            return None
        return Found(name, frame, trigger, nodes["subject"], target)
    if name in ("passive", "reduced_passive"):
        by = _agent(trigger)
        if (
            not by
            or (name == "reduced_passive" and trigger.dep_ not in ("acl", "amod", "relcl"))
            or (name == "reduced_passive" and tree.child(trigger, "nsubjpass"))
        ):
            return None
        return Found(name, frame, trigger, by, tree.antecedent(target, trigger))
    passive = tree.child(trigger, "auxpass") is not None
    if passive and name == "active":
        return None
    if name == "prepositional" and not passive and trigger.tag_ != "VBN" and tree.child(trigger, "dobj"):
        return None
    if target.dep_ == "dobj" and target.lower_ in tree.RELATIVE:
        target = tree.antecedent(target, trigger)
    if name == "object_clause" and (target.pos_ not in tree.NOMINAL or target.i >= nodes["via"].i):
        return None
    if name == "gerund_modifier":
        return _gerund(frame, nodes)
    if name == "result_modifier":
        return _result(frame, nodes)
    if name == "infinitive" and tree.child(nodes["via"], "nsubj"):
        return None
    if _is_prevented(trigger):
        return None
    subject = tree.subject_of(trigger)
    if subject is not None and subject.lemma_.lower() in _MEANS:
        subject = tree.child(subject, "poss") or subject
    whole = nodes.get("via") if name in ("clause", "object_clause", "object_infinitive") else None
    return Found(name, frame, trigger, subject, target, whole)


def _has_object_gap(verb: Token) -> bool:
    """Whether a relative clause lacks its object, which then is the noun it belongs to."""
    filled = tree.child(verb, "dobj", "auxpass", "nsubjpass", "ccomp", "xcomp")
    return filled is None and not any(c.tag_ == "WRB" for c in verb.children)


def _gerund(frame: Frame, nodes: dict[str, Token]) -> Found | None:
    trigger, preposition = nodes["trigger"], nodes["via"]
    if trigger.tag_ != "VBG" or trigger.i < preposition.i or preposition.head.pos_ not in ("VERB", "AUX"):
        return None
    return Found("gerund_modifier", frame, trigger, tree.subject_of(preposition.head), nodes["object"])


def _result(frame: Frame, nodes: dict[str, Token]) -> Found | None:
    trigger, noun = nodes["trigger"], nodes["object"]
    behind_comma = trigger.i > 0 and trigger.nbor(-1).text == ","
    if (
        trigger.tag_ != "VBG"
        or trigger.dep_ not in ("amod", "compound")
        or not behind_comma
        or noun.left_edge.i != trigger.i
    ):
        return None
    subject = next((t for t in trigger.doc[: trigger.i] if t.dep_ in ("nsubj", "nsubjpass")), None)
    return Found("result_modifier", frame, trigger, subject, noun)


def _is_prevented(verb: Token) -> bool:
    """``prevents glutamate from activating``: what is prevented is not asserted."""
    preposition = verb.head
    return verb.dep_ == "pcomp" and preposition.lower_ == "from" and preposition.head.pos_ in ("VERB", "NOUN", "PRON")


def _agent(verb: Token) -> Token | None:
    """The noun of a by-phrase."""
    for preposition in verb.children:
        if preposition.lower_ == "by" and preposition.dep_ in ("agent", "prep"):
            noun = tree.child(preposition, "pobj")
            # "increased by 30 percent" names an amount, not an agent.
            return (
                noun if noun is None or not (noun.tag_ == "CD" or noun.text == "%" or noun.lemma_ in _AMOUNTS) else None
            )
    return None


def _adjective_subject(adjective: Token) -> Token | None:
    if adjective.dep_ in ("acomp", "attr", "oprd") and adjective.head.pos_ in ("AUX", "VERB"):
        return tree.subject_of(adjective.head)
    if adjective.dep_ in ("amod", "acl", "relcl"):
        return tree.apposed_to(adjective.head) or adjective.head
    return None


def _noun(name: str, frame: Frame, nodes: dict[str, Token]) -> Found | None:
    """Nouns that name a relation: predicate, "acts as", apposition, light verb, possessive event."""
    trigger, link = nodes["trigger"], nodes["link"]
    event = frame.id.endswith("_event")
    subject: Token | None = None
    owner = tree.child(trigger, "poss")
    if event:
        subject = owner
    elif trigger.dep_ == "attr":
        subject = tree.subject_of(link)
    elif trigger.dep_ == "appos":
        subject = link
    elif trigger.dep_ == "pobj" and link.lower_ == "as" and link.head.pos_ in ("VERB", "AUX"):
        subject = tree.subject_of(link.head)
    elif trigger.dep_ == "dobj" and link.lemma_ in _LIGHT:
        subject = tree.subject_of(link)
    if subject is None or nodes["object"].i == subject.i:
        return None
    complemented = any(c.dep_ == "prep" and c.lower_ in frame.objects for c in trigger.children)
    if name == "compound_noun" and (
        frame.id in ("role_in", "cause_of") or event or complemented or nodes["object"].is_punct
    ):
        return None
    return Found(name, frame, trigger, subject, nodes["object"])
