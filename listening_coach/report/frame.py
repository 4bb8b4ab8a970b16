"""The report's moments as a pandas frame."""

from __future__ import annotations

import json
from math import fsum
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtraError, ReportError
from ..ledger import Entry
from .as_dict import jsonable
from .lost import kind_of
from .page import counted, title_of

if TYPE_CHECKING:
    import pandas

    from . import Report

# Each column with its kind; the kind holds for a call without moments too.
_COLUMNS: dict[str, str] = {
    "call": "object",
    "turn": "int64",
    "time_s": "float64",
    "speaker": "object",
    "role": "object",
    "behaviour": "object",
    "title": "object",
    "effect": "object",
    "kind": "object",
    "kind_title": "object",
    "quote": "object",
    "start": "int64",
    "end": "int64",
    "rule": "object",
    "inferred": "bool",
    "confidence": "float64",
    "perhaps": "bool",
    "counted": "bool",
    "points": "float64",
    "details": "object",
}


_LEDGER_COLUMNS: dict[str, str] = {
    "call": "object",
    "item": "object",
    "title": "object",
    "section": "object",
    "kind": "object",
    "points": "float64",
    "turn": "Int64",
    "time_s": "float64",
    "quote": "object",
    "reason": "object",
    "earned_by": "object",
    "confidence": "float64",
}
ROWS = ("moments", "ledger")


def to_frame(report: Report, rows: str = "moments") -> pandas.DataFrame:
    """One row a moment, every speaker's, in order of turn and start; or one row a line of the ledger, the heaviest first.

    Columns of ``moments``: ``call`` (its id), ``turn`` (from 0), ``time_s`` (seconds, NaN without times), ``speaker``, ``role``, ``behaviour``, ``title``,
    ``effect`` ("helps", "hinders"), ``kind`` and ``kind_title``, ``quote``, ``start`` and ``end`` (characters of the turn's text),
    ``rule``, ``inferred``, ``confidence`` (0 to 1), ``perhaps`` (too uncertain to count), ``counted`` (the agent's, neither inferred nor
    uncertain, of a kind that counts), ``points`` (what it cost the call, as in the ledger; 0 where nothing) and ``details`` (JSON).
    Those of ``ledger`` are the fields of its entries; ``turn`` is missing where a loss has no place.
    The frame's ``attrs`` hold the call's ``score`` and ``outcome``.

    Raises:
        ReportError: there are no such rows.
        MissingExtraError: pandas is not installed.
    """
    report = report.masked
    try:
        import pandas
    except ImportError as error:
        raise MissingExtraError.of("pandas", "frames", "to_frame()") from error
    if rows not in ROWS:
        raise ReportError(f"there are no rows {rows!r:.60}", remedy=f"Use one of: {', '.join(ROWS)}.")
    if rows == "ledger":
        kinds, made = _LEDGER_COLUMNS, [_lost(report, entry) for entry in report.ledger]
    else:
        kinds, made = _COLUMNS, [_row(report, i) for i in range(len(report.moments))]
    frame = pandas.DataFrame({name: pandas.Series([row[name] for row in made], dtype=kind) for name, kind in kinds.items()})
    frame.attrs = {"score": report.score, "outcome": report.outcome.value.value if report.outcome else None}
    return frame


def _lost(report: Report, entry: Entry) -> dict[str, Any]:
    row = {name: getattr(entry, name) for name in _LEDGER_COLUMNS if name != "call"}
    return {**row, "call": report.transcript.id, "kind": entry.kind.value, "quote": entry.quote or None}


def _row(report: Report, index: int) -> dict[str, Any]:
    moment = report.moments[index]
    about = report.about.get(moment.behaviour)
    place = (moment.behaviour, moment.turn, moment.start, moment.end)
    return {
        "call": report.transcript.id,
        "turn": moment.turn,
        "time_s": moment.time_s if moment.time_s is not None else float("nan"),
        "speaker": moment.speaker,
        "role": moment.role.value,
        "behaviour": moment.behaviour,
        "title": title_of(report, moment.behaviour),
        "effect": ("helps" if about.helps else "hinders") if about else None,
        "kind": moment.kind,
        "kind_title": kind_of(report, moment) or None,
        "quote": moment.quote,
        "start": moment.start,
        "end": moment.end,
        "rule": moment.rule,
        "inferred": moment.inferred,
        "confidence": moment.confidence,
        "perhaps": moment.perhaps,
        "counted": counted(report, moment),
        "points": fsum(e.points for e in report.ledger if (e.item, e.turn, e.start, e.end) == place),
        "details": json.dumps(jsonable(moment.details), ensure_ascii=False),
    }
