from __future__ import annotations

import gzip
import io
import json
import os
import random
import time
import zipfile
from pathlib import Path

import pytest
import zstandard

from benchmarks.fuzz import mutation
from pipeline.errors import UserError
from pipeline.limits import limited
from pipeline.readers import READERS, kind_of, read
from pipeline.readers.http import dechunked
from pipeline.readers.inputs import Input, find
from pipeline.readers.packing import DecompressedStream
from pipeline.records import Findings, RawPage, Rejected
from pipeline.stages import Tools, process
from tests import containers
from tests.containers import MAKERS, PAGE, URL, WIRE, http_response, warc_record, write

LIMIT = 100_000


def all_of(path: Path, limit: int = LIMIT) -> list[RawPage | Rejected]:
    (source,) = find(str(path))
    return list(read(source, limit))


def reasons(found: list[RawPage | Rejected]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Rejected)]


def only(folder: Path, name: str, data: bytes) -> RawPage | Rejected:
    path = write(folder, name, data)
    (result,) = read(Input(str(folder), str(path), name, ""), LIMIT)
    return result


@pytest.mark.parametrize("suffix", [suffix for kind in READERS[:3] for suffix in kind.suffixes])
@pytest.mark.parametrize("packed", [False, True])
def test_every_suffix_also_packed(tmp_path: Path, suffix: str, packed: bool) -> None:
    data = "<p>Grüße</p>".encode()
    name = f"a b/c{suffix}{'.gz' * packed}"
    page = only(tmp_path, name, gzip.compress(data) if packed else data)
    assert isinstance(page, RawPage)
    assert (page.document_id, page.text) == (name, "<p>Grüße</p>")


def test_json_lines(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": "One.", "title": "T", "date": "2020-01-02"},
        {"html": "<p>Two</p>", "url": "u"},
        {"id": 7, "text": ""},
    ]
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + '\n{"id": broken\n{"id": "a", "text": "again"}\n[1]\n')
    pages = all_of(path)
    assert [page.document_id for page in pages] == [
        "x.jsonl#a",
        "x.jsonl#2",
        "x.jsonl#@3",
        "x.jsonl#@4",
        "x.jsonl#a#@5",
        "x.jsonl#@twice-5",
        "x.jsonl#@6",
    ]
    assert [isinstance(page, Rejected) for page in pages] == [False, False, True, True, False, True, True]
    assert isinstance(pages[0], RawPage)
    assert (pages[0].title, pages[0].date, pages[0].source.media_type) == ("T", "2020-01-02", "text/plain")
    assert isinstance(pages[1], RawPage)
    assert (pages[1].source.media_type, pages[1].source.url) == ("text/html", "u")
    reasons = [page.reason for page in pages if isinstance(page, Rejected)]
    assert all(reason.startswith(("x.jsonl line", "x.jsonl document 5")) for reason in reasons)
    kept = "another document before it has its id; it was kept as 'x.jsonl#a#@5'."
    assert reasons[2] == f"x.jsonl document 5: {kept}"


def test_a_line_that_is_rejected_takes_no_id_of_a_record(tmp_path: Path) -> None:
    lines = [{"text": "One."}, "none", {"id": "2", "text": "Two."}, {"id": "@2", "text": "Three."}]
    lines += [{"id": r"\x402", "text": "Four."}, {"id": "a#@2", "text": "Five."}, {"id": "1", "text": "Six."}]
    found = all_of(write(tmp_path, "x.jsonl", "\n".join(map(json.dumps, lines)).encode()))
    assert [one.document_id.removeprefix("x.jsonl#") for one in found] == [
        "1", "@2", "2", r"\x402", r"\x5cx402", r"a#\x402", "1#@7", "@twice-7"
    ]  # fmt: skip


