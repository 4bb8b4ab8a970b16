"""What the tests of the scorers share: coaches whose scorers hold made-up weights."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from listening_coach import Coach
from listening_coach.behaviours import Behaviour, builtin
from listening_coach.language.language import HERE
from listening_coach.scorers.weights import Weights, write

MakeCoach = Callable[..., Coach]


@pytest.fixture
def coach_with(tmp_path: Path) -> MakeCoach:
    """Builds a coach that reads English with these weights and no others."""

    def make(*weights: Weights, behaviours: Mapping[str, Behaviour] | None = None) -> Coach:
        folder = tmp_path / f"english{len(list(tmp_path.iterdir()))}"
        shutil.copytree(HERE / "en", folder, ignore=shutil.ignore_patterns("*.tsv", "__pycache__"))
        (folder / "scorers").mkdir(exist_ok=True)
        for each in weights:
            write([each], folder / "scorers" / f"{each.target}.tsv", "Made up for a test.")
        return Coach(behaviours=behaviours or builtin(), language=folder)

    return make
