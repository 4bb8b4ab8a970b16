"""Calls in pieces: where many messages of one speaker follow each other, they are judged as one, and what is found is told in the pieces.

Captions and chats often cut what somebody says into short turns. Scorers look at a turn and those around it, and were fitted on whole ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from .moments import Details, Moment, Occasion
from .outcome import Outcome, OutcomeQuote
from .transcript import Transcript, Turn

# A call is in pieces where this share of its turns, or more, follow a turn of the same speaker.
IN_PIECES = 0.25
# A longer silence parts two turns of one speaker: something was waited for.
_LONGEST_GAP_S = 2.0
# Details of a moment that name another turn.
_TURNS = ("of_turn", "because_turn")


class _Piece(NamedTuple):
    """A turn of the call within a joined one: its index, and where its text begins there."""

    turn: int
    offset: int


class Joined:
    """A call whose turns of one speaker in a row are joined, and the way back to the turns as they are."""

    def __init__(self, original: Transcript, groups: Sequence[Sequence[int]]) -> None:
        self._turns = original.turns
        turns: list[Turn] = []
        self._pieces: list[list[_Piece]] = []
        for group in groups:
            own = tuple(original.turns[i] for i in group)
            turns.append(replace(original, turns=own).merge_turns().turns[0])
            pieces, offset = [], 0
            for i, turn in zip(group, own, strict=True):
                pieces.append(_Piece(i, offset))
                offset += len(turn.text) + 1 if turn.text else 0
            self._pieces.append(pieces)
        self.call = replace(original, turns=tuple(turns))

    def place(self, turn: int, start: int, end: int) -> tuple[int, int, int]:
        """The turn that holds most of a span of a joined turn, and the span there."""

        def within(piece: _Piece) -> tuple[int, int]:
            size = len(self._turns[piece.turn].text)
            return max(0, min(start - piece.offset, size)), max(0, min(end - piece.offset, size))

        spans = [(piece.turn, *within(piece)) for piece in self._pieces[turn]]
        return max(spans, key=lambda each: each[2] - each[1])

    def first(self, turn: int) -> int:
        """The first of the turns that a joined turn is made of."""
        return self._pieces[turn][0].turn

    def moment(self, moment: Moment) -> Moment:
        """A moment of the joined call in the call as it is."""
        turn, start, end = self.place(moment.turn, moment.start, moment.end)
        details = moment.details
        if any(key in details for key in _TURNS):
            details = Details({key: self.first(value) if key in _TURNS and value is not None else value for key, value in details.items()})
        own = self._turns[turn]
        return replace(moment, turn=turn, start=start, end=end, quote=own.text[start:end], time_s=own.time_at(start), details=details)

    def occasion(self, occasion: Occasion, moments: Sequence[Moment]) -> Occasion:
        """An occasion of the joined call in the call as it is; ``moments`` are those of the joined call."""
        turn, start, end = self.place(occasion.turn, occasion.start, occasion.end)
        answer = occasion.answer
        if answer is not None:
            said = next((m for m in moments if m.turn == answer and m.behaviour == occasion.behaviour), None)
            # An answer in the same turn stands behind the words that it answers.
            plain = turn if answer == occasion.turn else self.first(answer)
            answer = plain if said is None else self.place(said.turn, said.start, said.end)[0]
        own = self._turns[turn]
        return replace(occasion, turn=turn, start=start, end=end, quote=own.text[start:end], time_s=own.time_at(start), answer=answer)

    def outcome(self, outcome: Outcome) -> Outcome:
        """How the matter ended, with its quotes in the call as it is."""
        return replace(outcome, quotes=tuple(map(self._quote, outcome.quotes)))

    def _quote(self, quote: OutcomeQuote) -> OutcomeQuote:
        turn, start, end = self.place(quote.turn, quote.start, quote.end)
        own = self._turns[turn]
        text = own.text[start:end].strip()
        start = own.text.index(text, start)
        return OutcomeQuote(turn, start, start + len(text), text, quote.speaker, own.time_at(start))

    def each(self, values: Sequence[float]) -> list[float]:
        """A value of each joined turn for each turn of the call."""
        found = [0.0] * len(self._turns)
        for pieces, value in zip(self._pieces, values, strict=True):
            for piece in pieces:
                found[piece.turn] = value
        return found


def joined(call: Transcript) -> Joined | None:
    """A call in pieces with its pieces joined; None for a call that is not."""
    groups: list[list[int]] = []
    for i, turn in enumerate(call.turns):
        before = call.turns[i - 1] if i else None
        gap = None if before is None else before.gap_s(turn)
        if before is None or (before.speaker, before.role) != (turn.speaker, turn.role) or (gap is not None and gap > _LONGEST_GAP_S):
            groups.append([])
        groups[-1].append(i)
    following = len(call.turns) - len(groups)
    return Joined(call, groups) if following and following >= IN_PIECES * len(call.turns) else None
