"""Messages that each stand below lines about them, as programs save chats as text: From, Sent, a blank line, what was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from . import times
from .parsed_call import ParsedCall
from .source import Document

_FIELD = re.compile(
    r"(From|Sender|Author|Type|Direction|Sent|Date|Received|Time|To|Status|Attachment|Edited|Version)[ \t]*:[ \t]*(.*)", re.IGNORECASE
)
_WHO, _WHEN = ("from", "sender", "author"), ("sent", "date", "time", "received")
_SIDES = ("type", "direction")
# A telephone number behind a name says nothing that the name does not.
_NUMBER = re.compile(r"\s*\(\+?[\d\s-]{5,}\)$")
_FEWEST = 2


def _blocks(text: str) -> list[tuple[int, dict[str, str], str]]:
    """Each message: the number of its first line, its fields, and its text."""
    found: list[tuple[int, dict[str, str], list[str]]] = []
    in_head = False
    for number, line in enumerate(text.split("\n"), 1):
        match = _FIELD.fullmatch(line.strip())
        name = match[1].casefold() if match else ""
        if name in _WHO and not in_head:
            found.append((number, {}, []))
            in_head = True
        if not found:
            continue
        if in_head and match:
            found[-1][1].setdefault(name, match[2].strip())
        elif not line.strip():
            in_head = False
        else:
            in_head = False
            found[-1][2].append(line.strip())
    return [(number, fields, " ".join(lines)) for number, fields, lines in found if fields]


def is_blocks(doc: Document) -> bool:
    """Several messages, each below lines that say from whom it is and when it was sent."""
    if doc.looks_json:
        return False
    found = _blocks(doc.start_text)
    dated = [fields for _, fields, _ in found if any(name in fields for name in _WHEN)]
    senders = {fields[name] for fields in dated for name in _WHO if name in fields}
    return len(dated) >= _FEWEST and len(dated) > 0.8 * len(found) and len(senders) < max(_FEWEST + 1, len(dated))


def parse(doc: Document) -> Iterator[ParsedCall]:
    """The call of such messages.

    Raises:
        ReadError: a date is none.
    """
    turns: list[dict[str, Any]] = []
    stamps: list[times.Stamp | None] = []
    for number, fields, text in _blocks(doc.text):
        said = next((fields[name] for name in _WHO if name in fields), "")
        when = next((fields[name] for name in _WHEN if name in fields), None)
        record: dict[str, Any] = {"place": f"line {number}", "speaker": _NUMBER.sub("", said) or None, "text": text}
        side = next((fields[name] for name in _SIDES if name in fields), None)
        if side is not None:
            record["role"] = side
        try:
            stamps.append(times.stamp(when))
        except ValueError:
            raise doc.fail(f"{when!r} is no date"[:120], at=f"line {number}", remedy="Write it as 2026-03-04 14:00:05.") from None
        turns.append(record)
    zero = times.zero([s for s in stamps if s is not None], 0, 1.0)
    for record, stamp in zip(turns, stamps, strict=True):
        record["start"] = zero.seconds(stamp)
    yield ParsedCall([t for t in turns if t["text"]], started_at=zero.date)
