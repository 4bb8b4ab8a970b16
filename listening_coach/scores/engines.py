"""For engines that spread work over machines: one function from batches to batches, and the few lines that hand it to Ray and Spark.

Each row is a call, so engines may cut and place the rows as they like. What fails is a row with its error. What kills or holds up a
worker is the engine's to retry, unless there is a limit of time: then the reviews are done in a process of their own, and it
costs its call only.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..bulk.pool import Job, Known, Pool, Tick
from ..bulk.reviews import reviewed, untold, warm
from ..bulk.sources import Content, Found, Unit, calls
from ..bulk.tables import Options, arrow, behind, holding, packed, transcripts, unpacked
from ..coach import Coach
from ..errors import MissingExtraError, ReadError, not_taken
from .schema import Rows, scored_schema

if TYPE_CHECKING:
    import pyarrow
    import pyspark.sql
    import ray.data

# Reports of so many calls are in memory at a time, however large the engine's batches are.
CALLS_AT_ONCE = 64
# So many calls travel to a process of their own together; those before one that ends it are reviewed again.
_CALLS_GUARDED = 16
# How many such parcels the process may be ahead of what the engine has taken.
_AHEAD = 4
_IDS = ("call_id", "id", "conversation_id")
_TABLE = "table"


def score_batches(
    batches: Iterable[pyarrow.RecordBatch],
    *,
    rubric: str | Path | None = None,
    behaviours: str | Path | None = None,
    timeout_s: float | None = None,
) -> Iterator[pyarrow.RecordBatch]:
    """Scores the calls of Arrow batches: a row a call in, a row a call out, in their order.

    In: ``call_schema()``: a list ``turns`` and, as known, ``call_id``, ``started_at`` and further columns of texts and numbers; or a
    column ``transcript`` with what a transcript file holds. Out: ``scored_schema()``: the columns of ``calls``, and ``moments`` and
    ``action_points`` as lists. ``source`` and ``source_index`` are taken over where the rows have them, else ``source`` is the call's id and the
    index 0. A call that cannot be read or reviewed is a row with ``error``, ``error_where`` and ``error_remedy``.

    The coach is built once in a process. ``rubric`` and ``behaviours`` are paths that every worker can open, or names of ours.

    All is done in this process, so that a call that ends it, or never returns, is the engine's to deal with: it tries again, and in the end
    gives up. With ``timeout_s`` the reviews are done in a worker process of this one, which is kept for the batches to come: a call that ends
    that process (by a crash, or for want of memory), or takes longer than so many seconds to read or to review, is a row with its error like any
    other, and the rest goes on in a new one. That costs hardly any time, and the memory of the second process.

    Raises:
        ReadError: no column holds the turns, or ``source_index`` holds no numbers.
        RubricError, BehaviourError: the rubric or a behaviour cannot be used.
        WorkerError: with ``timeout_s``, the worker process cannot start.
    """
    given = _Coached(*((None if path is None else str(path), _mark(path)) for path in (rubric, behaviours)))
    if timeout_s is not None:
        yield from _guarded(_slices(batches, _CALLS_GUARDED), given, timeout_s)
        return
    for one in _slices(batches, CALLS_AT_ONCE):
        yield _scored(given.coach, one, {}, untold)


# What tells a file or folder from another that has taken its place.
_Mark = tuple[tuple[str, int, int], ...]


def _mark(path: str | Path | None) -> _Mark:
    """When a file, or the files of a folder, last changed; of a name of ours nothing."""
    place = Path("" if path is None else path)
    files = sorted(place.glob("*.toml")) if path is not None and place.is_dir() else [place]
    return tuple((str(file), (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files if file.is_file())


@dataclass(frozen=True)
class _Coached:
    """Which coach: its rubric and behaviours as they were given, each with its mark, so that a file that was edited is loaded anew."""

    rubric: tuple[str | None, _Mark]
    behaviours: tuple[str | None, _Mark]

    @property
    def coach(self) -> Coach:
        """The coach of this process: engines call us once for every batch."""
        return _coach(self)


@lru_cache(maxsize=4)
def _coach(given: _Coached) -> Coach:
    return Coach(given.rubric[0], given.behaviours[0])


@dataclass(frozen=True, slots=True)
class _Slice(Content):
    """Some rows of a batch, in memory or as an Arrow stream: the number of the first, and of each its source, its number there and its name."""

    rows: Any
    first: int
    sources: Sequence[str]
    numbers: Sequence[int]
    names: Sequence[str]

    def sent(self) -> _Slice:
        """The same, ready to be sent to another process."""
        return replace(self, rows=packed(self.rows))

    def _batch(self) -> pyarrow.RecordBatch:
        return unpacked(self.rows) if isinstance(self.rows, bytes) else self.rows

    def open(self, options: Options) -> Iterator[Found]:
        """The calls of the rows."""
        return transcripts(self._batch(), options, where=_TABLE, first=self.first)

    def after(self, call: int) -> Content | None:
        """The rows behind that one."""
        rest = behind(self._batch(), call, nested=True)
        return None if rest is None else replace(self, rows=rest, first=self.first + call + 1)


_BATCHES_ONLY = "Pass record batches of Arrow, such as table.to_batches() gives."


def _slices(batches: Iterable[pyarrow.RecordBatch], size: int) -> Iterator[_Slice]:
    """The rows of the batches, so many at a time."""
    if not isinstance(batches, Iterable):
        raise not_taken(ReadError, "batches", batches, _BATCHES_ONLY)
    for batch in batches:
        if not hasattr(batch, "num_rows"):
            raise not_taken(ReadError, "batches", batch, _BATCHES_ONLY)
        for first in range(0, batch.num_rows, size):
            some = batch.slice(first, size)
            yield _Slice(some, first, *_about(some, first))


def _scored(coach: Coach, some: _Slice, known: Known, tick: Tick) -> pyarrow.RecordBatch:
    """The rows of a slice's calls, scored."""
    rows = Rows()
    unit = Unit(_TABLE, some.first, "", 0, some, several=True, calls=len(some.names))
    for n, found in calls(unit, Options(), known, tick):
        tick(n, "review")
        name = some.names[n]
        rows.add(reviewed(coach, found, name), source=some.sources[n], source_index=some.numbers[n], fingerprint=None, call_id=name)
    return rows.whole()


