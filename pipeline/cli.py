"""The command line: arguments to calls, no logic."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from pipeline import engines, settings, stages
from pipeline.errors import UserError
from pipeline.inputs import is_address
from pipeline.run import Job
from pipeline.version import VERSION

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Clean health and science articles and extract the sentences that say how something works.",
)  # fmt: skip
Stage = Enum("Stage", {name: name for name in stages.NAMES})  # type: ignore[misc]
EngineName = Enum("EngineName", {name: name for name in engines.NAMES})  # type: ignore[misc]


class StoppedError(Exception):
    """The run was stopped from the keyboard."""


def main() -> None:
    """Run the command line with the exit codes 0, 1, 2 (usage) and 130 (interrupted)."""
    try:
        app()
    except UserError as error:
        print(f"pipeline: {error}", file=sys.stderr)
        sys.exit(2)
    except StoppedError:
        print("pipeline: interrupted; what is done stays, the same command goes on from there.", file=sys.stderr)
        sys.exit(130)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(VERSION)
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def run(
    raw: Annotated[str, typer.Argument(help="Folder, file or address of inputs; nothing is written there.")],
    out: Annotated[Path, typer.Argument(help="Folder for the tables; made if missing.")],
    to: Annotated[Stage | None, typer.Option(help="Stop after this stage; write what is known by then.")] = None,
    engine: Annotated[EngineName | None, typer.Option(help="Where to work: in this process, or in several.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes of the local engine.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings file; pipeline.toml is read if it is there.")] = None,
    model: Annotated[str | None, typer.Option(help="spaCy model to parse with, by name or path.")] = None,
    scope: Annotated[
        str | None, typer.Option(help="Which relations are mechanistic: those of the body, or any.", metavar="body|any")
    ] = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Also write the tables as Parquet.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if any document was rejected.")] = False,
    max_failed: Annotated[int | None, typer.Option(help="Exit with 1 if more documents were rejected.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List every rejected document.")] = False,
) -> None:
    """Turn a folder of articles into clean text and tables.

    Examples:
      python -m pipeline run raw processed

      python -m pipeline run my-pages out --to normalize --engine local --workers 2
    """
    from pipeline import run as runs
    from pipeline.summary import show

    if not is_address(raw) and Path(raw).resolve().is_relative_to(out.resolve()):
        raise UserError(f"the outputs would be written over the inputs in {raw!r}; give another folder for them.")
    if config is None and Path("pipeline.toml").is_file():
        config = Path("pipeline.toml")
    chosen = settings.load(config, {"workers": workers, "model": model, "scope": scope, "parquet": parquet or None})
    name = engine.value if engine else ("local" if chosen.workers > 1 else "serial")
    work = engines.engine(name, chosen.workers)
    console = Console(stderr=True)
    last = to.value if to else stages.NAMES[-1]
    try:
        summary = runs.run(raw, out, chosen, last, work if quiet else _with_progress(work, console))
    except KeyboardInterrupt as error:
        raise StoppedError from error
    except OSError as error:
        raise UserError(f"{error.filename or out}: {(error.strerror or str(error)).lower()}.") from error
    if not quiet:
        show(summary, out, console, verbose=verbose)
    limit = 0 if strict and max_failed is None else max_failed
    if limit is not None and summary.rejected > limit:
        raise typer.Exit(1)


@app.command(name="model")
def show_model() -> None:
    """Print the path of the shipped spaCy pipeline, for spacy.load in any project."""
    from pipeline.mechanisms.language import SHIPPED

    print(SHIPPED)


def _with_progress(work: engines.Engine, console: Console) -> engines.Engine:
    """The same work with a bar, on a terminal only."""

    def tracked(jobs: list[Job]) -> Iterator[Job]:
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("files", total=len(jobs))
            done: Iterable[Job] = work(jobs)
            for job in done:
                progress.advance(task)
                yield job

    return tracked
