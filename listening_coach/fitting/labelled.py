"""Labelled calls: whole conversations whose turns carry the labels of the labelling guide.

A file is JSON Lines, plain or gzipped, with a call on each line, in one of two forms::

    {"id": …, "turns": [{"role": …, "text": …}, …], "units": [{"turn": 3, "labels": ["PH"], "open": []}, …], "labelled": […], "call": {…}}
    {"id": …, "turns": ["A: …", "C: …"], "labels": {"3": "PH DM"}, "open": {"7": "EX"}, "call": {…}}

``labels`` are those that all annotators gave a turn, ``open`` those that only some gave. ``labelled`` lists the labels that annotators looked
for; without it they looked for all. ``call`` holds ratings of the whole call.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..errors import ScorerError
from ..transcript import Transcript

# The labels of the guide, and what of the library answers each: a behaviour, or the occasion or a part of one.
TARGETS = {
    "PH": "policy_hiding",
    "AP": "action_point",
    "DT": "action_point.due",
    "EM": "empathy",
    "AO": "apology",
    "SU": "summary",
    "UC": "understanding_check",
    "OW": "ownership",
    "EX": "explanation",
    "PT": "personal_touch",
    "HO": "hold",
    "HE": "hedging",
    "OQ": "open_question",
    "FB": "feedback_request",
    "PR": "pressure",
    "RA": "repeat_question",
    "DM": "dismissal",
    "UP": "empathy.occasion",
    "EV": "personal_touch.occasion",
    "RP": "customer_repeats",
}
# The labels that customer turns carry; all others are the agent's.
CUSTOMER_LABELS = frozenset(("UP", "EV", "RP"))
_REMEDY = "Write one of the two forms that the module describes."
_ROLES = {"A": "agent", "C": "customer", "O": "other"}


@dataclass(frozen=True)
class LabelledCall:
    """One call with its labels: ``labels`` by turn, ``open`` those on which annotators differ, and the ``ratings`` of the whole."""

    id: str
    source: str
    turns: tuple[tuple[str, str], ...]
    labels: Mapping[int, frozenset[str]]
    open: Mapping[int, frozenset[str]]
    labelled: frozenset[str]
    ratings: Mapping[str, Any] = field(default_factory=dict)

    def transcript(self) -> Transcript:
        """The call without its labels."""
        return Transcript.from_turns([{"speaker": role, "role": role, "text": text} for role, text in self.turns], id=self.id)

    def plain(self) -> LabelledCall:
        """The call as a recogniser without punctuation writes it: lower case, words only."""
        return replace(self, turns=tuple((role, _plain(text)) for role, text in self.turns))

    def label_of(self, turn: int, label: str) -> bool | None:
        """Whether a turn carries a label; None where annotators differ, nobody looked, or the turn is the other side's."""
        if label not in self.labelled or (self.turns[turn][0] == "customer") != (label in CUSTOMER_LABELS):
            return None
        if label in self.labels.get(turn, ()):
            return True
        return None if label in self.open.get(turn, ()) else False


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w'#\s]+", " ", text.lower().replace("\u2019", "'")).split()) or "um"


def load(path: Path) -> Iterator[LabelledCall]:
    """The labelled calls in a file.

    Raises:
        ScorerError: the file cannot be read, or a line is not a labelled call; the message names file and line.
    """
    for number, line in enumerate(_lines(path), 1):
        try:
            call = _call(json.loads(line))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise ScorerError(f"it is not a labelled call: {error!r}"[:200], where=f"{path}, line {number}", remedy=_REMEDY) from error
        yield call


def _lines(path: Path) -> Iterator[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            yield from lines
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ScorerError(f"it cannot be read: {error!r}"[:200], where=str(path), remedy="Name a readable file.") from error


def _call(table: Mapping[str, Any]) -> LabelledCall:
    """A call from its line.

    Raises:
        ValueError: a label or a turn's number is wrong. Other errors tell of keys and types.
    """
    labelled = frozenset(table.get("labelled") or TARGETS)
    if table["turns"] and isinstance(table["turns"][0], str):
        turns = tuple(_turn(line) for line in table["turns"])
        labels = {int(turn): frozenset(names.split()) for turn, names in table.get("labels", {}).items()}
        unsure = {int(turn): frozenset(names.split()) for turn, names in table.get("open", {}).items()}
    else:
        turns = tuple((turn["role"], turn["text"]) for turn in table["turns"])
        labels = {unit["turn"]: frozenset(unit["labels"]) for unit in table["units"]}
        unsure = {unit["turn"]: frozenset(unit["open"]) for unit in table["units"]}
    for turn, names in (*labels.items(), *unsure.items()):
        if not 0 <= turn < len(turns):
            raise ValueError(f"there is no turn {turn}")
        if unknown := sorted(names - set(TARGETS)):
            raise ValueError(f"turn {turn} has the unknown label {unknown[0]!r}")
    return LabelledCall(table["id"], table.get("source", ""), turns, labels, unsure, labelled, table.get("call") or {})


def _turn(line: str) -> tuple[str, str]:
    """Role and text of a line such as "A: Hello"."""
    letter, colon, text = line.partition(": ")
    if not colon:
        raise ValueError(f"{line[:40]!r} is not a turn such as 'A: Hello'")
    return _ROLES[letter], text
