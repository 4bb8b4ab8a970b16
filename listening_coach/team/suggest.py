"""Weights and bands of a rubric fitted to people's scores, and what they gain on calls that were kept back.

Where weights are shares, the score of a call is a weighted mean of its items, so that all weights together are one factor an item; where they are
points, the weight is the factor. Factors are moved from the rubric's own as far as the calls give reason to: the less there are, the less
they move. How far is chosen inside each round of
cross-validation, so that the gain that is told is one on calls that nothing was fitted on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..rubric import Rubric
from .statistics import Figure, mean, share

FEWEST_CALLS = 20
_FOLDS = 5
_INNER_FOLDS = 4
# How strongly factors are held at the rubric's own; squared points of the score for a factor of e.
_HOLDS = (30.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0)
_ROUNDS = 25
_MOST = 1.4
Array = Any


class CallItems(NamedTuple):
    """A call's items for fitting: scores by item, how far each counts (0 to 1), and people's score for the call."""

    scores: Mapping[str, float]
    counts: Mapping[str, float]
    people: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rubric that fits people's scores better, and by how much on calls kept back.

    ``weights`` are those of items, ``sections`` those of sections, that change; ``bands`` the lower ends of bands by name, where these
    change. ``error_before`` and ``error_after`` are mean distances from people's scores in points, ``gain`` the difference with its interval.
    ``same_band_before`` and ``same_band_after`` are the shares of calls in the band that people's score has. ``supported`` tells whether
    the gain is more than chance. ``calls`` counts what it rests on.
    """

    rubric: str
    calls: int
    weights: Mapping[str, float]
    sections: Mapping[str, float]
    bands: Mapping[str, float]
    error_before: float
    error_after: float
    gain: Figure
    same_band_before: Figure
    same_band_after: Figure
    supported: bool

    def to_toml(self, base: Rubric, extends: str) -> str:
        """The suggestion as a rubric file that extends the one it starts from."""
        lines = [
            f"# Suggested by calibrate from {self.calls} calls that people scored. On calls kept back the score is {self.error_after:.1f} points from theirs",
            f"# on average, where the rubric it extends is {self.error_before:.1f} points from them.",
            f'extends = "{extends}"',
            f'name = "{base.name}-calibrated"',
        ]
        if self.bands:
            bands = ", ".join(f'{{ name = "{band.name}", at = {_plain(self.bands.get(band.name, band.at))} }}' for band in base.bands)
            lines.append(f"bands = [{bands}]")
        for name, section in base.sections.items():
            own = {item: self.weights[item] for item in section.items if item in self.weights}
            if name not in self.sections and not own:
                continue
            lines += ["", f"[sections.{name}]"]
            if name in self.sections:
                lines.append(f"weight = {_plain(self.sections[name])}")
            lines += [f"items.{item}.weight = {_plain(weight)}" for item, weight in own.items()]
        return "\n".join(lines) + "\n"

    def write(self, path: str | Path, base: Rubric, extends: str | Path) -> Path:
        """Writes the rubric file; ``extends`` is the rubric it starts from, one of ours by its name or a file."""
        place = Path(path)
        given = Path(extends)
        name = Path(os.path.relpath(given, place.parent)).as_posix() if given.is_file() else str(extends)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(self.to_toml(base, name), encoding="utf-8", newline="\n")
        return place


def _rounded(weight: float) -> float:
    return round(weight, 2)


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def suggestion(calls: Sequence[CallItems], rubric: Rubric) -> Suggestion:
    """The rubric that fits best, and what it gains; ``calls`` are at least ``FEWEST_CALLS``."""
    names = [name for name, rule in rubric.items() if rule.weight]
    start = np.log(np.array([_factor(rubric, name) for name in names]))
    data = _Data(
        np.array([[c.scores.get(n, 0.0) for n in names] for c in calls]),
        np.array([[c.counts.get(n, 0.0) for n in names] for c in calls]),
        np.array([c.people for c in calls]),
        rubric.weights_are == "points",
    )
    before = data.predicted(start)
    after = np.zeros(len(calls))
    cuts = np.zeros((len(calls), len(rubric.bands)))
    ends = [band.at for band in rubric.bands]
    for held, rest in _folds(len(calls), _FOLDS):
        fitted = _fitted(data.of(rest), start, _hold(data.of(rest), start))
        after[held] = data.of(held).predicted(fitted)
        cuts[held] = _ends(data.of(rest).predicted(fitted), data.people[rest], ends)
    gains = np.abs(before - data.people) - np.abs(after - data.people)
    gain = mean(gains.tolist()) or Figure(0.0, None, None, 0)
    same = [
        share(int(sum(_band(b, ends) == _band(p, ends) for b, p in zip(before, data.people, strict=True))), len(calls)),
        share(int(sum(_band(a, c.tolist()) == _band(p, ends) for a, c, p in zip(after, cuts, data.people, strict=True))), len(calls)),
    ]
    fitted = _fitted(data, start, _hold(data, start))
    weights, sections = _back(rubric, dict(zip(names, np.exp(fitted).tolist(), strict=True)))
    moved = _ends(data.predicted(fitted), data.people, ends)
    bands = {band.name: at for band, at in zip(rubric.bands, moved, strict=True) if at != band.at}
    nothing = Figure(0.0, None, None, 0)
    return Suggestion(
        rubric.name, len(calls), weights, sections, bands, float(np.mean(np.abs(before - data.people))),
        float(np.mean(np.abs(after - data.people))), gain, same[0] or nothing, same[1] or nothing, gain.low is not None and gain.low > 0,
    )  # fmt: skip


