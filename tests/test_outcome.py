"""The outcome as a value: the likeliest, how sure it is, and how far the customer was helped."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.outcome import Outcome, OutcomeQuote, OutcomeValue


def outcome(resolved: float = 0.0, partly: float = 0.0, no: float = 0.0, unclear: float = 0.0) -> Outcome:
    return Outcome(dict(zip(OutcomeValue, (resolved, partly, no, unclear), strict=True)))


LIKELY = st.lists(st.floats(0.001, 1), min_size=4, max_size=4).map(lambda odds: outcome(*(one / sum(odds) for one in odds)))


@given(LIKELY)
def test_value_and_confidence(found: Outcome) -> None:
    """The value is the likeliest outcome, its confidence how likely it is, and how far it helped lies between 0 and 1."""
    assert found.likely[found.value] == found.confidence == max(found.likely.values())
    assert 0 <= found.helped <= 1


@given(LIKELY, st.floats(0, 1))
def test_more_settled_is_more_help(found: Outcome, part: float) -> None:
    """What moves from unsettled to settled never lowers how far the customer was helped."""
    moved = part * found.likely[OutcomeValue.NOT]
    likely = {**found.likely, OutcomeValue.NOT: found.likely[OutcomeValue.NOT] - moved}
    likely[OutcomeValue.RESOLVED] += moved
    assert Outcome(likely).helped >= found.helped - 1e-9


@pytest.mark.parametrize(
    ("found", "helped", "sentence"),
    [
        (outcome(resolved=1.0), 1.0, "the matter seems to be settled"),
        (outcome(resolved=0.9, no=0.1), 1.0, "the matter seems to be settled"),
        (outcome(partly=1.0), 0.625, "the matter seems to be settled in part"),
        (outcome(no=1.0), 0.0, "the matter seems to be left unsettled"),
        (outcome(unclear=1.0), 0.625, "the call does not tell how the matter ended"),
        (outcome(resolved=0.44, no=0.56), 0.5, "the matter seems to be left unsettled"),
    ],
)
def test_how_far_it_helped(found: Outcome, helped: float, sentence: str) -> None:
    """Help is a mean over the outcomes by how likely they are; what is settled almost surely counts in full."""
    assert found.helped == pytest.approx(helped)
    assert found.sentence == sentence


def test_values_print_bare_and_pickle() -> None:
    """An outcome's value prints as its bare word, and the whole crosses a process border."""
    assert [f"{value}" for value in OutcomeValue] == ["resolved", "partly", "not", "unclear"]
    found = Outcome(outcome(no=1.0).likely, (OutcomeQuote(3, 0, 5, "Never", "c", 2.5),))
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
