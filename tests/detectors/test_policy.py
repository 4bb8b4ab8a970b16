"""Hiding behind policy: what counts as it and of which kind, and what softens or excuses it."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Coach, Transcript
from listening_coach.behaviours import builtin
from listening_coach.moments import Moment


@functools.cache
def coach() -> Coach:
    return Coach(behaviours={"policy_hiding": builtin()["policy_hiding"]})


def hiding(*turns: tuple[str, ...]) -> list[Moment]:
    return list(coach().find_by_rules(Transcript.from_turns(turns)).moments)


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("Our policy says no refunds after a month.", "policy", "Our policy says no refunds after a month"),
        ("We're not allowed to do that.", "policy", "We're not allowed to do that"),
        ("Well, that's data protection.", "policy", "that's data protection"),
        ("The system won't let me reopen it.", "system", "The system won't let me reopen it"),
        ("That's not my department.", "not_my_job", "That's not my department"),
        ("you'd have to call the airport", "not_my_job", "you'd have to call the airport"),
        ("You should have read the small print.", "blame", "You should have read the small print"),
        ("Nothing I can do.", "helplessness", "Nothing I can do"),
        ("Unfortunately we can't change the name.", "helplessness", "Unfortunately we can't change the name"),
        ("It is what it is.", "brush_off", "It is what it is"),
        ("You'll just have to wait.", "brush_off", "You'll just have to wait"),
    ],
)
def test_kinds_and_quotes(text: str, kind: str, quote: str) -> None:
    """Each kind is told apart, and the quote is its clause as it stands in the text."""
    moments = hiding(("agent", text))
    assert (kind, quote) in [(m.kind, m.quote) for m in moments]
    assert all(m.details["softened"] is False for m in moments)


@pytest.mark.parametrize(
    "text",
    [
        "I can't find it, let me try the postcode.",
        "I can't hear you.",
        "I can't wait!",
        "You can't miss it.",
        "I can't tell from here.",
        "Your policy says you're covered abroad.",
        "It's not your fault.",
        "The 8:40 isn't possible for her by bus.",
        "Why can't I see the order?",
        "",
    ],
)
def test_facts_are_silent(text: str) -> None:
    """Not finding, not hearing, not waiting, the customer's own contract, and kindness about blame refuse nobody anything."""
    assert hiding(("agent", text)) == []


@pytest.mark.parametrize(
    "way",
    [
        "but I can send you a new one tonight.",
        "Would you like me to put you through to the desk that can?",
        "Let me ask my supervisor.",
        "What I can do is move it to Monday.",
        "Instead you could collect it from the depot.",
        "Could you give me the old reference, and I'll try that?",
    ],
)
def test_a_limit_with_a_way_forward_is_no_hiding(way: str) -> None:
    """A limit and a way forward in the same turn are an honest answer."""
    assert hiding(("agent", f"I'm unable to change the name on it. {way}")) == []


@pytest.mark.parametrize(
    "line",
    [
        "If there's anything else I can help you with, let me know.",
        "Please let me know if you have any other questions.",
        "I'll be happy to help with anything else.",
        "You may need to contact the seller.",
        "The system won't let me.",
    ],
)
def test_a_closing_line_is_no_way_forward(line: str) -> None:
    """Stock offers of other help, and sending the customer elsewhere, leave a refusal what it is."""
    moments = hiding(("agent", f"I'm unable to change the name on it. {line}"))
    assert moments
    assert all(m.details["softened"] is False for m in moments)


def test_softened_in_the_same_turn() -> None:
    """Wording that hides stays a moment beside a way forward, softened by it, with the quote of what softened it."""
    (moment,) = hiding(("agent", "I can't do that, but what I can do is book you on the late one."))
    assert (moment.kind, moment.quote) == ("helplessness", "I can't do that")
    assert moment.details["softened"] is True
    assert moment.details["softened_by"] == "what I can do is book you on the late one"
    assert moment.details["softened_turn"] == 0


