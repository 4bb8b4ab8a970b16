"""Questions: open or closed, of which kind, where they begin and end, with and without punctuation."""

from __future__ import annotations

import functools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Coach, Moment, Transcript

PAIR = ("open_question", "closed_question")
WORDS = [
    "what",
    "how",
    "why",
    "when",
    "which",
    "who",
    "do",
    "you",
    "is",
    "it",
    "that",
    "the",
    "are",
    "we",
    "not",
    "about",
    "else",
    "?",
    ".",
]
WORDS += [",", "and", "so", "me", "tell", "like", "thing"]


@functools.cache
def coach() -> Coach:
    return Coach()


def asked(*turns: str | tuple[str, str]) -> list[Moment]:
    """The questions of a call; a bare text is the agent's."""
    records = [("agent", turn) if isinstance(turn, str) else turn for turn in turns]
    return [m for m in coach().find_by_rules(Transcript.from_turns(records)).moments if m.behaviour in PAIR]


def plain(text: str) -> str:
    return re.sub(r"[^\w'\s]+", " ", text.lower())


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("Right. What happened when you plugged it in?", "what", "What happened when you plugged it in"),
        ("How did you get on with the new tablets?", "how", "How did you get on with the new tablets"),
        ("Why would you rather keep the old one?", "why", "Why would you rather keep the old one"),
        ("So where would you like to begin?", "other", "where would you like to begin"),
        ("Who else have you spoken to?", "other", "Who else have you spoken to"),
        ("Tell me about the day it stopped.", "invitation", "Tell me about the day it stopped"),
        ("Could you walk me through the steps?", "invitation", "Could you walk me through the steps"),
        ("Good morning, how can I help?", "opening", "how can I help"),
        ("I'm just wondering what you had in mind.", "what", "I'm just wondering what you had in mind"),
        ("In what way has it changed?", "what", "what way has it changed"),
    ],
)
def test_open(text: str, kind: str, quote: str) -> None:
    """Open questions are found with their kind, and the quote is the question alone."""
    (moment,) = asked(text)
    assert (moment.behaviour, moment.kind, moment.quote) == ("open_question", kind, quote)


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("Do you have the letter with you?", "yes_no", "Do you have the letter with you"),
        ("Thanks. Is it the front door?", "yes_no", "Is it the front door"),
        ("Is it the upstairs one or the one in the hall?", "choice", "Is it the upstairs one or the one in the hall"),
        ("When did you last see it?", "fact", "When did you last see it"),
        ("How many keys were there?", "fact", "How many keys were there"),
        ("What's your date of birth?", "fact", "What's your date of birth"),
        ("Can I take your surname?", "fact", "Can I take your surname"),
        ("You've had it serviced since then?", "check", "You've had it serviced since then"),
        ("It's the red one, isn't it?", "tag", "isn't it"),
        ("That's flat nine on the second floor, right?", "tag", "right"),
    ],
)
def test_closed(text: str, kind: str, quote: str) -> None:
    """Closed questions are found with their kind, and the quote is the question alone."""
    (moment,) = asked(text)
    assert (moment.behaviour, moment.kind, moment.quote) == ("closed_question", kind, quote)


@pytest.mark.parametrize(
    "text",
    [
        "What I'd like to do is check the line first.",
        "What happened was that the order went to the old flat.",
        "I know what you mean.",
        "That's how it works, and that's why we ask.",
        "The lady who was here before me has left.",
        "It's blue, which is the colour you asked for.",
        "When you ring again, ask for me.",
        "Should you need a copy, let us know.",
        "So do I.",
        "Nor have we, so far.",
        "Have it ready by the door.",
        "I'll tell you where it is.",
        "Why don't we start with the meter.",
        "What?",
        "Yeah?",
        "Guess what.",
        "They asked me what the number was and I told them.",
    ],
)
def test_no_question(text: str) -> None:
    """A question word or an inversion that asks nothing is no question."""
    assert asked(text) == []


