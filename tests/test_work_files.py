"""Work files: what is done once is not done again, and what is done again is the same."""

from __future__ import annotations

import ast
import errno
import gzip
import io
import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipeline import Document, content, mechanisms, readers, repair, stages
from pipeline.errors import UserError
from pipeline.export import rows
from pipeline.export.names import Row
from pipeline.limits import LimitError
from pipeline.readers import read
from pipeline.readers.inputs import Input, find
from pipeline.records import CleanArticle, Findings, RawPage, Rejected
from pipeline.running import engines, isolation, layout, run, saved, work_files
from pipeline.running.attempts import MAX_DEATHS, charge
from pipeline.running.fingerprints import (
    AFTER_CONTENT,
    BEFORE_MECHANISMS,
    LIBRARIES,
    READ_BY_NO_STAGE,
    Fingerprints,
    decides,
    fingerprints,
)
from pipeline.settings import Settings
from pipeline.stages import Tools, process
from pipeline.version import CODE
from tests.conftest import ROOT
from tests.containers import PAGE, http_response, warc_record
from tests.helpers import raw

TEXTS = ("Ketamine blocks NMDA receptors ,and it may release glutamate.", "Light suppresses melatonin.", PAGE)
KEYS = Fingerprints("whole", "article", "mechanisms")


def job(folder: Path, name: str, keys: Fingerprints = KEYS) -> work_files.Job:
    (found,) = (one for one in find(str(folder)) if one.name == name)
    (only,) = work_files.jobs(found, keys, folder, Settings(), "mechanisms")
    return only


def done(folder: Path, name: str, keys: Fingerprints = KEYS) -> list[Row]:
    return list(work_files.rows_of(work_files.run_job(job(folder, name, keys)).work))


