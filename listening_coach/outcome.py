"""How a call ended for the customer, and what it is read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from typing import NamedTuple


class OutcomeValue(StrEnum):
    """How a matter ended. It prints as its bare word."""

    RESOLVED = "resolved"
    PARTLY = "partly"
    NOT = "not"
    UNCLEAR = "unclear"


class OutcomeQuote(NamedTuple):
    """Words that an outcome rests on, with their place as in a moment."""

    turn: int
    start: int
    end: int
    quote: str
    speaker: str
    time_s: float | None = None


# How far a customer is helped by each outcome.
_HELPED = {OutcomeValue.RESOLVED: 1.0, OutcomeValue.PARTLY: 0.55, OutcomeValue.NOT: 0.0, OutcomeValue.UNCLEAR: 0.55}
_SURELY_HELPED = 0.88
_SENTENCES = {
    OutcomeValue.RESOLVED: "the matter seems to be settled",
    OutcomeValue.PARTLY: "the matter seems to be settled in part",
    OutcomeValue.NOT: "the matter seems to be left unsettled",
    OutcomeValue.UNCLEAR: "the call does not tell how the matter ended",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the matter ended: the likeliest ``value``, how likely each is, and the ``quotes`` that it rests on."""

    likely: Mapping[OutcomeValue, float]
    quotes: tuple[OutcomeQuote, ...] = ()

    @property
    def value(self) -> OutcomeValue:
        """The likeliest outcome."""
        return max(self.likely, key=lambda value: self.likely[value])

    @property
    def confidence(self) -> float:
        """How likely the likeliest outcome is, 0 to 1."""
        return self.likely[self.value]

    @property
    def helped(self) -> float:
        """How far the customer was helped, 0 to 1: each outcome as likely as it is.

        No call is read with certainty, so that what is helped almost surely is helped wholly.
        """
        return min(1.0, fsum(_HELPED[value] * share for value, share in self.likely.items()) / _SURELY_HELPED)

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        return _SENTENCES[self.value]