def test_no_two_inputs_share_a_name(tmp_path: Path) -> None:
    names = [b"a\xff.txt", rb"a\xff.txt", rb"a\x5cxff.txt", b"a\xfe.txt", rb"a\b.txt", b"c#1.txt"]
    inside = [b"c.jsonl#x.txt", rb"c.jsonl\x23x.txt", b"c.jsonl#y/d.txt", b"c.jsonl"]
    for name in (*names, *inside):
        path = tmp_path / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"id": "x.txt", "text": "Zinc binds it."}\n{"id": "y/d.txt", "text": "Zinc binds it."}')
    found = [document.document_id for one in find(str(tmp_path)) for document in read(one, 1000)]
    assert len(set(found)) == len(names) + len(inside) + 1 == len(found)
    assert {r"a\b.txt", "c#1.txt", r"c.jsonl\x23x.txt", "c.jsonl#x.txt", r"a\xff.txt", r"a\x5cxff.txt"} <= set(found)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.html", b"", "empty"),
        ("a.html", b" \n ", "only white space"),
        ("a.txt", b"\x89PNG\r\n" + bytes(100), "binary"),
        ("a.html", b"x" * (LIMIT + 1), "larger than 100,000"),
        ("a.html.gz", gzip.compress(bytes(LIMIT * 50)), "larger than 100,000"),
        ("a.html.gz", gzip.compress(str(list(range(900))).encode())[:300], "cannot be read"),
        ("a.html.gz", b"no gzip", "cannot be read"),
        ("a.docx", b"x", "are not read"),
        ("a", b"x", "are not read"),
    ],
)
def test_bad_files_are_rejected_with_a_reason(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    result = only(tmp_path, name, data)
    assert isinstance(result, Rejected)
    assert result.reason.startswith(f"{name}: ")
    assert says in result.reason
    assert result.reason.endswith(".")


def test_type_by_content_where_the_suffix_lies(tmp_path: Path) -> None:
    page = only(tmp_path, "a.txt", b"<!DOCTYPE html><html><body><p>x</p></body></html>")
    text = only(tmp_path, "b.html", b"Just a line of text.")
    assert isinstance(page, RawPage)
    assert isinstance(text, RawPage)
    assert (page.source.media_type, text.source.media_type) == ("text/html", "text/plain")


def test_inputs_are_sorted_and_hidden_files_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", ".hidden/x.txt", ".x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [one.name for one in find(str(tmp_path))] == ["a/z.txt", "b.txt"]


def test_lone_surrogates_become_writable(tmp_path: Path) -> None:
    page = only(tmp_path, "x.jsonl", b'{"text": "a \\ud800 b"}')
    assert isinstance(page, RawPage)
    assert page.text.encode("utf-8").decode() == "a \ufffd b"


def test_one_page_is_the_same_in_every_container(tmp_path: Path, tools: Tools) -> None:
    states = {}
    for name, make in MAKERS.items():
        (page,) = all_of(write(tmp_path, name, make(PAGE)))
        assert isinstance(page, RawPage), page
        assert page.text == PAGE
        assert page.source.url == ("" if name.startswith(("page", "book")) else URL)
        states[name] = process(page, tools)
    first = states["page.html"]
    assert isinstance(first, Findings)
    assert len(first.relations) > 2
    for name, state in states.items():
        assert isinstance(state, Findings), name
        assert state.clean.text.text == first.clean.text.text, name
        assert (state.clean.blocks, state.sentences, state.relations) == (
            first.clean.blocks,
            first.sentences,
            first.relations,
        ), name


def test_every_suffix_has_a_container_in_the_tests() -> None:
    made = {kind.suffixes for name in MAKERS if (kind := kind_of(name)[0])}
    assert {kind.suffixes for kind in READERS[3:]} <= made, "add a maker for the new reader to tests/containers.py"


@pytest.mark.parametrize("name", WIRE)
def test_bodies_as_servers_send_them(tmp_path: Path, name: str) -> None:
    headers, pack = WIRE[name]
    record = warc_record(http_response(pack(PAGE.encode()), *headers))
    (page,) = all_of(write(tmp_path, "a.warc", record))
    assert isinstance(page, RawPage), page
    assert page.text == PAGE


def test_the_charset_of_the_transport_is_believed(tmp_path: Path) -> None:
    payload = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-2\r\n\r\n" + "<p>Łódź, żółć".encode(
        "iso8859-2"
    )
    (page,) = all_of(write(tmp_path, "a.warc", warc_record(payload)))
    assert isinstance(page, RawPage)
    assert page.text == "<p>Łódź, żółć"


