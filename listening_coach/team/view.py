"""A team's scores as figures: agents, weeks, items, queues, shifts, promises, customers. DuckDB adds up; nothing here draws."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..bulk.rows_of_files import table_rows
from ..errors import CalibrationError, MissingExtraError
from ..readers.times import moment
from ..scores.views import OpenScores, open_scores
from .figures import FEW, Agent, AgentFocus, Coached, Consistency, CustomerRow, Item, Known, Level, Promise, Quote, Week
from .groups import stage
from .statistics import Figure, difference, mean_of

if TYPE_CHECKING:
    import pandas

_LIMIT = 3.0
_PROMISES = 20
_CUSTOMERS = 20
_QUOTES = 3
_FOCUSES = 2
# Items that do not differ by at least so many points a call are no focus.
_LEAST_POINTS = 0.3
# What a colleague's example shows where the item itself is something to leave out; else it is of the same section.
_IN_ITS_STEAD = {
    "dismissal": "empathy", "policy_hiding": "ownership", "pressure": "ownership", "repeat_question": "summary", "hedging": "explanation",
    "interruption": "summary",
}  # fmt: skip
_AGENT = "coalesce(agent_id, agent)"
_OF_CALL = "coalesce(c.agent_id, c.agent)"
# Puts all calls into one group, whose name is "all".
_EVERYBODY = "'all'"
_WEEK = "date_trunc('week', started_at)::date"
# A number puts the parts of the day in order.
_PART_OF_DAY = re.compile(r"^\d (?=before|noon|after)")
_SHIFT = """coalesce(json_extract_string(metadata, '$.shift'), case when started_at is null then null when hour(started_at) < 12 then '1 before noon'
  when hour(started_at) < 17 then '2 noon to five' else '3 after five' end)"""


@dataclass(frozen=True)
class Team:
    """A team's scores as figures; each is a tuple of rows, and ``frame`` gives it as a pandas frame.

    ``as_of`` is the day of the latest call. ``known`` tells of how many calls agent, date, queue and customer are known. ``apart`` are pairs of agents whose
    means are surely different, the higher first; of all other pairs nobody can say. ``customers`` are those that return, ``stages`` counts all.
    """

    folder: Path
    calls: int
    scored: int
    level: Level
    as_of: date | None
    known: tuple[Known, ...]
    agents: tuple[Agent, ...]
    apart: tuple[tuple[str, str], ...]
    weeks: tuple[Week, ...]
    items: tuple[Item, ...]
    queues: tuple[Level, ...]
    shifts: tuple[Level, ...]
    consistency: Consistency
    promises: tuple[Promise, ...]
    promises_open: int
    customers: tuple[CustomerRow, ...]
    stages: Mapping[str, int]
    outcomes: Mapping[str, int]

    def frame(self, name: str) -> pandas.DataFrame:
        """The rows behind a picture as a pandas frame: "agents", "weeks", "items", "queues", "shifts", "promises" or "customers".

        Figures have three columns: the value, ``_low`` and ``_high``.

        Raises:
            MissingExtraError: pandas is not installed.
            CalibrationError: there are no such rows.
        """
        try:
            import pandas
        except ImportError as error:
            raise MissingExtraError.of("pandas", "frames", "frame()") from error
        if name not in _FRAMES:
            raise CalibrationError(f"a team has no frame {name!r}", remedy=f"There are: {', '.join(_FRAMES)}.")
        return pandas.DataFrame([_flat(row) for row in getattr(self, name)])

    def write(self, out: str | Path, *, pages: str | Path | None = None) -> Path:
        """Writes the team's pages into a folder and returns the first; ``pages`` is a folder with call pages to link to.

        Raises:
            OutputError: it cannot be written.
        """
        from .pages import write

        return write(self, Path(out), None if pages is None else Path(pages))

    def plot_agents(self, ax: Any = None) -> Any:
        """Means of agents with intervals; needs matplotlib, as all of these do."""
        from .plots import plot_levels

        return plot_levels([a.level for a in self.agents], self.level.mean, ax)

    def plot_weeks(self, ax: Any = None) -> Any:
        """Means of weeks with their limits."""
        from .plots import plot_weeks

        return plot_weeks(self.weeks, ax)

    def plot_items(self, ax: Any = None) -> Any:
        """What items cost a call, the dearest first."""
        from .plots import plot_items

        return plot_items(self.items, ax)

    def _repr_html_(self) -> str:
        from .pages import fragment

        return fragment(self)


_FRAMES = ("agents", "weeks", "items", "queues", "shifts", "promises", "customers")


def _flat(row: Any, prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in fields(row):
        value = getattr(row, each.name)
        name = prefix + each.name
        if isinstance(value, Figure):
            found |= {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}
        elif isinstance(value, Level):
            found |= _flat(value)
        elif not isinstance(value, tuple):
            found[name] = value
    return found


def team(scores: str | Path | OpenScores, *, coached: Any = None) -> Team:
    """A team's scores as figures.

    ``scores`` is a folder that ``batch`` wrote, with metadata that tells agents and dates. ``coached`` is a table of what agents were coached on (a file, a
    frame, mappings) with the columns agent, item and date: each agent's figures then tell whether it changed since.

    Raises:
        OutputError: there are no scores in the folder.
        CalibrationError: a row of ``coached`` lacks its agent, item or date.
    """
    if isinstance(scores, OpenScores):
        return _View(scores, coached).made()
    with open_scores(scores) as opened:
        return _View(opened, coached).made()


class _View:
    """The figures of a folder of scores."""

    def __init__(self, scores: OpenScores, coached: Any) -> None:
        self._scores = scores
        self._rows = scores.rows
        self._coached = [] if coached is None else _coached_rows(coached)
        # The best examples of each item, one an agent: found once, picked from for each agent.
        self._examples: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def made(self) -> Team:
        """All of it."""
        (whole,) = self._rows(
            f"""select count(*) as calls, count(score) as scored, max(started_at) as latest, count({_AGENT}) as agent, count(started_at) as date,
                  count(queue) as queue, count(coalesce(customer_id, customer)) as customer from calls where status <> 'failed'"""  # noqa: S608 - our own words
        )
        as_of = None if whole["latest"] is None else whole["latest"].date()
        agents = self._agents()
        rows = self._customers(whole["latest"])
        promises = self._promises(as_of)
        return Team(
            folder=self._scores.folder, calls=whole["calls"], scored=whole["scored"], level=self._levels(_EVERYBODY)[0] if whole["calls"] else _NOBODY,
            as_of=as_of, known=tuple(Known(what, whole[what], whole["calls"]) for what in ("agent", "date", "queue", "customer")),
            agents=agents, apart=_apart(agents), weeks=self._weeks("true", []), items=self._items(_EVERYBODY, self._scored(_EVERYBODY)).get("all", ()),
            queues=tuple(self._levels("queue")), shifts=self._shifts(), consistency=self._consistency(),
            promises=_due(promises, as_of), promises_open=len(promises),
            customers=tuple(sorted((r for r in rows if r.calls > 1), key=lambda r: (not r.cooling, -r.calls, r.key)))[:_CUSTOMERS],
            stages=dict(Counter(r.stage for r in rows)), outcomes=self._outcomes(),
        )  # fmt: skip

    def _levels(self, group: str) -> list[Level]:
        found = self._rows(
            f"""select {group} as name, count(*) as calls, count(score) as scored, avg(score) as mean, stddev_samp(score) as spread
                from calls where status <> 'failed' and {group} is not null group by 1 order by 1"""  # noqa: S608
        )
        return [_level(row) for row in found]

    def _shifts(self) -> tuple[Level, ...]:
        """Shifts as the metadata names them, else parts of the day in their order."""
        return tuple(replace(level, name=_PART_OF_DAY.sub("", level.name)) for level in self._levels(_SHIFT))

    def _outcomes(self) -> dict[str, int]:
        rows = self._rows("select outcome, count(*) as calls from calls where outcome is not null group by 1 order by 2 desc, 1")
        return {row["outcome"]: row["calls"] for row in rows}

    def _weeks(self, where: str, parameters: Sequence[Any]) -> tuple[Week, ...]:
        """Weeks with limits from the spread within weeks, as on a control chart of means."""
        rows = self._rows(
            f"""select {_WEEK} as week, count(*) as calls, avg(score) as mean, var_samp(score) as variance
                from calls where score is not null and started_at is not null and {where} group by 1 order by 1""",  # noqa: S608
            list(parameters),
        )
        degrees = sum(r["calls"] - 1 for r in rows)
        total = sum(r["calls"] for r in rows)
        if degrees < FEW or len(rows) < 3:
            return tuple(Week(r["week"], r["calls"], r["mean"], None, None) for r in rows)
        spread = math.sqrt(math.fsum((r["calls"] - 1) * (r["variance"] or 0.0) for r in rows) / degrees)
        middle = math.fsum(r["calls"] * r["mean"] for r in rows) / total
        found = []
        for r in rows:
            half = _LIMIT * spread / math.sqrt(r["calls"])
            found.append(Week(r["week"], r["calls"], r["mean"], max(0.0, middle - half), min(100.0, middle + half)))
        return tuple(found)

    def _scored(self, group: str) -> dict[str | None, int]:
        """How many calls of each group have a score."""
        rows = self._rows(f"select {group} as name, count(*) as n from calls where score is not null group by 1")  # noqa: S608 - our own words
        return {row["name"]: row["n"] for row in rows}

    def _items(self, group: str, scored: Mapping[str | None, int]) -> dict[str | None, tuple[Item, ...]]:
        """The items of the calls of each group, the dearest first; ``scored`` is how many calls of each group have a score."""
        rows = self._rows(
            f"""with mine as (select {group} as name, items, ledger from calls where score is not null),
                  lost as (select name, l.item as id, sum(l.points) as points from (select name, unnest(ledger) as l from mine) group by all)
                select i.name, i.i.id as id, any_value(i.i.title) as title, count(i.i.score) as calls, avg(i.i.score) as mean,
                  stddev_samp(i.i.score) as spread, coalesce(any_value(lost.points), 0) as points
                from (select name, unnest(items) as i from mine) i
                left join lost on lost.id = i.i.id and lost.name is not distinct from i.name
                where i.i.weight > 0 group by i.name, i.i.id order by points desc, i.i.id"""  # noqa: S608
        )
        found: dict[str | None, list[Item]] = {name: [] for name in scored}
        for r in rows:
            mean = mean_of(r["calls"], r["mean"], r["spread"])
            found[r["name"]].append(Item(r["id"], r["title"], r["calls"], mean, r["points"] / scored[r["name"]]))
        return {name: tuple(items) for name, items in found.items()}

    def _consistency(self) -> Consistency:
        """Spreads by the analysis of variance with agents as groups."""
        rows = self._rows(
            f"""select count(*) as n, avg(score) as mean, coalesce(var_samp(score), 0) as variance
                from calls where score is not null and {_AGENT} is not null group by {_AGENT} having count(*) > 1"""  # noqa: S608
        )
        total = sum(r["n"] for r in rows)
        if not rows:
            return Consistency(None, None, None)
        within = sum((r["n"] - 1) * r["variance"] for r in rows) / max(1, total - len(rows))
        if len(rows) < 2:
            return Consistency(math.sqrt(within), None, None)
        middle = math.fsum(r["n"] * r["mean"] for r in rows) / total
        among = sum(r["n"] * (r["mean"] - middle) ** 2 for r in rows) / (len(rows) - 1)
        size = (total - sum(r["n"] ** 2 for r in rows) / total) / (len(rows) - 1)
        between = max(0.0, (among - within) / size)
        whole = between + within
        return Consistency(math.sqrt(within), math.sqrt(between), between / whole if whole else None)

    # --- agents

    def _agents(self) -> tuple[Agent, ...]:
        rows = self._rows(
            f"""select {_AGENT} as key, arg_max(agent, coalesce(started_at, timestamp '1970-01-01')) as name, list(distinct agent) as names,
                  arg_max(team, coalesce(started_at, timestamp '1970-01-01')) as team, count(*) as calls, count(score) as scored, avg(score) as mean,
                  stddev_samp(score) as spread, list(score order by started_at nulls first, source, source_index) filter (score is not null) as scores,
                  list({_WEEK} order by started_at nulls first, source, source_index) filter (score is not null) as days
                from calls where status <> 'failed' and {_AGENT} is not null group by 1"""  # noqa: S608
        )
        everybody = {r["key"]: r["scores"] or [] for r in rows}
        focuses = self._focuses()
        found = []
        for r in rows:
            others = [score for key, scores in everybody.items() if key != r["key"] for score in scores]
            name = r["name"] or r["key"]
            found.append(
                Agent(
                    r["key"], name, tuple(sorted(n for n in r["names"] if n and n != name)), r["team"], _level({**r, "name": name}),
                    self._weeks(f"{_AGENT} = ?", [r["key"]]), _since_start(r["scores"] or [], r["days"] or []), difference(r["scores"] or [], others),
                    focuses.get(r["key"], ()), self._changes(r["key"], {name, *r["names"]}),
                )
            )  # fmt: skip
        return tuple(sorted(found, key=lambda a: a.name.casefold()))

    def _focuses(self) -> dict[str, tuple[AgentFocus, ...]]:
        """The items that cost each agent most, beyond what they cost others first; each with quotes of different calls."""
        scored = self._scored(_AGENT)
        items = self._items(_AGENT, scored)
        # What an item cost in all calls together, by which others' cost is told: all but the agent's own.
        lost: Counter[str] = Counter()
        for name, of_agent in items.items():
            lost.update({item.id: item.points * scored[name] for item in of_agent})
        quotes = self._quotes()
        found = {}
        for key, mine in items.items():
            if key is None:
                continue
            rest = sum(scored.values()) - scored[key]
            others = {item.id: (lost[item.id] - item.points * scored[key]) / rest for item in mine} if rest else {}
            ranked = sorted(
                (i for i in mine if i.points >= _LEAST_POINTS and quotes.get((key, i.id))), key=lambda i: -_weight(i, others.get(i.id))
            )
            found[key] = tuple(
                AgentFocus(i.id, i.title, i.points, others.get(i.id), quotes[key, i.id], *self._example(i.id, key))
                for i in ranked[:_FOCUSES]
            )
        return found

    def _quotes(self) -> dict[tuple[str, str], tuple[Quote, ...]]:
        """What cost each agent most on each item, in the words of different calls."""
        rows = self._rows(
            f"""with said as (
                  select c.call_id, l.item, l.quote, l.time_s, c.agent, c.source, l.kind = 'missed' as by_customer, {_AGENT} as key, c.started_at,
                    l.points * l.confidence * least(1, length(l.quote) / 40) as weight
                  from (select *, unnest(ledger) as l from calls where {_AGENT} is not null) c
                  where l.quote is not null and l.kind in ('missed', 'breach')
                  qualify row_number() over (partition by key, l.item, c.call_id order by l.points desc) = 1
                    and row_number() over (partition by key, l.item, lower(l.quote) order by l.points desc, c.call_id) = 1)
                select * from said
                qualify row_number() over (partition by key, item order by weight desc, started_at desc nulls last, call_id) <= {_QUOTES}
                order by key, item, weight desc, started_at desc nulls last, call_id"""  # noqa: S608
        )
        quotes: dict[tuple[str, str], list[Quote]] = defaultdict(list)
        for row in rows:
            quotes[row["key"], row["item"]].append(_quote(row))
        return {at: tuple(said) for at, said in quotes.items()}

    def _example(self, item: str, key: str) -> tuple[Quote | None, str | None]:
        """Where a colleague did it well: what was praised, in the call with the highest score.

        What hinders cannot be done well. The example is then what helps in its stead, or what a colleague did well of the same section, in a
        call that lost nothing by the item, with the title of that.
        """
        for search in (self._praised, self._found, self._in_its_stead):
            at = search.__name__, item
            if at not in self._examples:
                self._examples[at] = search(item)
            best = next((row for row in self._examples[at] if row["key"] != key), None)
            if best is not None:
                return _quote(best), best["title"]
        return None, None

    def _praised(self, item: str) -> list[dict[str, Any]]:
        """The best words that were praised as an item, of each agent, the best first."""
        return self._rows(
            f"""select c.call_id, s.quote, s.time_s, c.agent, c.source, {_OF_CALL} as key, null as title
                from (select *, unnest(strengths) as s from calls) c
                where s.item = ? and s.quote is not null and {_BESIDE_NOTHING_BAD.format("s")}
                qualify row_number() over (partition by {_OF_CALL} order by s.score desc, c.score desc, c.call_id) = 1
                order by s.score desc, c.score desc, c.call_id""",  # noqa: S608
            [item],
        )

    def _found(self, item: str) -> list[dict[str, Any]]:
        """The surest words that were found of an item, of each agent, the surest first."""
        return self._rows(
            f"""select c.call_id, m.quote, m.time_s, c.agent, c.source, {_OF_CALL} as key, null as title
                from moments m join calls c using (source, source_index)
                where m.behaviour = ? and m.counted and m.effect = 'helps' and {_BESIDE_NOTHING_BAD.format("m")}
                qualify row_number() over (partition by {_OF_CALL} order by m.confidence desc, c.score desc nulls last, c.call_id, m.number) = 1
                order by m.confidence desc, c.score desc nulls last, c.call_id, m.number""",  # noqa: S608
            [item],
        )

    def _in_its_stead(self, item: str) -> list[dict[str, Any]]:
        """The best words that were praised of what helps in an item's stead, of each agent, in calls that lost nothing by the item."""
        stead = _IN_ITS_STEAD.get(item)
        return self._rows(
            f"""select c.call_id, s.quote, s.time_s, c.agent, c.source, {_OF_CALL} as key, s.title
                from (select *, unnest(strengths) as s from calls) c
                where s.quote is not null
                  and case when ? is null then list_contains([i.section for i in c.items if i.id = ?], [i.section for i in c.items if i.id = s.item][1])
                      else s.item = ? end
                  and [i.score for i in c.items if i.id = ?][1] >= 100 and {_BESIDE_NOTHING_BAD.format("s")}
                qualify row_number() over (partition by {_OF_CALL} order by c.score desc, s.score desc, c.call_id) = 1
                order by c.score desc, s.score desc, c.call_id""",  # noqa: S608
            [stead, item, stead, item],
        )

    def _changes(self, key: str, names: set[str | None]) -> tuple[Coached, ...]:
        """What the agent was coached on, and the item's score after that day less that before."""
        found = []
        for agent, item, on in self._coached:
            if agent != key and agent not in names:
                continue
            rows = self._rows(
                f"""select i.title, i.score, c.started_at::date >= ? as after from (select *, unnest(items) as i from calls) c
                    where i.id = ? and i.score is not null and c.started_at is not null and {_AGENT} = ?""",  # noqa: S608
                [on, item, key],
            )
            sides = [[r["score"] for r in rows if r["after"] is side] for side in (True, False)]
            found.append(Coached(item, rows[0]["title"] if rows else item, on, difference(*sides)))
        return tuple(sorted(found, key=lambda c: c.on, reverse=True))

    # --- promises and customers

    def _promises(self, as_of: date | None) -> tuple[Promise, ...]:
        rows = self._rows("select agent, customer, action, due, due_text, quote, call_id, source from open_promises")
        return tuple(
            Promise(
                r["agent"], r["customer"], r["action"], r["due"], r["due_text"] or "", r["quote"], r["call_id"], r["source"],
                r["due"] is not None and as_of is not None and r["due"] < as_of,
            )
            for r in rows
        )  # fmt: skip

    def _customers(self, latest: datetime | None) -> list[CustomerRow]:
        rows = self._rows(
            """select coalesce(customer_id, customer) as key, count(*) as calls, list(started_at order by started_at) filter (started_at is not null) as dates,
                 arg_min(sentiment."end", started_at) as mood_first, arg_max(sentiment."end", started_at) as mood_last
               from calls where status <> 'failed' and coalesce(customer_id, customer) is not null group by 1 order by 1"""
        )
        found = []
        for r in rows:
            dates = r["dates"] or []
            moods = (r["mood_first"], r["mood_last"]) if r["calls"] > 1 else (None, None)
            found.append(
                CustomerRow(
                    r["key"],
                    stage(r["calls"], dates, latest),
                    r["calls"],
                    dates[0].date() if dates else None,
                    dates[-1].date() if dates else None,
                    *moods,
                )
            )
        return found


