"""Writers: a call in the shape of each format, for round trips."""

# ruff: noqa: E501 - an object of a service reads best on one line

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Spoken = list[tuple[str, int, int]]


@dataclass(frozen=True)
class Said:
    """One turn: speaker 0 or 1, and words with start and end in milliseconds."""

    speaker: int
    words: tuple[tuple[str, int, int], ...]

    @property
    def text(self) -> str:
        return " ".join(w for w, _, _ in self.words)

    @property
    def start(self) -> int:
        return self.words[0][1]

    @property
    def end(self) -> int:
        return self.words[-1][2]


Call = list[Said]


@dataclass(frozen=True)
class Shape:
    """How a format writes a call: what is left of times, and what its two speakers are called when read."""

    write: Callable[[Call], Any]
    tier: str
    names: tuple[str, str] = ("speaker 0", "speaker 1")
    starts_at_nil: bool = False
    suffix: str = ".json"


def s(ms: int) -> float:
    return ms / 1000


def _role(said: Said) -> str:
    return ("AGENT", "CUSTOMER")[said.speaker]


def _words(said: Said, text: str = "word", factor: float = 1e-3) -> list[dict[str, Any]]:
    return [{text: w, "start": a * factor if factor != 1 else a, "end": b * factor if factor != 1 else b} for w, a, b in said.words]


def contact_lens(call: Call) -> Any:
    people = [{"ParticipantId": r, "ParticipantRole": r} for r in ("AGENT", "CUSTOMER")]
    return {
        "Version": "VOICE-1",
        "Participants": people,
        "Transcript": [
            {"Id": str(n), "ParticipantId": _role(t), "Content": t.text, "BeginOffsetMillis": t.start, "EndOffsetMillis": t.end}
            for n, t in enumerate(call)
        ],
    }


def contact_lens_realtime(call: Call) -> Any:
    return {
        "Segments": [
            {
                "Transcript": {
                    "Id": str(n),
                    "ParticipantId": _role(t),
                    "ParticipantRole": _role(t),
                    "Content": t.text,
                    "BeginOffsetMillis": t.start,
                    "EndOffsetMillis": t.end,
                }
            }
            for n, t in enumerate(call)
        ]
    }


def transcribe(call: Call) -> Any:
    items = [
        {"start_time": str(s(a)), "end_time": str(s(b)), "type": "pronunciation", "alternatives": [{"content": w}]}
        for t in call
        for w, a, b in t.words
    ]
    segments = [
        {
            "start_time": str(s(t.start)),
            "end_time": str(s(t.end)),
            "speaker_label": f"spk_{t.speaker}",
            "items": [{"start_time": str(s(a)), "speaker_label": f"spk_{t.speaker}"} for _, a, _ in t.words],
        }
        for t in call
    ]
    return {"jobName": "j", "results": {"transcripts": [], "items": items, "speaker_labels": {"segments": segments}}}


def post_call(call: Call) -> Any:
    return {
        "ConversationAnalytics": {
            "SpeakerLabels": [{"Speaker": "spk_0", "DisplayText": "Agent"}, {"Speaker": "spk_1", "DisplayText": "Customer"}]
        },
        "SpeechSegments": [
            {
                "SegmentStartTime": s(t.start),
                "SegmentEndTime": s(t.end),
                "SegmentSpeaker": f"spk_{t.speaker}",
                "DisplayText": t.text,
                "WordConfidence": [{"Text": f" {w}", "StartTime": s(a), "EndTime": s(b)} for w, a, b in t.words],
            }
            for t in call
        ],
    }


def bedrock(call: Call) -> Any:
    items: list[dict[str, Any]] = []
    segments = []
    for t in call:
        indices = list(range(len(items), len(items) + len(t.words)))
        items += [{"content": w, "start_timestamp_millis": a, "end_timestamp_millis": b} for w, a, b in t.words]
        segments.append(
            {
                "type": "TRANSCRIPT",
                "text": t.text,
                "start_timestamp_millis": t.start,
                "end_timestamp_millis": t.end,
                "speaker": {"speaker_label": f"spk_{t.speaker}"},
                "audio_item_indices": indices,
            }
        )
    return {"metadata": {}, "audio_items": items, "audio_segments": segments}


