"""Convert a row of a rule file to a record; every field is checked, and errors name the field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from types import GenericAlias
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from pipeline.rules.patterns import Pattern

T = TypeVar("T")
Row = dict[str, Any]
_PAIRS = tuple[tuple[str, str], ...]


def record(kind: type[T], row: Mapping[str, Any], **derived: Any) -> T:
    """Build the record of a row; ``derived`` are fields that the caller computed from fields it popped.

    Raises:
        ValueError: a field is unknown, missing or of the wrong form.
    """
    hints = get_type_hints(kind)
    own = [field for field in fields(kind) if field.name not in derived]  # type: ignore[arg-type]
    if unknown := sorted(set(row) - {field.name for field in own}):
        known = ", ".join(hints)
        raise ValueError(f"there is no field {unknown[0]!r}; the fields are {known}")
    for field in own:
        if field.default is MISSING and field.name not in row:
            raise ValueError(f"needs the field {field.name!r}")
    return kind(**derived, **{name: _value(name, value, hints[name]) for name, value in row.items()})


def pop_field(row: Row, name: str, kind: Any = str) -> Any:
    """Pop a field from a row and check its type.

    Raises:
        ValueError: it is missing or of the wrong type.
    """
    if name not in row:
        raise ValueError(f"needs the field {name!r}")
    return _value(name, row.pop(name), kind)


def pattern(name: str, text: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """Compile a regular expression.

    Raises:
        ValueError: it is invalid.
    """
    try:
        return re.compile(text, flags)
    except re.error as error:
        raise ValueError(f"{name} is no regular expression: {error}") from error


def one_of(name: str, value: str, known: Mapping[str, Any] | tuple[str, ...] | frozenset[str]) -> str:
    """A value that must be among those that are known.

    Raises:
        ValueError: it is not.
    """
    if value not in known:
        listed = sorted(known) if isinstance(known, frozenset) else known
        raise ValueError(f"{name} must be one of {', '.join(listed)}, not {value!r}")
    return value


def _value(name: str, value: Any, kind: Any) -> Any:
    if get_origin(kind) is Literal:
        return one_of(name, value, get_args(kind))
    if kind is Pattern:
        return pattern(name, _text(name, value))
    if isinstance(kind, GenericAlias):
        return _pairs(name, value) if kind == _PAIRS else texts(name, value)
    return _SINGLE[kind](name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text in quotes, not {value!r}")
    return value


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} must be a number, not {value!r}")
    if name == "confidence" and not 0 <= value <= 1:
        raise ValueError(f"{name} must be 0 to 1, not {value!r}")
    return float(value)


def _truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, not {value!r}")
    return value


def texts(name: str, value: Any) -> tuple[str, ...]:
    """A list of texts.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f'{name} must be a list of texts, ["...", "..."], not {value!r}')
    return tuple(value)


def _pairs(name: str, value: Any) -> tuple[tuple[str, str], ...]:
    listed = value if isinstance(value, list) else [value]
    for one in listed:
        if not isinstance(one, list) or len(one) != 2 or not all(isinstance(text, str) for text in one):
            raise ValueError(f'{name} must be a list of pairs, [["before", "after"]], not {value!r}')
    return tuple((before, after) for before, after in listed)


_SINGLE: dict[type[Any], Callable[[str, Any], Any]] = {str: _text, float: _number, bool: _truth}
