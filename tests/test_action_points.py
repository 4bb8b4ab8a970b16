"""The closing table: every step once, with what later mentions add."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Moment
from listening_coach.action_points import action_points
from listening_coach.moments import Details
from listening_coach.transcript import Role


def step(turn: int, action: str, *, owner: str = "agent", due: str | None = None, kind: str = "promise", **more: Any) -> Moment:
    details = {"owner": owner, "action": action, "due_text": due, "due": None, "firmness": "firm", "act": action.split()[0], **more}
    role = Role.CUSTOMER if owner == "customer" else Role.AGENT
    return Moment("action_point", turn, 0, len(action), action, kind, "", role.value, role, float(turn), details=Details(details))


def test_said_twice_is_one() -> None:
    """A step said again is one step that names the turn of the repetition, and takes the date that came later."""
    (point,) = action_points([step(3, "email you the form"), step(9, "email the form", due="by Friday")])
    assert (point.turn, point.said_again, point.due_text, point.action) == (3, (9,), "by Friday", "email you the form")


def test_a_corrected_date_wins() -> None:
    """Where two mentions name different dates, the later one holds."""
    (point,) = action_points([step(3, "call you back", due="tomorrow"), step(9, "call you back", due="on Friday")])
    assert point.due_text == "on Friday"


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("email you the form", "send you that form", 1),
        ("post the letter", "you will get a letter", 1),
        ("call the garage", "ring the garage", 1),
        ("send it", "send you the label", 1),
        ("email you the form", "email you the receipt", 2),
        ("call the garage", "call the school", 2),
        ("call you back", "refund the fee", 2),
    ],
)
def test_what_is_the_same(first: str, second: str, count: int) -> None:
    """The same kind of deed with the same objects is one step, other objects or deeds are two."""
    assert len(action_points([step(1, first), step(5, second)])) == count


def test_sides_are_kept_apart() -> None:
    """What the customer will send is not what the agent will send; "we" and "I" of the agent's are one side."""
    assert len(action_points([step(1, "send the photo"), step(2, "send the photo", owner="customer")])) == 2
    assert len(action_points([step(1, "send the photo"), step(2, "send the photo", owner="we")])) == 1


def test_kinds() -> None:
    """Only promises stand in the table unless more is asked for."""
    moments = [step(1, "check the stock", kind="immediate"), step(2, "send the lamp")]
    assert [p.action for p in action_points(moments)] == ["send the lamp"]
    assert [p.action for p in action_points(moments, kinds=("promise", "immediate"))] == ["check the stock", "send the lamp"]


def test_other_behaviours_are_left_out() -> None:
    """Moments of other behaviours are no steps."""
    assert action_points([replace(step(1, "send the lamp"), behaviour="apology")]) == ()


STEPS = st.builds(
    step,
    st.integers(0, 20),
    st.sampled_from(["email you the form", "email the form", "call you back", "ring you", "send it", "refund the fee"]),
    owner=st.sampled_from(["agent", "we", "customer"]),
    due=st.sampled_from([None, "by Friday"]),
)


@given(st.lists(STEPS, max_size=8))
def test_nothing_is_lost(moments: list[Moment]) -> None:
    """Every turn with a promise is in the table exactly as a first mention or a repetition, and order of the list changes nothing."""
    points = action_points(moments)
    assert {t for p in points for t in (p.turn, *p.said_again)} == {m.turn for m in moments}
    assert bool(points) == bool(moments)
    assert len(points) <= len(moments)
    assert [p.turn for p in points] == sorted(p.turn for p in points)
    assert pickle.loads(pickle.dumps(points)) == points  # noqa: S301 - our own bytes


def test_different_dates_are_different_steps() -> None:
    """Two deeds of one kind with different dates stay two, so that no date stands beside a quote that says another."""
    found = action_points([step(3, "email you the letter", due="within the hour"), step(9, "text you the letter", due="tomorrow at ten")])
    assert [(p.action, p.due_text) for p in found] == [
        ("email you the letter", "within the hour"),
        ("text you the letter", "tomorrow at ten"),
    ]
