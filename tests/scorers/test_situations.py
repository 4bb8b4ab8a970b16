"""Situations: what was found of one behaviour calls for another, and what answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from listening_coach import Coach, Transcript, read
from listening_coach.behaviours import Behaviour, builtin
from listening_coach.behaviours.file import Situation
from listening_coach.moments import Occasion
from listening_coach.scorers.weights import Weights, by_part

SAMPLES = sorted((Path(__file__).parents[2] / "data" / "samples").iterdir())
MakeCoach = Callable[..., Coach]
# "Gone" makes an upset turn surely, "lamp" perhaps; "kettle" makes a refusal.
UPSET = Weights("empathy.occasion", "customer", -3.0, 1.0, 0.0, 0.5, 0.5, 0.8, by_part({("self", "gone"): 7.0, ("self", "lamp"): 3.5}))
HIDING = Weights("policy_hiding", "agent", -3.0, 1.0, 0.0, 0.5, 0.01, 0.8, by_part({("self", "kettle"): 7.0}))
LATE = {"kind": "late", "at": "empathy", "needs": [["{late_word}"], ["parcel", "{weekday}"]], "answered_by": ["apology"]}
REFUSED: dict[str, Any] = {
    "kind": "refused", "at": "policy_hiding", "found": "moments", "by": "agent", "answered_by": ["action_point.promise"], "turns": 1,
    "once_a_call": False,
}  # fmt: skip


def ours(behaviour: str, **situation: Any) -> dict[str, Behaviour]:
    """Our behaviours, of which one has this situation and no other has any."""
    plain = {name: replace(each, situations=()) for name, each in builtin().items()}
    return {**plain, behaviour: replace(plain[behaviour], situations=(Situation(**situation),))}


def call(*turns: tuple[str, str]) -> Transcript:
    return Transcript.from_turns([*turns, *[(f"spk_{n}", "Hm.") for n in range(len(turns), 4)]])


def found(coach: Coach, behaviour: str, *turns: tuple[str, str]) -> list[Occasion]:
    return [o for o in coach.find(call(*turns)).occasions if o.behaviour == behaviour]


LOST = ("customer", "Well. The parcel is late and gone.")
LOOK = ("agent", "Let me look.")
SORRY = ("agent", "I'm so sorry about that.")
HM = ("customer", "Hm.")


def test_what_calls_for_an_apology(coach_with: MakeCoach) -> None:
    """An upset turn in which one entry of each list stands is an occasion, met by an apology in one of the agent's next two turns."""
    coach = coach_with(UPSET, behaviours=ours("apology", **LATE))
    (met,) = found(coach, "apology", LOST, LOOK, HM, SORRY)
    assert (met.turn, met.quote, met.kind, met.met, met.answer, met.perhaps) == (0, "The parcel is late and gone", "late", True, 3, False)
    assert met.confidence == pytest.approx(0.982, abs=0.001)
    (missed,) = found(coach, "apology", LOST, LOOK, HM, LOOK, HM, SORRY)
    assert (missed.met, missed.answer) == (False, None)


@pytest.mark.parametrize(
    "text",
    [
        # Nothing that is late, nothing that could be, and nobody who is upset.
        "The parcel is gone.",
        "I am late and he is gone.",
        "The parcel is late.",
        # Both, but not in words that stand together.
        "It is gone. Such a nice parcel that was with all of the ribbons on it. He was late himself.",
    ],
)
def test_what_does_not(coach_with: MakeCoach, text: str) -> None:
    """Without being upset, or without words of each list together, nothing calls for it."""
    assert found(coach_with(UPSET, behaviours=ours("apology", **LATE)), "apology", ("customer", text), SORRY) == []


def test_other_words_of_the_turn(coach_with: MakeCoach) -> None:
    """What the finding does not quote is quoted where it shows the situation."""
    (occasion,) = found(
        coach_with(UPSET, behaviours=ours("apology", **LATE)), "apology", ("customer", "It is gone. The parcel was late."), LOOK
    )
    assert occasion.quote == "The parcel was late"


@pytest.mark.parametrize(
    ("word", "likely", "perhaps"), [("gone", 1.0, False), ("gone", 0.7, False), ("gone", 0.55, True), ("lamp", 1.0, True)]
)
def test_what_is_uncertain(coach_with: MakeCoach, word: str, likely: float, perhaps: bool) -> None:
    """How often such words call for it lowers the confidence; what rests on an uncertain finding is uncertain too."""
    coach = coach_with(UPSET, behaviours=ours("apology", **LATE, likely=likely))
    (occasion,) = found(coach, "apology", ("customer", f"The parcel is late, {word}."), LOOK)
    assert occasion.confidence == pytest.approx(likely * {"gone": 0.982, "lamp": 0.622}[word], abs=0.001)
    assert occasion.perhaps is perhaps


