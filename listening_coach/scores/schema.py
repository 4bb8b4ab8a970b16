"""The tables of scores: their columns, and the rows that a report or a failure becomes.

Three tables, ``calls``, ``moments`` and ``action_points``, joined by ``source`` and ``source_index``; and one for engines, a row a
call with its moments and action points as lists. The schema has a version of its own, kept with every file.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from ..action_points import ActionPoint
from ..bulk.failure import Failure
from ..bulk.tables import arrow
from ..report import Evidence, Report
from ..report.as_dict import jsonable
from ..scoring import is_counted
from ..transcript import Role, Transcript

if TYPE_CHECKING:
    import pyarrow

# The first number is raised when a column goes or changes its meaning, the second when one comes.
SCHEMA_VERSION = "2.2"

SCORED = "scored"
NOT_SCORED = "not scored"
FAILED = "failed"

# Name, type, meaning. A type is one of Arrow's by name, or a list of such rows: a struct; "*" after the name makes it a list.
Spec = tuple[tuple[str, Any, str], ...]

KEY: Spec = (
    ("source", "string", "The file, or the file in an archive, that the call comes from."),
    ("source_index", "int32", "The call's number in its source, from 0."),
    (
        "call_id",
        "string",
        "The call's id as its source gives it, else made of the source's name. Not always unique: join by source and source_index.",
    ),
)
_SECTION: Spec = (
    ("id", "string", "The section's id in the rubric."),
    ("title", "string", "Its title."),
    ("weight", "float64", "Its weight in the score."),
    ("counts_as", "float64", "How much of that weight is in effect."),
    ("score", "float64", "0 to 100; null where none of its items applies."),
    ("capped_by", "string", "The critical item that holds it down."),
)
_ITEM: Spec = (
    ("id", "string", "The item's id: a behaviour or a metric of the rubric."),
    ("section", "string", "The section it belongs to."),
    ("title", "string", "Its title."),
    ("weight", "float64", "Its weight in the section."),
    ("counts_as", "float64", "How much of that weight is in effect: less where there is little evidence."),
    ("effect", "string", "helps or hinders."),
    ("score", "float64", "0 to 100; null where it was not called for or cannot be measured."),
    ("status", "string", "scored, not_called_for, not_measurable, or not_counted (its weight is 0)."),
    ("hits", "int32", "How often it was found."),
    ("occasions", "int32", "How often it was called for."),
    ("met", "int32", "How many of these were answered."),
    ("reason", "string", "Why the score is what it is, or why there is none."),
)
_METRICS: Spec = (
    ("turns", "int32", "Turns."),
    ("agent_turns", "int32", "The agent's turns."),
    ("customer_turns", "int32", "The customer's turns."),
    ("agent_words", "int32", "The agent's words."),
    ("customer_words", "int32", "The customer's words."),
    ("duration_s", "float64", "Seconds from the first start to the last end."),
    ("agent_talk_share", "float64", "The agent's part of what both say, 0 to 1."),
    ("talk_share_of", "string", "time or words: what that share is of."),
    ("longest_monologue_words", "int32", "The agent's longest stretch, in words."),
    ("longest_monologue_s", "float64", "The same in seconds."),
    ("longest_monologue_turn", "int32", "The turn with which it begins."),
    ("response_delay_s", "float64", "Median seconds from the customer's last word to the agent's first."),
    ("agent_words_a_minute", "float64", "The agent's pace."),
    ("customer_words_a_minute", "float64", "The customer's pace."),
    ("overlap_share", "float64", "The share of spoken time in which both speak, 0 to 1."),
    ("silences", "int32", "Pauses of both sides of five seconds and more."),
    ("longest_silence_s", "float64", "The longest of them, in seconds."),
    ("silence_share", "float64", "Their part of the call, 0 to 1."),
    ("holds", "int32", "Pauses for which the agent had the customer wait."),
    ("longest_hold_s", "float64", "The longest of these, in seconds."),
)
_SENTIMENT: Spec = (
    ("start", "float64", "The customer's mood at the start, from their words, -1 to 1."),
    ("end", "float64", "The same at the end."),
    ("change", "float64", "End less start."),
)
_QUOTED: Spec = (
    ("turn", "int32", "The turn that the quote stands in, from 0."),
    ("quote", "string", "What was said there."),
    ("time_s", "float64", "When, in seconds from the call's start."),
)
_FOCUS: Spec = (
    ("item", "string", "The item to coach next."),
    ("title", "string", "Its title."),
    ("score", "float64", "Its score."),
    ("sentence", "string", "What was found."),
    ("missed", "bool", "Whether the quote is what the customer said and went unanswered."),
    ("advice", "string", "What to do."),
    *_QUOTED,
)
_STRENGTH: Spec = (
    ("item", "string", "The item that went well."),
    ("title", "string", "Its title."),
    ("score", "float64", "Its score."),
    ("sentence", "string", "What was found."),
    *_QUOTED,
)
_LOSS: Spec = (
    ("item", "string", "The item that lost them."),
    ("kind", "string", "missed, breach, absent, measure, outcome or cap."),
    ("points", "float64", "Points of the call's score."),
    ("turn", "int32", "The turn, from 0; null where the loss has no place."),
    ("quote", "string", "What stands there."),
    ("time_s", "float64", "When, in seconds from the call's start."),
    ("reason", "string", "Why the points were lost."),
    ("confidence", "float64", "How likely it is that a person would see it too, 0 to 1."),
)
CALLS: Spec = (
    *KEY,
    ("fingerprint", "string", "Changes when the source's content does."),
    ("status", "string", "scored, not scored, or failed."),
    ("score", "float64", "The call's score, 0 to 100; null unless scored."),
    ("band", "string", "The rubric's name for the score."),
    ("not_scored", "string", "Why there is no score, where the call could be read."),
    ("not_scored_code", "string", "The same as a code: no_turns, no_agent, no_customer, too_short, nothing_applies, other_language."),
    ("capped_by", "string", "The critical item that holds the score down."),
    ("started_at", "timestamp", "When the call began, by the clock of its place; null where the source does not tell."),
    ("utc_offset_min", "int32", "That clock's minutes ahead of UTC, where known."),
    ("agent", "string", "Who the agent is: as the source says it, else the speaker's name."),
    ("customer", "string", "The same of the customer."),
    ("agent_id", "string", "The agent's id, where the metadata gives one beside the name."),
    ("customer_id", "string", "The same of the customer."),
    ("team", "string", "The agent's team, from the metadata."),
    ("queue", "string", "The queue, from the metadata."),
    ("direction", "string", "inbound or outbound, from the metadata."),
    ("duration_s", "float64", "The call's length in seconds, where times are known."),
    ("evidence_tier", "string", "What is timed: words, turns, starts, none."),
    ("rubric", "string", "The rubric's name."),
    ("rubric_version", "int32", "Its version."),
    ("sections*", _SECTION, "The sections of the scorecard."),
    ("items*", _ITEM, "Its items."),
    ("metrics", _METRICS, "What can be counted and timed."),
    ("sentiment", _SENTIMENT, "The customer's mood, from their words."),
    ("ledger*", _LOSS, "Where points were lost; they add up to 100 less the score."),
    ("outcome", "string", "Whether the customer was helped: resolved, partly, not, unclear; null where the call does not show it."),
    ("outcome_confidence", "float64", "How likely that is, 0 to 1."),
    ("focus*", _FOCUS, "The one or two things to coach next."),
    ("strengths*", _STRENGTH, "What went well."),
    ("notes*", "string", "What to know about the transcript."),
    ("metadata", "string", "What the source says of the call, as JSON: its texts and numbers."),
    ("error", "string", "What went wrong; null unless failed."),
    ("error_kind", "string", "The error's name: ReadError, TimeLimit, Crash…"),
    ("error_where", "string", "The place in the source."),
    ("error_remedy", "string", "What to do about it."),
)
MOMENTS: Spec = (
    ("number", "int32", "The moment's number in its call, from 0."),
    ("behaviour", "string", "The behaviour's id."),
    ("kind", "string", "Its kind, where the behaviour has kinds."),
    ("effect", "string", "helps or hinders."),
    ("turn", "int32", "The turn, from 0."),
    ("start", "int32", "The first character of the turn's text."),
    ("end", "int32", "The character after the last."),
    ("quote", "string", "What stands there."),
    ("speaker", "string", "Who says it."),
    ("role", "string", "agent, customer, other or unknown."),
    ("time_s", "float64", "When, in seconds from the call's start; null without times."),
    ("rule", "string", "The phrase or test that found it."),
    ("inferred", "bool", "Whether it was concluded from text where only times could have shown it."),
    ("counted", "bool", "Whether it counts for the score: the agent's, and neither merely inferred nor uncertain."),
    ("confidence", "float64", "How likely it is that a person would see it too, 0 to 1."),
    ("details", "string", "What else is known of it, as JSON."),
)
ACTION_POINTS: Spec = (
    ("number", "int32", "The step's number in its call, from 0."),
    ("owner", "string", "Who is to do it: agent, we, customer, other, or a name."),
    ("action", "string", "What, in the words of the call."),
    ("due_text", "string", "By when, as it was said."),
    ("due", "date32", "The same as a date, where the call's own date is known."),
    ("firmness", "string", "firm or soft."),
    ("kind", "string", "promise, or immediate."),
    ("quote", "string", "Where it was first said."),
    ("turn", "int32", "The turn, from 0."),
    ("time_s", "float64", "When, in seconds from the call's start."),
    ("said_again*", "int32", "The turns in which it was said again."),
    ("role", "string", "The role of the speaker."),
)
TABLES: Mapping[str, Spec] = {"calls": CALLS, "moments": (*KEY, *MOMENTS), "action_points": (*KEY, *ACTION_POINTS)}
# What an engine gives back: a row a call, whole.
WHOLE: Spec = (*CALLS, ("moments*", MOMENTS, "The moments of the call."), ("action_points*", ACTION_POINTS, "Who does what by when."))


def table_schema(name: str) -> pyarrow.Schema:
    """The Arrow schema of ``calls``, ``moments`` or ``action_points``, its version in the metadata."""
    return _schema(TABLES[name])


def scored_schema() -> pyarrow.Schema:
    """The schema of what ``score_batches`` gives: a row a call, with ``moments`` and ``action_points`` as lists."""
    return _schema(WHOLE)


def _schema(spec: Spec) -> pyarrow.Schema:
    pa = arrow()
    return pa.schema(_fields(spec), metadata={"listening_coach.schema_version": SCHEMA_VERSION})


def _fields(spec: Spec) -> list[Any]:
    pa = arrow()
    return [pa.field(name.rstrip("*"), pa.list_(_type(kind)) if name.endswith("*") else _type(kind)) for name, kind, _ in spec]


def _type(kind: Any) -> Any:
    pa = arrow()
    if not isinstance(kind, str):
        return pa.struct(_fields(kind))
    return pa.timestamp("us") if kind == "timestamp" else pa.bool_() if kind == "bool" else getattr(pa, kind)()


# --- rows ----------------------------------------------------------------------------------------------------------


class _Column:
    """The values of one column; of a struct or a list of structs, a column for each of its fields."""

    def __init__(self, name: str, kind: Any) -> None:
        self.name = name.rstrip("*")
        self.listed = name.endswith("*")
        self.kind = kind
        self.sizes: list[int] = []
        self.values: list[Any] = []
        self.children = [] if isinstance(kind, str) else [_Column(child, of) for child, of, _ in kind]

    def add(self, value: Any) -> None:
        """Adds a row's value: of a struct, its values in order; of a list, what stands in it."""
        if not self.listed:
            self._add(value)
            return
        self.sizes.append(len(value))
        if self.children and not any(c.children or c.listed for c in self.children):
            # Lists of plain structs are nearly all there is.
            for column, values in zip(self.children, zip(*value, strict=True), strict=False):
                column.values += values
            return
        for one in value:
            self._add(one)

    def _add(self, value: Any) -> None:
        if not self.children:
            self.values.append(value)
            return
        for column, one in zip(self.children, value, strict=True):
            column.add(one)

    def array(self) -> Any:
        """The column as an Arrow array."""
        pa = arrow()
        inner = (
            pa.StructArray.from_arrays([c.array() for c in self.children], fields=_fields(self.kind)) if self.children else self._plain()
        )
        return pa.ListArray.from_arrays(pa.array(_offsets(self.sizes), pa.int32()), inner) if self.listed else inner

    def _plain(self) -> Any:
        pa = arrow()
        try:
            return pa.array(self.values, _type(self.kind))
        except UnicodeEncodeError:
            # Half a character, as a broken file may hold, cannot be written in any encoding.
            return pa.array([jsonable(v) for v in self.values], _type(self.kind))


