"""Plain text in the ways people write a talk down: a name and a colon, with or without times, or a line for the name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from ..transcript import Role
from . import times
from .field_names import names as field_names
from .field_names import plain_key
from .furniture import is_furniture
from .parsed_call import ParsedCall
from .roles import is_bot, role_of
from .sniff import text_kind
from .source import Document

_DATE = (
    r"(?:(?:[A-Z][a-z]{2,8},? )?[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4},?(?: at)?\s+|\d{1,2}\.? [A-Z][a-z]{2,8}\.?,? \d{4},?(?: at)?\s+"
    r"|\d{4}[-/.]\d{2}[-/.]\d{2}[T ,]\s*|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4},?\s+(?:à |às |klo |kl\.? |um |alle |om )?)?"
)
# A clock with points stands behind a date only.
_POINTED = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4},?\s+(?:klo |kl\.? ?)?\d{1,2}\.\d{2}(?:\.\d{2})?(?=\s*[-–\])]))"
_CLOCK = (
    rf"(?:{_POINTED}|{_DATE}" + r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,6}|[:;]\d{2})?+(?:Z|[+-]\d\d:\d\d|\s?[AaPp]\.?[Mm]\.?(?![A-Za-z]))?+)"
)
_RANGE = rf"(?P<start>{_CLOCK})(?:\s*(?:-{{1,2}}>|[-–—→]|to)\s*(?P<end>{_CLOCK}))?"
_COUNT = r"(?P<count>\d+(?:\.\d+)?)\s?(?:s|sec|seconds)?(?:\s*(?:-{1,2}>|[-–—→]|to)\s*(?P<until>\d+(?:\.\d+)?)\s?(?:s|sec|seconds)?)?"
_IN_BRACKETS = rf"[\[({{<`]{{1,2}}\s*(?:{_RANGE}|{_COUNT})\s*[\])}}>`]{{1,2}}"
_NAME = r"(?P<name>[^\W_](?:[^:\[\](){}<>|\t\n]|[\[(][^:\[\](){}\d]{1,40}[\])]){0,58}?)"
_LEAD = r"\s*(?:[-–•>#*]+\s+|\d{1,4}[.)]\s+|0\d{1,3}\s+)?(?:\*{1,3}|_{1,2}|>>)?\s*"
_M = r"(?:\*{1,3}|_{1,2})?"
# Labels as programs give them, which need no colon behind them.
_NUMBERED = (
    r"(?P<name>(?:(?:SPEAKER|Speaker|speaker|SPK|spk|CHANNEL|Channel|channel|PERSON|Person)[ _-]?\d{1,3}|[Uu]nknown [Ss]peaker|UNKNOWN))"
)


class _Form(NamedTuple):
    """A way of a line that starts a turn."""

    name: str
    pattern: re.Pattern[str]


def _form(name: str, pattern: str) -> tuple[str, str]:
    return name, _LEAD + pattern


# The surest first. A line is taken in the first form that fits; whether its name is one, the whole text decides.
_FORMS = (
    _form("time-name", rf"{_IN_BRACKETS}{_M}\s*[-–—|~]?\s*{_M}{_NAME}{_M}\s*:{_M}\s*(?P<text>.*)"),
    _form("time-name", rf"{_IN_BRACKETS}{_M}\s*[-–—|]?\s*<(?P<name>[^<>\n]{{1,60}})>\s*(?P<text>.*)"),
    _form("time-name", rf"{_RANGE}{_M}\s*[-–—|,~]?\s*{_M}[\[(<]?{_NAME}[\])>]?{_M}\s*:{_M}\s*(?P<text>.*)"),
    _form("time-name", rf"{_RANGE}\s*[-–—|,]?\s*[\[<](?P<name>[^\[\]<>\n]{{1,60}})[\]>]\s*(?P<text>.*)"),
    _form("name-time", rf"{_NAME}{_M}\s*:?\s*{_IN_BRACKETS}{_M}\s*[:\-–—]?{_M}\s*(?P<text>.*)"),
    _form("name-time", rf"{_NAME}{_M}\s*:\s+{_RANGE}\s{{2,}}(?P<text>\S.*)"),
    _form("name-time", rf"{_NAME}{_M}\s*:?[\s,|@\-–—]+{_RANGE}{_M}(?:\s*:{_M}\s+(?P<text>.*)|\s*:?\s*$)"),
    _form("bracket-time", rf"\[(?P<name>[^\[\]\n]{{1,60}})\]\s*[,:\-–—]?\s*[\[(]?{_RANGE}[\])]?\s*:?\s*(?P<text>.*)"),
    _form("time-name", rf"{_IN_BRACKETS}\s*[\[(<]?{_NUMBERED}[\])>]?\s*[:\-–—|]?\s+(?P<text>\S.*)"),
    _form("time-name", rf"{_RANGE}\s*[|,]?\s*[\[(<]?{_NUMBERED}[\])>]?\s*[:\-–—|]?\s+(?P<text>\S.*)"),
    _form("time-name", rf"(?P<count>\d+\.\d+)s?[\s,]+(?:-+>?\s*)?(?P<until>\d+\.\d+)s?[\s,|]+[\[(<]?{_NUMBERED}[\])>]?\s*[:|]?\s+(?P<text>\S.*)"),
    _form("time-name", rf"(?P<count>\d+\.\d+)s?[\s,]+(?P<until>\d+\.\d+)s?[\s,|]+{_NAME}\s*:\s+(?P<text>\S.*)"),
    _form("time-dash", rf"{_IN_BRACKETS}{_M}\s*[-–—|,]?\s*{_NAME}\s*(?:\s[-–—]\s|\||\t)\s*(?P<text>\S.*)"),
    _form("time-dash", rf"{_RANGE}{_M}\s*[-–—|,]?\s*{_NAME}\s*(?:\s[-–—]\s|\||\t)\s*(?P<text>\S.*)"),
    _form("time", rf"{_IN_BRACKETS}{_M}\s*[-–—:|]?\s*(?P<text>.*)"),
    _form("time", rf"{_RANGE}{_M}\s*(?:[-–—:|]?\s+(?P<text>.*)|:?$)"),
    _form("bracket", r"\[(?P<name>[Ss]peaker: ?\w{1,3})\]\s*:?\s*(?P<text>\S.*)"),
    _form("bracket", r"[\[<](?P<name>[^\W\d_][^\[\]<>\n:]{0,58})[\]>]\s*:\s*(?P<text>.*)"),
    _form("bracket", r"[\[<](?P<name>[^\W\d_][^\[\]<>\n:]{0,58})[\]>]\s+(?P<text>\S.*)"),
    _form("paren", r"\((?P<name>[^\W\d_][^()\n:]{0,58})\)\s*:?\s*(?P<text>.*)"),
    _form("name", rf"{_NAME}{_M}\s*[:：]{_M}(?:\s+(?P<text>.*)|(?P<close>[^\s/\d].*)|$)"),
    _form("qa", r"(?P<name>[QA])[.:]?\s+(?P<text>[A-Z0-9\"“].*)"),
    _form("dash", rf"{_NAME}\s*(?:\s[-–—]\s|>\s|\||\t)\s*(?P<text>\S.*)"),
    _form("alone", r"(?P<name>[^\W_][^:\n]{0,40}?)\s*"),
)  # fmt: skip
# Names that are none: what a line of notes or a heading starts with before its colon.
_NO_NAMES = frozenset((
    "address", "agenda", "agent_name", "answer", "attendees", "call", "call_date", "call_id", "cc", "channel", "chapter",
    "customer_name", "date", "debug", "duration", "email", "end", "end_time", "ended", "error", "example", "file", "fw", "fwd", "http",
    "https", "id", "info", "language", "location", "name", "note", "notes", "number", "option", "order", "part", "participants",
    "phone", "price", "ps", "question", "queue", "re", "reason", "recording", "result", "section", "start", "start_time", "started",
    "status", "step", "subject", "summary", "time", "title", "to", "topic", "total", "transcript", "warning", "usage", "license", "licence",
    "installation", "install", "requirements", "todo", "fixed", "added", "changed", "removed", "see", "features", "overview", "version", "tip", "faq",
    "first", "second", "third", "then", "next", "finally", "lastly", "author", "present", "serves", "method", "ingredients",
))  # fmt: skip
_HEADER_KEYS = frozenset((
    "account", "agent_id", "agent_name", "attendees", "call", "call_date", "call_duration", "call_id", "call_time", "call_type", "case",
    "case_id", "channel", "company", "conversation_id", "customer_id", "customer_name", "date", "direction", "disposition", "duration",
    "end_time", "ended", "file", "id", "interaction_id", "language", "location", "meeting", "meeting_id", "participants", "queue",
    "recording", "session_id", "source", "start_time", "started", "started_at", "subject", "ticket", "ticket_id", "time", "title",
    "topic", "transcript",
))  # fmt: skip
_SPEAKER_LIKE = re.compile(
    r"(?i:speaker|spk|spkr|person|participant|channel|voice|talker|party|unidentified speaker|unknown speaker)[ _#:-]*(?:\d{1,3}|[A-Z])"
    r"|(?i:s|p|ch)[ _#-]*\d{1,3}|(?i:unknown speaker|unidentified speaker)|[A-Z]|[AQ]\d?",
)
_MOST_UNLABELLED = 0.3
# Of captions many go on with what was said before.
_MOST_NAMELESS_CUES = 0.6
# In a text of more lines than this a speaker comes more than once.
_SHORT_TEXT = 8
# What people say fills at least this share of a transcript's lines.
_LEAST_SPOKEN = 0.05
_LEAST_SPOKEN_IN_NOTES = 0.3
_LEAST_TIMED = 0.3
# A line of fewer words above the talk is a heading.
_HEADING_WORDS = 3
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE_LIKE = re.compile(rf"(?:\w+day,? )?{_MONTH}\.? \d{{1,2}}\b.*|\d{{1,2}}\.? {_MONTH}\b.*", re.IGNORECASE)
# A meeting's saved chat: "From Jane Doe to Everyone".
_CHAT_NAME = re.compile(r"From\s+(\S.*?)(?:\s+to\s+\S.*)?")
_PROPER = re.compile(r"[^\W\d_]{2,}\.?|[A-Z]\.|of|de|van|von|la|der|[-&'’/]|\d+|\([^)]*\)")


# A heading or a line in bold that holds nothing but a name.
_HEADING = ("heading", r"\s*(?:#{1,6}\s+(?:\*\*)?|\*\*|__)(?P<name>[^\W_][^:\n*_#|]{0,40}?)\s*:?(?:\*\*|__)?:?\s*")


@cache
def _forms() -> tuple[_Form, ...]:
    """The forms, compiled when the first text is read."""
    return tuple(_Form(name, re.compile(pattern)) for name, pattern in (_HEADING, *_FORMS))


class _Label(NamedTuple):
    form: str
    name: str | None
    start: str | None
    end: str | None
    text: str
    rest: str = ""


# A name between two signs: "#Person1#:".
_SIGNED = re.compile(r"^\s*#(\w[\w ]{0,20})#\s*:")


def _label(line: str) -> _Label | None:
    if line.lstrip().startswith("#"):
        line = _SIGNED.sub(r"\1:", line)
    for form in _forms():
        match = form.pattern.fullmatch(line)
        if match is None:
            continue
        parts = match.groupdict()
        name = parts.get("name")
        name = name.strip(" *_-–—,|") if name else None
        if parts.get("name") and (not name or len(name.split()) > 7):
            continue
        if form.name == "alone" and not (name and (_is_role(name) or (len(name) > 1 and _SPEAKER_LIKE.fullmatch(name)))):
            continue
        chat = _CHAT_NAME.fullmatch(name) if name and parts.get("start") else None
        return _Label(
            form.name,
            chat[1] if chat else name,
            parts.get("start") or parts.get("count"),
            parts.get("end") or parts.get("until"),
            (parts.get("text") or parts.get("close") or "").strip(),
            line[match.start("name") :].strip() if name else "",
        )
    return None


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _names(labels: Sequence[_Label | None], most_unlabelled: float = _MOST_UNLABELLED) -> set[str]:
    """Which of the names before a colon are speakers, judged by the whole text."""
    timed = Counter(_key(x.name) for x in labels if x is not None and x.name and x.form in ("time-name", "bracket-time", "name-time"))
    plain = Counter(_key(x.name) for x in labels if x is not None and x.name and x.form == "name")
    loose = Counter(_key(x.name) for x in labels if x is not None and x.name and x.form in ("bracket", "dash", "time-dash", "paren"))
    alone = Counter(_key(x.name) for x in labels if x is not None and x.name and x.form == "alone")
    asked = Counter(_key(x.name) for x in labels if x is not None and x.name and x.form == "qa")
    spelled = {_key(x.name): x.name for x in labels if x is not None and x.name}
    sure = {n for n in timed if (plain_key(n) not in _HEADER_KEYS or timed[n] > 1) and not _DATE_LIKE.fullmatch(n)}
    mostly_timed = sum(timed.values()) > sum(plain.values())
    # Where many lines are no labels, a word before a colon that comes once is rather what somebody said.
    many_unlabelled = sum(x is None for x in labels) > most_unlabelled * len(labels) and (
        max(plain.values(), default=0) > 1 or len(labels) > _SHORT_TEXT
    )
    for name, count in plain.items():
        if name in sure or _is_role(name) or _is_machine(name) or _SPEAKER_LIKE.fullmatch(name):
            sure.add(name)
        elif plain_key(name) in _NO_NAMES or mostly_timed or _is_sentence(spelled[name]):
            continue
        elif (count > 1 and (len(name.split()) < 3 or _is_proper(spelled[name]))) or (_is_proper(spelled[name]) and not many_unlabelled):
            sure.add(name)
    likely = {n for n in loose if _is_role(n) or _SPEAKER_LIKE.fullmatch(n)}
    if sum(loose[n] for n in likely) > 1:
        sure |= likely
    # A word alone on a line is a name where what was said stands on lines of its own between.
    if not sure and len(alone) > 1 and sum(alone.values()) > 2 and sum(alone.values()) <= sum(x is None for x in labels) + 1:
        sure.update(alone)
    if not sure and min(asked["q"], asked["a"]) > 1:
        sure.update(asked)
    columns = Counter(_key(x.name) for x in labels if x is not None and x.name and x.form == "time-dash" and _is_proper(x.name))
    if not sure and len(columns) > 1 and sum(columns.values()) > max(2 * len(columns) - 1, 0.6 * len(labels)):
        sure.update(columns)
    headings = Counter(_key(x.name) for x in labels if x is not None and x.name and x.form == "heading")
    sure.update([n for n, count in headings.items() if _is_role(n) or (count > 1 and not sure)])
    bracketed = Counter(
        _key(x.name) for x in labels if x is not None and x.name and (x.form == "bracket" or (x.form == "paren" and _is_proper(x.name)))
    )
    if not sure and sum(bracketed.values()) > 1 and len(bracketed) < sum(bracketed.values()):
        sure.update(bracketed)
    return sure


_SENTENCE_INSIDE = re.compile(r"(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bSt)(?<!\bJr)(?<!\b[A-Z])[.!?]\s")


def _is_sentence(name: str) -> bool:
    """Whether what stands before a colon ends one sentence and begins another."""
    return _SENTENCE_INSIDE.search(name) is not None


def _is_role(name: str) -> bool:
    return role_of(name) is not Role.UNKNOWN or is_bot(name)


def _is_machine(name: str) -> bool:
    """Whether what stands before a colon is a program's part, whose lines nobody says: "agent-action"."""
    return plain_key(name) in field_names().kinds["machine_roles"] - _SPEAKING


