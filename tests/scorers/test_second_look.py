"""The second look at a turn: what the first look says around it."""

from __future__ import annotations

import numpy as np
import pytest

from listening_coach.scorers.second_look import PLACES, SecondLook, around, sure


def test_around() -> None:
    """A turn sees the confidences two turns before and after it, and what the rest of the call holds, told for six turns."""
    confidence = np.array([[0.1, 0.0], [0.2, 1.0], [0.3, 0.0], [0.4, 0.5]])
    near = around(confidence)
    assert near.shape == (4, len(PLACES), 2)
    assert near[1].tolist() == [[0.0, 0.0], [0.1, 0.0], [0.3, 0.0], [0.4, 0.5], pytest.approx([0.8 * 6 / 4, 0.5 * 6 / 4])]
    assert near[3, :4].tolist() == [[0.2, 1.0], [0.3, 0.0], [0.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_short_calls(count: int) -> None:
    """A call of no turn, one or two has nothing beyond its ends."""
    near = around(np.ones((count, 3)))
    assert near.shape == (count, len(PLACES), 3)
    assert near[:, :, 0].sum() == {0: 0, 1: 0, 2: 2 + 2 * 6 / 2}[count]


def test_without_weights_the_first_look_stands() -> None:
    """A scorer without weights of the second look keeps its log odds."""
    first = np.array([[1.5, -2.0]])
    look = SecondLook(["empathy", "apology"], [{}, {"always": -1.0, "own": 0.5, "call empathy": 2.0}])
    near = np.zeros((1, len(PLACES), 2))
    near[0, -1, 0] = 0.25
    assert look.log_odds(first, near)[0].tolist() == [1.5, -1.0 + 0.5 * -2.0 + 2.0 * 0.25]


def test_the_heaviest() -> None:
    """What around a turn speaks most for a target is told by place and target, with the log odds it adds."""
    look = SecondLook(["empathy", "apology"], [{}, {"own": 1.0, "-1 empathy": 1.0, "call apology": 3.0}])
    near = np.zeros((len(PLACES), 2))
    near[1, 0], near[-1, 1] = 0.9, 0.5
    assert look.heaviest(near, 1) == ("call apology", 1.5)


def test_targets_that_are_not_there() -> None:
    """Weights for what no scorer looks for are left out: a behaviour may be switched off."""
    look = SecondLook(["empathy"], [{"own": 1.0, "call dismissal": 9.0}])
    assert look.log_odds(np.array([[1.0]]), np.ones((1, len(PLACES), 1)))[0].tolist() == [1.0]


def test_sure() -> None:
    """Log odds of any size give a probability."""
    assert sure(np.array([-1e9, 0.0, 1e9])).tolist() == pytest.approx([0.0, 0.5, 1.0])
