"""What Rev and Rev.ai write."""

from __future__ import annotations

from collections.abc import Iterator

from . import times
from .models import Lax, build
from .parsed_call import ParsedCall
from .rows import speaker_name
from .source import Document


class _Element(Lax):
    type: str
    value: str = ""
    ts: float | None = None
    end_ts: float | None = None
    timestamp: str | None = None
    end_timestamp: str | None = None


class _SpeakerInfo(Lax):
    id: int | str | None = None
    display_name: str | None = None


class _Monologue(Lax):
    elements: tuple[_Element, ...]
    speaker: int | str | None = None
    speaker_name: str | None = None
    speaker_info: _SpeakerInfo | None = None


class _Speaker(Lax):
    id: int | str
    name: str | None = None


class _Rev(Lax):
    monologues: tuple[_Monologue, ...]
    speakers: tuple[_Speaker, ...] | None = None


def is_revai(doc: Document) -> bool:
    """A list monologues of elements."""
    return isinstance(doc.value, dict) and isinstance(doc.value.get("monologues"), list)


def revai(doc: Document) -> Iterator[ParsedCall]:
    """The call: a turn a monologue, its elements joined as they stand."""
    call = build(doc, doc.value, _Rev)
    names = {str(s.id): s.name for s in call.speakers or () if s.name}
    turns = []
    for index, monologue in enumerate(call.monologues):
        place = f"$.monologues[{index}]"
        text, words = _joined(doc, monologue.elements, place)
        info = monologue.speaker_info or _SpeakerInfo()
        name = monologue.speaker_name or info.display_name or names.get(str(monologue.speaker))
        if name is None and monologue.speaker is not None:
            name = speaker_name(monologue.speaker)
        turns.append({"place": place, "speaker": name, "text": text, "words": words})
    yield ParsedCall(turns, by_time=False)


def _joined(doc: Document, elements: tuple[_Element, ...], place: str) -> tuple[str, list[tuple[str, float, float]]]:
    """Text and words; an element "punct" is a mark or the space between words."""
    words: list[tuple[str, float, float]] = []
    pieces: list[str] = []
    open_word = False
    for n, element in enumerate(elements):
        pieces.append(element.value)
        if element.type == "punct":
            if element.value.strip() and open_word and words and not element.value[:1].isspace():
                text, start, end = words[-1]
                words[-1] = (text + element.value.rstrip(), start, end)
            open_word = open_word and not element.value[-1:].isspace()
            continue
        at = f"{place}.elements[{n}]"
        first, last = _time(doc, element.ts, element.timestamp, at), _time(doc, element.end_ts, element.end_timestamp, at)
        open_word = first is not None and last is not None and bool(element.value.strip())
        if first is not None and last is not None and element.value.strip():
            words.append((element.value.strip(), first, last))
    return " ".join("".join(pieces).split()), words


def _time(doc: Document, seconds: float | None, clock: str | None, place: str) -> float | None:
    if seconds is not None or clock is None:
        return seconds
    try:
        stamp = times.stamp(clock)
    except ValueError:
        raise doc.fail(f"{clock!r} is no time", at=place, remedy="Write it as 00:00:01,200.") from None
    return None if stamp is None else stamp.value
