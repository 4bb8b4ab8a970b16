"""Scoring: the laws every rubric keeps, what is not scored and why, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.metrics import Metrics
from listening_coach.moments import Moment, Occasion
from listening_coach.outcome import Outcome, OutcomeQuote, OutcomeValue
from listening_coach.rubric import ItemRule, Rubric, load, parse
from listening_coach.scoring import (
    Exposure,
    Facts,
    ItemScore,
    NotScoredCode,
    Refusal,
    Scorecard,
    Status,
    Tally,
    gate,
    item,
    left_after,
    rounded,
    score,
    seen,
    tally,
)
from listening_coach.transcript import EvidenceTier, Role

METRICS = Metrics(turns=40, agent_turns=20, customer_turns=20, agent_words=300, customer_words=300, agent_talk_share=0.5)
EXPOSURE = Exposure(20, 20, 300, 300, 10.0)
RULES = [
    ItemRule(measure="rate", per="call", target=2),
    ItemRule(measure="rate", per="10 agent turns", target=1.5),
    ItemRule(measure="rate", per="100 agent words", target=1.5, repeats_count=True),
    ItemRule(measure="rate", per="10 minutes", target=3, kinds=("paraphrase",)),
    ItemRule(measure="limit", per="10 customer turns", target=2),
    ItemRule(measure="limit", per="call", target=1),
    ItemRule(measure="occasions"),
]
TALLIES = st.integers(0, 30).flatmap(
    lambda hits: st.tuples(st.just(hits), st.integers(0, hits), st.integers(0, 20)).flatmap(
        lambda t: st.integers(0, t[2]).map(lambda met: Tally(t[0], t[1], t[2], met, {"paraphrase": (t[0], t[1])}))
    )
)


def item_of(rule: ItemRule, counts: Tally, tier: str = "none", exposure: Exposure = EXPOSURE, **metrics: Any) -> ItemScore:
    return item("x", "s", "X", True, rule, Facts({"x": counts}, exposure, replace(METRICS, **metrics), EvidenceTier(tier), {}))


def value(rule: ItemRule, counts: Tally, **metrics: Any) -> float | None:
    return item_of(rule, counts, "words", **metrics).score


@given(st.sampled_from(RULES), TALLIES)
def test_scores_stay_in_range(rule: ItemRule, counts: Tally) -> None:
    """An item's score lies between 0 and 100, or is None."""
    got = value(rule, counts)
    assert got is None or 0 <= got <= 100


@given(st.sampled_from(RULES), TALLIES, st.booleans())
def test_one_more_hit(rule: ItemRule, counts: Tally, new: bool) -> None:
    """One more hit of what helps never lowers its item; one more of what hinders never raises it."""
    hits, distinct = counts.hits + 1, counts.distinct + new
    more = Tally(hits, distinct, counts.occasions, counts.met, {"paraphrase": (hits, distinct)})
    before, after = value(rule, counts), value(rule, more)
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after <= before if rule.measure == "limit" else after >= before


@given(st.sampled_from(RULES), TALLIES)
def test_one_more_occasion_met(rule: ItemRule, counts: Tally) -> None:
    """Meeting one more occasion never lowers an item."""
    if counts.met < counts.occasions:
        assert (value(rule, replace(counts, met=counts.met + 1)) or 0) >= (value(rule, counts) or 0)


@given(TALLIES, TALLIES, TALLIES)
def test_tallies_add(a: Tally, b: Tally, c: Tally) -> None:
    """Tallies add in any grouping and order, and an empty one changes nothing."""
    assert a + (b + c) == (a + b) + c
    assert a + b == b + a
    assert a + Tally() == a


@given(
    st.dictionaries(st.sampled_from([k for k, _ in load("default").items()]), TALLIES), st.floats(0, 1), st.sampled_from(list(EvidenceTier))
)
def test_the_call_stays_in_range(tallies: dict[str, Tally], share: float, tier: EvidenceTier) -> None:
    """Whatever the tallies, the call's and the sections' scores lie between 0 and 100."""
    rubric = load("default")
    known = {name: (name, True) for name, rule in rubric.items() if rule.measure != "range"}
    card = score(rubric, tallies, replace(METRICS, agent_talk_share=share), tier, known)
    assert card.score is not None
    assert 0 <= card.score <= 100
    assert card.band == rubric.band(rounded(card.score))
    assert all(s.score is None or 0 <= s.score <= 100 for s in card.sections.values())


