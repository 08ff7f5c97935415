"""The examples of CONTRIBUTING.md, followed to the letter in a copy of the project."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.end_to_end
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Four examples")[2].partition("\n## ")[0]
STEP = re.compile(r"(?:([Aa]ppend to|New file)|[Ii]n)\s+`([\w./]+)`:\n\n((?:```\w+\n.*?```\n\n?)+)", re.S)
BLOCK = re.compile(r"```(\w+)\n(.*?)```\n", re.S)


def follow(copy: Path) -> list[str]:
    """Do what the text says, and return the files that were touched."""
    touched = []
    for how, name, blocks in STEP.findall(TEXT):
        path = copy / name
        for language, block in BLOCK.findall(blocks):
            if language == "diff":
                path.write_text(changed(path.read_text("utf-8"), block), "utf-8")
            elif how.lower() == "append to":
                path.write_text(path.read_text("utf-8") + block, "utf-8")
            else:
                assert not path.exists()
                path.write_text(block, "utf-8")
            touched.append(name)
    return touched


def changed(text: str, diff: str) -> str:
    before = "".join(line[1:] + "\n" for line in diff.splitlines() if line[:1] != "+")
    after = "".join(line[1:] + "\n" for line in diff.splitlines() if line[:1] != "-")
    assert text.count(before) == 1, before
    return text.replace(before, after)


def test_the_examples_work_as_they_stand(tmp_path: Path) -> None:
    for name in ("pipeline", "tests", "benchmarks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "Makefile", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "raw", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    assert len(follow(tmp_path)) == 12
    wanted = (
        "BlockRule-listen_instead or FixRule-turn_slashes or Frame-sequester or leaning-slash or every_suffix or "
        "same_in_every_container or imports_run_downwards or every_file_of_rules"
    )
    files = [f"tests/test_{name}.py" for name in ("rules", "cases", "readers", "house")]
    command = [sys.executable, "-m", "pytest", "-vv", "-p", "no:cacheprovider", *files, "-k", wanted]
    environment = {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    for name in (
        "BlockRule-listen_instead",
        "FixRule-turn_slashes",
        "Frame-sequester",
        "leaning-slash",
        "every_suffix",
    ):
        assert re.search(rf"{name}\S* PASSED", done.stdout), name