@pytest.mark.parametrize("packed", [False, True])
def test_a_warc_that_breaks_off_gives_what_it_holds(tmp_path: Path, packed: bool) -> None:
    records = [warc_record(http_response(PAGE.encode()), number=number) for number in (1, 2, 3)]
    data = b"".join(gzip.compress(record) for record in records) if packed else b"".join(records)
    cut = len(data) - len(gzip.compress(records[0]) if packed else records[0]) // 2
    found = all_of(write(tmp_path, "a.warc" + ".gz" * packed, data[:cut]))
    pages = [page for page in found if isinstance(page, RawPage)]
    assert [page.text == PAGE for page in pages] == [True, True, False]
    assert PAGE.startswith(pages[2].text.rstrip("\ufffd"))
    assert "record 3: the file breaks off within this record" in reasons(found)[0]
    assert len({one.document_id for one in found}) == len(found)


@pytest.mark.parametrize("wrong", [-200, 30])
def test_a_warc_is_read_on_behind_a_broken_record(tmp_path: Path, wrong: int) -> None:
    payload = http_response(PAGE.encode())
    good = [warc_record(payload, number=number) for number in (1, 3)]
    broken = warc_record(payload, number=2, length=len(payload) + wrong)
    found = all_of(write(tmp_path, "a.warc", good[0] + broken + good[1] + good[1].replace(b"003>", b"004>")))
    pages = {page.document_id[-3:]: page.text for page in found if isinstance(page, RawPage)}
    assert pages["001"] == pages["004"] == PAGE
    assert len(pages) >= 3
    assert "no WARC record begins where one should" in reasons(found)[0]


def test_what_is_no_page_is_passed_over_and_errors_are_said(tmp_path: Path) -> None:
    missing = warc_record(http_response(b"<p>Not found", status="404 Not Found"))
    moved = warc_record(http_response(b"", status="301 Moved"), number=2)
    robots = warc_record(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *", uri=f"{URL[:19]}/robots.txt"
    )
    odd = warc_record(http_response(b"x", "Content-Encoding: quantum"), number=3)
    plain = warc_record(b"Sleep clears waste from the brain.", "conversion", 4)
    found = all_of(write(tmp_path, "a.warc", missing + moved + robots + odd + plain))
    assert [isinstance(one, Rejected) for one in found] == [True, True, False]
    assert "the server answered 404" in reasons(found)[0]
    assert "'quantum' is not known" in reasons(found)[1]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"5\r\nabcde\r\n0\r\n\r\n", b"abcde"),
        (b"5;name=value\r\nabcde\r\n2\r\nfg\r\n0\r\n\r\n", b"abcdefg"),
        (b"2\r\nabcde\r\n2\r\nfg\r\n0\r\n\r\n", b"abcdefg"),
        (b"ffff\r\nabcde\r\n2\r\nfg\r\n0\r\n\r\n", b"abcdefg"),
        (b"5\r\nabc", b"abc"),
        (b"<p>no chunks", b"<p>no chunks"),
        (b"", b""),
    ],
)
def test_chunks(body: bytes, expected: bytes) -> None:
    assert dechunked(body) == expected


def test_members_of_a_book_and_what_it_lacks(tmp_path: Path) -> None:
    path = write(tmp_path, "a.epub", containers.epub(PAGE))
    with zipfile.ZipFile(path) as book:
        kept = {name: book.read(name) for name in book.namelist()}
    del kept["OEBPS/text/article 1.xhtml"]
    with zipfile.ZipFile(path, "w") as book:
        for name, data in kept.items():
            book.writestr(name, data)
    assert reasons(all_of(path)) == ["a.epub OEBPS/text/article 1.xhtml: the archive lacks it."]


@pytest.mark.parametrize(
    "name", ["crawl.jsonl.zst", "crawl.warc.gz", "page.html.gz", "book.epub", "export.xml", "saved.mhtml"]
)
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_cut_file_says_so_or_gives_its_text(tmp_path: Path, name: str, part: float) -> None:
    data = MAKERS[name](PAGE)
    found = all_of(write(tmp_path, name, data[: int(len(data) * part)]))
    for reason in reasons(found):
        assert reason.startswith(name)
        assert "please report" not in reason
    assert reasons(found) or name == "saved.mhtml"


