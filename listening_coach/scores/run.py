"""Scores many calls into a folder: planned here, done by worker processes, put in place part by part."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from ..bulk.failure import Failure
from ..bulk.metadata import CallInfo, Joined, call_info
from ..bulk.pool import Done, Here, Job, Known, Pool, Tick
from ..bulk.reviews import checked_workers, reviewed, warm
from ..bulk.sources import Plan, Unit, calls
from ..bulk.tables import Options, arrow
from ..coach import Coach
from ..errors import OutputError
from .export import FORMATS, cell, export
from .schema import Rows
from .store import Progress, Scores, failed, is_alone, marked, scorer, write_table

# A part holds so many calls at most; a run that is killed loses no more than each worker's part.
PART_CALLS = 512
_PART_BYTES = 64 * 2**20
# The first parts are small: results and progress show soon, and a short batch is shared evenly.
_FIRST_CALLS = 8
_BEAT_S = 0.25
# So long an interrupted run waits for the calls that the workers are at.
_STOP_S = 10.0
_SHOWN_FAILURES = 20

# What metadata and calls have not in common.
UNMATCHED_FILE = "unmatched.csv"

STAGES = ("read", "review", "rows", "write")


class Part(NamedTuple):
    """A part as a worker hands it over: its files, its counts, and the seconds each stage took."""

    files: Mapping[str, str]
    calls: int
    scored: int
    failed: int
    moments: int
    seconds: tuple[float, ...]
    failures: tuple[Failure, ...]
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class State:
    """How far a run is: calls done and failed in it, calls found done already, bytes of the sources gone through, and of all."""

    calls: int
    failed: int
    skipped: int
    bytes_done: int
    bytes_total: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did.

    ``calls`` were done in it: ``scored``, ``not_scored`` (too short and the like) or ``failed``. ``skipped`` were done before;
    ``changed`` pieces of the sources (files, or lines of them) had changed since, and the rows of ``replaced`` calls made way. ``damaged``
    parts of earlier runs were set aside and their calls done again. The sources of ``gone`` calls are there no more; ``pruned`` tells whether
    their rows were deleted. ``duplicates`` counts ids of calls that occur more than once in the
    folder. ``seconds`` is the time it took, ``shares`` what part of the workers' time went to each stage. ``failures`` are the first of
    them, ``kinds`` counts all. ``joined`` tells how the metadata fits the calls of the folder, None where none was given.
    """

    out: Path
    calls: int
    scored: int
    not_scored: int
    failed: int
    moments: int
    skipped: int
    changed: int
    replaced: int
    damaged: int
    duplicates: int
    seconds: float
    shares: Mapping[str, float]
    failures: tuple[Failure, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)
    joined: Joined | None = None
    gone: int = 0
    pruned: bool = False

    @property
    def calls_a_second(self) -> float:
        """How fast it was."""
        return self.calls / self.seconds if self.seconds else 0.0

    def lines(self) -> list[str]:
        """The summary as sentences."""
        said = [
            f"{_count(self.calls, 'call')} in {self.seconds:,.1f} s ({self.calls_a_second:,.1f} a second): {self.scored:,} scored, "
            f"{self.not_scored:,} not scored, {self.failed:,} failed."
        ]
        if self.calls:
            said.append("Time went to " + ", ".join(f"{_DOING[stage]} {share:.0%}" for stage, share in self.shares.items()) + ".")
        if self.skipped:
            said.append(f"Done before: {_count(self.skipped, 'call')}.")
        if self.replaced:
            said.append(f"Changed since they were scored: {_count(self.replaced, 'call')}, whose rows have made way.")
        if self.gone and self.pruned:
            said.append(f"Sources that are gone: the scores of {_count(self.gone, 'call')} were deleted.")
        elif self.gone:
            said.append(f"Sources that are gone: {_count(self.gone, 'call')}, whose scores stay. Delete them with --prune (prune=True).")
        if self.damaged:
            said.append(f"Damaged and scored again: {_count(self.damaged, 'part')} of earlier runs.")
        if self.kinds:
            shown = ", ".join(f"{n:,} {kind}" for kind, n in sorted(self.kinds.items(), key=lambda k: (-k[1], k[0])))
            said.append(f"Failures by kind: {shown}. The view failures has them all, with the remedies.")
        if self.joined is not None:
            said += self.joined.lines()
        if self.duplicates:
            said.append(f"Of more than one call: {_count(self.duplicates, 'id')}. The view duplicates lists them.")
        return [*said, f"Scores: {self.out}. Open them with listening_coach.open_scores({str(self.out)!r})."]


_DOING = {"read": "reading", "review": "reviewing", "rows": "making rows", "write": "writing"}


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


