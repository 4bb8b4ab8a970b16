"""Batches with metadata: what the tables hold, what is reported, and what is scored again."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from helpers_many import small_parts

import listening_coach as lc
from listening_coach.coach import Coach
from listening_coach.scores import run

TEXT = "Agent: Hello, thank you for calling us today.\nCustomer: Hello, where is my parcel?\nAgent: Thank you, it is on its way.\n"


@pytest.fixture
def coach(tmp_path: Path) -> Coach:
    """A coach that is there at once."""
    (tmp_path / "parts").mkdir()
    return Coach(**small_parts(tmp_path / "parts"))


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """Three files, and two lines of a fourth."""
    folder = tmp_path / "calls"
    folder.mkdir()
    for n in (1, 2, 3):
        (folder / f"{n}.txt").write_text(TEXT)
    turns = [{"speaker": s, "text": t} for s, t in (line.split(": ") for line in TEXT.splitlines())]
    (folder / "more.jsonl").write_text("".join(json.dumps({"call_id": f"m{n}", "turns": turns}) + "\n" for n in (1, 2)))
    return folder


ROWS = [
    {"file": "1.txt", "agent": "Dana", "team": "Blue", "queue": "Orders", "direction": "in", "date": "13/04/2026", "site": "Leeds"},
    {"call_id": "2", "agent": "Bo", "agent_id": 7},
    {"call_id": "m1", "agent": "Cy"},
    {"call_id": "gone", "agent": "Cy"},
]


def table(out: Path) -> dict[str, dict[str, Any]]:
    found = lc.open_scores(out).sql("select * from calls order by source, source_index").fetchall()
    names = [c[0] for c in lc.open_scores(out).sql("describe calls").fetchall()]
    return {row["call_id"]: row for row in (dict(zip(names, values, strict=True)) for values in found)}


@pytest.mark.parametrize("workers", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_tables_hold_metadata(calls: Path, tmp_path: Path, coach: Coach, workers: int) -> None:
    """Known columns are columns of the table, further ones are in its metadata, and both sides of the join are reported."""
    summary = run(calls, tmp_path / "scores", coach=coach, workers=workers, metadata=ROWS)
    found = table(tmp_path / "scores")
    one = found["1"]
    assert [one[k] for k in ("agent", "team", "queue", "direction")] == ["Dana", "Blue", "Orders", "inbound"]
    assert one["started_at"] == datetime(2026, 4, 13)
    assert json.loads(one["metadata"])["site"] == "Leeds"
    assert (found["2"]["agent_id"], found["m1"]["agent"], found["m2"]["team"]) == ("7", "Cy", None)
    assert summary.joined is not None
    assert summary.joined.lines() == [
        "Metadata: 3 of 5 calls have a row; 4 rows.",
        f"Calls without a row of metadata: 2 ({calls / '3.txt'}, m2).",
        "Rows of metadata without a call: 1 (row 4).",
    ]
    left = (tmp_path / "scores" / "unmatched.csv").read_text().splitlines()
    assert left == ['side,"name"', f'call,"{calls / "3.txt"}"', 'call,"m2"', 'metadata,"row 4"']


def test_only_what_changed_is_scored_again(calls: Path, tmp_path: Path, coach: Coach) -> None:
    """A row that changes has its call scored again, the others stay; a run without metadata leaves all as it is."""

    def again(metadata: Any) -> tuple[int, int]:
        done = run(calls, tmp_path / "scores", coach=coach, workers=0, metadata=metadata)
        return done.calls, done.skipped

    assert again(None) == (5, 0)
    assert again(ROWS) == (3, 2)
    assert again(ROWS) == (0, 5)
    assert again([*ROWS[:2], {"call_id": "m1", "agent": "Di"}, *ROWS[3:]]) == (1, 4)
    assert table(tmp_path / "scores")["m1"]["agent"] == "Di"
    assert again(None) == (0, 5)
    assert again([]) == (3, 2)
    assert table(tmp_path / "scores")["1"]["team"] is None


def test_paths(calls: Path, tmp_path: Path, coach: Coach) -> None:
    """Metadata is taken from paths; an id in the path is the call's."""
    summary = run(calls, tmp_path / "scores", coach=coach, workers=0, path="{team}/{call_id}.txt")
    assert table(tmp_path / "scores")["3"]["team"] == "calls"
    assert summary.joined is not None
    assert summary.joined.lines() == ["The path of 2 of 5 calls does not fit the pattern {team}/{call_id}.txt."]
