"""The table of formats: a row each. A new format is a row here and a small function."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import FormatUnknownError, ReadError, own_errors
from ..transcript import EvidenceTier
from . import (
    amazon,
    assemblyai,
    azure,
    captions,
    chat,
    convokit,
    deepgram,
    delimited,
    google,
    nist,
    own,
    plain,
    revai,
    sheets,
    speech,
    speechmatics,
    telephony,
    textgrid,
    vcon,
    whisper,
)
from . import generic_json as lists
from .parsed_call import Draft
from .source import Document

Detect = Callable[[Document], bool]
# A parser of several calls yields the error of one in its place, so that the others are read.
Parse = Callable[[Document], Iterator[Draft | ReadError]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format that is read.

    ``name`` is what ``format=`` takes; ``suffixes`` are the usual ones; ``tier`` is the best evidence that such a file
    can carry; ``origin`` says who writes it. ``extra`` names what must be installed besides, ``turns_at`` the JSON path of
    the turns.
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
    turns_at: str = ""


_WORDS, _TURNS, _STARTS = EvidenceTier.WORDS, EvidenceTier.TURNS, EvidenceTier.STARTS
# Where each JSON format keeps its turns, for the error that there are none.
_TURNS_AT = {
    "contact-lens": "$.Transcript", "amazon-call-analytics": "$.Transcript", "contact-lens-realtime": "$.Segments", "amazon-transcribe": "$.results.items",
    "aws-post-call-analytics": "$.SpeechSegments", "bedrock-data-automation": "$.audio_segments", "google-ccai": "$.transcript.transcriptSegments",
    "google-ccai-upload": "$.entries", "ibm-watson": "$.results", "google-speech": "$.results", "azure-batch": "$.recognizedPhrases",
    "azure-fast": "$.phrases", "azure-conversation": "$.conversations[0].conversationItems", "deepgram": "$.results", "assemblyai": "$.utterances",
    "speechmatics": "$.results", "revai": "$.monologues", "twilio": "$.sentences", "genesys": "$.transcripts", "harper-valley": "$", "vcon": "$.analysis",
    "wtf": "$.segments", "gladia": "$.transcription.utterances", "elevenlabs": "$.words", "recall": "$", "gong": "$.callTranscripts",
    "whisper": "$.segments", "whisper-cpp": "$.transcription", "chunks": "$.chunks", "vosk": "$",
}  # fmt: skip


def _json(name: str, title: str, tier: EvidenceTier, origin: str, detect: Detect, parse: Parse) -> Format:
    return Format(name, title, (".json",), tier, origin, detect, parse, json=True, turns_at=_TURNS_AT.get(name, ""))


# The order is that of detection: what has a mark of its own first, what takes almost anything last.
FORMATS: tuple[Format, ...] = (
    Format("excel", "Excel workbook", (".xlsx", ".xlsm"), _TURNS, "Microsoft Excel", sheets.is_sheet, sheets.parse, extra="excel"),
    _json("listening-coach", "listening_coach's own JSON", _WORDS, "Transcript.to_json", own.is_own, own.parse),
    _json("contact-lens", "Amazon Connect Contact Lens", _TURNS, "Amazon Connect", amazon.is_contact_lens, amazon.call_analytics),
    _json(
        "amazon-call-analytics",
        "Amazon Transcribe Call Analytics",
        _WORDS,
        "Amazon Transcribe",
        amazon.is_call_analytics,
        amazon.call_analytics,
    ),
    _json(
        "contact-lens-realtime",
        "Amazon Connect Contact Lens, real-time segments",
        _TURNS,
        "Amazon Connect",
        amazon.is_realtime,
        amazon.realtime,
    ),
    _json("amazon-transcribe", "Amazon Transcribe", _WORDS, "Amazon Transcribe", amazon.is_transcribe, amazon.transcribe),
    _json("aws-post-call-analytics", "AWS Post Call Analytics", _WORDS, "AWS", amazon.is_post_call, amazon.post_call),
    _json("bedrock-data-automation", "Amazon Bedrock Data Automation, sound", _WORDS, "Amazon Bedrock", amazon.is_bedrock, amazon.bedrock),
    _json(
        "google-ccai",
        "Google Contact Center AI conversation",
        _WORDS,
        "Google Cloud",
        google.is_ccai_conversation,
        google.ccai_conversation,
    ),
    _json("google-ccai-upload", "Google Contact Center AI upload", _STARTS, "Google Cloud", google.is_ccai_upload, google.ccai_upload),
    _json("ibm-watson", "IBM Watson Speech to Text", _WORDS, "IBM", speech.is_watson, speech.watson),
    _json("google-speech", "Google Speech-to-Text v1, v2", _WORDS, "Google Cloud", google.is_speech, google.speech),
    _json("azure-batch", "Azure batch transcription", _WORDS, "Microsoft Azure", azure.is_batch, azure.batch),
    _json("azure-fast", "Azure fast transcription", _WORDS, "Microsoft Azure", azure.is_fast, azure.fast),
    _json("azure-conversation", "Azure conversation analysis input", _WORDS, "Microsoft Azure", azure.is_conversation, azure.conversation),
    _json("deepgram", "Deepgram", _WORDS, "Deepgram", deepgram.is_deepgram, deepgram.deepgram),
    _json("assemblyai", "AssemblyAI", _WORDS, "AssemblyAI", assemblyai.is_assemblyai, assemblyai.assemblyai),
    _json("speechmatics", "Speechmatics json-v2", _WORDS, "Speechmatics", speechmatics.is_speechmatics, speechmatics.speechmatics),
    _json("revai", "Rev and Rev.ai", _WORDS, "Rev", revai.is_revai, revai.revai),
    _json("twilio", "Twilio Voice Intelligence", _WORDS, "Twilio", telephony.is_twilio, telephony.twilio),
    _json("genesys", "Genesys Cloud", _WORDS, "Genesys", telephony.is_genesys, telephony.genesys),
    _json("harper-valley", "Harper Valley", _WORDS, "the Harper Valley corpus", telephony.is_harper_valley, telephony.harper_valley),
    _json("vcon", "vCon container", _WORDS, "the IETF's vCon group", vcon.is_vcon, vcon.vcon),
    _json("wtf", "World Transcription Format", _WORDS, "the IETF's vCon group", vcon.is_wtf, vcon.wtf),
    _json("gladia", "Gladia", _WORDS, "Gladia", speech.is_gladia, speech.gladia),
    _json("elevenlabs", "ElevenLabs Scribe", _WORDS, "ElevenLabs", speech.is_elevenlabs, speech.elevenlabs),
    _json("recall", "Recall.ai", _WORDS, "Recall.ai", speech.is_recall, speech.recall),
    _json("gong", "Gong", _TURNS, "Gong", speech.is_gong, speech.gong),
    _json("whisper", "Whisper, whisper-timestamped, WhisperX", _WORDS, "OpenAI and others", whisper.is_whisper, whisper.whisper),
    _json("whisper-cpp", "whisper.cpp", _WORDS, "whisper.cpp", whisper.is_cpp, whisper.cpp),
    _json("chunks", "Transformers pipeline with chunks", _WORDS, "Hugging Face", whisper.is_chunks, whisper.chunks),
    _json("vosk", "Vosk and Kaldi", _WORDS, "Vosk", speech.is_vosk, speech.vosk),
    _json("json", "JSON list of turns", _WORDS, "any program", lists.is_list, lists.parse_list),
    _json("json-text", "JSON with a whole transcript as text", _TURNS, "any program", lists.is_text, lists.parse_text),
    _json("json-calls", "JSON list of calls, each in any of these formats", _WORDS, "any program", lists.is_calls, lists.parse_calls),
    Format(
        "contact-lens-stream",
        "Amazon Connect Contact Lens, stream of events",
        (".jsonl",),
        _TURNS,
        "Amazon Connect",
        amazon.is_stream,
        amazon.realtime,
    ),
    Format("convokit", "ConvoKit corpus folder", (".jsonl",), _STARTS, "ConvoKit", convokit.is_convokit, convokit.parse),
    Format("jsonl", "JSON Lines, a turn or a call a line", (".jsonl", ".ndjson"), _WORDS, "any program", lists.is_lines, lists.parse_lines),
    Format("vtt", "WebVTT", (".vtt",), _TURNS, "Microsoft Teams, Zoom, Google Meet and subtitle tools", captions.is_vtt, captions.parse),
    Format("sbv", "SubViewer captions of YouTube", (".sbv",), _TURNS, "YouTube", captions.is_sbv, captions.parse),
    Format("srt", "SubRip subtitles", (".srt",), _TURNS, "subtitle tools", captions.is_srt, captions.parse),
    Format("textgrid", "Praat TextGrid", (".textgrid",), _WORDS, "Praat", textgrid.is_textgrid, textgrid.parse, extra="textgrid"),
    Format("chat", "CHAT", (".cha",), _WORDS, "TalkBank and CHILDES", chat.is_chat, chat.parse),
    Format("rttm", "RTTM with a text", (".rttm",), _WORDS, "NIST", nist.is_rttm, nist.rttm),
    Format("ctm", "CTM", (".ctm",), _WORDS, "NIST", nist.is_ctm, nist.ctm),
    Format("stm", "STM", (".stm",), _TURNS, "NIST", nist.is_stm, nist.stm),
    Format("csv", "CSV or TSV with a header", (".csv", ".tsv", ".tab"), _TURNS, "spreadsheets", delimited.is_delimited, delimited.parse),
    Format("text", "Plain text with names", (".txt", ".text", ".md", ".log"), _TURNS, "people", plain.is_plain, plain.parse),
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
    found = False
    for draft in _inner(Inner(doc, value, f"line {number}")):
        found = True
        if isinstance(draft, ReadError):
            raise draft
        yield draft
    if not found:
        raise ReadError(
            f"the JSON is of no format that is known (it starts {line[:60]!r})",
            where=f"{doc.name}, line {number}",
            remedy='Write a turn {"speaker": …, "text": …} or a call {"turns": […]} a line.',
        )


def find_value(doc: Document, value: Any, at: str) -> Iterator[Draft]:
    """The calls in a value inside a JSON document, such as the transcript in a container; none where no format fits."""
    for draft in _inner(Inner(doc, value, at)):
        if isinstance(draft, ReadError):
            raise draft
        yield draft


def find_text(doc: Document, text: str, at: str) -> Iterator[Draft]:
    """The calls in a text inside a table, such as a cell with a whole transcript.

    Raises:
        ReadError: the text is of no format that is known, or broken.
    """
    data = text.encode("utf-8", "replace")
    inner = Document(f"{doc.where}, {at}", lambda: io.BytesIO(data))
    row = find(inner)
    for draft in row.parse(inner):
        if isinstance(draft, ReadError):
            raise draft
        draft.metadata.setdefault("format", row.name)
        yield draft


def knows(doc: Document, value: Any, at: str) -> bool:
    """Whether a value inside a JSON document is a call of its own in some format."""
    inner = Inner(doc, value, at)
    return any(row.json and row.detect(inner) for row in FORMATS)


def _inner(inner: Inner) -> Iterator[Draft | ReadError]:
    with own_errors(ReadError, "reading the call", inner.where, "Check it against its format, or export it again."):
        for row in FORMATS:
            if row.json and row.detect(inner):
                for draft in row.parse(inner):
                    if isinstance(draft, Draft) and not draft.exact:
                        draft.metadata.setdefault("format", row.name)
                    yield draft
                return


class Inner(Document):
    """A JSON value inside a document, as a document."""

    def __init__(self, doc: Document, value: Any, at: str) -> None:
        super().__init__(f"{doc.where}, {at}", io.BytesIO)
        self.__dict__.update(value=value, looks_json=True, looks_json_lines=False, start_text="", head=b"")