SHARES = parse(
    {
        "name": "shares",
        "title": "Shares",
        "bands": [{"name": "all", "at": 0}],
        "sections": {
            "one": {
                "title": "One",
                "weight": 3,
                "items": {
                    "summary": {"measure": "rate", "per": "call", "target": 3, "weight": 2},
                    "empathy": {"measure": "occasions"},
                    "policy_hiding": {"measure": "breaches", "weight": 4, "full_at": 2, "severity": {"policy": 2}},
                },
            },
            "two": {
                "title": "Two",
                "weight": 1,
                "items": {
                    "closed_question": {"measure": "limit", "per": "10 agent turns", "target": 9},
                    "hold": {"measure": "occasions", "weight": 0.5},
                    "pressure": {"measure": "breaches", "critical": "call", "fails_below": 40, "cap": 45},
                    "ownership": {"measure": "once"},
                    "outcome": {"measure": "outcome", "title": "Helps", "weight": 3},
                    "balance": {"measure": "range", "metric": "agent_talk_share", "best": [0.2, 0.4], "worst": [0, 0.9]},
                },
            },
        },
    }
)
POINTS = parse({**msgspec.to_builtins(SHARES), "name": "points", "weights_are": "points"})
DEFAULT = load("default")
RUBRICS = [SHARES, POINTS, DEFAULT]
CONFIDENCE = st.sampled_from((1.0, 0.9, 0.613, 0.25, 0.001))
BEHAVIOURS = ("summary", "empathy", "policy_hiding", "closed_question", "hold", "pressure", "ownership", "dismissal", "explanation")
MOMENTS = st.lists(
    st.builds(
        lambda name, turn, kind, sure, perhaps: Moment(
            name, turn, 0, 4, "text", kind, "rule", "a", Role.AGENT, 1.5 * turn, confidence=sure, perhaps=perhaps
        ),
        st.sampled_from(BEHAVIOURS), st.integers(0, 30), st.sampled_from((None, "policy", "blame")), CONFIDENCE, st.booleans(),
    ),
    max_size=12,
)  # fmt: skip
OCCASIONS = st.lists(
    st.builds(
        lambda name, turn, met, weight, sure: Occasion(name, turn, 0, 4, "text", None, met, weight=weight, confidence=sure),
        st.sampled_from(("empathy", "hold", "personal_touch", "action_point")), st.integers(0, 30), st.booleans(), st.sampled_from((0.5, 1.0, 2.0)), CONFIDENCE,
    ),
    max_size=8,
)  # fmt: skip
OUTCOMES = st.none() | st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(
    lambda odds: Outcome(
        {value: one / sum(odds) for value, one in zip(OutcomeValue, odds, strict=True)}, (OutcomeQuote(7, 0, 4, "text", "c"),)
    )
)


def card_of(
    rubric: Rubric, moments: Sequence[Moment] = (), occasions: Sequence[Occasion] = (), outcome: Outcome | None = None, tier: str = "turns"
) -> Scorecard:
    known = {name: (name, True) for name, rule in rubric.items() if rule.measure not in ("range", "outcome")}
    return score(rubric, tally(moments, occasions), METRICS, EvidenceTier(tier), known, seen(moments, occasions, outcome))


@given(MOMENTS, OCCASIONS, OUTCOMES, st.sampled_from(list(EvidenceTier)))
def test_the_arithmetic_of_shares(moments: list[Moment], occasions: list[Occasion], outcome: Outcome | None, tier: EvidenceTier) -> None:
    """From the scores and effective weights on the scorecard, anybody can recompute each section's score and the call's."""
    card = card_of(SHARES, moments, occasions, outcome, tier)
    for section in card.sections.values():
        weights = sum(i.counts_as for i in section.items)
        if weights:
            assert section.score == pytest.approx(sum(i.score * i.counts_as for i in section.items if i.score is not None) / weights)
        assert section.counts_as == pytest.approx(section.weight * weights / sum(i.weight for i in section.items))
    total = sum(s.counts_as for s in card.sections.values())
    mean = sum(s.score * s.counts_as for s in card.sections.values() if s.score is not None) / total
    assert card.score == pytest.approx(45.0 if card.capped_by else mean, abs=0.051)
    assert (card.capped_by == "pressure") == ((card.items["pressure"].score or 0) < 40 and mean > 45)


