"""The report as plain text for a terminal, at most 100 columns wide, without colour codes.

``lines`` gives the same text in parts with a style each, from which the command line makes its colours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..safe_text import one_line_as_is
from .lost import Lost
from .page import AGENTS_REMARK, PERHAPS, Group, Line, Point, View, view
from .texts import Quote, Spoken, exact, listed, plural, sentence

if TYPE_CHECKING:
    from . import Report

WIDTH = 96
_BAR = 20
# The label column of figures, and the place column of moments.
_LABEL = 28
_PLACE = 9
# Where a line of the ledger begins.
_SIGN, _LOST = 4, 11
# The report in brief is at most so many lines long, and lists so many items, promises, and lines of advice.
BRIEF_LINES = 25
_BRIEF_ITEMS, _BRIEF_PROMISES, _MOST_ADVICE = 3, 4, 4
# Columns of the verdict's line for the band and the call's name, and of the table of several calls.
_MOST_BAND, _MOST_TITLE = 30, 48
_SCORE, _OUTCOME, _COST = 7, 16, 30


class Part(NamedTuple):
    """A stretch of a line and its style: "", "title", "head", "good", "bad", "quote" or "dim"."""

    text: str
    style: str = ""


def to_text(report: Report, *, full: bool = True) -> str:
    """The report as it prints, whole or in brief."""
    return "\n".join("".join(part.text for part in line).rstrip() for line in lines(report, full=full))


def lines(report: Report, *, full: bool = True) -> Iterator[tuple[Part, ...]]:
    """The report line by line, each in styled parts: all of it, or at most ``BRIEF_LINES`` lines of what matters most."""
    page = view(report)
    for line in _page(page) if full else _brief(page):
        yield tuple(part if part.text.isprintable() else part._replace(text=one_line_as_is(part.text)) for part in line)


# --- in brief ------------------------------------------------------------------------------------------------------


def _brief(page: View) -> Iterator[tuple[Part, ...]]:
    yield from _verdict(page, page.title)
    if page.people:
        yield from _clipped(page.people.sentence, 0, 1)
    if page.score is None:
        return
    if page.outcome:
        yield from _short(f"Outcome: {page.outcome.word}", [f"{_said(quote)}" for quote in page.outcome.quotes[:1]])
    yield from _cost(page)
    for point in page.focus[:1]:
        yield from _clipped(f"What to do ({_lower(_title(point.title))}): {point.advice}", 0, _MOST_ADVICE)
    praise = page.strengths[:1]
    if praise:
        yield Part("Went well: "), Part(_title(praise[0].title), "good")
    else:
        yield from _clipped(f"Went well: {page.no_strengths}" + (f" {page.closest.lead}" if page.closest else ""), 0, 1)
        praise = (page.closest,) if page.closest else ()
    for point in praise:
        if point and point.said:
            yield from _clipped(f"{_said(point.said)}", 2, 1, "quote")
    yield from _promises(page)
    yield from _verdict(page)


def _verdict(page: View, more: str = "") -> Iterator[tuple[Part, ...]]:
    """The score in a line, so that it stands first and last."""
    if page.score is None:
        yield from _clipped(f"Not scored{f': {_title(more)}' if more else ''}. {page.not_scored}", 0, 3, "title")
        return
    band = f", {wrap(page.band, _MOST_BAND)[0]}" if page.band else ""
    yield Part("Score  "), Part(f"{page.shown} of 100", "title"), Part(band + (f" · {_title(more)}" if more else ""))


def _cost(page: View) -> Iterator[tuple[Part, ...]]:
    """The items that cost most, each with its costliest place."""
    if not page.ledger:
        return
    # What the outcome rests on is quoted above.
    known = page.outcome.quotes if page.outcome else ()
    yield (Part("What cost most", "head"),)
    for item in page.ledger[:_BRIEF_ITEMS]:
        worst = item.worst
        more = f" ({plural(len(item.lines), 'place')})" if len(item.lines) > 1 else ""
        yield Part(f"{'−' + item.points:>7}  ", "bad"), Part(_title(item.title)), Part(more)
        if worst.said and worst.said not in known:
            yield from _clipped(_said(worst.said), 9, 1, "quote")
        elif worst.what or item.sentence:
            yield from _clipped(sentence(worst.what) or item.sentence, 9, 1, "dim")
    rest = page.ledger[_BRIEF_ITEMS:]
    if rest:
        yield (Part(f"{'−' + exact(sum(float(item.points) for item in rest)):>7}  {plural(len(rest), 'other item')}", "dim"),)


def _promises(page: View) -> Iterator[tuple[Part, ...]]:
    if not page.actions:
        yield (Part(f"Promised: {page.no_actions[:1].lower()}{page.no_actions[1:]}", "dim"),)
        return
    yield (Part("Promised", "head"),)
    for action in page.actions[:_BRIEF_PROMISES]:
        yield from _clipped(f"{action.who}: {action.what}, {action.when_due} ({action.said.when})", 2, 1)
    if len(page.actions) > _BRIEF_PROMISES:
        yield (Part(f"  and {len(page.actions) - _BRIEF_PROMISES} more", "dim"),)


def _title(text: str) -> str:
    """As much of a title as the report in brief has room for."""
    return wrap(text, _MOST_TITLE)[0] if text else ""


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _said(said: Quote) -> str:
    return f"{said.when} {said.who}: “{said.quote}”"


def _short(head: str, texts: Sequence[str]) -> Iterator[tuple[Part, ...]]:
    yield from _clipped("  ".join((head, *texts)), 0, 1)


def _clipped(text: str, indent: int, most: int, style: str = "") -> Iterator[tuple[Part, ...]]:
    """A text in at most so many lines; what does not fit is marked."""
    rows = wrap(text, WIDTH - indent)
    if len(rows) > most:
        rows = [*rows[: most - 1], wrap(rows[most - 1], WIDTH - indent - 2)[0] + " …"]
    for row in rows:
        yield Part(" " * indent), Part(row, style)


def table(reports: Iterable[tuple[str, Report]]) -> Iterator[tuple[Part, ...]]:
    """Several reports as a table, a line each: score, outcome, what cost most, and the name given; beside the score the one that people gave."""
    reports = list(reports)
    people = [_people_score(report) for _, report in reports]
    more = (("People",), (_SCORE,)) if any(people) else ((), ())
    widths = (_SCORE, *more[1], _OUTCOME, _COST, WIDTH - _SCORE - sum(more[1]) - _OUTCOME - _COST)
    yield from _columns(widths, ("Score", *more[0], "Outcome", "What cost most", "Call"), style="head")
    for (name, report), given in zip(reports, people, strict=True):
        page = view(report)
        cost = page.ledger[0] if page.ledger else None
        lost = f"−{cost.points} {cost.title}" if cost else ("nothing" if page.score is not None else page.not_scored)
        theirs = (given or "–",) if more[0] else ()
        yield from _columns(widths, (page.shown, *theirs, page.outcome.word if page.outcome else "–", lost, name))


def _people_score(report: Report) -> str:
    """The score with people's verdicts; empty where nobody has judged the call."""
    reviewed = report.reviewed
    return exact(reviewed.score) if reviewed.by and reviewed.score is not None else ""


