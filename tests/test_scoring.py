"""Scoring: the laws every rubric keeps, what is not scored and why, and the sentences that say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.metrics import Metrics
from listening_coach.moments import Moment, Occasion
from listening_coach.rubric import ItemRule, load, parse
from listening_coach.scoring import Exposure, NotScoredCode, Refusal, Status, Tally, gate, item, rounded, score, tally
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


def value(rule: ItemRule, counts: Tally, helps: bool = True, **metrics: Any) -> float | None:
    return item("x", "s", "X", helps, rule, counts, EXPOSURE, replace(METRICS, **metrics), EvidenceTier.WORDS).score


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


@given(st.dictionaries(st.sampled_from([k for k, _ in load("default").items()]), TALLIES), st.sampled_from(list(EvidenceTier)))
def test_the_arithmetic_shown_is_the_arithmetic_used(tallies: dict[str, Tally], tier: EvidenceTier) -> None:
    """From the scores and effective weights on the scorecard, anybody can recompute each section's score and the call's."""
    rubric = load("default")
    card = score(rubric, tallies, METRICS, tier, {name: (name, True) for name, _ in rubric.items()})
    for section in card.sections.values():
        weights = sum(i.counts_as for i in section.items)
        if weights:
            assert section.score == pytest.approx(sum(i.score * i.counts_as for i in section.items if i.score is not None) / weights)
        assert section.counts_as == pytest.approx(section.weight * weights / sum(i.weight for i in section.items))
    total = sum(s.counts_as for s in card.sections.values())
    assert card.score == pytest.approx(sum(s.score * s.counts_as for s in card.sections.values() if s.score is not None) / total)


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
        (ItemRule(measure="limit", per="call", target=2), Tally(hits=1), "none", 50, "once; 2 or more scores 0"),
        (
            ItemRule(measure="limit", per="10 customer turns", target=2, evidence="turns"), Tally(), "starts", None,
            "it needs the times of turns, with start and end, which this transcript does not have",
        ),
        (
            ItemRule(measure="rate", per="10 agent turns", target=2), Tally(4, 2), "none", 50,
            "4 times, 1 for every 10 of the agent's turns, 2 of them in the same words as before; full marks at 2",
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
    got = item("x", "s", "X", True, rule, counts, EXPOSURE, METRICS, EvidenceTier(tier))
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
    got = item("x", "s", "X", True, rule, Tally(), replace(EXPOSURE, minutes=None), METRICS, EvidenceTier(tier))
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
    got = item("x", "s", "X", True, ItemRule(measure="occasions"), Tally(occasions=occasions), EXPOSURE, METRICS, EvidenceTier.NONE)
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