@pytest.mark.parametrize(
    ("text", "behaviour"),
    [
        ("What happened when you plugged it in?", "open_question"),
        ("Okay, and how do you feel about moving it?", "open_question"),
        ("Tell me a bit more about the noise.", "open_question"),
        ("Why did you leave the other firm?", "open_question"),
        ("What kind of work do you do?", "open_question"),
        ("Do you have the letter with you?", "closed_question"),
        ("Have you tried another socket?", "closed_question"),
        ("How long has it been like this?", "closed_question"),
        ("Would you like me to book it?", "closed_question"),
        ("Is there anything on the screen?", "closed_question"),
    ],
)
def test_without_punctuation(text: str, behaviour: str) -> None:
    """In lower case without signs the same question is found, over the same words."""
    (marked,), (bare,) = asked(text), asked(plain(text))
    assert marked.behaviour == bare.behaviour == behaviour
    assert plain(marked.quote).split() == bare.quote.split()


def test_newsmark_and_echo_ask_nothing() -> None:
    """ "Oh, is it?" and the other's own words with a question mark receive what was said."""
    assert asked(("customer", "It's snowing here."), "Oh, is it?") == []
    assert asked(("customer", "Come on Tuesday."), "Tuesday?") == []
    assert [m.kind for m in asked(("customer", "Come on Tuesday."), "Tuesday the sixth at nine?")] == ["check"]


def test_the_last_question_of_a_turn_is_the_one_answered() -> None:
    """A closed question that gives way to an open one is left out; one that follows an open one stays."""
    assert [m.behaviour for m in asked("Did you try it again? What did it say?")] == ["open_question"]
    assert [m.behaviour for m in asked("What did it say? Did you try it again?")] == ["open_question", "closed_question"]


def test_parts_of_one_question_are_not_two() -> None:
    """ "Do you think" within an open question is no closed question of its own."""
    assert [m.behaviour for m in asked("what do you think would help")] == ["open_question"]
    assert [m.behaviour for m in asked("What about it do you like?")] == ["open_question"]


def test_reported_questions_are_not_asked() -> None:
    """What somebody asked somewhere else is not asked here."""
    assert asked("And the man said, well, what did I expect.") == []


def test_relative_clauses_behind_commas() -> None:
    """A clause with who or which that tells more about somebody asks nothing."""
    assert asked("My colleague, who was on shift, logged it.") == []
    assert asked("the engineer who did the first visit has left which is a pity") == []


def test_every_speaker_and_unknown_roles() -> None:
    """Customers' questions are found as agents' are, and roles need not be known."""
    assert [m.behaviour for m in asked(("customer", "How do I send it back?"))] == ["open_question"]
    assert [m.behaviour for m in asked(("A", "How do I send it back?"), ("B", "Is it boxed?"))] == ["open_question", "closed_question"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "??",
        "…",
        "what",
        "how",
        "is it",
        "[noise]",
        "🙂?",
        "<b>?</b>",
        "why not",
        "what about",
        "how about",
        "do you",
        "who",
        "what is",
    ],
)
def test_scraps(text: str) -> None:
    """Scraps of text raise nothing, and what they ask stays within them."""
    for moment in asked(text):
        assert 0 <= moment.start < moment.end <= len(text)


@given(
    st.lists(
        st.sampled_from(sorted(WORDS)),
        max_size=14,
    )
)
def test_spans_hold_for_any_words(words: list[str]) -> None:
    """Whatever stands in a turn, moments lie in it, do not overlap, and quote what stands there."""
    text = " ".join(words)
    last = 0
    for moment in asked(text):
        assert last <= moment.start < moment.end <= len(text)
        assert text[moment.start : moment.end] == moment.quote
        last = moment.end


@pytest.mark.parametrize(
    "variant",
    [
        "What happened to the parcel for Mrs Lane?",
        "What happened to the parcel for Mr Okafor?",
        "Um, what, what happened to, uh, the parcel for Mrs Lane?",
        "What\u2019s happened to the parcel for Mrs Lane?",
        "WHAT HAPPENED TO THE PARCEL FOR MRS LANE?",
    ],
)
def test_told_otherwise(variant: str) -> None:
    """Names, fillers, capitals and curly apostrophes change nothing."""
    assert [(m.behaviour, m.kind) for m in asked(variant)] == [("open_question", "what")]
