"""JSON and JSON Lines of turns under the names people use."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.errors import FormatUnknownError, ReadError
from listening_coach.readers import read, read_many
from listening_coach.readers.furniture import is_encoded_twice
from listening_coach.transcript import EvidenceTier, Role


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            [
                {"speaker": "Agent", "text": "Hello.", "start": 0.5, "end": 1.5},
                {"speaker": "Customer", "text": "Hi.", "start": 2, "end": 2.5},
            ],
            id="plain",
        ),
        pytest.param(
            {
                "turns": [
                    {"speaker": "Agent", "text": "Hello.", "start": 0.5, "end": 1.5},
                    {"speaker": "Customer", "text": "Hi.", "start": 2, "end": 2.5},
                ]
            },
            id="turns",
        ),
        pytest.param(
            [
                {"role": "Agent", "content": "Hello.", "start_ms": 500, "end_ms": 1500},
                {"role": "Customer", "content": "Hi.", "start_ms": 2000, "end_ms": 2500},
            ],
            id="ms",
        ),
        pytest.param(
            [
                {"participant": "Agent", "utterance": "Hello.", "startTime": "0.5s", "endTime": "1.5s"},
                {"participant": "Customer", "utterance": "Hi.", "startTime": "2s", "endTime": "2.5s"},
            ],
            id="units",
        ),
        pytest.param(
            {
                "data": {
                    "conversation": {
                        "messages": [
                            {"sender": {"name": "Agent"}, "message": "Hello.", "offset": "00:00:00.5", "duration": 1.0},
                            {"sender": {"name": "Customer"}, "message": "Hi.", "offset": "00:00:02", "duration": 0.5},
                        ]
                    }
                }
            },
            id="nested",
        ),
        pytest.param(
            [
                {"name": "Agent", "transcript": "Hello.", "begin": "PT0.5S", "end": "PT1.5S"},
                {"name": "Customer", "transcript": "Hi.", "begin": "PT2S", "end": "PT2.5S"},
            ],
            id="iso-durations",
        ),
        pytest.param(
            [
                {
                    "speaker": "Agent",
                    "text": "Hello.",
                    "startOffsetInTicks": 5000000,
                    "start": 5000000,
                    "offset_in_ticks": 5000000,
                    "duration_in_ticks": 10000000,
                },
                {"speaker": "Customer", "text": "Hi.", "start": 20000000, "duration_in_ticks": 5000000},
            ],
            id="ticks",
        ),
    ],
)
def test_names_and_units(document: Any) -> None:
    """Usual field names and units give the same two turns."""
    call = read(json.dumps(document))
    assert [(t.speaker, t.role, t.text, t.start, t.end) for t in call.turns] == [
        ("Agent", Role.AGENT, "Hello.", 0.5, 1.5),
        ("Customer", Role.CUSTOMER, "Hi.", 2.0, 2.5),
    ]
    assert call.evidence_tier is EvidenceTier.TURNS


@pytest.mark.parametrize(
    "document",
    [
        {"0": {"speaker": "Agent", "text": "Hello."}, "1": {"speaker": "Customer", "text": "Hi."}},
        {"speaker": ["Agent", "Customer"], "text": ["Hello.", "Hi."]},
        {"speaker": {"0": "Agent", "1": "Customer"}, "text": {"0": "Hello.", "1": "Hi."}},
        [["Agent", "Hello."], ["Customer", "Hi."]],
        {"dialogue": [["Agent", "Hello."], ["Customer", "Hi."]]},
        {"dialogue": ["Agent: Hello.", "Customer: Hi."]},
        [{"speaker": "Agent", "words": [{"text": "Hello.", "start": 0.0, "end": 0.4}]},
         {"speaker": "Customer", "words": [{"text": "Hi.", "start": 1.0, "end": 1.4}]}],
        {"messages": [{"role": "assistant", "content": [{"type": "text", "text": "Hello."}]}, {"role": "user", "content": "Hi."}]},
        {"transcription": {"content": {"utterances": [{"text": "Hello.", "participant_type": "internal"}, {"text": "Hi.", "participant_type": "external"}]}}},
    ],
    ids=["numbered", "columns", "columns-numbered", "pairs", "pairs-in-object", "lines", "words", "messages-in-parts", "deep"],
)  # fmt: skip
def test_turned_about(document: Any) -> None:
    """However a program has turned a list of turns about, it is found."""
    call = read(json.dumps(document))
    assert [(t.role, t.text) for t in call.turns] == [(Role.AGENT, "Hello."), (Role.CUSTOMER, "Hi.")]


def test_epoch_and_dates_start_at_nil() -> None:
    """Dates and counts since 1970 become seconds from the first turn, and the call's start is kept."""
    for first, second in (
        ("2025-03-01T10:00:00Z", "2025-03-01T10:00:05.250Z"),
        (1740823200000, 1740823205250),
        ("1740823200", "1740823205.25"),
    ):
        call = read(json.dumps([{"speaker": "a", "text": "x", "timestamp": first}, {"speaker": "b", "text": "y", "timestamp": second}]))
        assert [t.start for t in call.turns] == [0.0, pytest.approx(5.25)]
        assert call.started_at is not None
        assert call.started_at.isoformat() == "2025-03-01T10:00:00+00:00"


