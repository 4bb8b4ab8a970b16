"""One call as frozen values: words, turns, the transcript, and the small algebra of their times.

All times are seconds from the call's start.
"""

from __future__ import annotations

import html
import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from threading import local
from typing import TYPE_CHECKING, Any, NamedTuple, Self, overload

from .errors import MissingExtraError, TranscriptError, not_taken, own_errors
from .safe_text import excerpt, whole_signs

if TYPE_CHECKING:
    import pandas


class Role(StrEnum):
    """What part a speaker has in the call."""

    AGENT = "agent"
    CUSTOMER = "customer"
    OTHER = "other"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, name: object) -> Role:
        """The role that a word such as "Agent", "rep", "caller" or "ivr" stands for; unknown for all other words."""
        if isinstance(name, Role):
            return name
        return _role_named(str(name))


# For loops over turns and moments: on Python 3.11 a role's name in its class takes ten times as long to look up as these.
AGENT, CUSTOMER, OTHER, UNKNOWN = Role.AGENT, Role.CUSTOMER, Role.OTHER, Role.UNKNOWN

_ROLE_NAMES = {
    **dict.fromkeys(
        ["agent", "rep", "representative", "advisor", "adviser", "operator", "associate", "csr", "support", "internal"]
        + ["customer service", "customer service representative", "service agent", "support agent", "call agent", "employee", "staff"]
        + ["consultant", "clerk", "human agent", "assistant", "seller", "sales rep", "salesperson", "receptionist", "dispatcher"]
        + ["call centre agent", "call center agent", "service representative", "supporter", "therapist", "counsellor", "counselor"],
        Role.AGENT,
    ),
    **dict.fromkeys(
        ["customer", "caller", "client", "user", "end user", "guest", "member", "patient", "external", "cust", "buyer", "consumer", "contact"]
        + ["visitor", "policyholder", "passenger", "subscriber", "resident", "tenant", "claimant", "prospect"],
        Role.CUSTOMER,
    ),
    **dict.fromkeys(
        ["other", "ivr", "bot", "system", "supervisor", "virtual agent", "automated agent", "third party", "interpreter", "hold", "acd", "recording"]
        + ["voicemail", "workflow", "automated", "chatbot", "voice bot"],
        Role.OTHER,
    ),
}  # fmt: skip


@lru_cache(maxsize=4096)
def _role_named(name: str) -> Role:
    return _ROLE_NAMES.get(_bare(name), Role.UNKNOWN)


def _bare(name: str) -> str:
    return name.strip().casefold().replace("_", " ").rstrip(" 0123456789:")


# Speakers and roles that are bots. Readers know more such names (readers/roles.toml) and settle them before they make a transcript.
BOT_NAMES = frozenset(
    ["bot", "chatbot", "voice bot", "voicebot", "assistant", "ai", "ai agent", "ai assistant", "virtual agent", "virtual assistant"]
    + ["automated agent", "voice agent", "voice assistant"]
)


@lru_cache(maxsize=4096)
def _is_bot(name: str) -> bool:
    return _bare(name) in BOT_NAMES


class EvidenceTier(StrEnum):
    """How much of the timing a transcript can show, best first: every word, turns with both ends, starts only, nothing."""

    WORDS = "words"
    TURNS = "turns"
    STARTS = "starts"
    NONE = "none"