@pytest.mark.parametrize(("word", "likely"), [("gone", 0.5), ("lamp", 0.8)])
def test_what_is_unlikely(coach_with: MakeCoach, word: str, likely: float) -> None:
    """What does not call for it as likely as it does is left out."""
    coach = coach_with(UPSET, behaviours=ours("apology", **LATE, likely=likely))
    assert found(coach, "apology", ("customer", f"The parcel is late, {word}."), LOOK) == []


def test_told_again(coach_with: MakeCoach) -> None:
    """What is told again calls for it once, and is met where any of the tellings is."""
    coach = coach_with(UPSET, behaviours=ours("apology", **LATE))
    turns = (("customer", "The lamp, a late parcel."), LOOK, HM, LOOK, HM, LOST, SORRY, LOST, LOOK)
    (occasion,) = found(coach, "apology", *turns)
    assert (occasion.turn, occasion.met, occasion.answer, occasion.perhaps) == (0, True, 6, False)
    assert occasion.confidence == pytest.approx(0.982, abs=0.001)


@pytest.mark.parametrize(("later", "answer"), [(False, None), (True, 7)])
def test_later(coach_with: MakeCoach, later: bool, answer: int | None) -> None:
    """Where it may come later, any certain answer meets the occasion."""
    coach = coach_with(UPSET, behaviours=ours("ownership", **{**LATE, "answered_by": ["ownership"], "later": later}))
    (occasion,) = found(coach, "ownership", LOST, LOOK, HM, LOOK, HM, LOOK, HM, ("agent", "Leave it with me."))
    assert (occasion.answer, occasion.met) == (answer, later)


NO = ("agent", "The kettle is a kettle.")
CALL_BACK = "I'll call you back on Monday."


@pytest.mark.parametrize(
    ("turns", "answers"),
    [
        ((HM, NO, HM, ("agent", CALL_BACK)), [3]),
        ((HM, ("agent", f"The kettle is a kettle. {CALL_BACK}"), HM), [1]),
        # What was said before the refusal is no way forward from it.
        ((HM, ("agent", f"{CALL_BACK} The kettle is a kettle."), HM), [None]),
        ((HM, NO, HM, LOOK, HM, ("agent", CALL_BACK)), [None]),
        # Refusals in a row that nothing answers are one.
        ((HM, NO, HM, NO, HM, ("agent", CALL_BACK)), [5]),
        ((HM, NO, HM, ("agent", CALL_BACK), HM, NO), [3, None]),
    ],
)
def test_a_request_turned_away(coach_with: MakeCoach, turns: tuple[tuple[str, str], ...], answers: list[int | None]) -> None:
    """A refusal calls for a step behind it in the same turn or in the agent's next."""
    coach = coach_with(HIDING, behaviours=ours("ownership", **REFUSED))
    occasions = found(coach, "ownership", *turns)
    assert [o.answer for o in occasions] == answers
    assert [o.met for o in occasions] == [answer is not None for answer in answers]
    assert {o.role for o in occasions} == {"agent"}


def test_a_refusal_that_is_softened(coach_with: MakeCoach) -> None:
    """A limit that a rule has found with a way forward beside it is an occasion that was met, though it is no certain breach."""
    coach = coach_with(HIDING, behaviours=ours("ownership", **REFUSED))
    turns = (HM, ("agent", "I'm afraid it's our policy not to send it twice, but what I can do is refund you today."))
    (occasion,) = found(coach, "ownership", *turns)
    assert (occasion.met, occasion.answer, occasion.confidence, occasion.perhaps) == (True, 1, 1.0, False)


@pytest.mark.parametrize(("kinds", "count"), [([], 1), (["policy"], 1), (["blame"], 0)])
def test_kinds(coach_with: MakeCoach, kinds: list[str], count: int) -> None:
    """A situation may speak of some kinds only."""
    coach = coach_with(HIDING, behaviours=ours("ownership", **REFUSED, kinds=kinds))
    assert len(found(coach, "ownership", HM, ("agent", "It's our policy, the kettle."))) == count


def test_switched_off(coach_with: MakeCoach) -> None:
    """A behaviour whose file does without scorers has no situations, as they rest on what scorers found."""
    behaviours = ours("apology", **LATE)
    off = {**behaviours, "apology": replace(behaviours["apology"], scorer=False)}
    assert found(coach_with(UPSET, behaviours=off), "apology", LOST, LOOK) == []


def test_scores_stay() -> None:
    """The situations of our files change no score, no item's score and no ledger of our samples; they are counted beside them."""
    coach = Coach()
    plain = Coach(behaviours={name: replace(each, situations=()) for name, each in builtin().items()})
    more = 0
    for path in SAMPLES:
        sample = read(path)
        with_them, without = coach.review(sample), plain.review(sample)
        assert (with_them.score, with_them.ledger) == (without.score, without.ledger)
        assert {name: item.score for name, item in with_them.items.items()} == {name: item.score for name, item in without.items.items()}
        more += sum(with_them.items[name].occasions - without.items[name].occasions for name in ("apology", "ownership"))
    assert more > 0
