"""The plan of the house: no import runs upwards, stages do not import each other, nobody builds at import."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pipeline import stages
from tests.conftest import ROOT

CODE = ROOT / "pipeline"
FLOORS = [
    {"version", "errors", "html_names", "english", "fix_rules"},
    {"edits", "markup", "encoding", "settings", "swaps", "inputs", "duplicates", "crumbs", "limits"},
    {"records", "rules", "schema", "vocabulary", "known_words"},
    {"readers", "repair", "content", "normalize", "mechanisms", "exchange"},
    {"stages"},
    {"fingerprints", "saved"},
    {"work"},
    {"run"},
    {"export", "engines", "summary", "rule_check", "publish"},
    {"marked", "results", "single", "explain", "inspection", "report"},
    {"__init__", "cli"},
    {"__main__"},
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
STAGES = {"repair", "content", "normalize", "mechanisms"}


def room(path: Path) -> str:
    return path.relative_to(CODE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Rooms that a module imports when it is loaded; what functions import later is left out."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "pipeline":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", sorted(CODE.rglob("*.py")), ids=lambda path: str(path.relative_to(CODE)))
def test_imports_run_downwards(path: Path) -> None:
    own = room(path)
    assert own in FLOOR, f"put {own} on a floor in tests/test_house.py"
    for other in imports(path) - {own}:
        assert FLOOR[other] <= FLOOR[own], f"{path.name} imports {other}, which is above it"
        assert not (own in STAGES and other in STAGES), f"{path.name}: stages do not import each other"


@pytest.mark.parametrize("path", sorted(CODE.rglob("*.py")), ids=lambda path: str(path.relative_to(CODE)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400, "split this file: what are its two ideas?"


def test_each_stage_has_cases_and_a_make_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name in stages.NAMES:
        assert (ROOT / "tests/cases" / name).is_dir(), f"add tests/cases/{name} with cases for the new stage"
        assert f"\n{name}:" in makefile, f"add a target {name} to the Makefile"