def _offsets(sizes: Iterable[int]) -> list[int]:
    offsets = [0]
    for size in sizes:
        offsets.append(offsets[-1] + size)
    return offsets


class Rows:
    """Rows being collected; ``tables`` and ``whole`` give them as Arrow."""

    def __init__(self) -> None:
        self._columns = [_Column(name, kind) for name, kind, _ in WHOLE]
        self.calls = 0
        self.failed = 0
        self.scored = 0

    def add(self, result: Report | Failure, *, source: str, source_index: int, fingerprint: str | None, call_id: str) -> None:
        """Adds a call's rows. ``call_id`` is for a call whose source gives none."""
        if not isinstance(result, Failure):
            try:
                row = _report_row(result.masked, (source, source_index, result.transcript.id or call_id, fingerprint))
            except Exception as error:
                result = Failure.of(error, source, result.transcript.id)
        if isinstance(result, Failure):
            row = _failure_row(result, (source, source_index, result.call_id or call_id, fingerprint))
        for column, value in zip(self._columns, row, strict=True):
            column.add(value)
        self.calls += 1
        self.failed += isinstance(result, Failure)
        self.scored += not isinstance(result, Failure) and result.score is not None

    def whole(self) -> pyarrow.RecordBatch:
        """One batch, a row a call, of ``scored_schema``."""
        return arrow().RecordBatch.from_arrays([c.array() for c in self._columns], schema=scored_schema())

    def tables(self) -> dict[str, pyarrow.RecordBatch]:
        """A batch for each of the three tables."""
        return tables_of(self.whole())


