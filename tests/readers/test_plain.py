"""Plain text in the ways people write a talk down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.errors import FormatUnknownError, ReadError
from listening_coach.readers import read
from listening_coach.transcript import EvidenceTier, Role

A, C, U = Role.AGENT, Role.CUSTOMER, Role.UNKNOWN


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        pytest.param(
            "Agent: Hello, you're through to repairs.\nCustomer: My boiler\nhas stopped: no heat.\n\nAgent: Sorry to hear it.\n",
            [
                ("Agent", A, "Hello, you're through to repairs.", None, None),
                ("Customer", C, "My boiler has stopped: no heat.", None, None),
                ("Agent", A, "Sorry to hear it.", None, None),
            ],
            id="name-and-colon",
        ),
        pytest.param(
            "[00:12] Customer: Hi.\n[01:02:05] Agent: Good morning.\n",
            [("Customer", C, "Hi.", 12.0, None), ("Agent", A, "Good morning.", 3725.0, None)],
            id="time-in-brackets-before",
        ),
        pytest.param(
            "AGENT (00:12): Hi there.\nCUSTOMER (00:15.5): Oh,\nhello.\n",
            [("AGENT", A, "Hi there.", 12.0, None), ("CUSTOMER", C, "Oh, hello.", 15.5, None)],
            id="time-in-brackets-after",
        ),
        pytest.param(
            "00:12 - 00:15 Agent: Hi there.\n00:15 - 00:18 Customer: Hello.\n",
            [("Agent", A, "Hi there.", 12.0, 15.0), ("Customer", C, "Hello.", 15.0, 18.0)],
            id="from-and-to",
        ),
        pytest.param(
            "[Nadia Holt] 11:02:09\nHow are you?\n\n[Per Lund] 11:02:11\nFine.\nAnd you?\n",
            [("Nadia Holt", U, "How are you?", 0.0, None), ("Per Lund", U, "Fine. And you?", 2.0, None)],
            id="saved-captions-at-the-time-of-day",
        ),
        pytest.param(
            "Nadia Holt  0:03\nSo it is 10:30 then.\n\nPer Lund  0:09\nYes.\n",
            [("Nadia Holt", U, "So it is 10:30 then.", 3.0, None), ("Per Lund", U, "Yes.", 9.0, None)],
            id="name-and-time-on-a-line",
        ),
        pytest.param(
            "00:00:01 Nadia\nhi there\n00:00:04 Per\nhello\n00:00:09 Nadia\nbye now\n",
            [("Nadia", U, "hi there", 1.0, None), ("Per", U, "hello", 4.0, None), ("Nadia", U, "bye now", 9.0, None)],
            id="time-and-name-on-a-line",
        ),
        pytest.param(
            "Speaker 1: (00:00)\nGood day.\n\nSpeaker 2: (00:04)\nGood day: it is me.\n",
            [("Speaker 1", U, "Good day.", 0.0, None), ("Speaker 2", U, "Good day: it is me.", 4.0, None)],
            id="numbered-speakers-text-below",
        ),
        pytest.param(
            "SPEAKER_00 [0.5s]: hello\nSPEAKER_01 [2.5s]: hi\n",
            [("SPEAKER_00", U, "hello", 0.5, None), ("SPEAKER_01", U, "hi", 2.5, None)],
            id="seconds",
        ),
        pytest.param(
            "(11:59:58 PM) Agent: one moment\n(12:00:03 AM) Customer: sure\n",
            [("Agent", A, "one moment", 0.0, None), ("Customer", C, "sure", 5.0, None)],
            id="over-midnight",
        ),
        pytest.param(
            "**Agent:** Hi.\n\n**Customer:** Hello.\n",
            [("Agent", A, "Hi.", None, None), ("Customer", C, "Hello.", None, None)],
            id="markdown",
        ),
        pytest.param(
            "- Agent: Hi.\n- Customer: Hello.\n", [("Agent", A, "Hi.", None, None), ("Customer", C, "Hello.", None, None)], id="bullets"
        ),
        pytest.param(
            "[Agent] Hi.\n[Customer] Hello.\n",
            [("Agent", A, "Hi.", None, None), ("Customer", C, "Hello.", None, None)],
            id="square-brackets",
        ),
        pytest.param(
            "<Agent> Hi.\n<Customer> Hello.\n",
            [("Agent", A, "Hi.", None, None), ("Customer", C, "Hello.", None, None)],
            id="angle-brackets",
        ),
        pytest.param(
            "Agent - Hi.\nCustomer - Hello.\n", [("Agent", A, "Hi.", None, None), ("Customer", C, "Hello.", None, None)], id="dash"
        ),
        pytest.param("Agent\tHi.\nCustomer\tHello.\n", [("Agent", A, "Hi.", None, None), ("Customer", C, "Hello.", None, None)], id="tab"),
        pytest.param(
            "[00:12] hi there\n[00:14] hello\n",
            [("unknown", U, "hi there", 12.0, None), ("unknown", U, "hello", 14.0, None)],
            id="no-names",
        ),
        pytest.param(
            "AGENT: Hi.\nCaller: Hm.\nAgent: Yes?\n",
            [("AGENT", A, "Hi.", None, None), ("Caller", C, "Hm.", None, None), ("AGENT", A, "Yes?", None, None)],
            id="case",
        ),
        pytest.param(
            "Agent: Hi.\nNote: see below\nCustomer: Hello.\n",
            [("Agent", A, "Hi. Note: see below", None, None), ("Customer", C, "Hello.", None, None)],
            id="no-name",
        ),
    ],
)
def test_ways_of_writing(text: str, turns: list[tuple[object, ...]]) -> None:
    """Each usual way gives the turns with speaker, role, text and times."""
    call = read(text)
    assert [(t.speaker, t.role, t.text, t.start, t.end) for t in call.turns] == turns
    assert call.metadata["format"] == "text"


def test_a_word_before_a_colon_is_no_name() -> None:
    """Among turns of several lines, a capital word before a colon that comes once is part of what was said."""
    call = read("Nadia: I said\nRemember: bring it.\nPer: Yes\nand no.\nNadia: Well\nthen.\nPer: Right\nso.\n")
    assert [t.text for t in call.turns] == ["I said Remember: bring it.", "Yes and no.", "Well then.", "Right so."]


def test_header_is_about_the_call() -> None:
    """Fields above the talk name the call, its date and who is who, and are no turns."""
    call = read("Call ID: 4711\nDate: 2025-02-03 10:00\nAgent: Ines\nCustomer: Bo\n\nInes: Hello.\nBo: Hi.\nInes: Right.\n")
    assert [(t.speaker, t.role) for t in call.turns] == [("Ines", A), ("Bo", C), ("Ines", A)]
    assert call.id == "4711"
    assert call.started_at is not None
    assert call.started_at.isoformat() == "2025-02-03T10:00:00"
    assert call.metadata["header"][0] == "Call ID: 4711"


@pytest.mark.parametrize("text", ["Just some prose.\nNothing else: at all.\n", "a = 1\nb = 2\n", "# Title\n\nWords in a page.\n"])
def test_prose_is_no_transcript(text: str) -> None:
    """Text without speakers or times is refused, and the remedy says how to write it."""
    with pytest.raises(FormatUnknownError, match="write it like this:\nAgent: Hello"):
        read(text)


def test_prose_on_request() -> None:
    """With the format named, text without any label is read, a turn a paragraph, nothing lost."""
    call = read("One thing\nafter another.\n\nAnd more.\n", format="text")
    assert [t.text for t in call.turns] == ["One thing after another.", "And more."]
    assert call.evidence_tier is EvidenceTier.NONE


def test_roles_given() -> None:
    """``roles`` names who is who, in any case and by number alone; a name that does not occur is an error."""
    text = "Speaker 1: Hello.\nSpeaker 2: Hi.\n"
    assert [t.role for t in read(text, roles={"speaker 1": "agent", "2": "customer"}).turns] == [A, C]
    with pytest.raises(ReadError, match=r"'Tom' who does not occur\. The speakers are: Speaker 1, Speaker 2"):
        read(text, roles={"Tom": "agent"})


_LINE = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12).map(lambda s: "x" + s)
_TEXT = st.lists(_LINE, min_size=1, max_size=8).map(" ".join)


@given(st.lists(st.tuples(st.sampled_from(["Agent", "Customer", "Speaker 3"]), _TEXT), min_size=1, max_size=20))
def test_round_trip(turns: list[tuple[str, str]]) -> None:
    """What is written as "Name: text" is read back turn by turn."""
    call = read("".join(f"{name}: {text}\n" for name, text in turns))
    assert [(t.speaker, t.text) for t in call.turns] == turns


@given(st.lists(st.tuples(st.integers(0, 86), st.sampled_from(["Agent", "Customer"]), _TEXT), min_size=1, max_size=20).map(sorted))
def test_round_trip_with_times(turns: list[tuple[int, str, str]]) -> None:
    """What is written as "[mm:ss] Name: text" is read back with its time."""
    call = read("".join(f"[{s // 60:02}:{s % 60:02}] {name}: {text}\n" for s, name, text in turns))
    assert [(t.start, t.speaker, t.text) for t in call.turns] == turns
    assert call.evidence_tier is EvidenceTier.STARTS
