"""Tables of turns in memory and in workbooks."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from listening_coach.errors import MissingExtraError, ReadError
from listening_coach.readers import read, read_many

COLUMNS: dict[str, list[Any]] = {
    "call_id": ["c1", "c1", "c2"],
    "Speaker": ["Agent", "Customer", "Agent"],
    "Text": ["Good day.", "Hello.", "42"],
    "Start (ms)": [100, 1000, None],
    "End (ms)": [700, 1400, None],
}


def _pandas() -> Any:
    return pytest.importorskip("pandas").DataFrame(COLUMNS)


def _polars() -> Any:
    return pytest.importorskip("polars").DataFrame(COLUMNS)


def _arrow() -> Any:
    return pytest.importorskip("pyarrow").table(COLUMNS)


SOURCES = {
    "pandas": _pandas,
    "polars": _polars,
    "polars-lazy": lambda: _polars().lazy(),
    "arrow": _arrow,
    "arrow-batch": lambda: _arrow().to_batches()[0],
    "arrow-reader": lambda: _arrow().to_reader(),
    "mappings": lambda: [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)],
}


@pytest.mark.parametrize("kind", SOURCES)
def test_table(kind: str) -> None:
    """A table with a call id yields its calls, and is left as it was."""
    source = SOURCES[kind]()
    first, second = read_many(source)
    assert [(t.speaker, str(t.role), t.text, t.start, t.end) for t in first.turns] == [
        ("Agent", "agent", "Good day.", 0.1, 0.7),
        ("Customer", "customer", "Hello.", 1.0, 1.4),
    ]
    assert [(t.text, t.start) for t in second.turns] == [("42", None)]
    assert [(c.id, c.metadata["format"]) for c in (first, second)] == [("c1", "table"), ("c2", "table")]


def test_table_of_one_call() -> None:
    """`read` takes a table of one call, dates and time spans as its times, and arrays of words."""
    pandas = pytest.importorskip("pandas")
    at = datetime(2025, 2, 3, 10, tzinfo=UTC)
    frame = pandas.DataFrame({
        "speaker": ["a", "b"],
        "text": ["Good day.", "Hello."],
        "timestamp": [at, at + timedelta(seconds=2.5)],
        "duration": [timedelta(seconds=1), None],
        "words": [[["Good", 0.0, 0.4], ["day.", 0.5, 1.0]], None],
    })  # fmt: skip
    call = read(frame)
    assert [(t.start, t.end, len(t.words)) for t in call.turns] == [(0.0, 1.0, 2), (2.5, None, 0)]
    assert call.started_at == at


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"speaker": ["a"], "length": [1]}, "no column holds the text; there are speaker, length"),
        ({"speaker": ["a", "b"], "text": ["", None]}, r"row 0: none of the 2 rows holds speech \(2 no text\)"),
        ({"speaker": ["a"], "text": ["x"], "start": [-1.0]}, "row 0: the start -1.0 is negative"),
        ({"speaker": ["a", "b"], "text": ["x", "y"], "start": ["0:01", "early"]}, "row 1: the start 'early' is no time"),
        ({"speaker": [], "text": []}, "it holds no turns"),
    ],
)
def test_table_broken(columns: dict[str, list[Any]], message: str) -> None:
    """What is wrong with a table is named by its row."""
    with pytest.raises(ReadError, match=message):
        read(pytest.importorskip("pandas").DataFrame(columns))


def _workbook(*rows: tuple[Any, ...]) -> bytes:
    book = pytest.importorskip("openpyxl").Workbook()
    book.active.title = "BehaviourInfo"
    book.active.append(["Calls of February"])
    sheet = book.create_sheet("Turns")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbook(tmp_path: Path) -> None:
    """The first sheet with a header of turns is read, below its title, times of the day as they stand."""
    path = tmp_path / "call.xlsx"
    path.write_bytes(
        _workbook(("Turns",), (), ("Speaker", "Text", "Start"), ("Agent", "Good day.", time(0, 0, 1)), (), ("Customer", 42, time(0, 1, 2)))
    )
    call = read(path)
    assert [(t.speaker, t.text, t.start) for t in call.turns] == [("Agent", "Good day.", 1.0), ("Customer", "42", 62.0)]
    assert (call.id, call.metadata["format"]) == ("call", "excel")


def test_workbook_wide(tmp_path: Path) -> None:
    """A column for each speaker is read across."""
    path = tmp_path / "call.xlsx"
    path.write_bytes(_workbook(("Start", "Agent", "Customer"), (1, "Good day.", None), (2, None, "Hello."), (3, "Right.", "Mm.")))
    assert [(t.speaker, t.text, t.start) for t in read(path).turns] == [
        ("Agent", "Good day.", 1.0),
        ("Customer", "Hello.", 2.0),
        ("Agent", "Right.", 3.0),
        ("Customer", "Mm.", 3.0),
    ]


def test_workbook_broken() -> None:
    """A workbook without such a header, or that is none inside, is refused in words."""
    with pytest.raises(ReadError, match="no sheet has a header that names the text"):
        read(_workbook(("Name", "Age"), ("Bo", 7)))
    data = _workbook(("Speaker", "Text"), ("Agent", "Hi."))
    with pytest.raises(ReadError, match=r"broken|cannot be read"):
        read(data[: len(data) // 2])


@pytest.mark.parametrize(("module", "extra", "source"), [("openpyxl", "excel", "workbook"), ("praatio", "textgrid", "grid")])
def test_missing_package(monkeypatch: pytest.MonkeyPatch, module: str, extra: str, source: str) -> None:
    """Without the package that a format needs, the error names the pip command."""
    data: Any = (
        _workbook(("Speaker", "Text"), ("Agent", "Hi."))
        if source == "workbook"
        else 'File type = "ooTextFile"\nObject class = "TextGrid"\n'
    )
    monkeypatch.setitem(__import__("sys").modules, module if module == "openpyxl" else "praatio.utilities", None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'listening-coach\[{extra}\]'"):
        read(data)
