"""The mechanisms of a run as one signed multigraph: node-link JSON, and GraphML for graph programs.

A node is a concept, or a phrase that no vocabulary knows; an edge is one relation, with the sentence that says it.
Rows come one by one, so that a run of any size can be written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Row = dict[str, Any]

_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_NODE = ("label", "curie", "category")
_EDGE = (
    "relation", "predicate_curie", "polarity", "net_polarity", "negated", "hedged", "confidence", "document_id",
    "chain_id", "chain_order", "trigger_text",
)  # fmt: skip
_NOT_XML = "\ufffe\uffff"  # besides control characters and surrogates (XML 1.0, 2.2)
_KINDS = {str: "string", bool: "boolean", float: "double", int: "int"}


def edges(rows: Iterable[Row]) -> Iterator[Row]:
    """One edge per mechanistic relation: source, target, key and what is known of it."""
    for row in rows:
        if row["mechanistic"]:
            ends = {"source": node(row, "subject")["id"], "target": node(row, "object")["id"]}
            said = {name: row[name] for name in _EDGE}
            yield {**ends, "key": row["mechanism_id"], **said, "sentence_ids": [row["sentence_id"]]}


def node(row: Row, end: str) -> Row:
    """The node at one end of a relation; a pronoun is what it stands for."""
    curie, phrase = row[f"{end}_curie"], row[f"{end}_resolved"] or row[f"{end}_core"]
    identifier = curie or "text:" + " ".join(phrase.lower().split())
    return {
        "id": identifier, "label": row[f"{end}_label"] or phrase, "curie": curie, "category": row[f"{end}_category"],
    }  # fmt: skip


def nodes(rows: Iterable[Row]) -> dict[str, Row]:
    """All nodes by id, as first named."""
    found: dict[str, Row] = {}
    for row in rows:
        for end in ("subject", "object") if row["mechanistic"] else ():
            one = node(row, end)
            found.setdefault(one["id"], one)
    return dict(sorted(found.items()))


def write_node_link(path: Path, named: Mapping[str, Row], rows: Iterable[Row]) -> None:
    """Write ``{"directed", "multigraph", "graph", "nodes", "edges"}``, which networkx and d3 read."""
    with path.open("w", encoding="utf-8") as out:
        out.write('{"directed": true, "multigraph": true, "graph": {"name": "mechanisms"},\n"nodes": [')
        _write_list(out, named.values())
        out.write('],\n"edges": [')
        _write_list(out, edges(rows))
        out.write("]}\n")


def _write_list(out: Any, items: Iterable[Row]) -> None:
    for number, item in enumerate(items):
        out.write((",\n" if number else "\n") + json.dumps(item, ensure_ascii=False))


def write_graphml(path: Path, named: Mapping[str, Row], rows: Iterable[Row]) -> None:
    """Write GraphML 1.0; the sentence ids of an edge stand in one string."""
    with path.open("w", encoding="utf-8") as out:
        out.write(f'<?xml version="1.0" encoding="utf-8"?>\n<graphml xmlns="{_GRAPHML}">\n')
        for scope, names in (("node", _NODE), ("edge", (*_EDGE, "sentence_ids"))):
            for name in names:
                kind = _KINDS[{"negated": bool, "hedged": bool, "confidence": float, "chain_order": int}.get(name, str)]
                out.write(f'<key id="{scope}_{name}" for="{scope}" attr.name="{name}" attr.type="{kind}"/>\n')
        out.write('<graph id="mechanisms" edgedefault="directed">\n')
        for one in named.values():
            out.write(_element("node", {"id": one["id"]}, one, _NODE))
        for edge in edges(rows):
            place = {"id": edge["key"], "source": edge["source"], "target": edge["target"]}
            edge["sentence_ids"] = " ".join(edge["sentence_ids"])
            out.write(_element("edge", place, edge, (*_EDGE, "sentence_ids")))
        out.write("</graph>\n</graphml>\n")


def _element(tag: str, attributes: Row, values: Row, names: Iterable[str]) -> str:
    given = "".join(f" {name}={quoteattr(_plain(value))}" for name, value in attributes.items())
    data = "".join(f'<data key="{tag}_{name}">{escape(_plain(values[name]))}</data>' for name in names)
    return f"<{tag}{given}>{data}</{tag}>\n"


def _plain(value: Any) -> str:
    """A value as XML text: characters that XML cannot hold become spaces."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if text.isprintable():
        return text
    return "".join(one if (one >= " " and one not in _NOT_XML) or one in "\t\n" else " " for one in text)
