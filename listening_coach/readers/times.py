"""Times of every writing become seconds from the call's start.

A single value often does not tell its unit or its zero, so values are gathered for a whole call and resolved together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum, auto
from typing import NamedTuple

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2}),?\s+(\S.*)")
# Frames at the end, of which a second has 25 or 30.
_SMPTE = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})[:;](\d{2})")
_FRAMES_PER_SECOND = 25
_MORE_FRAMES_PER_SECOND = 30
_SPOKEN_CLOCK = re.compile(
    r"(?:(\d+)\s*h(?:ours?|rs?)?)?\s*(?:(\d+)\s*m(?:in(?:utes?|s)?)?)?\s*(?:(\d+(?:[.,]\d+)?)\s*s(?:ec(?:onds?|s)?)?)?", re.IGNORECASE
)
_COMMA = re.compile(r"-?\d+,\d+")
# Marks of direction and narrow blanks that chat exports put into times.
_INVISIBLE = str.maketrans(
    {"\u200e": "", "\u200f": "", "\u202a": "", "\u202c": "", "\ufeff": "", "\u202f": " ", "\u00a0": " ", "\u2009": " "}
)
# What stands between a date and a clock in some languages, and clocks with points behind a date.
_LINK = re.compile(r"(?<=\d),?\s+(?:à|às|klo|kl\.?|um|alle|om|at)\s+(?=\d)")
_POINTS = re.compile(r"(?<=\d[\s,])\s*(\d{1,2})\.(\d{2})(?:\.(\d{2}))?$")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_DURATION = re.compile(r"P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE)
_WITH_UNIT = re.compile(
    r"(-?\d+(?:\.\d*)?(?:e[+-]?\d+)?)\s*(s|secs?|seconds?|ms|msecs?|millis|milliseconds?|us|µs|micros|ns|nanos|m|mins?|minutes?|h|hours?)\.?",
    re.IGNORECASE,
)
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9, "ticks": 1e-7}
# From here on a number is no offset into a call but a count since 1970: in seconds, milliseconds, microseconds, nanoseconds.
_EPOCHS = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3), (8e8, 1.0))
# No count since 1970 is as large as this.
_MOST_EPOCH = 1e20
# A number from here on counts since 1970.
EPOCH_FROM = 8e8
# A clock that starts later than this is the time of day: few calls are cut in after six hours.
_TIME_OF_DAY_S = 6 * 3600
# Speech has some 15 letters a second, so a bare number of which each unit holds fewer than this is no second: what it is
# instead, from the fewest letters up.
_LETTERS_PER_UNIT = ((2.5e-6, 1e-7), (1e-4, 1e-6), (0.1, 1e-3))
_LETTERS_PER_ODD_UNIT = 0.05
# Shorter than this in its own unit no call is: it is seconds, with long silences.
_SHORTEST_UNITS = 1000


class Kind(Enum):
    """What a value tells about its zero and unit."""

    NUMBER = auto()
    SECONDS = auto()
    CLOCK = auto()
    DAY = auto()
    DATE = auto()


class Stamp(NamedTuple):
    """A value as written: what kind, how many of its unit, and the date where it has one."""

    kind: Kind
    value: float
    date: datetime | None = None


def stamp(value: object) -> Stamp | None:
    """What ``value`` says; None for no value.

    Raises:
        ValueError: it is no time at all.
    """
    if value is None or (isinstance(value, str) and value.strip().casefold() in ("", "nan", "nat", "none", "null", "n/a", "-")):
        return None
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, timedelta):
        return Stamp(Kind.SECONDS, value.total_seconds())
    if isinstance(value, datetime):
        return None if value != value else _dated(value)  # pandas' "not a time" is unequal to itself
    if isinstance(value, str):
        return _written(value.strip())
    number = _finite(value)
    return None if math.isnan(number) else Stamp(Kind.NUMBER, number)


def _finite(value: object) -> float:
    """A number as a float; whole numbers may have any length.

    Raises:
        ValueError: it is infinite, or larger than any time can be.
    """
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever float takes: numbers of every library
    except OverflowError:
        number = math.inf
    if math.isinf(number):
        raise ValueError("larger than any time can be")
    return number


def millis(digits: str) -> float:
    """Seconds from milliseconds that are written in digits.

    Raises:
        ValueError: they are more than any time can be.
    """
    return _finite(digits) / 1000


def _written(text: str) -> Stamp:
    try:
        number = float(text)
    except ValueError:
        found = _in_words(text)
        return found._replace(value=_finite(found.value))
    return Stamp(Kind.NUMBER, _finite(number))


def _in_words(text: str) -> Stamp:
    """A time that is written with more than a number."""
    plain = " ".join(text.translate(_INVISIBLE).strip("[](){}<>` ").split())
    plain = _POINTS.sub(_with_colons, _LINK.sub(" ", plain))
    if _COMMA.fullmatch(plain):
        return Stamp(Kind.NUMBER, float(plain.replace(",", ".")))
    smpte = _SMPTE.fullmatch(plain)
    if smpte:
        frames = int(smpte[4])
        rate = _FRAMES_PER_SECOND if frames < _FRAMES_PER_SECOND else _MORE_FRAMES_PER_SECOND
        return Stamp(Kind.CLOCK, int(smpte[1]) * 3600 + int(smpte[2]) * 60 + int(smpte[3]) + round(frames / rate, 3))
    clock = _CLOCK.fullmatch(plain)
    if clock:
        hours, minutes, seconds, fraction, half = clock.groups()
        total = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)
        if half:
            # "1:05 pm" has no seconds: what looked like minutes and seconds are hours and minutes.
            total = total if hours else total * 60
            return Stamp(Kind.DAY, total % 43200 + (43200 if half in "pP" else 0))
        return Stamp(Kind.CLOCK, total)
    if _DAY.fullmatch(plain):
        plain = f"{plain} 0:00:00"
    slashed = _SLASHED.fullmatch(plain)
    if slashed:
        return _day_or_month_first(slashed)
    unit = _WITH_UNIT.fullmatch(plain)
    if unit:
        return Stamp(Kind.SECONDS, float(unit[1]) * _unit(unit[2]))
    duration = _DURATION.fullmatch(plain)
    if duration and any(duration.groups()):
        lengths = [float(part or 0) for part in duration.groups()]
        return Stamp(Kind.SECONDS, lengths[0] * 86400 + lengths[1] * 3600 + lengths[2] * 60 + lengths[3])
    spoken = _SPOKEN_CLOCK.fullmatch(plain) if plain[:1].isdigit() else None
    if spoken and any(spoken.groups()):
        parts = [float((part or "0").replace(",", ".")) for part in spoken.groups()]
        return Stamp(Kind.SECONDS, parts[0] * 3600 + parts[1] * 60 + parts[2])
    date = moment(plain)
    if date is None:
        raise ValueError(text)
    return _dated(date)


def _with_colons(match: re.Match[str]) -> str:
    return ":".join(part for part in match.groups() if part is not None)


def _day_or_month_first(match: re.Match[str]) -> Stamp:
    """A date such as 03/04/2025, of which only a number above twelve tells which is the day; its clock counts anyway."""
    first, second, year = (int(match[n]) for n in (1, 2, 3))
    clock = _written(match[4])
    # Behind a date "10:02" is no length.
    seconds = clock.value * 60 if clock.kind is Kind.CLOCK and match[4].count(":") == 1 else clock.value
    day, month = (second, first) if second > 12 else (first, second)
    midnight = datetime(year + 2000 if year < 100 else year, month, day, tzinfo=UTC)
    at = midnight + timedelta(seconds=seconds)
    return Stamp(Kind.DATE, at.timestamp(), at.replace(tzinfo=None) if max(first, second) > 12 else None)


def _unit(name: str) -> float:
    name = name.casefold()
    for start, factor in (("mic", 1e-6), ("mil", 1e-3), ("ms", 1e-3), ("us", 1e-6), ("µ", 1e-6), ("n", 1e-9), ("m", 60.0), ("h", 3600.0)):
        if name.startswith(start):
            return factor
    return 1.0


def _dated(date: datetime) -> Stamp:
    return Stamp(Kind.DATE, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp(), date)


def moment(text: object) -> datetime | None:
    """The date and time that a string or a count since 1970 stands for; None where it is neither."""
    if isinstance(text, datetime):
        return text
    if isinstance(text, int | float) and not isinstance(text, bool):
        factor = next((f for least, f in _EPOCHS if _MOST_EPOCH > text >= least), None)
        return None if factor is None else _since_1970(text * factor)
    if not isinstance(text, str):
        return None
    plain = text.translate(_INVISIBLE).strip()
    plain = re.sub(r"^(\d{4}-\d\d-\d\d),\s*", r"\1 ", plain)
    plain = plain[:-4] + "Z" if plain.endswith(" UTC") else plain
    if plain.isdigit() and len(plain) != 8:
        return moment(int(plain)) if 9 <= len(plain) <= 20 and plain.isascii() else None
    # More than six digits of a second are more than a datetime holds.
    plain = re.sub(r"(\.\d{6})\d+", r"\1", plain)
    try:
        return datetime.fromisoformat(plain)
    except ValueError:
        pass
    for pattern in ("%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S %z %Y"):
        try:
            return datetime.strptime(plain, pattern)
        except ValueError:
            continue
    return _spelled(plain)


def _since_1970(seconds: float) -> datetime | None:
    """The date so many seconds after 1970 began; None beyond what a date can be."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def before(date: datetime | None, seconds: float | None) -> datetime | None:
    """The date so many seconds before another."""
    if date is None or seconds is None:
        return None
    try:
        return date - timedelta(seconds=seconds)
    except OverflowError:
        return None


