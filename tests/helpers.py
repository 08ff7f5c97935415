"""Short ways to make pages, to run them as far as a test needs, and to call the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipeline.records import Article, CleanArticle, Findings, MediaType, Page, RawPage, Rejected, Source
from pipeline.stages import Tools, process
from tests.conftest import ROOT


def raw(text: str, media_type: MediaType = "text/html", **known: str) -> RawPage:
    return RawPage("page", Source("page", media_type, "0" * 64), text, **known)


def article(text: str, tools: Tools, media_type: MediaType = "text/html") -> Article:
    state = process(raw(text, media_type), tools, "content")
    assert isinstance(state, Article), state
    return state


def clean(text: str, tools: Tools, media_type: MediaType = "text/plain") -> CleanArticle:
    state = process(raw(text, media_type), tools, "normalize")
    assert isinstance(state, CleanArticle), state
    return state


def findings(text: str, tools: Tools) -> Findings:
    state = process(raw(text, "text/plain"), tools)
    assert isinstance(state, Findings), state
    return state


def repaired(text: str, tools: Tools, media_type: MediaType = "text/html") -> Page:
    state = process(raw(text, media_type), tools, "repair")
    assert isinstance(state, Page), state
    return state


def reason(state: object) -> str:
    assert isinstance(state, Rejected), state
    return state.reason


def rows(path: Path) -> list[Any]:
    """The rows of a table in JSON Lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def spoilt(folder: Path, copy: Path, name: str, before: str, after: str) -> Path:
    """A copy of a folder in which the first ``before`` of a file reads ``after``."""
    shutil.copytree(folder, copy)
    text = (copy / name).read_text("utf-8")
    assert before in text
    (copy / name).write_text(text.replace(before, after, 1), "utf-8")
    return copy


def pipeline(*args: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PIPELINE_")} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pipeline", *map(str, args)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=240, check=False)
