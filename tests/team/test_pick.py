"""Picks for review: each way, its reasons, and that they are the same every time."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

import listening_coach as lc
from listening_coach.cli import app
from listening_coach.errors import CalibrationError
from listening_coach.reviews import Review, Verdict, append
from listening_coach.team import pick

pytestmark = pytest.mark.slow  # the team's calls are scored first
WAYS = ("random", "worst", "unsure", "edge", "missed")


@pytest.mark.parametrize("how", WAYS)
def test_ways(how: str, scores: Path) -> None:
    """Each way picks so many calls of each agent, an agent of two names being one, with a reason, and the same calls again."""
    found = pick(scores, n=3, how=how)
    counts = {name: sum(p.group == name for p in found) for name in {p.group for p in found}}
    assert counts == {"Dana Reyes": 3, "Bo Lindqvist": 3, "Chidi Eze": 3, "Mei Tan": 3, "Ruth Abel": 3, "(not known)": 1}
    assert all(p.reason for p in found)
    assert found == pick(scores, n=3, how=how)


def test_reasons(scores: Path) -> None:
    """The worst are the lowest; the edge is near a band; chance depends on the seed."""
    worst = [p.score for p in pick(scores, per="all", n=200, how="worst")]
    assert worst == sorted(worst)
    assert min(abs(pick(scores, per="all", n=1, how="edge")[0].score - at) for at in (45, 65, 80)) < 1
    assert pick(scores, per="team", n=4) != pick(scores, per="team", n=4, seed=1)
    assert {p.group for p in pick(scores, per="queue", n=1)} == {"Orders", "Billing", "Faults", "(not known)"}
    assert len(pick(scores, per="week", n=1)) == 6


def test_what_is_reviewed_is_left_out(scores: Path, tmp_path: Path) -> None:
    """A call that a coach has reviewed is not picked again, unless asked for."""
    shutil.copytree(scores, tmp_path / "scores")
    first = pick(tmp_path / "scores", per="all", n=1)[0]
    append(tmp_path / "scores" / "reviews.jsonl", [Review(call=first.call, by="Ines", at=datetime.now(UTC), verdict=Verdict.AGREE)])
    assert first.call not in {p.call for p in pick(tmp_path / "scores", per="all", n=300)}
    assert pick(tmp_path / "scores", per="all", n=1, reviewed=True)[0] == first


@pytest.mark.parametrize("wrong", [{"how": "best"}, {"per": "moon"}, {"n": 0}])
def test_wrong(wrong: dict[str, object], scores: Path) -> None:
    """What there is not is named with what there is."""
    with pytest.raises(CalibrationError, match=r"Choose one of|at least one"):
        pick(scores, **wrong)


def test_one_call(tmp_path: Path) -> None:
    """One call of nobody known is picked as such."""
    said = "So your parcel is lost; I'll look for it and call you back by noon on Friday."
    turns = [
        ("agent", "Hello, how can I help you today, is it about the order?"),
        *[("customer", "It was due on Monday."), ("agent", said)] * 4,
    ]
    lc.scores.run([lc.Transcript.from_turns(turns, id="only")], tmp_path / "scores", workers=0)
    assert [(p.call, p.group) for p in pick(tmp_path / "scores")] == [("only", "(not known)")]


def test_command(scores: Path) -> None:
    """The command lists the picks by agent; a way that there is not is wrong usage."""
    done = CliRunner().invoke(app, ["pick", str(scores), "--n", "2", "--how", "worst"])
    assert done.exit_code == 0
    assert done.output.splitlines()[0].endswith(":")
    assert len(done.output.splitlines()) == 6 + 11
    assert CliRunner().invoke(app, ["pick", str(scores), "--how", "best"]).exit_code == 2