def tables_of(whole: pyarrow.RecordBatch) -> dict[str, pyarrow.RecordBatch]:
    """The three tables of a batch of ``scored_schema``."""
    pa = arrow()
    import pyarrow.compute as pc

    found = {"calls": pa.RecordBatch.from_arrays([whole.column(name.rstrip("*")) for name, _, _ in CALLS], schema=table_schema("calls"))}
    for name in ("moments", "action_points"):
        lists = whole.column(name)
        parents = pc.list_parent_indices(lists)
        keys = [whole.column(key).take(parents) for key, _, _ in KEY]
        found[name] = pa.RecordBatch.from_arrays([*keys, *lists.flatten().flatten()], schema=table_schema(name))
    return found


_NO_LIST: tuple[Any, ...] = ()


def _failure_row(failure: Failure, key: tuple[Any, ...]) -> list[Any]:
    said = {
        "error": failure.error,
        "error_kind": failure.kind,
        "error_where": failure.where,
        "error_remedy": failure.remedy,
        "status": FAILED,
    }
    row: list[Any] = list(key)
    for name, kind, _ in WHOLE[len(key) :]:
        empty = _NO_LIST if name.endswith("*") else None if isinstance(kind, str) else (None,) * len(kind)
        row.append(said.get(name, empty))
    return row