class Word(NamedTuple):
    """One recognised word with its time in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One stretch of speech by one speaker.

    ``start`` and ``end`` are seconds from the call's start, None where the source does not tell. ``words`` is empty
    where single words carry no times. ``id`` is the source's own name for the turn.
    """

    speaker: str
    text: str
    role: Role = Role.UNKNOWN
    start: float | None = None
    end: float | None = None
    words: tuple[Word, ...] = ()
    id: str | None = None

    @property
    def duration_s(self) -> float | None:
        """Seconds from start to end, None where either is unknown."""
        return None if self.start is None or self.end is None else self.end - self.start

    def overlap_s(self, other: Turn) -> float | None:
        """Seconds that both turns last together; None where a time is missing."""
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return None
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def gap_s(self, later: Turn) -> float | None:
        """Seconds of silence from this turn's end to the start of ``later``; negative where they overlap."""
        return None if self.end is None or later.start is None else later.start - self.end

    def time_at(self, offset: int) -> float | None:
        """The time at which the character at ``offset`` is spoken, in seconds.

        From the word there where words are timed, else in proportion between the turn's start and end, else the
        turn's start.
        """
        if self.words:
            ends = _word_ends(self)
            at = bisect_right(ends, offset)
            if at < len(ends):
                return self.words[at].start
        if self.start is None or self.end is None or not self.text:
            return self.start
        return self.start + (self.end - self.start) * offset / len(self.text)


# The turn whose words were looked for last, by thread: a turn of thousands of words is asked for the times of thousands of findings.
_looked_at = local()


def _word_ends(turn: Turn) -> list[int]:
    """Where each timed word of a turn ends in its text, up to the first that does not stand there."""
    if getattr(_looked_at, "turn", None) is not turn:
        position, ends = 0, list[int]()
        for word in turn.words:
            position = turn.text.find(word.text, position)
            if position < 0:
                break
            position += len(word.text)
            ends.append(position)
        _looked_at.turn, _looked_at.ends = turn, ends
    found: list[int] = _looked_at.ends
    return found


# Marks the JSON of a transcript, and its version.
SCHEMA = "listening_coach.transcript/1"
# What a tuple of from_turns may hold after the text, in this order.
_AFTER_TEXT = ("start", "end", "words")
# A service that cuts its times to hundredths may leave a turn's end this much before its start.
_ROUNDING_S = 0.05
# The share of turns that must carry a kind of time for the transcript to count as having it.
_TIER_SHARE = 0.9
# Words refine what turns' ends already show, and services leave a segment here and there without them.
_WORDS_SHARE = 0.5


