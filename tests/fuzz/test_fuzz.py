"""Generated input: whatever is read, said, or written as a rule, only errors of the library's own come out."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
import targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# How many inputs each test makes up; more before a release.
EXAMPLES = int(os.environ.get("LISTENING_COACH_FUZZ_EXAMPLES", "40"))
FUZZ = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

NUMBERS = st.integers() | st.integers(10**290, 10**330) | st.floats() | st.just(float("inf"))
KEYS = st.sampled_from(
    ["", "id", "turns", "text", "speaker", "role", "start", "end", "words", "transcript", "results", "segments", "utterances", "messages", "metadata"]
    + ["call_id", "started_at", "items", "alternatives", "startTime", "language", "channel", "calls", "conversations"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)
TURNS = st.fixed_dictionaries(
    {"speaker": st.sampled_from(["agent", "customer", "x"]), "text": st.text(max_size=40)},
    optional={"start": VALUES, "end": VALUES, "words": VALUES},
)
TALK = st.lists(
    st.sampled_from(
        ["hello, how can I help?", "I'm so sorry", "my card is 4111 1111 1111 1111", "four one one one", "mm-hmm", "calm down", "I will call you by Friday."]
        + ["that's our policy", "unfortunately we can't", "so you said it's broken?", "[laughter]", "(unclear)", "\x1b[31m", "\u202e", "=" * 99, "((((", "uh, uh"]
    )
    | st.text(max_size=30),
    max_size=12,
)  # fmt: skip


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
@FUZZ
def test_any_bytes(data: bytes) -> None:
    """Any bytes can be tried to be read."""
    targets.reading(data)


@given(VALUES)
@FUZZ
def test_any_json(value: Any) -> None:
    """Any JSON can be tried to be read, with numbers of any length."""
    targets.reading(json.dumps(value).encode("utf-8", "replace"))


@given(st.lists(TURNS, max_size=6))
@FUZZ
def test_any_turns(turns: list[dict[str, Any]]) -> None:
    """Turns with any values for their times are read or refused."""
    targets.reading(json.dumps(turns).encode("utf-8", "replace"))


@given(TALK)
@FUZZ
def test_any_talk(lines: list[str]) -> None:
    """Any talk can be reviewed and rendered; spans are right, masked and unmasked, and the JSON reads back."""
    targets.saying("\n".join(lines).encode("utf-8", "replace"))


@pytest.mark.parametrize("target", ["behaviours", "rubrics"])
@given(st.text("(){}|.^$ ab0\n\"'[]=,#w", max_size=120).map(lambda text: f'phrases=["{text}"]\n'.encode()) | st.binary(max_size=100))
@FUZZ
def test_any_rules(target: str, data: bytes) -> None:
    """Any behaviour file and any rubric is used or refused."""
    targets.TARGETS[target](data)
