"""What the documents say is so: their commands run, their excerpts are the program's output."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.stages import Tools
from tests.conftest import ROOT
from tests.helpers import findings

README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    (folder / "raw").symlink_to(ROOT / "raw")
    command = [sys.executable, "-m", "pipeline", "run", "raw", "processed"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={"PYTHONPATH": str(ROOT)})
    return folder


def test_python_examples_run(out: Path) -> None:
    assert blocks("python")
    for code in blocks("python"):
        subprocess.run([sys.executable, "-c", code], cwd=out, check=True, env={"PYTHONPATH": str(ROOT)})


def test_shell_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    commands = [line for block in blocks("sh") for line in block.splitlines() if line]
    assert {"make", "make test"} <= set(commands)
    for line in commands:
        if line.startswith("make "):
            target = next((word for word in line.split()[1:] if "=" not in word and not word.startswith("#")), "all")
            assert re.search(rf"^{target}:", makefile, re.M), line
        elif line != "make":
            done = subprocess.run(
                [sys.executable, *line.split()[1:4], "--help"], capture_output=True, text=True, check=True
            )
            for option in re.findall(r"--[a-z-]+", line):
                assert option in done.stdout, line


def test_excerpts_are_the_programs_own_output(out: Path) -> None:
    produced = {path.name: path.read_text("utf-8") for path in (out / "processed").iterdir() if path.is_file()}
    shown = [line for block in blocks("text") for line in block.splitlines() if line and not line.startswith("...")]
    assert len(shown) >= 7
    for line in shown:
        assert any(line in text for text in produced.values()), line


def test_the_example_sentence(tools: Tools) -> None:
    (relation,) = findings("Ketamine blocks NMDA receptors.", tools).relations
    assert (relation.subject.text, relation.relation, relation.object.text) == (
        "Ketamine",
        "inhibits",
        "NMDA receptors",
    )


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_exist(path: Path) -> None:
    for name in re.findall(r"`((?:pipeline|tests|benchmarks|raw)/[\w./-]+)`", path.read_text("utf-8")):
        assert (ROOT / name).exists(), name
