"""Why a finding was made, in plain words."""

from __future__ import annotations

import pytest
from hand_made import report

from listening_coach.report.reasons import plain


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("self: not", "the turn has “not”"),
        ("self: ^ @first_person", "the turn has a word for “first person” at its beginning"),
        ("before: @complaint_act the", "the other side had said “[complaint act] the”"),
        ("reply: no $", "the reply has “no” at its end"),
        ("next: i can", "the speaker's next turn has “i can”"),
        ("previous: sorry", "the speaker's turn before has “sorry”"),
        ("sign: asks", "the turn asks something"),
        ("sign: last of own 0.5", "it takes up words that the other side had just said"),
        ("sign: told shared 2", "it takes up words that the other side had said earlier"),
        ("sign: near number", "it repeats a number that was said"),
        ("sign: own words again 0.6", "it says again what the speaker had said before"),
        ("sign: +0 policy_hiding.policy", "“Hides behind policy” was found in the same turn (names a rule)"),
        ("sign: +1 occasion empathy", "something called for “Shows empathy” in the turn after"),
        ("sign: -2 never_heard_of", "“never heard of” was found two turns before"),
        ("a detector's own words", "a detector's own words"),
    ],
)
def test_plain(reason: str, words: str) -> None:
    """Each part, sign and finding of a scorer has its words, and what is none of them stays as it is."""
    assert plain(report(), (reason,)) == [words]


def test_what_explains_nothing_is_left_out() -> None:
    """Signs that hold nearly everywhere are not told, and nothing is told twice."""
    assert plain(report(), ("sign: place after 0.1", "sign: last new 1", "sign: length up to 4", "sign: near the end")) == []
    assert plain(report(), ("sign: near shared 1", "sign: last shared 2")) == ["it takes up words that the other side had just said"]
