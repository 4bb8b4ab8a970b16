"""Labelled calls: whole conversations whose turns carry the labels of the labelling guide.

A file is JSON Lines, plain or gzipped, a call a line: ``{"id", "turns": [{"role", "text"}, …], "units": [{"turn", "labels", "open"}, …],
"labelled": […], "call": {…}}``, or the compact form ``{"id", "turns": ["A: …", "C: …"], "labels": {"3": "PH DM"}, "open": {"7": "EX"},
"call": {…}}``. ``labels`` are what all annotators saw in a turn, ``open`` what only some did; ``labelled`` lists the labels that were looked
for, all where it is missing; ``call`` holds the ratings of the whole call.
"""

from __future__ import annotations

import gzip
import json
import re
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
        ScorerError: a line is not a labelled call; the message names file and line.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield _call(json.loads(line))
            except (ValueError, KeyError, TypeError, IndexError) as error:
                raise ScorerError(
                    f"it is not a labelled call: {error!r}"[:200], where=f"{path}, line {number}", remedy="See the module's description."
                ) from error


def _call(table: Mapping[str, Any]) -> LabelledCall:
    labelled = frozenset(table.get("labelled") or TARGETS)
    if table["turns"] and isinstance(table["turns"][0], str):
        turns = tuple((_ROLES[turn[0]], turn[3:]) for turn in table["turns"])
        labels = {int(turn): frozenset(names.split()) for turn, names in table.get("labels", {}).items()}
        unsure = {int(turn): frozenset(names.split()) for turn, names in table.get("open", {}).items()}
    else:
        turns = tuple((turn["role"], turn["text"]) for turn in table["turns"])
        labels = {unit["turn"]: frozenset(unit["labels"]) for unit in table["units"]}
        unsure = {unit["turn"]: frozenset(unit["open"]) for unit in table["units"]}
    return LabelledCall(table["id"], table.get("source", ""), turns, labels, unsure, labelled, table.get("call") or {})