# Words that people have before a colon too.
_SPEAKING = frozenset(("action", "function", "tool", "developer", "instructions", "prompt", "observation"))


def _is_proper(name: str) -> bool:
    """Whether every word of a name has a capital, as names and headings have and sentences have not."""
    words = name.split()
    return (
        len(words) <= 4
        and all(w[:1].isupper() or w[:1] in "(&-'" or w in ("of", "de", "van", "von") for w in words)
        and all(map(_PROPER.match, words))
    )


def is_plain(doc: Document) -> bool:
    """Some lines start with a speaker's name or a time."""
    if doc.looks_json or not is_talk(doc.start_text):
        return False
    what = text_kind(doc.start_text, doc.suffix if doc.suffix in (".yaml", ".yml") else "")
    if what is None or not what.name.startswith("a page of notes"):
        return what is None
    labels = [_label(line) for line in doc.start_text.split("\n") if line.strip()]
    names = _names(labels)
    return sum(x is not None and x.name is not None and _key(x.name) in names for x in labels) >= _LEAST_SPOKEN_IN_NOTES * len(labels)


def is_talk(text: str) -> bool:
    """Whether some lines of a text start with a speaker's name or a time."""
    text = text.translate(_MARKS)
    labels = [_label(line) for line in text.split("\n") if line.strip()]
    names = _names(labels)
    spoken = [x for x in labels if x is not None and x.name is not None and _key(x.name) in names]
    timed = sum(x is not None and x.start is not None for x in labels)
    lines = [line for line in text.split("\n") if line.strip()]
    if timed > 1 and (timed >= _LEAST_TIMED * len(labels) or _time_lines_name(lines, labels)):
        return True
    if not spoken or len(spoken) < _LEAST_SPOKEN * len(labels):
        return is_one_line_talk(text)
    # A name that tells no role may be a heading: of several lines that come once each, one at least is more than that.
    told = any(_is_role(x.name or "") or _SPEAKER_LIKE.fullmatch(x.name or "") or is_bot(x.name or "") for x in spoken)
    others = len(labels) - len(spoken)
    # A heading or a field of notes stands among lines without a name.
    is_short = len(labels) <= _SHORT_TEXT and (others <= len(spoken) or len(names) == 2 or len(labels) == 2)
    return told or is_short or len(spoken) > len(names)


