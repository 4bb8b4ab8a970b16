"""Calibration on a team's calls: what people and library agree on, what is suggested and what that gains, and what is refused."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from team_week import Made
from typer.testing import CliRunner

import listening_coach as lc
from listening_coach.cli import app
from listening_coach.errors import CalibrationError
from listening_coach.reviews import Review, Verdict
from listening_coach.rubric import load as load_rubric
from listening_coach.team import calibrate
from listening_coach.team.suggest import CallItems, suggestion

RUN = CliRunner()
NOON = datetime(2026, 4, 13, 12, tzinfo=UTC)


def table(scores: Path, query: str) -> list[dict[str, Any]]:
    with lc.open_scores(scores) as opened:
        return opened.rows(query)


@pytest.mark.slow
def test_two_coaches(made: Made, scores: Path) -> None:
    """Forty scores of two coaches: the library puts the calls in their order, their bias shows, and one coach scores lower than the other."""
    found = calibrate(str(made.human), scores)
    assert (found.calls, found.people) == (20, ("Ines", "Omar"))
    assert found.ranks.low > 0
    assert found.whole.bias.is_sure
    (between,) = found.between
    assert (between.first, between.second, between.pairs) == ("Ines", "Omar", 20)
    assert 3 < between.bias.value < 9
    assert found.differing[0].people is not None
    assert abs(found.differing[0].people - found.differing[0].library) >= abs(found.differing[1].people - found.differing[1].library)
    assert len(found.to_frame()) == 1
    page = found.to_html()
    assert "Ines and Omar" in page
    assert found.differing[0].call in page
    assert "<table>" in found._repr_html_()


def other_weights(scores: Path) -> list[dict[str, Any]]:
    """People for whom policy and the outcome are nearly all that counts, on sixty calls."""
    rows = table(
        scores, "select call_id, id, coalesce(score, 100) as score from items where id in ('policy_hiding', 'outcome') order by call_id, id"
    )
    by_call: dict[str, list[float]] = {}
    for row in rows:
        by_call.setdefault(row["call_id"], []).append(row["score"])
    return [{"call_id": call, "coach": "Ines", "score": sum(found) / len(found)} for call, found in list(by_call.items())[:60]]


@pytest.mark.slow
def test_a_suggested_rubric(scores: Path, tmp_path: Path) -> None:
    """The suggestion extends the rubric, loads, and brings the scores closer to people's where the library scores the calls anew."""
    human = other_weights(scores)
    found = calibrate(human, scores)
    best = found.suggestion
    assert best.supported
    assert best.error_after < best.error_before
    assert best.gain.value == pytest.approx(best.error_before - best.error_after)
    written = found.write_rubric(tmp_path / "mine.toml", "default")
    coach = lc.Coach(rubric=str(written))
    assert coach.rubric.name == "default-calibrated"
    wanted = {row["call_id"]: row["score"] for row in human}
    picked = [row for row in table(scores, "select call_id, source, score from calls order by call_id") if row["call_id"] in wanted][:20]
    before = sum(abs(row["score"] - wanted[row["call_id"]]) for row in picked)
    after = sum(abs(coach.review(row["source"]).score - wanted[row["call_id"]]) for row in picked)
    assert after < before


@pytest.mark.slow
def test_items_and_reviews(scores: Path) -> None:
    """Reviews calibrate items: who agrees agrees, who scores higher shows as bias, and the quote of the item comes with the call."""
    rows = table(
        scores,
        "select call_id, id, title, score from items where id = 'empathy' and score is not null and score < 50 order by call_id limit 6",
    )
    reviews = [
        Review(call=r["call_id"], by="Ines", at=NOON + timedelta(minutes=n), item="empathy", **verdict)
        for n, r in enumerate(rows)
        for verdict in [{"verdict": Verdict.SCORE, "score": 100.0} if n < 3 else {"verdict": Verdict.AGREE}]
    ]
    found = calibrate(lc.Reviews.of(reviews), scores)
    (item,) = found.items
    assert (item.id, item.calls, item.agreement.value) == ("empathy", 6, 0.5)
    assert item.bias.value == pytest.approx(sum(100 - r["score"] for r in rows[:3]) / 6)
    assert found.differing[0].item == rows[0]["title"]
    assert found.suggestion is None
    assert found.refused == "A rubric is suggested from 20 calls on that people scored as a whole; there are 0."


