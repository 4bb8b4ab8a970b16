"""Every example in every behaviour file is held: what must fire fires, what must stay silent does."""

from __future__ import annotations

import functools

import pytest

from listening_coach import Coach, Transcript
from listening_coach.behaviours import builtin

EXAMPLES = [
    pytest.param(name, conversation, must, id=f"{name}-{'fires' if must else 'silent'}-{number}")
    for name, behaviour in builtin().items()
    for must, conversations in ((True, behaviour.fires), (False, behaviour.silent))
    for number, conversation in enumerate(conversations)
]


@functools.cache
def coach() -> Coach:
    return Coach()


@pytest.mark.parametrize(("name", "conversation", "must"), EXAMPLES)
def test_example(name: str, conversation: tuple[tuple[str, str], ...], must: bool) -> None:
    """By the rules alone, the last turn of an example holds the behaviour if and only if the file says so."""
    every = coach().find_by_rules(Transcript.from_turns(conversation)).moments
    found = [m for m in every if m.behaviour == name and m.turn == len(conversation) - 1]
    assert bool(found) == must, [(m.quote, m.rule) for m in found]


@pytest.mark.parametrize("name", builtin())
def test_enough_examples(name: str) -> None:
    """Each behaviour file has at least ten examples of either kind, and says why it matters and what to say instead."""
    behaviour = builtin()[name]
    assert len(behaviour.fires) >= 10
    assert len(behaviour.silent) >= 10
    assert behaviour.advice
    assert behaviour.why
    assert behaviour.instead
    assert behaviour.source
