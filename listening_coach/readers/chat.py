"""CHAT (.cha), the format of TalkBank and CHILDES."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..transcript import Role
from . import times
from .parsed_call import ParsedCall
from .roles import role_of
from .source import Document
from .word_timing import align

_BULLET = re.compile("\x15(\\d+)_(\\d+)\x15|\u2022(\\d+)_(\\d+)\u2022|\\b_?(\\d+)_(\\d+)_?\\s*$")
_WORD_BULLET = re.compile("([^\\s\x15]+)\\s*\x15(\\d+)_(\\d+)\x15")
_CODES = (
    (re.compile(r"\[(?:=|%|\+|\^|!|\*|:{1,2}|//?/?|<|>|\?|#|e|-|\")[^\]]*\]"), ""),
    (re.compile(r"\((?:\.+|\d+(?:\.\d*)?)\)"), ""),
    (re.compile(r"&[=~*][^\s]*"), ""),
    (re.compile(r"&[-+]?(?=\w)"), ""),
    (re.compile(r"\b0\w*"), ""),
    (re.compile(r"\bxxx\b|\byyy\b|\bwww\b"), "[unclear]"),
    (re.compile(r"@[a-z:$]+\b"), ""),
    (re.compile(r"\((\w+)\)"), r"\1"),
    (re.compile(r"\+[/\"^,.!?+]*(?=[.!?]|\s|$)"), " "),
    (re.compile(r"[<>↑↓≈∆∇°⌈⌉⌊⌋„‡↫ˈˌ:]+(?=\s|$)|[<>↑↓≈∆∇°⌈⌉⌊⌋„‡↫ˈˌ]"), ""),
    (re.compile(r"_"), " "),
)
_GAP = re.compile(r"\s+(?=[.,?!;])")


def is_chat(doc: Document) -> bool:
    """Header lines @Begin or @UTF8, and lines that start with a star and a speaker's code."""
    start = doc.start_text.lstrip("\ufeff \n")
    return start.startswith(("@UTF8", "@Begin", "@Font", "@PID")) or (
        doc.suffix == ".cha" and re.search(r"^\*\w+:", start, re.MULTILINE) is not None
    )


def parse(doc: Document) -> Iterator[ParsedCall]:
    """The call of a CHAT file: a turn a main line, its codes taken out; times from its bullets and from %wor lines."""
    names: dict[str, str] = {}
    turns: list[dict[str, Any]] = []
    draft = ParsedCall(turns, metadata={})
    silent = 0
    for number, line in _logical_lines(doc.text):
        if line.startswith("@Participants:"):
            names = _participants(line.partition(":")[2])
        elif line.startswith("@Languages:"):
            draft.metadata["language"] = line.partition(":")[2].split(",")[0].strip() or None
        elif line.startswith("@Date:"):
            draft.started_at = _date(line.partition(":")[2].strip())
        elif line.startswith("@Media:"):
            draft.metadata["audio"] = line.partition(":")[2].split(",")[0].strip() or None
        elif line.startswith("*"):
            code, _, said = line[1:].partition(":")
            with _placed(doc, number):
                turn = _turn(code.strip(), said, names, number)
            if any(c.isalnum() for c in turn["text"]):
                turns.append(turn)
            else:
                # "0 ." is something done without a word.
                silent += 1
        elif line.startswith("%wor:") and turns:
            with _placed(doc, number):
                timed = [(m[1], times.millis(m[2]), times.millis(m[3])) for m in _WORD_BULLET.finditer(line)]
            turns[-1]["words"] = align(turns[-1]["text"], timed)
        elif not line.startswith(("@", "%")):
            raise doc.fail(
                f"{line[:60]!r} is no line of CHAT",
                at=f"line {number}",
                remedy="Lines start with @, * or %; a line that goes on starts with a tab.",
            )
    if silent:
        draft.metadata["skipped"] = {"no text": silent}
    yield draft


@contextmanager
def _placed(doc: Document, number: int) -> Iterator[None]:
    """Says of a time that cannot be in which line it stands."""
    try:
        yield
    except ValueError as error:
        raise doc.fail(f"a time is {error}", at=f"line {number}", remedy="Write milliseconds from the start of the recording.") from None


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with those that continue them, which start with a tab."""
    start, held = 0, ""
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), 1):
        if line[:1] in ("\t", " ") and held:
            held += " " + line.strip()
        elif line.strip():
            if held:
                yield start, held
            start, held = number, line.rstrip()
    if held:
        yield start, held


def _participants(text: str) -> dict[str, str]:
    """Code to name and role: "AGT Sarah Adult"."""
    found = {}
    for entry in text.split(","):
        parts = entry.split()
        if parts:
            found[parts[0]] = " ".join(parts[1:]) or parts[0]
    return found


def _turn(code: str, said: str, names: dict[str, str], number: int) -> dict[str, Any]:
    bullets = [tuple(times.millis(g) for g in m.groups() if g is not None) for m in _BULLET.finditer(said)]
    text = _BULLET.sub(" ", said)
    for pattern, instead in _CODES:
        text = pattern.sub(instead, text)
    text = _GAP.sub("", " ".join(text.split()))
    role = next(
        (r for r in (role_of(code), *(role_of(w) for w in (names.get(code, ""), *names.get(code, "").split()))) if r is not Role.UNKNOWN),
        None,
    )
    return {
        "place": f"line {number}",
        "speaker": code,
        "role": None if role is None else role.value,
        "text": text,
        "start": bullets[0][0] if bullets else None,
        "end": bullets[-1][1] if bullets else None,
    }


def _date(text: str) -> Any:
    from datetime import datetime

    try:
        return datetime.strptime(text.title(), "%d-%b-%Y")
    except ValueError:
        return times.moment(text)
