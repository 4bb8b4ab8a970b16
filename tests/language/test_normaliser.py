"""The normaliser: one spelling for what people say, with spans that quote the untouched text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.language.language import load
from listening_coach.language.normaliser import Normaliser, straighten

NORMALISER = Normaliser(load())


def words(text: str) -> list[str]:
    return list(NORMALISER.canonical(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can't do that", "i can not do that"),
        ("I cannot do that", "i can not do that"),
        ("i cant do that", "i can not do that"),
        ("We won't, it's late", "we will not it is late"),
        ("im sure youre right", "i am sure you are right"),
        ("I'm gonna call you", "i am going to call you"),
        ("I\u2019d like that", "i would like that"),
        ("we apologise for the cancelled programme", "we apologize for the canceled program"),
        ("my favourite colour at the centre", "my favorite color at the center"),
        ("um so uh I I I will er send it", "so i will send it"),
        ("It was, like, awful", "it was awful"),
        ("it looks like rain", "it looks like rain"),
        ("I would like a refund", "i would like a refund"),
        ("and, you know, it broke", "and it broke"),
        ("do you know why", "do you know why"),
        ("uh huh", "uh-huh"),
        ("Mm-hmm. mhm", "mm-hmm . mm-hmm"),
        ("e-mail me on the wi-fi", "email me on the wifi"),
        ("Is that right? Yes!", "is that right ? yes !"),
        ("it cost $45.20 on the 3rd", "it cost 0 on the 0"),
        ("[laughter] okay <noise> fine %", "okay fine"),
        ("my number is [PII] thanks", "my number is thanks"),
        ("well... I think", "well i think"),
        ("Dr. Shah at 5 p.m.", "dr. shah at 0 p.m."),
        ("", ""),
        ("   \n\t ", ""),
        ("...", ""),
        ("\U0001f600 你好", "你好"),
    ],
)
def test_canonical_words(text: str, expected: str) -> None:
    """A text gives the canonical words that the phrases of behaviour files are written in."""
    assert words(text) == expected.split()


def test_marks_and_tags() -> None:
    """Commas and dashes are kept beside the words; laughter and redactions are told but are no words."""
    found = NORMALISER.words(["Well, I was \u2014 [laughs] never mind [PII]"])
    assert found.words == ["\n", "well", "i", "was", "never", "mind", "\n"]
    assert found.marks == {1: ",", 3: "\u2014"}
    assert found.laughter == {0}
    assert found.redacted == 1


@given(st.text(max_size=200))
def test_spans_lie_in_the_text(text: str) -> None:
    """Every word's span lies within the text, in order, and holds something."""
    found = NORMALISER.words([text])
    spans = list(zip(found.starts, found.ends, strict=True))[1:-1]
    assert all(0 <= a <= b <= len(text) + 1 for a, b in spans)
    assert spans == sorted(spans)


@pytest.mark.parametrize("before", [[], ["Hi", ""], ["um, [noise] so\nI I see", "it\u2019s the—the"]])
def test_spans_quote_the_words(before: list[str]) -> None:
    """A word's span quotes it, whatever stands in the texts before, and however this one is cut."""
    for text in ("Well um I I can't, like, see it [laughs] uh huh", "Well um I I can't, like, see it uh-huh"):
        found = NORMALISER.words([*before, text])
        at = len(before)
        first, last = found.bounds[at]
        quotes = [text[found.starts[i] : found.ends[i]] for i in range(first, last)]
        assert quotes[:6] == ["Well", "I", "ca", "n't", "see", "it"]
        assert found.words[last - 1] == "uh-huh"
        assert quotes[6].startswith("uh")


@given(st.lists(st.text(max_size=40), max_size=6))
def test_texts_do_not_touch(texts: list[str]) -> None:
    """Texts read together give what each gives alone, a turn's end between them."""
    found = NORMALISER.words(texts)
    assert [found.words[a:b] for a, b in found.bounds] == [list(NORMALISER.canonical(text)) for text in texts]
    assert found.words.count("\n") == len(texts) + 1


CHUNKS = ["i'm", "sorry", "can't", "help", "Friday", "bill,", "okay?", "right.", "uh", "huh", "we'll", "send", "45.20", "cancelled"]


@given(st.lists(st.sampled_from(CHUNKS), max_size=30))
def test_whitespace_changes_nothing(chunks: list[str]) -> None:
    """Wider spaces, tabs and line breaks between words change no word."""
    assert words(" ".join(chunks)) == words("  ".join(chunks)) == words("\n\t".join(chunks))


@given(st.text(max_size=200))
def test_straighten_keeps_length(text: str) -> None:
    """Straightening quotes and dashes keeps every character at its place."""
    assert len(straighten(text)) == len(text)


def test_memory_is_bounded() -> None:
    """A normaliser begins anew when it holds as many chunks as it was told, and reads on rightly after it forgot."""
    small = Normaliser(load(), remembered=5)
    for number in range(40):
        assert small.canonical(f"word{number} don't")[-2:] == ("do", "not")
        assert small._tables is not None
        assert len(small._tables.pieces) < 5 + 3  # those of one call more


def test_many_words() -> None:
    """The tables of what is remembered grow: a text of thousands of different words gives each of them at its place."""
    text = " ".join(f"wo{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}rd," for n in range(4000))
    found = Normaliser(load()).words([text])
    assert [text[a:b] for a, b in zip(found.starts[1:-1], found.ends[1:-1], strict=True)] == found.words[1:-1]
    assert len(set(found.words)) == 4001
    assert len(found.marks) == 4000


def test_what_words_tell_is_asked_once() -> None:
    """What is asked of the words of calls is worked out once for each word, and stands at every place of it."""
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    normaliser = Normaliser(load())
    assert normaliser.words(["one two, three", "two"]).each(length, int).tolist() == [1, 3, 3, 5, 1, 3, 1]
    assert normaliser.words(["three four"]).each(length, int).tolist() == [1, 5, 4, 1]
    assert sorted(asked) == ["\n", "four", "one", "three", "two"]


def test_a_fillers_commas_go_with_it() -> None:
    """The commas around a filler are no pause in what is said; other commas are."""
    assert NORMALISER.words(["I, like, did it"]).marks == {}
    assert NORMALISER.words(["well, I did it"]).marks == {1: ","}
