"""Documents to rows, rows to files, and the data package that describes them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

import pandas as pd

from pipeline import records
from pipeline.exchange import graph, indra
from pipeline.exchange.biolink import qualified
from pipeline.records import (
    Argument,
    Article,
    BlockRow,
    DocumentRow,
    EditRow,
    Findings,
    MechanismRow,
    Metadata,
    Page,
    RejectedRow,
    Relation,
    SentenceRow,
    Verdicts,
)  # fmt: skip
from pipeline.run import PACKAGE
from pipeline.stages import State, text_of
from pipeline.version import VERSION

TABLES: dict[str, type[Any]] = {
    "documents": DocumentRow, "sentences": SentenceRow, "mechanisms": MechanismRow, "edits": EditRow,
    "rejected": RejectedRow,
}  # fmt: skip
FILES = (
    # (file, table); JSON Lines hold every column, CSV the flat ones
    ("documents.jsonl", "documents"),
    ("documents.csv", "documents"),
    ("sentences.csv", "sentences"),
    ("mechanisms.jsonl", "mechanisms"),
    ("mechanisms.csv", "mechanisms"),
    ("edits.jsonl", "edits"),
    ("rejected.jsonl", "rejected"),
)
_FOREIGN_KEYS = {
    "sentences.csv": (("document_id", "documents-csv", "document_id"),),
    "mechanisms.csv": (
        ("document_id", "documents-csv", "document_id"),
        ("sentence_id", "sentences-csv", "sentence_id"),
    ),
    "mechanisms.jsonl": (
        ("document_id", "documents-csv", "document_id"),
        ("sentence_id", "sentences-csv", "sentence_id"),
    ),
    "edits.jsonl": (("document_id", "documents-csv", "document_id"),),
}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _View:
    """What every state of a document can say, with what is not known yet left empty."""

    page: Page
    article: Article | None = None
    blocks: tuple[records.Block, ...] = ()
    metadata: Metadata = dataclasses.field(default_factory=Metadata)
    spun: float = 0.0
    spun_family: str = ""
    findings: Findings | None = None


def rows(state: State, rules_hash: str) -> Iterator[tuple[str, Row]]:
    """Yield (table, row) for everything a document gives."""
    view = _view(state)
    text = text_of(state)
    document_id = view.page.raw.document_id
    edits = [EditRow(document_id, **asdict(edit)) for edit in text.edits()]
    found = view.findings
    relations = found.relations if found else ()
    yield (
        "documents",
        asdict(
            DocumentRow(
                document_id=document_id,
                source=view.page.raw.source,
                title=view.metadata.title,
                date=view.metadata.date,
                date_text=view.metadata.date_text,
                language=view.metadata.language,
                description=view.metadata.description,
                author=view.metadata.author,
                site=view.metadata.site,
                canonical_url=view.metadata.canonical_url,
                text=text.text,
                blocks=[BlockRow(b.kind, b.level, text.text[b.start : b.end], b.start, b.end) for b in view.blocks],
                verdicts=_verdicts(view),
                n_sentences=len(found.sentences) if found else 0,
                n_mechanisms=sum(relation.mechanistic for relation in relations),
                n_edits=len(edits),
                pipeline_version=VERSION,
                rules_hash=rules_hash,
                model=found.model if found else "",
            )
        ),
    )
    for edit in edits:
        yield "edits", asdict(edit)
    if found:
        yield from _sentences(found, document_id, text.text)
        yield from _mechanisms(found, document_id, text.text)


def _view(state: State) -> _View:
    if isinstance(state, Page):
        return _View(state)
    if isinstance(state, Article):
        return _View(state.page, state, state.blocks, state.metadata)
    clean = state.clean if isinstance(state, Findings) else state
    article = clean.article
    return _View(
        article.page, article, clean.blocks, clean.metadata, clean.spun, clean.spun_family,
        state if isinstance(state, Findings) else None,
    )  # fmt: skip


def _verdicts(view: _View) -> Verdicts:
    return Verdicts(
        truncated=bool(view.article and view.article.truncated),
        spun=view.spun,
        spun_family=view.spun_family,
        llm_wrapped=view.page.llm_wrapped,
        duplicate_of="",
        boilerplate_share=view.article.boilerplate_share if view.article else 0.0,
        page_kind=view.article.page_kind if view.article else "",
    )


def _sentences(found: Findings, document_id: str, text: str) -> Iterator[tuple[str, Row]]:
    for number, s in enumerate(found.sentences):
        row = SentenceRow(
            _sentence_id(document_id, number), document_id, s.block, s.section, s.start, s.end, text[s.start : s.end],
            s.is_mechanism, s.mechanism_score, found.model,
        )  # fmt: skip
        yield "sentences", asdict(row)


def _mechanisms(found: Findings, document_id: str, text: str) -> Iterator[tuple[str, Row]]:
    for number, relation in enumerate(found.relations):
        sentence = found.sentences[relation.sentence]
        row = MechanismRow(
            mechanism_id=f"{document_id}:m{number:04d}",
            sentence_id=_sentence_id(document_id, relation.sentence),
            document_id=document_id,
            **_argument("subject", relation.subject),
            relation=relation.relation,
            **_argument("object", relation.object),
            **asdict(qualified(relation)),
            **_statement(relation),
            sentence_text=text[sentence.start : sentence.end],
            model=found.model,
        )
        yield "mechanisms", asdict(row)


def _argument(end: str, argument: Argument) -> Row:
    return {f"{end}_{name}": value for name, value in asdict(argument).items() if name != "sign"}


def _statement(relation: Relation) -> Row:
    """The columns that a relation and its row share by name."""
    shared = {field.name for field in fields(MechanismRow)} & {field.name for field in fields(Relation)}
    plain = {name: getattr(relation, name) for name in shared - {"relation", "subject", "object"}}
    return plain | {"negated": bool(relation.negation_cue), "hedged": bool(relation.hedge_cue)}


def _sentence_id(document_id: str, number: int) -> str:
    return f"{document_id}:s{number:04d}"


class Writer:
    """Writes the tables of a run side by side; ``close`` puts them in place, the data package last."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.out = out
        # The package stands for a complete run, so an old one goes first.
        (out / PACKAGE).unlink(missing_ok=True)
        self._counts = dict.fromkeys(TABLES, 0)
        self._files = {name: (out / f"{name}.tmp").open("w", encoding="utf-8", newline="") for name, _ in FILES}
        for name, table in FILES:
            if name.endswith(".csv"):
                pd.DataFrame(columns=flat_columns(TABLES[table])).to_csv(self._files[name], index=False)

    def write(self, batch: Iterable[tuple[str, Row]]) -> None:
        """Append rows, in the order given."""
        by_table: dict[str, list[Row]] = {table: [] for table in TABLES}
        for table, row in batch:
            by_table[table].append(row)
        for name, table in FILES:
            if by_table[table]:
                _append(self._files[name], by_table[table], TABLES[table], name.endswith(".csv"))
        for table, added in by_table.items():
            self._counts[table] += len(added)

    def close(self) -> dict[str, int]:
        """Publish the files and return the number of rows per table."""
        for name, file in self._files.items():
            file.close()
            (self.out / f"{name}.tmp").replace(self.out / name)
        described = [_resource(self.out / name, table, self._counts[table]) for name, table in FILES]
        described += [_described(path) for path in self._exchange()]
        package = {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": "mechanisms",
            "version": VERSION,
            "resources": [resource for resource in described if resource],
        }
        temporary = self.out / f"{PACKAGE}.tmp"
        temporary.write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", "utf-8")
        temporary.replace(self.out / PACKAGE)
        return self._counts

    def _exchange(self) -> Iterator[Path]:
        """Write the mechanisms for other programs, from the finished tables."""

        def mechanisms() -> Iterator[Row]:
            return _lines(self.out / "mechanisms.jsonl")

        urls = {row["document_id"]: row["source"]["url"] for row in _lines(self.out / "documents.jsonl")}
        writers: dict[str, Callable[[Path], None]] = {
            "graph.json": lambda path: graph.write_node_link(path, mechanisms),
            "graph.graphml": lambda path: graph.write_graphml(path, mechanisms),
            "indra.json": lambda path: indra.write(path, mechanisms(), lambda document: str(urls.get(document, ""))),
        }
        for name, write in writers.items():
            write(self.out / f"{name}.tmp")
            (self.out / f"{name}.tmp").replace(self.out / name)
            yield self.out / name