@given(MOMENTS, OCCASIONS, OUTCOMES, st.sampled_from((POINTS, DEFAULT)))
def test_the_arithmetic_of_points(moments: list[Moment], occasions: list[Occasion], outcome: Outcome | None, rubric: Rubric) -> None:
    """Where weights are points, the score is what is left after what each item lost of its weight, and at most its cap."""
    card = card_of(rubric, moments, occasions, outcome)
    lost = sum(i.weight * (1 - i.score / 100) for i in card.items.values() if i.score is not None)
    cap = dict(rubric.items())["pressure"].cap
    assert card.score == pytest.approx(min(cap if card.capped_by else 100, left_after(lost)), abs=0.051)
    for item_ in card.items.values():
        assert item_.points == item_.weight
        assert sum(loss.share for loss in item_.losses) == pytest.approx(1 - (100 if item_.score is None else item_.score) / 100)


@given(MOMENTS, OCCASIONS, OUTCOMES, st.sampled_from(RUBRICS), st.sampled_from(list(EvidenceTier)))
def test_the_ledger_adds_up(
    moments: list[Moment], occasions: list[Occasion], outcome: Outcome | None, rubric: Rubric, tier: EvidenceTier
) -> None:
    """The points of the ledger add up to 100 less the score, to the last digit shown; each entry costs something, at a place of its item."""
    card = card_of(rubric, moments, occasions, outcome, tier)
    assert card.score is not None
    assert round(10 * sum(entry.points for entry in card.ledger)) == round(10 * (100 - card.score))
    for entry in card.ledger:
        assert entry.points >= 0.1
        assert entry.points == round(entry.points, 1)
        places = {m.turn for m in moments if m.behaviour == entry.item} | {o.turn for o in occasions if o.behaviour == entry.item}
        assert entry.turn is None or entry.turn in (places if entry.kind != "outcome" else {7})
        assert (entry.turn is not None) == (entry.kind in ("missed", "breach", "outcome"))
        assert entry.section in card.sections
        assert entry.reason
        assert entry.earned_by


@given(MOMENTS, OCCASIONS, OUTCOMES, st.sampled_from(RUBRICS), st.data())
def test_a_met_occasion_never_lowers_a_score(
    moments: list[Moment], occasions: list[Occasion], outcome: Outcome | None, rubric: Rubric, data: st.DataObject
) -> None:
    """Meeting what was missed, or one more occasion that is met, never lowers the score."""
    before = card_of(rubric, moments, occasions, outcome).score
    assert before is not None
    missed = [n for n, o in enumerate(occasions) if not o.met]
    if missed:
        n = data.draw(st.sampled_from(missed))
        met = [*occasions[:n], replace(occasions[n], met=True), *occasions[n + 1 :]]
        assert (card_of(rubric, moments, met, outcome).score or 0) >= before
    # A first occasion may call for an item that needs one, such as an apology; a further one calls for nothing new.
    if occasions:
        more = [*occasions, replace(data.draw(st.sampled_from(occasions)), met=True, turn=31)]
        assert (card_of(rubric, moments, more, outcome).score or 0) >= before


@given(MOMENTS, OCCASIONS, OUTCOMES, st.sampled_from((POINTS, DEFAULT, SHARES)), st.sampled_from(("policy_hiding", "pressure")), CONFIDENCE)
def test_a_breach_never_raises_a_score(
    moments: list[Moment], occasions: list[Occasion], outcome: Outcome | None, rubric: Rubric, name: str, sure: float
) -> None:
    """One more breach, however sure, never raises the score; one that is only "perhaps" changes nothing."""
    breach = replace(moment("text"), behaviour=name, turn=31, confidence=sure)
    before = card_of(rubric, moments, occasions, outcome).score
    after = card_of(rubric, [*moments, breach], occasions, outcome).score
    assert before is not None
    assert after is not None
    assert after <= before
    assert card_of(rubric, [*moments, replace(breach, perhaps=True)], occasions, outcome).score == before


