"""The report as one self-contained HTML page, and as a shorter piece for notebooks.

Everything that comes from a call is escaped by the template. The page asks for nothing from the network. Its one script searches in the
transcript and plays a sound file along with it; a content policy in its head lets no other in.
"""

from __future__ import annotations

import base64
import hashlib
import math
import os
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from ..errors import OutputError, not_taken
from ..ledger import LossKind
from ..moments import Moment, Occasion
from ..safe_text import printable
from ..sentiment import Mood
from ..transcript import EvidenceTier, Role, Turn
from .lost import LEFT_OPEN, kind_of, unmet_text
from .page import counted, is_scored, order, remarks, title_of, view
from .reasons import plain
from .texts import clean, clock, cut, exact, listed, place, who

if TYPE_CHECKING:
    from jinja2 import Environment

    from . import Report

# Seconds between the marks of the time axis: the first that gives at most this many.
_STEPS_S = (15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
_MOST_TICKS = 8
_WIDEST_NAME = 24
# Losses that lie in words of the call, and so have a mark in the picture.
_SPOKEN = frozenset((LossKind.MISSED, LossKind.BREACH))


class Mark(NamedTuple):
    """A highlight in the transcript: its style, the class its behaviour is switched off by, and what it says when pointed at."""

    style: str
    number: int
    title: str


class Piece(NamedTuple):
    """A stretch of a turn's text that lies in the same marks throughout."""

    text: str
    marks: tuple[Mark, ...]


class Tag(NamedTuple):
    """A label under a turn: sign, text with the points that it cost, style, and the number of its behaviour."""

    sign: str
    text: str
    style: str
    number: int


class Said(NamedTuple):
    """A turn of the transcript with its highlights."""

    number: int
    when: str
    at_s: float | None
    who: str
    role: str
    pieces: tuple[Piece, ...]
    tags: tuple[Tag, ...]

    @property
    def plain(self) -> bool:
        """Whether nothing that counts was found in it, by anyone."""
        return all(tag.style == "perhaps" for tag in self.tags)

    @property
    def theirs(self) -> bool:
        """Whether nothing in it is the agent's or was missed."""
        return all(tag.style in ("other", "perhaps") for tag in self.tags)


class Switch(NamedTuple):
    """Shows or hides the marks of one behaviour: its number, title, how many marks, and whether they show at first."""

    number: int
    title: str
    marks: int
    on: bool


class Bar(NamedTuple):
    """A stretch or a point of a lane, in per cent of the call; ``title`` is what it says when pointed at."""

    left: float
    width: float
    top: float
    style: str
    title: str
    turn: int


class Lane(NamedTuple):
    """A row of the picture of who spoke when."""

    label: str
    style: str
    bars: tuple[Bar, ...]


class Tick(NamedTuple):
    """A mark of the time axis."""

    left: float
    label: str


class Picture(NamedTuple):
    """Who spoke when, with the moments and the customer's mood."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    timed: bool


def to_html(report: Report, *, sheet: str = "", sound: str = "") -> str:
    """The report as one self-contained page; ``sheet`` and ``sound`` are the addresses of its review sheet and of a sound file."""
    report = report.masked
    turns = _turns(report)
    # The column of names is as wide as the longest, within reason.
    name_width = min(_WIDEST_NAME, max((len(turn.who) for turn in turns), default=0)) + 2
    template = _environment().get_template("page.html")
    script, digest = _script()
    return template.render(
        page=view(report), turns=turns, name_width=name_width, picture=_picture(report), filters=_filters(report), sheet=sheet, sound=sound,
        timed=any(turn.at_s is not None for turn in turns), script=script, script_hash=digest,
    )  # fmt: skip


def address(place: str | Path | None, folder: Path | None) -> str:
    """A file's address as a page in ``folder`` links to it; the place as it is where the page is in none."""
    if place is None:
        return ""
    if not isinstance(place, str | os.PathLike):
        raise not_taken(OutputError, "sheet or sound", place, "Give the path of a file.")
    return quote(Path(place if folder is None else os.path.relpath(place, folder)).as_posix())


def to_fragment(report: Report) -> str:
    """The report without the transcript, as a piece of HTML that a notebook shows in place."""
    report = report.masked
    return _environment().get_template("fragment.html").render(page=view(report), picture=_picture(report))


@cache
def _script() -> tuple[str, str]:
    """The page's script, and its hash for the content policy."""
    environment = _environment()
    source = "" if environment.loader is None else environment.loader.get_source(environment, "page.js")[0]
    return source, f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("listening_coach.report", "templates"),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


# --- the transcript with its highlights ------------------------------------------------------------------------------


def _numbers(report: Report) -> dict[str, int]:
    """A number for each behaviour: ids come from file names and are not safe as names in a style sheet."""
    return {name: number for number, name in enumerate(order(report), 1)}


def _filters(report: Report) -> list[Switch]:
    """The switches above the transcript; what the rubric does not score is off at first."""
    counts: dict[str, int] = {}
    for moment in report.moments:
        if not moment.perhaps:
            counts[moment.behaviour] = counts.get(moment.behaviour, 0) + 1
    for occasion in report.occasions:
        if not occasion.met and not occasion.perhaps:
            counts[occasion.behaviour] = counts.get(occasion.behaviour, 0) + 1
    return [
        Switch(number, title_of(report, name), counts[name], is_scored(report, name))
        for name, number in _numbers(report).items()
        if counts.get(name)
    ]


def _helps(report: Report, behaviour: str) -> bool:
    about = report.about.get(behaviour)
    return about.helps if about else True


def _turns(report: Report) -> list[Said]:
    numbers = _numbers(report)
    spans: dict[int, list[tuple[int, int, Mark]]] = {}
    tags: dict[int, list[Tag]] = {}
    costs = {(e.item, e.turn, e.start, e.end): f" −{exact(e.points)}" for e in report.ledger}
    for moment in report.moments:
        style = _style(report, moment)
        number = numbers[moment.behaviour]
        spans.setdefault(moment.turn, []).append((moment.start, moment.end, Mark(style, number, _title(report, moment))))
        text = ("Perhaps: " if moment.perhaps else "") + title_of(report, moment.behaviour) + costs.get(_place_of(moment), "")
        sign = {"helps": "+", "hinders": "−"}.get(style, "")
        tags.setdefault(moment.turn, []).append(Tag(sign, text, style, number))
    for occasion in report.occasions:
        if not occasion.met:
            title, text = title_of(report, occasion.behaviour), unmet_text(occasion)
            style = "perhaps" if occasion.perhaps else "missed"
            mark = Mark(style, numbers[occasion.behaviour], f"{title}: {text}")
            spans.setdefault(occasion.turn, []).append((occasion.start, occasion.end, mark))
            known = occasion.role is Role.AGENT and text != LEFT_OPEN
            label = text.capitalize() if known else f"{'Left open' if occasion.role is Role.AGENT else 'Missed'}: {title}"
            label = f"Perhaps {label[:1].lower()}{label[1:]}" if occasion.perhaps else label + costs.get(_place_of(occasion), "")
            tags.setdefault(occasion.turn, []).append(Tag("○", label, style, mark.number))
    return [
        Said(
            i + 1, place(i, turn.start), turn.start, who(turn.speaker, turn.role), turn.role.value,
            _pieces(turn.text, spans.get(i, ())), tuple(dict.fromkeys(tags.get(i, ()))),
        )
        for i, turn in enumerate(report.transcript.turns)
    ]  # fmt: skip


def _place_of(found: Moment | Occasion) -> tuple[str, int | None, int, int]:
    return found.behaviour, found.turn, found.start, found.end


def _style(report: Report, moment: Moment) -> str:
    """How a moment is coloured: by its effect where it counts, plainly where it does not, or is anyone else's."""
    if moment.role is not Role.AGENT:
        return "other"
    if moment.perhaps:
        return "perhaps"
    if not counted(report, moment):
        return "uncounted"
    return "helps" if _helps(report, moment.behaviour) else "hinders"


def _title(report: Report, moment: Moment) -> str:
    kind = kind_of(report, moment)
    parts = [title_of(report, moment.behaviour) + (f": {kind}" if kind else "")]
    if moment.role is Role.AGENT:
        parts.append("helps" if _helps(report, moment.behaviour) else "hinders")
    else:
        parts.append("not the agent, not counted")
    parts.extend(remarks(report, moment))
    text = "; ".join(parts)
    if why := plain(report, moment):
        text += f". Found because {listed(why)}"
    return f"{text}. Found by the rule: {cut(clean(moment.rule), 200)}" if moment.rule else text


def _pieces(text: str, spans: Iterable[tuple[int, int, Mark]]) -> tuple[Piece, ...]:
    """A text cut wherever a span begins or ends, each piece with the marks of the spans that it lies in."""
    inside = ((max(0, a), min(len(text), b), m) for a, b, m in spans)
    ordered = sorted((span for span in inside if span[0] < span[1]), key=_widest_first)
    edges = sorted({0, len(text), *(a for a, _, _ in ordered), *(b for _, b, _ in ordered)})
    pieces = []
    # The spans that the piece at hand lies in; each is looked at only while it lasts, so that a very long turn stays quick.
    lasting: list[tuple[int, int, Mark]] = []
    position = 0
    for first, last in pairwise(edges):
        lasting = [span for span in lasting if span[1] > first]
        while position < len(ordered) and ordered[position][0] == first:
            lasting.append(ordered[position])
            position += 1
        pieces.append(Piece(_shown(text[first:last]), tuple(mark for _, _, mark in lasting)))
    return tuple(pieces)


def _widest_first(span: tuple[int, int, Mark]) -> tuple[int, int, int]:
    return span[0], -span[1], span[2].number


def _shown(text: str) -> str:
    """A stretch of text without the signs that HTML cannot hold; its spaces stay, or pieces would run together."""
    if text.isprintable():
        return text
    return printable(text)


# --- the picture of who spoke when -----------------------------------------------------------------------------------


def _picture(report: Report) -> Picture | None:
    """The lanes of agent, customer and others; by time where turns are timed at both ends, else by length of text."""
    turns = report.transcript.turns
    timed = report.evidence_tier in (EvidenceTier.WORDS, EvidenceTier.TURNS)
    places = _timed_places(turns) if timed else _placed_by_length(turns)
    if not places:
        return None
    lanes = []
    for role, label in ((Role.AGENT, "Agent"), (Role.CUSTOMER, "Customer"), (Role.OTHER, "Others"), (Role.UNKNOWN, "Unknown")):
        bars = [_turn_bar(turn, i, places[i]) for i, turn in enumerate(turns) if turn.role is role and i in places]
        if bars:
            lanes.append(Lane(label, role.value, (*bars, *_dots(report, places, role))))
    mood = tuple(_mood_dot(m, places[m.turn][0]) for m in report.sentiment.moods if m.turn in places)
    if mood:
        lanes.append(Lane("Mood", "mood", mood))
    return Picture(tuple(lanes), tuple(_ticks(turns)) if timed else (), timed)


def _timed_places(turns: Sequence[Turn]) -> dict[int, tuple[float, float]]:
    """Left and width of each turn in per cent of the call's time."""
    known = [(i, t.start, t.end) for i, t in enumerate(turns) if t.start is not None and t.end is not None]
    begin, end = _reach(turns)
    length = end - begin
    if length <= 0:
        return {}
    return {i: (round(100 * (a - begin) / length, 3), round(100 * (b - a) / length, 3)) for i, a, b in known}


def _reach(turns: Sequence[Turn]) -> tuple[float, float]:
    known = [(t.start, t.end) for t in turns if t.start is not None and t.end is not None]
    return min((a for a, _ in known), default=0.0), max((b for _, b in known), default=0.0)


def _placed_by_length(turns: Sequence[Turn]) -> dict[int, tuple[float, float]]:
    """Left and width of each turn in per cent of the call's text, one turn after the other."""
    total = sum(len(t.text) for t in turns)
    if not total:
        return {}
    places = {}
    before = 0
    for i, turn in enumerate(turns):
        places[i] = round(100 * before / total, 3), round(100 * len(turn.text) / total, 3)
        before += len(turn.text)
    return places


def _turn_bar(turn: Turn, index: int, at: tuple[float, float]) -> Bar:
    return Bar(
        at[0], at[1], 0.0, "turn", f"{place(index, turn.start)} {who(turn.speaker, turn.role)}: {cut(clean(turn.text), 120)}", index + 1
    )


def _mood_dot(mood: Mood, left: float) -> Bar:
    top = round(50 - 50 * max(-1.0, min(1.0, mood.value)), 1)
    return Bar(left, 0.0, top, "mood", f"{place(mood.turn, mood.time_s)} {mood.value:+.1f}: “{cut(clean(mood.quote), 120)}”", mood.turn + 1)


def _dots(report: Report, places: dict[int, tuple[float, float]], role: Role) -> Iterable[Bar]:
    """What cost points, and what is praised, as dots over the lane of who said it, each at its place within the turn."""
    turns = report.transcript.turns
    for e in report.ledger:
        if e.kind in _SPOKEN and e.turn is not None and e.turn in places and turns[e.turn].role is role:
            title = f"{place(e.turn, e.time_s)} {clean(e.title)}, −{exact(e.points)}: “{cut(clean(e.quote), 120)}”"
            yield _dot("hinders" if e.kind is LossKind.BREACH else "missed", turns[e.turn], e.turn, places[e.turn], e.start, title)
    for strength in report.strengths:
        at = strength.evidence
        if at is not None and at.turn in places and turns[at.turn].role is role:
            title = f"{place(at.turn, at.time_s)} {clean(strength.title)}: “{cut(clean(at.quote), 120)}”"
            yield _dot("helps", turns[at.turn], at.turn, places[at.turn], turns[at.turn].text.find(at.quote), title)


def _dot(style: str, turn: Turn, index: int, at: tuple[float, float], start: int, title: str) -> Bar:
    left, width = at
    if turn.text:
        left += width * max(0, start) / len(turn.text)
    # A dot at the very end would stick out.
    return Bar(round(min(left, 98.5), 3), 0.0, 0.0, f"dot {style}", title, index + 1)


def _ticks(turns: Sequence[Turn]) -> Iterable[Tick]:
    begin, end = _reach(turns)
    length = end - begin
    step = next((s for s in _STEPS_S if length / s <= _MOST_TICKS), None)
    if step is None:
        # Whole hours, however long the call claims to be.
        step = 3600 * math.ceil(length / _MOST_TICKS / 3600)
    first = math.ceil(begin / step)
    for number in range(first, first + _MOST_TICKS + 1):
        at = number * step
        if at <= end:
            yield Tick(round(100 * (at - begin) / length, 3), clock(at))