@dataclass(frozen=True, slots=True, repr=False)
class Transcript:
    """One call: its turns in the order spoken, and what is known about it.

    ``len(call)`` is the number of turns, ``call[3]`` a turn, ``call[3:6]`` a tuple of turns.

    ``started_at`` is the call's date and time where known. ``metadata`` holds what the source says beyond the turns:
    its format, language, file, and findings of the vendor's own.
    """

    turns: tuple[Turn, ...]
    id: str | None = None
    started_at: datetime | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_turns(
        cls,
        records: Iterable[Mapping[str, Any] | Sequence[Any]],
        *,
        id: str | None = None,  # noqa: A002 - the contract's name
        started_at: datetime | None = None,
        metadata: Mapping[str, Any] | None = None,
        roles: Mapping[str, str] | None = None,
    ) -> Self:
        """A transcript from mappings or tuples, one a turn.

        A mapping has ``text`` and, as known, ``speaker``, ``role``, ``start``, ``end``, ``words`` and ``id``; a tuple
        is ``(speaker, text)`` or ``(speaker, role, text)``, either followed by start, end and words. Words are
        ``[text, start, end]``. Times are seconds. ``roles`` names the role of each speaker, over what the records say;
        without either, a speaker called "Agent", "caller" and the like has the role of that name. A bot ("bot", "assistant", "virtual agent")
        is the agent where no human agent speaks, and the metadata say ``agent_kind`` "bot"; beside a human agent it is "other".

        Raises:
            TranscriptError: a record lacks its text, or its times cannot be.
        """
        given = _roles_given(roles)
        if started_at is not None and not isinstance(started_at, datetime):
            raise not_taken(TranscriptError, "started_at", started_at, "Give a datetime.")
        if metadata is not None and not isinstance(metadata, Mapping):
            raise not_taken(TranscriptError, "metadata", metadata, "Give a mapping.")
        with own_errors(TranscriptError, "taking the turns", "transcript", "Pass (speaker, text) or mappings."):
            id = None if id is None else str(id)  # noqa: A001 - a number is as good a name
            known = {str(key): value for key, value in (metadata or {}).items()}
            bots: list[int] = []
            told: dict[tuple[Any, Any], _Who] = {}
            turns = tuple([_turn(record, index, given, bots, told) for index, record in enumerate(records)])
            if bots:
                turns, known = _settle_bots(turns, bots, known)
        speakers = {turn.speaker for turn in turns}
        for name in given:
            if name not in speakers:
                raise TranscriptError(
                    f"roles names a speaker {name!r} who does not occur",
                    where=f"transcript {id}" if id else "transcript",
                    remedy=f"The speakers are: {', '.join(sorted(speakers)) or 'none'}.",
                )
        return cls(turns=turns, id=id, started_at=started_at, metadata=known)

    def __len__(self) -> int:
        return len(self.turns)

    def __bool__(self) -> bool:
        # A call without turns is still a call.
        return True

    def __iter__(self) -> Iterator[Turn]:
        return iter(self.turns)

    @overload
    def __getitem__(self, index: int) -> Turn: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Turn, ...]: ...

    def __getitem__(self, index: int | slice) -> Turn | tuple[Turn, ...]:
        return self.turns[index]

    @property
    def evidence_tier(self) -> EvidenceTier:
        """The best timing that nine in ten of the turns with text carry; single words' that half of them do besides."""
        spoken = [t for t in self.turns if t.text and not t.text.isspace()]
        if not spoken:
            return EvidenceTier.NONE
        enough = _TIER_SHARE * len(spoken)
        started = [t for t in spoken if t.start is not None]
        if len([t for t in started if t.end is not None]) >= enough:
            return EvidenceTier.WORDS if len([t for t in spoken if t.words]) >= _WORDS_SHARE * len(spoken) else EvidenceTier.TURNS
        if len(started) >= enough:
            return EvidenceTier.STARTS
        return EvidenceTier.NONE

    @property
    def speakers(self) -> tuple[str, ...]:
        """The speakers' names in the order in which they first speak."""
        return tuple(dict.fromkeys(t.speaker for t in self.turns))

    @property
    def duration_s(self) -> float | None:
        """Seconds from the first turn's start to the last end known; None without times."""
        starts = [t.start for t in self.turns if t.start is not None]
        ends = [t.end if t.end is not None else t.start for t in self.turns]
        known = [e for e in ends if e is not None]
        return max(known) - min(starts) if starts and known else None

    def with_roles(self, roles: Mapping[str, str]) -> Self:
        """The same call with the roles of the speakers named.

        Raises:
            TranscriptError: a speaker does not occur, or a role is not one of ours.
        """
        given = _roles_given(roles)
        unknown = [name for name in given if name not in self.speakers]
        if unknown:
            raise TranscriptError(
                f"roles names a speaker {unknown[0]!r} who does not occur",
                where=f"transcript {self.id}" if self.id else "transcript",
                remedy=f"The speakers are: {', '.join(self.speakers) or 'none'}.",
            )
        turns = tuple(replace(t, role=given.get(t.speaker, t.role)) for t in self.turns)
        return replace(self, turns=turns)

    def merge_turns(self, gap_s: float | None = None) -> Self:
        """The same call with each speaker's consecutive turns joined.

        ``gap_s`` is the longest silence in seconds over which turns are joined; None joins over any. Turns whose times
        do not tell the silence are joined. The joined turn has the first one's id and role.
        """
        merged: list[Turn] = []
        for turn in self.turns:
            before = merged[-1] if merged else None
            gap = None if before is None else before.gap_s(turn)
            if before is None or before.speaker != turn.speaker or (gap_s is not None and gap is not None and gap > gap_s):
                merged.append(turn)
                continue
            ends = [t.end for t in (before, turn) if t.end is not None]
            merged[-1] = replace(
                before,
                text=" ".join(t.text for t in (before, turn) if t.text),
                start=before.start if before.start is not None else turn.start,
                # Where the last of the joined turns has no end, the whole has none.
                end=max(ends) if ends and turn.end is not None else None,
                words=before.words + turn.words,
            )
        return replace(self, turns=tuple(merged))

    def to_json(self, *, indent: int | None = None) -> str:
        """The call as JSON, which `listening_coach.read` reads back exactly.

        ``indent`` spreads it over lines. Values in the metadata that JSON does not know are written as their text.
        """
        turns = [
            {
                "speaker": t.speaker,
                "role": t.role.value,
                "text": t.text,
                "start": t.start,
                "end": t.end,
                **({"words": [list(w) for w in t.words]} if t.words else {}),
                **({"id": t.id} if t.id is not None else {}),
            }
            for t in self.turns
        ]
        call = {
            "schema": SCHEMA,
            "id": self.id,
            "started_at": None if self.started_at is None else self.started_at.isoformat(),
            "metadata": dict(self.metadata),
            "turns": turns,
        }
        with own_errors(TranscriptError, "writing the call as JSON", "transcript", "Leave out what JSON cannot hold."):
            return json.dumps(call, ensure_ascii=False, indent=indent, default=str)

    def to_vtt(self) -> str:
        """The call as WebVTT, a cue a turn with the speaker as its voice, for players and listening tools.

        A turn without an end lasts until the next one starts.

        Raises:
            TranscriptError: a turn has no start, so that there is nothing to show it at.
        """
        cues = ["WEBVTT"]
        for number, turn in enumerate(self.turns):
            if turn.start is None:
                raise TranscriptError(
                    "it has no start", where=f"turn {number}", remedy="WebVTT needs times: use to_json, or a transcript with times."
                )
            following = next((t.start for t in self.turns[number + 1 :] if t.start is not None and t.start > turn.start), None)
            end = turn.end if turn.end is not None else following if following is not None else turn.start + _LAST_CUE_S
            name, text = (" ".join(html.escape(part, quote=False).split()) for part in (turn.speaker, turn.text))
            cues.append(f"{number + 1}\n{_cue_clock(turn.start)} --> {_cue_clock(end)}\n<v {name}>{text}</v>")
        return "\n\n".join(cues) + "\n"

    def to_frame(self) -> pandas.DataFrame:
        """One row a turn, as a pandas frame that `listening_coach.read` reads back.

        Columns: ``call`` (its id), ``turn`` (from 0), ``speaker``, ``role``, ``start`` and ``end`` (seconds, NaN where unknown) and ``text``.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise MissingExtraError.of("pandas", "frames", "to_frame()") from error
        columns = {
            "call": pandas.Series([self.id] * len(self), dtype="object"),
            "turn": pandas.Series(range(len(self)), dtype="int64"),
            "speaker": pandas.Series([t.speaker for t in self], dtype="object"),
            "role": pandas.Series([t.role.value for t in self], dtype="object"),
            "start": pandas.Series([t.start for t in self], dtype="float64"),
            "end": pandas.Series([t.end for t in self], dtype="float64"),
            "text": pandas.Series([t.text for t in self], dtype="object"),
        }
        return pandas.DataFrame(columns)

    def __repr__(self) -> str:
        return f"<Transcript {self._head()}>"

    def _head(self) -> str:
        """The call in a line: "call-7: 6 turns, 1:15, Dana (agent), Mr Osei (customer), times of turns"."""
        shown = list(dict.fromkeys(f"{t.speaker:.40}" if t.role == t.speaker.casefold() else f"{t.speaker:.40} ({t.role})" for t in self))
        seconds = self.duration_s
        parts = [f"{len(self)} turn" if len(self) == 1 else f"{len(self)} turns"]
        if seconds is not None:
            parts.append(f"{int(seconds) // 60}:{int(seconds) % 60:02}")
        parts += shown[:_MOST_SPEAKERS]
        if len(shown) > _MOST_SPEAKERS:
            parts.append(f"{len(shown) - _MOST_SPEAKERS} more speakers")
        tier = self.evidence_tier
        parts.append("no times" if tier is EvidenceTier.NONE else f"times of {tier}")
        return f"{self.id or 'of a call'}: {', '.join(parts)}"

    def _repr_html_(self) -> str:
        rows = [
            f"<tr><td>{number}</td><td>{'' if t.start is None else f'{int(t.start) // 60}:{int(t.start) % 60:02}'}</td>"
            f"<td>{html.escape(t.speaker)}</td><td>{t.role}</td><td style='text-align:left'>{html.escape(t.text)}</td></tr>"
            for number, t in enumerate(self.turns[:_MOST_ROWS])
        ]
        left = len(self) - _MOST_ROWS
        more = f"<p>and {left} more turn{'s' if left > 1 else ''}</p>" if left > 0 else ""
        head = "<tr><th>turn</th><th>start</th><th>speaker</th><th>role</th><th>text</th></tr>"
        return f"<p>{html.escape(self._head())}</p><table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>{more}"


# How many speakers the short form of a call names, and how many turns a notebook shows.
_MOST_SPEAKERS = 4
_MOST_ROWS = 60
# How long the last cue stands where its end is not known.
_LAST_CUE_S = 5.0


def _cue_clock(seconds: float) -> str:
    millis = round(seconds * 1000)
    return f"{millis // 3_600_000:02}:{millis // 60_000 % 60:02}:{millis // 1000 % 60:02}.{millis % 1000:03}"


def _roles_given(roles: Mapping[str, str] | None) -> dict[str, Role]:
    """The role of each speaker that ``roles`` names."""
    if roles is not None and not isinstance(roles, Mapping):
        raise not_taken(TranscriptError, "roles", roles, "Give a mapping of speakers to roles.")
    return {name: _role_given(name, role) for name, role in (roles or {}).items()}


def _role_given(speaker: str, role: object) -> Role:
    found = Role.of(role) if isinstance(role, str) else Role.UNKNOWN
    if found is Role.UNKNOWN and not (isinstance(role, str) and role.strip().casefold() == "unknown"):
        raise TranscriptError(
            f"the role {excerpt(role)} of speaker {excerpt(speaker)} is not known",
            where="roles",
            remedy="Use agent, customer, other or unknown.",
        )
    return found


def _settle_bots(turns: tuple[Turn, ...], bots: Sequence[int], metadata: dict[str, Any]) -> tuple[tuple[Turn, ...], dict[str, Any]]:
    """Turns and metadata with the role of bots: the agent where no human agent speaks, else other."""
    found = list(turns)
    for i in bots:
        found[i] = replace(found[i], role=UNKNOWN)
    beside_human = any(turn.role is AGENT for turn in found)
    for i in bots:
        found[i] = replace(found[i], role=OTHER if beside_human else AGENT)
    return tuple(found), metadata if beside_human else {"agent_kind": "bot", **metadata}


class _Who(NamedTuple):
    """Who speaks, as a record tells it."""

    name: str
    role: Role
    is_bot: bool


def _who(said: Any, speaker: Any, roles: Mapping[str, Role]) -> _Who:
    """The name and role that a record's ``role`` and ``speaker`` tell; ``roles`` come before them."""
    name = whole_signs(str(speaker) if speaker is not None else (str(said) if said else "unknown"))
    given = roles.get(name) if roles else None
    if given is not None:
        return _Who(name, given, False)
    told = said if said else name
    return _Who(name, Role.of(told), type(told) is str and _is_bot(told))


