"""What the tests of many calls share."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers_many import Poisonable, small_parts


@pytest.fixture(scope="session")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Poisonable:
    """A coach of two behaviours that calls can poison."""
    folder: Path = tmp_path_factory.mktemp("small")
    return Poisonable(**small_parts(folder))
