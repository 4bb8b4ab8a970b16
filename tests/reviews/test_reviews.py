"""People's reviews: values and their laws, the file, what they are matched with, and both scores."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import listening_coach as lc
from listening_coach.errors import ReviewError
from listening_coach.reviews import Match, Review, Reviews, Spot, Status, Verdict, append, attach, load, reviews_of

NOON = datetime(2026, 4, 13, 12, tzinfo=UTC)
SPOT = Spot(behaviour="policy_hiding", turn=3, start=0, end=14, quote="That's policy.")


def review(verdict: str = "agree", minute: int = 0, *, by: str = "Ines", **more: Any) -> Review:
    return Review(**{"call": "c-7", "by": by, "at": NOON + timedelta(minutes=minute), "verdict": Verdict(verdict), **more})


# --- laws ----------------------------------------------------------------------------------------------------------

_ONE = st.builds(
    review,
    st.sampled_from(["agree", "disagree", "not_applicable", "comment"]),
    st.integers(0, 5),
    by=st.sampled_from(["Ines", "Omar", "Dana"]),
    item=st.sampled_from([None, "empathy", "summary"]),
    role=st.sampled_from(["coach", "agent"]),
    call=st.sampled_from(["c-7", "c-8"]),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Review]:
    """Reviews, and acts on some of them and on one another."""
    found = draw(st.lists(_ONE, max_size=6))
    for n in range(draw(st.integers(0, 4))):
        if found:
            about = draw(st.sampled_from(found))
            by = draw(st.sampled_from([about.by, "Omar"]))
            found.append(review(draw(st.sampled_from(["withdraw", "resolve"])), 10 + n, by=by, about=about.id, call=about.call))
    return found


@given(histories(), histories(), histories())
def test_merging(a: list[Review], b: list[Review], c: list[Review]) -> None:
    """Files merge in any order, however often, with the same result, and no review is lost."""
    x, y, z = Reviews.of(a), Reviews.of(b), Reviews.of(c)
    assert x | y == y | x
    assert (x | y) | z == x | (y | z)
    assert x | x == x
    assert {r.id for r in x | y} == {r.id for r in (*a, *b)}
    assert (x | y).statuses == (y | x).statuses


@given(histories())
def test_statuses(entries: list[Review]) -> None:
    """Each review has a status, and of one person's verdicts on one thing at most one counts."""
    found = Reviews.of(entries)
    assert {r.id for r in found} == set(found.statuses)
    keys = [(r.by, r.about, *r.target) for r in found.counting]
    assert len(keys) == len(set(keys))


def test_the_latest_counts() -> None:
    """A person's later verdict takes the place of the earlier one, which stays; another's stands beside it."""
    first, second, other = (
        review("agree", 0, item="empathy"),
        review("score", 5, item="empathy", score=40),
        review("agree", 1, by="Omar", item="empathy"),
    )
    found = Reviews.of([second, first, other])
    assert [found.status(r) for r in (first, second, other)] == [Status.SUPERSEDED, Status.STANDING, Status.STANDING]
    assert set(found.counting) == {second, other}


def test_withdrawing() -> None:
    """Withdrawing keeps history and brings the earlier verdict back; only the author can, and may take it back too."""
    first, second = review("agree", 0, item="empathy"), review("score", 5, item="empathy", score=40)
    back = review("withdraw", 6, about=second.id)
    found = Reviews.of([first, second, back])
    assert found.status(second) is Status.WITHDRAWN
    assert found.counting == (first,)
    assert len(found) == 3
    assert (found | Reviews.of([review("withdraw", 7, about=back.id)])).counting == (second,)
    assert Reviews.of([first, second, review("withdraw", 6, by="Omar", about=second.id)]).counting == (second,)


def test_disputes() -> None:
    """An agent's dispute leaves the verdict standing as disputed until somebody settles it, and changes no score by itself."""
    verdict = review("score", 0, item="empathy", score=20)
    dispute = review("disagree", 1, by="Dana", role="agent", item="empathy", about=verdict.id, comment="I did say sorry.")
    found = Reviews.of([verdict, dispute])
    assert [found.status(r) for r in (verdict, dispute)] == [Status.DISPUTED, Status.OPEN]
    assert found.counting == (verdict,)
    settled = found | Reviews.of([review("resolve", 2, about=dispute.id, comment="Heard it again: the verdict stays.")])
    assert [settled.status(r) for r in (verdict, dispute)] == [Status.STANDING, Status.RESOLVED]


