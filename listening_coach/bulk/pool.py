"""Worker processes that outlive a call that crashes or hangs.

The standard pools give up when a worker dies. Here a worker says which call it begins, so that when it dies or does not
return in time the parent knows which call to blame: that call becomes a failure, and all others are done by a new
worker. A call at which a worker died is tried once more on its own first, since it may have been killed from outside.

Nothing here knows what a call is: a ``Job`` does the work, a chunk is a list of units that share their fate.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import math
import multiprocessing
import os
import pickle
import queue
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.sharedctypes import RawValue
from typing import Any, NamedTuple, Self

from ..errors import ListeningCoachError, WorkerError
from ..safe_text import excerpt
from .failure import Failure

# A worker has this many chunks waiting besides the one it works on, so that it is never idle while the parent is busy.
_AHEAD = 1
# A worker that died at a call is replaced and the call tried again this many times in all.
_TRIES = 2
# So many workers in a row that die before they are ready mean that none ever will be.
_STARTS = 3
# So many deaths outside of any call mean that something is wrong with the machine.
_ENDS = 20
# The parent ends a worker that is over time; where the parent is gone, the worker ends itself this much later.
_GRACE_S = 15.0

# Tells that a worker begins the n-th call of the unit: "read" it, then "review" it.
Tick = Callable[[int, str], None]


class Blame(NamedTuple):
    """What ended a worker at a call: the stage it was in, and the failure to give in the call's place."""

    stage: str
    failure: Failure


# The calls of a unit that must not be tried again, by their number within it.
Known = Mapping[int, Blame]


class Job(ABC):
    """What workers do; pickled once a worker."""

    @abstractmethod
    def warm(self) -> None:
        """Loads what the first unit would load, so that no call is charged for it."""

    @abstractmethod
    def run(self, unit: Any, known: Known, tick: Tick) -> Any:
        """What becomes of one unit.

        ``tick`` is called before each of its calls is read and before it is reviewed. A call that is ``known`` to end
        its worker is not tried again.
        """

    @abstractmethod
    def close(self, number: int, values: list[Any]) -> Any:
        """What a chunk's values are handed over as; ``number`` is the chunk's."""

    @abstractmethod
    def name(self, unit: Any, call: int) -> str:
        """What to call the n-th call of a unit in a failure."""


