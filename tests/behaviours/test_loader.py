"""Behaviour files: every mistake in one is refused by file, key and remedy; a team's own are one file each."""

from __future__ import annotations

from pathlib import Path

import pytest

from listening_coach import Coach, Transcript
from listening_coach.behaviours import load, load_folder
from listening_coach.errors import BehaviourError, ListeningCoachError

GOOD = """
title = "Says moo"
meaning = "Imitates a cow."
effect = "helps"
detector = "phrases"
advice = "Say moo."
source = "A field."
phrases = ["moo"]
"""


def written(folder: Path, text: str, name: str = "moo.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('effect = "helps"', 'effect = "amuses"'), r"moo\.toml: effect: the value is 'amuses'\. Write 'helps' or 'hinders'"),
        (('effect = "helps"', 'effect = "helps"\nspeakers = "us"'), r"moo\.toml: speakers: the value is 'us'\. Write 'agent' or 'all'"),
        (('title = "Says moo"', ""), r"moo\.toml: title: this key is missing\. Add it: a text that is not empty"),
        (('title = "Says moo"', "title = 3"), r"moo\.toml: title: the value is 3\. Write a text"),
        (("phrases", "phases"), r"moo\.toml: phases: this key is not known\. Did you mean 'phrases'\? The keys are: title, "),
        (('["moo"]', '["moo", " "]'), r"moo\.toml: phrases\[1\]: the value is ' '\. Write a text"),
        (('["moo"]', "[3]"), r"moo\.toml: phrases\[0\]: the value is 3"),
        (('["moo"]', '["(moo"]'), r"moo\.toml, phrases: the phrase '\(moo' has a"),
        (('["moo"]', '["moo"]\n[settings]\nleast = "many"'), r"moo\.toml: settings\.least: the value is 'many'\. Write a number"),
        (
            ('["moo"]', '["moo"]\nfires = [["no speaker here"]]'),
            r"moo\.toml: fires\[0\]\[0\]: the value is 'no speaker here'\. Write a line such as 'agent: …'",
        ),
        (('["moo"]', '["moo"'), r"moo\.toml: it is not TOML"),
        (
            ('["moo"]', '["moo"]\n[words]\nfires = ["moo"]'),
            r"moo\.toml: words\.fires: `fires` is a key of the file\. Move it above \[words\]\.$",
        ),
        (
            ('["moo"]', '["moo"]\n[settings]\nsilent = ["mow"]'),
            r"settings\.silent: `silent` is a key of the file\. Move it above \[settings\]\.$",
        ),
        (('["moo"]', '["moo"]\n[cues]\nwhy = "W"'), r"cues\.why: `why` is a key of the file\. Move it above \[cues\]\.$"),
    ],
)
def test_wrong_files(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    """A behaviour file with a mistake is refused with file, key and remedy; the error is a ValueError too."""
    with pytest.raises(BehaviourError, match=message) as caught:
        load(written(tmp_path, GOOD.replace(*change)))
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, ListeningCoachError)
    assert caught.value.remedy


def test_entries_called_like_keys(tmp_path: Path) -> None:
    """A list of words, or a kind, may be called like a key of the file where it would not do as that key."""
    text = GOOD.replace('phrases = ["moo"]', '[phrases]\nmeaning = ["moo"]\n[words]\ntitle = ["mr", "mrs"]\n[settings]\nadvice = 2')
    found = load(written(tmp_path, text))
    assert found.words["title"] == ("mr", "mrs")
    assert [rule.kind for rule in found.phrases] == ["meaning"]
    assert found.settings == {"advice": 2}


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        ("um", r"the word 'um' can never match"),
        ("well you know it", r"can never match: 'well you know it' is read as 'well it'"),
        ("a ^ b", r"has an anchor in its middle"),
    ],
)
def test_phrases_that_can_never_match(tmp_path: Path, phrase: str, message: str) -> None:
    """A phrase that our reading of calls can never hold is refused when the coach is built."""
    written(tmp_path, GOOD.replace("moo", phrase, 3).replace(f"Says {phrase}", "Says moo"))
    with pytest.raises(BehaviourError, match=message):
        Coach(behaviours=tmp_path)


def test_a_detector_that_there_is_not(tmp_path: Path) -> None:
    """A file that names an unknown detector is refused when the coach is built."""
    written(tmp_path, GOOD.replace('"phrases"', '"telepathy"'))
    with pytest.raises(BehaviourError, match=r"moo: there is no detector 'telepathy'\. Use 'phrases'"):
        Coach(behaviours=tmp_path)


def test_an_empty_folder(tmp_path: Path) -> None:
    """A folder without behaviour files is an error that names it."""
    with pytest.raises(BehaviourError, match="there is no behaviour file"):
        load_folder(tmp_path)


@pytest.mark.parametrize(("speakers", "turns"), [("", [0, 1, 2]), ('speakers = "all"', [0, 1, 2]), ('speakers = "agent"', [1, 2])])
def test_whose_a_report_shows(tmp_path: Path, speakers: str, turns: list[int]) -> None:
    """A report leaves out the customer's where the file says so; a speaker of unknown role may be the agent."""
    written(tmp_path, speakers + "\n" + GOOD)
    coach = Coach(behaviours=tmp_path)
    call = Transcript.from_turns([("customer", "moo"), ("agent", "moo"), {"speaker": "spk_2", "text": "moo"}])
    assert [m.turn for m in coach.annotate(call) if m.behaviour == "moo"] == [0, 1, 2]
    assert [m.turn for m in coach.review(call).moments if m.behaviour == "moo"] == turns


def test_a_teams_own_behaviour(tmp_path: Path) -> None:
    """A new behaviour of words is one new file and no other edit; shared and own lists may be used in it."""
    written(tmp_path, GOOD.replace('["moo"]', '["moo ... on {day}", "^ {sound} $"]\n[words]\nsound = ["muh"]'))
    coach = Coach(behaviours=tmp_path)
    call = Transcript.from_turns(
        [("agent", "I say Moo, very loudly, on FRIDAY."), ("agent", "well muh"), ("agent", "Muh!"), ("agent", "moo. on Friday")]
    )
    assert [(m.turn, m.quote, m.rule) for m in coach.annotate(call) if m.behaviour == "moo"] == [
        (0, "Moo, very loudly, on FRIDAY", "moo ... on {day}"),
        (2, "Muh", "^ {sound} $"),
    ]
