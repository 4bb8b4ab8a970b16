"""Metadata of calls: tables in every form, joined by file or id, and fields of paths."""

from __future__ import annotations

import json
import pickle
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import listening_coach as lc
from listening_coach.bulk.metadata import PathPattern, call_info
from listening_coach.errors import ReadError

CALL = lc.Transcript.from_turns([("Agent", "Good morning."), ("Customer", "Hello.")], id="c-7")
ROW = {"call_id": "c-7", "agent": "Dana", "team": "Blue", "site": "Leeds"}


def written(form: str, folder: Path) -> Any:
    """The row in a file, or in memory."""
    path = folder / f"calls.{form}"
    if form == "csv":
        path.write_text("call_id;agent;team;site\nc-7;Dana;Blue;Leeds\n", encoding="utf-8-sig")
    elif form == "jsonl":
        path.write_text(json.dumps(ROW) + "\n")
    elif form == "json":
        path.write_text(json.dumps([ROW]))
    elif form == "xlsx":
        from openpyxl import Workbook

        book = Workbook()
        for values in (list(ROW), list(ROW.values())):
            book.active.append(values)
        book.save(path)
    elif form == "parquet":
        import pyarrow
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.Table.from_pylist([ROW]), path)
    elif form == "frame":
        import pandas

        return pandas.DataFrame([ROW])
    else:
        return [ROW]
    return path


@pytest.mark.parametrize("form", ["csv", "jsonl", "json", "xlsx", "parquet", "frame", "mappings"])
def test_every_form(form: str, tmp_path: Path) -> None:
    """Each kind of table gives the call the same metadata, further columns too."""
    info = call_info(written(form, tmp_path))
    assert info is not None
    found = info.applied(CALL, "/calls/other.json")
    assert {k: found.metadata[k] for k in ("agent", "team", "site")} == {"agent": "Dana", "team": "Blue", "site": "Leeds"}
    assert not info.problems


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("a.json", "/calls/blue/a.json"),
        ("blue/a.json", "/calls/blue/a.json"),
        ("C:\\export\\A.WAV", "/calls/blue/a.json"),
        ("a", "/calls/blue/a.json"),
        ("a.json", "/calls/all.zip::blue/a.json"),
        ("/calls/blue/a.json", "/calls/blue/a.json"),
        ("a.json", "/calls/a.json.gz"),
    ],
)
def test_joined_by_file(file: str, source: str) -> None:
    """A row finds its file by the whole path, its end, the bare name, or the name of the recording."""
    info = call_info([{"file": file, "agent": "Dana"}])
    assert info is not None
    assert info.applied(CALL, source).metadata["agent"] == "Dana"


def test_names_that_several_rows_have() -> None:
    """Two rows with the same bare name are told apart by their folders, and never mixed up."""
    info = call_info([{"file": "blue/a.json", "agent": "Dana"}, {"file": "red/a.json", "agent": "Bo"}])
    assert info is not None
    assert info.applied(CALL, "/calls/red/a.json").metadata["agent"] == "Bo"
    assert "agent" not in info.applied(CALL, "/calls/green/a.json").metadata


@pytest.mark.parametrize(
    "text",
    ["2026-04-13 10:15", "2026-04-13T10:15:00", "13/04/2026 10:15", "13.04.2026 10:15", "13 April 2026, 10:15", "Apr 13, 2026 10:15 AM"],
)
def test_dates_in_several_notations(text: str) -> None:
    """A date is read however it is written, also mixed in one column."""
    info = call_info([{"call_id": "x", "date": "2026-01-31"}, {"call_id": "c-7", "date": text}])
    assert info is not None
    assert info.applied(CALL, "a.json").started_at == datetime(2026, 4, 13, 10, 15)
    assert not info.problems


@pytest.mark.parametrize(
    ("others", "expected"), [("25/12/2025", datetime(2026, 4, 3)), ("12/25/2025", datetime(2026, 3, 4)), ("2025-12-25", None)]
)
def test_day_or_month_first(others: str, expected: datetime | None) -> None:
    """The column tells whether the day stands first; where it does not, the date is kept as text and reported."""
    info = call_info([{"call_id": "c-7", "date": "03/04/2026"}, {"call_id": "x", "date": others}])
    assert info is not None
    found = info.applied(CALL, "a.json")
    assert found.started_at == expected
    assert bool(info.problems) == (expected is None)
    if expected is None:
        assert found.metadata["started_at"] == "03/04/2026"
        assert info.problems == (
            "Dates in metadata that could not be read: 1 (row 1: '03/04/2026'). A date such as 3/4/2026 can be read in two ways, "
            "and the others of the column do not tell which: write 2026-04-03.",
        )


