"""Rubric files: ours are sound, and every mistake in a team's own is named with its key and the remedy."""

from __future__ import annotations

import copy
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from listening_coach import Coach, Transcript, review
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


ITEM = "sections.listening.items.summary"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            "colour",
            "red",
            "colour: this key is not known. The keys are: name, title, version, meaning, when, gate, bands, weights_are, focus, strengths, sections.",
        ),
        ("titel", "Mine", "titel: this key is not known. Did you mean 'title'? The keys are: name, title,"),
        ("title", ..., "title: this key is missing. Add it: a text that is not empty."),
        ("title", " ", "title: the value is ' '. Write a text that is not empty."),
        ("sections", {}, "sections: it is empty. Write at least 1."),
        ("sections", [1], "sections: the value is [1]. Write a table."),
        ("sections.listening.items", {}, "sections.listening.items: it is empty. Write at least 1."),
        ("sections.listening.weight", -1, "sections.listening.weight: the value is -1. Write a number of at least 0."),
        ("sections.listening.weight", 0, "all sections weigh nothing. Give one a weight above 0."),
        (
            f"{ITEM}.measure",
            "guess",
            f"{ITEM}.measure: the value is 'guess'. Write 'breaches', 'limit', 'occasions', 'once', 'outcome', 'range', 'rate', 'said', 'share' or 'within'.",
        ),
        ("weights_are", "grams", "weights_are: the value is 'grams'. Write 'points' or 'shares'."),
        ("focus", {"summary": {}}, "focus.summary.base: this key is missing. Add it: a number."),
        ("focus", {"summary": {"base": 0, "loss": 1}}, "focus.summary.loss: this key is not known. Did you mean 'lost'?"),
        ("strengths", {"summary": {"base": "high"}}, "strengths.summary.base: the value is 'high'. Write a number."),
        (f"{ITEM}.severity", {"policy": 0}, f"{ITEM}.severity.policy: the value is 0. Write a number above 0."),
        (f"{ITEM}.full_at", 0, f"{ITEM}.full_at: the value is 0. Write a number above 0."),
        (f"{ITEM}.needs", "hold", f"{ITEM}.needs: the value is 'hold'. Write a list, each entry a text that is not empty."),
        (ITEM, {"measure": "within"}, f"{ITEM}: measure 'within' needs the key 'within_s'. Add it."),
        (ITEM, {"measure": "said"}, f"{ITEM}: measure 'said' needs the key 'sentences'. Add it."),
        (ITEM, {"measure": "said", "sentences": []}, f"{ITEM}.sentences: it is empty. Write at least 1."),
        (f"{ITEM}.within_s", -1, f"{ITEM}.within_s: the value is -1. Write a number above 0."),
        (f"{ITEM}.of", "middle", f"{ITEM}.of: the value is 'middle'. Write 'end' or 'start'."),
        (f"{ITEM}.likeness", 2, f"{ITEM}.likeness: the value is 2. Write"),
        (f"{ITEM}.target", ..., f"{ITEM}: measure 'rate' needs the key 'target'. Add it."),
        (f"{ITEM}.target", 0, f"{ITEM}.target: the value is 0. Write a number above 0."),
        (f"{ITEM}.target", "2", f"{ITEM}.target: the value is '2'. Write a number above 0."),
        (f"{ITEM}.target", True, f"{ITEM}.target: the value is True. Write a number above 0."),
        (f"{ITEM}.weight", math.nan, f"{ITEM}.weight: the value is nan. Write a number of at least 0."),
        (f"{ITEM}.weight", math.inf, f"{ITEM}.weight: the value is inf. Write a number of at least 0."),
        (f"{ITEM}.weight", 0, "sections.listening: all items weigh nothing. Give one a weight above 0."),
        (f"{ITEM}.kinds", ["echo", 3], f"{ITEM}.kinds[1]: the value is 3. Write a text that is not empty."),
        (f"{ITEM}.best", [1], f"{ITEM}.best: the value is [1]. Write a list of 2, each a number."),
        (f"{ITEM}.repeats_count", "no", f"{ITEM}.repeats_count: the value is 'no'. Write true or false."),
        (
            "sections.other",
            {"title": "O", "weight": 1, "items": GOOD["sections"]["listening"]["items"]},
            "the item 'summary' stands in two sections. Take it out of one.",
        ),
        ("bands", [{"name": "high", "at": 60}], "no band begins at 0. Add one with at = 0."),
        ("bands", [], "bands: it is empty. Write at least 1."),
        ("bands", [{"name": "high", "at": 160}], "bands[0].at: the value is 160. Write a number from 0 to 100."),
        ("version", "a" * 300, f"version: the value is '{'a' * 78}…. Write a whole number."),
        (
            "extends",
            3,
            "extends: the value is 3. Write the path of a rubric file, or one of: bot, chat, conversation, default, internal, outbound.",
        ),
    ],
)
def test_refused(path: str, value: Any, message: str) -> None:
    """A wrong rubric is refused by an error that names file, key, value and remedy, is bounded, and is a ValueError too."""
    with pytest.raises(RubricError, match=f"^{re.escape(f'mine.toml: {message}')}") as caught:
        parse(changed(path, value), where="mine.toml")
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, ListeningCoachError)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"it cannot be read: No such file or directory\. Name a file, or one of: bot, chat, conversation, default"),
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
            "sections.listening.items.summary.needs",
            ["telepathy"],
            r"item summary: there is no behaviour 'telepathy'\. The behaviours are: ",
        ),
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