_INLINE = re.compile(
    r"(?:^|(?<=[\s.?!\"”>|]))(?P<name>(?:[A-Z][a-z]+ )?(?:agent|customer|caller|client|user|assistant|bot|human|rep|representative|advisor|operator|csr|support"
    r"|member|patient|doctor|nurse|visitor|guest|ai)(?: ?\d)?|speaker[ _]?\w{1,2}|spk_\d|SPEAKER_\d\d)\s*:\s*",
    re.IGNORECASE,
)
_FEWEST_INLINE = 3


def is_one_line_talk(text: str) -> bool:
    """Whether a single line holds several turns, each behind its speaker: "Agent: Hello. Customer: Hi. Agent: …"."""
    if "\n" in text.strip() or text.count(":") < _FEWEST_INLINE:
        return False
    found = list(_INLINE.finditer(text))
    return len(found) >= _FEWEST_INLINE and found[0].start() < 20 and len({m["name"].casefold() for m in found}) > 1


def parse(doc: Document) -> Iterator[ParsedCall]:
    """The call in a text; lines without a label continue the turn before.

    A text without any label, which only ``format="text"`` brings here, has a turn a paragraph.
    """
    lines = _name_lines_joined([line.translate(_MARKS) for line in doc.text.lstrip("\ufeff").split("\n")])
    inline = _inline_turns(lines)
    if inline is not None:
        yield ParsedCall(inline)
        return
    labels = [_label(line) if line.strip() else None for line in lines]
    header = _header_lines(lines, labels)
    names = _names([label for line, label in zip(lines[header:], labels[header:], strict=True) if line.strip()])
    turns: list[dict[str, Any]] = []
    stamps: list[tuple[times.Stamp | None, times.Stamp | None]] = []
    before: list[str] = [line.strip() for line in lines[:header] if line.strip()]
    pending: tuple[str | None, str | None, int] | None = None
    skipped = 0
    in_notes = False
    named_times = _time_lines_name(lines, labels)
    # Names on lines of their own count where the text has no other labels.
    by_line = all(x is None or x.form == "alone" or x.name is None or _key(x.name) not in names for x in labels[header:])
    for number, (line, found) in enumerate(zip(lines[header:], labels[header:], strict=True), header + 1):
        if not line.strip() or (turns and not line.strip(_RULES)):
            continue
        if turns and _begins_notes(line, found):
            in_notes = True
        elif found is not None and found.name is not None and _key(found.name) in names:
            in_notes = False
        if in_notes or (turns and found is None and is_furniture(line, headings=True)):
            skipped += 1
            continue
        label = found
        if label is not None and label.form == "time" and named_times and label.text:
            label = label._replace(name=label.text.strip(" :-–—"), text="")
        elif label is not None and label.name is not None and (_key(label.name) not in names or (label.form == "alone" and not by_line)):
            label = label._replace(form="time", name=None, text=label.rest) if label.form == "time-dash" else None
        if label is None:
            if (pending is not None and not turns) or pending is not None:
                turns.append({"place": f"line {pending[2]}", "text": line.strip()})
                stamps.append(_stamps(doc, pending[0], pending[1], pending[2]))
                pending = None
            elif turns:
                turns[-1]["text"] = f"{turns[-1]['text']} {line.strip()}".strip()
            else:
                before.append(line.strip())
            continue
        if label.form == "time" and label.name is None and not label.text:
            pending = (label.start, label.end, number)
            continue
        if (label.text and is_furniture(label.text)) or (label.name is not None and _is_machine(label.name)):
            skipped += 1
            continue
        start, end = label.start, label.end
        if start is None and pending is not None:
            start, end = pending[0], pending[1]
        pending = None
        record: dict[str, Any] = {"place": f"line {number}", "text": label.text}
        if label.name is not None:
            record["speaker"] = label.name
        turns.append(record)
        stamps.append(_stamps(doc, start, end, number))
    if not turns and before:
        turns, stamps, before = _paragraphs(lines)
    while (
        len(turns) > 2
        and "speaker" not in turns[0]
        and len(turns[0]["text"].split()) < _HEADING_WORDS
        and all("speaker" in t for t in turns[1:])
    ):
        before.append(turns.pop(0)["text"])  # a date with a length above a talk whose turns all have names
        del stamps[0]
    _one_spelling(turns)
    parsed = _draft(*_without_notices(turns, stamps), before)
    skipped += len(turns) - len(parsed.turns)
    if skipped:
        parsed.metadata["skipped"] = {"notice": skipped}
    parsed.turns = _newest_last(parsed.turns)
    yield parsed


