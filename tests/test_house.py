"""The plan of the house: what may import what, where a module stands, and that nothing imports in a circle."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from pipeline import stages
from tests.conftest import ROOT

CODE = ROOT / "pipeline"
# From the ground up. A room is a module or a wing (a folder); it imports from its own floor and those below.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "version", "edits", "columns", "markup"),
    ("records", "rules", "settings", "limits"),
    ("lexicon", "readers"),
    ("repair", "content", "normalize", "mechanisms"),
    ("stages",),
    ("export",),
    ("running",),
    ("show",),
    ("report",),
    ("__init__", "cli"),
    ("__main__",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
WINGS = {path.parent.name for path in CODE.glob("*/__init__.py")}
STAGES = {"repair", "content", "normalize", "mechanisms"}
DATA = {"models"}  # folders without code
WHERE = """no room of that name is on a floor of tests/test_house.py. A new file belongs into a wing:
markup/ tokens and elements of HTML, rules/ kinds of rules and how they are loaded, lexicon/ what words and names are
known, readers/ a format of input, repair/ content/ normalize/ mechanisms/ the stages, export/ rows, tables and formats
for other programs, running/ how many documents are worked on, show/ what is printed for people, report/ the HTML page.
Only what flows through all of them (records, columns, edits, settings, errors, limits) stands beside the wings."""
MODULES = sorted(CODE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(CODE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMED = {name(path): path for path in MODULES}


def imports(path: Path) -> set[Path]:
    """Modules of ours that a module imports anywhere, also in its functions and for its types."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "pipeline":
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {one if one in NAMED else node.module for one in whole}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "pipeline"}
    return {NAMED[one] for one in found}


def shown(path: Path) -> str:
    return str(path.relative_to(CODE))


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_imports_run_downwards(path: Path) -> None:
    own = room(path)
    assert own in FLOOR, f"{shown(path)}: {WHERE}"
    for other in imports(path):
        above = room(other)
        assert above in FLOOR, f"{shown(other)}: {WHERE}"
        assert FLOOR[above] <= FLOOR[own], f"{shown(path)} imports {shown(other)}, which is above it"
        assert own == above or not {own, above} <= STAGES, f"{shown(path)}: stages do not import each other"


def test_nothing_imports_in_a_circle() -> None:
    try:
        TopologicalSorter({name(path): map(name, imports(path)) for path in MODULES}).prepare()
    except CycleError as error:
        pytest.fail(f"these modules import each other: {' -> '.join(error.args[1])}; move what they share below both")


def test_a_circle_would_be_found() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({"a": ["b"], "b": ["c"], "c": ["a"]}).prepare()


def test_every_room_is_there_and_nothing_stands_loose() -> None:
    found = {path.stem for path in CODE.glob("*.py")} | WINGS
    assert found == set(FLOOR), f"{sorted(found ^ set(FLOOR))}: {WHERE}"
    folders = {path.name for path in CODE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == WINGS | DATA, f"{sorted(folders ^ (WINGS | DATA))}: a wing needs an __init__.py"


@pytest.mark.parametrize("wing", sorted(WINGS))
def test_every_wing_says_what_it_is_for(wing: str) -> None:
    assert ast.get_docstring(ast.parse((CODE / wing / "__init__.py").read_text("utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400, "split this file: what are its two ideas?"


def test_each_stage_has_cases_and_a_make_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for stage in stages.NAMES:
        assert (ROOT / "tests/cases" / stage).is_dir(), f"add tests/cases/{stage} with cases for the new stage"
        assert f"\n{stage}:" in makefile, f"add a target {stage} to the Makefile"
