"""The distribution: what the wheel holds, and that it works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from pipeline.version import VERSION
from tests.conftest import ROOT

pytestmark = pytest.mark.end_to_end
USER = """
from collections.abc import Iterator
from pathlib import Path

from pipeline import Document, Edit, PipelineError, RawPage, Rejected, Settings, clean, clean_many, read, run, undo


def texts(folder: Path) -> Iterator[str]:
    pages = [page for page in read(folder) if isinstance(page, RawPage)]
    for outcome in clean_many(pages, settings=Settings(scope="any")):
        if isinstance(outcome, Rejected):
            print(outcome.reason)
        else:
            yield outcome.to_markdown()


def strongest(document: Document) -> float:
    return max((mechanism.confidence for mechanism in document.mechanisms), default=0.0)


try:
    document: Document = clean("Ketamine blocks NMDA receptors.", media_type="text/plain")
    edits: list[Edit] = []
    assert undo(document.text, document.edits) == document.source()
    assert run("raw", "out").documents + strongest(document) > 0
except PipelineError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's files."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    (wheel,) = (folder / "dist").glob("*.whl")
    assert wheel.name == f"mechanism_pipeline-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_it_holds_every_file_of_the_package_and_nothing_else(installed: Path) -> None:
    def files(folder: Path) -> set[str]:
        found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(folder).as_posix() for path in found}

    assert files(installed / "pipeline") == files(ROOT / "pipeline")
    assert {path.name for path in installed.iterdir()} == {"pipeline", f"mechanism_pipeline-{VERSION}.dist-info"}


def test_it_works_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    code = (
        "import pipeline, spacy; d = pipeline.clean('Ketamine blocks NMDA receptors.');"
        "nlp = spacy.load(pipeline.version.CODE / 'models/en_mechanisms_web_sm'); nlp.add_pipe('mechanisms');"
        "print(pipeline.__file__, d.mechanisms[0].relation, nlp(d.text)._.mechanisms[0].relation)"
    )
    environment = os.environ | {"PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(installed / "pipeline" / "__init__.py"), "inhibits", "inhibits"]


def test_its_types_hold_in_a_users_file(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USER, "utf-8")
    environment = os.environ | {"MYPYPATH": str(installed)}
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--config-file=", "user.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("Success"), done.stdout


def test_the_installed_distribution_is_this_one() -> None:
    found = distribution("mechanism-pipeline")
    assert found.version == VERSION
    named = {(point.group, point.name): point.value for point in found.entry_points}
    assert named == {
        ("console_scripts", "pipeline"): "pipeline.cli:main",
        ("spacy_factories", "mechanisms"): "pipeline.mechanisms.component:Mechanisms",
    }
    assert (ROOT / "pipeline" / "py.typed").exists()
