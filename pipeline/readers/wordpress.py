"""WordPress exports (WXR 1.0 to 1.2, which is RSS 2.0 with more): the posts and pages of a site."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from pipeline.readers.common import Declared, Origin, page, page_from_text, record_id
from pipeline.records import RawPage, Rejected

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_WP = re.compile(r"\{https?://wordpress\.org/export/[\d.]+/\}(\w+)")
_POSTS = ("post", "page")
_HEAD = 4096  # bytes in which the root element must stand
_NOT_XML = bytes.maketrans(bytes(b for b in range(32) if b not in (9, 10, 13)), b" " * 29)  # XML 1.0, 2.2


def read_xml(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    """Items of a WordPress export or another RSS file; an .xml file that holds a web page is that page."""
    stream = _Stream(file)
    head = stream.head.lstrip()
    if re.search(rb"<rss[\s>]", head):
        yield from _items(stream, origin)
    elif re.search(rb"<html[\s>]", head, re.I):
        yield page(origin, stream.read(origin.max_bytes + 1), "text/html")
    else:
        root = re.search(rb"<([A-Za-z][\w:.-]*)", head)
        said = f"its root is <{root[1].decode('ascii', 'replace')}>" if root else "it has no root element"
        yield origin.reject("", f"XML that is neither a WordPress export (<rss>) nor a page (<html>): {said}")


def _items(stream: _Stream, origin: Origin) -> Iterator[RawPage | Rejected]:
    number = 0
    events = etree.iterparse(
        stream, events=("end",), tag="item", recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=True,
    )  # fmt: skip
    try:
        for _, item in events:
            number += 1
            yield from _item(item, number, origin)
            item.clear()
            while item.getprevious() is not None:
                del item.getparent()[0]
    except etree.XMLSyntaxError as error:
        yield origin.reject(f"behind item {number}", f"the XML cannot be read further: {error}", f"@behind-{number}")
        return
    if not stream.tail.rstrip().endswith(b"</rss>"):
        yield origin.reject(
            f"behind item {number}", "the file breaks off; what came before was read", f"@behind-{number}"
        )


def _item(item: etree._Element, number: int, origin: Origin) -> Iterator[RawPage | Rejected]:
    said_in = {
        _WP.sub(r"wp:\1", str(child.tag)): "".join(map(str, child.itertext()))
        for child in item.iterchildren(etree.Element)
    }
    known = {name: text.strip() for name, text in said_in.items()}
    if known.get("wp:post_type", "post") not in _POSTS:
        return  # pictures, menus, revisions: no articles
    identifier = record_id(known.get("wp:post_id") or known.get("guid") or "") or str(number)
    text = said_in[_CONTENT] if known.get(_CONTENT) else said_in.get("description", "")
    place = f"item {number}"
    if known.get("wp:status") in ("trash", "auto-draft"):
        yield origin.reject(place, f"its status is {known['wp:status']}", identifier)
    elif not text.strip():
        yield origin.reject(place, "it has no text", identifier)
    elif len(text) > origin.max_bytes:
        yield origin.too_large(place, identifier)
    else:
        written = known.get("wp:post_date", "").replace("0000-00-00 00:00:00", "")
        declared = Declared(known.get("link", ""), known.get("title", ""), written or known.get("pubDate", ""))
        digest = hashlib.sha256(text.encode()).hexdigest()
        yield page_from_text(origin, text, "text/html", digest, identifier, declared)


class _Stream:
    """A file for the XML parser: control characters that XML forbids become spaces; ``tail`` keeps the last bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.head = self.tail = file.read(_HEAD)
        self._left = self.head.translate(_NOT_XML)

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data, self._left = self._left, b""
        if size < 0 or size > len(data):
            more = self._file.read(size - len(data) if size > 0 else -1).translate(_NOT_XML)
            self.tail = (self.tail + more)[-64:]
            data += more
        return data