# What a program or a person writes below a transcript.
_NOTES = frozenset((
    "summary", "call_summary", "ai_summary", "executive_summary", "overview", "action_items", "actions", "next_steps", "follow_up", "follow_ups", "notes",
    "call_notes",
    "key_points", "takeaways", "key_takeaways", "highlights", "outcome", "disposition", "sentiment", "topics", "tags", "metadata", "evaluation",
    "analysis", "wrap_up",
))  # fmt: skip
_NOTES_HEADING = re.compile(r"\s*(?:#{1,6}\s+|\*\*|__)?([A-Za-z][\w -]{2,30}?)\s*:?\s*(?:\*\*|__)?:?\s*")


def _begins_notes(line: str, label: _Label | None) -> bool:
    """Whether a line is the heading of notes on the talk, which nobody says."""
    match = _NOTES_HEADING.fullmatch(line)
    told = label is not None and label.form == "name" and label.name is not None and plain_key(label.name) in _NOTES
    return told or (match is not None and plain_key(match[1]) in _NOTES and not line.rstrip().endswith((".", "?", "!")))


def _without_notices(turns: list[dict[str, Any]], stamps: list[_Stamps]) -> tuple[list[dict[str, Any]], list[_Stamps]]:
    """The turns without notices, and without lines that name nobody in an export that dates and names every message."""
    dated = sum(start is not None and start.kind is times.Kind.DATE for start, _ in stamps)
    named = sum("speaker" in turn for turn in turns)
    exported = dated > 0.8 * len(turns) and named > 0.5 * len(turns)
    kept = [n for n, turn in enumerate(turns) if not is_furniture(turn["text"]) and ("speaker" in turn or not exported)]
    return [turns[n] for n in kept], [stamps[n] for n in kept]


