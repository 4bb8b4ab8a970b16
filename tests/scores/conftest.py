"""What the tests of score tables share: a batch with the small coach, and the folder it writes to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers_many import Poisonable

from listening_coach.scores import Summary, run


@pytest.fixture
def batch(coach: Poisonable, tmp_path: Path) -> Any:
    def go(sources: Any, **more: Any) -> Summary:
        return run(sources, tmp_path / "scores", **{"coach": coach, "workers": 0, **more})

    return go


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "scores"
