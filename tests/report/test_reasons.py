"""Why a finding was made, in plain words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hand_made import UNCERTAIN, report

from listening_coach.moments import Details
from listening_coach.report.reasons import plain


def why(*reasons: str) -> tuple[str, ...]:
    """The reasons of a moment of saying back, in words."""
    return plain(report(), replace(UNCERTAIN, behaviour="summary", details=Details({"why": reasons})))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("self: fed up", "the turn has “fed up”"),
        ("self: ^ @first_person 0", "the turn has “[first person] 0”"),
        ("before: Complain the", "the other side had said “Complain the”"),
        ("reply: no $", "the reply has “no”"),
        ("next: i can", "the speaker's next turn has “i can”"),
        ("previous: sorry", "the speaker's turn before has “sorry”"),
        ("sign: asks", "the turn asks something"),
        ("sign: last of own 0.5", "it takes up words that the other side had just said"),
        ("sign: told shared 2", "it takes up words that the other side had said earlier"),
        ("sign: near number", "it repeats a number that was said"),
        ("sign: own words again 0.6", "it says again what the speaker had said before"),
        ("sign: +0 policy_hiding.policy", "“Hides behind policy” was found in the same turn (names a rule)"),
        ("sign: +0 summary", "it is worded in a way that is known for it"),
        ("sign: +1 occasion empathy", "something called for “Shows empathy” in the turn after"),
        ("sign: -2 never_heard_of", "“never heard of” was found two turns before"),
        ("context: -1 empathy.occasion", "something called for “Shows empathy” in the turn before"),
        ("a detector's own words", "a detector's own words"),
    ],
)
def test_plain(reason: str, words: str) -> None:
    """Each part, sign and finding of a scorer has its words, and what is none of them stays as it is."""
    assert why(reason) == (words,)


def test_words_of_a_turn_stand_together() -> None:
    """Words of one turn are told in one sentence, where the first of them stands."""
    assert why("self: refund", "reply: thanks", "self: by Friday") == ("the turn has “refund” and “by Friday”", "the reply has “thanks”")


def test_single_words_may_be_left_out() -> None:
    """Where a line is short, a word by itself is no reason; words that belong together and signs are."""
    moment = replace(UNCERTAIN, details=Details({"why": ("self: mum", "reply: no thanks", "sign: asks")}))
    assert plain(report(), moment, single_words=False) == ("the reply has “no thanks”", "the turn asks something")
    assert plain(report(), moment)[0] == "the turn has “mum”"


def test_what_explains_nothing_is_left_out() -> None:
    """Signs that hold nearly everywhere and what there is elsewhere in the call are not told, and nothing is told twice."""
    assert (
        why("sign: place after 0.1", "sign: last new 1", "sign: length up to 4", "sign: near the end", "context: call empathy.occasion")
        == ()
    )
    assert why("sign: near shared 1", "sign: last shared 2") == ("it takes up words that the other side had just said",)
