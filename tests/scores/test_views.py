"""The tables' schema and what can be asked of a folder of scores."""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from helpers_many import Poisonable, call

import listening_coach as lc
from listening_coach.errors import MissingExtraError, OutputError
from listening_coach.metrics import Metrics
from listening_coach.scores import SCHEMA_VERSION, run, scored_schema, table_schema
from listening_coach.scores.schema import CALLS, TABLES, WHOLE
from listening_coach.scores.views import VIEWS
from listening_coach.scoring import ItemScore

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from publish_schema import PAGE, page


@pytest.fixture
def out(tmp_path: Path, coach: Poisonable) -> Path:
    """Scores of calls by two agents in two weeks, one of which failed."""
    calls = []
    for n in range(6):
        turns = [
            (f"{'Ada' if n % 2 else 'Ben'} of support", "agent", "Thank you, thanks." if n % 2 else "That is our policy. Our policy!"),
            ("Caller", "customer", "Hello, hello."),
        ]
        calls.append(lc.Transcript.from_turns(turns, id=f"c{n}", started_at=datetime(2025, 3, 3 + 2 * n, 9)))
    run([*calls, call(9, "RAISE")], tmp_path / "scores", coach=coach, workers=0)
    return tmp_path / "scores"


def test_schema_on_disk(out: Path) -> None:
    """Every file has the documented schema, its version in the metadata."""
    for table in TABLES:
        for part in (out / table).glob("*.parquet"):
            schema = pq.read_schema(part)
            assert schema.equals(table_schema(table))
            assert schema.metadata[b"listening_coach.schema_version"] == SCHEMA_VERSION.encode()


def test_the_page_is_the_schema() -> None:
    """The page on the tables says what the schema is."""
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tests/benchmarks/publish_schema.py"


def test_columns_stay() -> None:
    """The columns of version 2 are as they were: who renames one raises the version."""
    names = {table: ",".join(table_schema(table).names) for table in TABLES}
    assert SCHEMA_VERSION.startswith("2.")
    assert names["moments"] == (
        "source,source_index,call_id,number,behaviour,kind,effect,turn,start,end,quote,speaker,role,time_s,rule,inferred,counted,confidence,details"
    )
    assert (
        names["action_points"]
        == "source,source_index,call_id,number,owner,action,due_text,due,firmness,kind,quote,turn,time_s,said_again,role"
    )
    assert names["calls"] == (
        "source,source_index,call_id,fingerprint,status,score,band,not_scored,not_scored_code,capped_by,started_at,utc_offset_min,agent,customer,agent_id,"
        "customer_id,team,queue,direction,duration_s,evidence_tier,rubric,rubric_version,sections,items,metrics,sentiment,ledger,outcome,outcome_confidence,focus,strengths,notes,metadata,error,error_kind,error_where,error_remedy"
    )


def test_metrics_are_all_there() -> None:
    """Every metric of a report has its column, in the same order."""
    spec = next(kind for name, kind, _ in CALLS if name == "metrics")
    assert [name for name, _, _ in spec] == [f.name for f in fields(Metrics)]


def test_items_hold_what_a_scorecard_does() -> None:
    """Every item of the scorecard is told by id, score, hits, occasions, met and reason."""
    spec = next(kind for name, kind, _ in CALLS if name == "items*")
    assert {"id", "title", "section", "weight", "score", "hits", "occasions", "met", "reason"} <= {n for n, _, _ in spec} & {
        f.name for f in fields(ItemScore)
    }


def test_by_agent(out: Path) -> None:
    """Agents stand by their mean score, with calls, spread and the share below 50; a call that failed is nobody's."""
    with lc.open_scores(out) as scores:
        rows = scores.sql("select agent, calls, scored, mean_score, spread, below_50 from by_agent").fetchall()
    assert rows == [("Ada of support", 3, 3, 100.0, 0.0, 0.0), ("Ben of support", 3, 3, 22.2, 0.0, 1.0)]


def test_by_week(out: Path) -> None:
    """Weeks begin on Monday."""
    with lc.open_scores(out) as scores:
        rows = scores.sql("select week, calls, mean_score from by_week").fetchall()
    assert rows == [(date(2025, 3, 3), 4, 61.1), (date(2025, 3, 10), 2, 61.1)]


def test_worst_moments(out: Path) -> None:
    """What hinders comes with its quote, the lowest item first; what helps is not among it."""
    with lc.open_scores(out) as scores:
        rows = scores.sql("select agent, behaviour, quote, item_score from worst_moments").fetchall()
    assert [(r[0], r[1], r[2].casefold(), round(r[3], 1)) for r in rows] == [("Ben of support", "policy", "our policy", 33.3)] * 6


def test_open_promises(tmp_path: Path) -> None:
    """Promises stand by the day they are due, those without one last; what the customer is to do is not among them."""
    calls = []
    for n, promise in enumerate(("I'll call you back.", "I'll send you the form by Friday.", "I will email you the invoice tomorrow.")):
        turns = [
            ("agent", "Hello, how can I help?"),
            ("customer", "I need a form."),
            ("agent", promise),
            ("customer", "Okay, I'll post it on Monday."),
        ]
        calls.append(lc.Transcript.from_turns(turns, id=f"c{n}", started_at=datetime(2025, 3, 3, 9)))
    run(calls, tmp_path / "scores", workers=0)
    with lc.open_scores(tmp_path / "scores") as scores:
        rows = scores.sql("select call_id, due from open_promises").fetchall()
    assert rows == [("c2", date(2025, 3, 4)), ("c1", date(2025, 3, 7)), ("c0", None)]


