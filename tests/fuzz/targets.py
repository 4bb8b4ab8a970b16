"""What the fuzzers call: each takes bytes, and fails by any exception that is not the library's own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from copy import copy
from functools import cache
from pathlib import Path

import listening_coach as lc
from listening_coach.behaviours import load_folder, shared_words
from listening_coach.errors import ListeningCoachError
from listening_coach.rubric import load as load_rubric

HEAD = b'title="T"\neffect="helps"\ndetector="phrases"\nmeaning="m"\nadvice="a"\nsource="s"\n'
CALL = lc.Transcript.from_turns([("agent", "hello, how can I help"), ("customer", "hi, my order is late")] * 3)


@cache
def coach() -> lc.Coach:
    """One coach for all inputs."""
    return lc.Coach()


def _bounded(error: ListeningCoachError) -> None:
    if len(str(error)) >= 1500:
        raise AssertionError(f"the message has {len(str(error))} characters")


def reading(data: bytes) -> None:
    """Reads bytes as a file of some format, reviews the calls in them, and renders the reports."""
    calls = lc.read_many(data)
    for _ in range(20):
        try:
            call = next(calls)
        except StopIteration:
            return
        except ListeningCoachError as error:
            _bounded(error)
            continue
        rendering(call)


def rendering(call: lc.Transcript) -> None:
    """Reviews a call and renders the report in every form; spans must be right, masked and unmasked."""
    report = coach().review(call)
    for place in (*report.moments, *report.occasions):
        if place.quote != call.turns[place.turn].text[place.start : place.end]:
            raise AssertionError(f"a span is wrong: {place}")
    masked = report.masked
    for place in (*masked.moments, *masked.occasions):
        if place.quote != masked.transcript.turns[place.turn].text[place.start : place.end]:
            raise AssertionError(f"a masked span is wrong: {place}")
    shown = str(report)
    if "\x1b" in shown or "\u202e" in shown:
        raise AssertionError("an escape sequence or a change of direction is shown")
    if lc.Report.from_json(report.to_json()).to_json() != report.to_json():
        raise AssertionError("the report does not read back")
    report.to_html()
    report.to_markdown()


def saying(data: bytes) -> None:
    """Reviews a call of which the bytes are the talk, a line a turn."""
    lines = data.decode("utf-8", "replace").split("\n")
    rendering(lc.Transcript.from_turns([(("agent", "customer")[n % 2], text) for n, text in enumerate(lines)]))


def behaviours(data: bytes) -> None:
    """Takes bytes for the rest of a behaviour file, and looks for that behaviour alone: a coach of all takes too long to build each time."""
    _file("mine.toml", HEAD + data, lambda path: lc.Coach(behaviours=load_folder(path.parent, shared_words())).annotate(CALL))


def rubrics(data: bytes) -> None:
    """Takes bytes for a rubric that extends ours, and scores with it."""
    _file("mine.toml", b'extends = "default"\n' + data, _score)


def _score(rubric: Path) -> None:
    scoring = copy(coach())
    scoring.rubric = load_rubric(rubric)
    scoring.review(CALL).to_json()


def _file(name: str, data: bytes, use: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        try:
            use(path)
        except ListeningCoachError as error:
            _bounded(error)


TARGETS: Mapping[str, Callable[[bytes], None]] = {f.__name__: f for f in (reading, saying, behaviours, rubrics)}