def _newest_last(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The turns as spoken: a list that begins with the newest is turned round."""
    starts = [turn["start"] for turn in turns if turn.get("start") is not None]
    if len(starts) < len(turns) or len(starts) < 3 or any(b > a for a, b in pairwise(starts)) or starts[0] == starts[-1]:
        return turns
    return turns[::-1]


_Stamps = tuple[times.Stamp | None, times.Stamp | None]
_RULES = " \t-=_*~#–—.>|"
# Marks of direction that chat exports put at the beginning of lines, and narrow blanks in times.
_MARKS = str.maketrans({"\u200e": "", "\u200f": "", "\u202a": "", "\u202c": "", "\u202f": " ", "\u00a0": " "})
_TIME_ONLY = re.compile(rf"\s*[\[(]?{_RANGE}[\])]?\s*")


def _name_lines_joined(lines: list[str]) -> list[str]:
    """The lines; where a time, a name and what is said stand on lines of their own, these on one line, the others blank."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    clocks = [at for at, number in enumerate(filled) if _TIME_ONLY.fullmatch(lines[number])]
    if len(clocks) < 2 or len(clocks) < _LEAST_CLOCK_LINES * len(filled):
        return lines
    # The name stands before the time or behind it.
    for step in (-1, 1):
        places = [
            (filled[at], filled[at + step], filled[at + max(step, 0) + 1])
            for at in clocks
            if at + step >= 0 and at + max(step, 0) + 1 < len(filled)
        ]
        counts = Counter(lines[name].strip() for _, name, _ in places)
        # A name comes again; a heading above a date does not.
        places = [place for place in places if counts[lines[place[1]].strip()] > 1]
        if len(places) < max(2, 0.6 * len(clocks)) or not all(_may_be_name(lines[name].strip().rstrip(":")) for _, name, _ in places):
            continue
        found = list(lines)
        for clock, name, text in places:
            found[text] = f"{lines[clock].strip().strip('[]()')} {lines[name].strip().rstrip(':').strip('*_')}: {lines[text].strip()}"
            found[clock] = found[name] = ""
        return found
    return lines


_LEAST_CLOCK_LINES = 0.2


def _may_be_name(line: str) -> bool:
    return (
        len(line.split()) <= 5
        and not line.endswith((".", "?", "!", ","))
        and any(c.isalpha() for c in line)
        and not _TIME_ONLY.fullmatch(line)
    )


def _inline_turns(lines: Sequence[str]) -> list[dict[str, Any]] | None:
    """The turns of a text that has them all on one line; None for other texts."""
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if len(filled) != 1 or not is_one_line_talk(filled[0][1]):
        return None
    number, line = filled[0]
    marks = list(_INLINE.finditer(line))
    ends = [m.start() for m in marks[1:]] + [len(line)]
    turns = [
        {"place": f"line {number}, column {m.start() + 1}", "speaker": m["name"], "text": line[m.end() : end].strip(" |")}
        for m, end in zip(marks, ends, strict=True)
    ]
    _one_spelling(turns)
    return [turn for turn in turns if turn["text"]]


def _stamps(doc: Document, start: str | None, end: str | None, number: int) -> tuple[times.Stamp | None, times.Stamp | None]:
    try:
        return times.stamp(start), times.stamp(end)
    except ValueError as error:
        raise doc.fail(f"{error} is no time", at=f"line {number}", remedy="Write hh:mm:ss.") from None


def _draft(turns: list[dict[str, Any]], stamps: list[tuple[times.Stamp | None, times.Stamp | None]], before: Sequence[str]) -> ParsedCall:
    known = [start for start, _ in stamps if start is not None]
    zero = times.zero(known, 0, 1.0)
    for turn, (start, end) in zip(turns, stamps, strict=True):
        turn["start"], turn["end"] = zero.seconds(start), zero.seconds(end)
    draft = ParsedCall(turns, started_at=zero.date)
    if before:
        draft.metadata["header"] = list(before)
        for line in before:
            key, _, value = line.partition(":")
            name, value = plain_key(key), value.strip()
            if name in ("call_id", "conversation_id", "interaction_id", "session_id") and value:
                draft.id = value
            elif name in field_names().lists["language"] and value:
                draft.metadata["language"] = value
            elif name in (*field_names().lists["started"], "time") and draft.started_at is None:
                draft.started_at = times.moment(value)
            elif value and role_of(key.removesuffix(" name").removesuffix(" Name")) is not Role.UNKNOWN:
                # "Agent: Sarah" above the talk says who Sarah is.
                for turn in turns:
                    if _key(turn.get("speaker", "")) in (_key(value), _key(value.split()[0])):
                        turn["role"] = role_of(key.removesuffix(" name").removesuffix(" Name")).value
    return draft


def _header_lines(lines: Sequence[str], labels: Sequence[_Label | None]) -> int:
    """How many lines at the top are about the call: fields such as "Call ID: 7", ended by a blank line or a rule."""
    end = 0
    seen = False
    for number, (line, label) in enumerate(zip(lines, labels, strict=True)):
        plain = line.strip()
        if not plain or set(plain) <= set("-=_*~#"):
            if seen or plain:
                end = number + 1
            continue
        key = plain_key(plain.partition(":")[0]) if ":" in plain else ""
        if key in _HEADER_KEYS:
            seen, end = True, number + 1
        elif not (
            seen and label is not None and label.form == "name" and len(plain) < 60 and end == number and not _block_is_talk(labels, number)
        ):
            break
        else:
            end = number + 1
    return end if seen else 0


def _block_is_talk(labels: Sequence[_Label | None], number: int) -> bool:
    """Whether a name at the top comes again further down, so that its line is a turn."""
    label = labels[number]
    return (
        label is None
        or label.name is None
        or sum(x is not None and x.name is not None and _key(x.name) == _key(label.name) for x in labels) > 1
    )


def _time_lines_name(lines: Sequence[str], labels: Sequence[_Label | None]) -> bool:
    """Whether what stands after a time alone on its line is the speaker's name: the same few, again and again."""
    rests = [_key(x.text) for x in labels if x is not None and x.form == "time" and x.text]
    names = set(rests)
    short = all(len(n.split()) <= 4 and not n.endswith((".", "?", "!", ",")) for n in names)
    others = sum(bool(line.strip()) and (x is None or x.form == "dash") for line, x in zip(lines, labels, strict=True))
    return len(rests) > 1 and short and len(names) <= max(2, len(rests) // 2) and others >= len(rests) // 2 and others > 0


def _paragraphs(lines: Sequence[str]) -> tuple[list[dict[str, Any]], list[tuple[times.Stamp | None, times.Stamp | None]], list[str]]:
    turns: list[dict[str, Any]] = []
    fresh = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            fresh = True
        elif fresh:
            turns.append({"place": f"line {number}", "text": line.strip()})
            fresh = False
        else:
            turns[-1]["text"] += " " + line.strip()
    return turns, [(None, None)] * len(turns), []


def _one_spelling(turns: Sequence[dict[str, Any]]) -> None:
    """The same name in other letters ("AGENT", "Agent") is the same speaker, spelled as first met."""
    first: dict[str, str] = {}
    for turn in turns:
        if "speaker" in turn:
            turn["speaker"] = first.setdefault(_key(turn["speaker"]), turn["speaker"])


def speaker_prefix(texts: Sequence[str]) -> Callable[[str], list[tuple[str | None, str]]]:
    """For the lines of a call's captions: what splits one caption into speakers and texts, None for a text that names nobody.

    A word alone on a line is what somebody says, never a name.
    """
    labels = [_label(line) for text in texts for line in text.split("\n")]
    names = _names([x if x is not None and x.form != "alone" else None for x in labels], _MOST_NAMELESS_CUES)
    first: dict[str, str] = {}

    def split(text: str) -> list[tuple[str | None, str]]:
        found: list[tuple[str | None, str]] = []
        for line in text.split("\n"):
            label = _label(line)
            named = label is not None and label.name is not None and label.start is None and label.form != "alone"
            if label is not None and label.name is not None and named and _key(label.name) in names:
                found.append((first.setdefault(_key(label.name), label.name), label.text))
            elif found:
                found[-1] = (found[-1][0], f"{found[-1][1]} {line}".strip())
            else:
                found.append((None, line))
        return found

    return split
