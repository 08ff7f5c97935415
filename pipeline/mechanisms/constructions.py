"""Where the arguments of a trigger stand: one row per syntactic construction.

A construction pairs a dependency pattern, which starts at a trigger, with a reader from ``readings.py``, which returns
the subject and object or rejects a false match. ``CONSTRUCTIONS`` is the whole table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Span, Token

from pipeline.mechanisms import readings
from pipeline.mechanisms.patterns import NOUN, Node, Pattern, child_of, head_of, matches
from pipeline.mechanisms.readings import LIGHT_VERBS, ArgumentHeads
from pipeline.rules.kinds import PREPOSITIONS, Frame, Rules

Reader = Callable[[Frame, Mapping[str, Token]], ArgumentHeads | None]

_TRIGGERS: Mapping[str, Callable[[Token], bool]] = {
    "verb": lambda token: token.tag_.startswith("VB"),
    "noun": lambda token: token.pos_ in ("NOUN", "PROPN", "ADJ"),
    "adjective": lambda token: token.tag_.startswith("JJ") or token.tag_ == "VBN",
}
_BEFORE_HYPHEN = ("npadvmod", "compound", "nmod", "amod", "advmod", "dobj", "nsubj", "dep")
_PARTICLES = frozenset(("back", "off", "up", "down", "out", "on", "away"))


@dataclass(frozen=True, slots=True)
class Construction:
    """A pattern and its reader, for frames whose trigger is a ``pos`` and whose object stands in ``slot``."""

    name: str
    slot: str
    pos: str
    pattern: Pattern
    read: Reader


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate relation: a trigger and the heads of its arguments; ``clause`` is the verb of a clausal object."""

    construction: str
    frame: Frame
    trigger: Token
    subject: Token | None
    object: Token
    clause: Token | None = None


def find(sentence: Span, rules: Rules) -> Iterator[Candidate]:
    """Yield every match, in text order; the caller resolves competing ones."""
    strings, first = sentence.doc.vocab.strings, sentence.start
    # Most words are no triggers; their lemmas are read from one array, as making tokens takes longer than looking up.
    for place, lemma in enumerate(sentence.doc.to_array("LEMMA")[first : sentence.end].tolist()):
        for pos, frames in rules.frames_by_lemma.get(strings[lemma].lower(), ()):
            token = sentence.doc[first + place]
            if _TRIGGERS[pos](token):
                yield from _read(token, pos, frames)


def _read(trigger: Token, pos: str, frames: tuple[Frame, ...]) -> Iterator[Candidate]:
    slots = {slot for frame in frames for slot in frame.objects}
    for one in (one for slot in sorted(slots) for one in _BY_SLOT.get((pos, slot), ())):
        for nodes in matches(one.pattern, {"trigger": trigger}):
            for frame in frames:
                if one.slot in frame.objects and _particle_fits(frame, trigger) and _complement_fits(frame, trigger):
                    read = one.read(frame, nodes)
                    if read is not None:
                        yield Candidate(one.name, frame, trigger, read.subject, read.object, read.clause)
                    if read is not None and (means := readings.means(one.name, trigger)) is not None:
                        yield Candidate("means", frame, trigger, means, read.object, read.clause)


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
    yield _verb("active", "dobj", readings.active, child_of("object", "trigger", "dobj"))
    shared = (child_of("next", "trigger", "conj"), child_of("object", "next", "dobj"))
    yield _verb("shared_object", "dobj", readings.shared_object, *shared)
    yield _verb("passive", "dobj", readings.passive, child_of("object", "trigger", "nsubjpass"))
    by = child_of("via", "trigger", "agent", "prep", lower="by")
    yield _verb(
        "conjoined_passive", "dobj", readings.conjoined_passive, child_of("via", "trigger", "agent", "prep", lower="by")
    )
    yield _verb("reduced_passive", "dobj", readings.reduced_passive, by, head_of("object", "trigger", pos=NOUN))
    own_subject = child_of("subject", "trigger", "nsubj")
    yield _verb(
        "object_relative", "dobj", readings.object_relative, own_subject, head_of("object", "trigger", pos=NOUN)
    )
    # "By blocking receptors, ..." and ", opening channels", read by the parser as a noun with a modifier.
    noun = head_of("object", "trigger", "pobj")
    means = head_of("via", "object", "prep", words=frozenset(("by", "through", "without", "via")))
    yield _verb("gerund_modifier", "dobj", readings.gerund_modifier, noun, means)
    yield _verb("result_modifier", "dobj", readings.result_modifier, head_of("object", "trigger", pos=NOUN))
    # "It has been shown to be blocked by X": the governing verb has the subject.
    above_it = (
        by,
        head_of("link", "trigger", pos=frozenset(("VERB", "AUX"))),
        child_of("object", "link", "nsubjpass", "nsubj"),
    )
    yield _verb("raised_passive", "dobj", readings.raised_passive, *above_it)
    left = child_of("subject", "trigger", *_BEFORE_HYPHEN)
    yield _verb("induced", "dobj", readings.induced, left, head_of("object", "trigger", pos=NOUN))
    left = child_of("object", "trigger", *_BEFORE_HYPHEN)
    yield _verb("inducing", "dobj", readings.inducing, left, head_of("subject", "trigger", pos=NOUN))
    inner = child_of("via", "trigger", "ccomp", "xcomp")
    yield _verb("clause", "clause", readings.clause, inner, child_of("object", "via", "nsubj", "nsubjpass"))
    target = child_of("object", "trigger", "dobj", "xcomp", "dative")
    predicate = child_of("via", "trigger", "xcomp", "oprd", "acomp", "ccomp", "advcl")
    yield _verb("object_clause", "clause", readings.object_clause, target, predicate)
    infinitive = (child_of("via", "object", "acl", "relcl"), child_of("to", "via", "aux", lower="to"))
    thing = child_of("object", "trigger", "dobj")
    yield _verb("object_infinitive", "clause", readings.clause, thing, *infinitive)
    inner = child_of("via", "trigger", "xcomp", "ccomp")
    yield _verb("infinitive", "xcomp", readings.infinitive, inner, child_of("object", "via", "dobj"))


