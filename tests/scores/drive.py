"""A batch with a small coach in a process of its own, for tests that kill it.

    python drive.py PARTS SOURCE OUT WORKERS [--limit BYTES]

PARTS is a folder with the small coach's files. A line is printed whenever it is told how far it is.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers_many import Poisonable, small_parts

from listening_coach.errors import ListeningCoachError
from listening_coach.scores import State, run


def _told(state: State) -> None:
    print(state.calls, state.skipped, flush=True)  # noqa: T201 - how the test follows it


def main() -> int:
    parts, source, out, workers = sys.argv[1:5]
    if "--limit" in sys.argv:
        size = int(sys.argv[sys.argv.index("--limit") + 1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    try:
        run(source, out, coach=Poisonable(**small_parts(Path(parts))), workers=int(workers), timeout_s=30, watch=_told)
    except ListeningCoachError as error:
        print(error, file=sys.stderr)  # noqa: T201 - how the test learns of it
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
