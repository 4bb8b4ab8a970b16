"""The report's moments as a pandas frame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtraError
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


def to_frame(report: Report) -> pandas.DataFrame:
    """One row a moment, every speaker's, in order of turn and start.

    Columns: ``call`` (its id), ``turn`` (from 0), ``time_s`` (seconds, NaN without times), ``speaker``, ``role``, ``behaviour``, ``title``,
    ``effect`` ("helps", "hinders"), ``kind`` and ``kind_title``, ``quote``, ``start`` and ``end`` (characters of the turn's text),
    ``rule``, ``inferred``, ``confidence`` (0 to 1), ``perhaps`` (too uncertain to count), ``counted`` (the agent's, neither inferred nor
    uncertain, of a kind that counts), ``points`` (what it cost the call, as in the ledger; 0 where nothing) and ``details`` (JSON).

    Raises:
        MissingExtraError: pandas is not installed.
    """
    report = report.masked
    try:
        import pandas
    except ImportError as error:
        raise MissingExtraError.of("pandas", "frames", "to_frame()") from error
    rows = [_row(report, i) for i in range(len(report.moments))]
    return pandas.DataFrame({name: pandas.Series([row[name] for row in rows], dtype=kind) for name, kind in _COLUMNS.items()})


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
        "points": sum(e.points for e in report.ledger if (e.item, e.turn, e.start, e.end) == place),
        "details": json.dumps(jsonable(moment.details), ensure_ascii=False),
    }
