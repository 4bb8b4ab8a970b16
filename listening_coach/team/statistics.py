"""Figures with their intervals: shares, means, kappa. Intervals are of 95 %; those made by resampling are the same every time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np

_Z = 1.959964
_RESAMPLES = 1000
# 97.5 % points of Student's t for 1, 2, … degrees of freedom; from there on close to the normal's.
_T = (
    12.706,
    4.303,
    3.182,
    2.776,
    2.571,
    2.447,
    2.365,
    2.306,
    2.262,
    2.228,
    2.201,
    2.179,
    2.160,
    2.145,
    2.131,
    2.120,
    2.110,
    2.101,
    2.093,
    2.086,
)


class Figure(NamedTuple):
    """A figure with the interval in which it lies with 95 % confidence, None where too little is known for one; ``n`` is how many it rests on."""

    value: float
    low: float | None
    high: float | None
    n: int

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    def overlaps(self, other: Figure) -> bool:
        """Whether the intervals overlap, or one is not known."""
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return True
        return self.low <= other.high and other.low <= self.high

    def text(self, digits: int = 0) -> str:
        """The figure as words: "62 (55 to 69)"."""
        if self.low is None or self.high is None:
            return f"{self.value:z.{digits}f}"
        return f"{self.value:z.{digits}f} ({self.low:z.{digits}f} to {self.high:z.{digits}f})"


def share(hits: int, n: int) -> Figure | None:
    """A share with Wilson's interval; None of nothing."""
    if not n:
        return None
    p = hits / n
    middle, half = p + _Z * _Z / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
    whole = 1 + _Z * _Z / n
    return Figure(p, max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole), n)


def mean(values: Sequence[float]) -> Figure | None:
    """A mean with Student's interval; of one value without, of none None."""
    n = len(values)
    if not n:
        return None
    middle = math.fsum(values) / n
    return mean_of(n, middle, None if n < 2 else math.sqrt(math.fsum((v - middle) ** 2 for v in values) / (n - 1)))


def mean_of(n: int, middle: float | None, spread: float | None) -> Figure | None:
    """The same from how many there are, their mean, and their standard deviation."""
    if not n or middle is None:
        return None
    if n < 2 or spread is None:
        return Figure(middle, None, None, n)
    t = _T[n - 2] if n - 2 < len(_T) else 1.96 + 2.5 / (n - 1)
    half = t * spread / math.sqrt(n)
    return Figure(middle, middle - half, middle + half, n)


def difference(after: Sequence[float], before: Sequence[float]) -> Figure | None:
    """How much higher one mean is than another, with Welch's interval; None where a side has fewer than two values."""
    one, two = mean(after), mean(before)
    if one is None or two is None or len(after) < 2 or len(before) < 2:
        return None
    errors = [float(np.var(side, ddof=1)) / len(side) for side in (after, before)]
    error, degrees = math.sqrt(sum(errors)), min(len(after), len(before)) - 1
    t = _T[degrees - 1] if degrees - 1 < len(_T) else 1.96 + 2.5 / degrees
    value = one.value - two.value
    return Figure(value, value - t * error, value + t * error, len(after) + len(before))


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa: agreement beyond chance; None where chance explains all of it, or there are no pairs."""
    n = len(pairs)
    if not n:
        return None
    agreed = sum(a == b for a, b in pairs) / n
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(left[key] * right[key] for key in left) / (n * n)
    return None if expected >= 1 - 1e-12 else (agreed - expected) / (1 - expected)


def resampled(groups: Sequence[Sequence[Any]], figure: Callable[[list[Any]], float | None]) -> Figure | None:
    """A figure over all values of some groups, with an interval by drawing groups with replacement; calls are groups, so that a call's values stay together."""
    values = [value for group in groups for value in group]
    middle = figure(values)
    if middle is None:
        return None
    if len(groups) < 2:
        return Figure(middle, None, None, len(values))
    draws = np.random.default_rng(0).integers(0, len(groups), size=(_RESAMPLES, len(groups)))
    found = [f for draw in draws if (f := figure([value for g in draw for value in groups[g]])) is not None]
    if len(found) < _RESAMPLES // 2:
        return Figure(middle, None, None, len(values))
    low, high = np.quantile(found, (0.025, 0.975))
    return Figure(middle, float(low), float(high), len(values))


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """The correlation of ranks; None of fewer than three pairs, or where one side does not vary."""
    if len(pairs) < 3:
        return None
    left, right = (_ranks([pair[side] for pair in pairs]) for side in (0, 1))
    if np.std(left) == 0 or np.std(right) == 0:
        return None
    return float(np.corrcoef(left, right)[0, 1])


def _ranks(values: Sequence[float]) -> Any:
    """Ranks, those of equal values averaged."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]
