"""Many reports together: how even the service is across agents and days, and how a customer's calls develop.

Pure functions of reports; who an agent or a customer is, and when a call was, comes from the caller, since transcripts
seldom say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import fmean, median, pstdev
from types import MappingProxyType

from ..errors import ReportError, own_errors
from ..report import Report
from ..scoring import Tally, tally
from ..transcript import Role

Key = Callable[[Report], str | None]
_grouping = own_errors(ReportError, "grouping the reports", "reports", "Pass reports, and a function that names the group of each.")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Group:
    """The calls of one agent, day or other group.

    ``calls`` counts all, ``scored`` those with a score. ``mean``, ``lowest`` and ``highest`` are scores, ``spread`` is their
    standard deviation; None where no call is scored. ``tallies`` are the group's tallies by behaviour, added.
    """

    name: str
    calls: int
    scored: int
    mean: float | None
    spread: float | None
    lowest: float | None
    highest: float | None
    tallies: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Evenness:
    """How even the service is: the groups by name, the mean spread ``within`` them, and the spread of means ``between`` them."""

    groups: Mapping[str, Group]
    within: float | None
    between: float | None


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's calls in the order in which they were held.

    ``stage`` is "new" (one call), "returning", "regular" (four calls or more) or "lapsing" (a customer of three calls or more who has been silent for three
    times as long as usual, and a month at least). ``thanks`` counts the customer's thanks, ``recalls`` where the agent took up what
    they knew of the customer, ``mood_change`` is the end of the last call's mood less that of the first, -2 to 2, None where either does not show.
    """

    customer: str
    calls: int
    stage: str
    thanks: int
    recalls: int
    scores: tuple[float | None, ...]
    mood_change: float | None


@_grouping
def by_agent(reports: Iterable[Report], agent: Key) -> Evenness:
    """How even the service is across agents; ``agent`` tells whose call a report is, None to leave it out."""
    return _evenness(reports, agent)


@_grouping
def by_day(reports: Iterable[Report]) -> Evenness:
    """How even the service is across the days of the week; calls without a date are left out."""
    return _evenness(reports, _weekday)


@_grouping
def by_customer(reports: Iterable[Report], customer: Key) -> dict[str, Customer]:
    """Each customer's calls over time; ``customer`` tells whose call a report is, None to leave it out.

    Calls are put in the order of their dates where all of a customer's have one, else kept as they come. Whether a customer is silent is
    seen from the latest call of all.
    Source: Schmidt, Customer Service Relationships, whose five stages are named here by what can be seen.
    """
    given = list(reports)
    dates = [_date(r) for r in given]
    latest = max((d for d in dates if d is not None), default=None)
    return {name: _customer(name, calls, latest) for name, calls in _grouped(given, customer).items()}


def _date(report: Report) -> datetime | None:
    """When a call began, by the clock of its place."""
    at = report.transcript.started_at
    return None if at is None else at.replace(tzinfo=None)


def _grouped(reports: Iterable[Report], key: Key) -> dict[str, list[Report]]:
    groups: dict[str, list[Report]] = {}
    for report in reports:
        name = key(report)
        if name is not None:
            groups.setdefault(name, []).append(report)
    return groups


def _weekday(report: Report) -> str | None:
    at = report.transcript.started_at
    return None if at is None else WEEKDAYS[at.weekday()]


def _evenness(reports: Iterable[Report], key: Key) -> Evenness:
    groups = {name: _group(name, calls) for name, calls in _grouped(reports, key).items()}
    spreads = [g.spread for g in groups.values() if g.spread is not None and g.scored > 1]
    means = [g.mean for g in groups.values() if g.mean is not None]
    return Evenness(MappingProxyType(groups), fmean(spreads) if spreads else None, pstdev(means) if len(means) > 1 else None)


def _group(name: str, calls: list[Report]) -> Group:
    scores = [r.score for r in calls if r.score is not None]
    tallies: dict[str, Tally] = {}
    for report in calls:
        for behaviour, counts in tally(report.moments, report.occasions).items():
            tallies[behaviour] = tallies.get(behaviour, Tally()) + counts
    return Group(
        name, len(calls), len(scores), fmean(scores) if scores else None, pstdev(scores) if scores else None,
        min(scores, default=None), max(scores, default=None), MappingProxyType(tallies),
    )  # fmt: skip


def _customer(name: str, calls: list[Report], latest: datetime | None) -> Customer:
    dates = [d for r in calls if (d := _date(r)) is not None]
    if len(dates) == len(calls):
        calls = [calls[i] for i in sorted(range(len(calls)), key=lambda i: dates[i])]
    thanks = sum(m.behaviour == "gratitude" and m.role is Role.CUSTOMER for r in calls for m in r.moments)
    recalls = sum(m.behaviour == "personal_touch" and m.role is Role.AGENT for r in calls for m in r.moments)
    first, last = calls[0].sentiment.end, calls[-1].sentiment.end
    change = last - first if len(calls) > 1 and first is not None and last is not None else None
    return Customer(name, len(calls), stage(len(calls), dates, latest), thanks, recalls, tuple(r.score for r in calls), change)


REGULAR_CALLS = 4
_LAPSING_CALLS = 3
_LAPSING_GAPS = 3
_LAPSING_DAYS = 30


def stage(calls: int, dates: Sequence[datetime], latest: datetime | None) -> str:
    """What a customer is, by how many calls they made, when, and how long ago seen from ``latest``."""
    if calls < 2:
        return "new"
    if calls >= _LAPSING_CALLS and len(dates) >= _LAPSING_CALLS and latest is not None:
        ordered = sorted(dates)
        gaps = [(b - a).total_seconds() / 86400 for a, b in pairwise(ordered)]
        silent = (latest - ordered[-1]).total_seconds() / 86400
        if silent >= max(_LAPSING_DAYS, _LAPSING_GAPS * median(gaps)):
            return "lapsing"
    return "regular" if calls >= REGULAR_CALLS else "returning"