def _about(batch: pyarrow.RecordBatch, first: int) -> tuple[list[str], list[int], list[str]]:
    """Source, number in it, and name of each row.

    Raises:
        ReadError: no column holds the turns, or the numbers are none.
    """
    holding(batch.schema, _TABLE)
    ids, sources = _texts(batch, _IDS), _texts(batch, ("source",))
    names = [own or f"row {first + n}" for n, own in enumerate(ids)]
    pa = arrow()
    numbers: list[int | None] = [None] * batch.num_rows
    if "source_index" in batch.schema.names:
        try:
            numbers = batch.column("source_index").cast(pa.int32()).to_pylist()
        except pa.ArrowException as error:
            raise ReadError(
                f"the column source_index cannot be taken for numbers: {' '.join(str(error).split())[:200]}",
                where=_TABLE,
                remedy="Give whole numbers below 2147483648, or leave the column out.",
            ) from error
    return [source or name for source, name in zip(sources, names, strict=True)], [number or 0 for number in numbers], names


def _texts(batch: pyarrow.RecordBatch, names: Iterable[str]) -> list[str | None]:
    name = next((n for n in names if n in batch.schema.names), None)
    return [None] * batch.num_rows if name is None else [None if v is None else str(v) for v in batch.column(name).to_pylist()]


# --- in a process of their own -------------------------------------------------------------------------------------


