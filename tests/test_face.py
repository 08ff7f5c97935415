"""The front door: what people call from Python, and what they are told when a call is wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline import Document, PipelineError, RawPage, Rejected, Settings, clean, clean_many, read, run
from pipeline.readers.inputs import find
from pipeline.records import Source
from pipeline.stages import Tools, process
from tests.conftest import ROOT
from tests.helpers import pipeline as command
from tests.helpers import raw, rows

PAGE = "<html><body><h1>Caffeine</h1><p>Caffeine blocks adenosine receptors ,fast.</p></body></html>"
RAW = ROOT / "raw"


def test_importing_loads_neither_spacy_nor_pandas() -> None:
    code = "import sys, pipeline; print([m for m in ('spacy', 'pandas', 'numpy', 'lxml', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- clean. -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "media_type", "kind"),
    [
        (PAGE, None, "text/html"),
        (PAGE.encode("utf-16"), None, "text/html"),
        ("Caffeine blocks adenosine receptors.", None, "text/plain"),
        ("# Caffeine\n\nIt blocks adenosine receptors.", "text/markdown", "text/markdown"),
        ("<p>Caffeine</p>", "text/plain", "text/plain"),
    ],
)
def test_the_kind_is_told_by_content_unless_it_is_given(source: Any, media_type: Any, kind: str) -> None:
    document = clean(source, media_type=media_type)
    assert document.origin.media_type == kind
    assert document.document_id == "text"
    assert "affeine" in document.text


def test_a_file_gives_what_a_run_gives(tmp_path: Path) -> None:
    run(RAW, tmp_path / "out")
    given = {row["document_id"]: row for row in rows(tmp_path / "out" / "documents.jsonl")}
    for name in ("ketamine-and-glutamate.html", "serotonin-basics.md", "oxytocin.html.gz"):
        found = clean(RAW / name).to_dict()
        assert found["document"] == given[name]
        for table in ("sentences", "mechanisms", "edits"):
            of_run = [row for row in rows(tmp_path / "out" / f"{table}.jsonl") if row["document_id"] == name]
            assert found[table] == of_run


def test_the_source_comes_back() -> None:
    document = clean(PAGE)
    assert document.source() == PAGE == pipeline.undo(document.text, document.edits)


def test_a_page_of_a_container_is_cleaned() -> None:
    pages = [page for page in read(RAW / "answers.jsonl") if isinstance(page, RawPage)]
    assert clean(pages[0]).document_id == "answers.jsonl#cortisol"


def test_the_limit_of_time_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_page: object, _tools: object) -> object:
        while True:
            pass

    from pipeline import stages

    monkeypatch.setattr(stages, "STAGES", (("repair", "", endless),))
    with pytest.raises(PipelineError, match="max_seconds = 1"):
        clean("Caffeine blocks receptors.", settings=Settings(max_seconds=1))


WRONG: list[tuple[Callable[[], object], str, str]] = [
    (lambda: clean(""), "the text is empty", "give a page"),
    (lambda: clean(b"  \n"), "the text is empty", "give a page"),
    (lambda: clean("page.html"), "'page.html' is the name of a file", "give Path('page.html')"),
    (lambda: clean("https://example.org/a"), "is an address", "give the text of the page"),
    (lambda: clean(Path("no-such.html")), "there is no file 'no-such.html'", "give a document"),
    (lambda: clean(RAW), "is a folder", "read() or run()"),
    (lambda: clean(RAW / "answers.jsonl"), "holds ", "go through read()"),
    (lambda: clean(RAW / "hopeless.html"), "hopeless.html: there is no main text", "saved before it had loaded"),
    (lambda: clean(b"%PDF-1.7 \x00\x01\x02"), "text: it is binary data", "give text, HTML or Markdown"),
    (lambda: clean("text", media_type="text/pdf"), "there is no media type 'text/pdf'", "text/html"),  # type: ignore[arg-type]
    (lambda: clean(["text"]), "not list", "given as text, bytes, a Path"),  # type: ignore[arg-type]
    (lambda: clean(None), "not NoneType", "given as text, bytes, a Path"),  # type: ignore[arg-type]
    (lambda: clean("text", settings={"scope": "any"}), "not dict", "pipeline.Settings"),  # type: ignore[arg-type]
    (lambda: Settings(scope="everything"), "scope must be body or any", "not 'everything'"),
    (lambda: Settings(max_seconds=0), "max_seconds must be 1 or more", "not 0"),
    (lambda: Settings(parquet=1), "parquet must be true or false", "not 1"),  # type: ignore[arg-type]
    (lambda: Settings(workers=True), "workers must be a whole number", "not True"),
    (lambda: Settings(model=None), "model must be text", "not None"),  # type: ignore[arg-type]
    (lambda: clean("text", settings=Settings(rules="no-such")), "no-such", "leave the setting rules empty"),
    (lambda: clean("Zinc binds.", settings=Settings(model="no_such")), "'no_such' is not installed", "shipped one"),
    (lambda: clean_many("text"), "not str", "give a list, or use clean"),
    (lambda: clean_many(5), "not int", "give a list"),  # type: ignore[arg-type]
    (lambda: clean_many([], workers=0), "workers must be", "not 0"),
    (lambda: read(b"raw"), "not bytes", "clean takes texts"),  # type: ignore[arg-type]
    (lambda: read("no-such"), "there is no folder or file 'no-such'", "give what holds"),
    (lambda: read(""), "'' names no folder or file", "give a path"),
    (lambda: run("", "out"), "'' names no folder or file", "give a path"),
    (lambda: run("raw", None), "not NoneType", "str or Path"),  # type: ignore[arg-type]
    (lambda: run("nowhere", "out"), "there is no folder or file 'nowhere'", "give what holds"),
    (lambda: Settings(max_seconds=10**30), "max_seconds must be 1,000,000,000 or less", "not 1000"),
    (lambda: pipeline.undo("x", None), "not NoneType", "Document.edits"),  # type: ignore[arg-type]
    (lambda: pipeline.undo("x", [{}]), "needs the column 'stage'", "give a row of edits.jsonl"),
    (lambda: pipeline.explain(5), "not int", "the id of a rule"),  # type: ignore[arg-type]
    (lambda: clean(RawPage("x", None, "Sleep.")), "source must be Source", "not NoneType"),  # type: ignore[arg-type]
    (lambda: run("raw", "out", to="contents"), "there is no stage 'contents'", "repair, content"),
    (lambda: run("raw", "out", engine="threads"), "there is no engine 'threads'", "serial, local, ray"),
    (lambda: run(RAW, RAW), "written over the inputs", "give another folder"),
    (lambda: pipeline.undo(b"text", []), "not bytes", "decode it first"),  # type: ignore[arg-type]
    (lambda: pipeline.explain("no_such_rule"), "no rule, edit or mechanism 'no_such_rule'", "rules"),
    (lambda: RawPage("a", Source("a", "text/html", ""), b"x"), "not bytes", "decode it first"),  # type: ignore[arg-type]
    (lambda: Source("a", "text/pdf", ""), "there is no media type 'text/pdf'", "text/markdown"),
]


@pytest.mark.parametrize(("call", "what", "next_step"), WRONG, ids=[what for _, what, _ in WRONG])
def test_a_wrong_call_is_told_in_a_sentence(
    call: Callable[[], object], what: str, next_step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PipelineError) as error:
        call()
    said = str(error.value)
    assert what in said
    assert next_step in said
    assert said.endswith(".")


def test_nothing_is_made_by_a_wrong_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PipelineError):
        run("nowhere", "out")
    (tmp_path / "bad.zip").write_bytes(b"PK123")
    with pytest.raises(PipelineError, match="bad"):
        read("zip://::bad.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.zip"]


def test_a_page_is_read_as_what_it_is_said_to_be() -> None:
    page = raw("<p>Sleep</p>")
    assert clean(page).text == "Sleep"
    assert clean(page, media_type="text/plain").origin.media_type == "text/plain"


def test_edits_of_another_text_are_told() -> None:
    document = clean("Ketamine blocks receptors ,fast ,and well .")
    rows_of_edits = document.to_dict()["edits"]
    assert len(rows_of_edits) >= 3
    assert pipeline.undo(document.text, reversed(rows_of_edits)) == document.source()
    for text, edits in (
        ("another text, of another document.", rows_of_edits),
        (document.text, rows_of_edits[1:]),
        (document.text, rows_of_edits + rows_of_edits),
    ):
        with pytest.raises(PipelineError, match="does not fit the text"):
            pipeline.undo(text, edits)


def test_every_rule_that_is_written_can_be_explained() -> None:
    texts = [PAGE, "Caffeine reduces the activity of neurons. Light suppresses melatonin ,which helps sleep."]
    outcomes = [*clean_many(texts), *clean_many(read(RAW))]
    documents = [one for one in outcomes if isinstance(one, Document)]
    found = {edit.rule for one in documents for edit in one.edits}
    found |= {mechanism.rule for one in documents for mechanism in one.mechanisms}
    assert any("+" in rule for rule in found)
    assert any("/" in rule for rule in found)
    for rule in found:
        assert pipeline.explain(rule)


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.html").symlink_to("nowhere")
    with pytest.raises(PipelineError, match="there is no file"):
        clean(tmp_path / "a.html")
    (tmp_path / "b.pdf").write_bytes(b"text")
    with pytest.raises(PipelineError, match=r"b\.pdf: files with this ending are not read.*give another file"):
        clean(tmp_path / "b.pdf")


def test_a_folder_that_may_not_be_entered_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", denied)
    with pytest.raises(PipelineError, match=r"a\.html: cannot be read: permission denied; give another file"):
        clean(Path("closed/a.html"))


def test_threads_wait_for_each_other() -> None:
    texts = [f"Ketamine blocks NMDA receptors {number} times." for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(clean, texts))
    assert [document.source() for document in found] == texts
    assert all(len(document.mechanisms) == 1 for document in found)


def test_process_knows_its_stages(tools: Tools) -> None:
    with pytest.raises(PipelineError, match="there is no stage 'contents'"):
        process(raw(PAGE), tools, "contents")


# --- clean_many. ------------------------------------------------------------------------------------------

LIGHT = "Light suppresses melatonin."
MANY: list[Any] = [
    PAGE,
    "",
    RAW / "hopeless.html",
    Path("no-such.html"),
    b"%PDF-1.7 \x00",
    7,
    "Light suppresses melatonin.",
]
IDS = ["text-0", "text-1", "hopeless.html", "no-such.html", "text-4", "text-5", "text-6"]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_fails_is_rejected_in_its_place(workers: int) -> None:
    found = list(clean_many(MANY, workers=workers))
    assert [one.document_id for one in found] == IDS
    assert [isinstance(one, Document) for one in found] == [True, *[False] * 5, True]
    for one in found[1:-1]:
        assert isinstance(one, Rejected)
        assert one.document_id in one.reason
        assert one.reason.endswith(".")


def test_several_workers_give_the_same() -> None:
    pages = [page for page in read(RAW) if page.document_id.endswith(("html", "txt", "md"))]
    assert list(clean_many(pages, workers=2)) == list(clean_many(pages))


@pytest.mark.parametrize("workers", [1, 2])
def test_sources_are_taken_as_they_are_needed(workers: int) -> None:
    taken: list[int] = []

    def endless() -> Iterator[str]:
        number = 0
        while True:
            taken.append(number)
            yield f"Light suppresses melatonin {number} times."
            number += 1

    found = clean_many(endless(), workers=workers)
    assert [next(found).document_id for _ in range(3)] == ["text-0", "text-1", "text-2"]
    assert len(taken) <= 3 + workers * 4
    found.close()  # type: ignore[attr-defined]


def test_what_a_reader_rejected_is_handed_on() -> None:
    rejected = Rejected("a.html", "a.html", "read", "a.html: it is empty.")
    assert list(clean_many([rejected])) == [rejected]


# --- read and run. ----------------------------------------------------------------------------------------


def test_read_gives_the_pages_of_everything_in_a_folder() -> None:
    found = [page.document_id for page in read(RAW)]
    assert {name.partition("#")[0] for name in found} == {one.name for one in find(str(RAW))}
    assert found == [page.document_id for page in read(str(RAW))]


def test_run_does_what_the_command_does(tmp_path: Path) -> None:
    summary = run(RAW, tmp_path / "a")
    command("run", RAW, tmp_path / "b")
    for name in ("documents.jsonl", "mechanisms.csv", "edits.jsonl", "rejected.jsonl", "datapackage.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert summary.documents == len(rows(tmp_path / "a" / "documents.jsonl"))
    assert run(RAW, tmp_path / "a").up_to_date
