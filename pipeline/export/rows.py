"""Documents to rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from pipeline import records
from pipeline.export.biolink import qualified
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
    Rejected,
    RejectedRow,
    Relation,
    SentenceRow,
    SourceRow,
    Verdicts,
)
from pipeline.stages import State, text_of
from pipeline.version import VERSION

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
    found = view.findings
    origin = _Origin(view.page.raw.source.sha256, VERSION, rules_hash, found.model if found else "")
    document_id = view.page.raw.document_id
    edits = text.edits()
    yield "documents", asdict(_document(view, text.text, len(edits), origin))
    made_by = _plain(origin)
    for number, edit in enumerate(edits):
        row = EditRow(f"{document_id}:e{number:04d}", document_id, **edit._asdict(), **made_by)
        yield "edits", _plain(row)
    if found:
        yield from _sentences(found, document_id, text.text, origin)
        yield from _mechanisms(found, document_id, text.text, origin)


def _plain(record: Any) -> Row:
    """The fields of a record that holds no others: ``asdict`` would copy every value."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def rejected(what: Rejected, source_sha256: str, rules_hash: str) -> tuple[str, Row]:
    """The (table, row) of a document that could not be used."""
    given = what.document_id, what.source, what.stage, what.reason
    row = RejectedRow(*given, source_sha256=source_sha256, pipeline_version=VERSION, rules_hash=rules_hash)
    return "rejected", asdict(row)


@dataclass(frozen=True, slots=True)
class _Origin:
    """What stands on every row: from which bytes, by which program, rules and parser it was made."""

    source_sha256: str
    pipeline_version: str
    rules_hash: str
    model: str


def _document(view: _View, text: str, n_edits: int, origin: _Origin) -> DocumentRow:
    found = view.findings
    return DocumentRow(
        document_id=view.page.raw.document_id,
        source=SourceRow(**asdict(view.page.raw.source)),
        **asdict(view.metadata),
        text=text,
        blocks=[BlockRow(b.kind, b.level, text[b.start : b.end], b.start, b.end) for b in view.blocks],
        verdicts=_verdicts(view),
        n_sentences=len(found.sentences) if found else 0,
        n_mechanisms=sum(relation.mechanistic for relation in found.relations) if found else 0,
        n_edits=n_edits,
        pipeline_version=origin.pipeline_version,
        rules_hash=origin.rules_hash,
        model=origin.model,
    )


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
        duplicate_of="",  # known when all documents are
        boilerplate_share=view.article.boilerplate_share if view.article else 0.0,
        page_kind=view.article.page_kind if view.article else "",
    )


def _sentences(found: Findings, document_id: str, text: str, origin: _Origin) -> Iterator[tuple[str, Row]]:
    made_by = _plain(origin)
    for number, s in enumerate(found.sentences):
        row = SentenceRow(
            _sentence_id(document_id, number), document_id, s.block, s.section, s.start, s.end, text[s.start : s.end],
            s.is_mechanism, s.mechanism_score, **made_by,
        )  # fmt: skip
        yield "sentences", _plain(row)


def _mechanisms(found: Findings, document_id: str, text: str, origin: _Origin) -> Iterator[tuple[str, Row]]:
    made_by = _plain(origin)
    for number, relation in enumerate(found.relations):
        sentence = found.sentences[relation.sentence]
        row = MechanismRow(
            mechanism_id=f"{document_id}:m{number:04d}",
            sentence_id=_sentence_id(document_id, relation.sentence),
            document_id=document_id,
            **_argument("subject", relation.subject),
            relation=relation.relation,
            **_argument("object", relation.object),
            **_plain(qualified(relation)),
            **_statement(relation),
            sentence_text=text[sentence.start : sentence.end],
            **made_by,
        )
        yield "mechanisms", _plain(row)


def _argument(end: str, argument: Argument) -> Row:
    return {f"{end}_{name}": value for name, value in _plain(argument).items() if name != "sign"}


_SHARED = {field.name for field in fields(MechanismRow)} & {field.name for field in fields(Relation)} - {
    "relation", "subject", "object",
}  # fmt: skip


def _statement(relation: Relation) -> Row:
    """The columns that a relation and its row share by name."""
    said = {"negated": bool(relation.negation_cue), "hedged": bool(relation.hedge_cue)}
    return {name: getattr(relation, name) for name in _SHARED} | said


def _sentence_id(document_id: str, number: int) -> str:
    return f"{document_id}:s{number:04d}"
