"""Readers, one per construction: which tokens of a match are the arguments, and which matches are false.

A reader takes the frame and the matched tokens by node name, and returns the heads of the arguments,
or None to reject the match. A subject of None means that the text names none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.mechanisms import subjects, tree
from pipeline.rules.kinds import Frame

_APART = 3  # words between two verbs that share an object
LIGHT_VERBS = frozenset((
    "play", "have", "exert", "produce", "take", "exercise", "give", "put", "send", "set", "pave", "lay", "wreak",
    "form", "place", "provide", "carry", "contain", "hold",
))  # fmt: skip
_AMOUNTS = frozenset((
    "average", "mean", "total", "margin", "factor", "percent", "percentage", "fold", "point", "half", "third",
    "quarter",
))  # fmt: skip
_MECHANISM_NOUNS = frozenset(("mechanism", "action", "effect"))  # "its mechanism involves X": the possessor acts
_PROPERTIES = frozenset(("property", "effect", "action", "activity", "quality"))
# "growth-releasing hormone", "anaphase-promoting complex" and "mitogen-activated kinase" are names.
_NAMED_BY_WHAT_THEY_DO = frozenset(("hormone", "factor", "peptide", "enzyme", "complex", "kinase", "domain", "element"))
_NAMED_KINASES = _NAMED_BY_WHAT_THEY_DO | {"protein"}
_IN_NAMES = frozenset(("mitogen", "stress"))
_SHAPES = frozenset(("form", "shape"))  # "blood-forming tissue", "almond-shaped"
_INSTRUMENTS = frozenset(("through", "via", "by"))
_ONE_OF = frozenset(("one", "some", "part", "two", "three", "many", "most"))
NEVER_COMPOUND = frozenset(("cause_of", "way_for", "pace_of"))
CONSEQUENCE = "consequence_from"
OWNED = frozenset(("role_in",))  # "ketamine's effect on the brain" says that it has one

Nodes = Mapping[str, Token]


@dataclass(frozen=True, slots=True)
class ArgumentHeads:
    """Heads of the arguments; ``clause`` is the verb of an object that is a clause."""

    subject: Token | None
    object: Token
    clause: Token | None = None


def active(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """Memantine blocks NMDA receptors."""
    trigger = nodes["trigger"]
    if tree.child(trigger, "auxpass") is not None or _is_prevented(trigger):
        return None
    if frame.id in CONDITIONS and not CONDITIONS[frame.id](nodes):
        return None
    return ArgumentHeads(_subject(trigger), _object(nodes))


def shared_object(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """Immunomodulators regulate or normalize the immune system."""
    trigger, following = nodes["trigger"], nodes["next"]
    own = tree.child(trigger, "dobj", "prep", "ccomp", "xcomp", "acomp", "agent", "nsubjpass", "auxpass", "prt")
    if own is not None or tree.child(following, "nsubj", "nsubjpass") is not None or following.i - trigger.i > _APART:
        return None
    return active(frame, nodes)


def prepositional(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """Neurotransmitters bind to receptors; psilocybin is converted to psilocin; an enzyme turns fat into acids."""
    trigger = nodes["trigger"]
    passive = trigger.tag_ == "VBN" or tree.child(trigger, "auxpass") is not None
    changed = None if passive else tree.child(trigger, "dobj")
    if _is_prevented(trigger) or (changed is not None and frame.relation != "converts"):
        return None
    return ArgumentHeads(_subject(trigger), changed or _object(nodes))


def passive(_frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """NMDA receptors are blocked by ketamine."""
    by = _agent(nodes["trigger"])
    return ArgumentHeads(by, subjects.antecedent(nodes["object"], nodes["trigger"])) if by is not None else None


def reduced_passive(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """Receptors blocked by ketamine."""
    trigger = nodes["trigger"]
    if trigger.dep_ not in ("acl", "amod", "relcl") or tree.child(trigger, "nsubjpass") is not None:
        return None
    return passive(frame, nodes)


def conjoined_passive(_frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """It is inherited and is caused by a mutation."""
    trigger = nodes["trigger"]
    if trigger.dep_ != "conj" or tree.child(trigger, "auxpass") is None or tree.child(trigger, "nsubjpass") is not None:
        return None
    by, target = _agent(trigger), subjects.subject_of(trigger)
    return ArgumentHeads(by, target) if by is not None and target is not None else None


def raised_passive(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """The enzyme has been shown to be inhibited by grapefruit juice."""
    trigger = nodes["trigger"]
    if trigger.dep_ != "xcomp" or tree.child(trigger, "auxpass") is None:
        return None
    return passive(frame, nodes)


def induced(_frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """Exercise-induced BDNF release."""
    trigger, subject = nodes["trigger"], nodes["subject"]
    named = subject.lower_ in _IN_NAMES and nodes["object"].lemma_.lower() in _NAMED_KINASES
    fits = (
        trigger.tag_ in ("VBN", "JJ")
        and _is_hyphenated(subject, trigger)
        and not named
        and trigger.lemma_ not in _SHAPES
    )
    return ArgumentHeads(subject, nodes["object"]) if fits else None


def inducing(_frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """Serotonin-releasing neurons; the drug has dopamine-blocking properties."""
    trigger, noun = nodes["trigger"], nodes["subject"]
    if trigger.tag_ != "VBG" or not _is_hyphenated(nodes["object"], trigger):
        return None
    if noun.lemma_.lower() in _NAMED_BY_WHAT_THEY_DO or trigger.lemma_ in _SHAPES:
        return None
    if noun.lemma_.lower() not in _PROPERTIES:
        return ArgumentHeads(noun, nodes["object"])
    owner = tree.child(noun, "poss") or (subjects.subject_of(noun.head) if noun.head.lemma_ in LIGHT_VERBS else None)
    return ArgumentHeads(owner, nodes["object"])


def object_relative(_frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """The protein that mTOR switches on: the noun fills the gap that the relative clause leaves."""
    trigger, subject = nodes["trigger"], nodes["subject"]
    filled = tree.child(trigger, "dobj", "auxpass", "nsubjpass", "ccomp", "xcomp") is not None
    adverbial = any(c.tag_ == "WRB" for c in trigger.children)
    if trigger.dep_ != "relcl" or filled or adverbial or subject.lower_ in tree.RELATIVE:
        return None
    return ArgumentHeads(subject, nodes["object"])


def gerund_modifier(_frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """By blocking adenosine receptors, caffeine ...: misread as "blocking receptors", a noun."""
    trigger, preposition = nodes["trigger"], nodes["via"]
    if trigger.tag_ != "VBG" or trigger.i < preposition.i or preposition.head.pos_ not in ("VERB", "AUX"):
        return None
    return ArgumentHeads(subjects.subject_of(preposition.head), nodes["object"])


def result_modifier(_frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """..., opening calcium channels: misread as "opening channels", a noun."""
    trigger, noun = nodes["trigger"], nodes["object"]
    opens_phrase = noun.left_edge.i == trigger.i > 0 and trigger.nbor(-1).text == ","
    if trigger.tag_ != "VBG" or trigger.dep_ not in ("amod", "compound") or not opens_phrase:
        return None
    subject = next((t for t in trigger.doc[trigger.sent.start : trigger.i] if t.dep_ in ("nsubj", "nsubjpass")), None)
    return ArgumentHeads(subject, noun)


def clause(_frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """Receptors let sodium enter the cell; the process enables the brain to rewire circuits."""
    if _is_prevented(nodes["trigger"]):
        return None
    return ArgumentHeads(_subject(nodes["trigger"]), _object(nodes), nodes["via"])


def object_clause(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """Making the charge less negative: a noun and what is said of it, in this order."""
    target, via = nodes["object"], nodes["via"]
    fits = target.pos_ in tree.NOMINAL and target.i < via.i and (via.dep_ != "advcl" or tree.is_infinitive(via))
    return clause(frame, nodes) if fits else None


def infinitive(_frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """The protein helps to build synapses."""
    if tree.child(nodes["via"], "nsubj") is not None or _is_prevented(nodes["trigger"]):
        return None
    if tree.child(nodes["trigger"], "dobj", "dative") is not None:
        return None  # "allows surgeons to see nerves": what the object does
    return ArgumentHeads(_subject(nodes["trigger"]), _object(nodes))


def adjective(_frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """BDNF is vital for growth; a protein vital for growth."""
    trigger = nodes["trigger"]
    subject: Token | None = None
    if trigger.dep_ in ("acomp", "attr", "oprd") and trigger.head.pos_ in ("AUX", "VERB"):
        subject = subjects.subject_of(trigger.head)
    elif trigger.dep_ in ("amod", "acl", "relcl"):
        subject = tree.apposed_to(trigger.head) or trigger.head
    return ArgumentHeads(subject, nodes["object"])


def noun(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """Nouns that name a relation: X is a blocker of, acts as, plays a role in; X, a blocker of; X's blockade of."""
    subject = _named_subject(frame, nodes["trigger"], nodes["link"])
    return None if subject is None or nodes["object"].i == subject.i else ArgumentHeads(subject, nodes["object"])


