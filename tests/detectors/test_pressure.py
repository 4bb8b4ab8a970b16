"""Pressure: an offer pressed after a no, told apart from an offer, a question and an answer."""

from __future__ import annotations

import functools

import pytest

from listening_coach import Coach, Transcript
from listening_coach.behaviours import builtin
from listening_coach.moments import Moment

OFFER = ("agent", "Would you like to add our breakdown cover for four pounds?")
NO = ("customer", "No thank you.")
PRESS = ("agent", "It's only four pounds, you'd be mad not to.")


@functools.cache
def coach() -> Coach:
    return Coach(behaviours={"pressure": builtin()["pressure"]})


def pressure(*turns: tuple[str, ...]) -> list[Moment]:
    return list(coach().find_by_rules(Transcript.from_turns(turns)).moments)


def test_pressing_quotes_the_refusal() -> None:
    """Coming back to an offer after a no is pressure, and the moment says which no it goes against."""
    (moment,) = pressure(OFFER, NO, PRESS)
    assert (moment.turn, moment.kind, moment.speaker) == (2, "pressing", "agent")
    assert (moment.details["refusal"], moment.details["refusal_turn"]) == ("No thank you", 1)


@pytest.mark.parametrize(
    "turns",
    [
        (OFFER,),
        (OFFER, NO),
        (NO, PRESS),
        (OFFER, ("customer", "How much is it?"), PRESS),
        (OFFER, ("customer", "Yes please."), PRESS),
        (OFFER, NO, ("agent", "No problem. When is a good time to deliver?")),
        (("customer", "I don't want to renew."), PRESS),
    ],
)
def test_what_is_none(turns: tuple[tuple[str, ...], ...]) -> None:
    """An offer alone, a no taken, a question answered, and a no to nothing are no pressure."""
    assert pressure(*turns) == []


def test_a_yes_ends_it() -> None:
    """After the customer has come round, speaking well of the offer is no pressure any more."""
    turns = (OFFER, NO, ("agent", "Okay."), ("customer", "Oh, go on then."), ("agent", "It's a great deal."))
    assert pressure(*turns) == []


def test_each_turn_that_presses_again() -> None:
    """Every turn that comes back to it counts once."""
    moments = pressure(OFFER, NO, PRESS, NO, ("agent", "What if I made it three?"), NO, ("agent", "Are you sure you don't want it?"))
    assert [m.turn for m in moments] == [2, 4, 6]


def test_insisting_long_after() -> None:
    """ "Are you sure you don't want it" goes against a no however long ago it was said; milder wording does not."""
    talk = [(speaker, text) for _ in range(6) for speaker, text in (("customer", "And the other form?"), ("agent", "It's in the post."))]
    assert pressure(OFFER, NO, *talk, ("agent", "It's only four pounds.")) == []
    assert [m.quote for m in pressure(OFFER, NO, *talk, ("agent", "Are you sure you don't want the cover?"))] == [
        "Are you sure you don't want the cover"
    ]


def test_the_one_who_said_no_does_not_press() -> None:
    """The customer's own words after their no are not pressure on the agent."""
    assert pressure(OFFER, NO, ("agent", "Okay."), ("customer", "It's only for a month anyway.")) == []


def test_pleading_needs_no_offer() -> None:
    """Pleading shows in words alone."""
    assert [(m.kind, m.details.get("refusal")) for m in pressure(("agent", "Please, I just need one more this week."))] == [
        ("pleading", None)
    ]


def test_unknown_roles() -> None:
    """Who offers and who says no is told by the speakers, whatever they are called."""
    turns = [(name, text) for name, (_, text) in zip(("Lee", "Ann", "Lee"), (OFFER, NO, PRESS), strict=True)]
    assert [(m.speaker, m.kind) for m in pressure(*turns)] == [("Lee", "pressing")]


def test_plain_text_and_fillers() -> None:
    """Without punctuation, capitals or fluency it is the same."""
    turns = [
        ("agent", "would you um like to add our breakdown cover for four pounds"),
        ("customer", "no uh thank you"),
        ("agent", "it's like only four pounds you'd be mad not to"),
    ]
    assert [(m.turn, m.kind) for m in pressure(*turns)] == [(2, "pressing")]
