"""Turn taking: which overlaps are interruptions, from word times, from turn times, and from text alone."""

from __future__ import annotations

import functools
import itertools
import pickle
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.behaviours import builtin
from listening_coach.detectors.turn_taking import Stretch, detect, meetings, stretches
from listening_coach.errors import BehaviourError
from listening_coach.language.call import PhraseFinder
from listening_coach.moments import Moment
from listening_coach.transcript import Transcript, Turn, Word

BEHAVIOUR = builtin()["interruption"]


@functools.cache
def language() -> PhraseFinder:
    return PhraseFinder({"interruption": BEHAVIOUR})


def found(records: list[Any], **more: Any) -> list[Moment]:
    call = language().call(Transcript.from_turns(records, **more))
    return sorted(detect(call, BEHAVIOUR).moments, key=lambda m: (m.turn, m.details["of_turn"]))


def said(speaker: str, start: float, text: str, pace_s: float = 0.3) -> dict[str, Any]:
    """A turn with timed words, one every ``pace_s`` seconds; "|" is a pause of a second."""
    words, at = [], start
    for word in text.split():
        if word == "|":
            at += 1.0
            continue
        words.append([word, at, at + pace_s - 0.02])
        at += pace_s
    return {"speaker": speaker, "text": text.replace(" |", ""), "words": words}


def turn(speaker: str, start: float, end: float, text: str) -> dict[str, Any]:
    return {"speaker": speaker, "text": text, "start": start, "end": end}


# From word times


def test_cut_off_with_word_times() -> None:
    """A sentence that stops unfinished under another's words is cut off: by whom, of whom, how long together, what was left."""
    moments = found(
        [
            said("customer", 0, "and then the man at the depot told me that I had to sign the"),
            said("agent", 3.6, "Can I stop you there and take your account number please?"),
            said("customer", 8.0, "sign the blue form, which I never got."),
        ]
    )
    assert len(moments) == 1
    moment = moments[0]
    assert (moment.turn, moment.speaker, moment.kind) == (1, "agent", "cut_off")
    assert moment.quote == "Can I stop you there and take your account number please"
    assert moment.time_s == pytest.approx(3.6)
    assert not moment.inferred
    details = moment.details
    assert (details["by"], details["of"], details["of_turn"]) == ("agent", "customer", 0)
    assert details["overlap_s"] == pytest.approx(0.88)
    assert details["words_over"] == 3
    assert details["unfinished"]
    assert details["resumed"]
    assert details["resumed_in"] == 2
    assert not details["left_unsaid"]


@pytest.mark.parametrize(
    "under",
    [
        "mm-hmm",
        "right",
        "yeah yeah",
        "okay",
        "oh no",
        "thank you",
        "no problem",
        "I see",
        "[laughter]",
        "<laugh>",
        "hahaha",
        "um",
        "sure, of course",
    ],
)
def test_responses_are_not_interruptions(under: str) -> None:
    """What a listener says without taking the floor is no interruption, wherever it falls."""
    spoken = said("customer", 0, "so I went all the way to the branch and they told me that the")
    assert found([spoken, said("agent", 3.5, under), said("customer", 6, "manager was out")]) == []
    assert found([turn("customer", 0, 5, spoken["text"]), turn("agent", 2, 6, under)]) == []


def test_a_start_in_the_last_instant() -> None:
    """A reply that starts over the last word of a finished sentence is none, with word times or with turn times."""
    first = said("customer", 0, "I would like to change the delivery address please.")
    assert found([first, said("agent", 2.5, "Certainly not a problem what is the new one")]) == []
    assert found([turn("customer", 0, 3.0, first["text"]), turn("agent", 2.75, 6, "What is the new address?")]) == []


