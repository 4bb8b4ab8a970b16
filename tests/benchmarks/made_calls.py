"""Calls made up for the benchmarks and tests of whole batches: plausible talk of about as many words as asked, any number of them.

The same number gives the same call. The talk makes sense sentence by sentence, not as a story: enough for phrases to be found and
words to repeat as they do on the phone. Nothing in it was said by anybody.

    python tests/benchmarks/made_calls.py OUT.jsonl 1000 [--words 1500]
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SLOTS: dict[str, Sequence[str]] = {
    "name": [
        "Anna",
        "Boris",
        "Chidi",
        "Dolores",
        "Emeka",
        "Farah",
        "Gwen",
        "Hamid",
        "Ines",
        "Jonas",
        "Keiko",
        "Liam",
        "Marta",
        "Nadia",
        "Owen",
        "Petra",
        "Quentin",
        "Rosa",
        "Stefan",
        "Tomas",
        "Uma",
        "Vera",
    ],
    "last": [
        "Abbott",
        "Brandt",
        "Castillo",
        "Dumont",
        "Eriksen",
        "Fowler",
        "Grant",
        "Horvat",
        "Ibarra",
        "Jansen",
        "Kovac",
        "Lindqvist",
        "Marsh",
        "Novak",
        "Okoye",
        "Pereira",
        "Quinn",
        "Rossi",
    ],
    "thing": [
        "washing machine",
        "kettle",
        "router",
        "boiler",
        "set-top box",
        "parcel",
        "headset",
        "standing order",
        "direct debit",
        "policy",
        "tariff",
        "booking",
        "refund",
        "engineer visit",
        "meter reading",
        "replacement part",
        "gift card",
        "delivery slot",
        "password",
        "invoice",
        "contract",
        "warranty",
    ],
    "fault": [
        "stopped working",
        "never arrived",
        "came in pieces",
        "was charged twice",
        "makes a grinding noise",
        "keeps switching itself off",
        "is the wrong colour",
        "went to the neighbour",
        "shows an error on the screen",
        "was cancelled without a word",
        "leaks on the left side",
        "is still not connected",
    ],
    "feeling": ["frustrating", "worrying", "upsetting", "annoying", "disappointing", "stressful", "awful", "exhausting"],
    "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "tomorrow"],
    "time": [
        "by noon",
        "before five",
        "first thing in the morning",
        "at half past nine",
        "within two hours",
        "by the end of the day",
        "around lunchtime",
    ],
    "money": [
        "12 pounds",
        "forty-five pounds",
        "$19.99",
        "eighty dollars",
        "a hundred and twenty pounds",
        "£7.50",
        "thirty-two fifty",
        "$240",
    ],
    "place": ["Leeds", "Dayton", "Cork", "Halifax", "Tucson", "Bristol", "Perth", "Aberdeen", "Tampa", "Hull", "Boise", "Swansea"],
    "number": ["four seven one nine", "two two eight", "nine oh three six", "five five one", "seven three eight eight", "one six four"],
    "team": ["billing", "deliveries", "technical", "complaints", "returns", "the warehouse", "the branch", "the field team"],
    "event": [
        "my daughter's wedding",
        "a new baby",
        "the move next week",
        "my mother's funeral",
        "our holiday",
        "an operation on Friday",
        "my birthday",
    ],
}

CUSTOMER = (
    "Hi, I'm calling about my {thing}, it {fault}.",
    "Well, it started on {day}. First it was fine and then the {thing} {fault}.",
    "I've already rung {team} twice and nobody called me back.",
    "It's really {feeling}, to be honest, because it's {event} and I need it.",
    "No, not the {thing}, the other one. The one that came from {place}.",
    "I paid {money} for it, and now they want another {money}.",
    "So what am I supposed to do until {day}?",
    "My number? It's {number}, and the postcode is the one in {place}.",
    "Right, okay.",
    "Yeah.",
    "Mm-hm.",
    "I was told it would be here {time} on {day}, and it wasn't.",
    "Can you tell me why the {thing} costs {money} more than last year?",
    "I just want somebody to take care of it. That's all I'm asking.",
    "And then he said it wasn't his department, which was {feeling}.",
    "That would be great, thank you.",
    "I don't know, maybe {time}? I'm at work until then.",
    "It says error {number} on the display, whatever that means.",
    "I've been a customer for eleven years and I've never had this.",
    "Is there any way you can send the {thing} to {place} instead?",
    "Sorry, could you say that again? The line is bad.",
    "Honestly I'm at the end of my tether with this {thing}.",
    "Okay. So I wait until {day}, and if it {fault} again I ring you?",
    "We have {event} coming up, so it's a bit of a mess here.",
    "Yes, that's right.",
    "No, I haven't tried that yet.",
    "Thanks so much for your help, you've been lovely.",
)
AGENT = (
    "Good morning, thank you for calling, this is {name}, how can I help you today?",
    "I'm so sorry to hear that your {thing} {fault}, that must be {feeling}.",
    "Okay, so if I understand you right, the {thing} {fault} on {day}, and {team} didn't call back. Did I get that right?",
    "Can I take the number on the account, please?",
    "Let me just check that for you, it'll take about a minute.",
    "I'm still looking, bear with me, two more minutes.",
    "What happened after the {thing} {fault}?",
    "I'll send the new {thing} out today, and you'll have it {time} on {day}.",
    "I will call you back myself on {day}, {time}, whatever they say.",
    "I'm afraid our policy doesn't allow that for the {thing}.",
    "The system won't let me refund more than {money}.",
    "That's something {team} would have to look at, it's not my department.",
    "Mm-hm.",
    "Right.",
    "I see.",
    "Is it the one from {place}, or the other one?",
    "The reason it's {money} is that the {thing} was renewed in {place} at the new rate.",
    "I can't do that, but what I can do is send somebody from {team} on {day}.",
    "I completely understand, I'd feel the same way if my {thing} {fault}.",
    "Congratulations, by the way, I hope {event} goes well.",
    "Did you get the email that we sent on {day}?",
    "Could you tell me a bit more about what you see on the {thing}?",
    "I think it might be the {thing}, but I'm not really sure.",
    "You should have told us that before {day}, though.",
    "So to sum up: the {thing} {fault}, I send a new one {time} on {day}, and you get {money} back. Is there anything I missed?",
    "Would you rather have that by email or by text?",
    "Is there anything else I can do for you, {last}?",
    "Thank you for your patience, and thanks for calling. Have a lovely day!",
    "We'd love to know how we did today, you'll get a short survey.",
)


def made_call(number: int, words: int = 1500) -> dict[str, Any]:
    """The call of that number: ``call_id``, ``agent``, ``started_at`` and ``turns`` with speaker, role, text, start and end."""
    dice = random.Random(number)
    agent = f"{dice.choice(SLOTS['name'])} {dice.choice(SLOTS['last'])}"
    turns: list[dict[str, Any]] = []
    said, clock = 0, 0.0
    while said < words:
        by_agent = len(turns) % 2 == 0
        texts = AGENT if by_agent else CUSTOMER
        first = not turns
        text = " ".join(_filled(dice, texts[0] if first and n == 0 else dice.choice(texts)) for n in range(dice.choice((1, 1, 2, 2, 3))))
        count = len(text.split())
        start = max(0.0, clock + dice.uniform(-0.6, 1.2))
        end = start + count * dice.uniform(0.28, 0.42)
        turns.append(
            {
                "speaker": "Agent" if by_agent else "Customer", "role": "agent" if by_agent else "customer", "text": text,
                "start": round(start, 2), "end": round(end, 2),
            }
        )  # fmt: skip
        said += count
        clock = end
    began = datetime(2025, 1, 6, 8, 0) + timedelta(minutes=number % 100_000 * 3)
    return {"call_id": f"made-{number:07d}", "agent": agent, "started_at": began.isoformat(), "turns": turns}


def _filled(dice: random.Random, text: str) -> str:
    while "{" in text:
        before, _, rest = text.partition("{")
        slot, _, after = rest.partition("}")
        text = before + dice.choice(SLOTS[slot]) + after
    return text


def made_calls(count: int, words: int = 1500, first: int = 0) -> Iterator[dict[str, Any]]:
    """So many calls, one after the other."""
    for number in range(first, first + count):
        yield made_call(number, words)


def write_lines(path: Path, count: int, words: int = 1500, first: int = 0) -> None:
    """Writes calls as JSON Lines, a call a line."""
    with path.open("w", encoding="utf-8") as stream:
        for call in made_calls(count, words, first):
            stream.write(json.dumps(call) + "\n")


def write_parquet(path: Path, count: int, words: int = 1500, first: int = 0, rows_a_group: int = 1024) -> None:
    """Writes calls as a Parquet table of calls, a row a call."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from listening_coach import call_schema

    schema = call_schema().insert(1, pa.field("agent", pa.string()))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for begin in range(first, first + count, rows_a_group):
            calls = list(made_calls(min(rows_a_group, first + count - begin), words, begin))
            for call in calls:
                call["started_at"] = datetime.fromisoformat(call["started_at"])
            writer.write_table(pa.Table.from_pylist(calls, schema=schema))


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="a .jsonl or .parquet file")
    parser.add_argument("calls", type=int)
    parser.add_argument("--words", type=int, default=1500)
    given = parser.parse_args()
    (write_parquet if given.out.suffix == ".parquet" else write_lines)(given.out, given.calls, given.words)


if __name__ == "__main__":
    _main()
