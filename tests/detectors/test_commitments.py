"""Steps committed to: what counts, whose they are, by when, how surely, and how many there are."""

from __future__ import annotations

import functools
import re
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Coach, Moment, Transcript
from listening_coach.behaviours import builtin

# A Wednesday morning.
CALL = datetime(2024, 3, 13, 10, 0)


@functools.cache
def coach() -> Coach:
    return Coach(behaviours={"action_point": builtin()["action_point"]})


def steps(*turns: str | tuple[str, str], started_at: datetime | None = CALL) -> list[Moment]:
    """The steps of a call; a bare text is the agent's."""
    records = [("agent", turn) if isinstance(turn, str) else turn for turn in turns]
    return list(coach().find_by_rules(Transcript.from_turns(records, started_at=started_at)).moments)


def occasions(*turns: str | tuple[str, str]) -> list[tuple[str | None, bool]]:
    records = [("agent", turn) if isinstance(turn, str) else turn for turn in turns]
    return [(o.kind, o.met) for o in coach().find_by_rules(Transcript.from_turns(records)).occasions]


def only(*turns: str | tuple[str, str]) -> Moment:
    (step,) = steps(*turns)
    return step


@pytest.mark.parametrize(
    ("text", "action", "due_text", "due"),
    [
        ("I'll email you the claim form by Friday.", "email you the claim form", "by Friday", "2024-03-15"),
        ("So what I'll do is post a new key fob to you tomorrow.", "post a new key fob to you", "tomorrow", "2024-03-14"),
        ("i will um call you back within uh twenty four hours", "call you back", "within twenty four hours", "2024-03-14"),
        ("By Thursday we'll have the report sent to you.", "have the report sent to you", "By Thursday", "2024-03-14"),
        ("I'll send it out today, and you should get it in two days.", "send it out", "today", "2024-03-13"),
        ("I'll refund the fare. You'll see it within five working days.", "refund the fare", "within five working days", "2024-03-20"),
        ("I'll let the gym know next week.", "let the gym know", "next week", "2024-03-22"),
        ("I'm going to raise a ticket for that.", "raise a ticket for that", None, None),
        ("I'll put the $40 back on your card tomorrow.", "put the $40 back on your card", "tomorrow", "2024-03-14"),
        ("I'll let them know what you told me today.", "let them know what you told me today", None, None),
        ("I'll look into what happened on Monday.", "look into what happened on Monday", None, None),
        ("I'll move your Friday appointment.", "move your Friday appointment", None, None),
    ],
)
def test_action_and_due(text: str, action: str, due_text: str | None, due: str | None) -> None:
    """The action reads as it was said, without the date, which stands apart as said and as a day."""
    details = only(text).details
    assert (details["action"], details["due_text"], details["due"]) == (action, due_text, due)


def test_no_day_without_the_calls_date() -> None:
    """Where nobody knows when the call was, the date stays as it was said."""
    (step,) = steps("I'll email you the form by Friday.", started_at=None)
    assert step.details["due_text"] == "by Friday"
    assert step.details["due"] is None


