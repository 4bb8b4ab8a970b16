"""What transcription services and phone systems write: a document of our own in each shape, with what must be read of it."""

# ruff: noqa: E501 - an object of a service reads best on one line

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from listening_coach.readers import read
from listening_coach.transcript import Role

A, C, OTHER, U = Role.AGENT, Role.CUSTOMER, Role.OTHER, Role.UNKNOWN


@dataclass
class Case:
    """A document and what it says: turns as (speaker, role, text, start, end), words as (text, start, end)."""

    format: str
    document: Any
    turns: list[tuple[Any, ...]]
    words: list[tuple[str, float, float]]
    tier: str
    id: str | None = None
    started_at: str | None = None
    metadata: dict[str, Any] | None = None


def word(text: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    return {"word": text, "start": start, "end": end, **more}


def amazon_item(text: str, start: str | None = None, end: str | None = None, **more: Any) -> dict[str, Any]:
    times = {"start_time": start, "end_time": end, "type": "pronunciation"} if start else {"type": "punctuation"}
    return {**times, "alternatives": [{"confidence": "0.9", "content": text}], **more}


CASES = {
    "contact lens": Case(
        "contact-lens",
        {
            "Version": "VOICE-2022-11-30",
            "Channel": "VOICE",
            "LanguageCode": "en-US",
            "CustomerMetadata": {"ContactId": "c-77", "InstanceId": "i"},
            "Participants": [{"ParticipantId": "CUSTOMER", "ParticipantRole": "CUSTOMER"}, {"ParticipantId": "AGENT", "ParticipantRole": "AGENT"}],
            "Categories": {"MatchedCategories": [], "MatchedDetails": {}},
            "ConversationCharacteristics": {"Interruptions": {"TotalCount": 0}},
            "Transcript": [
                {"Id": "a", "ParticipantId": "AGENT", "Content": "Morning.", "BeginOffsetMillis": 120, "EndOffsetMillis": 800, "LoudnessScore": [70.1]},
                {
                    "Id": "b", "ParticipantId": "CUSTOMER", "Content": "My parcel is late.", "BeginOffsetMillis": 950, "EndOffsetMillis": 2600,
                    "IssuesDetected": [{"CharacterOffsets": {"BeginOffsetChar": 0, "EndOffsetChar": 18}}],
                },
            ],
        },
        [("AGENT", A, "Morning.", 0.12, 0.8), ("CUSTOMER", C, "My parcel is late.", 0.95, 2.6)],
        [],
        "turns",
        id="c-77",
    ),
    "contact lens chat": Case(
        "contact-lens",
        {
            "Version": "CHAT-2022-10-01",
            "Channel": "CHAT",
            "Participants": [
                {"ParticipantId": "0b1e1f52-1111-4222-8333-944445555666", "ParticipantRole": "CUSTOMER"},
                {"ParticipantId": "9c2e1f52-1111-4222-8333-944445555666", "ParticipantRole": "AGENT"},
            ],
            "Transcript": [
                {"Id": "1", "Type": "EVENT", "ParticipantId": "9c2e1f52-1111-4222-8333-944445555666", "ContentType": "application/vnd.amazonaws.connect.event.participant.joined", "AbsoluteTime": "2025-05-05T09:00:00.000Z"},
                {"Id": "2", "Type": "MESSAGE", "ParticipantId": "0b1e1f52-1111-4222-8333-944445555666", "Content": "Hello?", "AbsoluteTime": "2025-05-05T09:00:04.500Z"},
                {"Id": "3", "Type": "MESSAGE", "ParticipantId": "9c2e1f52-1111-4222-8333-944445555666", "Content": "Hi there.", "AbsoluteTime": "2025-05-05T09:00:09.000Z"},
            ],
        },
        [("CUSTOMER", C, "Hello?", 0.0, None), ("AGENT", A, "Hi there.", 4.5, None)],
        [],
        "starts",
        started_at="2025-05-05T09:00:04.500000+00:00",
    ),
    "contact lens in real time": Case(
        "contact-lens-realtime",
        {
            "Channel": "VOICE",
            "Segments": [
                {"Transcript": {"Id": "1", "ParticipantId": "AGENT", "ParticipantRole": "AGENT", "Content": "Morning.", "BeginOffsetMillis": 100, "EndOffsetMillis": 800}},
                {"Categories": {"MatchedCategories": ["greeting"], "MatchedDetails": {}}},
                {"Transcript": {"Id": "2", "ParticipantId": "CUSTOMER", "ParticipantRole": "CUSTOMER", "Content": "Hi.", "BeginOffsetMillis": 900, "EndOffsetMillis": 1300}},
            ],
        },
        [("AGENT", A, "Morning.", 0.1, 0.8), ("CUSTOMER", C, "Hi.", 0.9, 1.3)],
        [],
        "turns",
        metadata={"vendor": {"categories": [{"MatchedCategories": ["greeting"], "MatchedDetails": {}}]}},
    ),
    "transcribe with speaker labels": Case(
        "amazon-transcribe",
        {
            "jobName": "job-1",
            "accountId": "1",
            "status": "COMPLETED",
            "results": {
                "transcripts": [{"transcript": "Good day. Hello, yes."}],
                "speaker_labels": {
                    "speakers": 2,
                    "segments": [
                        {"start_time": "0.10", "end_time": "0.70", "speaker_label": "spk_0", "items": [{"start_time": "0.10", "end_time": "0.3", "speaker_label": "spk_0"}, {"start_time": "0.30", "end_time": "0.7", "speaker_label": "spk_0"}]},
                        {"start_time": "1.00", "end_time": "1.90", "speaker_label": "spk_1", "items": [{"start_time": "1.00", "end_time": "1.4", "speaker_label": "spk_1"}]},
                        {"start_time": "1.50", "end_time": "1.90", "speaker_label": "spk_1", "items": [{"start_time": "1.50", "end_time": "1.9", "speaker_label": "spk_1"}]},
                    ],
                },
                "items": [
                    amazon_item("Good", "0.10", "0.3"), amazon_item("day", "0.30", "0.7"), amazon_item("."),
                    amazon_item("Hello", "1.00", "1.4"), amazon_item(","), amazon_item("yes", "1.50", "1.9"), amazon_item("."),
                ],
            },
        },
        [("spk_0", U, "Good day.", 0.1, 0.7), ("spk_1", U, "Hello,", 1.0, 1.4), ("spk_1", U, "yes.", 1.5, 1.9)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello,", 1.0, 1.4), ("yes.", 1.5, 1.9)],
        "words",
        id="job-1",
    ),
    "transcribe with audio segments": Case(
        "amazon-transcribe",
        {
            "jobName": "job-2",
            "results": {
                "transcripts": [{"transcript": "Good day. Hello."}],
                "items": [
                    amazon_item("Good", "0.10", "0.3", id=0, speaker_label="spk_0"), amazon_item("day", "0.30", "0.7", id=1, speaker_label="spk_0"),
                    amazon_item(".", id=2, speaker_label="spk_0"), amazon_item("Hello", "1.00", "1.4", id=3, speaker_label="spk_1"), amazon_item(".", id=4),
                ],
                "speaker_labels": {"segments": [], "speakers": 2},
                "audio_segments": [
                    {"id": 0, "transcript": "Good day.", "start_time": "0.1", "end_time": "0.8", "speaker_label": "spk_0", "items": [0, 1, 2]},
                    {"id": 1, "transcript": "Hello.", "start_time": "1.0", "end_time": "1.5", "speaker_label": "spk_1", "items": [3, 4]},
                ],
            },
        },
        [("spk_0", U, "Good day.", 0.1, 0.8), ("spk_1", U, "Hello.", 1.0, 1.5)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
        id="job-2",
    ),
    "transcribe with channels": Case(
        "amazon-transcribe",
        {
            "jobName": "job-3",
            "results": {
                "transcripts": [{"transcript": "Good day. Hello. Yes?"}],
                "channel_labels": {
                    "number_of_channels": 2,
                    "channels": [
                        {"channel_label": "ch_0", "items": [amazon_item("Good", "0.10", "0.3"), amazon_item("day", "0.30", "0.7"), amazon_item("."), amazon_item("Yes", "2.60", "2.9"), amazon_item("?")]},
                        {"channel_label": "ch_1", "items": [amazon_item("Hello", "1.00", "1.4"), amazon_item(".")]},
                    ],
                },
                "items": [],
            },
        },
        [("ch_0", U, "Good day.", 0.1, 0.7), ("ch_1", U, "Hello.", 1.0, 1.4), ("ch_0", U, "Yes?", 2.6, 2.9)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4), ("Yes?", 2.6, 2.9)],
        "words",
        id="job-3",
    ),
    "post call analytics": Case(
        "aws-post-call-analytics",
        {
            "ConversationAnalytics": {
                "GUID": "g-1", "Agent": "Ines", "ConversationTime": "2025-02-03 10:00:00.500000", "ConversationLocation": "Europe/London", "LanguageCode": "en-GB",
                "SpeakerLabels": [{"Speaker": "spk_0", "DisplayText": "Agent"}, {"Speaker": "spk_1", "DisplayText": "Customer"}],
                "CategoriesDetected": [{"Name": "late", "Instances": 1, "Timestamps": []}],
            },
            "SpeechSegments": [
                {"SegmentStartTime": 0.04, "SegmentEndTime": 0.9, "SegmentSpeaker": "spk_0", "SegmentInterruption": False, "OriginalText": "Hi [PII].", "DisplayText": "Hi [PII].",
                 "WordConfidence": [{"Text": "Hi", "Confidence": 0.9, "StartTime": 0.04, "EndTime": 0.2}, {"Text": " [PII].", "Confidence": 0.9, "StartTime": 0.3, "EndTime": 0.9}]},
                {"SegmentStartTime": 0.7, "SegmentEndTime": 1.4, "SegmentSpeaker": "spk_1", "SegmentInterruption": True, "DisplayText": "Hello.",
                 "WordConfidence": [{"Text": "Hello.", "Confidence": 0.9, "StartTime": 0.7, "EndTime": 1.4}]},
            ],
        },
        [("Agent", A, "Hi [PII].", 0.04, 0.9), ("Customer", C, "Hello.", 0.7, 1.4)],
        [("Hi", 0.04, 0.2), ("[PII].", 0.3, 0.9), ("Hello.", 0.7, 1.4)],
        "words",
        id="g-1",
        started_at="2025-02-03T10:00:00.500000+00:00",
        metadata={"agent": "Ines", "vendor": {"categories": [{"Name": "late", "Instances": 1, "Timestamps": []}], "interruptions": [1]}},
    ),
    "bedrock": Case(
        "bedrock-data-automation",
        {
            "metadata": {"asset_id": "0", "semantic_modality": "AUDIO", "dominant_asset_language": "EN", "s3_key": "calls/a.wav"},
            "audio": {"summary": "They greet."},
            "audio_items": [
                {"item_index": 0, "audio_segment_index": 0, "content": "Good", "start_timestamp_millis": 9, "end_timestamp_millis": 119},
                {"item_index": 1, "audio_segment_index": 0, "content": "day", "start_timestamp_millis": 120, "end_timestamp_millis": 400},
                {"item_index": 2, "audio_segment_index": 0, "content": "."},
                {"item_index": 3, "audio_segment_index": 1, "content": "Hello", "start_timestamp_millis": 600, "end_timestamp_millis": 900},
            ],
            "audio_segments": [
                {"start_timestamp_millis": 0, "end_timestamp_millis": 450, "segment_index": 0, "type": "TRANSCRIPT", "text": "Good day.", "speaker": {"speaker_label": "spk_0"}, "channel": {"channel_label": "ch_0"}, "audio_item_indices": [0, 1, 2], "language": "EN"},
                {"start_timestamp_millis": 600, "end_timestamp_millis": 900, "segment_index": 1, "type": "TRANSCRIPT", "text": "Hello", "speaker": {"speaker_label": "spk_1"}, "channel": {"channel_label": "ch_0"}, "audio_item_indices": [3], "language": "EN"},
            ],
        },
        [("spk_0", U, "Good day.", 0.0, 0.45), ("spk_1", U, "Hello", 0.6, 0.9)],
        [("Good", 0.009, 0.119), ("day.", 0.12, 0.4), ("Hello", 0.6, 0.9)],
        "words",
        metadata={"language": "EN", "audio": "calls/a.wav", "vendor": {"summary": "They greet."}},
    ),
    "google v1 with diarization": Case(
        "google-speech",
        {
            "results": [
                {"alternatives": [{"transcript": "good day", "confidence": 0.9, "words": [{"startTime": "0.100s", "endTime": "0.300s", "word": "good"}, {"startTime": "0.300s", "endTime": "0.700s", "word": "day"}]}], "languageCode": "en-us"},
                {"alternatives": [{"transcript": " hello", "confidence": 0.9, "words": [{"startTime": "1s", "endTime": "1.400s", "word": "hello"}]}], "languageCode": "en-us"},
                {"alternatives": [{"words": [
                    {"startTime": "0.100s", "endTime": "0.300s", "word": "good", "speakerTag": 1}, {"startTime": "0.300s", "endTime": "0.700s", "word": "day", "speakerTag": 1},
                    {"startTime": "1s", "endTime": "1.400s", "word": "hello", "speakerTag": 2}]}]},
            ]
        },
        [("speaker 1", U, "good day", 0.1, 0.7), ("speaker 2", U, "hello", 1.0, 1.4)],
        [("good", 0.1, 0.3), ("day", 0.3, 0.7), ("hello", 1.0, 1.4)],
        "words",
        metadata={"language": "en-us"},
    ),
    "google v1 with channels, by a client library": Case(
        "google-speech",
        {
            "results": [
                {"alternatives": [{"transcript": "Good day.", "words": [{"start_time": {}, "end_time": {"nanos": 300000000}, "word": "Good"}, {"start_time": {"nanos": 300000000}, "end_time": {"nanos": 700000000}, "word": "day."}]}], "channel_tag": 1},
                {"alternatives": [{"transcript": "Yes.", "words": [{"start_time": {"seconds": "3"}, "end_time": {"seconds": "3", "nanos": 500000000}, "word": "Yes."}]}], "channel_tag": 1},
                {"alternatives": [{"transcript": "Hello.", "words": [{"start_time": {"seconds": "1"}, "end_time": {"seconds": "1", "nanos": 400000000}, "word": "Hello."}]}], "channel_tag": 2},
            ]
        },
        [("channel 1", U, "Good day.", 0.0, 0.7), ("channel 2", U, "Hello.", 1.0, 1.4), ("channel 1", U, "Yes.", 3.0, 3.5)],
        [("Good", 0.0, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4), ("Yes.", 3.0, 3.5)],
        "words",
    ),
    "google v2 in a batch": Case(
        "google-speech",
        {
            "results": {"gs://calls/a.wav": {"transcript": {"results": [
                {"alternatives": [{"transcript": "Good day. Hello.", "words": [
                    {"startOffset": "0.100s", "endOffset": "0.300s", "word": "Good", "speakerLabel": "1"}, {"startOffset": "0.300s", "endOffset": "0.700s", "word": "day.", "speakerLabel": "1"},
                    {"startOffset": "1s", "endOffset": "1.400s", "word": "Hello.", "speakerLabel": "2"}]}], "resultEndOffset": "1.5s", "languageCode": "en-GB"},
            ]}}}
        },
        [("speaker 1", U, "Good day.", 0.1, 0.7), ("speaker 2", U, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
    ),
    "ccai upload": Case(
        "google-ccai-upload",
        {
            "conversation_info": {"conversation_id": "v-1", "agent_id": "77"},
            "entries": [
                {"start_timestamp_usec": 1738576800000000, "text": "Good day.", "role": "AGENT", "user_id": 2},
                {"start_timestamp_usec": 1738576802500000, "text": "Hello.", "role": "CUSTOMER", "user_id": 1},
            ],
        },
        [("AGENT", A, "Good day.", 0.0, None), ("CUSTOMER", C, "Hello.", 2.5, None)],
        [],
        "starts",
        id="v-1",
        started_at="2025-02-03T10:00:00+00:00",
        metadata={"agent_id": "77"},
    ),
    "ccai conversation": Case(
        "google-ccai",
        {
            "name": "projects/p/locations/l/conversations/v-2",
            "startTime": "2025-02-03T10:00:00Z",
            "languageCode": "en-US",
            "medium": "PHONE_CALL",
            "transcript": {"transcriptSegments": [
                {"text": "Hello.", "channelTag": 1, "segmentParticipant": {"role": "END_USER", "userId": "1"}, "words": [{"word": "Hello.", "startOffset": "1s", "endOffset": "1.400s"}]},
                {"text": "Good day.", "channelTag": 2, "segmentParticipant": {"role": "HUMAN_AGENT", "userId": "2"}, "words": [{"word": "Good", "endOffset": "0.300s"}, {"word": "day.", "startOffset": "0.300s", "endOffset": "0.700s"}]},
            ]},
        },
        [("HUMAN_AGENT", A, "Good day.", 0.0, 0.7), ("END_USER", C, "Hello.", 1.0, 1.4)],
        [("Good", 0.0, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
        id="v-2",
        started_at="2025-02-03T10:00:00+00:00",
    ),
    "azure batch": Case(
        "azure-batch",
        {
            "source": "https://blob/a.wav",
            "timestamp": "2025-02-04T08:00:00Z",
            "durationInTicks": 20000000,
            "duration": "PT2S",
            "combinedRecognizedPhrases": [{"channel": 0, "display": "It is $20."}],
            "recognizedPhrases": [
                {"recognitionStatus": "Success", "channel": 0, "speaker": 1, "offset": "PT0.1S", "duration": "PT0.9S", "offsetInTicks": 1000000.0, "durationInTicks": 9000000.0, "locale": "en-US",
                 "nBest": [{"confidence": 0.9, "lexical": "it is twenty dollars", "itn": "it is $20", "display": "It is $20.", "words": [
                     {"word": "it", "offset": "PT0.1S", "duration": "PT0.1S", "offsetInTicks": 1000000.0, "durationInTicks": 1000000.0}, {"word": "is", "offset": "PT0.2S", "duration": "PT0.2S", "offsetInTicks": 2000000.0, "durationInTicks": 2000000.0},
                     {"word": "twenty", "offset": "PT0.5S", "duration": "PT0.2S", "offsetInTicks": 5000000.0, "durationInTicks": 2000000.0}, {"word": "dollars", "offset": "PT0.7S", "duration": "PT0.3S", "offsetInTicks": 7000000.0, "durationInTicks": 3000000.0}]}]},
                {"recognitionStatus": "Success", "channel": 0, "speaker": 2, "offset": "PT1.2S", "duration": "PT0.5S", "nBest": [{"display": "Right.", "lexical": "right"}]},
            ],
        },
        [("speaker 1", U, "It is $20.", 0.1, 1.0), ("speaker 2", U, "Right.", 1.2, 1.7)],
        [("It", 0.1, 0.2), ("is", 0.2, 0.4), ("$20.", 0.5, 1.0)],
        "words",
        metadata={"language": "en-US", "audio": "https://blob/a.wav"},
    ),
    "azure fast": Case(
        "azure-fast",
        {
            "durationMilliseconds": 2000,
            "combinedPhrases": [{"channel": 0, "text": "Hello."}, {"channel": 1, "text": "Good day."}],
            "phrases": [
                {"channel": 0, "offsetMilliseconds": 1000, "durationMilliseconds": 400, "text": "Hello.", "words": [{"text": "Hello.", "offsetMilliseconds": 1000, "durationMilliseconds": 400}], "locale": "en-US", "confidence": 0.9},
                {"channel": 1, "offsetMilliseconds": 100, "durationMilliseconds": 600, "text": "Good day.", "words": [{"text": "Good", "offsetMilliseconds": 100, "durationMilliseconds": 200}, {"text": "day.", "offsetMilliseconds": 300, "durationMilliseconds": 400}], "locale": "en-US", "confidence": 0.9},
            ],
        },
        [("channel 1", U, "Good day.", 0.1, 0.7), ("channel 0", U, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
    ),
    "azure conversation": Case(
        "azure-conversation",
        {
            "displayName": "job",
            "analysisInput": {"conversations": [{"id": "z-1", "language": "en", "modality": "transcript", "conversationItems": [
                {"participantId": "agent_1", "id": "1", "role": "Agent", "text": "Good day.", "lexical": "good day", "itn": "good day", "maskedItn": "good day",
                 "audioTimings": [{"word": "good", "offset": 1000000, "duration": 2000000}, {"word": "day", "offset": 3000000, "duration": 4000000}]},
                {"participantId": "customer_1", "id": "2", "role": "Customer", "text": "Hello.", "audioTimings": [{"word": "hello", "offset": 10000000, "duration": 4000000}]},
            ]}]},
            "tasks": [],
        },
        [("agent_1", A, "Good day.", 0.1, 0.7), ("customer_1", C, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
        id="z-1",
    ),
    "deepgram utterances": Case(
        "deepgram",
        {
            "metadata": {"request_id": "d-1", "created": "2025-02-03T10:00:00Z", "duration": 2.0, "channels": 1},
            "results": {
                "channels": [{"alternatives": [{"transcript": "Good day. Hello.", "confidence": 0.9, "words": []}]}],
                "utterances": [
                    {"start": 0.1, "end": 0.7, "confidence": 0.9, "channel": 0, "transcript": "Good day.", "speaker": 0, "id": "u1", "words": [word("good", 0.1, 0.3, punctuated_word="Good", speaker=0), word("day", 0.3, 0.7, punctuated_word="day.", speaker=0)]},
                    {"start": 1.0, "end": 1.4, "confidence": 0.9, "channel": 0, "transcript": "Hello.", "speaker": 1, "id": "u2", "words": [word("hello", 1.0, 1.4, punctuated_word="Hello.", speaker=1)]},
                ],
            },
        },
        [("speaker 0", U, "Good day.", 0.1, 0.7), ("speaker 1", U, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
        id="d-1",
    ),
    "deepgram words": Case(
        "deepgram",
        {
            "metadata": {"request_id": "d-2"},
            "results": {"channels": [{"alternatives": [{"transcript": "Good day. Hello.", "words": [
                word("good", 0.1, 0.3, punctuated_word="Good", speaker=0), word("day", 0.3, 0.7, punctuated_word="day.", speaker=0), word("hello", 1.0, 1.4, punctuated_word="Hello.", speaker=1)]}]}]},
        },
        [("speaker 0", U, "Good day.", 0.1, 0.7), ("speaker 1", U, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
        id="d-2",
    ),
    "deepgram channels": Case(
        "deepgram",
        {
            "metadata": {"request_id": "d-3"},
            "results": {"channels": [
                {"alternatives": [{"transcript": "hello", "words": [word("hello", 1.0, 1.4)]}]},
                {"alternatives": [{"transcript": "good day yes", "words": [word("good", 0.1, 0.3), word("day", 0.3, 0.7), word("yes", 2.0, 2.5)]}]},
            ]},
        },
        [("channel 1", U, "good day", 0.1, 0.7), ("channel 0", U, "hello", 1.0, 1.4), ("channel 1", U, "yes", 2.0, 2.5)],
        [("good", 0.1, 0.3), ("day", 0.3, 0.7), ("hello", 1.0, 1.4), ("yes", 2.0, 2.5)],
        "words",
        id="d-3",
    ),
    "assemblyai": Case(
        "assemblyai",
        {
            "id": "s-1", "status": "completed", "acoustic_model": "x", "language_model": "x", "language_code": "en_us", "audio_duration": 2, "text": "Good day. Hello.", "words": [],
            "utterances": [
                {"speaker": "A", "start": 100, "end": 700, "confidence": 0.9, "text": "Good day.", "words": [{"text": "Good", "start": 100, "end": 300, "speaker": "A"}, {"text": "day.", "start": 300, "end": 700, "speaker": "A"}]},
                {"speaker": "B", "start": 1000, "end": 1400, "confidence": 0.9, "text": "Hello.", "words": [{"text": "Hello.", "start": 1000, "end": 1400, "speaker": "B"}]},
            ],
        },
        [("speaker A", U, "Good day.", 0.1, 0.7), ("speaker B", U, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
        id="s-1",
    ),
    "speechmatics": Case(
        "speechmatics",
        {
            "format": "2.9",
            "job": {"id": "m-1", "data_name": "a.wav", "created_at": "2025-02-03T10:00:00Z", "duration": 2},
            "metadata": {"created_at": "2025-02-03T10:01:00Z", "type": "transcription", "transcription_config": {"language": "en", "diarization": "speaker"}, "language_pack_info": {"word_delimiter": " "}},
            "results": [
                {"type": "word", "start_time": 0.1, "end_time": 0.3, "alternatives": [{"content": "Good", "confidence": 1, "speaker": "S1"}]},
                {"type": "word", "start_time": 0.3, "end_time": 0.7, "alternatives": [{"content": "day", "confidence": 1, "speaker": "S1"}]},
                {"type": "punctuation", "start_time": 0.7, "end_time": 0.7, "attaches_to": "previous", "is_eos": True, "alternatives": [{"content": ".", "confidence": 1, "speaker": "S1"}]},
                {"type": "punctuation", "start_time": 1.0, "end_time": 1.0, "attaches_to": "next", "alternatives": [{"content": "¡", "confidence": 1, "speaker": "S2"}]},
                {"type": "word", "start_time": 1.0, "end_time": 1.4, "alternatives": [{"content": "Hello", "confidence": 1, "speaker": "S2"}]},
                {"type": "punctuation", "start_time": 1.4, "end_time": 1.4, "attaches_to": "previous", "alternatives": [{"content": "!", "confidence": 1, "speaker": "S2"}]},
            ],
        },
        [("S1", U, "Good day.", 0.1, 0.7), ("S2", U, "¡Hello!", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("¡Hello!", 1.0, 1.4)],
        "words",
        id="m-1",
    ),
    "revai": Case(
        "revai",
        {
            "monologues": [
                {"speaker": 0, "elements": [
                    {"type": "text", "value": "Good", "ts": 0.1, "end_ts": 0.3, "confidence": 0.9}, {"type": "punct", "value": " "},
                    {"type": "text", "value": "day", "ts": 0.3, "end_ts": 0.7, "confidence": 0.9}, {"type": "punct", "value": "."}]},
                {"speaker": 1, "elements": [{"type": "text", "value": "Hello", "ts": 1.0, "end_ts": 1.4, "confidence": 0.9}, {"type": "punct", "value": ","}, {"type": "punct", "value": " "}, {"type": "unknown", "value": "<inaudible>"}]},
            ]
        },
        [("speaker 0", U, "Good day.", 0.1, 0.7), ("speaker 1", U, "Hello, <inaudible>", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello,", 1.0, 1.4)],
        "words",
    ),
    "rev": Case(
        "revai",
        {
            "speakers": [{"id": 0, "name": "Ines"}, {"id": 1, "name": "Bo"}],
            "monologues": [
                {"speaker": 0, "speaker_name": "Ines", "elements": [{"type": "text", "value": "Good day", "timestamp": "00:00:00,100", "end_timestamp": "00:00:00,700"}, {"type": "punct", "value": "."}]},
                {"speaker": 1, "elements": [{"type": "text", "value": "Hello", "timestamp": "00:01:01,000", "end_timestamp": "00:01:01,400"}]},
            ],
        },
        [("Ines", U, "Good day.", 0.1, 0.7), ("Bo", U, "Hello", 61.0, 61.4)],
        [("Good day.", 0.1, 0.7), ("Hello", 61.0, 61.4)],
        "words",
    ),
    "whisper": Case(
        "whisper",
        {
            "text": " Good day. Hello.", "language": "en",
            "segments": [
                {"id": 0, "seek": 0, "start": 0.1, "end": 0.7, "text": " Good day.", "tokens": [1], "temperature": 0.0, "avg_logprob": -0.1, "words": [word(" Good", 0.1, 0.3, probability=0.9), word(" day.", 0.3, 0.7, probability=0.9)]},
                {"id": 1, "seek": 0, "start": 1.0, "end": 1.4, "text": " Hello.", "tokens": [2], "temperature": 0.0, "avg_logprob": -0.1, "words": [word(" Hello.", 1.0, 1.4, probability=0.9)]},
            ],
        },
        [("unknown", U, "Good day.", 0.1, 0.7), ("unknown", U, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
    ),
    "openai api": Case(
        "whisper",
        {
            "task": "transcribe", "language": "english", "duration": 2.0, "text": "Good day. Hello.",
            "segments": [{"id": 0, "start": 0.0, "end": 0.8, "text": " Good day."}, {"id": 1, "start": 0.8, "end": 1.5, "text": " Hello."}],
            "words": [word("Good", 0.1, 0.3), word("day", 0.3, 0.7), word("Hello", 1.0, 1.4)],
        },
        [("unknown", U, "Good day.", 0.0, 0.8), ("unknown", U, "Hello.", 0.8, 1.5)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
    ),
    "whisper timestamped": Case(
        "whisper",
        {"text": " Good day.", "language": "en", "segments": [{"id": 0, "start": 0.1, "end": 0.7, "text": " Good day.", "confidence": 0.8, "words": [{"text": "Good", "start": 0.1, "end": 0.3, "confidence": 0.9}, {"text": "day.", "start": 0.3, "end": 0.7, "confidence": 0.7}]}]},
        [("unknown", U, "Good day.", 0.1, 0.7)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7)],
        "words",
    ),
    "whisperx": Case(
        "whisper",
        {
            "segments": [
                {"start": 0.1, "end": 0.9, "text": " Number 12 please.", "speaker": "SPEAKER_00", "words": [word("Number", 0.1, 0.3, score=0.9, speaker="SPEAKER_00"), {"word": "12"}, word("please.", 0.6, 0.9, score=0.9, speaker="SPEAKER_00")]},
                {"start": 1.0, "end": 2.0, "text": "Good day. Hello.", "words": [word("Good", 1.0, 1.2, speaker="SPEAKER_00"), word("day.", 1.2, 1.4, speaker="SPEAKER_00"), word("Hello.", 1.6, 2.0, speaker="SPEAKER_01")]},
            ],
            "word_segments": [],
        },
        [("SPEAKER_00", U, "Number 12 please.", 0.1, 0.9), ("SPEAKER_00", U, "Good day.", 1.0, 1.4), ("SPEAKER_01", U, "Hello.", 1.6, 2.0)],
        [("Number", 0.1, 0.3), ("please.", 0.6, 0.9), ("Good", 1.0, 1.2), ("day.", 1.2, 1.4), ("Hello.", 1.6, 2.0)],
        "words",
    ),
    "whisper.cpp": Case(
        "whisper-cpp",
        {
            "systeminfo": "AVX = 1", "model": {"type": "base"}, "params": {"model": "ggml-base.bin", "language": "en"}, "result": {"language": "en"},
            "transcription": [
                {"timestamps": {"from": "00:00:00,100", "to": "00:00:00,700"}, "offsets": {"from": 100, "to": 700}, "text": " Good days.", "tokens": [
                    {"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}}, {"text": " Good", "offsets": {"from": 100, "to": 300}}, {"text": " day", "offsets": {"from": 300, "to": 600}},
                    {"text": "s", "offsets": {"from": 600, "to": 680}}, {"text": ".", "offsets": {"from": 680, "to": 700}}]},
            ],
        },
        [("unknown", U, "Good days.", 0.1, 0.7)],
        [("Good", 0.1, 0.3), ("days.", 0.3, 0.7)],
        "words",
    ),
    "pipeline chunks": Case(
        "chunks",
        {"text": "Good day. Hello.", "chunks": [{"timestamp": [0.1, 0.7], "text": " Good day."}, {"timestamp": [1.0, None], "text": " Hello there."}]},
        [("unknown", U, "Good day.", 0.1, 0.7), ("unknown", U, "Hello there.", 1.0, None)],
        [],
        "starts",
    ),
    "twilio": Case(
        "twilio",
        {
            "meta": {"key": "sentences", "page": 0},
            "sentences": [
                {"media_channel": 2, "sentence_index": 1, "start_time": "1.0", "end_time": "1.4", "transcript": "Hello.", "sid": "GX2", "confidence": "0.9", "words": [{"word": "Hello.", "start_time": "1.0", "end_time": "1.4"}]},
                {"media_channel": 1, "sentence_index": 0, "start_time": "0.1", "end_time": "0.7", "transcript": "Good day.", "sid": "GX1", "confidence": "0.9", "words": [{"word": "Good", "start_time": "0.1", "end_time": "0.3"}, {"word": "day.", "start_time": "0.3", "end_time": "0.7"}]},
            ],
        },
        [("channel 1", U, "Good day.", 0.1, 0.7), ("channel 2", U, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
    ),
    "genesys": Case(
        "genesys",
        {
            "organizationId": "o", "conversationId": "e-1", "communicationId": "k-1", "mediaType": "voice", "conversationStartTime": 1738576800000,
            "participants": [
                {"participantPurpose": "ivr", "startTimeMs": 1738576800000, "endTimeMs": 1738576803000},
                {"participantPurpose": "internal", "userId": "ines", "startTimeMs": 1738576803000, "endTimeMs": 1738576809000},
                {"participantPurpose": "external", "startTimeMs": 1738576800000, "endTimeMs": 1738576809000},
            ],
            "transcripts": [{"transcriptId": "t", "language": "en-us", "phrases": [
                {"text": "welcome", "phraseIndex": 0, "participantPurpose": "internal", "startTimeMs": 1738576800500, "duration": {"milliseconds": 900}},
                {"text": "good day", "decoratedText": "Good day.", "phraseIndex": 1, "participantPurpose": "internal", "startTimeMs": 1738576803100, "duration": {"milliseconds": 600},
                 "words": [{"word": "good", "startTimeMs": 1738576803100, "duration": {"milliseconds": 200}}, {"word": "day", "startTimeMs": 1738576803300, "duration": {"milliseconds": 400}}]},
                {"text": "hello", "phraseIndex": 2, "participantPurpose": "external", "startTimeMs": 1738576804000, "duration": {"milliseconds": 400},
                 "words": [{"word": "hello", "startTimeMs": 1738576804000, "duration": {"milliseconds": 400}}]},
            ], "analytics": {"sentiment": [{"phraseIndex": 2, "sentiment": -1}]}}],
        },
        [("ivr", OTHER, "welcome", 0.5, 1.4), ("internal", A, "Good day.", 3.1, 3.7), ("external", C, "hello", 4.0, 4.4)],
        [("Good", 3.1, 3.3), ("day.", 3.3, 3.7), ("hello", 4.0, 4.4)],
        "words",
        id="e-1",
        started_at="2025-02-03T10:00:00+00:00",
        metadata={"agent": "ines", "vendor": {"sentiment": [{"phraseIndex": 2, "sentiment": -1}]}},
    ),
    "harper valley": Case(
        "harper-valley",
        [
            {"index": 1, "channel_index": 2, "speaker_role": "agent", "offset_ms": 2100, "start_ms": 100, "duration_ms": 600, "start_timestamp_ms": 1738576802100, "human_transcript": "good day sir", "transcript": "good bay", "word_offsets_ms": [0, 200], "word_durations_ms": [200, 400]},
            {"index": 2, "channel_index": 1, "speaker_role": "caller", "offset_ms": 3000, "start_ms": 3000, "duration_ms": 400, "start_timestamp_ms": 1738576803000, "human_transcript": "hello", "transcript": "hello", "word_offsets_ms": [0], "word_durations_ms": [400]},
        ],
        [("agent", A, "good day sir", 2.1, 2.7), ("caller", C, "hello", 3.0, 3.4)],
        [("good", 2.1, 2.3), ("day", 2.3, 2.5), ("sir", 2.5, 2.7), ("hello", 3.0, 3.4)],
        "words",
        started_at="2025-02-03T10:00:00+00:00",
    ),
    "world transcription format": Case(
        "wtf",
        {
            "transcript": {"text": "Good day. Hello.", "language": "en-US", "duration": 2.0, "confidence": 0.9},
            "segments": [
                {"id": 0, "start": 0.1, "end": 0.7, "text": "Good day.", "confidence": 0.9, "speaker": 0, "words": [0, 1, 2]},
                {"id": 1, "start": 1.0, "end": 1.4, "text": "Hello.", "confidence": 0.9, "speaker": 1, "words": [3]},
            ],
            "words": [
                {"id": 0, "start": 0.1, "end": 0.3, "text": "Good", "speaker": 0}, {"id": 1, "start": 0.3, "end": 0.7, "text": "day", "speaker": 0},
                {"id": 2, "start": 0.7, "end": 0.7, "text": ".", "speaker": 0, "is_punctuation": True}, {"id": 3, "start": 1.0, "end": 1.4, "text": "Hello.", "speaker": 1},
            ],
            "speakers": {"0": {"id": 0, "label": "Agent"}, "1": {"id": 1, "label": "Caller"}},
            "metadata": {"provider": "whisper", "model": "base"},
        },
        [("Agent", A, "Good day.", 0.1, 0.7), ("Caller", C, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
        metadata={"provider": "whisper"},
    ),
    "vcon": Case(
        "vcon",
        {
            "vcon": "0.0.2", "uuid": "0191-1", "created_at": "2025-02-03T11:00:00Z", "subject": "A late parcel",
            "parties": [{"name": "Ines", "role": "agent"}, {"tel": "+4420", "name": "Bo", "role": "customer"}],
            "dialog": [{"type": "recording", "start": "2025-02-03T10:00:00Z", "duration": 2.0, "parties": [0, 1], "mimetype": "audio/x-wav", "url": "https://x/a.wav"}],
            "analysis": [
                {"type": "summary", "dialog": 0, "vendor": "x", "body": "They greet."},
                {"type": "wtf_transcription", "dialog": 0, "vendor": "whisper", "encoding": "json", "body": {
                    "transcript": {"text": "Good day. Hello.", "language": "en"},
                    "segments": [{"id": 0, "start": 0.1, "end": 0.7, "text": "Good day.", "speaker": 0}, {"id": 1, "start": 1.0, "end": 1.4, "text": "Hello.", "speaker": 1}]}},
            ],
        },
        [("Ines", A, "Good day.", 0.1, 0.7), ("Bo", C, "Hello.", 1.0, 1.4)],
        [],
        "turns",
        id="0191-1",
        started_at="2025-02-03T10:00:00+00:00",
        metadata={"subject": "A late parcel", "language": "en"},
    ),
    "vcon messages": Case(
        "vcon",
        {
            "vcon": "0.0.1", "uuid": "0191-2", "parties": [{"name": "Ines", "role": "agent"}, {"name": "Bo", "role": "customer"}],
            "dialog": [
                {"type": "text", "start": "2025-02-03T10:00:00Z", "parties": [1, 0], "originator": 1, "mimetype": "text/plain", "body": "Hello?"},
                {"type": "text", "start": "2025-02-03T10:00:04Z", "parties": [0, 1], "originator": 0, "mimetype": "text/plain", "body": "Good day."},
            ],
        },
        [("Bo", C, "Hello?", 0.0, None), ("Ines", A, "Good day.", 4.0, None)],
        [],
        "starts",
        id="0191-2",
        started_at="2025-02-03T10:00:00+00:00",
    ),
    "elevenlabs": Case(
        "elevenlabs",
        {"language_code": "en", "text": "Good day. Hello.", "words": [
            {"text": "Good", "start": 0.1, "end": 0.3, "type": "word", "speaker_id": "speaker_0"}, {"text": " ", "start": 0.3, "end": 0.3, "type": "spacing", "speaker_id": "speaker_0"},
            {"text": "day.", "start": 0.3, "end": 0.7, "type": "word", "speaker_id": "speaker_0"}, {"text": "Hello.", "start": 1.0, "end": 1.4, "type": "word", "speaker_id": "speaker_1"}]},
        [("speaker_0", U, "Good day.", 0.1, 0.7), ("speaker_1", U, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
    ),
    "watson": Case(
        "ibm-watson",
        {
            "result_index": 0,
            "results": [{"final": True, "alternatives": [{"transcript": "good day hello ", "confidence": 0.9, "timestamps": [["good", 0.1, 0.3], ["day", 0.3, 0.7], ["hello", 1.0, 1.4]]}]}],
            "speaker_labels": [{"from": 0.1, "to": 0.3, "speaker": 0, "confidence": 0.5, "final": False}, {"from": 0.3, "to": 0.7, "speaker": 0, "confidence": 0.5, "final": False}, {"from": 1.0, "to": 1.4, "speaker": 1, "confidence": 0.5, "final": True}],
        },
        [("speaker 0", U, "good day", 0.1, 0.7), ("speaker 1", U, "hello", 1.0, 1.4)],
        [("good", 0.1, 0.3), ("day", 0.3, 0.7), ("hello", 1.0, 1.4)],
        "words",
    ),
    "vosk": Case(
        "vosk",
        [{"result": [word("good", 0.1, 0.3, conf=1.0), word("day", 0.3, 0.7, conf=1.0)], "text": "good day"}, {"text": ""}, {"result": [word("hello", 1.0, 1.4, conf=1.0)], "text": "hello"}],
        [("unknown", U, "good day", 0.1, 0.7), ("unknown", U, "hello", 1.0, 1.4)],
        [("good", 0.1, 0.3), ("day", 0.3, 0.7), ("hello", 1.0, 1.4)],
        "words",
    ),
    "gladia": Case(
        "gladia",
        {"id": "l-1", "status": "done", "result": {"metadata": {}, "transcription": {"full_transcript": "Good day. Hello.", "languages": ["en"], "utterances": [
            {"text": " Good day.", "language": "en", "start": 0.1, "end": 0.7, "confidence": 0.9, "channel": 0, "speaker": 0, "words": [word(" Good", 0.1, 0.3), word(" day.", 0.3, 0.7)]},
            {"text": " Hello.", "language": "en", "start": 1.0, "end": 1.4, "confidence": 0.9, "channel": 0, "speaker": 1, "words": [word(" Hello.", 1.0, 1.4)]}]}}},
        [("speaker 0", U, "Good day.", 0.1, 0.7), ("speaker 1", U, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
        id="l-1",
    ),
    "gong": Case(
        "gong",
        {"requestId": "q", "callTranscripts": [{"callId": "g-1", "transcript": [
            {"speakerId": "11", "topic": None, "sentences": [{"start": 100, "end": 700, "text": "Good day."}, {"start": 700, "end": 900, "text": "Yes?"}]},
            {"speakerId": "12", "topic": None, "sentences": [{"start": 1000, "end": 1400, "text": "Hello."}]}]}]},
        [("speaker 11", U, "Good day. Yes?", 0.1, 0.9), ("speaker 12", U, "Hello.", 1.0, 1.4)],
        [],
        "turns",
        id="g-1",
    ),
    "a text in json": Case(
        "text",
        {"call_id": 8, "date": "2025-02-03T10:00:00", "queue": "parcels", "transcript": "Agent: Good day.\nCustomer: Hello:\nit is late.\n"},
        [("Agent", A, "Good day.", None, None), ("Customer", C, "Hello: it is late.", None, None)],
        [],
        "none",
        id="8",
        started_at="2025-02-03T10:00:00",
        metadata={"queue": "parcels"},
    ),
    "recall": Case(
        "recall",
        [
            {"participant": {"id": 1, "name": "Ines"}, "words": [{"text": "Good", "start_timestamp": {"relative": 0.1, "absolute": "2025-02-03T10:00:00.100Z"}, "end_timestamp": {"relative": 0.3}}, {"text": "day.", "start_timestamp": {"relative": 0.3}, "end_timestamp": {"relative": 0.7}}]},
            {"participant": {"id": 2, "name": None}, "words": [{"text": "Hello.", "start_timestamp": {"relative": 1.0}, "end_timestamp": {"relative": 1.4}}]},
        ],
        [("Ines", U, "Good day.", 0.1, 0.7), ("speaker 2", U, "Hello.", 1.0, 1.4)],
        [("Good", 0.1, 0.3), ("day.", 0.3, 0.7), ("Hello.", 1.0, 1.4)],
        "words",
        started_at="2025-02-03T10:00:00.100000+00:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_service(name: str) -> None:
    """The service's document is found by content and gives its turns, words, times, roles, ids and findings."""
    case = CASES[name]
    call = read(json.dumps(case.document))
    assert call.metadata["format"] == case.format
    assert [(t.speaker, t.role, t.text, _near(t.start), _near(t.end)) for t in call.turns] == case.turns
    assert [(w.text, _near(w.start), _near(w.end)) for t in call.turns for w in t.words] == case.words
    assert (call.evidence_tier, call.id) == (case.tier, case.id)
    assert (None if call.started_at is None else call.started_at.isoformat()) == case.started_at
    for key, value in (case.metadata or {}).items():
        assert call.metadata[key] == value


@pytest.mark.parametrize("name", CASES)
def test_words_stand_in_the_text(name: str) -> None:
    """A turn's text contains every word's text, in order."""
    for turn in read(json.dumps(CASES[name].document)).turns:
        at = 0
        for said in turn.words:
            at = turn.text.index(said.text, at) + len(said.text)


def _near(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)