def google_v1(call: Call) -> Any:
    words = [{"word": w, "startTime": f"{s(a)}s", "endTime": f"{s(b)}s", "speakerTag": t.speaker + 1} for t in call for w, a, b in t.words]
    plain = [{k: v for k, v in w.items() if k != "speakerTag"} for w in words]
    return {
        "results": [
            {"alternatives": [{"transcript": " ".join(w["word"] for w in words), "words": plain}]},
            {"alternatives": [{"words": words}]},
        ]
    }


def google_v2(call: Call) -> Any:
    return {
        "results": [
            {
                "alternatives": [
                    {
                        "transcript": t.text,
                        "words": [
                            {"word": w, "startOffset": f"{s(a)}s", "endOffset": f"{s(b)}s", "speakerLabel": str(t.speaker + 1)}
                            for w, a, b in t.words
                        ],
                    }
                ]
            }
            for t in call
        ]
    }


def ccai_upload(call: Call) -> Any:
    return {
        "entries": [
            {"start_timestamp_usec": 1738576800000000 + t.start * 1000, "text": t.text, "role": _role(t), "user_id": t.speaker}
            for t in call
        ]
    }


def ccai(call: Call) -> Any:
    return {
        "transcript": {
            "transcriptSegments": [
                {
                    "text": t.text,
                    "segmentParticipant": {"role": ("HUMAN_AGENT", "END_USER")[t.speaker]},
                    "words": [{"word": w, "startOffset": f"{s(a)}s", "endOffset": f"{s(b)}s"} for w, a, b in t.words],
                }
                for t in call
            ]
        }
    }


def azure_batch(call: Call) -> Any:
    def timed(a: int, b: int) -> dict[str, Any]:
        return {"offset": f"PT{s(a)}S", "duration": f"PT{s(b - a)}S", "offsetInTicks": a * 10_000, "durationInTicks": (b - a) * 10_000}

    return {
        "recognizedPhrases": [
            {
                "recognitionStatus": "Success",
                "channel": 0,
                "speaker": t.speaker,
                **timed(t.start, t.end),
                "nBest": [{"display": t.text, "words": [{"word": w, **timed(a, b)} for w, a, b in t.words]}],
            }
            for t in call
        ]
    }


def azure_fast(call: Call) -> Any:
    return {
        "combinedPhrases": [],
        "phrases": [
            {
                "speaker": t.speaker,
                "offsetMilliseconds": t.start,
                "durationMilliseconds": t.end - t.start,
                "text": t.text,
                "words": [{"text": w, "offsetMilliseconds": a, "durationMilliseconds": b - a} for w, a, b in t.words],
            }
            for t in call
        ],
    }


def azure_conversation(call: Call) -> Any:
    return {
        "conversations": [
            {
                "id": "1",
                "conversationItems": [
                    {
                        "participantId": _role(t),
                        "id": str(n),
                        "text": t.text,
                        "audioTimings": [{"word": w, "offset": a * 10_000, "duration": (b - a) * 10_000} for w, a, b in t.words],
                    }
                    for n, t in enumerate(call)
                ],
            }
        ]
    }


def deepgram(call: Call) -> Any:
    words = [{**w, "speaker": t.speaker} for t in call for w in _words(t)]
    return {"results": {"channels": [{"alternatives": [{"transcript": "", "words": words}]}]}}


def deepgram_utterances(call: Call) -> Any:
    return {
        "results": {
            "channels": [{"alternatives": []}],
            "utterances": [
                {"start": s(t.start), "end": s(t.end), "channel": 0, "speaker": t.speaker, "transcript": t.text, "words": _words(t)}
                for t in call
            ],
        }
    }


def assemblyai(call: Call) -> Any:
    return {
        "id": "1",
        "status": "completed",
        "acoustic_model": "",
        "audio_duration": 1,
        "utterances": [
            {"speaker": "AB"[t.speaker], "start": t.start, "end": t.end, "text": t.text, "words": _words(t, "text", 1)} for t in call
        ],
    }


def assemblyai_words(call: Call) -> Any:
    words = [{**w, "speaker": "AB"[t.speaker]} for t in call for w in _words(t, "text", 1)]
    return {"id": "1", "status": "completed", "acoustic_model": "", "audio_duration": 1, "utterances": None, "words": words}


