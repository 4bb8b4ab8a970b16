"""The coach: built once from behaviours and a rubric, then used for any number of calls."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .behaviours import Behaviour, builtin, load_folder, shared_words
from .detectors import Detector, Found, detector
from .language import Language
from .moments import Moment, Occasion
from .transcript import Transcript


class Coach:
    """Finds listening behaviour in calls and scores it.

    ``behaviours`` is None for the library's own, or a folder of behaviour files that are added to them; a file with
    the id of one of ours takes its place. Safe to pickle and to share between threads.
    """

    def __init__(self, rubric: str | Path | None = None, behaviours: str | Path | Mapping[str, Behaviour] | None = None) -> None:
        self.behaviours: Mapping[str, Behaviour] = _behaviours(behaviours)
        self._build()

    def _build(self) -> None:
        self._language = Language(self.behaviours)
        self._detectors: list[tuple[Behaviour, Detector]] = [(b, detector(b)) for b in self.behaviours.values()]

    def __getstate__(self) -> dict[str, Any]:
        # spaCy's matcher and the detectors' functions are rebuilt from the behaviours on the other side.
        return {k: v for k, v in self.__dict__.items() if k not in ("_language", "_detectors")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._build()

    def find(self, transcript: Transcript) -> Found:
        """Every moment and every occasion of a call, in order of turn and start."""
        call = self._language.call(transcript)
        moments: list[Moment] = []
        occasions: list[Occasion] = []
        for behaviour, detect in self._detectors:
            found = detect(call, behaviour)
            moments += found.moments
            occasions += found.occasions
        moments.sort(key=_place)
        occasions.sort(key=_place)
        return Found(moments, occasions)

    def annotate(self, transcript: Transcript) -> tuple[Moment, ...]:
        """The moments of a call, every speaker's, in order of turn and start."""
        return tuple(self.find(transcript).moments)


def _place(value: Moment | Occasion) -> tuple[int, int, str, int]:
    return value.turn, value.start, value.behaviour, value.end


def _behaviours(given: str | Path | Mapping[str, Behaviour] | None) -> Mapping[str, Behaviour]:
    if given is None:
        return builtin()
    if isinstance(given, Mapping):
        return dict(given)
    return {**builtin(), **load_folder(Path(given), shared_words())}
