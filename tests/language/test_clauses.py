"""Where sentences and clauses begin and end, and whether they ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Transcript
from listening_coach.behaviours import builtin
from listening_coach.language.automaton import Rule
from listening_coach.language.call import Call, Hit, PhraseFinder
from listening_coach.language.clauses import (
    asks,
    clause_end,
    clauses,
    ends_in_tag,
    hit_is_asked,
    phrase_end,
    quotes,
    sentences,
    turn_ends_asking,
    turn_sentences,
)
from listening_coach.language.language import load

FINDER = PhraseFinder(builtin())


def call(*texts: str) -> Call:
    return FINDER.call(Transcript.from_turns([("agent" if n % 2 else "customer", text) for n, text in enumerate(texts)]))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("You paid in May, but they charged you twice.", ["you paid in may", "but they charged you twice"]),
        ("Fine. Thanks.", ["fine", "thanks"]),
        ("so you moved in march and you never had a bill", ["so you moved in march", "and you never had a bill"]),
        ("okay thank you what is your postcode", ["okay", "thank you", "what is your postcode"]),
        ("the number you called from is not ours", ["the number you called from is not ours"]),
        ("you applied for it have you", ["you applied for it have you"]),
        ("", []),
    ],
)
def test_clauses(text: str, parts: list[str]) -> None:
    """Clauses end at sentence ends and joints, and in bare speech where a new clause must begin."""
    one = call(text)
    assert [" ".join(one.words[first:last]) for first, last in clauses(one)[0]] == parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what is your name", True), ("do you have the letter", True), ("and where do you live", True),
        ("what i hear is that it leaks", False), ("when you came home it was wet", False), ("you live on the coast", False),
        ("like what", True), ("any children", True), ("tell me how are you paying", True), ("i think so do you", False),
    ],
)  # fmt: skip
def test_asks(text: str, expected: bool) -> None:
    """A question word with its verb or a verb before "you" asks; a clause that only begins with a question word does not."""
    assert asks(load(), text.split()) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("it was the blue one yes", True), ("you rent it do you", True), ("right", False), ("the blue one", False)]
)
def test_tag(text: str, expected: bool) -> None:
    """A closing "yes", "right", "do you" is a tag behind a statement, not by itself."""
    words = text.split()
    assert ends_in_tag(load(), words, 0, len(words)) is expected


WORDS = st.lists(
    st.sampled_from(["so", "you", "paid", "okay", "the", "bill", "what", "is", "two", "7", "yes.", "but,", "i", "—", "do"]), max_size=30
)


@given(WORDS)
def test_clauses_cover(words: list[str]) -> None:
    """The clauses of a turn stand in order, do not overlap, and hold every word but the sentence ends."""
    one = call(" ".join(words))
    held = [i for first, last in clauses(one)[0] for i in range(first, last)]
    first, last = one.bounds[0]
    assert held == [i for i in range(first, last) if one.words[i] not in (".", "?", "!")]


@given(WORDS, WORDS)
def test_turns_are_cut_apart(left: list[str], right: list[str]) -> None:
    """A turn's sentences and clauses are the same whatever turn stands before it."""
    alone, after = call(" ".join(right)), call(" ".join(left), " ".join(right))
    moved = after.bounds[1][0] - alone.bounds[0][0]
    for cut in (clauses, turn_sentences):
        assert [(first + moved, last + moved) for first, last in cut(alone)[0]] == cut(after)[1]


@given(WORDS)
def test_turn_sentences(words: list[str]) -> None:
    """The sentences of a whole turn are those of its range of words."""
    one = call(" ".join(words))
    assert turn_sentences(one)[0] == sentences(one, *one.bounds[0])


RULE = Rule("any", "phrases", None, "any")


@pytest.mark.parametrize(
    ("text", "phrase", "quote"),
    [
        ("i can't do that but i can send you a form and then we call you", "i can't", "i can't do that"),
        ("i can't do that but i can send you a form and then we call you", "i can send", "i can send you a form"),
        ("i can't do that but i can send you a form and then we call you", "we call", "we call you"),
        ("I checked, it works", "I checked", "I checked"),
        ("we sell salt and pepper here", "we sell", "we sell salt and pepper here"),
        ("I will check. It is late", "I will", "I will check"),
        ("it is late so okay", "it is", "it is late"),
        ("because one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen", "because",
         "because one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"),
    ],
)  # fmt: skip
def test_a_quote_ends_with_its_clause(text: str, phrase: str, quote: str) -> None:
    """A quote goes on to a joint that begins a new statement, with and without punctuation, and to no more than sixteen words."""
    one = call(text)
    first = next(i for i in range(*one.bounds[0]) if one.starts[i] == text.index(phrase))
    last = next(i for i in range(first, one.bounds[0][1]) if one.ends[i] == text.index(phrase) + len(phrase)) + 1
    start, end = one.span(0, first, clause_end(one, Hit(0, first, last, RULE), 16))
    assert text[start:end] == quote


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("what's your name", False),
        ("I can't do that", False),
        ("so do I", False),
        ("are you the account holder", True),
        ("can you hear me", True),
        ("it was, was it", True),
        ("It was.", False),
        ("It was?", True),
        ("", False),
    ],
)
def test_a_turn_ends_asking(text: str, asking: bool) -> None:
    """A question is known by its sign, and without signs by the order of its words; what asks for more than a yes does not count."""
    assert turn_ends_asking(call(text), 0) is asking


def hit_on(call: Call, phrase: str) -> Hit:
    """A hit on the words of a phrase, where they first stand in the first turn."""
    row = phrase.split()
    first = next(i for i in range(*call.bounds[0]) if call.words[i : i + len(row)] == row)
    return Hit(0, first, first + len(row), RULE)


@pytest.mark.parametrize(
    ("text", "phrase", "asked"),
    [
        ("Do you think it might rain?", "might", True), ("do you think it might rain", "might", True), ("It might rain.", "might", False),
        ("It might rain. Is that so?", "might", False), ("if it might rain", "might", True), ("she said it might", "might", False),
    ],
)  # fmt: skip
def test_a_hit_that_is_asked(text: str, phrase: str, asked: bool) -> None:
    """A question mark behind it, or a question word or "if" at the head of its sentence, makes a question of what a hit says."""
    one = call(text)
    assert hit_is_asked(one, hit_on(one, phrase)) is asked


@pytest.mark.parametrize(
    ("text", "phrase", "quote"),
    [
        ("I can send it today, if you like", "i can", "I can send it today"), ("i can send it and you can sign it", "i can", "i can send it"),
        ("I can.", "i can", "I can"), ("i can send salt and pepper", "i can", "i can send salt and pepper"),
    ],
)  # fmt: skip
def test_a_phrase_that_goes_on(text: str, phrase: str, quote: str) -> None:
    """What a phrase begins ends at a sign, or at a joint before a new subject."""
    one = call(text)
    hit = hit_on(one, phrase)
    start, end = one.span(0, hit.first, phrase_end(one, hit.last, 10))
    assert text[start:end] == quote


def test_quotes_share_no_word() -> None:
    """The clauses of neighbouring hits do not overlap, and end at joints and signs."""
    one = call("well it is broken and we are cross, so please help")
    hits = [hit_on(one, "broken"), hit_on(one, "cross")]
    assert [" ".join(one.words[a:b]) for _, (a, b) in quotes(one, hits)] == ["it is broken", "we are cross"]
