"""Mechanisms: which sentences say how something works, and what acts on what in them.

A sentence is parsed, trigger words from the frame table and their arguments are found by dependency
patterns, coordination is spread out, and each relation gets its sign, its context (negation, hedge)
and its antecedents. A relation is mechanistic if one end is something of the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spacy.language import Language
from spacy.matcher import DependencyMatcher
from spacy.tokens import Span, Token

from pipeline.mechanisms import (
    arguments,
    clauses,
    constructions,
    grounding,
    language,
    lexicon,
    quantities,
    references,
    tree,
)
from pipeline.mechanisms.chains import link
from pipeline.mechanisms.choice import kept
from pipeline.mechanisms.constructions import Found
from pipeline.mechanisms.context import Context, Cues
from pipeline.mechanisms.grounding import Grounder
from pipeline.mechanisms.pairs import pairs
from pipeline.mechanisms.references import Mention
from pipeline.records import Argument, Block, CleanArticle, Findings, Relation, Sentence
from pipeline.rules import NOT_MECHANISTIC, RELATIONS, Rules

STAGE = "mechanisms"
_SEARCHED = frozenset(("paragraph", "list_item", "quote"))
_LONGEST = 400  # tokens; a longer "sentence" is a list or a table
_LONGEST_BLOCK = 100_000  # characters
_LONGEST_WORD = 1_000
_MEMORY = 16  # earlier subjects, objects and events a pronoun may refer to


@dataclass(frozen=True)
class Finder:
    """What finding needs, built once per process."""

    nlp: Language
    rules: Rules
    matcher: DependencyMatcher
    cues: Cues
    grounder: Grounder

    @property
    def model(self) -> str:
        """Name and version of the parser."""
        return language.identity(self.nlp)


def build(rules: Rules, model: str = "") -> Finder:
    """Load the model and compile the rules for it."""
    nlp = language.load(model)
    grounder = Grounder(lexicon.load(), rules.notations, rules.words)
    return Finder(nlp, rules, constructions.build(rules, nlp.vocab), Cues(rules), grounder)


def find_mechanisms(clean: CleanArticle, finder: Finder) -> Findings:
    """Return the sentences and relations of an article; only English is searched."""
    if clean.metadata.language not in ("en", ""):
        return Findings(clean)
    sentences: list[Sentence] = []
    relations: list[Relation] = []
    text = clean.text.text
    section = ""
    spoken_of: list[Mention] = []
    about = arguments.speaks_of_the_body(text, finder.rules.words)
    initials = grounding.initials(text)
    texts = (text[b.start : b.end] if _is_prose(text, b) else "" for b in clean.blocks)
    docs = (language.settle(doc, finder.rules) for doc in finder.nlp.pipe(texts))
    for number, (block, doc) in enumerate(zip(clean.blocks, docs, strict=True)):
        if not len(doc):
            section = text[block.start : block.end] if block.kind == "heading" else section
            sentences.append(Sentence(number, "", block.start, block.end, False, 0.0))
            continue
        for span in doc.sents:
            start, end = _trimmed(span)
            if start == end:
                continue
            searched = len(span) <= _LONGEST
            scene = _Scene(len(sentences), block.start + span.start_char, spoken_of, initials, about, finder)
            found = list(_relations(span, scene)) if searched else []
            relations += found
            mechanistic = [relation for relation in found if relation.mechanistic]
            question = span.text.rstrip().endswith("?")
            score = max((relation.confidence for relation in mechanistic), default=0.0)
            says = bool(mechanistic) and not question
            sentences.append(
                Sentence(number, section, block.start + start, block.start + end, says, score if says else 0.0)
            )
    return Findings(clean, tuple(sentences), tuple(link(relations)), finder.model)


def _is_prose(text: str, block: Block) -> bool:
    """Whether a block is worth parsing; a "word" of thousands of letters would stall the tokenizer."""
    if block.kind not in _SEARCHED or block.end - block.start > _LONGEST_BLOCK:
        return False
    return not re.search(rf"\S{{{_LONGEST_WORD},}}", text[block.start : block.end])


def _trimmed(span: Span) -> tuple[int, int]:
    text = span.text
    lead = len(text) - len(text.lstrip())
    return span.start_char + lead, span.start_char + lead + len(text.strip())


@dataclass(frozen=True, slots=True)
class _Scene:
    """The sentence a relation stands in; ``shift`` is where its text starts in the document."""

    number: int
    shift: int
    spoken_of: list[Mention]
    initials: Mapping[str, str]
    about_the_body: bool
    finder: Finder

    def argument(self, span: Span, antecedent: str = "") -> Argument:
        """The argument a span is, grounded."""
        plain = arguments.argument(span, self.shift, self.finder.rules.words, antecedent)
        return self.finder.grounder.ground(plain, self.initials)


def _relations(sentence: Span, scene: _Scene) -> Iterator[Relation]:
    """Relations of one sentence, without repeats; what it speaks of is added to the scene."""
    doc = sentence.as_doc()
    rules = scene.finder.rules
    seen: set[tuple[int, int, str]] = set()
    for found in kept(list(constructions.find(doc, rules, scene.finder.matcher)), rules):
        for subject, target in pairs(found, rules.words):
            key = (subject.start, target.start, found.frame.relation)
            if key not in seen and subject.start != target.start:
                seen.add(key)
                yield _relation(found, (subject, target), scene)
    for pair in clauses.find(doc[:], rules):
        cause = arguments.is_endogenous(pair.cause, rules.words) or pair.cause[0].pos_ == "PRON"
        if cause and (pair.stated or arguments.is_endogenous(pair.effect, rules.words)):
            yield _clause_relation(pair, scene)
    # Subjects are the likelier antecedents, so the first mention of a sentence goes last.
    scene.spoken_of.extend(reversed(references.mentions(doc[:])))
    del scene.spoken_of[:-_MEMORY]


def _relation(found: Found, spans: tuple[Span, Span], scene: _Scene) -> Relation:
    words = scene.finder.rules.words
    frame = found.frame
    context = scene.finder.cues.of(found.trigger, found.subject, found.object)
    ends = tuple(_argument(span, other, scene) for span, other in (spans, spans[::-1]))
    # What a drug is converted to happens in the body if the sentence speaks of it: "in the liver".
    metabolic = frame.relation == "converts" and arguments.is_endogenous(found.trigger.doc[:], words)
    named = any(
        arguments.is_endogenous(span, words)
        or arguments.says_endogenous(end.resolved, words)
        or grounding.is_of_the_body(end)
        for span, end in zip(spans, ends, strict=True)
    )
    body = named or metabolic or _follows_in_the_body(found.trigger, words)
    subject, target = ends[::-1] if frame.reverse else ends
    rule = f"{frame.id}/{found.construction}"
    stated = _Stated(subject, frame.relation, target, found.trigger, rule, frame.confidence)
    mechanistic = body and frame.relation not in NOT_MECHANISTIC and not _is_outcome(found, spans, words)
    return _built(stated, context, mechanistic, scene)


def _is_outcome(found: Found, spans: tuple[Span, Span], words: arguments.Words) -> bool:
    """What happens to people, and what a disorder affects, says nothing of how it works."""
    subject, target = (arguments.head(span).lemma_.lower() for span in spans)
    affected = found.frame.relation == "regulates" and words["disorder"].has(subject)
    return affected or words["not_an_agent"].has(target)


def _follows_in_the_body(trigger: Token, words: arguments.Words) -> bool:
    """Whether ", leading to sedation" follows from what is done to something of the body."""
    if trigger.dep_ not in ("advcl", "acl", "conj") or not tree.is_result(trigger):
        return False
    objects = [c for c in tree.verb_above(trigger.head).children if c.dep_ in ("dobj", "nsubjpass") and c.i < trigger.i]
    return any(arguments.is_endogenous(tree.noun_phrase(noun), words) for noun in objects)


def _argument(span: Span, other: Span, scene: _Scene) -> Argument:
    antecedent = references.antecedent(span, other, scene.spoken_of)
    return scene.argument(span, antecedent)


def _clause_relation(pair: clauses.ClausePair, scene: _Scene) -> Relation:
    subject = scene.argument(pair.cause, references.resolve(pair.cause[0], scene.spoken_of))
    target = scene.argument(pair.effect)
    context = scene.finder.cues.of(pair.effect.root, None, pair.effect.root)
    return _built(_Stated(subject, pair.relation, target, pair.trigger, pair.rule, 0.6), context, True, scene)


@dataclass(frozen=True, slots=True)
class _Stated:
    """Who acts on whom, by which word and which rule."""

    subject: Argument
    relation: str
    object: Argument
    trigger: Token
    rule: str
    confidence: float


def _built(stated: _Stated, context: Context, mechanistic: bool, scene: _Scene) -> Relation:
    trigger = stated.trigger
    start = scene.shift + trigger.idx
    polarity = RELATIONS[stated.relation][0]
    net = {"+": 1, "-": -1, "0": 0}[polarity] * stated.subject.sign * stated.object.sign
    quantity = quantities.of(trigger, scene.finder.rules.units)
    return Relation(
        sentence=scene.number, subject=stated.subject, relation=stated.relation, object=stated.object,
        polarity=polarity, net_polarity={1: "+", -1: "-", 0: "0"}[net], negation_cue=context.negation,
        hedge_cue=context.hedge, mechanistic=mechanistic and scene.about_the_body, trigger_text=trigger.text, trigger_start=start,
        trigger_end=start + len(trigger), rule=stated.rule, confidence=stated.confidence,
        quantity_text=quantity.text, quantity_value=quantity.value, quantity_unit=quantity.unit,
    )  # fmt: skip
