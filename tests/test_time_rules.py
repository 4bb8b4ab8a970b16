"""Rules of time and required sentences: thresholds stand in the rubric, and what is lost names its place and the sentence."""

from __future__ import annotations

from typing import Any

import pytest

from listening_coach import Coach, Report, Transcript

NOTICE = "This call is recorded for training."
TURNS = [
    ("agent", "Harbour Bikes, good morning, this is Dana, how can I help you?", 2.0, 6.0),
    ("customer", "My bike came with a bent wheel and I need it for work on Monday.", 7.0, 12.0),
    ("agent", "I'm sorry about that. Before we go on, this call's recorded, for training.", 13.0, 18.0),
    ("customer", "That's fine, the order is four four seven one.", 19.0, 23.0),
    ("agent", "Thank you. One moment please while I look, could you hold on for me?", 24.0, 28.0),
    ("agent", "Thanks for waiting. Is there anything else I can help you with today?", 68.0, 72.0),
    ("customer", "No, that is everything, thank you very much.", 73.0, 76.0),
    ("agent", "Thank you for calling, goodbye.", 77.0, 82.0),
]


def review(rule: dict[str, Any], name: str = "greeting", turns: list[Any] = TURNS) -> Report:
    """The call scored on one item only."""
    rubric = {
        "name": "one", "title": "One", "weights_are": "points", "bands": [{"name": "all", "at": 0}], "gate": {"customer_turns": 2, "agent_turns": 2},
        "sections": {"s": {"title": "S", "weight": 1, "items": {name: {"weight": 10, **rule}}}},
    }  # fmt: skip
    return Coach(rubric).review(Transcript.from_turns(turns, id="c-1"))


def shown(report: Report) -> list[tuple[str, int | None, float, str]]:
    """The ledger's lines: kind, turn, points, reason."""
    return [(str(entry.kind), entry.turn, entry.points, entry.reason) for entry in report.ledger]


@pytest.mark.parametrize(
    ("name", "rule", "lines"),
    [
        ("greeting", {"within_s": 10}, []),
        ("greeting", {"within_s": 0.5, "of": "end"}, [("late", 0, 10.0, "this is not within 0.5 seconds of the call's end")]),
        ("closing", {"within_s": 20, "of": "end"}, []),
        ("closing", {"within_s": 5}, [("late", 5, 10.0, "this is not within 5 seconds of the call's start")]),
        ("pressure", {"within_s": 5}, [("late", None, 10.0, "not done within 5 seconds of the call's start")]),
    ],
)
def test_within(name: str, rule: dict[str, Any], lines: list[Any]) -> None:
    """Something within so many seconds of start or end is met or not; what came at another time is named."""
    assert shown(review({"measure": "within", **rule}, name)) == lines


@pytest.mark.parametrize(
    ("metric", "value", "best", "worst", "lost"),
    [
        ("longest_silence_s", 40.0, [0, 30], [0, 50], 5.0),
        ("longest_hold_s", 40.0, [0, 60], [0, 90], 0.0),
        ("holds", 1, [0, 0], [0, 2], 5.0),
        ("silence_share", 0.5, [0, 0.2], [0, 0.8], 5.0),
    ],
)
def test_ranges_of_time(metric: str, value: float, best: list[float], worst: list[float], lost: float) -> None:
    """Holds and silences are metrics, of which the rubric says how much is well and how much is too much."""
    report = review({"measure": "range", "metric": metric, "best": best, "worst": worst}, "waiting")
    assert getattr(report.metrics, metric) == pytest.approx(value)
    assert sum(entry.points for entry in report.ledger) == pytest.approx(lost, abs=0.1)


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ({"sentences": [NOTICE]}, []),
        ({"sentences": [NOTICE], "within_s": 15}, []),
        ({"sentences": [NOTICE], "within_s": 5}, [("unsaid", 2, 10.0, f"not said within 5 seconds of the call's start: “{NOTICE}”")]),
        ({"sentences": ["We record this call."]}, [("unsaid", None, 10.0, "not said: “We record this call.”")]),
        ({"sentences": ["We record this call."], "wording": "meaning"}, []),
        (
            {"sentences": ["The bike has a bent wheel."], "wording": "meaning"},
            [("unsaid", None, 10.0, "not said: “The bike has a bent wheel.”")],
        ),
        ({"sentences": ["Is there anything else I can help you with", NOTICE]}, []),
        (
            {"sentences": ["Is there anything else I can help you with", NOTICE], "in_order": True},
            [("unsaid", 2, 5.0, f"said, but not behind what comes before it: “{NOTICE}”")],
        ),
        ({"sentences": [NOTICE, "Is there anything else I can help you with"], "in_order": True}, []),
    ],
)
def test_said(rule: dict[str, Any], lines: list[Any]) -> None:
    """A required sentence is said word for word or by meaning, in time and in its place; the customer's words are not the agent's."""
    report = review({"measure": "said", "title": "Says what must be said", **rule}, "notices")
    assert shown(report) == lines
    for *_, reason in lines:
        assert reason.partition("“")[2] in report.to_markdown()


@pytest.mark.parametrize(("measure", "name"), [("within", "greeting"), ("said", "notices")])
def test_without_times(measure: str, name: str) -> None:
    """Without times a deadline cannot be measured and costs nothing."""
    report = review(
        {"measure": measure, "within_s": 10, **({"sentences": [NOTICE]} if measure == "said" else {})}, name, [t[:2] for t in TURNS]
    )
    assert (report.items[name].status, report.ledger) == ("not_measurable", ())
