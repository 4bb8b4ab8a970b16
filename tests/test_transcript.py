"""Transcripts: what from_turns takes and refuses, the roles, the evidence tier and the algebra of times."""

from __future__ import annotations

import pickle
import sys
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import EvidenceTier, Role, Transcript, Turn, Word, read
from listening_coach.errors import ListeningCoachError, MissingExtraError, TranscriptError
from listening_coach.readers.roles import field_says_bot
from listening_coach.transcript import BOT_NAMES


@pytest.mark.parametrize(
    "record",
    [
        ("agent", "hello"),
        ("Agent", "agent", "hello"),
        ["agent", "hello", None, None],
        {"speaker": "agent", "text": "hello"},
        {"role": "agent", "text": "hello"},
        {"speaker": "spk_0", "role": "AGENT", "text": "hello", "start": None},
    ],
)
def test_shapes_of_a_turn(record: Any) -> None:
    """Mappings and tuples of every documented shape give the same turn."""
    (turn,) = Transcript.from_turns([record]).turns
    assert (turn.role, turn.text, turn.start, turn.words) == (Role.AGENT, "hello", None, ())


def test_times_and_words() -> None:
    """Words keep their times and give the turn its own where it has none."""
    call = Transcript.from_turns(
        [{"speaker": "a", "text": "hi there", "words": [["hi", 1.0, 1.2], {"word": "there", "start": "1.3", "end": 2}]}]
    )
    (turn,) = call.turns
    assert turn.words == (Word("hi", 1.0, 1.2), Word("there", 1.3, 2.0))
    assert (turn.start, turn.end) == (1.0, 2.0)
    assert turn.time_at(3) == 1.3
    assert call.evidence_tier is EvidenceTier.WORDS


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Agent", "agent"),
        ("AGENT 2", "agent"),
        ("caller:", "customer"),
        ("Patient", "customer"),
        ("IVR", "other"),
        ("spk_0", "unknown"),
        (None, "unknown"),
    ],
)
def test_role_names(name: object, role: str) -> None:
    """A role is recognised by the words people use for it, and prints as its bare word."""
    assert str(Role.of(name)) == role


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"speaker": "agent"}, r"^turn 0: the text is missing\. Give every turn a text"),
        ({"text": None}, r"^turn 0: the text is None\."),
        ({"text": 5}, r"^turn 0: the text is 5\."),
        ({"text": "a", "start": -1}, r"^turn 0: the start -1 is negative\."),
        ({"text": "a", "start": 5, "end": 4}, r"^turn 0: it ends at 4\.0 s, before it starts at 5\.0 s\."),
        ({"text": "a", "start": "soon"}, r"^turn 0: the start 'soon' is not a number of seconds\."),
        ({"text": "a", "end": float("nan")}, r"^turn 0: the end nan is not a number"),
        ({"text": "a", "start": True}, r"^turn 0: the start True is not a number"),
        ({"text": "a", "words": [["a", 1]]}, r"^turn 0, word 0: \['a', 1\] is not a word\."),
        ({"text": "a", "words": [["a", 2, 1]]}, r"^turn 0, word 0: it ends at 1\.0 s"),
        (("only",), r"^turn 0: \['only'\] has fewer than two values\."),
        (("a", "agent", "b", 1, 2, [], 7), r"^turn 0: 7 values where at most 6 belong\."),
        ("agent: hello", r"^turn 0: a str where a mapping or a tuple belongs\."),
    ],
)
def test_refused(record: Any, message: str) -> None:
    """What cannot be a turn is refused by an error that names value, place and remedy, and is a ValueError too."""
    with pytest.raises(TranscriptError, match=message) as caught:
        Transcript.from_turns([record])
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, ListeningCoachError)
    assert caught.value.remedy


def test_errors_pickle() -> None:
    """An error crosses a process border whole."""
    error = TranscriptError("the text is missing", where="turn 3", remedy="Add it.").at("call.json")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert str(again) == str(error) == "call.json, turn 3: the text is missing. Add it."
    assert again.where == "call.json, turn 3"


@pytest.mark.parametrize("field", ["text", "role", "start"])
def test_turns_are_frozen(field: str) -> None:
    """A turn cannot be changed."""
    turn = Turn("a", "hello")
    with pytest.raises(FrozenInstanceError):
        setattr(turn, field, "x")


