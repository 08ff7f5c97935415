"""What all readers share: the description of a file, and the conversion of bytes to a page or a rejection."""

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


_PLACE = re.compile(r"(^|#)(?:@|\\(?=x40|x5c))")


def record_id(given: str) -> str:
    r"""The id that a record gives itself, as it stands in a document id.

    What begins with @ there is a place, such as "@7" for a line that is no record; an @ of one's own becomes an escape.

    >>> print(record_id("a@b"), record_id("@7"))
    a@b \x407
    """
    return _PLACE.sub(lambda found: f"{found[1]}\\x{ord(found[0][-1]):02x}", given)


@dataclass(frozen=True, slots=True)
class Origin:
    """The file being read: its path below the input folder, media type by suffix, and size limit per document."""

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
class Declared:
    """Metadata that a container declares for a document; ``charset`` comes from the transport."""

    url: str = ""
    title: str = ""
    date: str = ""
    charset: str = ""


def page(
    origin: Origin,
    data: bytes,
    media_type: MediaType,
    identifier: str = "",
    place: str = "",
    declared: Declared | None = None,
) -> RawPage | Rejected:
    """One document from its bytes. ``identifier`` and ``place`` tell where in a container it stands."""
    declared = declared or Declared()
    if len(data) > origin.max_bytes:
        return origin.too_large(place, identifier)
    try:
        text, encoding = decode(data, declared.charset)
    except DecodingError as error:
        return origin.reject(place, str(error), identifier)
    if not text.strip():
        return origin.reject(place, "it holds only white space" if data else "it is empty", identifier)
    digest = hashlib.sha256(data).hexdigest()
    return page_from_text(origin, text, media_type, digest, identifier, declared, encoding)


def page_from_text(
    origin: Origin,
    text: str,
    media_type: MediaType,
    digest: str,
    identifier: str,
    declared: Declared,
    encoding: str = "utf-8",
) -> RawPage:
    """One document from text that needs no decoding."""
    document_id = f"{origin.name}#{identifier}" if identifier else origin.name
    source = Source(origin.name, sniff_media_type(text, media_type), digest, declared.url)
    return RawPage(document_id, source, text, encoding, declared.title, declared.date)


def sniff_media_type(text: str, claimed: MediaType) -> MediaType:
    """The media type by content where the suffix is wrong: HTML in a .txt file, plain text in an .html file."""
    if _HTML_HEAD.match(text):
        return "text/html"
    if claimed == "text/html":
        return "text/html" if "<" in text or "&" in text else "text/plain"
    tags = len(_TAGS.findall(text[:_LOOK]))
    dense = tags >= 6 and tags * 400 > len(text[:_LOOK])
    return "text/html" if claimed == "text/plain" and dense and text.lstrip().startswith("<") else claimed


def writable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot encode, by the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