# --- in full -------------------------------------------------------------------------------------------------------


def _page(page: View) -> Iterator[tuple[Part, ...]]:
    yield from _wrapped(f"Coaching report: {page.title}", style="title")
    yield from _wrapped(" · ".join(f"{f.label}: {f.value}" for f in page.facts), style="dim")
    yield ()
    yield from _scores(page)
    if page.outcome:
        yield from _head("How it ended")
        yield from _wrapped(page.outcome.sentence, 2)
        for quote in page.outcome.quotes:
            yield from _quoted(quote)
        yield from _wrapped(page.outcome.remark, 2, style="dim")
    yield from _head("What to work on next")
    if page.focus_remark:
        yield from _wrapped(page.focus_remark, 2, style="dim")
    for number, point in enumerate(page.focus, 1):
        yield from _focus(number, point)
    if not page.focus:
        yield from _wrapped(page.no_focus, 2)
    yield from _praise(page)
    yield from _agreed(page)
    yield from _agents(page)
    yield from _ledger(page)
    yield from _uncertain(page)
    yield from _scorecard(page)
    yield from _head("The customer's mood")
    yield from _wrapped(page.mood, 2)
    for turning in page.turnings:
        yield from _columns((2, _PLACE, WIDTH - 2 - _PLACE), ("", turning.said.when, f"it {turning.direction}: “{turning.said.quote}”"))
    yield from _head("The call in numbers")
    for row in page.numbers:
        yield from _columns((2, _LABEL, WIDTH - 2 - _LABEL), ("", row.label, f"{row.value} ({row.remark})"))
    yield from _head("Every moment")
    for group in page.groups:
        yield from _group(group)
    if not page.groups:
        yield from _wrapped("None was found.", 2)
    yield from _head("What this report rests on")
    for note in (*page.evidence, *page.limits):
        yield from _wrapped(note, 4, first="  - ")
    yield ()
    yield from _verdict(page)


