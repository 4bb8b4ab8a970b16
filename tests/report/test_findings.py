"""What a report praises and what it picks to work on, each with the quote it rests on."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hand_made import ABOUT, TURNS, item, moment

from listening_coach import Transcript
from listening_coach.language.call import Call, PhraseFinder
from listening_coach.moments import Details, Moment, Occasion
from listening_coach.report import Focus
from listening_coach.report.findings import evidence, focuses, strengths
from listening_coach.scoring import ItemScore, Scorecard, SectionScore
from listening_coach.transcript import Role


@cache
def language() -> PhraseFinder:
    return PhraseFinder({})


def call(turns: Any = TURNS) -> Call:
    return language().call(Transcript.from_turns(turns))


def card(*items: ItemScore) -> Scorecard:
    return Scorecard(50.0, "fine", None, {"all": SectionScore("all", "All", 1.0, 50.0, items, counts_as=1.0)})


def scored(name: str, score: float | None, weight: float = 1.0) -> ItemScore:
    return item(name, "all", weight, score, 1, 0, 0, "a reason")


def focus(name: str, moments: tuple[Moment, ...] = (), occasions: tuple[Occasion, ...] = (), on: Call | None = None) -> Focus:
    (found,) = focuses(on or call(), card(scored(name, 10.0)), moments, occasions, ABOUT)
    return found


def occasion(turn: int, quote: str, *, met: bool = False, behaviour: str = "empathy", kind: str | None = None) -> Occasion:
    speaker, role, text, start, _ = TURNS[turn]
    at = text.index(quote)
    return Occasion(behaviour, turn, at, at + len(quote), quote, kind, met, None, speaker, Role(role), start)


def test_hindering_words_are_quoted() -> None:
    """For what hinders, the quote is the agent's words, after what they answered."""
    found = focus("policy_hiding", (moment("policy_hiding", 4, "Our policy is", kind="policy"),))
    assert (found.shows, found.kind, found.missed) == ("said", "policy", False)
    assert found.evidence is not None
    assert (found.evidence.quote, found.evidence.before, found.evidence.time_s) == ("Our policy is", "", 18.5)
    assert found.evidence.after.startswith(" thirty days for repairs.")
    assert found.evidence.prior is not None
    assert (found.evidence.prior.turn, found.evidence.prior.text) == (3, "It's 4471.")
    assert (found.why, found.advice, found.instead) == ("Rules are no help.", "Say what you can do.", ("Here is what I can do.",))


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ({}, {}, "How can I help"),
        ({"softened": True}, {}, "What's the order number"),
        ({"overlap_s": 0.4}, {"overlap_s": 1.2}, "What's the order number"),
        ({"overlap_s": 1.2}, {"overlap_s": 1.2}, "How can I help"),
        ({"overlap_s": 2.0, "softened": True}, {"overlap_s": 0.1}, "What's the order number"),
    ],
)
def test_the_worst_is_shown(first: dict[str, Any], second: dict[str, Any], shown: str) -> None:
    """What was not softened comes first, then the longest speaking over the other, then the earliest."""
    moments = (
        moment("interruption", 0, "How can I help", details=Details(first)),
        moment("interruption", 2, "What's the order number", details=Details(second)),
    )
    found = focus("interruption", moments)
    assert found.evidence is not None
    assert found.evidence.quote == shown


def test_interruption_is_shown_with_what_it_cut() -> None:
    """An interruption is quoted after the turn that it cut, wherever that stands."""
    found = focus("interruption", (moment("interruption", 4, "Our policy", details=Details(of_turn=1)),))
    assert found.evidence is not None
    assert found.evidence.prior is not None
    assert found.evidence.prior.turn == 1


def test_unanswered_words_are_quoted() -> None:
    """For what was missed, the quote is the customer's words that called for it, with what the agent said instead."""
    occasions = (
        occasion(5, "great"),
        occasion(1, "I'm really worried", kind="worry"),
        occasion(1, "I need it for work on Monday", met=True),
    )
    found = focus("empathy", (), occasions)
    assert (found.shows, found.kind, found.missed) == ("unanswered", "worry", True)
    assert found.evidence is not None
    assert found.evidence.quote == "I'm really worried"
    assert found.evidence.prior is None
    assert found.evidence.reply is not None
    assert (found.evidence.reply.turn, found.evidence.reply.speaker, found.evidence.reply.text) == (2, "Dana", "What's the order number?")


def test_open_promise_is_quoted() -> None:
    """The agent's own words that were left open are quoted as such, and are not what the customer said."""
    found = focus("action_point", (), (occasion(4, "I'll email you a label", behaviour="action_point", kind="undated"),))
    assert (found.shows, found.kind, found.missed) == ("open", "undated", False)


LONG = "So I came home on Tuesday and the bike was in the hall and the wheel was bent and the box was open and wet."
TALK = [
    ("a", "agent", "Hello there, how can I help?"),
    ("c", "customer", "Hello."),
    ("c", "customer", LONG),
    ("a", "agent", "Okay."),
    ("a", "agent", "What is the number of it?"),
]


