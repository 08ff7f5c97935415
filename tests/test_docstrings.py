"""The examples of docstrings run, and whoever calls the package from Python finds one on every name."""

from __future__ import annotations

import doctest
import importlib
import inspect
from types import ModuleType

import pytest

import pipeline
from tests.conftest import ROOT
from tests.test_house import MODULES, name

WITH_EXAMPLES = [name(path) for path in MODULES if ">>> " in path.read_text("utf-8")]
METHODS = ("Document.sections", "Document.source", "Document.to_dict", "Document.to_markdown", "Document.rows")


def example(thing: object) -> str:
    said = inspect.getdoc(thing) or ""
    return said if ">>> " in said else ""


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_run(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found: ModuleType = importlib.import_module(module)
    done = doctest.testmod(found)
    assert done.attempted > 0, "an example stands where doctest does not look"
    assert done.failed == 0, "run python -m doctest on the file"


def test_a_wrong_example_would_fail() -> None:
    def wrong() -> None:
        """>>> 1 + 1
        3
        """

    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder().find(wrong, "wrong", globs={}):
        runner.run(test, out=lambda _text: None)
    assert runner.failures == 1


def test_the_face_has_twelve_names_at_most() -> None:
    assert len(pipeline.__all__) <= 12
    assert sorted(pipeline.__all__) == pipeline.__all__


@pytest.mark.parametrize("public", [*pipeline.__all__, *METHODS])
def test_every_public_name_has_an_example(public: str) -> None:
    thing: object = pipeline
    for part in public.split("."):
        thing = getattr(thing, part)
    assert example(thing), f"give {public} an example that runs"


@pytest.mark.parametrize("public", [one for one in pipeline.__all__ if inspect.isfunction(getattr(pipeline, one))])
def test_every_function_says_what_it_takes_and_raises(public: str) -> None:
    function = getattr(pipeline, public)
    said = inspect.getdoc(function) or ""
    assert "Raises:" in said
    assert [name for name in inspect.signature(function).parameters if f"    {name}: " not in said] == []
