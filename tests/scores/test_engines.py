"""The same calls through one machine, Ray and Spark: the same rows, also when a worker is killed on the way."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from helpers_many import BEHAVIOUR, RUBRIC, poisoned_python

import listening_coach as lc
from listening_coach.coach import Coach
from listening_coach.errors import ReadError, RubricError, WorkerError
from listening_coach.scores import engines, run

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from made_calls import made_calls

pytestmark = pytest.mark.slow  # processes, and one machine's scores to compare with

CALLS = 48
WORDS = 120
TABLES = ("calls", "moments", "action_points")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of Parquet tables of calls: two files, a call that cannot be read among them."""
    place = tmp_path_factory.mktemp("calls")
    calls = list(made_calls(CALLS, WORDS))
    for call in calls:
        call["started_at"] = datetime.fromisoformat(call["started_at"])
    calls[5]["turns"] = [{"speaker": "agent", "text": "hi", "start": 9.0, "end": 1.0}]
    schema = lc.call_schema().insert(1, pa.field("agent", pa.string()))
    for number, part in enumerate((calls[: CALLS // 2], calls[CALLS // 2 :])):
        pq.write_table(pa.Table.from_pylist(part, schema=schema), place / f"part{number}.parquet", row_group_size=8)
    return place


@pytest.fixture(scope="module")
def rubric(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rubric file of the user's own."""
    path = tmp_path_factory.mktemp("rubric") / "small.toml"
    path.write_text(RUBRIC.replace("thanks =", "gratitude =").replace("policy =", "policy_hiding ="))
    return path


@pytest.fixture(scope="module")
def expected(folder: Path, rubric: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of one machine."""
    out = tmp_path_factory.mktemp("one") / "scores"
    summary = run(folder, out, coach=Coach(rubric), workers=0)
    assert (summary.calls, summary.failed) == (CALLS, 1)
    return table_rows(out)


def table_rows(out: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the three tables, but for what says from which file a call came."""
    found = {}
    with lc.open_scores(out) as scores:
        for table in TABLES:
            told = {"source", "source_index", "fingerprint", "error_where"}
            frame = scores.table(table)
            rows = frame.select(*(c for c in frame.columns if c not in told)).fetchall()
            found[table] = sorted(rows, key=lambda r: (r[0], r[1] if isinstance(r[1], int) else 0))
    return found


# --- the function --------------------------------------------------------------------------------------------------


def test_rows_of_one_machine(folder: Path, rubric: Path, expected: dict[str, Any], tmp_path: Path) -> None:
    """``score_batches`` gives the rows of a batch on one machine, in its schema, however the rows are cut."""
    table = pa.concat_tables([pq.read_table(p) for p in sorted(folder.iterdir())])
    for size in (1, 7, 1000):
        out = list(lc.score_batches(table.to_batches(max_chunksize=size), rubric=rubric))
        assert all(b.schema.equals(lc.scored_schema(), check_metadata=True) for b in out)
        assert sum(b.num_rows for b in out) == CALLS
        (tmp_path / str(size)).mkdir()
        pq.write_table(pa.Table.from_batches(out), tmp_path / str(size) / "scores.parquet")
        assert table_rows(tmp_path / str(size)) == expected


def test_documents(rubric: Path) -> None:
    """Instead of turns there may be what a transcript file holds; what cannot be read is a row with its error."""
    batch = pa.record_batch({"call_id": ["a", "b"], "transcript": ["Agent: Thank you.\nCustomer: Hi.", '{"turns": [{"spe']})
    (scored,) = lc.score_batches([batch], rubric=rubric)
    first, second = scored.to_pylist()
    assert (first["call_id"], first["status"], first["moments"][0]["quote"]) == ("a", "scored", "Thank you")
    assert (second["call_id"], second["status"], second["error_kind"]) == ("b", "failed", "ReadError")
    assert second["moments"] == second["action_points"] == []


def test_source_is_kept(rubric: Path) -> None:
    """Rows that say where they come from keep it."""
    turns = [[{"speaker": "agent", "text": "hi"}, {"speaker": "customer", "text": "hello"}]]
    batch = pa.record_batch({"turns": turns, "source": ["tape 7"], "source_index": [3]})
    (scored,) = lc.score_batches([batch], rubric=rubric)
    assert [(r["source"], r["source_index"]) for r in scored.to_pylist()] == [("tape 7", 3)]


def test_no_turns(rubric: Path) -> None:
    """A table without turns is refused, and the message names the columns there are."""
    with pytest.raises(ReadError, match="no column holds the turns; there are a, b"):
        list(lc.score_batches([pa.record_batch({"a": [1], "b": [2]})], rubric=rubric))


def test_behaviours_of_ones_own(tmp_path: Path) -> None:
    """A folder of behaviours is used by every worker."""
    (tmp_path / "thanks.toml").write_text(BEHAVIOUR)
    batch = pa.record_batch({"transcript": ["Agent: Thank you.\nCustomer: Hi."]})
    (scored,) = lc.score_batches([batch], behaviours=tmp_path)
    assert "thanks" in {m["behaviour"] for m in scored.to_pylist()[0]["moments"]}


@pytest.mark.parametrize(("numbers", "message"), [(["three"], "Failed to parse string"), ([2**31], "not in range")])
def test_numbers_that_are_none(rubric: Path, numbers: list[Any], message: str) -> None:
    """A column ``source_index`` that holds no numbers, or too large ones, is refused by name."""
    batch = pa.record_batch({"transcript": ["Agent: Thank you.\nCustomer: Hi."], "source_index": numbers})
    with pytest.raises(ReadError, match=rf"^table: the column source_index cannot be taken for numbers: .*{message}"):
        list(lc.score_batches([batch], rubric=rubric))


@pytest.mark.parametrize("timeout_s", [None, 60.0])
def test_a_rubric_that_was_edited(rubric: Path, tmp_path: Path, timeout_s: float | None) -> None:
    """A rubric file that changed since the last batch is loaded anew, not remembered by its name."""
    own = tmp_path / "own.toml"
    batch = pa.record_batch({"transcript": ["Agent: Thank you.\nCustomer: Hi."]})
    for version in (1, 22):
        own.write_text(rubric.read_text().replace('title = "Small"', f'title = "Small"\nversion = {version}'))
        (scored,) = lc.score_batches([batch], rubric=own, timeout_s=timeout_s)
        assert scored.column("rubric_version").to_pylist() == [version]


# --- with a limit of time ------------------------------------------------------------------------------------------


def documents(*said: str) -> pa.RecordBatch:
    """Calls, each with one thing that the customer says."""
    return pa.record_batch(
        {"call_id": [f"c{n}" for n in range(len(said))], "transcript": [f"Agent: Thank you.\nCustomer: {text}\n" for text in said]}
    )


def processes() -> set[int]:
    return {p.pid for p in multiprocessing.active_children() if p.pid is not None}


@pytest.fixture
def _poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Worker processes in which calls are poison that say so; none that was started before or is left behind."""
    end_idle()
    for name, value in poisoned_python(tmp_path).items():
        monkeypatch.setenv(name, value)
    yield
    end_idle()


def end_idle() -> None:
    while engines._idle:
        engines._idle.popitem()[1].end()


def test_a_limit_changes_no_row(folder: Path, rubric: Path, expected: dict[str, Any], tmp_path: Path) -> None:
    """With a limit of time ``score_batches`` gives the same rows in the same order and schema, however they are cut."""
    table = pa.concat_tables([pq.read_table(p) for p in sorted(folder.iterdir())])
    for size in (7, 1000):
        out = list(lc.score_batches(table.to_batches(max_chunksize=size), rubric=rubric, timeout_s=60))
        assert all(b.schema.equals(lc.scored_schema(), check_metadata=True) for b in out)
        assert [i for b in out for i in b.column("call_id").to_pylist()] == table.column("call_id").to_pylist()
        (tmp_path / str(size)).mkdir()
        pq.write_table(pa.Table.from_batches(out), tmp_path / str(size) / "scores.parquet")
        assert table_rows(tmp_path / str(size)) == expected


@pytest.mark.usefixtures("_poisoned")
@pytest.mark.parametrize(
    ("poison", "kind", "error", "remedy"),
    [
        (
            "CRASH",
            "Crash",
            "the process that worked on it ended, 2 times (exit code 7)",
            "Please report it, with the transcript if you may",
        ),
        ("HANG", "TimeLimit", "it took longer than 5 seconds to review", "Give it more time, or look at the call."),
        ("LOCK", "TimeLimit", "it took longer than 5 seconds to review", "Give it more time, or look at the call."),
    ],
)
def test_poison_costs_its_call(rubric: Path, poison: str, kind: str, error: str, remedy: str) -> None:
    """With a limit of time a call that ends its process, never returns or keeps the interpreter's lock is a row with its error."""
    said = ["hi"] * 40
    said[3] = said[20] = poison
    out = list(lc.score_batches([documents(*said[:30]), documents(*said[30:])], rubric=rubric, timeout_s=5))
    found = [row for batch in out for row in batch.to_pylist()]
    assert [r["call_id"] for r in found] == [f"c{n}" for n in (*range(30), *range(10))]
    assert [n for n, r in enumerate(found) if r["status"] != "scored"] == [3, 20]
    assert {(r["error_kind"], r["error"]) for r in found if r["error"]} == {(kind, error)}
    assert [r["error_where"] for r in found if r["error"]] == ["c3", "c20"]
    assert all(r["error_remedy"].startswith(remedy) for r in found if r["error"])


@pytest.mark.usefixtures("_poisoned")
def test_the_process_is_kept(rubric: Path) -> None:
    """One process serves all batches of a rubric; it is replaced when it was killed between them, and when the rubric is another."""
    assert [b.num_rows for b in lc.score_batches([documents("hi", "ho")], rubric=rubric, timeout_s=30)] == [2]
    (first,) = processes()
    list(lc.score_batches([documents("hi")] * 2, rubric=rubric, timeout_s=30))
    assert processes() == {first}
    os.kill(first, signal.SIGKILL)
    (scored,) = lc.score_batches([documents("hi")], rubric=rubric, timeout_s=30)
    assert scored.column("status").to_pylist() == ["scored"]
    (second,) = processes()
    assert second != first
    list(lc.score_batches([documents("hi")], timeout_s=30))
    (third,) = processes()
    assert third != second


def test_batches_that_nobody_takes(rubric: Path) -> None:
    """Batches that are left in the middle leave no process at work, and batches that are taken in turns do not mix."""
    end_idle()
    left = lc.score_batches([documents("hi", "ho")] * 50, rubric=rubric, timeout_s=30)
    next(left)
    left.close()  # type: ignore[attr-defined]  # it is a generator
    assert not processes()
    pair = [lc.score_batches([documents(name, name)] * 3, rubric=rubric, timeout_s=30) for name in ("thanks", "hello")]
    taken = list(zip(*pair, strict=True))
    assert [len(two) for two in taken] == [2, 2, 2]
    assert len(processes()) == 1
    end_idle()
    assert not processes()


def test_what_no_process_can_score(tmp_path: Path) -> None:
    """A rubric that cannot be used, and a table without turns, are the same errors with a limit of time; a limit that is none is refused."""
    (tmp_path / "broken.toml").write_text("name =")
    with pytest.raises(RubricError, match=r"broken\.toml"):
        list(lc.score_batches([documents("hi")], rubric=tmp_path / "broken.toml", timeout_s=30))
    with pytest.raises(ReadError, match="no column holds the turns; there are a"):
        list(lc.score_batches([pa.record_batch({"a": [1]})], timeout_s=30))
    for wrong in (0, -1.0, float("nan"), float("inf")):
        with pytest.raises(WorkerError, match=r"^timeout_s: timeout_s is .*Give the seconds that a call may take"):
            list(lc.score_batches([documents("hi")], timeout_s=wrong))


# --- Ray and Spark, for real ---------------------------------------------------------------------------------------


def engine(kind: str, folder: Path, out: Path, rubric: Path, *more: str, kill: bool = False, with_: Mapping[str, str] | None = None) -> str:
    """Runs an engine's script in a process of its own and returns what it wrote on standard error.

    With ``kill`` one process that scores is killed once it has begun its work. ``more`` are options, ``with_`` is added to the environment.
    """
    environment = {
        **os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1",
        "RAY_USAGE_STATS_ENABLED": "0", "RAY_DATA_DISABLE_PROGRESS_BARS": "1", **(with_ or {}),
    }  # fmt: skip
    code = f"""
import sys
from listening_coach.scores import {kind}_folder

if __name__ == "__main__":
    {"import ray; ray.init(num_cpus=2, include_dashboard=False, logging_level='ERROR')" if kind == "ray" else ""}
    {kind}_folder.main(sys.argv[1:])
"""
    options = (
        ["--workers", "2"] if kind == "ray" else ["--master", "local[2,4]", "--partitions", "4"]
    )  # two cores, four tries: alone on a machine Spark tries once unless told
    command = [sys.executable, "-c", code, str(folder), str(out), "--rubric", str(rubric), *options, *more]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        killed: list[int] = []
        watch = threading.Thread(target=kill_worker, args=(running, kind, killed), daemon=True)
        if kill:
            watch.start()
        _, erred = running.communicate(timeout=500)
    assert running.returncode == 0, erred[-3000:]
    if kill:
        assert killed, "no worker was found to kill"
    return erred


def kill_worker(running: subprocess.Popen[str], kind: str, killed: list[int]) -> None:
    """Kills the first worker process that has built its coach: one that has loaded spaCy's tokeniser and works."""
    import psutil

    wanted = "ray::" if kind == "ray" else "pyspark"
    while running.poll() is None and not killed:
        with_coach = []
        for process in _family(psutil.Process(running.pid)):
            try:
                if wanted in " ".join(process.cmdline()) and any("spacy/tokenizer" in m.path for m in process.memory_maps()):
                    with_coach.append(process)
            except psutil.Error:
                continue
        for process in with_coach:
            # It has loaded its libraries, and now builds its coach or scores.
            time.sleep(0.3)
            try:
                process.send_signal(signal.SIGKILL)
            except psutil.Error:
                continue
            killed.append(process.pid)
            break
        time.sleep(0.05)


def _family(process: Any) -> list[Any]:
    import psutil

    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


@pytest.mark.engines
@pytest.mark.parametrize("kill", [False, True], ids=["undisturbed", "worker killed"])
def test_ray(folder: Path, rubric: Path, expected: dict[str, Any], tmp_path: Path, kill: bool) -> None:
    """Ray with two workers gives the rows of one machine, also when one of its workers is killed."""
    engine("ray", folder, tmp_path / "scores", rubric, kill=kill)
    assert table_rows(tmp_path / "scores") == expected


@pytest.fixture(scope="module")
def bad_calls(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same folder with a call that ends its process and one that never returns."""
    place = tmp_path_factory.mktemp("bad")
    for path in sorted(folder.iterdir()):
        table = pq.read_table(path)
        calls = table.to_pylist()
        calls[2]["turns"].append({"speaker": "Agent", "role": "agent", "text": "CRASH" if "0" in path.name else "HANG"})
        pq.write_table(pa.Table.from_pylist(calls, schema=table.schema), place / path.name, row_group_size=8)
    return place


def without(rows: dict[str, Any], *ids: str) -> dict[str, Any]:
    return {table: [r for r in some if r[0] not in ids] for table, some in rows.items()}


def check_bad_calls(out: Path, expected: dict[str, Any]) -> None:
    """All rows are there, those of the two calls with their errors, the others as ever."""
    bad = ("made-0000002", f"made-{CALLS // 2 + 2:07}")
    with lc.open_scores(out) as scores:
        told = [row for row in scores.sql("select call_id, error_kind, error from failures order by all").fetchall() if row[0] in bad]
    assert told == [
        (bad[0], "Crash", "the process that worked on it ended, 2 times (exit code 7)"),
        (bad[1], "TimeLimit", "it took longer than 8 seconds to review"),
    ]
    assert without(table_rows(out), *bad) == without(expected, *bad)
    assert len(table_rows(out)["calls"]) == CALLS


@pytest.mark.engines
def test_ray_with_a_limit(bad_calls: Path, rubric: Path, expected: dict[str, Any], tmp_path: Path) -> None:
    """With a limit of time a crash and a hang cost Ray two rows, not the run."""
    engine("ray", bad_calls, tmp_path / "scores", rubric, "--timeout", "8", with_=poisoned_python(tmp_path))
    check_bad_calls(tmp_path / "scores", expected)


def java() -> str | None:
    """Why Spark cannot run here, None where it can."""
    place = os.environ.get("JAVA_HOME")
    if not (place and (Path(place) / "bin" / "java").exists()) and shutil.which("java") is None:
        return "Spark is not tested: there is no Java on this machine (Debian: openjdk-17-jre-headless)"
    return None


@pytest.mark.engines
@pytest.mark.skipif(java() is not None, reason=str(java()))
@pytest.mark.parametrize("kill", [False, True], ids=["undisturbed", "worker killed"])
def test_spark(folder: Path, rubric: Path, expected: dict[str, Any], tmp_path: Path, kill: bool) -> None:
    """Spark on two cores gives the rows of one machine, also when one of its Python workers is killed."""
    engine("spark", folder, tmp_path / "scores", rubric, kill=kill)
    assert table_rows(tmp_path / "scores") == expected


@pytest.mark.engines
@pytest.mark.skipif(java() is not None, reason=str(java()))
def test_spark_with_a_limit(bad_calls: Path, rubric: Path, expected: dict[str, Any], tmp_path: Path) -> None:
    """With a limit of time a crash and a hang cost Spark two rows, not the run."""
    engine("spark", bad_calls, tmp_path / "scores", rubric, "--timeout", "8", with_=poisoned_python(tmp_path))
    check_bad_calls(tmp_path / "scores", expected)
