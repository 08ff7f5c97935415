"""Typos and spun words, by the rules in typos.toml and spinner.toml."""

from __future__ import annotations

import re

from pipeline.edits import Change, Status
from pipeline.normalize.text import Passage, lowercase
from pipeline.rules.kinds import TextRule


def reword(passage: Passage) -> list[Change]:
    """Apply the rules for words where they are safe, flag the rest. Where two rules meet, the first listed wins."""
    if not passage.english:
        return []
    changes: list[Change] = []
    lowered = lowercase(passage.text)
    for rule in passage.rules.text:
        status: Status = "applied" if rule.when == "always" or (rule.when == "spun" and passage.spun) else "flagged"
        for found in rule.matches(passage.text, lowered):
            change = _change(rule, found, status)
            if change is None or _taken(changes, change):
                continue
            if passage.free(change.start, change.end) and not passage.in_name(change.start, change.end):
                changes.append(change)
    return changes


def replaced(rule: TextRule, text: str) -> str:
    """``text`` with a rule applied wherever it fires, whatever its ``when``."""
    for found in reversed(list(rule.matches(text, lowercase(text)))):
        change = _change(rule, found, "applied")
        if change:
            text = text[: change.start] + change.after + text[change.end :]
    return text


def _change(rule: TextRule, found: re.Match[str], status: Status) -> Change | None:
    """The change a match asks for, narrowed to the words that differ; a capital stays."""
    before, after = found[0], found.expand(rule.replace)
    if before[:1].isupper():
        after = after[:1].upper() + after[1:]
    start, end = found.span()
    while before and after and before[0] == after[0]:
        before, after, start = before[1:], after[1:], start + 1
    while before and after and before[-1] == after[-1]:
        before, after, end = before[:-1], after[:-1], end - 1
    if before == after:
        return None
    # Whole words read better in a log than the letters that differ.
    text = found.string
    while start > found.start() and text[start - 1].isalnum():
        start -= 1
        before, after = text[start] + before, text[start] + after
    while end < found.end() and text[end].isalnum():
        before, after = before + text[end], after + text[end]
        end += 1
    return Change(start, end, after, rule.id, rule.reason, rule.confidence, status)


def _taken(changes: list[Change], change: Change) -> bool:
    return any(c.start < change.end and change.start < c.end for c in changes)
