"""What the documents say is so: their commands run, their excerpts are the program's output."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.rules.load import load_rules
from pipeline.stages import Tools
from tests.conftest import ROOT
from tests.documents import DOCS, generated
from tests.helpers import findings

DOCUMENTS = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")), *sorted(DOCS.glob("*.md"))]
SHOWN = [ROOT / "README.md", DOCS / "tutorial.md"]  # whose code and excerpts are run
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}


def blocks(language: str) -> list[str]:
    text = "\n".join(path.read_text("utf-8") for path in SHOWN)
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def commands() -> list[str]:
    """The shell commands of the documents, each once, in order."""
    return list(dict.fromkeys(line for block in blocks("sh") for line in block.splitlines() if line))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    (folder / "raw").symlink_to(ROOT / "raw")
    command = [sys.executable, "-m", "pipeline", "run", "raw", "processed"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=ENVIRONMENT)
    return folder


@pytest.fixture(scope="module")
def said(out: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the commands of the documents print, run one after another in a folder of their own."""
    folder = tmp_path_factory.mktemp("commands")
    shutil.copytree(ROOT / "raw", folder / "raw")
    shutil.copytree(out / "processed", folder / "processed")
    printed = {}
    for line in commands():
        if line.startswith("python "):
            called = line.replace("python ", f"{sys.executable} ", 1)
            done = subprocess.run(
                called,
                shell=True,
                cwd=folder,
                env=ENVIRONMENT,
                capture_output=True,
                text=True,
                check=False,
                timeout=200,
            )
            assert done.returncode == 0, (line, done.stderr)
            printed[line] = done.stdout + done.stderr
    return printed


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.split("\n")[0][:40])
def test_python_examples_run(out: Path, tmp_path: Path, code: str) -> None:
    environment = ENVIRONMENT | {"HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=out, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_r_examples_run(out: Path) -> None:
    rscript = shutil.which("Rscript")
    if not rscript or subprocess.run([rscript, "-e", "library(readr)"], capture_output=True, check=False).returncode:
        pytest.skip("there is no R with readr here")
    for code in blocks("r"):
        done = subprocess.run([rscript, "-e", code], cwd=out, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "inhibits" in done.stdout


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    made = [line for line in commands() if line.startswith("make")]
    assert {"make", "make test"} <= set(made)
    for line in made:
        target = next((word for word in line.split()[1:] if "=" not in word and not word.startswith("#")), "all")
        assert re.search(rf"^{target}:", makefile, re.M), line


def test_commands_run(said: dict[str, str]) -> None:
    assert len(said) >= 8


def test_excerpts_are_the_programs_own_output(out: Path, said: dict[str, str]) -> None:
    produced = [path.read_text("utf-8") for path in (out / "processed").iterdir() if path.is_file()]
    shown = [line for block in blocks("text") for line in block.splitlines() if line]
    assert len(shown) >= 12
    first = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", "raw", "again"],
        cwd=out, env=ENVIRONMENT, capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    for line in shown:
        assert any(line in text for text in (*produced, *said.values(), first)), line


def test_the_example_sentence(tools: Tools) -> None:
    (relation,) = findings("Ketamine blocks NMDA receptors.", tools).relations
    assert (relation.subject.text, relation.relation, relation.object.text) == (
        "Ketamine",
        "inhibits",
        "NMDA receptors",
    )


def test_the_rule_of_the_readme_is_one(tmp_path: Path, tools: Tools) -> None:
    from pipeline.show.rule_check import CHECKS

    folder = tmp_path / "rules"
    folder.mkdir()
    (written,) = (block for block in blocks("toml") if "[[rule]]" in block)
    file = folder / "spinner.toml"
    file.write_text(written, "utf-8")
    rule = load_rules(folder).text[-1]
    assert list(CHECKS[type(rule)](rule, tools)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_exist(path: Path) -> None:
    to_be_made = re.findall(r"New file `([\w./-]+)`", path.read_text("utf-8"))
    for name in re.findall(r"`((?:pipeline|tests|benchmarks|raw|docs)/[\w./-]+)`", path.read_text("utf-8")):
        assert (ROOT / name).exists() or name in to_be_made, name


@pytest.mark.parametrize("path", generated(), ids=lambda path: path.name)
def test_what_is_taken_from_the_program_is_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == generated()[path], "run make docs"
