"""What a report praises and what it picks to work on, each with the quote it rests on."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hand_made import ABOUT, TURNS, item, moment

from listening_coach import Transcript
from listening_coach.language.call import Call, PhraseFinder
from listening_coach.ledger import Entry, LossKind
from listening_coach.moments import Details, Moment, Occasion
from listening_coach.report import Focus
from listening_coach.report.findings import Praise, evidence, focuses, praised
from listening_coach.rubric import Rubric, load, parse
from listening_coach.scoring import ItemScore, Scorecard, SectionScore
from listening_coach.transcript import Role


@cache
def language() -> PhraseFinder:
    return PhraseFinder({})


def call(turns: Any = TURNS) -> Call:
    return language().call(Transcript.from_turns(turns))


RUBRIC: Rubric = parse(
    {
        "name": "bare", "title": "Without tables", "bands": [{"name": "any", "at": 0}],
        "sections": {"all": {"title": "All", "weight": 1, "items": {"empathy": {"measure": "occasions"}}}},
    }
)  # fmt: skip


def card(*items: ItemScore, ledger: tuple[Entry, ...] = ()) -> Scorecard:
    return Scorecard(50.0, "fine", None, {"all": SectionScore("all", "All", 1.0, 50.0, items, counts_as=1.0)}, ledger=ledger)


def scored(name: str, score: float | None, points: float = 10.0) -> ItemScore:
    return item(name, "all", 1.0, score, 1, 0, 0, "a reason", points=points)


def lost(name: str, points: float, at: Moment | Occasion | None = None, kind: LossKind = LossKind.MISSED) -> Entry:
    """An entry of the ledger, at the place of a moment or an occasion where one is given."""
    if at is None:
        return Entry(name, name, "all", kind, points, "a reason", "doing it")
    kind = LossKind.BREACH if isinstance(at, Moment) else LossKind.MISSED
    return Entry(name, name, "all", kind, points, "a reason", "doing it", at.turn, at.start, at.end, at.quote, at.time_s)


def focus(
    name: str,
    moments: tuple[Moment, ...] = (),
    occasions: tuple[Occasion, ...] = (),
    on: Call | None = None,
    ledger: tuple[Entry, ...] = (),
) -> Focus:
    (found,) = focuses(on or call(), card(scored(name, 10.0), ledger=ledger or (lost(name, 9.0),)), moments, occasions, ABOUT, RUBRIC)
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
    assert (found.why, found.instead, found.points) == ("Rules are no help.", ("Here is what I can do.",), 9.0)
    assert found.advice == "At 0:15 the customer said “It's 4471”, and heard “Our policy is.” Say what you can do."


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


def test_the_costliest_is_shown() -> None:
    """Where the ledger tells the places apart, the one that cost most is quoted, for breaches and for what was missed."""
    moments = (moment("policy_hiding", 2, "What's the order number"), moment("policy_hiding", 4, "Our policy is"))
    for cheap, dear in (moments, moments[::-1]):
        found = focus("policy_hiding", moments, ledger=(lost("policy_hiding", 2.0, cheap), lost("policy_hiding", 5.0, dear)))
        assert found.evidence is not None
        assert (found.evidence.quote, found.points) == (dear.quote, 7.0)
    occasions = (occasion(5, "great"), occasion(1, "I'm really worried"))
    found = focus("empathy", (), occasions, ledger=(lost("empathy", 5.0, occasions[0]), lost("empathy", 2.0, occasions[1])))
    assert found.evidence is not None
    assert found.evidence.quote == "great"


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
    assert found.advice == "At 0:04 the customer said “I'm really worried.” Name the feeling."
    assert found.evidence.prior is None
    assert found.evidence.reply is not None
    assert (found.evidence.reply.turn, found.evidence.reply.speaker, found.evidence.reply.text) == (2, "Dana", "What's the order number?")


def test_what_a_call_lacks_has_no_place() -> None:
    """What was lost because the call lacks it altogether is not quoted at an occasion that cost nothing of its own."""
    found = focus("empathy", (), (occasion(1, "I'm really worried"),), ledger=(lost("empathy", 9.0, kind=LossKind.ABSENT),))
    assert (found.shows, found.evidence) == ("", None)


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
    nod = Moment("verbal_nod", 3, 0, 4, "Okay", speaker="a", role=Role.AGENT, details=Details(place="turn"))
    found = focus("summary", (nod,), on=call(TALK))
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
    assert (found.evidence, found.shows, found.kind, found.advice) == (None, "", None, "Thank them.")


def test_what_others_do_is_not_coached() -> None:
    """The customer's moments, and what was only inferred, are no evidence."""
    moments = (moment("interruption", 1, "My bike"), moment("interruption", 2, "What's", inferred=True))
    assert focus("interruption", moments).evidence is None


def praise(*moments: Moment, occasions: tuple[Occasion, ...] = (), items: tuple[ItemScore, ...] = (), on: Call | None = None) -> Praise:
    names = dict.fromkeys(m.behaviour for m in moments)
    return praised(on or call(), card(*(items or (scored(name, 100.0) for name in names))), moments, occasions, ABOUT, RUBRIC)


