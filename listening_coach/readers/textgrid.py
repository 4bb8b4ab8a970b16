"""Praat TextGrid: a tier a speaker, or a file a speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..errors import MissingExtraError
from .furniture import without_tags
from .parsed_call import ParsedCall
from .source import Document
from .word_timing import CHANNEL_PAUSE_S, Item, align, stretches

# Tiers below the word, and labels that stand for silence.
_NO_SPEECH_TIERS = re.compile(
    r"(?:^|\W)(?:phones?|phonemes?|segments?|syllables?|silences?|tones?|breaks?|notes?|comments?|misc|pitch)$", re.IGNORECASE
)
_WORD_TIER = re.compile(r"(?:^|\W)words?$", re.IGNORECASE)
_SPEECH_TIER = re.compile(r"(?:^|\W)(?:utterances?|sentences?|turns?|transcript(?:ion)?s?|text|ipus?|orthograph(?:y|ic))$", re.IGNORECASE)
_SILENCE = {"", "sil", "sp", "<sil>", "<s>", "</s>", "<eps>", "#", "pause", "<p:>", "xxx_sil", "spn_sil", "{sl}"}


def is_textgrid(doc: Document) -> bool:
    """A text file of Praat's with a TextGrid."""
    start = doc.start_text[:400]
    return "ooTextFile" in start and "TextGrid" in start


def parse(doc: Document) -> Iterator[ParsedCall]:
    """The call of a TextGrid: each interval with a label a turn of its tier; words become turns by their pauses."""
    yield ParsedCall(turns_of(doc, None), by_time=True)


def turns_of(doc: Document, speaker: str | None) -> list[dict[str, Any]]:
    """The turns of a TextGrid; ``speaker`` names whose all its tiers are, where the file is one speaker's."""
    tiers = _tiers(doc)
    spoken = {name: entries for name, entries in tiers.items() if not _NO_SPEECH_TIERS.search(name)}
    words = {name: entries for name, entries in spoken.items() if _WORD_TIER.search(name)}
    others = {name: entries for name, entries in spoken.items() if name not in words}
    timed = {_speaker(name): entries for name, entries in words.items()}
    turns: list[dict[str, Any]] = []
    for name, entries in others.items():
        of_tier = _speaker(name)
        mine = timed.pop(of_tier, None)
        if mine is None and len(others) == 1 and len(timed) == 1:
            mine = timed.pop(next(iter(timed)))
        if mine is None and len(entries) > 3 and all(" " not in text for _, _, text in entries):
            turns += _from_words(entries, speaker or of_tier, name)
            continue
        for start, end, text in entries:
            inside = [(t, a, b) for a, b, t in mine or () if start - 0.02 <= a and b <= end + 0.02]
            turns.append(
                {
                    "place": f"tier {name!r} at {start:g} s",
                    "speaker": speaker or of_tier,
                    "text": text,
                    "start": start,
                    "end": end,
                    "words": align(text, inside),
                }
            )
    for of_tier, entries in timed.items():
        turns += _from_words(entries, speaker or of_tier, of_tier or "words")
    return turns


def _from_words(entries: list[tuple[float, float, str]], speaker: str | None, tier: str) -> list[dict[str, Any]]:
    items = [Item(text, start, end, place=f"tier {tier!r} at {start:g} s") for start, end, text in entries]
    return [s.record(speaker=speaker) for s in stretches(items, pause_s=CHANNEL_PAUSE_S)]


def _speaker(tier: str) -> str | None:
    """The speaker that a tier's name tells: "Agent", "Agent - words", "utterances" none."""
    name = _WORD_TIER.sub("", _SPEECH_TIER.sub("", tier)).strip(" -_:.")
    return name or None


def _tiers(doc: Document) -> dict[str, list[tuple[float, float, str]]]:
    """Start, end and label of each interval with speech, by tier."""
    try:
        from praatio.utilities import textgrid_io
    except ImportError as error:
        raise MissingExtraError.of("praatio", "textgrid", "Reading Praat TextGrid") from error
    try:
        grid = textgrid_io.parseTextgridStr(doc.text, includeEmptyIntervals=False)
    except Exception as error:
        raise doc.fail(f"the TextGrid is broken: {error or type(error).__name__}", remedy="Open it in Praat and save it again.") from error
    found: dict[str, list[tuple[float, float, str]]] = {}
    for tier in grid["tiers"]:
        if tier["class"] != "IntervalTier":
            continue
        rows = [(float(e[0]), float(e[1]), without_tags(" ".join(str(e[2]).split()))) for e in tier["entries"]]
        found[str(tier["name"])] = [row for row in rows if row[2].casefold() not in _SILENCE]
    if not found:
        raise doc.fail("it has no tier of intervals", remedy="A point tier has no ends; give the tier with the transcript.")
    return found
