"""A team's figures, frames, plots and pages; the pages in a real browser, with axe."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import listening_coach as lc
from listening_coach.cli import app
from listening_coach.errors import CalibrationError, OutputError
from listening_coach.scores import run
from listening_coach.team import Team
from listening_coach.team.pages import file_names

pytestmark = pytest.mark.slow  # the team's calls are scored first
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def team(scores: Path) -> Team:
    return lc.team(
        scores,
        coached=[
            {"agent": "Dana Ortiz", "item": "policy_hiding", "date": "2026-03-16"},
            {"agent_id": "a3", "item": "empathy", "date": "2026-01-01"},
        ],
    )


def test_figures(team: Team, scores: Path) -> None:
    """Levels are those of the calls, an agent of two names is one, and what is not known is counted."""
    assert (team.calls, team.scored, team.as_of) == (200, 200, date(2026, 4, 3))
    assert [a.name for a in team.agents] == ["Bo Lindqvist", "Chidi Eze", "Dana Reyes", "Mei Tan", "Ruth Abel"]
    dana = team.agents[2]
    assert (dana.key, dana.former, dana.team, dana.level.calls) == ("a1", ("Dana Ortiz",), "Blue", 40)
    assert [(k.what, k.calls, k.of) for k in team.known] == [(w, 199, 200) for w in ("agent", "date", "queue", "customer")]
    with lc.open_scores(scores) as opened:
        (row,) = opened.rows("select avg(score) as mean, stddev_samp(score) as spread from calls where agent_id = 'a1'")
    assert dana.level.mean.value == pytest.approx(row["mean"])
    assert dana.level.spread == pytest.approx(row["spread"])
    assert dana.level.mean.low < row["mean"] < dana.level.mean.high
    assert sum(w.calls for w in team.weeks) == 199
    assert sum(q.calls for q in team.queues) == 199
    assert (
        sum(team.stages.values()) == len({f"k{n:02}" for n in range(66)} & set(team.frame("customers")["key"]))
        or sum(team.stages.values()) > 50
    )


def test_what_is_true_is_found(team: Team) -> None:
    """The best and the worst listener are told apart, and no order is told where intervals overlap; most of what costs Chidi points is policy."""
    assert ("Bo Lindqvist", "Chidi Eze") in team.apart
    assert not any({a, b} == {"Mei Tan", "Ruth Abel"} for a, b in team.apart)
    assert 0 < team.consistency.share_between < 1
    chidi = team.agents[1]
    assert chidi.against_others.high < 0
    assert chidi.focuses[0].item == "policy_hiding"
    assert len({q.call for f in chidi.focuses for q in f.quotes}) >= 3
    assert all(len(f.quotes) == 3 for f in chidi.focuses)
    assert all(f.example is not None and f.example.agent != "Chidi Eze" for f in chidi.focuses)
    # What hinders has no good example of its own: a colleague shows what helps in its place.
    assert chidi.focuses[0].example_of is not None


def test_what_was_coached(team: Team) -> None:
    """What was coached is followed with an interval, by id and by a former name; where one side has no calls nothing is said."""
    (coached,) = team.agents[2].coached
    assert (coached.item, coached.on) == ("policy_hiding", date(2026, 3, 16))
    assert coached.change.low < coached.change.value < coached.change.high
    assert team.agents[1].coached[0].change is None
    with pytest.raises(CalibrationError, match="row 1: it lacks its agent, its item, or its date"):
        lc.team(team.folder, coached=[{"agent": "Dana", "item": "empathy"}])


def test_frames_and_plots(team: Team) -> None:
    """Behind every picture is a frame; the plots have labelled axes and a mark for each row."""
    for name in ("agents", "weeks", "items", "queues", "shifts", "promises", "customers"):
        assert len(team.frame(name)) == len(getattr(team, name)) > 0
    assert {"mean", "mean_low", "mean_high", "name"} <= set(team.frame("agents").columns)
    with pytest.raises(CalibrationError, match="no frame 'moons'"):
        team.frame("moons")
    axes = team.plot_agents()
    assert [t.get_text() for t in axes.get_yticklabels()] == [a.name for a in reversed(team.agents)]
    assert "95 % interval" in axes.get_xlabel()
    assert "week" in team.plot_weeks().get_xlabel()
    assert len(team.plot_items().patches) == min(12, sum(i.points > 0 for i in team.items))


def test_pages(team: Team, tmp_path: Path) -> None:
    """The pages stand alone, link to one another and to the call pages that are there, and escape what they are given."""
    calls = tmp_path / "calls"
    calls.mkdir()
    linked = team.agents[1].focuses[0].quotes[0].call
    (calls / f"{linked}.html").write_text("<p>call</p>")
    index = team.write(tmp_path / "team", pages=calls)
    text = index.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=\"(https?:)?//", text)
    left = 10 - len(team.apart)
    assert 1 < left < 10
    assert f"The intervals of the other {left} pairs overlap: these calls do not tell who scores higher." in text
    assert "1 of 200 calls (0.5 %) have no agent, date, queue or customer." in text
    # Promises of one call for one day share a row.
    rows = re.findall(r"<tr><td class=\"d\">.*?</tr>", text)
    assert 0 < len(rows) < len(team.promises)
    assert all(p.quote.replace("'", "&#39;") in text for p in team.promises)
    for link in re.findall(r'href="([^"#]+)"', text):
        assert (index.parent / link).is_file(), link
    assert f'href="../calls/{linked}.html"' in (index.parent / "agent-chidi-eze.html").read_text(encoding="utf-8")
    assert "<table>" in team._repr_html_()


def test_command(scores: Path, tmp_path: Path) -> None:
    """The command writes the pages and says what is not known; a folder that cannot be written is an error."""
    done = CliRunner().invoke(app, ["team", str(scores), "--out", str(tmp_path / "team")])
    assert done.output.splitlines() == [
        f"5 agents, 200 calls → {tmp_path / 'team' / 'index.html'}",
        "1 of 200 calls (0.5 %) have no agent, date, queue or customer.",
    ]
    (tmp_path / "file").write_text("")
    assert CliRunner().invoke(app, ["team", str(scores), "--out", str(tmp_path / "file" / "team")]).exit_code == 1
    with pytest.raises(OutputError, match="it cannot be written"):
        lc.team(scores).write(tmp_path / "file" / "team")


TURNS = [
    ("agent", "Hello, how can I help you today, is it about the order you made last week?"),
    *[
        ("customer", "My parcel is lost, it was due on Monday."),
        ("agent", "So your parcel is lost; I'll look for it and call you back by noon."),
    ]
    * 3,
]


@pytest.mark.parametrize(
    ("calls", "agents"),
    [
        ([], 0),
        ([lc.Transcript.from_turns(TURNS, id="one")], 0),
        ([lc.Transcript.from_turns(TURNS, id="one", metadata={"agent": '<b>O\'Hara & "Co"</b>'}, started_at=datetime(2026, 3, 2))], 1),
        (
            [
                lc.Transcript.from_turns(
                    TURNS, id=f"c{n}", metadata={"agent": "An"}, started_at=datetime(2026, 3, 2) + timedelta(days=9 * n)
                )
                for n in range(5)
            ],
            1,
        ),
        ([lc.Transcript.from_turns([("agent", "Hi.")], id="short", metadata={"agent": "An"})], 1),
    ],
    ids=["no calls", "one call, nobody known", "one call", "a team of one", "nothing scored"],
)
def test_small_teams(calls: list[lc.Transcript], agents: int, tmp_path: Path) -> None:
    """No call, one call, a team of one, no times, nothing scored: pages without figures that cannot be."""
    run(calls, tmp_path / "scores", workers=0)
    team = lc.team(tmp_path / "scores")
    text = team.write(tmp_path / "team").read_text(encoding="utf-8")
    assert len(team.agents) == agents
    assert "nan" not in text.casefold().replace("finan", "")
    assert "None" not in text
    assert "<b>O'Hara" not in text
    assert len(list((tmp_path / "team").glob("agent-*.html"))) == agents


def test_file_names(team: Team) -> None:
    """Every agent has a file of their own, also where names look alike or hold no letters."""
    from dataclasses import replace

    one = team.agents[0]
    names = file_names([replace(one, key=k, name=n) for k, n in (("1", "Ana B."), ("2", "ana b"), ("3", "李"), ("4", "../x"))])
    assert list(names.values()) == ["agent-ana-b.html", "agent-ana-b-2.html", "agent-agent.html", "agent-x.html"]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here; on Debian: apt-get install chromium")
def test_in_a_browser(team: Team, tmp_path: Path) -> None:
    """From disk, wide, on a phone, and dark, no page scrolls sideways, loads anything, or violates a rule of axe."""
    playwright = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    index = team.write(tmp_path / "team")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for page_file in (index, index.parent / "agent-dana-reyes.html"):
            for width, scheme in ((1200, "light"), (390, "light"), (1200, "dark")):
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                problems: list[str] = []
                page.on("console", lambda message, said=problems: said.append(message.text))
                page.on("request", lambda request, said=problems: said.append(request.url) if not request.url.startswith("file:") else None)
                page.goto(page_file.as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                # The page lets no script in; axe is put in from outside.
                found = axe.run(page)
                assert found.violations_count == 0, found.generate_report()
                assert problems == []
                page.close()
        browser.close()
