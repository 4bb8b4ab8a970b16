"""The formats of speech research, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from listening_coach.errors import ReadError
from listening_coach.readers import read, read_many

from .shapes import Said, textgrid


def test_chat() -> None:
    """Codes of CHAT are taken out, retraced words kept, times and roles read."""
    call = read(
        "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tAGT Ines Agent , CUS Bo Customer\n@Date:\t03-FEB-2025\n@Media:\tcall7, audio\n"
        "*AGT:\tgood day [/] day (.) how can I help ? \x15100_1900\x15\n%mor:\tadj|good n|day\n"
        "*CUS:\tit's &-um &=laughs late@q +... \x152000_2900\x15\n*CUS:\tvery la(te) xxx\n\tindeed .\n@End\n"
    )
    assert [(t.speaker, str(t.role), t.text, t.start, t.end) for t in call.turns] == [
        ("AGT", "agent", "good day day how can I help?", 0.1, 1.9),
        ("CUS", "customer", "it's um late", 2.0, 2.9),
        ("CUS", "customer", "very late [unclear] indeed.", None, None),
    ]
    assert (call.metadata["language"], call.metadata["audio"], str(call.started_at)) == ("eng", "call7", "2025-02-03 00:00:00")


@pytest.mark.parametrize("text", ["@UTF8\n@Begin\n*AGT:\thello .\nwhat is this\n@End\n"])
def test_chat_broken(text: str) -> None:
    """A line that is none of CHAT is named."""
    with pytest.raises(ReadError, match="line 4: 'what is this' is no line of CHAT"):
        read(text)


def test_rttm_with_text_in_its_field() -> None:
    """RTTM may hold what was said in the field for it; without any text it is refused."""
    lines = "SPEAKER c 1 0.10 0.60 good_day <NA> spk0 <NA> <NA>\nSPEAKER c 1 1.00 0.40 hello <NA> spk1 <NA> <NA>\n"
    assert [(t.speaker, t.text, t.start, t.end) for t in read(lines).turns] == [("spk0", "good day", 0.1, 0.7), ("spk1", "hello", 1.0, 1.4)]
    with pytest.raises(ReadError, match="it says who spoke when, and not what"):
        read(lines.replace("good_day", "<NA>").replace("hello", "<NA>"))


def test_several_recordings_in_a_file() -> None:
    """The lines of each recording are a call of their own."""
    lines = "".join(f"rec{n} A spk{s} {s}.0 {s}.9 <o> good day\n" for n in (1, 2) for s in (0, 1))
    assert [(c.id, len(c.turns)) for c in read_many(lines)] == [("rec1", 2), ("rec2", 2)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("c A 0.1 0.2 good 0.9\nc A 0.3 0.2 day 0.9\nc A 0.5\n", "line 3: 'c A 0.5' is no line of CTM"),
        ("c A s0 0.1 0.9 <o> good day\nc A s1 1.0 1.9 <o> hello you\nc A s1\n", "line 3: 'c A s1' is no line of STM"),
        (
            "SPEAKER c 1 0.1 0.6 x <NA> s0 <NA> <NA>\nSPEAKER c 1 x 0.6 y <NA> s0 <NA> <NA>\n",
            "line 2: start 'x' and length '0.6' are no seconds",
        ),
        ('File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\n', "the TextGrid is broken"),
    ],
)
def test_broken_lines(text: str, message: str) -> None:
    """What is wrong is named by its line."""
    with pytest.raises(ReadError, match=message):
        read(text)


def test_textgrid_short_with_words(tmp_path: Path) -> None:
    """The short form is read, a tier of words gives its tier of utterances the times, phones are passed over."""
    tiers = [
        ("Agent - utterances", [(0.0, 0.1, ""), (0.1, 0.7, "Good day."), (0.7, 2.0, "")]),
        ("Agent - words", [(0.0, 0.1, "sil"), (0.1, 0.3, "good"), (0.3, 0.7, "day"), (0.7, 2.0, "")]),
        ("Agent - phones", [(0.0, 0.1, "sil"), (0.1, 0.2, "g"), (0.2, 2.0, "u")]),
        ("Customer - words", [(0.0, 1.0, ""), (1.0, 1.4, "hello"), (1.4, 2.0, "")]),
    ]
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "0", "2.0", "<exists>", str(len(tiers))]
    for name, rows in tiers:
        lines += ['"IntervalTier"', f'"{name}"', "0", "2.0", str(len(rows))]
        lines += [str(part) if not isinstance(part, str) else f'"{part}"' for row in rows for part in row]
    path = tmp_path / "call.TextGrid"
    path.write_text("\n".join(lines) + "\n", encoding="utf-16")
    call = read(path)
    assert [(t.speaker, t.text, t.start, t.end) for t in call.turns] == [("Agent", "Good day.", 0.1, 0.7), ("Customer", "hello", 1.0, 1.4)]
    assert [tuple(w) for t in call.turns for w in t.words] == [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("hello", 1.0, 1.4)]


def test_a_textgrid_a_speaker(tmp_path: Path) -> None:
    """Files of one call, one a speaker, are read together, each speaker named by what tells the files apart."""
    spoken = [Said(0, (("good", 100, 300), ("day", 300, 700))), Said(1, (("hello", 1000, 1400), ("there", 1400, 1900)))]
    for speaker, name in enumerate(("agent", "customer")):
        one = [Said(0, t.words) for t in spoken if t.speaker == speaker]
        (tmp_path / f"call7_{name}.TextGrid").write_text(textgrid(one).replace('"Agent"', '"text"'))
    for source in (sorted(tmp_path.iterdir()), tmp_path):
        call = read(source)
        assert [(t.speaker, str(t.role), t.text, t.start) for t in call.turns] == [
            ("agent", "agent", "good day", 0.1),
            ("customer", "customer", "hello there", 1.0),
        ]
        assert call.id == "call7"