def _scores(page: View) -> Iterator[tuple[Part, ...]]:
    if page.score is None:
        yield from _wrapped(f"Not scored. {page.not_scored}", style="title")
        return
    yield from _titled("Score  ", f"{page.shown} of 100", f", {page.band}" if page.band else "", "title")
    yield from _wrapped(page.score_remark)
    column = min(40, 2 + max((cells(s.title) for s in page.sections), default=0))
    for section in page.sections:
        title = _padded(wrap(section.title, column)[0], column)
        if section.score is None:
            yield (Part(f"  {title}{section.shown}", "dim"),)
        else:
            yield Part(f"  {title}{section.shown:>3}  "), Part(_bar(section.score), "head")


def _praise(page: View) -> Iterator[tuple[Part, ...]]:
    yield from _head("What went well")
    for point in page.strengths:
        yield from _titled("  + ", point.title, f" ({point.shown} of 100)", "good")
        yield from _wrapped(point.sentence, 4)
        if point.said:
            yield from _quoted(point.said)
    if not page.strengths:
        yield from _wrapped(page.no_strengths, 2)
        if page.closest and page.closest.said:
            yield from _wrapped(f"{page.closest.title}: {page.closest.lead}", 2)
            yield from _quoted(page.closest.said)


def _agreed(page: View) -> Iterator[tuple[Part, ...]]:
    yield from _head("What was agreed")
    if page.actions:
        rows = [(a.who, a.what, a.when_due, a.firmness, a.said.when + (f" ({a.again})" if a.again else "")) for a in page.actions]
        yield from _table(("Who", "What", "By when", "Firm?", "Said at"), rows, (16, 36, 22, 6, 14))
    else:
        yield from _wrapped(page.no_actions, 2)
    for recap in page.recaps:
        yield ()
        yield from _wrapped(f"Recap at {recap.said.when}: {recap.sentence}", 2)
        for missed in recap.missed:
            yield from _wrapped(missed, 4, first="  - ")


def _agents(page: View) -> Iterator[tuple[Part, ...]]:
    """Each of several agents with their own score."""
    if not page.agents:
        return
    yield from _head("Each agent")
    yield from _wrapped(AGENTS_REMARK, 2, style="dim")
    for row in page.agents:
        yield ()
        yield from _wrapped(f"{row.who} ({row.when}): {row.shown}", 2)
        yield from _wrapped(f"Lost most on: {row.lost}.", 4, style="dim")
    yield ()
    for text in page.hand_overs:
        yield from _wrapped(text, 2)


def _ledger(page: View) -> Iterator[tuple[Part, ...]]:
    """Where the points went, item by item and place by place."""
    if page.score is None:
        return
    yield from _head("Where the points went")
    yield from _wrapped(page.total, 2)
    for item in page.ledger:
        yield ()
        yield from _titled(f"{'−' + item.points:>7}  ", item.title, "", "bad")
        yield from _wrapped(item.sentence, 9)
        for line in item.lines:
            yield from _lost(line, alone=len(item.lines) == 1)
        if item.earned_by:
            yield from _wrapped(f"What would have kept the points: {item.earned_by}.", 9, style="dim")