# An example must not lie in a turn of which something else is found that hinders, sure or not.
_BESIDE_NOTHING_BAD = """not exists (select 1 from moments b where b.source = c.source and b.source_index = c.source_index and b.turn = {}.turn
                    and b.role = 'agent' and b.effect = 'hinders')"""
_NOBODY = Level("all", 0, 0, None, None)


def _due(promises: Sequence[Promise], as_of: date | None) -> tuple[Promise, ...]:
    """The promises whose day is closest to the latest call, in order of that day; those without a day last."""

    def away(promise: Promise) -> float:
        return math.inf if promise.due is None or as_of is None else abs((promise.due - as_of).days)

    nearest = sorted(promises, key=away)[:_PROMISES]
    return tuple(sorted(nearest, key=lambda p: (p.due is None, p.due or date.min)))


def _level(row: Mapping[str, Any]) -> Level:
    return Level(str(row["name"]), row["calls"], row["scored"], mean_of(row["scored"], row["mean"], row["spread"]), row["spread"])


def _quote(row: Mapping[str, Any]) -> Quote:
    return Quote(row["call_id"], row["quote"], row["time_s"], row["agent"], row["source"], row.get("by_customer", False))


def _weight(item: Item, others: float | None) -> float:
    """How much an item is worth coaching: what it costs, and as much again of what it costs more than with others."""
    return item.points + max(0.0, item.points - (others or 0.0))


