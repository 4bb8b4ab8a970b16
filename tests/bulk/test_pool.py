"""Worker processes: nothing lost, nothing done twice, whatever becomes of a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from helpers_many import Echo, Stillborn

from listening_coach.bulk import Failure
from listening_coach.bulk import pool as pool_module
from listening_coach.bulk.pool import Pool
from listening_coach.errors import OutputError, WorkerError

pytestmark = pytest.mark.slow  # worker processes

TESTS = Path(__file__).parents[1]


def done(chunks: list[list[Any]], workers: int = 2, timeout_s: float | None = None) -> list[Any]:
    with Pool(Echo(), workers, timeout_s) as pool:
        return [value for one in pool.run(chunks) if one is not None for value in one.value]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_unit_once(workers: int) -> None:
    """Every unit comes back once, whatever the number of workers."""
    assert sorted(done([[n, n + 100] for n in range(7)], workers)) == [*range(7), *range(100, 107)]


@pytest.mark.parametrize("at", [0, 2, 4])
def test_a_crash_costs_its_unit(at: int) -> None:
    """A unit at which workers die becomes a failure that says so; those before and after it in the chunk are done."""
    chunk: list[Any] = [f"a{n}" for n in range(5)]
    chunk[at] = "crash"
    found = done([chunk, ["x", "y"]])
    failures = [f for f in found if isinstance(f, Failure)]
    assert sorted(f for f in found if isinstance(f, str)) == sorted([*(c for c in chunk if c != "crash"), "x", "y"])
    assert [(f.kind, f.error, f.source) for f in failures] == [
        ("Crash", "the process that worked on it ended, 2 times (exit code 3)", "unit crash")
    ]


def test_several_crashes_in_a_chunk() -> None:
    """Each unit that crashes costs itself only, even several in one chunk."""
    found = done([["crash", "a", "crash", "crash", "b"]], workers=1)
    assert sorted(f for f in found if isinstance(f, str)) == ["a", "b"]
    assert sum(isinstance(f, Failure) for f in found) == 3


def test_a_worker_killed_from_outside_costs_nothing(tmp_path: Path) -> None:
    """A unit at which a worker died once is tried again and done."""
    found = done([["a", f"crashonce {tmp_path / 'once'}", "b"]], workers=1)
    assert sorted(found) == sorted(["a", f"crashonce {tmp_path / 'once'}", "b"])


def test_a_hang_costs_its_unit() -> None:
    """A unit that takes longer than the limit becomes a failure that names the limit; the rest is done."""
    found = done([["a", "hang", "b"], ["c"]], timeout_s=2)
    failures = [f for f in found if isinstance(f, Failure)]
    assert sorted(f for f in found if isinstance(f, str)) == ["a", "b", "c"]
    assert [(f.kind, f.error) for f in failures] == [("TimeLimit", "it took longer than 2 seconds to review")]


def test_killing_workers_while_they_work() -> None:
    """Workers killed one after the other, between and during units, lose nothing and double nothing."""
    with Pool(Echo(), 2) as pool:
        found, finished = [], 0
        for one in pool.run([[n, "pid x"] for n in range(12)]):
            if one is None:
                continue
            # A chunk whose worker dies at its second unit comes back in two parts.
            found += [(unit, isinstance(value, int)) for unit, value in zip(one.units, one.value, strict=True)]
            finished += 1
            if finished in (2, 5, 8):
                os.kill(pool.processes[0], signal.SIGKILL)
    assert sorted(found, key=str) == sorted([*((n, True) for n in range(12)), *[("pid x", True)] * 12], key=str)


def test_workers_that_cannot_start() -> None:
    """Workers that die before they begin are an error with a remedy, not an endless loop."""
    with Pool(Stillborn(), 1) as pool, pytest.raises(WorkerError, match=r"end before they begin \(exit code 4\).*__main__"):
        list(pool.run([[1]]))


def test_workers_that_the_system_does_not_start() -> None:
    """Where worker processes end before they take in anything, as an interpreter does that may not be run, it is an error and no endless wait."""
    code = f"""
import multiprocessing.spawn, sys
sys.path.insert(0, {str(TESTS)!r})
from helpers_many import Echo
from listening_coach.errors import WorkerError
from listening_coach.bulk.pool import Pool
if __name__ == "__main__":
    multiprocessing.spawn.set_executable("/bin/false")
    job = Echo()
    job.ballast = bytes(2**20)  # more than a pipe holds
    try:
        with Pool(job, 2) as pool:
            list(pool.run([["a"], ["b"]]))
    except WorkerError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("worker process: the worker processes end before they begin (exit code 1). "), done.stderr


def test_what_no_call_is_to_blame_for() -> None:
    """An error outside of any call, such as a full disk, ends the run with its message."""
    with Pool(Echo(), 1) as pool, pytest.raises(WorkerError, match="No space left on device"):
        list(pool.run([["full"]]))


def test_what_cannot_be_handed_over() -> None:
    """An error of ours on handing a chunk over, an error of the system's too, reaches the caller as it is."""
    with Pool(Echo(), 1) as pool, pytest.raises(OutputError, match=r"here: the disk is full\. Make room\."):
        list(pool.run([["end, full"]]))


def test_workers_that_die_outside_of_any_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that die on handing over, which no call is to blame for, are replaced so many times and no more."""
    monkeypatch.setattr(pool_module, "_ENDS", 3)
    with Pool(Echo(), 1) as pool, pytest.raises(WorkerError, match=r"end outside of any call, again and again \(exit code 5\)"):
        list(pool.run([["end, dead"]]))


def test_draws_no_more_than_it_may() -> None:
    """With a bound on how far ahead it may run, an endless source is drawn from only as results are taken."""
    drawn = 0

    def source() -> Any:
        nonlocal drawn
        for number in count():
            drawn += 1
            yield [number]

    with Pool(Echo(), 2) as pool:
        results = pool.run(source(), most=6)
        first = next(results)
    assert first is not None
    assert drawn <= 8


def test_ends_its_workers() -> None:
    """When the pool is left, its processes are gone."""
    with Pool(Echo(), 2) as pool:
        list(pool.run([["a"], ["b"], ["c"]]))
        ids = pool.processes
        assert ids
    assert not any(_alive(pid) for pid in ids)


@pytest.mark.parametrize("unit", ["hang", "a"])
def test_workers_end_with_their_parent(unit: str) -> None:
    """Workers of a parent that was killed end by themselves, idle or in the middle of a call."""
    code = f"""
import sys
sys.path.insert(0, {str(TESTS)!r})
from helpers_many import Echo
from listening_coach.bulk.pool import Pool
if __name__ == "__main__":
    with Pool(Echo(), 1) as pool:
        for _ in pool.run([["a"], [{unit!r}], ["hang"]], beat_s=0.05):
            print(*pool.processes, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline().split()[0])
        for _ in range(3):
            parent.stdout.readline()
        parent.kill()
    for _ in range(600):
        if not _alive(worker):
            return
        time.sleep(0.05)
    pytest.fail("the worker outlives its parent")


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
