"""States of a document as JSON, saved in its work file so that a later run can resume from one that is still valid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.edits import TracedText
from pipeline.records import (
    Argument,
    Article,
    Block,
    CleanArticle,
    Findings,
    Metadata,
    Page,
    RawPage,
    Relation,
    Sentence,
)

Saved = list[Any]


def dump_article(article: Article) -> Saved:
    """An article without its raw page, which is read anew."""
    page = article.page
    own = [article.truncated, article.boilerplate_share, article.page_kind, article.expected_f1]
    return [
        [page.text.log(), page.markup, page.cut_in_markup, page.llm_wrapped],
        article.text.log(), _rows(article.blocks), _row(article.metadata), own,
    ]  # fmt: skip


def article(raw: RawPage, saved: Saved) -> Article:
    """The article of a raw page as it was saved."""
    (page_log, *about_page), log, blocks, metadata, own = saved
    page = Page(raw, TracedText.of_log(raw.text, page_log), *about_page)
    text = TracedText.of_log(raw.text, log)
    return Article(page, text, tuple(Block(*block) for block in blocks), Metadata(*metadata), *own)


def dump_findings(findings: Findings) -> Saved:
    """Findings without their clean article."""
    return [_rows(findings.sentences), [_relation(one) for one in findings.relations], findings.model]


def findings(clean: CleanArticle, saved: Saved) -> Findings:
    """The findings of a clean article as they were saved."""
    sentences, relations, model = saved
    return Findings(clean, tuple(Sentence(*one) for one in sentences), tuple(map(_of_relation, relations)), model)


def _relation(relation: Relation) -> Saved:
    return [_row(value) if isinstance(value, Argument) else value for value in _row(relation)]


def _of_relation(saved: Saved) -> Relation:
    values: Any = (Argument(*value) if isinstance(value, list) else value for value in saved)
    return Relation(*values)


def _row(record: Any) -> Saved:
    return [getattr(record, name) for name in record.__dataclass_fields__]


def _rows(records: Sequence[Any]) -> list[Saved]:
    return [_row(record) for record in records]
