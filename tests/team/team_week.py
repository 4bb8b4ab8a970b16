"""A quality team's calls, made from the sample calls by templates: five agents, two teams, five weeks, and what two coaches say of some.

Each agent has a share of turns in which they listen; the other turns are curt or hide behind policy. Coaches score by that share, each in their own
way, so that there is something true to find.
"""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import listening_coach as lc

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
BASES = (
    "airline_missed_connection.json", "bank_card_fraud.json", "council_missed_bins.txt", "energy_estimated_bill.srt", "hospital_appointment.vtt",
    "insurance_kitchen_leak.json", "internet_outage.jsonl", "it_help_desk_vpn.txt", "shop_wrong_item.csv",
)  # fmt: skip
CURT = (
    "That's our policy, there's nothing I can do about it.",
    "You need to calm down.",
    "As I said, the system won't let me do that.",
    "That's not my department.",
    "You'll have to call the other number for that.",
    "It says here it can't be changed. Anything else?",
)
KIND = (
    "I'm so sorry, I can hear how frustrating this is for you. ",
    "So, if I've got this right, it has gone wrong twice and you need it sorted this week. ",
    "I'll take care of this myself and call you back by Friday. ",
    "Thank you for bearing with me. ",
)
# Name, id, team, how much they listen, and how much that grows a week.
AGENTS = (
    ("Dana Ortiz", "a1", "Blue", 0.55, 0.07),
    ("Bo Lindqvist", "a2", "Blue", 0.85, 0.0),
    ("Chidi Eze", "a3", "Green", 0.35, 0.0),
    ("Mei Tan", "a4", "Green", 0.75, -0.04),
    ("Ruth Abel", "a5", "Green", 0.72, 0.0),
)
QUEUES = ("Orders", "Billing", "Faults")
MONDAY = datetime(2026, 3, 2, 9)
NOTATIONS = ("%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M", "%d %B %Y, %H:%M", "%Y-%m-%dT%H:%M:%S")


class Made(NamedTuple):
    """The folder of calls, the table of metadata, the table of two coaches' scores, and how well each call was listened to, 0 to 1, by its id."""

    calls: Path
    metadata: Path
    human: Path
    listened: dict[str, float]


def bases() -> list[list[tuple[str, str]]]:
    """The beginnings and ends of sample calls as turns of agent and customer."""
    found = []
    for name in BASES:
        turns = [(t.role.value, t.text) for t in lc.read(SAMPLES / name).turns if t.role.value in ("agent", "customer")]
        found.append([*turns[:14], *turns[-8:]])
    return found


def turns(base: list[tuple[str, str]], listening: float, chance: random.Random) -> tuple[list[dict[str, str]], float]:
    """A call in which the agent listens in so large a share of their turns, and that share as it came out."""
    made, good, all_ = [], 0, 0
    for role, text in base:
        if role == "agent":
            all_ += 1
            if chance.random() < listening:
                good += 1
                text = (chance.choice(KIND) if chance.random() < 0.5 else "") + text
            else:
                text = chance.choice(CURT)
        made.append({"speaker": role.title(), "role": role, "text": text})
    return made, good / all_


def make(folder: Path, calls: int = 200) -> Made:
    """Writes the calls, the metadata with its usual faults, and the coaches' forty scores."""
    chance = random.Random(13)
    conversations = bases()
    rows, listened = [], {}
    for n in range(calls):
        name, own, team, listens, grows = AGENTS[n % len(AGENTS)]
        week, day = n * 5 // calls, chance.randrange(5)
        at = MONDAY + timedelta(weeks=week, days=day, hours=chance.randrange(9), minutes=chance.randrange(60))
        spoken, share = turns(
            conversations[chance.randrange(len(conversations))], min(0.97, max(0.05, chance.gauss(listens + grows * week, 0.12))), chance
        )
        call_id = f"c{n:03}"
        # Half-way an agent has another name.
        shown = "Dana Reyes" if name == "Dana Ortiz" and week >= 3 else name
        call = lc.Transcript.from_turns(spoken, id=call_id)
        place = folder / "calls" / own / f"{call_id}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(call.to_json(), encoding="utf-8")
        listened[call_id] = share
        rows.append(
            {
                "call_id": call_id, "agent": shown, "agent_id": own, "team": team, "queue": QUEUES[n % 3], "direction": "inbound",
                "customer_id": f"k{chance.randrange(calls // 3):02}", "date": at.strftime(NOTATIONS[n % len(NOTATIONS)]), "site": "Leeds" if n % 2 else "Hull",
            }
        )  # fmt: skip
    # One call without metadata, one row twice, one row of a call that is not there.
    faulty = [*rows[:-1], rows[3], {**rows[0], "call_id": "c999"}]
    metadata = folder / "calls.csv"
    _write(metadata, faulty)
    human = folder / "human.csv"
    picked = chance.sample(sorted(listened)[:-1], min(20, calls - 1))
    _write(
        human,
        [
            {"call_id": call, "coach": coach, "score": round(min(100.0, max(0.0, 100 * listened[call] + lift + chance.gauss(0, 4))), 0)}
            for coach, lift in (("Ines", 0.0), ("Omar", -6.0))
            for call in picked
        ],
    )
    return Made(folder / "calls", metadata, human, listened)


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