def test_about_the_call() -> None:
    """What stands beside the turns becomes id, date, language and metadata."""
    call = read(
        '{"call_id": 9, "date": "2025-03-01", "language": "en-GB", "queue": "repairs", "metadata": {"site": "Leeds"}, "turns": [{"speaker": "a", "text": "x"}]}'
    )
    assert call.id == "9"
    assert call.started_at is not None
    assert call.started_at.isoformat() == "2025-03-01T00:00:00"
    assert call.metadata["language"] == "en-GB"
    assert call.metadata["queue"] == "repairs"
    assert call.metadata["site"] == "Leeds"


def test_words_keep_their_times() -> None:
    """Words of a turn are kept with their times, in the unit of the turn."""
    call = read(
        '[{"speaker": "a", "text": "Well, yes.", "start_ms": 100, "end_ms": 900, "words": [{"word": "Well,", "start_ms": 100, "end_ms": 400}, ["yes.", 500, 900]]}]'
    )
    assert [tuple(w) for w in call.turns[0].words] == [("Well,", 0.1, 0.4), ("yes.", 0.5, 0.9)]
    assert call.evidence_tier is EvidenceTier.WORDS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"turns": [{"speaker": "a", "text": "hi"}, {"speak', r"line 1, column 45: the JSON ends in the middle\. The file was cut off"),
        ('{"turns": [\n{"speaker": "a" "text": "hi"}]}', r"line 2, column 17: the JSON is broken: Expecting ',' delimiter"),
        (
            '[{"speaker": "a", "text": null}, {"speaker": "a", "text": ""}]',
            r"\$\[0\]: none of the 2 rows holds speech \(2 no text\)|no field holds the text",
        ),
        ('[{"speaker": "a", "text": "x", "start": -1}]', r"\$\[0\]: the start -1\.0 is negative"),
        ('[{"speaker": "a", "text": "x", "start": 5, "end": 2}]', r"\$\[0\]: it ends at 2\.0 s, before it starts at 5\.0 s"),
        ('[{"speaker": "a", "text": "x", "start": "soon"}]', r"\$\[0\]: the start 'soon' is no time"),
        ('[{"speaker": "a", "text": "x"}, 7]', r"\$\[1\]: 7 stands where a turn belongs"),
        ('[{"speaker": "a", "text": "x", "start": 1, "end": 3, "words": [["x", 2, 1]]}]', r"\$\[0\], word 0: it ends at 1\.0 s"),
        ("[]", "it holds no turns"),
        ('{"turns": []}', "it holds no turns"),
        ("[" * 100_000, "the JSON cannot be read"),
        ('{"speaker": "a", "text": "x"}\n{"speaker": "b", "te', r"line 2, column 18: the JSON ends in the middle"),
        (
            '{"call_id": 1, "speaker": "a", "text": "x"}\n{"call_id": 2, "speaker": "a", "text": "x"}\n',
            "it holds several calls. Use read_many",
        ),
        (
            '{"call_id": 1, "speaker": "a", "text": "x"}\n{"call_id": 2, "speaker": "a", "text": "x"}\n{"call_id": 1, "speaker": "a", "text": "x"}',
            "several calls",
        ),
    ],
)
def test_broken(text: str, message: str) -> None:
    """What is wrong is said with its place: line and column or JSON path."""
    with pytest.raises(ReadError, match=message):
        read(text)


