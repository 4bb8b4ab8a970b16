"""The report as a Markdown page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .lost import Lost
from .page import AGENTS_REMARK, PERHAPS, Group, Item, Line, Point, View, view
from .texts import Quote, Spoken, listed, sentence

if TYPE_CHECKING:
    from . import Report

# What means something to Markdown inside a line, and the dollar, which many viewers take for the start of a formula.
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&])")
# What means something at the beginning of a line only.
_LEADING = re.compile(r"^(\d+)([.)])(?=\s|$)|^([#+=-])")


def to_markdown(report: Report) -> str:
    """The report as a Markdown page; what was said is escaped, so that it shows as it was said."""
    return "\n".join(_page(view(report))).rstrip() + "\n"


def escape(text: str) -> str:
    """A text that Markdown shows as it is."""
    return _LEADING.sub(_led, _SPECIAL.sub(r"\\\1", text))


def _led(match: re.Match[str]) -> str:
    return f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}"


def _page(page: View) -> Iterator[str]:
    yield f"# Coaching report: {escape(page.title)}"
    yield ""
    yield from (f"- {escape(f.label)}: {escape(f.value)}" for f in page.facts)
    yield ""
    if page.score is not None:
        yield f"**Score: {page.shown} of 100, {escape(page.band)}**"
    else:
        yield f"**Not scored.** {escape(page.not_scored)}"
    yield ""
    if page.score_remark:
        yield from (escape(page.score_remark), "")
    if page.outcome:
        yield from ("## How it ended", "", escape(page.outcome.sentence), "")
        for quote in page.outcome.quotes:
            yield from _quoted(quote)
        if page.outcome.remark:
            yield from (escape(page.outcome.remark), "")
    yield from _people(page)
    yield from _agents(page)
    yield from _ledger(page)
    yield from ("## What to work on next", "")
    if page.focus_remark:
        yield from (escape(page.focus_remark), "")
    for number, point in enumerate(page.focus, 1):
        yield from _focus(number, point)
    if not page.focus:
        yield from (escape(page.no_focus), "")
    yield from ("## What went well", "")
    for point in page.strengths:
        yield f"### {escape(point.title)} ({point.shown} of 100)"
        yield from ("", escape(point.sentence), "")
        if point.said:
            yield from _quoted(point.said)
    if not page.strengths:
        yield from (escape(page.no_strengths), "")
        if page.closest and page.closest.said:
            yield from (f"{escape(page.closest.title)}: {escape(page.closest.lead)}", "")
            yield from _quoted(page.closest.said)
    yield from ("## What was agreed", "")
    if page.actions:
        yield from _table(
            ("Who", "What", "By when", "Firm or soft", "Said"),
            ((a.who, a.what, a.when_due, a.firmness, _plain_said(a.said) + (f", {a.again}" if a.again else "")) for a in page.actions),
        )
    else:
        yield escape(page.no_actions)
    yield ""
    for recap in page.recaps:
        yield f"Recap at {recap.said.when}: “{escape(recap.said.quote)}” {escape(recap.sentence)}"
        yield from ("", *(f"- {escape(m)}" for m in recap.missed), "")
    yield from _perhaps(page)
    yield from ("## Scorecard", "", escape(page.scorecard_remark), "")
    for section in page.sections:
        yield f"### {escape(section.title)}: {section.shown}" + (f" (lost {section.cost} points)" if section.cost else "")
        yield ""
        if section.remark:
            yield from (escape(section.remark), "")
        yield from _table(("Item", "Effect", "Lost", "Score", "Found", "Called for", "Why"), map(_item, section.items))
        yield ""
    yield from ("## The customer's mood", "", escape(page.mood), "")
    if page.turnings:
        yield from (f"- {t.said.when}, it {t.direction}: “{escape(t.said.quote)}”" for t in page.turnings)
        yield ""
    yield from ("## The call in numbers", "")
    yield from _table(("What", "Value", "Meaning"), page.numbers)
    yield from ("", "## Every moment", "")
    for group in page.groups:
        yield from _group(group)
    if not page.groups:
        yield from ("None was found.", "")
    yield from ("## What this report rests on", "", *(f"- {escape(n)}" for n in (*page.evidence, *page.limits)))


def _people(page: View) -> Iterator[str]:
    if not page.people:
        return
    yield from ("## What people say", "", escape(page.people.sentence), "")
    for voice in page.people.lines:
        comment = f" “{escape(voice.comment)}”" if voice.comment else ""
        where = f" ({voice.when})" if voice.when else ""
        became = f" *{escape(voice.became)}*" if voice.became else ""
        yield f"- **{escape(voice.by)}** ({voice.role}, {voice.on}) {escape(voice.said)}: {escape(voice.about)}{where}.{comment}{became}"
    yield ""


def _agents(page: View) -> Iterator[str]:
    """Each of several agents with their own score."""
    if not page.agents:
        return
    yield from ("## Each agent", "", AGENTS_REMARK, "")
    yield from _table(("Agent", "From and to", "Score", "Lost most on"), page.agents)
    yield ""
    yield from (f"- {escape(text)}" for text in page.hand_overs)
    yield ""


def _ledger(page: View) -> Iterator[str]:
    """Where the points went: a table of the items, then each with its places."""
    if page.score is None:
        return
    yield from ("## Where the points went", "", f"**{page.total}**", "")
    if not page.ledger:
        return
    yield from _table(("Points", "What", "Places"), ((f"−{i.points}", i.title, str(len(i.lines))) for i in page.ledger))
    yield ""
    for item in page.ledger:
        yield from (f"### −{item.points} {escape(item.title)}", "", escape(item.sentence), "")
        for line in item.lines:
            yield from _lost(line, alone=len(item.lines) == 1)
        if item.earned_by:
            yield from (f"What would have kept the points: {escape(item.earned_by)}.", "")


def _lost(line: Lost, *, alone: bool) -> Iterator[str]:
    remarks = "; ".join(text for text in (line.what, line.sure) if text)
    points = "" if alone else f"−{line.points} · "
    if line.said is None:
        if not alone:
            yield from (f"- {points}{escape(sentence(remarks))}", "")
        return
    told = f" ({escape(remarks)})" if remarks else ""
    yield f"- {points}{line.said.when} {escape(line.said.who)}: **“{escape(line.said.quote)}”**{told}"
    if line.before:
        yield f"  - before: {_beside(line.before)}"
    yield from (f"  - then: {_beside(said)}" for said in line.after)
    if line.earned_by:
        yield f"  - would have kept the points: {escape(line.earned_by)}"
    if line.why:
        yield f"  - found because {escape(listed(line.why))}"
    yield ""


def _beside(said: Spoken) -> str:
    return f"{escape(said.who)}, {said.when}: {escape(said.text)}"


def _perhaps(page: View) -> Iterator[str]:
    if not page.perhaps:
        return
    yield from ("## Perhaps", "", PERHAPS, "")
    for each in page.perhaps:
        remarks = "; ".join(text for text in (each.title, each.what, each.sure) if text)
        yield f"- {each.said.when} {escape(each.said.who)}: “{escape(each.said.quote)}” ({escape(remarks)})"
    yield ""


def _focus(number: int, point: Point) -> Iterator[str]:
    yield f"### {number}. {escape(point.title)} ({f'−{point.points}' if point.points else f'{point.shown} of 100'})"
    yield ""
    yield escape(point.sentence)
    yield ""
    if point.lead:
        yield from (escape(point.lead), "")
    if point.said:
        yield from _quoted(point.said)
    if point.why:
        yield f"- Why it matters: {escape(point.why)}"
    if point.advice:
        yield f"- What to do: {escape(point.advice)}"
    yield ""


def _quoted(said: Quote) -> Iterator[str]:
    """A quote in its turn, after the turn that it answers or before the reply to it."""
    if said.prior:
        yield f"> {escape(said.prior.who)}, {said.prior.when}: {escape(said.prior.text)}"
        yield ">"
    yield f"> {escape(said.who)}, {said.when}: {escape(said.before)}**“{escape(said.quote)}”**{escape(said.after)}"
    if said.reply:
        yield ">"
        yield f"> {escape(said.reply.who)}, {said.reply.when}: {escape(said.reply.text)}"
    yield ""


def _group(group: Group) -> Iterator[str]:
    yield f"### {escape(group.title)} ({group.effect})"
    yield ""
    about = [escape(group.meaning)]
    if group.occasions:
        about.append(f"{escape(group.occasions)}.")
    if not group.scored:
        about.append("This rubric does not score it.")
    if group.reliability:
        about.append(f"Reliability of finding it: {escape(group.reliability)}.")
    yield from (" ".join(a for a in about if a), "")
    yield from (_moment(line) for line in group.lines)
    if not group.lines:
        yield "- The agent: none."
    yield from (_moment(line) for line in group.missed)
    yield from (f"{_moment(line)} (not the agent, not counted)" for line in group.others)
    yield ""


def _moment(line: Line) -> str:
    remarks = "; ".join(r for r in (line.kind, *line.remarks) if r)
    return f"- {line.said.when} {escape(line.said.who)}: “{escape(line.said.quote)}”" + (f" ({escape(remarks)})" if remarks else "")


def _plain_said(said: Quote) -> str:
    return f"“{said.quote}” {said.who}, {said.when}"


def _item(item: Item) -> Sequence[str]:
    return item.title, item.effect or "–", item.cost or "–", item.shown, item.found, item.called_for, item.why


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(' --- ' for _ in head)}|"
    for row in rows:
        yield f"| {' | '.join(escape(cell) for cell in row)} |"
