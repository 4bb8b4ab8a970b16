"""Writes ``data/scores.md``, the page on the tables of scores, and the JSON Schemas in the package; a test holds them to their sources.

python tests/benchmarks/publish_schema.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from listening_coach import schemas
from listening_coach.scores.schema import ACTION_POINTS, CALLS, MOMENTS, SCHEMA_VERSION, TABLES
from listening_coach.scores.views import VIEWS

PAGE = Path(__file__).parents[2] / "data" / "scores.md"
_TITLES = {
    "calls": "A row a call, also for a call that failed.",
    "moments": "A row a moment, every speaker's.",
    "action_points": "A row for each step that somebody committed themselves to.",
}


def _type(kind: Any, listed: bool) -> str:
    name = kind if isinstance(kind, str) else "struct"
    return f"list of {name}" if listed else name


def _rows(spec: Any, of: str = "") -> list[str]:
    lines = []
    for name, kind, meaning in spec:
        bare = f"{of}{name.rstrip('*')}"
        lines.append(f"| `{bare}` | {_type(kind, name.endswith('*'))} | {meaning} |")
        if not isinstance(kind, str):
            lines += _rows(kind, f"{bare}.")
    return lines


def page() -> str:
    """The text of the page."""
    lines = [
        "# The tables of scores",
        "",
        f"What `listening-coach batch` writes and `score_batches` gives. Schema version {SCHEMA_VERSION}: the first number is raised when a column",
        "goes or changes its meaning, the second when one comes. It stands in the metadata of every Parquet file (`listening_coach.schema_version`)",
        "and in the folder's `listening_coach.json`. This page is written by `python tests/benchmarks/publish_schema.py`.",
        "",
        "Types are Arrow's. `score_batches` gives `calls` with two more columns, `moments` and `action_points`, as lists of structs of the columns below.",
    ]
    for table, spec in TABLES.items():
        lines += ["", f"## {table}", "", _TITLES[table], "", "| column | type | meaning |", "|---|---|---|", *_rows(spec)]
    lines += ["", "## Views of `open_scores`", "", "Besides the tables themselves:", "", "| view | what it shows |", "|---|---|"]
    lines += [f"| `{name}` | {meaning} |" for name, (meaning, _) in VIEWS.items()]
    return "\n".join(lines) + "\n"


def schema_text(kind: str) -> str:
    """The text of a JSON Schema's file."""
    return json.dumps(schemas.schema(kind), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for kind in schemas.kinds():
        schemas.path(kind).write_text(schema_text(kind), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE}: {len(CALLS) + len(MOMENTS) + len(ACTION_POINTS)} columns")
