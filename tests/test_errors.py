"""Errors: what their message holds, in Python and on the command line, and that they cross process borders whole."""

from __future__ import annotations

import pickle

import pytest

from listening_coach import errors
from listening_coach.errors import ListeningCoachError, ReadError

KINDS = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, ListeningCoachError)]


@pytest.mark.parametrize(
    ("error", "python", "command"),
    [
        (ReadError("it is empty"), "it is empty", "it is empty"),
        (ReadError("it is empty", where="a.txt", remedy="Put text into it."), "a.txt: it is empty. Put text into it.", None),
        (
            ReadError("no format fits", where="a.txt", remedy="Name it with format= or roles=.", use=("format=",)),
            "a.txt: no format fits. Name it with format= or roles=.",
            "a.txt: no format fits. Name it with --format or roles=.",
        ),
    ],
)
def test_message(error: ReadError, python: str, command: str | None) -> None:
    """The message holds place, problem and remedy; what to use is an argument in Python and an option on the command line."""
    assert str(error) == python
    assert error.text({"format=": "--format"}) == (command or python)


@pytest.mark.parametrize("kind", KINDS)
def test_every_error(kind: type[ListeningCoachError]) -> None:
    """Each error pickles with its parts, takes an outer place in front, and prints its sentence."""
    error = kind("a problem", where="turn 3", remedy="Use roles=.", use=("roles=",))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made in the line itself
    outer = error.at("a.json")
    assert (type(again), str(again)) == (kind, "turn 3: a problem. Use roles=.")
    assert again.text({"roles=": "--role"}) == "turn 3: a problem. Use --role."
    assert (type(outer), str(outer)) == (kind, "a.json, turn 3: a problem. Use roles=.")
