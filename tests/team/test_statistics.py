"""Figures and their intervals, held to known values and to laws."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.team.rendering import whole
from listening_coach.team.statistics import Figure, difference, kappa, mean, resampled, share, spearman


def test_share() -> None:
    """Wilson's interval, by the values of its textbook form; at the ends it stays within 0 and 1."""
    found = share(8, 10)
    assert (found.value, round(found.low, 3), round(found.high, 3)) == (0.8, 0.490, 0.943)
    assert share(0, 0) is None
    assert (share(0, 5).low, share(5, 5).high) == (0.0, 1.0)


def test_mean() -> None:
    """Student's interval: of five values t is 2.776."""
    found = mean([1, 2, 3, 4, 5])
    half = 2.776 * math.sqrt(2.5 / 5)
    assert (found.value, found.low, found.high) == (3, pytest.approx(3 - half), pytest.approx(3 + half))
    assert mean([7.0])[1:3] == (None, None)
    assert mean([]) is None


def test_intervals_hold() -> None:
    """In nineteen of twenty samples of eight, and of forty, the interval holds the true mean."""
    chance = random.Random(0)
    for size in (8, 40):
        held = sum((m := mean([chance.gauss(60, 10) for _ in range(size)])).low <= 60 <= m.high for _ in range(600))
        assert 0.92 <= held / 600 <= 0.98


def test_difference() -> None:
    """Two means differ by what they do, surely where they are far apart."""
    found = difference([70, 71, 72], [50, 51, 52])
    assert found.value == 20
    assert found.is_sure
    assert not difference([50, 60, 70], [51, 59, 71]).is_sure
    assert difference([1.0], [1.0, 2.0]) is None


def test_kappa() -> None:
    """Cohen's kappa of a textbook table: 20 and 15 agreed of 50, with margins 25 and 30, is 0.4."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("y", "y")] * 5) is None
    assert kappa([]) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1))
def test_kappa_is_even(pairs: list[tuple[str, str]]) -> None:
    """Kappa is at most 1, and the same whoever is named first."""
    there, back = kappa(pairs), kappa([(b, a) for a, b in pairs])
    assert (there is None) == (back is None)
    assert there is None or (there <= 1 and there == pytest.approx(back))


def test_spearman() -> None:
    """Ranks, ties averaged."""
    assert spearman([(1, 10), (2, 20), (3, 21)]) == pytest.approx(1)
    assert spearman([(1, 3), (2, 2), (3, 1)]) == pytest.approx(-1)
    assert spearman([(1, 1), (1, 2), (2, 3)]) == pytest.approx(0.866, abs=1e-3)
    assert spearman([(1, 1), (1, 2), (1, 3)]) is None
    assert spearman([(1, 1)]) is None


def test_resampled() -> None:
    """An interval by resampling is the same every time and holds the figure; of one group there is none."""
    groups = [[(float(n), float(n) + n % 3)] for n in range(20)]
    found = resampled(groups, spearman)
    assert found == resampled(groups, spearman)
    assert found.low <= found.value <= found.high
    assert resampled(groups[:1] * 1, spearman) is None
    assert resampled([groups[0] * 1 + groups[1] + groups[5]], spearman)[1:3] == (None, None)


def test_zero_has_no_sign() -> None:
    """What rounds to zero from below is written as zero."""
    assert Figure(-0.3, -0.4, 8.0, 9).text() == "0 (0 to 8)"
    assert (whole(-0.2), whole(-1.2)) == ("0", "−1")