def test_talking_over_a_finished_sentence() -> None:
    """Speaking together for long, with several words to go, is talking over, even where the sentence is finished."""
    moments = found(
        [
            said("customer", 0, "I would like to change the delivery address to my sister's house please."),
            said("agent", 2.0, "I can only send it to the address that is on the card I am afraid."),
        ]
    )
    assert [(m.kind, m.details["of_turn"], m.details["unfinished"]) for m in moments] == [("talked_over", 0, False)]


def test_a_nod_and_a_reply_in_one_turn() -> None:
    """Where a turn begins with a nod and its reply comes after the other's end, the words decide and not the turn."""
    records = [
        said("customer", 0, "and my surname has changed since we last spoke in March."),
        said("agent", 0.9, "Mhm. | | | Thank you for letting me know about that."),
    ]
    assert found(records) == []


def test_words_count_before_turns() -> None:
    """With words timed, a turn that spans a silence interrupts nobody who speaks in that silence."""
    records = [
        said("agent", 0, "Let me just bring that up. | | | | | | Here it is."),
        said("customer", 2.5, "I have been waiting for a week for somebody to ring"),
    ]
    assert found(records) == []


def test_a_hesitation_holds_the_floor() -> None:
    """An "uh" that leads into a reply is the start of that reply: the time is its own."""
    moments = found(
        [
            said("customer", 0, "so I was hoping that you could get it replaced for me today."),
            said("agent", 1.0, "Uh | | | Not a problem, we will get that taken care of."),
        ]
    )
    assert [m.kind for m in moments] == ["talked_over"]
    assert moments[0].time_s == pytest.approx(1.0)


def test_coming_in_on_a_pause() -> None:
    """Who speaks in a pause within a sentence that the other then finishes has cut in, and the other took it up at once."""
    moments = found(
        [
            said("customer", 0, "Is there a way that this can be changed in your system as well | | | today please?"),
            said("agent", 4.5, "Yes, I will do that now. What would you prefer?", pace_s=0.2),
        ]
    )
    assert [(m.kind, m.details["resumed_in"]) for m in moments] == [("cut_off", 0)]


def test_a_number_said_back_in_a_pause() -> None:
    """Reading back what was just dictated, in the pause left for it, is no interruption."""
    records = [
        said("customer", 0, "It is double four seven one | | | nine oh three and the name is Okafor."),
        said("agent", 2.0, "double four seven one", pace_s=0.2),
    ]
    assert found(records) == []


def test_holding_the_floor() -> None:
    """Who goes on until the other's attempt breaks off is told as holding the floor."""
    moments = found(
        [
            said("agent", 0, "so the charge is taken on the first of every month and then again if it fails on the tenth of that month."),
            said("customer", 2.0, "but I never signed the"),
        ]
    )
    assert [(m.kind, m.turn, m.details["by"], m.details["of_turn"]) for m in moments] == [("held_floor", 0, "agent", 1)]


def test_completing_a_word_together() -> None:
    """Taking up the other's last words and finishing the sentence with them is no interruption."""
    records = [
        said("customer", 0, "is that the one where the coffee shop used to"),
        said("agent", 1.8, "where the coffee shop used to be, that's it"),
    ]
    assert found(records) == []


def test_channel_bleed() -> None:
    """The same words at the same time on both channels are one voice."""
    text = "and then the whole thing fell off the wall and broke the"
    assert found([said("customer", 0, text), said("agent", 0.05, text)]) == []
    assert found([turn("customer", 0, 4, text), turn("agent", 0.1, 4.1, text)]) == []
    part = said("agent", 1.52, "fell off the wall and broke the sink")
    assert found([said("customer", 0, text), part]) == []


def test_going_on_in_the_next_turn() -> None:
    """A speaker whose next turn follows at once has not been stopped."""
    records = [
        said("customer", 0, "I rang on Monday and on Tuesday and then the"),
        said("agent", 2.9, "Let me look for that in the notes that we have", pace_s=0.1),
        said("customer", 3.05, "the lady rang me back about it on Friday"),
    ]
    assert [m for m in found(records) if m.details["of_turn"] == 0] == []