def _report_row(report: Report, key: tuple[Any, ...]) -> list[Any]:
    call, card, m, mood = report.transcript, report.scorecard, report.metrics, report.sentiment
    about = report.about
    at = call.started_at
    offset = None if at is None else at.utcoffset()
    items = card.items
    effects = {name: "helps" if a.helps else "hinders" for name, a in about.items()}
    return [
        *key,
        NOT_SCORED if card.score is None else SCORED, card.score, card.band, card.not_scored,
        None if card.not_scored_code is None else card.not_scored_code.value, card.capped_by,
        None if at is None else at.replace(tzinfo=None), None if offset is None else round(offset.total_seconds() / 60),
        _person(call, Role.AGENT), _person(call, Role.CUSTOMER), *(_said(call, name) for name in _SAID),
        call.duration_s, report.evidence_tier.value, report.rubric, report.rubric_version,
        [(s.id, s.title, s.weight, s.counts_as, s.score, s.capped_by) for s in card.sections.values()],
        [
            (i.id, i.section, i.title, i.weight, i.counts_as, "helps" if i.helps else "hinders", i.score, i.status.value, i.hits, i.occasions, i.met, i.reason)
            for i in items.values()
        ],
        (
            m.turns, m.agent_turns, m.customer_turns, m.agent_words, m.customer_words, m.duration_s, m.agent_talk_share, m.talk_share_of,
            m.longest_monologue_words, m.longest_monologue_s, m.longest_monologue_turn, m.response_delay_s, m.agent_words_a_minute,
            m.customer_words_a_minute, m.overlap_share, m.silences, m.longest_silence_s, m.silence_share, m.holds, m.longest_hold_s,
        ),
        (mood.start, mood.end, mood.change),
        [(e.item, e.kind.value, e.points, e.turn, e.quote or None, e.time_s, e.reason, e.confidence) for e in report.ledger],
        None if report.outcome is None else report.outcome.value.value, None if report.outcome is None else report.outcome.confidence,
        [(f.item, f.title, f.score, f.sentence, f.missed, f.advice, *_quoted(f.evidence)) for f in report.focus],
        [(s.item, s.title, s.score, s.sentence, *_quoted(s.evidence)) for s in report.strengths],
        list(report.notes), _metadata(call), None, None, None, None,
        [
            (
                n, x.behaviour, x.kind, effects.get(x.behaviour), x.turn, x.start, x.end, x.quote, x.speaker, str.__str__(x.role), x.time_s, x.rule,
                x.inferred, is_counted(x, items.get(x.behaviour)), x.confidence, _details(x.details),
            )
            for n, x in enumerate(report.moments)
        ],
        [_step(n, p) for n, p in enumerate(report.action_points)],
    ]  # fmt: skip


