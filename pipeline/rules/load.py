"""Load and check rule files; errors name the file, the rule and the field.

To add a rule, add a row to the file of its kind; nothing else has to change. A custom folder may hold more rules in
files of the same names: a rule with the id of a shipped rule replaces it.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pipeline.errors import UserError
from pipeline.rules import fields, fix_rules, swaps
from pipeline.rules.fields import pop_field, record
from pipeline.rules.kinds import (
    RELATIONS,
    SLOTS,
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
    british,
)
from pipeline.rules.patterns import OwnPattern
from pipeline.version import LEXICON, MODELS, RULES

_ID = re.compile(r"[A-Za-z0-9_-]+")  # other signs join ids in the log, or stand in those of units
Row = dict[str, Any]
T = TypeVar("T")


class RuleError(UserError):
    """A rule file is wrong; the message names the file, the rule, the field and what to do."""


def load_rules(own: Path | None = None, shipped: Path = RULES) -> Rules:
    """Read and check all shipped rule files, and those in the custom folder ``own``.

    Raises:
        RuleError: a file or rule is wrong, or the folder holds a file of another name.
    """
    if own:
        _check_names(own)

    def rules(name: str, build: Callable[[Row], T]) -> tuple[T, ...]:
        return tuple(_built(row, build) for row in _merged(name, shipped, own))

    words, weights = rules("words.toml", _word_rule), rules("confidence.toml", _weight_rule)
    return Rules(
        boilerplate=rules("boilerplate.toml", lambda row: record(BlockRule, row)),
        endings=rules("endings.toml", lambda row: record(EndRule, row)),
        text=rules("typos.toml", _text_rule) + rules("spinner.toml", _text_rule),
        frames=rules("frames.toml", _frame),
        cues=rules("cues.toml", lambda row: record(CueRule, row)),
        words={rule.id: rule for rule in words},
        units=rules("units.toml", _unit_rule),
        notations=rules("notations.toml", _notation_rule),
        weights={rule.id: rule for rule in weights},
        swaps=rules("swaps.toml", swaps.rule),
        fixes=rules("fixes.toml", fix_rules.rule),
        hash=_hash(shipped, own),
    )


# What a custom folder may hold: files that may add rules, and files whose ids the code refers to, in which a rule can
# only replace a shipped one. The others (fixes.toml, swaps.toml) describe functions and trained models.
_EXTENSIBLE = frozenset((
    "boilerplate.toml", "endings.toml", "typos.toml", "spinner.toml", "frames.toml", "cues.toml", "units.toml",
    "notations.toml",
))  # fmt: skip
_REPLACING = frozenset(("words.toml", "confidence.toml"))


def ids(folder: Path) -> frozenset[str]:
    """The ids of all rules in a folder."""
    return frozenset(one.id for path in sorted(folder.glob("*.toml")) for one in _rows(path))


def _check_names(own: Path) -> None:
    if not own.is_dir():
        raise RuleError(f"{own}: there is no such folder of rules; name one, or leave the setting rules empty.")
    files = sorted(own.glob("*.toml"))
    if not files:
        raise RuleError(
            f"{own}: there are no rules in this folder; add a file such as frames.toml, or name another one."
        )
    for path in files:
        if path.name not in _EXTENSIBLE | _REPLACING:
            known = ", ".join(sorted(_EXTENSIBLE | _REPLACING))
            raise RuleError(f"{path}: rules of one's own stand in {known}; rename this file, or take it out.")


class _RawRule(NamedTuple):
    """A rule as read from its file; ``place`` names the file and rule in error messages."""

    id: str
    row: Row
    place: str
    own: bool = False


def _merged(name: str, shipped: Path, own: Path | None) -> list[_RawRule]:
    """The rules of a file; a custom rule replaces the shipped one with its id, or is appended."""
    rules = {one.id: one for one in _rows(shipped / name)}
    if own and (own / name).is_file():
        for one in _rows(own / name):
            if name in _REPLACING and one.id not in rules:
                raise RuleError(f"{one.place}: id must be one that the program asks for: {', '.join(rules)}.")
            rules[one.id] = one._replace(own=True)
    return list(rules.values())


def _rows(path: Path) -> list[_RawRule]:
    """The rules of a file, each with an id of its own, examples and counter-examples."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RuleError(f"{path}: cannot be read: {error}") from error
    rows = table.get("rule", [])
    if set(table) - {"rule"} or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RuleError(f"{path}: only [[rule]] tables belong here, found {sorted(set(table) - {'rule'}) or '[rule]'}")
    found: dict[str, _RawRule] = {}
    for number, row in enumerate(rows, 1):
        one = _raw_rule(path, number, row)
        if one.id in found:
            raise RuleError(f"{one.place}: the id is used twice; give each rule its own")
        found[one.id] = one
    return list(found.values())


