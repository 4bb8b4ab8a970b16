"""A batch into a folder: complete, nothing twice, whatever happens to it."""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from helpers_many import RUBRIC, Poisonable, call, small_parts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import listening_coach as lc
from listening_coach.bulk.tables import row
from listening_coach.coach import Coach
from listening_coach.errors import OutputError
from listening_coach.scores import run, store
from listening_coach.scores.schema import Rows

pytestmark = pytest.mark.slow  # whole runs with worker processes

HERE = Path(__file__).parent
TESTS = HERE.parent
TABLES = ("calls", "moments", "action_points")


def line(call_: lc.Transcript) -> str:
    turns = [{"speaker": t.speaker, "role": t.role.value, "text": t.text} for t in call_.turns]
    return json.dumps({"call_id": call_.id, "turns": turns}) + "\n"


def write(path: Path, calls: list[lc.Transcript]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(map(line, calls)))
    return path


def rows(out: Path, table: str = "calls") -> list[dict[str, Any]]:
    found = [row for part in sorted((out / table).glob("*.parquet")) for row in pq.ParquetFile(part).read().to_pylist()]
    return sorted(found, key=lambda r: (r["source"], r["source_index"], r.get("number", 0)))


def everything(out: Path) -> dict[str, list[dict[str, Any]]]:
    return {table: rows(out, table) for table in TABLES}


def ids(out: Path) -> list[str]:
    return sorted(r["call_id"] for r in rows(out))


# --- what is written -----------------------------------------------------------------------------------------------


def test_three_tables(batch: Any, out: Path, tmp_path: Path, coach: Poisonable) -> None:
    """Every call is a row of ``calls``, every moment one of ``moments``, equal to those of a review by itself."""
    calls = [call(n, "thanks") for n in range(20)]
    summary = batch(write(tmp_path / "calls.jsonl", calls), workers=2)
    assert (summary.calls, summary.scored, summary.failed, summary.skipped) == (20, 20, 0, 0)
    expected = Rows()
    for n, one in enumerate(calls):
        mark = rows(out)[n]["fingerprint"]
        read = lc.read(json.dumps(json.loads(line(one))))
        expected.add(coach.review(read), source=str(tmp_path / "calls.jsonl"), source_index=n, fingerprint=mark, call_id="")
    assert everything(out) == {name: batch_.to_pylist() for name, batch_ in expected.tables().items()}
    assert summary.moments == len(rows(out, "moments")) > 40


def test_bad_sources_among_good(batch: Any, out: Path, tmp_path: Path) -> None:
    """What cannot be read, crashes, hangs or errs has its row with error, place and remedy; all else is scored."""
    folder = tmp_path / "calls"
    write(folder / "a.jsonl", [call(0), call(1, "CRASH"), call(2), call(3, "RAISE"), call(4, "LOCK"), call(5)])
    (folder / "b.json").write_text('{"turns": [{"speaker": "ag')
    (folder / "c.json").write_bytes(b"")
    (folder / "d.wav").write_bytes(b"RIFF" + bytes(200))
    (folder / "e.txt").write_text("Agent: Thanks for calling.\nCustomer: Hi.\n")
    (folder / "f.csv").write_text("call_id,speaker,text\nx,agent,hi\nx,customer,CRASH\ny,agent,hi\ny,customer,hello\n")
    (folder / "g.json").symlink_to(tmp_path / "nowhere")
    summary = batch(folder, workers=2, timeout_s=6)
    got = [(os.path.basename(r["source"]), r["source_index"], r["status"], r["error_kind"]) for r in rows(out)]
    assert got == [
        ("a.jsonl", 0, "scored", None),
        ("a.jsonl", 1, "failed", "Crash"),
        ("a.jsonl", 2, "scored", None),
        ("a.jsonl", 3, "failed", "KeyError"),
        ("a.jsonl", 4, "failed", "TimeLimit"),
        ("a.jsonl", 5, "scored", None),
        ("b.json", 0, "failed", "ReadError"),
        ("c.json", 0, "failed", "ReadError"),
        ("d.wav", 0, "failed", "ReadError"),
        ("e.txt", 0, "scored", None),
        ("f.csv", 0, "failed", "Crash"),
        ("f.csv", 1, "scored", None),
        ("g.json", 0, "failed", "SourceNotFoundError"),
    ]
    failed = [r for r in rows(out) if r["status"] == "failed"]
    assert all(r["error"] and r["error_where"] and r["error_remedy"] and r["score"] is None for r in failed)
    assert summary.failed == len(failed) == 8
    assert summary.kinds == {"Crash": 2, "KeyError": 1, "TimeLimit": 1, "ReadError": 3, "SourceNotFoundError": 1}


