"""Every error the library raises on purpose.

Each derives from one base class, so that ``except ListeningCoachError`` catches all of them, and from the builtin that
a caller who never heard of us would expect. The message names the value, the place and the remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ContextDecorator
from types import TracebackType
from typing import Any, Literal

from .safe_text import excerpt, masked_line, one_line, printable, shortened

# What each part of a message may have at most.
_PROBLEM_CHARS = 400
_PLACE_CHARS = 300
_REMEDY_CHARS = 500


class ListeningCoachError(Exception):
    """Base of all errors of this library.

    ``problem`` says what was found, ``where`` the file, line, field or turn, ``remedy`` what to do about it. All are of bounded
    length, and sensitive data in ``problem`` is masked: messages end up in logs. ``use`` are the words of the remedy that name an argument or a
    function of Python, such as "format="; ``text`` puts the options of a command in their place.
    """

    def __init__(self, problem: str, *, where: str = "", remedy: str = "", use: tuple[str, ...] = ()) -> None:
        self.problem = masked_line(problem, _PROBLEM_CHARS)
        self.where = shortened(one_line(where), _PLACE_CHARS)
        # A remedy may show an example over several lines.
        self.remedy = shortened(printable(remedy), _REMEDY_CHARS)
        self.use = use
        super().__init__(self.text())

    def text(self, options: Mapping[str, str] | None = None) -> str:
        """The message; ``options`` gives what takes the place of a word of ``use`` on a command line."""
        message = f"{self.where}: {self.problem}" if self.where else self.problem
        remedy = self.remedy
        for word in self.use:
            remedy = remedy.replace(word, (options or {}).get(word, word))
        return f"{message}. {remedy}" if remedy else message

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions pickle by their positional arguments; these cross process borders with their parts.
        return _rebuild, (type(self), self.problem, self.where, self.remedy, self.use)

    def at(self, where: str) -> ListeningCoachError:
        """The same error with an outer place in front, as when a reader knows the file and the value knows the turn."""
        return type(self)(self.problem, where=f"{where}, {self.where}" if self.where else where, remedy=self.remedy, use=self.use)


def _rebuild(kind: type[ListeningCoachError], problem: str, where: str, remedy: str, use: tuple[str, ...]) -> ListeningCoachError:
    return kind(problem, where=where, remedy=remedy, use=use)


class TranscriptError(ListeningCoachError, ValueError):
    """A transcript's values cannot be: a missing text, a negative time, an end before its start."""


class ReadError(ListeningCoachError, ValueError):
    """A file or its content cannot be read as a transcript."""


class SourceNotFoundError(ListeningCoachError, FileNotFoundError):
    """There is no file at the path given."""

    # OSError prints its own way; ours is a sentence.
    __str__ = Exception.__str__


class FormatUnknownError(ReadError):
    """No format of the table fits the content."""


class ReaderError(ListeningCoachError, ValueError):
    """A format that is registered from outside is wrong, or has the name of another."""


class BehaviourError(ListeningCoachError, ValueError):
    """A behaviour file is wrong."""


class ScorerError(ListeningCoachError, ValueError):
    """The weights of a scorer are damaged, or labelled calls do not suffice to fit them."""


class OpinionError(ListeningCoachError, RuntimeError):
    """The function that was asked for a second opinion failed, or gave no answer that can be used."""


class LanguageError(ListeningCoachError, ValueError):
    """A language is not known, or a file of its folder is wrong."""


class RubricError(ListeningCoachError, ValueError):
    """A rubric file is wrong."""


class ReportError(ListeningCoachError, ValueError):
    """Data cannot be read back as a report."""


class ReviewError(ListeningCoachError, ValueError):
    """A person's review is wrong or cannot be read."""


class CalibrationError(ListeningCoachError, ValueError):
    """People's scores and the library's cannot be compared: too few calls, or no call in common."""


class OutputError(ListeningCoachError, OSError):
    """Results cannot be written or found: no permission, a full disk, a folder that is in use or holds something else."""

    # OSError prints its own way; ours is a sentence.
    __str__ = Exception.__str__


class WorkerError(ListeningCoachError, RuntimeError):
    """Worker processes cannot do their work."""


class MissingExtraError(ListeningCoachError, ImportError):
    """A package that only some users need is not installed; the message names the pip command."""

    @classmethod
    def of(cls, package: str, extra: str, purpose: str) -> MissingExtraError:
        """The error for ``package``, which the extra ``extra`` installs and ``purpose`` needs."""
        return cls(
            f"{purpose} needs the package {package}, which is not installed",
            remedy=f"Install it with: pip install 'listening-coach[{extra}]'",
        )


class UnforeseenError(ListeningCoachError, RuntimeError):
    """Something failed that should not; the cause is the exception it was raised from."""


class own_errors(ContextDecorator):  # noqa: N801 - a context manager reads as a verb phrase: with own_errors(...)
    """Turns an exception that is not the library's own into one that is; the last door before a caller. It decorates functions too.

    ``doing`` says what failed ("reading the transcript"). What the caller raises on purpose, such as an interrupt, passes, and so does
    a lack of memory or of a package.
    """

    def __init__(self, kind: type[ListeningCoachError], doing: str, where: str = "", remedy: str = "") -> None:
        self._kind, self._doing, self._where, self._remedy = kind, doing, where, remedy

    def __enter__(self) -> None:
        """Nothing is to be done before."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> Literal[False]:
        if not isinstance(error, Exception) or isinstance(error, ListeningCoachError | MemoryError | ImportError | StopIteration):
            return False
        raise self._kind(f"{self._doing} failed: {unforeseen(error)}", where=self._where, remedy=self._remedy) from error


def not_taken(kind: type[ListeningCoachError], name: str, value: object, remedy: str) -> ListeningCoachError:
    """The error for an argument of a type, or with a value, that a function does not take."""
    return kind(f"{name} is {excerpt(value)}, of the type {type(value).__name__}", where=name, remedy=remedy, use=(f"{name}=",))


def unforeseen(error: BaseException) -> str:
    """An exception of another library or of Python's in a few words: its name and a masked excerpt of what it says."""
    try:
        said = masked_line(str(error)[:2000])
    except Exception:
        said = ""
    name = type(error).__name__
    return f"{name}: {said}" if said else name
