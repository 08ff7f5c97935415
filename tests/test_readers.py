from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pipeline.paths import inputs
from pipeline.readers import READERS, read
from pipeline.records import RawPage, Rejected

LIMIT = 100_000


def only(folder: Path, name: str, data: bytes) -> RawPage | Rejected:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    (result,) = read(folder, path, LIMIT)
    return result


@pytest.mark.parametrize("suffix", [suffix for suffix in READERS if suffix != ".jsonl"])
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
    pages = list(read(tmp_path, path, LIMIT))
    assert [page.document_id for page in pages] == [
        "x.jsonl#a",
        "x.jsonl#2",
        "x.jsonl#3",
        "x.jsonl#4",
        "x.jsonl#a@5",
        "x.jsonl#6",
    ]
    assert [isinstance(page, Rejected) for page in pages] == [False, False, True, True, True, True]
    assert isinstance(pages[0], RawPage)
    assert (pages[0].title, pages[0].date, pages[0].source.media_type) == ("T", "2020-01-02", "text/plain")
    assert isinstance(pages[1], RawPage)
    assert (pages[1].source.media_type, pages[1].source.url) == ("text/html", "u")
    assert all("x.jsonl line" in page.reason for page in pages if isinstance(page, Rejected))


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.html", b"", "empty"),
        ("a.html", b" \n ", "empty"),
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
    assert [path.relative_to(tmp_path).as_posix() for path in inputs(tmp_path)] == ["a/z.txt", "b.txt"]


def test_lone_surrogates_become_writable(tmp_path: Path) -> None:
    page = only(tmp_path, "x.jsonl", b'{"text": "a \\ud800 b"}')
    assert isinstance(page, RawPage)
    assert page.text.encode("utf-8").decode() == "a \ufffd b"
