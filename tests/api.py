"""docs/api.md, from the docstrings of what people call from Python."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pipeline
from pipeline.export.document import Section
from pipeline.export.row_types import BlockRow, EditRow, MechanismRow, SentenceRow, SourceRow, Verdicts
from pipeline.mechanisms.component import Mechanisms
from pipeline.records import Argument, Relation

_INTRODUCTION = """# From Python

`pip install` the wheel that `make dist` builds, or the folder itself; the distribution is called `mechanism-pipeline`,
the package `pipeline`. Made by `make docs` from the docstrings; every example is run by the tests.
"""
_SPACY = """## In a spaCy pipeline

`nlp.add_pipe("mechanisms")` works in any English spaCy pipeline with a parser, a tagger and a lemmatizer, once the
distribution is installed.
"""
_FUNCTIONS = ("clean", "clean_many", "read", "run", "undo", "explain")
_RECORDS = ("Document", "Settings", "RawPage", "Rejected", "Edit", "PipelineError")
_ROWS = (Section, BlockRow, SourceRow, Verdicts)
_TABLES = {"sentences": SentenceRow, "mechanisms": MechanismRow, "edits": EditRow}
_TITLE = re.compile(r"(Args|Raises|Returns):")


def page() -> str:
    """The whole page."""
    parts = [_INTRODUCTION, *_section(pipeline)]
    for name in (*_FUNCTIONS, *_RECORDS):
        thing = getattr(pipeline, name)
        parts += [f"## {name}", *_signature(name, thing), *_section(thing), *_fields(thing), *_methods(name, thing)]
    parts += ["## The records in a document", "", "All are frozen; `docs/schema.md` says what each field holds.", ""]
    parts += [f"- `{row.__name__}`: {_names(row)}" for row in _ROWS]
    parts += [f"- `{row.__name__}`: the columns of `{table}`" for table, row in _TABLES.items()]
    parts += ["", _SPACY, *_section(Mechanisms)]
    parts += [f"`Relation` has {_names(Relation)}; its `subject` and `object` have {_names(Argument)}.", ""]
    return "\n".join(parts)


def _names(row: Any) -> str:
    return ", ".join(f"`{field.name}`" for field in fields(row))


def _signature(name: str, thing: Any) -> Iterator[str]:
    if inspect.isfunction(thing):
        said = inspect.signature(thing)
        shown = [f"    {parameter}," for parameter in _parameters(said)]
        yield "\n".join(["```python", f"{name}(", *shown, f") -> {said.return_annotation}", "```", ""])


def _parameters(said: inspect.Signature) -> Iterator[str]:
    """Parameters as written, with the star before those that have to be named."""
    starred = False
    for parameter in said.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        yield f"{parameter.name}: {parameter.annotation}{default}"


def _section(thing: Any) -> Iterator[str]:
    """A docstring as Markdown: its sections as lists, its examples as code."""
    text = (inspect.getdoc(thing) or "").replace("``", "`")
    prose, _, examples = text.partition(">>> ")
    yield from (_line(line) for line in prose.rstrip().splitlines())
    yield ""
    if examples:
        yield from ("```pycon", f">>> {examples.rstrip()}".replace("<BLANKLINE>", ""), "```", "")


def _line(line: str) -> str:
    if found := _TITLE.fullmatch(line):
        return f"{found[1]}:\n"
    argument = re.match(r" {4}(\w+): (.*)", line)
    return f"- `{argument[1]}`: {argument[2]}" if argument else re.sub("^ {8}|^ {4}", _indent, line)


def _indent(found: re.Match[str]) -> str:
    return "  " if len(found[0]) == 8 else ""


def _fields(thing: Any) -> Iterator[str]:
    if is_dataclass(thing):
        yield "| field | type |\n|---|---|"
        yield from (f"| `{field.name}` | {str(field.type).replace('|', 'or')} |" for field in fields(thing))
        yield ""


def _methods(name: str, thing: Any) -> Iterator[str]:
    for method, found in vars(thing).items() if inspect.isclass(thing) else ():
        if not method.startswith("_") and (inspect.isfunction(found) or isinstance(found, property | classmethod)):
            yield f"### {name}.{method}{'' if isinstance(found, property) else '()'}"
            yield from _section(getattr(thing, method) if isinstance(found, classmethod) else found)
