"""A fuzzer guided by coverage, for Linux, with atheris: pip install atheris.

    python tests/fuzz/coverage_guided.py reading [folder of seeds] [-max_total_time=120] [other options of libFuzzer]

The first argument is one of the targets in ``targets.py``. What makes a target fail is written to a file ``crash-…``; turn each into a test.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def main() -> None:
    """Runs the target until it fails or the time is over."""
    import atheris

    with atheris.instrument_imports(include=["listening_coach"]):
        import targets

    target = targets.TARGETS[sys.argv.pop(1)]
    # What is loaded with the first call is no part of any input's time.
    targets.rendering(targets.CALL)
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
