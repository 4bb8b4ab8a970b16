"""Hold the customer's mood at start and end against what a person reads in small calls of our own.

python tests/mood_cases.py                   how many are read alike, in the half that was read while cues were written and in the other
python tests/mood_cases.py --errors read     and each that is not, of the half "read" (or "aside")
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import listening_coach as lc
from listening_coach.sentiment import Sentiment

CASES = Path(__file__).with_name("mood_cases.txt")
HALVES = ("read", "aside")
_ROLES = {"A": "agent", "C": "customer"}


class Case(NamedTuple):
    """A small call with the words that are fair for its customer's mood at start and end."""

    name: str
    half: str
    start: frozenset[str]
    end: frozenset[str]
    turns: tuple[tuple[str, str], ...]

    def transcript(self) -> lc.Transcript:
        """The call."""
        return lc.Transcript.from_turns([{"speaker": role, "role": role, "text": text} for role, text in self.turns], id=self.name)


def cases() -> Iterator[Case]:
    """The cases in order; every second one belongs to the half that was kept aside."""
    blocks = CASES.read_text(encoding="utf-8").split("\n## ")[1:]
    for number, block in enumerate(blocks, 1):
        head, *lines = block.strip().splitlines()
        trade, start, end = (part.strip() for part in head.split("|"))
        turns = tuple((_ROLES[line[0]], line[3:]) for line in lines)
        yield Case(f"{number} {trade}", HALVES[(number - 1) % 2], frozenset(start.split("/")), frozenset(end.split("/")), turns)


def read(coach: lc.Coach, case: Case) -> tuple[str, str]:
    """What the library reads: the words for the mood at start and end."""
    mood = coach.review(case.transcript()).sentiment
    return Sentiment.word(mood.start), Sentiment.word(mood.end)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", choices=HALVES)
    args = parser.parse_args()
    coach = lc.Coach()
    right = {half: [0, 0, 0] for half in HALVES}
    for case in cases():
        start, end = read(coach, case)
        count = right[case.half]
        count[0] += 1
        count[1] += start in case.start
        count[2] += end in case.end
        if args.errors == case.half and not (start in case.start and end in case.end):
            print(f"{case.name}: start {start} (fair: {'/'.join(case.start)}), end {end} (fair: {'/'.join(case.end)})")
    for half, (calls, starts, ends) in right.items():
        print(f"{half:6} {calls} calls: start {starts}, end {ends}")


if __name__ == "__main__":
    main()
