"""The lines at the end of a run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console

from pipeline.export import read_back
from pipeline.running.run import Summary
from pipeline.show.terminal import visible

_PLAIN = frozenset(("whitespace", "markup"))  # every page has them; they are counted apart
_MOST = 8


def show(summary: Summary, folder: Path, out: str, console: Console, *, verbose: bool) -> None:
    """Print what was done, what was found and where to look; ``folder`` is where the tables for ``out`` were made."""
    out = out.rstrip("/")
    lines = [
        f"{summary.documents} documents, {summary.rejected} rejected "
        f"({summary.processed_files} files processed, {summary.kept_files} unchanged)",
        f"{summary.sentences} mechanism sentences, {summary.mechanisms} mechanisms",
        f"edits: {_rules(summary)}",
        f"flagged, not edited: {summary.flagged}",
        f"look at {out}/mechanisms.csv, {out}/documents.jsonl, {out}/edits.jsonl",
    ]
    if summary.rejected:
        lines.append(f"reasons for the rejected: {out}/rejected.jsonl")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if verbose:
        for row in read_back.rows(folder, "rejected"):
            console.print(visible(row["reason"]), markup=False, highlight=False, soft_wrap=True)


def plan(planned: list[tuple[str, str]], console: Console) -> None:
    """Print what a run would do: the files on standard output, their number as a message."""
    for name, state in planned:
        if state != "unchanged":
            print(visible(f"{state}\t{name}").encode("utf-8", "replace").decode())
    counts = Counter(state for _, state in planned)
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "no input files"
    console.print(f"{told}; nothing was done", markup=False, highlight=False, soft_wrap=True)


def _rules(summary: Summary) -> str:
    counts = summary.edits_by_rule
    telling = [(rule, n) for rule, n in counts.most_common() if rule not in _PLAIN]
    shown = [f"{rule} {n}" for rule, n in telling[:_MOST]]
    rest = sum(n for _, n in telling[_MOST:])
    plain = sum(counts[rule] for rule in _PLAIN)
    return ", ".join([*shown, *([f"others {rest}"] if rest else []), f"markup and white space {plain}"])