@given(MOMENTS, OCCASIONS, OUTCOMES, st.sampled_from(RUBRICS), st.randoms())
def test_order_changes_nothing(
    moments: list[Moment], occasions: list[Occasion], outcome: Outcome | None, rubric: Rubric, random: Random
) -> None:
    """The order in which findings are told changes neither score nor ledger."""
    before = card_of(rubric, moments, occasions, outcome)
    mixed, others = random.sample(moments, len(moments)), random.sample(occasions, len(occasions))
    after = card_of(rubric, mixed, others, outcome)
    assert after.score == before.score
    assert sorted((e.item, e.turn or -1) for e in after.ledger) == sorted((e.item, e.turn or -1) for e in before.ledger)


def test_the_rounds_add_up() -> None:
    """Of three equal losses that do not divide evenly, the ledger's last digits are shared out: 33.4, 33.3 and 33.3."""
    thirds = parse(
        {
            "name": "t", "title": "T", "bands": [{"name": "all", "at": 0}],
            "sections": {"s": {"title": "S", "weight": 1, "items": {name: {"measure": "once"} for name in ("a", "b", "c")}}},
        }
    )  # fmt: skip
    card = card_of(thirds)
    assert card.score == 0.0
    assert [(entry.item, entry.points) for entry in card.ledger] == [("a", 33.4), ("b", 33.3), ("c", 33.3)]


def places(got: ItemScore) -> list[tuple[str, int | None, float]]:
    """An item's losses: kind, turn and share."""
    return [(str(loss.kind), loss.turn, round(loss.share, 4)) for loss in got.losses]


def seen_item(
    rule: ItemRule, moments: Sequence[Moment] = (), occasions: Sequence[Occasion] = (), outcome: Outcome | None = None
) -> ItemScore:
    """The item "empathy" under a rule, where weights are points."""
    facts = Facts(tally(moments, occasions), EXPOSURE, METRICS, EvidenceTier.NONE, {}, seen(moments, occasions, outcome), True)
    return item("empathy", "s", "X", True, rule, facts)


def test_breaches() -> None:
    """The first breach costs most and each further one less; a graver kind and a surer finding cost more; each has its place."""
    rule = ItemRule(measure="breaches", full_at=2.0, severity={"blame": 2.0})
    one = [replace(moment("text"), turn=3)]
    assert (seen_item(rule).score, seen_item(rule).reason) == (100.0, "none found")
    assert places(seen_item(rule, one)) == [("breach", 3, 0.3935)]
    assert seen_item(rule, one).reason == "found once"
    two = [*one, replace(moment("text", kind="blame"), turn=5)]
    assert places(seen_item(rule, two)) == [("breach", 3, 0.2590), ("breach", 5, 0.5179)]
    assert places(seen_item(rule, [replace(one[0], confidence=0.5)])) == [("breach", 3, 0.2212)]
    assert places(seen_item(ItemRule(measure="breaches", full_at=2.0, kinds=("blame",)), two)) == [("breach", 5, 0.3935)]
    graver = replace(two[1], turn=3)
    assert places(seen_item(rule, [*one, graver])) == places(seen_item(rule, [graver])), "a turn breaches once, by the gravest of its words"
    costs = [100 - (seen_item(rule, [replace(one[0], turn=turn) for turn in range(n)]).score or 0) for n in range(6)]
    steps = [after - before for before, after in pairwise(costs)]
    assert steps == sorted(steps, reverse=True)


def test_weighed_occasions() -> None:
    """What was missed is weighed by how much it mattered and how sure it is; a single occasion does not cost the whole item."""
    rule = ItemRule(measure="occasions", full_at=2.0)
    missed = Occasion("empathy", 3, 0, 4, "help")
    assert (seen_item(rule).status, seen_item(rule).reason) == ("not_called_for", "no occasion for it in this call")
    assert places(seen_item(rule, [], [missed])) == [("missed", 3, 0.3935)]
    assert places(seen_item(rule, [], [missed, replace(missed, turn=5, met=True)])) == [("missed", 3, 0.3161)]
    assert places(seen_item(rule, [], [missed, replace(missed, turn=5, weight=3.0)])) == [("missed", 3, 0.2162), ("missed", 5, 0.6485)]
    assert places(seen_item(rule, [], [replace(missed, confidence=0.5)])) == [("missed", 3, 0.2212)]
    got = seen_item(rule, [], [missed, replace(missed, met=True), replace(missed, perhaps=True)])
    assert (got.reason, got.met, got.occasions) == ("1 of 2 occasions met", 1, 2)