_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_LAST_CLOCK = re.compile(
    r"(?P<day>.*?)\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6}))?)?"
    r"\s*(?:(?P<half>[ap])\.?\s?m\.?)?\s*\(?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?\)?",
    re.IGNORECASE,
)
# Days as they are written, without commas.
_DAY_FORMS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d.%m.%y", "%d-%m-%Y", "%d-%b-%Y", "%d-%b-%y",
    "%d %b %Y", "%d %B %Y", "%d. %b %Y", "%d. %B %Y", "%b %d %Y", "%B %d %Y", "%b. %d %Y",
)  # fmt: skip


def _spelled(text: str) -> datetime | None:
    """A date as people write it, with or without a clock behind it: "Wednesday, March 4, 2026 at 2:00:05 PM UTC"; None where it is none."""
    plain = " ".join(re.sub(r",|\bat\b|·", " ", _WEEKDAY.sub("", text)).split())
    match = _LAST_CLOCK.fullmatch(plain)
    day = _day(match["day"] if match else plain)
    if day is None or match is None:
        return day
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] in "pP" else 0)
    fraction = (match["fraction"] or "").ljust(6, "0")
    try:
        found = day.replace(hour=hour, minute=int(match["minute"]), second=int(match["second"] or 0), microsecond=int(fraction))
    except ValueError:
        return None
    return found if not match["zone"] else found.replace(tzinfo=_zone(match["zone"]))


