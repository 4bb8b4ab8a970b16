"""Dates as people say them: found in canonical words, and resolved from the day of the call."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.language.en import dates

# A Wednesday morning.
CALL = datetime(2024, 3, 13, 10, 0)


def found(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[a:b]) for a, b in dates.find(words)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i will send it by friday", ["by friday"]),
        ("you will have it within twenty four hours", ["within twenty four hours"]),
        ("it takes three to five working days", ["three to five working days"]),
        ("i will ring tomorrow morning at nine", ["tomorrow morning at nine"]),
        ("we call you at four fifteen in the morning", ["at four fifteen in the morning"]),
        ("they come between eight and six", ["between eight and six"]),
        ("on the 0 of june we meet", ["on the 0 of june"]),
        ("by the end of next week i hope", ["by the end of next week"]),
        ("in a week is time", ["in a week is time"]),
        ("first thing tomorrow", ["first thing tomorrow"]),
        ("later today or tomorrow", ["later today or tomorrow"]),
        ("over the weekend", ["over the weekend"]),
        ("bear with me five minutes", ["five minutes"]),
        ("twenty to eight it is", []),
        ("your friday appointment", []),
        ("i moved last friday", []),
        ("it was five minutes ago", []),
        ("now or in a minute", []),
        ("as soon as possible", []),
        ("look at two bills", []),
        ("i may march on", []),
        ("", []),
    ],
)
def test_find(text: str, expected: list[str]) -> None:
    """A row of words gives the days and times to come that it names, and nothing of the past, of names or of "soon"."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("five working days to pay after we get the form", ["five working days"]),
        ("a couple of weeks or half an hour", ["a couple of weeks", "half an hour"]),
        ("two tickets for five people", []),
        ("", []),
    ],
)
def test_find_lengths(text: str, expected: list[str]) -> None:
    """A stretch of time is found without a word that makes it a date; other numbers are none."""
    words = text.split()
    assert [" ".join(words[a:b]) for a, b in dates.find_lengths(words)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i will ring you as soon as she is in", ["as soon as she is in"]),
        ("once the part is here we will text you and you pay then", ["once the part is here we will text you"]),
        ("he will have it open by the time you are there", ["by the time you are there"]),
        ("you will hear from me , not from a text", []),
        ("i will put it in the pack", []),
    ],
)
def test_find_events(text: str, expected: list[str]) -> None:
    """A time may be told by what happens then; words that name no event are none."""
    words = text.split()
    assert [" ".join(words[a:b]) for a, b in dates.find_events(words)] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("today", "2024-03-13"),
        ("later today", "2024-03-13"),
        ("this afternoon", "2024-03-13"),
        ("by the end of the day", "2024-03-13"),
        ("tomorrow", "2024-03-14"),
        ("first thing in the morning", "2024-03-14"),
        ("by Friday", "2024-03-15"),
        ("on Wednesday", "2024-03-20"),
        ("next Tuesday morning", "2024-03-19"),
        ("Friday week", "2024-03-22"),
        ("within 24 hours", "2024-03-14"),
        ("within twenty-four to forty-eight hours", "2024-03-15"),
        ("within the hour", "2024-03-13"),
        ("in a couple of days", "2024-03-15"),
        ("in three to five working days", "2024-03-20"),
        ("within 3–5 business days", "2024-03-20"),
        ("in a week's time", "2024-03-20"),
        ("in a fortnight", "2024-03-27"),
        ("by the end of the week", "2024-03-15"),
        ("next week", "2024-03-22"),
        ("over the weekend", "2024-03-17"),
        ("by the end of the month", "2024-03-31"),
        ("next month", "2024-04-30"),
        ("on the 15th of March", "2024-03-15"),
        ("before April 2nd", "2024-04-02"),
        ("by the twenty-third of June", "2024-06-23"),
        ("by the 12th", "2024-04-12"),
        ("by the fifteenth", "2024-03-15"),
        ("by 3 p.m.", "2024-03-13"),
        ("at 9am", "2024-03-14"),
        ("by 25/03", "2024-03-25"),
        ("by 04/05", None),
        ("at half past five", None),
        ("soon", None),
        ("", None),
        ("within 99999999999999999999 working days", None),
        ("by 45/99", None),
    ],
)
def test_resolve(said: str, expected: str | None) -> None:
    """What was said is the last day that keeps the promise, seen from the day of the call; None where it cannot be told."""
    day = dates.resolve(said, CALL)
    assert (None if day is None else day.isoformat()) == expected


@given(st.dates(date(2001, 1, 1), date(2090, 12, 31)), st.sampled_from(["monday", "thursday", "sunday"]))
def test_weekday_is_ahead(today: date, weekday: str) -> None:
    """A weekday is the next one of its name, one to seven days ahead, whatever the day of the call."""
    day = dates.resolve(f"by {weekday}", datetime(today.year, today.month, today.day, 9))
    assert day is not None
    assert day.strftime("%A").lower() == weekday
    assert 1 <= (day - today).days <= 7


@given(st.dates(date(2001, 1, 1), date(2090, 12, 31)), st.integers(1, 60))
def test_working_days_end_on_a_working_day(today: date, count: int) -> None:
    """A promise in working days never falls due at a weekend, and never before as many days have passed."""
    day = dates.resolve(f"within {count} working days", datetime(today.year, today.month, today.day, 9))
    assert day is not None
    assert day.weekday() < 5
    assert (day - today).days >= count


@given(st.text(max_size=60))
def test_any_text_is_taken(said: str) -> None:
    """Whatever is written, resolving it gives a day or None."""
    assert dates.resolve(said, CALL) is None or isinstance(dates.resolve(said, CALL), date)
