"""Settings of all tests, and what the tests of many calls share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from helpers_many import Poisonable

# The machines are shared: how long one example takes says nothing.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


@pytest.fixture(scope="session")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Poisonable:
    """A coach of two behaviours that calls can poison."""
    from helpers_many import Poisonable, small_parts

    folder: Path = tmp_path_factory.mktemp("small")
    return Poisonable(**small_parts(folder))
