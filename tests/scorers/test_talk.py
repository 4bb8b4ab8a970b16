"""Service talk is told from other talk, in which the scorers keep silent."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import listening_coach as lc
from listening_coach import Coach, Transcript
from listening_coach.fitting.labelled import load
from listening_coach.scorers.talk import OTHER, PART, SERVICE, SIDE, TARGET, Talk
from listening_coach.scorers.weights import Weights

DATA = Path(__file__).parents[2] / "data"


@cache
def coach() -> Coach:
    return Coach()


def test_the_mean_over_turns_decides() -> None:
    """A talk is service talk where the mean of the weights of its turns makes that likely; a short one always is."""
    weights = Weights(TARGET, SIDE, -1.0, 1.0, 0.0, 0.5, 0.5, 0.5, {PART: {"order": 4.0}})
    talk = Talk(weights, {"order": 0, "dream": 1})
    order, dream = 0, 1
    assert talk.kind(np.array([order] * 4 + [dream] * 4), 8) == SERVICE  # -1 + 4 * 4 / 8 = 1
    assert talk.kind(np.array([order] + [dream] * 7), 8) == OTHER  # -1 + 4 * 1 / 8 = -0.5
    assert talk.kind(np.array([dream] * 7), 7) == SERVICE
    assert Talk(None, {}).kind(np.array([], int), 20) == SERVICE


@pytest.mark.parametrize("sample", sorted((DATA / "samples").iterdir()), ids=lambda path: path.name)
def test_samples_are_service_talk(sample: Path) -> None:
    """Each of our sample calls is scored as the service call that it is."""
    assert coach().review(lc.read(sample)).rubric == "default"


def test_other_talk() -> None:
    """A counselling session is scored by the rubric for conversations, on what the rules find, and the report says so."""
    call = next(call for call in load(DATA / "gold" / "other_talk.jsonl") if "counselling" in call.source)
    report = coach().review(call.transcript())
    assert report.rubric == "conversation"
    assert report.outcome is None
    assert [m for m in report.moments if m.rule == "weighed words and signs"] == []
    assert any("does not read like a service call" in note for note in report.notes)


def test_what_the_caller_says_goes_first() -> None:
    """Metadata that say what talk a call is are believed."""
    with (DATA / "gold" / "other_talk.jsonl").open(encoding="utf-8") as lines:
        turns = [turn.split(": ", 1) for turn in json.loads(next(lines))["turns"]]
    records = [("agent", "agent", text) if who == "A" else ("customer", "customer", text) for who, text in turns]
    told = Transcript.from_turns(records, metadata={"talk": "service"})
    assert coach().review(told).rubric == "default"
