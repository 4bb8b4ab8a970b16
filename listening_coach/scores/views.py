"""A folder of scores as a DuckDB database: the tables as views, and the questions that are always asked."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..bulk.tables import arrow
from ..errors import MissingExtraError, OutputError, own_errors
from ..readers.walker import SCORES_FILE
from ..reviews import REVIEWS_FILE, reviews_of
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
    "ledger": (
        "A row for each place where a call lost points; a call's add up to 100 less its score.",
        "select source, source_index, call_id, agent, started_at, unnest(ledger, recursive := true) from calls",
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
        "Each agent's calls, mean score and its spread, the share of calls below 50, and the item to coach that comes up most. "
        "An agent with an id is known by it, and by the latest name.",
        """select coalesce(arg_max(c.agent, c.started_at), any_value(c.agent)) as agent, count(*) as calls, count(score) as scored,
             round(avg(score), 1) as mean_score, round(stddev_samp(score), 1) as spread, round(avg((score < 50)::int), 3) as below_50,
             round(min(score), 1) as lowest, round(max(score), 1) as highest, mode(focus[1].item) as focus
           from calls c where status <> 'failed' group by coalesce(c.agent_id, c.agent) order by mean_score desc nulls last, 1""",
    ),
    "by_team": (
        "The same of each team.",
        """select team, count(*) as calls, count(score) as scored, round(avg(score), 1) as mean_score, round(stddev_samp(score), 1) as spread
           from calls where status <> 'failed' group by team order by mean_score desc nulls last, team""",
    ),
    "by_queue": (
        "The same of each queue.",
        """select queue, count(*) as calls, count(score) as scored, round(avg(score), 1) as mean_score, round(stddev_samp(score), 1) as spread
           from calls where status <> 'failed' group by queue order by mean_score desc nulls last, queue""",
    ),
    "metadata": (
        "A row for each call and each thing that is known of it beside what was said.",
        """with names as (select source, source_index, call_id, metadata as json, unnest(json_keys(metadata)) as name from calls where metadata is not null)
           select source, source_index, call_id, name, json_extract_string(json, '$."' || name || '"') as value from names""",
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


# What each table shows; ``schema`` describes its columns.
_TABLES: Mapping[str, str] = {
    "calls": "A row a call, also for a call that failed.",
    "moments": "A row a moment, every speaker's.",
    "action_points": "A row for each step that somebody committed themselves to.",
    "reviews": "A row for each review that people made of these calls, with what became of it and the library's own score.",
}
_REVIEWS: Mapping[str, str] = {
    "review_id": "string", "call_id": "string", "item": "string", "behaviour": "string", "turn": "int32", "quote": "string", "verdict": "string",
    "score": "float64", "comment": "string", "reviewer": "string", "role": "string", "reviewed_at": "timestamp", "about": "string", "status": "string",
}  # fmt: skip


class OpenScores:
    """Scores that can be asked: a context manager over a DuckDB database in memory.

    Views are attributes: ``scores.by_agent.df()`` is a frame of pandas, ``.pl()`` of polars, ``.arrow()`` an Arrow table, and
    ``scores.views`` tells what each shows. ``calls``, ``moments`` and ``action_points`` are the tables, joined by ``source`` and
    ``source_index``; ``sections``, ``items`` and ``ledger`` have a row for each of a call's; ``reviews`` are people's; ``by_agent``, ``by_team``,
    ``by_queue``, ``by_week``, ``worst_moments``, ``open_promises``, ``failures``, ``duplicates`` and ``metadata`` answer what is always asked.
    ``sql`` takes any other question. ``rubric`` is the name of the rubric that scored the calls, empty where that is not known.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, rubric: str) -> None:
        self.connection = connection
        self.folder = folder
        self.rubric = rubric
        self.views: Mapping[str, str] = {**_TABLES, **{name: meaning for name, (meaning, _) in VIEWS.items()}}

    def sql(self, query: str, **options: Any) -> duckdb.DuckDBPyRelation:
        """The answer to a question in SQL."""
        return self.connection.sql(query, **options)

    def table(self, name: str) -> duckdb.DuckDBPyRelation:
        """A view by its name."""
        return self.connection.table(name)

    def execute(self, query: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """Runs SQL with parameters."""
        return self.connection.execute(query, parameters)

    def rows(self, query: str, parameters: Any = None) -> list[dict[str, Any]]:
        """The answer to a question in SQL, a mapping a row."""
        found = self.connection.execute(query, parameters)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def __getattr__(self, name: str) -> duckdb.DuckDBPyRelation:
        if name not in self.__dict__.get("views", ()):
            raise AttributeError(f"scores have no view {name!r}; they have: {', '.join(self.__dict__.get('views', ()))}")
        return self.table(name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.views})

    def close(self) -> None:
        """Closes the database; the folder stays as it is."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Scores in {self.folder}: {', '.join(self.views)}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td style='text-align:left'>{html.escape(meaning)}</td></tr>"
            for name, meaning in self.views.items()
        )
        return f"<p>Scores in {html.escape(str(self.folder))}</p><table><thead><tr><th>view</th><th>shows</th></tr></thead><tbody>{rows}</tbody></table>"


@own_errors(OutputError, "opening the scores", "scores", "Name a folder that listening-coach batch wrote.")
def open_scores(folder: str | Path, *, reviews: Any = None) -> OpenScores:
    """The scores of a folder, ready to be asked; nothing is loaded but what a question needs.

    ``folder`` was written by ``batch``, or holds Parquet files that an engine wrote of what ``score_batches`` gives. ``reviews`` are people's
    reviews, as a file or otherwise; None stands for ``reviews.jsonl`` in the folder, where there is one.

    Raises:
        OutputError: it is no folder of scores.
        ReviewError: the reviews cannot be read.
        MissingExtraError: DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError.of("duckdb", "batch", "open_scores()") from error
    path = Path(folder)
    connection = duckdb.connect()
    rubric = ""
    try:
        if (path / SCORES_FILE).is_file():
            rubric = str(manifest(path)["scored_by"].get("rubric", ""))
            for table in TABLES:
                _table(connection, table, path / table)
        else:
            _engine_tables(connection, path)
        _reviews_table(connection, path, reviews)
        for name, (_, query) in VIEWS.items():
            connection.execute(f"create view {name} as {query}")
    except BaseException:
        connection.close()
        raise
    return OpenScores(connection, path, rubric)