@pytest.mark.parametrize(
    ("records", "roles", "kind"),
    [
        ([("bot", "Hello."), ("customer", "Hi.")], ["agent", "customer"], "bot"),
        ([("Voice_Bot 1", "Hello."), ("caller", "Hi.")], ["agent", "customer"], "bot"),
        ([("user", "Hi."), ("assistant", "Hello.")], ["customer", "agent"], "bot"),
        ([{"speaker": "Maya", "role": "virtual agent", "text": "Hello."}, ("customer", "Hi.")], ["agent", "customer"], "bot"),
        ([("bot", "Hello."), ("customer", "Hi."), ("agent", "Tom here.")], ["other", "customer", "agent"], None),
        ([("assistant", "Hello."), ("customer", "Hi."), ("rep", "Tom here.")], ["other", "customer", "agent"], None),
        ([("bot", "other", "Hello."), ("customer", "Hi.")], ["other", "customer"], None),
        ([("ivr", "Press one."), ("customer", "Hi.")], ["other", "customer"], None),
        ([("bot", "Hello."), ("customer", "Hi."), ("bot", "unknown", "Well.")], ["agent", "customer", "unknown"], "bot"),
    ],
)
def test_bots(records: list[Any], roles: list[str], kind: str | None) -> None:
    """A bot is the agent where no human agent speaks, which the metadata tell, else other; what the records or ``roles`` say stands."""
    call = Transcript.from_turns(records)
    assert [turn.role for turn in call.turns] == roles
    assert call.metadata.get("agent_kind") == kind
    told = Transcript.from_turns(records, roles={str(call.turns[0].speaker): "other"})
    assert told.turns[0].role == "other"
    assert Transcript.from_turns(records, metadata={"agent_kind": "test"}).metadata == {"agent_kind": "test"}


def test_our_bots_are_the_readers_bots() -> None:
    """Every name that a transcript takes for a bot's is one to the readers of files."""
    for name in BOT_NAMES:
        assert field_says_bot(name), name


def test_the_callers_records_stay() -> None:
    """Building a transcript changes nothing of what was passed in."""
    record = {"speaker": "spk_0", "text": "hi", "words": [["hi", 0, 1]]}
    Transcript.from_turns([record], roles={"spk_0": "agent"})
    assert record == {"speaker": "spk_0", "text": "hi", "words": [["hi", 0, 1]]}


def test_roles_given() -> None:
    """Roles given by name win over the records; a name that does not occur, or a role that is none, is an error."""
    records = [("spk_0", "agent", "hi"), ("spk_1", "hello")]
    call = Transcript.from_turns(records, roles={"spk_0": "customer", "spk_1": "rep"})
    assert [t.role for t in call.turns] == [Role.CUSTOMER, Role.AGENT]
    assert [t.role for t in call.with_roles({"spk_1": "other"}).turns] == [Role.CUSTOMER, Role.OTHER]
    for build in (lambda r: Transcript.from_turns(records, roles=r), call.with_roles):
        with pytest.raises(TranscriptError, match=r"'spk_9' who does not occur\. The speakers are: spk_0, spk_1"):
            build({"spk_9": "agent"})
        with pytest.raises(TranscriptError, match="the role 'boss' of speaker 'spk_0' is not known"):
            build({"spk_0": "boss"})


@pytest.mark.parametrize(
    ("turns", "tier"),
    [
        ([], "none"),
        ([("a", "x")], "none"),
        ([("a", "x", 1.0)], "starts"),
        ([("a", "x", 1.0, 2.0)], "turns"),
        ([("a", "x", 1.0, 2.0, [["x", 1.0, 2.0]])], "words"),
        ([("a", "x", 1.0, 2.0), ("b", "y", 2.0)], "starts"),
        ([("a", "x", 1.0, 2.0), ("b", "")], "turns"),
        ([("a", "x", 1.0, 2.0)] * 19 + [("b", "y")], "turns"),
    ],
)
def test_evidence_tier(turns: list[Any], tier: str) -> None:
    """The tier is the best timing that nine in ten of the turns with text carry."""
    assert Transcript.from_turns(turns).evidence_tier == tier


TIMES = st.floats(0, 1000).flatmap(lambda a: st.tuples(st.just(a), st.floats(a, 2000)))


@given(TIMES, TIMES)
def test_overlap_and_gap(one: tuple[float, float], two: tuple[float, float]) -> None:
    """Overlap is the same from both sides, at most the shorter turn, and none where there is a gap."""
    a, b = Turn("a", "x", start=one[0], end=one[1]), Turn("b", "y", start=two[0], end=two[1])
    overlap, gap = a.overlap_s(b), a.gap_s(b)
    assert overlap is not None
    assert gap is not None
    assert overlap == b.overlap_s(a)
    assert 0 <= overlap <= min(one[1] - one[0], two[1] - two[0])
    assert overlap == 0 or gap < 0