def test_unknown_json() -> None:
    """An object of no format that is known is refused with its fields."""
    with pytest.raises(FormatUnknownError, match="its fields are width, height"):
        read('{"width": 1, "height": 2}')


def test_not_a_number_is_no_time() -> None:
    """NaN, which some programs write for a missing number, counts as missing."""
    assert read('[{"speaker": "a", "text": "x", "start": NaN}]').turns[0].start is None


# Letters that look as if they had been encoded twice are mended on reading.
_SAID = (
    st.text(min_size=10, max_size=30)
    .map(lambda s: s.encode("utf-8", "ignore").decode().strip())
    .map(lambda s: s + "." * (10 - len(s)))
    .filter(lambda s: not is_encoded_twice(s))
)
# Speaker, text, silence before and length in milliseconds.
_RECORDS = st.lists(
    st.tuples(st.sampled_from(["agent", "customer", "ivr"]), _SAID, st.integers(0, 20_000), st.integers(0, 20_000)), min_size=1, max_size=15
)


@pytest.mark.parametrize("shape", ["list", "object", "lines"])
@given(records=_RECORDS)
def test_round_trip(shape: str, records: list[tuple[str, str, int, int]]) -> None:
    """Turns written as a list, an object or a line each are read back exactly."""
    turns: list[dict[str, Any]] = []
    at = 0
    for n, (speaker, text, silence, length) in enumerate(records):
        turns.append(
            {"speaker": speaker, "text": text, "start": (at + silence) / 1000, "end": (at + silence + length) / 1000, "id": str(n)}
        )
        at += silence + length
    document = {"list": json.dumps(turns), "object": json.dumps({"turns": turns}), "lines": "\n".join([*map(json.dumps, turns), ""])}[shape]
    source: Any = document if shape != "lines" or len(turns) > 1 else json.dumps(turns)
    call = read(source)
    assert [{"speaker": t.speaker, "text": t.text, "start": t.start, "end": t.end, "id": t.id} for t in call.turns] == turns
    assert [str(t.role) for t in call.turns] == [{"ivr": "other"}.get(s, s) for s, _, _, _ in records]


def test_letters_encoded_twice() -> None:
    """An apostrophe that a program encoded twice is one again, with the other letters of the call; a call without such marks stays as it is."""
    said = [{"sender_name": "Zo\u00c3\u00ab", "content": "it\u00e2\u0080\u0099s cold"}, {"sender_name": "Tom", "content": "Oh"}]
    call = read(json.dumps({"messages": said}))
    assert [(t.speaker, t.text) for t in call.turns] == [("Zo\u00eb", "it\u2019s cold"), ("Tom", "Oh")]
    assert read(json.dumps([{"speaker": "a", "text": "x\u00c2\u00a1"}])).turns[0].text == "x\u00c2\u00a1"


def test_calls_under_their_ids() -> None:
    """An object of calls by id, below a name for calls, is all of them."""
    turns = [{"speaker": "agent", "text": "Hello there"}, {"speaker": "customer", "text": "Hi you"}]
    assert [c.id for c in read_many(json.dumps({"calls": {"c1": {"turns": turns}, "c2": {"turns": turns}}}))] == ["c1", "c2"]


def test_a_line_about_the_call_before_its_turns() -> None:
    """A first line that tells of the call is no turn and no call; before lines that are calls it is one that cannot be read."""
    about = json.dumps({"call_id": "c", "agent": "Ines", "started_at": "2026-03-04T14:00:00Z"})
    turns = [{"speaker": "agent", "text": "Hello there"}, {"speaker": "customer", "text": "Hi you"}]
    call = read("\n".join([about, *map(json.dumps, turns)]))
    assert [t.text for t in call.turns] == ["Hello there", "Hi you"]
    found = read_many("\n".join([about, json.dumps({"turns": turns})]))
    with pytest.raises(ReadError, match="line 1"):
        next(found)
    assert len(next(found).turns) == 2
