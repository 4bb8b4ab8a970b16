"""The report as plain data: dicts, lists, texts, numbers, true, false and None, ready for JSON.

The keys, in this order:

- ``schema_version``: raised when a key changes its meaning or goes; new keys may come without.
- ``call``: ``id``, ``started_at`` (ISO 8601), ``duration_s``, ``evidence_tier`` ("words", "turns", "starts", "none"), ``metadata``
  as the source gave it, and ``turns``: ``speaker``, ``role``, ``text``, and ``start`` and ``end`` in seconds. ``Transcript.from_turns`` takes
  these turns as they are. A turn has ``words`` (``[text, start, end]``) and ``id`` where the transcript has.
- ``rubric``: ``name`` and ``version``.
- ``score`` 0 to 100 or None, ``band``, ``not_scored`` (why there is no score, in words), ``not_scored_code`` (the same as a code),
  ``capped_by`` (the critical item that holds it down).
- ``outcome``, None where it cannot be read: ``value`` ("resolved", "partly", "not", "unclear"), ``confidence``, ``helped`` (how far the customer was
  helped) and ``likely`` (each outcome's likelihood), 0 to 1, ``sentence`` (the value in words), ``quotes`` (``turn``, ``start``, ``end``, ``quote``,
  ``speaker``, ``time_s``).
- ``ledger``, the heaviest first: ``item``, ``title``, ``section``, ``kind`` ("missed", "breach", "absent", "measure", "outcome", "late", "unsaid", "cap"),
  ``points``,
  ``reason``, ``earned_by`` (what would have earned them), ``turn``, ``start``, ``end``, ``quote``, ``time_s``, ``confidence``. The points add up to 100
  less the score.
- ``sections`` by id: ``title``, ``weight``, ``counts_as`` (the weight after what does not apply), ``score``, ``capped_by``, ``items`` (their ids).
- ``items`` by id: ``title``, ``section``, ``weight``, ``counts_as`` (less where there is little evidence), ``effect`` ("helps", "hinders"),
  ``score``,
  ``status`` ("scored", "not_called_for", "not_measurable", "not_counted"), ``hits``, ``occasions``, ``met``,
  ``kinds`` (those that count, empty for all), ``reason``, ``points`` (the most that the item could cost this call), ``losses`` (the parts that it
  lost: ``kind``, ``share`` of the item, place and ``confidence``).
- ``focus`` and ``strengths``, the weightiest first: ``item``, ``title``, ``score``, ``sentence``, ``evidence`` (``turn``, ``speaker``,
  ``time_s``, ``quote``, ``before``, ``after``, ``prior`` and ``reply``, each ``turn``, ``speaker``, ``time_s``, ``text`` or None; None without
  a quote). A focus has ``shows`` (what the quote is: "said", "unanswered", "open", "place", "example", ""), ``kind``, ``missed``, ``why``,
  ``advice``, ``instead`` and ``points`` (what the item cost) too. A strength has ``remark``. ``closest`` is what comes closest to a strength where there
  is none, and its ``remark`` says what it lacks.
- ``action_points``: ``owner``, ``action``, ``due_text``, ``due`` (ISO date), ``firmness``, ``quote``, ``turn``, ``time_s``, ``said_again``.
- ``metrics``: the fields of ``Metrics``; shares are 0 to 1, ``_s`` is seconds.
- ``sentiment``: the customer's ``start``, ``end`` and ``change``, -1 to 1; ``moods`` and ``turning_points``: ``turn``, ``value``, ``quote``, ``time_s``.
- ``moments``: ``behaviour``, ``kind``, ``turn``, ``start`` and ``end`` (characters of the turn's text, half open), ``quote``, ``speaker``,
  ``role``, ``time_s``, ``rule``, ``inferred``, ``confidence`` (0 to 1), ``perhaps`` (too uncertain to count), ``counted`` (the agent's, neither
  inferred nor uncertain, of a kind that counts), ``details``.
- ``occasions``: ``behaviour``, ``kind``, ``turn``, ``start``, ``end``, ``quote``, ``speaker``, ``role``, ``time_s``, ``met``, ``answer`` (turn),
  ``confidence`` (0 to 1), ``perhaps``, ``weight`` (how much it mattered), and of the answer ``answered_by`` (speaker), ``answer_after_turns``,
  ``answer_after_s`` (seconds) and ``answer_confidence`` (0 to 1).
- ``behaviours`` by id, those that occur, were called for or are scored: ``title``, ``effect``, ``meaning``, ``why``, ``advice``, ``instead``,
  ``source``, ``reliability``, ``kinds``, ``absent``.
- ``made_by``: ``library``, its version, and ``fingerprint`` of rubric, behaviours, language and masking; with both the same, the report of a call is.
- ``masking``: ``on``, whether sensitive data is masked; ``names``, whether names of people and places are; ``found``, how many places of each kind.
- ``agents``, where several speak, each with its own part: ``speaker``, ``first_turn``, ``last_turn``, ``turns``, ``words``, ``score``, ``band``, ``not_scored``,
  ``not_scored_code``, ``ledger`` (as above). ``hand_overs``: ``turn``, ``before``, ``after`` (speakers), ``time_s``.
- ``notes`` on this transcript, ``limits`` of every report.
- ``reviews`` and ``reviewed_score``, where people have judged the call: their verdicts as in a file of reviews, and the score with them.

Turns count from 0. ``Report.from_dict`` reads all of it back.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec

from ..checking import checked
from ..errors import ReportError
from ..moments import Details, Moment
from ..outcome import Outcome, OutcomeQuote
from ..reviews import Reviews
from ..scoring import ItemScore, Scorecard, SectionScore
from ..sentiment import Sentiment
from ..transcript import Transcript, Turn, Word
from .file import BehaviourRow, FocusRow, ItemRow, MomentRow, OutcomeQuoteRow, OutcomeRow, ReportFile, SectionRow, SentimentRow, TurnRow
from .page import LIMITS, counted
from .values import SCHEMA_VERSION, BehaviourInfo, Focus

if TYPE_CHECKING:
    from . import Report


def to_dict(report: Report) -> dict[str, Any]:
    """The report as plain data; the module's text lists the keys."""
    report = report.masked
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
            "turns": [_turn(t) for t in call.turns],
        },
        "rubric": {"name": report.rubric, "version": report.rubric_version},
        "score": card.score,
        "band": card.band,
        "not_scored": card.not_scored,
        "not_scored_code": card.not_scored_code,
        "capped_by": card.capped_by,
        "outcome": _outcome(report.outcome),
        "ledger": card.ledger,
        "sections": {s.id: _filled(SectionRow, s, items=[i.id for i in s.items]) for s in report.sections.values()},
        "items": {i.id: _filled(ItemRow, i, effect=_effect(i.helps)) for i in report.items.values()},
        "focus": [_filled(FocusRow, f, missed=f.missed) for f in report.focus],
        "strengths": report.strengths,
        "closest": report.closest,
        "action_points": report.action_points,
        "metrics": report.metrics,
        "sentiment": _filled(SentimentRow, report.sentiment, change=report.sentiment.change),
        "moments": [_filled(MomentRow, m, counted=counted(report, m)) for m in report.moments],
        "occasions": report.occasions,
        "behaviours": {name: _filled(BehaviourRow, info, effect=_effect(info.helps)) for name, info in _occurring(report)},
        "made_by": report.made_by,
        "masking": report.masking,
        "agents": report.agents,
        "hand_overs": report.hand_overs,
        "notes": report.notes,
        "limits": LIMITS,
    }
    if report.reviews:
        found["reviews"] = [msgspec.to_builtins(review) for review in report.reviews]
        found["reviewed_score"] = report.reviewed.score
    plain: dict[str, Any] = jsonable(found)
    return plain