def test_untimed_algebra() -> None:
    """Without times the algebra answers None, never 0."""
    a, b = Turn("a", "x"), Turn("b", "y", start=1.0)
    assert a.overlap_s(b) is None
    assert a.gap_s(b) is None
    assert a.duration_s is None
    assert a.time_at(0) is None
    assert Transcript((a,)).duration_s is None


def test_time_inside_a_turn() -> None:
    """Without word times, the time of a character lies in proportion between start and end."""
    assert Turn("a", "0123456789", start=10.0, end=20.0).time_at(5) == 15.0
    assert Turn("a", "0123456789", start=10.0).time_at(5) == 10.0


def test_pickles() -> None:
    """A transcript pickles and compares equal."""
    call = Transcript.from_turns([("agent", "hi", 0.0, 1.0)], id="c", metadata={"format": "x"})
    assert pickle.loads(pickle.dumps(call)) == call  # noqa: S301 - our own bytes


SMALL = Transcript.from_turns(
    [
        ("Dana", "agent", "How can I help?", 0.0, 4.0),
        ("Mr Osei", "customer", "My <b>bike</b> is broken", 61.5, 75.9),
        ("agent", "Oh no.", 76),
    ],
    id="call-7",
)


def test_a_call_is_a_sequence_of_turns() -> None:
    """A call has a length, its turns by number or by a slice, and each in order; without turns it is still a call."""
    assert len(SMALL) == 3
    assert SMALL[1].speaker == "Mr Osei"
    assert SMALL[-2:] == SMALL.turns[1:]
    assert list(SMALL) == list(SMALL.turns)
    with pytest.raises(IndexError):
        _ = SMALL[3]
    assert len(Transcript(())) == 0
    assert Transcript(())


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (SMALL, "<Transcript call-7: 3 turns, 1:16, Dana (agent), Mr Osei (customer), agent, times of starts>"),
        (Transcript.from_turns([("a", "hi")]), "<Transcript of a call: 1 turn, a (unknown), no times>"),
        (
            Transcript.from_turns([(f"s{n}", "hi") for n in range(6)]),
            "<Transcript of a call: 6 turns, s0 (unknown), s1 (unknown), s2 (unknown), s3 (unknown), 2 more speakers, no times>",
        ),
        (Transcript((), id="none"), "<Transcript none: 0 turns, no times>"),
    ],
)
def test_short_form(call: Transcript, shown: str) -> None:
    """The repr is one line: id, turns, length, who speaks, and what is timed."""
    assert repr(call) == shown


def test_in_a_notebook() -> None:
    """A notebook shows a table of turns, escaped, and says how many it leaves out."""
    page = SMALL._repr_html_()
    assert page.startswith("<p>call-7: 3 turns, 1:16, Dana (agent), Mr Osei (customer), agent, times of starts</p><table>")
    assert "<tr><td>1</td><td>1:01</td><td>Mr Osei</td><td>customer</td>" in page
    assert "My &lt;b&gt;bike&lt;/b&gt; is broken" in page
    long = Transcript.from_turns([("a", "hi")] * 62)._repr_html_()
    assert long.count("<tr><td>") == 60
    assert long.endswith("<p>and 2 more turns</p>")


def test_to_frame() -> None:
    """A frame has a row a turn, times in seconds, and reads back as the same turns."""
    frame = SMALL.to_frame()
    assert list(frame.columns) == ["call", "turn", "speaker", "role", "start", "end", "text"]
    assert frame["start"].tolist() == [0.0, 61.5, 76.0]
    assert frame["end"].isna().tolist() == [False, False, True]
    assert read(frame).turns == SMALL.turns
    assert len(Transcript(()).to_frame()) == 0


def test_to_frame_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pandas the error names the pip command."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"to_frame\(\) needs the package pandas.*pip install 'listening-coach\[frames\]'"):
        SMALL.to_frame()


def test_times_in_a_turn_of_many_words() -> None:
    """The time of a character is that of the timed word it belongs to, or of the next; turns asked in turns do not mix."""
    words = [["hi", n * 0.5, n * 0.5 + 0.2] for n in range(50)]
    first, second = (Turn("a", text, words=tuple(Word(*w) for w in words)) for text in ("hi " * 50, "  hi" * 50))
    assert [(first.time_at(3 * n), second.time_at(4 * n + 2)) for n in (0, 7, 49)] == [(0.0, 0.0), (3.5, 3.5), (24.5, 24.5)]
    assert first.time_at(2) == first.time_at(3) == 0.5