class _Data(NamedTuple):
    """Scores and counts of each call's items, people's scores of the calls, and whether weights are points."""

    scores: Array
    counts: Array
    people: Array
    in_points: bool

    def of(self, calls: Array) -> _Data:
        return _Data(self.scores[calls], self.counts[calls], self.people[calls], self.in_points)

    def predicted(self, logs: Array) -> Array:
        return self.sloped(logs)[0]

    def sloped(self, logs: Array) -> tuple[Array, Array]:
        """The calls' scores, and how fast each changes with each factor's logarithm."""
        weighed = self.counts * np.exp(logs)
        if self.in_points:
            # Below 0 the slope stays, so that calls at the bottom can rise.
            cost = weighed * (1.0 - self.scores / 100.0)
            return np.maximum(100.0 - cost.sum(1), 0.0), -cost
        total = np.maximum(weighed.sum(1), 1e-9)
        score = (weighed * self.scores).sum(1) / total
        return score, weighed * (self.scores - score[:, None]) / total[:, None]


def _factor(rubric: Rubric, name: str) -> float:
    """How much an item weighs in the whole: its weight in points, or its part of the section, times the section's weight."""
    section = next(s for s in rubric.sections.values() if name in s.items)
    if rubric.weights_are == "points":
        return max(1e-6, section.items[name].weight)
    return max(1e-6, section.weight * section.items[name].weight / sum(item.weight for item in section.items.values()))


def _back(rubric: Rubric, factors: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Factors as weights of items and sections; those that stay the same to two digits are left out."""
    in_points = rubric.weights_are == "points"
    whole = 1.0 if in_points else sum(factors.values()) / sum(s.weight for s in rubric.sections.values())
    weights: dict[str, float] = {}
    sections: dict[str, float] = {}
    for name, section in rubric.sections.items():
        total = sum(factors.get(item, 0.0) for item in section.items)
        if not total:
            continue
        weight = _rounded(total / whole)
        if weight != section.weight:
            sections[name] = weight
        own = total if in_points else sum(rule.weight for rule in section.items.values())
        for item, rule in section.items.items():
            if item in factors and _rounded(own * factors[item] / total) != rule.weight:
                weights[item] = _rounded(own * factors[item] / total)
    return weights, sections


def _fitted(data: _Data, start: Array, hold: float) -> Array:
    """Factors, as logarithms, that bring the scores close to people's and stay close to the start: Gauss and Newton's steps."""
    logs = start.copy()
    # An item that is the same in all calls tells nothing of its weight; moved, it would only lift or lower all scores.
    moves = (np.ptp(np.where(data.counts > 0, data.scores, 100.0), axis=0) > 0).astype(float)
    for _ in range(_ROUNDS):
        score, slope = data.sloped(logs)
        slope = slope * moves
        left = slope.T @ slope + hold * np.eye(len(logs))
        step = np.linalg.solve(left, slope.T @ (data.people - score) - hold * (logs - start))
        step = np.clip(step, -0.5, 0.5)
        logs = start + np.clip(logs + step - start, -_MOST, _MOST)
        if np.abs(step).max() < 1e-4:
            break
    return logs


def _hold(data: _Data, start: Array) -> float:
    """How strongly to hold the factors: what does best on calls kept back."""
    errors = dict.fromkeys(_HOLDS, 0.0)
    for held, rest in _folds(len(data.people), _INNER_FOLDS):
        for hold in _HOLDS:
            found = data.of(held).predicted(_fitted(data.of(rest), start, hold))
            errors[hold] += float(np.abs(found - data.people[held]).sum())
    return min(reversed(_HOLDS), key=errors.__getitem__)


def _folds(n: int, folds: int) -> list[tuple[Array, Array]]:
    order = np.random.default_rng(0).permutation(n)
    parts = np.array_split(order, min(folds, n))
    return [(np.sort(part), np.sort(np.setdiff1d(order, part))) for part in parts]


def _ends(scores: Array, people: Array, ends: Sequence[float]) -> list[float]:
    """Lower ends of bands, in the order given, at which scores fall into the bands of people's as often as can be; their own where nothing is gained."""
    found: list[float] = []
    for end in ends:
        if end == 0 or not ((people >= end).any() and (people < end).any()):
            found.append(end)
            continue
        choices = [end, *(float(v) for v in range(1, 100))]
        right = [int(((scores >= at) == (people >= end)).sum()) for at in choices]
        best = max(right)
        found.append(
            end if right[0] == best else min((c for c, r in zip(choices, right, strict=True) if r == best), key=lambda at: abs(at - end))
        )
    # Bands keep their order.
    order = sorted(range(len(ends)), key=lambda n: ends[n])
    if any(found[a] >= found[b] for a, b in pairwise(order)):
        return list(ends)
    return found


def _band(score: float, ends: Sequence[float]) -> int:
    return max((n for n, end in enumerate(ends) if score >= end), key=lambda n: ends[n], default=0)
