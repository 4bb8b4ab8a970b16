"""Can-do and can't-do wording: quoted to the end of the clause."""

from __future__ import annotations

import functools

import pytest

from listening_coach import Coach, Transcript


@functools.cache
def coach() -> Coach:
    return Coach()


def wording(text: str) -> list[tuple[str, str | None, str]]:
    moments = coach().find_by_rules(Transcript.from_turns([("agent", text)])).moments
    return [(m.behaviour, m.kind, m.quote) for m in moments if m.behaviour in ("positive_language", "negative_language")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can send you a new one today, if you like.", ("positive_language", "can_do", "I can send you a new one today")),
        ("Certainly, what's the date?", ("positive_language", "yes", "Certainly")),
        ("Good news: the part has come.", ("positive_language", "good_news", "Good news")),
        ("We'd be happy to look at it again.", ("positive_language", "gladly", "We'd be happy to look at it again")),
        ("I can't open that from here because it's locked.", ("negative_language", "cannot", "I can't open that from here")),
        ("You'll have to ring the branch.", ("negative_language", "have_to", "You'll have to ring the branch")),
        ("Unfortunately, the slot has gone.", ("negative_language", "unfortunately", "Unfortunately, the slot has gone")),
        ("The problem is the valve.", ("negative_language", "problem", "The problem is the valve")),
    ],
)
def test_quotes(text: str, expected: tuple[str, str, str]) -> None:
    """A phrase that only begins what is said is quoted to the end of its clause; a bare word is whole."""
    assert wording(text) == [expected]


def test_one_clause_counts_once() -> None:
    """Two phrases in one clause are one moment: "unfortunately I can't"."""
    assert len(wording("Unfortunately I can't change the name.")) == 1


def test_long_clauses_are_cut() -> None:
    """In text without signs a quote ends after a few words."""
    ((_, _, quote),) = wording("i can send you " + "very " * 40 + "good ones")
    assert len(quote.split()) < 16


@pytest.mark.parametrize(
    "text",
    ["I can't wait.", "You don't have to do that.", "That's not a problem.", "Can I take your name?", "All I can do is ask.", "", "🙂"],
)
def test_neither(text: str) -> None:
    """Sayings, denials and questions are neither can-do nor can't-do."""
    assert wording(text) == []


@pytest.mark.parametrize(
    "text", ["we cannot authorise it", "we can't authorize it", "we um can't uh authorise it", "WE CAN'T AUTHORISE IT"]
)
def test_told_otherwise(text: str) -> None:
    """Spelling, full forms, fillers and capitals change nothing."""
    assert [(b, k) for b, k, _ in wording(text)] == [("negative_language", "cannot")]