def parts_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the report of which ``data`` is the plain form, with the behaviours that ``data`` tells of.

    Raises:
        ReportError: a key is missing, a value cannot be, or the data is of another version.
    """
    version = str(data.get("schema_version", "")) if isinstance(data, Mapping) else ""
    if version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
        raise ReportError(
            f"schema_version: the value is {version[:20]!r}",
            where="report",
            remedy=f"This library reads reports of version {SCHEMA_VERSION}. Review the call again.",
        )
    file = checked(ReportFile, data, where="report", error=ReportError)
    items = {name: _read(ItemScore, row, id=name, helps=row.effect == "helps") for name, row in file.items.items()}
    sections = {}
    for name, row in file.sections.items():
        if missing := [item for item in row.items if item not in items]:
            raise ReportError(f"sections.{name}.items: there is no item {missing[0]!r}", where="report", remedy="Add it to items.")
        sections[name] = _read(SectionScore, row, id=name, items=tuple(items[item] for item in row.items))
    card = Scorecard(file.score, file.band, file.not_scored, sections, file.capped_by, file.not_scored_code, tuple(file.ledger))
    return {
        "transcript": _transcript(file),
        "scorecard": card,
        "moments": tuple(_read(Moment, row, details=Details((k, _frozen(v)) for k, v in row.details.items())) for row in file.moments),
        "occasions": tuple(file.occasions),
        "action_points": tuple(file.action_points),
        "strengths": tuple(file.strengths),
        "closest": file.closest,
        "outcome": _outcome_of(file.outcome),
        "focus": tuple(_read(Focus, row) for row in file.focus),
        "metrics": file.metrics,
        "sentiment": _read(Sentiment, file.sentiment),
        "about": {name: _read(BehaviourInfo, row, helps=row.effect == "helps") for name, row in file.behaviours.items()},
        "rubric": file.rubric.name,
        "rubric_version": file.rubric.version,
        "notes": tuple(file.notes),
        "reviews": Reviews.of(file.reviews),
        "mask": file.masking.on,
        "masking": file.masking,
        "made_by": file.made_by,
        "agents": tuple(file.agents),
        "hand_overs": tuple(file.hand_overs),
    }


def data_of(text: str | bytes) -> Any:
    """The data that ``Report.to_json`` wrote.

    Raises:
        ReportError: the text is not JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise ReportError(f"it is not JSON: {error}", where="report", remedy="Pass what Report.to_json wrote.") from error


