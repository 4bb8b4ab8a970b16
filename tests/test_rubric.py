"""Rubric files: ours are sound, and every mistake in a team's own is named with its key and the remedy."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from listening_coach import Coach
from listening_coach.errors import ListeningCoachError, RubricError
from listening_coach.rubric import load, names, parse

GOOD: dict[str, Any] = {
    "name": "mine",
    "title": "Mine",
    "bands": [{"name": "high", "at": 60}, {"name": "low", "at": 0}],
    "sections": {"listening": {"title": "Listening", "weight": 1, "items": {"summary": {"measure": "rate", "per": "call", "target": 2}}}},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good rubric with one value set, or taken out where the value is ``...``."""
    table = copy.deepcopy(GOOD)
    *parents, last = path.split(".")
    place: Any = table
    for key in parents:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return table


@pytest.mark.parametrize("name", names())
def test_ours_are_sound(name: str) -> None:
    """Each rubric that comes with the library loads, is named by its file, and a coach can be built with it."""
    assert load(name).name == name
    assert Coach(rubric=name).rubric == load(name)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("colour", "red", r"^mine\.toml: colour: this key is not known\. Take it out"),
        ("title", ..., r"^mine\.toml: title: this key is missing\. Add it"),
        ("sections", {}, r"sections: \{\}: "),
        ("sections.listening.items", {}, r"sections\.listening\.items: \{\}: "),
        (
            "sections.listening.weight",
            -1,
            r"sections\.listening\.weight: -1: input should be greater than or equal to 0\. Correct the value",
        ),
        ("sections.listening.weight", 0, r"all sections weigh nothing"),
        ("sections.listening.items.summary.measure", "guess", r"sections\.listening\.items\.summary\.measure: 'guess': "),
        ("sections.listening.items.summary.target", ..., r"sections\.listening\.items\.summary: measure 'rate' needs the key 'target'"),
        ("sections.listening.items.summary.target", 0, r"summary\.target: 0: input should be greater than 0"),
        ("sections.listening.items.summary.weight", -0.5, r"summary\.weight: -0\.5: "),
        ("sections.listening.items.summary.weight", 0, r"sections\.listening: all items weigh nothing"),
        (
            "sections.other",
            {"title": "O", "weight": 1, "items": GOOD["sections"]["listening"]["items"]},
            r"the item 'summary' stands in two sections",
        ),
        ("bands", [{"name": "high", "at": 60}], r"one band must begin at 0"),
        ("bands", [], r"bands: \[\]: "),
        ("bands", [{"name": "high", "at": 160}], r"bands\.0\.at: 160: "),
    ],
)
def test_refused(path: str, value: Any, message: str) -> None:
    """A wrong rubric is refused by an error that names file, key and remedy, and is a ValueError too."""
    with pytest.raises(RubricError, match=message) as caught:
        parse(changed(path, value), where="mine.toml")
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, ListeningCoachError)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"it cannot be read: No such file or directory\. Name a file, or one of: default"),
        ("name = [", "it is not TOML"),
        ("\x80", "it is not TOML"),
    ],
)
def test_unreadable_files(tmp_path: Path, content: str | None, message: str) -> None:
    """A rubric file that is not there, or is not TOML, is an error that names it."""
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content.encode("latin-1"))
    with pytest.raises(RubricError, match=message) as caught:
        load(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("sections.listening.items.telepathy", {"measure": "occasions"}, r"there is no behaviour 'telepathy'\. The behaviours are: "),
        (
            "sections.listening.items.pace",
            {"measure": "range", "metric": "heartbeat", "best": [0, 1], "worst": [0, 2]},
            r"there is no metric 'heartbeat'\. The metrics are: turns, ",
        ),
    ],
)
def test_unknown_items(path: str, value: Any, message: str) -> None:
    """A rubric that scores what there is not is refused when the coach is built."""
    with pytest.raises(RubricError, match=message):
        Coach(rubric=parse(changed(path, value)))


def test_a_teams_own_file(tmp_path: Path) -> None:
    """A team's own rubric file takes the place of ours whole."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\ntitle = "Mine"\nbands = [{ name = "all", at = 0 }]\n'
        '[sections.talk]\ntitle = "Talk"\nweight = 1\n[sections.talk.items.verbal_nod]\nmeasure = "rate"\nper = "call"\ntarget = 1\n',
        encoding="utf-8",
    )
    assert [name for name, _ in Coach(rubric=path).rubric.items()] == ["verbal_nod"]


@pytest.mark.parametrize(("score", "band"), [(100, "high"), (60, "high"), (59.9, "low"), (0, "low")])
def test_bands(score: float, band: str) -> None:
    """A score lies in the highest band that begins at or below it."""
    assert parse(GOOD).band(score) == band