def _turn(
    record: Mapping[str, Any] | Sequence[Any], index: int, roles: Mapping[str, Role], bots: list[int], known: dict[tuple[Any, Any], _Who]
) -> Turn:
    """A turn from its record; ``bots`` gets the index of one whose role or name is a bot's, ``known`` what was found of each speaker."""
    where = f"turn {index}"
    fields = record if type(record) is dict or isinstance(record, Mapping) else _fields(record, where)
    text = fields.get("text")
    if not isinstance(text, str):
        raise TranscriptError(
            f"the text is {excerpt(text)}" if "text" in fields else "the text is missing",
            where=where,
            remedy="Give every turn a text, if only an empty string.",
        )
    if not text.isascii():
        text = whole_signs(text)
    said, speaker = fields.get("role"), fields.get("speaker")
    # A call has many turns and few speakers.
    named = type(speaker) is str and (said is None or isinstance(said, str))
    who = known.get((said, speaker)) if named else None
    if who is None:
        who = _who(said, speaker, roles)
        if named:
            known[said, speaker] = who
    if who.is_bot:
        bots.append(index)
    start, end = fields.get("start"), fields.get("end")
    # Most times are plain numbers, and there are many.
    if start is not None and not (type(start) is float and 0 <= start < math.inf):
        start = _seconds(start, "start", where)
    if end is not None and not (type(end) is float and 0 <= end < math.inf):
        end = _seconds(end, "end", where)
    timed = fields.get("words")
    words = tuple(_words(timed, where)) if timed else ()
    if words:
        start = words[0].start if start is None else start
        end = max(w.end for w in words) if end is None else end
    if start is not None and end is not None and end < start:
        if start - end > _ROUNDING_S:
            raise TranscriptError(
                f"it ends at {end} s, before it starts at {start} s", where=where, remedy="Correct the times or leave them out."
            )
        end = start
    own = fields.get("id")
    return Turn(who.name, text, who.role, start, end, words, None if own is None else str(own))


