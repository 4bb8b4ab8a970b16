"""Dates as people say them: where a text names one, and which day that is.

``find`` works on canonical words, so that punctuated and plain text, words and figures read alike. ``resolve`` turns
what was said into a day with dateparser, which is slow: it sees only what ``find`` has singled out, and what it
answered is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from ..normaliser import word_set

_ONES = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|ninety"
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth"
    "|seventeenth|eighteenth|nineteenth|twentieth|twenty first|twenty second|twenty third|twenty fourth|twenty fifth|twenty sixth"
    "|twenty seventh|twenty eighth|twenty ninth|thirtieth|thirty first"
)
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|weds|thurs|fri"
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_NUMBER = rf"(?:0|(?:{_TENS}) (?:{_ONES})|{_TENS}|{_ONES}|a couple of|a couple|couple of|a few|few|several)"
_UNIT = r"(?:minutes?|hours?|days?|weeks?|weekdays?|months?|fortnights?)"
_ABOUT = r"(?: (?:about|around|roughly|approximately|maximum|up to|less than|no more than|at most|probably|say|another|just)"
_ABOUT += r"| (?:the|next|coming|following|first|no later than))*"
_LENGTH = (
    rf"(?:{_NUMBER}(?:(?: (?:to|or|maybe))? {_NUMBER})?(?: (?:more|full|working|business|calendar|short))* {_UNIT}"
    rf"|(?:an?|the) (?:half (?:an )?|working |business |full |single )?(?:hour|day|week|month|fortnight)|half an hour|an? hour and a half)"
)
_PART = r"(?:morning|afternoon|evening|night|lunchtime|lunch|noon|midday|teatime)"
_WHEN = r"(?:no later than|not later than|by|before|on|for|until|this|next|coming|first thing|early|late|later|at|around|about|after)"
_HOUR = rf"(?:0|{_ONES}|noon|midday|midnight)"
_HALF_DAY = r"(?:am|pm|a\.m\.?|p\.m\.?|a m|p m)"
_MINUTE = rf"(?:0|(?:{_TENS}) (?:{_ONES})|{_TENS}|{_ONES}|hundred)"
# What may follow a bare hour: "call you at five tomorrow" names a time, "look at two bills" does not.
_AFTER_HOUR = (
    r"(?= (?:in the|this|tomorrow|today|tonight|on|sharp|okay|then|for you|if|and|or|to|about|with|at|so|but|latest|all right|your time|when"
    r"|after|before|just|because|myself)\b|$)"
)

_PATTERNS = (
    rf"(?:within|inside of|inside|in|after|over|during|under|take|takes|taking|allow|give me|give us|bear with me|bear with us){_ABOUT} {_LENGTH}"
    r"(?: (?:is )?time| from (?:now|today)| or so)?(?! (?:ago|old|earlier|before|each|every|notice|guarantee|warranty|contract|free|delay))",
    rf"(?:the |these )?next {_LENGTH}",
    rf"{_LENGTH}(?: (?:is )?time| from (?:now|today|tomorrow))",
    rf"(?:(?:{_WHEN}|the) )*(?:end|close|start|beginning|middle) of(?: the| this| next| your| our)?(?: (?:working|business))?"
    r" (?:today|tomorrow|business|play|day|week|month|shift|year|afternoon|morning)",
    r"by (?:cob|eod|close|tonight|then end of day)",
    rf"(?:(?:{_WHEN}|from) )*(?:today|tomorrow|tonight|overnight)(?: {_PART})?",
    rf"(?:(?:{_WHEN}) )*(?:this|next) (?:{_PART}|week|weekend|month)",
    rf"(?:(?:{_WHEN}) )*(?:{_DAYS})(?: (?:{_PART}|week|next|coming|(?:the )?(?:0|{_ORDINALS})(?: of (?:{_MONTHS}))?))?",
    r"(?:over|at|on|by|during|before) the weekend",
    rf"(?:by|before|in|during) the (?:{_PART})",
    r"first thing(?: in the morning)?",
    r"(?:by|before|at|around) (?:noon|midday|midnight|lunchtime|lunch|teatime)",
    rf"(?:(?:{_WHEN}|the) )*(?:0|{_ORDINALS})(?: of)? (?:{_MONTHS})(?: 0)?",
    rf"(?:(?:{_WHEN}|the) )*(?:{_MONTHS}) (?:the )?(?:0|{_ORDINALS})",
    rf"(?:by|on|before|until) the (?:0|{_ORDINALS})(?! (?:floor|line|page|time|one|account|number|bill|option|digit|attempt|call|day|week|of|place)\b)",
    rf"(?:at|by|before|around|about|until|for|from|to|between)(?: about| around)? (?:half|(?:a )?quarter|{_MINUTE}(?: minutes)?)"
    rf" (?:past|to|after|before) {_HOUR}(?: {_HALF_DAY})?",
    rf"(?:(?:at|by|before|around|about|until|for|between)(?: about| around)? )?{_HOUR}(?: {_MINUTE})?(?: o'clock| {_HALF_DAY})+",
    rf"(?:at|by|before|around|until|between)(?: about| around)? {_HOUR} {_MINUTE}\b(?! (?:{_UNIT}|times|people|of)\b)",
    rf"between {_HOUR}(?: {_MINUTE})?(?: {_HALF_DAY})? and {_HOUR}(?: {_MINUTE})?(?: {_HALF_DAY}| o'clock)?",
    rf"(?:at|by|before|around|until)(?: about| around)? {_HOUR}{_AFTER_HOUR}",
    r"by 0\b(?! [a-z])",
)


@lru_cache(maxsize=1)
def _any_date() -> re.Pattern[str]:
    """All patterns as one; large, so it is made when the first date may be there."""
    return re.compile(rf"(?<![^ ])(?:{'|'.join(rf'(?:{p})' for p in _PATTERNS)})(?![^ ])")


# A date behind one of these names a thing or the past, not when something will be done.
_NOT_BEHIND = word_set("last your my his her their our since every each ago of from that whole past")
# Behind one of these a date is its own: "I'll call her at two".
_OPENS = word_set("at by before until around")
_NOT_BEFORE = word_set("appointment delivery slot booking flight order meeting session bill payment class shift is was ago trains train")
# They make a stretch of time a date ("it takes two days") and are no part of it.
_LEADS = word_set("take takes taking allow give bear with me us")
_JOINTS = word_set("at on by the or of before in around about between and to sometime probably")
# Without one of these no date is named: most windows are done with at a glance.
_SIGNS = frozenset(re.findall(r"[a-z']+", f"{_DAYS} {_MONTHS} {_ORDINALS} {_ONES} {_TENS} {_PART}"))
_SIGNS |= word_set("0 today tomorrow tonight overnight weekend week weeks weekday weekdays month months day days hour hours")
_SIGNS |= word_set("minutes fortnight close cob eod end half")


def find(words: Sequence[str]) -> list[tuple[int, int]]:
    """Where a row of canonical words names a day or time to come, as half-open ranges of words, in order.

    Parts that belong together ("tomorrow morning at nine") are one range. Moments that say only "now" or "soon" are none.
    """
    if _SIGNS.isdisjoint(words):
        return []
    text = " ".join(words)
    found: list[tuple[int, int]] = []
    for match in _any_date().finditer(text):
        first = text.count(" ", 0, match.start())
        last = first + match.group().count(" ") + 1
        while words[first] in _LEADS:
            first += 1
        if first and words[first - 1] in _NOT_BEHIND and words[first] not in _OPENS:
            continue
        if last < len(words) and words[last] in _NOT_BEFORE:
            continue
        if found and first - found[-1][1] <= 2 and all(w in _JOINTS for w in words[found[-1][1] : first]):
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


# What tells a time by something that happens then: "as soon as she's in", "once the part is here", "before you land".
_EVENT = re.compile(
    r"(?<![^ ])(?:(?:by|before|until|till) (?:the time |then\b)|as soon as |the (?:minute|moment|second|day) (?:it|they|he|she|that|you|we|i) "
    r"|the same (?:day|evening|morning|night)\b|at (?:breakfast|lunch|dinner|closing|opening)\b"
    r"|(?:straight|right|directly) after |(?:once|when|after|before|until|till) (?:it|he|she|they|you|we|i|the|your|that|this|his|her|their|my|our) )"
    r"(?:(?!(?:and|but|so|then|because|or|if)\b)[^ ]*[a-z0][^ ]*(?: |$)){0,7}"
)


def find_events(words: Sequence[str]) -> list[tuple[int, int]]:
    """Where a row of canonical words tells a time by what happens then, as half-open ranges of words, in order."""
    text = " ".join(words)
    found = []
    for match in _EVENT.finditer(text):
        first = text.count(" ", 0, match.start())
        found.append((first, first + len(match.group().split())))
    return found


def find_lengths(words: Sequence[str]) -> list[tuple[int, int]]:
    """Where a row of canonical words names a stretch of time, as half-open ranges of words, in order."""
    if _SIGNS.isdisjoint(words):
        return []
    text = " ".join(words)
    found = []
    for match in _any_length().finditer(text):
        first = text.count(" ", 0, match.start())
        found.append((first, first + match.group().count(" ") + 1))
    return found


@lru_cache(maxsize=1)
def _any_length() -> re.Pattern[str]:
    return re.compile(rf"(?<![^ ]){_LENGTH}(?![^ ])")


_FIGURES = {w: str(i) for i, w in enumerate(_ONES.split("|"), 1)} | {
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "ninety": "90",
}
_ORDINAL_FIGURES = {w: str(i) for i, w in enumerate(_ORDINALS.split("|")[:20], 1)}
_WORKING_DAY = ("working", "business", "weekday")
_SPAN_SAID = re.compile(
    r"(?:(\d+)(?: ?(?:to|or|-|–|maybe) ?| ))?(\d+) ((?:(?:more|full|working|business|calendar|short) )*)(minute|hour|day|week|weekday|month)s?\b"
)
# No promise reaches further than this many minutes, hours, days: what does is a number misheard.
_MOST_UNITS = 1_000
_AMBIGUOUS = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})(?:[/.-]\d{2,4})?\b")
_ABSOLUTE = re.compile(
    rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\b|\b(?:{_MONTHS}) (?:the )?\d{{1,2}}(?:st|nd|rd|th)?\b)(?:,? \d{{4}})?"
)
_DAY_OF_MONTH = re.compile(r"\bthe (\d{1,2})(?:st|nd|rd|th)?\b")
_CLOCK = re.compile(r"\b\d{1,2}(?:[:.]\d{2})? ?(?:a\.?m|p\.?m)\b")


def resolve(said: str, started_at: datetime) -> date | None:
    """The day that ``said`` means in a call that began at ``started_at``; the last day that still keeps such a promise.

    None where it cannot be told: a clock time without a day or half of it, or figures that could be day and month
    either way round.
    """
    text = _in_figures(said)
    today = started_at.date()
    if hit := _AMBIGUOUS.search(text):
        if max(int(hit[1]), int(hit[2])) <= 12 and hit[1] != hit[2]:
            return None
        return _parsed(hit[0], today)
    if hit := _ABSOLUTE.search(text):
        return _parsed(hit[0], today)
    if hit := _DAY_OF_MONTH.search(text):
        return _next_day_of_month(int(hit[1]), today)
    if hit := _SPAN_SAID.search(text):
        count, unit = int(hit[2]), hit[4]
        if count > _MOST_UNITS:
            return None
        if unit in ("minute", "hour"):
            return (started_at + timedelta(**{f"{unit}s": count})).date()
        if unit == "weekday" or any(w in hit[3] for w in _WORKING_DAY):
            return _working_days_on(today, count * (5 if unit == "week" else 1))
        return _parsed(f"in {count} {unit}s", today)
    return _named(text, started_at)


def _named(text: str, started_at: datetime) -> date | None:
    """The day of an expression that names it: "end of the week", "next Tuesday", "tomorrow morning"."""
    today = started_at.date()
    following = "next" in text.split()
    if "weekend" in text:
        return today + timedelta(days=6 - today.weekday() + (7 if following else 0))
    if re.search(r"\bmonth\b", text):
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        if following:
            first = (first + timedelta(days=32)).replace(day=1)
        return first - timedelta(days=1)
    weekdays = re.findall(rf"\b(?:{_DAYS})\b", text)
    if weekdays:
        named = _offset(("next " if f"next {weekdays[-1]}" in text else "") + weekdays[-1], today.weekday())
        if named is None:
            return None
        return today + timedelta(days=named + (7 if re.search(r"day week\b", text) else 0))
    if re.search(r"\bweek\b", text):
        friday = today + timedelta(days=4 - today.weekday() + (7 if following else 0))
        return friday if friday >= today else today + timedelta(days=6 - today.weekday())
    if "tomorrow" in text:
        return today + timedelta(days=1)
    if re.search(r"\b(?:today|tonight|this (?:morning|afternoon|evening)|end of|close of|cob|eod|close)\b", text):
        return today
    if re.search(r"\b(?:overnight|first thing|in the morning)\b", text):
        return today + timedelta(days=1)
    for parts, over_by in ((r"noon|midday|lunch|lunchtime", 12), (r"afternoon|teatime", 17), (r"evening", 21)):
        if re.search(rf"\b(?:{parts})\b", text):
            return today if started_at.hour < over_by else today + timedelta(days=1)
    if hit := _CLOCK.search(text):
        clock = _clock(hit[0])
        return None if clock is None else today + timedelta(days=int(clock <= started_at.hour * 60 + started_at.minute))
    return None


def _in_figures(said: str) -> str:
    """The words of an expression with figures for numbers: "twenty-four hours" is "24 hours", "a fortnight" "2 weeks"."""
    text = " ".join(re.sub(r"[,;]", " ", said.lower().replace("\u2019", "'")).split())
    text = re.sub(r"\b(\d+) ?(?:hrs?|h)\b", r"\1 hours", text)
    text = re.sub(r"\b(\d+) ?mins?\b", r"\1 minutes", text)
    text = re.sub(r"\b(\d+)\s?[-–—]\s?(\d+)(?= (?:\w+ )*(?:minute|hour|day|week|month))", r"\1 to \2", text)
    words = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text).split()
    out: list[str] = []
    for word in words:
        if word in _FIGURES:
            figure = _FIGURES[word]
            if out and out[-1] in ("20", "30", "40", "50", "60") and len(figure) == 1:
                out[-1] = str(int(out[-1]) + int(figure))
            else:
                out.append(figure)
        elif word in _ORDINAL_FIGURES:
            day = int(_ORDINAL_FIGURES[word])
            if out and out[-1] in ("20", "30") and day < 10:
                day += int(out.pop())
            out.append(f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}")
        elif word == "thirtieth":
            out.append("30th")
        else:
            out.append(word)
    text = " ".join(out)
    text = re.sub(r"\b1st thing\b", "first thing", text)
    text = re.sub(r"\b(?:a )?couple(?: of)?\b", "2", text)
    text = re.sub(r"\b(?:a few|few|several)\b", "3", text)
    text = re.sub(r"\bhalf an hour\b", "30 minutes", text)
    text = re.sub(r"\ban hour and a half\b", "90 minutes", text)
    text = re.sub(r"\b(?:an?|the|1) fortnight\b", "2 weeks", text)
    text = re.sub(
        r"\b(?:in|within|inside|after|under|over|takes?|allow|about) (?:the next |the |an? )(hour|day|week|month)\b", r"in 1 \1", text
    )
    return re.sub(r"\b(?:an?) ((?:working |business )?(?:hour|day|week|month))\b", r"1 \1", text)


def _clock(text: str) -> int | None:
    """Minutes since midnight of "3pm" or "10:30 a.m."."""
    hit = re.match(r"(\d{1,2})(?:[:.](\d{2}))? ?([ap])", text)
    if hit is None or not 1 <= int(hit[1]) <= 12:
        return None
    return (int(hit[1]) % 12 + (12 if hit[3] == "p" else 0)) * 60 + int(hit[2] or 0)


def _next_day_of_month(day: int, today: date) -> date | None:
    """The next date whose day of the month is ``day``, today included; None for a day that no month has."""
    if not 1 <= day <= 31:
        return None
    month = today.replace(day=1)
    while True:
        following = (month + timedelta(days=32)).replace(day=1)
        found = month + timedelta(days=day - 1)
        if today <= found < following:
            return found
        month = following


def _working_days_on(day: date, count: int) -> date:
    """The day that is ``count`` working days after ``day``; bank holidays are not known here."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


# Any week will do: only the distance from one weekday to another is read off it.
_SOME_MONDAY = date(2024, 1, 1)


@lru_cache(maxsize=2_000)
def _offset(text: str, weekday: int) -> int | None:
    """Days from a call on ``weekday`` to the day that ``text`` names; the same in every week, so remembered for all."""
    base = _SOME_MONDAY + timedelta(days=weekday)
    found = _parsed(text, base)
    return None if found is None else (found - base).days


@lru_cache(maxsize=20_000)
def _parsed(text: str, today: date) -> date | None:
    """The day that dateparser reads in ``text``, seen from ``today`` and looking ahead."""
    import dateparser

    noon = datetime(today.year, today.month, today.day, 12)
    found = dateparser.parse(text, languages=["en"], settings={"PREFER_DATES_FROM": "future", "RELATIVE_BASE": noon})
    return None if found is None else found.date()