@pytest.mark.parametrize("name", ["a.warc", "a.mhtml", "a.epub", "a.xml", "a.jsonl", "a.warc.gz", "a.jsonl.zst"])
@pytest.mark.parametrize(
    "data", [b"", b"\0" * 50, b"no such thing\n" * 20, bytes(range(256)) * 9, b"<rss", b"WARC/1.0\r\n\r\n"]
)
def test_what_is_no_container_gives_reasons_and_no_pages(tmp_path: Path, name: str, data: bytes) -> None:
    found = all_of(write(tmp_path, name, data))
    assert all(isinstance(one, Rejected) for one in found)
    assert reasons(found) or not data.strip(b"\0") or data.startswith(b"WARC")
    assert not any("please report" in reason for reason in reasons(found))


@pytest.mark.parametrize("name", MAKERS)
def test_damage_of_any_kind_gives_pages_or_reasons(tmp_path: Path, name: str) -> None:
    chance, whole = random.Random(name), MAKERS[name](PAGE)
    for _ in range(60):
        path = write(tmp_path, name, mutation.mutated(whole, chance))
        assert mutation.complaint(path) == ""


def test_an_impossible_length_in_a_warc(tmp_path: Path) -> None:
    record = warc_record(http_response(PAGE.encode())).replace(
        b"Content-Length: ", b"Content-Length: 99999999999999999999"
    )
    found = all_of(write(tmp_path, "a.warc", record + record))
    assert reasons(found)
    assert not any("please report" in reason for reason in reasons(found))


def test_what_a_record_holds_beyond_its_length_is_said(tmp_path: Path) -> None:
    payload = http_response(PAGE.encode())
    records = [warc_record(payload, length=len(payload) - 4), warc_record(payload, number=2)]
    found = all_of(write(tmp_path, "a.warc", b"".join(records)))
    assert [isinstance(one, Rejected) for one in found] == [False, True, False]
    assert "record 1: more of it follows than its length says" in reasons(found)[0]


def test_a_bomb_costs_no_more_than_the_limit(tmp_path: Path) -> None:
    bomb = zstandard.compress(bytes(200_000_000), 19)
    stream = DecompressedStream(io.BytesIO(bomb), "zstd")
    assert len(io.BufferedReader(stream).read(1000)) == 1000
    assert len(stream._ready) < 40_000_000
    assert "larger than" in reasons(all_of(write(tmp_path, "a.html.zst", bomb)))[0]


def test_entities_of_xml_are_not_expanded(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.txt", b"hidden")
    lines = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY b "bomb"><!ENTITY c "&b;&b;&b;&b;">]>'
    data = containers.wordpress(PAGE).replace(b"<rss", lines.encode() + b"<rss").replace(b"Naps", b"Naps &x; &c;")
    found = all_of(write(tmp_path, "a.xml", data))
    assert not any("hidden" in repr(one) or "bomb" in repr(one) for one in found)


@pytest.mark.parametrize("size", [10, 4_000, 5_000, 40_000, 90_000])
def test_an_export_of_any_size_is_whole(tmp_path: Path, size: int) -> None:
    page = PAGE.replace("</article>", f"<p>{'word ' * (size // 5)}</p></article>")
    (found,) = all_of(write(tmp_path, "a.xml", containers.wordpress(page)))
    assert isinstance(found, RawPage)
    assert found.text == page


def test_posts_in_the_bin_and_control_characters(tmp_path: Path) -> None:
    data = containers.wordpress(PAGE).replace(b"Caffeine", b"Caffe\x0bine")
    (page,) = all_of(write(tmp_path, "a.xml", data))
    assert isinstance(page, RawPage)
    assert "Caffe ine" in page.text
    assert (page.title, page.date) == ("Naps", "2024-05-01 10:00:00")
    gone = data.replace(b"<wp:status>publish", b"<wp:status>trash")
    assert reasons(all_of(write(tmp_path, "b.xml", gone))) == ["b.xml item 2: its status is trash."]


