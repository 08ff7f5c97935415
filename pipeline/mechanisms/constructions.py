"""Where a trigger's subject and object stand: one row per construction, compiled for the frame table.

A construction is a dependency pattern that finds a trigger together with its object, and a reader that finds the
subject and refuses what only looks alike. ``CONSTRUCTIONS`` is the whole table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Span, Token

from pipeline.mechanisms import readings
from pipeline.mechanisms.patterns import NOUN, Node, Pattern, above, below, matches
from pipeline.mechanisms.readings import LIGHT_VERBS, Arguments
from pipeline.rules.kinds import PREPOSITIONS, Frame, Rules

Reader = Callable[[Frame, Mapping[str, Token]], Arguments | None]

_TRIGGERS: Mapping[str, Callable[[Token], bool]] = {
    "verb": lambda token: token.tag_.startswith("VB"),
    "noun": lambda token: token.pos_ in ("NOUN", "PROPN", "ADJ"),
    "adjective": lambda token: token.tag_.startswith("JJ") or token.tag_ == "VBN",
}
_BEFORE_HYPHEN = ("npadvmod", "compound", "nmod", "amod", "advmod", "dobj", "nsubj", "dep")
_PARTICLES = frozenset(("back", "off", "up", "down", "out", "on", "away"))


@dataclass(frozen=True, slots=True)
class Construction:
    """``slot`` is the object slot it fills of frames of part of speech ``pos``; nodes: trigger, object, ..."""

    name: str
    slot: str
    pos: str
    pattern: Pattern
    read: Reader


@dataclass(frozen=True, slots=True)
class Found:
    """A trigger with its arguments' heads. ``clause`` is the verb when the object is a whole clause."""

    construction: str
    frame: Frame
    trigger: Token
    subject: Token | None
    object: Token
    clause: Token | None = None


def find(sentence: Span, rules: Rules) -> Iterator[Found]:
    """Yield every match, in text order; the caller resolves competing ones."""
    strings, first = sentence.doc.vocab.strings, sentence.start
    # Most words are no triggers; their lemmas are read from one array, as making tokens takes longer than looking up.
    for place, lemma in enumerate(sentence.doc.to_array("LEMMA")[first : sentence.end].tolist()):
        for pos, frames in rules.frames_by_lemma.get(strings[lemma].lower(), ()):
            token = sentence.doc[first + place]
            if _TRIGGERS[pos](token):
                yield from _read(token, pos, frames)


def _read(trigger: Token, pos: str, frames: tuple[Frame, ...]) -> Iterator[Found]:
    slots = {slot for frame in frames for slot in frame.objects}
    for one in (one for slot in sorted(slots) for one in _BY_SLOT.get((pos, slot), ())):
        for nodes in matches(one.pattern, {"trigger": trigger}):
            for frame in frames:
                if one.slot in frame.objects and _particle_fits(frame, trigger) and _complement_fits(frame, trigger):
                    read = one.read(frame, nodes)
                    if read is not None:
                        yield Found(one.name, frame, trigger, read.subject, read.object, read.clause)
                    if read is not None and (means := readings.means(one.name, trigger)) is not None:
                        yield Found("means", frame, trigger, means, read.object, read.clause)


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


def _complement_fits(frame: Frame, trigger: Token) -> bool:
    """Whether a verb has one of the phrases that its frame asks for ("keeps cortisol in check"), if it does."""
    if not frame.complements:
        return True
    prepositions = (t for t in trigger.subtree if t.i > trigger.i and t.dep_ in ("prep", "prt", "advmod"))
    return any(f"{p.lower_} {c.lower_}" in frame.complements for p in prepositions for c in p.children)


def _verb(name: str, slot: str, read: Reader, *pattern: Node) -> Construction:
    return Construction(name, slot, "verb", pattern, read)