def _lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def flat_columns(row: type[Any]) -> list[str]:
    """CSV columns of a row class; the columns of nested records stand in their place."""
    hints = get_type_hints(row)
    columns: list[str] = []
    for field in fields(row):
        nested = hints[field.name]
        if records.is_flat(nested):
            columns.append(field.name)
        elif hasattr(nested, "__dataclass_fields__"):
            columns += [f"{field.name}_{inner.name}" for inner in fields(nested)]
    return columns


def _append(file: Any, batch: list[Row], row: type[Any], csv: bool) -> None:
    if csv:
        flat = (_flat(item) for item in batch)
        pd.DataFrame(flat, columns=flat_columns(row)).to_csv(file, index=False, header=False)
    else:
        file.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in batch)


def _flat(row: Row) -> Row:
    nested = {
        f"{key}_{name}": value for key, inner in row.items() if isinstance(inner, dict) for name, value in inner.items()
    }
    return {key: value for key, value in row.items() if not isinstance(value, dict | list)} | nested


def _resource(path: Path, table: str, count: int) -> Row:
    """A resource of the package; an empty table is written but has nothing to describe it by."""
    if not count:
        return {}
    csv = path.suffix == ".csv"
    schema = records.table_schema(TABLES[table])
    key = schema["fields"][0]["name"]
    if csv:
        schema = {"fields": _flat_fields(TABLES[table])}
    if table in ("documents", "sentences", "mechanisms"):
        schema["primaryKey"] = [key]
    schema["foreignKeys"] = [
        {"fields": [field], "reference": {"resource": resource, "fields": [target]}}
        for field, resource, target in _FOREIGN_KEYS.get(path.name, ())
    ]
    return {
        "name": path.name.replace(".", "-"), "type": "table", "path": path.name,
        "format": "csv" if csv else "jsonl", "mediatype": "text/csv" if csv else "application/jsonl",
        **_sum(path.read_bytes()), "schema": {name: value for name, value in schema.items() if value},
    }  # fmt: skip


def _described(path: Path) -> Row:
    """A resource of the package that is no table."""
    kinds = {".json": ("json", "application/json"), ".graphml": ("graphml", "application/graphml+xml")}
    form, media_type = kinds[path.suffix]
    return {"name": path.name.replace(".", "-"), "path": path.name, "format": form, "mediatype": media_type} | _sum(
        path.read_bytes()
    )


def _sum(data: bytes) -> Row:
    return {"encoding": "utf-8", "bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def _flat_fields(row: type[Any]) -> list[Row]:
    hints = get_type_hints(row)
    described = {field["name"]: field for field in records.table_schema(row)["fields"]}
    result: list[Row] = []
    for name in (field.name for field in fields(row)):
        if described[name]["type"] not in ("array", "object"):
            result.append(described[name])
        elif described[name]["type"] == "object":
            inner = get_type_hints(hints[name])
            result += [{"name": f"{name}_{key}", "type": records.TYPES[kind]} for key, kind in inner.items()]
    return result