def _step(number: int, p: ActionPoint) -> tuple[Any, ...]:
    return (
        number, p.owner, p.action, p.due_text, _date(p.due), p.firmness, p.kind, p.quote, p.turn, p.time_s, list(p.said_again), p.role.value,
    )  # fmt: skip


def _quoted(evidence: Evidence | None) -> tuple[int | None, str | None, float | None]:
    return (None, None, None) if evidence is None else (evidence.turn, evidence.quote, evidence.time_s)


def _date(due: str | None) -> date | None:
    try:
        return None if due is None else date.fromisoformat(due[:10])
    except ValueError:
        return None


_NO_DETAILS = "{}"


# Values that one fast writer of JSON takes as they are; a number that JSON does not have becomes null there too.
_PLAIN = frozenset((str, int, float, bool, type(None)))


def _details(details: Mapping[str, Any]) -> str:
    return _json(details) if details else _NO_DETAILS


def _json(values: Mapping[str, Any]) -> str:
    if all(type(v) in _PLAIN or (type(v) is tuple and all(type(one) in _PLAIN for one in v)) for v in values.values()):
        # What it cannot write, such as half a character, the slow way can.
        with contextlib.suppress(UnicodeEncodeError, OverflowError, TypeError):
            return msgspec.json.encode(values).decode()
    return json.dumps(jsonable(values), ensure_ascii=False, separators=(",", ":"))


def _metadata(call: Transcript) -> str:
    return _json({str(k): v for k, v in call.metadata.items() if isinstance(v, str | int | float) and k != "source"})


# Where sources say who was on the call.
_NAMED: Mapping[Role, Sequence[str]] = {
    Role.AGENT: (
        "agent",
        "agent_name",
        "agent_id",
        "agentid",
        "agent_username",
        "advisor",
        "adviser",
        "representative",
        "employee",
        "operator",
    ),
    Role.CUSTOMER: ("customer", "customer_name", "customer_id", "customerid", "client_id", "client", "caller_id", "account_id"),
}
# What metadata says of a call that has a column of its own.
_SAID = ("agent_id", "customer_id", "team", "queue", "direction")
# "Speaker 1", "spk_0", "ch_1", "2": no names of people.
_NUMBERED = re.compile(r"(?:speaker|spk|channel|ch|participant|party|s)?[ _.-]*\d+|[a-z]", re.IGNORECASE)


def _said(call: Transcript, name: str) -> str | None:
    value = call.metadata.get(name)
    return str(value).strip() or None if isinstance(value, str | int) and not isinstance(value, bool) else None


def _person(call: Transcript, role: Role) -> str | None:
    by_name = {str(key).casefold().replace("-", "_").replace(" ", "_"): value for key, value in call.metadata.items()}
    for name in _NAMED[role]:
        value = by_name.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    speaker = next((t.speaker for t in call.turns if t.role is role), None)
    if speaker is None or Role.of(speaker) is not Role.UNKNOWN or _NUMBERED.fullmatch(speaker.strip()):
        return None
    return speaker
