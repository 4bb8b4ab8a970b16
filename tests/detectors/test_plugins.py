"""Detectors from outside: a separate package, entry points, and behaviours under other ids."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import listening_coach as lc
from listening_coach.behaviours import Behaviour, builtin
from listening_coach.errors import BehaviourError

SHOUTING = """
title = "Shouts"
effect = "hinders"
detector = "{detector}"
meaning = "Writes whole turns in capitals."
advice = "Write in small letters."
source = "Our own team"
fires = ["PLEASE CALL BACK"]
silent = ["Please call back"]
[settings]
least_words = 2
"""
MODULE = '''
"""A detector of a separate package: turns in capitals, and an occasion for each of the customer's."""

from listening_coach.detectors import Behaviour, Call, Found


def shouting(call: Call, behaviour: Behaviour) -> Found:
    moments, occasions = [], []
    for turn, (first, last) in enumerate(call.bounds):
        if last - first >= behaviour.settings["least_words"] and call.turns[turn].text.isupper():
            moments.append(call.moment(behaviour.id, turn, first, last, kind="whole turn", rule="capitals"))
            if call.turns[turn].role == "customer":
                occasions.append(call.occasion(behaviour.id, turn, first, last, met=False))
    return Found(moments, occasions)


class Nested:
    detect = staticmethod(shouting)


def tells_nothing(call, behaviour):
    return ["not a result"]


def fails(call, behaviour):
    return call.turns[len(call.turns)]


def mixes_up(call, behaviour):
    return ["moment"], []


