"""MicroDVD subtitles: names are speakers, frames are seconds only where the file tells their rate."""

from __future__ import annotations

import pytest

from listening_coach import EvidenceTier
from listening_coach.errors import ReadError
from listening_coach.readers import read

TALK = (
    "{0}{50}{y:i}Agent: Hello, how can I help?\n"
    "{60}{}Customer: My kettle leaks.|It is new.\n"
    "{130}{180}/Agent: I am sorry about that.\n\n"
    "{190}{240}Customer: Thank you.\n"
)
SAID = [
    ("agent", "Hello, how can I help?"),
    ("customer", "My kettle leaks. It is new."),
    ("agent", "I am sorry about that."),
    ("customer", "Thank you."),
]


def test_names_and_seconds() -> None:
    """With a rate in the first subtitle, frames become seconds; a subtitle without an end lasts until the next."""
    call = read("{1}{1}20.000\n" + TALK)
    assert [(t.role, t.text) for t in call.turns] == SAID
    assert [(t.start, t.end) for t in call.turns] == [(0.0, 2.5), (3.0, 6.5), (6.5, 9.0), (9.5, 12.0)]
    assert call.metadata == {"format": "microdvd"}


def test_frames_without_a_rate() -> None:
    """Without a rate there are speakers but no times, and the metadata say why."""
    call = read(TALK)
    assert [(t.role, t.text) for t in call.turns] == SAID
    assert call.evidence_tier is EvidenceTier.NONE
    assert call.metadata["times"] == "left out, since the file counts frames and does not say how many a second has"


def test_a_broken_line() -> None:
    """One line without frames does not hide the format, and is named."""
    with pytest.raises(ReadError, match=r"line 2: '\{60\}Customer: My kettle leaks' has no frames\. Write \{first\}\{last\}text"):
        read("{0}{50}Agent: Hello.\n{60}Customer: My kettle leaks\n{130}{180}Agent: I am sorry.\n")


def test_braces_in_talk() -> None:
    """Text with names that holds braces somewhere is no such file."""
    assert read("Agent: Is it {5}{6}?\nCustomer: Yes.\n").metadata["format"] == "text"
