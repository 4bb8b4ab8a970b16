"""Which calls a person should listen to: some of each agent, by chance or for a reason, the same every time."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import CalibrationError
from ..rubric import Rubric
from ..rubric import load as load_rubric
from ..scores.views import OpenScores, open_scores

_UNKNOWN = "(not known)"
_GROUPS: Mapping[str, str] = {
    "agent": "coalesce(agent_id, agent)",
    "team": "team",
    "queue": "queue",
    "week": "strftime(date_trunc('week', started_at), '%Y-%m-%d')",
    "all": "'all'",
}
# What a call's evidence is worth: the share of weight in effect, findings that are not certain, and what is left over near the limits.
_QUERY = """
select c.source, c.source_index, c.call_id, c.agent, c.score, c.band, {group} as grp,
  case when '{per}' = 'agent' then arg_max(agent, coalesce(started_at, timestamp '1970-01-01')) over (partition by {group}) else {group} end as shown,
  (select count(*) from reviews r where r.call_id = c.call_id and r.role = 'coach') as reviewed,
  coalesce(list_sum([i.occasions - i.met for i in c.items if i.counts_as > 0]), 0) as missed,
  (select max_by(struct_pack(title := i.title, missed := i.occasions - i.met), i.occasions - i.met) from (select unnest(c.items) as i)) as most_missed,
  (select avg(1 - abs(2 * m.confidence - 1)) from moments m
    where m.source = c.source and m.source_index = c.source_index and m.role = 'agent' and m.confidence < 1) as doubt,
  (select count(*) from moments m
    where m.source = c.source and m.source_index = c.source_index and m.role = 'agent' and m.confidence < 1) as doubted
from calls c where c.status = 'scored' order by c.source, c.source_index
"""


@dataclass(frozen=True, slots=True)
class Pick:
    """A call to listen to, the group it was picked for, and the reason."""

    call: str
    source: str
    source_index: int
    agent: str | None
    group: str
    score: float
    reason: str


def pick(
    scores: str | Path | OpenScores,
    *,
    per: str = "agent",
    n: int = 5,
    how: str = "random",
    seed: int = 0,
    rubric: str | Path = "default",
    reviewed: bool = False,
) -> tuple[Pick, ...]:
    """Calls for people to review: up to ``n`` of each group.

    ``per`` is "agent", "team", "queue", "week" or "all". ``how`` is "random"; "worst", the lowest scores; "unsure", where the library is least
    certain; "edge", where a point or two would change the band; or "missed", where most occasions were missed. The same scores and ``seed`` give the same
    calls, in whatever order they were scored. Calls that a coach has reviewed are left out, unless ``reviewed``. ``rubric`` tells where bands begin.

    Raises:
        CalibrationError: there is no such way of picking, or no such group.
        OutputError: there are no scores in the folder.
    """
    for name, value, known in (("per", per, tuple(_GROUPS)), ("how", how, tuple(_WAYS))):
        if value not in known:
            raise CalibrationError(f"{name} is {value!r}", where=name, remedy=f"Choose one of: {', '.join(known)}.", use=(name,))
    if n < 1:
        raise CalibrationError(f"n is {n}", where="n", remedy="Pick at least one call.")
    base = load_rubric(rubric)
    if isinstance(scores, OpenScores):
        return _picked(scores, per, n, how, seed, base, reviewed)
    with open_scores(scores) as opened:
        return _picked(opened, per, n, how, seed, base, reviewed)


def _picked(scores: OpenScores, per: str, n: int, how: str, seed: int, rubric: Rubric, reviewed: bool) -> tuple[Pick, ...]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in scores.rows(_QUERY.format(group=_GROUPS[per], per=per)):
        if reviewed or not row["reviewed"]:
            row["shown"] = row["shown"] or _UNKNOWN
            groups[row["grp"] or _UNKNOWN].append(row)
    way = _WAYS[how]
    found = []
    for _, rows in sorted(groups.items()):
        ranked = sorted(((*way(row, rubric), _lot(row, seed), row) for row in rows), key=lambda r: (r[0], r[2]))
        for _, reason, _, row in [r for r in ranked if r[1]][:n]:
            found.append(Pick(row["call_id"], row["source"], row["source_index"], row["agent"], row["shown"], row["score"], reason))
    return tuple(found)


def _lot(row: Mapping[str, Any], seed: int) -> str:
    """A number for each call that depends on the call and the seed only."""
    text = f"{seed}\0{row['call_id']}\0{row['source_index']}"
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


# Each way: the rank, lowest first, and the reason, empty for a call that is not to be picked.
_Way = Callable[[Mapping[str, Any], Rubric], tuple[float, str]]


def _random(row: Mapping[str, Any], rubric: Rubric) -> tuple[float, str]:
    return 0.0, "picked by chance"


def _worst(row: Mapping[str, Any], rubric: Rubric) -> tuple[float, str]:
    return row["score"], f"one of the lowest scores: {row['score']:.0f}"


def _unsure(row: Mapping[str, Any], rubric: Rubric) -> tuple[float, str]:
    if not row["doubted"]:
        return 0.0, ""
    # Doubt of one finding says less than the same of ten.
    weight = row["doubt"] * row["doubted"] / (row["doubted"] + 3)
    return -weight, f"the library is unsure of {row['doubted']} of its findings"


def _edge(row: Mapping[str, Any], rubric: Rubric) -> tuple[float, str]:
    ends = [band for band in rubric.bands if band.at > 0]
    if not ends:
        return 0.0, ""
    near = min(ends, key=lambda band: abs(row["score"] - band.at))
    away = row["score"] - near.at
    return abs(away), f"{abs(away):.1f} points {'above' if away >= 0 else 'below'} where {near.name!r} begins"


def _missed(row: Mapping[str, Any], rubric: Rubric) -> tuple[float, str]:
    most = row["most_missed"]
    if not row["missed"] or most is None:
        return 0.0, ""
    return -row["missed"], f"{row['missed']} occasions missed, most of them for {most['title']!r} ({most['missed']})"


_WAYS: Mapping[str, _Way] = {"random": _random, "worst": _worst, "unsure": _unsure, "edge": _edge, "missed": _missed}
