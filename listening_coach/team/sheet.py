"""The review sheet of a call: a page on which a coach agrees, overrules and comments, and the agent answers, without a server.

It holds one small script, which gathers what was entered into a file; a content policy lets no other in, and nothing is loaded or sent.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import ReviewError, not_taken
from ..masking import mask
from ..moments import Moment, Occasion
from ..private_files import write_private
from ..report import Report
from ..report.html import address
from ..report.texts import Quote, Spoken, clean, cut, place, quoted, who
from ..reviews import Attached, Review
from ..safe_text import file_name
from ..scoring import is_counted
from .rendering import environment, render

# So much is shown of what was said beside a finding.
_MOST_BESIDE = 240


class Finding(NamedTuple):
    """A moment or a missed occasion as the sheet shows it."""

    title: str
    said: Quote
    why: str
    about: str
    given: tuple[dict[str, Any], ...]
    matters: bool


def review_sheet(report: Report, path: str | Path | None = None, *, page: str | Path | None = None) -> str:
    """The page on which people review a call; written to ``path`` where one is given. ``page`` is the call's page, to which it links.

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
    # Answers name reviews by their ids, which are those of the comments as they were written.
    link = address(page, None if path is None else Path(path).parent)
    sheet = render("sheet.html", **_values(replace(report.masked, reviews=report.reviews), call), page=link)
    if path is not None:
        write_private(path, sheet)
    return sheet


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
    lost = {entry.item for entry in report.ledger}
    differs = people.score is not None and people.score != people.library
    return {
        "script": script, "script_hash": digest, "title": call, "call": call, "file": f"{file_name(call)}.review.json", "facts": said + speakers,
        "score": f"not scored: {report.not_scored}" if report.score is None else f"{report.score:.0f} of 100",
        "with_people": f"With the verdicts of {', '.join(people.by)}: {people.score:.0f} of 100." if differs else "",
        "whole": {"about": "{}", "given": _given(report, by_item.get(None, ()))}, "findings": list(enumerate(_findings(report, by_place), 1)),
        "items": list(enumerate(({
                "title": i.title, "score": "no score" if i.score is None else f"{i.score:.0f}", "reason": i.reason,
                "about": json.dumps({"item": i.id}), "given": _given(report, by_item.get(i.id, ())), "matters": i.id in lost or i.id in by_item,
            } for i in report.items.values()), 1)),
        "orphans": [{**_shown(report, o.review), "reason": o.reason} for o in people.orphans], "turns": transcript.turns,
    }  # fmt: skip


def _findings(report: Report, given: dict[int, list[Attached]]) -> Iterable[Finding]:
    """What counts for the score, and occasions that were missed, in the order of the call; what has been reviewed is always there."""
    cost = {(e.item, e.turn, e.start): e.points for e in report.ledger}
    places: list[Moment | Occasion] = [*report.moments, *report.occasions]
    for number in sorted(range(len(places)), key=lambda n: (places[n].turn, places[n].start, n)):
        found = places[number]
        item = report.items.get(found.behaviour)
        shown = is_counted(found, item) if isinstance(found, Moment) else not found.met and not found.perhaps
        if number not in given and (item is None or not shown):
            continue
        info = report.about.get(found.behaviour)
        title = info.title if info is not None else found.behaviour
        points = cost.get((found.behaviour, found.turn, found.start))
        why = "" if isinstance(found, Moment) else "called for it, and it was missed"
        why += f"{', ' if why else ''}cost {points:.1f} points" if points else ""
        spot = {"behaviour": found.behaviour, "turn": found.turn, "start": found.start, "end": found.end, "quote": found.quote}
        about = json.dumps({"moment": spot}, ensure_ascii=False)
        # What cost points, was missed, or has been reviewed stands open; the rest is folded.
        yield Finding(title, _in_context(report, found), why, about, _given(report, given.get(number, ())), bool(why) or number in given)


def _in_context(report: Report, found: Moment | Occasion) -> Quote:
    """The words of a finding with the rest of their turn, and the turns on either side of it."""
    turns = report.transcript.turns
    text = turns[found.turn].text

    def beside(number: int) -> Spoken | None:
        if not 0 <= number < len(turns):
            return None
        turn = turns[number]
        return Spoken(place(number, turn.start), who(turn.speaker, turn.role), cut(clean(turn.text), _MOST_BESIDE), number + 1)

    before, after = cut(clean(text[: found.start]), _MOST_BESIDE), cut(clean(text[found.end :]), _MOST_BESIDE)
    return quoted(report, found)._replace(
        before=f"{before} " if before else "", after=after if after[:1] in ".,?!;:…" else f" {after}",
        prior=beside(found.turn - 1), reply=beside(found.turn + 1),
    )  # fmt: skip


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
        "id": review.id, "by": review.by, "role": review.role, "at": f"{review.at:%Y-%m-%d %H:%M}",
        "comment": mask(review.comment) if report.masking.on else review.comment,
        "said": said if review.score is None else f"{said} {review.score:g}", "status": report.reviewed.status[review.id].value,
        "answerable": review.judges, "about": json.dumps(about, ensure_ascii=False),
    }  # fmt: skip