def test_calls_of_one_id(batch: Any, out: Path, tmp_path: Path) -> None:
    """Calls that share an id are all scored, kept apart by their source, and counted."""
    write(tmp_path / "in" / "a.jsonl", [call(1), call(1), call(2)])
    write(tmp_path / "in" / "b.jsonl", [call(1)])
    summary = batch([tmp_path / "in", tmp_path / "in" / "b.jsonl"])
    assert summary.calls == 4
    assert summary.duplicates == 1
    assert ids(out) == ["c1", "c1", "c1", "c2"]
    with lc.open_scores(out) as scores:
        assert scores.sql("select call_id, calls from duplicates").fetchall() == [("c1", 3)]
        joined = scores.sql("select count(*) from moments join calls using (source, source_index)").fetchall()
        assert joined == scores.sql("select count(*) from moments").fetchall()


def test_formulas(batch: Any, out: Path) -> None:
    """No cell of a CSV file begins as a formula does, wherever its text comes from."""
    cells = {
        "=SUM(A1) thanks": "'=SUM(A1) thanks",
        "+1 thanks": "'+1 thanks",
        "-1 thanks": "'-1 thanks",
        "@SUM thanks": "'@SUM thanks",
        "  =1+1 thanks": "'  =1+1 thanks",
        "＝1+1 thanks": "'＝1+1 thanks",
        "1=1 thanks": "1=1 thanks",
    }
    batch([lc.Transcript.from_turns([(said, "agent", said), ("customer", "hi")], id=said) for said in cells], write="csv")
    tables = {}
    for table in ("calls", "moments"):
        with (out / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
            tables[table] = list(csv.DictReader(stream))
    assert [r["call_id"] for r in tables["calls"]] == list(cells.values())
    assert [r["speaker"] for r in tables["moments"]] == list(cells.values())
    assert [r["agent"] for r in tables["calls"]] == list(cells.values())
    assert [float(r["score"]) for r in tables["calls"]] == pytest.approx([round(100 * 2.5 / 3, 1)] * len(cells))


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_other_formats(batch: Any, out: Path, tmp_path: Path, form: str) -> None:
    """As CSV and JSON Lines each table is one file with all its rows, also after a second run that adds to it."""
    batch(write(tmp_path / "a.jsonl", [call(n, "thanks, I mean it") for n in range(3)]), write=form)
    batch(write(tmp_path / "b.jsonl", [call(n) for n in range(3, 5)]), write=form)
    for table in TABLES:
        text = (out / f"{table}.{form}").read_text(encoding="utf-8-sig")
        got = list(csv.DictReader(text.splitlines())) if form == "csv" else [json.loads(r) for r in text.splitlines()]
        assert [str(r["call_id"]) for r in got] == [r["call_id"] for r in rows(out, table)]
    if form == "csv":
        head = (out / "calls.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        assert {"score", "metrics.agent_talk_share", "sentiment.change", "sections"} <= set(head)


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_no_calls(batch: Any, out: Path, form: str) -> None:
    """A run that finds no call leaves tables without rows that can be opened and asked."""
    assert batch([], write=form).calls == 0
    with lc.open_scores(out) as scores:
        for view in (
            "calls",
            "moments",
            "action_points",
            "sections",
            "items",
            "by_agent",
            "by_week",
            "worst_moments",
            "open_promises",
            "failures",
        ):
            assert scores.table(view).fetchall() == []


# --- going on ------------------------------------------------------------------------------------------------------


def test_again_does_nothing(batch: Any, out: Path, tmp_path: Path) -> None:
    """The same run again does no call; a new file's calls are added."""
    write(tmp_path / "in" / "a.jsonl", [call(n) for n in range(5)])
    (tmp_path / "in" / "b.csv").write_text("call_id,speaker,text\nx,agent,hi\nx,customer,hello\ny,agent,hi\ny,customer,hello\n")
    batch(tmp_path / "in")
    before = everything(out)
    again = batch(tmp_path / "in")
    assert (again.calls, again.skipped, again.changed) == (0, 7, 0)
    assert everything(out) == before
    write(tmp_path / "in" / "c.jsonl", [call(9)])
    third = batch(tmp_path / "in")
    assert (third.calls, third.skipped) == (1, 7)
    assert ids(out) == ["c0", "c1", "c2", "c3", "c4", "c9", "x", "y"]


def test_lines_that_changed(batch: Any, out: Path, tmp_path: Path) -> None:
    """Of a file of JSON Lines only the lines that changed are done again, in the place of their rows; what was added is added."""
    calls = [call(n) for n in range(6)]
    path = write(tmp_path / "a.jsonl", calls)
    batch(path)
    before = {r["call_id"]: r for r in rows(out)}
    calls[2] = call(2, "thank you", "thank you")
    calls[4] = lc.Transcript.from_turns([("agent", "thanks, thanks"), ("customer", "hi")], id="c4")
    summary = batch(write(path, [*calls, call(6)]))
    after = {r["call_id"]: r for r in rows(out)}
    assert (summary.calls, summary.skipped, summary.changed, summary.replaced) == (3, 4, 2, 2)
    assert [n for n in before if before[n] != after[n]] == ["c2", "c4"]
    assert ids(out) == [f"c{n}" for n in range(7)]
    assert {(r["source_index"], r["number"]) for r in rows(out, "moments")} == {
        (r["source_index"], r["number"]) for r in rows(out, "moments")
    }
    assert len(rows(out, "moments")) == sum(len(keys) for keys in _moments_by_call(out).values())


def _moments_by_call(out: Path) -> dict[tuple[str, int], set[int]]:
    found: dict[tuple[str, int], set[int]] = {}
    for r in rows(out, "moments"):
        found.setdefault((r["source"], r["source_index"]), set()).add(r["number"])
    return found


def test_files_that_changed(batch: Any, out: Path, tmp_path: Path) -> None:
    """A file that changed is read again as a whole: calls that are gone from it go, others come, none is there twice."""
    path = tmp_path / "a.csv"
    head = "call_id,speaker,text\n"
    path.write_text(head + "".join(f"c{n},agent,thanks\nc{n},customer,hi\n" for n in range(4)))
    write(tmp_path / "b.jsonl", [call(9)])
    batch([path, tmp_path / "b.jsonl"])
    path.write_text(head + "".join(f"d{n},agent,thanks\nd{n},customer,hi\n" for n in range(2)))
    summary = batch([path, tmp_path / "b.jsonl"])
    assert (summary.changed, summary.replaced, summary.calls, summary.skipped) == (1, 4, 2, 1)
    assert ids(out) == ["c9", "d0", "d1"]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_calls_that_are_gone(batch: Any, out: Path, tmp_path: Path, form: str) -> None:
    """Calls that a file holds no more go from the tables, whether they stood at its start or its end; those of other files stay."""
    path = tmp_path / f"a.{form}"

    def put(numbers: range) -> None:
        calls = [call(n) for n in numbers]
        if form == "jsonl":
            write(path, calls)
        else:
            pq.write_table(pa.Table.from_pylist([row(c) for c in calls], schema=lc.call_schema()), path)

    put(range(8))
    other = write(tmp_path / "b.jsonl", [call(n) for n in range(20, 30)])
    batch([path, other])
    put(range(6))
    assert batch([path, other]).replaced == (2 if form == "jsonl" else 8)
    assert ids(out) == sorted(f"c{n}" for n in (*range(6), *range(20, 30)))
    put(range(1, 6))
    batch([path, other])
    assert ids(out) == sorted(f"c{n}" for n in (*range(1, 6), *range(20, 30)))
    assert {r["call_id"] for r in rows(out, "moments")} == set(ids(out))
    assert batch([path, other]).replaced == 0


def test_a_file_that_was_cut_off(batch: Any, out: Path, tmp_path: Path) -> None:
    """Of a file that cannot be read to its end nothing is taken for gone: the rows behind the break stay until it can."""
    path = tmp_path / "a.jsonl.gz"
    lines = "".join(line(call(n, *(f"{random.random()}" for _ in range(200)))) for n in range(30)).encode()
    path.write_bytes(gzip.compress(lines))
    batch(path)
    path.write_bytes(gzip.compress(lines)[:-2000])
    summary = batch(path)
    assert summary.failed == 1
    assert len(rows(out)) == 30
    assert len({r["source_index"] for r in rows(out)}) == 30
    path.write_bytes(gzip.compress(lines))
    batch(path)
    assert ids(out) == sorted(f"c{n}" for n in range(30))


def test_failed_calls_are_tried_again_on_request(batch: Any, out: Path, tmp_path: Path) -> None:
    """A call that failed stays as it is in the next run, unless it is asked to be tried again."""
    once = tmp_path / "once"
    path = write(tmp_path / "a.jsonl", [call(0), call(1, f"CRASHONCE {once}.1"), call(2, "RAISE")])
    (tmp_path / "once.1").write_text("")  # so that only the last one fails
    assert batch(path).failed == 1
    assert batch(path).calls == 0
    summary = batch(path, retry_failed=True)
    assert (summary.calls, summary.failed, summary.skipped, summary.replaced) == (1, 1, 2, 1)
    assert ids(out) == ["c0", "c1", "c2"]


def test_killed_at_random_moments(tmp_path: Path) -> None:
    """A run that is killed again and again, at moments left to chance, ends with what one that was left alone gives."""
    calls = [call(n, "SLEEP 0.01") for n in range(60)]
    source = write(tmp_path / "in" / "calls.jsonl", calls)
    for n in range(20):
        (tmp_path / "in" / f"file{n:02}.txt").write_text(f"Agent: thanks, number {n}\nCustomer: hello\n")
    for name in ("parts", "whole", "cut"):
        (tmp_path / name).mkdir()
    (tmp_path / "whole").rmdir()
    assert drive(tmp_path, source.parent, tmp_path / "whole").returncode == 0
    dice = random.Random()
    for kill in [True] * 4 + [False]:
        told = dice.randrange(1, 7)
        with start(tmp_path, source.parent, tmp_path / "cut", workers=2) as running:
            assert running.stdout is not None
            for number, _ in enumerate(running.stdout):
                if kill and number == told:
                    running.kill()
        # It may have been done before it was told of that often.
        assert running.returncode == 0 or (kill and running.returncode == -signal.SIGKILL)
    assert everything(tmp_path / "cut") == everything(tmp_path / "whole")


def start(tmp_path: Path, source: Path, out: Path, *more: str, workers: int = 1) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "drive.py"), str(tmp_path / "parts"), str(source), str(out), str(workers), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def drive(tmp_path: Path, source: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    with start(tmp_path, source, out, *more) as running:
        said, erred = running.communicate(timeout=300)
    return subprocess.CompletedProcess(running.args, running.returncode, said, erred)


class _Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def renames(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Ends the process, as far as a test can, before the rename of that number."""
    left = {"until": 10**9}

    def dying(real: Any) -> Any:
        def go(*args: Any) -> Any:
            left["until"] -= 1
            if left["until"] < 0:
                raise _Killed
            return real(*args)

        return go

    monkeypatch.setattr(os, "replace", dying(os.replace))
    return left


def test_killed_between_any_two_renames(tmp_path: Path, coach: Poisonable, renames: dict[str, int]) -> None:
    """Wherever between the renames of parts a run ends, new, changed and old calls alike, the next one makes it whole."""
    part = {name: Rows() for name in ("old", "new")}
    for name, words in (("old", "thanks"), ("new", "thanks, thank you")):
        for n in range(3):
            report = coach.review(lc.Transcript.from_turns([("agent", words), ("customer", "hi")], id=f"{name}{n}"))
            part[name].add(report, source="a", source_index=n, fingerprint=name, call_id="")
    tables = {name: some.tables() for name, some in part.items()}

    def go(out: Path, name: str) -> None:
        with store.Scores(out) as scores:
            scores.begin({"rubric_digest": "1", "behaviours_digest": "1", "library": "1"})
            earlier = store.Progress(scores)
            skip = earlier.wanted("a", 0, 3, name)
            if skip is None:
                return
            assert not skip
            files = {}
            for table, found in tables[name].items():
                files[table] = str(scores.aside / f"1.{table}")
                store.write_table(pa.Table.from_batches([found]), Path(files[table]))
            earlier.settle({"a"})
            scores.commit(files)

    for end in range(20):
        out = tmp_path / str(end)
        renames["until"] = 10**9
        go(out, "old")
        renames["until"] = end
        try:
            go(out, "new")
            finished = True
        except _Killed:
            finished = False
        renames["until"] = 10**9
        go(out, "new")
        assert everything(out) == {table: found.to_pylist() for table, found in tables["new"].items()}, end
        if finished:
            break
    assert end > 5


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("damage", ["cut", "empty", "gone", "other"])
def test_damaged_parts(batch: Any, out: Path, tmp_path: Path, table: str, damage: str) -> None:
    """A part that was damaged since is set aside and its calls are scored again; none is lost or doubled."""
    path = write(tmp_path / "a.jsonl", [call(n, "thanks") for n in range(12)])
    batch(path)
    before = everything(out)
    part = sorted((out / table).glob("*.parquet"))[0]
    if damage == "cut":
        part.write_bytes(part.read_bytes()[:-20])
    elif damage == "empty":
        part.write_bytes(b"")
    elif damage == "gone":
        part.unlink()
    else:
        other = next(t for t in TABLES if t != table)
        part.write_bytes((out / other / part.name).read_bytes())
    summary = batch(path)
    assert everything(out) == before
    assert summary.calls + summary.skipped == 12
    assert summary.calls > 0
    assert summary.damaged == (0 if table == "calls" and damage == "gone" else 1)


def test_leftovers(batch: Any, out: Path, tmp_path: Path) -> None:
    """What a killed run left half done is taken away: files aside, and tables whose calls are not in place."""
    path = write(tmp_path / "a.jsonl", [call(n) for n in range(3)])
    batch(path)
    before = everything(out)
    (out / ".aside").mkdir(exist_ok=True)
    (out / ".aside" / "junk.parquet").write_bytes(b"PAR1")
    moments = next((out / "moments").glob("*.parquet"))
    (out / "moments" / "part-0000099.parquet").write_bytes(moments.read_bytes())
    assert batch(path).calls == 0
    assert everything(out) == before
    assert not (out / ".aside").exists()


# --- refusals ------------------------------------------------------------------------------------------------------


def test_another_rubric(batch: Any, out: Path, tmp_path: Path) -> None:
    """A folder of scores is not gone on with by another rubric, other behaviours or another version; the message names both."""
    path = write(tmp_path / "a.jsonl", [call(0)])
    batch(path)
    before = everything(out)
    stricter = Poisonable(**small_parts(tmp_path, RUBRIC.replace("target = 3.0", "target = 1.0")))
    with pytest.raises(
        OutputError, match=r"scored by another rubric \(small version 1, digest \w+\) than this run's \(small version 1, digest \w+\)"
    ):
        batch(path, coach=stricter)
    fewer = small_parts(tmp_path)
    fewer["behaviours"]["more"] = fewer["behaviours"]["thanks"]
    with pytest.raises(OutputError, match="scored by another behaviours"):
        batch(path, coach=Poisonable(**fewer))
    assert everything(out) == before
    assert batch(path, coach=stricter, overwrite=True).calls == 1
    assert rows(out)[0]["score"] != before["calls"][0]["score"]


def test_other_files(batch: Any, out: Path) -> None:
    """A folder that holds other files is not written to."""
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="the folder holds other files"):
        batch([call(0)])
    assert [p.name for p in out.iterdir()] == ["thesis.txt"]


def test_two_runs(tmp_path: Path, coach: Poisonable) -> None:
    """While one run writes to a folder another is refused, by a message that names it; once it is killed, the next may."""
    (tmp_path / "parts").mkdir()
    source = write(tmp_path / "in" / "a.jsonl", [call(0), call(1, "SLEEP 60")])
    with start(tmp_path, source, tmp_path / "scores") as running:
        assert running.stdout is not None
        running.stdout.readline()
        with pytest.raises(OutputError, match=rf"another run writes to this folder \(process {running.pid}\)"):
            run(source, tmp_path / "scores", coach=coach, workers=0)
        running.kill()
    source = write(source, [call(0)])
    assert run(source, tmp_path / "scores", coach=coach, workers=0).calls == 1


def test_a_full_disk(tmp_path: Path, coach: Poisonable) -> None:
    """When a file cannot grow further the run ends with a message that says so and what to do; the next goes on and completes it."""
    (tmp_path / "parts").mkdir()
    source = write(tmp_path / "a.jsonl", [call(n, *(f"thanks {n} {m}, {random.random()}" for m in range(40))) for n in range(40)])
    done = drive(tmp_path, source, tmp_path / "scores", "--limit", "20000")
    assert done.returncode == 1
    assert "it cannot be written: file too large. Raise the limit on the size of files and run the same again" in done.stderr
    assert "Traceback" not in done.stderr
    half = ids(tmp_path / "scores")
    assert len(half) < 40
    summary = run(source, tmp_path / "scores", coach=coach, workers=0)
    assert summary.skipped == len(half)
    assert ids(tmp_path / "scores") == sorted(f"c{n}" for n in range(40))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (28, "no space left on device. Make room and run the same again: it goes on where it was."),
        (13, "permission denied. Name a folder that can be written to."),
        (30, "read-only file system. Name a folder that can be written to."),
    ],
)
def test_errors_of_the_system(batch: Any, monkeypatch: pytest.MonkeyPatch, code: int, message: str) -> None:
    """A full disk, a lack of permission and the like are told in a sentence with a remedy, and keep what is done."""

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputError) as caught:
        batch([call(0)])
    assert str(caught.value).endswith(f"it cannot be written: {message}")


def test_no_permission(tmp_path: Path) -> None:
    """A folder that may not be written to, and a file that may not be read, are told by name, for real and not as root."""
    (tmp_path / "parts").mkdir()
    for name in ("locked", "open"):
        (tmp_path / name).mkdir()
    source = write(tmp_path / "in" / "a.jsonl", [call(0)])
    secret = write(tmp_path / "in" / "b.jsonl", [call(1)])
    secret.chmod(0)
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "locked").chmod(0o555)
    code = f"""
import os, sys
sys.path.insert(0, {str(TESTS)!r})
from pathlib import Path
from helpers_many import Poisonable, small_parts
from listening_coach.scores import run
from listening_coach.errors import ListeningCoachError
coach = Poisonable(**small_parts(Path({str(tmp_path / "parts")!r})))
# Once as who we are, so that all libraries are there.
run({str(source.parent)!r}, {str(tmp_path / "first")!r}, coach=coach, workers=0)
if not os.geteuid():
    os.setegid(65534)
    os.seteuid(65534)
for name in ("locked", "open"):
    try:
        summary = run({str(source.parent)!r}, Path({str(tmp_path)!r}) / name / "scores", coach=coach, workers=0)
        print(summary.scored, *summary.failures)
    except ListeningCoachError as error:
        print(error)
"""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    locked = tmp_path / "locked" / "scores"
    assert done.stdout.splitlines() == [
        f"{locked}: it cannot be written: permission denied. Name a folder that can be written to.",
        f"1 {secret}: it cannot be opened: Permission denied. Check the file and its permissions.",
    ], done.stderr


def test_no_folder(coach: Poisonable, tmp_path: Path) -> None:
    """A place where no folder can be made is refused in a sentence."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="it cannot be written: not a directory"):
        run([call(0)], tmp_path / "file" / "scores", coach=coach, workers=0)
    with pytest.raises(OutputError, match=r"file: it is a file, not a folder\. Name a folder; it is made where there is none\.$"):
        run([call(0)], tmp_path / "file", coach=coach, workers=0)


def test_no_such_format(batch: Any) -> None:
    """A format that is none is refused with those there are."""
    with pytest.raises(OutputError, match=r"there is no format 'xlsx'.*parquet, csv, jsonl"):
        batch([], write="xlsx")


# --- laws ----------------------------------------------------------------------------------------------------------

TALK = st.lists(
    st.tuples(
        st.sampled_from(["agent", "customer"]),
        st.one_of(st.just("thank you"), st.text(st.characters(exclude_categories=["Cs"]), max_size=30)),
    ),
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(talks=st.lists(TALK, min_size=1, max_size=10), workers=st.sampled_from([0] * 9 + [2]))
def test_law_batch_is_one_by_one(coach: Coach, tmp_path_factory: pytest.TempPathFactory, talks: list[Any], workers: int) -> None:
    """The tables of a batch hold what each call's own review gives, whatever was said and however many workers there are."""
    calls = [lc.Transcript.from_turns(turns, id=f"c{n}") for n, turns in enumerate(talks)]
    out = tmp_path_factory.mktemp("law") / "scores"
    run(calls, out, coach=coach, workers=workers)
    alone = Rows()
    for one in calls:
        alone.add(coach.review(one), source="", source_index=0, fingerprint="", call_id="")
    for table, expected in alone.tables().items():
        drop = ("source", "source_index", "fingerprint")
        key = ("call_id", "number")
        got, want = (
            sorted(({k: v for k, v in r.items() if k not in drop} for r in some), key=lambda r: tuple(str(r.get(k)) for k in key))
            for some in (rows(out, table), expected.to_pylist())
        )
        assert got == want