def _fields(record: object, where: str) -> dict[str, Any]:
    """A tuple's values by name; a third string says that the second is the role."""
    if isinstance(record, str) or not isinstance(record, Sequence):
        raise TranscriptError(
            f"a {type(record).__name__} where a mapping or a tuple belongs",
            where=where,
            remedy="Pass (speaker, text) or {'speaker': …, 'text': …}.",
        )
    values = list(record)
    if len(values) < 2:
        raise TranscriptError(f"{excerpt(values)} has fewer than two values", where=where, remedy="Pass at least (speaker, text).")
    with_role = len(values) > 2 and isinstance(values[2], str)
    names = ("speaker", "role", "text", *_AFTER_TEXT) if with_role else ("speaker", "text", *_AFTER_TEXT)
    if len(values) > len(names):
        raise TranscriptError(
            f"{len(values)} values where at most {len(names)} belong", where=where, remedy=f"The order is {', '.join(names)}."
        )
    return dict(zip(names, values, strict=False))


def _seconds(value: object, name: str, where: str) -> float | None:
    if value is None:
        return None
    try:
        seconds = float(value)  # type: ignore[arg-type]  # anything that float takes: numbers of every library, strings
    except (TypeError, ValueError, OverflowError):
        seconds = math.nan
    if isinstance(value, bool) or not math.isfinite(seconds):
        raise TranscriptError(
            f"the {name} {excerpt(value)} is not a number of seconds", where=where, remedy="Give seconds, or leave it out."
        )
    if seconds < 0:
        raise TranscriptError(f"the {name} {excerpt(value)} is negative", where=where, remedy="Count seconds from the call's start.")
    return seconds


def _words(values: Iterable[Any], where: str) -> Iterable[Word]:
    for position, value in enumerate(values):
        place = f"{where}, word {position}"
        if isinstance(value, Mapping):
            value = (value.get("text", value.get("word")), value.get("start"), value.get("end"))
        try:
            text, start, end = value
        except (TypeError, ValueError):
            raise TranscriptError(f"{excerpt(value)} is not a word", where=place, remedy="Give [text, start, end].") from None
        if type(start) is not float or type(end) is not float or not 0 <= start <= end < math.inf:
            first, last = _seconds(start, "start", place), _seconds(end, "end", place)
            if first is None or last is None or not isinstance(text, str):
                raise TranscriptError(f"{excerpt(value)} is not a word", where=place, remedy="Give [text, start, end].")
            if last < first:
                if first - last > _ROUNDING_S:
                    raise TranscriptError(
                        f"it ends at {last} s, before it starts at {first} s",
                        where=place,
                        remedy="Correct the times or leave the words out.",
                    )
                last = first
            start, end = first, last
        yield Word(text, start, end)
