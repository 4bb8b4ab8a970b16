"""The review sheet of a call: a page on which a coach agrees, overrules and comments, and the agent answers, without a server.

It holds one small script, which gathers what was entered into a file; a content policy lets no other in, and nothing is loaded or sent.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import ReviewError, not_taken
from ..moments import Moment, Occasion
from ..private_files import write_private
from ..report import Report
from ..reviews import Attached, Review
from ..safe_text import file_name
from ..scoring import is_counted
from .rendering import environment, render


class Finding(NamedTuple):
    """A moment or a missed occasion as the sheet shows it."""

    title: str
    speaker: str
    quote: str
    turn: int
    time_s: float | None
    why: str
    about: str
    given: tuple[dict[str, Any], ...]


def review_sheet(report: Report, path: str | Path | None = None) -> str:
    """The page on which people review a call; written to ``path`` where one is given.

    What they enter is saved by their browser as a file, which ``listening-coach reviews add`` takes in. The report's own
    reviews (``with_reviews``) are shown, each with what became of it, and can be answered.

    Raises:
        ReviewError: the call has no id by which the reviews could be found again.
        OutputError: the page cannot be written.
    """
    if not isinstance(report, Report):
        raise not_taken(ReviewError, "report", report, "Pass a Report.")
    call = report.transcript.id
    if call is None:
        raise ReviewError("the call has no id by which reviews could be found", where="report", remedy="Read it with metadata={'id': …}.")
    page = render("sheet.html", **_values(report.masked, call))
    if path is not None:
        write_private(path, page)
    return page


@cache
def _script() -> tuple[str, str]:
    """The script, and its hash for the content policy."""
    loader = environment().loader
    source = "" if loader is None else loader.get_source(environment(), "sheet.js")[0]
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return source, f"sha256-{digest}"


def _values(report: Report, call: str) -> dict[str, Any]:
    script, digest = _script()
    people = report.reviewed
    transcript = report.transcript
    by_place: dict[int, list[Attached]] = {}
    by_item: dict[str | None, list[Attached]] = {}
    for attached in people.attached:
        if attached.place is not None:
            by_place.setdefault(attached.place, []).append(attached)
        elif attached.review.moment is None:
            by_item.setdefault(attached.review.item, []).append(attached)
    said = "" if transcript.started_at is None else f"{transcript.started_at:%Y-%m-%d %H:%M}, "
    speakers = ", ".join(transcript.speakers)
    differs = people.score is not None and people.score != people.library
    return {
        "script": script, "script_hash": digest, "title": call, "call": call, "file": f"{file_name(call)}.review.json", "facts": said + speakers,
        "score": f"not scored: {report.not_scored}" if report.score is None else f"{report.score:.0f} of 100",
        "with_people": f"With the verdicts of {', '.join(people.by)}: {people.score:.0f} of 100." if differs else "",
        "whole": {"about": "{}", "given": _given(report, by_item.get(None, ()))}, "findings": list(_findings(report, by_place)),
        "items": [
            {
                "title": i.title, "score": "no score" if i.score is None else f"{i.score:.0f}", "reason": i.reason,
                "about": json.dumps({"item": i.id}), "given": _given(report, by_item.get(i.id, ())),
            }
            for i in report.items.values()
        ],
        "orphans": people.orphans, "turns": transcript.turns,
    }  # fmt: skip


def _findings(report: Report, given: dict[int, list[Attached]]) -> Iterable[Finding]:
    """What counts for the score, and occasions that were missed, in the order of the call; what has been reviewed is always there."""
    cost = {(e.item, e.turn, e.start): e.points for e in report.ledger}
    places: list[Moment | Occasion] = [*report.moments, *report.occasions]
    for number in sorted(range(len(places)), key=lambda n: (places[n].turn, places[n].start, n)):
        place = places[number]
        item = report.items.get(place.behaviour)
        shown = is_counted(place, item) if isinstance(place, Moment) else not place.met and not place.perhaps
        if number not in given and (item is None or not shown):
            continue
        info = report.about.get(place.behaviour)
        title = info.title if info is not None else place.behaviour
        points = cost.get((place.behaviour, place.turn, place.start))
        why = "" if isinstance(place, Moment) else "called for it, and it was missed"
        why += f"{', ' if why else ''}cost {points:.1f} points" if points else ""
        spot = {"behaviour": place.behaviour, "turn": place.turn, "start": place.start, "end": place.end, "quote": place.quote}
        about = json.dumps({"moment": spot}, ensure_ascii=False)
        yield Finding(title, place.speaker, place.quote, place.turn, place.time_s, why, about, _given(report, given.get(number, ())))


def _given(report: Report, attached: Sequence[Attached]) -> tuple[dict[str, Any], ...]:
    """Reviews that there are, as the sheet shows them."""
    return tuple(_shown(report, a.review) for a in attached)


def _shown(report: Report, review: Review) -> dict[str, Any]:
    said = "score" if review.score is not None else review.verdict.value.replace("_", " ")
    about: dict[str, Any] = {"about": review.id}
    if review.item is not None:
        about["item"] = review.item
    if review.moment is not None:
        about["moment"] = {name: getattr(review.moment, name) for name in ("behaviour", "turn", "start", "end", "quote")}
    return {
        "id": review.id, "by": review.by, "role": review.role, "at": f"{review.at:%Y-%m-%d %H:%M}", "comment": review.comment,
        "said": said if review.score is None else f"{said} {review.score:g}", "status": report.reviewed.status[review.id].value,
        "answerable": review.judges, "about": json.dumps(about, ensure_ascii=False),
    }  # fmt: skip
