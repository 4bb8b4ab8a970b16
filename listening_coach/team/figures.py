"""The rows behind a team's pictures and pages: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .statistics import Figure

# A week, queue or agent of fewer scored calls than this is shown, and nothing is concluded from it.
FEW = 5


@dataclass(frozen=True, slots=True)
class Known:
    """How many of the calls tell something that groups are made by."""

    what: str
    calls: int
    of: int

    @property
    def share(self) -> float:
        """The part of the calls, 0 to 1."""
        return self.calls / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Level:
    """The calls of a group: how many, how many have a score, their mean with its interval, and their spread (a standard deviation)."""

    name: str
    calls: int
    scored: int
    mean: Figure | None
    spread: float | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday: scored calls, their mean, and the limits within which it is by chance in nearly all weeks; ``outside`` tells that it is not."""

    week: date
    calls: int
    mean: float
    low: float | None
    high: float | None

    @property
    def outside(self) -> bool:
        """Whether the mean is outside its limits."""
        return self.low is not None and self.high is not None and not self.low <= self.mean <= self.high


@dataclass(frozen=True, slots=True)
class Item:
    """An item over many calls: in how many it was called for, its mean score with the interval, and the points it cost a call on average."""

    id: str
    title: str
    calls: int
    mean: Figure | None
    points: float


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a call, with its id and place; ``by_customer`` tells that the customer said them and waited for an answer."""

    call: str
    quote: str
    time_s: float | None
    agent: str | None
    source: str
    by_customer: bool = False


@dataclass(frozen=True, slots=True)
class AgentFocus:
    """What an agent should work on: the item, the points it costs them a call and a colleague, quotes, and how a colleague does it.

    ``example_of`` is the title of what the example shows, where that is another item: of what hinders, a colleague gives what helps instead.
    """

    item: str
    title: str
    points: float
    others: float | None
    quotes: tuple[Quote, ...]
    example: Quote | None
    example_of: str | None = None


@dataclass(frozen=True, slots=True)
class Coached:
    """What an agent was coached on: the item, when, and how much its score changed since, with the interval; None where too few calls tell."""

    item: str
    title: str
    on: date
    change: Figure | None


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent: their level, former names, weeks, and the difference to their own first weeks and to all others, with intervals.

    ``key`` is their id where there is one, else the name.
    """

    key: str
    name: str
    former: tuple[str, ...]
    team: str | None
    level: Level
    weeks: tuple[Week, ...]
    since_start: Figure | None
    against_others: Figure | None
    focuses: tuple[AgentFocus, ...]
    coached: tuple[Coached, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """What an agent promised: by when, in which words, and whether that day is past, seen from the latest call."""

    agent: str | None
    customer: str | None
    action: str
    due: date | None
    due_text: str
    quote: str
    call: str
    source: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer over time: what they are, calls, first and last day, mood at the ends of their first and last call, whether they cool off."""

    key: str
    stage: str
    calls: int
    first: date | None
    last: date | None
    mood_first: float | None
    mood_last: float | None

    @property
    def cooling(self) -> bool:
        """Whether the mood at the end of the calls has fallen by half a point or more, on a scale from -1 to 1."""
        return self.mood_first is not None and self.mood_last is not None and self.mood_first - self.mood_last >= 0.5


@dataclass(frozen=True, slots=True)
class Consistency:
    """How even the service is: the spread of scores within agents and between them, and the share of all variation that is between, 0 to 1."""

    within: float | None
    between: float | None
    share_between: float | None
