"""One short call in the shapes that voice agents, phone systems, chats, meetings and research tools write, with what each must give.

The talk is our own; the shapes follow the services' documentation.
"""

# ruff: noqa: E501 - an object of a service reads best on one line

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

DAY = datetime(2026, 5, 6, 9, 30, tzinfo=UTC)
# Who (0 the agent, 1 the customer), what, from, to in seconds.
TALK = [
    (0, "Good morning, thank you for calling Northwind Heating, how can I help you?", 1.0, 4.5),
    (1, "Hello, I'm calling about my boiler, it stopped working last night.", 5.0, 8.5),
    (0, "I'm sorry to hear that. Can I take your account number, please?", 9.0, 12.0),
    (1, "Yes, it is four four one nine.", 12.5, 14.0),
    (0, "Thank you. An engineer will be with you tomorrow morning.", 15.0, 18.0),
    (1, "That's great, thanks a lot.", 18.5, 20.0),
]
TEXTS = [text for _, text, _, _ in TALK]


@dataclass(frozen=True)
class Case:
    """A document, its suffix, and what reading it gives: the tier, how the first start and the last end or start lie, and the roles."""

    content: str
    suffix: str = ".json"
    tier: str = "none"
    last: float | None = None
    roles: tuple[str, ...] = ("agent", "customer")
    nil: float = 0.0