def compound_noun(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """X is an NMDA antagonist."""
    complemented = any(c.dep_ == "prep" and c.lower_ in frame.objects for c in nodes["trigger"].children)
    if frame.id in (*NEVER_COMPOUND, CONSEQUENCE) or _is_event(frame) or complemented or nodes["object"].is_punct:
        return None
    return noun(frame, nodes)


def event_by(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """The blockade of adenosine receptors by caffeine."""
    return ArgumentHeads(nodes["outer"], nodes["inner"]) if _is_event(frame) else None


def event_to(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """The binding of GABA to its receptor."""
    return ArgumentHeads(nodes["inner"], nodes["outer"]) if _is_event(frame) else None


def consequence(frame: Frame, nodes: Nodes) -> ArgumentHeads | None:
    """The damage from free radicals."""
    return ArgumentHeads(nodes["subject"], nodes["trigger"]) if frame.id == CONSEQUENCE else None


def means(construction: str, trigger: Token) -> Token | None:
    """The means as another subject: "raises BDNF by blocking NMDA receptors", "through inhibition of mTOR"."""
    for preposition in trigger.children if construction in ("active", "prepositional") else ():
        if preposition.dep_ == "prep" and preposition.lower_ in _INSTRUMENTS:
            inner = tree.child(preposition, "pcomp", "pobj")
            if inner is not None and (_has_object(inner) if inner.tag_ == "VBG" else _names_an_event(inner)):
                return inner
    return None


def _has_object(gerund: Token) -> bool:
    return tree.child(gerund, "dobj") is not None


def _names_an_event(noun: Token) -> bool:
    """Whether a noun has its object behind it: "inhibition of mTOR", "effects on sleep"."""
    return noun.pos_ == "NOUN" and any(c.dep_ == "prep" and c.lower_ in ("of", "with", "on") for c in noun.children)


def _named_subject(frame: Frame, trigger: Token, link: Token) -> Token | None:
    if trigger.dep_ == "pobj" and link.lower_ in _INSTRUMENTS and link.head.pos_ == "VERB":
        return subjects.subject_of(link.head)
    if _is_event(frame):
        return tree.child(trigger, "poss")
    if (owner := _owner(trigger)) is not None and frame.id in OWNED:
        return owner
    if trigger.dep_ == "pobj" and link.lower_ == "of" and link.head.lower_ in _ONE_OF and link.head.dep_ == "attr":
        return subjects.subject_of(link.head.head)
    if trigger.dep_ == "attr" or (trigger.dep_ == "dobj" and link.lemma_ in LIGHT_VERBS):
        return subjects.subject_of(link)
    if trigger.dep_ == "appos":
        return link
    if trigger.dep_ == "pobj" and link.lower_ == "as" and link.head.pos_ in ("VERB", "AUX") and not frame.reverse:
        return subjects.subject_of(link.head)
    return None


def _owner(noun: Token) -> Token | None:
    """Whose action or effect it is: "ketamine's effects on", "the effect of ketamine on"; not in a bare heading."""
    if not any(token.pos_ in ("VERB", "AUX") for token in noun.ancestors):
        return None
    of = next((c for c in noun.children if c.dep_ == "prep" and c.lower_ == "of"), None)
    return tree.child(noun, "poss") or (tree.child(of, "pobj") if of is not None else None)


def _is_product(nodes: Nodes) -> bool:
    """What is made, and not made so: "makes insulin", but not "makes it easier", "makes sure"."""
    noun = nodes["object"]
    alone = tree.child(noun.head, "oprd", "acomp", "ccomp", "xcomp") is None
    return alone and noun.pos_ in ("NOUN", "PROPN") and sum(c.dep_ == "dobj" for c in noun.head.children) == 1


def _is_hyphenated(left: Token, right: Token) -> bool:
    """Whether two words are one; the left one may hold hyphens itself ("IL-12-dependent")."""
    return left.right_edge.i in (right.i - 1, right.i - 2) and right.i > 1 and right.nbor(-1).text in "-–‐"


def _is_event(frame: Frame) -> bool:
    return frame.id.endswith("_event")


def _subject(verb: Token) -> Token | None:
    subject = subjects.subject_of(verb)
    if subject is not None and subject.lemma_.lower() in _MECHANISM_NOUNS and tree.child(subject, "prep") is None:
        return tree.child(subject, "poss") or subject
    return subject


def _object(nodes: Nodes) -> Token:
    target = nodes["object"]
    relative = target.dep_ == "dobj" and target.lower_ in tree.RELATIVE
    return subjects.antecedent(target, nodes["trigger"]) if relative else target


def _is_prevented(verb: Token) -> bool:
    """``prevents glutamate from activating``: what is prevented is not asserted."""
    preposition = verb.head
    return verb.dep_ == "pcomp" and preposition.lower_ == "from" and preposition.head.pos_ in ("VERB", "NOUN", "PRON")


def _agent(verb: Token) -> Token | None:
    """The noun of a by-phrase; "increased by 30 percent" names an amount, not an agent."""
    for preposition in verb.children:
        if preposition.lower_ == "by" and preposition.dep_ in ("agent", "prep"):
            agent = tree.child(preposition, "pobj", "pcomp")
            amount = agent is not None and (agent.tag_ == "CD" or agent.text == "%" or agent.lemma_ in _AMOUNTS)
            return None if amount else agent
    return None


def _is_of_means(nodes: Nodes) -> bool:
    """What a mechanism or an effect involves; "the study involves adults" says nothing."""
    subject = subjects.subject_of(nodes["trigger"])
    return subject is not None and subject.lemma_.lower() in _MECHANISM_NOUNS


def _is_more_or_less(nodes: Nodes) -> bool:
    """Whether the object has a comparative: "means higher alertness"; without one, "means" gives a definition."""
    return any(c.tag_ == "JJR" for c in nodes["object"].children)


# What a frame asks for beyond its slots, by its id.
CONDITIONS: Mapping[str, Callable[[Nodes], bool]] = {
    "make_product": _is_product, "involve": _is_of_means, "mean": _is_more_or_less,
}  # fmt: skip