def test_strengths() -> None:
    """At most three items are praised, each once with its surest and longest quote, the weightiest first."""
    items = (
        scored("open_question", 100.0, 4.0), scored("summary", 80.0, 30.0), scored("empathy", 60.0, 90.0), scored("policy_hiding", 100.0, 90.0),
        scored("action_point", 75.0, 20.0), scored("gratitude", 100.0, 90.0),
    )  # fmt: skip
    moments = (
        moment("open_question", 0, "How can I help"), moment("summary", 4, "the wheel, and a"), moment("summary", 4, "So that's the wheel, and a label"),
        moment("action_point", 4, "I'll email you a label by Friday"), moment("gratitude", 4, "So that's the"), moment("empathy", 4, "Our policy is"),
    )  # fmt: skip
    found = praise(*moments, items=items)
    assert [s.item for s in found.strengths] == ["summary", "action_point", "open_question"]
    assert found.strengths[0].evidence is not None
    assert found.strengths[0].evidence.quote == "So that's the wheel, and a label"
    assert (found.strengths[0].remark, found.closest) == ("", None)


@pytest.mark.parametrize("name", ["greeting", "gratitude", "closing", "verbal_nod", "name_use"])
def test_courtesy_is_no_strength(name: str) -> None:
    """Greetings, thanks, goodbyes, nods and names are never praised, by our rubrics or by others."""
    made = Moment(name, 4, 0, 13, "Our policy is", speaker="Dana", role=Role.AGENT)
    about = {name: ABOUT["gratitude"]}
    for rubric in (RUBRIC, load("default")):
        assert (
            praised(call(), card(item(name, "all", 1.0, 100.0, 1, 0, 0, "a reason", points=90.0)), (made,), (), about, rubric) == Praise()
        )


HELPED = moment("summary", 0, "How can I help")


@pytest.mark.parametrize(
    ("moments", "occasions"),
    [((HELPED,), (occasion(1, "I'm really worried"),)), ((HELPED, moment("customer_repeats", 1, "I need it for work")), ())],
)
def test_what_is_not_praised(moments: tuple[Moment, ...], occasions: tuple[Occasion, ...]) -> None:
    """What the customer contradicts is neither praised nor held up as what came closest."""
    assert praise(*moments, occasions=occasions, items=(scored("summary", 100.0), scored("policy_hiding", 50.0))) == Praise()


def test_what_is_coached_is_not_praised() -> None:
    """An item that lost points and is what to work on next is no strength of the same call."""
    made, lacks = moment("summary", 4, "So that's the wheel"), card(scored("summary", 60.0), ledger=(lost("summary", 9.0),))
    assert praised(call(), lacks, (made,), (), ABOUT, RUBRIC) == Praise()
    assert praised(call(), card(scored("summary", 100.0)), (made,), (), ABOUT, RUBRIC).strengths[0].item == "summary"


@pytest.mark.parametrize("made", [moment("summary", 0, "How can I help", perhaps=True, confidence=0.3), moment("summary", 0, "can I help")])
def test_what_is_not_nearly_good(made: Moment) -> None:
    """What is uncertain, or hardly more than a word, is not held up as what came closest."""
    assert praise(made, occasions=(occasion(1, "I'm really worried"),), items=(scored("summary", 100.0),)) == Praise()


def test_nothing_is_nearly_good_beside_what_hinders() -> None:
    """What stands in a turn that also hinders is neither praised nor held up as what came closest."""
    made = (moment("summary", 4, "So that's the wheel"), moment("policy_hiding", 4, "Our policy is"))
    assert praise(*made, items=(scored("summary", 100.0), scored("policy_hiding", 50.0))) == Praise()


@pytest.mark.parametrize(
    ("reply", "praises"),
    [
        ("No, that's not what I said.", False),
        ("Are you kidding me?", False),
        ("Whatever.", False),
        ("That's right, yes.", True),
        ("No, thank you.", True),
    ],
)
def test_contradiction_in_words(reply: str, praises: bool) -> None:
    """A reply that begins by contradicting takes the praise away; a plain no does not."""
    talk = [("a", "agent", "So the wheel came bent and you need it on Monday."), ("c", "customer", reply)]
    said = Moment("summary", 0, 0, 49, talk[0][2], speaker="a", role=Role.AGENT)
    assert bool(praise(said, on=call(talk)).strengths) is praises


def test_a_bare_word_is_no_strength() -> None:
    """Fewer than three words are nothing to praise; where nothing else was found, nothing comes close."""
    assert praise(moment("summary", 4, "the wheel")) == Praise()


def test_long_turns_are_cut_at_words() -> None:
    """Around a quote at most 160 characters of its turn are shown on either side, and only whole words."""
    text = "before " * 60 + "HERE" + " after" * 60
    talk = call([("c", "customer", text), ("a", "agent", "yes of course " * 30)])
    at = text.index("HERE")
    found = evidence(talk, Occasion("empathy", 0, at, at + 4, "HERE", speaker="c", role=Role.CUSTOMER), frozenset())
    assert found.before.startswith("…before ")
    assert found.after.endswith(" after…")
    assert 140 < len(found.before) <= 161
    assert 140 < len(found.after) <= 161
    assert found.reply is not None
    assert found.reply.text.endswith("…")
    assert len(found.reply.text) <= 161