def test_failures(out: Path) -> None:
    """Calls that failed are listed with their error and remedy."""
    with lc.open_scores(out) as scores:
        rows = scores.sql("select call_id, error_kind, error_remedy from failures").fetchall()
    assert rows == [("c9", "KeyError", "Please report it, with the transcript if you may.")]


def test_frames(out: Path) -> None:
    """Any view is a frame of pandas or polars, or an Arrow table."""
    with lc.open_scores(out) as scores:
        pandas, polars, arrow = scores.table("by_agent").df(), scores.table("by_agent").pl(), scores.sql("from by_agent").arrow()
        arrow = arrow.read_all() if isinstance(arrow, pa.RecordBatchReader) else arrow
    assert list(pandas["agent"]) == polars["agent"].to_list() == arrow.column("agent").to_pylist() == ["Ada of support", "Ben of support"]


def test_every_view_says_what_it_shows() -> None:
    """Each view has a sentence about it."""
    assert all(meaning.endswith(".") and len(meaning) > 20 for meaning, _ in VIEWS.values())


def test_no_scores(tmp_path: Path) -> None:
    """A folder that holds no scores, or other tables, is refused with what to do."""
    with pytest.raises(OutputError, match=r"it is no folder of scores\. Name one that batch has written"):
        lc.open_scores(tmp_path)
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    with pytest.raises(OutputError, match="its tables are no scores: the column source is missing"):
        lc.open_scores(tmp_path)


def test_a_later_version(out: Path) -> None:
    """Tables of a later version are refused, not misread."""
    path = out / "listening_coach.json"
    path.write_text(path.read_text().replace(f'"schema_version": "{SCHEMA_VERSION}"', '"schema_version": "3.0"'))
    with pytest.raises(OutputError, match=r"its tables are of version 3\.0, and this library knows 2\.2"):
        lc.open_scores(out)


@pytest.mark.parametrize(
    ("package", "do", "remedy"),
    [
        ("duckdb", lambda out: lc.open_scores(out), r"pip install 'listening-coach\[batch\]'"),
        ("pyarrow", lambda out: run([], out, workers=0), r"pip install 'listening-coach\[batch\]'"),
    ],
)
def test_extras(out: Path, monkeypatch: pytest.MonkeyPatch, package: str, do: Any, remedy: str) -> None:
    """Where a package of the extra is missing, the message names the pip command."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=remedy):
        do(out)


def test_what_engines_give_is_the_three_tables() -> None:
    """An engine's row holds the columns of ``calls`` and, as lists, those of the other two tables."""
    names = scored_schema().names
    assert names == [*table_schema("calls").names, "moments", "action_points"]
    for table in ("moments", "action_points"):
        inner = [f.name for f in scored_schema().field(table).type.value_type]
        assert inner == table_schema(table).names[3:]
    assert len(WHOLE) == len(names)


def test_views_are_attributes(out: Path) -> None:
    """What can be asked is told with its meaning, and each view is an attribute; what there is not is named."""
    with lc.open_scores(out) as scores:
        assert all(meaning.endswith(".") for meaning in scores.views.values())
        for name in scores.views:
            assert getattr(scores, name).columns, name
            assert name in dir(scores)
        assert scores.by_agent.fetchall() == scores.table("by_agent").fetchall()
        assert "by_week" in scores._repr_html_()
        with pytest.raises(AttributeError, match="no view 'by_moon'; they have: calls, moments"):
            _ = scores.by_moon


def test_losses(out: Path) -> None:
    """The points that a call lost add up to 100 less its score."""
    with lc.open_scores(out) as scores:
        rows = scores.sql(
            "select any_value(c.score), sum(l.points) from calls c join ledger l using (source, source_index) "
            "group by c.source, c.source_index having any_value(c.score) < 100"
        ).fetchall()
    assert rows
    assert all(score + lost == pytest.approx(100) for score, lost in rows)


def test_reviews(out: Path) -> None:
    """People's reviews in the folder are a view, with the call, what became of each and the library's own score; orphans stay."""
    with lc.open_scores(out) as scores:
        (call, source, score, item) = scores.sql(
            "select call_id, source, score, items[1] from calls where score is not null limit 1"
        ).fetchall()[0]
    lines = [
        {"call": call, "by": "Ines", "at": "2026-04-13T12:00:00Z", "verdict": "score", "score": 40},
        {"call": call, "by": "Ines", "at": "2026-04-13T12:05:00Z", "verdict": "agree"},
        {"call": call, "by": "Omar", "at": "2026-04-13T12:06:00Z", "verdict": "agree", "item": item["id"]},
        {"call": "gone", "by": "Omar", "at": "2026-04-13T12:07:00Z", "verdict": "agree"},
    ]
    (out / "reviews.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with lc.open_scores(out) as scores:
        rows = scores.sql("select source, item, verdict, score, reviewer, status, library_score from reviews").fetchall()
    assert rows == [
        (source, None, "score", 40.0, "Ines", "superseded", score),
        (source, None, "agree", None, "Ines", "standing", score),
        (source, item["id"], "agree", None, "Omar", "standing", item["score"]),
        (None, None, "agree", None, "Omar", "standing", None),
    ]
