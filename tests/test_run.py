"""Whole runs through the command line: tables, data package, engines, make's second call, bad input."""

from __future__ import annotations

import csv
import gzip
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frictionless
import pandas as pd
import pytest

from pipeline import RawPage, Rejected, read
from pipeline.edits import Edit, undo
from pipeline.export.names import FILES
from pipeline.export.schema import flat_columns
from pipeline.export.tables import TABLES
from pipeline.readers.encoding import decode
from tests.conftest import ROOT
from tests.helpers import pipeline, rows

pytestmark = pytest.mark.end_to_end
ALL = {name for name, _ in FILES} | {
    "README.md",
    "datapackage.json",
    "documents.schema.json",
    "graph.json",
    "graph.graphml",
    "indra.json",
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out with a space")
    done = pipeline("run", "raw", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "rejected" in done.stderr
    return folder


def test_all_tables_are_there_with_all_columns(out: Path) -> None:
    assert {path.name for path in out.iterdir() if path.is_file()} == ALL
    for name, table in FILES:
        if name.endswith(".csv"):
            with (out / name).open(encoding="utf-8", newline="") as file:
                assert next(csv.reader(file)) == [column.name for column in flat_columns(TABLES[table])]
        else:
            for row in rows(out / name):
                assert list(row) == list(TABLES[table].__dataclass_fields__)


def test_the_package_is_valid(out: Path) -> None:
    report = frictionless.validate(str(out / "datapackage.json"))
    assert report.valid, report.flatten(["message"])


def test_offsets_and_keys_hold(out: Path) -> None:
    documents = {row["document_id"]: row for row in rows(out / "documents.jsonl")}
    for document in documents.values():
        assert "\n\n".join(block["text"] for block in document["blocks"]) == document["text"]
        for block in document["blocks"]:
            assert document["text"][block["start"] : block["end"]] == block["text"]
    for sentence in pd.read_csv(out / "sentences.csv", keep_default_na=False).to_dict("records"):
        text = documents[sentence["document_id"]]["text"]
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]
    mechanisms = rows(out / "mechanisms.jsonl")
    assert len(mechanisms) > 30
    for row in mechanisms:
        text = documents[row["document_id"]]["text"]
        for name in ("subject", "object", "trigger"):
            assert text[row[f"{name}_start"] : row[f"{name}_end"]] == row[f"{name}_text"]


def test_every_document_can_be_undone_from_the_files(out: Path) -> None:
    edits: dict[str, list[Edit]] = {}
    for row in rows(out / "edits.jsonl"):
        edits.setdefault(row["document_id"], []).append(Edit.of_row(row))
    for document in rows(out / "documents.jsonl"):
        name = document["document_id"]
        assert len(edits.get(name, [])) == document["n_edits"]
        if "#" not in name:
            data = (ROOT / "raw" / name).read_bytes()
            source, _ = decode(gzip.decompress(data) if name.endswith(".gz") else data)
            assert undo(document["text"], edits.get(name, [])) == source


def test_the_samples_show_what_the_pipeline_is_for(out: Path) -> None:
    documents = {row["document_id"]: row for row in rows(out / "documents.jsonl")}
    ketamine = documents["ketamine-and-glutamate.html"]
    assert ketamine["verdicts"]["spun"] > 0
    assert ketamine["verdicts"]["truncated"]
    assert ketamine["verdicts"]["llm_wrapped"]
    assert "often within hours of administration" in ketamine["text"]
    assert "most promising application lies in" in ketamine["text"]
    assert documents["schlaf-und-gehirn.html"]["language"] == "de"
    rejected = {row["document_id"] for row in rows(out / "rejected.jsonl")}
    assert rejected == {"hopeless.html", "answers.jsonl#@4"}


def test_local_engine_writes_the_same_bytes(out: Path, tmp_path: Path) -> None:
    done = pipeline("run", "raw", tmp_path, "--engine", "local", "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert {name: (tmp_path / name).read_bytes() for name in ALL} == {name: (out / name).read_bytes() for name in ALL}


def test_what_no_table_can_hold_is_replaced(tmp_path: Path) -> None:
    author = '<script type="application/ld+json">{"@type": "Article", "author": {"name": "J \\ud800 Doe"}}</script>'
    page = f"<html><head>{author}</head><body><h1>Light</h1><p>{'Light suppresses melatonin at night. ' * 9}</p></body>"
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.html").write_text(page, "utf-8")
    (tmp_path / "raw" / "b.md").write_text('---\ntitle: "J \\ud800"\n---\n\nLight suppresses melatonin.\n', "utf-8")
    done = pipeline("run", tmp_path / "raw", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    found = rows(tmp_path / "out" / "documents.jsonl") + rows(tmp_path / "out" / "rejected.jsonl")
    assert [row["document_id"] for row in found] == ["a.html", "b.md"]
    assert found[0]["author"] == "J \ufffd Doe"


def test_a_folder_that_cannot_be_listed_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text("Light suppresses melatonin.", "utf-8")
    listed = os.scandir

    def scandir(folder: str) -> Any:
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    closed, page = sorted(read(tmp_path), key=lambda one: isinstance(one, RawPage))
    assert isinstance(page, RawPage)
    assert isinstance(closed, Rejected)
    assert closed.document_id == "closed/"
    assert closed.reason == "closed/: this folder cannot be read: permission denied; nothing below it was read."


def computing_time() -> float:
    """Seconds that the ended children of this process have computed, which do not depend on what else runs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_second_run_does_nothing_and_a_touch_redoes_one_file(tmp_path: Path) -> None:
    raw, result = tmp_path / "my raw", tmp_path / "my out"
    shutil.copytree(ROOT / "raw", raw)
    assert pipeline("run", raw, result).returncode == 0
    before = {name: (result / name).read_bytes() for name in ALL}
    start = computing_time()
    assert "up to date" in pipeline("run", raw, result).stderr
    assert computing_time() - start < 1.5  # .2 where nothing is loaded, more than 2 where the parser is
    os.utime(raw / "sleep-and-memory.txt")
    assert "(1 files processed" in pipeline("run", raw, result).stderr
    assert {name: (result / name).read_bytes() for name in ALL} == before
    (raw / "sleep-and-memory.txt").unlink()
    assert "(0 files processed" in pipeline("run", raw, result).stderr
    assert "sleep-and-memory.txt" not in (result / "documents.jsonl").read_text("utf-8")


@pytest.mark.parametrize("stage", ["repair", "content", "normalize"])
def test_stopping_at_a_stage_writes_what_is_known(tmp_path: Path, stage: str) -> None:
    assert pipeline("run", "raw", tmp_path, "--to", stage).returncode == 0
    documents = rows(tmp_path / "documents.jsonl")
    assert all(document["text"] for document in documents)
    assert all(document["model"] == "" for document in documents)
    assert any(document["blocks"] for document in documents) == (stage != "repair")
    assert {row["stage"] for row in rows(tmp_path / "edits.jsonl")} <= {"repair", "content", "normalize"}


def test_bad_inputs_are_rejected_and_the_rest_is_processed(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "good.txt").write_text("Ketamine blocks NMDA receptors.")
    (raw / "empty.html").write_bytes(b"")
    (raw / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    (raw / "huge.html").write_bytes(b"<p>" + b"word " * 10_000_000)
    (raw / "deep.html").write_text("<div>" * 100_000 + "Cortisol suppresses the immune response.")
    (raw / "wrong.html").write_bytes('<meta charset="utf-16"><p>Glucose feeds neurons – naïve.</p>'.encode("cp1252"))
    (raw / "broken.jsonl").write_text('{"id": 1, "text": "Sleep restores attention."}\n{"id": 2, "text": \n')
    (raw / "letters.txt").write_text("a" * 300_000)
    (raw / "folder.txt").mkdir()
    (raw / "dangling.txt").symlink_to(tmp_path / "nowhere")
    done = pipeline("run", raw, tmp_path / "out", "-v")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    documents = {row["document_id"]: row for row in rows(tmp_path / "out/documents.jsonl")}
    rejected = {row["document_id"]: row["reason"] for row in rows(tmp_path / "out/rejected.jsonl")}
    assert set(documents) == {"good.txt", "deep.html", "wrong.html", "broken.jsonl#1", "letters.txt"}
    assert set(rejected) == {"empty.html", "picture.html", "huge.html", "broken.jsonl#@2", "dangling.txt"}
    assert documents["deep.html"]["text"] == "Cortisol suppresses the immune response."
    assert documents["wrong.html"]["text"] == "Glucose feeds neurons – naïve."
    assert all(name.split("#")[0] in reason and "report" not in reason for name, reason in rejected.items())
    assert frictionless.validate(str(tmp_path / "out/datapackage.json")).valid


def test_exit_codes(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.html").write_bytes(b"")
    assert pipeline("run", tmp_path / "raw", tmp_path / "out").returncode == 0
    assert pipeline("run", tmp_path / "raw", tmp_path / "out", "--strict").returncode == 1
    assert pipeline("run", tmp_path / "raw", tmp_path / "out", "--max-failed", 1).returncode == 0
    assert pipeline("run", tmp_path / "raw", tmp_path / "out", "--max-failed", 0).returncode == 1


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("run", "no-such-folder", "out"), "there is no folder or file 'no-such-folder'"),
        (("run", "raw", "out", "--colour"), "No such option"),
        (("run", "raw", "out", "--to", "heaven"), "Invalid value"),
        (("run", "raw", "out", "--config", "no-such.toml"), "no-such.toml: cannot be read"),
        (("run", "raw", "out", "--model", "no_such_model"), "is not installed"),
        (("run", "raw", "out", "--workers", "0"), "workers must be 1 or more"),
        (("sing",), "No such command"),
    ],
)
def test_mistakes_are_said_in_a_sentence(tmp_path: Path, args: tuple[str, ...], says: str) -> None:
    (tmp_path / "raw").mkdir(exist_ok=True)
    (tmp_path / "raw/a.txt").write_text("Ketamine blocks NMDA receptors.")
    done = pipeline(*args, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("colour = 1", "unknown setting 'colour'"),
        ('max_bytes = "many"', "must be a whole number"),
        ("= 1", "not valid TOML"),
        ('model = "en_core_sci_sm"', "under [model]"),
        ('[model]\nkind = "small"', "unknown setting 'kind' under [model]"),
        ("[model]\nname = 3", "model must be text"),
    ],
)
def test_a_wrong_settings_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "pipeline.toml").write_text(text)
    done = pipeline("run", "raw", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "pipeline.toml" in done.stderr
    assert says in " ".join(done.stderr.split())


def test_a_model_that_the_settings_file_names_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("Zinc blocks the receptor.")
    (tmp_path / "pipeline.toml").write_text('[model]\nname = "en_no_such_model"')
    done = pipeline("run", "raw", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "'en_no_such_model' is not installed" in " ".join(done.stderr.split())


def test_the_model_command_prints_a_path_that_spacy_loads() -> None:
    done = pipeline("model")
    assert (Path(done.stdout.strip()) / "meta.json").is_file()


@pytest.mark.parametrize(
    ("engine", "told", "number"),
    [
        ("serial", os.killpg, signal.SIGINT),
        ("local", os.killpg, signal.SIGINT),
        ("local", os.kill, signal.SIGINT),  # the driver alone
        ("serial", os.kill, signal.SIGTERM),
    ],
)
def test_an_interrupt_ends_the_run_with_130_and_can_be_taken_up_again(
    tmp_path: Path, engine: str, told: Callable[[int, int], None], number: int
) -> None:
    raw, result = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    (raw / "a.txt").write_text("Ketamine blocks NMDA receptors.")
    for name in "bcde":
        (raw / f"{name}.txt").write_text(f"Cortisol suppresses the {name} immune response. " * 15_000)
    command = [sys.executable, "-m", "pipeline", "run", str(raw), str(result), "--engine", engine, "--workers", "2"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A test run in the background inherits an ignored SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        while process.poll() is None and not list(result.glob(".work/*.jsonl")):
            time.sleep(0.05)
        told(process.pid, number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "interrupted" in said
    assert not (result / "datapackage.json").exists()
    assert not list(result.glob(".work/*.attempt"))
    for name in "bcde":
        (raw / f"{name}.txt").unlink()
    assert "(0 files processed, 1 unchanged)" in pipeline("run", raw, result).stderr


def test_two_runs_at_once_are_not_let_into_one_folder(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("Ketamine blocks NMDA receptors.")
    (tmp_path / "out" / ".work").mkdir(parents=True)
    with (tmp_path / "out" / ".work" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = pipeline("run", tmp_path / "raw", tmp_path / "out", "--to", "repair")
    assert result.returncode == 2
    assert "another run is writing to" in result.stderr
    assert pipeline("run", tmp_path / "raw", tmp_path / "out", "--to", "repair").returncode == 0


def test_outputs_within_the_inputs_are_no_inputs(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ketamine blocks NMDA receptors.")
    (tmp_path / "link").symlink_to(tmp_path)
    for raw in (".", str(tmp_path), "link"):
        result = pipeline("run", raw, "out", "--to", "repair", cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert len((tmp_path / "out" / "documents.jsonl").read_text().splitlines()) == 1
    assert "up to date" in pipeline("run", "link", "out", "--to", "repair", cwd=tmp_path).stderr
