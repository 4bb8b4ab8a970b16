"""Hedging, assurance, explanation: what their quotes hold, and where a hedge only asks politely."""

from __future__ import annotations

import functools

import pytest

from listening_coach import Coach, Moment, Transcript
from listening_coach.behaviours import builtin

IDS = ("hedging", "assurance", "explanation", "status_update")


@functools.cache
def coach() -> Coach:
    return Coach(behaviours={name: builtin()[name] for name in IDS})


def moments(behaviour: str, text: str, speaker: str = "agent") -> list[Moment]:
    return [m for m in coach().annotate(Transcript.from_turns([(speaker, text)])) if m.behaviour == behaviour]


@pytest.mark.parametrize(
    ("behaviour", "text", "quote"),
    [
        ("explanation", "It went up because the rate changed in May, and that's all.", "because the rate changed in May"),
        ("explanation", "we ask so that nobody else can change it okay", "so that nobody else can change it"),
        ("hedging", "I think it's nine pounds.", "I think it's nine pounds"),
        ("hedging", "It might be the cable, but that one is new.", "It might be the cable"),
        ("assurance", "you're definitely covered for that", "definitely covered for that"),
        ("status_update", "I'm just pulling up the map for you.", "I'm just pulling up the map for you"),
    ],
)
def test_quote_is_the_clause(behaviour: str, text: str, quote: str) -> None:
    """The quote reaches to the end of the clause, so that it can be read on its own."""
    (moment,) = moments(behaviour, text)
    assert moment.quote == quote


def test_quote_has_an_end() -> None:
    """In speech without punctuation a quote stays short."""
    (moment,) = moments("explanation", "because " + " ".join(["word"] * 80))
    assert len(moment.quote.split()) == 16


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("I think it might be Thursday.", 1),
        ("Maybe Thursday. Maybe Friday.", 2),
        ("Do you think it might be Thursday?", 0),
        ("Could it be that the card is old?", 0),
        ("It could be that the card is old.", 1),
        ("It might be old?", 0),
        ("do you think it might be thursday", 0),
        ("", 0),
    ],
)
def test_hedges(text: str, count: int) -> None:
    """Two hedges in one clause are one guess; in a question there is none."""
    assert len(moments("hedging", text)) == count


@pytest.mark.parametrize("speaker", ["agent", "customer", "Maria"])
@pytest.mark.parametrize("behaviour", ["hedging", "explanation"])
def test_every_speaker(speaker: str, behaviour: str) -> None:
    """Moments are found in every speaker's turns."""
    assert moments(behaviour, "I'm not sure, because the page is gone.", speaker)
