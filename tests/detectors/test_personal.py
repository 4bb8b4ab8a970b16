"""Personal touch: wishes and small talk, events of the customer's life, and whether they were taken up."""

from __future__ import annotations

import functools

import pytest

from listening_coach import Coach, Transcript
from listening_coach.detectors import Found


@functools.cache
def coach() -> Coach:
    return Coach()


def found(*turns: tuple[str, str]) -> Found:
    return coach().find_by_rules(Transcript.from_turns(turns))


def touches(*turns: tuple[str, str]) -> list[tuple[int, str | None]]:
    return [(m.turn, m.kind) for m in found(*turns).moments if m.behaviour == "personal_touch"]


def events(*turns: tuple[str, str]) -> list[tuple[str | None, bool, int | None]]:
    return [(o.kind, o.met, o.answer) for o in found(*turns).occasions if o.behaviour == "personal_touch"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It's my son's birthday on Sunday and it hasn't come.", "birthday"),
        ("We're getting married in June.", "wedding"),
        ("My father passed away last week.", "bereavement"),
        ("with the baby, she's three weeks old", "new_baby"),
        ("we've just moved house", "move"),
        ("My wife's in hospital.", "illness"),
        ("We're going on holiday on Friday.", "holiday"),
        ("I'm starting a new job on Monday.", "new_job"),
        ("It's our wedding anniversary.", "anniversary"),
        ("My daughter is graduating in May.", "graduation"),
        ("my husband is retiring next month", "retirement"),
        ("My grandson's coming over from Ohio.", "visit"),
    ],
)
def test_events(text: str, kind: str) -> None:
    """Each kind of event of the customer's life is an occasion, missed where nobody takes it up."""
    assert events(("customer", text), ("agent", "What's the order number?")) == [(kind, False, None)]


@pytest.mark.parametrize(
    "text",
    [
        "The wedding package was too dear.",
        "Can we move the appointment to Friday?",
        "The battery died on me.",
        "I moved to another supplier.",
        "Is there holiday insurance with the card?",
        "It goes to my retirement account.",
        "The baby seat has a broken strap.",
        "Why didn't you say so in the first place?",
    ],
)
def test_no_events(text: str) -> None:
    """What is sold, moved or broken is no event of a life."""
    assert events(("customer", text), ("agent", "Right.")) == []


def test_taken_up_soon_or_by_its_word() -> None:
    """An event is taken up within the agent's next two turns, or later where the agent names it."""
    told = ("customer", "It's for my son's birthday.")
    assert events(told, ("agent", "Oh, how lovely. How old is he?")) == [("birthday", True, 1)]
    later = [
        told,
        ("agent", "Okay."),
        ("customer", "Yes."),
        ("agent", "One moment."),
        ("customer", "Sure."),
        ("agent", "It's booked."),
        ("customer", "Great."),
    ]
    assert events(*later, ("agent", "I hope the party goes well.")) == [("birthday", True, 7)]
    assert events(*later, ("agent", "Best of luck.")) == [("birthday", False, None)]


def test_condolence_takes_up_a_death() -> None:
    """Sympathy meets an event although it is empathy and no personal touch."""
    call = [("customer", "My mother died in March."), ("agent", "I'm so sorry for your loss.")]
    assert events(*call) == [("bereavement", True, 1)]
    assert touches(*call) == []


def test_questions_count_after_an_event_only() -> None:
    """ "How old is he?" is personal after an event and a detail without one."""
    assert touches(("customer", "It's my grandson's birthday."), ("agent", "How old is he?")) == [(1, "event")]
    assert touches(("customer", "The dog bit the cable."), ("agent", "How old is he?")) == []


def test_told_twice_is_one_event() -> None:
    """Who tells twice of one wedding gives one occasion."""
    assert len(events(("customer", "We're getting married."), ("agent", "When?"), ("customer", "We're getting married in May."))) == 1


def test_agents_events_call_for_nothing() -> None:
    """What the agent tells of their own life is no occasion for the agent."""
    assert events(("agent", "We're getting married in June."), ("customer", "Nice.")) == []


@pytest.mark.parametrize("text", ["", "🎂", "<b>happy birthday</b>", "happy birthday", "my birthday"])
def test_scraps(text: str) -> None:
    """Empty turns, emoji and mark-up raise nothing."""
    assert touches(("agent", text)) in ([], [(0, "wish")])