# From turn times


def test_early_start_with_turn_times() -> None:
    """With turns timed only, a contribution that starts clearly before the other's end counts, and its kind says how."""
    moments = found(
        [
            turn("customer", 0.0, 6.0, "They told me that the technician comes between eight and twelve."),
            turn("agent", 5.4, 9.0, "What is your postcode?"),
            turn("customer", 9.5, 15.0, "It is on the account, surely, and I would like to know when he is"),
            turn("agent", 13.0, 18.0, "I cannot see an account here."),
        ]
    )
    assert [(m.turn, m.kind) for m in moments] == [(1, "early_start"), (3, "talked_over")]
    assert moments[0].details["overlap_s"] == pytest.approx(0.6)
    assert moments[0].details["words_over"] is None
    assert all(not m.inferred for m in moments)


def test_a_dash_as_the_other_starts() -> None:
    """A turn that a dash cuts off counts even where the next starts just after its end."""
    records = [turn("customer", 0, 4.0, "It's the third time that the—"), turn("agent", 4.1, 6, "Which bin is it?")]
    assert [(m.kind, m.details["overlap_s"]) for m in found(records)] == [("cut_off", pytest.approx(-0.1))]


def test_whole_seconds() -> None:
    """Where all times are whole seconds, an overlap of one second is rounding and no evidence."""
    calm = [turn("agent" if k % 2 else "customer", 10 + 5 * k, 14 + 5 * k, "We can look at that in the morning.") for k in range(6)]
    records = [turn("customer", 0, 6, "I want to cancel the order for the table."), turn("agent", 5, 9, "What is the order number?"), *calm]
    assert found(records) == []
    assert len(found([{**r, "end": r["end"] + 0.25} for r in records])) == 1


def test_a_recorded_voice() -> None:
    """Speaking over a recording or a menu is no interruption."""
    records = [
        turn("IVR", 0, 8, "Your call may be recorded for training and quality purposes"),
        turn("customer", 3, 6, "Hello, is that the council?"),
    ]
    assert found(records) == []


@pytest.mark.parametrize(
    ("end", "count"), [("the", 1), ("because", 1), ("my", 1), ("they are", 0), ("where are you calling from", 0), ("how old is he", 0)]
)
def test_what_is_unfinished(end: str, count: int) -> None:
    """A last word with which no sentence ends shows that it was cut off; one that may end a sentence does not."""
    records = [
        said("customer", 0, f"well tell me now {end}"),
        said("agent", 0.3 * (4 + len(end.split())) - 0.4, "we have three of those left in the shop"),
    ]
    assert len(found(records)) == count


# From text alone


def test_inferred_from_a_dash() -> None:
    """Without times, a turn cut off by a dash and taken up again after the other's is an interruption, marked as inferred."""
    moments = found(
        [
            ("customer", "They've missed us again. That's the third—"),
            ("agent", "Which bin is it?"),
            ("customer", "The brown one. And it's the third collection in a row, that's what I was going to say."),
        ]
    )
    assert [(m.turn, m.kind, m.inferred, m.details["of_turn"], m.details["resumed_in"]) for m in moments] == [(1, "cut_off", True, 0, 2)]
    assert moments[0].details["overlap_s"] is None
    assert moments[0].time_s is None


def test_left_unsaid() -> None:
    """A point that is never taken up again is left unsaid."""
    moments = found(
        [
            ("customer", "I only wanted to ask about the parking at the—"),
            ("agent", "You need the other line."),
            ("customer", "Right. Goodbye."),
        ]
    )
    assert [(m.details["resumed"], m.details["left_unsaid"]) for m in moments] == [(False, True)]


def test_starts_only() -> None:
    """Starts without ends show no overlap; only the text counts."""
    records = [
        {"speaker": "customer", "text": "I rang about the", "start": 0.0},
        {"speaker": "agent", "text": "What is the number?", "start": 0.2},
    ]
    assert found(records) == []
    records[0]["text"] = "I rang about the—"
    assert [m.inferred for m in found(records)] == [True]


