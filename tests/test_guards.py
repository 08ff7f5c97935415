"""A run touches nobody's files, and what it wrote is as it was written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import PipelineError, Settings, read, report, run
from pipeline.errors import UserError
from pipeline.records import RawPage, Rejected
from pipeline.running import last_run
from pipeline.running.run import checked_folder, plan
from tests.helpers import pipeline, rows
from tests.test_run import ALL

TEXT = "Light suppresses melatonin."


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(TEXT)
    return tmp_path / "raw"


@pytest.fixture
def out(tmp_path: Path, raw: Path) -> Path:
    run(raw, tmp_path / "out", to="content")
    return tmp_path / "out"


def again(raw: Path, out: Path, **allowed: bool) -> bool:
    return run(raw, out, to="content", **allowed).up_to_date  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_folder_of_others_is_left_alone(tmp_path: Path, raw: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.tex").write_text("years of work")
    with pytest.raises(PipelineError, match=r"holds files that are not of this program \(thesis.tex\)"):
        again(raw, mine)
    assert [path.name for path in mine.iterdir()] == ["thesis.tex"]
    (mine / "README.md").write_text("# Mine")
    assert not again(raw, mine, force=True)
    assert set(files(mine)) == ALL | {"thesis.tex"}
    assert (mine / "README.md").read_text() == "# Mine"
    assert again(raw, mine)


def test_a_table_of_others_is_not_written_over_by_force_either(tmp_path: Path, raw: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "sentences.csv").write_text("my own")
    with pytest.raises(PipelineError, match=r"sentences.csv was not written by this program"):
        again(raw, mine, force=True)
    assert files(mine) == {"sentences.csv": b"my own"}


def test_a_card_that_somebody_went_on_writing_is_theirs(raw: Path, out: Path) -> None:
    with (out / "README.md").open("a") as file:
        file.write("My notes.\n")
    assert not again(raw, out)
    assert (out / "README.md").read_text().endswith("My notes.\n")
    assert again(raw, out)


def test_hidden_files_do_not_count_and_work_files_of_others_stay(tmp_path: Path, raw: Path) -> None:
    (tmp_path / "out" / ".work").mkdir(parents=True)
    (tmp_path / "out" / ".gitkeep").touch()
    (tmp_path / "out" / ".work" / "notes.txt").write_text("mine")
    again(raw, tmp_path / "out")
    assert (tmp_path / "out" / ".work" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("name", sorted(ALL))
@pytest.mark.parametrize("damage", ["delete", "change", "zero"])
def test_what_was_deleted_or_changed_is_written_anew(raw: Path, out: Path, name: str, damage: str) -> None:
    before, path = files(out), out / name
    if damage == "delete":
        path.unlink()
    elif name == "README.md":
        return  # a card with other words in it is somebody's own
    else:
        path.write_bytes(bytes(len(before[name]) or 1) if damage == "zero" else b"other")
    assert not again(raw, out)
    assert files(out) == before
    assert again(raw, out)


@pytest.mark.parametrize("text", ["", "[", "{}", '{"state": 1}', '{"tables": []}', "[" * 100_000, "\0"])
def test_a_state_that_cannot_be_read_is_none(raw: Path, out: Path, text: str) -> None:
    for name in ("state", "written.json", "code"):
        (out / ".work" / name).write_text(text)
    assert last_run.load(out / ".work") == last_run.LastRun()
    assert not again(raw, out)
    assert again(raw, out)


def test_tables_of_other_inputs_are_not_replaced(tmp_path: Path, out: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.txt").write_text(TEXT)
    with pytest.raises(PipelineError, match=r"holds the tables of .*raw; give another folder, or --force"):
        again(tmp_path / "other", out)
    assert not again(tmp_path / "other", out, force=True)
    assert [row["document_id"] for row in rows(out / "documents.jsonl")] == ["b.txt"]


def test_inputs_and_tables_may_move_together(tmp_path: Path, raw: Path, out: Path) -> None:
    (tmp_path / "moved").mkdir()
    for folder in (raw, out):
        folder.rename(tmp_path / "moved" / folder.name)
    again(tmp_path / "moved" / "raw", tmp_path / "moved" / "out")


def test_inputs_that_are_all_gone_are_an_error(raw: Path, out: Path) -> None:
    before = files(out)
    (raw / "a.txt").unlink()
    with pytest.raises(PipelineError, match=r"there are no inputs in .*is a disk not mounted\? --allow-empty"):
        again(raw, out)
    assert files(out) == before
    assert not again(raw, out, allow_empty=True)
    assert rows(out / "documents.jsonl") == []


def test_an_address_of_this_machine_is_a_path(tmp_path: Path, raw: Path) -> None:
    for out in (raw, f"file://{raw}", f"local://{raw}", tmp_path):
        with pytest.raises(PipelineError, match="written over the inputs"):
            run(f"file://{raw}", out, to="content")
    assert [path.name for path in raw.iterdir()] == ["a.txt"]
    assert run(f"file://{raw}", f"file://{tmp_path}/out", to="content").documents == 1
    assert plan(f"file://{raw}", checked_folder(f"file://{raw}", f"file://{tmp_path}/out"), Settings(), "content") == [
        ("a.txt", "unchanged")
    ]
    assert again(raw, tmp_path / "out")


def test_tables_of_another_run_are_no_inputs(raw: Path) -> None:
    for name in ("one", "two"):
        assert run(raw, raw / name, to="content").documents == 1
    assert [page.document_id for page in read(raw)] == ["a.txt"]


def test_links_that_lead_out_are_followed_if_asked_for(tmp_path: Path, raw: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "secret.txt").write_text("Zinc binds it.")
    (outside / "deep" / "back").symlink_to(raw)
    (raw / "inner").mkdir()
    for name, target in (("f.txt", outside / "secret.txt"), ("d", outside), ("in.txt", raw / "a.txt"), ("i", raw)):
        (raw / "inner" / name).symlink_to(target)
    found = list(read(raw))
    assert [one.document_id for one in found if isinstance(one, RawPage)] == ["a.txt", "inner/in.txt"]
    refused = {one.document_id: one.reason for one in found if isinstance(one, Rejected)}
    assert set(refused) == {"inner/d", "inner/f.txt"}
    assert all("not followed without --follow-links" in reason for reason in refused.values())
    followed = [one.document_id for one in read(raw, settings=Settings(follow_links=True))]
    assert followed == ["a.txt", "inner/d/secret.txt", "inner/f.txt", "inner/in.txt"]


def test_a_switch_to_follow_links_is_seen_by_the_next_run(tmp_path: Path, raw: Path) -> None:
    (tmp_path / "b.txt").write_text(TEXT)
    (raw / "b.txt").symlink_to(tmp_path / "b.txt")
    counts = []
    for follow in (False, True, False):
        summary = run(raw, tmp_path / "out", to="content", settings=Settings(follow_links=follow))
        counts.append((summary.documents, summary.rejected))
    assert counts == [(1, 1), (2, 0), (1, 1)]


def test_nothing_is_written_through_links(tmp_path: Path, raw: Path, out: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    work = next((out / ".work").glob("*.jsonl"))
    (raw / "a.txt").write_text(TEXT * 2)
    names = [*(f"{name}.tmp" for name in ALL), f".work/{work.name}.tmp", ".work/state.tmp", ".work/code.tmp"]
    (out / ".work" / "code").unlink()
    (out / ".work" / "code").symlink_to(victim)
    names += [f".work/{work.stem}.attempt", f".work/{work.stem}.signatures.tmp"]
    for name in names:
        (out / name).symlink_to(victim)
    for name in ("edits.jsonl", f".work/{work.stem}.signatures"):
        (out / name).unlink()
        (out / name).symlink_to(victim)
    assert not again(raw, out)
    assert victim.read_text() == "mine"
    (out / ".work" / "lock").unlink()
    (out / ".work" / "lock").symlink_to(victim)
    with pytest.raises(PipelineError, match="lock"):
        again(raw, out)
    assert victim.read_text() == "mine"


def test_a_linked_work_folder_or_report_is_refused(tmp_path: Path, raw: Path, out: Path) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text("<title>Mine</title>")
    (out / "report").symlink_to(tmp_path / "page")
    with pytest.raises(UserError, match="not written by this program"):
        report.write(out)
    again(raw, out)
    assert (tmp_path / "page" / "index.html").read_text() == "<title>Mine</title>"
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / ".work").symlink_to(tmp_path / "page")
    with pytest.raises(PipelineError, match="is a link"):
        again(raw, tmp_path / "new")


def test_rejected_documents_are_tried_again_if_asked_for(raw: Path, out: Path) -> None:
    (raw / "a.jsonl").write_text(json.dumps({"id": "good", "text": TEXT}) + '\n{"id": "bad"}\n')
    assert run(raw, out, to="content").rejected == 1
    assert again(raw, out)
    summary = run(raw, out, to="content", retry_rejected=True)
    assert (summary.up_to_date, summary.rejected, summary.processed_files, summary.documents) == (False, 1, 1, 2)
    assert again(raw, out)


@pytest.mark.end_to_end
def test_the_options_of_the_command(tmp_path: Path, raw: Path) -> None:
    (raw / "b.txt").write_text("=HYPERLINK(1) is a cell. Light suppresses melatonin.")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").touch()
    refused = pipeline("run", raw, tmp_path / "out", "--to", "content")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--force" in refused.stderr
    done = pipeline("run", raw, tmp_path / "out", "--to", "content", "--force", "--csv-safe", "--follow-links")
    assert done.returncode == 0, done.stderr
    assert ",'=HYPERLINK(1)" in (tmp_path / "out" / "documents.csv").read_text()
    assert "'=HYPERLINK" not in (tmp_path / "out" / "documents.jsonl").read_text()
    for path in raw.iterdir():
        path.unlink()
    assert "--allow-empty" in pipeline("run", raw, tmp_path / "out", "--to", "content").stderr
    assert pipeline("run", raw, tmp_path / "out", "--allow-empty", "--retry-rejected").returncode == 0
