"""What a review's time goes to, against spaCy's blank tokeniser on the same text in the same run; and how cost grows with a call's length.

    python tests/benchmarks/where_time_goes.py [--calls 60] [SOURCE ...]

Without sources, calls are made for it (``made_calls.py``): their few words are soon all known. Name transcripts of your own to see what
new words cost: the first round over them is told apart from the later ones. The processor's time is measured, which other programs on the
machine spoil less than the clock on the wall. Not a test: nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from made_calls import made_call, made_calls

import listening_coach
from listening_coach import Coach, Transcript

ROUNDS = 5
LENGTHS = (100, 1_000, 10_000)


def spent(work: Callable[[], object]) -> float:
    """The processor's seconds that some work takes."""
    gc.collect()
    begin = time.process_time()
    work()
    return time.process_time() - begin


def transcript(call: dict[str, Any]) -> Transcript:
    return Transcript.from_turns(call["turns"], id=call["call_id"])


@contextmanager
def parts(coach: Coach) -> Iterator[dict[str, float]]:
    """The seconds that each part of this coach's reviews takes, by its name, while the block runs."""
    took: dict[str, float] = {}

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            begin = time.process_time()
            try:
                return work(*given, **named)
            finally:
                took[name] = took.get(name, 0.0) + time.process_time() - begin

        return run

    language, detectors = coach._finder, coach._detectors
    words, find, call = language.normaliser.words, language._automaton.find, language.call
    language.normaliser.words = timed("reading the words", words)  # type: ignore[method-assign]
    language._automaton.find = timed("finding the phrases", find)  # type: ignore[method-assign]
    language.call = timed("language, all", call)  # type: ignore[method-assign]
    coach._detectors = [(b, timed(f"detector of {b.id}", detect)) for b, detect in detectors]
    try:
        yield took
    finally:
        language.normaliser.words, language._automaton.find, language.call = words, find, call  # type: ignore[method-assign]
        coach._detectors = detectors


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*", help="transcripts; without them calls are made")
    parser.add_argument("--calls", type=int, default=60)
    given = parser.parse_args()

    import spacy

    built = spent(Coach)
    coach = Coach()
    print(f"building a coach, spaCy being imported: {built:.2f} s the first, {spent(Coach):.2f} s another")

    calls = [c for s in given.sources for c in listening_coach.read_many(s) if isinstance(c, Transcript)][: given.calls]
    calls = calls or [transcript(c) for c in made_calls(given.calls)]
    texts = ["\n".join(t.text for t in c.turns) for c in calls]
    words = sum(len(text.split()) for text in texts)

    def review() -> None:
        for c in calls:
            coach.review(c)

    first = spent(review)
    nlp = spacy.blank("en")
    rounds = [(spent(lambda: sum(len(d) for d in nlp.pipe(texts))), spent(review)) for _ in range(ROUNDS)][1:]
    tokeniser, reviewing = median(t for t, _ in rounds), median(r for _, r in rounds)
    per_call = 1000 * 1500 / words
    print(f"{len(calls)} calls, {words:,} words; ms of a core for 1,500 words, median of {len(rounds)} rounds:")
    print(f"  blank tokeniser {tokeniser * per_call:6.2f}")
    print(f"  review          {reviewing * per_call:6.2f}   (the first time {first * per_call:.2f}, while words are still new)")
    print(f"  tokeniser's time / review's time: median {median(t / r for t, r in rounds):.2f}")

    with parts(coach) as took:
        for _ in range(ROUNDS):
            whole = spent(review)
            took["whole"] = took.get("whole", 0.0) + whole
    total = took.pop("whole")
    language, read, found = took.pop("language, all"), took["reading the words"], took["finding the phrases"]
    took["sorting the phrases found by behaviour"] = language - read - found
    took["scoring, metrics, choosing what to praise and to change"] = (
        total - language - sum(v for k, v in took.items() if k.startswith("detector"))
    )
    print("where it goes, the clocks' own time included:")
    for name, seconds in sorted(took.items(), key=lambda item: -item[1]):
        if seconds >= total / 100:
            print(f"  {seconds / total:6.1%}  {name}")
    rest = [s for s in took.values() if s < total / 100]
    print(f"  {sum(rest) / total:6.1%}  {len(rest)} more detectors")

    print("cost by length, the second review of each:")
    for turns in LENGTHS:
        call = made_call(7, words=22 * turns)
        long = Transcript.from_turns(call["turns"][:turns])
        size = sum(len(t.text.split()) for t in long.turns)
        coach.review(long)
        seconds = median(spent(lambda long=long: coach.review(long)) for _ in range(3))
        print(f"  {len(long.turns):6,} turns, {size:8,} words: {1e6 * seconds / size:5.1f} µs a word")


if __name__ == "__main__":
    _main()
