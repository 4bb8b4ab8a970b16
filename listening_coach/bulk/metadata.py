"""What is known of calls beside their files: a table of metadata, joined by file name or call id, and fields in the files' paths.

The columns ``call_id``, ``file``, ``started_at``, ``agent``, ``agent_id``, ``team``, ``queue``, ``direction``, ``customer`` and ``customer_id`` are known by
the names that people use for them; any further column keeps its own name. All of them become the metadata of the transcript.
"""

from __future__ import annotations

import hashlib
import json
import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from ..errors import ReadError, not_taken, own_errors
from ..readers.field_names import names as field_names
from ..readers.field_names import plain_key
from ..readers.times import moment
from ..transcript import Transcript
from .rows_of_files import TableRow, table_rows

# How many examples a message names.
_SHOWN = 5
_FILE = (
    "file",
    "filename",
    "file_name",
    "path",
    "file_path",
    "source",
    "source_file",
    "recording",
    "recording_file",
    "audio_file",
    "transcript_file",
    "transcript",
)
_KNOWN: Mapping[str, tuple[str, ...]] = {
    "agent": ("agent", "agent_name", "advisor", "adviser", "representative", "rep", "employee", "operator", "csr"),
    "agent_id": ("agent_id", "agentid", "agent_username", "agent_login", "employee_id", "advisor_id", "rep_id"),
    "team": ("team", "team_name"),
    "queue": ("queue", "queue_name", "skill_group"),
    "direction": ("direction", "call_direction"),
    "customer": ("customer", "customer_name", "client", "client_name", "caller"),
    "customer_id": ("customer_id", "customerid", "client_id", "account_id", "account_number", "caller_id"),
}  # fmt: skip
_DIRECTIONS = {
    "in": "inbound", "incoming": "inbound", "inbound": "inbound", "out": "outbound", "outgoing": "outbound", "outbound": "outbound",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What a row says of a call: its place, the values by name, and when the call began."""

    place: str
    values: Mapping[str, Any]
    call_id: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """How metadata and calls fit together.

    ``calls`` and ``rows`` count both sides, ``matched`` the calls with a row. ``without_row`` names the calls that have none,
    ``without_call`` the rows of which there is no call. ``problems`` are sentences on rows that stand twice, dates that cannot be read and
    paths that do not fit.
    """

    calls: int
    rows: int
    matched: int
    without_row: tuple[str, ...]
    without_call: tuple[str, ...]
    problems: tuple[str, ...]

    def lines(self) -> list[str]:
        """The findings as sentences."""
        said = []
        if self.rows:
            said.append(f"Metadata: {self.matched:,} of {self.calls:,} calls have a row; {self.rows:,} rows.")
            if self.without_row:
                said.append(f"Calls without a row of metadata: {_listed(self.without_row)}.")
            if self.without_call:
                said.append(f"Rows of metadata without a call: {_listed(self.without_call)}.")
        return [*said, *self.problems]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name[:120] for name in names[:_SHOWN])
    return f"{len(names):,} ({shown}{', …' if len(names) > _SHOWN else ''})"


class PathPattern:
    """A pattern such as ``{agent}/{date}_{call_id}.json``, compared with the end of a path; ``{_}`` is a part that is not kept.

    Raises:
        ReadError: the pattern names no field, or one twice, or is not closed.
    """

    def __init__(self, pattern: str) -> None:
        if not isinstance(pattern, str):
            raise not_taken(ReadError, "path", pattern, "Write it like {agent}/{date}_{call_id}.json.")
        self.pattern = pattern
        fields: list[str] = []
        parts: list[str] = []
        try:
            for text, name, spec, conversion in string.Formatter().parse(pattern.replace("\\", "/")):
                parts.append(re.escape(text))
                if name is None:
                    continue
                if spec or conversion or not re.fullmatch(r"\w+", name):
                    raise ValueError(f"the field {name!r} is no plain name")
                if name != "_" and name in fields:
                    raise ValueError(f"the field {name!r} stands twice")
                fields.append(name)
                parts.append("[^/]+?" if name == "_" else f"(?P<{name}>[^/]+?)")
        except (ValueError, re.error) as error:
            raise ReadError(
                f"the pattern {pattern[:200]!r} cannot be used: {error}",
                where="path",
                remedy="Write it like {agent}/{date}_{call_id}.json.",
                use=("path",),
            ) from None
        if not set(fields) - {"_"}:
            raise ReadError(
                f"the pattern {pattern[:200]!r} names no field", where="path", remedy="Write it like {agent}/{date}_{call_id}.json."
            )
        self._regex = re.compile(f"(?:^|/){''.join(parts)}$")

    def __reduce__(self) -> tuple[Any, ...]:
        return PathPattern, (self.pattern,)

    def fields(self, source: str) -> dict[str, str] | None:
        """What the path says; None where it does not fit."""
        found = self._regex.search(_plain_path(source))
        return None if found is None else found.groupdict()


@dataclass(frozen=True)
class CallInfo:
    """Metadata of calls by file and by id, and the pattern of their paths; ``call_info`` builds it."""

    rows: tuple[Known, ...] = ()
    by_file: Mapping[str, int] = field(default_factory=dict)
    by_id: Mapping[str, int] = field(default_factory=dict)
    pattern: PathPattern | None = None
    problems: tuple[str, ...] = ()

    def applied(self, call: Transcript, source: str, *, alone: bool = True) -> Transcript:
        """The call with its metadata; what the table says goes before what the path says, and both before what the file says.

        ``alone`` tells that the file holds this call only, so that an id or a row that is known by the file's name is this call's.
        """
        path = self._of_path(source)
        call_id = call.id if not alone or path.call_id is None else path.call_id
        row = self._row(source, call_id, alone=alone)
        if row is None and not path.values and path.started_at is None and call_id == call.id:
            return call
        own_id = None if row is None or not alone else row.call_id
        started = (None if row is None else row.started_at) or path.started_at or call.started_at
        values = {**call.metadata, **path.values, **({} if row is None else row.values)}
        return replace(call, id=own_id or call_id, started_at=started, metadata=values)

    def mark(self, source: str, call_id: str | None, *, alone: bool = True) -> str:
        """A mark that changes when what is known of a call does; empty where nothing is."""
        path = self._of_path(source)
        row = self._row(source, call_id, alone=alone)
        known = [(k.values, k.call_id, k.started_at) for k in (path, row) if k is not None and (k.values or k.call_id or k.started_at)]
        if not known:
            return ""
        text = json.dumps(known, sort_keys=True, default=str)
        return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()

    def joined(self, calls: Iterable[tuple[str, int, str | None, bool]]) -> Joined:
        """How the table fits some calls, each by its source, number there, id, and whether it is alone in its source."""
        used: Counter[int] = Counter()
        without: list[str] = []
        misfits = total = 0
        for source, number, call_id, alone in calls:
            total += 1
            at = self._number(source, call_id, alone=alone)
            if at is not None:
                used[at] += 1
            elif self.rows:
                without.append(source if alone and not number else call_id or f"{source}, call {number + 1}")
            misfits += self.pattern is not None and self.pattern.fields(source) is None
        problems = list(self.problems)
        if misfits and self.pattern is not None:
            problems.append(f"The path of {misfits:,} of {total:,} calls does not fit the pattern {self.pattern.pattern}.")
        shared = [self.rows[at].place for at, count in used.items() if count > 1]
        if shared:
            problems.append(f"Rows of metadata that fit several calls: {_listed(shared)}. Name the files with their folders.")
        left = tuple(row.place for at, row in enumerate(self.rows) if at not in used)
        return Joined(total, len(self.rows), total - len(without) if self.rows else 0, tuple(without), left, tuple(problems))

    def _row(self, source: str, call_id: str | None, *, alone: bool) -> Known | None:
        at = self._number(source, call_id, alone=alone)
        return None if at is None else self.rows[at]

    def _number(self, source: str, call_id: str | None, *, alone: bool) -> int | None:
        if alone and self.by_file:
            for key in _keys(source):
                if key in self.by_file:
                    return self.by_file[key]
        return None if call_id is None else self.by_id.get(call_id)

    def _of_path(self, source: str) -> Known:
        found = None if self.pattern is None else self.pattern.fields(source)
        return _NOTHING if not found else _known("path", found, _Dates(found.values()))[0]


_NOTHING = Known("", {})


def call_info(metadata: Any = None, path: str | None = None) -> CallInfo | None:
    """What a table of metadata and a pattern of paths say of calls; None where neither is given.

    ``metadata`` is such a value, or a CSV, JSON Lines, Parquet or Excel file, a table of pandas, polars or Arrow, or a list of mappings. Each row names its
    call by a file or by an id.

    Raises:
        ReadError: it is no table, no column names the calls, or the pattern is wrong.
        SourceNotFoundError: there is no such file.
        MissingExtraError: a package that this kind of file needs is not installed.
    """
    if metadata is None and path is None:
        return None
    if isinstance(metadata, CallInfo):
        return metadata
    pattern = None if path is None else PathPattern(path)
    if metadata is None:
        return CallInfo(pattern=pattern)
    with own_errors(ReadError, "reading the metadata", "metadata", "Give a table: a file, a frame, or a list of mappings."):
        rows = table_rows(metadata)
    columns = list(dict.fromkeys(key for row in rows for key in row.values))
    if rows and not any(_canonical(c) in ("file", "call_id") for c in columns):
        raise ReadError(
            f"no column names the calls; there are {', '.join(columns[:12])}",
            where=str(metadata) if isinstance(metadata, str) else "metadata",
            remedy="Name one call_id or file.",
        )
    return _Table(rows, columns).info(pattern)


class _Table:
    """Rows being joined into what is known of each call."""

    def __init__(self, rows: Sequence[TableRow], columns: Sequence[str]) -> None:
        self._rows = rows
        self._known: list[Known] = []
        self._files: list[str | None] = []
        self._problems: list[str] = []
        # Where two columns mean the same, the first is taken and the other keeps its own name.
        self._names: dict[str, str] = {}
        for column in columns:
            name = _canonical(column)
            self._names[column] = column if name in self._names.values() else name

    def info(self, pattern: PathPattern | None) -> CallInfo:
        """The rows as what is known of calls."""
        started = [v for row in self._rows for k, v in row.values.items() if self._names[k] == "started_at"]
        dates = _Dates(started)
        unread: list[str] = []
        nameless: list[str] = []
        conflicts: list[str] = []
        seen: dict[tuple[str | None, str | None], int] = {}
        for row in self._rows:
            values = {self._names[key]: value for key, value in row.values.items()}
            file = values.pop("file", None)
            known, bad = _known(row.place, values, dates)
            if bad is not None:
                unread.append(f"{row.place}: {bad[:40]!r}")
            key = (None if file is None else _plain_path(str(file)), known.call_id)
            if key == (None, None):
                nameless.append(row.place)
                continue
            if key in seen:
                before = self._known[seen[key]]
                if (before.values, before.started_at) != (known.values, known.started_at):
                    conflicts.append(f"{row.place} after {before.place}")
                    self._known[seen[key]] = known
                continue
            seen[key] = len(self._known)
            self._known.append(known)
            self._files.append(key[0])
        if nameless:
            self._problems.append(f"Rows of metadata that name no call: {_listed(nameless)}.")
        if conflicts:
            self._problems.append(f"Calls with two rows of metadata that differ; the later one is used: {_listed(conflicts)}.")
        if unread:
            self._problems.append(f"Dates in metadata that could not be read: {_listed(unread)}. {dates.advice}")
        self._problems += self._renamed()
        return CallInfo(tuple(self._known), self._by_file(), self._by_id(), pattern, tuple(self._problems))

    def _by_file(self) -> dict[str, int]:
        """Whole paths first; a bare name, with or without its suffix, where only one row has it."""
        found = {file.casefold(): n for n, file in enumerate(self._files) if file is not None}
        for shorter in (_bare, _stem):
            short = Counter(shorter(file).casefold() for file in self._files if file is not None)
            for n, file in enumerate(self._files):
                if file is not None and short[shorter(file).casefold()] == 1:
                    found.setdefault(shorter(file).casefold(), n)
        return found

    def _by_id(self) -> dict[str, int]:
        found: dict[str, int] = {}
        twice: list[str] = []
        for n, known in enumerate(self._known):
            if known.call_id is not None and known.call_id in found:
                twice.append(known.call_id)
            elif known.call_id is not None:
                found[known.call_id] = n
        if twice:
            self._problems.append(f"Call ids that several files have in the metadata: {_listed(twice)}.")
        return found

    def _renamed(self) -> list[str]:
        names: dict[str, list[str]] = {}
        for known in self._known:
            own, name = known.values.get("agent_id"), known.values.get("agent")
            if own is not None and name is not None and str(name) not in names.setdefault(str(own), []):
                names[str(own)].append(str(name))
        return [
            f"The agent with the id {own} has several names in the metadata: {', '.join(found[:_SHOWN])}. Calls are grouped by the id."
            for own, found in sorted(names.items())
            if len(found) > 1
        ][:_SHOWN]


def _canonical(column: str) -> str:
    """The name by which a column is known, or its own."""
    key = plain_key(column)
    if key in _FILE:
        return "file"
    if key in field_names().lists["call"] or key == "id":
        return "call_id"
    if key in field_names().lists["started"]:
        return "started_at"
    return next((name for name, names in _KNOWN.items() if key in names), column)


def _known(place: str, values: Mapping[str, Any], dates: _Dates) -> tuple[Known, str | None]:
    """What a row says, and its date where that cannot be read."""
    found = {_canonical(key): value for key, value in values.items()}
    call_id = found.pop("call_id", None)
    written = found.pop("started_at", None)
    started = None if written is None else dates.read(written)
    kept = {key: _plain(value) for key, value in found.items()}
    for key in ("agent", "agent_id", "customer", "customer_id", "team", "queue"):
        if key in kept:
            kept[key] = _text(kept[key])
    if "direction" in kept:
        kept["direction"] = _DIRECTIONS.get(str(kept["direction"]).casefold(), kept["direction"])
    bad = None
    if written is not None and started is None:
        bad = _text(written)
        kept["started_at"] = bad
    return Known(place, kept, None if call_id is None else _text(call_id), started), bad


def _text(value: Any) -> str:
    """An id or a name as text; a spreadsheet's 17.0 is 17."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int | float | bool):
        return value
    return json.dumps(value, default=str, ensure_ascii=False)


def _plain_path(source: str) -> str:
    return source.replace("\\", "/").replace("::", "/").removeprefix("./")


def _bare(path: str) -> str:
    return path.rpartition("/")[2]


def _stem(path: str) -> str:
    bare = _bare(path)
    return (bare[:-3] if bare.casefold().endswith(".gz") else bare).rpartition(".")[0] or bare


def _keys(source: str) -> Iterable[str]:
    """The names under which a path may stand in a table, the most exact one first."""
    path = _plain_path(source).casefold()
    yield path
    parts = path.split("/")
    for at in range(1, len(parts)):
        yield "/".join(parts[at:])
    yield _stem(path)


# 3/4/2026, 03.04.26, 3-4-2026 14:05
_DAY_MONTH = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[ ,T]+(\S.*))?")
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f")