def test_once() -> None:
    """Once is enough, however long the call is; a finding that is half sure earns half."""
    rule = ItemRule(measure="once")
    assert (places(seen_item(rule)), seen_item(rule).reason) == ([("absent", None, 1.0)], "none found")
    assert (places(seen_item(rule, [moment("text")])), seen_item(rule, [moment("text")]).reason) == ([], "found once")
    assert seen_item(rule, [replace(moment("text"), confidence=0.5)]).score == 50.0
    assert seen_item(ItemRule(measure="once", target=2.0), [moment("one")]).score == 50.0
    assert seen_item(ItemRule(measure="once", target=2.0), [moment("one")] * 3).score == 100.0
    assert seen_item(ItemRule(measure="once", kinds=("warm",)), [moment("one")]).score == 0.0


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (ItemRule(measure="once", kinds=("cold",)), "none found"),
        (ItemRule(measure="breaches"), "none certain enough to count, 2 uncertain"),
        (ItemRule(measure="limit", per="call", target=1.0), "none certain enough to count, 2 uncertain"),
        (ItemRule(measure="rate", per="call", target=1.0), "none certain enough to count, 2 uncertain; full marks at 1"),
        (ItemRule(measure="occasions"), "no occasion certain enough to count, 1 uncertain"),
    ],
)
def test_what_is_uncertain(rule: ItemRule, reason: str) -> None:
    """What is too uncertain to count leaves the score as it is, and the reason does not say that nothing was found."""
    moments = [replace(moment("text"), perhaps=True, kind=kind) for kind in (None, "warm")]
    unsure = Occasion("empathy", 3, 0, 4, "help", perhaps=True)
    got, without = seen_item(rule, moments, [unsure]), seen_item(rule)
    assert (got.score, got.status, got.losses) == (without.score, without.status, without.losses)
    assert got.reason == reason


@pytest.mark.parametrize(
    ("kinds", "score", "reason"),
    [
        ((), 40.0, "none certain enough to count, 2 uncertain"),
        (("warm",), 30.0, "none certain enough to count, 1 uncertain"),
        (("cold",), 0.0, "none found"),
    ],
)
def test_what_is_uncertain_of_what_is_wanted_once(kinds: tuple[str, ...], score: float, reason: str) -> None:
    """What a call needs once is lost only as far as the likeliest uncertain finding leaves it; what is certain counts as it does without."""
    rule = ItemRule(measure="once", kinds=kinds)
    unsure = [replace(moment("text"), perhaps=True, kind=kind, confidence=sure) for kind, sure in ((None, 0.4), ("warm", 0.3))]
    got = seen_item(rule, unsure, [])
    assert (got.score, got.reason, [loss.share for loss in got.losses]) == (pytest.approx(score), reason, [pytest.approx(1 - score / 100)])
    sure = [replace(moment("text"), kind=kind) for kind in ("warm", "cold")]
    assert seen_item(rule, [*unsure, *sure], []).score == 100.0


@pytest.mark.parametrize("target", [1.0, 2.0])
def test_a_finding_that_becomes_certain_changes_little(target: float) -> None:
    """Where the surest of several findings just reaches the confidence that counts, an item that is wanted once does not jump."""
    rule = ItemRule(measure="once", target=target)
    less = replace(moment("text"), perhaps=True, confidence=0.4)
    before = seen_item(rule, [replace(moment("text"), perhaps=True, confidence=0.59), less])
    after = seen_item(rule, [replace(moment("text"), confidence=0.6), less])
    assert before.score is not None
    assert after.score == pytest.approx(before.score, abs=1.01)


@pytest.mark.parametrize(
    ("resolved", "reason"), [(1.0, "the matter seems to be settled"), (0.6, "the matter seems to be settled, but that is only 60% sure")]
)
def test_a_settled_outcome_says_why_it_costs(resolved: float, reason: str) -> None:
    """A matter that seems to be settled costs points only as far as that is unsure, and the item says so."""
    ended = Outcome({OutcomeValue.RESOLVED: resolved, OutcomeValue.NOT: 1 - resolved})
    card = card_of(DEFAULT, [], [], ended)
    assert card.items["outcome"].reason == reason
    assert bool(card.items["outcome"].losses) is (resolved < 1)


