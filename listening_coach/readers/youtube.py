"""Captions as YouTube hands them out: JSON with events, and XML with a text or a paragraph a caption."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from .captions import Cue, call_of_cues, cue
from .markup import root_of, tree_of
from .parsed_call import ParsedCall
from .source import Document


def is_events(doc: Document) -> bool:
    """An object with events that have segments and a start in milliseconds."""
    value = doc.value
    return isinstance(value, Mapping) and bool(_segments(value.get("events")))


def _segments(events: Any) -> list[Mapping[str, Any]]:
    rows = events if isinstance(events, list) else []
    return [e for e in rows if isinstance(e, Mapping) and isinstance(e.get("segs"), list) and isinstance(e.get("tStartMs"), int | float)]


def events(doc: Document) -> Iterator[ParsedCall]:
    """The call of captions as JSON (``fmt=json3``)."""
    found = [
        (
            e["tStartMs"] / 1000,
            (e.get("dDurationMs") or 0) / 1000,
            "".join(str(s.get("utf8", "")) for s in e["segs"] if isinstance(s, Mapping)),
        )
        for e in _segments(doc.value["events"])
    ]
    yield call_of_cues(_cues(found))


def is_captions(doc: Document) -> bool:
    """XML whose root is timedtext, or transcript with texts that have a start."""
    root = root_of(doc)
    return root == "timedtext" or (root == "transcript" and "<text " in doc.start_text and " start=" in doc.start_text)


def captions(doc: Document) -> Iterator[ParsedCall]:
    """The call of captions as XML: texts with a start and a duration in seconds, or paragraphs with both in milliseconds."""
    found = []
    for element in tree_of(doc).iter():
        unit, start, lasts = (1.0, "start", "dur") if element.tag == "text" else (1000.0, "t", "d")
        if element.tag not in ("text", "p") or element.get(start) is None:
            continue
        try:
            at, duration = float(element.get(start, "0")) / unit, float(element.get(lasts) or 0) / unit
        except ValueError:
            raise doc.fail("a caption has a time that is none", remedy="Fetch the captions again.") from None
        # The text is escaped once for XML and once more for a page.
        found.append((at, duration, html.unescape("".join(element.itertext()))))
    yield call_of_cues(_cues(found))


def _cues(found: Sequence[tuple[float, float, str]]) -> list[Cue]:
    """Cues of start, duration and text; a caption stays on the screen while the next is spoken, which is not counted."""
    spoken = [one for one in found if one[2].strip()]
    cues = [cue(number, start, start + lasts, text) for number, (start, lasts, text) in enumerate(spoken, 1)]
    for before, after in pairwise(cues):
        if before.start <= after.start < before.end:
            before.end = after.start
    return cues
