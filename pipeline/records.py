"""The records that flow from stage to stage, and the rows that leave: the only schema in the project.

Text offsets are 0-based, half-open code points of the document's clean text; source offsets count
code points of the decoded input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from pipeline import columns
from pipeline.columns import column
from pipeline.edits import TracedText
from pipeline.errors import UserError

MediaType = Literal["text/html", "text/plain", "text/markdown"]
BLOCK_SEPARATOR = "\n\n"  # between the blocks of a document's text
BlockKind = Literal["heading", "paragraph", "list_item", "quote", "table", "code", "caption", "formula"]
BlockRole = Literal["", "term", "definition", "figure", "next_table", "previous_table"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from; ``sha256`` is of the bytes as read (of the record inside a container)."""

    path: str
    media_type: str
    sha256: str
    url: str = ""

    def __post_init__(self) -> None:
        known = get_args(MediaType)
        if self.media_type not in known:
            raise UserError(f"{self.path}: there is no media type {self.media_type!r}; those are {', '.join(known)}.")


@dataclass(frozen=True, slots=True)
class RawPage:
    """One document as read and decoded. ``title`` and ``date`` are what a container said of it.

    Raises:
        PipelineError: the text is no ``str``.

    >>> from pipeline import RawPage, read
    >>> [page] = read("raw/sleep-and-memory.txt")
    >>> isinstance(page, RawPage), page.document_id, page.source.media_type, page.encoding
    (True, 'sleep-and-memory.txt', 'text/plain', 'utf-8')
    """

    document_id: str
    source: Source
    text: str
    encoding: str = "utf-8"
    title: str = ""
    date: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise UserError(f"{self.document_id}: text must be str, not {type(self.text).__name__}; decode it first.")
        for name, kind in (("document_id", str), ("source", Source), ("encoding", str), ("title", str), ("date", str)):
            if not isinstance(value := getattr(self, name), kind):
                raise UserError(f"{self.document_id}: {name} must be {kind.__name__}, not {type(value).__name__}.")


@dataclass(frozen=True, slots=True)
class Page:
    """A document whose markup damage is undone; ``markup`` tells whether its ``<...>`` are tags."""

    raw: RawPage
    text: TracedText
    markup: bool
    cut_in_markup: bool = False
    llm_wrapped: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text of one kind.

    ``level`` is 1-6 for headings, the depth of nesting from 1 on for list items, 0 otherwise. ``number`` is the mark of
    an item of an ordered list. ``role`` says what an item is in a list of definitions, or to what a caption belongs.
    The first ``header_rows`` and the last ``footer_rows`` of a table name its columns and close it.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    number: str = ""
    role: BlockRole = ""
    header_rows: int = 0
    footer_rows: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article besides its text; empty strings where nothing is."""

    title: str = ""
    date: str = ""
    date_text: str = ""
    language: str = ""
    description: str = ""
    author: str = ""
    site: str = ""
    canonical_url: str = ""
    doi: str = ""
    pmid: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """The main text in blocks, joined by one empty line."""

    page: Page
    text: TracedText
    blocks: tuple[Block, ...]
    metadata: Metadata
    truncated: bool = False
    boilerplate_share: float = 0.0
    page_kind: str = ""


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """An article with normalized text. ``spun`` is 0 to 1."""

    article: Article
    text: TracedText
    blocks: tuple[Block, ...]
    metadata: Metadata
    spun: float = 0.0
    spun_family: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a relation: surface span, antecedent, core (the text without its change word) and grounding."""

    text: str
    start: int
    end: int
    resolved: str = ""
    core: str = ""
    change: str = ""
    sign: int = 1
    curie: str = ""
    label: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A directed, signed statement that ``subject`` acts on ``object``."""

    sentence: int
    subject: Argument
    relation: str
    object: Argument
    polarity: str
    net_polarity: str
    negation_cue: str
    hedge_cue: str
    mechanistic: bool
    trigger_text: str
    trigger_start: int
    trigger_end: int
    rule: str
    confidence: float
    quantity_text: str = ""
    quantity_value: str = ""
    quantity_unit: str = ""
    chain_id: str = ""
    chain_order: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a block; ``mechanism_score`` is 0 to 1."""

    block: int
    section: str
    start: int
    end: int
    is_mechanism: bool
    mechanism_score: float


@dataclass(frozen=True, slots=True)
class Findings:
    """A finished document. ``model`` is empty when no parse was made."""

    clean: CleanArticle
    sentences: tuple[Sentence, ...] = ()
    relations: tuple[Relation, ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that could not be used, and why, in a sentence for people.

    >>> from pipeline import Rejected, clean_many
    >>> [outcome] = clean_many([""])
    >>> isinstance(outcome, Rejected), outcome.stage, outcome.reason
    (True, 'read', 'text-0: the text is empty; give a page or a text with words in it.')
    """

    document_id: str
    source: str
    stage: str
    reason: str
    transient: bool = False  # the machine or the network failed, so the next run tries again


# --- Rows. Field order is column order; the docstring metadata is what data users read. -----------------


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
