"""EPUB 2 and 3 (W3C EPUB 3.3): the content documents of a book, in reading order. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import unquote

from lxml import etree

from pipeline.errors import DocumentError, plain
from pipeline.readers.common import Origin, page, record_id, writable
from pipeline.records import RawPage, Rejected

_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document")
# What the library raises where an archive is damaged.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError, RuntimeError, NotImplementedError)
_MOST = 20  # how many times larger than a document a book may be


class _BookError(DocumentError):
    """The archive is not a book."""


def read_epub(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    """One document per content document of the spine; the table of contents is left out."""
    data = file.read(origin.max_bytes * _MOST + 1)
    if len(data) > origin.max_bytes * _MOST:
        yield origin.too_large(factor=_MOST)
        return
    try:
        book = zipfile.ZipFile(io.BytesIO(data))
        names = _spine(book, origin.max_bytes)
    except (_BookError, etree.XMLSyntaxError, *_DAMAGED) as error:
        yield origin.reject("", f"it cannot be opened as a book: {plain(error)}")
        return
    for name in names:
        identifier = record_id(writable(name))
        try:
            inner = _bytes(book, name, origin.max_bytes)
        except (KeyError, *_DAMAGED) as error:
            reason = "the archive lacks it" if isinstance(error, KeyError) else f"it cannot be unpacked: {plain(error)}"
            yield origin.reject(name, reason, identifier)
        else:
            yield page(origin, inner, "text/html", identifier, name)


def _spine(book: zipfile.ZipFile, byte_limit: int) -> list[str]:
    """Archive paths of the documents in the spine, without repeats."""
    try:
        container = _xml(_bytes(book, "META-INF/container.xml", byte_limit))
        package_name = next(file.get("full-path", "") for file in container.iter("{*}rootfile"))
        package = _xml(_bytes(book, package_name, byte_limit))
    except (KeyError, StopIteration) as error:
        raise _BookError("it names no package document") from error
    items = {item.get("id", ""): item for item in package.iter("{*}item")}
    listed = [items[name] for ref in package.iter("{*}itemref") if (name := ref.get("idref", "")) in items]
    pages = [item for item in listed if item.get("media-type", "") in _PAGES]
    wanted = [item for item in pages if "nav" not in item.get("properties", "").split()]
    if not wanted:
        raise _BookError("its spine names no text")
    folder = posixpath.dirname(package_name)
    names = (unquote(item.get("href", "").partition("#")[0]) for item in wanted)
    return list(dict.fromkeys(posixpath.normpath(posixpath.join(folder, name)) for name in names))


def _bytes(book: zipfile.ZipFile, name: str, byte_limit: int) -> bytes:
    """Read a file of the archive, up to one byte over the limit."""
    with book.open(name) as file:
        return file.read(byte_limit + 1)


def _xml(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(data, parser)
    if root is None:
        raise _BookError("its package document is not XML")
    return root
