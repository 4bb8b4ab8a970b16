"""Several agents in one call: each is reported with a score of their own, and hand-overs are named."""

from __future__ import annotations

import pytest

from listening_coach import Coach, Report, Transcript
from listening_coach.agents import HandOver, hand_overs, lost

WARM = [
    ("Dana", "agent", "Larch Energy, Dana speaking, how can I help you today?"),
    ("Mr Ode", "customer", "My heating has been off for four days and my mother is ill, I'm really worried."),
    ("Dana", "agent", "Oh no, I'm so sorry, that must be really worrying. So the heating has been off for four days, is that right?"),
    ("Mr Ode", "customer", "Yes, since Monday, and nobody rings me back."),
    ("Dana", "agent", "I'll stay with this until it's fixed. I've booked an engineer for today at three, and now I'm getting you Sam for the hotel."),
    ("Mr Ode", "customer", "Thank you, that's such a relief."),
]  # fmt: skip
COLD = [
    ("Sam", "agent", "Yes."),
    ("Mr Ode", "customer", "Dana said you would pay for a hotel for my mother tonight."),
    ("Sam", "agent", "That's not our policy. There's nothing I can do about hotels, you'd have to write in to the complaints team."),
    ("Mr Ode", "customer", "But she told me you would, my mother is in a freezing house."),
    ("Sam", "agent", "As I said, it's against our policy. Calm down please. You need to write in, I can't help with that."),
    ("Mr Ode", "customer", "This is ridiculous, you are no help at all."),
    ("Sam", "agent", "Well, that's the rule, and I can't change the rule."),
    ("Mr Ode", "customer", "Then I'll complain. Goodbye."),
]


def call(*turns: tuple[str, str, str]) -> Transcript:
    """A call of these turns, ten seconds each."""
    return Transcript.from_turns([(*turn, 10.0 * i, 10.0 * i + 9) for i, turn in enumerate(turns)], id="c-1")


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach()


@pytest.fixture(scope="module")
def report(coach: Coach) -> Report:
    return coach.review(call(*WARM, *COLD))


def test_each_has_a_score_of_their_own(report: Report) -> None:
    """What one agent does well or badly is not the other's, and each part's losses add up to what it lacks."""
    dana, sam = report.agents
    assert (dana.speaker, dana.first_turn, dana.last_turn, dana.turns) == ("Dana", 0, 4, 3)
    assert (sam.speaker, sam.first_turn, sam.last_turn, sam.turns) == ("Sam", 6, 12, 4)
    assert dana.score is not None
    assert sam.score is not None
    assert dana.score > 60 > 40 > sam.score
    for part in report.agents:
        assert sum(entry.points for entry in part.ledger) == pytest.approx(100 - (part.score or 0.0))
    assert {entry.turn for entry in dana.ledger} <= {None, *range(6)}
    assert {entry.turn for entry in sam.ledger} <= {None, *range(5, 14)}
    assert sum(points for _, points in lost(sam)) == pytest.approx(100 - sam.score)


def test_how_it_ended_is_the_last_agents(report: Report) -> None:
    """An agent who handed over does not answer for what another did afterwards."""
    dana, sam = report.agents
    assert "outcome" in {entry.item for entry in sam.ledger}
    assert "outcome" not in {entry.item for entry in dana.ledger}


def test_hand_over(report: Report) -> None:
    """The turn at which another agent takes over is named, each agent's first turn once."""
    assert report.hand_overs == (HandOver(6, "Dana", "Sam", 60.0),)
    back = call(*WARM, *COLD[:2], ("Dana", "agent", "Dana again."), *COLD[2:4])
    assert hand_overs(back) == (HandOver(6, "Dana", "Sam", 60.0),)


def test_a_single_agent(coach: Coach) -> None:
    """With one agent there are no parts: the call's score is theirs."""
    report = coach.review(call(*WARM))
    assert (report.agents, report.hand_overs) == ((), ())
    assert "Each agent" not in report.to_markdown() + report.to_text() + report.to_html()


def test_too_little_of_one(coach: Coach) -> None:
    """An agent who says too little is not scored, and the reason says so."""
    report = coach.review(call(("Kim", "agent", "One moment, please."), *WARM))
    assert [(part.score is None, part.not_scored_code) for part in report.agents] == [(True, "too_short"), (False, None)]


def test_pages(report: Report) -> None:
    """Every page names the agents, their scores and the hand-over."""
    sam = report.agents[1]
    for page in (report.to_markdown(), report.to_text(), report.to_html()):
        shown = " ".join(page.replace("\\", "").split())
        assert "Each agent" in shown
        assert "At 1:00 Dana handed over to Sam." in shown
        assert f"{sam.score:.1f}, {sam.band}" in shown


def test_round_trip(report: Report) -> None:
    """The parts and hand-overs are read back from the report as data."""
    back = Report.from_dict(report.to_dict())
    assert (back.agents, back.hand_overs) == (report.agents, report.hand_overs)
