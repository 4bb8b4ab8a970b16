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