def test_status_of_a_stranger() -> None:
    """A review that is not among them has no status."""
    with pytest.raises(ReviewError, match="there is no review"):
        Reviews().status(review())


@pytest.mark.parametrize("values", [{"verdict": "score"}, {"verdict": "agree", "score": 50}, {"verdict": "withdraw"}])
def test_values_that_cannot_be(values: dict[str, Any]) -> None:
    """A score belongs to one verdict, and an act on a review names it."""
    with pytest.raises(ValueError, match=r"'score'|'about'"):
        review(**values)


def test_id() -> None:
    """A review has one id in every time zone and file, and another when any of its content differs."""
    shifted = review(at=NOON.astimezone(datetime.now().astimezone().tzinfo))
    assert shifted.id == review().id
    assert review(at=NOON.replace(tzinfo=None)).id == review().id
    assert review(comment="x").id != review().id


# --- file ----------------------------------------------------------------------------------------------------------


def test_file_grows_only(tmp_path: Path) -> None:
    """Reviews are added once, behind what is there, and read back the same."""
    place = tmp_path / "deep" / "reviews.jsonl"
    one, two = review("score", 0, item="empathy", score=40.5), review("disagree", 1, moment=SPOT, comment="No: “we can’t” was the law.")
    assert append(place, [one]) == (one,)
    before = place.read_bytes()
    assert append(place, [two, one]) == (two,)
    assert append(place, [two, one]) == ()
    assert place.read_bytes().startswith(before)
    assert load(place).reviews == Reviews.of([one, two])
    assert (
        reviews_of(place)
        == reviews_of(str(place))
        == reviews_of([one, two])
        == reviews_of([json.loads(line) for line in place.read_text().splitlines()])
    )


def test_broken_lines(tmp_path: Path) -> None:
    """A line that is no review, or was changed afterwards, is named with its number; the others are read, and a cut line stays one line."""
    place = tmp_path / "reviews.jsonl"
    append(place, [review()])
    changed = json.loads(place.read_text())
    changed["by"] = "Omar"
    place.write_text(place.read_text() + json.dumps(changed) + '\n{"call": "c-7", "verdict": "maybe"}\n{"call": "c-')
    append(place, [review("disagree", 1)])
    found = load(place)
    assert len(found.reviews) == 2
    assert [p.split(": ")[0] for p in found.problems] == [f"{place}, line {n}" for n in (2, 3, 4)]
    assert "it was changed after it was written" in found.problems[0]
    with pytest.raises(ReviewError, match=r"line 2.*and 2 more"):
        reviews_of(place)


def test_what_a_page_saves(tmp_path: Path) -> None:
    """The file that a page saves, an object with a list, is read as well."""
    place = tmp_path / "c-7.review.json"
    place.write_text(json.dumps({"reviews": [{"call": "c-7", "by": "Ines", "at": "2026-04-13T12:00:00Z", "verdict": "agree"}]}, indent=2))
    assert load(place).reviews == Reviews.of([review()])


# --- matching ------------------------------------------------------------------------------------------------------


class At(NamedTuple):
    """A finding."""

    behaviour: str
    turn: int
    start: int
    end: int
    quote: str


HERE = At("policy_hiding", 3, 0, 14, "That's policy.")


@pytest.mark.parametrize(
    ("places", "match", "index", "reason"),
    [
        ([At("summary", 1, 0, 2, "So"), HERE], Match.EXACT, 1, ""),
        ([HERE._replace(turn=9), HERE._replace(turn=5, quote="That’s policy")], Match.MOVED, 1, ""),
        ([HERE._replace(end=40, quote="That's policy. I can't change it.")], Match.MOVED, 0, ""),
        ([HERE._replace(behaviour="pressure")], Match.ORPHAN, None, "the words are now found as pressure, no longer as policy_hiding"),
        ([HERE._replace(quote="Something else.")], Match.ORPHAN, None, 'no policy_hiding is found there any more: "That\'s policy."'),
        ([], Match.ORPHAN, None, 'no policy_hiding is found there any more: "That\'s policy."'),
    ],
)
def test_moments(places: list[At], match: Match, index: int | None, reason: str) -> None:
    """A review finds its moment by place, else by quote; one that is no longer there is an orphan with a reason."""
    found = attach([review("disagree", moment=SPOT)], {"empathy"}, places)
    assert found[0][1:] == (match, index, reason)