@dataclass(slots=True)
class Chunk:
    """Units that one worker does in a row and hands over together."""

    number: int
    units: list[Any]
    known: list[dict[int, Blame]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.known:
            self.known = [{} for _ in self.units]

    def part(self, first: int, last: int, number: int) -> Chunk:
        """The units from ``first`` to before ``last`` as a chunk of their own."""
        return Chunk(number, self.units[first:last], self.known[first:last])


class Done(NamedTuple):
    """A chunk that is done: its number, its units, and what the job made of them."""

    number: int
    units: list[Any]
    value: Any


class _At(NamedTuple):
    """Where a worker is: chunk, unit within it, call within the unit, stage, and since when (monotonic seconds)."""

    chunk: int
    unit: int
    call: int
    stage: str
    since: float


class _Worker:
    """The parent's side of a worker process."""

    def __init__(self, pickled: bytes, timeout_s: float | None, stop: ctypes.c_bool) -> None:
        context = multiprocessing.get_context("spawn")
        tasks_out, tasks_in = context.Pipe(duplex=False)
        results_out, results_in = context.Pipe(duplex=False)
        self.process = context.Process(target=_serve, args=(tasks_out, results_in, timeout_s, stop), daemon=True, name="listening-coach")
        self.process.start()
        # The worker has these ends; while ours are open, its death would not show.
        tasks_out.close()
        results_in.close()
        self.results: Connection = results_out
        self.chunks: deque[Chunk] = deque()
        self.at: _At | None = None
        self.begun = 0
        self.ready = False
        self._pickled = pickled
        self._tasks: Connection = tasks_in
        self._outbox: queue.SimpleQueue[Chunk | None] = queue.SimpleQueue()
        # A worker whose call hangs reads nothing; sending must not hang with it.
        threading.Thread(target=self._send, daemon=True).start()

    def give(self, chunk: Chunk) -> None:
        """Sends a chunk without waiting."""
        self.chunks.append(chunk)
        self._outbox.put(chunk)

    def _send(self) -> None:
        with self._tasks, contextlib.suppress(OSError):
            # Not with the process's arguments: a process that ends before it has taken these in would leave us waiting for ever.
            self._tasks.send_bytes(self._pickled)
            while (chunk := self._outbox.get()) is not None:
                self._tasks.send((chunk.number, chunk.units, chunk.known))

    def end(self) -> None:
        """Ends the process at once."""
        self._outbox.put(None)
        self.process.kill()
        self.process.join()
        self.results.close()
        self.process.close()


class Pool:
    """Worker processes for a job; a context manager.

    Args:
        job: what is done; each worker holds it once.
        workers: how many processes.
        timeout_s: seconds that one call may take to be read, and again to be reviewed; None for no limit.

    Raises:
        WorkerError: the limit is no time, or this process may not start others.
    """

    def __init__(self, job: Job, workers: int, timeout_s: float | None = None) -> None:
        if timeout_s is not None and not (isinstance(timeout_s, int | float) and timeout_s > 0 and math.isfinite(timeout_s)):
            raise WorkerError(
                f"timeout_s is {excerpt(timeout_s)}",
                where="timeout_s",
                remedy="Give the seconds that a call may take, or None for no limit.",
            )
        if multiprocessing.current_process().daemon:
            raise WorkerError(
                "this process is a daemon of multiprocessing, which may not start others",
                where="worker process",
                remedy="Leave timeout_s out and use one worker, or start this process with concurrent.futures.",
            )
        self._job = job
        self._pickled = pickle.dumps(job)
        self._size = workers
        self._timeout_s = timeout_s
        self._workers: list[_Worker] = []
        self._again: deque[Chunk] = deque()
        self._tries: dict[tuple[int, int, int], int] = {}
        self._next = 0
        self._failed_starts = 0
        self._failed_ends = 0
        # Shared with the workers, without a lock that one of them could die with.
        self._stop = RawValue(ctypes.c_bool, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Ends all workers at once; what they had begun is not done."""
        while self._workers:
            self._workers.pop().end()

    def stop(self, most_s: float) -> Iterator[Done]:
        """Lets the workers finish the calls they are at, within so many seconds, then ends them: what they had done of their chunks."""
        self._stop.value = True
        until = time.monotonic() + most_s
        done: list[Done] = []
        while True:
            for worker in list(self._workers):
                while (message := _next(worker.results)) is not None and message != _END:
                    self._take(worker, message, done)
                # One that has begun nothing, or is over, hands nothing over.
                if message == _END or not worker.begun:
                    self._workers.remove(worker)
                    worker.end()
            yield from done
            done.clear()
            left = until - time.monotonic()
            if not self._workers or left <= 0:
                break
            wait([w.results for w in self._workers], left)
        self.end()

    @property
    def begun(self) -> int:
        """How many calls the workers have begun in chunks that are not done yet."""
        return sum(w.begun for w in self._workers)

    @property
    def processes(self) -> tuple[int, ...]:
        """The ids of the worker processes."""
        return tuple(w.process.pid for w in self._workers if w.process.pid is not None)

    def run(self, chunks: Iterable[list[Any]], *, most: int | None = None, beat_s: float | None = None) -> Iterator[Done | None]:
        """The chunks as they are done, in no order.

        ``chunks`` is drawn from as workers become free. With ``most`` no chunk is begun whose number is that much or more above
        the lowest one not yet done. With ``beat_s`` None is given that often in between, for a progress bar.

        Raises:
            WorkerError: workers cannot start, or what they made cannot be written; then all are ended.
        """
        source = iter(chunks)
        more = True
        open_numbers: set[int] = set()
        self._failed_ends = 0
        beat = time.monotonic()
        while True:
            more = self._feed(source, open_numbers, most) if more or self._again else False
            if not open_numbers:
                if not more:
                    return
                continue
            for done in self._collect(beat_s):
                open_numbers.discard(done.number)
                yield done
            if self._again:
                open_numbers |= {c.number for c in self._again}
            if beat_s is not None and time.monotonic() - beat >= beat_s:
                beat = time.monotonic()
                yield None

    def in_order(self, chunks: Iterable[list[Any]], *, most: int) -> Iterator[Done]:
        """The same for chunks of one unit each, in their order: each as soon as it and all before it are done."""
        waiting: dict[int, Done] = {}
        due = self._next
        for done in self.run(chunks, most=most):
            if done is None:
                continue
            waiting[done.number] = done
            while due in waiting:
                yield waiting.pop(due)
                due += 1

    def _feed(self, source: Iterator[list[Any]], open_numbers: set[int], most: int | None) -> bool:
        """Gives chunks to workers that have room; False when the source holds no more."""
        while True:
            free = min((w for w in self._workers if len(w.chunks) <= _AHEAD), key=lambda w: len(w.chunks), default=None)
            room = free is not None and (not free.chunks or len(self._workers) >= self._size)
            if not room and len(self._workers) >= self._size:
                return True
            if self._again:
                chunk = self._again.popleft()
            elif most is not None and open_numbers and self._next - min(open_numbers) >= most:
                return True
            else:
                units = next(source, None)
                if units is None:
                    return False
                chunk = Chunk(self._number(), units)
            open_numbers.add(chunk.number)
            if not room or free is None:
                free = _Worker(self._pickled, self._timeout_s, self._stop)
                self._workers.append(free)
            free.give(chunk)

    def _number(self) -> int:
        self._next += 1
        return self._next - 1

    def _collect(self, beat_s: float | None) -> list[Done]:
        """Waits for news from the workers, takes in all there is, and sees to the dead and the late."""
        wait([w.results for w in self._workers], self._patience(beat_s))
        done: list[Done] = []
        for worker in list(self._workers):
            dead = False
            while (message := _next(worker.results)) is not None:
                if message == _END:
                    dead = True
                    break
                self._take(worker, message, done)
            if dead or self._late(worker):
                self._replace(worker, late=not dead)
        return done

    def _patience(self, beat_s: float | None) -> float | None:
        limits = [] if beat_s is None else [beat_s]
        if self._timeout_s is not None:
            now = time.monotonic()
            limits += [max(0.01, w.at.since + self._timeout_s - now) for w in self._workers if w.at is not None]
        return min(limits, default=None)

    def _late(self, worker: _Worker) -> bool:
        return self._timeout_s is not None and worker.at is not None and time.monotonic() - worker.at.since > self._timeout_s

    def _take(self, worker: _Worker, message: tuple[Any, ...], done: list[Done]) -> None:
        match message:
            case ("at", chunk, unit, call, stage, since):
                worker.at = _At(chunk, unit, call, stage, since)
                worker.begun += stage == "review"
            case ("close",):
                # Handing over has no limit of its own: a slow disk is no call's fault.
                worker.at = None
            case ("done", value, units):
                chunk = worker.chunks.popleft()
                worker.at, worker.begun = None, 0
                done.append(Done(chunk.number, chunk.units[:units], value))
            case ("ready",):
                worker.ready = True
                self._failed_starts = 0
            case ("unable", error):
                raise error

    def _replace(self, worker: _Worker, *, late: bool) -> None:
        """Ends a worker and puts its chunks aside to be done again, without the call that ended it if that is known."""
        at, ready, chunks = worker.at, worker.ready, list(worker.chunks)
        self._workers.remove(worker)
        code = worker.process.exitcode
        if code is None and not late:
            worker.process.join(5)
            code = worker.process.exitcode
        worker.end()
        if not ready:
            self._failed_starts += 1
            if self._failed_starts >= _STARTS:
                raise WorkerError(
                    f"the worker processes end before they begin ({_ending(code)})",
                    where="worker process",
                    remedy="See what they said on standard error. In a script, put what starts them under `if __name__ == '__main__':`; workers import it too.",
                )
        elif at is None and chunks:
            # It died while handing a chunk over, or was killed while it waited.
            self._failed_ends += 1
            if self._failed_ends >= _ENDS:
                raise WorkerError(
                    f"the worker processes end outside of any call, again and again ({_ending(code)})",
                    where="worker process",
                    remedy="Look at the system's log: it may have ended them for want of memory.",
                )
        for chunk in chunks:
            if at is None or chunk.number != at.chunk:
                self._again.append(chunk)
                continue
            self._blame(chunk, at, late=late, code=code)

    def _blame(self, chunk: Chunk, at: _At, *, late: bool, code: int | None) -> None:
        tries = self._tries.pop((chunk.number, at.unit, at.call), 0) + 1
        single = chunk.part(at.unit, at.unit + 1, chunk.number)
        if late or tries >= _TRIES:
            source = self._job.name(single.units[0], at.call)
            if late:
                limit = f"{self._timeout_s:g}"
                failure = Failure(
                    source,
                    f"it took longer than {limit} seconds to {at.stage}",
                    source,
                    "Give it more time, or look at the call.",
                    "TimeLimit",
                )
            else:
                remedy = "Please report it, with the transcript if you may; the other calls are not affected."
                failure = Failure(source, f"the process that worked on it ended, {tries} times ({_ending(code)})", source, remedy, "Crash")
            single.known = [{**single.known[0], at.call: Blame(at.stage, failure)}]
        # Before, the one to blame, after: what was good is handed over soon, what is bad is alone.
        if at.unit:
            self._again.append(chunk.part(0, at.unit, chunk.number))
            single.number = self._number()
        if not (late or tries >= _TRIES):
            self._tries[(single.number, 0, at.call)] = tries
        self._again.append(single)
        if at.unit + 1 < len(chunk.units):
            self._again.append(chunk.part(at.unit + 1, len(chunk.units), self._number()))


_END = ("end",)


def _next(results: Connection) -> tuple[Any, ...] | None:
    """The next message that is there, ``_END`` where there will be none, None where there is none yet."""
    try:
        message: tuple[Any, ...] | None = results.recv() if results.poll() else None
    except (EOFError, OSError):
        return _END
    return message


class Here:
    """The same without processes: a job done in this one, with no protection from a call that ends or stops it."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._at: tuple[int, list[Any]] | None = None
        self.begun = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def stop(self, most_s: float) -> Iterator[Done]:
        """What is done of the chunk at which ``run`` was interrupted."""
        if self._at is not None:
            number, units = self._at
            # Where the interruption came while a result was being put away, the chunk cannot be closed.
            with contextlib.suppress(Exception):
                yield Done(number, units, self._job.close(number, []))

    def run(self, chunks: Iterable[list[Any]], *, beat_s: float | None = None) -> Iterator[Done | None]:
        """The chunks in their order."""
        for number, units in enumerate(chunks):
            self._at = number, units
            values = [self._job.run(unit, {}, self._tick) for unit in units]
            self._at, self.begun = None, 0
            yield Done(number, units, self._job.close(number, values))

    def _tick(self, call: int, stage: str) -> None:
        self.begun += stage == "review"


def _ending(code: int | None) -> str:
    if code is None:
        return "how is not known"
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


# --- the worker's side ---------------------------------------------------------------------------------------------


class _Stopped(BaseException):
    """Ends the work on a chunk before its next call; no exception that a job would take for a call's own."""


def _serve(tasks: Connection, results: Connection, timeout_s: float | None, stop: ctypes.c_bool) -> None:
    """The life of a worker process."""
    # Ctrl-C goes to the whole group; the parent decides what becomes of us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    backstop = _Backstop(timeout_s)
    with contextlib.suppress(BrokenPipeError, EOFError):
        pickled = tasks.recv_bytes()
        try:
            job: Job = pickle.loads(pickled)  # noqa: S301 - what our own parent has sent
            job.warm()
        except Exception as error:
            results.send(("unable", _carried(error)))
            return
        results.send(("ready",))
        while True:
            number, units, known = tasks.recv()
            try:
                values: list[Any] = []
                begun = 0
                with contextlib.suppress(_Stopped):
                    for index, unit in enumerate(units):
                        begun = index + 1
                        tick = _ticker(results, number, index, backstop, stop)
                        values.append(job.run(unit, known[index], tick))
                backstop.disarm()
                results.send(("close",))
                value = job.close(number, values)
            except (BrokenPipeError, EOFError):
                raise
            except Exception as error:
                results.send(("unable", _carried(error)))
                return
            results.send(("done", value, begun))
            if stop.value:
                return


def _carried(error: Exception) -> ListeningCoachError:
    """An error that can be sent to the parent."""
    if isinstance(error, ListeningCoachError):
        return error
    return WorkerError(
        f"a worker cannot go on: {type(error).__name__}: {error}", where="worker process", remedy="Put that right and run it again."
    )


def _ticker(results: Connection, number: int, index: int, backstop: _Backstop, stop: ctypes.c_bool) -> Tick:
    def tick(call: int, stage: str) -> None:
        if stop.value:
            raise _Stopped
        backstop.arm()
        results.send(("at", number, index, call, stage, time.monotonic()))

    return tick


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class _Backstop:
    """Ends the process from a thread of the interpreter's own, which runs even while a call holds the interpreter's lock.

    For the case that the parent, which watches the time, is gone.
    """

    def __init__(self, timeout_s: float | None) -> None:
        self._after_s = None if timeout_s is None else timeout_s + _GRACE_S
        self._armed = -math.inf
        self._sink = open(os.devnull, "w") if timeout_s is not None else None  # noqa: SIM115 - open for the process's life

    def arm(self) -> None:
        """Counts from now."""
        now = time.monotonic()
        # Each time costs a thread; a second more or less is nothing to it.
        if self._after_s is not None and self._sink is not None and now - self._armed > 1.0:
            self._armed = now
            faulthandler.dump_traceback_later(self._after_s, exit=True, file=self._sink)

    def disarm(self) -> None:
        """Stops counting."""
        self._armed = -math.inf
        if self._after_s is not None:
            faulthandler.cancel_dump_traceback_later()
