"""How a matter ended: likelihoods that add up to one, quotes of the last turns, and None where it cannot be told."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import listening_coach as lc
from listening_coach import Coach, Transcript
from listening_coach.detectors import Found
from listening_coach.joined import joined
from listening_coach.language.call import PhraseFinder
from listening_coach.language.language import load
from listening_coach.outcome import Outcome, OutcomeValue
from listening_coach.scorers.ending import AGENT_PART, CUSTOMER_PART, SIGN_PART, ending_features, outcome
from listening_coach.scorers.features import Classes
from listening_coach.scorers.scorer import Scorers
from listening_coach.scorers.weights import Weights, by_part

SAMPLES = sorted((Path(__file__).parents[2] / "data" / "samples").iterdir())
FINDER = PhraseFinder({}, (), load())
SETTLED = [
    ("customer", "My card does not work."),
    ("agent", "I will send a new one."),
    ("customer", "It works now, brilliant, thank you."),
    ("agent", "You are welcome."),
]


def ending(features: dict[tuple[str, str], float], value: str = "resolved", base: float = 0.0, scale: float = 1.0) -> Weights:
    return Weights(f"outcome.{value}", "call", base, scale, 0.0, 0.5, 0.5, 0.5, by_part(features))


EMPATHY = Weights("empathy", "agent", 0.0, 1.0, 0.0, 0.5, 0.5, 0.5, {"self": {"send": 4.0}})
WORKS = ending({(CUSTOMER_PART, "works now"): 3.0, (AGENT_PART, "welcome"): 1.0, (SIGN_PART, "turns 10"): -2.0})


def read_by(turns: list[tuple[str, str]], *weights: Weights) -> Outcome | None:
    call = FINDER.call(Transcript.from_turns(turns))
    scores = Scorers([EMPATHY, *weights], Classes({})).score(call, Found([], []))
    return outcome(call, scores, scores.endings)


def others(scale: float = 1.0) -> list[Weights]:
    return [ending({}, value, -2.0, scale) for value in ("partly", "not", "unclear")]


def test_the_words_of_the_last_turns() -> None:
    """The words of either side's last turns weigh for an outcome, and those that weigh most are quoted."""
    got = read_by(SETTLED, WORKS, *others())
    assert got is not None
    assert got.value is OutcomeValue.RESOLVED
    assert got.likely[OutcomeValue.RESOLVED] == pytest.approx(0.982 / (0.982 + 3 * 0.1192), abs=0.001)
    assert [(q.turn, q.quote, q.speaker) for q in got.quotes] == [
        (2, "It works now, brilliant, thank you.", "customer"),
        (3, "You are welcome.", "agent"),
    ]


def test_only_the_last_turns_count() -> None:
    """What was said more than four of a side's turns before the end is not read, and few words are not quoted: then nothing is."""
    later = [turn for _ in range(4) for turn in (("customer", "Well."), ("agent", "Hm."))]
    got = read_by([*SETTLED, *later], WORKS, *others())
    assert got is not None
    assert got.quotes == ()
    assert got.likely[OutcomeValue.RESOLVED] == pytest.approx(0.1192 / (4 * 0.1192), abs=0.001)


def test_what_the_features_are() -> None:
    """An ending's features are runs of two words of each side's last turns, steps of what was found in all and late, and the call's length."""
    call = FINDER.call(Transcript.from_turns(SETTLED * 3))
    found = ending_features(call, {"empathy": [0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4, 0.9]}, Classes({}))
    assert set(found) == {CUSTOMER_PART, AGENT_PART, SIGN_PART}
    assert {"works", "works now", "now brilliant"} <= set(found[CUSTOMER_PART])
    assert "welcome" in found[AGENT_PART]
    assert "works" not in found[AGENT_PART]
    assert set(found[SIGN_PART]) == {
        "empathy all 0.3", "empathy all 0.6", "empathy all 1.0", "empathy all 1.6",
        "empathy late 0.3", "empathy late 0.6", "empathy late 1.0", "turns 10",
    }  # fmt: skip


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_language_without_all_four(size: int) -> None:
    """Without weights for each outcome none is told."""
    assert read_by(SETTLED, *[WORKS, *others()][:size]) is None


