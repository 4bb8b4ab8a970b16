"""What the library finds in our sample calls agrees with our own labels as well as it did when this was written."""

from __future__ import annotations

import functools

import pytest
from gold import Agreement, agreement, calls

from listening_coach import Coach

pytestmark = pytest.mark.slow  # reads all labelled calls

# F1 against the labels in data/gold as measured, less 0.03 for what a change elsewhere may cost. Behaviours with fewer than ten labels
# are too few to hold. The scorers of some are fitted on calls labelled by a guide that is newer than these labels (data/ACCURACY.md).
FLOORS = {
    "action_point": 0.80,
    "closed_question": 0.85,
    "closing": 0.86,
    "empathy": 0.65,
    "explanation": 0.49,
    "gratitude": 0.93,
    "greeting": 0.95,
    # These labels call more a hedge than the guide of the rounds, which the scorers learn from ("They should reach out to you."). It was .84 before they
    # learned from more calls, while F1 on new calls rose from .63 to .73.
    "hedging": 0.77,
    "hold": 0.85,
    "interruption": 0.89,
    "name_use": 0.81,
    "negative_language": 0.83,
    "open_question": 0.72,
    "ownership": 0.54,
    "personal_touch": 0.75,
    "policy_hiding": 0.73,
    "positive_language": 0.65,
    "pressure": 0.78,
    "status_update": 0.61,
    "summary": 0.67,
    "understanding_check": 0.55,
    "verbal_nod": 0.81,
}


@functools.cache
def found() -> dict[str, Agreement]:
    return agreement(Coach())


@pytest.mark.parametrize(("behaviour", "least"), FLOORS.items())
def test_agreement(behaviour: str, least: float) -> None:
    """F1 against our own labels stays where it was."""
    got = found()[behaviour]
    assert got.f1 >= least, got.errors


def test_good_calls_score_above_bad_ones() -> None:
    """Every call that we judged good scores above every middling one or near it, and clearly above every bad one."""
    coach = Coach()
    scores: dict[str, list[float]] = {"good": [], "middling": [], "bad": []}
    for transcript, gold in calls():
        score = coach.review(transcript).score
        assert score is not None
        scores[gold["listening"]].append(score)
    assert min(scores["good"]) >= max(scores["bad"]) + 20
    assert min(scores["middling"]) > max(scores["bad"])
    assert sum(scores["good"]) / len(scores["good"]) > sum(scores["middling"]) / len(scores["middling"])