def test_items() -> None:
    """A review of an item that the rubric has no more is an orphan."""
    found = attach([review(item="empathy"), review(item="gone"), review()], {"empathy"}, [])
    assert [a.match for a in found] == [Match.EXACT, Match.ORPHAN, Match.EXACT]
    assert found[1].reason == "the rubric has no item 'gone'"


# --- both scores ---------------------------------------------------------------------------------------------------

TURNS = [
    ("agent", "Good morning, how can I help you?"),
    ("customer", "My boiler has stopped again and the house is freezing, I am so upset about this."),
    ("agent", "That's our policy, there's nothing I can do about it."),
    ("customer", "But I have a baby here and no heating at all, it's awful."),
    ("agent", "I understand, but those are the terms, you would have to take that up with the landlord."),
    ("customer", "The landlord says to ring you!"),
    ("agent", "So the boiler has stopped and you have no heating with a baby in the house? I'll send an engineer by six this evening."),
    ("customer", "Oh thank you, that's brilliant."),
    ("agent", "You're welcome. Bye now."),
]


@pytest.fixture(scope="module", params=["points", "shares"])
def report(request: pytest.FixtureRequest) -> lc.Report:
    """A report on a call that lost some points, by a rubric of points and one of shares."""
    rubric = None if request.param == "points" else {"extends": "default", "weights_are": "shares"}
    return lc.Coach(rubric=rubric).review(lc.Transcript.from_turns(TURNS, id="c-7"))


def test_a_report_with_reviews(report: lc.Report) -> None:
    """A coach's score for an item stands beside the library's and moves the call's the way it should; the scorecard itself stays."""
    item = next(i for i in report.items.values() if i.score is not None and 0 < i.score < 100 and i.counts_as)
    low, high = (report.with_reviews([review("score", item=item.id, score=s)]).reviewed for s in (0, 100))
    assert low.score < report.score < high.score
    assert low.library == report.score
    assert low.items[item.id].people == 0
    assert low.items[item.id].library == item.score
    assert low.by == ("Ines",)
    same = report.with_reviews([review("agree", item=item.id), review("score", by="Omar", item=item.id, score=item.score)]).reviewed
    assert same.score == pytest.approx(report.score)
    assert same.items[item.id].by in (("Ines", "Omar"), ("Omar", "Ines"))
    out = report.with_reviews([review("not_applicable", item=item.id)]).reviewed
    assert out.items[item.id].not_applicable


def test_the_whole_call(report: lc.Report) -> None:
    """A score for the whole call is the call's, the mean of several coaches'; an agent's own score changes nothing."""
    given = [review("score", score=40), review("score", by="Omar", score=60), review("score", by="Dana", role="agent", score=100)]
    assert report.with_reviews(given).reviewed.score == 50
    assert report.with_reviews([review("agree")]).reviewed.score == report.score
    assert report.reviewed.score == report.score


def test_points_come_back(report: lc.Report) -> None:
    """Points that were lost at a moment come back where a coach says that the moment is none, once; agreeing changes nothing."""
    item = report.items["policy_hiding"]
    loss = item.losses[0]
    place = next(m for m in report.moments if (m.behaviour, m.turn, m.start) == (item.id, loss.turn, loss.start))
    spot = Spot(behaviour=place.behaviour, turn=place.turn, start=place.start, end=place.end, quote=place.quote)
    found = report.with_reviews([review("disagree", moment=spot), review("disagree", by="Omar", moment=spot)]).reviewed
    assert found.returned == pytest.approx(item.points * loss.share)
    assert found.score == pytest.approx(report.score + found.returned, abs=0.11)
    assert report.with_reviews([review("agree", moment=spot)]).reviewed.score == report.score


def test_orphans_and_other_calls(report: lc.Report) -> None:
    """Reviews of other calls are left out; orphans are kept and change nothing."""
    found = report.with_reviews([review("score", item="gone", score=0), review("score", call="c-8", score=0)])
    assert len(found.reviews) == 1
    assert [o.review.item for o in found.reviewed.orphans] == ["gone"]
    assert found.reviewed.score == report.score


def test_report_as_data(report: lc.Report) -> None:
    """A report with reviews is written and read back with them; without, its data is as before."""
    found = report.with_reviews([review("score", score=40.0)])
    data = found.to_dict()
    assert data["reviewed_score"] == 40.0
    assert lc.Report.from_json(found.to_json()).reviewed.score == 40.0
    assert "reviews" not in report.to_dict()
    with pytest.raises(ReviewError, match="no id"):
        replace(report, transcript=replace(report.transcript, id=None)).with_reviews([review()])