def test_where_no_words_speak_for_it() -> None:
    """An outcome that rests on signs alone quotes what the customer said last."""
    got = read_by(SETTLED, ending({(SIGN_PART, "empathy all 0.3"): 5.0}), *others())
    assert got is not None
    assert got.value is OutcomeValue.RESOLVED
    assert [q.turn for q in got.quotes] == [2]


def test_a_side_is_missing() -> None:
    """Where nobody is known to be the customer, or the agent, the coach tells no outcome."""
    for turns in (SETTLED[1::2], SETTLED[::2], [(f"spk_{n}", text) for n, (_, text) in enumerate(SETTLED)]):
        assert Coach().review(Transcript.from_turns(turns)).outcome is None


def test_extreme_weights() -> None:
    """Weights of any size give likelihoods that add up to one."""
    for scale in (-1e6, 1e6):
        got = read_by(SETTLED, ending({(CUSTOMER_PART, "works"): 100.0}, scale=scale), *others(scale))
        assert got is not None
        assert sum(got.likely.values()) == pytest.approx(1.0)


COACH = Coach()
TEXTS = st.sampled_from(
    (
        "",
        "...",
        "Great, that works now, thank you!",
        "This is useless, I'm leaving.",
        "  I'll call you back.",
        "Still broken.",
        "Hm",
        "I'm afraid not.",
    )
)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(("agent", "customer", "other")), TEXTS), min_size=1, max_size=12))
def test_likelihoods_and_quotes(turns: list[tuple[str, str]]) -> None:
    """Likelihoods are shares that add up to one; the value is the likeliest; at most two quotes stand in their turns, stripped of spaces."""
    call = Transcript.from_turns([(role, role, text) for role, text in turns])
    got = COACH.review(call).outcome
    pieces = joined(call)
    count = len(call.turns if pieces is None else pieces.call.turns)
    assert (got is not None) == ({"agent", "customer"} <= {role for role, _ in turns} and count >= 4)
    if got is not None:
        assert set(got.likely) == set(OutcomeValue)
        assert sum(got.likely.values()) == pytest.approx(1.0)
        assert got.confidence == max(got.likely.values()) == got.likely[got.value]
        assert 0 <= got.helped <= 1
        assert len(got.quotes) <= 2
        for quote in got.quotes:
            assert quote.quote == call.turns[quote.turn].text[quote.start : quote.end] == quote.quote.strip() != ""


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.name)
def test_outcomes_of_the_samples(sample: Path) -> None:
    """A report holds the outcome with its quotes, and it crosses a process border."""
    report = COACH.review(lc.read(sample))
    assert report.outcome is not None
    assert report.outcome.quotes
    assert pickle.loads(pickle.dumps(report.outcome)) == report.outcome  # noqa: S301 - our own bytes


def test_how_the_last_words_tell() -> None:
    """What the customer says last tells how the same call ended: thanks for a result against giving up."""
    turns = [
        ("customer", "The app will not let me log in since Monday."),
        ("agent", "Let me look at that. Can you try the link I have just sent?"),
        ("customer", "One moment. I am trying it."),
        ("agent", "Tell me what it says."),
    ]
    thanks = "Oh brilliant, that has done it, it's working now. Thank you so much!"
    gives_up = "So you can't do anything. This is useless, I'll take my money elsewhere."
    good, bad = (
        COACH.review(Transcript.from_turns([*turns, ("customer", last), ("agent", "All right. Goodbye.")])).outcome
        for last in (thanks, gives_up)
    )
    assert good is not None
    assert bad is not None
    assert good.likely[OutcomeValue.RESOLVED] > bad.likely[OutcomeValue.RESOLVED]
    assert bad.likely[OutcomeValue.NOT] > good.likely[OutcomeValue.NOT]
    assert good.helped > bad.helped
