"""MHTML (RFC 2557): a page as a browser saves it in one file, with its pictures, styles and frames as parts."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import BinaryIO

from pipeline.readers.common import Declared, Origin, page
from pipeline.records import RawPage, Rejected


def read_mhtml(file: BinaryIO, origin: Origin) -> Iterator[RawPage | Rejected]:
    """The page itself; its frames are parts of it like its pictures, and no documents."""
    data = file.read(origin.max_bytes + 1)
    if len(data) > origin.max_bytes:
        yield origin.too_large()
        return
    message = message_from_bytes(data, policy=policy.default)
    found = _root(message)
    if found is None:
        yield origin.reject("", "it has no part of type text/html, so no page; save it anew from a browser")
        return
    payload = found.get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    url = _header(message, "Snapshot-Content-Location") or _header(found, "Content-Location")
    charset = found.get_param("charset", "")
    yield page(origin, body, "text/html", declared=Declared(url, charset=charset if isinstance(charset, str) else ""))


def _root(message: EmailMessage) -> EmailMessage | None:
    """The root part: named by the ``start`` parameter, or at the location of the snapshot, or the first HTML part."""
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    start, address = message.get_param("start", ""), _header(message, "Snapshot-Content-Location")
    for part in pages:
        if start and _header(part, "Content-ID") == start:
            return part
    named = [part for part in pages if address and _header(part, "Content-Location") == address]
    return next(iter(named or pages), None)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return "".join(str(message.get(name, "")).split())
    except (ValueError, IndexError, AttributeError):  # the library fails on some broken headers
        return ""
