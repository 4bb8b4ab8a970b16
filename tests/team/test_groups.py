"""Many reports together: evenness across agents and days, and a customer's calls over time."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import fmean, pstdev

import pytest

from listening_coach import Coach, Report, Transcript
from listening_coach.team import by_agent, by_customer, by_day
from listening_coach.team.groups import stage

MONDAY = datetime(2026, 3, 2, 9)
CALL = [
    ("agent", "Good morning, this is Priya, how can I help you?"),
    ("customer", "hi my boiler has stopped working again and the house is freezing"),
    ("agent", "Oh no, I'm sorry to hear that. So the boiler has stopped again and you've no heating at all?"),
    ("customer", "yes that's right and I've got the baby here"),
    ("agent", "I'll get an engineer out to you by six this evening and I'll text you when they leave."),
    ("customer", "oh that's brilliant thank you so much"),
    ("agent", "You're welcome. Bye now."),
    ("customer", "thanks bye"),
]
POOR = [(who, text if who == "customer" else "That's our policy, there's nothing I can do about it at all.") for who, text in CALL]


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    coach = Coach()
    made = []
    for number in range(8):
        turns = POOR if number % 4 == 3 else CALL
        made.append(
            coach.review(
                Transcript.from_turns(turns, id=f"c{number}", started_at=MONDAY + timedelta(days=number % 3), metadata={"n": number})
            )
        )
    return made


def agent(report: Report) -> str | None:
    return ("Priya", "Tom")[report.transcript.metadata["n"] % 2]


def test_by_agent(reports: list[Report]) -> None:
    """Groups hold each agent's calls, and the spreads are those of their scores."""
    even = by_agent(reports, agent)
    scores = {name: [r.score for r in reports if agent(r) == name and r.score is not None] for name in ("Priya", "Tom")}
    assert set(even.groups) == {"Priya", "Tom"}
    for name, group in even.groups.items():
        assert (group.calls, group.scored) == (4, 4)
        assert group.mean == pytest.approx(fmean(scores[name]))
        assert group.spread == pytest.approx(pstdev(scores[name]))
        assert (group.lowest, group.highest) == (min(scores[name]), max(scores[name]))
    assert even.groups["Priya"].spread == pytest.approx(0)
    assert even.within == pytest.approx(fmean(pstdev(s) for s in scores.values()))
    assert even.between == pytest.approx(pstdev(fmean(s) for s in scores.values()))


def test_tallies_of_a_group_add(reports: list[Report]) -> None:
    """A group's tallies are the sum over its calls, not a mean of means."""
    group = by_agent(reports, agent).groups["Priya"]
    assert (
        group.tallies["action_point"].hits == 4 * sum(m.behaviour == "action_point" and m.role == "agent" for m in reports[0].moments) > 0
    )


def test_by_day(reports: list[Report]) -> None:
    """Calls fall on their weekday; one without a date is left out."""
    undated = Coach().review(Transcript.from_turns(CALL))
    assert {name: g.calls for name, g in by_day([*reports, undated]).groups.items()} == {"Monday": 3, "Tuesday": 3, "Wednesday": 2}


def test_by_customer(reports: list[Report]) -> None:
    """A customer's calls come in the order of their dates, and the stage says what they are."""
    known = by_customer(reversed(reports), lambda r: "Ms Hale" if r.transcript.metadata["n"] < 7 else "Mr Ode")
    assert known["Mr Ode"].stage == "new"
    hale = known["Ms Hale"]
    assert (hale.calls, hale.stage) == (7, "regular")
    assert hale.thanks >= 7
    order = sorted(reports[:7], key=lambda r: r.transcript.started_at or MONDAY)
    assert sorted(s or 0 for s in hale.scores) == sorted(r.score or 0 for r in order)


def test_left_out(reports: list[Report]) -> None:
    """What has no key is left out; of nothing there is nothing."""
    assert by_agent(reports, lambda _: None).groups == {}
    assert by_agent([], agent).between is None
    assert by_customer([], agent) == {}


@pytest.mark.parametrize(
    ("days", "latest", "expected"),
    [
        ([0], 0, "new"),
        ([0, 7], 7, "returning"),
        ([0, 7, 14], 20, "returning"),
        ([0, 7, 14], 50, "lapsing"),
        ([0, 30, 60], 120, "returning"),
        ([0, 7, 14, 21], 40, "regular"),
        ([0, 7, 14, 21], 60, "lapsing"),
        ([0, 0, 0, 0], 31, "lapsing"),
    ],
)
def test_stages(days: list[int], latest: int, expected: str) -> None:
    """A customer is new, returning, regular, or lapsing: silent for three times as long as usual and a month at least."""
    assert stage(len(days), [MONDAY + timedelta(days=d) for d in days], MONDAY + timedelta(days=latest)) == expected
    assert stage(len(days), [], None) in ("new", "returning", "regular")
