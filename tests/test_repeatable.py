"""The same call gives the same report, byte for byte, in any process, and the report says what made it."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import listening_coach as lc

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "samples").iterdir())
_PRINT = "import sys, listening_coach as lc; coach = lc.Coach(); sys.stdout.write(''.join(coach.review(p).to_json() for p in sys.argv[1:]))"


@pytest.mark.slow
def test_the_same_bytes_whatever_the_hash_seed() -> None:
    """The order in which a process keeps its sets changes nothing."""
    texts = {
        subprocess.run(
            [sys.executable, "-c", _PRINT, *map(str, SAMPLES[:4])],
            capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "4242")
    }  # fmt: skip
    assert len(texts) == 1
    assert texts != {b""}


_MADE = """
import sys
from made_calls import made_calls
import listening_coach as lc
calls = [lc.Transcript.from_turns(call["turns"], id=call["call_id"]) for call in made_calls(40, 120)]
"""
_REVIEWED = "sys.stdout.write(''.join(coach.review(call).to_json() for call in calls))"
_ODD = """
import random
chance = random.Random(3)
signs = ["\\u0130stanbul", "\\ud800", "=" * 99, "uh", "I will", "[laughs]", "don't", "4111", "our policy", "calm down", "\\u202e", "?", "\\x00"]
for other in (lc.Coach(rubric="internal"), lc.Coach(mask=False), coach):
    for n in range(60):
        said = [" ".join(chance.choices(signs, k=12)) for _ in range(6)]
        other.review(lc.Transcript.from_turns([(("agent", "customer", "x")[i % 3], text) for i, text in enumerate(said)])).to_html()
    for call in chance.sample(calls, len(calls)):
        other.annotate(call)
"""


@pytest.mark.slow
def test_what_was_reviewed_before_changes_nothing() -> None:
    """A process that has reviewed odd calls, in any order and by other coaches too, gives the bytes that a fresh one gives."""
    places = os.pathsep.join([str(Path(__file__).parent / "benchmarks"), *sys.path])
    fresh, used = (
        subprocess.run(
            [sys.executable, "-c", f"{_MADE}\ncoach = lc.Coach()\n{odd}\n{_REVIEWED}"],
            capture_output=True, check=True, env={**os.environ, "PYTHONPATH": places},
        ).stdout
        for odd in ("", _ODD)
    )  # fmt: skip
    assert fresh == used != b""


def test_the_same_bytes_in_threads() -> None:
    """Threads that share a coach write what one alone writes."""
    coach = lc.Coach()
    alone = [coach.review(path).to_json() for path in SAMPLES[:4]]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda path: coach.review(path).to_json(), SAMPLES[:4] * 2)) == alone * 2


def test_a_report_says_what_made_it() -> None:
    """A report carries the library's version and a fingerprint that another rubric, behaviour or masking changes."""
    call = lc.Transcript.from_turns([("agent", "hello"), ("customer", "hi")])
    reports = [coach.review(call) for coach in (lc.Coach(), lc.Coach(), lc.Coach(rubric="internal"), lc.Coach(mask=False))]
    made = [report.to_dict()["made_by"] for report in reports]
    assert made[0] == made[1] == {"library": lc.__version__, "fingerprint": made[0]["fingerprint"]}
    assert len({one["fingerprint"] for one in made}) == 3