def iso(s: float) -> str:
    return (DAY + timedelta(seconds=s)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ms(s: float) -> int:
    return int((DAY.timestamp() + s) * 1000)


def clock(s: float, mark: str = ".") -> str:
    return f"00:{int(s) // 60:02}:{int(s) % 60:02}{mark}{round(s % 1 * 1000):03}"


def rows(make: Callable[[int, int, str, float, float], Any]) -> list[Any]:
    return [made for n, (who, text, start, end) in enumerate(TALK) if (made := make(n, who, text, start, end)) is not None]


def words(text: str, start: float, end: float, key: str = "word", last: str = "end", length: bool = False) -> list[dict[str, Any]]:
    parts = text.split()
    step = (end - start) / len(parts)
    return [
        {key: w, "start": round(start + n * step, 3), last: round(step if length else start + (n + 1) * step, 3)}
        for n, w in enumerate(parts)
    ]


def j(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


A, U = ("assistant", "user"), ("agent", "customer")
NAMES = ("Ines Marlow", "Tom Kerr")

CASES: dict[str, Case] = {
    # --- voice agents
    "retell webhook": Case(
        j(
            {
                "event": "call_ended",
                "call": {
                    "call_id": "c",
                    "transcript": "Agent: x",
                    "transcript_object": rows(lambda n, w, t, a, b: {"role": ("agent", "user")[w], "content": t, "words": words(t, a, b)}),
                    "tool_calls": [],
                },
            }
        ),
        tier="words",
        last=20.0,
    ),
    "vapi conversation update": Case(
        j(
            {
                "message": {
                    "type": "conversation-update",
                    "conversation": [
                        {"role": "system", "content": "You are a voice agent."},
                        *rows(lambda n, w, t, a, b: {"role": A[w], "content": t}),
                    ],
                    "messages": [
                        {"role": "system", "message": "You are a voice agent.", "time": ms(0), "secondsFromStart": 0},
                        *rows(
                            lambda n, w, t, a, b: {
                                "role": ("bot", "user")[w],
                                "message": t,
                                "time": ms(a),
                                "endTime": ms(b),
                                "secondsFromStart": a,
                                "duration": (b - a) * 1000,
                            }
                        ),
                    ],
                }
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "livekit session report": Case(
        j(
            {
                "job_id": "j",
                "room": "r",
                "history": {
                    "items": [
                        {"id": "i", "type": "agent_handoff", "new_agent_id": "x"},
                        *rows(
                            lambda n, w, t, a, b: {
                                "id": f"i{n}",
                                "type": "message",
                                "role": A[w],
                                "content": [t],
                                "interrupted": False,
                                "created_at": DAY.timestamp() + a,
                            }
                        ),
                        {"type": "function_call", "name": "book", "arguments": "{}", "call_id": "f"},
                    ]
                },
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "elevenlabs agents": Case(
        j(
            {
                "agent_id": "a",
                "conversation_id": "c",
                "status": "done",
                "transcript": [
                    *rows(
                        lambda n, w, t, a, b: {"role": ("agent", "user")[w], "message": t, "tool_calls": None, "time_in_call_secs": int(a)}
                    ),
                    {"role": "agent", "message": None, "tool_calls": [{"tool_name": "end_call"}], "time_in_call_secs": 21},
                ],
            }
        ),
        tier="starts",
        last=18.0,
    ),
    "openai realtime items": Case(
        j(
            [
                {"type": "message", "role": "system", "content": [{"type": "input_text", "text": "Be brief."}]},
                *rows(
                    lambda n, w, t, a, b: {
                        "id": f"i{n}",
                        "object": "realtime.item",
                        "type": "message",
                        "role": A[w],
                        "content": [{"type": "audio" if w == 0 else "input_audio", "transcript": t}],
                    }
                ),
                {"type": "function_call", "name": "x", "arguments": "{}"},
            ]
        )
    ),
    "openai thread, newest first": Case(
        j(
            {
                "object": "list",
                "data": rows(
                    lambda n, w, t, a, b: {
                        "id": f"m{n}",
                        "object": "thread.message",
                        "created_at": int(DAY.timestamp() + 10 * n),
                        "thread_id": "t1",
                        "role": A[w],
                        "content": [{"type": "text", "text": {"value": t, "annotations": []}}],
                    }
                )[::-1],
            }
        ),
        tier="starts",
        last=50.0,
    ),
    "anthropic messages": Case(
        j(
            {
                "system": "You are a phone agent.",
                "messages": rows(lambda n, w, t, a, b: {"role": A[w], "content": [{"type": "text", "text": t}]}),
            }
        )
    ),
    "gemini contents": Case(j({"contents": rows(lambda n, w, t, a, b: {"role": ("model", "user")[w], "parts": [{"text": t}]})})),
    "sharegpt": Case(j({"id": "x", "conversations": rows(lambda n, w, t, a, b: {"from": ("gpt", "human")[w], "value": t})})),
    "chatgpt export": Case(
        j(
            {
                "title": "t",
                "mapping": {
                    "root": {"id": "root", "message": None, "parent": None},
                    **{
                        f"n{n}": {
                            "id": f"n{n}",
                            "parent": "root" if n == 0 else f"n{n - 1}",
                            "message": {
                                "author": {"role": A[w]},
                                "create_time": DAY.timestamp() + a,
                                "content": {"content_type": "text", "parts": [t]},
                            },
                        }
                        for n, (w, t, a, _) in enumerate(TALK)
                    },
                },
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "deepgram agent history": Case(
        "\n".join(
            [
                j({"type": "Welcome", "request_id": "r"}),
                *rows(lambda n, w, t, a, b: j({"type": "History", "role": A[w], "content": t})),
                j({"type": "AgentAudioDone"}),
            ]
        )
        + "\n",
        ".jsonl",
    ),
    "pipecat": Case(j(rows(lambda n, w, t, a, b: {"role": A[w], "content": t, "timestamp": iso(a)})), tier="starts", last=17.5, nil=1.0),
    "ultravox": Case(
        j(
            {
                "results": [
                    *rows(
                        lambda n, w, t, a, b: {
                            "role": ("MESSAGE_ROLE_AGENT", "MESSAGE_ROLE_USER")[w],
                            "text": t,
                            "medium": "MESSAGE_MEDIUM_VOICE",
                            "timespan": {"start": f"{a}s", "end": f"{b}s"},
                        }
                    ),
                    {"role": "MESSAGE_ROLE_TOOL_CALL", "text": "{}", "toolName": "hangUp"},
                ]
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "bland": Case(
        j(
            {
                "call_id": "b",
                "concatenated_transcript": "x",
                "transcripts": rows(lambda n, w, t, a, b: {"id": n, "user": ("assistant", "user")[w], "text": t, "created_at": iso(a)}),
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "rasa tracker": Case(
        j(
            {
                "sender_id": "s",
                "events": [
                    {"event": "action", "name": "action_listen", "timestamp": DAY.timestamp()},
                    *rows(lambda n, w, t, a, b: {"event": ("bot", "user")[w], "text": t, "timestamp": DAY.timestamp() + a}),
                ],
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "bot framework": Case(
        j(
            {
                "activities": [
                    {"type": "conversationUpdate", "timestamp": iso(0)},
                    *rows(
                        lambda n, w, t, a, b: {
                            "type": "message",
                            "id": str(n),
                            "timestamp": iso(a),
                            "from": {"id": f"f{w}", "name": NAMES[w], "role": ("bot", "user")[w]},
                            "text": t,
                        }
                    ),
                ]
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "exchanges": Case(j({"log": [{"user": TEXTS[1], "bot": TEXTS[2]}, {"user": TEXTS[3], "bot": TEXTS[4]}]}), roles=("agent", "customer")),
    "a field a speaker": Case(j({"turns": rows(lambda n, w, t, a, b: {U[w]: t})})),
    # --- phone systems
    "ringcentral": Case(
        j(
            {
                "speakerCount": 2,
                "utterances": rows(
                    lambda n, w, t, a, b: {
                        "speakerId": str(w),
                        "text": t,
                        "start": a,
                        "end": b,
                        "confidence": 0.9,
                        "wordTimings": words(t, a, b),
                    }
                ),
            }
        ),
        tier="words",
        last=20.0,
    ),
    "hubspot transcript": Case(
        j(
            {
                "engagementId": 1,
                "transcriptUtterances": rows(
                    lambda n, w, t, a, b: {
                        "id": str(n),
                        "speaker": {"id": str(w), "name": NAMES[w]},
                        "text": t,
                        "languageCode": "en",
                        "startTimeMillis": int(a * 1000),
                        "endTimeMillis": int(b * 1000),
                    }
                ),
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "webex": Case(
        j(
            {
                "items": rows(
                    lambda n, w, t, a, b: {
                        "id": f"s{n}",
                        "personName": NAMES[w],
                        "personEmail": f"p{w}@example.org",
                        "text": t,
                        "offsetMillisecond": int(a * 1000),
                        "durationMillisecond": int((b - a) * 1000),
                    }
                )
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "modjo": Case(
        j(
            {
                "callId": 3,
                "relations": {
                    "speakers": [{"id": 7, "name": NAMES[0], "type": "user"}, {"id": 8, "name": NAMES[1], "type": "contact"}],
                    "transcript": rows(lambda n, w, t, a, b: {"startTime": a, "endTime": b, "speakerId": 7 + w, "content": t}),
                },
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "aircall": Case(
        j(
            {
                "transcription": {
                    "id": 1,
                    "call_id": 2,
                    "content": {
                        "language": "en",
                        "utterances": rows(
                            lambda n, w, t, a, b: {
                                "start_time": a,
                                "end_time": b,
                                "text": t,
                                "participant_type": ("internal", "external")[w],
                                "user_id": None if w else 5,
                                "phone_number": "+15550002" if w else None,
                            }
                        ),
                    },
                }
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "openphone": Case(
        j(
            {
                "data": {
                    "callId": "c",
                    "dialogue": rows(
                        lambda n, w, t, a, b: {
                            "content": t,
                            "start": a,
                            "end": b,
                            "identifier": f"+1555000{w}",
                            "userId": None if w else "U1",
                        }
                    ),
                }
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "symbl": Case(
        j(
            {
                "messages": rows(
                    lambda n, w, t, a, b: {
                        "id": str(n),
                        "text": t,
                        "from": {"id": f"u{w}", "name": NAMES[w]},
                        "startTime": iso(a),
                        "endTime": iso(b),
                        "timeOffset": a,
                        "duration": b - a,
                        "conversationId": "c",
                        "phrases": [],
                    }
                )
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "two channels": Case(
        j(
            {
                "channels": [
                    {"channel": "agent", "segments": rows(lambda n, w, t, a, b: {"text": t, "start": a, "end": b} if w == 0 else None)},
                    {"channel": "customer", "segments": rows(lambda n, w, t, a, b: {"text": t, "start": a, "end": b} if w == 1 else None)},
                ]
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "words under another name": Case(
        j(
            {
                "participants": [
                    {
                        "name": U[side],
                        "lines": rows(
                            lambda n, w, t, a, b, side=side: (
                                {"terms": words(t, a, b, "term", "dur", length=True), "start": a, "dur": b - a} if w == side else None
                            )
                        ),
                    }
                    for side in (0, 1)
                ]
            }
        ),
        tier="words",
        last=20.0,
    ),
    "a word a row": Case(
        j(
            {
                "tokens": [
                    {"token": w["word"], "speaker": U[who], "start": w["start"], "end": w["end"]}
                    for who, t, a, b in TALK
                    for w in words(t, a, b)
                ]
            }
        ),
        tier="words",
        last=20.0,
    ),
    "milliseconds without a unit": Case(
        j([{"speaker": U[w], "text": t, "start_time": int(a * 1000), "end_time": int(b * 1000)} for w, t, a, b in TALK]),
        tier="turns",
        last=20.0,
    ),
    "recogniser with milliseconds": Case(
        j(
            {
                "results": [
                    {
                        "alternatives": [
                            {
                                "transcript": t,
                                "words": [
                                    {
                                        **x,
                                        "start_time": int(x.pop("start") * 1000),
                                        "end_time": int(x.pop("end") * 1000),
                                        "speaker_tag": w + 1,
                                    }
                                    for x in words(t, a, b)
                                ],
                            }
                        ]
                    }
                    for w, t, a, b in TALK
                ]
            }
        ),
        tier="words",
        last=20.0,
    ),
    "times called from and to": Case(
        j({"segments": rows(lambda n, w, t, a, b: {"label": f"SPEAKER_0{w}", "caption": t, "from": a, "to": b})}), tier="turns", last=20.0
    ),
    "text deep inside": Case(
        j({"call": {"id": 1, "details": {"transcript": "\n".join(f"[00:{int(a):02}] {U[w]}: {t}" for w, t, a, _ in TALK)}}}),
        tier="starts",
        last=18.0,
    ),
    "subtitles inside": Case(
        j({"id": 1, "captions": "WEBVTT\n\n" + "\n".join(f"{clock(a)} --> {clock(b)}\n<v {NAMES[w]}>{t}</v>\n" for w, t, a, b in TALK)}),
        tier="turns",
        last=20.0,
    ),
    "lines with a wrapper": Case(
        "".join(j({"event": "transcript", "data": {"speaker": U[w], "text": t, "start": a, "end": b}}) + "\n" for w, t, a, b in TALK),
        ".jsonl",
        "turns",
        20.0,
    ),
    "lines with drafts": Case(
        "".join(
            j({"speaker": U[w], "text": x, "is_final": x == t, "start": a, "end": b}) + "\n" for w, t, a, b in TALK for x in (t[:9], t)
        ),
        ".jsonl",
        "turns",
        20.0,
    ),
    "lines between events": Case(
        "\n".join(
            [
                j({"event": "call.started", "call_id": "x"}),
                *rows(lambda n, w, t, a, b: j({"event": "transcript", "call_id": "x", "speaker": U[w], "text": t, "ts": iso(a)})),
                j({"event": "call.ended", "call_id": "x"}),
            ]
        )
        + "\n",
        ".jsonl",
        "starts",
        17.5,
        nil=1.0,
    ),
    "decimal commas": Case(
        j(
            [
                {"speaker": U[w], "text": t, "start": f"{a:.1f}".replace(".", ","), "end": f"{b:.1f}".replace(".", ",")}
                for w, t, a, b in TALK
            ]
        ),
        tier="turns",
        last=20.0,
    ),
    "deep": Case(
        j(
            {
                "a": {
                    "b": [
                        {
                            "c": {
                                "d": {
                                    "conversationLog": rows(
                                        lambda n, w, t, a, b: {"utteranceText": t, "speakerRole": U[w], "startSecs": a, "endSecs": b}
                                    )
                                }
                            }
                        }
                    ]
                }
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "unknown names": Case(j({"blob": rows(lambda n, w, t, a, b: {"wer": NAMES[w], "text": t})})),
    "an empty list first": Case(j({"turns": [], "messages": [], "history": rows(lambda n, w, t, a, b: {"role": U[w], "text": t})})),
    "flags": Case(
        j(
            {
                "speakers": [{"id": 1, "name": NAMES[0], "isInternal": True}, {"id": 2, "name": NAMES[1], "isInternal": False}],
                "transcript": rows(lambda n, w, t, a, b: {"speaker_id": w + 1, "text": t, "start": a, "end": b}),
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "list of texts": Case(
        j(
            [
                {
                    "call_id": "c",
                    "date": "2026-05-06",
                    "agent_name": NAMES[0],
                    "transcript": "\n".join(f"{('Agent', 'Customer')[w]}: {t}" for w, t, _, _ in TALK),
                }
            ]
        )
    ),
    # --- chats
    "zendesk ticket": Case(
        j(
            {
                "users": [{"id": 11, "name": NAMES[0], "role": "agent"}, {"id": 12, "name": NAMES[1], "role": "end-user"}],
                "comments": [
                    *rows(
                        lambda n, w, t, a, b: {
                            "id": n,
                            "type": "Comment",
                            "author_id": 11 + w,
                            "body": t,
                            "html_body": f"<p>{t}</p>",
                            "public": True,
                            "created_at": iso(a),
                        }
                    ),
                    {"id": 9, "type": "Comment", "author_id": 11, "body": "Internal remark", "public": False, "created_at": iso(30)},
                ],
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "freshdesk": Case(
        j(
            {
                "conversations": rows(
                    lambda n, w, t, a, b: {
                        "body_text": t,
                        "body": f"<div>{t}</div>",
                        "incoming": bool(w),
                        "private": False,
                        "user_id": 70 + w,
                        "created_at": iso(a),
                    }
                )
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "chatwoot": Case(
        j(
            {
                "payload": [
                    *rows(
                        lambda n, w, t, a, b: {
                            "id": n,
                            "content": t,
                            "message_type": 1 - w,
                            "private": False,
                            "created_at": int(DAY.timestamp() + 10 * n),
                            "sender": {"name": NAMES[w], "type": ("user", "contact")[w]},
                        }
                    )
                ]
            }
        ),
        tier="starts",
        last=50.0,
    ),
    "drift": Case(
        j(
            {
                "data": {
                    "messages": rows(
                        lambda n, w, t, a, b: {
                            "id": n,
                            "type": "chat",
                            "body": t,
                            "author": {"type": ("user", "contact")[w], "id": w},
                            "createdAt": ms(a),
                        }
                    )
                }
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "crisp": Case(
        j(
            {
                "data": rows(
                    lambda n, w, t, a, b: {
                        "session_id": "s",
                        "type": "text",
                        "from": ("operator", "user")[w],
                        "content": t,
                        "timestamp": ms(a),
                    }
                )
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "livechat": Case(
        j(
            {
                "id": "c",
                "users": [{"id": "a@x", "name": NAMES[0], "type": "agent"}, {"id": "k1", "name": NAMES[1], "type": "customer"}],
                "thread": {
                    "id": "t",
                    "events": [
                        {"type": "system_message", "text": "Chat assigned", "created_at": iso(0)},
                        *rows(
                            lambda n, w, t, a, b: {
                                "id": str(n),
                                "type": "message",
                                "text": t,
                                "author_id": ("a@x", "k1")[w],
                                "created_at": iso(a),
                            }
                        ),
                    ],
                },
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "intercom": Case(
        j(
            {
                "type": "conversation",
                "id": "1",
                "created_at": int(DAY.timestamp()),
                "source": {"body": f"<p>{TEXTS[1]}</p>", "author": {"type": "user", "name": NAMES[1]}},
                "conversation_parts": {
                    "conversation_parts": [
                        {
                            "part_type": "note",
                            "body": "<p>secret</p>",
                            "created_at": int(DAY.timestamp()) + 5,
                            "author": {"type": "admin", "name": NAMES[0]},
                        },
                        *[
                            {
                                "part_type": "comment",
                                "body": f"<p>{t}</p>",
                                "created_at": int(DAY.timestamp() + 10 * n),
                                "author": {"type": ("admin", "user")[w], "name": NAMES[w]},
                            }
                            for n, (w, t, _, _) in enumerate(TALK)
                            if n > 1
                        ],
                    ]
                },
            }
        ),
        tier="starts",
        last=50.0,
    ),
    "gorgias": Case(
        j(
            {
                "messages": rows(
                    lambda n, w, t, a, b: {
                        "body_text": t,
                        "from_agent": w == 0,
                        "public": True,
                        "sender": {"name": NAMES[w]},
                        "created_datetime": iso(a),
                    }
                )
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "front": Case(
        j(
            {
                "_results": rows(
                    lambda n, w, t, a, b: {
                        "type": "email",
                        "is_inbound": w == 1,
                        "created_at": DAY.timestamp() + a,
                        "text": t,
                        "author": {"email": f"p{w}@example.org"},
                    }
                )
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "salesforce messaging": Case(
        j(
            {
                "conversationEntries": rows(
                    lambda n, w, t, a, b: {
                        "identifier": f"i{n}",
                        "entryType": "Message",
                        "senderDisplayName": NAMES[w],
                        "sender": {"role": ("Agent", "EndUser")[w]},
                        "entryPayload": json.dumps(
                            {
                                "entryType": "Message",
                                "abstractMessage": {
                                    "messageType": "StaticContentMessage",
                                    "staticContent": {"formatType": "Text", "text": t},
                                },
                            }
                        ),
                        "transcriptedTimestamp": ms(a),
                    }
                )
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "connect chat": Case(
        j(
            {
                "Version": "2019-08-26",
                "InitialContactId": "i",
                "ContactId": "c",
                "Transcript": [
                    {
                        "AbsoluteTime": iso(0),
                        "ContentType": "application/vnd.amazonaws.connect.event.participant.joined",
                        "Id": "e",
                        "Type": "EVENT",
                        "ParticipantId": "p0",
                        "DisplayName": NAMES[0],
                        "ParticipantRole": "AGENT",
                    },
                    *rows(
                        lambda n, w, t, a, b: {
                            "AbsoluteTime": iso(a),
                            "Content": t,
                            "ContentType": "text/plain",
                            "Id": f"m{n}",
                            "Type": "MESSAGE",
                            "ParticipantId": f"p{w}",
                            "DisplayName": NAMES[w],
                            "ParticipantRole": ("AGENT", "CUSTOMER")[w],
                        }
                    ),
                ],
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "twilio messages": Case(
        j(
            {
                "messages": rows(
                    lambda n, w, t, a, b: {
                        "sid": f"SM{n}",
                        "body": t,
                        "from": f"+1555000{w}",
                        "to": f"+1555000{1 - w}",
                        "direction": ("outbound-api", "inbound")[w],
                        "date_sent": (DAY + timedelta(seconds=int(a))).strftime("%a, %d %b %Y %H:%M:%S +0000"),
                    }
                )
            }
        ),
        tier="starts",
        last=17.0,
        nil=1.0,
    ),
    "messenger, newest first": Case(
        j(
            {
                "participants": [{"name": NAMES[0]}, {"name": NAMES[1]}],
                "messages": [
                    {"sender_name": NAMES[0], "timestamp_ms": ms(40), "type": "Call", "call_duration": 3},
                    *rows(lambda n, w, t, a, b: {"sender_name": NAMES[w], "timestamp_ms": ms(a), "content": t, "type": "Generic"})[::-1],
                ],
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "signal desktop": Case(
        j(rows(lambda n, w, t, a, b: {"type": ("outgoing", "incoming")[w], "body": t, "sent_at": ms(a), "source": f"+1555000{w}"})),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "discord": Case(
        j(
            {
                "guild": {"name": "g"},
                "messages": rows(
                    lambda n, w, t, a, b: {
                        "id": str(n),
                        "type": "Default",
                        "timestamp": iso(a),
                        "content": t,
                        "author": {"id": f"d{w}", "name": NAMES[w], "isBot": False},
                    }
                ),
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "teams graph": Case(
        j(
            {
                "value": [
                    {
                        "messageType": "systemEventMessage",
                        "body": {"contentType": "html", "content": "<systemEventMessage/>"},
                        "from": None,
                        "createdDateTime": iso(50),
                    },
                    *rows(
                        lambda n, w, t, a, b: {
                            "messageType": "message",
                            "createdDateTime": iso(a),
                            "from": {"user": {"displayName": NAMES[w], "id": f"u{w}"}},
                            "body": {"contentType": "html", "content": f"<p>{t}</p>"},
                        }
                    )[::-1],
                ]
            }
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "slack": Case(
        j(
            [
                {
                    "type": "message",
                    "subtype": "channel_join",
                    "user": "U1",
                    "text": "<@U1> has joined the channel",
                    "ts": f"{DAY.timestamp():.6f}",
                },
                *rows(
                    lambda n, w, t, a, b: {
                        "type": "message",
                        "user": f"U{w}",
                        "text": t,
                        "ts": f"{DAY.timestamp() + a:.6f}",
                        "user_profile": {"real_name": NAMES[w]},
                    }
                ),
            ]
        ),
        tier="starts",
        last=17.5,
        nil=1.0,
    ),
    "telegram": Case(
        j(
            {
                "name": "x",
                "type": "personal_chat",
                "id": 4,
                "messages": [
                    *rows(
                        lambda n, w, t, a, b: {
                            "id": n,
                            "type": "message",
                            "date": iso(int(a))[:19],
                            "date_unixtime": str(int(DAY.timestamp() + int(a))),
                            "from": NAMES[w],
                            "from_id": f"user{w}",
                            "text": [t[:10], {"type": "bold", "text": t[10:]}] if n == 1 else t,
                        }
                    ),
                    {"id": 9, "type": "service", "date": iso(60)[:19], "actor": NAMES[0], "action": "phone_call", "text": ""},
                ],
            }
        ),
        tier="starts",
        last=17.0,
        nil=1.0,
    ),
    "whatsapp": Case(
        "5/6/26, 9:29\u202fAM - Messages and calls are end-to-end encrypted. Tap to learn more.\n"
        + "".join(f"5/6/26, 9:{30 + n}\u202fAM - {NAMES[w]}: {t}\n" for n, (w, t, _, _) in enumerate(TALK))
        + f"5/6/26, 9:40\u202fAM - {NAMES[1]}: <Media omitted>\n5/6/26, 9:41\u202fAM - {NAMES[1]}: This message was deleted\n",
        ".txt",
        tier="starts",
        last=300.0,
    ),
    "whatsapp german": Case(
        "".join(f"[06.05.26, 09:{30 + n}:00] {NAMES[w]}: {t}\n" for n, (w, t, _, _) in enumerate(TALK))
        + f"\u200e[06.05.26, 09:40:00] {NAMES[1]}: \u200eimage omitted\n",
        ".txt",
        tier="starts",
        last=300.0,
    ),
    # --- meetings
    "fireflies": Case(
        j(
            {
                "data": {
                    "transcript": {
                        "id": "f",
                        "sentences": rows(
                            lambda n, w, t, a, b: {
                                "index": n,
                                "speaker_name": NAMES[w],
                                "speaker_id": w,
                                "text": t,
                                "raw_text": t.lower(),
                                "start_time": a,
                                "end_time": b,
                            }
                        ),
                    }
                }
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "read.ai": Case(
        j(
            {
                "speaker_blocks": rows(
                    lambda n, w, t, a, b: {"start_time": ms(a), "end_time": ms(b), "speaker": {"name": NAMES[w]}, "words": t}
                )
            }
        ),
        tier="turns",
        last=19.0,
        nil=1.0,
    ),
    "fathom": Case(
        j(
            {
                "transcript": rows(
                    lambda n, w, t, a, b: {
                        "speaker": {"display_name": NAMES[w], "matched_calendar_invitee_email": None},
                        "text": t,
                        "timestamp": clock(a)[:8],
                    }
                )
            }
        ),
        tier="starts",
        last=18.0,
    ),
    "recall participants": Case(
        j(
            [
                {
                    "participant": {"id": w, "name": NAMES[w], "is_host": w == 0},
                    "words": [{"text": t, "start_timestamp": {"relative": a}, "end_timestamp": {"relative": b}}],
                }
                for w, t, a, b in TALK
            ]
        ),
        tier="words",
        last=20.0,
    ),
    "teams vtt with metadata": Case(
        "WEBVTT\n\n"
        + "\n".join(
            f"{clock(a)} --> {clock(b)}\n"
            + j({"startDateTime": iso(a), "endDateTime": iso(b), "speakerName": NAMES[w], "spokenText": t, "spokenLanguage": "en-gb"})
            + "\n"
            for w, t, a, b in TALK
        ),
        ".vtt",
        "turns",
        20.0,
    ),
    "webex vtt": Case(
        "WEBVTT\n\n" + "\n".join(f'{n} "{NAMES[w]}" (30{w})\n{clock(a)} --> {clock(b)}\n{t}\n' for n, (w, t, a, b) in enumerate(TALK, 1)),
        ".vtt",
        "turns",
        20.0,
    ),
    "meet vtt": Case(
        "WEBVTT\n\n" + "\n".join(f"{clock(a)} --> {clock(b)}\n({NAMES[w]})\n{t}\n" for w, t, a, b in TALK), ".vtt", "turns", 20.0
    ),
    "brackets in srt": Case(
        "\n".join(f"{n}\n{clock(a, ',')} --> {clock(b, ',')}\n[{NAMES[w]}] {t}\n" for n, (w, t, a, b) in enumerate(TALK, 1)),
        ".srt",
        "turns",
        20.0,
    ),
    "whisperx srt": Case(
        "\n".join(f"{n}\n{clock(a, ',')} --> {clock(b, ',')}\n[SPEAKER_0{w}]: {t}\n" for n, (w, t, a, b) in enumerate(TALK, 1)),
        ".srt",
        "turns",
        20.0,
    ),
    "teams saved document": Case(
        "Weekly call-20260506_093000-Meeting Recording\n\nMay 6, 2026, 9:30AM\n20s\n\nInes Marlow started transcription\n\n"
        + "".join(f"{NAMES[w]}   0:{int(a):02}\n{t}\n\n" for w, t, a, _ in TALK)
        + "Ines Marlow stopped transcription\n",
        ".txt",
        "starts",
        18.0,
    ),
    "happyscribe": Case("".join(f"[{clock(a)}] - {NAMES[w]}\n{t}\n\n" for w, t, a, _ in TALK), ".txt", "starts", 18.5),
    "smpte": Case(
        "".join(
            f"00:00:{int(a):02}:{round(a % 1 * 25):02} - 00:00:{int(b):02}:{round(b % 1 * 25):02}\n{NAMES[w]}\n{t}\n\n"
            for w, t, a, b in TALK
        ),
        ".txt",
        "turns",
        20.0,
    ),
    "name, time, text": Case("".join(f"{NAMES[w]}\n{clock(a)[:8]}\n{t}\n\n" for w, t, a, _ in TALK), ".txt", "starts", 18.0),
    "telegram copied": Case(
        "".join(f"{NAMES[w]}, [06.05.2026 09:3{n}]\n{t}\n\n" for n, (w, t, _, _) in enumerate(TALK)), ".txt", "starts", 300.0
    ),
    "discord copied": Case(
        "".join(f"{NAMES[w]} — 05/06/2026 9:3{n} AM\n{t}\n" for n, (w, t, _, _) in enumerate(TALK)), ".txt", "starts", 300.0
    ),
    "messages copied": Case(
        "".join(f"May 06, 2026  9:3{n}:00 AM\n{NAMES[w]}\n{t}\n\n" for n, (w, t, _, _) in enumerate(TALK)), ".txt", "starts", 300.0
    ),
    "name, time, text without blank lines": Case(
        "Transcript\nMay 6, 2026, 9:30AM\n" + "".join(f"{NAMES[w]}\n0:{int(a):02}\n{t}\n" for w, t, a, _ in TALK), ".txt", "starts", 18.0
    ),
    "time, tab, name, tab, text": Case(
        "".join(f"09:3{n}\t{NAMES[w]}\t{t}\n" for n, (w, t, _, _) in enumerate(TALK)), ".txt", "starts", 575.0
    ),
    "time, bar, name": Case(
        "Call with Tom\nRecorded on May 6, 2026\n\n" + "".join(f"0:{int(a):02} | {NAMES[w]}\n{t}\n\n" for w, t, a, _ in TALK),
        ".txt",
        "starts",
        18.0,
    ),
    "bold names, times in backticks": Case(
        "".join(f"**{NAMES[w]}** `00:{int(a):02}` {t}\n\n" for w, t, a, _ in TALK), ".md", "starts", 18.0
    ),
    "whisper.cpp speakers": Case(
        "".join(f"[{clock(a)} --> {clock(b)}]  (speaker {w}) {t}\n" for w, t, a, b in TALK), ".txt", "turns", 20.0
    ),
    "saved chat of a meeting": Case(
        "".join(f"09:3{n}:00 From {NAMES[w]} to Everyone:\n\t{t}\n" for n, (w, t, _, _) in enumerate(TALK)), ".txt", "starts", 300.0
    ),
    "pyannote": Case("".join(f"[ {clock(a)} -->  {clock(b)}] SPEAKER_0{w} {t}\n" for w, t, a, b in TALK), ".txt", "turns", 20.0),
    "start end speaker": Case("".join(f"{a:.2f} {b:.2f} SPEAKER_0{w} {t}\n" for w, t, a, b in TALK), ".txt", "turns", 20.0),
    "bold names": Case("# Call with Tom\n\nDate: 2026-05-06\n\n" + "".join(f"**{NAMES[w]}:** {t}\n\n" for w, t, _, _ in TALK), ".md"),
    "bold names with times": Case("".join(f"**{NAMES[w]}** [{clock(a)[:8]}]: {t}\n\n" for w, t, a, _ in TALK), ".md", "starts", 18.0),
    "headings as names": Case("# Call\n\n" + "".join(f"### {NAMES[w]}\n{t}\n\n" for w, t, _, _ in TALK), ".md"),
    "markdown table": Case(
        "| Speaker | Start | Text |\n|:---|---:|---|\n" + "".join(f"| {NAMES[w]} | {clock(a)} | {t} |\n" for w, t, a, _ in TALK),
        ".md",
        "starts",
        18.5,
    ),
    "one line": Case(" ".join(f"{('Agent', 'Customer')[w]}: {t}" for w, t, _, _ in TALK) + "\n", ".txt"),
    "bot and human": Case("".join(f"{('bot', 'human')[w]}: {t}\n" for w, t, _, _ in TALK), ".txt"),
    "notices between": Case(
        "Tom Kerr joined the chat\n" + "".join(f"{NAMES[w]}: {t}\n" for w, t, _, _ in TALK) + "Tom Kerr has left the chat\n", ".txt"
    ),
    # --- tables
    "table in tabs": Case(
        "Line\tSpkr\tStTime\tContent\tEnTime\n" + "".join(f"{n}\t{U[w]}\t{a}\t{t}\t{b}\n" for n, (w, t, a, b) in enumerate(TALK)),
        ".txt",
        "turns",
        20.0,
    ),
    "salesforce report": Case(
        '"Actor Name","Actor Type","Message","Message Time"\n'
        + "".join(f'"{NAMES[w]}","{("Agent", "EndUser")[w]}","{t}","{iso(a)}"\n' for w, t, a, _ in TALK),
        ".csv",
        "starts",
        17.5,
        nil=1.0,
    ),
    "no header, roles tell": Case("".join(f'{("Agent", "Customer")[w]},{a},{b},"{t}"\n' for w, t, a, b in TALK), ".csv", "turns", 20.0),
    "token table": Case(
        "token|speaker|ts|endTs|punctuation|case|tags\n"
        + "".join(f"{w['word']}|{who}|{w['start']}|{w['end']}||LC|[]\n" for who, t, a, b in TALK for w in words(t, a, b)),
        ".nlp",
        "words",
        20.0,
    ),
    "decimal commas in a table": Case(
        "Sprecher;Start;Ende;Text\n".replace("Sprecher", "Speaker").replace("Ende", "End")
        + "".join(
            f"{U[w]};{a:.1f};{b:.1f};{t}\n".replace(".", ",", 2)
            if False
            else f"{U[w]};{str(a).replace('.', ',')};{str(b).replace('.', ',')};{t}\n"
            for w, t, a, b in TALK
        ),
        ".csv",
        "turns",
        20.0,
    ),
    "table below a title": Case(
        "Call report,,\n,,\nSpeaker,Start,Text\n" + "".join(f'{NAMES[w]},{a},"{t}"\n' for w, t, a, _ in TALK), ".csv", "starts", 18.5
    ),
    "markdown table below a heading": Case(
        "# Call\n\nSome words.\n\n| Speaker | Text |\n|---|---|\n" + "".join(f"| {NAMES[w]} | {t} |\n" for w, t, _, _ in TALK), ".md"
    ),
    "no header, names tell": Case("".join(f'{NAMES[w]},"{t}"\n' for w, t, _, _ in TALK), ".csv"),
    "labels of an audio editor": Case("".join(f"{a:.6f}\t{b:.6f}\t{NAMES[w]}: {t}\n" for w, t, a, b in TALK), ".txt", "turns", 20.0),
    "newest first": Case(
        "Timestamp,From,Message\n"
        + "".join(f'2026-05-06 09:3{n}:00,{NAMES[w]},"{t}"\n' for n, (w, t, _, _) in reversed(list(enumerate(TALK)))),
        ".csv",
        "starts",
        300.0,
    ),
    "date and time in two columns": Case(
        "Date,Time,Sender,Message\n" + "".join(f'05/06/2026,09:3{n}:00,{NAMES[w]},"{t}"\n' for n, (w, t, _, _) in enumerate(TALK)),
        ".csv",
        "starts",
        300.0,
    ),
    # --- XML, pages, subtitles
    "elan": Case(
        '<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT DATE="2026-05-06T09:30:00+00:00"><HEADER TIME_UNITS="milliseconds"/><TIME_ORDER>'
        + "".join(
            f'<TIME_SLOT TIME_SLOT_ID="a{n}" TIME_VALUE="{int(a * 1000)}"/><TIME_SLOT TIME_SLOT_ID="b{n}" TIME_VALUE="{int(b * 1000)}"/>'
            for n, (_, _, a, b) in enumerate(TALK)
        )
        + "</TIME_ORDER>"
        + "".join(
            f'<TIER TIER_ID="{U[side]}">'
            + "".join(
                f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="n{n}" TIME_SLOT_REF1="a{n}" TIME_SLOT_REF2="b{n}"><ANNOTATION_VALUE>{t}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>'
                for n, (w, t, _, _) in enumerate(TALK)
                if w == side
            )
            + "</TIER>"
            for side in (0, 1)
        )
        + '<TIER TIER_ID="gloss" PARENT_REF="agent"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="g" ANNOTATION_REF="n0"><ANNOTATION_VALUE>greets</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>',
        ".eaf",
        "turns",
        20.0,
    ),
    "exmaralda": Case(
        '<?xml version="1.0"?><basic-transcription><head><speakertable><speaker id="S0"><abbreviation>Agent</abbreviation></speaker><speaker id="S1"><abbreviation>Customer</abbreviation></speaker></speakertable></head><basic-body><common-timeline>'
        + "".join(f'<tli id="A{n}" time="{a}"/><tli id="B{n}" time="{b}"/>' for n, (_, _, a, b) in enumerate(TALK))
        + "</common-timeline>"
        + "".join(
            f'<tier id="T{side}" speaker="S{side}" category="v" type="t">'
            + "".join(f'<event start="A{n}" end="B{n}">{t}</event>' for n, (w, t, _, _) in enumerate(TALK) if w == side)
            + "</tier>"
            for side in (0, 1)
        )
        + '<tier id="TN" speaker="S0" category="en" type="a"><event start="A0" end="B0">a note</event></tier></basic-body></basic-transcription>',
        ".exb",
        "turns",
        20.0,
    ),
    "tei with a timeline": Case(
        '<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc><particDesc><person xml:id="p0" role="agent"><persName>Ines</persName></person><person xml:id="p1" role="customer"><persName>Tom</persName></person></particDesc></profileDesc></teiHeader><text><timeline unit="s"><when xml:id="t"/>'
        + "".join(
            f'<when xml:id="a{n}" interval="{a}" since="#t"/><when xml:id="b{n}" interval="{b}" since="#t"/>'
            for n, (_, _, a, b) in enumerate(TALK)
        )
        + "</timeline><body>"
        + "".join(f'<u who="#p{w}" start="#a{n}" end="#b{n}">{t}<note>unclear</note></u>' for n, (w, t, _, _) in enumerate(TALK))
        + "</body></text></TEI>",
        ".xml",
        "turns",
        20.0,
    ),
    "transcriber": Case(
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE Trans SYSTEM "trans-14.dtd"><Trans><Speakers><Speaker id="spk1" name="Agent"/><Speaker id="spk2" name="Customer"/></Speakers><Episode><Section type="report" startTime="0" endTime="20">'
        + "".join(f'<Turn speaker="spk{w + 1}" startTime="{a}" endTime="{b}"><Sync time="{a}"/>\n{t}\n</Turn>' for w, t, a, b in TALK)
        + "</Section></Episode></Trans>",
        ".trs",
        "turns",
        20.0,
    ),
    "ttml": Case(
        '<?xml version="1.0" encoding="UTF-8"?><tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="en"><head><metadata>'
        + "".join(f'<ttm:agent xml:id="s{w}" type="person"><ttm:name type="full">{NAMES[w]}</ttm:name></ttm:agent>' for w in (0, 1))
        + "</metadata></head><body><div>"
        + "".join(f'<p begin="{a}s" end="{clock(b)}" ttm:agent="s{w}">{t.replace("&", "&amp;")}</p>' for w, t, a, b in TALK)
        + "</div></body></tt>",
        ".ttml",
        "turns",
        20.0,
    ),
    "ttml with names": Case(
        '<tt xmlns="http://www.w3.org/ns/ttml"><body><div>'
        + "".join(f'<p begin="{clock(a)}" dur="{b - a}s">{NAMES[w]}: {t}</p>' for w, t, a, b in TALK)
        + "</div></body></tt>",
        ".dfxp",
        "turns",
        20.0,
    ),
    "html": Case(
        "<!DOCTYPE html><html><head><title>Chat</title><style>p {color: red}</style></head><body>"
        + "".join(f"<p><b>{NAMES[w]}:</b> {t}</p>\n" for w, t, _, _ in TALK)
        + "</body></html>",
        ".html",
    ),
    "html table": Case(
        "<html><body><table><tr><th>Speaker</th><th>Start</th><th>Text</th></tr>"
        + "".join(f"<tr><td>{NAMES[w]}</td><td>{clock(a)}</td><td>{t}</td></tr>" for w, t, a, _ in TALK)
        + "</table></body></html>",
        ".html",
        "starts",
        18.5,
    ),
    "ass": Case(
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,20\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nComment: 0,0:00:00.00,0:00:00.50,Default,,0,0,0,,a note\n"
        + "".join(f"Dialogue: 0,0:00:{a:05.2f},0:00:{b:05.2f},Default,{NAMES[w]},0,0,0,,{{\\i1}}{t}{{\\i0}}\n" for w, t, a, b in TALK),
        ".ass",
        "turns",
        20.0,
    ),
    "rtf": Case(
        "{\\rtf1\\ansi\\deff0 {\\fonttbl{\\f0 Arial;}}\n" + "".join(f"\\b {NAMES[w]}:\\b0  {t}\\par\n" for w, t, _, _ in TALK) + "}\n",
        ".rtf",
    ),
    "chat": Case(
        "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tAGT Ines Agent, CUS Tom Customer\n"
        + "".join(f"*{('AGT', 'CUS')[w]}:\t{t} \x15{int(a * 1000)}_{int(b * 1000)}\x15\n*CUS:\t0 .\n" for w, t, a, b in TALK)
        + "@End\n",
        ".cha",
        "turns",
        20.0,
    ),
}
