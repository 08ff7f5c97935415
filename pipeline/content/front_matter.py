"""Front matter of a Markdown file: YAML between lines of three dashes, or TOML between lines of three plus signs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import srsly

_YAML = re.compile(r"\A---[ \t]*\r?\n((?:[^\r\n]*\r?\n){1,60}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_TOML = re.compile(r"\A\+\+\+[ \t]*\r?\n((?:[^\r\n]*\r?\n){1,60}?)\+\+\+[ \t]*(?:\r?\n|\Z)")
_PAIR = re.compile(r"^([A-Za-z_]\w*):[ \t]*(.+?)[ \t]*$", re.M)
_LONGEST = 10_000  # characters
_DEEPEST, _MOST = 2, 20  # lists and mappings within one another; items of a list


class FrontMatter(NamedTuple):
    """The fields that are known, and where the text begins."""

    title: str = ""
    date: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    end: int = 0


def read(text: str) -> FrontMatter:
    """The front matter of a text; empty without one."""
    yaml, toml = _YAML.match(text), _TOML.match(text)
    found = yaml or toml
    if found is None or found.end() > _LONGEST:
        return FrontMatter()
    given = _yaml(found[1]) if yaml else _toml(found[1])
    known = {str(name).lower(): value for name, value in given.items()}

    def said(*names: str) -> str:
        return next((line for name in names for line in _lines(known.get(name))), "")

    authors = [line for name in ("author", "authors", "by") for line in _lines(known.get(name))]
    return FrontMatter(
        said("title"), said("date", "published", "pubdate"), said("description", "summary", "excerpt"), tuple(authors),
        found.end(),
    )  # fmt: skip


def _yaml(text: str) -> Mapping[Any, Any]:
    try:
        given = srsly.yaml_loads(text)
    except Exception:  # the parser raises many error types; simple pairs can be read without it
        return {name: value.strip("\"'") for name, value in _PAIR.findall(text)}
    return dict(given) if isinstance(given, dict) else {}


def _toml(text: str) -> Mapping[Any, Any]:
    try:
        return dict(tomllib.loads(text))
    except (ValueError, RecursionError):  # no TOML, a number that is too long, or too many brackets
        return {}


def _lines(value: object, depth: int = 0) -> Iterable[str]:
    """A value as lines: one for a scalar, those of each item of a list, the name of a mapping.

    An alias of YAML may refer to what it stands in, so there is an end to how deep a value is read.
    """
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for inner in value[:_MOST]:
            yield from _lines(inner, depth + 1)
    elif isinstance(value, dict):
        yield from _lines(value.get("name"), depth + 1)
    elif value is not None and not isinstance(value, bool):
        with suppress(ValueError):  # a number of more digits than Python writes
            yield " ".join(str(value).split())
