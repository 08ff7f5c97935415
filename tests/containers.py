"""One page in every container that is read, made as the programs that write them do."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import brotli
import zstandard

URL = "https://example.org/sleep"
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>How naps clear the mind – a study</title>
<style>p { color: #333 }</style></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<main><article><h1>How naps clear the mind – a study</h1>
<p>Sleep clears waste from the brain, and adenosine inhibits wakefulness in naïve mice ,as was found in 2019.</p>
<ul><li>Caffeine blocks adenosine receptors.</li><li>Light suppresses melatonin.</li></ul>
<p>Within hours of <b>sleep</b> loss, cortisol levels increase &amp; attention falls.</p></article></main>
<footer><p>All rights reserved.</p></footer></body></html>
"""


def http_response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def warc_record(
    payload: bytes, kind: str = "response", number: int = 1, length: int | None = None, uri: str = URL
) -> bytes:
    types = {"response": "application/http; msgtype=response", "warcinfo": "application/warc-fields"}
    lines = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {uri}", "WARC-Date: 2024-05-01T00:00:00Z",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>",
        f"Content-Type: {types.get(kind, 'text/plain')}",
        f"Content-Length: {len(payload) if length is None else length}",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload + b"\r\n\r\n"


def chunked(body: bytes, size: int = 100, wrong: int = -1) -> bytes:
    """A chunked body; the chunk of number ``wrong`` says that it is longer than it is."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    sizes = [len(part) + 7 * (number == wrong) for number, part in enumerate(parts)]
    return b"".join(b"%x\r\n%s\r\n" % pair for pair in zip(sizes, parts, strict=True)) + b"0\r\n\r\n"


def warc(page: str) -> bytes:
    body = page.encode()
    about = warc_record(b"software: a test\r\n", "warcinfo", 2)
    picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"
    return about + warc_record(http_response(body)) + warc_record(picture, number=3)


def warc_gz(page: str) -> bytes:
    """Every record is a gzip member of its own; the body is chunked and packed as on the wire."""
    packed = chunked(gzip.compress(page.encode()))
    response = http_response(packed, "Transfer-Encoding: chunked", "Content-Encoding: gzip")
    return gzip.compress(warc_record(b"x: y\r\n", "warcinfo", 2)) + gzip.compress(warc_record(response))


def mhtml(page: str) -> bytes:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = URL
    message["Subject"] = "=?utf-8?Q?How=20naps=20clear=20the=20mind?="
    frame = EmailMessage()
    frame.set_content("<p>Advertisement</p>", subtype="html")
    frame["Content-Location"] = "https://ads.example.org/"
    whole = EmailMessage()
    whole.set_content(page, subtype="html", cte="quoted-printable")
    whole["Content-Location"] = URL
    message.make_related()
    message.attach(frame)
    message.attach(whole)
    message.add_related(b"\x89PNG", "image", "png")
    return message.as_bytes()


def epub(page: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
            "</container>",
        )
        book.writestr(
            "OEBPS/content.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
            '<item id="a" href="text/article%201.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="nav"/><itemref idref="a"/></spine></package>',
        )
        book.writestr("OEBPS/nav.xhtml", "<html><body><nav><ol><li>Contents</li></ol></nav></body></html>")
        book.writestr("OEBPS/text/article 1.xhtml", page)
    return out.getvalue()


def wordpress(page: str) -> bytes:
    inner = page.replace("]]>", "]]]]><![CDATA[>")
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>A site</title>
<item><title>A picture</title><wp:post_id>4</wp:post_id><wp:post_type>attachment</wp:post_type></item>
<item><title>Naps</title><link>{URL}</link><content:encoded><![CDATA[{inner}]]></content:encoded>
<wp:post_id>7</wp:post_id><wp:post_date>2024-05-01 10:00:00</wp:post_date><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type></item>
</channel></rss>
""".encode()


def json_lines(page: str) -> bytes:
    return json.dumps({"id": "a", "html": page, "url": URL}).encode() + b"\n"


MAKERS: dict[str, Callable[[str], bytes]] = {
    "page.html": lambda page: page.encode(),
    "page.html.gz": lambda page: gzip.compress(page.encode()),
    "page.xhtml.zst": lambda page: zstandard.compress(page.encode()),
    "crawl.warc": warc,
    "crawl.warc.gz": warc_gz,
    "crawl.warc.zst": lambda page: zstandard.compress(warc(page)),
    "saved.mhtml": mhtml,
    "saved.mht": mhtml,
    "book.epub": epub,
    "export.xml": wordpress,
    "crawl.jsonl": json_lines,
    "crawl.jsonl.zst": lambda page: zstandard.compress(json_lines(page)),
    "other.ndjson": lambda page: json.dumps({"body": page, "metadata": {"source_url": URL}}).encode(),
}
WIRE: dict[str, tuple[tuple[str, ...], Callable[[bytes], bytes]]] = {
    "plain": ((), bytes),
    "gzip": (("Content-Encoding: gzip",), gzip.compress),
    "gzip that was unpacked": (("Content-Encoding: gzip",), bytes),
    "deflate": (("Content-Encoding: deflate",), zlib.compress),
    "raw deflate": (("Content-Encoding: deflate",), lambda data: zlib.compress(data)[2:-4]),
    "brotli": (("Content-Encoding: br",), brotli.compress),
    "zstd": (("Content-Encoding: zstd",), zstandard.compress),
    "chunked": (("Transfer-Encoding: chunked",), chunked),
    "chunked, and not": (("Transfer-Encoding: chunked",), bytes),
    "chunked with a wrong length": (("Transfer-Encoding: chunked",), lambda data: chunked(data, wrong=3)),
    "chunked with a wrong first length": (("Transfer-Encoding: chunked",), lambda data: chunked(data, wrong=0)),
    "twice": (("Content-Encoding: gzip, br",), lambda data: brotli.compress(gzip.compress(data))),
}


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
