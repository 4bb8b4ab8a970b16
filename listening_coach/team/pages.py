"""A team's pages: static files that open from a file share, one for the team and one for each agent."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from ..errors import OutputError
from ..private_files import write_private
from . import charts
from .figures import FEW, Agent, Known, Promise
from .rendering import render

if TYPE_CHECKING:
    from .view import Team

_SHOWN_ITEMS = 12


def write(team: Team, out: Path, pages: Path | None = None) -> Path:
    """Writes ``index.html`` and a page for each agent into a folder, and returns the first. ``pages`` is a folder with call pages.

    Raises:
        OutputError: a page cannot be written.
    """
    names = file_names(team.agents)
    link = _Links(out, pages)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for agent in team.agents:
            _write(out / names[agent.key], render("agent.html", **_agent_values(team, agent, link)))
        index = out / "index.html"
        _write(index, render("team.html", **_team_values(team, link, names)))
    except OSError as error:
        raise OutputError(
            f"it cannot be written: {(error.strerror or str(error)).lower()}",
            where=str(error.filename or out),
            remedy="Name a folder that can be written to.",
        ) from error
    return index


def fragment(team: Team) -> str:
    """The team's table as a notebook cell shows it."""
    return render("team_parts.html", **_team_values(team, _Links(None, None), {}))


def file_names(agents: Sequence[Agent]) -> dict[str, str]:
    """A file for each agent, named so that it may lie on any disk; agents whose names look alike are numbered."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for agent in agents:
        stem = re.sub(r"[^a-z0-9]+", "-", agent.name.casefold()).strip("-")[:60] or "agent"
        name, number = f"agent-{stem}.html", 2
        while name in taken:
            name, number = f"agent-{stem}-{number}.html", number + 1
        taken.add(name)
        found[agent.key] = name
    return found


def _write(path: Path, text: str) -> None:
    write_private(path, text)


class _Links:
    """Finds the page of a call, where there is one."""

    def __init__(self, out: Path | None, pages: Path | None) -> None:
        self._out = out
        self._there = {p.stem: p for p in pages.glob("*.html")} if pages is not None and pages.is_dir() else {}

    def __call__(self, call: str, source: str) -> str:
        """A relative address; empty where the call has no page."""
        stem = Path(source.rpartition("::")[2] or source).name.rpartition(".")[0]
        page = self._there.get(stem) or self._there.get(call)
        if page is None or self._out is None:
            return ""
        return quote(Path(os.path.relpath(page, self._out)).as_posix())


def _team_values(team: Team, link: _Links, names: Mapping[str, str]) -> dict[str, Any]:
    items = [i for i in team.items if i.points > 0][:_SHOWN_ITEMS]
    stages = [(s, team.stages[s]) for s in ("new", "returning", "regular", "lapsing") if s in team.stages]
    return {
        "team": team, "link": link, "names": names, "items": items, "few": FEW, "lacking": lacking(team.known),
        "agents_chart": charts.levels([a.level for a in team.agents], team.level.mean, "Agents"), "weeks_chart": charts.weeks(team.weeks, "The team"),
        "items_chart": charts.items(items), "order": _order(team), "stages": stages, "promised": _together(team.promises),
    }  # fmt: skip


def _agent_values(team: Team, agent: Agent, link: _Links) -> dict[str, Any]:
    return {"team": team, "agent": agent, "link": link, "few": FEW, "weeks_chart": charts.weeks(agent.weeks, agent.name)}


def lacking(known: Sequence[Known]) -> list[str]:
    """What is not known of how many calls, in a sentence for each number of them."""
    by_count: dict[tuple[int, int], list[str]] = {}
    for one in known:
        if one.calls < one.of:
            by_count.setdefault((one.of - one.calls, one.of), []).append(one.what)
    return [
        f"{missing:,} of {of:,} calls ({100 * missing / of:.2g} %) have no {_and(names, 'or')}."
        for (missing, of), names in by_count.items()
    ]


class _Promised(NamedTuple):
    """What an agent promised in one call for one day."""

    first: Promise
    said: str


def _together(promises: Sequence[Promise]) -> list[_Promised]:
    found: dict[tuple[Any, ...], list[Promise]] = {}
    for promise in promises:
        found.setdefault((promise.source, promise.call, promise.agent, promise.due, promise.due_text), []).append(promise)
    return [_Promised(rows[0], "; ".join(f"“{row.quote}”" for row in rows)) for rows in found.values()]


def _order(team: Team) -> list[str]:
    """What can be said of who scores higher, and that of the others nothing can."""
    counted = [a for a in team.agents if a.level.scored >= FEW]
    pairs = len(counted) * (len(counted) - 1) // 2
    if not pairs:
        return []
    by_higher: dict[str, list[str]] = {}
    for higher, lower in team.apart:
        by_higher.setdefault(higher, []).append(lower)
    said = [f"{higher} scores higher than {_and(lower)}: their intervals do not overlap." for higher, lower in by_higher.items()]
    left = pairs - len(team.apart)
    if left:
        both = "the other pair" if left == 1 and said else f"the other {left} pairs" if said else "all pairs" if left > 1 else "the two"
        said.append(f"The intervals of {both} overlap: these calls do not tell who scores higher.")
    return said


def _and(names: Sequence[str], word: str = "and") -> str:
    return f" {word} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
