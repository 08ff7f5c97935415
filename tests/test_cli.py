"""The commands besides ``run``: what they print, and what they say to a slip."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from pipeline.errors import UserError
from pipeline.rules.load import load_rules
from pipeline.settings import SettingsError, load
from pipeline.show.explain import explain
from pipeline.show.marked import by_span, pieces
from pipeline.show.rule_check import every
from pipeline.stages import Tools
from tests.conftest import ROOT
from tests.helpers import clean, pipeline

pytestmark = pytest.mark.end_to_end
RULES = load_rules()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    assert pipeline("run", "raw", folder, "--to", "normalize").returncode == 0
    return folder


def piped(data: bytes, *args: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pipeline", *args]
    return subprocess.run(command, cwd=ROOT, input=data, capture_output=True, timeout=120, check=False)


def test_a_document_from_a_pipe_gives_one_record() -> None:
    done = piped("<p>Ketamine blocks NMDA receptors ,and so on – naïvely.</p>".encode(), "run", "-")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["document"]["text"] == "Ketamine blocks NMDA receptors, and so on – naïvely."
    assert record["mechanisms"][0]["relation"] == "inhibits"
    assert {row["document_id"] for row in (*record["sentences"], *record["edits"])} == {"stdin"}
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("data", "args", "code", "says"),
    [
        (b"", ("run", "-"), 1, b"stdin: it is empty."),
        (b"\x89PNG\r\n" + bytes(99), ("run", "-"), 1, b"binary data"),
        (b"x", ("run", "-", "out"), 2, b"leave out the folder"),
        (b"<p></p>", ("inspect", "-"), 1, b"no text in it"),
        (b"", ("inspect", "no-such-file"), 2, b"there is no file 'no-such-file'"),
        (b"", ("inspect", "raw/answers.jsonl"), 2, b"holds 4 documents; name one as raw/answers.jsonl#ID"),
        (b"", ("inspect", "raw/hopeless.html"), 1, b"no main text"),
        (b"", ("run", "raw"), 2, b"give the folder for the tables, too"),
        (b"", ("undo", "x", "--tables", "raw"), 2, b"there is no such table"),
        (b"", ("explain", "space_after_coma"), 2, b"did you mean space_after_comma"),
        (b"", ("explain", "zzzz"), 2, b"there is no rule, edit or mechanism 'zzzz'"),
        (b"", ("rules", "check", "no-such-folder"), 2, b"there is no such folder of rules"),
    ],
)
def test_slips_are_said_in_a_sentence(data: bytes, args: tuple[str, ...], code: int, says: bytes) -> None:
    done = piped(data, *args)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_inspect_shows_both_texts_edits_and_mechanisms() -> None:
    done = pipeline("inspect", "raw/ketamine-and-glutamate.html")
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    for part in (
        "source",
        "clean text",
        "frequently",
        "spun_frequently_enough",
        "inhibits (-) NMDA receptors",
        "CHEBI:6121",
    ):
        assert part in said
    assert "\x1b[" not in done.stdout
    assert "dropped" in said


@pytest.mark.parametrize(
    ("variables", "coloured"), [({"FORCE_COLOR": "1"}, True), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False)]
)
def test_colours_are_left_out_where_nobody_wants_them(variables: dict[str, str], coloured: bool) -> None:
    command = [sys.executable, "-m", "pipeline", "inspect", "raw/sleep-and-memory.txt", "--to", "normalize"]
    environment = (
        {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")} | variables | {"TERM": "xterm"}
    )
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert ("31m" in done.stdout) == coloured


def test_undo_gives_the_input_back(out: Path) -> None:
    done = pipeline("undo", "ketamine-and-glutamate.html", "--tables", out)
    assert done.stdout == (ROOT / "raw/ketamine-and-glutamate.html").read_text("utf-8")


def test_an_edit_is_explained_by_its_rules(out: Path) -> None:
    rows = [json.loads(line) for line in (out / "edits.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        lines = list(explain(row["edit_id"], RULES, out))
        assert all(any(line.startswith(f"{rule} (") for line in lines) for rule in row["rule"].split("+")), row


@pytest.mark.parametrize("rule", list(every(RULES)), ids=lambda rule: f"{type(rule).__name__}-{rule.id}")
def test_every_rule_can_be_explained(rule: object) -> None:
    lines = list(explain(rule.id, RULES, Path()))  # type: ignore[attr-defined]
    assert any("example: " in line for line in lines)
    assert any("leaves alone: " in line for line in lines)


def test_a_word_leads_to_its_rules() -> None:
    assert "block (a frame)" in list(explain("inhibit", RULES, Path()))
    with pytest.raises(UserError, match="no rule"):
        list(explain("qqqqqq", RULES, Path()))


def test_rules_check_passes() -> None:
    done = pipeline("rules", "check")
    assert (done.returncode, done.stdout) == (0, "")
    assert "0 complaints" in done.stderr


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    raw, result = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    (raw / "a.txt").write_text("Sleep restores attention.")
    (raw / "b.docx").write_text("x")
    done = pipeline("run", raw, result, "--dry-run")
    assert done.stdout == "new\ta.txt\nnot read\tb.docx\n"
    assert "1 new, 1 not read; nothing was done" in done.stderr
    assert not result.exists()
    assert pipeline("run", raw, result, "--to", "content").returncode == 0
    assert pipeline("run", raw, result, "--to", "content", "--dry-run").stdout == "not read\tb.docx\n"


def test_a_variable_that_is_nearly_ours_is_a_slip() -> None:
    with pytest.raises(SettingsError, match="did you mean PIPELINE_WORKERS"):
        load(None, {}, {"PIPELINE_WORKER": "2"})
    assert load(None, {}, {"PIPELINE_RUN_URL": "x", "PIPELINE_PARQUET": "true"}).parquet


@pytest.mark.parametrize("value", ["²", "9" * 20, "9" * 5000, "1.5", ""])
def test_a_number_in_the_environment_that_is_none_is_told(value: str) -> None:
    with pytest.raises(SettingsError, match="the environment: workers must be"):
        load(None, {}, {"PIPELINE_WORKERS": value})


def test_control_characters_of_inputs_do_not_reach_the_terminal(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    odd, page = raw / "a\x1b[31m\x9b1m\x85.docx", raw / "b.txt"
    odd.write_text("text", "utf-8")
    page.write_text("Light \x1b[31m suppresses melatonin.\x07 " + "It does so at night. " * 20, "utf-8")
    runs = [("run", raw, tmp_path / "out", option) for option in ("--dry-run", "-v")]
    for call in (*runs, ("inspect", page), ("inspect", odd)):
        done = pipeline(*call)
        said = done.stdout + done.stderr
        assert "\N{SYMBOL FOR ESCAPE}[31m" in said
        assert not [letter for letter in said if unicodedata.category(letter) == "Cc" and letter not in "\n\t"]


def test_pieces_tile_a_block_and_edits_have_their_stretch(tools: Tools) -> None:
    state = clean("Some slept ,others did not.\n\n\n\nCaffeine  blocks receptors.While it does, people wake.", tools)
    text, edits = state.text.text, state.text.edits()
    stretches = [(block.start, block.end) for block in state.blocks]
    numbered = by_span(edits, stretches)
    assert sorted(number for inside in numbered for number, _ in inside) == list(range(len(edits)))
    for (start, end), inside in zip(stretches, numbered, strict=False):
        assert "".join(piece.text for piece in pieces(text, inside, start, end)) == text[start:end]
    assert [edit.rule for _, edit in numbered[0]] == ["no_space_before_marks", "space_after_comma"] or numbered[0]