def test_addresses_of_fsspec(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("a/x.html", PAGE)
        archive.writestr(".hidden/y.html", PAGE)
    (source,) = find(f"zip://::{tmp_path}/pages.zip")
    (page,) = read(source, LIMIT)
    assert isinstance(page, RawPage)
    assert (page.document_id, page.text) == ("a/x.html", PAGE)
    write(tmp_path, "b/z.txt", b"Sleep restores attention.")
    (local,) = find(f"file://{tmp_path}/b")
    assert [one.document_id for one in read(local, LIMIT)] == ["z.txt"]
    (named,) = find(str(tmp_path / "b/z.txt"))
    assert named.name == "z.txt"


@pytest.mark.parametrize("address", ["nosuch://x/y", "file:///no/such/folder", "zip://::/no/such.zip", "s3://bucket/x"])
def test_an_address_that_leads_nowhere_is_said_in_a_sentence(address: str) -> None:
    with pytest.raises(UserError, match=address.split(":")[0]):
        find(address)


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_json_lines_with_a_byte_order_mark(tmp_path: Path, mark: str) -> None:
    lines = '{"id": "é", "text": "One."}\n\n{"id": 2, "content": "Two.", "published": "2020-01-02"}'
    pages = all_of(write(tmp_path, "a.jsonl", lines.encode(mark)))
    assert [(page.document_id, page.text, page.date) for page in pages if isinstance(page, RawPage)] == [
        ("a.jsonl#é", "One.", ""),
        ("a.jsonl#2", "Two.", "2020-01-02"),
    ]


@pytest.mark.parametrize("mark", ["utf-16", "utf-32"])
def test_wide_lines_are_read_to_their_end(tmp_path: Path, mark: str) -> None:
    lines = [json.dumps({"id": n, "text": f"{n} é" * (200 if n % 50 else LIMIT)}) for n in range(2_000)]
    pages = all_of(write(tmp_path, "a.jsonl", "\n".join(lines).encode(mark)))
    assert [page.text for page in pages if isinstance(page, RawPage)] == [
        f"{n} é" * 200 for n in range(2_000) if n % 50
    ]
    assert [page.document_id for page in pages if isinstance(page, Rejected)] == [
        f"a.jsonl#@{n + 1}" for n in range(0, 2_000, 50)
    ]


def test_zeros_are_no_work_and_an_empty_container_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(bytes(64_000_000), 1))
    begun = time.process_time()
    (found,) = all_of(tmp_path / "a.warc.gz")
    assert time.process_time() - begun < 10
    assert isinstance(found, Rejected)
    assert "no WARC record begins where one should" in found.reason
    (empty,) = all_of(write(tmp_path, "b.jsonl", b"\n\n"))
    assert isinstance(empty, Rejected)
    assert empty.reason == "b.jsonl: there is no document in it."


def test_a_limit_ends_the_reading_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(warc_record(http_response(PAGE.encode())) + b"\n" * 30_000_000)
    with limited(1, 2000):
        page, rest = all_of(tmp_path / "a.warc")
    assert isinstance(page, RawPage)
    assert isinstance(rest, Rejected)
    assert "took more than max_seconds = 1" in rest.reason


def test_a_line_that_is_too_long_costs_that_line_only(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "long", "text": "a" * 300_000}), json.dumps({"id": "b", "text": "Short."})]
    long, short = all_of(write(tmp_path, "a.jsonl", "\n".join(lines).encode()))
    assert isinstance(long, Rejected)
    assert "line 1: larger than" in long.reason
    assert isinstance(short, RawPage)


def test_odd_entries_of_a_folder_neither_stop_the_listing_nor_share_a_name(tmp_path: Path) -> None:
    for name in (b"\xff.txt", b"\xfe.txt"):
        (tmp_path / os.fsdecode(name)).write_text("Zinc binds it.")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    found = {one.name: list(read(one, 1000)) for one in find(str(tmp_path))}
    assert set(found) == {r"\xff.txt", r"\xfe.txt", "loop.txt", "pipe.txt"}
    refused = {name: documents[0].reason for name, documents in found.items() if isinstance(documents[0], Rejected)}
    assert set(refused) == {"loop.txt", "pipe.txt"}
    assert "not a regular file" in refused["pipe.txt"]


def test_files_that_are_swapped_are_seen_to_have_changed(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"This is {name}.")
        os.utime(tmp_path / name, (1, 1))
    before = find(str(tmp_path))
    for source, target in (("a.txt", "c"), ("b.txt", "a.txt"), ("c", "b.txt")):
        (tmp_path / source).rename(tmp_path / target)
    assert all(one.state != two.state for one, two in zip(before, find(str(tmp_path)), strict=True))
