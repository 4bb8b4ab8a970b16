"""Contexts: what stands around a phrase decides whether it counts, as a behaviour file states it."""

from __future__ import annotations

from pathlib import Path

import pytest

import listening_coach as lc
from listening_coach.errors import BehaviourError

FILE = """
title = "Says rain"
effect = "helps"
detector = "phrases"
meaning = "Talks of rain."
advice = "Talk of rain."
source = "Our own team"
phrases = ["rain", "storm"]
[cues]
sun = ["sun"]
[words]
maybe = ["perhaps", "maybe"]
[[context]]
"""


def coach(tmp_path: Path, context: str) -> lc.Coach:
    (tmp_path / "weather.toml").write_text(FILE + context)
    return lc.Coach(behaviours=tmp_path)


def found(tmp_path: Path, context: str, text: str) -> list[str]:
    call = lc.Transcript.from_turns([("agent", text)])
    return [m.quote for m in coach(tmp_path, context).annotate(call) if m.behaviour == "weather"]


@pytest.mark.parametrize(
    ("context", "text", "quotes"),
    [
        ('not_after = ["no"]', "there is no rain. Storm there is.", ["Storm"]),
        ('not_after = ["no"]', "no. Rain there is.", ["Rain"]),
        ('not_after = ["no"]\nreach_words = 2', "no sign of a storm but rain", ["storm", "rain"]),
        ('not_after = ["no"]\nreach_words = 4', "no sign of a storm but rain", ["rain"]),
        ('not_after = ["{maybe}"]', "maybe rain, storm", []),
        ('not_after = ["{context.denied}"]', "never rain", []),
        ('not_before = ["yesterday"]', "rain yesterday. Storm today.", ["Storm"]),
        ('not_before = ["fine"]\nfrom_word = "but"', "rain is fine", ["rain"]),
        ('not_before = ["fine"]\nfrom_word = "but"', "there was rain but it is fine", []),
        ('needs_after = ["heavy"]', "heavy rain. Light storm.", ["rain"]),
        ('needs_before = ["today", "tomorrow"]', "rain tomorrow. Storm then.", ["rain"]),
        ("asked = false", "Is there rain? There is a storm.", ["storm"]),
        ("asked = false", "if there is rain we stay", []),
        ("words_before = 2", "rain. And so the storm.", ["storm"]),
        ('lists = ["sun"]\nnot_after = ["no"]', "no rain", ["rain"]),
        ('not_after = ["no"]\n[[context]]\nnot_before = ["yesterday"]', "no rain. Storm yesterday. Rain.", ["Rain"]),
    ],
)
def test_what_counts(tmp_path: Path, context: str, text: str, quotes: list[str]) -> None:
    """A hit counts where all contexts of its list hold, looked at in its own sentence and within their reach."""
    assert found(tmp_path, context, text) == quotes


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ('not_behind = ["no"]', r"weather\.toml: context\[0\]\.not_behind: this key is not known"),
        ('not_after = "no"', r"context\[0\]\.not_after"),
        ("reach_words = -1", r"context\[0\]\.reach_words: the value is -1\. Write a whole number, 0 or more"),
        ("asked = 1", r"context\[0\]\.asked: the value is 1\. Write true or false"),
        ('lists = ["snow"]', r"context\[0\]: there is no list 'snow'\. The lists are: blockers, phrases, sun\."),
    ],
)
def test_a_wrong_context(tmp_path: Path, context: str, message: str) -> None:
    """A context that cannot be is refused by file and key when the coach is built."""
    with pytest.raises(BehaviourError, match=message):
        coach(tmp_path, context)


@pytest.mark.parametrize("name", ["{no_such}", "{context.no_such}"])
def test_a_list_that_does_not_exist(tmp_path: Path, name: str) -> None:
    """A context that names a list or class that does not exist is refused when the coach is built."""
    with pytest.raises(BehaviourError, match=rf"weather: the list \{name} in a context is not defined".replace("}", r"\}", 1)):
        coach(tmp_path, f'not_after = ["{name}"]')