def _lost(line: Lost, *, alone: bool) -> Iterator[tuple[Part, ...]]:
    remarks = "; ".join(text for text in (line.what, line.sure) if text)
    points = "" if alone else f"−{line.points}"
    if line.said is None:
        if not alone:
            yield from _columns((_SIGN, _LOST - _SIGN, WIDTH - _LOST), ("", points, sentence(remarks)))
    else:
        if line.before:
            yield from _beside(line.before)
        quote = f"{line.said.who}: “{line.said.quote}”" + (f" ({remarks})" if remarks else "")
        yield from _columns((_SIGN, _LOST - _SIGN, _PLACE, WIDTH - _LOST - _PLACE), ("", points, line.said.when, quote), style="quote")
        for after in line.after:
            yield from _beside(after)
    if line.earned_by:
        yield from _wrapped(f"What would have kept the points: {line.earned_by}.", _LOST, style="dim")
    if line.why:
        yield from _wrapped(f"Found because {listed(line.why)}.", _LOST, style="dim")


def _beside(said: Spoken) -> Iterator[tuple[Part, ...]]:
    yield from _columns((_LOST, _PLACE, WIDTH - _LOST - _PLACE), ("", said.when, f"{said.who}: {said.text}"), dim=True)


def _uncertain(page: View) -> Iterator[tuple[Part, ...]]:
    if not page.perhaps:
        return
    yield from _head("Perhaps")
    yield from _wrapped(PERHAPS, 2, style="dim")
    for each in page.perhaps:
        remarks = "; ".join(text for text in (each.title, each.what, each.sure) if text)
        yield from _columns((2, _PLACE, WIDTH - 2 - _PLACE), ("", each.said.when, f"{each.said.who}: “{each.said.quote}” ({remarks})"))


def _scorecard(page: View) -> Iterator[tuple[Part, ...]]:
    yield from _head("Scorecard")
    yield from _wrapped(page.scorecard_remark, 2, style="dim")
    for section in page.sections:
        yield ()
        yield from _titled("  ", f"{section.title}: {section.shown}", f" (lost {section.cost} points)" if section.cost else "", "head")
        yield from _wrapped(section.remark, 4)
        for item in section.items:
            shown = f"{item.shown:>3}" if item.score is not None else " –"
            why = item.why if item.score is not None else f"{item.shown.capitalize()}: {item.why[:1].lower()}{item.why[1:]}"
            yield from _columns(
                (4, 5, 34, WIDTH - 43),
                ("", shown, item.title, why + (f" Lost {item.cost} points." if item.cost else "")),
                dim=item.score is None,
            )


def _head(text: str) -> Iterator[tuple[Part, ...]]:
    yield ()
    yield (Part(text.upper(), "head"),)


def _focus(number: int, point: Point) -> Iterator[tuple[Part, ...]]:
    yield from _titled(f"  {number}. ", point.title, _worth(point), "bad")
    yield from _wrapped(point.sentence, 5)
    if point.lead:
        yield from _wrapped(point.lead, 5)
    if point.said:
        yield from _quoted(point.said)
    for label, text in (("Why it matters: ", point.why), ("What to do: ", point.advice)):
        if text:
            yield from _wrapped(label + text, 5)


def _worth(point: Point) -> str:
    return f" (−{point.points})" if point.points else f" ({point.shown} of 100)"


def _quoted(said: Quote) -> Iterator[tuple[Part, ...]]:
    """A quote in its turn, after the turn that it answers or before the reply to it."""
    if said.prior:
        yield from _columns((7, _PLACE, WIDTH - 7 - _PLACE), ("", said.prior.when, f"{said.prior.who}: {said.prior.text}"), dim=True)
    yield from _columns(
        (7, _PLACE, WIDTH - 7 - _PLACE), ("", said.when, f"{said.who}: {said.before}“{said.quote}”{said.after}"), style="quote"
    )
    if said.reply:
        yield from _columns((7, _PLACE, WIDTH - 7 - _PLACE), ("", said.reply.when, f"{said.reply.who}: {said.reply.text}"), dim=True)