def processed_ids(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents that are processed from now on."""
    asked: list[str] = []

    def process(page: RawPage, *rest: Any) -> object:
        asked.append(page.document_id)
        return original(page, *rest)

    original = stages.process
    monkeypatch.setattr(stages, "process", process)
    return asked


def forbid(monkeypatch: pytest.MonkeyPatch, *modules: object) -> None:
    for module, name in zip(modules, ("repair", "content", "find_mechanisms"), strict=False):
        monkeypatch.setattr(module, name, None)


@pytest.mark.parametrize("path", sorted((ROOT / "raw").glob("*.[hmt]*")), ids=lambda path: path.name)
def test_saved_states_come_back_as_they_were(tools: Tools, path: Path) -> None:
    text = path.read_text("utf-8") if path.suffix != ".gz" else PAGE
    state = process(raw(text), tools)
    if isinstance(state, Findings):
        article = json.loads(json.dumps(saved.dump_article(state.clean.article)))
        assert saved.article(state.clean.article.page.raw, article) == state.clean.article
        assert saved.findings(state.clean, json.loads(json.dumps(saved.dump_findings(state)))) == state


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [json.dumps({"id": str(number), "text": text}) for number, text in enumerate(TEXTS)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    return tmp_path


def test_a_touched_file_is_read_and_no_document_is_redone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = done(folder, "a.jsonl")
    (folder / "a.jsonl").write_bytes((folder / "a.jsonl").read_bytes() + b"\n")
    monkeypatch.setattr(stages, "process", None)
    assert done(folder, "a.jsonl") == before


def test_signatures_say_where_the_text_of_a_document_is(tmp_path: Path) -> None:
    texts = {"a.jsonl#α": "β-carotene quenches ¹O₂ 🌱.", "a.jsonl#x": "Light suppresses melatonin."}
    lines = [json.dumps({"id": name.partition("#")[2], "text": text}) for name, text in texts.items()]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    made = work_files.run_job(job(tmp_path, "a.jsonl")).work
    signatures = map(json.loads, work_files.signatures_path(made).read_text().splitlines())
    assert {document_id: work_files.text_at(made, at) for document_id, *_, at in signatures} == texts


def test_signatures_of_another_version_are_never_beside_a_work_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = work_files.run_job(job(folder, "a.jsonl"))
    (folder / "a.jsonl").write_text('{"id": "x", "text": "Light suppresses melatonin."}')
    replace = Path.replace

    def dies(path: Path, target: Path) -> Path:
        if target == first.work:  # the process ends before the new work file is in place
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        work_files.run_job(job(folder, "a.jsonl"))
    assert len(work_files.signatures_path(first.work).read_text().splitlines()) == 1
    assert not work_files.is_done(first)


def test_a_limit_that_is_reached_between_two_documents_rejects_the_rest(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pages(*_given: object) -> Iterator[RawPage]:
        yield raw(TEXTS[0])
        raise LimitError("it took more than max_seconds = 1 of computing time")

    monkeypatch.setattr(readers, "steps", pages)
    tables = [row for row in done(folder, "a.jsonl") if row.table in ("documents", "rejected")]
    assert [row.table for row in tables] == ["documents", "rejected"]
    assert tables[1].values["reason"] == "a.jsonl: it took more than max_seconds = 1 of computing time."


class _Failing(io.RawIOBase):
    """A file whose reading fails at a byte."""

    def __init__(self, data: bytes, at: int, error: Exception) -> None:
        self.data, self.at, self.error, self.place = data, at, error, 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def readinto(self, buffer: Any) -> int:
        if self.place >= self.at:
            raise self.error
        piece = self.data[self.place : min(self.place + len(buffer), self.at)]
        buffer[: len(piece)] = piece
        self.place += len(piece)
        return len(piece)


def failing(monkeypatch: pytest.MonkeyPatch, path: Path, at: int, error: Exception) -> None:
    @contextmanager
    def open_file(_source: Input) -> Iterator[io.RawIOBase]:
        yield _Failing(path.read_bytes(), at, error)

    monkeypatch.setattr(readers, "open_file", open_file)


LOST = OSError(errno.ECONNRESET, "connection reset by peer")


@pytest.mark.parametrize("error", [LOST, LimitError("it took too long"), MemoryError()])
def test_every_part_that_cannot_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"id": str(n), "text": "x" * 90}) + "\n" for n in range(100)))
    (source,) = find(str(tmp_path))
    failing(monkeypatch, tmp_path / "a.jsonl", 5_000, error)
    last = [list(read(source, 1000, range(at, at + 4_000)))[-1] for at in range(0, 12_000, 4_000)]
    rejected = [one for one in last if isinstance(one, Rejected)]
    assert [one.document_id for one in rejected] == ["a.jsonl#@rest-4000", "a.jsonl#@rest-8000"]
    assert {one.transient for one in rejected} == {error is LOST}


def test_what_the_network_kept_from_being_read_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as at_first:
        failing(at_first, folder / "a.jsonl", 60, LOST)
        broken = work_files.run_job(job(folder, "a.jsonl"))
        assert [row.values["reason"] for row in work_files.rows_of(broken.work) if row.table == "rejected"] == [
            "a.jsonl: cannot be read: connection reset by peer; the next run tries again."
        ]
        assert not work_files.is_done(broken)
    assert len([row for row in done(folder, "a.jsonl") if row.table == "documents"]) == len(TEXTS)
    assert work_files.is_done(broken)


def test_a_stage_that_the_machine_fails_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def content(*_given: object) -> object:
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as at_first:
        at_first.setattr(stages, "STAGES", (("content", "", content),))
        rejected = done(folder, "a.jsonl")
    assert {row.table for row in rejected} == {"rejected"}
    assert {row.values["reason"].partition(": ")[2] for row in rejected} == {
        "no space left on device; the next run tries again."
    }
    assert len([row for row in done(folder, "a.jsonl") if row.table == "documents"]) == len(TEXTS)


def test_a_document_whose_rows_cannot_be_written_is_rejected(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = rows.document_of
    calls: list[int] = []

    def spoilt(state: stages.State, rules_hash: str) -> Document:
        calls.append(1)
        document = original(state, rules_hash)
        return replace(document, title="\ud800") if len(calls) == 1 else document

    monkeypatch.setattr(rows, "document_of", spoilt)
    found = done(folder, "a.jsonl")
    assert [row.table for row in found if row.table in ("documents", "rejected")][:2] == ["rejected", "documents"]
    reason = next(row.values["reason"] for row in found if row.table == "rejected")
    assert "its rows cannot be written (UnicodeEncodeError" in reason


def test_a_work_file_that_lost_its_end_is_done_anew(folder: Path) -> None:
    whole = done(folder, "a.jsonl")
    made = job(folder, "a.jsonl").work
    lines = made.read_bytes().splitlines(keepends=True)
    for kept in (b"".join(lines[:-1]), b"".join(lines[:3]), b"".join(lines)[:-400], b"", b"\0" * 4096):
        made.write_bytes(kept)
        assert not work_files.is_done(job(folder, "a.jsonl"))
        assert done(folder, "a.jsonl") == whole
    work_files.signatures_path(made).write_bytes(b"")
    assert not work_files.is_done(job(folder, "a.jsonl"))


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
def test_of_a_damaged_work_file_only_the_damaged_document_is_redone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, at: float
) -> None:
    before = done(folder, "a.jsonl")
    one = job(folder, "a.jsonl")
    data = bytearray(one.work.read_bytes())
    data[int(len(data) * at)] ^= 4
    one.work.write_bytes(data)
    assert work_files.is_done(one)
    assert not work_files.is_sound(one)
    asked = processed_ids(monkeypatch)
    assert done(folder, "a.jsonl") == before
    assert len(asked) == 1


def test_a_line_that_reads_as_one_of_the_layout_hides_no_damage(folder: Path) -> None:
    one = work_files.run_job(job(folder, "a.jsonl"))
    whole = one.work.read_bytes()
    lines = whole.splitlines(keepends=True)
    head = next(number for number, line in enumerate(lines) if number > 1 and line.startswith(b'["key"'))
    for spoilt in (
        [*lines[:head], b"\0" * len(lines[head]), *lines[head + 1 :]],
        [*lines[:head], b'["key", "x", "y", 100000000000000000000, 0]\n', *lines[head + 1 :]],
        [*lines[:head], b'["key", "x", "y", -5, 0]\n', *lines[head:]],
        [*lines[:head], *lines[-1:]],
    ):
        one.work.write_bytes(b"".join(spoilt))
        assert work_files.is_sound(one) == (
            spoilt == [*lines[:head], *lines[-1:]]
        )  # a file of fewer documents is whole


def test_what_was_quarantined_is_tried_again_where_memory_has_changed(folder: Path) -> None:
    one = job(folder, "a.jsonl")
    for _ in range(MAX_DEATHS):
        one.work.with_suffix(".attempt").write_text(json.dumps([1, "a.jsonl#1", one.key]))
        assert charge(one.work, one.key) == "a.jsonl#1"
    aside = [row.values for row in work_files.rows_of(work_files.run_job(one).work) if row.table == "rejected"]
    assert [(row["document_id"], row["stage"]) for row in aside] == [("a.jsonl#1", "run")]
    assert work_files.is_sound(one)
    assert work_files.was_quarantined(one.work)
    grown = replace(one, memory=one.memory + 8)
    assert not work_files.is_done(grown)
    assert isolation.run(grown) == grown  # in a process of its own
    assert not any(row.table == "rejected" for row in work_files.rows_of(grown.work))
    assert not work_files.was_quarantined(grown.work)


def test_a_job_that_ends_every_process_ends_the_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = job(folder, "a.jsonl")
    one.work.with_suffix(".attempt").write_text(json.dumps([1, "a.jsonl#1", one.key]))
    monkeypatch.setattr(isolation, "_ended", lambda _job: (-9, ""))
    with pytest.raises(UserError, match="worker processes keep dying"):
        isolation.run(one)
    monkeypatch.setattr(isolation, "_ended", lambda _job: (3, "the rules are wrong."))
    with pytest.raises(UserError, match="the rules are wrong"):
        isolation.run(one)


def test_only_the_changed_document_of_a_file_is_redone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = done(folder, "a.jsonl")
    lines = (folder / "a.jsonl").read_text().splitlines()
    (folder / "a.jsonl").write_text("\n".join([lines[0], lines[1].replace("Light", "Dim light"), lines[2]]))
    asked = processed_ids(monkeypatch)
    after = done(folder, "a.jsonl")
    assert asked == ["a.jsonl#1"]
    assert [row for row in after if row.values["document_id"] != "a.jsonl#1"] == [
        row for row in before if row.values["document_id"] != "a.jsonl#1"
    ]


def test_a_change_of_normalization_redoes_neither_repair_nor_content(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = done(folder, "a.jsonl")
    forbid(monkeypatch, repair, content, mechanisms)  # the clean text is the same, so nothing is parsed, either
    assert done(folder, "a.jsonl", Fingerprints("another", "article", "mechanisms")) == before


def test_a_change_of_repair_redoes_it_and_a_change_of_mechanisms_parses(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(folder, "a.jsonl")
    forbid(monkeypatch, repair)
    reasons = [row.values["reason"] for row in done(folder, "a.jsonl", Fingerprints("b", "b", "mechanisms"))]
    assert all("TypeError" in str(reason) for reason in reasons)
    monkeypatch.undo()
    done(folder, "a.jsonl")
    forbid(monkeypatch, repair, content, mechanisms)
    reasons = [row.values["reason"] for row in done(folder, "a.jsonl", Fingerprints("c", "article", "c"))]
    assert all("TypeError" in str(reason) for reason in reasons)


def test_a_text_that_reads_otherwise_is_parsed_again(tools: Tools) -> None:
    memory = work_files._Memory(raw(TEXTS[0]), "a", "m", _Known({}))
    state = process(raw(TEXTS[0], "text/plain"), tools)
    assert isinstance(state, Findings)
    again = work_files._Memory(raw(TEXTS[0]), "a", "m", _Known(json.loads(json.dumps(memory.states(state)))))
    assert again.recall("mechanisms", state.clean) == state
    other = process(raw(TEXTS[1], "text/plain"), tools, "normalize")
    assert isinstance(other, CleanArticle)
    assert again.recall("mechanisms", other) is None


class _Known(layout.PreviousWorkFile):
    def __init__(self, known: dict[str, object]) -> None:
        self._of_all = known

    def states(self, document_id: str) -> dict[str, object]:  # noqa: ARG002 (the same of every document)
        return self._of_all


def test_a_work_file_of_another_version_is_done_anew(folder: Path) -> None:
    before = done(folder, "a.jsonl")
    path = job(folder, "a.jsonl").work
    for spoilt in (b"", b"\0\xff", b'["key", 1]\n["key"', b'{"key": 5}\n["key", "a.jsonl#0", "x"]\n{}\n'):
        path.write_bytes(spoilt)
        assert done(folder, "a.jsonl") == before


def test_a_parser_that_has_read_very_much_is_loaded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    tools = stages.tools(Settings())
    assert tools.renewed() is tools
    first = process(raw("Ketamine blocks NMDA receptors.", "text/plain"), tools)
    monkeypatch.setattr(stages, "_REMEMBERED", 0)
    renewed = tools.renewed()
    assert renewed is not tools
    assert renewed.rules is tools.rules
    assert process(raw("Ketamine blocks NMDA receptors.", "text/plain"), renewed) == first


# --- Parts of large files. ------------------------------------------------------------------------------


def crawl() -> bytes:
    pages = (http_response(f"<p>{number} {'Zinc binds proteins. ' * 30}</p>".encode()) for number in range(300))
    return b"".join(
        warc_record(page, number=number, uri=f"https://e.org/{number}") for number, page in enumerate(pages)
    )


def lines_of_text() -> bytes:
    texts = (f"{number} {'Zinc binds proteins. ' * 30}" for number in range(300))
    return "\n".join(json.dumps({"text": text}) for text in texts).encode() + b"\n{broken\n"


def warc_by_record() -> bytes:
    return b"".join(gzip.compress(b"WARC/1.0" + record) for record in crawl().split(b"WARC/1.0")[1:])


LARGE = {
    "a.jsonl": lines_of_text(),
    "a.jsonl.gz": gzip.compress(lines_of_text(), 1),
    "a.jsonl.zst": zstandard.compress(lines_of_text(), 1),
    "a.warc": crawl(),
    "a.warc.gz": warc_by_record(),
}


@pytest.mark.parametrize("name", LARGE)
def test_parts_of_a_file_give_each_document_once_and_in_order(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(LARGE[name])
    source = find(str(tmp_path))[0]
    whole = list(read(source, 10_000))
    size = max(len(LARGE[name]) // 5, 1)
    parts = [list(read(source, 10_000, range(at, at + size))) for at in range(0, 6 * size, size)]
    assert [found for part in parts for found in part] == whole
    assert len(whole) >= 300
    if len(LARGE[name]) > 150_000:  # what is packed small is read at once
        assert len([part for part in parts if part]) > 2


def test_a_large_file_is_several_jobs_with_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(LARGE["a.jsonl"].splitlines()[:40]))
    (source,) = find(str(tmp_path))
    (whole,) = work_files.jobs(source, KEYS, tmp_path / "whole", Settings(), "normalize")
    monkeypatch.setattr(work_files, "PART", 10_000)
    parts = list(work_files.jobs(source, KEYS, tmp_path / "parts", Settings(), "normalize"))
    assert len(parts) == 3
    assert [one.size for one in parts] == [10_000, 10_000, source.size - 20_000]
    for one in (whole, *parts):
        one.work.parent.mkdir(exist_ok=True)
        work_files.run_job(one)
    assert [row for part in parts for row in work_files.rows_of(part.work)] == list(work_files.rows_of(whole.work))


def test_a_file_has_few_parts_however_large_it_is_and_keeps_them_when_it_grows() -> None:
    def parts(size: int) -> list[range]:
        source = Input("", "", "a.warc", "", size)
        return [one.part for one in work_files.jobs(source, KEYS, Path(), Settings(), "repair")]

    for size in (0, 1, work_files.PART, work_files.PART + 1, 10**8, 10**10):
        assert 1 <= len(parts(size)) <= 16
        assert [one.stop for one in parts(size)[:-1]] == [one.start for one in parts(size)[1:]]
    assert parts(10**8)[:-1] == parts(10**8 + 10**6)[:-1]
    assert len(list(work_files.jobs(Input("", "", "a.epub", "", 10**9), KEYS, Path(), Settings(), "repair"))) == 1


# --- What decides. --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted({*READ_BY_NO_STAGE, *AFTER_CONTENT, *BEFORE_MECHANISMS}))
def test_what_a_fingerprint_leaves_out_is_there(name: str) -> None:
    assert (CODE / name).exists(), "a file was renamed: name it anew in pipeline/running/fingerprints.py"


TEXT_AND_AFTER = {"text", "swaps", "words", "frames", "cues", "units", "notations"}
BEFORE = {"boilerplate", "endings", "text", "swaps", "swaps_by_phrase"}


@pytest.mark.parametrize(
    ("stage", "unread", "not_read"),
    [
        ("repair", AFTER_CONTENT, TEXT_AND_AFTER),
        ("content", AFTER_CONTENT, TEXT_AND_AFTER),
        ("mechanisms", BEFORE_MECHANISMS, BEFORE),
    ],
)
def test_a_stage_reads_nothing_that_its_fingerprint_leaves_out(
    stage: str, unread: tuple[str, ...], not_read: set[str]
) -> None:
    left_out = (*READ_BY_NO_STAGE, *unread)
    files = set(reached(CODE / stage))
    left = [name for name in files if not decides(name, left_out)]
    assert not left, f"{stage} imports {left}: keep them in its fingerprint"
    own = "".join(path.read_text("utf-8") for path in (CODE / stage).rglob("*.py"))
    assert not set(re.findall(r"\brules\.(\w+)", own)) & not_read


def reached(room: Path) -> Iterator[str]:
    """The files of the program that a stage's modules import, directly or not."""
    seen: set[Path] = set()
    waiting = list(room.rglob("*.py"))
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        yield path.relative_to(CODE).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "pipeline":
                base = CODE.joinpath(*node.module.split(".")[1:])
                named = [base / alias.name for alias in node.names] + ([base] if base != CODE else [])
                modules = [file for one in named for file in (one.with_suffix(".py"), one / "__init__.py")]
                waiting += [file for file in modules if file.is_file()]


def test_a_model_that_is_trained_anew_in_its_place_is_another_model(tmp_path: Path) -> None:
    def taken() -> Fingerprints:
        return fingerprints(Settings(model=str(tmp_path)), "mechanisms", tmp_path / "none" / "noted")

    (tmp_path / "weights").write_text("one")
    before = taken()
    assert taken() == before
    (tmp_path / "weights").write_text("two, longer")
    after = taken()
    assert before.article == after.article
    assert before.mechanisms != after.mechanisms
    assert before.whole != after.whole


def test_the_libraries_that_decide_are_those_that_the_project_depends_on() -> None:
    given = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    needed = {re.split(r"[^\w-]", one)[0] for one in given}
    assert needed - set(LIBRARIES) == {"click", "fsspec", "orjson", "pandas", "rich", "typer"}
    assert set(LIBRARIES) <= needed


def test_a_run_that_could_not_read_all_is_not_up_to_date(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def once() -> run.Summary:
        return run.run_in_folder(str(folder), folder / "out", Settings(), "content", engines.serial)

    with monkeypatch.context() as at_first:
        failing(at_first, folder / "a.jsonl", 60, LOST)
        assert once().rejected == 1
    summary = once()
    assert (summary.up_to_date, summary.rejected, summary.documents) == (False, 0, len(TEXTS))
    assert once().up_to_date
