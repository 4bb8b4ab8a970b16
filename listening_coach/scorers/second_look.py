"""The second look: what the first look at all turns of a call says about each of them.

A turn's words decide a first confidence. An agent who waves one worry away is likelier to wave away the next, and a kind word is worth less
in a call full of refusals. So a second look weighs the log odds of the first together with the first confidences of all targets in the turns
around and in the whole of the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .weights import MOST_LOG_ODDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The part of the weights in which those of the second look stand, what they are always given, and the first look's log odds.
CONTEXT, ALWAYS, OWN = "context", "always", "own"
# The turns around that are looked at, and the rest of the call.
STEPS = (-2, -1, 1, 2)
CALL = "call"
PLACES = (*(f"{step:+d}" for step in STEPS), CALL)
# What is found in the rest of a call is told for so many turns of it.
_TURNS_A_SHARE = 6.0


def sure(log_odds: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """The probabilities that log odds stand for."""
    import numpy as np

    likely: NDArray[np.floating[Any]] = 1 / (1 + np.exp(-np.clip(log_odds, -MOST_LOG_ODDS, MOST_LOG_ODDS)))
    return likely


def around(confidence: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """The confidences around each turn of a call, by turn, place and target; ``confidence`` holds those of its turns by target."""
    import numpy as np

    count = len(confidence)
    found = np.zeros((count, len(PLACES), confidence.shape[1]), confidence.dtype)
    for place, step in enumerate(STEPS):
        if step < 0:
            found[-step:, place] = confidence[:step]
        else:
            found[:-step, place] = confidence[step:]
    found[:, -1] = (confidence.sum(axis=0) - confidence) * (_TURNS_A_SHARE / max(1, count))
    return found


class SecondLook:
    """The weights of the second look of several scorers; a scorer without such weights keeps what the first look says."""

    def __init__(self, targets: Sequence[str], weights: Sequence[Mapping[str, float]]) -> None:
        import numpy as np

        count = len(targets)
        self._always = np.zeros(count, np.float32)
        self._own = np.ones(count, np.float32)
        self._around = np.zeros((len(PLACES), count, count), np.float32)
        at = {f"{place} {target}": (i, j) for i, place in enumerate(PLACES) for j, target in enumerate(targets)}
        self.names = list(at)
        for k, each in enumerate(weights):
            if not each:
                continue
            self._always[k], self._own[k] = each.get(ALWAYS, 0.0), each.get(OWN, 1.0)
            for name, weight in each.items():
                if name in at:
                    self._around[(*at[name], k)] = weight

    def log_odds(self, first: NDArray[np.floating[Any]], near: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        """The log odds of the second look, given those of the first and the confidences around."""
        import numpy as np

        found: NDArray[np.floating[Any]] = self._always + self._own * first + np.tensordot(near, self._around, axes=((1, 2), (0, 1)))
        return found

    def heaviest(self, near: NDArray[np.floating[Any]], target: int) -> tuple[str, float]:
        """What around one turn speaks most for the target of this number, and how much in log odds."""
        speaks = (near * self._around[:, :, target]).ravel()
        best = int(speaks.argmax())
        return self.names[best], float(speaks[best])