@pytest.mark.parametrize(
    ("text", "firmness"),
    [
        ("I'll call you on Friday.", "firm"),
        ("I'll try to call you on Friday.", "soft"),
        ("I'll see if I can get it moved.", "soft"),
        ("I'll see what I can do.", "soft"),
        ("I should be able to get that to you by Friday.", "soft"),
        ("Hopefully I'll get it to you by Friday.", "soft"),
        ("we'll probably send somebody out on Friday", "soft"),
        ("I'd like to review that with you next week.", "soft"),
        ("I'll try the other number for you.", "firm"),
    ],
)
def test_firmness(text: str, firmness: str) -> None:
    """A hedge makes a promise soft; trying a number is no hedge."""
    assert only(text).details["firmness"] == firmness


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I'll email you the form.", "promise"),
        ("I'll email you the form now.", "immediate"),
        ("Let me check the stock.", "immediate"),
        ("I'll put you through to the ward.", "immediate"),
        ("I'll check the stock tomorrow.", "promise"),
        ("bear with me while i open your file", "immediate"),
        ("I'm transferring you to the night desk.", "immediate"),
        ("Leave that with me.", "promise"),
        ("A technician will call you on Monday.", "promise"),
        ("Your deposit will be refunded by Friday.", "promise"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    """What happens in the call is immediate, what happens after it a promise; a day makes it a promise."""
    assert only(text).kind == kind


@pytest.mark.parametrize(
    ("turn", "owner"),
    [
        (("agent", "I'll email you the form."), "agent"),
        (("agent", "We'll email you the form."), "we"),
        (("agent", "My manager will ring you tomorrow."), "other"),
        (("agent", "They'll ring you tomorrow."), "other"),
        (("customer", "I'll send you the photo tonight."), "customer"),
        (("Maria", "I'll send you the photo tonight."), "Maria"),
        (("customer", "We'll send you the photo tonight."), "customer"),
    ],
)
def test_owner(turn: tuple[str, str], owner: str) -> None:
    """The owner is the speaker's part in the call, their side, a third party, or a name where parts are unknown."""
    assert only(turn).details["owner"] == owner


@pytest.mark.parametrize(
    "text",
    [
        "I'll cancel it and send you a confirmation.",
        "i'll cancel it and then send you a confirmation",
        "I'll cancel it, and I'll also send you a confirmation.",
        "What I'll do is cancel it and email you.",
    ],
)
def test_two_in_one_sentence(text: str) -> None:
    """A sentence that promises two things holds two steps with spans of their own."""
    first, second = steps(text)
    assert first.details["action"].startswith("cancel")
    assert second.details["action"].startswith(("send", "email"))
    assert first.end <= second.start


@pytest.mark.parametrize("text", ["I'll check the name and address on the file.", "I'll read the date and check box."])
def test_objects_are_not_split(text: str) -> None:
    """Nouns joined by "and" are no second step."""
    assert len(steps(text)) <= 1


def test_one_date_for_two() -> None:
    """The date at the end of two joined promises belongs to both; a thing done at once needs none."""
    ring, tell = steps("I'll ring the garage and let you know by five.")
    assert ring.details["due_text"] == tell.details["due_text"] == "by five"
    cancel, send = steps("I'll cancel it and send you a letter by Friday.")
    assert (cancel.details["due_text"], send.details["due_text"]) == (None, "by Friday")


@pytest.mark.parametrize(
    "turn",
    [
        ("agent", "You'll need to send us the form by Friday."),
        ("agent", "I've emailed you the form."),
        ("agent", "I emailed it yesterday."),
        ("agent", "I'd be happy to help you with that today."),
        ("agent", "I'll be honest, it's not our best week."),
        ("agent", "I'll say this for the old model, it lasted."),
        ("agent", "Shall I email you the form?"),
        ("agent", "Do I need to call them?"),
        ("agent", "I can email you the form."),
        ("agent", "We'll charge you ten pounds."),
        ("agent", "We'll need your account number."),
        ("agent", "I won't send another one."),
        ("agent", "They said they'll call me back by Friday."),
        ("agent", "If I send it today, will you be in?"),
        ("agent", "When I call the bank, they never answer."),
        ("agent", "Let me know if it comes."),
        ("agent", "Let me ask you a question."),
        ("agent", "I don't think I'll send that."),
        ("agent", "They'll deal with it."),
        ("agent", "The letter we are sending everyone is blue."),
        ("agent", "I'll help you with that."),
        ("agent", "We always email the bill."),
        ("customer", "I need to change my booking."),
        ("customer", "I'd like to cancel my card."),
        ("customer", "they'll send me another one on Monday"),
        ("customer", "I'm going to get charged twice!"),
    ],
)
def test_no_step(turn: tuple[str, str]) -> None:
    """Advice, what is done, courtesy, offers, rules, questions, other people's words and wishes are no steps."""
    assert steps(turn) == []


@pytest.mark.parametrize(("text", "count"), [("I'll put you through, okay?", 1), ("So I'll be sent another one?", 0)])
def test_questions(text: str, count: int) -> None:
    """A tag does not turn a commitment into a question; a question is none."""
    assert len(steps(text)) == count


def test_span_is_the_clause() -> None:
    """In speech without punctuation the quote ends where something else begins."""
    step = only("right i'll just try that number for you hold the line please it's ringing now")
    assert step.quote == "i'll just try that number for you"


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (("I'll email you the form.",), [("undated", False)]),
        (("I'll email you the form by Friday.",), [("dated", True)]),
        (("I'll email you the form.", ("customer", "Thanks."), "So I'll email that form by Friday."), [("dated", True)]),
        (("Let me check that for you.",), []),
        ((("customer", "I'll send you a photo."),), []),
        (("My colleague will ring you on Monday.", "I'll email you the form."), [("dated", True), ("undated", False)]),
    ],
)
def test_occasions(turns: tuple[Any, ...], expected: list[tuple[str, bool]]) -> None:
    """Each of the agent's promises calls for a date, once however often it is said; what is done in the call does not."""
    assert occasions(*turns) == expected