def _with_prepositions() -> Iterator[Construction]:
    target = child_of("object", "via", "pobj", "pcomp")
    light = head_of("link", "trigger", lemmas=LIGHT_VERBS)
    for slot in sorted(PREPOSITIONS):
        own = child_of("via", "trigger", "prep", "prt", "agent", "dative", lower=slot)
        yield _verb("prepositional", slot, readings.prepositional, own, target)
        trigger = (own, target)
        yield Construction("adjective", slot, "adjective", trigger, readings.adjective)
        linked = (*trigger, head_of("link", "trigger"))
        yield Construction("copular_noun", slot, "noun", linked, readings.noun)
        on_the_verb = (light, child_of("via", "link", "prep", lower=slot), target)
        yield Construction("light_verb", slot, "noun", on_the_verb, readings.noun)


def _of_events() -> Iterator[Construction]:
    """``the blockade of receptors by caffeine``, ``the binding of GABA to its receptor``."""
    of = (child_of("of", "trigger", "prep", lower="of"), child_of("inner", "of", "pobj"))
    for slot, read in (("of", readings.event_by), ("to", readings.event_to)):
        word = "by" if slot == "of" else slot
        for name, head in (("event", "trigger"), ("event_inside", "inner")):
            # The parser may hang the agent on the noun before it.
            outer = (child_of("via", head, "prep", "agent", lower=word), child_of("outer", "via", "pobj"))
            yield Construction(name, slot, "noun", (*of, *outer), read)


def _of_consequences() -> Iterator[Construction]:
    """``the damage from free radicals``: the noun is what follows."""
    cause = (child_of("via", "trigger", "prep", lower="from"), child_of("subject", "via", "pobj"))
    yield Construction("consequence", "from", "noun", cause, readings.consequence)


def _of_compounds() -> Iterator[Construction]:
    """``an NMDA antagonist``, ``dopamine-dependent learning``: an argument is a modifier."""
    left = child_of("subject", "trigger", *_BEFORE_HYPHEN)
    hyphenated = (left, head_of("object", "trigger", pos=NOUN))
    yield Construction("induced", "dobj", "adjective", hyphenated, readings.induced)
    modifier = child_of("object", "trigger", "compound", "nmod", "amod", "npadvmod")
    pattern = (modifier, head_of("link", "trigger"))
    yield Construction("compound_noun", "of", "noun", pattern, readings.compound_noun)


CONSTRUCTIONS = (*_of_verbs(), *_with_prepositions(), *_of_events(), *_of_consequences(), *_of_compounds())
_BY_SLOT: dict[tuple[str, str], tuple[Construction, ...]] = {
    (pos, slot): tuple(one for one in CONSTRUCTIONS if (one.pos, one.slot) == (pos, slot))
    for pos, slot in {(one.pos, one.slot) for one in CONSTRUCTIONS}
}
