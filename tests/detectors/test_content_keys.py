"""What turns said, made comparable: keys, numbers, codes."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach import Transcript
from listening_coach.detectors.content_keys import code, key_at, key_row, keys, keys_of, number, said
from listening_coach.language.call import Call, PhraseFinder
from listening_coach.language.language import load


@functools.cache
def language() -> PhraseFinder:
    return PhraseFinder({})


def call(*texts: str) -> Call:
    return language().call(Transcript.from_turns([("agent" if n % 2 else "customer", text) for n, text in enumerate(texts)]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("invoices", "invoice"), ("cracked", "cracks"), ("leaking", "leaks"), ("fourteen", "fourteenth"), ("cancelled", "cancel"),
        ("moved", "moving"),
    ],
)  # fmt: skip
def test_same_key(one: str, other: str) -> None:
    """Words of one family, and a number and its ordinal, are compared as one."""
    canonical = language().normaliser.canonical
    key = keys_of(load())
    assert key[canonical(one)[0]] == key[canonical(other)[0]] != ""


@pytest.mark.parametrize("word", ["the", "okay", "you", "would", "it", "uh-huh", "yes"])
def test_no_key(word: str) -> None:
    """Function words, nods and yes carry nothing to compare."""
    assert keys_of(load())[word] == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("14th", "14"), ("$250.00", "250"), ("1,200", "1200"), ("2nd", "2th"), ("10:30", "10:30"), ("49.99", "49:99"), ("007", "007"),
        ("@115858", ""), ("#4", ""), ("", ""),
    ],
)  # fmt: skip
def test_number(written: str, expected: str) -> None:
    """A number is compared by its digits; a small ordinal is no count; a handle is no number."""
    assert number(written) == expected


def test_keys_of_words_and_digits() -> None:
    """A number said in words and one written in digits have the same key."""
    turns = said(call("two suitcases on the fourteenth", "2 suitcases, on the 14th"))
    assert turns[0] == turns[1] == {"2", "suitcas", "14"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 3 8 1 7", "03817"), ("oh three double eight", "0388"), ("K W 4, 4, 19", "kw4419"), ("zero one six treble two", "016222"),
        ("it is R as in Robert, D, 7", "rd7"), ("03817", "03817"),
    ],
)  # fmt: skip
def test_code(text: str, expected: str) -> None:
    """A code is its digits and single letters, however they are read out."""
    one = call(text)
    assert code(one, 0, *one.bounds[0])[0] == expected


def test_code_stops() -> None:
    """A code read back ends at the first other word."""
    one = call("4419 thank you for waiting 5 minutes")
    found, end = code(one, 0, *one.bounds[0], stop=True)
    assert (found, one.words[end]) == ("4419", "thank")


WORDS = st.lists(
    st.sampled_from(["so", "you", "paid", "okay", "the", "bill", "what", "is", "two", "7", "yes.", "but,", "i", "—", "do"]), max_size=30
)


@given(WORDS, WORDS)
def test_keys_add(left: list[str], right: list[str]) -> None:
    """The keys of two stretches together are those of each."""
    one = call(" ".join([*left, "stop.", *right]))
    first, last = one.bounds[0]
    for middle in (first, (first + last) // 2, last):
        assert keys(one, 0, first, middle) | keys(one, 0, middle, last) == said(one)[0]


@given(WORDS)
def test_key_row(words: list[str]) -> None:
    """The keys looked up for the whole call are those of its words one by one."""
    one = call(" ".join(words))
    first, last = one.bounds[0]
    assert key_row(one)[first:last] == [key_at(one, 0, i) for i in range(first, last)]


@pytest.mark.parametrize(
    ("text", "expected"), [("zero and 10", {"10"}), ("zero and nought", {"0", "nought"}), ("0 and 10", {"0", "10"}), ("zero, 0", {"0"})]
)
def test_zero_beside_digits(text: str, expected: set[str]) -> None:
    """Beside a number in digits "zero" is no number of its own; by itself it is."""
    assert said(call(text)) == [expected]
