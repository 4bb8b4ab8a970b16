"""For engines that spread work over machines: one function from batches to batches, and the few lines that hand it to Ray and Spark.

Each row is a call, so engines may cut and place the rows as they like. What fails is a row with its error; what kills a worker
is the engine's to retry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..coach import Coach
from ..errors import MissingExtraError
from ..many.reviews import reviewed
from ..many.tables import Options, transcripts
from .schema import Rows, scored_schema

if TYPE_CHECKING:
    import pyarrow
    import pyspark.sql
    import ray.data

# Reports of so many calls are in memory at a time, however large the engine's batches are.
CALLS_AT_ONCE = 64


@lru_cache(maxsize=4)
def _coach(rubric: str | None, behaviours: str | None) -> Coach:
    """The coach of this process: engines call us once for every batch."""
    return Coach(rubric, behaviours)


def score_batches(
    batches: Iterable[pyarrow.RecordBatch], *, rubric: str | Path | None = None, behaviours: str | Path | None = None
) -> Iterator[pyarrow.RecordBatch]:
    """Scores the calls of Arrow batches: a row a call in, a row a call out, in their order.

    In: ``call_schema()``: a list ``turns`` and, as known, ``call_id``, ``started_at`` and further columns of texts and numbers; or a
    column ``transcript`` with what a transcript file holds. Out: ``scored_schema()``: the columns of ``calls``, and ``moments`` and
    ``action_points`` as lists. ``source`` and ``source_index`` are taken over where the rows have them, else ``source`` is the call's id and the
    index 0. A call that cannot be read or reviewed is a row with ``error``, ``error_where`` and ``error_remedy``.

    The coach is built once in a process. ``rubric`` and ``behaviours`` are paths that every worker can open, or names of ours.

    Raises:
        ReadError: no column holds the turns.
        RubricError, BehaviourError: the rubric or a behaviour cannot be used.
    """
    coach = _coach(None if rubric is None else str(rubric), None if behaviours is None else str(behaviours))
    for batch in batches:
        for first in range(0, batch.num_rows, CALLS_AT_ONCE):
            yield _scored(coach, batch.slice(first, CALLS_AT_ONCE), first)


def _scored(coach: Coach, batch: pyarrow.RecordBatch, first: int) -> pyarrow.RecordBatch:
    rows = Rows()
    ids = _texts(batch, ("call_id", "id", "conversation_id"))
    sources = _texts(batch, ("source",))
    numbers = batch.column("source_index").to_pylist() if "source_index" in batch.schema.names else [0] * batch.num_rows
    for n, found in enumerate(transcripts(batch, Options(), first=first)):
        name = ids[n] or f"row {first + n}"
        rows.add(reviewed(coach, found, name), source=sources[n] or name, source_index=int(numbers[n] or 0), fingerprint=None, call_id=name)
    return rows.whole()


def _texts(batch: pyarrow.RecordBatch, names: Iterable[str]) -> list[str | None]:
    name = next((n for n in names if n in batch.schema.names), None)
    return [None] * batch.num_rows if name is None else [None if v is None else str(v) for v in batch.column(name).to_pylist()]


# --- Ray -----------------------------------------------------------------------------------------------------------


def score_ray(
    calls: ray.data.Dataset,
    *,
    rubric: str | None = None,
    behaviours: str | None = None,
    batch_size: int = 256,
    workers: int | None = None,
) -> ray.data.Dataset:
    """A Ray dataset of calls (``call_schema()``) as one of scores (``scored_schema()``).

    ``workers`` bounds how many tasks run at once, each on one core; None leaves it to Ray. Ray runs a task again whose worker dies.

    Raises:
        MissingExtraError: Ray is not installed.
    """
    _needed("ray", "ray", "score_ray()")
    scored: ray.data.Dataset = calls.map_batches(
        _ray_task(rubric, behaviours),
        batch_format="pyarrow",
        batch_size=batch_size,
        num_cpus=1,
        **({} if workers is None else {"concurrency": workers}),
    )
    return scored


def _ray_task(rubric: str | None, behaviours: str | None) -> Callable[[Any], Iterator[Any]]:
    def score(table: Any) -> Iterator[Any]:
        import pyarrow

        for batch in score_batches(table.combine_chunks().to_batches(), rubric=rubric, behaviours=behaviours):
            yield pyarrow.Table.from_batches([batch])

    return score


# --- Spark ---------------------------------------------------------------------------------------------------------


def score_spark(calls: pyspark.sql.DataFrame, *, rubric: str | None = None, behaviours: str | None = None) -> pyspark.sql.DataFrame:
    """A Spark frame of calls (``call_schema()``) as one of scores (``scored_schema()``), with ``mapInArrow``.

    Spark runs a task again whose worker dies; by itself on one machine only where the master says so, as ``local[2,4]`` does (two cores, four
    tries).

    Raises:
        MissingExtraError: Spark is not installed.
    """
    _needed("pyspark", "spark", "score_spark()")

    def score(batches: Iterator[Any]) -> Iterator[Any]:
        return score_batches(batches, rubric=rubric, behaviours=behaviours)

    return calls.mapInArrow(score, spark_schema())


def spark_schema() -> Any:
    """``scored_schema()`` as Spark says it."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(scored_schema())


def _needed(package: str, extra: str, purpose: str) -> None:
    import importlib.util

    if importlib.util.find_spec(package) is None:
        raise MissingExtraError.of(package, extra, purpose)
