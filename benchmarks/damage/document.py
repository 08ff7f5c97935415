"""Clean documents in blocks, from real pages as the pipeline reads them, and written as plain, well-formed HTML."""

from __future__ import annotations

import ast
import gzip
import hashlib
import html
import json
import random
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline import stages
from pipeline.readers.encoding import decode
from pipeline.records import BlockKind, CleanArticle, RawPage, Source
from pipeline.stages import process

_TAGS = {"paragraph": "p", "list_item": "li", "quote": "blockquote"}
_FEWEST, _FEWEST_HEADINGS = 5, 2  # paragraphs and headings


@dataclass(frozen=True, slots=True)
class Piece:
    """A block's kind, level of heading and text."""

    kind: BlockKind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A title and what stands under it."""

    name: str
    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page as it was saved, its main text as people chose it, and what kind of page it is.

    Of some pages only segments are known: ``wanted`` must be in the text, ``unwanted`` must not.
    """

    name: str
    site: str
    data: bytes
    text: str
    kind: str
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


def gold_pages(archive: Path) -> Iterator[GoldPage]:
    """The pages of a tar file with gold.json and html/*.html.gz, by name."""
    with tarfile.open(archive) as files:
        root = files.getnames()[0]
        table = files.extractfile(f"{root}/gold.json")
        assert table is not None
        for name, row in sorted(json.load(table).items()):
            packed = files.extractfile(f"{root}/html/{name}.html.gz")
            assert packed is not None
            yield _gold_page(name, row, gzip.decompress(packed.read()))


def _gold_page(name: str, row: dict[str, Any], data: bytes) -> GoldPage:
    site = urlsplit(row.get("url", "")).netloc.lower().removeprefix("www.") or row.get("site", "")
    wanted, unwanted = (_segments(row.get(key, ())) for key in ("with", "without"))
    return GoldPage(name, site, data, row.get("text") or "", row.get("type", "article"), wanted, unwanted)


def _segments(said: str | Sequence[str]) -> tuple[str, ...]:
    """Segments, which may be written as a list of Python."""
    return tuple(ast.literal_eval(said) if isinstance(said, str) else said)


def raw_page(name: str, data: bytes) -> RawPage:
    """A page as a reader would give it."""
    text, encoding = decode(data)
    return RawPage(name, Source(name, "text/html", hashlib.sha256(data).hexdigest()), text, encoding)


def read(page: RawPage, tools: stages.Tools) -> CleanArticle | None:
    """A page as the pipeline reads it, None if it is rejected."""
    clean = process(page, tools, "normalize")
    return clean if isinstance(clean, CleanArticle) else None


def documents(archive: Path, most: int, tools: stages.Tools) -> list[Document]:
    """Articles in blocks, drawn by chance from those with a title, headings and a few paragraphs."""
    pages = [page for page in gold_pages(archive) if page.kind == "article"]
    random.Random(1).shuffle(pages)
    found: list[Document] = []
    for page in pages:
        clean = read(raw_page(page.name, page.data), tools)
        found += _document(page.name, clean) if clean else []
        if len(found) == most:
            break
    return found


def pieces(clean: CleanArticle) -> Iterator[Piece]:
    """The blocks of an article with their texts."""
    for block in clean.blocks:
        yield Piece(block.kind, clean.text.text[block.start : block.end], block.level)


def _document(name: str, clean: CleanArticle) -> list[Document]:
    title = clean.metadata.title
    body = tuple(piece for piece in pieces(clean) if piece.kind in (*_TAGS, "heading") and piece.text != title)
    kinds = [piece.kind for piece in body]
    rich = kinds.count("paragraph") >= _FEWEST and kinds.count("heading") >= _FEWEST_HEADINGS
    english = clean.metadata.language == "en"
    return [Document(name, title, body)] if title and rich and english else []


def as_html(document: Document) -> str:
    """The document as a page: a title, an h1 and the blocks, one a line."""
    lines = ["<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">']
    lines += [f"<title>{html.escape(document.title)}</title>", "</head>", "<body>", "<article>"]
    lines += [f"<h1>{html.escape(document.title)}</h1>"] if document.title else []
    for in_list, group in groupby(document.pieces, lambda piece: piece.kind == "list_item"):
        lines += ["<ul>"] * in_list + [_element(piece) for piece in group] + ["</ul>"] * in_list
    return "\n".join([*lines, "</article>", "</body>", "</html>", ""])


def _element(piece: Piece) -> str:
    tag = f"h{max(piece.level, 2)}" if piece.kind == "heading" else _TAGS[piece.kind]
    return f"<{tag}>{html.escape(piece.text, quote=False)}</{tag}>"
