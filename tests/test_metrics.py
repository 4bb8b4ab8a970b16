"""Metrics: counts and times of a call, and None where the transcript cannot show them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Transcript
from listening_coach.metrics import Metrics, measure


def metrics(*turns: Any, nods: tuple[int, ...] = ()) -> Metrics:
    call = Transcript.from_turns(turns)
    return measure(call, [len(t.text.split()) for t in call.turns], frozenset(nods))


def test_without_times() -> None:
    """Without times the talk share is of words, and nothing that needs a clock is told."""
    got = metrics(("agent", "one two three"), ("customer", "one"), ("ivr", "press one"))
    assert got.agent_talk_share == 0.75
    assert got.talk_share_of == "words"
    assert (got.turns, got.agent_turns, got.customer_turns, got.agent_words, got.customer_words) == (3, 1, 1, 3, 1)
    assert (got.duration_s, got.response_delay_s, got.agent_words_a_minute, got.overlap_share, got.silences) == (None,) * 5
    assert got.longest_monologue_s is None


def test_with_times() -> None:
    """With times the talk share is of time; delays, pace, overlap and silences are told in seconds."""
    got = metrics(
        ("agent", "a b c d", 0.0, 10.0),
        ("customer", "a b c d e f", 12.0, 22.0),
        ("agent", "a b", 21.0, 26.0),
        ("customer", "a", 36.0, 41.0),
        ("agent", "a", 42.0, 43.0),
    )
    assert got.agent_talk_share == pytest.approx(16 / 31)
    assert got.talk_share_of == "time"
    assert got.response_delay_s == pytest.approx(0.0)  # the median of one second early and one late
    assert got.agent_words_a_minute == pytest.approx(60 * 7 / 16)
    assert got.overlap_share == pytest.approx(1 / 30)
    assert (got.silences, got.longest_silence_s) == (1, 10.0)
    assert got.duration_s == 43.0


def test_a_nod_does_not_end_a_monologue() -> None:
    """The agent's monologue runs on through the customer's nods, and ends where the customer takes a turn."""
    turns = [
        ("agent", "a b c", 0.0, 3.0),
        ("customer", "uh huh", 3.0, 3.5),
        ("agent", "d e", 4.0, 6.0),
        ("customer", "but why is that", 6.0, 8.0),
        ("agent", "f", 8.0, 9.0),
    ]
    assert metrics(*turns, nods=(1,)).longest_monologue_words == 5
    assert metrics(*turns, nods=(1,)).longest_monologue_s == 6.0
    assert metrics(*turns).longest_monologue_words == 3
    assert metrics(*turns).longest_monologue_turn == 0


def test_only_the_customer() -> None:
    """Where one side says nothing there is a share of nought, and where nobody speaks there is none."""
    assert metrics(("customer", "hello there")).agent_talk_share == 0.0
    assert metrics(("x", "hello there")).agent_talk_share is None
    assert metrics().agent_talk_share is None


SPANS = st.tuples(st.sampled_from(["agent", "customer", "ivr"]), st.floats(0, 500), st.floats(0, 60))


@given(st.lists(SPANS, max_size=20))
def test_shares_are_shares(spans: list[tuple[str, float, float]]) -> None:
    """Shares lie between 0 and 1 and lengths are never negative, however the turns overlap."""
    got = metrics(*((who, "word word", start, start + length) for who, start, length in spans))
    for share in (got.agent_talk_share, got.overlap_share):
        assert share is None or 0 <= share <= 1
    assert got.longest_silence_s is None or got.longest_silence_s >= 0
    assert got.longest_monologue_s is None or got.longest_monologue_s >= 0
