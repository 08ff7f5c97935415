"""From the tables of a run to what the report shows: a summary of all documents, and each document by itself.

Both go to the browser as lists in a fixed order of fields, which ``assets/store.js`` names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline import results
from pipeline.exchange.graph import node
from pipeline.marked import PLAIN
from pipeline.version import VERSION

Row = dict[str, Any]
_LONGEST, _LONGEST_PLAIN = 300, 80  # characters of what an edit took out, and of mere markup
_STATUS = ("applied", "dropped", "flagged")


@dataclass(slots=True)
class _Numbers:
    """Strings that are told by their number, in the order in which they came."""

    of: dict[str, int] = field(default_factory=dict)

    def __call__(self, text: str) -> int:
        return self.of.setdefault(text, len(self.of))


@dataclass(slots=True)
class _Collector:
    rules: _Numbers = field(default_factory=_Numbers)
    reasons: _Numbers = field(default_factory=_Numbers)
    relations: _Numbers = field(default_factory=_Numbers)
    nodes: dict[str, tuple[int, Row]] = field(default_factory=dict)
    edits: Counter[int] = field(default_factory=Counter)
    edges: dict[tuple[int, int, int, str], list[tuple[int, int]]] = field(default_factory=dict)
    listed: list[list[Any]] = field(default_factory=list)
    details: list[list[Any]] = field(default_factory=list)

    def document(self, row: Row, edits: list[Row], sentences: list[Row], mechanisms: list[Row]) -> None:
        """Take in a document with the rows that belong to it."""
        shown = [self._edit(edit) for edit in edits]
        starts = {sentence["sentence_id"]: sentence["start"] for sentence in sentences}
        told = [self._mechanism(one, starts[one["sentence_id"]], number) for number, one in enumerate(mechanisms)]
        verdicts = row["verdicts"]
        used = sorted({rule for edit in shown for rule in edit[0]})
        flagged = sum(edit["status"] == "flagged" for edit in edits)
        telling = sum(not set(edit["rule"].split("+")) <= PLAIN for edit in edits)
        self.listed.append([
            row["document_id"], row["title"], row["date"], row["language"], row["source"]["url"],
            int(verdicts["truncated"]), verdicts["spun"], int(verdicts["llm_wrapped"]), verdicts["duplicate_of"],
            verdicts["boilerplate_share"], verdicts["page_kind"], row["n_mechanisms"], telling, flagged, used,
            sorted({one[8] for one in told}), len(row["text"].split()),
        ])  # fmt: skip
        blocks = [[block["kind"], block["level"], block["start"], block["end"]] for block in row["blocks"]]
        self.details.append([row["text"], blocks, shown, told])

    def _edit(self, edit: Row) -> list[Any]:
        names = edit["rule"].split("+")
        plain = set(names) <= PLAIN
        rules = [self.rules(name) for name in names]
        self.edits.update(rules)
        after = edit["after"] if edit["status"] == "flagged" else ""
        return [
            rules, _STATUS.index(edit["status"]), self.reasons(edit["reason"]), edit["confidence"], edit["start"],
            edit["end"], _cut(edit["before"], _LONGEST_PLAIN if plain else _LONGEST), after, edit["source_start"],
            int(plain),
        ]  # fmt: skip

    def _mechanism(self, row: Row, start: int, number: int) -> list[Any]:
        relation = self.relations(row["relation"])
        ends = [self._node(row, end) for end in ("subject", "object")]
        if row["mechanistic"] and not row["negated"]:
            edge = (ends[0], ends[1], relation, row["net_polarity"])
            self.edges.setdefault(edge, []).append((len(self.listed), number))
        return [
            start, row["sentence_text"], row["subject_start"], row["subject_end"], row["object_start"],
            row["object_end"], row["trigger_start"], row["trigger_end"], relation, row["polarity"],
            int(row["negated"]), int(row["hedged"]), row["confidence"], row["subject_resolved"],
            row["object_resolved"], row["rule"], int(row["mechanistic"]), ends,
        ]  # fmt: skip

    def _node(self, row: Row, end: str) -> int:
        one = node(row, end)
        return self.nodes.setdefault(one["id"], (len(self.nodes), one))[0]


def collect(out: Path) -> tuple[Row, list[list[Any]]]:
    """The summary of a run, and its documents.

    Raises:
        UserError: the folder holds no tables.
    """
    found = _Collector()
    tables = {name: _by_document(out, name) for name in ("edits", "sentences", "mechanisms")}
    versions: set[tuple[str, str]] = set()
    for row in results.rows(out, "documents"):
        edits, sentences, mechanisms = (next(tables[name](row["document_id"])) for name in tables)
        found.document(row, edits, sentences, mechanisms)
        versions.add((row["rules_hash"], row["model"]))
    rejected = [[row["document_id"], row["stage"], row["reason"]] for row in results.rows(out, "rejected")]
    nodes = [[one["id"], one["label"], one["category"]] for _, one in found.nodes.values()]
    summary = {
        "version": VERSION,
        "rules_hash": sorted({rules for rules, _ in versions}),
        "model": sorted({model for _, model in versions if model}),
        "documents": found.listed,
        "rejected": rejected,
        "rules": list(found.rules.of),
        "plain": [found.rules.of[name] for name in sorted(PLAIN) if name in found.rules.of],
        "edits": [found.edits[number] for number in range(len(found.rules.of))],
        "reasons": list(found.reasons.of),
        "relations": list(found.relations.of),
        "nodes": nodes,
        "edges": [[*edge, places] for edge, places in found.edges.items()],
    }
    return summary, found.details


def _by_document(out: Path, table: str) -> Any:
    """A function that gives the rows of the next document; all tables have documents in the same order."""
    groups: Iterator[tuple[str, Iterator[Row]]] = groupby(results.rows(out, table), lambda row: str(row["document_id"]))
    held: list[tuple[str, list[Row]]] = []

    def rows(document_id: str) -> Iterator[list[Row]]:
        if not held:
            held.extend((name, list(group)) for name, group in [next(groups, ("", iter(())))])
        yield held.pop()[1] if held[0][0] == document_id else []

    return rows


def _cut(text: str, most: int) -> str | list[Any]:
    """A text; of a long one its ends, and how many characters are between them."""
    if len(text) <= most:
        return text
    return [text[: most // 2], len(text) - 2 * (most // 2), text[-(most // 2) :]]
