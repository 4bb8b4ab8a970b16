"""The tables of a folder of scores as CSV or JSON Lines, each one file, written aside and renamed."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from typing import IO, Any

from ..private_files import private_opener
from ..report.as_dict import jsonable
from .schema import TABLES, Spec
from .store import Scores, failed

FORMATS = ("parquet", "csv", "jsonl")
# A cell that begins so is run as a formula by spreadsheets; an apostrophe before it makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_Writer = Callable[[str, Iterator[list[dict[str, Any]]], IO[str]], None]


def export(scores: Scores, form: str) -> None:
    """Writes each table as one file ``calls.csv`` or ``calls.jsonl`` and so on in the folder.

    Raises:
        OutputError: it cannot be written.
    """
    write = _csv if form == "csv" else _json_lines
    for table in TABLES:
        aside = scores.aside / f"{table}.{form}"
        try:
            # Spreadsheets take a file for UTF-8 if it begins with its mark.
            with open(aside, "w", encoding="utf-8-sig" if form == "csv" else "utf-8", newline="", opener=private_opener) as stream:
                write(table, _rows(scores, table), stream)
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(scores.folder / aside.name)
        except OSError as error:
            failed(error, scores.folder)


def _rows(scores: Scores, table: str) -> Iterator[list[dict[str, Any]]]:
    import pyarrow.parquet

    for part in scores.parts():
        with pyarrow.parquet.ParquetFile(scores.folder / table / part.name) as file:
            for batch in file.iter_batches(batch_size=256):
                yield batch.to_pylist()


def _json_lines(_table: str, rows: Iterator[list[dict[str, Any]]], stream: IO[str]) -> None:
    for some in rows:
        for row in some:
            stream.write(json.dumps(jsonable(row), ensure_ascii=False) + "\n")


def _csv(table: str, rows: Iterator[list[dict[str, Any]]], stream: IO[str]) -> None:
    writer = csv.writer(stream)
    head: list[str] | None = None
    for some in rows:
        for row in some:
            flat = _flat(table, row)
            if head is None:
                head = list(flat)
                writer.writerow(head)
            writer.writerow([cell(flat.get(name)) for name in head])
    if head is None:
        writer.writerow(_flat(table, _empty(TABLES[table])))


def _empty(spec: Spec) -> dict[str, Any]:
    return {name.rstrip("*"): [] if name.endswith("*") else None if isinstance(kind, str) else _empty(kind) for name, kind, _ in spec}


# Columns of calls that are no single value: what stands for each in a CSV file.
_NESTED = ("sections", "items", "metrics", "sentiment", "ledger", "focus", "strengths", "notes")


def _flat(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row with a value a column: a column for each metric, the rest of what is nested as JSON."""
    if table != "calls":
        return {name: json.dumps(value) if isinstance(value, list) else value for name, value in row.items()}
    flat = {name: value for name, value in row.items() if name not in _NESTED}
    flat |= {f"metrics.{name}": value for name, value in row["metrics"].items()}
    flat |= {f"sentiment.{name}": value for name, value in row["sentiment"].items()}
    for name in ("sections", "items"):
        flat[name] = json.dumps({one["id"]: one["score"] for one in row[name]})
    flat["ledger"] = "; ".join(f"{one['item']} {one['points']:g}" + (f": {one['quote']}" if one["quote"] else "") for one in row["ledger"])
    for name in ("focus", "strengths"):
        flat[name] = "; ".join(f"{one['title']}: {one['quote']}" if one["quote"] else str(one["title"]) for one in row[name])
    flat["notes"] = " ".join(row["notes"])
    return flat


def cell(value: Any) -> Any:
    """A value as a CSV cell that no spreadsheet runs as a formula."""
    plain = jsonable(value)
    if plain is None:
        return ""
    if isinstance(plain, str):
        text = plain.replace("\x00", "")
        return "'" + text if text.lstrip(" \u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text
    return plain
