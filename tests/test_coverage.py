"""Every practice that the library coaches has a home in it, and every behaviour a practice."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from listening_coach import team
from listening_coach.behaviours import builtin
from listening_coach.metrics import Metrics
from listening_coach.rubric import Gate, names

FILE = Path(__file__).parents[1] / "data" / "coverage.toml"
PRACTICES: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["practice"]
HOMES = ("behaviours", "metrics", "rubrics", "team", "sentiment", "gate")


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda p: p["practice"])
def test_every_practice_has_a_home(practice: dict[str, Any]) -> None:
    """A practice names its source and at least one home, and each home that it names is there."""
    assert practice["source"]
    assert any(practice.get(home) for home in HOMES)
    assert set(practice) <= {"practice", "source", *HOMES}
    assert set(practice.get("behaviours", ())) <= set(builtin())
    assert set(practice.get("metrics", ())) <= set(Metrics.__dataclass_fields__)
    assert set(practice.get("rubrics", ())) <= set(names())
    assert all(callable(getattr(team, name)) for name in practice.get("team", ()))
    assert not practice.get("gate") or Gate().customer_turns


def test_every_behaviour_has_a_practice() -> None:
    """No behaviour file stands outside the practices, the customer's having to repeat themselves apart: it is the sign of a missed one."""
    named = {behaviour for practice in PRACTICES for behaviour in practice.get("behaviours", ())}
    assert set(builtin()) - named <= {"customer_repeats"}


def test_practices_are_distinct() -> None:
    """No practice is listed twice."""
    titles = [p["practice"] for p in PRACTICES]
    assert sorted(titles) == sorted(set(titles))
