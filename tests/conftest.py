from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import Settings, rules, stages
from pipeline.rules import Rules
from pipeline.stages import Tools

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def all_rules() -> Rules:
    return rules.load()


@pytest.fixture(scope="session")
def tools() -> Tools:
    return stages.tools(Settings())
