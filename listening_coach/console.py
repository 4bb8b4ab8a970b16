"""What the commands share: exit codes, and how they say what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from .errors import ListeningCoachError
from .safe_text import one_line, printable

_T = TypeVar("_T")

FAILED = 1
MISUSED = 2
# What stands on the command line for what errors name in Python.
OPTIONS = {
    "format=": "--format",
    "listening_coach.formats()": "`listening-coach formats`",
    "read_many": "`listening-coach batch`",
}


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Prints a text; file names and error messages may hold signs that would drive the terminal."""
    typer.echo(printable(text), err=err, nl=nl)


def misused(text: str) -> NoReturn:
    """Ends a command that was used wrongly, with the reason on standard error."""
    say(" ".join(text.split()), err=True)
    raise typer.Exit(MISUSED)


def usable(build: Callable[[], _T], options: Mapping[str, str]) -> _T:
    """What ``build`` gives; an error of the library ends the command as one that was used wrongly."""
    try:
        return build()
    except ListeningCoachError as error:
        misused(error.text(options))


def complain(error: ListeningCoachError | str, file: Path) -> None:
    """Says on standard error what is wrong with a file, in one line."""
    text = one_line(error if isinstance(error, str) else error.text(OPTIONS))
    say(text if str(file) in text or file.name in text else f"{file}: {text}", err=True)
