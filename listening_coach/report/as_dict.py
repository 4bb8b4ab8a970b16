"""The report as plain data: dicts, lists, texts, numbers, true, false and None, ready for JSON.

The keys, in this order:

- ``schema_version``: raised when a key changes its meaning or goes; new keys may come without.
- ``call``: ``id``, ``started_at`` (ISO 8601), ``duration_s``, ``evidence_tier`` ("words", "turns", "starts", "none"), ``metadata``
  as the source gave it, and ``turns``: ``speaker``, ``role``, ``text``, and ``start`` and ``end`` in seconds. ``Transcript.from_turns`` takes
  these turns as they are.
- ``rubric``: ``name`` and ``version``.
- ``score`` 0 to 100 or None, ``band``, ``not_scored`` (why there is no score, in words), ``not_scored_code`` (the same as a code),
  ``capped_by`` (the critical item that holds it down).
- ``sections`` by id: ``title``, ``weight``, ``counts_as`` (the weight after what does not apply), ``score``, ``capped_by``, ``items`` (their ids).
- ``items`` by id: ``title``, ``section``, ``weight``, ``counts_as`` (less where there is little evidence), ``effect`` ("helps", "hinders"),
  ``score``,
  ``status`` ("scored", "not_called_for", "not_measurable", "not_counted"), ``hits``, ``occasions``, ``met``,
  ``kinds`` (those that count, empty for all), ``reason``.
- ``focus`` and ``strengths``, the weightiest first: ``item``, ``title``, ``score``, ``sentence``, ``evidence`` (``turn``, ``speaker``,
  ``time_s``, ``quote``, ``before``, ``after``, ``prior`` and ``reply``, each ``turn``, ``speaker``, ``time_s``, ``text`` or None; None without
  a quote). A focus has ``shows`` (what the quote is: "said", "unanswered", "open", "place", "example", ""), ``kind``, ``missed``, ``why``,
  ``advice`` and ``instead`` too.
- ``action_points``: ``owner``, ``action``, ``due_text``, ``due`` (ISO date), ``firmness``, ``quote``, ``turn``, ``time_s``, ``said_again``.
- ``metrics``: the fields of ``Metrics``; shares are 0 to 1, ``_s`` is seconds.
- ``sentiment``: the customer's ``start``, ``end`` and ``change``, -1 to 1; ``moods`` and ``turning_points``: ``turn``, ``value``, ``quote``, ``time_s``.
- ``moments``: ``behaviour``, ``kind``, ``turn``, ``start`` and ``end`` (characters of the turn's text, half open), ``quote``, ``speaker``,
  ``role``, ``time_s``, ``rule``, ``inferred``, ``counted`` (the agent's, not merely inferred, of a kind that counts), ``details``.
- ``occasions``: ``behaviour``, ``kind``, ``turn``, ``start``, ``end``, ``quote``, ``speaker``, ``role``, ``time_s``, ``met``, ``answer`` (turn).
- ``behaviours`` by id, those that occur, were called for or are scored: ``title``, ``effect``, ``meaning``, ``why``, ``advice``, ``instead``,
  ``source``, ``reliability``, ``kinds``.
- ``notes`` on this transcript, ``limits`` of every report.

Turns count from 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import asdict, fields
from datetime import date
from enum import Enum
from typing import Any

from ..sentiment import Mood
from . import SCHEMA_VERSION, Context, Evidence, Report
from .page import LIMITS, counted


def to_dict(report: Report) -> dict[str, Any]:
    """The report as plain data; the module's text lists the keys."""
    call = report.transcript
    card = report.scorecard
    found: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "call": {
            "id": call.id,
            "started_at": call.started_at,
            "duration_s": call.duration_s,
            "evidence_tier": report.evidence_tier,
            "metadata": call.metadata,
            "turns": [{"speaker": t.speaker, "role": t.role, "text": t.text, "start": t.start, "end": t.end} for t in call.turns],
        },
        "rubric": {"name": report.rubric, "version": report.rubric_version},
        "score": card.score,
        "band": card.band,
        "not_scored": card.not_scored,
        "not_scored_code": card.not_scored_code,
        "capped_by": card.capped_by,
        "sections": {
            s.id: {
                "title": s.title, "weight": s.weight, "counts_as": s.counts_as, "score": s.score, "capped_by": s.capped_by,
                "items": [i.id for i in s.items],
            }
            for s in report.sections.values()
        },
        "items": {
            i.id: {
                "title": i.title, "section": i.section, "weight": i.weight, "counts_as": i.counts_as, "effect": _effect(i.helps),
                "score": i.score, "status": i.status, "hits": i.hits, "occasions": i.occasions, "met": i.met, "kinds": i.kinds, "reason": i.reason,
            }
            for i in report.items.values()
        },
        "focus": [
            {
                "item": f.item, "title": f.title, "score": f.score, "sentence": f.sentence, "evidence": _evidence(f.evidence),
                "shows": f.shows, "kind": f.kind, "missed": f.missed, "why": f.why, "advice": f.advice, "instead": f.instead,
            }
            for f in report.focus
        ],
        "strengths": [
            {"item": s.item, "title": s.title, "score": s.score, "sentence": s.sentence, "evidence": _evidence(s.evidence)} for s in report.strengths
        ],
        "action_points": [asdict(p) for p in report.action_points],
        "metrics": asdict(report.metrics),
        "sentiment": {
            "start": report.sentiment.start,
            "end": report.sentiment.end,
            "change": report.sentiment.change,
            "moods": [_mood(m) for m in report.sentiment.moods],
            "turning_points": [_mood(m) for m in report.sentiment.turning_points],
        },
        "moments": [
            {
                "behaviour": m.behaviour, "kind": m.kind, "turn": m.turn, "start": m.start, "end": m.end, "quote": m.quote, "speaker": m.speaker,
                "role": m.role, "time_s": m.time_s, "rule": m.rule, "inferred": m.inferred, "counted": counted(report, m), "details": m.details,
            }
            for m in report.moments
        ],
        "occasions": [
            {
                "behaviour": o.behaviour, "kind": o.kind, "turn": o.turn, "start": o.start, "end": o.end, "quote": o.quote, "speaker": o.speaker,
                "role": o.role, "time_s": o.time_s, "met": o.met, "answer": o.answer,
            }
            for o in report.occasions
        ],
        "behaviours": {name: _about(report, name) for name in _named(report)},
        "notes": report.notes,
        "limits": LIMITS,
    }  # fmt: skip
    plain: dict[str, Any] = jsonable(found)
    return plain


