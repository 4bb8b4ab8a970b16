"""Scores a folder of Parquet tables of calls with Ray, into a folder that ``open_scores`` opens.

    python -m listening_coach.scores.ray_folder CALLS/ SCORES/ [--workers 2] [--rubric FILE] [--timeout SECONDS]

On a cluster run it where ``RAY_ADDRESS`` names the cluster; both folders must be reachable from every machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from .engines import score_ray


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads, scores and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls")
    parser.add_argument("scores")
    parser.add_argument("--workers", type=int, help="tasks at once; left to Ray if not given")
    parser.add_argument("--rubric", help="a rubric file that every machine can open, or a name of ours")
    parser.add_argument("--timeout", type=float, help="seconds a call may take; then one that takes longer, or crashes, costs itself only")
    given = parser.parse_args(arguments)

    import ray

    calls = ray.data.read_parquet(given.calls)
    score_ray(calls, rubric=given.rubric, workers=given.workers, timeout_s=given.timeout).write_parquet(given.scores)


if __name__ == "__main__":
    main()
