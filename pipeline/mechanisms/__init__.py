"""Mechanisms: which sentences say how something works, and what acts on what in them.

A sentence is parsed, trigger words from the frame table and their arguments are found by dependency
patterns, coordination is spread out, and each relation gets its sign, its context (negation, hedge)
and its antecedents. A relation is mechanistic if one end is something of the body.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.matcher import DependencyMatcher
from spacy.tokens import Span, Token

from pipeline.mechanisms import arguments, clauses, constructions, language, tree
from pipeline.mechanisms.chains import link
from pipeline.mechanisms.constructions import Found
from pipeline.mechanisms.context import Context, Cues
from pipeline.records import Argument, CleanArticle, Findings, Relation, Sentence
from pipeline.rules import NOT_MECHANISTIC, RELATIONS, Rules

STAGE = "mechanisms"
_SEARCHED = frozenset(("paragraph", "list_item", "quote"))
_LONGEST = 400  # tokens; a longer "sentence" is a list or a table
_MEMORY = 12  # earlier subjects and objects a pronoun may refer to


@dataclass(frozen=True)
class Finder:
    """What finding needs, built once per process."""

    nlp: Language
    rules: Rules
    matcher: DependencyMatcher
    cues: Cues

    @property
    def model(self) -> str:
        """Name and version of the parser."""
        return language.identity(self.nlp)


def build(rules: Rules, model: str = "") -> Finder:
    """Load the model and compile the rules for it."""
    nlp = language.load(model)
    return Finder(nlp, rules, constructions.build(rules, nlp.vocab), Cues(rules))


def find_mechanisms(clean: CleanArticle, finder: Finder) -> Findings:
    """Return the sentences and relations of an article; only English is searched."""
    if clean.metadata.language not in ("en", ""):
        return Findings(clean)
    sentences: list[Sentence] = []
    relations: list[Relation] = []
    text = clean.text.text
    section = ""
    spoken_of: list[tuple[str, bool]] = []
    texts = [text[block.start : block.end] for block in clean.blocks]
    for number, (block, doc) in enumerate(zip(clean.blocks, finder.nlp.pipe(texts), strict=True)):
        if block.kind == "heading":
            section = doc.text
            sentences.append(Sentence(number, "", block.start, block.end, False, 0.0))
            continue
        for span in doc.sents:
            start, end = _trimmed(span)
            if start == end:
                continue
            searched = block.kind in _SEARCHED and len(span) <= _LONGEST
            found = list(_relations(span, block.start, len(sentences), spoken_of, finder)) if searched else []
            relations += found
            mechanistic = [relation for relation in found if relation.mechanistic]
            question = span.text.rstrip().endswith("?")
            score = max((relation.confidence for relation in mechanistic), default=0.0)
            says = bool(mechanistic) and not question
            sentences.append(Sentence(number, section, block.start + start, block.start + end, says, score if says else 0.0))
    return Findings(clean, tuple(sentences), tuple(link(relations)), finder.model)


def _trimmed(span: Span) -> tuple[int, int]:
    text = span.text
    lead = len(text) - len(text.lstrip())
    return span.start_char + lead, span.start_char + lead + len(text.strip())


def _relations(
    sentence: Span, offset: int, number: int, spoken_of: list[tuple[str, bool]], finder: Finder
) -> Iterator[Relation]:
    """Relations of one sentence, without repeats; the arguments found go to ``spoken_of``."""
    words = finder.rules.words
    seen: set[tuple[int, int, str]] = set()
    mentioned: list[tuple[str, bool]] = []
    doc = sentence.as_doc()
    shift = offset + sentence.start_char
    for found in _best(list(constructions.find(doc, finder.rules, finder.matcher))):
        if found.subject is None or _is_instruction(found, finder):
            continue
        context = finder.cues.of(found.trigger, found.subject, found.object)
        for subject in tree.conjuncts(found.subject):
            for target in tree.conjuncts(found.object) if found.clause is None else [found.object]:
                spans = (tree.noun_phrase(subject), _object_span(target, found))
                if subject.i == target.i or (key := (subject.i, target.i, found.frame.relation)) in seen:
                    continue
                seen.add(key)
                ends = tuple(
                    arguments.argument(span, shift, words, arguments.resolve(head, spoken_of, words))
                    for span, head in zip(spans, (subject, target), strict=True)
                )
                if found.frame.reverse:
                    spans, ends = spans[::-1], ends[::-1]
                yield _relation(found, number, shift, spans, ends, context, finder)
    for pair in clauses.find(doc[:]):
        spans = (pair.cause, pair.effect)
        if all(arguments.is_endogenous(span, words) for span in spans):
            yield _clause_relation(pair, number, shift, spans, finder)
    for token in doc:
        if token.dep_ in ("nsubj", "nsubjpass", "dobj") and token.pos_ in ("NOUN", "PROPN"):
            mentioned.append((tree.noun_phrase(token).text, "Number=Plur" in str(token.morph)))
    # Subjects are the likelier antecedents, so the first mention of a sentence goes last.
    spoken_of += reversed(mentioned)
    del spoken_of[:-_MEMORY]


def _object_span(target: Token, found: Found) -> Span:
    if found.clause is None:
        if target.dep_ in ("pcomp", "conj") and target.pos_ == "VERB":
            inner = tree.child(target, "dobj")
            return target.doc[target.i : tree.noun_phrase(inner).end] if inner is not None else tree.noun_phrase(target)
        return tree.noun_phrase(target)
    return tree.clause(target, found.clause) if found.clause.pos_ == "VERB" else target.doc[
        tree.noun_phrase(target).start : max(found.clause.right_edge.i, target.i) + 1
    ]


def _best(found: list[Found]) -> list[Found]:
    """One reading per trigger and object: the frame with a particle or preposition before the plain one."""
    chosen: dict[tuple[int, int], Found] = {}
    for candidate in found:
        key = (candidate.trigger.i, candidate.object.i)
        if key not in chosen or _rank(candidate) > _rank(chosen[key]):
            chosen[key] = candidate
    clausal = {f.trigger.i for f in chosen.values() if f.clause is not None}
    return [f for f in chosen.values() if f.clause is not None or f.trigger.i not in clausal or f.construction == "infinitive"]


def _rank(found: Found) -> tuple[bool, bool, float]:
    return found.clause is not None, bool(found.frame.particle), found.frame.confidence


def _is_instruction(found: Found, finder: Finder) -> bool:
    """ "Your doctor may increase your dose": people who act, and readers who are told to."""
    subject = found.subject
    assert subject is not None
    return finder.rules.words["not_an_agent"].has(subject.lemma_.lower()) or subject.lower_ in ("you", "we", "i", "he", "she")


def _relation(
    found: Found, number: int, shift: int, spans: tuple[Span, ...], ends: tuple[Argument, ...], context: Context, finder: Finder
) -> Relation:
    relation = found.frame.relation
    words = finder.rules.words
    body = any(
        arguments.is_endogenous(span, words) or arguments.says_endogenous(end.resolved, words)
        for span, end in zip(spans, ends, strict=True)
    )
    return _built(
        number, ends[0], relation, ends[1], context, relation not in NOT_MECHANISTIC and body, found.trigger, shift,
        f"{found.frame.id}/{found.construction}", found.frame.confidence,
    )  # fmt: skip


def _clause_relation(pair: clauses.ClausePair, number: int, shift: int, spans: tuple[Span, Span], finder: Finder) -> Relation:
    words = finder.rules.words
    subject, target = (arguments.argument(span, shift, words) for span in spans)
    context = finder.cues.of(pair.effect.root, None, pair.effect.root)
    return _built(number, subject, pair.relation, target, context, True, pair.trigger, shift, pair.rule, 0.6)


def _built(
    number: int, subject: Argument, relation: str, target: Argument, context: Context, mechanistic: bool, trigger: Token,
    shift: int, rule: str, confidence: float,
) -> Relation:  # fmt: skip
    polarity = RELATIONS[relation][0]
    net = {"+": 1, "-": -1, "0": 0}[polarity] * subject.sign * target.sign
    return Relation(
        sentence=number, subject=subject, relation=relation, object=target, polarity=polarity,
        net_polarity={1: "+", -1: "-", 0: "0"}[net], negation_cue=context.negation, hedge_cue=context.hedge,
        mechanistic=mechanistic, trigger_text=trigger.text, trigger_start=shift + trigger.idx,
        trigger_end=shift + trigger.idx + len(trigger), rule=rule, confidence=confidence,
    )  # fmt: skip