def jsonable(value: Any) -> Any:
    """Any value as plain data.

    Numbers that JSON does not have (infinite, not a number) become None, dates ISO texts, sets sorted lists, keys texts, and
    what is of no known type the text that it prints as.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return jsonable(value.value)
    if isinstance(value, str):
        # A lone half of a surrogate pair, as a broken file may hold, cannot be written in any encoding.
        return str(value).encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {jsonable(str(k)): jsonable(v) for k, v in value.items()}
    if isinstance(value, Set):
        return sorted((jsonable(v) for v in value), key=str)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, Iterable):
        return [jsonable(v) for v in value]
    return jsonable(str(value))


def _named(report: Report) -> Iterable[str]:
    there = {*report.items, *(m.behaviour for m in report.moments), *(o.behaviour for o in report.occasions)}
    return (name for name in report.about if name in there)


def _about(report: Report, name: str) -> dict[str, Any]:
    about = report.about[name]
    row: dict[str, Any] = {}
    for f in fields(about):
        if f.name == "helps":
            row["effect"] = _effect(about.helps)
        else:
            row[f.name] = getattr(about, f.name)
    return row


def _effect(helps: bool) -> str:
    return "helps" if helps else "hinders"


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    return {
        "turn": evidence.turn, "speaker": evidence.speaker, "time_s": evidence.time_s,
        "quote": evidence.quote, "before": evidence.before, "after": evidence.after,
        "prior": _context(evidence.prior), "reply": _context(evidence.reply),
    }  # fmt: skip


def _context(context: Context | None) -> dict[str, Any] | None:
    return {"turn": context.turn, "speaker": context.speaker, "time_s": context.time_s, "text": context.text} if context else None


def _mood(mood: Mood) -> dict[str, Any]:
    return {"turn": mood.turn, "value": mood.value, "quote": mood.quote, "time_s": mood.time_s}
