"""Fitting the outcome: from made-up calls the last words that tell it are learned, and read in a new call."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from labelled_calls import ENDINGS, made_calls

from listening_coach import Coach
from listening_coach.errors import ScorerError
from listening_coach.fitting import outcome as fitting
from listening_coach.fitting.score import language_with
from listening_coach.fitting.scorers import Learned, learned
from listening_coach.outcome import OutcomeValue
from listening_coach.scorers.weights import read


@cache
def found() -> Learned:
    return learned(Coach(), made_calls())


def test_two_verdicts_are_both_kept() -> None:
    """Where raters differ, both verdicts stand; words that are no verdict are left out."""
    (call, *_) = made_calls(1)
    both = {"resolved": ["yes", "part", "perhaps"]}
    assert fitting.verdicts(call) == {OutcomeValue.RESOLVED}
    assert fitting.verdicts(type(call)(call.id, "", call.turns, {}, {}, frozenset(), both)) == {OutcomeValue.RESOLVED, OutcomeValue.PARTLY}


def test_confidence_is_that_of_the_side() -> None:
    """What was found in a call has a confidence in the turns of the side that it concerns, and none in the other's."""
    call = made_calls()[0]
    of = found().confidence[call.id]
    assert set(of) == {"empathy", "policy_hiding", "empathy.occasion"}
    assert [value > 0 for value in of["empathy"]] == [role == "agent" for role, _ in call.turns]
    assert [value > 0 for value in of["empathy.occasion"]] == [role == "customer" for role, _ in call.turns]


def test_the_last_words_are_learned(tmp_path: Path) -> None:
    """Each outcome's own last words weigh for it, and a call with new words before them is read by them."""
    calls = made_calls()
    coach = Coach()
    weights = fitting.fitted(fitting.endings(coach, calls, found()), [fitting.verdicts(call) for call in calls])
    assert [each.target for each in weights] == [f"outcome.{value}" for value in OutcomeValue]
    by = {each.target: each.by_part for each in weights}
    for target, word in (
        ("outcome.resolved", "splendid"),
        ("outcome.partly", "missing"),
        ("outcome.not", "stranded"),
        ("outcome.unclear", "doorbell"),
    ):
        assert by[target]["customer"][word] > 0
        assert all(parts["customer"].get(word, 0.0) <= 0 for name, parts in by.items() if name != target)
    reader = Coach(language=language_with((*found().weights, *weights), tmp_path / "en"))
    for verdict, (last, answer, *_) in ENDINGS.items():
        turns = (("agent", "Good day."), ("customer", "The gate squeaks."), ("agent", "Since when?"), ("customer", last), ("agent", answer))
        report = reader.review(type(calls[0])("new", "", turns, {}, {}, frozenset()).transcript())
        assert report.outcome is not None
        assert report.outcome.value is fitting.VERDICTS[verdict]


def test_an_outcome_that_never_occurs_is_refused() -> None:
    """Calls that never end in one of the ways cannot teach it, and the message says which."""
    calls = [call for call in made_calls() if not call.id.startswith("unclear")]
    with pytest.raises(ScorerError, match=r"none of the 18 rated calls ended unclear"):
        fitting.fitted(fitting.endings(Coach(), calls, found()), [fitting.verdicts(call) for call in calls])


@pytest.mark.slow
def test_the_command_writes_the_weights(tmp_path: Path) -> None:
    """The command writes a file for each outcome, which reads back."""
    lines = [
        json.dumps(
            {
                "id": call.id,
                "turns": [f"{role[0].upper()}: {text}" for role, text in call.turns],
                "labels": {str(turn): " ".join(sorted(labels)) for turn, labels in call.labels.items()},
                "labelled": sorted(call.labelled),
                "call": dict(call.ratings),
            }
        )
        for call in made_calls()
    ]
    (tmp_path / "calls.jsonl").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "listening_coach.fitting.outcome", str(tmp_path / "calls.jsonl"), "--out", str(tmp_path / "out")]
    subprocess.run(command, check=True)
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "outcome.tsv"
    assert "fitted from 24 labelled calls" in file.read_text(encoding="utf-8")
    assert [(each.target, each.side) for each in read(file)] == [(f"outcome.{value}", "call") for value in OutcomeValue]
