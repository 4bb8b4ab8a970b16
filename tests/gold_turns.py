"""Hold what the library finds in single agent turns against our own labels of them.

python tests/gold_turns.py                      figures, a line a label
python tests/gold_turns.py --errors empathy     and every miss and false alarm of a label
python tests/gold_turns.py --half read          every second pair only: errors are read in that half, the other is kept aside
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from gold import Agreement

import listening_coach as lc

TURNS = Path(__file__).resolve().parents[1] / "data" / "gold" / "turns"
LABELS = ("policy_hiding", "action_point", "action_dated", "empathy", "summary", "apology")
HALVES = {"all": slice(None), "read": slice(0, None, 2), "aside": slice(1, None, 2)}


def pairs(half: str = "all") -> list[dict[str, Any]]:
    """Every pair of customer words and agent turn, or every second one of each file."""
    result: list[dict[str, Any]] = []
    for path in sorted(TURNS.glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()[HALVES[half]]
        result += [{"file": path.stem, **json.loads(line)} for line in lines]
    return result


def found(coach: lc.Coach, pair: dict[str, Any]) -> dict[str, str]:
    """The labels that the rules give to the agent turn, each with what they saw.

    The rules were written on these turns. The scorers are measured on whole calls that nobody has read (data/rounds.md).
    """
    transcript = lc.Transcript.from_turns([("customer", pair["customer"]), ("agent", pair["agent"])], roles=ROLES)
    seen: dict[str, str] = {}
    for m in coach.find_by_rules(transcript).moments:
        if m.turn != 1:
            continue
        name = "summary" if m.behaviour == "understanding_check" else m.behaviour
        seen.setdefault(name, f"[{m.kind}] {m.quote!r} by {m.rule!r}")
        if name == "action_point" and m.details.get("due_text"):
            seen.setdefault("action_dated", f"{m.quote!r}, due {m.details['due_text']!r}")
    return seen


ROLES = {"customer": "customer", "agent": "agent"}


def agreement(coach: lc.Coach, half: str = "all") -> dict[str, Agreement]:
    """What library and labels agree on, by label, a turn at a time."""
    result = {label: Agreement() for label in LABELS}
    for pair in pairs(half):
        seen = found(coach, pair)
        for label, got in result.items():
            if label in pair["labels"]:
                if label in seen:
                    got.found += 1
                else:
                    got.missed += 1
                    got.errors.append(f"missed  {pair['file']}: {pair['customer']} | {pair['agent']}")
            elif label in seen:
                got.false += 1
                got.errors.append(f"false   {pair['file']}: {pair['customer']} | {pair['agent']}  <- {seen[label]}")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", nargs="*", default=[])
    parser.add_argument("--half", choices=sorted(HALVES), default="all")
    args = parser.parse_args()
    print(f"{'label':16} {'labels':>6} {'P':>6} {'R':>6} {'F1':>6}")
    for name, got in agreement(lc.Coach(), args.half).items():
        print(f"{name:16} {got.found + got.missed:6} {got.precision:6.2f} {got.recall:6.2f} {got.f1:6.2f}")
        for line in got.errors if name in args.errors else ():
            print("   ", line)


if __name__ == "__main__":
    main()