def test_an_outcome_needs_no_behaviour() -> None:
    """An item that measures the outcome may have any name of the team's own."""
    rubric = parse(changed("sections.listening.items.helped", {"measure": "outcome", "title": "Helped"}))
    assert "helped" in dict(Coach(rubric=rubric).rubric.items())


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


EMPATHY_COUNTS_MORE = """
extends = "default"
[sections.empathy.items.empathy]
weight = 8
"""


def test_a_rubric_that_changes_one_weight(tmp_path: Path) -> None:
    """A file that extends one of ours holds what differs; all else is the base's, and the name is the file's."""
    path = tmp_path / "ours.toml"
    path.write_text(EMPATHY_COUNTS_MORE, encoding="utf-8")
    got, base = load(path), load("default")
    assert got.name == "ours"
    assert (got.title, got.bands, got.gate) == (base.title, base.bands, base.gate)
    assert dict(got.items())["empathy"].weight == 8
    assert {k: r for k, r in got.items() if k != "empathy"} == {k: r for k, r in base.items() if k != "empathy"}
    assert Coach(rubric=path).rubric == got


def test_what_is_removed() -> None:
    """An item or a section with remove = true is gone; an item of weight 0 stays and does not count."""
    sections = {"empathy": {"items": {"apology": {"remove": True}, "personal_touch": {"weight": 0}}}, "courtesy": {"remove": True}}
    got = parse({"extends": "default", "sections": sections})
    assert list(got.sections) == ["listening", "empathy", "ownership", "clarity"]
    base = {name: rule.weight for name, rule in load("default").sections["empathy"].items.items() if name != "apology"}
    assert base["personal_touch"] > 0
    assert {name: rule.weight for name, rule in got.sections["empathy"].items.items()} == {**base, "personal_touch": 0}


def test_lists_are_replaced() -> None:
    """A list takes the place of the base's; it is not added to it."""
    assert parse({"extends": "default", "bands": [{"name": "all", "at": 0}]}).band(99) == "all"


def test_extends_finds_files_beside_it(tmp_path: Path) -> None:
    """A path is looked for beside the file that names it, and a base may extend another."""
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "house.toml").write_text(EMPATHY_COUNTS_MORE, encoding="utf-8")
    path = tmp_path / "team.toml"
    path.write_text('extends = "base/house.toml"\ntitle = "Team"\n[sections.empathy]\nweight = 30\n', encoding="utf-8")
    got = load(path)
    assert (got.title, got.name) == ("Team", "team")
    assert (got.sections["empathy"].weight, got.sections["empathy"].items["empathy"].weight) == (30, 8)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            'extends = "nowhere.toml"',
            r"nowhere\.toml: it cannot be read: No such file or directory\. Name a file, or one of: bot, chat, conversation, default",
        ),
        ('extends = "mine.toml"', r"extends goes round in a circle: mine\.toml → mine\.toml\. Let one of them be a whole rubric"),
        (
            'extends = "default"\nsections.x.remove = true',
            r"sections\.x: there is nothing of this name to remove\. .*: listening, empathy, ",
        ),
        ('extends = "default"\nsections.empathy.items.kind.weight = 2', r"sections\.empathy\.items\.kind\.measure: this key is missing"),
        ('extends = "default"\nsections.empathy.items.summary = { measure = "occasions" }', r"the item 'summary' stands in two sections"),
    ],
)
def test_what_cannot_be_extended(tmp_path: Path, content: str, message: str) -> None:
    """A base that is not there, a circle, and changes that do not fit are refused by name and remedy."""
    path = tmp_path / "mine.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RubricError, match=message):
        load(path)


