"""The line formats of speech research: RTTM with a text, STM, CTM."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from .parsed_call import ParsedCall
from .source import Document
from .word_timing import CHANNEL_PAUSE_S, Item, stretches

_RTTM_TYPES = {
    "SPEAKER",
    "LEXEME",
    "SPKR-INFO",
    "NON-LEX",
    "NON-SPEECH",
    "NOSCORE",
    "SEGMENT",
    "SU",
    "EDIT",
    "FILLER",
    "IP",
    "CB",
    "A/P",
    "NOSPEECH",
}
_NUMBER = r"-?\d+(?:\.\d+)?"
_STM = re.compile(rf"(\S+)\s+(\S+)\s+(\S+)\s+({_NUMBER})\s+({_NUMBER})(?:\s+<[^>\s]*>)?(?:\s+(.*))?")
_CTM = re.compile(rf"(\S+)\s+(\S+)\s+({_NUMBER})\s+({_NUMBER})\s+(\S+)(?:\s+({_NUMBER}|NA|<NA>))?(?:\s+(\S+))?(?:\s+(\S+))?\s*")
# Words that are no speech, as the scoring tools mark them.
_NO_WORDS = ("<NA>", "IGNORE_TIME_SEGMENT_IN_SCORING", "<sil>", "<eps>", "SIL", "<unk_sil>")


def _lines(doc: Document) -> list[tuple[int, str]]:
    return [(n, line.strip()) for n, line in enumerate(doc.text.split("\n"), 1) if line.strip() and not line.lstrip().startswith(";;")]


def _first(doc: Document, most: int = 5) -> list[str]:
    lines = [line.strip() for line in doc.start_text.split("\n")]
    # The last of the first lines may be cut off.
    return [line for line in lines[: most + 20] if line and not line.startswith(";;")][:most]


def _mostly(doc: Document, pattern: Callable[[str], Any]) -> bool:
    """Whether the first lines are of the form, but for one that is wrong and will be named."""
    first = _first(doc)
    fit = sum(bool(pattern(line)) for line in first)
    return bool(first) and bool(pattern(first[0])) and fit > len(first) // 2


def is_rttm(doc: Document) -> bool:
    """Lines of nine or ten fields that start with SPEAKER, LEXEME and the like."""
    return _mostly(doc, lambda line: line.split()[0] in _RTTM_TYPES and 8 <= len(line.split()) <= 10)


def is_stm(doc: Document) -> bool:
    """Lines of file, channel, speaker, start, end and a text."""
    return not is_ctm(doc) and _mostly(doc, _STM.fullmatch) and (len(_first(doc)) > 1 or doc.suffix == ".stm")


def is_ctm(doc: Document) -> bool:
    """Lines of file, channel, start, length and one word."""
    return _mostly(doc, _CTM.fullmatch) and (len(_first(doc)) > 1 or doc.suffix == ".ctm")


def rttm(doc: Document) -> Iterator[ParsedCall]:
    """The calls of an RTTM file that says what was spoken: words as LEXEME, or a text in the field for it.

    Raises:
        ReadError: it says only who spoke when, or a line has other fields.
    """
    calls: dict[str, tuple[list[dict[str, Any]], list[Item]]] = {}
    for number, line in _lines(doc):
        fields = line.split()
        if len(fields) < 8 or fields[0] not in _RTTM_TYPES:
            raise doc.fail(
                f"{line[:60]!r} is no line of RTTM",
                at=f"line {number}",
                remedy="Each line has a type, file, channel, start, length, text, subtype, name.",
            )
        kind, file, channel, start, length, text, subtype, name = fields[:8]
        if kind not in ("SPEAKER", "LEXEME") or subtype.casefold() in ("fp", "non-speech"):
            continue
        first, last = _span(doc, start, length, number)
        speaker = name if name != "<NA>" else f"channel {channel}"
        segments, items = calls.setdefault(file, ([], []))
        if kind == "LEXEME":
            if text not in _NO_WORDS:
                items.append(Item(text, first, last, speaker, place=f"line {number}"))
        else:
            said = "" if text == "<NA>" else text.replace("_", " ").strip()
            segments.append({"place": f"line {number}", "speaker": speaker, "text": said, "start": first, "end": last, "words": []})
    for file, (segments, items) in calls.items():
        if not items and not any(s["text"] for s in segments):
            raise doc.fail("it says who spoke when, and not what", remedy="Give the transcript; an RTTM file alone holds no words.")
        yield ParsedCall(_filled(segments, items), id=file, by_time=True)


def _filled(segments: list[dict[str, Any]], items: list[Item]) -> list[dict[str, Any]]:
    """Segments with the words spoken in them; words outside of any become turns of their own."""
    rest: list[Item] = []
    for item in items:
        at = item.start or 0.0
        home = next((s for s in segments if s["speaker"] == item.key and s["start"] - 0.05 <= at <= s["end"] + 0.05), None)
        if home is None:
            rest.append(item)
        else:
            home["words"].append((item.text, item.start, item.end))
    for segment in segments:
        segment["words"].sort(key=lambda w: w[1])
        segment["text"] = segment["text"] or " ".join(w[0] for w in segment["words"])
    spoken = [s for s in segments if s["text"]]
    by_speaker = sorted(rest, key=lambda i: (str(i.key), i.start or 0.0))
    return spoken + [s.record(speaker=s.key) for s in stretches(by_speaker, pause_s=CHANNEL_PAUSE_S)]


def _span(doc: Document, start: str, length: str, number: int) -> tuple[float, float]:
    try:
        first = float(start)
        return first, round(first + (0.0 if length == "<NA>" else float(length)), 6)
    except ValueError:
        raise doc.fail(f"start {start!r} and length {length!r} are no seconds", at=f"line {number}", remedy="Write seconds.") from None


def stm(doc: Document) -> Iterator[ParsedCall]:
    """The calls of an STM file, a turn a line.

    Raises:
        ReadError: a line has other fields.
    """
    calls: dict[str, list[dict[str, Any]]] = {}
    for number, line in _lines(doc):
        match = _STM.fullmatch(line)
        if match is None:
            raise doc.fail(
                f"{line[:60]!r} is no line of STM",
                at=f"line {number}",
                remedy="Each line has a file, channel, speaker, start, end and the text.",
            )
        file, channel, speaker, start, end, text = match.groups()
        turns = calls.setdefault(file, [])
        if text is None or text.strip() in _NO_WORDS:
            continue
        name = speaker if speaker.casefold() not in ("unknown", "inter_segment_gap", "excluded_region") else f"channel {channel}"
        turns.append({"place": f"line {number}", "speaker": name, "text": text.strip(), "start": float(start), "end": float(end)})
    for file, turns in calls.items():
        yield ParsedCall(turns, id=file, by_time=True)


def ctm(doc: Document) -> Iterator[ParsedCall]:
    """The calls of a CTM file; a turn ends where the speaker changes or pauses.

    Raises:
        ReadError: a line has other fields.
    """
    calls: dict[str, dict[str, list[Item]]] = {}
    for number, line in _lines(doc):
        match = _CTM.fullmatch(line)
        if match is None:
            raise doc.fail(
                f"{line[:60]!r} is no line of CTM", at=f"line {number}", remedy="Each line has a file, channel, start, length and a word."
            )
        file, channel, start, length, word, _, kind, speaker = match.groups()
        if word in _NO_WORDS or (kind or "lex").casefold() in ("non-lex", "noise", "misc"):
            continue
        first, last = _span(doc, start, length, number)
        name = speaker or f"channel {channel}"
        item = Item(word, first, last, name, mark=not any(c.isalnum() for c in word), place=f"line {number}")
        calls.setdefault(file, {}).setdefault(name, []).append(item)
    for file, speakers in calls.items():
        several = len(speakers) > 1
        turns = []
        for name, items in speakers.items():
            items.sort(key=lambda i: i.start or 0.0)
            # One voice alone is cut at longer silences, two at each pause, so that they interleave.
            turns += [s.record(speaker=name) for s in stretches(items, pause_s=CHANNEL_PAUSE_S if several else 2.0)]
        yield ParsedCall(turns, id=file, by_time=True)
