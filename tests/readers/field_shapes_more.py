"""The talk of `field_shapes` in further shapes: names of fields that no list has, XML of any program, captions of YouTube, messengers.

The talk is our own; the shapes follow the services' documentation.
"""

# ruff: noqa: E501 - an object of a service reads best on one line

from __future__ import annotations

import json

from .field_shapes import NAMES, TALK, Case, clock, iso, j, ms

A, U = ("assistant", "user"), ("agent", "customer")
SIDES = ("Agent", "Customer")
CHANNELS = ("Agent", "Caller")


def lines(values: list[object]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def seconds(at: float) -> str:
    return f"2:00:{int(at):02} PM"


MORE: dict[str, Case] = {
    # --- whose speech a row is, its kind tells
    "realtime events": Case(
        lines(
            [
                event
                for w, t, _, _ in TALK
                for event in (
                    {"type": "response.audio_transcript.delta", "delta": t[:5]} if w == 0 else {"type": "input_audio_buffer.committed"},
                    {
                        "type": "response.audio_transcript.done" if w == 0 else "conversation.item.input_audio_transcription.completed",
                        "transcript": t,
                    },
                    {"type": "rate_limits.updated", "rate_limits": []},
                )
            ]
        ),
        ".jsonl",
    ),
    "trace of events": Case(
        lines(
            [
                {"timestamp": ms(0), "event_type": "session_start", "data": {}},
                *({"timestamp": ms(a), "event_type": f"{A[w]}_speech", "data": {"text": t}} for w, t, a, _ in TALK),
                {"timestamp": ms(30), "event_type": "session_end", "data": {}},
            ]
        ),
        ".jsonl",
        "starts",
    ),
    "one name for all, roles that differ": Case(
        j(
            {
                "messages": [
                    {"participant": "line 7", "participantRole": ("HUMAN_AGENT", "END_USER")[w], "content": t, "createTime": iso(a)}
                    for w, t, a, _ in TALK
                ]
            }
        ),
        tier="starts",
    ),
    # --- envelopes and names of fields
    "calls in an answer": Case(
        j(
            {
                "status": "ok",
                "response": {
                    "calls": [{"call_id": "1", "transcript": "\n".join(f"{('bot', 'human')[w]}: {t}" for w, t, _, _ in TALK)}],
                    "pagination": {"total": 1},
                },
            }
        )
    ),
    "snippets": Case(
        j(
            {
                "data": {
                    "attributes": {
                        "recording": {
                            "utterances": [
                                {"speaker_name": NAMES[w], "speaker_type": ("rep", "cust")[w], "snippet": t, "snippet_time": a}
                                for w, t, a, _ in TALK
                            ]
                        }
                    }
                }
            }
        ),
        tier="starts",
        last=18.5,
    ),
    "names that no list has": Case(
        j(
            {
                "legs": [1],
                "exchange": [
                    {"talker_name": CHANNELS[w], "verbatim_phrase": t, "begin_of_it_ms": int(a * 1000), "finish_of_it_ms": int(b * 1000)}
                    for w, t, a, b in TALK
                ],
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "a list a side": Case(
        j({side: [{"text": t, "start": a, "end": b} for w, t, a, b in TALK if w == n] for n, side in enumerate(U)}), tier="turns", last=20.0
    ),
    "numbered fields": Case(j({f"turn_{n}": {"speaker": SIDES[w], "text": t} for n, (w, t, _, _) in enumerate(TALK, 1)})),
    "JSON in a text": Case(j({"id": "7", "transcript": j([{"role": U[w], "text": t} for w, t, _, _ in TALK])})),
    "guesses of a recogniser": Case(
        j(
            [
                {
                    "channel": CHANNELS[w],
                    "alternatives": [{"transcript": t}, {"transcript": "another guess"}],
                    "start": a,
                    "duration": b - a,
                }
                for w, t, a, b in TALK
            ]
        ),
        tier="turns",
        last=20.0,
    ),
    "phrases of a segment": Case(
        j(
            {
                "contactId": 1,
                "transcript": {
                    "segments": [
                        {"startTime": iso(a), "endTime": iso(b), "speaker": U[w].upper(), "phrases": [{"text": t}]} for w, t, a, b in TALK
                    ]
                },
            }
        ),
        tier="turns",
    ),
    "words with data-": Case(
        j(
            [
                {"speaker": NAMES[w], "words": [{"text": f"{part} ", "type": "text", "data_start": a, "data_end": b} for part in t.split()]}
                for w, t, a, b in TALK
            ]
        ),
        tier="words",
        last=20.0,
    ),
    "attributes with a direction": Case(
        j(
            {
                "data": [
                    {"type": "message", "id": str(n), "attributes": {"preview": t, "direction": ("out", "in")[w], "sentAt": iso(a)}}
                    for n, (w, t, a, _) in enumerate(TALK)
                ]
            }
        ),
        tier="starts",
    ),
    "partial and final": Case(
        lines(
            [
                {"type": "transcript", "role": A[w], "transcriptType": kind, "transcript": said}
                for w, t, _, _ in TALK
                for kind, said in (("partial", t[:9]), ("final", t))
            ]
        ),
        ".jsonl",
    ),
    "ends of turns": Case(
        lines(
            [
                {"type": "Turn", "end_of_turn": done, "speaker": SIDES[w], "transcript": said}
                for w, t, _, _ in TALK
                for done, said in ((False, t[:9]), (True, t))
            ]
        ),
        ".jsonl",
    ),
    "exchanges with a transcript": Case(j({"history": [{"botMessage": TALK[n][1], "inputTranscript": TALK[n + 1][1]} for n in (0, 2, 4)]})),
    "results of tools in a message": Case(
        j(
            {
                "messages": [
                    *({"role": A[w], "content": [{"type": "text", "text": t}]} for w, t, _, _ in TALK),
                    {"role": "user", "content": [{"type": "tool_result", "content": "sent"}]},
                ]
            }
        )
    ),
    "a list a channel": Case(
        j(
            {
                "channels": [
                    {
                        "participant": U[n],
                        "transcript": [
                            {"sentence": t, "start_time": int(a * 1000), "duration": int((b - a) * 1000)} for w, t, a, b in TALK if w == n
                        ],
                    }
                    for n in (0, 1)
                ]
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "hooks of a telephone system": Case(
        lines(
            [
                {
                    "data": {
                        "event_type": "call.transcription",
                        "occurred_at": iso(a),
                        "payload": {"transcription_data": {"transcript": t, "transcription_track": ("outbound", "inbound")[w]}},
                    }
                }
                for w, t, a, _ in TALK
            ]
        ),
        ".jsonl",
        "starts",
    ),
    "tokens with blanks": Case(
        j(
            {
                "tokens": [
                    {"text": f" {part}" if n else part, "start_ms": int(a * 1000) + n, "end_ms": int(b * 1000), "speaker": SIDES[w]}
                    for w, t, a, b in TALK
                    for n, part in enumerate(t.split())
                ]
            }
        ),
        tier="words",
        last=20.0,
    ),
    "segments with speaker_id": Case(
        j({"text": "x", "segments": [{"text": t, "start": a, "end": b, "speaker_id": SIDES[w]} for w, t, a, b in TALK]}),
        tier="turns",
        last=20.0,
    ),
    "hits of a search": Case(
        j({"took": 1, "hits": {"hits": [{"_id": str(n), "_source": {"speaker": A[w], "text": t}} for n, (w, t, _, _) in enumerate(TALK)]}})
    ),
    "typed values": Case(
        j({"Items": [{"pk": {"S": "c"}, "speaker": {"S": A[w]}, "text": {"S": t}, "start": {"N": str(a)}} for w, t, a, _ in TALK]}),
        tier="starts",
        last=18.5,
    ),
    "typed fields": Case(
        j(
            {
                "documents": [
                    {"name": f"x/{n}", "fields": {"role": {"stringValue": A[w]}, "text": {"stringValue": t}}}
                    for n, (w, t, _, _) in enumerate(TALK)
                ]
            }
        )
    ),
    # --- messengers
    "signal-cli": Case(
        lines(
            [
                event
                for w, t, a, _ in TALK
                for event in (
                    {
                        "envelope": {
                            "source": f"+1555010{w}",
                            "sourceName": NAMES[w],
                            "timestamp": ms(a),
                            "dataMessage": {"timestamp": ms(a), "message": t},
                        }
                    },
                    {
                        "envelope": {
                            "source": "+15550101",
                            "sourceName": NAMES[1],
                            "timestamp": ms(a) + 1,
                            "receiptMessage": {"isDelivery": True},
                        }
                    },
                )
            ]
        ),
        ".jsonl",
        "starts",
    ),
    "sigtop": Case(
        "Conversation: Tom Kerr (+15550101)\n\n"
        + "\n".join(
            f"From: {NAMES[w]} (+1555010{w})\nType: {('outgoing', 'incoming')[w]}\nSent: Wed, 06 May 2026 09:30:{int(a):02} +0000\n\n{t}\n"
            for w, t, a, _ in TALK
        ),
        ".txt",
        "starts",
        17.0,
    ),
    "newest first, Skype": Case(
        j(
            {
                "MessageList": [
                    {"displayName": NAMES[w], "originalarrivaltime": iso(a), "messagetype": "RichText", "content": t, "from": f"8:{w}"}
                    for w, t, a, _ in reversed(TALK)
                ]
            }
        ),
        tier="starts",
    ),
    "Google Chat": Case(
        j(
            {
                "messages": [
                    {
                        "creator": {"name": NAMES[w], "user_type": "Human"},
                        "created_date": f"Wednesday, May 6, 2026 at 9:30:{int(a):02}\u202fAM UTC",
                        "text": t,
                    }
                    for w, t, a, _ in TALK
                ]
            }
        ),
        tier="starts",
        last=17.0,
    ),
    "Mattermost": Case(
        lines(
            [
                {"type": "post", "post": {"channel": "c", "user": ("agent", "customer")[w], "message": t, "create_at": ms(a)}}
                for w, t, a, _ in TALK
            ]
        ),
        ".jsonl",
        "starts",
    ),
    "weechat": Case("".join(f"2026-05-06 09:30:{int(a):02}\t{('ines', 'tom')[w]}\t{t}\n" for w, t, a, _ in TALK), ".txt", "starts", 17.0),
    "WhatsApp on an iPhone in the States": Case(
        "".join(f"\u200e[5/6/26, {seconds(a)}] {NAMES[w]}: {t}\n".replace(" PM", "\u202fPM") for w, t, a, _ in TALK), ".txt", "starts", 17.0
    ),
    "WhatsApp in French": Case(
        "04/03/2026, 13:59 - Les messages sont chiffr\u00e9s de bout en bout.\n"
        + "".join(f"04/03/2026 \u00e0 14:00 - {NAMES[w]}: {t}\n" for w, t, _, _ in TALK),
        ".txt",
        "starts",
    ),
    "WhatsApp in Finnish": Case(
        "".join(f"4.3.2026 klo 14.{int(a):02} - {NAMES[w]}: {t}\n" for w, t, a, _ in TALK), ".txt", "starts", 1020.0
    ),
    "WhatsApp in Danish": Case("".join(f"04.03.2026 14.{int(a):02} - {NAMES[w]}: {t}\n" for w, t, a, _ in TALK), ".txt", "starts", 1020.0),
    "WhatsApp in German, on an iPhone": Case(
        "".join(f"[04.03.26, 14:00:{int(a):02}] {NAMES[w]}: {t}\n" for w, t, a, _ in TALK)
        + "[04.03.26, 14:00:59] Tom Kerr: \u200eBild weggelassen\n",
        ".txt",
        "starts",
        17.0,
    ),
    "names behind a tilde": Case(
        "".join(f"[2026/03/04, 14:00:{int(a):02}] ~ {NAMES[w]}: {t}\n" for w, t, a, _ in TALK), ".txt", "starts", 17.0
    ),
    # --- tables
    "a report": Case(
        "Entry Time,Actor Type,Actor Name,Message\n"
        + "".join(f'"5/6/2026, {seconds(a)}",{("Agent", "EndUser")[w]},{NAMES[w]},"{t}"\n' for w, t, a, _ in TALK),
        ".csv",
        "starts",
        17.0,
    ),
    "decimal commas": Case(
        "Participant;Utterance;Begin (s);Finish (s)\n"
        + "".join(f"{CHANNELS[w]};{t};{str(a).replace('.', ',')};{str(b).replace('.', ',')}\n" for w, t, a, b in TALK),
        ".csv",
        "turns",
        20.0,
    ),
    "spoken words": Case(
        "Talker,Spoken Words,Start (ms),End (ms)\n"
        + "".join(f'{("REP", "CLIENT")[w]},"{t}",{int(a * 1000)},{int(b * 1000)}\n' for w, t, a, b in TALK),
        ".csv",
        "turns",
        20.0,
    ),
    "a table with epochs": Case(
        "from_user,body,epoch\n" + "".join(f'{NAMES[w]},"{t}",{1772632800 + int(a)}\n' for w, t, a, _ in TALK), ".csv", "starts", 17.0
    ),
    "a table with ids and roles": Case(
        "ticket_id,comment_id,author_role,comment_body,created\n"
        + "".join(f'77,{n},{("agent", "end-user")[w]},"{t}",{iso(a)}\n' for n, (w, t, a, _) in enumerate(TALK)),
        ".csv",
        "starts",
        17.5,
    ),
    "a dialogue in a cell": Case(
        'id,dialogue,topic\nd1,"' + "\n".join(f"#{SIDES[w]}#: {t}" for w, t, _, _ in TALK) + '",boilers\n', ".csv"
    ),
    # --- text
    "notes below": Case(
        "## Transcript\n\n" + "".join(f"- **{SIDES[w]}**: {t}\n" for w, t, _, _ in TALK) + "\n## Summary\n\nThe engineer comes tomorrow.\n",
        ".md",
    ),
    "quoted": Case("".join(f"> **{SIDES[w]}:** {t}\n>\n" for w, t, _, _ in TALK), ".md"),
    "italics and rules": Case("# Call\n\n---\n\n" + "".join(f"*{SIDES[w]}:* {t}\n\n---\n\n" for w, t, _, _ in TALK), ".md"),
    "months by name": Case("".join(f"[6 May 2026, 09:30:{int(a):02}] {SIDES[w]}: {t}\n" for w, t, a, _ in TALK), ".txt", "starts", 17.0),
    "a time behind the name's colon": Case("".join(f"{SIDES[w]}: 00:{int(a):02}   {t}\n\n" for w, t, a, _ in TALK), ".txt", "starts", 18.0),
    "a heading with a date": Case(
        "Call\n2026-05-06 09:30:00 | 32s\n\n" + "".join(f"{NAMES[w]} 00:{int(a):02}\n{t}\n\n" for w, t, a, _ in TALK),
        ".txt",
        "starts",
        18.0,
    ),
    "a line of a program": Case(
        "".join(f"{('assistant', 'user')[w]}: {t}\n" for w, t, _, _ in TALK) + "agent-action: Ended the call\n", ".txt"
    ),
    "times as code": Case(
        "# Call\n\n"
        + "".join(f"`[{int(a) // 60}:{int(a) % 60:02}]` **{SIDES[w]}**: {t}\n\n" for w, t, a, _ in TALK)
        + "## Action items\n\n- Send an engineer\n",
        ".md",
        "starts",
        18.0,
    ),
    "numbered lines": Case("".join(f"{n:03}  {SIDES[w].upper()}: {t}\n" for n, (w, t, _, _) in enumerate(TALK, 1)), ".txt"),
    "start and end in one column": Case(
        "".join(f"{a:.2f} {b:.2f}\t{SIDES[w].upper()}:   \t{t}\n" for w, t, a, b in TALK), ".txt", "turns", 20.0
    ),
    # --- captions and XML
    "style names the speaker": Case(
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,20\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        + "".join(f"Dialogue: 0,0:00:{a:05.2f},0:00:{b:05.2f},{SIDES[w]},,0,0,0,,{t}\n" for w, t, a, b in TALK),
        ".ass",
        "turns",
        20.0,
    ),
    "an element a turn": Case(
        '<?xml version="1.0"?><Interaction id="7"><Utterances>'
        + "".join(
            f'<Utterance Speaker="{SIDES[w]}" StartTime="{int(a * 1000)}" EndTime="{int(b * 1000)}"><Text>{t}</Text></Utterance>'
            for w, t, a, b in TALK
        )
        + "</Utterances></Interaction>",
        ".xml",
        "turns",
        20.0,
    ),
    "turns with attributes": Case(
        '<call id="9">' + "".join(f'<turn who="{("agent", "caller")[w]}">{t}</turn>' for w, t, _, _ in TALK) + "</call>", ".xml"
    ),
    "captions with names, JSON": Case(
        j(
            {
                "wireMagic": "pb3",
                "events": [
                    {"tStartMs": 0, "dDurationMs": 20000, "id": 1},
                    *(
                        {
                            "tStartMs": int(a * 1000),
                            "dDurationMs": int((b - a) * 1000),
                            "segs": [{"utf8": f"{SIDES[w]}:"}, {"utf8": f" {t}"}],
                        }
                        for w, t, a, b in TALK
                    ),
                    {"tStartMs": 9000, "aAppend": 1, "segs": [{"utf8": "\n"}]},
                ],
            }
        ),
        tier="turns",
        last=20.0,
    ),
    "captions with names, XML": Case(
        "<transcript>"
        + "".join(f'<text start="{a}" dur="{b - a}">{SIDES[w]}: {t.replace(chr(39), "&amp;#39;")}</text>' for w, t, a, b in TALK)
        + "</transcript>",
        ".xml",
        "turns",
        20.0,
    ),
    "captions with names, timed text": Case(
        "<timedtext format='3'><body>"
        + "".join(f'<p t="{int(a * 1000)}" d="{int((b - a) * 1000)}"><s>{SIDES[w]}:</s><s> {t}</s></p>' for w, t, a, b in TALK)
        + "</body></timedtext>",
        ".srv3",
        "turns",
        20.0,
    ),
    "marks of a recogniser": Case(
        "".join(f"[{clock(a)} --> {clock(b)}]  {SIDES[w]}: {t} [SPEAKER_TURN]\n" for w, t, a, b in TALK), ".txt", "turns", 20.0
    ),
    "sounds between": Case(
        "1\n00:00:00,000 --> 00:00:00,900\n\u266a hold music \u266a\n\n"
        + "".join(f"{n + 2}\n{clock(a, ',')} --> {clock(b, ',')}\n- {SIDES[w]}: {t}\n\n" for n, (w, t, a, b) in enumerate(TALK)),
        ".srt",
        "turns",
        20.0,
    ),
    "lines shown twice, with pauses": Case(
        "".join(
            f"{n + 1}\n{clock(a, ',')} --> {clock(b, ',')}\n"
            + "\n".join(f"{SIDES[v]}: {s}" for v, s, _, _ in TALK[max(0, n - 1) : n + 1])
            + "\n\n"
            for n, (_, _, a, b) in enumerate(TALK)
        ),
        ".srt",
        "turns",
        20.0,
    ),
}