@pytest.mark.slow
def test_forms_of_tables(scores: Path) -> None:
    """Wide and long tables, titles and ids, other scales, yes and no, and n/a are read; the latest calls can be taken alone."""
    calls = [r["call_id"] for r in table(scores, "select call_id from calls where started_at is not null order by started_at desc limit 2")]
    wide = [{"call": calls[0], "reviewer": "Ines", "Shows empathy": "yes", "summary": "n/a", "Score": "4"}]
    long = [
        {"call_id": calls[0], "coach": "Ines", "item": "empathy", "score": 5},
        {"call_id": calls[0], "coach": "Ines", "item": "summary", "score": "n/a"},
        {"call_id": calls[0], "coach": "Ines", "item": "overall", "score": 4},
    ]
    one, two = (calibrate(rows, scores, scale=(1, 5)) for rows in (wide, long))
    assert one.items == two.items
    assert one.whole == two.whole
    assert calibrate([{"call_id": c, "score": 70} for c in [calls[1], calls[0]]], scores, last=1).differing[0].call == calls[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"call_id": "nowhere", "score": 50}], "none of the 1 calls that people scored is among the scores"),
        ([{"call_id": "c001", "score": 4}], r"the highest score is 4, so they are not 0 to 100\. Name the scale"),
        ([{"call_id": "c001", "score": "fine"}], "row 1, score: 'fine' is no score from 0 to 100"),
        ([{"call_id": "c001", "score": 400}], "'400' is no score"),
        ([{"name": "c001", "score": 40}], "no column names the calls; there are name, score"),
        ([{"call_id": "c001", "mood": 40}], "no column holds a score; there are call_id, mood"),
        ([{"call_id": "c001", "item": "charm", "score": 40}], "the rubric has no item 'charm'"),
        ([{"call_id": "c001", "score": 40}, {"score": 40}], "row 2: it names no call"),
    ],
)
def test_what_cannot_be(rows: list[dict[str, Any]], message: str, scores: Path) -> None:
    """What is wrong with people's scores is said with its place."""
    with pytest.raises(CalibrationError, match=message):
        calibrate(rows, scores)


def test_fewer_than_twenty(scores: Path, made: Made) -> None:
    """Nineteen calls suggest no rubric."""
    rows = [r for r in csv.DictReader(made.human.open(encoding="utf-8")) if r["coach"] == "Ines"][:19]
    found = calibrate(rows, scores)
    assert found.suggestion is None
    assert found.refused.endswith("there are 19.")
    with pytest.raises(CalibrationError, match="there are 19"):
        found.write_rubric("x.toml", "default")


def test_another_rubric(scores: Path, made: Made) -> None:
    """A suggestion from a rubric that did not score the calls is refused."""
    with pytest.raises(CalibrationError, match=r"scored by another rubric than 'outbound'"):
        calibrate(str(made.human), scores, rubric="outbound")


def synthetic(n: int, weights: dict[str, float]) -> list[CallItems]:
    """Calls whose score by people is that of a rubric in points, these weights in the place of its own, give or take a few points."""
    rubric, chance = load_rubric("default"), random.Random(3)
    own = {name: rule.weight for name, rule in rubric.items() if rule.weight}
    calls = []
    for _ in range(n):
        scores = {name: chance.choice([0.0, 50.0, 100.0, 100.0, 100.0, 100.0]) for name in own}
        cost = sum({**own, **weights}[name] * (1 - scores[name] / 100) for name in own)
        calls.append(CallItems(scores, dict.fromkeys(own, 1.0), min(100.0, max(0.0, 100 - cost + chance.gauss(0, 8)))))
    return calls


def test_what_is_there_is_found() -> None:
    """Where people weigh one item far more, so does the suggestion, and the gain on calls kept back is sure."""
    found = suggestion(synthetic(80, {"empathy": 40.0}), load_rubric("default"))
    own = dict(load_rubric("default").items())["empathy"].weight
    assert found.supported
    assert found.error_after < found.error_before
    assert found.weights["empathy"] > 1.5 * own


def test_chance_is_not_taken_for_a_gain() -> None:
    """Where people score by the rubric already, give or take, no other is suggested."""
    assert not suggestion(synthetic(30, {}), load_rubric("default")).supported


@pytest.mark.slow
def test_command(made: Made, scores: Path, tmp_path: Path) -> None:
    """The command prints the table and writes page and rubric; a wrong scale and an unknown folder are wrong usage, no rubric to write is a failure."""
    with (tmp_path / "human.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["call_id", "coach", "score"])
        writer.writeheader()
        writer.writerows(other_weights(scores))
    out, page = tmp_path / "mine.toml", tmp_path / "page.html"
    done = RUN.invoke(app, ["calibrate", str(tmp_path / "human.csv"), str(scores), "--suggest", str(out), "--html", str(page)])
    assert done.exit_code == 0, done.output
    assert 'extends = "default"' in out.read_text()
    assert "60 calls scored by Ines" in page.read_text()
    shown = RUN.invoke(app, ["calibrate", str(made.human), str(scores), "--last", "10", "--suggest", str(out)])
    assert shown.exit_code == 1
    assert "Ines and Omar: 10 verdicts" in shown.output
    assert "not written, as no rubric is suggested" in shown.output
    for arguments in (["--scale", "five"], ["--rubric", "nowhere.toml"]):
        assert RUN.invoke(app, ["calibrate", str(made.human), str(scores), *arguments]).exit_code == 2
    assert RUN.invoke(app, ["calibrate", str(made.human), str(tmp_path)]).exit_code == 2