def test_a_mapping_is_a_rubric_too() -> None:
    """A coach takes the content of a rubric file as a mapping, and leaves it as it was."""
    table = {"extends": "default", "title": "Mine"}
    assert Coach(rubric=table).rubric.title == "Mine"
    assert table == {"extends": "default", "title": "Mine"}


@pytest.mark.parametrize(
    ("when", "metadata", "fits"),
    [
        ({}, {}, True),
        ({"queue": "sales"}, {"queue": " Sales "}, True),
        ({"queue": "sales"}, {"queue": "billing"}, False),
        ({"queue": "sales"}, {}, False),
        ({"queue": ["sales", "renewals"]}, {"queue": "renewals"}, True),
        ({"queue": "sales", "outbound": True}, {"queue": "sales", "outbound": True}, True),
        ({"queue": "sales", "outbound": True}, {"queue": "sales", "outbound": False}, False),
        ({"outbound": True}, {"outbound": 1}, False),
        ({"line": 2}, {"line": 2.0}, True),
    ],
)
def test_when(when: dict[str, Any], metadata: dict[str, Any], fits: bool) -> None:
    """A rubric is for calls whose metadata holds each key with one of its values; capitals and space around do not count."""
    assert parse({"extends": "default", "when": when}).fits(metadata) is fits


@pytest.mark.parametrize("wrong", [{"queue": []}, {"queue": ""}, {"queue": {"a": "b"}}, "sales", {"": "sales"}])
def test_when_is_checked(wrong: Any) -> None:
    """A condition that can never hold, or is none, is an error that names the key."""
    with pytest.raises(RubricError, match="when"):
        parse({"extends": "default", "when": wrong})


def test_when_is_not_inherited() -> None:
    """What a rubric is for is its own: one that extends another is for all calls unless it says otherwise."""
    assert load("bot").when == {"agent_kind": "bot"}
    assert parse({"extends": "bot"}).when == {}


def test_the_first_that_fits() -> None:
    """Of several rubrics the first that fits scores the call, and the last where none does."""
    coach = Coach(["bot", {"extends": "default", "name": "sales", "when": {"queue": "sales"}}, {"extends": "default", "name": "rest"}])
    turns = [("agent", "Hello, how can I help you?"), ("customer", "My parcel is late.")] * 3

    def by(**metadata: Any) -> str:
        return coach.review(Transcript.from_turns(turns, metadata=metadata)).rubric

    assert (by(), by(queue="sales"), by(queue="sales", agent_kind="bot")) == ("rest", "sales", "bot")
    with pytest.raises(RubricError, match="the list of rubrics is empty"):
        Coach([])


def test_bots_have_their_own_rubric(tmp_path: Path) -> None:
    """A call whose file says that a bot is the agent is scored on what applies to bots; beside a human agent it is not."""
    talk = [
        ("Hello, how can I help you today?", "My parcel is late and I need it for Friday."),
        ("It is in Leeds. It comes on Thursday.", "Thank you."),
    ] * 3
    path = tmp_path / "chat.json"
    path.write_text(json.dumps([{"role": r, "content": t} for a, c in talk for r, t in (("assistant", a), ("user", c))]), encoding="utf-8")
    report = Coach().review(path)
    assert report.rubric == "bot"
    assert {name for name in ("personal_touch", "gratitude", "ownership") if report.items[name].weight} == set()
    path.write_text(json.dumps([{"role": r, "text": t} for a, c in talk for r, t in (("agent", a), ("customer", c))]), encoding="utf-8")
    assert Coach().review(path).rubric == "default"
    assert review(path).rubric == "default"
