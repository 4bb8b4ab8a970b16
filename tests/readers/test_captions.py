"""WebVTT and SRT."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.errors import ReadError
from listening_coach.readers import read
from listening_coach.transcript import EvidenceTier, Role

A, C, U = Role.AGENT, Role.CUSTOMER, Role.UNKNOWN


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        pytest.param(
            "WEBVTT\n\nNOTE made for a test\n\n1\n"
            "00:01.000 --> 00:02.500 align:start\n<v Agent>Bed &amp; breakfast <i>Seaview</i></v>\n\n"
            "01:00:03.5 --> 01:00:04.000\n<v.loud Customer>Hi\nthere</v>\n",
            [("Agent", A, "Bed & breakfast Seaview", 1.0, 2.5), ("Customer", C, "Hi there", 3603.5, 3604.0)],
            id="voice-tags",
        ),
        pytest.param(
            "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nNadia Holt: Good: we start.\n\n2\n00:00:02.000 --> 00:00:04.000\nPer: Yes\nplease.\n",
            [("Nadia Holt", U, "Good: we start.", 1.0, 2.0), ("Per", U, "Yes please.", 2.0, 4.0)],
            id="names-and-colons",
        ),
        pytest.param(
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Agent>One</v> <v Customer>Two</v>\n",
            [("Agent", A, "One", 1.0, 2.0), ("Customer", C, "Two", 1.0, 2.0)],
            id="two-voices-in-a-cue",
        ),
        pytest.param(
            "WEBVTT\n\n7f3a-1/8-0\n00:01.000 --> 00:02.000\n<v Nadia Holt>One</v>\n\n7f3a-1/9-0\n00:02.000 --> 00:03.000\n<v Nadia Holt>two.</v>\n",
            [("Nadia Holt", U, "One two.", 1.0, 3.0)],
            id="identifiers",
        ),
        pytest.param(
            "1\n00:00:01,000 --> 00:00:02,500\nAGENT: Your number?\n\n"
            "2\n00:00:03,000 --> 00:00:04,000\nCUSTOMER: It is\n42\n\n3\n00:00:04,200 --> 00:00:04,900\nand 43.\n\n"
            "4\n00:00:06,000 --> 00:00:07,000\nCUSTOMER: Right?\n",
            [("AGENT", A, "Your number?", 1.0, 2.5), ("CUSTOMER", C, "It is 42 and 43.", 3.0, 4.9), ("CUSTOMER", C, "Right?", 6.0, 7.0)],
            id="srt",
        ),
        pytest.param(
            "1\n00:00:01,000 --> 00:00:02,000\nAGENT: One\n2\n00:00:03,000 --> 00:00:04,000\nCUSTOMER: Two\n\n00:00:05,000 --> 00:00:06,000\nAGENT: Three\n\nfour\n",
            [("AGENT", A, "One", 1.0, 2.0), ("CUSTOMER", C, "Two", 3.0, 4.0), ("AGENT", A, "Three four", 5.0, 6.0)],
            id="srt-careless",
        ),
    ],
)
def test_cues(text: str, turns: list[tuple[object, ...]]) -> None:
    """Each cue is a turn with speaker, text and both times; marks and notes are no text."""
    call = read(text)
    assert [(t.speaker, t.role, t.text, t.start, t.end) for t in call.turns] == turns
    assert call.evidence_tier is EvidenceTier.TURNS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("WEBVTT\n\n00:00:01.000 --> 00:00:0x\n<v Agent>Hi</v>\n", "line 3: '00:00:01.000 --> 00:00:0x' are not the times of a cue"),
        ("WEBVTT\n\n00:05.000 --> 00:02.000\nHi\n", r"line 3: it ends at 2\.0 s, before it starts at 5\.0 s"),
        ("WEBVTT\n", "it holds no turns"),
        (
            "1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:03,000 -> 00:00:04,000\nHo\n",
            "line 6: '00:00:03,000 -> 00:00:04,000' are not the times of a cue",
        ),
    ],
)
def test_broken(text: str, message: str) -> None:
    """A cue whose times cannot be read is named by its line, and never passed over."""
    with pytest.raises(ReadError, match=message):
        read(text)


def _clock(ms: int, mark: str) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{mark}{ms % 1000:03}"


_WORDS = st.lists(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8), min_size=1, max_size=6).map(
    " ".join
)


@pytest.mark.parametrize("kind", ["vtt", "srt"])
@given(
    cues=st.lists(
        st.tuples(st.sampled_from(["Agent", "Customer"]), _WORDS, st.integers(0, 9_999_999), st.integers(0, 9999)), min_size=1, max_size=15
    )
)
def test_round_trip(kind: str, cues: list[tuple[str, str, int, int]]) -> None:
    """Cues written by the rules are read back to the millisecond, one line of digits included."""
    mark = "." if kind == "vtt" else ","
    blocks = ["WEBVTT"] if kind == "vtt" else []
    at = 0
    expected = []
    for number, (name, text, silence, length) in enumerate(cues, 1):
        start = at + silence + 1001  # more than the pause over which a speaker's cues are one turn
        at = start + length
        expected.append((name, text, pytest.approx(start / 1000), pytest.approx(at / 1000)))
        said = f"<v {name}>{text}</v>" if kind == "vtt" else f"{name}: {text}"
        blocks.append(f"{number}\n{_clock(start, mark)} --> {_clock(start + length, mark)}\n{said}")
    # Pauses keep a speaker's cues apart.
    call = read("\n\n".join(blocks) + "\n", format=kind)
    assert [(t.speaker, t.text, t.start, t.end) for t in call.turns] == expected
