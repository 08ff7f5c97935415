"""``python -m tests.documents``, which is ``make docs``: write what the documents take from the program.

Whole files (schema, commands), and in the pages of the stages what stands between ``<!-- order -->`` and
``<!-- end -->``. tests/test_docs.py fails where a file is not what this module would write.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, get_args, get_origin

from typer.main import get_command
from typer.testing import CliRunner

from pipeline import cli, normalize, repair
from pipeline.content import STEPS
from pipeline.content.boilerplate import drop_boilerplate
from pipeline.content.main_text import keep_main_text
from pipeline.content.repeats import drop_repeats
from pipeline.export.names import FILES
from pipeline.export.schema import TYPES, Column, columns
from pipeline.export.tables import TABLES
from pipeline.readers import READERS
from pipeline.readers.packing import SUFFIXES
from pipeline.repair.transport import LAYERS
from pipeline.rules.load import load_rules
from tests import api
from tests.conftest import ROOT

DOCS = ROOT / "docs"
_MARKS = re.compile(r"(<!-- order -->\n).*?(<!-- end -->)", re.S)


def generated() -> dict[Path, str]:
    """Every file that is written here, with its text."""
    files = {DOCS / "schema.md": _schema(), DOCS / "commands.md": _commands(), DOCS / "api.md": api.page()}
    for name, lines in _orders().items():
        path = DOCS / f"{name}.md"
        files[path] = _MARKS.sub(lambda found, lines=lines: found[1] + lines + found[2], path.read_text("utf-8"))  # type: ignore[misc]
    return files


def _schema() -> str:
    lines = [
        "# Columns of the tables",
        "",
        "Text offsets count Unicode code points of a document's clean `text`, from 0, end not included; source",
        "offsets those of the decoded input (inside a container, of the record's own text). Every column is in every",
        "row; what is not known is an empty text, an empty list, 0 or false. CSV has the flat columns; those of a",
        "nested record stand there with its name in front (`source_path`, `verdicts_spun`), lists are left out.",
        "`documents.schema.json` in the output is the JSON Schema of `documents.jsonl`. Made by `make docs` from",
        "`pipeline/export/row_types.py`.",
        "",
    ]
    for table, row in TABLES.items():
        files = ", ".join(f"`{name}`" for name, of in FILES if of == table)
        lines += [
            f"## {table}",
            f"{inspect.getdoc(row)} Files: {files}.",
            "",
            "| column | type | what it holds |",
            "|---|---|---|",
        ]
        lines += [line for column in columns(row) for line in _column(column, "")]
        lines.append("")
    return "\n".join(lines)


def _column(column: Column, above: str) -> Iterable[str]:
    kind = TYPES.get(column.type) or _nested(column.type)
    bounds = ", ".join(f"{name} {_bound(value)}" for name, value in column.constraints.items() if value is not True)
    yield f"| `{above}{column.name}` | {kind} | {column.description}{f' ({bounds})' if bounds else ''} |"
    inner = getattr(column.type, "__args__", [column.type])[0]
    if isinstance(inner, type) and inner not in TYPES:
        for one in columns(inner):
            yield from _column(one, f"{above}{column.name}.")


def _nested(annotation: Any) -> str:
    """What lists and records are called."""
    if get_origin(annotation) is not list:
        return "record"
    inner = get_args(annotation)[0]
    return f"list of {TYPES.get(inner, 'list') if inner in TYPES or get_origin(inner) else 'record'}s"


def _bound(value: Any) -> str:
    return ", ".join(f"`{one}`" for one in value) if isinstance(value, list) else str(value)


def _commands() -> str:
    lines = ["# Commands", "", "What `--help` says. Made by `make docs`.", ""]
    calls: list[tuple[str, ...]] = [()]
    for name, command in get_command(cli.app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {})
        calls += [(name, *sub) for sub in ((one,) for one in inner)] or [(name,)]
    for call in calls:
        done = CliRunner().invoke(cli.app, [*call, "--help"], prog_name="python -m pipeline", terminal_width=100)
        said = "\n".join(line.rstrip() for line in done.output.strip().splitlines())
        lines += [f"## {' '.join(call) or 'pipeline'}", "```", said, "```", ""]
    return "\n".join(lines)


def _orders() -> dict[str, str]:
    """By page, the functions of a stage in their order, each with what it does."""
    fixes = {rule.id: rule.what for rule in load_rules().fixes}

    def listed(functions: Iterable[Callable[..., Any]]) -> str:
        return "".join(f"1. `{one.__name__}`: {fixes.get(one.__name__) or _first(one)}\n" for one in functions)

    readers = "".join(
        f"- {' '.join(f'`{suffix}`' for suffix in kind.suffixes)}: read as {kind.media_type}\n" for kind in READERS
    )
    packed = f"Each may also end in {' or '.join(f'`{suffix}`' for suffix in SUFFIXES)}.\n"
    return {
        "inputs": readers + packed,
        "repair": listed((*LAYERS, *repair.FIXES)),
        "content": listed((keep_main_text, *STEPS, drop_boilerplate, drop_repeats)),
        "normalize": listed((*normalize.CHARACTERS, *normalize.WORDS)),
    }


def _first(function: Callable[..., Any]) -> str:
    """The first sentence of a docstring, in small letters."""
    said = " ".join((inspect.getdoc(function) or "").split()).partition(". ")[0].rstrip(".").replace("``", "`")
    return said[:1].lower() + said[1:]


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text, "utf-8")