def _group(group: Group) -> Iterator[tuple[Part, ...]]:
    sign, style = ("+", "good") if group.helps else ("-", "bad")
    about = [group.effect, group.occasions, "" if group.scored else "not scored by this rubric"]
    yield from _titled(f"  {sign} ", group.title, f" ({'; '.join(a for a in about if a)})", style)
    if group.reliability:
        yield from _wrapped(f"Reliability of finding it: {group.reliability}.", 4, style="dim")
    for line in group.lines:
        yield from _moment(line)
    if not group.lines:
        yield (Part("    The agent: none.", "dim"),)
    for line in group.missed:
        yield from _moment(line)
    for line in group.others:
        yield from _moment(line, " [not the agent, not counted]", dim=True)


def _moment(line: Line, tail: str = "", *, dim: bool = False) -> Iterator[tuple[Part, ...]]:
    remarks = "; ".join(r for r in (line.kind, *line.remarks) if r)
    text = f"{line.said.who}: “{line.said.quote}”" + (f" ({remarks})" if remarks else "") + tail
    yield from _columns((4, _PLACE, WIDTH - 4 - _PLACE), ("", line.said.when, text), dim=dim)


# --- columns -------------------------------------------------------------------------------------------------------


def cells(text: str) -> int:
    """How many columns of a terminal a text takes: wide signs take two, marks on the letter before none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) in ("Cf", "Me") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def wrap(text: str, width: int) -> list[str]:
    """A text in lines of at most ``width`` columns, broken at spaces, and inside words only where one is wider than a line."""
    found: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        size = cells(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            found.append(line)
        while size > width:
            head = _head_of(word, width)
            found.append(head)
            word = word[len(head) :]
            size = cells(word)
        line, used = word, size
    return [*found, line] if line else found


def _head_of(word: str, width: int) -> str:
    """As much of a word as fits into a line, one sign at least."""
    used = 0
    for at, sign in enumerate(word):
        used += cells(sign)
        if used > width and at:
            return word[:at]
    return word


def _padded(text: str, width: int) -> str:
    return text + " " * max(1, width - cells(text))


def _wrapped(text: str, indent: int = 0, *, first: str = "", style: str = "") -> Iterator[tuple[Part, ...]]:
    for number, line in enumerate(wrap(text, WIDTH - indent)):
        yield Part(first if first and not number else " " * indent), Part(line, style)


def _titled(sign: str, title: str, remark: str, style: str) -> Iterator[tuple[Part, ...]]:
    """A title with a remark behind it, over several lines where they are long."""
    if cells(sign + title + remark) <= WIDTH:
        yield Part(sign + title, style), Part(remark)
    else:
        yield from _wrapped(title + remark, len(sign), first=sign, style=style)


def _columns(widths: Sequence[int], row: Sequence[str], *, dim: bool = False, style: str = "") -> Iterator[tuple[Part, ...]]:
    """A row of texts, each wrapped in its column; a column keeps one space to the next."""
    last = len(widths) - 1
    wrapped = [wrap(text, max(1, width - (0 if i == last else 1))) for i, (text, width) in enumerate(zip(row, widths, strict=True))]
    for number in range(max(1, *map(len, wrapped))):
        texts = [column[number] if number < len(column) else "" for column in wrapped]
        line = "".join(
            text if i == last else text + " " * max(0, width - cells(text))
            for i, (text, width) in enumerate(zip(texts, widths, strict=True))
        )
        yield (Part(line.rstrip(), "dim" if dim else style),)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> Iterator[tuple[Part, ...]]:
    yield from _columns((2, *widths), ("", *head), style="dim")
    for row in rows:
        yield from _columns((2, *widths), ("", *row))


def _bar(score: float) -> str:
    filled = int(score / 100 * _BAR + 0.5)
    return "█" * filled + "·" * (_BAR - filled)