REWORDINGS = {
    "plain": lambda t: re.sub(r"[^\w\s']", "", t.lower()),
    "full": lambda t: t.replace("I'll", "I will").replace("We'll", "We will").replace("'s", " is"),
    "um": lambda t: re.sub(r"\b(you|the|that)\b", r"um \1", t),
    "doubled": lambda t: re.sub(r"^(I'll|We'll|Let|I'm)\b", r"\1 \1", t),
    "curly": lambda t: t.replace("'", "\u2019"),
    "capitals": str.upper,
    "html": lambda t: f"<b>{t}</b>",
    "emoji": lambda t: f"🙂 {t} 👍",
}
SAID = [
    "I'll email you the claim form by Friday.",
    "We'll organise a visit next week.",
    "Let me check that for you.",
    "I'm going to cancel the old card.",
    "I'll see if I can move the booking.",
    "Your order will be dispatched tomorrow.",
]


@pytest.mark.parametrize("text", SAID)
@pytest.mark.parametrize("way", REWORDINGS)
def test_same_step_however_written(text: str, way: str) -> None:
    """Punctuation, contractions, hesitation, apostrophes, capitals, markup and emoji change neither number nor kind of the steps."""
    kinds = [(m.kind, m.details["firmness"], m.details["due"]) for m in steps(text)]
    assert len(kinds) == 1
    assert [(m.kind, m.details["firmness"], m.details["due"]) for m in steps(REWORDINGS[way](text))] == kinds


@pytest.mark.parametrize(("british", "american"), [("organise", "organize"), ("enquiries", "inquiries")])
def test_spelling(british: str, american: str) -> None:
    """British and American spelling read alike."""
    text = "I'll organise it and make enquiries."
    assert len(steps(text)) == len(steps(text.replace(british, american))) == 2


@pytest.mark.parametrize("turns", [[], [("agent", "")], [("agent", "...")], [("", "I'll")], [("agent", "I'll")], [("agent", "let me")]])
def test_edges(turns: list[tuple[str, str]]) -> None:
    """A call without words, or with a head and nothing behind it, holds no step."""
    assert coach().find_by_rules(Transcript.from_turns(turns)).moments == []


VOCABULARY = (
    "i will we let me us is am going to just and then or send call check you the a it by friday tomorrow at five what do see if can look be ing "
    "sending ring have someone back know . ? , — while they passed not"
)
WORDS = st.sampled_from(sorted(set(VOCABULARY.split())))


@given(st.lists(st.lists(WORDS, max_size=25), max_size=4), st.booleans())
def test_any_words_are_taken(turns: list[list[str]], known: bool) -> None:
    """Whatever is said, every step's quote stands in its turn, is not empty, and no two steps of a turn overlap."""
    call = Transcript.from_turns(
        [("agent" if i % 2 == 0 else "customer", " ".join(words)) for i, words in enumerate(turns)], started_at=CALL if known else None
    )
    found = coach().find_by_rules(call).moments
    for step in found:
        assert step.quote
        assert call.turns[step.turn].text[step.start : step.end] == step.quote
        assert set(step.details) >= {"owner", "action", "due_text", "due", "firmness"}
        assert known or step.details["due"] is None
    for one, other in pairwise(found):
        assert one.turn < other.turn or one.end <= other.start
