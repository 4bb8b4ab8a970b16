"""The nearest earlier turn of somebody else, and what is worked out once for each behaviour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from listening_coach import Transcript
from listening_coach.behaviours import Behaviour, builtin
from listening_coach.detectors import per_behaviour
from listening_coach.detectors.sides import others_before
from listening_coach.language.call import PhraseFinder
from listening_coach.language.language import Language, load


@pytest.fixture(scope="module")
def language() -> PhraseFinder:
    """The language machinery without a phrase: only speakers matter here."""
    return PhraseFinder({})


@pytest.mark.parametrize(
    ("speakers", "expected"),
    [("", []), ("A", [-1]), ("AB", [-1, 0]), ("AAB", [-1, -1, 1]), ("ABBA", [-1, 0, 0, 2]), ("ABCCB", [-1, 0, 1, 1, 3])],
)
def test_others_before(language: PhraseFinder, speakers: str, expected: list[int]) -> None:
    """For each turn it is the last one before it that another speaker holds, -1 where nobody else has spoken yet."""
    call = language.call(Transcript.from_turns([(name, "hello there") for name in speakers]))
    assert others_before(call) == expected
    assert [([*call.other_side_before(turn, 1), -1])[0] for turn in range(len(speakers))] == expected


def counting() -> tuple[list[str], Callable[[Behaviour, Language], str]]:
    """A function of a behaviour and the list of what it was called with."""
    seen: list[str] = []

    @per_behaviour
    def title(behaviour: Behaviour, language: Language) -> str:
        seen.append(behaviour.title)
        return behaviour.title.upper()

    return seen, title


def test_once_each() -> None:
    """The function runs once for each behaviour, and behaviours of one id that are not the same object are told apart."""
    seen, title = counting()
    ours = builtin()["hold"]
    own = replace(ours, title="Parks the call")
    assert [title(b, load()) for b in (ours, own, ours, own)] == [
        ours.title.upper(),
        "PARKS THE CALL",
        ours.title.upper(),
        "PARKS THE CALL",
    ]
    assert seen == [ours.title, "Parks the call"]


def test_once_each_is_bounded() -> None:
    """More behaviours than are kept are worked out again, rightly."""
    _, title = counting()
    many = [replace(builtin()["hold"], title=f"title {n}") for n in range(600)]
    assert [title(b, load()) for b in (*many, *many)] == [f"TITLE {n}" for n in (*range(600), *range(600))]


def test_once_each_error() -> None:
    """What cannot be worked out is not remembered: the error comes each time."""
    calls: list[str] = []

    @per_behaviour
    def refuse(behaviour: Behaviour, language: Language) -> str:
        calls.append(behaviour.id)
        raise ValueError(behaviour.id)

    for _ in range(2):
        with pytest.raises(ValueError, match="hold"):
            refuse(builtin()["hold"], load())
    assert calls == ["hold", "hold"]
