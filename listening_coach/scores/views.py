"""A folder of scores as a DuckDB database: the tables as views, and the questions that are always asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import MissingExtraError, OutputError
from ..readers.walker import SCORES_FILE
from .schema import ACTION_POINTS, CALLS, KEY, MOMENTS, TABLES, WHOLE, Spec, table_schema
from .store import manifest

if TYPE_CHECKING:
    import duckdb

# Each view with what it shows; later ones may use earlier ones.
VIEWS: Mapping[str, tuple[str, str]] = {
    "sections": (
        "A row for each call and section of the rubric.",
        "select source, source_index, call_id, agent, started_at, unnest(sections, recursive := true) from calls",
    ),
    "items": (
        "A row for each call and item of the rubric.",
        "select source, source_index, call_id, agent, started_at, unnest(items, recursive := true) from calls",
    ),
    "failures": (
        "The calls that could not be read or reviewed, and what to do about them.",
        "select source, source_index, call_id, error_kind, error, error_where, error_remedy from calls where status = 'failed' order by all",
    ),
    "duplicates": (
        "Ids that several calls have, with where these come from.",
        """select call_id, count(*) as calls, list(source order by source, source_index) as sources
           from calls where status <> 'failed' group by call_id having count(*) > 1 order by calls desc, call_id""",
    ),
    "by_agent": (
        "Each agent's calls, mean score and its spread, the share of calls below 50, and the item to coach that comes up most.",
        """with focus as (
             select agent, mode(focus[1].item) as item from calls where len(focus) > 0 group by agent)
           select c.agent, count(*) as calls, count(score) as scored, round(avg(score), 1) as mean_score, round(stddev_samp(score), 1) as spread,
             round(avg((score < 50)::int), 3) as below_50, round(min(score), 1) as lowest, round(max(score), 1) as highest, any_value(f.item) as focus
           from calls c left join focus f on f.agent is not distinct from c.agent
           where status <> 'failed' group by c.agent order by mean_score desc nulls last, c.agent""",
    ),
    "by_week": (
        "Each week from Monday: calls, mean score, spread, and the customer's mood from start to end. Calls without a date are left out.",
        """select date_trunc('week', started_at)::date as week, count(*) as calls, count(score) as scored, round(avg(score), 1) as mean_score,
             round(stddev_samp(score), 1) as spread, round(avg(sentiment."change"), 3) as mood_change
           from calls where status <> 'failed' and started_at is not null group by 1 order by 1""",
    ),
    "worst_moments": (
        "What hinders, in the items and calls with the lowest scores first; the one with the heaviest item leads a call.",
        """select c.agent, m.call_id, c.score, m.behaviour, m.kind, m.quote, m.turn, m.time_s, i.score as item_score, c.started_at, m.source, m.source_index
           from moments m join calls c using (source, source_index)
           join items i on i.source = m.source and i.source_index = m.source_index and i.id = m.behaviour
           where m.counted and m.effect = 'hinders' and i.score is not null
           order by i.score, c.score nulls last, i.weight desc, m.source, m.source_index, m.number""",
    ),
    "open_promises": (
        "What agents promised, the earliest date first: to be checked off against what was done.",
        """select c.agent, a.owner, a.action, a.due, a.due_text, a.firmness, a.quote, c.customer, a.call_id, c.started_at, a.source, a.source_index
           from action_points a join calls c using (source, source_index)
           where a.kind = 'promise' and a.role = 'agent' and a.owner <> 'customer'
           order by a.due nulls last, c.started_at nulls last, a.source, a.source_index, a.number""",
    ),
}


def open_scores(folder: str | Path) -> duckdb.DuckDBPyConnection:
    """The scores of a folder as a DuckDB connection.

    Views: ``calls``, ``moments`` and ``action_points``, joined by ``source`` and ``source_index``; ``sections`` and ``items`` with a
    row for each; and ready questions: ``by_agent``, ``by_week``, ``worst_moments``, ``open_promises``, ``failures``, ``duplicates``. Each is
    a table to ask: ``scores.table("by_agent").df()`` for pandas, ``.pl()`` for polars, ``.arrow()`` for Arrow, or any SQL with
    ``scores.sql``. Nothing is loaded but what a question needs.

    ``folder`` was written by ``batch``, or holds Parquet files that an engine wrote of what ``score_batches`` gives.

    Raises:
        OutputError: it is no folder of scores.
        MissingExtraError: DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError.of("duckdb", "batch", "open_scores()") from error
    path = Path(folder)
    connection = duckdb.connect()
    try:
        if (path / SCORES_FILE).is_file():
            manifest(path)
            for table in TABLES:
                _table(connection, table, path / table)
        else:
            _engine_tables(connection, path)
        for name, (_, query) in VIEWS.items():
            connection.execute(f"create view {name} as {query}")
    except BaseException:
        connection.close()
        raise
    return connection


def _table(connection: duckdb.DuckDBPyConnection, name: str, folder: Path) -> None:
    if any(folder.glob("*.parquet")):
        connection.read_parquet(str(folder / "*.parquet")).create_view(name)
    else:
        # DuckDB refuses a pattern without files; a run that found no calls has none.
        connection.from_arrow(table_schema(name).empty_table()).create_view(name)


def _engine_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The views over a folder of rows as engines write them: a call a row."""
    files = sorted(p for p in folder.rglob("*.parquet") if not any(part.startswith((".", "_")) for part in p.relative_to(folder).parts))
    if not files:
        manifest(folder)  # which says what is wrong with it
    rows = connection.read_parquet([str(p) for p in files])
    missing = next((name for name, _, _ in WHOLE if name.rstrip("*") not in rows.columns), None)
    if missing is not None:
        raise OutputError(
            f"its tables are no scores: the column {missing.rstrip('*')} is missing",
            where=str(files[0]),
            remedy="Name a folder that batch or score_batches wrote.",
        )
    rows.project(_columns(CALLS)).create_view("calls")
    for table, spec in (("moments", MOMENTS), ("action_points", ACTION_POINTS)):
        listed = rows.project(f"{_columns(KEY)}, unnest({table}) as one")
        listed.project(f"{_columns(KEY)}, {_columns(spec, 'one.')}").create_view(table)


def _columns(spec: Spec, of: str = "") -> str:
    return ", ".join(f'{of}"{name.rstrip("*")}"' for name, _, _ in spec)
