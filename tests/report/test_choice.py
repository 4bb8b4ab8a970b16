"""Which items are coached and praised, given the ledger, the scorecard and a rubric's tables."""

from __future__ import annotations

from typing import Any

import pytest
from hand_made import item, moment
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.ledger import Entry, LossKind
from listening_coach.report.choice import to_coach, worth_praise
from listening_coach.rubric import Rubric, parse
from listening_coach.scoring import ItemScore

BEHAVIOURS = frozenset(("policy_hiding", "empathy", "ownership", "gratitude", "interruption"))


def rubric(**tables: Any) -> Rubric:
    return parse(
        {
            "name": "own", "title": "Own", "bands": [{"name": "any", "at": 0}],
            "sections": {"all": {"title": "All", "weight": 1, "items": {"empathy": {"measure": "occasions"}}}}, **tables,
        }
    )  # fmt: skip


def scored(name: str, score: float = 50.0) -> ItemScore:
    return item(name, "all", 1.0, score, 1, 0, 0, "a reason", points=20.0)


def lost(name: str, points: float, confidence: float = 1.0, kind: LossKind = LossKind.MISSED) -> Entry:
    return Entry(name, name, "all", kind, points, "a reason", "doing it", confidence=confidence)


def chosen(*ledger: Entry, by: Rubric | None = None) -> list[str]:
    return to_coach(ledger, {entry.item: scored(entry.item) for entry in ledger}, BEHAVIOURS, by or rubric())


def test_points_times_confidence() -> None:
    """Without a table, the items come by points lost times confidence, added up over their places; two at most."""
    ledger = (lost("empathy", 4.0, 0.5), lost("empathy", 4.0, 0.5), lost("policy_hiding", 5.0), lost("interruption", 3.0))
    assert chosen(*ledger) == ["policy_hiding", "empathy"]
    assert chosen(lost("empathy", 9.0, 0.3), lost("policy_hiding", 3.0)) == ["policy_hiding", "empathy"]
    assert chosen() == []


def test_what_is_no_behaviour_is_no_focus() -> None:
    """What the outcome lost counts towards ownership where that lost points, else towards policy hiding; a metric's counts for nobody."""
    outcome = lost("outcome", 30.0, kind=LossKind.OUTCOME)
    balance = lost("balance", 30.0, kind=LossKind.MEASURE)
    assert chosen(outcome, lost("empathy", 9.0), lost("policy_hiding", 2.0)) == ["policy_hiding", "empathy"]
    assert chosen(outcome, lost("empathy", 9.0), lost("policy_hiding", 2.0), lost("ownership", 2.0)) == ["ownership", "empathy"]
    assert chosen(balance, lost("empathy", 9.0), lost("ownership", 2.0)) == ["empathy", "ownership"]
    assert chosen(outcome, balance) == []


def test_a_table_decides() -> None:
    """A rubric's table goes before the points: by what an item lost and how unhelped the customer was; items outside it follow."""
    by = rubric(focus={"empathy": {"base": 0.0, "unhelped": -4.0}, "policy_hiding": {"base": -1.0, "lost": 1.0}})
    ledger = (lost("gratitude", 9.0), lost("empathy", 2.0), lost("policy_hiding", 2.0))
    assert chosen(*ledger, by=by) == ["empathy", "policy_hiding"]
    assert chosen(*ledger, lost("outcome", 9.0, kind=LossKind.OUTCOME), by=by) == ["policy_hiding", "empathy"]


def test_severe_breaches_come_first() -> None:
    """What cost little waits where breaches of one item cost ten points or more, whatever a table says; and what cost less than one point waits."""
    by = rubric(focus={"gratitude": {"base": 9.0}, "policy_hiding": {"base": 0.0}, "empathy": {"base": -1.0}})
    breaches = (lost("policy_hiding", 5.0, kind=LossKind.BREACH), lost("policy_hiding", 5.5, kind=LossKind.BREACH))
    assert chosen(lost("gratitude", 3.0), *breaches, lost("empathy", 7.0), by=by) == ["policy_hiding", "empathy"]
    assert chosen(lost("gratitude", 3.0), breaches[0], lost("empathy", 7.0), by=by) == ["gratitude", "policy_hiding"]
    assert chosen(lost("gratitude", 0.9), breaches[0], lost("empathy", 7.0), by=by) == ["policy_hiding", "empathy"]


@given(st.dictionaries(st.sampled_from(sorted(BEHAVIOURS)), st.floats(0.1, 50.0), min_size=1))
def test_losing_more_never_ranks_lower(points: dict[str, float]) -> None:
    """Without a table, an item that loses more never falls behind."""
    for name in points:
        before = chosen(*(lost(n, p) for n, p in points.items()))
        after = chosen(*(lost(n, p + (20.0 if n == name else 0.0)) for n, p in points.items()))
        if name in before:
            assert name in after
            assert after.index(name) <= before.index(name)


@pytest.mark.parametrize(("score", "enough"), [(100.0, True), (75.0, True), (74.0, False)])
def test_praise_without_a_table(score: float, enough: bool) -> None:
    """Without a table, an item is praised from three quarters up, and weighs what it could have cost."""
    assert worth_praise(scored("empathy", score), (), 50.0, rubric()) == (pytest.approx(20.0 * score / 100), enough)


def test_praise_by_a_table() -> None:
    """With a table, praise is as likely as it says, by the summed and the surest confidence and the score; items outside it get none."""
    by = rubric(strengths={"empathy": {"base": -3.0, "counted": 4.0, "shown": 5.0, "surest": 1.0, "score": 1.0}})
    sure = moment("empathy", 4, "Our policy is", confidence=0.8)
    perhaps = moment("empathy", 2, "What's the order", confidence=0.4, perhaps=True)
    odds = -3.0 + 0.8 + 1.2 + 0.8 + 0.5
    likely, enough = worth_praise(scored("empathy"), (sure, perhaps), 50.0, by)
    assert (likely, enough) == (pytest.approx(1 / (1 + 2.718281828**-odds), abs=1e-6), True)
    assert worth_praise(scored("empathy"), (perhaps,), 50.0, by)[1] is False
    assert worth_praise(scored("ownership", 100.0), (sure,), 50.0, by) == (0.0, False)
