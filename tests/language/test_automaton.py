"""The notation of phrases and the automaton: what a phrase stands for is what is found."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.errors import BehaviourError
from listening_coach.language.automaton import Automaton, forms, parse

LISTS = {"day": ("monday", "tuesday"), "loop": ("a {loop}",)}


def as_written(word: str) -> tuple[str, ...]:
    return (word,)


def automaton(*patterns: str, gap_words: int = 2) -> Automaton:
    made = Automaton(as_written)
    for pattern in patterns:
        made.add(parse(pattern, LISTS, "here"), gap_words)
    return made


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("my word", ["my word"]),
        ("(my|your) word", ["my word", "your word"]),
        ("my (own|) word", ["my own word", "my word"]),
        ("(oh (my|dear)|well) then", ["oh my then", "oh dear then", "well then"]),
        ("on {day}", ["on monday", "on tuesday"]),
        ("^ well", ["^ well"]),
        ("yes | no", ["yes", "no"]),
    ],
)
def test_notation(pattern: str, texts: list[str]) -> None:
    """A phrase stands for the texts that its alternatives and lists spell out, and the automaton finds each of them whole."""
    spelled = forms(parse(pattern, LISTS, "here"), 50, as_written)
    assert spelled is not None
    assert sorted(" ".join(form) for form in spelled) == sorted(texts)
    for text in texts:
        words = ["."] + text.replace("^", "").split()
        start = 0 if text.startswith("^") else 1
        assert (start, len(words), 0) in automaton(pattern).find(words)


def test_long_phrases_are_not_spelled_out() -> None:
    """A phrase that stands for millions of texts has no list of forms, and is found all the same."""
    many = "(a|b|c|d|e|f|g|h) " * 9
    assert forms(parse(many, {}, "here"), 100, as_written) is None
    assert automaton(many).find("x a h b g c f d e a x".split()) == [(1, 10, 0)]  # noqa: SIM905 - reads as words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("a c", [(0, 2, 0)]),
        ("a x c", [(0, 3, 0)]),
        ("a x x c", [(0, 4, 0)]),
        ("a x x x c", []),
        ("a . c", []),
        ("a x \n c", []),
        ("a c c", [(0, 3, 0)]),
        ("a", []),
        ("a x", []),
        ("a x c a x", [(0, 3, 0)]),
    ],
)
def test_gaps(words: str, found: list[tuple[int, int, int]]) -> None:
    """A gap lets at most so many words stand between, none of them the end of a sentence or turn."""
    assert automaton("a ... c").find(words.split(" ")) == found


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(a|b", r"^here: the phrase '\(a\|b' has a '\(' without its '\)'\. Pair the brackets"),
        ("a)", r"has a '\)' too many"),
        ("on {night}", r"the list \{night\} in the phrase 'on \{night\}' is not defined\. Define it"),
        ("{loop}", r"contains itself"),
        ("(a|)", r"the phrase '\(a\|\)' can be empty"),
        ("... a", r"begins or ends with a gap"),
        ("a (b|...)", r"begins or ends with a gap"),
    ],
)
def test_wrong_phrases(pattern: str, message: str) -> None:
    """A phrase that cannot be read is refused with the place and the remedy."""
    with pytest.raises(BehaviourError, match=message):
        parse(pattern, LISTS, "here")


PIECES = st.recursive(
    st.sampled_from(["a", "b", "c"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda options: f"({'|'.join(options)})"),
        inner.map(lambda option: f"({option}|)"),
    ),
    max_leaves=8,
)


@given(PIECES, st.lists(st.sampled_from("abcx"), max_size=12))
def test_automaton_agrees_with_regular_expressions(pattern: str, words: list[str]) -> None:
    """The automaton finds, at every word, the longest text of the phrase that begins there, as Python's own expressions do."""
    pattern = f"a {pattern}"
    texts = forms(parse(pattern, {}, "here"), 10_000, as_written)
    assert texts is not None
    spelled = re.compile("|".join(sorted(("".join(t) for t in texts), key=len, reverse=True)))
    row = "".join(words)
    expected = [(i, m.end(), 0) for i in range(len(row)) if (m := spelled.match(row, i))]
    assert automaton(pattern).find(words) == expected


@given(st.lists(PIECES, min_size=1, max_size=4), st.lists(st.sampled_from("abcx."), max_size=12))
def test_phrases_do_not_disturb_each_other(patterns: list[str], words: list[str]) -> None:
    """Together phrases find what each of them finds alone, in the order of the call."""
    patterns = [f"(a|b) {pattern}" for pattern in patterns]
    alone = [(first, last, n) for n, p in enumerate(patterns) for first, last, _ in automaton(p).find(words)]
    assert automaton(*patterns).find(words) == sorted(alone)


def test_words_written_as_one() -> None:
    """A word that is read as several, such as a contraction, is found as those, with what follows it."""
    made = Automaton(lambda word: ("can", "not") if word == "can't" else (word,))
    made.add(parse("i (can't|won't) (really|) help", {}, "here"), 2)
    assert made.find("i can not really help".split()) == [(0, 5, 0)]  # noqa: SIM905 - reads as words
    assert made.find("i can really help".split()) == []  # noqa: SIM905 - reads as words


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The automaton begins its tables anew when they grow past their bound, and finds the same."""
    monkeypatch.setattr("listening_coach.language.automaton._MOST_STEPS", 50)
    made = automaton("a ... b")
    for number in range(200):
        assert made.find(["a", f"w{number}", "b"]) == [(0, 3, 0)]
    assert made._tables.count < 60