@dataclass
class Scoring(Job):
    """Reviews the calls of each unit and writes those of a chunk as a part."""

    coach: Coach
    options: Options
    aside: str

    def __post_init__(self) -> None:
        self._rows = Rows()
        self._seconds = dict.fromkeys(STAGES, 0.0)
        self._failures: list[Failure] = []
        self._since = time.perf_counter()

    def __reduce__(self) -> tuple[Any, ...]:
        return Scoring, (self.coach, self.options, self.aside)

    def warm(self) -> None:
        """Reviews a call and makes rows of nothing."""
        warm(self.coach)
        Rows().tables()

    def _took(self, stage: str) -> None:
        now = time.perf_counter()
        self._seconds[stage] += now - self._since
        self._since = now

    def run(self, unit: Unit, known: Known, tick: Tick) -> None:
        """Adds the rows of a unit's calls."""
        self._since = time.perf_counter()
        for n, found in calls(unit, self.options, known, tick):
            tick(n, "review")
            self._took("read")
            result = reviewed(self.coach, found, unit.name(n))
            self._took("review")
            if isinstance(result, Failure):
                self._failures.append(result)
            call_id = (result.call_id if isinstance(result, Failure) else result.transcript.id) or unit.call_id(n)
            mark = marked(unit.fingerprint, self.options.info, unit.source, call_id, alone=unit.is_alone(n))
            self._rows.add(result, source=unit.source, source_index=unit.first + n, fingerprint=mark, call_id=call_id)
            self._took("rows")
        self._took("read")

    def close(self, number: int, values: list[None]) -> Part:
        """Writes the part aside."""
        self._since = time.perf_counter()
        rows, self._rows = self._rows, Rows()
        batches = rows.tables()
        self._took("rows")
        files = {table: os.path.join(self.aside, f"{os.getpid()}-{number}.{table}.parquet") for table in batches}
        try:
            for table, batch in batches.items():
                write_table(arrow().Table.from_batches([batch]), Path(files[table]))
        except OSError as error:
            failed(error, Path(self.aside).parent)
        self._took("write")
        seconds, self._seconds = self._seconds, dict.fromkeys(STAGES, 0.0)
        failures, self._failures = self._failures, []
        return Part(
            files, rows.calls, rows.scored, rows.failed, batches["moments"].num_rows, tuple(seconds.values()),
            tuple(failures[:_SHOWN_FAILURES]), Counter(f.kind for f in failures),
        )  # fmt: skip

    def name(self, unit: Unit, call: int) -> str:
        """The call's place in its source."""
        return unit.name(call)


def run(
    sources: Any,
    out: str | Path,
    *,
    coach: Coach | None = None,
    workers: int | None = None,
    timeout_s: float | None = 60.0,
    format: str | None = None,  # noqa: A002 - as in read
    roles: Mapping[str, str] | None = None,
    metadata: Any = None,
    path: str | None = None,
    write: str = "parquet",
    retry_failed: bool = False,
    overwrite: bool = False,
    prune: bool = False,
    watch: Callable[[State], None] | None = None,
) -> Summary:
    """Scores every call of ``sources`` into the folder ``out``, and goes on there where an earlier run stopped.

    ``sources`` are those of ``Coach.review_many``: files, folders, patterns, JSON Lines, zips, Parquet tables of calls or turns. In
    the folder stand the Parquet tables ``calls``, ``moments`` and ``action_points``; ``open_scores`` opens them. A call that is done and
    whose source is the same is not done again; rows of a source that has changed are replaced. ``workers`` are processes, None for one a
    core; a call that ends its process, or takes longer than ``timeout_s`` seconds, costs that call only. ``workers=0`` means this process, without
    that protection. ``write="csv"`` or
    ``"jsonl"`` writes each table as such a file besides. ``metadata`` is a table with what is known of each call (a CSV, JSON Lines, Parquet or
    Excel file, a table in memory, or mappings), a row a call, named by a column ``call_id`` or ``file``; ``path`` is a pattern such as
    ``"{agent}/{date}_{call_id}.json"`` that takes metadata from the files' paths. Calls whose
    metadata has changed are scored again. ``retry_failed`` does calls again that failed before, ``overwrite`` all.
    ``prune`` deletes the rows of calls whose sources are there no more, which are counted in any case. ``watch`` is told how far it is, several times a second.

    Raises:
        OutputError: the folder cannot be written, is in use, or holds scores by another rubric; what is done stays.
        WorkerError: the workers cannot start.
        MissingExtraError: pyarrow is not installed.
    """
    arrow()
    count = checked_workers(workers, least=0)
    if write not in FORMATS:
        raise OutputError(f"there is no format {write!r}", where="write", remedy=f"The formats are: {', '.join(FORMATS)}.")
    begun = time.monotonic()
    coach = coach or Coach()
    info = call_info(metadata, path)
    options = Options(format, roles, info)
    with Scores(out) as scores:
        scores.begin(scorer(coach, options), overwrite=overwrite)
        earlier = Progress(scores, retry_failed, info)
        plan = Plan(sources, options, wanted=earlier.wanted, ended=earlier.ended, once=True)
        tally = _Tally(earlier, plan, begun)
        job = Scoring(coach, options, str(scores.aside.resolve()))
        with Pool(job, count, timeout_s) if count else Here(job) as pool:
            try:
                for done in pool.run(_chunks(plan.units(), count), beat_s=_BEAT_S if watch is not None else None):
                    if done is not None:
                        _keep(done, earlier, scores, tally)
                    if watch is not None:
                        watch(tally.state(pool.begun))
            except KeyboardInterrupt:
                # What the workers have done of their open parts stays, too; a second interruption ends it at once.
                for done in pool.stop(_STOP_S):
                    if done.value.calls:
                        _keep(done, earlier, scores, tally)
                raise
        gone = scores.gone()
        if prune:
            for part, found in gone.items():
                scores.drop(part, found)
        # What is left belongs to sources that hold fewer calls than they did, and of which nothing was to be done.
        earlier.settle(list(earlier.stale))
        seconds = time.monotonic() - begun
        if write != "parquet":
            export(scores, write)
        summary = tally.summary(Path(out), len(scores.damaged), _duplicates(scores))
        joined = None if info is None else _joined(scores, info)
        return replace(summary, seconds=seconds, gone=sum(map(len, gone.values())), pruned=prune, joined=joined)


