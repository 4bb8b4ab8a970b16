"""The table of formats: a row each. A new format is a row here and a small function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import FormatUnknownError, ReadError
from ..transcript import EvidenceTier
from . import amazon, captions, delimited, lists, plain
from .draft import Draft
from .source import Document

Detect = Callable[[Document], bool]
Parse = Callable[[Document], Iterator[Draft]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format that is read.

    ``name`` is what ``format=`` takes; ``suffixes`` are the usual ones; ``tier`` is the best evidence that such a file
    can carry; ``origin`` says who writes it. ``extra`` names what must be installed besides.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    tier: EvidenceTier
    origin: str
    detect: Detect
    parse: Parse
    json: bool = False
    extra: str | None = None


# The order is that of detection: what has a mark of its own first, what takes almost anything last.
FORMATS: tuple[Format, ...] = (
    Format(
        "amazon-call-analytics",
        "Amazon Transcribe Call Analytics",
        (".json",),
        EvidenceTier.WORDS,
        "Amazon Transcribe",
        amazon.is_call_analytics,
        amazon.call_analytics,
        json=True,
    ),
    Format("json", "JSON list of turns", (".json",), EvidenceTier.WORDS, "any program", lists.is_list, lists.parse_list, json=True),
    Format(
        "jsonl",
        "JSON Lines, a turn or a call a line",
        (".jsonl", ".ndjson"),
        EvidenceTier.WORDS,
        "any program",
        lists.is_lines,
        lists.parse_lines,
    ),
    Format(
        "vtt",
        "WebVTT",
        (".vtt",),
        EvidenceTier.TURNS,
        "Microsoft Teams, Zoom, Google Meet and subtitle tools",
        captions.is_vtt,
        captions.parse,
    ),
    Format("srt", "SubRip subtitles", (".srt",), EvidenceTier.TURNS, "subtitle tools", captions.is_srt, captions.parse),
    Format(
        "csv",
        "CSV or TSV with a header",
        (".csv", ".tsv", ".tab"),
        EvidenceTier.TURNS,
        "spreadsheets and databases",
        delimited.is_delimited,
        delimited.parse_delimited,
    ),
    Format("text", "Plain text with names", (".txt", ".text", ".md", ".log"), EvidenceTier.TURNS, "people", plain.is_plain, plain.parse),
)
_BY_NAME = {row.name: row for row in FORMATS}
# Other names by which people ask for a format.
_ALIASES = {
    "tsv": "csv",
    "txt": "text",
    "plain": "text",
    "plain-text": "text",
    "webvtt": "vtt",
    "ndjson": "jsonl",
    "json-lines": "jsonl",
    "amazon": "amazon-call-analytics",
}


def by_name(name: str) -> Format:
    """The row that ``format=`` names.

    Raises:
        FormatUnknownError: there is none.
    """
    plain_name = name.strip().casefold().replace("_", "-").replace(" ", "-")
    row = _BY_NAME.get(_ALIASES.get(plain_name, plain_name))
    if row is None:
        raise FormatUnknownError(f"there is no format {name!r}", where="format", remedy=f"The formats are: {', '.join(_BY_NAME)}.")
    return row


def find(doc: Document) -> Format:
    """The row whose content the document has.

    Raises:
        FormatUnknownError: none fits.
        ReadError: the document is empty, binary or broken.
    """
    for row in FORMATS:
        if row.detect(doc):
            return row
    start = " ".join(doc.start_text.split())[:60]
    expected = next((row.title for row in reversed(FORMATS) if doc.suffix in row.suffixes), None)
    problem = f"the content is of no format that is known (it starts {start!r})"
    if isinstance(doc.value, dict):
        problem = f"the JSON is of no format that is known (its fields are {', '.join(map(str, list(doc.value)[:8])) or 'none'})"
    elif expected is not None and not doc.looks_json:
        problem = f"the suffix {doc.suffix} promises {expected}, but the content is something else (it starts {start!r})"
    raise FormatUnknownError(
        problem,
        where=doc.name,
        remedy="Name the format with format= (listening_coach.formats() lists them), write lines such as 'Agent: …', or build turns with Transcript.from_turns.",
    )


def find_json(doc: Document, value: Any, number: int, line: str) -> Iterator[Draft]:
    """The calls in one line of JSON Lines that is a document of its own.

    Raises:
        ReadError: the line is of no format that is known.
    """
    inner = Line(doc, value, number, line)
    for row in FORMATS:
        if row.json and row.detect(inner):
            for draft in row.parse(inner):
                draft.metadata.setdefault("format", row.name)
                yield draft
            return
    raise ReadError(
        f"the JSON is of no format that is known (it starts {line[:60]!r})",
        where=f"{doc.name}, line {number}",
        remedy='Write a turn {"speaker": …, "text": …} or a call {"turns": […]} a line.',
    )


class Line(Document):
    """One line of JSON Lines as a document."""

    def __init__(self, doc: Document, value: Any, number: int, line: str) -> None:
        import io

        super().__init__(f"{doc.name}, line {number}", lambda: io.BytesIO(line.encode("utf-8", "replace")))
        self.__dict__["value"] = value
        self.__dict__["looks_json"] = True
        self.__dict__["looks_json_lines"] = False
