"""Explanations for people: why an edit was made, what a rule does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pipeline.errors import UserError
from pipeline.export import read_back
from pipeline.rules.fix_rules import FixRule
from pipeline.rules.kinds import Frame, Rules, TextRule
from pipeline.rules.swaps import NEVER, SwapRule
from pipeline.settings import Settings
from pipeline.show.rule_check import every
from pipeline.stages import cached_tools

_EDIT, _MECHANISM = re.compile(r".+:e\d{4,}\Z", re.S), re.compile(r".+:m\d{4,}\Z", re.S)
_SKIPPED_FIELDS = ("id", "examples", "counter_examples", "card", "literals")
_MOST = 6  # examples of a rule
_WHEN = {
    "always": "in every document",
    "spun": "in documents that show a synonym replacer's work; elsewhere it only flags",
    "flag": "never by itself: it only flags",
}


def explain(name: str, rules: Rules, tables: Path) -> Iterator[str]:
    """Lines about an edit_id, a mechanism_id, or the id of a rule.

    Raises:
        UserError: nothing has that name.
    """
    if _EDIT.match(name):
        yield from _edit(read_back.row(tables, "edits", "edit_id", name), rules)
    elif _MECHANISM.match(name):
        yield from _mechanism(read_back.row(tables, "mechanisms", "mechanism_id", name), rules)
    else:
        for number, part in enumerate(name.split("+")):  # as several rules stand in the log of one edit
            yield from [""] * bool(number)
            yield from _part(part, rules)


def _part(name: str, rules: Rules) -> Iterator[str]:
    """Lines about the id of a rule, or about a frame and the construction it was found in, as mechanisms name them."""
    frame, _, construction = name.partition("/")
    if construction and any(rule.id == frame for rule in rules.frames):
        yield f"{name}: read as {construction}"
        yield from _rules(frame, rules)
    else:
        yield from _rules(name, rules)


def explained(name: str, tables: Path, settings: Settings) -> str:
    """The lines about a name, as one text.

    Raises:
        UserError: nothing has that name, or a rule file is wrong.
    """
    if not isinstance(name, str):
        raise UserError(f"explain takes the id of a rule, an edit or a mechanism, not {type(name).__name__}.")
    return "\n".join(explain(name, cached_tools(settings).rules, tables))


def _edit(row: dict[str, Any], rules: Rules) -> Iterator[str]:
    done = {"applied": "changed", "dropped": "dropped", "flagged": "flagged, not changed"}[row["status"]]
    yield f"{row['edit_id']}: {done} in {row['stage']}, confidence {row['confidence']}"
    yield f"  before: {row['before']!r}"
    yield f"  {'would be' if row['status'] == 'flagged' else 'after'}:  {row['after']!r}"
    yield f"  input {row['source_start']} to {row['source_end']}, clean text {row['start']} to {row['end']}"
    yield f"  why: {row['reason']}"
    for rule in row["rule"].split("+"):
        yield ""
        yield from _rules(rule, rules)


def _mechanism(row: dict[str, Any], rules: Rules) -> Iterator[str]:
    yield f"{row['mechanism_id']}: {row['sentence_text']}"
    yield f"  {row['subject_text']} | {row['relation']} ({row['polarity']}) | {row['object_text']}"
    yield f"  stated by {row['trigger_text']!r}, confidence {row['confidence']}"
    frame, _, construction = row["rule"].partition("/")
    yield f"  read as {construction or 'a pair of clauses'}"
    if any(rule.id == frame for rule in rules.frames):
        yield ""
        yield from _rules(frame, rules)


def _rules(name: str, rules: Rules) -> Iterator[str]:
    known = list(every(rules))
    found = [rule for rule in known if rule.id == name] or [rule for rule in known if name in _words(rule)]
    if not found:
        near = get_close_matches(name, [rule.id for rule in known], 3)
        hint = f"did you mean {' or '.join(near)}?" if near else "the rules are in pipeline/rules/."
        raise UserError(f"there is no rule, edit or mechanism {name!r}; {hint}")
    for rule in found:
        yield f"{rule.id} ({_kind(rule)})"
        yield from _facts(rule)
        for example in rule.examples[:_MOST]:
            yield f"  example: {_example(example)}"
        for example in rule.counter_examples[:_MOST]:
            yield f"  leaves alone: {example!r}"


def _words(rule: Any) -> tuple[str, ...]:
    """Words by which a rule can be looked up."""
    return (rule.spun,) if isinstance(rule, SwapRule) else rule.lemmas if isinstance(rule, Frame) else ()


def _kind(rule: Any) -> str:
    return {FixRule: "a fix", SwapRule: "a pair of swapped words", TextRule: "a rule for words", Frame: "a frame"}.get(
        type(rule), re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(rule).__name__).lower()
    )


def _facts(rule: Any) -> Iterator[str]:
    if isinstance(rule, FixRule):
        yield f"  does: {rule.what}"
        return
    if isinstance(rule, SwapRule):
        yield f"  {rule.spun!r} stands for {rule.original!r}; outcome: {rule.outcome}"
        strict = "never" if rule.card.strict == NEVER else f"{rule.card.strict_recall:.0%} of swaps"
        yield f"  comes back in any document: {strict}; in one with more of them: {rule.card.gated_recall:.0%}"
        return
    for field in fields(rule):
        value = getattr(rule, field.name)
        if field.name in _SKIPPED_FIELDS or value in ("", (), False, frozenset()):
            continue
        if field.name == "when":
            yield f"  when: {_WHEN[value]}"
        else:
            yield f"  {field.name}: {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, re.Pattern):
        return str(value.pattern)
    if isinstance(value, tuple | frozenset):
        return ", ".join(sorted(map(str, value)) if isinstance(value, frozenset) else map(str, value))
    return str(value)


def _example(example: Any) -> str:
    return repr(example) if isinstance(example, str) else " -> ".join(map(repr, example))
