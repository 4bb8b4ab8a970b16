"""``Coach.review_many``: what one review after the other would give, in order, whatever becomes of single calls."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest
from helpers_many import Poisonable, call
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import listening_coach as lc
from listening_coach.errors import WorkerError

pytestmark = pytest.mark.slow  # worker processes

WORDS = st.text(st.sampled_from("abcdeé ,.?'🙂\n=-@"), max_size=40)
TURNS = st.lists(
    st.tuples(st.sampled_from(["agent", "customer", "Bob"]), st.one_of(WORDS, st.just("thank you"), st.just("our policy"))), max_size=8
)


@pytest.mark.parametrize("workers", [1, 2])
def test_in_order(coach: Poisonable, workers: int) -> None:
    """The reports come in the order of the sources, though the first calls take longest."""
    calls = [call(n, f"SLEEP {0.2 if n < 2 else 0}") for n in range(8)]
    found = list(coach.review_many(calls, workers=workers))
    assert [r.transcript.id for r in found if isinstance(r, lc.Report)] == [f"c{n}" for n in range(8)]


@pytest.mark.parametrize("workers", [1, 2])
def test_failures_stand_in_their_place(coach: Poisonable, tmp_path: Path, workers: int) -> None:
    """Sources that cannot be read and calls whose review errs are failures where their reports would stand, with error, place and remedy."""
    good = tmp_path / "good.txt"
    good.write_text("Agent: Hello, thank you.\nCustomer: Hi.\n")
    broken = tmp_path / "broken.json"
    broken.write_text('{"turns": [{"speaker": "agent", "text"')
    found = list(coach.review_many([good, broken, tmp_path / "none.json", call(1, "RAISE"), call(2, "MEMORY"), call(3)], workers=workers))
    assert [type(f).__name__ for f in found] == ["Report", "Failure", "Failure", "Failure", "Failure", "Report"]
    failures = [f for f in found if isinstance(f, lc.Failure)]
    assert [f.kind for f in failures] == ["ReadError", "SourceNotFoundError", "KeyError", "MemoryError"]
    assert failures[0].source == str(broken)
    assert "ends in the middle" in failures[0].error
    assert "line 1, column" in failures[0].where
    assert failures[0].remedy == "The file was cut off: fetch it again."
    assert failures[2].error == "an error that should not happen (KeyError: 'no such thing')"
    assert failures[2].source == "c1"


@pytest.mark.parametrize("poison", ["CRASH", "HANG", "LOCK"])
def test_poison_costs_its_call(coach: Poisonable, poison: str) -> None:
    """A call that ends its process, never returns, or holds the interpreter's lock for ever costs itself only, in its place."""
    calls = [call(0), call(1, poison), call(2), call(3)]
    found = list(coach.review_many(calls, workers=2, timeout_s=6))
    assert [type(f).__name__ for f in found] == ["Report", "Failure", "Report", "Report"]
    assert isinstance(found[1], lc.Failure)
    assert found[1].kind == ("Crash" if poison == "CRASH" else "TimeLimit")
    assert found[1].source == "c1"


def test_one_worker_with_a_limit_is_a_process(coach: Poisonable) -> None:
    """With a limit of time even one worker is a process of its own, so that a hang can be ended."""
    found = list(coach.review_many([call(0, "HANG"), call(1)], workers=1, timeout_s=6))
    assert [type(f).__name__ for f in found] == ["Failure", "Report"]


@pytest.mark.parametrize("workers", [1, 2])
def test_lazy(coach: Poisonable, workers: int) -> None:
    """An endless source is drawn from as reports are taken, no further ahead than a few calls a worker, and all ends with it."""
    drawn = 0

    def calls() -> Iterator[lc.Transcript]:
        nonlocal drawn
        for number in count():
            drawn = number + 1
            yield call(number)

    reports = coach.review_many(calls(), workers=workers)
    assert drawn == 0
    first = list(islice(reports, 5))
    assert [r.transcript.id for r in first if isinstance(r, lc.Report)] == ["c0", "c1", "c2", "c3", "c4"]
    assert drawn <= 5 + 16 * workers + 1
    reports.close()  # type: ignore[attr-defined]  # it is a generator
    assert not multiprocessing.active_children()


def test_sources_of_many_calls(coach: Poisonable, tmp_path: Path) -> None:
    """A folder, a pattern and a file of many calls give as many reports, in the order of the files' names."""
    lines = [
        json.dumps({"id": f"line{n}", "turns": [{"speaker": "agent", "text": "thanks"}, {"speaker": "customer", "text": "hi"}]})
        for n in range(3)
    ]
    (tmp_path / "b.jsonl").write_text("\n".join([lines[0], "{broken", lines[1], "", lines[2]]) + "\n")
    (tmp_path / "a.txt").write_text("Agent: Hi.\nCustomer: Hello.\n")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "c.csv").write_text("call_id,speaker,text\nx,agent,hi\nx,customer,hello\ny,agent,hi\ny,customer,hello\n")
    for source in (tmp_path, str(tmp_path / "**" / "*.*")):
        found = list(coach.review_many(source))
        names = [r.transcript.id if isinstance(r, lc.Report) else r.where.rpartition("/")[2] for r in found]
        assert names == ["a", "line0", "b.jsonl, line 2", "line1", "line2", "x", "y"]


@pytest.mark.parametrize("workers", [0, -1, True, "2", 1.5])
def test_number_of_workers(coach: Poisonable, workers: object) -> None:
    """A number of workers that is none is refused at once."""
    with pytest.raises(WorkerError, match="workers is"):
        coach.review_many([], workers=workers)  # type: ignore[arg-type]  # what is tested


def test_nothing(coach: Poisonable) -> None:
    """No source gives no report."""
    assert list(coach.review_many([], workers=2)) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TURNS, max_size=4))
def test_law_many_is_one_by_one(coach: Poisonable, talks: list[list[tuple[str, str]]]) -> None:
    """The reports on many calls are those on each by itself."""
    calls = [lc.Transcript.from_turns(turns, id=str(n)) for n, turns in enumerate(talks)]
    assert [r.to_dict() for r in coach.review_many(calls) if isinstance(r, lc.Report)] == [coach.review(c).to_dict() for c in calls]


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TURNS, min_size=30, max_size=40))
def test_law_workers_change_nothing(coach: Poisonable, talks: list[list[tuple[str, str]]]) -> None:
    """Worker processes give the reports that this process gives."""
    calls = [lc.Transcript.from_turns(turns, id=str(n)) for n, turns in enumerate(talks)]
    here, there = (list(coach.review_many(calls, workers=workers)) for workers in (1, 2))
    assert [r.to_dict() for r in there if isinstance(r, lc.Report)] == [r.to_dict() for r in here if isinstance(r, lc.Report)]
    assert len(there) == len(calls)
