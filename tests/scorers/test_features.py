"""What a scorer sees: word classes, runs of words, the turns around a turn, and signs."""

from __future__ import annotations

import pytest
from as_shipped import coach, finder
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Transcript
from listening_coach.behaviours import builtin
from listening_coach.language.call import Call
from listening_coach.scorers.features import (
    NEXT,
    PARTS,
    PREVIOUS,
    REPLY,
    SIGN,
    Classes,
    Neighbours,
    features,
    grams,
    grams_around,
    neighbours,
    runs,
)

WORD = st.sampled_from(("a", "b", "c", "d"))
WORDS = st.lists(WORD, max_size=12)
ENTRIES = st.dictionaries(st.sampled_from(("one", "two", "three")), st.lists(st.lists(WORD, min_size=1, max_size=3), max_size=4))


def read(*turns: tuple[str, str]) -> Call:
    return finder().call(Transcript.from_turns(turns))


NO_CLASSES = Classes({})


def test_longest_entry_wins() -> None:
    """Where several entries of the classes begin at a word the longest one stands, and of equals that of the first class."""
    classes = Classes({"wait": [["hold"], ["please"]], "hold": [["hold", "the", "line"], ["hold"]], "line": [["hold", "the"], ["please"]]})
    assert classes.of(["hold", "the", "line", "please"]) == ["@hold", "@wait"]
    assert classes.of(["hold", "the", "door"]) == ["@line", "door"]
    assert classes.of(["hold", "on"]) == ["@wait", "on"]


@given(ENTRIES, WORDS)
def test_classes_cover_the_words(lists: dict[str, list[list[str]]], words: list[str]) -> None:
    """What a class replaces are words of an entry of it, and no longer entry of any class stands there; all other words stay."""
    entries = {tuple(entry) for several in lists.values() for entry in several}
    of_class = {f"@{name}": {tuple(entry) for entry in several} for name, several in lists.items()}
    i = 0
    for name in Classes(lists).of(words):
        here = [entry for entry in entries if tuple(words[i : i + len(entry)]) == entry]
        longest = max(map(len, here), default=0)
        if name.startswith("@"):
            assert tuple(words[i : i + longest]) in of_class[name]
        else:
            assert (name, longest) == (words[i], 0)
        i += longest or 1
    assert i == len(words)


@given(WORDS, st.integers(1, 4))
def test_runs(words: list[str], longest: int) -> None:
    """Every run of up to so many neighbouring words is there, as often as it stands."""
    every = [words[i:j] for i in range(len(words)) for j in range(i + 1, min(len(words), i + longest) + 1)]
    assert sorted(runs(words, longest)) == sorted(" ".join(run) for run in every)


def test_grams() -> None:
    """A turn itself shows runs of three, and how it begins and ends; to the turns around it it shows runs of two."""
    said_as = ["i", "am", "so", "sorry"], ["@me", "am", "so", "@regret"]
    own, around = grams(*said_as), grams_around(*said_as)
    assert around == {
        "i", "am", "so", "sorry", "i am", "am so", "so sorry", "@me", "@regret", "@me am", "so @regret",
    }  # fmt: skip
    assert own - around == {
        "i am so", "am so sorry", "@me am so", "am so @regret", "^ @me", "^ @me am", "@regret $", "so @regret $",
    }  # fmt: skip
    assert grams([], []) == grams_around([], []) == set()


def test_neighbours() -> None:
    """A turn looks at two turns of the other side before it, its reply, and its speaker's own next and previous turn; -1 stands for none."""
    call = read(("agent", "One."), ("customer", "Two."), ("customer", "Three."), ("agent", "Four."), ("customer", "Five."))
    assert neighbours(call) == [
        Neighbours((), 1, 3, -1),
        Neighbours((0,), 3, 4, -1),
        Neighbours((0,), 3, 4, 1),
        Neighbours((2, 1), 4, -1, 0),
        Neighbours((3,), -1, -1, 2),
    ]


