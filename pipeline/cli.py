"""The command line: arguments to calls, no logic."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import settings, stages
from pipeline.errors import RejectedError, UserError
from pipeline.readers.inputs import STDIN
from pipeline.running import engines
from pipeline.settings import Settings
from pipeline.show.terminal import visible
from pipeline.version import VERSION

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.running.work_files import Job

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Clean health and science articles and extract the sentences that say how something works.",
)  # fmt: skip
rules_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The rules, which are data.")
app.add_typer(rules_app, name="rules")
Stage = Enum("Stage", {name: name for name in stages.NAMES})  # type: ignore[misc]
EngineName = Enum("EngineName", {name: name for name in engines.NAMES})  # type: ignore[misc]

Config = Annotated[Path | None, typer.Option(help="Settings file; pipeline.toml is read if it is there.")]
Model = Annotated[str | None, typer.Option(help="spaCy model to parse with, by name or path.")]
Scope = Annotated[
    str | None, typer.Option(help="Which relations are mechanistic: those of the body, or any.", metavar="body|any")
]
Keep = Annotated[
    str | None, typer.Option(help="What stays besides the text: comments, which are kept apart.", metavar="comments")
]
OwnRules = Annotated[str | None, typer.Option(help="Folder of your own rules, which are added to the program's.")]
To = Annotated[Stage | None, typer.Option(help="Stop after this stage; write what is known by then.")]
Tables = Annotated[Path, typer.Option(help="Folder that a run wrote.")]


class StoppedError(Exception):
    """The run was stopped from the keyboard, or told to end."""


def main() -> None:
    """Run the command line with the exit codes 0, 1, 2 (usage) and 130 (interrupted)."""
    for name in ("SIGTERM", "SIGHUP"):  # an orderly end, as from the keyboard; Windows has but the first
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) != signal.SIG_IGN:  # which nohup asks for
            signal.signal(number, signal.default_int_handler)
    try:
        app()
    except UserError as error:
        print(visible(f"pipeline: {error}"), file=sys.stderr)
        sys.exit(2)
    except RejectedError as error:
        print(visible(f"pipeline: {error}"), file=sys.stderr)
        sys.exit(1)
    except StoppedError:
        print("pipeline: interrupted; what is done stays, the same command goes on from there.", file=sys.stderr)
        sys.exit(130)
    except MemoryError:
        print("pipeline: there is not enough memory to work with; grant more of it.", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output has gone, as head does
        sys.stderr.close()
        sys.exit(0)


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
    raw: Annotated[str, typer.Argument(help="Folder, file or address of inputs; - for one document from a pipe.")],
    out: Annotated[str | None, typer.Argument(help="Folder or address for the tables; made if missing.")] = None,
    to: To = None,
    engine: Annotated[EngineName | None, typer.Option(help="Where to work: in this process, or in several.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes of the local engine.")] = None,
    config: Config = None,
    model: Model = None,
    scope: Scope = None,
    keep: Keep = None,
    rules: OwnRules = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Also write the tables as Parquet.")] = False,
    csv_safe: Annotated[
        bool, typer.Option("--csv-safe", help="In CSV, put an apostrophe before what a spreadsheet would run.")
    ] = False,
    follow_links: Annotated[bool, typer.Option("--follow-links", help="Follow links that lead out of RAW.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write beside files of others, or over the tables of another RAW.")
    ] = False,
    allow_empty: Annotated[bool, typer.Option("--allow-empty", help="Empty the tables if RAW is empty.")] = False,
    retry_rejected: Annotated[bool, typer.Option("--retry-rejected", help="Try all that was rejected again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be done, and do nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if any document was rejected.")] = False,
    max_failed: Annotated[int | None, typer.Option(help="Exit with 1 if more documents were rejected.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List every rejected document.")] = False,
) -> None:
    """Turn a folder of articles into clean text and tables.

    For example:

      python -m pipeline run raw processed

      python -m pipeline run my-pages out --to normalize --engine local --workers 2

      python -m pipeline run - < page.html > page.json
    """
    from pipeline.running import publish
    from pipeline.running import run as runs
    from pipeline.running.guards import Consent

    switches = {"parquet": parquet, "csv_safe": csv_safe, "follow_links": follow_links}
    given = {name: True for name, on in switches.items() if on}
    chosen = _settings(config, workers=workers, model=model, scope=scope, keep=keep, rules=rules, **given)
    last = to.value if to else stages.NAMES[-1]
    if raw == STDIN:
        _run_one(out, chosen, last)
        return
    if out is None:
        raise UserError("give the folder for the tables, too: python -m pipeline run RAW OUT.")
    if dry_run:
        _show_plan(runs.plan(raw, runs.checked_folder(raw, out), chosen, last))
        return
    try:
        name = engine.value if engine else ""
        consent = Consent(force=force, allow_empty=allow_empty, retry_rejected=retry_rejected)
        summary = runs.run(raw, out, chosen, last, name, None if quiet else _with_progress, consent)
    except KeyboardInterrupt as error:
        raise StoppedError from error
    if summary.up_to_date and not quiet:
        print(f"{out} is up to date ({summary.kept_files} files).", file=sys.stderr)
    elif not quiet:
        from pipeline.show.summary import show

        show(summary, publish.folder_of(out), out, _console(), verbose=verbose)
    limit = 0 if strict and max_failed is None else max_failed
    if limit is not None and summary.rejected > limit:
        raise typer.Exit(1)


@app.command()
def inspect(
    document: Annotated[str, typer.Argument(help="A file, file#id inside a container, or - for a pipe.")],
    to: To = None,
    config: Config = None,
    model: Model = None,
    scope: Scope = None,
    keep: Keep = None,
    rules: OwnRules = None,
) -> None:
    """Show one document: source and clean text side by side, its edits, its mechanisms.

    For example:

      python -m pipeline inspect raw/ketamine-and-glutamate.html

      python -m pipeline inspect raw/answers.jsonl#cortisol
    """
    from rich.console import Console

    from pipeline.running import single
    from pipeline.show import inspection

    chosen = _settings(config, model=model, scope=scope, keep=keep, rules=rules)
    page = single.read_document(document, chosen.max_bytes)
    state = single.processed(page, stages.tools(chosen), to.value if to else stages.NAMES[-1])
    inspection.show(state, Console())


@app.command()
def explain(
    name: Annotated[str, typer.Argument(help="A rule's id, an edit_id or a mechanism_id.", metavar="RULE|EDIT")],
    tables: Tables = Path("processed"),
    config: Config = None,
    rules: OwnRules = None,
) -> None:
    """Say why an edit was made, or what a rule does.

    For example:

      python -m pipeline explain space_after_comma

      python -m pipeline explain ketamine-and-glutamate.html:e0007
    """
    from pipeline.show.explain import explained

    print(visible(explained(name, tables, _settings(config, rules=rules))))


@app.command()
def undo(
    document: Annotated[str, typer.Argument(help="A document_id of documents.jsonl.")],
    tables: Tables = Path("processed"),
) -> None:
    """Print the input of a document, rebuilt from its clean text and its log.

    For example:

      python -m pipeline undo ketamine-and-glutamate.html
    """
    from pipeline.export.read_back import source_of

    sys.stdout.buffer.write(source_of(tables, document).encode("utf-8"))


@app.command()
def report(
    tables: Annotated[Path, typer.Argument(help="Folder that a run wrote.")] = Path("processed"),
) -> None:
    """Write one HTML page to look at all documents, edits and mechanisms of a run.

    For example:

      python -m pipeline report processed
    """
    from pipeline.report import write

    print(write(tables))


@rules_app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of your own rules; without one, the program's.")] = None,
) -> None:
    """Check every rule file, and every rule on its examples and counter-examples.

    For example:

      python -m pipeline rules check
    """
    from pipeline.rules.load import ids, load_rules
    from pipeline.show import rule_check

    known = load_rules(folder)
    own = ids(folder) if folder else frozenset()
    checked = [rule for rule in rule_check.every(known) if not folder or rule.id in own]
    wrong = list(rule_check.complaints(checked, stages.Tools(Settings(), known)))
    for rule, complaint in wrong:
        print(visible(f"{rule}: {complaint}"))
    print(f"{len(checked)} rules, {len(wrong)} complaints", file=sys.stderr)
    if wrong:
        raise typer.Exit(1)


@app.command(name="model")
def show_model() -> None:
    """Print the path of the shipped spaCy pipeline, for spacy.load in any project."""
    from pipeline.mechanisms.language import SHIPPED

    print(SHIPPED)


def _settings(config: Path | None, **flags: object) -> Settings:
    if config is None and Path("pipeline.toml").is_file():
        config = Path("pipeline.toml")
    return settings.load(config, flags)


def _run_one(out: str | None, chosen: Settings, last: str) -> None:
    """One document from standard input, as one JSON record on standard output."""
    from pipeline.export.rows import document_of
    from pipeline.running import single

    if out not in (None, STDIN):
        raise UserError("with - for the input the result goes to standard output; leave out the folder.")
    tools = stages.tools(chosen)
    state = single.processed(single.read_document(STDIN, chosen.max_bytes), tools, last)
    print(json.dumps(document_of(state, tools.rules.hash).to_dict(), ensure_ascii=False))


def _console() -> Console:
    """For messages. It costs a tenth of a second to load, which an up-to-date run does without."""
    from rich.console import Console

    return Console(stderr=True)


def _show_plan(planned: list[tuple[str, str]]) -> None:
    from pipeline.show.summary import plan

    plan(planned, _console())


def _with_progress(work: engines.Engine) -> engines.Engine:
    """The same work with a bar, on a terminal only."""

    def tracked(jobs: list[Job]) -> Iterator[Job]:
        from rich.progress import Progress

        console = _console()
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("files", total=len(jobs))
            done: Iterable[Job] = work(jobs)
            for job in done:
                progress.advance(task)
                yield job

    return tracked