def _raw_rule(path: Path, number: int, row: Row) -> _RawRule:
    place = f"{path}, rule {row.get('id', number)!r}"
    for key in ("id", "examples", "counter_examples"):
        if not row.get(key):
            raise RuleError(f"{place}: needs {key!r}, which may not be empty")
    if not isinstance(row["id"], str):
        raise RuleError(f"{place}: id must be text in quotes, not {row['id']!r}")
    if path.name != "units.toml" and not _ID.fullmatch(row["id"]):
        raise RuleError(f"{place}: id must be of letters, digits, _ and -")
    return _RawRule(row["id"], row, place)


def _built(one: _RawRule, build: Callable[[Row], T]) -> T:
    try:
        rule = build(dict(one.row))
    except ValueError as error:
        raise RuleError(f"{one.place}: {error}") from error
    if not one.own:
        return rule
    record: Any = rule
    expressions = {name: value for name in record.__slots__ if isinstance(value := getattr(rule, name), re.Pattern)}
    named: T = replace(record, **{name: OwnPattern(value, one.place) for name, value in expressions.items()})
    return named


def _text_rule(row: Row) -> TextRule:
    literals = pop_field(row, "literals", tuple[str, ...])
    if any(literal != literal.lower() for literal in literals):
        raise ValueError(f"literals must be in small letters, not {list(literals)}")
    rule = record(TextRule, row, literals=literals)
    try:
        re.sub(row["find"], rule.replace, "")  # which reads the template, though there is nothing to replace
    except (re.error, IndexError) as error:
        raise ValueError(f"replace does not fit find: {error}") from error
    return rule


def _frame(row: Row) -> Frame:
    relation = fields.one_of("relation", pop_field(row, "relation"), RELATIONS)
    objects = pop_field(row, "objects", tuple[str, ...])
    for slot in objects:
        fields.one_of("objects", slot, SLOTS)
    lemmas = pop_field(row, "lemmas", tuple[str, ...])
    both = tuple(dict.fromkeys(form for lemma in lemmas for form in (lemma, british(lemma))))
    return record(Frame, row, relation=relation, objects=objects, lemmas=both)


def _word_rule(row: Row) -> WordRule:
    listed = row.pop("words") if isinstance(row.get("words"), list) else [pop_field(row, "words")]
    words = " ".join(fields.texts("words", listed)).split()
    return record(
        WordRule,
        row,
        words=frozenset(word for word in words if "*" not in word),
        suffixes=tuple(word[1:] for word in words if word.startswith("*")),
        prefixes=tuple(word[:-1] for word in words if word.endswith("*")),
    )


def _notation_rule(row: Row) -> NotationRule:
    return record(NotationRule, row, find=fields.pattern("find", pop_field(row, "find"), 0))


def _unit_rule(row: Row) -> UnitRule:
    return record(UnitRule, row, words=tuple(pop_field(row, "words").split()))


def _weight_rule(row: Row) -> WeightRule:
    return record(WeightRule, row)


def _hash(shipped: Path, own: Path | None) -> str:
    """Hash of the rule files, lexicon tables and model tables that the stages read, for provenance."""
    files = (
        *sorted(shipped.glob("*.toml")), *sorted(LEXICON.glob("*.tsv")), *sorted(MODELS.glob("*/*.tsv")),
        *(sorted(own.glob("*.toml")) if own else ()),
    )  # fmt: skip
    whole = hashlib.sha256(b"".join(path.name.encode() + b"\0" + path.read_bytes() for path in files))
    return whole.hexdigest()[:16]
