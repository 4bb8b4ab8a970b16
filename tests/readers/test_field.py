"""What people really have: exports of voice agents, phone systems, chats, meetings and research tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from listening_coach.readers import read

from .field_shapes import CASES, TEXTS
from .field_shapes_more import MORE

ALL = {**CASES, **MORE}


@pytest.mark.parametrize("name", ALL)
def test_shape(name: str, tmp_path: Path) -> None:
    """The turns of each shape are read with their texts, two speakers with their roles, and the times the shape holds; nothing else is a turn."""
    case = ALL[name]
    path = tmp_path / f"call{case.suffix}"
    path.write_text(case.content, encoding="utf-8")
    call = read(path)
    wanted = [text for text in TEXTS if text in case.content or "</" in case.content or len(call.turns) == len(TEXTS)]
    got = [t.text for t in call.turns]
    if name in ("exchanges", "intercom"):
        assert got == (TEXTS[1:5] if name == "exchanges" else TEXTS[1:])
    else:
        assert [t.replace(" .", ".").replace(" ,", ",") for t in got] == wanted == TEXTS
    assert sorted({t.role.value for t in call.turns}) == list(case.roles)
    assert len(call.speakers) == 2
    assert call.evidence_tier.value == case.tier
    if case.last is not None:
        last = call.turns[-1]
        assert (last.start if case.tier == "starts" else last.end) == pytest.approx(case.last, abs=0.06)