@dataclass
class _Scoring(Job):
    """Scores slices in a worker process, which alone has the coach."""

    given: _Coached

    def warm(self) -> None:
        """Builds the coach, reviews a call and makes rows of nothing."""
        warm(self.given.coach)
        Rows().whole()

    def run(self, unit: _Slice, known: Known, tick: Tick) -> bytes:
        """The rows of a slice, as an Arrow stream."""
        return packed(_scored(self.given.coach, unit, known, tick))

    def close(self, number: int, values: list[bytes]) -> bytes:
        """The rows of the only slice."""
        return values[0]

    def name(self, unit: _Slice, call: int) -> str:
        """The call's id, or the number of its row."""
        return unit.names[call]


# Pools that wait for the next batch; one that is in use is not among them.
_idle: dict[tuple[int, _Coached, float], Pool] = {}


def _guarded(slices: Iterator[_Slice], given: _Coached, timeout_s: float) -> Iterator[pyarrow.RecordBatch]:
    # A copy of this process, as fork makes, has no part in its workers.
    key = (os.getpid(), given, timeout_s)
    pool = _idle.pop(key, None) or Pool(_Scoring(given), 1, timeout_s)
    try:
        for done in pool.in_order(([one.sent()] for one in slices), most=_AHEAD):
            yield unpacked(done.value)
    except BaseException:
        # It has work left that nobody waits for.
        pool.end()
        raise
    for spare in [_idle.pop(other) for other in list(_idle) if other[0] == key[0]]:
        spare.end()
    _idle[key] = pool


# --- Ray -----------------------------------------------------------------------------------------------------------


def score_ray(
    calls: ray.data.Dataset,
    *,
    rubric: str | None = None,
    behaviours: str | None = None,
    batch_size: int = 256,
    workers: int | None = None,
    timeout_s: float | None = None,
) -> ray.data.Dataset:
    """A Ray dataset of calls (``call_schema()``) as one of scores (``scored_schema()``).

    ``workers`` bounds how many tasks run at once, each on one core; None leaves it to Ray. Ray runs a task again whose worker dies.
    With ``timeout_s`` a call that ends its process, or takes longer, costs that call only, as ``score_batches`` tells.

    Raises:
        MissingExtraError: Ray is not installed.
    """
    _needed("ray", "ray", "score_ray()")
    scored: ray.data.Dataset = calls.map_batches(
        _ray_task(rubric, behaviours, timeout_s),
        batch_format="pyarrow",
        batch_size=batch_size,
        num_cpus=1,
        **({} if workers is None else {"concurrency": workers}),
    )
    return scored


def _ray_task(rubric: str | None, behaviours: str | None, timeout_s: float | None) -> Callable[[Any], Iterator[Any]]:
    def score(table: Any) -> Iterator[Any]:
        import pyarrow

        for batch in score_batches(table.combine_chunks().to_batches(), rubric=rubric, behaviours=behaviours, timeout_s=timeout_s):
            yield pyarrow.Table.from_batches([batch])

    return score


# --- Spark ---------------------------------------------------------------------------------------------------------


def score_spark(
    calls: pyspark.sql.DataFrame, *, rubric: str | None = None, behaviours: str | None = None, timeout_s: float | None = None
) -> pyspark.sql.DataFrame:
    """A Spark frame of calls (``call_schema()``) as one of scores (``scored_schema()``), with ``mapInArrow``.

    Spark runs a task again whose worker dies; by itself on one machine only where the master says so, as ``local[2,4]`` does (two cores, four
    tries). With ``timeout_s`` a call that ends its process, or takes longer, costs that call only, as ``score_batches`` tells.

    Raises:
        MissingExtraError: Spark is not installed.
    """
    _needed("pyspark", "spark", "score_spark()")

    def score(batches: Iterator[Any]) -> Iterator[Any]:
        return score_batches(batches, rubric=rubric, behaviours=behaviours, timeout_s=timeout_s)

    return calls.mapInArrow(score, spark_schema())


def spark_schema() -> Any:
    """``scored_schema()`` as Spark says it."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(scored_schema())


def _needed(package: str, extra: str, purpose: str) -> None:
    import importlib.util

    if importlib.util.find_spec(package) is None:
        raise MissingExtraError.of(package, extra, purpose)
