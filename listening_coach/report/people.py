"""What people say of a call, in words: the score with their verdicts, and each review with what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..moments import Moment, Occasion
from ..reviews import Attached, Match, Status, Verdict
from .texts import clean, cut, day, exact, listed, place

if TYPE_CHECKING:
    from . import Report

_SAID: Mapping[Verdict, str] = {
    Verdict.AGREE: "agrees",
    Verdict.DISAGREE: "disagrees",
    Verdict.NOT_APPLICABLE: "says it does not apply",
    Verdict.COMMENT: "remarks",
    Verdict.WITHDRAW: "takes an earlier review back",
    Verdict.RESOLVE: "settles a dispute",
}
_BECAME: Mapping[Status, str] = {
    Status.STANDING: "",
    Status.DISPUTED: "disputed by the agent",
    Status.OPEN: "not settled yet",
    Status.RESOLVED: "settled",
    Status.SUPERSEDED: "replaced by a later verdict",
    Status.WITHDRAWN: "withdrawn",
}


class Voice(NamedTuple):
    """One review: who says what of what, when, and what became of it. ``turn`` is the turn's number from 1, None where it is of no turn."""

    by: str
    role: str
    on: str
    about: str
    turn: int | None
    when: str
    said: str
    comment: str
    became: str


class People(NamedTuple):
    """The score with people's verdicts in a sentence, and their reviews in the order in which they were made."""

    sentence: str
    lines: tuple[Voice, ...]


def people(report: Report) -> People | None:
    """What people say of the call; None where nobody has said anything."""
    if not report.reviews:
        return None
    reviewed = report.reviewed
    said = "Nobody's verdict changes the score."
    if reviewed.by:
        names = listed([clean(name) for name in reviewed.by])
        people_score = "not scored" if reviewed.score is None else f"{exact(reviewed.score)} of 100"
        library = "not scored" if reviewed.library is None else f"{exact(reviewed.library)} of 100"
        said = f"With the verdicts of {names}: {people_score}. By the library: {library}."
    return People(said, tuple(_line(report, attached, reviewed.status[attached.review.id]) for attached in reviewed.attached))


def _line(report: Report, attached: Attached, status: Status) -> Voice:
    review = attached.review
    said = f"gives {review.score:g} of 100" if review.score is not None else _SAID[review.verdict]
    if review.about and review.judges:
        other = next((r.by for r in report.reviews if r.id == review.about), None)
        said += f" with {clean(other)}" if other is not None and review.verdict is not Verdict.SCORE else ""
    about, turn, when = _about(report, attached)
    became = _BECAME[status] if attached.match is not Match.ORPHAN else f"counts for nothing: {clean(attached.reason)}"
    return Voice(
        clean(review.by), review.role, day(review.at), about, turn, when, said, cut(clean(review.comment), 500) if review.comment else "", became
    )  # fmt: skip


def _about(report: Report, attached: Attached) -> tuple[str, int | None, str]:
    """What a review is about, in words, with the turn and the place in the call."""
    review = attached.review
    name = review.item if review.moment is None else review.moment.behaviour
    if name is None:
        return "the whole call", None, ""
    item, info = report.items.get(name), report.about.get(name)
    title = clean(item.title if item is not None else info.title if info is not None else name)
    if attached.place is None:
        return title, None, ""
    places: tuple[Moment | Occasion, ...] = (*report.moments, *report.occasions)
    found = places[attached.place]
    return f"{title}: “{cut(clean(found.quote), 120)}”", found.turn + 1, place(found.turn, found.time_s)