def test_softened_by_the_next_turn() -> None:
    """The speaker's next turn may soften too, over one turn of the other side; a later one may not."""
    no, oh, way = ("agent", "We can't refund that."), ("customer", "Oh."), ("agent", "Let me see if they'd take it back in the shop.")
    (moment,) = hiding(no, oh, way)
    assert (moment.details["softened"], moment.details["softened_turn"]) == (True, 2)
    assert moment.details["softened_by"] == "Let me see if they'd take it back in the shop"
    (late,) = hiding(no, oh, ("agent", "It was a sale item."), oh, way)
    assert late.details["softened"] is False


def test_the_other_sides_offer_does_not_soften() -> None:
    """What the customer offers to do is no way forward of the agent's."""
    (moment,) = hiding(("agent", "We can't refund that."), ("customer", "I can send you the receipt."))
    assert moment.details["softened"] is False


def test_a_condition_told_is_no_refusal() -> None:
    """A limit of a case that is only supposed is information."""
    assert hiding(("agent", "If it's been worn we cannot exchange it.")) == []
    assert [m.kind for m in hiding(("agent", "We cannot exchange it."))] == ["helplessness"]


def test_as_i_said_needs_a_refusal() -> None:
    """ "As I said" is a habit of speech, and a brush-off only beside a refusal."""
    assert hiding(("agent", "As I said, the engineer comes on Monday.")) == []
    kinds = [m.kind for m in hiding(("agent", "As I said, that's not my department."))]
    assert kinds == ["brush_off", "not_my_job"]


def test_every_speaker() -> None:
    """A customer's refusal is found too; only the score looks at the agent alone."""
    moments = hiding(("customer", "I can't do that."), ("Sam", "That's not my department."))
    assert [(m.speaker, m.kind) for m in moments] == [("customer", "helplessness"), ("Sam", "not_my_job")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We can't authorise it.", "We cannot authorize it."),
        ("I'm not allowed to do that.", "i am um not allowed to do that"),
        ("The booking cannot be cancelled.", "The booking can't be canceled."),
        ("You shouldn\u2019t have opened it.", "you should not have opened it"),
    ],
)
def test_spelling_and_speech(one: str, other: str) -> None:
    """Spelling, apostrophes, fillers and full forms do not matter."""
    assert [m.kind for m in hiding(("agent", one))] == [m.kind for m in hiding(("agent", other))] != []


def test_names_and_amounts_do_not_matter() -> None:
    """Who and how much is refused changes nothing."""
    texts = ("I'm afraid we can't refund the £40, Mrs Ito.", "I'm afraid we can't refund the $1,250.00, Dr O'Neill.")
    assert {tuple((m.kind, m.rule) for m in hiding(("agent", text))) for text in texts} == {
        tuple((m.kind, m.rule) for m in hiding(("agent", texts[0])))
    }


WORDS = st.sampled_from(
    [
        "i",
        "we",
        "can't",
        "do",
        "that",
        "refund",
        "not",
        "my",
        "department",
        "let",
        "me",
        "check",
        "policy",
        "our",
        "says",
        "but",
        ".",
        "what",
        "can",
        "is",
        "if",
        "\n",
    ]
)


@given(st.lists(st.tuples(st.sampled_from(["agent", "customer"]), st.lists(WORDS, max_size=14).map(" ".join)), max_size=6))
def test_spans_and_softening(turns: list[tuple[str, str]]) -> None:
    """Quotes stand at their spans without overlap; a softened moment quotes a turn of its speaker's, its own or the next."""
    transcript = Transcript.from_turns(turns)
    last: dict[int, int] = {}
    for m in coach().find_by_rules(transcript).moments:
        assert transcript.turns[m.turn].text[m.start : m.end] == m.quote != ""
        assert m.start >= last.get(m.turn, 0)
        last[m.turn] = m.end
        if m.details["softened"]:
            by = transcript.turns[m.details["softened_turn"]]
            assert by.speaker == m.speaker
            assert m.details["softened_by"] in by.text
            assert 0 <= m.details["softened_turn"] - m.turn <= 2


@given(st.lists(st.sampled_from(["That's not my department.", "Nothing I can do.", "It's on order."]), min_size=1, max_size=4))
def test_a_way_forward_never_adds_a_moment(sentences: list[str]) -> None:
    """Offering a way forward never makes more of it."""
    text = " ".join(sentences)
    assert len(hiding(("agent", f"{text} Let me see what else there is."))) <= len(hiding(("agent", text)))
