"""Holds: asking to wait, thanks after it, silences that nobody announced, and word on the way."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Coach, Transcript
from listening_coach.behaviours import builtin
from listening_coach.detectors import Found

IDS = ("hold", "status_update", "action_point")


@functools.cache
def coach() -> Coach:
    return Coach(behaviours={name: builtin()[name] for name in IDS})


def timed(*turns: tuple[str, str, float, float]) -> Transcript:
    return Transcript.from_turns([(speaker, speaker, text, start, end) for speaker, text, start, end in turns])


def judged(found: Found, behaviour: str) -> list[tuple[str | None, bool, int | None]]:
    return [(o.kind, o.met, o.answer) for o in found.occasions if o.behaviour == behaviour]


ASKED = ("agent", "Can I put you on hold for two minutes while I ask the depot?", 0.0, 4.0)
YES = ("customer", "Yes, fine.", 4.5, 5.0)


def test_hold_with_thanks() -> None:
    """A hold that was announced and thanked for meets both; the moment knows how long the silence was."""
    found = coach().find_by_rules(timed(ASKED, YES, ("agent", "Thank you for waiting. It's on the van.", 65.0, 69.0)))
    assert judged(found, "hold") == [("announced", True, 0), ("thanked", True, 2)]
    ask = next(m for m in found.moments if m.kind == "ask")
    assert ask.details["silence_s"] == 60.0
    assert [m.quote for m in found.moments if m.kind == "return"] == ["Thank you for waiting"]


def test_hold_without_thanks() -> None:
    """A hold without a word after it is missed thanks."""
    found = coach().find_by_rules(timed(ASKED, YES, ("agent", "So it's on the van.", 65.0, 69.0), ("customer", "Good.", 70.0, 70.5)))
    assert judged(found, "hold") == [("announced", True, 0), ("thanked", False, None)]


def test_silence_without_a_word() -> None:
    """A long silence that the agent breaks, with nothing said before, is an unannounced wait."""
    found = coach().find_by_rules(timed(("customer", "It was order nine.", 0.0, 2.0), ("agent", "It left on Monday.", 32.0, 34.0)))
    assert judged(found, "hold") == [("announced", False, None), ("thanked", False, None)]


def test_what_they_do_is_a_word_before() -> None:
    """ "Let me look that up" tells what the silence is for."""
    found = coach().find_by_rules(timed(("agent", "Let me look that up.", 0.0, 2.0), ("agent", "It left on Monday.", 32.0, 34.0)))
    assert judged(found, "hold")[0] == ("announced", True, 0)


@pytest.mark.parametrize(
    "turns",
    [
        [("agent", "What's on the label?", 0.0, 2.0), ("customer", "It says nine.", 40.0, 42.0)],
        [("customer", "Hang on, I'll get it.", 0.0, 2.0), ("customer", "It says nine.", 40.0, 42.0)],
        [("customer", "Give me a second.", 0.0, 2.0), ("agent", "Take your time.", 2.5, 3.0), ("customer", "Nine.", 40.0, 41.0)],
        [("agent", "You can plug it in again.", 0.0, 2.0), ("customer", "It's on now.", 60.0, 61.0)],
        [("agent", "It left on Monday.", 0.0, 2.0), ("customer", "Oh good.", 5.0, 6.0)],
    ],
)
def test_silences_of_the_customers_own(turns: list[tuple[str, str, float, float]]) -> None:
    """Silence while the customer looks something up or does what was asked calls for nothing, nor does a short one."""
    assert judged(coach().find_by_rules(timed(*turns)), "hold") == []


def test_customer_calls_out() -> None:
    """A customer who asks whether anybody is there was left waiting."""
    found = coach().find_by_rules(timed(("agent", "It left on Monday.", 0.0, 2.0), ("customer", "Hello? Are you still there?", 40.0, 42.0)))
    assert ("announced", False, None) in judged(found, "hold")


@pytest.mark.parametrize(
    "turns",
    [
        [("agent", "Can I put you on hold?"), ("customer", "Yes."), ("agent", "So it's on the van."), ("customer", "Good.")],
        [("agent", "hold the line please"), ("agent", "right it is on the van")],
    ],
)
def test_without_times(turns: list[tuple[str, str]]) -> None:
    """Without times a spoken hold still calls for thanks, and no silence is claimed."""
    found = coach().find_by_rules(Transcript.from_turns(turns))
    assert judged(found, "hold") == [("thanked", False, None)]
    assert all("silence_s" not in m.details for m in found.moments)


def test_starts_only() -> None:
    """Starts alone show no silence: a turn may have lasted until the next began."""
    found = coach().find_by_rules(Transcript.from_turns([("agent", "agent", "Let me look.", 0.0), ("agent", "agent", "It left.", 90.0)]))
    assert judged(found, "hold") == []


def test_call_ends_in_the_hold() -> None:
    """A call that breaks off in a hold misses no thanks: nobody could have said them."""
    assert judged(coach().find_by_rules(timed(ASKED, YES)), "hold") == []


def test_unknown_roles() -> None:
    """Where nobody is known to be the agent, moments are found and nothing is judged."""
    found = coach().find_by_rules(Transcript.from_turns([("A", "hold the line please"), ("B", "okay")]))
    assert [m.kind for m in found.moments] == ["ask"]
    assert found.occasions == []


def test_one_wait_in_two_parts() -> None:
    """An update in the middle of a hold does not make two holds: thanks are due once, at the end."""
    found = coach().find_by_rules(
        timed(
            ("agent", "I'm putting you on hold for a moment.", 0.0, 3.0),
            ("agent", "I'm still waiting for the depot, one more minute.", 40.0, 43.0),
            ("agent", "Thanks for holding, it's on the van.", 90.0, 93.0),
        )
    )
    assert [o for o in judged(found, "hold") if o[0] == "thanked"] == [("thanked", True, 2)]
    assert judged(found, "status_update") == [("long_wait", True, 1)]


@pytest.mark.parametrize(
    ("ask", "met"),
    [("Please hold while I ask, it takes about three minutes.", True), ("Please hold while I ask.", False)],
)
def test_long_wait(ask: str, met: bool) -> None:
    """A long wait is met where its length was named before; a bare request to hold names none."""
    found = coach().find_by_rules(timed(("agent", ask, 0.0, 4.0), ("agent", "Thanks for holding.", 120.0, 122.0)))
    assert judged(found, "status_update") == [("long_wait", met, 0 if met else None)]


def test_short_wait_needs_no_update() -> None:
    """A wait of half a minute calls for no word on the way."""
    assert judged(coach().find_by_rules(timed(ASKED, ("agent", "Thanks for holding.", 34.0, 36.0))), "status_update") == []


TURN = st.tuples(
    st.sampled_from(["agent", "customer"]),
    st.sampled_from(
        ["", "Hang on.", "Let me look.", "Please hold.", "Thanks for holding.", "What is it?", "Hello?", "I'm still checking."]
    ),
    st.floats(0, 60),
    st.floats(0, 60),
)


@given(st.lists(TURN, max_size=8))
def test_any_times_are_taken(turns: list[Any]) -> None:
    """Whatever the times, each wait is judged once, answers lie in the call, and silences are positive."""
    clock, records = 0.0, []
    for speaker, text, gap, length in turns:
        clock += gap
        records.append((speaker, speaker, text, clock, clock + length))
        clock += length
    found = coach().find_by_rules(Transcript.from_turns(records))
    for o in found.occasions:
        assert 0 <= o.turn < len(records)
        assert o.met == (o.answer is not None)
    announced = [o for o in found.occasions if o.kind == "announced"]
    thanked = [o.turn for o in found.occasions if o.kind == "thanked"]
    assert len(announced) < max(len(records), 1)
    assert len(thanked) == len(set(thanked))
    assert all(m.details.get("silence_s", 1.0) > 0 for m in found.moments)
