"""Whole batches measured: calls a second with one worker and with two, memory a worker, and what the time goes to.

    python tests/benchmarks/whole_batches.py [--calls 2000] [--words 1500] [--workers 1 2] [--source jsonl] [--engine]

Calls are made for it (``made_calls.py``). Times of other programs on the machine spoil the wall clock; the processor's time a call, which is
printed too, they spoil much less. Not a test: nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from made_calls import write_lines, write_parquet

from listening_coach.coach import Coach
from listening_coach.scores import State, Summary, run


class Measured(NamedTuple):
    """A batch, its calls a second once the workers work, the processor's seconds, the largest worker and the parent's growth in MB."""

    summary: Summary
    pace: float
    processor_s: float
    worker_mb: float
    parent_mb: float


def measured(source: Path, coach: Coach, workers: int) -> Measured:
    """A batch with so many workers."""
    import psutil

    me = psutil.Process()
    before = me.memory_info().rss
    peaks: dict[int, float] = {}
    parent = 0.0
    first: tuple[float, int] | None = None
    last = (0.0, 0)

    def watch(state: State) -> None:
        nonlocal parent, first, last
        last = (state.seconds, state.calls)
        first = first or (last if state.calls else None)
        parent = max(parent, (me.memory_info().rss - before) / 2**20)
        for child in me.children():
            try:
                peaks[child.pid] = max(peaks.get(child.pid, 0.0), child.memory_info().rss / 2**20)
            except psutil.Error:
                continue

    used = _used()
    with tempfile.TemporaryDirectory() as out:
        summary = run(source, Path(out) / "scores", coach=coach, workers=workers, watch=watch)
    # Starting the workers is not the batch's pace: counted from the first call to the last.
    pace = (last[1] - first[1]) / (last[0] - first[0]) if first is not None and last[0] > first[0] else 0.0
    return Measured(summary, pace, _used() - used, max(peaks.values(), default=0.0), parent)


def _used() -> float:
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def _spun(seconds: float) -> int:
    """How many rounds of plain arithmetic fit into so many seconds."""
    end = time.monotonic() + seconds
    rounds = 0
    while time.monotonic() < end:
        sum(range(1000))
        rounds += 1
    return rounds


def what_the_machine_gives(workers: int, seconds: float = 3.0) -> float:
    """How many times the work of one process so many do now: cores share their parts, and other programs take theirs."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(_spun, [0.1] * workers))
        alone = pool.submit(_spun, seconds).result()
        return sum(pool.map(_spun, [seconds] * workers)) / alone


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--words", type=int, default=1500)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--source", choices=["jsonl", "parquet"], default="jsonl")
    given = parser.parse_args()
    coach = Coach()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"calls.{given.source}"
        (write_parquet if given.source == "parquet" else write_lines)(source, given.calls, given.words)
        print(
            f"{given.calls:,} calls of {given.words:,} words, {source.stat().st_size >> 20:,} MB of {given.source}; load {os.getloadavg()[0]:.1f}"
        )
        paces = {}
        for workers in given.workers:
            found = measured(source, coach, workers)
            summary, paces[workers] = found.summary, found.pace
            shares = ", ".join(f"{stage} {share:.1%}" for stage, share in summary.shares.items())
            print(
                f"{workers} worker{'s' if workers > 1 else ''}: {found.pace:,.1f} calls a second ({summary.seconds:,.0f} s with the start), "
                f"{1000 * found.processor_s / summary.calls:,.1f} ms of a core a call; memory a worker {found.worker_mb:,.0f} MB, "
                f"the parent's growth {found.parent_mb:,.0f} MB; {shares}; {summary.failed} failed"
            )
        if 1 in paces and 2 in paces:
            given_by = what_the_machine_gives(2)
            print(
                f"two workers at {paces[2] / paces[1]:.2f} times one; two processes of plain arithmetic at {given_by:.2f} times one just now"
            )


if __name__ == "__main__":
    _main()