def speechmatics(call: Call) -> Any:
    results = [
        {"type": "word", "start_time": s(a), "end_time": s(b), "alternatives": [{"content": w, "speaker": f"S{t.speaker + 1}"}]}
        for t in call
        for w, a, b in t.words
    ]
    return {"format": "2.9", "job": {"id": "1"}, "metadata": {}, "results": results}


def revai(call: Call) -> Any:
    return {
        "monologues": [
            {
                "speaker": t.speaker,
                "elements": [
                    e
                    for w, a, b in t.words
                    for e in ({"type": "text", "value": w, "ts": s(a), "end_ts": s(b)}, {"type": "punct", "value": " "})
                ],
            }
            for t in call
        ]
    }


def whisper(call: Call) -> Any:
    return {
        "language": "en",
        "text": "",
        "segments": [
            {"id": n, "start": s(t.start), "end": s(t.end), "text": f" {t.text}", "speaker": f"SPEAKER_0{t.speaker}", "words": _words(t)}
            for n, t in enumerate(call)
        ],
    }


def whisper_cpp(call: Call) -> Any:
    return {
        "transcription": [
            {
                "offsets": {"from": t.start, "to": t.end},
                "text": f" {t.text}",
                "speaker": str(t.speaker),
                "tokens": [{"text": f" {w}", "offsets": {"from": a, "to": b}} for w, a, b in t.words],
            }
            for t in call
        ]
    }


def twilio(call: Call) -> Any:
    return {
        "sentences": [
            {
                "media_channel": t.speaker + 1,
                "sentence_index": n,
                "start_time": str(s(t.start)),
                "end_time": str(s(t.end)),
                "transcript": t.text,
                "words": [{"word": w, "start_time": str(s(a)), "end_time": str(s(b))} for w, a, b in t.words],
            }
            for n, t in enumerate(call)
        ]
    }


def genesys(call: Call) -> Any:
    base = 1738576800000
    phrases = [
        {
            "text": t.text,
            "phraseIndex": n,
            "participantPurpose": ("internal", "external")[t.speaker],
            "startTimeMs": base + t.start,
            "duration": {"milliseconds": t.end - t.start},
            "words": [{"word": w, "startTimeMs": base + a, "duration": {"milliseconds": b - a}} for w, a, b in t.words],
        }
        for n, t in enumerate(call)
    ]
    return {"conversationId": "1", "communicationId": "2", "conversationStartTime": base, "transcripts": [{"phrases": phrases}]}


def harper_valley(call: Call) -> Any:
    return [
        {
            "index": n,
            "channel_index": 2 - t.speaker,
            "speaker_role": ("agent", "caller")[t.speaker],
            "offset_ms": t.start,
            "start_ms": t.start,
            "duration_ms": t.end - t.start,
            "human_transcript": t.text,
            "transcript": t.text,
            "word_offsets_ms": [a - t.start for _, a, _ in t.words],
            "word_durations_ms": [b - a for _, a, b in t.words],
        }
        for n, t in enumerate(call)
    ]


def wtf(call: Call) -> Any:
    words: list[dict[str, Any]] = []
    segments = []
    for n, t in enumerate(call):
        segments.append(
            {
                "id": n,
                "start": s(t.start),
                "end": s(t.end),
                "text": t.text,
                "speaker": t.speaker,
                "words": list(range(len(words), len(words) + len(t.words))),
            }
        )
        words += [
            {"id": len(words) + m, "text": w, "start": s(a), "end": s(b), "speaker": t.speaker} for m, (w, a, b) in enumerate(t.words)
        ]
    return {"transcript": {"text": "", "language": "en"}, "segments": segments, "words": words}


def vcon(call: Call) -> Any:
    return {
        "vcon": "0.0.1",
        "uuid": "1",
        "parties": [{"name": "Ines"}, {"name": "Bo"}],
        "dialog": [],
        "analysis": [{"type": "transcript", "dialog": 0, "body": wtf(call)}],
    }


def elevenlabs(call: Call) -> Any:
    return {
        "language_code": "en",
        "words": [
            {"text": w, "start": s(a), "end": s(b), "type": "word", "speaker_id": f"speaker_{t.speaker}"}
            for t in call
            for w, a, b in t.words
        ],
    }