def _day(text: str) -> datetime | None:
    for pattern in _DAY_FORMS:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return None


def _zone(text: str) -> timezone:
    if text[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(offset if text[0] == "+" else -offset)


def unit_of(key: str) -> float | None:
    """Seconds a unit, as the end of a field's name tells: start_ms, offsetMillis, begin_sec; None where it does not."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).casefold().replace("-", "_").replace(" ", "_").strip("()_").replace("(", "")
    parts = words.split("_")
    for part in (parts[-1], *reversed(parts[:-1])):
        unit = _UNIT_NAMES.get(part)
        # A single letter tells a unit at the end only.
        if unit is not None and (part == parts[-1] or len(part) > 2 or part == "ms"):
            return unit
    return None


_UNIT_NAMES = {
    **dict.fromkeys(("ms", "msec", "msecs", "millis", "millisecond", "milliseconds", "mills"), 1e-3),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("ticks", "tick"), 1e-7),
    **dict.fromkeys(("us", "usec", "micros", "microseconds"), 1e-6),
    **dict.fromkeys(("ns", "nanos", "nanoseconds"), 1e-9),
    **dict.fromkeys(("min", "mins", "minutes"), 60.0),
}


class Zero(NamedTuple):
    """How a call's values become seconds: times ``factor``, less ``origin``; ``date`` is the call's start where known.

    ``kind`` is that of the starts; a value of another kind, such as a word's seconds in a turn with a date, counts from
    the call's start already.
    """

    factor: float
    origin: float
    date: datetime | None
    kind: Kind

    def seconds(self, value: Stamp | None) -> float | None:
        """Seconds from the call's start."""
        if value is None:
            return None
        if value.kind is not self.kind:
            return value.value
        if value.kind is Kind.NUMBER:
            return round(value.value * self.factor - self.origin, 6) if self.factor != 1.0 or self.origin else value.value
        seconds = value.value - self.origin
        # A call over midnight: the clock starts again.
        return seconds + 86400 if seconds < -43200 and self.kind in (Kind.DAY, Kind.CLOCK) else seconds


def zero(starts: Sequence[Stamp], letters: int, factor: float | None = None, span: Iterable[Stamp] = ()) -> Zero:
    """How to read a call's starts, told together: which unit, and which of them is nil.

    ``letters`` is how much was said, from which the unit of a bare number follows; ``factor`` is the unit where the
    field's name says it. ``span`` holds further values of the same kind, such as ends.
    """
    if not starts:
        return Zero(factor or 1.0, 0.0, None, Kind.NUMBER)
    kind = starts[0].kind
    least = min(s.value for s in starts if s.kind is kind)
    if kind is Kind.NUMBER:
        epoch = next((f for bound, f in _EPOCHS if least >= bound), None)
        if epoch is not None and (factor is None or least * factor > 8e8):
            return Zero(epoch, least * epoch, _since_1970(least * epoch), kind)
        if factor is None:
            factor = _likely_unit([s.value for s in (*starts, *span)], letters)
        return Zero(factor, 0.0, None, kind)
    if kind is Kind.DATE:
        first = min((s for s in starts if s.kind is Kind.DATE), key=lambda s: s.value)
        return Zero(1.0, first.value, first.date, kind)
    if kind is Kind.DAY or starts[0].value >= _TIME_OF_DAY_S:
        return Zero(1.0, starts[0].value, None, kind)
    return Zero(1.0, 0.0, None, kind)


def _likely_unit(values: Sequence[float], letters: int) -> float:
    """Seconds, or the smaller unit of which whole numbers count so many that hardly a letter falls to each."""
    length = max(values) - min(values)
    if length < _SHORTEST_UNITS or not letters:
        return 1.0
    if any(v != int(v) for v in values):
        # Fractions of a millisecond are written too, but fractions of a second are far more common.
        return 1e-3 if letters / length < _LETTERS_PER_ODD_UNIT else 1.0
    return next((factor for most, factor in _LETTERS_PER_UNIT if letters / length < most), 1.0)
