"""What Whisper and its descendants write: OpenAI's own, whisper-timestamped, WhisperX, whisper.cpp, pipelines with chunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .field_names import names, plain_key
from .models import Lax, build
from .parsed_call import ParsedCall
from .rows import speaker_name
from .source import Document
from .word_timing import Stretch, align


class _Word(Lax):
    word: str | None = None
    text: str | None = None
    start: float | None = None
    end: float | None = None
    speaker: str | int | None = None


class _Segment(Lax):
    text: str
    start: float | None = None
    end: float | None = None
    words: tuple[_Word, ...] | None = None
    speaker: str | int | None = None
    id: int | str | None = None


class _Whisper(Lax):
    segments: tuple[_Segment, ...]
    text: str | None = None
    words: tuple[_Word, ...] | None = None
    language: str | None = None


def is_whisper(doc: Document) -> bool:
    """Segments with start, end and text beside the whole text, the language, or the words again."""
    value = doc.value
    if not isinstance(value, dict) or not isinstance(value.get("segments"), list) or isinstance(value.get("transcript"), dict):
        return False
    segments = value["segments"]
    if segments and not (isinstance(segments[0], dict) and "text" in segments[0] and "start" in segments[0]):
        return False
    if segments and any(plain_key(k) in names().ranks["speaker"] and k != "speaker" for k in segments[0]):
        return False  # another program, with speakers under a name of its own
    own = {"seek", "tokens", "avg_logprob", "no_speech_prob", "temperature"}
    return bool({"language", "word_segments", "task"} & value.keys()) or ("text" in value) or bool(segments and own & segments[0].keys())


def whisper(doc: Document) -> Iterator[ParsedCall]:
    """The call: a turn a segment; where the words of one have several speakers, a turn for each."""
    call = build(doc, doc.value, _Whisper)
    loose = list(call.words or ()) if not any(s.words for s in call.segments) else []
    turns: list[dict[str, Any]] = []
    for index, segment in enumerate(call.segments):
        place = f"$.segments[{index}]"
        words: Sequence[_Word] = segment.words or ()
        if loose and segment.end is not None:
            # The API lists words apart from the segments.
            words = [w for w in loose if w.start is not None and w.start < segment.end]
            loose = loose[len(words) :]
        turns += _turns(segment, words, place)
    if not turns and (call.text or "").strip():
        turns = [{"place": "$.text", "text": (call.text or "").strip()}]
    yield ParsedCall(turns, metadata={"language": call.language})


def _turns(segment: _Segment, words: Sequence[_Word], place: str) -> list[dict[str, Any]]:
    text = segment.text.strip()
    shown = [((w.word if w.word is not None else w.text or "").strip(), w) for w in words]
    speakers = {w.speaker for _, w in shown if w.speaker is not None}
    record: dict[str, Any] = {
        "place": place,
        "speaker": None if segment.speaker is None else speaker_name(segment.speaker),
        "text": text,
        "start": segment.start,
        "end": segment.end,
        "words": align(text, [(t, w.start, w.end) for t, w in shown if w.start is not None and w.end is not None and t]),
        "id": None if segment.id is None else str(segment.id),
    }
    if len(shown) != len([t for t, w in shown if w.start is not None]):
        # Words that could not be placed in time stay in the text only.
        record["words"] = [(t, w.start, w.end) for t, w in shown if w.start is not None and w.end is not None and t]
    if len(speakers) < 2 or " ".join(t for t, _ in shown) != text:
        return [record]
    found: list[Stretch] = []
    for spoken, word in shown:
        key = word.speaker if word.speaker is not None else (found[-1].key if found else segment.speaker)
        if not found or found[-1].key != key:
            found.append(Stretch(key, "", [], place))
        found[-1] = found[-1]._replace(text=f"{found[-1].text} {spoken}".strip())
        if word.start is not None and word.end is not None:
            found[-1].words.append((spoken, word.start, word.end))
    return [s.record(speaker=None if s.key is None else speaker_name(s.key)) for s in found]


# -------------------------------------------------------------------------------------------------------- whisper.cpp


class _Offsets(Lax, rename={"from_ms": "from", "to_ms": "to"}):
    from_ms: float
    to_ms: float


class _Token(Lax):
    text: str
    offsets: _Offsets | None = None


class _Piece(Lax):
    text: str
    offsets: _Offsets | None = None
    tokens: tuple[_Token, ...] | None = None
    speaker: str | int | None = None


class _Cpp(Lax):
    transcription: tuple[_Piece, ...]
    result: dict[str, Any] | None = None


def is_cpp(doc: Document) -> bool:
    """A list transcription with offsets."""
    pieces = doc.value.get("transcription") if isinstance(doc.value, dict) else None
    return isinstance(pieces, list) and (not pieces or (isinstance(pieces[0], dict) and "offsets" in pieces[0]))


def cpp(doc: Document) -> Iterator[ParsedCall]:
    """The call of whisper.cpp: a turn a piece; tokens are joined to words."""
    call = build(doc, doc.value, _Cpp)
    turns = []
    for index, piece in enumerate(call.transcription):
        words: list[tuple[str, float, float]] = []
        for token in piece.tokens or ():
            if token.text.startswith("[_") or token.offsets is None:
                continue
            first, last = token.offsets.from_ms / 1000, token.offsets.to_ms / 1000
            if words and not token.text.startswith(" "):
                words[-1] = (words[-1][0] + token.text, words[-1][1], max(last, words[-1][2]))
            elif token.text.strip():
                words.append((token.text.strip(), first, last))
        text = piece.text.strip()
        start, end = (piece.offsets.from_ms / 1000, piece.offsets.to_ms / 1000) if piece.offsets else (None, None)
        turns.append(
            {
                "place": f"$.transcription[{index}]",
                "speaker": None if piece.speaker in (None, "") else speaker_name(piece.speaker),
                "text": text,
                "start": start,
                "end": end,
                "words": align(text, words),
            }
        )
    yield ParsedCall(turns, metadata={"language": (call.result or {}).get("language")})


# ------------------------------------------------------------------------------------------------- pipelines with chunks


class _Chunk(Lax):
    text: str
    timestamp: tuple[float | None, float | None]
    speaker: str | int | None = None


class _Chunks(Lax):
    chunks: tuple[_Chunk, ...] | None = None
    speakers: tuple[_Chunk, ...] | None = None


def is_chunks(doc: Document) -> bool:
    """A list chunks of texts with a timestamp of two numbers."""
    chunks = doc.value.get("chunks") if isinstance(doc.value, dict) else None
    return isinstance(chunks, list) and bool(chunks) and isinstance(chunks[0], dict) and isinstance(chunks[0].get("timestamp"), list)


def chunks(doc: Document) -> Iterator[ParsedCall]:
    """The call of a transformers pipeline: a turn a chunk, or words in turns where each chunk is a word."""
    call = build(doc, doc.value, _Chunks)
    name, pieces = ("speakers", call.speakers) if call.speakers else ("chunks", call.chunks or ())
    spoken = [p for p in pieces if p.text.strip()]
    by_word = len(spoken) > 1 and all(" " not in p.text.strip() for p in spoken)
    turns: list[dict[str, Any]] = []
    for index, piece in enumerate(pieces):
        start, end = piece.timestamp
        speaker = None if piece.speaker is None else speaker_name(piece.speaker)
        text = piece.text.strip()
        timed = [(text, start, end)] if by_word and text and start is not None and end is not None else []
        if by_word and turns and turns[-1]["speaker"] == speaker:
            turns[-1]["text"] = f"{turns[-1]['text']} {text}".strip()
            turns[-1]["words"] += timed
            turns[-1]["end"] = end
        else:
            turns.append({"place": f"$.{name}[{index}]", "speaker": speaker, "text": text, "start": start, "end": end, "words": timed})
    yield ParsedCall(turns)
