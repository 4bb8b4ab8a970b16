"""The working week's calls and scores, made once."""

from __future__ import annotations

from pathlib import Path

import pytest
from team_week import Made, make

from listening_coach.scores import run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The calls, their metadata and two coaches' scores."""
    return make(tmp_path_factory.mktemp("week"))


@pytest.fixture(scope="session")
def scores(made: Made) -> Path:
    """Their scores."""
    out = made.calls.parent / "scores"
    run(made.calls, out, workers=0, metadata=str(made.metadata))
    return out