def _since_start(scores: Sequence[float], weeks: Sequence[date | None]) -> Figure | None:
    """The last third of an agent's weeks against the first third; None where there are fewer than three weeks."""
    known = sorted({w for w in weeks if w is not None})
    if len(known) < 3:
        return None
    third = max(1, len(known) // 3)
    first, last = set(known[:third]), set(known[-third:])
    sides = [[s for s, w in zip(scores, weeks, strict=True) if w in side] for side in (last, first)]
    return difference(*sides)


def _apart(agents: Sequence[Agent]) -> tuple[tuple[str, str], ...]:
    """Pairs of agents whose intervals do not overlap, the higher first."""
    known = [(a.name, a.level.mean) for a in agents if a.level.mean is not None and a.level.scored >= FEW]
    return tuple(
        (name, other)
        for name, one in known
        for other, two in known
        if name != other and one is not None and two is not None and not one.overlaps(two) and one.value > two.value
    )


def _coached_rows(given: Any) -> list[tuple[str, str, date]]:
    found = []
    for row in table_rows(given):
        values = {key.casefold(): value for key, value in row.values.items()}
        agent, item = values.get("agent_id", values.get("agent")), values.get("item")
        on = values.get("date", values.get("on"))
        day = on if isinstance(on, date) and not isinstance(on, datetime) else (m.date() if (m := moment(on)) is not None else None)
        if agent is None or item is None or day is None:
            raise CalibrationError(
                "it lacks its agent, its item, or its date", where=row.place, remedy="Name the columns agent, item and date (2026-04-13)."
            )
        found.append((str(agent), str(item), day))
    return found
