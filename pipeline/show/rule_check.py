"""Every rule on its examples and counter-examples: what ``pipeline rules check`` and the tests run.

A check returns complaints, one sentence for each example that does not do what it shows.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pipeline.edits import TracedText
from pipeline.limits import LimitError, time_limited
from pipeline.mechanisms import confidence, quantities
from pipeline.normalize import synonyms
from pipeline.normalize.text import Passage
from pipeline.normalize.wording import replaced
from pipeline.records import Findings, MediaType, RawPage, Rejected, Relation, Source
from pipeline.rules.fix_rules import MEDIA_TYPES, FixRule
from pipeline.rules.kinds import (
    BlockRule,
    CueRule,
    EndRule,
    Frame,
    NotationRule,
    Rules,
    TextRule,
    UnitRule,
    WeightRule,
    WordRule,
)
from pipeline.rules.swaps import SwapRule
from pipeline.stages import State, Tools, process, text_of

_MOST_SECONDS = 10  # of computing time for the examples of one rule; those of ours take a hundredth
Check = Callable[[Any, Tools], Iterator[str]]


def complaints(rules: Iterable[Any], tools: Tools) -> Iterator[tuple[str, str]]:
    """(id, complaint) of every rule that does not do what its examples show."""
    for rule in rules:
        begun = time.process_time()
        try:
            with time_limited(_MOST_SECONDS):
                found = list(CHECKS[type(rule)](rule, tools))
        except LimitError:
            found = []
        if time.process_time() - begun > 0.9 * _MOST_SECONDS:  # a document that reaches the limit is rejected itself
            found = [f"takes more than {_MOST_SECONDS} seconds on its examples; write an expression that does less"]
        for complaint in found:
            yield rule.id, complaint


def every(rules: Rules) -> Iterator[Any]:
    """All rules, file by file."""
    yield from (*rules.fixes, *rules.boilerplate, *rules.endings, *rules.text, *rules.swaps)
    yield from (*rules.words.values(), *rules.units, *rules.notations, *rules.cues, *rules.frames)
    yield from rules.weights.values()


def _must_not_fire(counter_examples: tuple[str, ...], fires: Callable[[str], bool]) -> Iterator[str]:
    for text in counter_examples:
        if fires(text):
            yield f"fires on its counter-example {text!r}"


def _must_fire(examples: tuple[str, ...], fires: Callable[[str], bool]) -> Iterator[str]:
    for text in examples:
        if not fires(text):
            yield f"does not fire on its example {text!r}"


def _check_examples(rule: Any, fires: Callable[[str], bool]) -> Iterator[str]:
    yield from _must_fire(rule.examples, fires)
    yield from _must_not_fire(rule.counter_examples, fires)


def _must_rewrite(examples: tuple[tuple[str, str], ...], turn: Callable[[str], str]) -> Iterator[str]:
    for before, after in examples:
        if turn(before) != after:
            yield f"makes {turn(before)!r} of its example {before!r}"
        elif turn(after) != after:
            yield f"changes what it wrote itself: {after!r}"


def boilerplate(rule: BlockRule, _tools: Tools) -> Iterator[str]:
    """A block is matched whole."""
    return _check_examples(rule, lambda text: rule.match.fullmatch(text) is not None)


def ending(rule: EndRule, _tools: Tools) -> Iterator[str]:
    """An ending is found in it."""
    return _check_examples(rule, lambda text: rule.find.search(text) is not None)


def wording(rule: TextRule, _tools: Tools) -> Iterator[str]:
    """The text is replaced, and the replacement itself is left alone."""
    yield from _must_rewrite(rule.examples, lambda text: replaced(rule, text))
    yield from _must_not_fire(rule.counter_examples, lambda text: replaced(rule, text) != text)


def swap(rule: SwapRule, tools: Tools) -> Iterator[str]:
    """A swapped word is restored where all families of swaps are detected, unless the pair is only flagged."""
    families = frozenset(one.family for one in tools.rules.swaps)

    def unspun(text: str) -> str:
        passage = Passage(text, (), tools.rules, english=True, spun=True, families=families)
        for change in reversed([one for one in synonyms.unspin(passage) if one.status == "applied"]):
            text = text[: change.start] + change.after + text[change.end :]
        return text

    flagged = rule.outcome == "flag"
    yield from _must_rewrite(tuple((a, a if flagged else b) for a, b in rule.examples), unspun)
    yield from _must_not_fire(rule.counter_examples, lambda text: unspun(text) != text)


def words(rule: WordRule, _tools: Tools) -> Iterator[str]:
    """A word belongs to the class."""
    return _check_examples(rule, rule.has)


def unit(rule: UnitRule, tools: Tools) -> Iterator[str]:
    """The unit, and nothing else, is found."""
    amounts = quantities.build(tools.rules.units)

    def found(text: str) -> list[str]:
        return [quantity.unit for quantity in amounts.find(text)]

    yield from _must_fire(rule.examples, lambda text: found(text) == [rule.id])
    yield from _must_not_fire(rule.counter_examples, lambda text: rule.id in found(text))


def notation(rule: NotationRule, _tools: Tools) -> Iterator[str]:
    """A way of writing is matched whole."""
    yield from _must_fire(tuple(text for text, _ in rule.examples), lambda text: rule.find.fullmatch(text) is not None)
    yield from _must_not_fire(rule.counter_examples, lambda text: rule.find.fullmatch(text) is not None)


def cue(rule: CueRule, tools: Tools) -> Iterator[str]:
    """The relation of the example is negated or hedged; a pseudo negation is the reverse."""

    def has_cue(text: str) -> bool:
        return any(relation.negation_cue or relation.hedge_cue for relation in _relations(text, tools))

    reverse = rule.category == "pseudo_negation"
    yield from _must_fire(rule.counter_examples if reverse else rule.examples, has_cue)
    yield from _must_not_fire(rule.examples if reverse else rule.counter_examples, has_cue)
    yield from _must_fire((*rule.examples, *rule.counter_examples), lambda text: bool(_relations(text, tools)))


def frame(rule: Frame, tools: Tools) -> Iterator[str]:
    """The relation that the example marks is found, by this frame."""
    for example in rule.examples:
        found = _relations(re.sub(r"[\[\]<>{}]", "", example), tools)
        if not any(_is_marked(rule, example, relation) for relation in found):
            yield f"does not find what its example marks: {example!r} gives {list(map(_shown, found))}"
    for example in rule.counter_examples:
        found = _relations(example, tools)
        if any(relation.rule.startswith(f"{rule.id}/") for relation in found):
            yield f"fires on its counter-example {example!r}: {list(map(_shown, found))}"


def weight(rule: WeightRule, tools: Tools) -> Iterator[str]:
    """A relation of the example has the feature."""

    def has_feature(text: str) -> bool:
        length = len(tools.finder.nlp(text))
        return any(rule.id in confidence.features(one, length) for one in _relations(text, tools))

    return _check_examples(rule, has_feature)


def fix(rule: FixRule, tools: Tools) -> Iterator[str]:
    """The log of the example names the fix, and its text reads as shown."""

    def traced(text: str) -> TracedText:
        state = _processed(text, MEDIA_TYPES[rule.read], tools, "normalize")
        return TracedText("") if isinstance(state, Rejected) else text_of(state)

    def fires(text: str) -> bool:
        return any(rule.id in edit.rule.split("+") for edit in traced(text).edits())

    yield from _must_fire(tuple(before for before, _ in rule.examples), fires)
    yield from _must_not_fire(rule.counter_examples, fires)
    for before, after in rule.examples:
        made = traced(before).text
        if made != after:
            yield f"makes {made!r} of its example {before!r}"


CHECKS: dict[type[Any], Check] = {
    BlockRule: boilerplate, EndRule: ending, TextRule: wording, SwapRule: swap, WordRule: words, UnitRule: unit,
    NotationRule: notation, CueRule: cue, Frame: frame, WeightRule: weight, FixRule: fix,
}  # fmt: skip


def _processed(text: str, media_type: MediaType, tools: Tools, to: str) -> State | Rejected:
    return process(RawPage("example", Source("example", media_type, "0" * 64), text), tools, to)


def _relations(text: str, tools: Tools) -> tuple[Relation, ...]:
    found = _processed(text, "text/plain", tools, "mechanisms")
    return found.relations if isinstance(found, Findings) else ()


def _is_marked(rule: Frame, example: str, relation: Relation) -> bool:
    subject, trigger, target = (_marked(example, *marks) for marks in ("[]", "<>", "{}"))
    return (
        relation.rule.startswith(f"{rule.id}/")
        and _ends_alike(trigger, relation.trigger_text)
        and _ends_alike(subject, relation.subject.text)
        and (not target or _ends_alike(target, relation.object.text))
    )


def _marked(example: str, opening: str, closing: str) -> str:
    found = re.search(re.escape(opening) + "(.+?)" + re.escape(closing), example)
    return found[1] if found else ""


def _ends_alike(marked: str, found: str) -> bool:
    return marked.split()[-1] in found.split() or found.split()[-1] in marked.split() or marked in found


def _shown(relation: Relation) -> tuple[str, str, str, str]:
    return relation.rule, relation.subject.text, relation.trigger_text, relation.object.text
