"""All settings in one frozen record: defaults < pipeline.toml < environment < command line."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from pipeline.errors import UserError

PREFIX = "PIPELINE_"
SCOPES = ("body", "any")


class SettingsError(UserError):
    """A setting is unknown or has the wrong type; the message is for people."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run can be told. In pipeline.toml the same names stand at the top level, but for ``[model] name``."""

    model: str = ""  # spaCy package or path; empty: the shipped one; in pipeline.toml: name under [model]
    max_bytes: int = 20_000_000  # of one document, unpacked
    max_characters: int = 1_000_000  # of one clean text
    max_seconds: int = 120  # of computing time for one document
    max_memory: int = 2_000  # megabytes that one document may need besides what is in use
    workers: int = 1
    parquet: bool = False  # also write the tables as Parquet
    scope: str = "body"  # which relations are mechanistic: of the "body", or "any", for texts on other matters


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
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{config}: not valid TOML: {error}.") from error


def _without_table(values: dict[str, Any], config: Path) -> dict[str, Any]:
    """Take the name out of the table ``[model]``, which is written so in the file."""
    table = values.get("model", {"name": ""})
    if not isinstance(table, dict):
        raise SettingsError(f'{config}: model must be a table: write name = "..." under [model].')
    if unknown := sorted(set(table) - {"name"}):
        raise SettingsError(f"{config}: unknown setting {unknown[0]!r} under [model]; the only one is name.")
    return values | {"model": table.get("name", "")}


def _updated(settings: Settings, values: Mapping[str, Any], place: str) -> Settings:
    types = get_type_hints(Settings)
    for key, value in values.items():
        if key not in types:
            known = ", ".join(types)
            raise SettingsError(f"{place}: unknown setting {key!r}; the settings are {known}.")
        if type(value) is not types[key]:
            wanted = {"str": "text in quotes", "int": "a whole number", "bool": "true or false"}[types[key].__name__]
            raise SettingsError(f"{place}: {key} must be {wanted}, not {value!r}.")
        if type(value) is int and value < 1:
            raise SettingsError(f"{place}: {key} must be 1 or more, not {value}.")
        if key == "scope" and value not in SCOPES:
            raise SettingsError(f"{place}: scope must be {' or '.join(SCOPES)}, not {value!r}.")
    return replace(settings, **values)


def _parse(name: str, value: str) -> Any:
    kind = get_type_hints(Settings)[name]
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    if kind is not int:
        return value
    return int(value) if value.lstrip("-").isdigit() else value
