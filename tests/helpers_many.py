"""Jobs, coaches and calls for the tests of many calls; workers import this module by its name."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

import listening_coach as lc
from listening_coach.behaviours import load
from listening_coach.bulk.pool import Job, Known, Tick
from listening_coach.coach import Coach
from listening_coach.errors import OutputError
from listening_coach.report import Report
from listening_coach.rubric import load as load_rubric

BEHAVIOUR = """
title = "Says thank you"
effect = "helps"
detector = "phrases"
meaning = "Thanks the customer."
advice = "Thank them."
source = "Our own team"
phrases = ["thank you", "thanks"]
"""
HINDERS = """
title = "Hides behind policy"
effect = "hinders"
detector = "phrases"
meaning = "Names a rule instead of a way."
advice = "Say what you can do."
source = "Our own team"
phrases = ["our policy", "not my department"]
"""
RUBRIC = """
name = "small"
title = "Small"
bands = [{ name = "good", at = 50 }, { name = "poor", at = 0 }]
[gate]
agent_turns = 1
customer_turns = 1
agent_words = 1
customer_words = 1
[sections.courtesy]
title = "Courtesy"
weight = 1
[sections.courtesy.items]
thanks = { weight = 1, measure = "rate", per = "call", target = 2.0 }
policy = { weight = 2, measure = "limit", per = "call", target = 3.0 }
"""


def small_parts(folder: Path, rubric: str = RUBRIC) -> dict[str, Any]:
    """What a coach of two behaviours is built of: as good for batches as the whole, and there at once."""
    (folder / "thanks.toml").write_text(BEHAVIOUR, encoding="utf-8")
    (folder / "policy.toml").write_text(HINDERS, encoding="utf-8")
    (folder / "small.toml").write_text(rubric, encoding="utf-8")
    behaviours = {name: load(folder / f"{name}.toml") for name in ("thanks", "policy")}
    return {"rubric": load_rubric(folder / "small.toml"), "behaviours": behaviours}


def poison(transcript: lc.Transcript) -> None:
    """Ends the process, hangs or errs at calls that say so."""
    for turn in transcript.turns:
        word, _, rest = turn.text.partition(" ")
        if word == "CRASH":
            os._exit(7)
        if word == "CRASHONCE" and not Path(rest).exists():
            Path(rest).write_text("been here")
            os._exit(7)
        if word == "HANG":
            time.sleep(3600)
        if word == "LOCK":
            # One call into C that keeps the interpreter's lock for longer than anybody lives.
            re.match(r"(a|a)*$", "a" * 60 + "b")
        if word == "RAISE":
            raise KeyError("no such thing")
        if word == "MEMORY":
            raise MemoryError
        if word == "SLEEP":
            time.sleep(float(rest))


class Poisonable(Coach):
    """A coach whose process ends, hangs or errs at calls that say so."""

    def review(self, source: Any) -> Report:
        """The report, if the call lets it come to that."""
        poison(source)
        return super().review(source)


def poisoned_python(folder: Path) -> dict[str, str]:
    """The environment of Python processes in which every coach is poisonable, for workers that build theirs themselves."""
    (folder / "sitecustomize.py").write_text(
        "from helpers_many import poison\n"
        "from listening_coach.coach import Coach\n"
        "real = Coach.review\n"
        "Coach.review = lambda self, source: (poison(source), real(self, source))[1]\n"
    )
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)}


def call(number: int, *extra: str) -> lc.Transcript:
    """A short call; what is extra is said in turns of their own."""
    turns = [
        ("agent", f"Hello, thank you for calling, number {number}."),
        ("customer", "Hi, my parcel never came."),
        ("agent", "That is our policy."),
    ]
    turns += [("customer", text) for text in extra]
    return lc.Transcript.from_turns(turns, id=f"c{number}")


class Echo(Job):
    """Gives back each unit; units that say so end or stop their worker."""

    def warm(self) -> None:
        """Nothing to load."""

    def run(self, unit: Any, known: Known, tick: Tick) -> Any:
        """The unit, or the failure that it is known for."""
        tick(0, "review")
        if 0 in known:
            return known[0].failure
        word, _, rest = str(unit).partition(" ")
        if word == "crash" or (word == "crashonce" and not Path(rest).exists()):
            if rest:
                Path(rest).write_text("been here")
            os._exit(3)
        if word == "hang":
            time.sleep(3600)
        if word == "pid":
            return os.getpid()
        if word == "full":
            raise OSError(28, "No space left on device")
        return unit

    def close(self, number: int, values: list[Any]) -> list[Any]:
        """The values."""
        if "end, full" in values:
            raise OutputError("the disk is full", where="here", remedy="Make room.")
        if "end, dead" in values:
            os._exit(5)
        return values

    def name(self, unit: Any, call: int) -> str:
        """The unit."""
        return f"unit {unit}"


class Stillborn(Echo):
    """A job that no worker can hold."""

    def __setstate__(self, state: Any) -> None:
        os._exit(4)

    def __getstate__(self) -> dict[str, int]:
        return {"a": 1}
