"""All settings in one frozen record: defaults < pipeline.toml < environment < command line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from pipeline.errors import UserError

PREFIX = "PIPELINE_"
SCOPES = ("body", "any")
_CHOICES = {
    "scope": SCOPES,
    "citation_marks": ("drop", "bracket"),
    "spanned_cells": ("repeat", "mark"),
    "keep": ("", "comments"),
}


class SettingsError(UserError):
    """A setting is unknown or has the wrong type; the message is for people."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program can be told. In pipeline.toml the same names stand at the top level, but for ``[model] name``.

    Settings of one's own read neither pipeline.toml nor the environment.

    Args:
        model: a spaCy pipeline by package name or path; empty: the shipped one.
        rules: a folder of rules of your own, which are added to ours; one with an id of ours replaces it.
        max_bytes: bytes of one document, unpacked.
        max_characters: code points of one clean text.
        max_seconds: seconds of computing time for one document.
        max_memory: megabytes that one document may need besides what is in use.
        workers: processes of a run.
        parquet: a run also writes its tables as Parquet.
        csv_safe: cells of CSV that a spreadsheet would take for a formula get an apostrophe in front.
        follow_links: links that lead out of a folder of inputs are followed.
        scope: which relations are mechanistic: those of the "body", or "any", for texts on other matters.
        citation_marks: raised marks of references and notes: "drop", or "bracket" for [14].
        spanned_cells: cells of a table that another one spans: "repeat" what that says, or "mark" with < and ^.
        keep: what stays besides a page's own text: nothing, or the "comments" of its readers.

    Raises:
        PipelineError: a value of the wrong type or out of range.

    >>> from pipeline import Settings, clean
    >>> text = "The governor limits the speed of the engine."
    >>> [[m.mechanistic for m in clean(text, settings=Settings(scope=s)).mechanisms] for s in ("body", "any")]
    [[False], [True]]
    """

    model: str = ""
    rules: str | Path = ""
    max_bytes: int = 20_000_000
    max_characters: int = 1_000_000
    max_seconds: int = 120
    max_memory: int = 2_000
    workers: int = 1
    parquet: bool = False
    csv_safe: bool = False
    follow_links: bool = False
    scope: str = "body"
    citation_marks: str = "drop"
    spanned_cells: str = "repeat"
    keep: str = ""

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if complaint := _complaint(name, getattr(self, name)):
                raise SettingsError(f"Settings: {complaint}")


_MOST = 1_000_000_000  # of anything: more than clocks and systems take
_FORMS = {str: "text in quotes", str | Path: "the path of a folder", int: "a whole number", bool: "true or false"}


def _complaint(name: str, value: object) -> str:
    """What is wrong with the value of a setting, in a sentence; empty if nothing is."""
    kind = get_type_hints(Settings)[name]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return f"{name} must be {_FORMS[kind]}, not {value!r}."
    if kind is int and isinstance(value, int) and not 1 <= value <= _MOST:
        return f"{name} must be {'1 or more' if value < 1 else f'{_MOST:,} or less'}, not {value}."
    if name in _CHOICES and value not in _CHOICES[name]:
        choices = " or ".join(one or '""' for one in _CHOICES[name])
        return f"{name} must be {choices}, not {value!r}."
    return ""


def load(config: Path | None, flags: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """Settle the settings; ``flags`` with value None are not given.

    Raises:
        SettingsError: unreadable file, unknown key or wrong type.
    """
    environment = os.environ if environment is None else environment
    settings = Settings()
    if config:
        settings = _updated(settings, _read(config), str(config))
    _check_names(environment)
    variables = {field.name: environment.get(PREFIX + field.name.upper()) for field in fields(Settings)}
    given = {name: _parse(name, value) for name, value in variables.items() if value is not None}
    settings = _updated(settings, given, "the environment")
    return _updated(settings, {key: value for key, value in flags.items() if value is not None}, "the command line")


def _check_names(environment: Mapping[str, str]) -> None:
    """A variable that is nearly one of ours is a slip; others with the prefix belong to other programs."""
    known = [PREFIX + field.name.upper() for field in fields(Settings)]
    for name in sorted(set(environment) - set(known)):
        near = get_close_matches(name, known, 1, 0.85) if name.startswith(PREFIX) else []
        if near:
            raise SettingsError(f"the environment: unknown setting {name!r}; did you mean {near[0]}?")


def _read(config: Path) -> dict[str, Any]:
    try:
        return _without_table(tomllib.loads(config.read_text("utf-8")), config)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{config}: cannot be read ({error}); give --config another file.") from error
    except (ValueError, RecursionError) as error:  # no TOML, a number that is too long, or too many brackets
        raise SettingsError(f"{config}: not valid TOML: {str(error).partition(';')[0]}.") from error


def _without_table(values: dict[str, Any], config: Path) -> dict[str, Any]:
    """Take the name out of the table ``[model]``, which is written so in the file."""
    table = values.get("model", {"name": ""})
    if not isinstance(table, dict):
        raise SettingsError(f'{config}: model must be a table: write name = "..." under [model].')
    if unknown := sorted(set(table) - {"name"}):
        raise SettingsError(f"{config}: unknown setting {unknown[0]!r} under [model]; the only one is name.")
    return values | {"model": table.get("name", "")}


def _updated(settings: Settings, values: Mapping[str, Any], place: str) -> Settings:
    known = [field.name for field in fields(Settings)]
    for name, value in values.items():
        if name not in known:
            raise SettingsError(f"{place}: unknown setting {name!r}; the settings are {', '.join(known)}.")
        if complaint := _complaint(name, value):
            raise SettingsError(f"{place}: {complaint}")
    return replace(settings, **values)


def _parse(name: str, value: str) -> Any:
    kind = get_type_hints(Settings)[name]
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    if kind is not int:
        return value
    return int(value) if re.fullmatch(r"-?[0-9]{1,20}", value) else value
