"""The words in which a report is put: times, scores, names, texts."""

from __future__ import annotations

import unicodedata

import pytest
from hand_made import report
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Role
from listening_coach.report.page import clean, clock, cut, sentence, view, who, whole


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (59.99, "0:59"), (60, "1:00"), (75.9, "1:15"), (3725, "62:05"), (-0.2, "0:00")]
)
def test_clock(seconds: float, shown: str) -> None:
    """Times are minutes and seconds, rounded down as a player shows them."""
    assert clock(seconds) == shown


@pytest.mark.parametrize(
    ("score", "shown"), [(0.0, "0"), (0.49, "0"), (64.49, "64"), (64.5, "65"), (64.4999999999, "65"), (64.99, "65"), (100.0, "100")]
)
def test_whole(score: float, shown: str) -> None:
    """A score is rounded to a whole number; what binary fractions take off a half does not lower it."""
    assert whole(score) == shown


@pytest.mark.parametrize(
    ("speaker", "role", "shown"),
    [
        ("Dana", Role.AGENT, "Dana (agent)"),
        ("AGENT", Role.AGENT, "Agent"),
        ("Caller", Role.CUSTOMER, "Caller"),
        ("spk_0", Role.UNKNOWN, "spk_0"),
        ("spk_0", Role.CUSTOMER, "spk_0 (customer)"),
        ("IVR", Role.OTHER, "IVR"),
        (" \n ", Role.UNKNOWN, "unnamed speaker"),
        ("A\x1b[31m\nB", Role.AGENT, "A[31m B (agent)"),
    ],
)
def test_who(speaker: str, role: Role, shown: str) -> None:
    """A speaker is shown by name, with the role where the name does not tell it."""
    assert who(speaker, role) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("none found", "None found."), ("Is it?", "Is it?"), ("say 'yes.'", "Say 'yes.'"), ("", ""), ("a\n b", "A b."), ("wait…", "Wait…")],
)
def test_sentence(text: str, shown: str) -> None:
    """A reason becomes a sentence: a capital, and one stop at the end."""
    assert sentence(text) == shown


@given(st.text(st.characters(exclude_characters="…"), max_size=400), st.integers(20, 100))
def test_cut(text: str, most: int) -> None:
    """A text that is cut is never longer than asked for, and begins and ends as the whole did."""
    text = clean(text)
    found = cut(text, most)
    assert len(found) <= most
    first, _, last = found.partition(" … ") if len(text) > most else (text, "", text)
    assert text.startswith(first)
    assert text.endswith(last)


def test_cut_keeps_words() -> None:
    """Words are not cut through."""
    assert cut("one two three four five six seven eight nine ten", 30) == "one two three … nine ten"


@given(st.text())
def test_clean(text: str) -> None:
    """What is shown stands on one line, without control characters and halves of pairs."""
    found = clean(text)
    assert not [c for c in found if unicodedata.category(c) in ("Cc", "Cs")]
    assert found == " ".join(found.split())


def test_view_changes_nothing() -> None:
    """Looking at a report twice says the same, and leaves it as it was."""
    made = report()
    assert view(made) == view(made)
    assert made == report()
