"""Document states to rows; what stages that have not run would add is empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields

from pipeline import records
from pipeline.edits import Edit
from pipeline.export.biolink import qualified
from pipeline.export.document import Document, Values, plain
from pipeline.export.row_types import BlockRow, EditRow, MechanismRow, RejectedRow, SentenceRow, SourceRow, Verdicts
from pipeline.markup import rows as table_rows
from pipeline.records import Argument, Article, Block, Findings, Metadata, Page, Rejected, Relation
from pipeline.stages import State, text_of
from pipeline.version import VERSION


def document_of(state: State, rules_hash: str) -> Document:
    """Convert the state of a document to a ``Document``, with all its rows."""
    view, text = _view(state), text_of(state)
    found = view.findings
    document_id = view.page.raw.document_id
    origin = _Provenance(view.page.raw.source.sha256, VERSION, rules_hash, found.model if found else "")
    provenance = plain(origin)
    return Document(
        document_id=document_id,
        origin=SourceRow(**asdict(view.page.raw.source)),
        **plain(view.metadata),
        text=text.text,
        blocks=tuple(_blocks(view.blocks, text.text)),
        sentences=tuple(_sentences(found, document_id, text.text, provenance)) if found else (),
        mechanisms=tuple(_mechanisms(found, document_id, text.text, provenance)) if found else (),
        edits=tuple(_edits(text.edits(), document_id, provenance)),
        verdicts=_verdicts(view),
        pipeline_version=origin.pipeline_version,
        rules_hash=origin.rules_hash,
        model=origin.model,
    )


def _blocks(blocks: Sequence[Block], text: str) -> Iterator[BlockRow]:
    for number, block in enumerate(blocks):
        said = text[block.start : block.end]
        caption, cells = "", []
        if block.kind == "table":
            cells = table_rows.rows(said)
            caption = next((text[one.start : one.end] for one in _captions(blocks, number)), "")
        yield BlockRow(
            block.kind, block.level, said, block.start, block.end, block.number, block.role, caption,
            block.header_rows, block.footer_rows, cells, block.part, block.probability,
        )  # fmt: skip


def _captions(blocks: Sequence[Block], number: int) -> Iterator[Block]:
    """The caption of a table: the block above it or below it, where that says so."""
    for place, role in ((number - 1, "next_table"), (number + 1, "previous_table")):
        if 0 <= place < len(blocks) and blocks[place].kind == "caption" and blocks[place].role == role:
            yield blocks[place]


def rejected(what: Rejected, source_sha256: str, rules_hash: str) -> tuple[str, Values]:
    """The (table, row) of a document that could not be used."""
    given = what.document_id, what.source, what.stage, what.reason
    row = RejectedRow(*given, source_sha256=source_sha256, pipeline_version=VERSION, rules_hash=rules_hash)
    return "rejected", asdict(row)


@dataclass(frozen=True, slots=True)
class _View:
    """The same view of a document in any state; what later stages add is empty."""

    page: Page
    article: Article | None = None
    blocks: tuple[records.Block, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    spun: float = 0.0
    spun_family: str = ""
    findings: Findings | None = None


@dataclass(frozen=True, slots=True)
class _Provenance:
    """Provenance of a row: hash of the input bytes, version of the program, hash of the rules, parser model."""

    source_sha256: str
    pipeline_version: str
    rules_hash: str
    model: str


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
        expected_f1=view.article.expected_f1 if view.article else 1.0,
    )


def _edits(edits: list[Edit], document_id: str, provenance: Values) -> Iterator[EditRow]:
    for number, edit in enumerate(edits):
        yield EditRow(f"{document_id}:e{number:04d}", document_id, **edit._asdict(), **provenance)


def _sentences(found: Findings, document_id: str, text: str, provenance: Values) -> Iterator[SentenceRow]:
    for number, s in enumerate(found.sentences):
        yield SentenceRow(
            _sentence_id(document_id, number), document_id, s.block, s.section, s.start, s.end, text[s.start : s.end],
            s.is_mechanism, s.mechanism_score, **provenance,
        )  # fmt: skip


def _mechanisms(found: Findings, document_id: str, text: str, provenance: Values) -> Iterator[MechanismRow]:
    for number, relation in enumerate(found.relations):
        sentence = found.sentences[relation.sentence]
        yield MechanismRow(
            mechanism_id=f"{document_id}:m{number:04d}",
            sentence_id=_sentence_id(document_id, relation.sentence),
            document_id=document_id,
            **_argument("subject", relation.subject),
            relation=relation.relation,
            **_argument("object", relation.object),
            **plain(qualified(relation)),
            **_statement(relation),
            sentence_text=text[sentence.start : sentence.end],
            **provenance,
        )


def _argument(end: str, argument: Argument) -> Values:
    return {f"{end}_{name}": value for name, value in plain(argument).items() if name != "sign"}


_SHARED = {field.name for field in fields(MechanismRow)} & {field.name for field in fields(Relation)} - {
    "relation", "subject", "object",
}  # fmt: skip


def _statement(relation: Relation) -> Values:
    """The columns that a relation and its row share by name."""
    said = {"negated": bool(relation.negation_cue), "hedged": bool(relation.hedge_cue)}
    return {name: getattr(relation, name) for name in _SHARED} | said


def _sentence_id(document_id: str, number: int) -> str:
    return f"{document_id}:s{number:04d}"