@given(st.lists(st.sampled_from(("agent", "customer", "other")), min_size=1, max_size=12))
def test_neighbours_are_of_the_right_side(roles: list[str]) -> None:
    """Before and reply are another side's, next and previous the turn's own; each lies on its side of the turn and within reach."""
    found = neighbours(finder().call(Transcript.from_turns([(role, role, "Yes.") for role in roles])))
    for i, near in enumerate(found):
        assert all(roles[j] != roles[i] and i - 3 <= j < i for j in near.before)
        assert near.reply < 0 or (roles[near.reply] != roles[i] and i < near.reply <= i + 2)
        assert near.next < 0 or (roles[near.next] == roles[i] and near.next > near.reply > i)
        assert near.previous < 0 or (roles[near.previous] == roles[i] and i - 3 <= near.previous < i)


def test_signs() -> None:
    """Signs tell where a turn stands, how long it is, whether it asks, what it takes up, and what the rules found around it."""
    call = Transcript.from_turns(
        [
            ("agent", "How can I help you?"),
            ("customer", "My boiler broke on Monday, order 4471."),
            ("agent", "So your boiler broke on Monday, order 4471, is that right?"),
            ("customer", "My boiler broke on Monday, order 4471."),
        ]
    )
    signs = [set(turn[SIGN]) for turn in coach().features(call)]
    assert {"asks", "near the beginning", "length up to 7", "+2 summary"} <= signs[0]
    assert {"asks", "near shared 3", "near of theirs 1.0", "near number", "+0 summary", "-2 open_question"} <= signs[2]
    assert {"own words again 0.8", "-1 summary", "near the end"} <= signs[3]
    assert "asks" not in signs[1] | signs[3]
    assert not any(name.startswith("own words again") for name in signs[0] | signs[1] | signs[2])


def test_punctuation_is_no_word() -> None:
    """The same words with and without the signs of punctuation give the same runs, the sign of a question apart."""
    plain = read(("customer", "hello my bill is wrong"), ("agent", "i am so sorry about that what is your name"))
    pointed = read(("customer", "Hello, my bill is wrong."), ("agent", "I am so sorry about that. What is your name?"))
    for one, other in zip(features(plain, [], [], NO_CLASSES), features(pointed, [], [], NO_CLASSES), strict=True):
        assert {part: one[part] for part in PARTS} == {part: other[part] for part in PARTS}
        assert set(other[SIGN]) - set(one[SIGN]) <= {"asks"}


def test_every_turn_has_every_part() -> None:
    """A turn without words, or without turns around it, has every part, and empty ones where nothing stands."""
    for turn in features(read(("agent", "..."), ("customer", "")), [], [], NO_CLASSES):
        assert set(turn) == {*PARTS, SIGN}
        assert not any(turn[part] for part in PARTS)
        assert turn[SIGN]
    (alone,) = features(read(("agent", "Hello there")), [], [], NO_CLASSES)
    assert not alone[REPLY] and not alone[NEXT] and not alone[PREVIOUS]  # noqa: PT018 - one thing is said


TURNS = st.lists(
    st.tuples(st.sampled_from(("agent", "customer")), st.sampled_from(("I'm sorry.", "It broke!", "Why?", "Order 12", "", "Calm down"))),
    min_size=1,
    max_size=8,
)


@given(TURNS)
def test_ids_names_and_spaces_change_nothing(turns: list[tuple[str, str]]) -> None:
    """Ids, speakers' names and the width of spaces are no features."""
    plain = Transcript.from_turns([(role, role, text) for role, text in turns], id="one")
    other = Transcript.from_turns([(f"Speaker {role}", role, "  " + text.replace(" ", "   ")) for role, text in turns], id="two")
    assert coach().features(plain) == coach().features(other)


@pytest.mark.parametrize("name", ["dismissal", "repeat_question"])
def test_the_features_are_those_the_rules_find(name: str) -> None:
    """What a rule finds in a turn is a sign there, and in the turns around it with the way there."""
    text = builtin()[name].fires[0][-1][1]
    signs = [turn[SIGN] for turn in coach().features(Transcript.from_turns([("customer", "Hi."), ("agent", text), ("customer", "Well.")]))]
    assert [[f"{step} {name}" in turn for step in ("+2", "+1", "+0", "-1", "-2")].index(True) for turn in signs] == [1, 2, 3]
    assert [sum(f"{step} {name}" in turn for step in ("+2", "+1", "+0", "-1", "-2")) for turn in signs] == [1, 1, 1]
