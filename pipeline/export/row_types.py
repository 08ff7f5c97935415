"""The rows of the tables: the only schema in the project.

Field order is column order; the description of a field is what data users read. Text offsets are 0-based, half-open
code points of the document's clean text; source offsets count code points of the decoded input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from pipeline import columns
from pipeline.columns import column
from pipeline.records import BlockKind, BlockPart, BlockRole


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where a document came from."""

    path: str = column("file below the input folder", required=True)
    media_type: str = column("what it was read as", enum=["text/html", "text/plain", "text/markdown"])
    sha256: str = columns.source_hash()
    url: str = column("address that the container gives, or empty; never fetched")


@dataclass(frozen=True, slots=True)
class BlockRow:
    """One block inside documents.jsonl."""

    kind: str = column("what it is", enum=list(get_args(BlockKind)))
    level: int = column("1 to 6 for headings, depth from 1 on for list items, 0 otherwise", minimum=0)
    text: str = column("the block's text")
    start: int = column("offset in the clean text", minimum=0)
    end: int = column("offset in the clean text", minimum=0)
    number: str = column("mark of an item of an ordered list (3., b.), or empty")
    role: str = column("of a list item or a caption, or empty", enum=list(get_args(BlockRole)))
    caption: str = column("the caption of a table, which is a block of its own, or empty")
    header_rows: int = column("rows of a table that name its columns", minimum=0)
    footer_rows: int = column("rows of a table that close it", minimum=0)
    rows: list[list[str]] = column("the cells of a table, as many in every row; otherwise none")
    part: str = column("what it is on its page", enum=list(get_args(BlockPart)))
    probability: float = column("0 to 1: how likely it is main text; 1 where nothing was chosen", minimum=0, maximum=1)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Judgements to filter on."""

    truncated: bool = column("the text ends before its end")
    spun: float = column("0 to 1: words were swapped by a synonym replacer; .5 and more: yes", minimum=0, maximum=1)
    spun_family: str = column("which replacer, or empty")
    llm_wrapped: bool = column("the page stands in a code fence, as language models write it")
    duplicate_of: str = column("the fullest document with the same text, or empty")
    boilerplate_share: float = column("0 to 1: share of the page's characters that was dropped", minimum=0, maximum=1)
    page_kind: str = column("article, listing, product ..., or empty")
    expected_f1: float = column(
        "0 to 1: how well the main text was chosen, in words; 1 where nothing was chosen", minimum=0, maximum=1
    )


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document, whole."""

    document_id: str = column("path below the input folder; file#id inside a container", required=True, unique=True)
    source: SourceRow = column("where it came from")
    title: str = column("title, or empty")
    date: str = column("ISO 8601 date, or empty")
    date_text: str = column("the date as written")
    language: str = column("ISO 639-1 code, or empty")
    description: str = column("summary given by the page")
    author: str = column("who wrote it, by the page; several are divided by a semicolon")
    site: str = column("name of the site, by the page")
    canonical_url: str = column("address that the page gives for itself; never fetched")
    doi: str = column("DOI that the page gives, or empty")
    pmid: str = column("PubMed identifier that the page gives, or empty")
    license: str = column("licence that the page gives, an address or a name, or empty")
    text: str = column("clean text; blocks are joined by an empty line")
    blocks: list[BlockRow] = column("headings, paragraphs, list items, quotes, tables, code, captions, formulas")
    verdicts: Verdicts = column("judgements to filter on")
    n_sentences: int = column("number of sentences", minimum=0)
    n_mechanisms: int = column("number of mechanism relations", minimum=0)
    n_edits: int = column("number of rows in edits.jsonl", minimum=0)
    pipeline_version: str = columns.version()
    rules_hash: str = columns.rules_hash()
    model: str = columns.model()


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence."""

    sentence_id: str = column("document_id:sNNNN", required=True, unique=True)
    document_id: str = column("its document", required=True)
    block: int = column("index into the document's blocks", minimum=0)
    section: str = column("nearest heading above, or empty")
    start: int = column("offset in the clean text", minimum=0)
    end: int = column("offset in the clean text", minimum=0)
    text: str = column("the sentence")
    is_mechanism: bool = column("says how something works")
    mechanism_score: float = column("0 to 1", minimum=0, maximum=1)
    source_sha256: str = columns.source_hash()
    pipeline_version: str = columns.version()
    rules_hash: str = columns.rules_hash()
    model: str = columns.model()


@dataclass(frozen=True, slots=True)
class MechanismRow:
    """One relation of one sentence."""

    mechanism_id: str = column("document_id:mNNNN", required=True, unique=True)
    sentence_id: str = column("its sentence", required=True)
    document_id: str = column("its document", required=True)
    subject_text: str = column("what acts, as written")
    subject_start: int = column("offset in the clean text", minimum=0)
    subject_end: int = column("offset in the clean text", minimum=0)
    subject_resolved: str = column("what a pronoun stands for, or empty")
    subject_core: str = column("the text without its change word")
    subject_change: str = column("change word (release, blockade, low ...), or empty")
    subject_curie: str = column("identifier, or empty")
    subject_label: str = column("label of the identifier, or empty")
    subject_category: str = column("Biolink category, or empty")
    relation: str = column("type of relation", required=True)
    predicate_curie: str = column("Biolink predicate")
    ro_curie: str = column("nearest term of the Relation Ontology")
    object_text: str = column("what is acted on, as written")
    object_start: int = column("offset in the clean text", minimum=0)
    object_end: int = column("offset in the clean text", minimum=0)
    object_resolved: str = column("what a pronoun stands for, or empty")
    object_core: str = column("the text without its change word")
    object_change: str = column("change word, or empty")
    object_curie: str = column("identifier, or empty")
    object_label: str = column("label of the identifier, or empty")
    object_category: str = column("Biolink category, or empty")
    subject_aspect_qualifier: str = column("Biolink: what of the subject acts, or empty")
    subject_direction_qualifier: str = column("Biolink: whether there is more or less of it, or empty")
    object_aspect_qualifier: str = column("Biolink: what of the object is changed, or empty")
    object_direction_qualifier: str = column("Biolink: increased or decreased, or empty")
    causal_mechanism_qualifier: str = column("Biolink: antagonism, agonism, inhibition ..., or empty")
    polarity: str = column("sign of subject on object, as written", enum=["+", "-", "0"])
    net_polarity: str = column("sign between the cores", enum=["+", "-", "0"])
    negated: bool = column("the relation is denied")
    hedged: bool = column("the relation is uncertain")
    negation_cue: str = column("word that negates, or empty")
    hedge_cue: str = column("word that hedges, or empty")
    mechanistic: bool = column("false for treatment and association claims")
    chain_id: str = column("causal chain, or empty")
    chain_order: int = column("step in the chain, 0 if none", minimum=0)
    trigger_text: str = column("the word that states the relation")
    trigger_start: int = column("offset in the clean text", minimum=0)
    trigger_end: int = column("offset in the clean text", minimum=0)
    quantity_text: str = column("a stated amount, or empty")
    quantity_value: str = column("its number, or empty")
    quantity_unit: str = column("its unit, or empty")
    rule: str = column("frame and construction that found it")
    confidence: float = column("0 to 1", minimum=0, maximum=1)
    sentence_text: str = column("the whole sentence")
    source_sha256: str = columns.source_hash()
    pipeline_version: str = columns.version()
    rules_hash: str = columns.rules_hash()
    model: str = columns.model()


@dataclass(frozen=True, slots=True)
class EditRow:
    """One edit: what changed, why, and where."""

    edit_id: str = column("document_id:eNNNN, in the order of the input", required=True, unique=True)
    document_id: str = column("its document", required=True)
    stage: str = column("stage that made it")
    rule: str = column("rule that made it; several joined by +")
    status: str = column("what was done", enum=["applied", "flagged", "dropped"])
    reason: str = column("why, in words")
    confidence: float = column("0 to 1", minimum=0, maximum=1)
    source_start: int = column("offset in the decoded input", minimum=0)
    source_end: int = column("offset in the decoded input", minimum=0)
    start: int = column("offset in the clean text", minimum=0)
    end: int = column("offset in the clean text", minimum=0)
    before: str = column("the input's text")
    after: str = column("the clean text; for a flagged edit the suggestion")
    source_sha256: str = columns.source_hash()
    pipeline_version: str = columns.version()
    rules_hash: str = columns.rules_hash()
    model: str = columns.model()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A document that is not in documents.jsonl, and why."""

    document_id: str = column("path below the input folder; file#id inside a container", required=True)
    source: str = column("file it came from")
    stage: str = column("stage that gave up; read, if it never was a document", required=True)
    reason: str = column("why, in words", required=True)
    source_sha256: str = columns.source_hash()
    pipeline_version: str = columns.version()
    rules_hash: str = columns.rules_hash()
