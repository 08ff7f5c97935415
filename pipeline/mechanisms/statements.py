"""From a parsed sentence to its relations: who acts on what, by which word, with which sign and how certainly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from spacy.language import Language
from spacy.tokens import Span, Token

from pipeline.mechanisms import arguments, clauses, confidence, constructions, language, references, scope
from pipeline.mechanisms.choice import select
from pipeline.mechanisms.constructions import Candidate
from pipeline.mechanisms.context import Context, Cues
from pipeline.mechanisms.grounding import Grounder
from pipeline.mechanisms.pairs import pairs
from pipeline.mechanisms.quantities import QuantityFinder
from pipeline.records import Argument, Relation
from pipeline.rules.kinds import NOT_MECHANISTIC, RELATIONS, SIGNS, Rules


@dataclass(frozen=True)
class Finder:
    """What finding needs, built once per process; ``anything``: relations need not be of the body to count."""

    nlp: Language
    rules: Rules
    cues: Cues
    grounder: Grounder
    amounts: QuantityFinder
    anything: bool = False

    @cached_property
    def model(self) -> str:
        """Name and version of the parser."""
        return language.identity(self.nlp)


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with what extraction needs of its document; ``shift`` is the offset of the parsed text in it."""

    number: int
    text: str
    shift: int
    earlier: Sequence[Span]
    initials: Mapping[str, str]
    about_the_body: bool
    finder: Finder

    @property
    def rules(self) -> Rules:
        """The rules in force."""
        return self.finder.rules

    @property
    def anything(self) -> bool:
        """Whether relations count that are not of the body."""
        return self.finder.anything

    def argument(self, span: Span, antecedent: str = "") -> Argument:
        """The argument a span is, grounded."""
        plain = arguments.argument(span, self.shift, self.rules.words, antecedent)
        return self.finder.grounder.ground(plain, self.initials)


def relations(sentence: Span, scene: Scene) -> Iterator[Relation]:
    """Relations of one sentence, without repeats."""
    rules = scene.rules
    seen: set[tuple[int, int, str]] = set()
    for found in select(list(constructions.find(sentence, rules)), rules):
        for subject, target in pairs(found, rules.words):
            key = (subject.start, target.start, found.frame.relation)
            if key not in seen and subject.start != target.start:
                seen.add(key)
                yield _relation(found, (subject, target), scene)
    for pair in clauses.find(sentence, rules):
        if scene.anything or scope.links_the_body(pair, rules.words):
            yield _clause_relation(pair, scene)


def _relation(found: Candidate, spans: tuple[Span, Span], scene: Scene) -> Relation:
    frame = found.frame
    context = scene.finder.cues.of(found.trigger, found.subject, found.object)
    ends = (_argument(spans[0], spans[1], scene), _argument(spans[1], spans[0], scene))
    subject, target = ends[::-1] if frame.reverse else ends
    rule = f"{frame.id}/{found.construction}"
    stated = _Stated(subject, frame.relation, target, found.trigger, rule)
    mechanistic = (scene.anything and scope.is_an_effect(found)) or scope.is_of_the_body(
        found, spans, ends, scene.rules.words
    )
    return _built(stated, context, mechanistic and frame.relation not in NOT_MECHANISTIC, scene)


def _argument(span: Span, other: Span, scene: Scene) -> Argument:
    antecedent = references.antecedent(span, other, scene.earlier)
    return scene.argument(span, antecedent)


def _clause_relation(pair: clauses.ClausePair, scene: Scene) -> Relation:
    subject = scene.argument(pair.cause, references.antecedent_before(pair.cause[0], scene.earlier))
    target = scene.argument(pair.effect)
    context = scene.finder.cues.of(pair.effect.root, None, pair.effect.root)
    return _built(_Stated(subject, pair.relation, target, pair.trigger, pair.rule), context, True, scene)


@dataclass(frozen=True, slots=True)
class _Stated:
    """Who acts on whom, by which word and which rule."""

    subject: Argument
    relation: str
    object: Argument
    trigger: Token
    rule: str


def _built(stated: _Stated, context: Context, mechanistic: bool, scene: Scene) -> Relation:
    trigger = stated.trigger
    start = scene.shift + trigger.idx
    polarity = RELATIONS[stated.relation]
    net = SIGNS[polarity] * stated.subject.sign * stated.object.sign
    mechanistic = mechanistic and (scene.about_the_body or scene.anything)
    quantity = scene.finder.amounts.of(trigger, scene.text)
    relation = Relation(
        sentence=scene.number, subject=stated.subject, relation=stated.relation, object=stated.object,
        polarity=polarity, net_polarity={1: "+", -1: "-", 0: "0"}[net], negation_cue=context.negation,
        hedge_cue=context.hedge, mechanistic=mechanistic, trigger_text=trigger.text, trigger_start=start,
        trigger_end=start + len(trigger), rule=stated.rule, confidence=0.0,
        quantity_text=quantity.text, quantity_value=quantity.value, quantity_unit=quantity.unit,
    )  # fmt: skip
    return replace(relation, confidence=confidence.of(relation, len(trigger.sent), scene.rules.weights))