def _filled(row: Any, value: Any, **extra: Any) -> dict[str, Any]:
    """The fields of a row, from a value of the report and ``extra``."""
    return {name: extra[name] if name in extra else getattr(value, name) for name in row.__struct_fields__}


def _read(kind: Any, row: Any, **extra: Any) -> Any:
    """A value of the report, from its row and ``extra``."""
    return kind(**{each.name: extra[each.name] if each.name in extra else getattr(row, each.name) for each in fields(kind)})


def _outcome(outcome: Outcome | None) -> dict[str, Any] | None:
    return None if outcome is None else _filled(OutcomeRow, outcome, quotes=[_filled(OutcomeQuoteRow, each) for each in outcome.quotes])


def _outcome_of(row: Any) -> Outcome | None:
    return (
        None
        if row is None
        else Outcome(dict(row.likely), tuple(OutcomeQuote(q.turn, q.start, q.end, q.quote, q.speaker, q.time_s) for q in row.quotes))
    )


def _frozen(value: Any) -> Any:
    """A value of a moment's details as detectors write it: tuples for lists."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _turn(turn: Turn) -> dict[str, Any]:
    row: dict[str, Any] = {"speaker": turn.speaker, "role": turn.role, "text": turn.text, "start": turn.start, "end": turn.end}
    if turn.words:
        row["words"] = turn.words
    if turn.id is not None:
        row["id"] = turn.id
    return row


def _transcript(file: Any) -> Transcript:
    call = file.call
    try:
        started_at = None if call.started_at is None else datetime.fromisoformat(call.started_at)
    except ValueError as error:
        raise ReportError(
            f"call.started_at: the value is {call.started_at!r:.60}", where="report", remedy="Write a date and time in ISO 8601."
        ) from error
    return Transcript(tuple(map(_turn_of, call.turns)), call.id, started_at, dict(call.metadata))


def _turn_of(row: TurnRow) -> Turn:
    return Turn(row.speaker, row.text, row.role, row.start, row.end, tuple(Word(*word) for word in row.words), row.id)


# As many as the largest float has.
_MOST_BITS = 1024


def jsonable(value: Any) -> Any:
    """Any value as plain data.

    Dataclasses become tables of their fields. Numbers that JSON does not have (infinite, not a number) become None, dates ISO texts, sets
    sorted lists, keys texts, and what is of no known type the text that it prints as.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return jsonable(value.value)
    if isinstance(value, str):
        # A lone half of a surrogate pair, as a broken file may hold, cannot be written in any encoding.
        return str(value).encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int):
        # Longer ones no reader of JSON takes, nor can Python write them.
        return int(value) if value.bit_length() <= _MOST_BITS else None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {jsonable(str(k)): jsonable(v) for k, v in value.items()}
    if is_dataclass(value):
        return {each.name: jsonable(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Set):
        return sorted((jsonable(v) for v in value), key=str)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, Iterable):
        return [jsonable(v) for v in value]
    return jsonable(str(value))


def _occurring(report: Report) -> Iterable[tuple[str, BehaviourInfo]]:
    """The behaviours that occur, were called for or are scored, with what is said of them."""
    there = {*report.items, *(m.behaviour for m in report.moments), *(o.behaviour for o in report.occasions)}
    return ((name, info) for name, info in report.about.items() if name in there)


def _effect(helps: bool) -> str:
    return "helps" if helps else "hinders"
