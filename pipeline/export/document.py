"""A finished document in the shape of its rows: what callers get, and what the tables are written from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from pipeline.edits import undo
from pipeline.export.markdown import markdown
from pipeline.export.row_types import BlockRow, DocumentRow, EditRow, MechanismRow, SentenceRow, SourceRow, Verdicts

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text below it, up to the next heading of any level; the first may have no heading.

    ``path``: the headings above it, the outermost first. ``start`` and ``end`` are offsets in the clean text.
    """

    heading: str
    level: int
    path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    r"""A cleaned document with all that was found in it; every field has the name and sense of its column.

    ``text`` holds the blocks, joined by an empty line. Offsets are 0-based, half-open and count Unicode code points: of
    ``text``, or, where they are called ``source_``, of the decoded input. What is not known is an empty string.
    ``confidence`` and scores are 0 to 1.

    >>> from pipeline import clean
    >>> document = clean("# Caffeine\n\nCaffeine blocks adenosine receptors.")
    >>> document.title, document.language, [block.kind for block in document.blocks]
    ('Caffeine', 'en', ['heading', 'paragraph'])
    >>> [mechanism] = document.mechanisms
    >>> mechanism.subject_text, mechanism.relation, mechanism.object_text
    ('Caffeine', 'inhibits', 'adenosine receptors')
    >>> document.text[mechanism.object_start : mechanism.object_end]
    'adenosine receptors'
    """

    document_id: str
    origin: SourceRow  # the column ``source``: file, media type, hash of the bytes, address
    title: str
    date: str
    date_text: str
    language: str
    description: str
    author: str
    site: str
    canonical_url: str
    doi: str
    pmid: str
    license: str
    text: str
    blocks: tuple[BlockRow, ...]
    sentences: tuple[SentenceRow, ...]
    mechanisms: tuple[MechanismRow, ...]
    edits: tuple[EditRow, ...]
    verdicts: Verdicts
    pipeline_version: str
    rules_hash: str
    model: str

    @property
    def sections(self) -> tuple[Section, ...]:
        r"""The text divided at its headings; together the sections are the whole text.

        >>> from pipeline import clean
        >>> document = clean("# Sleep\n\nIt helps.\n\n## Why\n\nIt clears waste from the brain.")
        >>> [(section.path, section.heading) for section in document.sections]
        [((), 'Sleep'), (('Sleep',), 'Why')]
        """
        return tuple(_sections(self.blocks, len(self.text)))

    def source(self) -> str:
        r"""The decoded input, rebuilt from the text and its edits, code point for code point.

        >>> from pipeline import clean
        >>> clean("<p>Sleep  helps\nmemory.").source()
        '<p>Sleep  helps\nmemory.'
        """
        return undo(self.text, self.edits)

    def to_dict(self) -> Values:
        """The row of documents.jsonl as ``document``, and the rows of its ``sentences``, ``mechanisms`` and ``edits``.

        >>> from pipeline import clean
        >>> rows = clean("Caffeine blocks adenosine receptors.").to_dict()
        >>> sorted(rows), rows["document"]["n_mechanisms"], rows["mechanisms"][0]["relation"]
        (['document', 'edits', 'mechanisms', 'sentences'], 1, 'inhibits')
        """
        found: Values = {"document": {}, "sentences": [], "mechanisms": [], "edits": []}
        for table, row in self.rows():
            if table == "documents":
                found["document"] = row
            else:
                found[table].append(row)
        return found

    def to_markdown(self) -> str:
        r"""The text as CommonMark with tables of GitHub's: headings, lists, tables, code and quotes as such.

        What could be read as a mark is escaped, so a renderer shows the same text. The title becomes the first heading
        where the text does not have it.

        >>> from pipeline import clean
        >>> print(clean("<h2>Why</h2><ul><li>It clears waste.<li>It *helps*.</ul>").to_markdown())
        ## Why
        <BLANKLINE>
        - It clears waste.
        - It \*helps\*.
        """
        return markdown(self.title, self.blocks)

    def rows(self) -> Iterator[tuple[str, Values]]:
        """(table, row) for all that the document gives, first its own row.

        >>> from pipeline import clean
        >>> [table for table, row in clean("Sleep helps.").rows()]
        ['documents', 'sentences']
        """
        yield "documents", asdict(self._row())
        for table, records in (("edits", self.edits), ("sentences", self.sentences), ("mechanisms", self.mechanisms)):
            for record in records:
                yield table, plain(record)

    def _row(self) -> DocumentRow:
        shared = {name: getattr(self, name) for name in _SHARED}
        return DocumentRow(
            **shared,
            source=self.origin,
            blocks=list(self.blocks),
            n_sentences=len(self.sentences),
            n_mechanisms=sum(one.mechanistic for one in self.mechanisms),
            n_edits=len(self.edits),
        )


_SHARED = {field.name for field in fields(DocumentRow)} & {field.name for field in fields(Document)} - {"blocks"}


def plain(record: Any) -> Values:
    """The fields of a record that holds no others: ``asdict`` would copy every value."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _sections(blocks: tuple[BlockRow, ...], length: int) -> Iterator[Section]:
    headings = [block for block in blocks if block.kind == "heading"]
    first = headings[0].start if headings else length
    if first > 0:
        yield Section("", 0, (), 0, first)
    above: list[BlockRow] = []
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        above = [one for one in above if one.level < heading.level]
        path = tuple(one.text for one in above)
        yield Section(heading.text, heading.level, path, heading.start, following.start if following else length)
        above.append(heading)
