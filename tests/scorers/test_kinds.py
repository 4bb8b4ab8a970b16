"""The kinds of what a scorer found: word classes tell them, what a rule has found keeps its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from listening_coach import BehaviourError, Coach, Transcript
from listening_coach.behaviours import Behaviour, builtin
from listening_coach.behaviours.file import ByClass, KindsByClass, Situation
from listening_coach.scorers.weights import Weights, by_part

MakeCoach = Callable[..., Coach]
BY = KindsByClass(kinds={"system": ["system_word"], "policy": ["rule_word", "rule_verb"]}, default="plain")
HIDING = Weights("policy_hiding", "agent", -3.0, 1.0, 0.0, 0.5, 0.5, 0.8, by_part({("self", "kettle"): 6.0}))
UPSET = Weights("empathy.occasion", "customer", -3.0, 1.0, 0.0, 0.5, 0.5, 0.8, by_part({("self", "kettle"): 6.0}))


def with_kinds(name: str, **by_class: Any) -> dict[str, Behaviour]:
    return {**builtin(), name: replace(builtin()[name], by_class=ByClass(**by_class))}


def call(*turns: tuple[str, str]) -> Transcript:
    return Transcript.from_turns([*turns, *[(f"spk_{n}", "Hm.") for n in range(len(turns), 4)]])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The kettle is a policy.", "policy"),
        # The first kind that has a class there wins, wherever its word stands.
        ("The policy is about the kettle in the computer.", "system"),
        # The quote goes before the rest of the turn.
        ("Such is the computer. The kettle is a matter of procedure.", "policy"),
        ("Such is the computer. The kettle is red.", "system"),
        ("The kettle is red.", "plain"),
    ],
)
def test_kinds_of_moments(coach_with: MakeCoach, text: str, kind: str) -> None:
    """The kind of a finding is the first of which a class stands in the quote, else in the turn; else the default."""
    coach = coach_with(HIDING, behaviours=with_kinds("policy_hiding", moments=BY))
    found = coach.annotate(call(("customer", "Hello there."), ("agent", text)))
    assert [m.kind for m in found if m.behaviour == "policy_hiding"] == [kind]


def test_without_a_table(coach_with: MakeCoach) -> None:
    """A behaviour whose file tells no kinds by class leaves what a scorer found without a kind."""
    coach = coach_with(HIDING, behaviours=with_kinds("policy_hiding"))
    found = coach.annotate(call(("customer", "Hello there."), ("agent", "The kettle is a policy.")))
    assert [m.kind for m in found if m.behaviour == "policy_hiding"] == [None]


def test_a_rules_kind_stands(coach_with: MakeCoach) -> None:
    """What a rule has found keeps its kind, whatever classes stand in it."""
    coach = coach_with(HIDING, UPSET, behaviours=builtin())
    found = coach.find(
        call(("customer", "I am so worried about the kettle and my policy."), ("agent", "My hands are tied by the kettle policy."))
    )
    assert {m.kind for m in found.moments if m.behaviour == "policy_hiding"} == {"helplessness"}
    assert {o.kind for o in found.occasions if o.behaviour == "empathy"} == {"worry"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The kettle was for the funeral.", "blow"),
        ("The kettle makes me furious.", "anger"),
        ("The kettle makes me anxious.", "worry"),
        ("The kettle came on the Tuesday.", "trouble"),
    ],
)
def test_kinds_of_occasions(coach_with: MakeCoach, text: str, kind: str) -> None:
    """Our file on empathy tells what upsets the customer; trouble told as fact is the plain kind."""
    found = coach_with(UPSET).find(call(("customer", text), ("agent", "Right.")))
    assert [o.kind for o in found.occasions if o.behaviour == "empathy"] == [kind]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"by_class": ByClass(moments=KindsByClass(kinds={"system": ["no_such"]}))},
            r"apology, by_class: there is no word class 'no_such'",
        ),
        (
            {"situations": (Situation(kind="late", at="empathy", needs=[["{no_such}"]], answered_by=["apology"]),)},
            r"apology, situation: there is no word class 'no_such'",
        ),
        (
            {"situations": (Situation(kind="late", at="no_such", answered_by=["apology"]),)},
            r"apology, situation 'late': there is no behaviour 'no_such'",
        ),
        (
            {"situations": (Situation(kind="late", at="empathy", answered_by=["no_such.kind"]),)},
            r"apology, situation 'late': there is no behaviour 'no_such\.kind'",
        ),
    ],
)
def test_names_that_there_are_not(change: dict[str, Any], message: str) -> None:
    """A behaviour that names a word class or another behaviour that there is not is refused when a coach is built."""
    with pytest.raises(BehaviourError, match=message):
        Coach(behaviours={**builtin(), "apology": replace(builtin()["apology"], **change)})


def test_our_files_name_what_there_is() -> None:
    """The word classes and behaviours that our own files name are there: given as somebody's own, they are checked and taken."""
    assert Coach(behaviours={name: replace(behaviour) for name, behaviour in builtin().items()}).behaviours.keys() == builtin().keys()
