"""The data of the report, from the tables of a run: a summary of all documents, and the details of each.

Both go to the browser as positional lists, whose fields ``assets/store.js`` names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from pipeline.export import read_back
from pipeline.export.graph import node
from pipeline.show.marked import PLAIN
from pipeline.version import VERSION

Row = dict[str, Any]
_LONGEST, _LONGEST_DROPPED, _LONGEST_PLAIN = 300, 36, 16  # characters shown of removed text; of blocks; of markup
_STATUS = ("applied", "dropped", "flagged")
# Keep the page below 25 MB: characters of all texts together, and how many an edit counts as.
_BUDGET, _OF_AN_EDIT = 34_000_000, 35


@dataclass(slots=True)
class _Interner:
    """Interned strings, numbered in the order of their first use."""

    of: dict[str, int] = field(default_factory=dict)

    def __call__(self, text: str) -> int:
        return self.of.setdefault(text, len(self.of))


@dataclass(slots=True)
class _Collector:
    rules: _Interner = field(default_factory=_Interner)
    kinds: dict[tuple[str, str, str, float], int] = field(default_factory=dict)
    relations: _Interner = field(default_factory=_Interner)
    nodes: dict[str, tuple[int, Row]] = field(default_factory=dict)
    edits: Counter[int] = field(default_factory=Counter)
    edges: dict[tuple[int, int, int, str], list[tuple[int, int]]] = field(default_factory=dict)
    listed: list[list[Any]] = field(default_factory=list)
    details: list[list[Any]] = field(default_factory=list)

    def document(self, row: Row, edits: list[Row], sentences: list[Row], mechanisms: list[Row], most: int) -> None:
        """Take in a document with the rows that belong to it; ``most`` bounds the characters that are shown of it."""
        places = {sentence["sentence_id"]: (sentence["start"], sentence["end"]) for sentence in sentences}
        told = [self._mechanism(one, *places[one["sentence_id"]], number) for number, one in enumerate(mechanisms)]
        verdicts = row["verdicts"]
        names = [edit["rule"].split("+") for edit in edits]
        for rules in names:
            self.edits.update(map(self.rules, rules))
        used = sorted({self.rules(rule) for rules in names for rule in rules})
        flagged = sum(edit["status"] == "flagged" for edit in edits)
        telling = sum(not set(rules) <= PLAIN for rules in names)
        self.listed.append([
            row["document_id"], row["title"], row["date"], row["language"], row["source"]["url"],
            int(verdicts["truncated"]), verdicts["spun"], int(verdicts["llm_wrapped"]), verdicts["duplicate_of"],
            verdicts["boilerplate_share"], verdicts["page_kind"], row["n_mechanisms"], telling, flagged, used,
            sorted({one[7] for one in told}), len(row["text"].split()),
        ])  # fmt: skip
        self.details.append(self._shown(row, edits, told, most))

    def _shown(self, row: Row, edits: list[Row], told: list[list[Any]], most: int) -> list[Any]:
        """Text, blocks, edits and mechanisms of a document, up to the last block that fits, and what is left out."""
        blocks = [[block["kind"], block["level"], block["start"], block["end"]] for block in row["blocks"]]
        kept = [block for block in blocks if block[3] <= most] or blocks[:1]
        end = len(row["text"]) if len(kept) == len(blocks) else kept[-1][3]
        edits = [edit for edit in edits if edit["start"] <= end]
        told = [one if one[1] <= end else [*one[:17], row["text"][one[0] : one[1]]] for one in told]
        return [
            row["text"][:end],
            kept,
            self._columns(edits[: max(most // _OF_AN_EDIT, 100)]),
            told,
            len(row["text"]) - end,
        ]

    def _columns(self, edits: list[Row]) -> list[list[Any]]:
        """Edits by column: kind, start as a delta, length, source start as a delta, text before, suggestion."""
        starts = [0, *(edit["start"] for edit in edits)]
        sources = [0, *(edit["source_start"] for edit in edits)]
        return [
            [self._kind(edit) for edit in edits],
            [after - before for before, after in pairwise(starts)],
            [edit["end"] - edit["start"] for edit in edits],
            [after - before for before, after in pairwise(sources)],
            [_cut(edit["before"], _most(edit)) for edit in edits],
            [edit["after"] for edit in edits if edit["status"] == "flagged"],
        ]

    def _kind(self, edit: Row) -> int:
        """The number of an edit's rules, status, reason and confidence."""
        kind = (edit["rule"], edit["status"], edit["reason"], edit["confidence"])
        return self.kinds.setdefault(kind, len(self.kinds))

    def _mechanism(self, row: Row, start: int, end: int, number: int) -> list[Any]:
        relation = self.relations(row["relation"])
        ends = [self._node(row, end) for end in ("subject", "object")]
        if row["mechanistic"] and not row["negated"]:
            edge = (ends[0], ends[1], relation, row["net_polarity"])
            self.edges.setdefault(edge, []).append((len(self.listed), number))
        return [
            start, end, row["subject_start"], row["subject_end"], row["object_start"], row["object_end"],
            [row["trigger_start"], row["trigger_end"]], relation, row["polarity"], int(row["negated"]),
            int(row["hedged"]), row["confidence"], row["subject_resolved"], row["object_resolved"], row["rule"],
            int(row["mechanistic"]), ends,
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
    tables = [_ByDocument(read_back.rows(out, name)) for name in ("edits", "sentences", "mechanisms")]
    versions: set[tuple[str, str]] = set()
    most = _most_of_each([len(row["text"]) + _OF_AN_EDIT * row["n_edits"] for row in read_back.rows(out, "documents")])
    for row in read_back.rows(out, "documents"):
        edits, sentences, mechanisms = (table.take(row["document_id"]) for table in tables)
        found.document(row, edits, sentences, mechanisms, most)
        versions.add((row["rules_hash"], row["model"]))
    rejected = [[row["document_id"], row["stage"], row["reason"]] for row in read_back.rows(out, "rejected")]
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
        "kinds": [
            [[found.rules(name) for name in rule.split("+")], _STATUS.index(status), reason, confidence]
            for rule, status, reason, confidence in found.kinds
        ],
        "relations": list(found.relations.of),
        "nodes": nodes,
        "edges": [[*edge, places] for edge, places in found.edges.items()],
    }
    return summary, found.details


class _ByDocument:
    """The rows of a table, document by document; all tables have documents in the same order."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._groups = groupby(rows, lambda row: str(row["document_id"]))
        self._waiting = next(self._groups, None)

    def take(self, document_id: str) -> list[Row]:
        """The rows of the next document, if they are of this one."""
        if self._waiting is None or self._waiting[0] != document_id:
            return []
        taken = list(self._waiting[1])
        self._waiting = next(self._groups, None)
        return taken


def _most_of_each(sizes: list[int]) -> int:
    """How many characters of each document can be shown, so that all of them stay within the budget."""
    left, waiting = _BUDGET, len(sizes)
    for size in sorted(sizes):
        if size * waiting > left:
            return left // waiting
        left, waiting = left - size, waiting - 1
    return _BUDGET


def _most(edit: Row) -> int:
    """How many characters are shown of what an edit took out."""
    rules = set(edit["rule"].split("+"))
    if rules <= PLAIN:
        return _LONGEST_PLAIN
    return _LONGEST_DROPPED if edit["status"] == "dropped" and "markup" in rules else _LONGEST


def _cut(text: str, most: int) -> str | list[Any]:
    """A text; of a long one its ends, and how many characters are between them."""
    if len(text) <= most:
        return text
    return [text[: most // 2], len(text) - 2 * (most // 2), text[-(most // 2) :]]
