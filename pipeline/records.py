"""The records that flow from stage to stage.

Text offsets are 0-based, half-open code points of the document's clean text; source offsets count
code points of the decoded input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.edits import TracedText
from pipeline.errors import UserError

MediaType = Literal["text/html", "text/plain", "text/markdown"]
BLOCK_SEPARATOR = "\n\n"  # between the blocks of a document's text
BlockKind = Literal["heading", "paragraph", "list_item", "quote", "table", "code", "caption", "formula"]
BlockPart = Literal["body", "comment"]
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
    The first ``header_rows`` and the last ``footer_rows`` of a table name its columns and close it. ``part`` is what it
    is on its page, ``probability`` (0 to 1) how likely it is main text; 1 where nothing was chosen.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    number: str = ""
    role: BlockRole = ""
    header_rows: int = 0
    footer_rows: int = 0
    part: BlockPart = "body"
    probability: float = 1.0


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
    expected_f1: float = 1.0


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
