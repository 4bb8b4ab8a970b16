"""Subtitles: WebVTT, SubRip and SubViewer, with speakers in voice tags, names, brackets, cue identifiers, JSON or behind dashes and chevrons."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec

from .field_names import Columns
from .furniture import is_furniture
from .parsed_call import ParsedCall
from .plain import speaker_prefix
from .source import Document
from .word_timing import Item, stretches

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?"
_ARROW = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}(?=\s|$)[^\n]*$", re.MULTILINE)
_LIKE_ARROW = re.compile(r"^[ \t]*[\d:.,]+[ \t]*(?:--?>|→)[^\n]*$", re.MULTILINE)
_SRT_START = re.compile(rf"\s*(?:\d+[ \t]*\n)?[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}")
# A speaker's next cue that starts later than this is a turn of its own.
_PAUSE_S = 1.0
# Lines that stand in two cues at once overlap or follow each other within this time.
_ROLL_UP_S = 2.0
# From this share of the cues on a mark is how the file is written.
_MANY = 0.3
_FEWEST_WORD_CUES = 6
_SBV_TIMES = re.compile(r"^(\d+:\d\d:\d\d\.\d{3}),(\d+:\d\d:\d\d\.\d{3})$", re.MULTILINE)
_NO_CUES = ("NOTE", "STYLE", "REGION", "WEBVTT")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>(.*?)(?=<v[\s.>]|\Z)", re.DOTALL)
_TAG = re.compile(r"</?(?:[cibuv]|ruby|rt|lang|font)(?:[.\s][^>]*)?>|<[\d:.]+>|\{\\[^}]*\}", re.IGNORECASE)
# An arrow that somebody says would end the cue for the parser.
_ARROW_SAID = "\ue000\ue001"
_NAME_ALONE = re.compile(r"^[(\[]\s*([^()\[\]\n]{2,60}?)\s*[)\]]:?$")
_IN_IDENTIFIER = re.compile(r"^(?:\d+\s+)?[\"“]?([^\d\W][^\"“”\n]{1,58}?)[\"”]?(?:\s*\(\d*\))?(?:\s*[-#:]?\s*\d+)?$")
_CHEVRON = re.compile(r"^\s*>{2,3}\s*", re.MULTILINE)
_DASH = re.compile(r"^\s*[-–—]\s*(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*$")


@dataclass(slots=True)
class Cue:
    """A cue: its line, times in seconds, identifier and text with its marks."""

    line: int
    start: float
    end: float
    identifier: str | None
    raw: str


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
    """A turn a cue, or a turn a voice where a cue has several.

    Raises:
        ReadError: a cue's times cannot be read.
    """
    yield call_of_cues(_cues(doc))


def call_of_cues(cues: list[Cue]) -> ParsedCall:
    """The call of cues: speakers told apart, what stands twice taken once, notices left out and counted."""
    turns = _json_turns(cues)
    if turns is None:
        turns = _turns(_rolled_up(cues))
    kept = [turn for turn in turns if not is_furniture(turn["text"])]
    parsed = ParsedCall(_joined(_joined_words(kept)))
    if len(kept) < len(turns):
        parsed.metadata["skipped"] = {"notice": len(turns) - len(kept)}
    return parsed


def _cues(doc: Document) -> list[Cue]:
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
                f"{like[0].strip()!r} are not the times of a cue"[:160], at=f"line {line}", remedy="Write hh:mm:ss.mmm --> hh:mm:ss.mmm."
            )
    captions = webvtt.from_string(_strict(text)).captions
    if len(captions) != len(times):
        raise doc.fail(f"of {len(times)} cues only {len(captions)} can be read", remedy="Put a blank line between cues, and export again.")
    return [
        Cue(line, start, end, caption.identifier, caption.raw_text.replace(_ARROW_SAID, "-->"))
        for caption, (line, start, end) in zip(captions, times, strict=True)
    ]


def cue(line: int, start: float, end: float, text: str) -> Cue:
    """A cue that another format holds."""
    return Cue(line, start, end, None, text)


# ------------------------------------------------------------------------------------------------------- what cues hold


def _json_turns(cues: list[Cue]) -> list[dict[str, Any]] | None:
    """Turns of cues that hold JSON, as Teams writes its metadata; None where they do not."""
    if not cues or sum(c.raw.lstrip().startswith("{") for c in cues) < 0.5 * len(cues):
        return None
    rows: list[dict[str, Any]] = []
    for one in cues:
        try:
            value = msgspec.json.decode(one.raw.strip())
        except msgspec.DecodeError:
            return None
        rows.append(value if isinstance(value, dict) else {})
    columns = Columns(dict.fromkeys(key for row in rows for key in row), rows=rows)
    if columns.text is None:
        return None
    found = []
    for one, row in zip(cues, rows, strict=True):
        said = row.get(columns.text)
        if isinstance(said, str) and said.strip():
            speaker = row.get(columns.speaker) if columns.speaker is not None else None
            found.append(_turn(one, None if speaker in (None, "") else str(speaker), said.strip()))
    return found


def _turn(one: Cue, speaker: str | None, text: str, start: float | None = None, end: float | None = None) -> dict[str, Any]:
    return {
        "place": f"line {one.line}",
        "speaker": speaker,
        "text": text,
        "start": one.start if start is None else start,
        "end": one.end if end is None else end,
        "id": one.identifier,
    }


def _rolled_up(cues: list[Cue]) -> list[Cue]:
    """The cues without the lines that they show a second time, where a file rolls its lines up or grows them word by word."""
    lines = [[line for line in _lines(c.raw).split("\n") if line] if "<v" not in c.raw else [] for c in cues]
    again = [0]
    grown = [False]
    for (before, here), (old, new) in zip(pairwise(cues), pairwise(lines), strict=True):
        close = here.start <= before.end + _ROLL_UP_S
        again.append(next((m for m in range(min(len(old), len(new)), 0, -1) if close and old[-m:] == new[:m]), 0))
        was, now = " ".join(old), " ".join(new)
        grown.append(close and bool(was) and now.startswith(was + " "))
    rolls = sum(m > 0 for m in again)
    growing = sum(grown)
    if len(cues) < 3 or max(rolls, growing) < max(2, 0.5 * (len(cues) - 1)):
        return cues
    if not growing and all(len(each) < 2 for each in lines):
        # Nothing rolls where a cue has one line: somebody says the same again.
        return cues
    found: list[Cue] = []
    for number, (one, mine) in enumerate(zip(cues, lines, strict=True)):
        rest = "\n".join(mine[again[number] :])
        if rolls < growing and grown[number]:
            rest = " ".join(mine)[len(" ".join(lines[number - 1])) :].strip()
        if not rest:
            if found:
                found[-1].end = max(found[-1].end, one.end)
            continue
        found.append(Cue(one.line, one.start, one.end, one.identifier, rest))
    for before, here in pairwise(found):
        before.end = max(before.start, min(before.end, here.start))
    return found


def _turns(cues: list[Cue]) -> list[dict[str, Any]]:
    names = _names_in_identifiers(cues)
    chevrons = _share(cues, _CHEVRON)
    dashes = not chevrons and sum(_is_dashed(c.raw) for c in cues) >= max(1, _MANY * len(cues))
    texts = [_lines(_bracketed(c.raw)) for c in cues if "<v" not in c.raw]
    prefix = speaker_prefix(texts)
    turns: list[dict[str, Any]] = []
    for one, name in zip(cues, names, strict=True):
        voices = _voices(one.raw)
        if voices:
            turns += [_turn(one, speaker, said) for speaker, said in voices if said or speaker]
        elif name is not None:
            turns.append(_turn(one, name, " ".join(_lines(one.raw).split())))
        elif chevrons:
            _add_chevrons(turns, one, prefix)
        elif dashes and _is_dashed(one.raw):
            turns += _dashed(one, prefix)
        else:
            turns += [
                {**_turn(one, speaker, said), "nameless": speaker is None}
                for speaker, said in prefix(_lines(_bracketed(one.raw)))
                if said or speaker
            ]
    return _nameless_settled(turns)


def _share(cues: list[Cue], mark: re.Pattern[str]) -> bool:
    return sum(mark.search(html.unescape(c.raw)) is not None for c in cues) >= max(1, _MANY * len(cues))


def _is_dashed(raw: str) -> bool:
    """Whether a cue holds two people's words, each behind a dash."""
    lines = [line for line in raw.split("\n") if line.strip()]
    return len(lines) > 1 and sum(_DASH.match(_clean(line)) is not None for line in lines) > 1


