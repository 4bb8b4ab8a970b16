"""Hold what the library finds in our sample calls against our own labels.

python tests/gold.py                      figures, a line a behaviour
python tests/gold.py --errors empathy     and every miss and false alarm of a behaviour
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import listening_coach as lc

DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass
class Agreement:
    """Counts of one behaviour over all calls, with the errors as lines to read."""

    found: int = 0
    missed: int = 0
    false: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false) if self.found + self.false else 0.0

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed) if self.found + self.missed else 0.0

    @property
    def f1(self) -> float:
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


def calls() -> list[tuple[lc.Transcript, dict[str, Any]]]:
    """Every sample with its labels."""
    labelled = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA / "gold").glob("*.json"))]
    return [(lc.read(DATA / g["sample"]), g) for g in labelled]


def agreement(coach: lc.Coach) -> dict[str, Agreement]:
    """What coach and labels agree on, by behaviour; a label marked borderline is neither due nor wrong, nor is a finding told as "perhaps"."""
    result: defaultdict[str, Agreement] = defaultdict(Agreement)
    for transcript, gold in calls():
        labels: defaultdict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for label in gold["moments"]:
            labels[label["behaviour"], label["turn"]].append(label)
        labelled = {label["behaviour"] for label in gold["moments"]}
        hit: set[int] = set()
        for m in coach.annotate(transcript):
            near = [g for g in labels[m.behaviour, m.turn] if m.start < g["end"] and g["start"] < m.end]
            hit.update(id(g) for g in near)
            # What a report shows as uncertain is neither right nor wrong. Service behaviours are labelled in agents' turns only.
            if not near and not m.perhaps and (m.role == "agent" or m.behaviour in EVERYBODY) and m.behaviour in labelled | EVERYBODY:
                got = result[m.behaviour]
                got.false += 1
                got.errors.append(f"false   {gold['call']}#{m.turn} [{m.kind}] {m.quote!r} by {m.rule!r}")
        for group in labels.values():
            for g in group:
                got = result[g["behaviour"]]
                if g.get("borderline"):
                    continue
                if id(g) in hit:
                    got.found += 1
                else:
                    got.missed += 1
                    got.errors.append(f"missed  {gold['call']}#{g['turn']} {g['role']} [{g['kind']}] {g['quote']!r}")
    return dict(result)


# Labelled in every speaker's turns.
EVERYBODY = frozenset(
    (
        "verbal_nod",
        "interruption",
        "summary",
        "understanding_check",
        "empathy",
        "action_point",
        "apology",
        "gratitude",
        "greeting",
        "closing",
    )
    + ("open_question", "closed_question")
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", nargs="*", default=[])
    args = parser.parse_args()
    coach = lc.Coach()
    result = agreement(coach)
    print(f"{'behaviour':22} {'labels':>6} {'P':>6} {'R':>6} {'F1':>6}")
    for name, got in sorted(result.items()):
        print(f"{name:22} {got.found + got.missed:6} {got.precision:6.2f} {got.recall:6.2f} {got.f1:6.2f}")
        for line in got.errors if name in args.errors else ():
            print("   ", line)
    for transcript, gold in calls():
        report = coach.review(transcript)
        met = {o.turn: o.met for o in report.occasions if o.behaviour == "empathy"}
        due = {g["turn"]: g["answered"] for g in gold["empathy_occasions"]}
        shown = "not scored" if report.score is None else f"{report.score:3.0f}"
        print(f"{gold['listening']:9} {shown} {gold['call']:28} empathy occasions: labelled {due}, found {met}")


if __name__ == "__main__":
    main()
