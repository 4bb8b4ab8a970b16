"""Apologies: whose fault, for what, and the "sorry" that is none."""

from __future__ import annotations

import functools

import pytest

from listening_coach import Coach, Moment, Transcript


@functools.cache
def coach() -> Coach:
    return Coach()


def apologies(*turns: str | tuple[str, str]) -> list[Moment]:
    """The apologies of a call; a bare text is the agent's."""
    records = [("agent", turn) if isinstance(turn, str) else turn for turn in turns]
    return [m for m in coach().find_by_rules(Transcript.from_turns(records)).moments if m.behaviour == "apology"]


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("That was our mistake, Mr Lane.", "mistake", "That was our mistake"),
        ("I'm sorry we lost the form.", "mistake", "I'm sorry"),
        ("We should have told you that on Monday.", "mistake", "We should have told"),
        ("We're really sorry about the mess.", "trouble", "We're really sorry about the"),
        ("We do apologise for any inconvenience.", "trouble", "We do apologise for any"),
        ("Sorry for keeping you.", "wait", "Sorry for keeping you"),
        ("sorry to interrupt you there", "wait", "sorry to interrupt"),
        ("I'm sorry, but I can't open it.", "before_no", "I'm sorry"),
        ("Oh, sorry, yes.", "small", "sorry"),
    ],
)
def test_kinds_and_quotes(text: str, kind: str, quote: str) -> None:
    """Each kind of apology is told apart; what follows a bare sorry is not part of it."""
    (moment,) = apologies(text)
    assert (moment.kind, moment.quote) == (kind, quote)


def test_sorry_that_asks_again() -> None:
    """ "Sorry" as a turn asks for a repetition where one follows, or where it goes on with the other's words."""
    said = ("customer", "the reference is on the yellow sticker under the meter")
    assert apologies(said, "sorry", ("customer", "on the yellow sticker")) == []
    assert apologies(said, "sorry the yellow sticker") == []
    assert apologies(said, "Sorry?", ("customer", "It's on a sticker.")) == []
    assert [m.kind for m in apologies(said, "sorry", ("customer", "that's all right love"))] == ["small"]


def test_sorry_that_mends_a_word() -> None:
    """ "Sorry" in the middle of speech mends what the speaker just said."""
    assert apologies("it's the fourth sorry the fifth of march") == []
    assert apologies("It's on the left, sorry, the right of the form.") == []
    assert len(apologies("i've sent the wrong one i'm sorry")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry to hear that.",
        "I'm so sorry for your loss.",
        "Better safe than sorry.",
        "They never apologised to her.",
        "No need to apologise.",
        "It's not our fault.",
    ],
)
def test_no_apology(text: str) -> None:
    """Sympathy, sayings, what others said or did not say, and denials are no apologies."""
    assert apologies(text) == []


@pytest.mark.parametrize(
    "text", ["We apologize for the delay.", "We apologise for the delay.", "we um apologise for uh the delay", "WE APOLOGISE FOR THE DELAY"]
)
def test_spelling_and_fillers(text: str) -> None:
    """British and American spelling, fillers and capitals change nothing."""
    assert [m.kind for m in apologies(text)] == ["wait"]


@pytest.mark.parametrize("turns", [("",), ("sorry",), ("sorry", "sorry"), ("🙂 sorry 🙂",), ("<i>sorry</i>",)])
def test_scraps(turns: tuple[str, ...]) -> None:
    """Empty turns, a lone sorry, emoji and mark-up raise nothing."""
    for moment in apologies(*turns):
        assert moment.quote.lower() == "sorry"
