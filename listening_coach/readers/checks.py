"""What looks wrong with a call that was read: noted in its metadata, never corrected."""

from __future__ import annotations

from typing import Any

from ..transcript import Role, Transcript
from .roles import THRESHOLD, Guess, infer_anew

# Two channels that say the same words at the same time nearly throughout are one channel twice.
_SAME_SHARE = 0.8
_SAME_START_S = 0.5
_FEWEST_TURNS = 4


def noted(call: Transcript) -> list[dict[str, Any]]:
    """Findings as mappings with ``kind`` and ``detail``; an empty list where nothing looks wrong."""
    found = [_identical_channels(call), _swapped_labels(call), _nameless(call)]
    return [note for note in found if note is not None]


def _note(kind: str, detail: str) -> dict[str, Any]:
    return {"kind": kind, "detail": detail}


def _identical_channels(call: Transcript) -> dict[str, Any] | None:
    """Two speakers who say the same at the same time: a recording that was not split into channels."""
    timed = [t for t in call.turns if t.start is not None and t.text]
    if len(timed) < _FEWEST_TURNS or len(call.speakers) < 2:
        return None
    # Where so few texts come twice the rest need not be looked at.
    if len({turn.text.casefold() for turn in timed}) > (1 - _SAME_SHARE / 2) * len(timed):
        return None
    by_text: dict[str, list[tuple[str, float]]] = {}
    for turn in timed:
        by_text.setdefault(" ".join(turn.text.casefold().split()), []).append((turn.speaker, turn.start or 0.0))
    doubled = sum(
        len(places)
        for places in by_text.values()
        if len({speaker for speaker, _ in places}) > 1
        and max(s for _, s in places) - min(s for _, s in places) <= _SAME_START_S * len(places)
    )
    if doubled < _SAME_SHARE * len(timed):
        return None
    return _note(
        "identical_channels", "the speakers say the same words at the same times: one channel seems to have been transcribed twice"
    )


def _swapped_labels(call: Transcript) -> dict[str, Any] | None:
    """Labels that say the opposite of the talk."""
    if "roles_inferred" in call.metadata or {Role.AGENT, Role.CUSTOMER} - {t.role for t in call.turns}:
        return None
    guesses: dict[str, Guess] = infer_anew(call)
    known = {t.speaker: t.role for t in call.turns}
    told = {s: g for s, g in guesses.items() if g.confidence >= THRESHOLD}
    against = [s for s, g in told.items() if {g.role, known[s]} == {Role.AGENT, Role.CUSTOMER}]
    if len(against) < 2:
        return None
    return _note("labels_contradict_talk", f"by what is said, {against[0]!r} and {against[1]!r} have each other's role"[:200])


def _nameless(call: Transcript) -> dict[str, Any] | None:
    """Turns of nobody named among turns with names."""
    nameless = sum(t.speaker == "unknown" for t in call.turns)
    if not nameless or nameless == len(call.turns):
        return None
    return _note("nameless_turns", f"{nameless} of {len(call.turns)} turns name no speaker")