def _bracketed(raw: str) -> str:
    """The cue with a name alone in brackets on a line put in front of what it says; a dash alone on a line goes."""
    lines = [line.strip() for line in raw.split("\n") if line.strip() and not set(line.strip()) <= set("-–—")]
    found: list[str] = []
    pending = ""
    for line in lines:
        alone = _NAME_ALONE.match(line)
        if alone is not None and alone[1][:1].isupper() and len(alone[1].split()) <= 5:
            pending = f"({alone[1]})"
            continue
        found.append(f"{pending} {line}".strip())
        pending = ""
    return "\n".join([*found, *([pending] if pending else [])])


def _names_in_identifiers(cues: list[Cue]) -> list[str | None]:
    """The speaker that each cue's identifier names, as Webex writes them; None for all where they name none."""
    found = [m[1].strip() if (m := _IN_IDENTIFIER.match(c.identifier or "")) else None for c in cues]
    counts = Counter(name for name in found if name is not None)
    named = sum(counts.values())
    if (
        named < max(2, 0.6 * len(cues))
        or len(counts) > max(2, named // 2)
        or not all(any(ch.isalpha() for ch in n) and "-->" not in n for n in counts)
    ):
        return [None] * len(cues)
    if len(counts) < 2 and not any(" " in n for n in counts):
        return [None] * len(cues)  # "cue 1", "cue 2": a word for what it is
    return found


def _add_chevrons(turns: list[dict[str, Any]], one: Cue, prefix: Any) -> None:
    """Adds what a cue says, in which chevrons say that another speaks; a cue without them goes on with the turn before."""
    parts = _CHEVRON.split(html.unescape(one.raw))
    spoken = [" ".join(_clean(part).split()) for part in parts]
    shares = _shared_out(one, [text for text in spoken if text])
    if spoken[0]:
        start, end = shares.pop(0)
        if turns and start - turns[-1]["end"] < _PAUSE_S:
            turns[-1]["text"] = f"{turns[-1]['text']} {spoken[0]}"
            turns[-1]["end"] = max(turns[-1]["end"], end)
        else:
            turns.append(_turn(one, None, spoken[0], start, end))
    for text in [text for text in spoken[1:] if text]:
        start, end = shares.pop(0)
        for speaker, said in prefix(text):
            named = speaker if text.startswith(str(speaker)) or (speaker and ":" in text[: len(speaker) + 2]) else None
            turns.append(_turn(one, named, said, start, end))


def _dashed(one: Cue, prefix: Any) -> list[dict[str, Any]]:
    """The turns of a cue in which each dash is another speaker; its time is shared out by how much each says."""
    texts: list[str] = []
    for line in _lines(one.raw).split("\n"):
        mark = _DASH.match(line)
        if mark is not None or not texts:
            texts.append(line[mark.end() :] if mark else line)
        else:
            texts[-1] = f"{texts[-1]} {line}"
    texts = [text.strip() for text in texts if text.strip()]
    found = []
    for text, (start, end) in zip(texts, _shared_out(one, texts), strict=True):
        for speaker, said in prefix(text):
            own = speaker if speaker is not None and text.casefold().startswith(speaker.casefold()) else None
            found.append(_turn(one, own, said, start, end))
    return found


def _shared_out(one: Cue, texts: Sequence[str]) -> list[tuple[float, float]]:
    """A cue's time, shared out among texts by their length."""
    total = sum(map(len, texts)) or 1
    found = []
    at = one.start
    for text in texts:
        until = at + (one.end - one.start) * len(text) / total
        found.append((round(at, 3), round(until, 3)))
        at = until
    if found:
        found[-1] = (found[-1][0], one.end)
    return found


def _nameless_settled(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The turns, those without a name given to the speaker before where they go on with what was said.

    Some files name the speaker at each change only, others at every cue: where a name comes again behind a nameless cue, the
    cue is somebody else's.
    """
    each = change = 0
    last: str | None = None
    between = False
    for turn in turns:
        if turn["speaker"] is None:
            between = last is not None
        else:
            if between:
                each += turn["speaker"] == last
                change += turn["speaker"] != last
            last, between = turn["speaker"], False
    named_each = each > change
    for before, turn in pairwise(turns):
        if not turn.get("nameless") or before["speaker"] is None:
            continue
        goes_on = not _SENTENCE_END.search(before["text"]) or turn["text"][:1].islower()
        if (goes_on and turn["start"] - before["end"] < _PAUSE_S) or not named_each:
            turn["speaker"] = before["speaker"]
    for turn in turns:
        turn.pop("nameless", None)
    return turns


def _joined_words(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cues of a word each as turns with timed words; other cues as they are."""
    single = sum(" " not in turn["text"] for turn in turns)
    if len(turns) < _FEWEST_WORD_CUES or single < 0.9 * len(turns) or any(t["speaker"] is not None for t in turns):
        return turns
    items = [Item(t["text"], t["start"], t["end"], place=t["place"]) for t in turns]
    return [s.record(speaker=None, start=s.words[0][1], end=s.words[-1][2], id=None) for s in stretches(items, pause_s=_PAUSE_S)]


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
    text = _ARROW.sub("00:00:00.000 \ue002 00:00:00.000", text).replace("-->", _ARROW_SAID).replace("\ue002", "-->")
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
