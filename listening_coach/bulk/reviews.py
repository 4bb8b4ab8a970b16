"""Reviews of many calls, in order, here or in worker processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from multiprocessing.reduction import ForkingPickler
from operator import attrgetter
from typing import Any, Protocol

from ..errors import WorkerError
from ..moments import Moment, Occasion
from ..report import Report
from ..transcript import Transcript, Turn
from .failure import Failure
from .pool import Job, Known, Pool, Tick
from .sources import Plan, Unit, calls
from .tables import Options

# How far the workers may run ahead of the slowest call: so many reports wait in memory at most.
_AHEAD_A_WORKER = 16
_NOTHING: Known = {}


class Reviewer(Protocol):
    """What reviews a call: a coach."""

    def review(self, source: Any) -> Report:
        """The report on a call."""


@dataclass(frozen=True)
class Reviews(Job):
    """Reviews the calls of each unit."""

    coach: Reviewer
    options: Options

    def warm(self) -> None:
        """Reviews a call."""
        _travel_light()
        warm(self.coach)

    def run(self, unit: Unit, known: Known, tick: Tick) -> list[Report | Failure]:
        """The reports on a unit's calls, failures in their place."""
        return list(_reviews(self.coach, unit, self.options, known, tick))

    def close(self, number: int, values: list[list[Report | Failure]]) -> list[Report | Failure]:
        """The reports of all units."""
        return [report for reports in values for report in reports]

    def name(self, unit: Unit, call: int) -> str:
        """The call's place in its source."""
        return unit.name(call)


# It has a problem, a mood, a summary and a promise with a date.
_SMALL = """Agent: Hello, thank you for calling. How can I help?
Customer: My parcel is late, and I am upset, as it is a present for Friday.
Agent: I am sorry. So your parcel is late, and it is a present for Friday. I will call you back tomorrow.
Customer: That is great, thank you. I am at 202 555 0143, and my card is 4111 1111 1111 1111.
"""


def warm(coach: Reviewer) -> None:
    """Reviews a small call that needs every library, and masks it, so that none loads while the time of a call runs."""
    from ..readers import read

    _ = coach.review(read(_SMALL)).masked


def reviewed(coach: Reviewer, found: Transcript | Failure, name: str) -> Report | Failure:
    """The report on a call; the failure where it could not be read, or its review fails."""
    if isinstance(found, Failure):
        return found
    try:
        return coach.review(found)
    except Exception as error:
        return Failure.of(error, name, found.id)


def _reviews(coach: Reviewer, unit: Unit, options: Options, known: Known, tick: Tick) -> Iterator[Report | Failure]:
    for n, found in calls(unit, options, known, tick):
        tick(n, "review")
        yield reviewed(coach, found, unit.name(n))


def review_many(
    coach: Reviewer, sources: Any, *, workers: int | None, timeout_s: float | None, options: Options
) -> Iterator[Report | Failure]:
    """The reports on many calls in their order; ``Coach.review_many`` tells the rest."""
    count = checked_workers(workers)
    units = Plan(sources, options).units()
    if count == 1 and timeout_s is None:
        return (report for unit in units for report in _reviews(coach, unit, options, _NOTHING, untold))
    return _in_order(Reviews(coach, options), units, count, timeout_s)


def _in_order(job: Reviews, units: Iterator[Unit], workers: int, timeout_s: float | None) -> Iterator[Report | Failure]:
    _travel_light()
    with Pool(job, workers, timeout_s) as pool:
        for done in pool.in_order(([unit] for unit in units), most=_AHEAD_A_WORKER * workers):
            yield from done.value


def _travel_light() -> None:
    """Lets what a report mostly consists of go from process to process by its values alone: a third less work than a dataclass's own way."""
    for kind in (Turn, Moment, Occasion):
        ForkingPickler.register(kind, _by_values)


def _by_values(value: Any) -> tuple[Any, ...]:
    kind: Any = type(value)
    return kind, _values_of(kind)(value)


@cache
def _values_of(kind: Any) -> attrgetter[Any]:
    return attrgetter(*(f.name for f in fields(kind)))


def untold(_call: int, _stage: str) -> None:
    """Where nobody watches."""


def checked_workers(workers: int | None, least: int = 1) -> int:
    """The number of workers, None for one a core.

    Raises:
        WorkerError: it is not a number, or below ``least``.
    """
    if workers is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < least:
        raise WorkerError(
            f"workers is {workers!r}", where="workers", remedy=f"Give a number of processes, {least} or more, or None for one a core."
        )
    return workers