def test_both_sides_of_the_join() -> None:
    """Calls without a row, rows without a call, rows that stand twice and agents with two names are all named."""
    info = call_info(
        [
            {"call_id": "c-1", "agent_id": "7", "agent": "Dana Ortiz"},
            {"call_id": "c-2", "agent_id": "7", "agent": "Dana Reyes"},
            {"call_id": "c-2", "agent_id": "8", "agent": "Bo"},
            {"call_id": "c-9", "agent": "Bo"},
            {"agent": "Nobody"},
        ]
    )
    assert info is not None
    joined = info.joined([("/a.json", 0, "c-1", True), ("/b.json", 0, "c-2", True), ("/c.json", 0, "c-3", True)])
    assert joined.lines() == [
        "Metadata: 2 of 3 calls have a row; 3 rows.",
        "Calls without a row of metadata: 1 (/c.json).",
        "Rows of metadata without a call: 1 (row 4).",
        "Rows of metadata that name no call: 1 (row 5).",
        "Calls with two rows of metadata that differ; the later one is used: 1 (row 3 after row 2).",
    ]
    renamed = call_info(
        [{"call_id": "c-1", "agent_id": 7.0, "agent": "Dana Ortiz"}, {"call_id": "c-2", "agent_id": 7, "agent": "Dana Reyes"}]
    )
    assert renamed is not None
    assert renamed.problems == (
        "The agent with the id 7 has several names in the metadata: Dana Ortiz, Dana Reyes. Calls are grouped by the id.",
    )


def test_paths() -> None:
    """A pattern takes metadata from the end of a path, and the table goes before it."""
    info = call_info([{"call_id": "17", "agent": "Dana Reyes"}], "{agent}/{date}_{call_id}.json")
    assert info is not None
    found = info.applied(CALL, "/calls/dana/2026-04-13_17.json")
    assert (found.id, found.started_at, found.metadata["agent"]) == ("17", datetime(2026, 4, 13), "Dana Reyes")
    assert info.applied(CALL, "/calls/dana.txt") == CALL
    joined = info.joined([("/calls/dana/2026-04-13_17.json", 0, "17", True), ("/calls/dana.txt", 0, "dana", True)])
    assert "The path of 1 of 2 calls does not fit the pattern {agent}/{date}_{call_id}.json." in joined.problems


@pytest.mark.parametrize("pattern", ["calls.json", "{agent", "{agent}/{agent}.json", "{0.x}.json", "{}.json"])
def test_wrong_patterns(pattern: str) -> None:
    """A pattern that cannot be used is an error that shows how to write one."""
    with pytest.raises(ReadError, match=r"\{agent\}/\{date\}_\{call_id\}\.json"):
        PathPattern(pattern)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("agent,team\nDana,Blue\n", "no column names the calls; there are agent, team"),
        ("call_id,agent,Agent\nc,Dana,Bo\n", "two columns are named 'agent'"),
        ("call_id,agent\nc,Dana,Blue\n", "the row has 3 fields where the header has 2"),
    ],
)
def test_tables_that_cannot_be(text: str, message: str, tmp_path: Path) -> None:
    """What is wrong with a table is said with its place."""
    (tmp_path / "calls.csv").write_text(text)
    with pytest.raises(ReadError, match=message):
        call_info(str(tmp_path / "calls.csv"))


def test_marks_and_pickles() -> None:
    """A call's mark changes with its own row only, and survives the way to a worker."""
    rows = [{"call_id": "c-7", "agent": "Dana"}, {"call_id": "c-8", "agent": "Bo"}]
    info, other = call_info(rows, "{team}/{_}.json"), call_info([rows[0], {"call_id": "c-8", "agent": "Cy"}], "{team}/{_}.json")
    assert info is not None
    assert other is not None
    sent = pickle.loads(pickle.dumps(info))  # noqa: S301 - our own
    assert info.mark("/x/a.json", "c-7") == other.mark("/x/a.json", "c-7") == sent.mark("/x/a.json", "c-7")
    assert info.mark("/x/a.json", "c-8") != other.mark("/x/a.json", "c-8")
    assert call_info([]).mark("/x/a.json", "c-7") == ""


def test_metadata_of_one_call(tmp_path: Path) -> None:
    """`read` takes metadata directly: an id, a date however it is written, and any further field."""
    (tmp_path / "a.txt").write_text("Agent: Hello there.\nCustomer: Hello.\n")
    call = lc.read(tmp_path / "a.txt", metadata={"id": 4, "started_at": "2026-04-13 10:15", "agent": "Dana", "site": "Leeds"})
    assert (call.id, call.started_at) == ("4", datetime(2026, 4, 13, 10, 15))
    assert (call.metadata["agent"], call.metadata["site"]) == ("Dana", "Leeds")


def test_many_calls_with_metadata(tmp_path: Path) -> None:
    """`review_many` gives every report its metadata."""
    for n in (1, 2):
        (tmp_path / f"{n}.txt").write_text("Agent: Hello there.\nCustomer: Hello.\n")
    reports = list(lc.Coach().review_many(tmp_path, metadata=[{"file": "2.txt", "agent": "Dana"}], path="{call_id}.txt"))
    assert [(r.transcript.id, r.transcript.metadata.get("agent")) for r in reports] == [("1", None), ("2", "Dana")]
