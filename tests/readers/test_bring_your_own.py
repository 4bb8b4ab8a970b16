"""The page on formats of one's own: its code runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import listening_coach as lc
from listening_coach.readers import registry

PAGE = Path(__file__).parents[2] / "data" / "bring-your-own-format.md"


def test_the_code_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block of Python of the page runs, and the format it registers reads a file."""
    monkeypatch.setattr(registry, "_added", [])
    monkeypatch.chdir(tmp_path)
    Path("call.acme").write_text("ACME 1\n@A|Hello, how can I help?\n@C|My boiler is cold.\n")
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    spaces: list[dict[str, object]] = []
    for block in blocks:
        space: dict[str, object] = {}
        exec(block, space)  # noqa: S102 - our own page
        spaces.append(space)
    assert len(blocks) == 3
    call = lc.read("call.acme")
    assert [(t.role.value, t.text) for t in call.turns] == [("agent", "Hello, how can I help?"), ("customer", "My boiler is cold.")]
    assert isinstance(spaces[2]["FORMAT"], lc.Format)
