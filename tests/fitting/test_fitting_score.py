"""Fitting a score: the weights of losses that made the ratings are found again, and come out as a rubric that can be used."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest
from labelled_calls import made_calls

from listening_coach import Coach
from listening_coach.errors import ScorerError
from listening_coach.fitting import score as fitting
from listening_coach.rubric import load, parse

ITEMS = ("policy_hiding", "empathy", "greeting")
# What three items lost in twelve calls.
LOST = np.array([[a / 3, b / 2, (a + b) % 2] for a in range(4) for b in range(3)])


def ratings_by(weights: tuple[float, float, float]) -> list[float]:
    return [5.0 - points / 25.0 for points in (LOST @ np.array(weights)).tolist()]


def test_the_weights_are_found_again() -> None:
    """Ratings that are made from losses by some weights give these weights, and order the calls as the score does."""
    fit = fitting.fitted(LOST, ratings_by((40.0, 20.0, 5.0)), ITEMS, {})
    assert fit.weights == pytest.approx({"policy_hiding": 40.0, "empathy": 20.0, "greeting": 5.0})
    assert fit.rho == pytest.approx(1.0)


def test_no_weight_is_below_zero() -> None:
    """What raters seem to reward for its absence weighs nothing."""
    fit = fitting.fitted(LOST, ratings_by((40.0, 20.0, -10.0)), ITEMS, {})
    assert fit.weights["greeting"] == 0.0
    assert min(fit.weights.values()) == 0.0


def test_fixed_weights_stay() -> None:
    """A weight that is fixed stays, and the others are fitted to what it leaves."""
    fit = fitting.fitted(LOST, ratings_by((40.0, 20.0, 5.0)), ITEMS, {"greeting": 5.0, "empathy": 20.0})
    assert fit.weights == pytest.approx({"policy_hiding": 40.0, "empathy": 20.0, "greeting": 5.0})


def test_what_cannot_be_fitted_is_refused() -> None:
    """A fixed item that is not in the rubric, and too few calls, are refused with what would do."""
    with pytest.raises(ScorerError, match=r"'warmth'.*policy_hiding, empathy, greeting"):
        fitting.fitted(LOST, ratings_by((1, 1, 1)), ITEMS, {"warmth": 3.0})
    with pytest.raises(ScorerError, match=r"only 4 calls are rated.*Rate 10 or more"):
        fitting.fitted(LOST[:4], ratings_by((1, 1, 1))[:4], ITEMS, {})


def test_the_tables_follow_the_raters() -> None:
    """A coach works on what was lost where raters say so, and praises what was found where raters praise it."""
    calls = made_calls()
    reports = fitting.reviewed(calls, load("default"))
    focus = fitting.focus(calls, reports)
    assert set(focus) == {"policy_hiding", "empathy"}
    assert focus["policy_hiding"]["lost"] > 0
    strengths = fitting.strengths(calls, reports)
    assert set(strengths) == {"empathy"}
    assert strengths["empathy"]["surest"] > 0


def test_what_is_printed_is_a_rubric() -> None:
    """The lines are a rubric that extends the one that was weighed, with the fitted weights and tables, and a coach takes it."""
    default = load("default")
    weights = {name: 2.5 for name, rule in default.items() if rule.weight and name not in ("greeting", "closing", "gratitude")}
    weights |= {"greeting": 0.0, "closing": 0.0, "gratitude": 0.04}
    tables = {"focus": {"empathy": {"base": -1.0, "lost": 2.0, "unhelped": 0.25}}, "strengths": {}}
    text = "\n".join(fitting.as_rubric(default, "default", fitting.Fit(weights, 0.87), tables, 24))
    assert text.startswith("# Fitted to the ratings of 24 calls. Rank correlation with the ratings of calls kept back: 0.87.\n")
    rubric = parse(tomllib.loads(text))
    assert dict(rubric.items())["summary"].weight == 2.5
    assert rubric.sections["listening"].weight == 15.0
    assert "courtesy" not in rubric.sections
    assert rubric.focus["empathy"].lost == 2.0
    assert rubric.strengths == default.strengths
    assert Coach(rubric).rubric is rubric


@pytest.mark.slow
def test_cross_fitting_reviews_each_call_by_others() -> None:
    """Each call is reviewed, in order, by scorers and an outcome that were fitted without it."""
    calls = made_calls()
    reports = fitting.cross_reviewed(calls, load("default"))
    assert [report.transcript.id for report in reports] == [call.id for call in calls]
    read = [report.outcome.value for report in reports if report.outcome]
    assert [str(value) for value in read] == ["resolved", "partly", "not", "unclear"] * 6