def _keep(done: Done, earlier: Progress, scores: Scores, tally: _Tally) -> None:
    """Puts a part in its place, where stale rows have made way for it."""
    earlier.settle({unit.source for unit in done.units})
    scores.commit(done.value.files)
    tally.add(done)


def _joined(scores: Scores, info: CallInfo) -> Joined:
    """How the metadata fits the calls of the folder; what is left over on either side is written there as a file."""
    rows = ((source, number, call_id, is_alone(mark or "")) for source, number, call_id, mark in scores.keys())  # noqa: SIM118 - no mapping
    joined = info.joined(rows)
    left = [("call", name) for name in joined.without_row] + [("metadata", place) for place in joined.without_call]
    lines = [("side", "name"), *left]
    scores.write(UNMATCHED_FILE, "".join(f'{side},"{cell(name).replace(chr(34), chr(34) * 2)}"\n' for side, name in lines))
    return joined


def _chunks(units: Iterator[Unit], workers: int) -> Iterator[list[Unit]]:
    """Units for a part each: few calls at first, then more."""
    chunk: list[Unit] = []
    held = size = parts = 0
    for unit in units:
        chunk.append(unit)
        held += (unit.calls or 1) - len(unit.skip)
        size += unit.size
        if held >= min(PART_CALLS, _FIRST_CALLS * 2 ** (parts // max(1, 2 * workers))) or size >= _PART_BYTES:
            yield chunk
            chunk, held, size, parts = [], 0, 0, parts + 1
    if chunk:
        yield chunk


class _Tally:
    """What a run has done so far."""

    def __init__(self, earlier: Progress, plan: Plan, begun: float) -> None:
        self._earlier, self._plan, self._begun = earlier, plan, begun
        self._total: int | None = None
        self._calls = self._scored = self._failed = self._moments = self._bytes = 0
        self._seconds = [0.0] * len(STAGES)
        self._failures: list[Failure] = []
        self._kinds: Counter[str] = Counter()

    def add(self, done: Done) -> None:
        """Adds a part."""
        part: Part = done.value
        self._calls += part.calls
        self._scored += part.scored
        self._failed += part.failed
        self._moments += part.moments
        self._bytes += sum(unit.size for unit in done.units)
        self._seconds = [a + b for a, b in zip(self._seconds, part.seconds, strict=True)]
        self._failures = (self._failures + list(part.failures))[:_SHOWN_FAILURES]
        self._kinds.update(part.kinds)

    def state(self, begun: int) -> State:
        """How far the run is; ``begun`` are calls that workers have begun and not handed over."""
        if self._total is None:
            self._total = self._plan.total_bytes()
        return State(
            self._calls + begun,
            self._failed,
            self._earlier.skipped,
            self._bytes + self._plan.left_bytes,
            self._total,
            time.monotonic() - self._begun,
        )

    def summary(self, out: Path, damaged: int, duplicates: int) -> Summary:
        """What was done."""
        whole = sum(self._seconds) or 1.0
        return Summary(
            out=out, calls=self._calls, scored=self._scored, not_scored=self._calls - self._scored - self._failed, failed=self._failed,
            moments=self._moments, skipped=self._earlier.skipped, changed=self._earlier.changed, replaced=self._earlier.replaced,
            damaged=damaged, duplicates=duplicates, seconds=0.0,
            shares={stage: seconds / whole for stage, seconds in zip(STAGES, self._seconds, strict=True)},
            failures=tuple(self._failures), kinds=dict(self._kinds),
        )  # fmt: skip


def _duplicates(scores: Scores) -> int:
    """How many ids of calls stand in more than one row; counted by DuckDB, which needs no memory for all of them."""
    if not any(scores.parts()):
        return 0
    try:
        import duckdb
    except ImportError:
        return 0
    files = str(scores.folder / "calls" / "*.parquet").replace("'", "''")
    query = f"select count(*) from (select call_id from read_parquet('{files}') where error is null group by call_id having count(*) > 1)"  # noqa: S608
    with duckdb.connect() as connection:
        row = connection.execute(query).fetchone()
    return 0 if row is None else int(row[0])
