"""A transcript written as JSON and WebVTT, and turns joined."""

from __future__ import annotations

import json
from datetime import UTC, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.errors import ReadError, TranscriptError
from listening_coach.readers import read
from listening_coach.transcript import Role, Transcript, Turn, Word

_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_SECONDS = st.floats(0, 1e6, allow_nan=False)
_WORDS = st.lists(st.tuples(_TEXT, _SECONDS, _SECONDS).map(lambda w: Word(w[0], min(w[1:]), max(w[1:]))), max_size=3).map(tuple)
_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda c: st.lists(c, max_size=3) | st.dictionaries(_TEXT, c, max_size=3),
    max_leaves=6,
)


@st.composite
def _turns(draw: st.DrawFn) -> Turn:
    words = draw(_WORDS)
    start, end = sorted(draw(st.tuples(_SECONDS, _SECONDS)))
    timed = bool(words) or draw(st.booleans())
    return Turn(
        draw(_TEXT),
        draw(_TEXT),
        draw(st.sampled_from(Role)),
        start if timed else None,
        end if timed else None,
        words,
        draw(st.none() | _TEXT),
    )


_CALLS = st.builds(
    Transcript,
    turns=st.lists(_turns(), max_size=4).map(tuple),
    id=st.none() | _TEXT,
    started_at=st.none() | st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=-5))])),
    metadata=st.dictionaries(_TEXT, _PLAIN, max_size=3),
)


@given(_CALLS, st.sampled_from([None, 2]))
def test_json_round_trip(call: Transcript, indent: int | None) -> None:
    """Written as JSON and read back, a transcript is the same to the last value."""
    assert read(call.to_json(indent=indent)) == call


def test_json_of_another_version() -> None:
    """What a later version wrote is refused in words, a wrong field by its path."""
    document: dict[str, Any] = json.loads(Transcript.from_turns([("Agent", "Hi.", 0.0, 1.0)]).to_json())
    with pytest.raises(ReadError, match=r"\$\.schema: the schema 'listening_coach\.transcript/9' is not"):
        read(json.dumps({**document, "schema": "listening_coach.transcript/9"}))
    document["turns"][0]["start"] = "x"
    with pytest.raises(ReadError, match=r"\$\.turns\[0\]\.start: Expected `float \| null`, got `str`"):
        read(json.dumps(document))


def test_vtt() -> None:
    """A cue a turn, the speaker its voice, marks escaped, a missing end taken from the next start."""
    call = Transcript.from_turns(
        [("Agent", "Good <day> --> you\nall", 0.1, 0.7), ("Bo & Co", "Hello.", 3661.5), ("Agent", "Right.", 3663.0)]
    )
    assert call.to_vtt() == (
        "WEBVTT\n\n1\n00:00:00.100 --> 00:00:00.700\n<v Agent>Good &lt;day&gt; --&gt; you all</v>\n\n"
        "2\n01:01:01.500 --> 01:01:03.000\n<v Bo &amp; Co>Hello.</v>\n\n3\n01:01:03.000 --> 01:01:08.000\n<v Agent>Right.</v>\n"
    )
    assert [(t.speaker, t.text) for t in read(call.to_vtt()).turns] == [
        ("Agent", "Good <day> --> you all"),
        ("Bo & Co", "Hello."),
        ("Agent", "Right."),
    ]
    with pytest.raises(TranscriptError, match="turn 0: it has no start"):
        Transcript.from_turns([("Agent", "Hi.")]).to_vtt()


@pytest.mark.parametrize(
    ("gap_s", "texts"),
    [(None, ["a b c", "x", "d"]), (1.0, ["a b", "c", "x", "d"]), (0.0, ["a", "b", "c", "x", "d"]), (5.0, ["a b c", "x", "d"])],
)
def test_merge_turns(gap_s: float | None, texts: list[str]) -> None:
    """A speaker's consecutive turns are joined over silences up to the gap; words and times add up; the call itself stays."""
    call = Transcript.from_turns(
        [
            ("A", "a", 0.0, 1.0, [["a", 0.0, 1.0]]),
            ("A", "b", 1.5, 2.0, [["b", 1.5, 2.0]]),
            ("A", "c", 5.0, 6.0),
            ("B", "x", 6.0, 7.0),
            ("A", "d", 7.0, 8.0),
        ],
        id="m",
    )
    merged = call.merge_turns(gap_s=gap_s)
    assert [t.text for t in merged.turns] == texts
    assert [w.text for t in merged.turns for w in t.words] == ["a", "b"]
    assert (merged.turns[0].start, merged.turns[-1].end, merged.id) == (0.0, 8.0, "m")
    assert len(call.turns) == 5


@given(st.lists(st.sampled_from("AB"), max_size=12))
def test_merge_leaves_no_neighbours(speakers: list[str]) -> None:
    """Joined over any silence, no two neighbours are of one speaker, and nothing said is lost."""
    call = Transcript.from_turns([(s, f"w{n}") for n, s in enumerate(speakers)])
    merged = call.merge_turns().turns
    assert all(a.speaker != b.speaker for a, b in pairwise(merged))
    assert " ".join(t.text for t in merged) == " ".join(t.text for t in call.turns)