number = 7
'''
CALL = lc.Transcript.from_turns([("customer", "WHERE IS MY PARCEL"), ("agent", "On its way."), ("agent", "PLEASE WAIT"), ("agent", "OK")])


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of somebody else's with a detector, on sys.path, with its metadata as an installer writes them."""
    site = tmp_path / "site"
    (site / "shouters" / "files").mkdir(parents=True)
    (site / "shouters" / "__init__.py").write_text("")
    (site / "shouters" / "detectors.py").write_text(MODULE)
    (site / "shouters" / "broken.py").write_text("import a_library_that_nobody_has\n")
    (site / "shouters" / "files" / "__init__.py").write_text("")
    (site / "shouters" / "files" / "shouting.toml").write_text(SHOUTING.format(detector="shouting"))
    about = site / "shouters-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: shouters\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[listening_coach.detectors]\nshouting = shouters.detectors:shouting\n\n"
        "[listening_coach.behaviours]\nshouters = shouters.files\nno_package = shouters.detectors\n"
    )
    monkeypatch.syspath_prepend(site)
    yield site
    for name in [name for name in sys.modules if name.partition(".")[0] == "shouters"]:
        del sys.modules[name]


def folder_with(tmp_path: Path, detector: str) -> Path:
    folder = tmp_path / "behaviours"
    folder.mkdir()
    (folder / "shouting.toml").write_text(SHOUTING.format(detector=detector))
    return folder


def shouts(coach: lc.Coach) -> list[tuple[int, str, str | None]]:
    return [(m.turn, m.quote, m.kind) for m in coach.annotate(CALL) if m.behaviour == "shouting"]


FOUND = [(0, "WHERE IS MY PARCEL", "whole turn"), (2, "PLEASE WAIT", "whole turn")]


@pytest.mark.parametrize("detector", ["shouters.detectors:shouting", "shouters.detectors:Nested.detect", "shouting"])
def test_a_detector_of_a_separate_package(package: Path, tmp_path: Path, detector: str) -> None:
    """A function of another package finds moments and occasions, named by its module or by its entry point."""
    coach = lc.Coach(behaviours=folder_with(tmp_path, detector))
    assert shouts(coach) == FOUND
    assert [(o.turn, o.met) for o in coach.find(CALL).occasions if o.behaviour == "shouting"] == [(0, False)]
    assert [m.turn for m in coach.review(CALL).moments if m.behaviour == "shouting"] == [0, 2]
    assert shouts(pickle.loads(pickle.dumps(coach))) == FOUND  # noqa: S301 - our own bytes


def test_a_folder_of_behaviours_of_a_separate_package(package: Path) -> None:
    """An installed package's folder of behaviours is used where it is named, and only there."""
    assert shouts(lc.Coach(behaviours="shouters")) == FOUND
    assert shouts(lc.Coach()) == []
    with pytest.raises(
        BehaviourError, match=r"listening_coach\.behaviours, no_package: the entry point 'shouters\.detectors' is not a package"
    ):
        lc.Coach(behaviours="no_package")


@pytest.mark.parametrize(
    ("detector", "message"),
    [
        ("shouters.nowhere:detect", "there is no module 'shouters.nowhere'"),
        ("no_such_package.module:detect", "there is no module 'no_such_package.module'"),
        ("shouters.detectors:missing", "the module 'shouters.detectors' has no function 'missing'"),
        ("shouters.detectors:number", "the module 'shouters.detectors' has no function 'number'"),
        ("shouters.detectors:", "the module 'shouters.detectors' has no function ''"),
        (".detectors:shouting", "the module of the detector '.detectors:shouting' cannot be imported"),
        ("shouting!", "there is no detector 'shouting!'"),
    ],
)
def test_a_detector_that_does_not_exist(package: Path, tmp_path: Path, detector: str, message: str) -> None:
    """A wrong name is refused when the coach is built; the error names the behaviour and what is missing."""
    with pytest.raises(BehaviourError, match=f"^shouting.*{message}"):
        lc.Coach(behaviours=folder_with(tmp_path, detector))


def test_a_detector_whose_module_lacks_a_library(package: Path, tmp_path: Path) -> None:
    """What the detector's own module cannot import is named when the coach is built."""
    with pytest.raises(BehaviourError, match="a_library_that_nobody_has"):
        lc.Coach(behaviours=folder_with(tmp_path, "shouters.broken:detect"))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("tells_nothing", "'shouters.detectors:tells_nothing' returned a list"),
        ("mixes_up", "returned a str where a Moment belongs"),
        ("fails", "^shouting, detector: the detector 'shouters.detectors:fails' failed: IndexError: tuple index out of range"),
    ],
)
def test_a_detector_that_returns_something_else(package: Path, tmp_path: Path, function: str, message: str) -> None:
    """A result of the wrong kind, and an exception in a detector, are errors that name the detector."""
    coach = lc.Coach(behaviours=folder_with(tmp_path, f"shouters.detectors:{function}"))
    with pytest.raises(BehaviourError, match=message):
        coach.annotate(CALL)


# A call in which most behaviours find something.
BUSY = lc.Transcript.from_turns(
    [
        ("agent", "agent", "Good morning, this is Priya from Fernhill Energy. How can I help you today?", 0.0, 5.0),
        ("customer", "customer", "Hi. My name is Rose Okafor. I'm really worried, my meter was read wrong and you charged me 240 pounds.", 5.5, 13.0),
        ("agent", "agent", "I'm so sorry about that, Rose. That must be really worrying. So you were charged 240 pounds?", 12.0, 19.0),
        ("customer", "customer", "Yes. It's my daughter's wedding on Saturday, I can't have this now.", 19.5, 24.0),
        ("agent", "agent", "Congratulations on the wedding! Let me check your meter, can I put you on hold for a minute?", 24.5, 30.0),
        ("customer", "customer", "Okay.", 30.2, 30.6),
        ("agent", "agent", "Thanks for holding. I'm still checking, two more minutes.", 60.0, 64.0),
        ("customer", "customer", "As I said, it was read wrong. How long will it take? How long will it take you?", 64.5, 70.0),
        (
            "agent", "agent", "I'm afraid it's our policy, there is nothing I can do. Most people manage. What was your name again? "
            "I think it might be the meter, because it is old.", 70.5, 78.0,
        ),
        ("customer", "customer", "That's not good enough. This is ridiculous. I want to make a com-", 78.5, 83.0),
        (
            "agent", "agent", "I'll take care of this myself. I'll be happy to help, and I can assure you it works. "
            "I'll send an engineer by Friday and I'll call you tomorrow at nine. What time suits you? Shall I email or text you?", 82.0, 90.0,
        ),
        ("customer", "customer", "Uh-huh. Text me.", 90.5, 92.0),
        ("agent", "agent", "Would you like to add our boiler cover?", 92.5, 96.0),
        ("customer", "customer", "No thanks, I'm not interested.", 96.5, 98.0),
        ("agent", "agent", "Are you sure? It's only four pounds a month. You're in good hands, you definitely need it.", 98.5, 101.0),
        ("customer", "customer", "No. What did you say your name was?", 101.5, 103.0),
        ("agent", "agent", "Priya. So just to recap, I'm sending an engineer by Friday for the meter that was read wrong. Does that sound right?", 103.5, 112.0),
        ("customer", "customer", "Yes. I've waited three weeks for this.", 112.5, 115.0),
        ("agent", "agent", "Calm down, please. What was your account number again?", 115.5, 119.0),
        ("customer", "customer", "It's 4471. Thank you.", 119.5, 121.5),
        ("agent", "agent", "Thank you, Rose. Could you fill in our survey? Is there anything else I can help you with? Have a lovely day. Goodbye.", 122.0, 129.0),
        ("customer", "customer", "You too. Bye.", 129.5, 130.5),
    ]
)  # fmt: skip


def under_another_id(behaviour: Behaviour, new: str, reads: dict[str, str]) -> Behaviour:
    """The same behaviour with another id, as a file of that name would give it."""
    return replace(
        behaviour,
        id=new,
        phrases=tuple(rule._replace(behaviour=new) for rule in behaviour.phrases),
        blockers=tuple(rule._replace(behaviour=new) for rule in behaviour.blockers),
        cues={name: tuple(rule._replace(behaviour=new) for rule in rules) for name, rules in behaviour.cues.items()},
        reads=reads,
    )


@pytest.fixture(scope="module")
def usual() -> lc.detectors.Found:
    return lc.Coach().find_by_rules(BUSY)


def test_the_busy_call_is_busy(usual: lc.detectors.Found) -> None:
    """The rules of every behaviour find it in the call with which the next tests compare."""
    assert set(builtin()) <= {m.behaviour for m in usual.moments}


@pytest.mark.slow
@pytest.mark.parametrize("name", builtin())
def test_one_behaviour_under_another_id(usual: lc.detectors.Found, name: str) -> None:
    """A detector finds the same under another id of its behaviour, beside the other behaviours."""
    behaviours = {**builtin(), "renamed": under_another_id(builtin()[name], "renamed", {})}
    del behaviours[name]
    found = lc.Coach(behaviours=behaviours).find_by_rules(BUSY)
    assert [replace(m, behaviour=name) for m in found.moments if m.behaviour == "renamed"] == [
        m for m in usual.moments if m.behaviour == name
    ]
    assert [replace(o, behaviour=name) for o in found.occasions if o.behaviour == "renamed"] == [
        o for o in usual.occasions if o.behaviour == name
    ]


def test_all_behaviours_under_other_ids(usual: lc.detectors.Found) -> None:
    """Where behaviours read each other's findings, ``[reads]`` names them, and all is found as before."""
    reads = {name: f"our_{name}" for name in builtin()}
    renamed = {f"our_{name}": under_another_id(b, f"our_{name}", reads) for name, b in builtin().items()}
    found = lc.Coach(behaviours=renamed).find_by_rules(BUSY)
    assert [replace(m, behaviour=m.behaviour.removeprefix("our_")) for m in found.moments] == usual.moments
    assert [replace(o, behaviour=o.behaviour.removeprefix("our_")) for o in found.occasions] == usual.occasions


@pytest.mark.parametrize("function", ["os:system", "json:loads", "os:getcwd"])
def test_a_function_that_is_no_detector_is_not_called(tmp_path: Path, function: str) -> None:
    """A function that does not take a call and a behaviour is refused when the coach is built."""
    (tmp_path / "shouts.toml").write_text(SHOUTING.format(detector=function))
    with pytest.raises(BehaviourError, match=f"'{function}' is no detector"):
        lc.Coach(behaviours=tmp_path)
