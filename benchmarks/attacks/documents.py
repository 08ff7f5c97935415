"""Documents that no reader and no stage expects; a good one stands beside each, and must come out."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable
from itertools import pairwise

from benchmarks.attacks.place import GOOD, Attack, Place

PAGE = "<html><head>{}</head><body><p>" + GOOD + "</p></body></html>"
DATA = '<script type="application/ld+json">{}</script>'
KEPT, REFUSED = "exit 0, 2 documents, 0 rejected", "exit 0, 1 documents, 1 rejected"


def given(name: str, data: str | bytes, to: str = "content") -> Callable[[Place], str]:
    """A document beside a good one."""

    def does(place: Place) -> str:
        place.write("good.txt", GOOD)
        place.write(name, data)
        return place.seen(to=to)

    return does


def record(payload: bytes, *headers: str, length: int | None = None) -> bytes:
    """A record of a WARC."""
    lines = ("WARC/1.0", "WARC-Type: response", "WARC-Target-URI: http://a.org/", "Content-Type: application/http")
    size = f"Content-Length: {len(payload) if length is None else length}"
    return "\r\n".join((*lines, *headers, size, "", "")).encode() + payload + b"\r\n\r\n"


def answer(body: bytes, *headers: str) -> bytes:
    """An HTTP response."""
    return "\r\n".join(("HTTP/1.1 200 OK", "Content-Type: text/html", *headers, "", "")).encode() + body


def book(documents: dict[str, bytes], spine: str) -> bytes:
    """An EPUB whose spine names one document."""
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="{spine}" '
        'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("b.opf", package)
        for name, data in documents.items():
            archive.writestr(name, data)
    return held.getvalue()


def export(text: str, head: str = "") -> str:
    """A WordPress export of one post."""
    return f'<?xml version="1.0"?>{head}<rss><channel><item><description>{text}</description></item></channel></rss>'


def unreadable(name: str) -> Callable[[Place], str]:
    """A file or folder that may not be read; root may read anything, unless it gives that up."""

    def does(place: Place) -> str:
        place.write("good.txt", GOOD)
        path = place.write(f"{name}b.txt", GOOD)
        (path.parent if name else path).chmod(0)
        drop = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
        return place.seen(wrapped=drop)

    return does


def wide(place: Place) -> str:
    text = "\n".join(json.dumps({"id": n, "text": f"{GOOD} é{n}"}) for n in range(400))
    place.write("a.jsonl", text.encode("utf-16"))
    (place.folder / "pipeline.toml").write_text("max_bytes = 2_000")
    return place.seen()


def nested_parts(depth: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"{head}Content-Type: text/html\n\n<p>{GOOD}</p>\n".encode()


def packed_often(times: int) -> bytes:
    body = f"<p>{GOOD}</p>".encode()
    for _ in range(times):
        body = gzip.compress(body)
    return record(answer(body, f"Content-Encoding: {', '.join(['gzip'] * times)}"))


def kept_text(place: Place) -> str:
    seen = given("a.html", "<p>" + "\ud800".encode("utf-8", "surrogatepass").decode("latin-1") + GOOD)(place)
    return f"{seen}, {sum(GOOD in row['text'] for row in place.rows('documents'))} with the text"


LAUGHS = "<!DOCTYPE a [" + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12)
) + "]>"  # fmt: skip
ALIASES = "---\na: &a [x, x]\n" + "".join(
    f"{this}: &{this} [{', '.join([f'*{last}'] * 9)}]\n" for last, this in pairwise("abcdefghij")
)

ATTACKS = (
    Attack(
        "a lone surrogate in the author of JSON-LD",
        given("a.html", PAGE.format(DATA.format(r'{"@type": "Article", "author": "J \ud800"}'))),
        KEPT,
    ),
    Attack("a lone surrogate in the title of YAML", given("a.md", f'---\ntitle: "J \\ud800"\n---\n{GOOD}'), KEPT),
    Attack(
        "lone surrogates in every field of a line",
        given("a.jsonl", r'{"id": "\ud800", "title": "\udfff", "url": "\ud800", "text": "' + GOOD + r'\ud800"}'),
        KEPT,
    ),
    Attack("bytes of a surrogate in a page", kept_text, KEPT + ", 2 with the text", new=True),
    Attack("YAML that refers to itself", given("a.md", f"---\na: &x [*x]\ntitle: *x\nauthor: *x\n---\n{GOOD}"), KEPT),
    Attack(
        "YAML whose aliases multiply", given("a.md", f"{ALIASES}title: *j\nauthor: *j\n---\n{GOOD}"), KEPT, new=True
    ),
    Attack("3,000 brackets of TOML", given("a.md", f"+++\ntitle = {'[' * 3000}{']' * 3000}\n+++\n{GOOD}"), KEPT),
    Attack("a number of 6,000 digits in TOML", given("a.md", f"+++\ntitle = {'9' * 6000}\n+++\n{GOOD}"), KEPT),
    Attack(
        "a number of 6,000 digits in JSON-LD",
        given("a.html", PAGE.format(DATA.format('{"datePublished": ' + "9" * 6000 + "}"))),
        KEPT,
    ),
    Attack(
        "a number of 6,000 digits in a line",
        given("a.jsonl", '{"id": ' + "9" * 6000 + f', "text": "{GOOD}"}}'),
        REFUSED,
    ),
    Attack("100,000 brackets in a line", given("a.jsonl", "[" * 100_000), REFUSED),
    Attack("100,000 brackets in JSON-LD", given("a.html", PAGE.format(DATA.format("[" * 100_000))), KEPT),
    Attack("100,000 nested elements", given("a.html", "<div>" * 100_000 + GOOD), KEPT),
    Attack("20,000 nested lists", given("a.html", "<ul><li>x" * 20_000 + f"<p>{GOOD}</p>"), KEPT),
    Attack(
        "a table of 20,000 rows",
        given("a.html", f"<p>{GOOD}</p><table>" + "<tr><td>Zinc<td>12 mg</tr>" * 20_000 + "</table>"),
        KEPT,
    ),
    Attack("a sentence of 48,000 words", given("a.txt", "zinc " * 48_000, to="mechanisms"), KEPT),
    Attack("a page of U+FFFE and U+FFFF", given("a.html", f"<p>{GOOD} \ufffe\uffff</p>"), KEPT),
    Attack(
        "a page of all control characters",
        given("a.html", "<p>" + "".join(map(chr, range(1, 32))) + f"{GOOD}</p>"),
        REFUSED,
        new=True,
    ),
    Attack("a file that may not be read", unreadable(""), REFUSED),
    Attack("a folder that may not be read", unreadable("closed/"), REFUSED),
    Attack(
        "an XML that names a file of the system",
        given("a.xml", export("&x; " + GOOD, '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
        KEPT,
    ),
    Attack("an XML whose entities multiply", given("a.xml", export("&l11; " + GOOD, LAUGHS)), REFUSED),
    Attack("a book that packs 200 MB", given("a.epub", book({"a.xhtml": bytes(200_000_000)}, "a.xhtml")), REFUSED),
    Attack(
        "a book whose spine leads out of it", given("a.epub", book({}, "../../../../etc/passwd")), REFUSED, new=True
    ),
    Attack("a page that packs 200 MB", given("a.html.gz", gzip.compress(bytes(200_000_000), 1)), REFUSED),
    Attack("300 MB of zeros as WARC", given("a.warc.gz", gzip.compress(bytes(300_000_000), 1)), REFUSED),
    Attack("a WARC header line of 50 MB", given("a.warc", b"WARC/1.0\r\nX: " + b"y" * 50_000_000), REFUSED, new=True),
    Attack(
        "a WARC record of impossible length",
        given("a.warc", record(answer(f"<p>{GOOD}".encode()), length=10**18)),
        "exit 0, 2 documents, 1 rejected",
    ),
    Attack(
        "a WARC record of negative length",
        given("a.warc", record(answer(b"x"), length=-5) + record(answer(f"<p>{GOOD}".encode()))),
        "exit 0, 2 documents, 1 rejected",
        new=True,
    ),
    Attack("a body that was packed 50 times", given("a.warc", packed_often(50)), KEPT, new=True),
    Attack("2,000 parts of a saved page within one another", given("a.mhtml", nested_parts(2_000)), REFUSED, new=True),
    Attack(
        "lines of UTF-16, longer in all than a document may be", wide, "exit 0, 400 documents, 0 rejected", new=True
    ),
    Attack("a container without a document", given("a.jsonl", "\n\n\n"), REFUSED, new=True),
    Attack("a name that lies: a picture called .html", given("a.html", b"\x89PNG\r\n\x1a\n" + bytes(5000)), REFUSED),
)