def test_outcome() -> None:
    """How far the customer was helped is the item's score; it is lost where the outcome is read, and not measurable without one."""
    rule = ItemRule(measure="outcome")
    likely = {OutcomeValue.RESOLVED: 0.0, OutcomeValue.PARTLY: 0.0, OutcomeValue.NOT: 1.0, OutcomeValue.UNCLEAR: 0.0}
    got = seen_item(rule, outcome=Outcome(likely, (OutcomeQuote(9, 0, 4, "text", "c", 30.0),)))
    assert (got.score, places(got), got.reason) == (0.0, [("outcome", 9, 1.0)], "the matter seems to be left unsettled")
    assert (got.losses[0].time_s, got.losses[0].quote, got.losses[0].confidence) == (30.0, "text", 1.0)
    assert places(seen_item(rule, outcome=Outcome(likely))) == [("outcome", None, 1.0)]
    settled = seen_item(rule, outcome=Outcome({**likely, OutcomeValue.RESOLVED: 1.0, OutcomeValue.NOT: 0.0}))
    assert (settled.score, settled.losses) == (100.0, ())
    none = seen_item(rule)
    assert (none.score, none.status, none.reason) == (None, "not_measurable", "the call does not show how it ended")


@pytest.mark.parametrize(("behaviour", "status"), [("hold", "scored"), ("pressure", "not_called_for")])
def test_what_an_item_needs(behaviour: str, status: str) -> None:
    """An item that needs another behaviour is called for where the call holds a moment or an occasion of it that counts."""
    rule = ItemRule(measure="once", needs=("hold", "summary"))
    assert seen_item(rule, [replace(moment("text"), behaviour=behaviour)]).status == status
    assert seen_item(rule, [], [Occasion(behaviour, 1, 0, 4, "text")]).status == status
    assert seen_item(rule, [replace(moment("text"), behaviour=behaviour, perhaps=True)]).status == "not_called_for"


def test_what_is_not_called_for_keeps_its_points() -> None:
    """Where weights are points, what a call does not call for costs nothing, and costs the same as in any call once it is called for."""
    empty, missed = card_of(POINTS, [moment("x")]), card_of(POINTS, [moment("x")], [Occasion("hold", 1, 0, 4, "text")])
    assert empty.items["hold"].score is None
    assert empty.items["hold"].points == missed.items["hold"].points == 0.5
    assert [e.points for e in missed.ledger if e.item == "hold"] == [0.3]


def test_more_lost_than_there_is() -> None:
    """A call that loses more than a hundred points is left with next to nothing, and each loss takes its part of what was lost."""
    heavy = parse(
        {
            "name": "h", "title": "H", "bands": [{"name": "all", "at": 0}], "weights_are": "points",
            "sections": {"s": {"title": "S", "weight": 1, "items": {"a": {"measure": "once", "weight": 150}, "b": {"measure": "once", "weight": 50}}}},
        }
    )  # fmt: skip
    card = card_of(heavy)
    assert card.score == 0.4
    assert [(entry.item, entry.points) for entry in card.ledger] == [("a", 74.7), ("b", 24.9)]


@given(st.floats(0, 500), st.floats(0, 50))
def test_what_is_left(cost: float, more: float) -> None:
    """Up to 70 points are lost in full; whoever loses more is left with less, and never with less than nothing."""
    assert left_after(cost) >= left_after(cost + more) >= 0
    assert cost > 70 or left_after(cost) == 100 - cost
    assert left_after(cost) - left_after(cost + more) <= more + 1e-9


def test_what_a_cap_costs() -> None:
    """What a cap holds back stands in the ledger under the critical item, beside what the item itself cost."""
    settled = Outcome({value: float(value == "resolved") for value in OutcomeValue})
    presses = [replace(moment("buy it"), behaviour="pressure", turn=n) for n in (3, 5)]
    owns = replace(moment("mine"), behaviour="ownership")
    says_back = [replace(moment(f"so {n}"), behaviour="summary") for n in range(3)]
    card = card_of(SHARES, [*presses, owns, *says_back], [], settled)
    assert (card.score, card.capped_by) == (45.0, "pressure")
    assert [(str(e.kind), e.turn) for e in card.ledger if e.item == "pressure"] == [("cap", None), ("breach", 3), ("breach", 5)]


def moment(quote: str, *, role: Role = Role.AGENT, kind: str | None = None, inferred: bool = False) -> Moment:
    return Moment("empathy", 0, 0, len(quote), quote, kind, "rule", "a", role, None, inferred)


