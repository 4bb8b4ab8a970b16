"""Repeats: what the customer says was said before, and questions asked a second time."""

from __future__ import annotations

import functools

import pytest

from listening_coach import Coach, Moment, Transcript


@functools.cache
def coach() -> Coach:
    return Coach()


def repeats(*turns: tuple[str, str]) -> list[Moment]:
    return [m for m in coach().find_by_rules(Transcript.from_turns(turns)).moments if m.behaviour == "customer_repeats"]


def test_says_so() -> None:
    """The customer's own words for having said it are found, the agent's are not."""
    (moment,) = repeats(("agent", "Which one?"), ("customer", "As I said, the lamp."))
    assert (moment.turn, moment.kind, moment.quote) == (1, "said_before", "As I said")
    assert repeats(("agent", "As I said, it's on its way."), ("customer", "Fine.")) == []


def test_asks_again() -> None:
    """A question in nearly the same words is found with the turn where it was asked before, however it is inflected."""
    (moment,) = repeats(
        ("customer", "When will the engineer be coming?"),
        ("agent", "What's your postcode?"),
        ("customer", "It's on the file. So when does the engineer come?"),
    )
    assert (moment.turn, moment.kind, moment.details["of_turn"]) == (2, "asked_again", 0)


@pytest.mark.parametrize(
    "turns",
    [
        [("customer", "Is the branch open on Sunday?"), ("agent", "Sorry?"), ("customer", "Is the branch open on Sunday?")],
        [("customer", "When will the engineer come?"), ("agent", "Friday."), ("customer", "And when will the part come?")],
        [("customer", "Is that okay?"), ("agent", "Yes."), ("customer", "Is that okay with him?")],
        [("agent", "What's your postcode?"), ("customer", "SN4."), ("agent", "What's your postcode again?")],
        [("customer", "")],
        [],
    ],
)
def test_no_repeat(turns: list[tuple[str, str]]) -> None:
    """Not heard the first time, another question, too few words, the agent's question, and nothing at all are no repeats."""
    assert repeats(*turns) == []


def test_one_turn_counts_once() -> None:
    """A repeated question in a turn that says so is one moment."""
    assert (
        len(
            repeats(
                ("customer", "When will the engineer come?"),
                ("agent", "Hm."),
                ("customer", "I already asked you that: when will the engineer come?"),
            )
        )
        == 1
    )
