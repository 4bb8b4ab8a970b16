"""Greeting and goodbye: what opens and closes a call, and where."""

from __future__ import annotations

import functools

import pytest

from listening_coach import Coach, Moment, Transcript


@functools.cache
def coach() -> Coach:
    return Coach()


def found(behaviour: str, *turns: str | tuple[str, str]) -> list[Moment]:
    """The greetings or goodbyes of a call; a bare text is the agent's."""
    records = [("agent", turn) if isinstance(turn, str) else turn for turn in turns]
    return [m for m in coach().find_by_rules(Transcript.from_turns(records)).moments if m.behaviour == behaviour]


def test_introduction_and_offer_are_noted_with_the_hello() -> None:
    """One greeting, which says whether a name and an offer of help came with it."""
    (moment,) = found("greeting", "Good morning, Larch Energy, this is Pia. How can I help you?")
    assert (moment.kind, moment.quote) == ("hello", "Good morning")
    assert dict(moment.details) == {"with_introduction": True, "with_offer": True}
    (moment,) = found("greeting", "Hello?", ("customer", "Oh, hi."))[:1]
    assert dict(moment.details) == {"with_introduction": False, "with_offer": False}


def test_introduction_without_a_hello() -> None:
    """The agent's first words are a greeting without a hello too; later ones and the customer's are not."""
    (moment,) = found("greeting", "Help desk, this is Marta. What's wrong?")
    assert (moment.kind, moment.quote) == ("introduction", "this is Marta")
    assert found("greeting", ("customer", "my name is ines and it's about the bins")) == []
    assert found("greeting", "One moment.", ("customer", "Okay."), "Right.", ("customer", "Yes."), "My name is Pia, by the way.") == []


def test_good_evening_at_the_end_is_a_goodbye() -> None:
    """The time of day greets at the start and takes leave at the end."""
    call = [
        "Good evening.",
        ("customer", "Hi."),
        "Is it on?",
        ("customer", "It is."),
        "Lovely.",
        ("customer", "That's me, then."),
        "Good evening.",
    ]
    assert [m.turn for m in found("greeting", *call)] == [0, 1]
    assert [m.turn for m in found("closing", *call)] == [6]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Bye now.", "farewell"),
        ("Take care.", "farewell"),
        ("Have a lovely weekend.", "wish"),
        ("Is there anything else I can do for you today?", "anything_else"),
        ("It was nice talking to you.", "leave_taking"),
        ("I'll let you go.", "leave_taking"),
    ],
)
def test_closing_kinds(text: str, kind: str) -> None:
    """Each kind of closing is told apart."""
    (moment,) = found("closing", "Right.", ("customer", "Great."), text)
    assert moment.kind == kind


def test_offer_is_quoted_whole() -> None:
    """The question whether anything is left is quoted to its end."""
    (moment,) = found("closing", "is there anything else i can help you with today")
    assert moment.quote == "is there anything else i can help you with today"


def test_short_answers_belong_to_the_goodbye() -> None:
    """Once one side takes leave, the other's short answers close too; before that, and longer ones, do not."""
    call = [
        "Okay.",
        ("customer", "Okay."),
        "Well, it was good talking to you.",
        ("customer", "You too."),
        "All right.",
        ("customer", "I'll ring if it breaks again on me."),
    ]
    assert [(m.turn, m.kind) for m in found("closing", *call)] == [(2, "leave_taking"), (3, "reply"), (4, "reply")]


@pytest.mark.parametrize(
    "text",
    [
        "I'll take care of it.",
        "We can see you have a card.",
        "Say goodbye to paper bills.",
        "I have to go through security.",
        "by the way it's free",
    ],
)
def test_no_closing(text: str) -> None:
    """The same words in another sense close nothing."""
    assert found("closing", text) == []


@pytest.mark.parametrize("turns", [("",), ("hello",), ("bye",), ("", "", ""), ("👋",), ("<p>hello</p>",)])
def test_scraps(turns: tuple[str, ...]) -> None:
    """Empty turns, one word, emoji and mark-up raise nothing and are quoted as they stand."""
    for behaviour in ("greeting", "closing"):
        for moment in found(behaviour, *turns):
            assert moment.quote in ("hello", "bye")


def test_thanks_for_calling_opens_or_closes() -> None:
    """At the start it greets, at the end it says goodbye."""
    call = [
        "Thank you for calling Larch.",
        ("customer", "Hi."),
        "Is it on?",
        ("customer", "Yes."),
        "Good.",
        ("customer", "Great."),
        "Thank you for calling.",
    ]
    assert [m.turn for m in found("greeting", *call)] == [0, 1]
    assert [m.turn for m in found("closing", *call)] == [6]
