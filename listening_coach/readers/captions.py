"""Subtitles: WebVTT with voice tags or names before a colon, and SRT."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from .parsed_call import ParsedCall
from .plain import speaker_prefix
from .source import Document

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?"
_ARROW = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}(?=\s|$)[^\n]*$", re.MULTILINE)
_LIKE_ARROW = re.compile(r"^[ \t]*[\d:.,]+[ \t]*(?:--?>|→)[^\n]*$", re.MULTILINE)
_SRT_START = re.compile(rf"\s*(?:\d+[ \t]*\n)?[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}")
# A speaker's next cue that starts later than this is a turn of its own.
_PAUSE_S = 1.0
_SBV_TIMES = re.compile(r"^(\d+:\d\d:\d\d\.\d{3}),(\d+:\d\d:\d\d\.\d{3})$", re.MULTILINE)
_NO_CUES = ("NOTE", "STYLE", "REGION", "WEBVTT")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>(.*?)(?=<v[\s.>]|\Z)", re.DOTALL)
_TAG = re.compile(r"</?(?:[cibuv]|ruby|rt|lang|font)(?:[.\s][^>]*)?>|<[\d:.]+>|\{\\[^}]*\}", re.IGNORECASE)


def is_vtt(doc: Document) -> bool:
    """The first line starts with WEBVTT."""
    return doc.start_text.lstrip("\ufeff \n").startswith("WEBVTT")


def is_srt(doc: Document) -> bool:
    """The first lines with text are a number and two times with an arrow."""
    return _SRT_START.match(doc.start_text.lstrip("\ufeff")) is not None


def is_sbv(doc: Document) -> bool:
    """The first line is two times with a comma between."""
    return _SBV_TIMES.match(doc.start_text.lstrip("\ufeff \n")) is not None


def parse(doc: Document) -> Iterator[ParsedCall]:
    """A turn a cue, or a turn a voice where a cue has several; a name before a colon or in brackets is the speaker.

    Raises:
        ReadError: a cue's times cannot be read.
    """
    import webvtt

    text = "\n".join(line.rstrip() for line in doc.text.lstrip("\ufeff").split("\n"))
    if is_sbv(doc):
        text = _SBV_TIMES.sub(r"\1 --> \2", text)
    times = [(text.count("\n", 0, m.start()) + 1, _seconds(m.groups()[:4]), _seconds(m.groups()[4:])) for m in _ARROW.finditer(text)]
    known = {line for line, _, _ in times}
    for like in _LIKE_ARROW.finditer(text):
        line = text.count("\n", 0, like.start()) + 1
        if line not in known:
            raise doc.fail(
                f"{like[0].strip()!r} are not the times of a cue", at=f"line {line}", remedy="Write hh:mm:ss.mmm --> hh:mm:ss.mmm."
            )
    captions = webvtt.from_string(_strict(text)).captions
    if len(captions) != len(times):
        raise doc.fail(f"of {len(times)} cues only {len(captions)} can be read", remedy="Put a blank line between cues, and export again.")
    names = speaker_prefix([_lines(c.raw_text) for c in captions if "<v" not in c.raw_text])
    turns: list[dict[str, Any]] = []
    for caption, (line, start, end) in zip(captions, times, strict=True):
        for speaker, said in _voices(caption.raw_text) or names(_lines(caption.raw_text)):
            if said or speaker:
                turns.append(
                    {"place": f"line {line}", "speaker": speaker, "text": said, "start": start, "end": end, "id": caption.identifier}
                )
    yield ParsedCall(_joined(turns))


def _joined(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Turns of the cues: what one named speaker says without a pause is one, however many cues it was cut into to be shown."""
    found: list[dict[str, Any]] = []
    for turn in turns:
        before = found[-1] if found else None
        if (
            before is not None
            and turn["speaker"] is not None
            and before["speaker"] == turn["speaker"]
            and before["start"] <= before["end"]
            and turn["start"] >= before["start"]
            and (turn["start"] - before["end"] < _PAUSE_S or _utterance(before["id"]) == _utterance(turn["id"]) is not None)
        ):
            found[-1] = {**before, "text": f"{before['text']} {turn['text']}".strip(), "end": max(before["end"], turn["end"])}
        else:
            found.append(turn)
    return found


def _utterance(identifier: str | None) -> str | None:
    """The part of a cue's identifier that Teams gives to all pieces of an utterance: "…/12-0", "…/12-1"."""
    match = re.fullmatch(r"(.+/\d+)-\d+", identifier or "")
    return match[1] if match else None


def _strict(text: str) -> str:
    """The text as the rules of WebVTT want it, so that the parser, which passes over the rest, loses no cue.

    SRT becomes WebVTT. A blank line within a cue's text goes, one that is missing before a cue comes.
    """
    text = _ARROW.sub("00:00:00.000 --> 00:00:00.000", text)
    text = re.sub(r"\n(\d+\n)?(?=00:00:00\.000 -->)", r"\n\n\1", text) if not text.startswith("WEBVTT") else text
    blocks: list[str] = []
    for block in re.split(r"\n{2,}", text.strip("\n")):
        if "-->" in block:
            blocks.append(block)
        elif not block.startswith(_NO_CUES) and blocks and not block.isdigit():
            blocks[-1] += "\n" + block
        elif block.isdigit():
            # The number of a cue that a blank line cut off from its times.
            continue
    return "\n\n".join(["WEBVTT", *blocks, ""])


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return round(whole + (int(fraction) / 10 ** len(fraction) if fraction else 0.0), 6)


def _clean(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _lines(text: str) -> str:
    return "\n".join(_clean(line) for line in text.split("\n"))


def _voices(raw: str) -> list[tuple[str | None, str]]:
    """Speaker and text of each voice tag; nothing where there is none."""
    if "<v" not in raw:
        return []
    before = _clean(raw[: raw.index("<v")])
    found: list[tuple[str | None, str]] = [(None, before)] if before else []
    return found + [(" ".join(html.unescape(name).split()) or None if name else None, _clean(text)) for name, text in _VOICE.findall(raw)]