def test_repeated_gestures_count_once() -> None:
    """The same canned line five times counts five hits and one distinct hit; the customer's and the inferred ones none."""
    canned = [moment(q) for q in ("I understand.", "I understand", "i understand!", "I  understand", "I understand")]
    others = [moment("I understand you", role=Role.CUSTOMER), moment("It is hard", inferred=True)]
    occasions = [Occasion("empathy", 1, 0, 4, "help", met=True), Occasion("empathy", 3, 0, 4, "help")]
    assert tally([*canned, *others], occasions) == {"empathy": Tally(5, 1, 2, 1)}


def test_repeats_score_as_one() -> None:
    """Empty gestures repeated do not add up, except where the rubric says that repeats count."""
    once, often = Tally(1, 1), Tally(5, 1)
    assert (
        value(ItemRule(measure="rate", per="call", target=4), once) == value(ItemRule(measure="rate", per="call", target=4), often) == 25.0
    )
    assert value(ItemRule(measure="rate", per="call", target=5, repeats_count=True), often) == 100.0


@pytest.mark.parametrize(
    ("rule", "counts", "tier", "score_", "reason"),
    [
        (ItemRule(measure="occasions"), Tally(), "none", None, "no occasion for it in this call"),
        (ItemRule(measure="occasions"), Tally(occasions=3, met=1), "none", 100 / 3, "1 of 3 occasions met"),
        (ItemRule(measure="occasions"), Tally(occasions=1, met=1), "none", 100, "1 of 1 occasion met; counts in full from 3 on"),
        (ItemRule(measure="limit", per="call", target=2), Tally(), "none", 100, "none found"),
        (ItemRule(measure="limit", per="call", target=2), Tally(hits=1), "none", 50, "found once; 2 or more scores 0"),
        (
            ItemRule(measure="limit", per="10 customer turns", target=2, evidence="turns"), Tally(), "starts", None,
            "it needs the times of turns, with start and end, which this transcript does not have",
        ),
        (
            ItemRule(measure="rate", per="10 agent turns", target=2), Tally(4, 2), "none", 50,
            "found 4 times, 1 for every 10 of the agent's turns, 2 of them in the same words as before; full marks at 2",
        ),
        (ItemRule(measure="share", kinds=("open",), target=0.5), Tally(4, 4, kinds={"open": (1, 1)}), "none", 50, "1 of 4 (25%)"),
        (ItemRule(measure="range", metric="agent_talk_share", best=(0.2, 0.4), worst=(0, 0.6)), Tally(), "none", 50, "50%; full marks from 20% to 40%"),
        (
            ItemRule(measure="range", metric="response_delay_s", best=(0, 1), worst=(-1, 3)), Tally(), "none", None,
            "this transcript does not show it",
        ),
    ],
)  # fmt: skip
def test_reasons(rule: ItemRule, counts: Tally, tier: str, score_: float | None, reason: str) -> None:
    """Each item says in a sentence what its score rests on, or why it has none."""
    got = item_of(rule, counts, tier)
    assert got.score == (None if score_ is None else pytest.approx(score_))
    assert got.reason == reason


@pytest.mark.parametrize(
    ("rule", "tier", "status"),
    [
        (ItemRule(measure="limit", per="call", target=1.0, evidence="turns"), "none", "not_measurable"),
        (ItemRule(measure="limit", per="10 minutes", target=1.0), "none", "not_measurable"),
        (ItemRule(measure="range", metric="overlap_share", best=(0.0, 0.1), worst=(0.0, 0.5)), "words", "not_measurable"),
        (ItemRule(measure="occasions"), "none", "not_called_for"),
        (ItemRule(measure="rate", per="call", target=1.0, needs_occasion=True), "none", "not_called_for"),
        (ItemRule(measure="share", target=0.5, kinds=("a",)), "none", "not_called_for"),
        (ItemRule(measure="limit", per="call", target=1.0), "none", "scored"),
        (ItemRule(measure="limit", per="call", target=1.0, weight=0), "none", "not_counted"),
        (ItemRule(measure="occasions", weight=0), "none", "not_called_for"),
    ],
)
def test_status(rule: ItemRule, tier: str, status: str) -> None:
    """What became of an item is a field that prints as its bare word; only what is scored or not counted has a score."""
    got = item_of(rule, Tally(), tier, replace(EXPOSURE, minutes=None))
    assert got.status is Status(status)
    assert f"{got.status}" == str(got.status) == status
    assert (got.score is not None) == (status in ("scored", "not_counted"))
    assert (got.counts_as > 0) == (status == "scored")