def watson(call: Call) -> Any:
    labels = [{"from": s(a), "to": s(b), "speaker": t.speaker} for t in call for _, a, b in t.words]
    return {
        "result_index": 0,
        "results": [
            {"final": True, "alternatives": [{"transcript": t.text, "timestamps": [[w, s(a), s(b)] for w, a, b in t.words]}]} for t in call
        ],
        "speaker_labels": labels,
    }


def gladia(call: Call) -> Any:
    return {
        "transcription": {
            "full_transcript": "",
            "utterances": [
                {"text": t.text, "start": s(t.start), "end": s(t.end), "channel": 0, "speaker": t.speaker, "words": _words(t)} for t in call
            ],
        }
    }


def turns_json(call: Call) -> Any:
    return {
        "turns": [
            {"speaker": _role(t), "text": t.text, "start_ms": t.start, "end_ms": t.end, "words": [[w, a, b] for w, a, b in t.words]}
            for t in call
        ]
    }


def jsonl(call: Call) -> str:
    return "".join(
        json.dumps({"speaker": _role(t), "text": t.text, "start_time": s(t.start), "end_time": s(t.end), "words": _words(t)}) + "\n"
        for t in call
    )


def _clock(ms: int, mark: str = ".") -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{mark}{ms % 1000:03}"


def vtt(call: Call) -> str:
    return "WEBVTT\n\n" + "\n\n".join(f"{_clock(t.start)} --> {_clock(t.end)}\n<v {_role(t)}>{t.text}</v>" for t in call) + "\n"


def srt(call: Call) -> str:
    return "\n\n".join(f"{n}\n{_clock(t.start, ',')} --> {_clock(t.end, ',')}\n{_role(t)}: {t.text}" for n, t in enumerate(call, 1)) + "\n"


def microdvd(call: Call) -> str:
    # A thousand frames a second, so that no time is cut.
    return "{1}{1}1000\n" + "".join(f"{{{t.start}}}{{{t.end}}}{_role(t)}: {t.text}\n" for t in call)


def text(call: Call) -> str:
    return "".join(f"[{_clock(t.start)} - {_clock(t.end)}] {_role(t)}: {t.text}\n" for t in call)


def zoom(call: Call) -> str:
    return "".join(f"[{('Ines Roe', 'Bo Lund')[t.speaker]}] {_clock(t.start)}\n{t.text}\n\n" for t in call)


def csv_long(call: Call) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([("Speaker", "Text", "Start (ms)", "End (ms)"), *((_role(t), t.text, t.start, t.end) for t in call)])
    return out.getvalue()


def csv_wide(call: Call) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(
        [
            ("start_ms", "end_ms", "agent", "customer"),
            *((t.start, t.end, "" if t.speaker else t.text, t.text if t.speaker else "") for t in call),
        ]
    )
    return out.getvalue()


def textgrid(call: Call) -> str:
    end = s(call[-1].end + 500)
    tiers = []
    for speaker, name in enumerate(("Agent", "Customer")):
        rows: list[tuple[float, float, str]] = []
        at = 0.0
        for t in (t for t in call if t.speaker == speaker):
            if s(t.start) > at:
                rows.append((at, s(t.start), ""))
            rows.append((s(t.start), s(t.end), t.text))
            at = s(t.end)
        rows.append((at, end, ""))
        body = "".join(
            f'        intervals [{n}]:\n            xmin = {a} \n            xmax = {b} \n            text = "{x}" \n'
            for n, (a, b, x) in enumerate(rows, 1)
        )
        tiers.append(
            f'    item [{speaker + 1}]:\n        class = "IntervalTier" \n        name = "{name}" \n        xmin = 0 \n        xmax = {end} \n        intervals: size = {len(rows)} \n{body}'
        )
    return (
        f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0 \nxmax = {end} \ntiers? <exists> \nsize = 2 \nitem []: \n'
        + "".join(tiers)
    )


def chat(call: Call) -> str:
    lines = ["@UTF8", "@Begin", "@Languages:\teng", "@Participants:\tAGT Ines Agent, CUS Bo Customer"]
    for t in call:
        lines += [
            f"*{('AGT', 'CUS')[t.speaker]}:\t{t.text} . \x15{t.start}_{t.end}\x15",
            "%wor:\t" + " ".join(f"{w} \x15{a}_{b}\x15" for w, a, b in t.words) + " .",
        ]
    return "\n".join([*lines, "@End"]) + "\n"