def _of_verbs() -> Iterator[Construction]:
    yield _verb("active", "dobj", readings.active, below("object", "trigger", "dobj"))
    shared = (below("next", "trigger", "conj"), below("object", "next", "dobj"))
    yield _verb("shared_object", "dobj", readings.shared_object, *shared)
    yield _verb("passive", "dobj", readings.passive, below("object", "trigger", "nsubjpass"))
    by = below("via", "trigger", "agent", "prep", lower="by")
    yield _verb(
        "conjoined_passive", "dobj", readings.conjoined_passive, below("via", "trigger", "agent", "prep", lower="by")
    )
    yield _verb("reduced_passive", "dobj", readings.reduced_passive, by, above("object", "trigger", pos=NOUN))
    own_subject = below("subject", "trigger", "nsubj")
    yield _verb("object_relative", "dobj", readings.object_relative, own_subject, above("object", "trigger", pos=NOUN))
    # "By blocking receptors, ..." and ", opening channels", read by the parser as a noun with a modifier.
    noun = above("object", "trigger", "pobj")
    means = above("via", "object", "prep", words=frozenset(("by", "through", "without", "via")))
    yield _verb("gerund_modifier", "dobj", readings.gerund_modifier, noun, means)
    yield _verb("result_modifier", "dobj", readings.result_modifier, above("object", "trigger", pos=NOUN))
    # "It has been shown to be blocked by X": the verb above holds the subject.
    above_it = (
        by,
        above("link", "trigger", pos=frozenset(("VERB", "AUX"))),
        below("object", "link", "nsubjpass", "nsubj"),
    )
    yield _verb("raised_passive", "dobj", readings.raised_passive, *above_it)
    left = below("subject", "trigger", *_BEFORE_HYPHEN)
    yield _verb("induced", "dobj", readings.induced, left, above("object", "trigger", pos=NOUN))
    left = below("object", "trigger", *_BEFORE_HYPHEN)
    yield _verb("inducing", "dobj", readings.inducing, left, above("subject", "trigger", pos=NOUN))
    inner = below("via", "trigger", "ccomp", "xcomp")
    yield _verb("clause", "clause", readings.clause, inner, below("object", "via", "nsubj", "nsubjpass"))
    target = below("object", "trigger", "dobj", "xcomp", "dative")
    predicate = below("via", "trigger", "xcomp", "oprd", "acomp", "ccomp", "advcl")
    yield _verb("object_clause", "clause", readings.object_clause, target, predicate)
    infinitive = (below("via", "object", "acl", "relcl"), below("to", "via", "aux", lower="to"))
    thing = below("object", "trigger", "dobj")
    yield _verb("object_infinitive", "clause", readings.clause, thing, *infinitive)
    inner = below("via", "trigger", "xcomp", "ccomp")
    yield _verb("infinitive", "xcomp", readings.infinitive, inner, below("object", "via", "dobj"))


def _with_prepositions() -> Iterator[Construction]:
    target = below("object", "via", "pobj", "pcomp")
    light = above("link", "trigger", lemmas=LIGHT_VERBS)
    for slot in sorted(PREPOSITIONS):
        own = below("via", "trigger", "prep", "prt", "agent", "dative", lower=slot)
        yield _verb("prepositional", slot, readings.prepositional, own, target)
        trigger = (own, target)
        yield Construction("adjective", slot, "adjective", trigger, readings.adjective)
        linked = (*trigger, above("link", "trigger"))
        yield Construction("copular_noun", slot, "noun", linked, readings.noun)
        on_the_verb = (light, below("via", "link", "prep", lower=slot), target)
        yield Construction("light_verb", slot, "noun", on_the_verb, readings.noun)


def _of_events() -> Iterator[Construction]:
    """``the blockade of receptors by caffeine``, ``the binding of GABA to its receptor``."""
    of = (below("of", "trigger", "prep", lower="of"), below("inner", "of", "pobj"))
    for slot, read in (("of", readings.event_by), ("to", readings.event_to)):
        word = "by" if slot == "of" else slot
        for name, head in (("event", "trigger"), ("event_inside", "inner")):
            # The parser may hang the agent on the noun before it.
            outer = (below("via", head, "prep", "agent", lower=word), below("outer", "via", "pobj"))
            yield Construction(name, slot, "noun", (*of, *outer), read)


def _of_consequences() -> Iterator[Construction]:
    """``the damage from free radicals``: the noun is what follows."""
    cause = (below("via", "trigger", "prep", lower="from"), below("subject", "via", "pobj"))
    yield Construction("consequence", "from", "noun", cause, readings.consequence)


def _of_compounds() -> Iterator[Construction]:
    """``an NMDA antagonist``, ``dopamine-dependent learning``: an argument is a modifier."""
    left = below("subject", "trigger", *_BEFORE_HYPHEN)
    hyphenated = (left, above("object", "trigger", pos=NOUN))
    yield Construction("induced", "dobj", "adjective", hyphenated, readings.induced)
    modifier = below("object", "trigger", "compound", "nmod", "amod", "npadvmod")
    pattern = (modifier, above("link", "trigger"))
    yield Construction("compound_noun", "of", "noun", pattern, readings.compound_noun)


CONSTRUCTIONS = (*_of_verbs(), *_with_prepositions(), *_of_events(), *_of_consequences(), *_of_compounds())
_BY_SLOT: dict[tuple[str, str], tuple[Construction, ...]] = {
    (pos, slot): tuple(one for one in CONSTRUCTIONS if (one.pos, one.slot) == (pos, slot))
    for pos, slot in {(one.pos, one.slot) for one in CONSTRUCTIONS}
}