@pytest.mark.parametrize(
    ("change", "code", "reason"),
    [
        ({"turns": 0, "agent_turns": 0}, "no_turns", "the transcript has no turns"),
        (
            {"agent_turns": 0},
            "no_agent",
            "no speaker is known to be the agent; name one, for instance roles={'spk_0': 'agent'} or --role spk_0=agent",
        ),
        ({"customer_turns": 0}, "no_customer", "no speaker is known to be the customer; a one-sided call is not scored"),
        ({"agent_words": 3}, "too_short", "the call is too short: the agent has 20 turns and 3 words, and scoring needs 3 and 30"),
        ({"customer_turns": 1}, "too_short", "the call is too short: the customer has 1 turn and 300 words, and scoring needs 3 and 15"),
        ({}, None, None),
    ],
)
def test_gate(change: dict[str, int], code: str | None, reason: str | None) -> None:
    """A call that is empty, one-sided, too short or without an agent is not scored, and the code and the reason say why."""
    rubric = load("default")
    metrics = replace(METRICS, **change)
    assert gate(rubric, metrics) == (Refusal(NotScoredCode(code), reason) if code and reason else None)
    card = score(rubric, {}, metrics, EvidenceTier.NONE, {"summary": ("Summary", True)})
    assert (card.score is None) == (reason is not None)
    assert (card.not_scored_code, card.not_scored) == (code, reason)


def _rubric(**extra: Any) -> dict[str, Any]:
    items = {"good": {"measure": "rate", "per": "call", "target": 1}, "bad": {"measure": "limit", "per": "call", "target": 1, **extra}}
    return {
        "name": "r",
        "title": "R",
        "bands": [{"name": "all", "at": 0}],
        "sections": {"one": {"title": "One", "weight": 1, "items": items}},
    }


@pytest.mark.parametrize(("reach", "expected"), [("section", 30.0), ("call", 30.0)])
def test_critical_items(reach: str, expected: float) -> None:
    """A critical item below its bar caps the section or the call, and the scorecard says which did."""
    rubric = parse(_rubric(critical=reach, fails_below=50, cap=30))
    card = score(rubric, {"good": Tally(1, 1), "bad": Tally(3, 3)}, METRICS, EvidenceTier.NONE, {"good": ("G", True), "bad": ("B", False)})
    assert card.score == expected
    assert (card.sections["one"].capped_by if reach == "section" else card.capped_by) == "bad"


def test_what_does_not_apply_does_not_count() -> None:
    """Items without a score leave the section's mean as it is; a section of none has None."""
    table = _rubric()
    table["sections"]["two"] = {"title": "Two", "weight": 9, "items": {"kind": {"measure": "occasions"}}}
    known = {name: (name, True) for name in ("good", "bad", "kind")}
    card = score(parse(table), {"good": Tally(1, 1)}, METRICS, EvidenceTier.NONE, known)
    assert card.sections["two"].score is None
    assert card.score == 100.0


@pytest.mark.parametrize(("occasions", "counts_as"), [(0, 0.0), (1, 1 / 3), (2, 2 / 3), (3, 1.0), (9, 1.0)])
def test_little_evidence_counts_little(occasions: int, counts_as: float) -> None:
    """An item of occasions counts in full from three occasions on; what does not apply counts nothing."""
    got = item_of(ItemRule(measure="occasions"), Tally(occasions=occasions))
    assert got.counts_as == pytest.approx(counts_as)


def test_a_section_counts_by_its_items_that_apply() -> None:
    """A section of which half the weight does not apply counts half in the call's score."""
    table = _rubric()
    items = {"kind": {"measure": "rate", "per": "call", "target": 1}, "upset": {"measure": "occasions"}}
    table["sections"]["two"] = {"title": "Two", "weight": 2, "items": items}
    known = {name: (name, True) for name in ("good", "bad", "kind", "upset")}
    card = score(parse(table), {"good": Tally(1, 1)}, METRICS, EvidenceTier.NONE, known)
    assert (card.sections["one"].counts_as, card.sections["two"].counts_as) == (1.0, 1.0)
    assert (card.sections["one"].score, card.sections["two"].score, card.score) == (100.0, 0.0, 50.0)
