"""What stands in the place of a result where a call could not be reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import ListeningCoachError, unforeseen


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that could not be read or reviewed.

    ``source`` names where the call comes from, ``error`` what went wrong, ``where`` the place in the source, ``remedy``
    what to do about it, and ``use`` its words that name arguments and functions, as in an error.
    ``kind`` is the name of the error: "ReadError", "TimeLimit", "Crash". ``call_id`` is the call's id, where that
    could be read.
    """

    source: str
    error: str
    where: str
    remedy: str
    kind: str = "Error"
    call_id: str | None = None
    use: tuple[str, ...] = ()

    @classmethod
    def of(cls, error: Exception, source: str, call_id: str | None = None) -> Failure:
        """The failure that an exception stands for; one that we did not foresee is named as such."""
        if isinstance(error, ListeningCoachError):
            return cls(source, error.problem, error.where or source, error.remedy, type(error).__name__, call_id, error.use)
        if isinstance(error, MemoryError):
            return cls(
                source,
                "the memory did not suffice for it",
                source,
                "Give each worker more memory, or cut the call.",
                "MemoryError",
                call_id,
            )
        remedy = "Please report it, with the transcript if you may."
        return cls(source, f"an error that should not happen ({unforeseen(error)})", source, remedy, type(error).__name__, call_id)

    def text(self, options: Mapping[str, str] | None = None) -> str:
        """The failure in a sentence; ``options`` is that of ``ListeningCoachError.text``."""
        return ListeningCoachError(self.error, where=self.where or self.source, remedy=self.remedy, use=self.use).text(options)

    def __str__(self) -> str:
        return self.text()