# Edges and laws


@pytest.mark.parametrize(
    "records",
    [
        [],
        [("agent", "")],
        [("agent", ""), ("customer", "")],
        [("customer", "—"), ("agent", "Hello?")],
        [turn("a", 0, 0, ""), turn("b", 0, 0, "")],
        [turn("a", 0, 5, "I was saying that the"), turn("a", 2, 6, "I was saying that the")],
        [turn("a", 0, 5, "🙂 👍"), turn("b", 2, 6, "🙂")],
        [turn("", 0, 5, "well I think that the"), turn("", 2, 6, "no you do not")],
        [{"speaker": "a", "text": "x", "words": [["", 0, 1]]}, {"speaker": "b", "text": "y", "words": [["", 0.5, 2]]}],
    ],
)
def test_nothing_to_find(records: list[Any]) -> None:
    """Empty turns, one speaker and no words give no interruption and no error."""
    assert found(records) == []


def test_unknown_roles_and_many_speakers() -> None:
    """Roles play no part: among several without roles each interruption names its two speakers."""
    records = [
        turn("s1", 0, 5, "what we could do is move the whole thing to the"),
        turn("s2", 4, 9, "that was tried in the spring and it was no good"),
        turn("s3", 8, 12, "no it was never really tried, not with the right people"),
    ]
    assert [(m.details["by"], m.details["of"]) for m in found(records)] == [("s2", "s1"), ("s3", "s2")]


def test_plain_text_is_found_alike() -> None:
    """Capitals and signs change nothing where words are timed."""
    written = [
        said("customer", 0, "And then the man at the depot told me that I had to sign the"),
        said("agent", 3.6, "Can I take your account number, please?"),
    ]
    plain = [
        {
            **r,
            "text": "".join(c for c in r["text"].lower() if c.isalnum() or c == " "),
            "words": [[w.lower().strip(",.?"), a, b] for w, a, b in r["words"]],
        }
        for r in written
    ]
    assert [(m.turn, m.kind) for m in found(written)] == [(m.turn, m.kind) for m in found(plain)] == [(1, "cut_off")]


def test_names_and_later_starts_change_nothing() -> None:
    """Other speakers' names and a call that starts later give the same interruptions."""
    records = [
        turn("customer", 0.5, 6.25, "They told me that the technician comes between eight and"),
        turn("agent", 5.0, 9.0, "What is your postcode?"),
    ]
    moved = [{**r, "speaker": f"voice {r['speaker']}", "start": r["start"] + 100.0, "end": r["end"] + 100.0} for r in records]
    key = [(m.turn, m.kind, m.details["of_turn"], m.details["overlap_s"]) for m in found(records)]
    assert key == [(m.turn, m.kind, m.details["of_turn"], m.details["overlap_s"]) for m in found(moved)]
    assert key == [(1, "cut_off", 0, 1.25)]


def test_moments_pickle() -> None:
    """A moment with all its details survives pickling."""
    moment = found([turn("a", 0, 5, "what we could do is move the"), turn("b", 4, 9, "that was tried in the spring")])[0]
    assert pickle.loads(pickle.dumps(moment)) == moment  # noqa: S301 - our own value


def test_a_file_without_its_lists() -> None:
    """A user's file that names this detector without its lists is refused by name."""
    with pytest.raises(BehaviourError, match=r"words\.responses"):
        detect(language().call(Transcript.from_turns([("a", "b")])), replace(BEHAVIOUR, words={}))
    with pytest.raises(BehaviourError, match=r"settings\.last_instant_s"):
        detect(language().call(Transcript.from_turns([("a", "b")])), replace(BEHAVIOUR, settings={}))


TIMED = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.floats(0, 50),
        st.floats(0, 20),
        st.sampled_from(["yeah", "so I think that the", "no we did that on Friday"]),
    ),
    max_size=25,
)