def test_place_for_a_summary() -> None:
    """Where nothing was said back, the customer's longest turn is the place for it, with the first reply that says something."""
    found = focus("summary", on=call(TALK))
    assert (found.shows, found.missed) == ("place", True)
    assert found.evidence is not None
    assert (found.evidence.turn, found.evidence.quote) == (2, LONG)
    assert found.evidence.reply is not None
    assert found.evidence.reply.text == "What is the number of it?"


def test_no_place_where_it_was_done() -> None:
    """A turn that was said back within the next turns is no place for it; the quote is then the best example."""
    done = Moment("summary", 4, 0, 4, "What", speaker="a", role=Role.AGENT)
    found = focus("summary", (done,), on=call(TALK))
    assert (found.shows, found.missed) == ("example", False)
    assert found.evidence is not None
    assert found.evidence.quote == "What"


def test_nothing_to_quote() -> None:
    """What never happened, and had no place, is picked without a quote."""
    found = focus("gratitude")
    assert (found.evidence, found.shows, found.kind) == (None, "", None)


def test_which_are_picked() -> None:
    """At most two items below 60 are picked: what rests on a quote first, then where most was lost; no item without weight or score."""
    items = (
        scored("gratitude", 0.0, 9.0), scored("interruption", 10.0, 1.0), scored("policy_hiding", 10.0, 2.0), scored("empathy", 60.0, 9.0),
        scored("summary", None, 9.0), scored("open_question", 0.0, 0.0), scored("balance", 0.0, 9.0),
    )  # fmt: skip
    moments = (moment("interruption", 2, "What's"), moment("policy_hiding", 4, "Our policy is"))
    assert [f.item for f in focuses(call(), card(*items), moments, (), ABOUT)] == ["policy_hiding", "interruption"]
    assert [f.item for f in focuses(call(), card(*items), moments[:1], (), ABOUT)] == ["interruption", "gratitude"]
    assert focuses(call(), card(scored("empathy", 60.0)), (), (), ABOUT) == ()


def test_loss_is_of_the_whole_score() -> None:
    """What an item costs depends on its section's weight and its own among the section's: 5 of 100 parts of a section of 10 are little."""
    light = SectionScore("light", "Light", 10.0, 10.0, (scored("interruption", 0.0, 5.0), scored("summary", 100.0, 95.0)), counts_as=10.0)
    heavy = SectionScore("heavy", "Heavy", 90.0, 10.0, (scored("policy_hiding", 20.0, 1.0),), counts_as=90.0)
    unscored = SectionScore("none", "None", 900.0, None, (scored("empathy", None, 9.0),))
    both = Scorecard(50.0, "fine", None, {"light": light, "none": unscored, "heavy": heavy})
    moments = (moment("interruption", 2, "What's"), moment("policy_hiding", 4, "Our policy is"))
    assert [f.item for f in focuses(call(), both, moments, (), ABOUT)] == ["policy_hiding", "interruption"]


def test_what_others_do_is_not_coached() -> None:
    """The customer's moments, and what was only inferred, are no evidence."""
    moments = (moment("interruption", 1, "My bike"), moment("interruption", 2, "What's", inferred=True))
    assert focus("interruption", moments).evidence is None


def test_strengths() -> None:
    """Up to three helping items from 75 up are praised, the weightiest first, each with the agent's longest quote."""
    items = (
        scored("open_question", 100.0, 1.0), scored("summary", 80.0, 3.0), scored("empathy", 74.9, 9.0), scored("policy_hiding", 100.0, 9.0),
        scored("action_point", 75.0, 2.0), scored("gratitude", 100.0, 0.5),
    )  # fmt: skip
    moments = (
        moment("open_question", 0, "How can I help"), moment("summary", 4, "thirty days"), moment("summary", 4, "So that's the wheel, and a label"),
        moment("action_point", 4, "I'll email you a label by Friday"), moment("gratitude", 4, "So"), moment("policy_hiding", 4, "Our policy"),
    )  # fmt: skip
    found = strengths(call(), card(*items), moments, (), ABOUT)
    assert [s.item for s in found] == ["summary", "action_point", "open_question"]
    assert found[0].evidence is not None
    assert found[0].evidence.quote == "So that's the wheel, and a label"
    assert strengths(call(), card(scored("gratitude", 100.0)), (moment("gratitude", 5, "Thank you"),), (), ABOUT) == ()


def test_long_turns_are_cut_at_words() -> None:
    """Around a quote at most 160 characters of its turn are shown on either side, and only whole words."""
    text = "before " * 60 + "HERE" + " after" * 60
    talk = call([("c", "customer", text), ("a", "agent", "yes of course " * 30)])
    at = text.index("HERE")
    found = evidence(talk, Occasion("empathy", 0, at, at + 4, "HERE", speaker="c", role=Role.CUSTOMER))
    assert found.before.startswith("…before ")
    assert found.after.endswith(" after…")
    assert 140 < len(found.before) <= 161
    assert 140 < len(found.after) <= 161
    assert found.reply is not None
    assert found.reply.text.endswith("…")
    assert len(found.reply.text) <= 161