def _reviews_table(connection: duckdb.DuckDBPyConnection, folder: Path, given: Any) -> None:
    """The view of people's reviews, each with its call and the library's score of what it is about."""
    pa = arrow()
    if given is None:
        given = folder / REVIEWS_FILE if (folder / REVIEWS_FILE).is_file() else ()
    reviews = reviews_of(given)
    rows = [
        {
            "review_id": r.id, "call_id": r.call, "item": r.item or (r.moment.behaviour if r.moment is not None else None),
            "behaviour": None if r.moment is None else r.moment.behaviour, "turn": None if r.moment is None else r.moment.turn,
            "quote": None if r.moment is None else r.moment.quote, "verdict": r.verdict.value, "score": r.score, "comment": r.comment, "reviewer": r.by,
            "role": r.role, "reviewed_at": r.at.astimezone(UTC).replace(tzinfo=None), "about": r.about, "status": reviews.status(r).value,
        }
        for r in reviews
    ]  # fmt: skip
    types = {name: pa.timestamp("us") if kind == "timestamp" else getattr(pa, kind)() for name, kind in _REVIEWS.items()}
    connection.register("reviews_given", pa.Table.from_pylist(rows, schema=pa.schema(list(types.items()))))
    connection.execute(
        """create view reviews as
           select r.*, c.source, c.source_index, c.agent,
             case when r.item is null then c.score else [i.score for i in c.items if i.id = r.item][1] end as library_score
           from reviews_given r left join (select * from calls qualify row_number() over (partition by call_id order by source, source_index) = 1) c
             using (call_id) order by r.reviewed_at, r.review_id"""
    )


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