class _Dates:
    """Reads the dates of one column; those such as 3/4/2026 by whether others of the column tell the day first."""

    def __init__(self, values: Iterable[Any]) -> None:
        found = [m for v in values if isinstance(v, str) and (m := _DAY_MONTH.fullmatch(v.strip())) and m[2] != "."]
        day_first, month_first = any(int(m[1]) > 12 for m in found), any(int(m[3]) > 12 for m in found)
        self._day_first = None if day_first == month_first else day_first
        self.advice = (
            "Write them as 2026-04-03 10:15."
            if self._day_first is not None or not found
            else "A date such as 3/4/2026 can be read in two ways, and the others of the column do not tell which: write 2026-04-03."
        )

    def read(self, value: Any) -> datetime | None:
        """The date and time of a value; None where it is none, or can be read in two ways."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime(value.year, value.month, value.day)
        match = _DAY_MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is not None:
            return self._numbers(match)
        found = moment(value)
        return found if found is not None or not isinstance(value, str) else _in_words(value)

    def _numbers(self, match: re.Match[str]) -> datetime | None:
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day_first = True if match[2] == "." or first > 12 else False if second > 12 else self._day_first
        if day_first is None:
            return None
        day, month = (first, second) if day_first else (second, first)
        clock = _clock(match[5])
        try:
            return (
                None if clock is None else datetime(year + 2000 if year < 100 else year, month, day, clock.hour, clock.minute, clock.second)
            )
        except ValueError:
            return None


def _clock(text: str | None) -> datetime | None:
    if text is None:
        return datetime(1900, 1, 1)
    for form in _CLOCKS:
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            continue
    return None


def _in_words(text: str) -> datetime | None:
    """A date with the month's name, such as 3 April 2026, 10:15."""
    if not re.search(r"[A-Za-z]{3}", text) or not re.search(r"\d{4}", text):
        return None
    import dateparser

    found: datetime | None = dateparser.parse(text, languages=["en"], settings={"STRICT_PARSING": True})
    return found