def rttm(call: Call) -> str:
    lines = [f"SPEAKER c 1 {s(t.start):.3f} {s(t.end - t.start):.3f} <NA> <NA> spk{t.speaker} <NA> <NA>" for t in call]
    lines += [f"LEXEME c 1 {s(a):.3f} {s(b - a):.3f} {w} lex spk{t.speaker} <NA> <NA>" for t in call for w, a, b in t.words]
    return "\n".join(lines) + "\n"


def stm(call: Call) -> str:
    return ";; made for a test\n" + "".join(f"c 1 spk{t.speaker} {s(t.start):.3f} {s(t.end):.3f} <o,f0> {t.text} and so on\n" for t in call)


def ctm(call: Call) -> str:
    return "".join(f"c {'AB'[t.speaker]} {s(a):.3f} {s(b - a):.3f} {w} 0.98\n" for t in call for w, a, b in t.words)


_ROLES = ("AGENT", "CUSTOMER")
SHAPES = {
    "contact-lens": Shape(contact_lens, "turns", _ROLES),
    "contact-lens-realtime": Shape(contact_lens_realtime, "turns", _ROLES),
    "amazon-transcribe": Shape(transcribe, "words", ("spk_0", "spk_1")),
    "aws-post-call-analytics": Shape(post_call, "words", ("Agent", "Customer")),
    "bedrock-data-automation": Shape(bedrock, "words", ("spk_0", "spk_1")),
    "google-speech v1": Shape(google_v1, "words", ("speaker 1", "speaker 2")),
    "google-speech v2": Shape(google_v2, "words", ("speaker 1", "speaker 2")),
    "google-ccai-upload": Shape(ccai_upload, "starts", _ROLES, starts_at_nil=True),
    "google-ccai": Shape(ccai, "words", ("HUMAN_AGENT", "END_USER")),
    "azure-batch": Shape(azure_batch, "words"),
    "azure-fast": Shape(azure_fast, "words"),
    "azure-conversation": Shape(azure_conversation, "words", _ROLES),
    "deepgram words": Shape(deepgram, "words"),
    "deepgram utterances": Shape(deepgram_utterances, "words"),
    "assemblyai": Shape(assemblyai, "words", ("speaker A", "speaker B")),
    "assemblyai words": Shape(assemblyai_words, "words", ("speaker A", "speaker B")),
    "speechmatics": Shape(speechmatics, "words", ("S1", "S2")),
    "revai": Shape(revai, "words"),
    "whisper": Shape(whisper, "words", ("SPEAKER_00", "SPEAKER_01")),
    "whisper-cpp": Shape(whisper_cpp, "words"),
    "twilio": Shape(twilio, "words", ("channel 1", "channel 2")),
    "genesys": Shape(genesys, "words", ("internal", "external")),
    "harper-valley": Shape(harper_valley, "words", ("agent", "caller")),
    "wtf": Shape(wtf, "words"),
    "vcon": Shape(vcon, "words", ("Ines", "Bo")),
    "elevenlabs": Shape(elevenlabs, "words", ("speaker_0", "speaker_1")),
    "ibm-watson": Shape(watson, "words"),
    "gladia": Shape(gladia, "words"),
    "json": Shape(turns_json, "words", _ROLES),
    "jsonl": Shape(jsonl, "words", _ROLES, suffix=".jsonl"),
    "vtt": Shape(vtt, "turns", _ROLES, suffix=".vtt"),
    "srt": Shape(srt, "turns", _ROLES, suffix=".srt"),
    "microdvd": Shape(microdvd, "turns", _ROLES, suffix=".sub"),
    "text": Shape(text, "turns", _ROLES, suffix=".txt"),
    "csv": Shape(csv_long, "turns", _ROLES, suffix=".csv"),
    "csv wide": Shape(csv_wide, "turns", ("agent", "customer"), suffix=".csv"),
    "textgrid": Shape(textgrid, "turns", ("Agent", "Customer"), suffix=".TextGrid"),
    "chat": Shape(chat, "words", ("AGT", "CUS"), suffix=".cha"),
    "rttm": Shape(rttm, "words", ("spk0", "spk1"), suffix=".rttm"),
    "stm": Shape(stm, "turns", ("spk0", "spk1"), suffix=".stm"),
    "ctm": Shape(ctm, "words", ("channel A", "channel B"), suffix=".ctm"),
}