@given(TIMED)
def test_meetings_are_overlaps(rows: list[tuple[str, float, float, str]]) -> None:
    """Every pair is of two speakers and overlaps or nearly touches, the earlier first."""
    turns = [Turn(s, t, start=a, end=a + d) for s, a, d, t in rows]
    for earlier, later in meetings(turns, 0.5):
        x, y = turns[earlier], turns[later]
        assert x.speaker != y.speaker
        assert x.start is not None
        assert x.end is not None
        assert y.start is not None
        assert x.start <= y.start < x.end + 0.5


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0.1, 3)), max_size=20))
def test_meetings_find_every_overlap_of_two(rows: list[tuple[float, float]]) -> None:
    """Of two speakers who each never overlap themselves, every overlapping pair is found."""
    turns, at = [], {"a": 0.0, "b": 0.0}
    for k, (gap, length) in enumerate(rows):
        speaker = "ab"[k % 2]
        turns.append(Turn(speaker, "x", start=at[speaker] + gap, end=at[speaker] + gap + length))
        at[speaker] += gap + length
    wanted = {
        frozenset((i, j))
        for i, x in enumerate(turns)
        for j, y in enumerate(turns)
        if x.speaker == "a" and y.speaker == "b" and (x.overlap_s(y) or 0.0) > 0
    }
    assert wanted <= {frozenset(pair) for pair in meetings(turns, 0.0)}


@given(TIMED)
def test_every_interruption_is_of_another(rows: list[tuple[str, float, float, str]]) -> None:
    """An interruption is by one speaker of another, quotes its own turn, and overlaps no longer than either turn lasts."""
    records = [turn(s, a, a + d, t) for s, a, d, t in rows]
    for moment in found(records):
        of = records[moment.details["of_turn"]]
        assert moment.speaker == moment.details["by"] == records[moment.turn]["speaker"] != of["speaker"] == moment.details["of"]
        assert records[moment.turn]["text"][moment.start : moment.end] == moment.quote != ""
        assert (
            moment.details["overlap_s"] <= min(of["end"] - of["start"], records[moment.turn]["end"] - records[moment.turn]["start"]) + 0.001
        )


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1)), min_size=1, max_size=30), st.floats(0.1, 2))
def test_stretches_part_a_turn(gaps: list[tuple[float, float]], pause_s: float) -> None:
    """Stretches hold every word once, in order, and lie at least a pause apart."""
    words, at = [], 0.0
    for gap, length in gaps:
        words.append(Word("word", at + gap, at + gap + length))
        at += gap + length
    spoken = Turn("a", "word " * len(words), start=words[0].start, end=words[-1].end, words=tuple(words))
    parts = stretches(spoken, 0, pause_s, 4.0, frozenset(("um",)))
    assert [i for p in parts for i in range(p.first, p.last)] == list(range(len(words)))
    assert all(b.start - a.end >= pause_s for a, b in itertools.pairwise(parts))


def test_stretches_without_words() -> None:
    """A turn without word times is one stretch; without times it is none."""
    assert stretches(Turn("a", "hello there", start=1.0, end=2.0), 3, 0.7, 4.0, frozenset()) == [Stretch(3, 1.0, 2.0, 0, 0)]
    assert stretches(Turn("a", "hello there"), 3, 0.7, 4.0, frozenset()) == []


@pytest.mark.parametrize("count", [10_000])
def test_a_very_long_call(count: int) -> None:
    """Ten thousand turns that all overlap their neighbours are judged pair by pair, and none is lost."""
    records = [
        turn("ab"[k % 2], k * 3.0 + 0.1, k * 3.0 + 4.1, f"well I was going to ask about number {'one' if k % 3 else 'six'} in the")
        for k in range(count)
    ]
    call = language().call(Transcript.from_turns(records))
    assert len(list(meetings(call.turns, 0.5))) == count - 1
