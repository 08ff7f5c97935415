from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import stages
from pipeline.rules.kinds import Rules
from pipeline.rules.load import load_rules
from pipeline.settings import Settings
from pipeline.stages import Tools

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def all_rules() -> Rules:
    return load_rules()


@pytest.fixture(scope="session")
def tools() -> Tools:
    return stages.tools(Settings())
