"""MicroDVD subtitles: a line a subtitle, with the frames at which it comes and goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from .captions import Cue, call_of_cues, cue
from .parsed_call import ParsedCall
from .source import Document

_LINE = re.compile(r"\{(\d{1,9})\}\{(\d{0,9})\}(.*)")
# How a subtitle looks: "{y:i}", "{c:$0000ff}", and a slash for italics at the start of a line.
_LOOKS = re.compile(r"\{[a-zA-Z]:[^}]*\}|(?<![^|])/")
# The first subtitle may say how many frames a second has.
_RATE = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?")
_FIRST_LINES = 5
# Only for which subtitles stand close to each other, where the file does not tell; no time is told by it.
_USUAL_RATE = 25.0


def is_microdvd(doc: Document) -> bool:
    """The first line starts with two frames in braces, and so do most of the next four."""
    lines = [line.strip() for line in doc.start_text.lstrip("\ufeff").split("\n")[:25] if line.strip()][:_FIRST_LINES]
    return bool(lines) and bool(_LINE.match(lines[0])) and 2 * sum(bool(_LINE.match(line)) for line in lines) > len(lines)


def microdvd(doc: Document) -> Iterator[ParsedCall]:
    """The call: a turn a subtitle, or a turn a speaker where it names several.

    Times are seconds where the first subtitle says how many frames a second has. Elsewhere they are left out, and the metadata say so.

    Raises:
        ReadError: a line has no frames.
    """
    found = list(_subtitles(doc))
    rate = _rate(found)
    if rate is not None:
        del found[0]
    spoken = [one for one in found if one[3].strip()]
    per_second = rate or _USUAL_RATE
    cues: list[Cue] = [
        cue(line, first / per_second, (first if last is None else last) / per_second, text) for line, first, last, text in spoken
    ]
    for (_, _, last, _), (before, after) in zip(spoken, pairwise(cues), strict=False):
        if last is None or after.start < before.end:
            before.end = max(before.start, after.start)
    parsed = call_of_cues(cues)
    if rate is None:
        for turn in parsed.turns:
            turn["start"] = turn["end"] = None
        parsed.metadata["times"] = "left out, since the file counts frames and does not say how many a second has"
    yield parsed


def _subtitles(doc: Document) -> Iterator[tuple[int, int, int | None, str]]:
    """Line, first and last frame, and text of each subtitle."""
    for number, line in enumerate(doc.text.lstrip("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise doc.fail(
                f"{line.strip()[:60]!r} has no frames", at=f"line {number}", remedy="Write {first}{last}text, such as {25}{75}Agent: Hello."
            )
        first, last, text = match.groups()
        yield number, int(first), int(last) if last else None, _LOOKS.sub("", text).replace("|", "\n")


def _rate(found: list[tuple[int, int, int | None, str]]) -> float | None:
    """Frames a second, as the first subtitle tells; None where it is speech."""
    text = found[0][3].strip()
    rate = float(text.replace(",", ".")) if found[0][1] in (0, 1) and _RATE.fullmatch(text) else 0.0
    return rate if rate > 1 else None
