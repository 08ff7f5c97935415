"""What all readers share: what they are told of a file, and how bytes become a page or a reason."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from pipeline.readers.encoding import DecodingError, decode
from pipeline.records import MediaType, RawPage, Rejected, Source

READ = "read"  # the stage named in rejections
_HTML_HEAD = re.compile(r"\A\s*(?:<!doctype\s+html|<html|<head|<body|<\?xml[^>]*>\s*<(?:!doctype\s+)?html)", re.I)
_TAGS = re.compile(r"</?(?:p|div|br|h[1-6]|ul|ol|li|table|tr|td|span|a|section|article)\b[^<>]{0,500}>", re.I)
_LOOK = 200_000  # characters in which tags are counted


@dataclass(frozen=True, slots=True)
class Origin:
    """The file being read: its name below the input folder, what its suffix promises, bytes a document may have."""

    name: str
    media_type: MediaType
    max_bytes: int

    def reject(self, place: str, reason: str, identifier: str = "") -> Rejected:
        """A rejection that names the file and the place in it; ``reason`` is a sentence without its full stop."""
        where = f"{self.name} {place}" if place else self.name
        document_id = f"{self.name}#{identifier}" if identifier else self.name
        return Rejected(document_id, self.name, READ, f"{where}: {reason.rstrip('.')}.")

    def too_large(self, place: str = "", identifier: str = "", factor: int = 1) -> Rejected:
        """The rejection of what has more than ``factor`` times the bytes that a document may have."""
        reason = f"larger than {self.max_bytes * factor:,} bytes; raise max_bytes in pipeline.toml"
        return self.reject(place, reason, identifier)


@dataclass(frozen=True, slots=True)
class Said:
    """What a container says of a document; ``charset`` is that of the transport."""

    url: str = ""
    title: str = ""
    date: str = ""
    charset: str = ""


def page(
    origin: Origin, data: bytes, media_type: MediaType, identifier: str = "", place: str = "", said: Said | None = None
) -> RawPage | Rejected:
    """One document from its bytes. ``identifier`` and ``place`` tell where in a container it stands."""
    said = said or Said()
    if len(data) > origin.max_bytes:
        return origin.too_large(place, identifier)
    try:
        text, encoding = decode(data, said.charset)
    except DecodingError as error:
        return origin.reject(place, str(error), identifier)
    if not text.strip():
        return origin.reject(place, "it holds only white space" if data else "it is empty", identifier)
    digest = hashlib.sha256(data).hexdigest()
    return of_text(origin, text, media_type, digest, identifier, said, encoding)


def of_text(
    origin: Origin, text: str, media_type: MediaType, digest: str, identifier: str, said: Said, encoding: str = "utf-8"
) -> RawPage:
    """One document from text that needs no decoding."""
    document_id = f"{origin.name}#{identifier}" if identifier else origin.name
    source = Source(origin.name, by_content(text, media_type), digest, said.url)
    return RawPage(document_id, source, text, encoding, said.title, said.date)


def by_content(text: str, claimed: MediaType) -> MediaType:
    """Media type by content where the name lies: a page in a .txt file, plain text in an .html file."""
    if _HTML_HEAD.match(text):
        return "text/html"
    if claimed == "text/html":
        return "text/html" if "<" in text or "&" in text else "text/plain"
    tags = len(_TAGS.findall(text[:_LOOK]))
    dense = tags >= 6 and tags * 400 > len(text[:_LOOK])
    return "text/html" if claimed == "text/plain" and dense and text.lstrip().startswith("<") else claimed


def writable(text: str) -> str:
    """Lone surrogates cannot be written as UTF-8, so they are shown as the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
