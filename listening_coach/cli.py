"""The command ``listening-coach``: the only place that prints.

Exit codes: 0, all went well; 1, a file could not be read, reviewed or written, or a check found something wrong; 2, the
command was used wrongly, which includes a rubric or a folder of behaviours that cannot be used; 130, a batch was interrupted.
Reports go to standard output, errors to standard error, a sentence each.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from . import cli_team
from .console import FAILED, OPTIONS, say
from .console import complain as _complain
from .console import misused as _misused
from .console import usable as _usable
from .errors import ListeningCoachError, OutputError, unforeseen
from .private_files import make_private_folder, write_private
from .safe_text import file_name

if TYPE_CHECKING:
    from .bulk.metadata import CallInfo
    from .coach import Coach
    from .report import Report
    from .report.terminal import Part
    from .scores import State

INTERRUPTED = 130
_STDOUT = Path("-")
_EPILOG = "Exit codes: 0 all went well; 1 some file could not be read, reviewed or written, or the check found a fault; 2 wrong usage."

app = typer.Typer(
    name="listening-coach",
    help="Coaches active listening: reads call transcripts, scores them, and rests every point on a quote.",
    epilog=_EPILOG, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
cli_team.add_to(app)


def main() -> None:
    """Runs the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a letter shows a question mark instead of stopping the report.
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        app()
    except Exception as error:
        if os.environ.get("LISTENING_COACH_DEBUG"):
            raise
        say(f"listening-coach: {error.text(OPTIONS) if isinstance(error, ListeningCoachError) else _unforeseen(error)}", err=True)
        sys.exit(FAILED)


def _version(wanted: bool) -> None:
    if wanted:
        import listening_coach

        say(f"listening-coach {listening_coach.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")] = False,
) -> None:
    """Holds the options of the command itself."""


_BATCH_OPTIONS = {**OPTIONS, "format=": "--input-format"}

# What `review` and `batch` share.
_Rubric = Annotated[
    list[str] | None,
    typer.Option(
        "--rubric",
        metavar="FILE",
        help="Score by this rubric file, or one of ours by its name; of several, by the first that fits the call.",
    ),
]
_Language = Annotated[
    str | None,
    typer.Option("--language", metavar="CODE", help="Read the calls in this language (en), whatever they say of themselves."),
]
_Behaviours = Annotated[str | None, typer.Option("--behaviours", metavar="FOLDER", help="Find the behaviours of this folder too.")]
_Roles = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="SPEAKER=ROLE", help="Who is agent, customer or other: --role spk_0=agent. May be repeated."),
]
_Metadata = Annotated[
    str | None,
    typer.Option(
        "--metadata",
        metavar="TABLE",
        help="What is known of the calls: CSV, JSON Lines, Parquet or Excel, a row a call, with a column call_id or file; agent, team, queue, started_at…",
    ),
]
_PathPattern = Annotated[
    str | None, typer.Option("--path", metavar="PATTERN", help="Take metadata from the files' paths: '{agent}/{date}_{call_id}.json'.")
]

_NoMask = Annotated[bool, typer.Option("--no-mask", help="Do not mask card numbers, addresses and the like; the report says so.")]
_MaskNames = Annotated[bool, typer.Option("--mask-names", help="Mask names of people and places too (needs listening-coach[masking]).")]


# --- review --------------------------------------------------------------------------------------------------------


class _Form(NamedTuple):
    """A form in which a report is written: its option, the suffix of its files, and what makes it."""

    option: str
    suffix: str
    render: Callable[[Report], str]


def _html(report: Report) -> str:
    return report.to_html()


def _json(report: Report) -> str:
    return report.to_json() + "\n"


def _markdown(report: Report) -> str:
    return report.to_markdown()


_FORMS = (_Form("--html", ".html", _html), _Form("--json", ".json", _json), _Form("--markdown", ".md", _markdown))
_OUT = "A file, a folder (one file a call), or - for standard output."


@app.command(epilog=_EPILOG)
def review(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Transcripts, in any of the formats that `listening-coach formats` lists.")
    ],
    html: Annotated[str | None, typer.Option("--html", metavar="OUT", help=f"Write the report as an HTML page. {_OUT}")] = None,
    json: Annotated[str | None, typer.Option("--json", metavar="OUT", help=f"Write it as JSON. {_OUT}")] = None,
    markdown: Annotated[str | None, typer.Option("--markdown", metavar="OUT", help=f"Write it as Markdown. {_OUT}")] = None,
    rubric: _Rubric = None,
    behaviours: _Behaviours = None,
    language: _Language = None,
    role: _Roles = None,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, typer.Option("--format", metavar="NAME", help="Take the files for this format instead of finding it out.")
    ] = None,
    metadata: _Metadata = None,
    path: _PathPattern = None,
    reviews: Annotated[
        str | None,
        typer.Option("--reviews", metavar="PLACE", help="Show people's verdicts beside ours: a file of reviews, or a folder of scores."),
    ] = None,
    sheets: Annotated[bool, typer.Option("--sheets", help="With --html: write a review sheet beside each page, and link to it.")] = False,
    sound: Annotated[
        str | None, typer.Option("--sound", metavar="PLACE", help="With --html: the call's sound file, or a folder of them, to play along.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Print all of each report, with the ledger and every moment.")] = False,
    no_mask: _NoMask = False,
    mask_names: _MaskNames = False,
) -> None:
    """Review calls: print the reports in brief, or write them.

    Several files give a table, a line each. A file that cannot be read is named on standard error, and the others go on.
    """
    roles = _roles(role or ())
    outs = {form: Path(out) for form, out in zip(_FORMS, (html, json, markdown), strict=True) if out is not None}
    sources = [Path(f) for f in files]
    targets = _targets(sources, outs)
    mask = _masking(no_mask, mask_names)
    coach = _usable(lambda: _coach(rubric, behaviours, language, format, mask), OPTIONS)
    info = _usable(lambda: _call_info(metadata, path), OPTIONS)
    given = None if reviews is None else cli_team.loaded(reviews)
    if (sheets or sound is not None) and html in (None, str(_STDOUT)):
        _misused(f"{'--sheets' if sheets else '--sound'} belongs to pages: name a folder for them with --html.")
    if sound is not None and not Path(sound).exists():
        _misused(f"--sound {sound}: there is no such file or folder.")
    failed = False
    shown: list[tuple[str, Report]] = []
    for number, source in enumerate(sources):
        try:
            call = _read(source, format, roles)
            report = coach.review(call if info is None else info.applied(call, str(source)))
            report = report if given is None else report.with_reviews(given)
            extras = _Extras(sheets, None if sound is None else _sound_of(source, Path(sound)))
            written = _write(report, {form: paths[number] for form, paths in targets.items()}, extras)
        except ListeningCoachError as error:
            failed = True
            _complain(error, source)
            continue
        except Exception as error:
            if os.environ.get("LISTENING_COACH_DEBUG"):
                raise
            failed = True
            _complain(f"it could not be reviewed: {_unforeseen(error)}", source)
            continue
        if not outs and (full or len(sources) == 1):
            _show(report, first=number == 0, full=full)
        elif not outs:
            shown.append((str(source), report))
        elif written:
            say(f"{source}: {_verdict(report)} → {', '.join(map(str, written))}")
    if shown:
        _show_table(shown)
    if failed:
        raise typer.Exit(FAILED)


def _roles(given: Iterable[str]) -> dict[str, str]:
    from .transcript import Role

    roles = {}
    for text in given:
        speaker, sign, role = text.rpartition("=")
        if not sign or not speaker.strip() or not role.strip():
            _misused(f"--role {text!r}: a speaker or a role is missing. Write SPEAKER=ROLE, for instance --role spk_0=agent.")
        if Role.of(role) is Role.UNKNOWN and role.strip().casefold() != "unknown":
            _misused(f"--role {text!r}: there is no role {role!r}. Use agent, customer, other or unknown.")
        roles[speaker.strip()] = role.strip()
    return roles


def _targets(sources: Sequence[Path], outs: Mapping[_Form, Path]) -> dict[_Form, list[Path]]:
    """The file that each report goes to, by form; nothing is written yet."""
    targets = {}
    for form, out in outs.items():
        if out == _STDOUT:
            if len(sources) > 1 or len(outs) > 1:
                _misused(f"{form.option} -: standard output takes one report in one form. Name a folder.")
            targets[form] = [_STDOUT]
            continue
        folder = out.is_dir() or (not out.suffix and not out.is_file()) or str(outs[form]).endswith(("/", os.sep))
        if len(sources) > 1 and not folder:
            _misused(f"{form.option} {out}: {len(sources)} reports do not fit in one file. Name a folder.")
        targets[form] = _names(sources, out, form.suffix) if folder else [out]
    inputs = {s.resolve() for s in sources}
    taken: set[Path] = set()
    for form, paths in targets.items():
        for path in paths:
            place = path.resolve()
            if path != _STDOUT and place in inputs:
                _misused(f"{form.option} {path}: that is a transcript to be read. Write the report elsewhere.")
            if path != _STDOUT and place in taken:
                _misused(f"{form.option} {path}: two forms of the report would go to this file. Name two files.")
            taken.add(place)
    return targets


def _names(sources: Sequence[Path], folder: Path, suffix: str) -> list[Path]:
    """A file in the folder for each source; sources of one name are numbered."""
    names: list[Path] = []
    taken: set[Path] = set()
    for source in sources:
        stem = file_name(source.stem)
        path, number = folder / f"{stem}{suffix}", 2
        while path in taken:
            path, number = folder / f"{stem}-{number}{suffix}", number + 1
        names.append(path)
        taken.add(path)
    return names


def _masking(no_mask: bool, mask_names: bool) -> bool | str:
    if no_mask and mask_names:
        _misused("--no-mask and --mask-names: they contradict each other. Leave one out.")
    return "names" if mask_names else not no_mask


def _coach(rubric: list[str] | None, behaviours: str | None, language: str | None, format: str | None, mask: bool | str) -> Coach:  # noqa: A002 - the option's name
    from .coach import Coach
    from .readers import format_named

    if format is not None:
        format_named(format)
    return Coach(rubric=rubric or None, behaviours=behaviours, language=language, mask=mask)


def _call_info(metadata: str | None, path: str | None) -> CallInfo | None:
    from .bulk.metadata import call_info

    return call_info(metadata, path)


def _read(source: Path, format: str | None, roles: Mapping[str, str]) -> Any:  # noqa: A002 - the option's name
    from .readers import read

    if source.is_dir():
        raise ListeningCoachError("it is a folder", where=str(source), remedy=f"Name the files in it, for instance {source / '*.json'}.")
    if not source.exists():
        raise ListeningCoachError("there is no such file", where=str(source), remedy="Check the path.")
    return read(source, format=format, roles=roles or None)


class _Extras(NamedTuple):
    """What a call's page links to: whether to a review sheet, and to which sound file."""

    sheet: bool
    sound: Path | None


_SOUNDS = (".wav", ".mp3", ".m4a", ".ogg", ".opus", ".flac", ".webm", ".mp4")


def _sound_of(source: Path, place: Path) -> Path | None:
    """The sound file of a transcript: the one that is named, or that of the same name in a folder."""
    if not place.is_dir():
        return place
    return next((found for suffix in _SOUNDS if (found := place / f"{source.stem}{suffix}").is_file()), None)


def _write(report: Report, targets: Mapping[_Form, Path], extras: _Extras) -> list[Path]:
    """Writes the report in each form and returns the files."""
    written = []
    for form, path in targets.items():
        if form.option == "--html" and path != _STDOUT:
            written += _pages(report, path, extras)
            continue
        text = form.render(report)
        if path == _STDOUT:
            say(text, nl=False)
            continue
        _make_folder(path)
        write_private(path, text)
        written.append(path)
    return written


def _pages(report: Report, path: Path, extras: _Extras) -> list[Path]:
    """Writes a call's page, and its review sheet where one is wanted, each with a link to the other."""
    _make_folder(path)
    sheet = path.with_name(f"{path.stem}.review.html") if extras.sheet else None
    report.to_html(path, sheet=sheet, sound=extras.sound)
    if sheet is None:
        return [path]
    from .team import review_sheet

    review_sheet(report, sheet, page=path)
    return [path, sheet]


def _make_folder(path: Path) -> None:
    try:
        make_private_folder(path.parent)
    except OSError as error:
        raise OutputError(
            f"it cannot be written: {error.strerror}", where=str(path), remedy="Name a place that can be written to."
        ) from error


def _verdict(report: Report) -> str:
    from .report.page import view
    from .report.texts import sentence

    words = view(report)
    if words.score is None:
        return f"not scored: {words.not_scored.rstrip('.')}"
    return (
        f"{words.shown} of 100"
        + (f", {words.band}" if words.band else "")
        + (f" ({sentence(words.score_remark)})" if words.score_remark else "")
    )


_STYLES = {"title": "bold", "head": "bold cyan", "good": "bold green", "bad": "bold yellow", "quote": "italic", "dim": "dim"}


def _show(report: Report, *, first: bool, full: bool) -> None:
    """Prints a report, in colour where a person looks at it."""
    from .report.terminal import lines

    if not first:
        say(f"\n{'─' * 96}\n")
    _print(lines(report, full=full))


def _show_table(reports: Iterable[tuple[str, Report]]) -> None:
    """Prints several reports, a line each."""
    from .report.terminal import table

    _print(table(reports))


def _print(lines: Iterable[Sequence[Part]]) -> None:
    if not sys.stdout.isatty():
        for line in lines:
            say("".join(part.text for part in line).rstrip())
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines:
        console.print(Text.assemble(*((part.text, _STYLES.get(part.style, "")) for part in line)), soft_wrap=True)


# --- batch ---------------------------------------------------------------------------------------------------------


_BATCH_EPILOG = (
    "Exit codes: 0 every call could be reviewed; 1 some could not, or the run had to stop; 2 wrong usage; 130 interrupted. What is done stays: "
    "the same command goes on where it stopped."
)


@app.command(epilog=_BATCH_EPILOG)
def batch(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, patterns, JSON Lines, zips, Parquet tables of calls or turns.")
    ],
    out: Annotated[str, typer.Option("--out", metavar="FOLDER", help="Where the scores go; a run that was stopped goes on there.")],
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", metavar="N", min=0, help="Worker processes, one a core if left out; 0: none, so that no call is guarded."
        ),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", metavar="NAME", help="parquet; csv or jsonl write each table as such a file besides.")
    ] = "parquet",
    rubric: _Rubric = None,
    behaviours: _Behaviours = None,
    language: _Language = None,
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", min=0.1, help="How long one call may take.")] = 60.0,
    role: _Roles = None,
    input_format: Annotated[
        str | None, typer.Option("--input-format", metavar="NAME", help="Take the sources for this format instead of finding it out.")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try calls again that failed in an earlier run.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Delete the folder's scores and score all calls again.")] = False,
    metadata: _Metadata = None,
    path: _PathPattern = None,
    prune: Annotated[bool, typer.Option("--prune", help="Delete the scores of calls whose sources are gone.")] = False,
    no_mask: _NoMask = False,
    mask_names: _MaskNames = False,
) -> None:
    """Score every call of the sources into tables."""
    from .readers.walker import is_there
    from .scores import run
    from .scores.export import FORMATS

    if format not in FORMATS:
        _misused(f"--format {format!r}: there is no such format. The formats are: {', '.join(FORMATS)}.")
    roles = _roles(role or ())
    for source in sources:
        if not is_there(source):
            _misused(f"{source}: there is no such file or folder, and no file matches.")
    mask = _masking(no_mask, mask_names)
    coach = _usable(lambda: _coach(rubric, behaviours, language, input_format, mask), _BATCH_OPTIONS)
    info = _usable(lambda: _call_info(metadata, path), _BATCH_OPTIONS)
    with _Bar() as bar:
        try:
            summary = run(
                sources, out, coach=coach, workers=workers, timeout_s=timeout, format=input_format, roles=roles or None, write=format,
                metadata=info, retry_failed=retry_failed, overwrite=overwrite, prune=prune, watch=bar.show if bar.shown else None,
            )  # fmt: skip
        except ListeningCoachError as error:
            bar.stop()
            _complain(error.text(_BATCH_OPTIONS), Path(out))
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            bar.stop()
            say(f"Stopped. What is done stays in {out}; the same command goes on from there.", err=True)
            raise typer.Exit(INTERRUPTED) from None
    for failure in summary.failures:
        say(failure.text(_BATCH_OPTIONS), err=True)
    for line in summary.lines():
        say(line)
    if summary.failed:
        raise typer.Exit(FAILED)


class _Bar:
    """A progress bar on standard error, where a person looks at it."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> _Bar:
        if self.shown:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("{task.fields[words]}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(compact=True), TextColumn("left"),
                console=Console(stderr=True),
            )  # fmt: skip
            self._task = self._bar.add_task("", total=None, words="starting")
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def show(self, state: State) -> None:
        """Shows how far it is."""
        pace = state.calls / state.seconds if state.seconds else 0.0
        words = f"{state.calls:,} calls, {pace:,.1f} a second, {state.failed:,} failed" + (
            f", {state.skipped:,} done before" if state.skipped else ""
        )
        self._bar.update(self._task, completed=state.bytes_done, total=state.bytes_total or None, words=words)


# --- formats -------------------------------------------------------------------------------------------------------


@app.command(epilog=_EPILOG)
def formats() -> None:
    """List the formats that are read."""
    from rich.console import Console
    from rich.table import Table

    from .readers import formats as known_formats

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Name", "What", "Files", "Best timing", "Written by"):
        shown.add_column(column, overflow="fold")
    for row in known_formats():
        origin = row.origin + (f" (needs pip install 'listening-coach[{row.extra}]')" if row.extra else "")
        shown.add_row(row.name, row.title, " ".join(row.suffixes), row.tier.value, origin)
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=120)
    console.print(shown)
    console.print("Timing: words (every word), turns (start and end of each turn), starts (starts only), none.")


# --- schema --------------------------------------------------------------------------------------------------------


@app.command(epilog=_EPILOG)
def schema(kind: Annotated[str, typer.Argument(metavar="KIND", help="rubric, behaviour or report.")]) -> None:
    """Print the JSON Schema of rubric files, behaviour files, or reports written by --json."""
    import json

    from . import schemas

    if kind not in schemas.kinds():
        _misused(f"{kind!r}: there is no such schema. The schemas are: {', '.join(schemas.kinds())}.")
    say(json.dumps(schemas.schema(kind), indent=2, ensure_ascii=False))


# --- check ---------------------------------------------------------------------------------------------------------


@app.command(epilog=_EPILOG)
def check(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="What --behaviours or --rubric takes: a folder, a file, or a name.")],
    behaviours: Annotated[
        str | None, typer.Option("--behaviours", metavar="FOLDER", help="Behaviours that a rubric scores beside those of its folder.")
    ] = None,
) -> None:
    """Check behaviour files and rubrics: a folder of them, one such file, a package's behaviours or one of our rubrics by name.

    Their form is checked, and that each text of theirs that must be found is, and each that must not is not.
    """
    from .behaviours import WORDS_FILE, folder_of, load_folder, shared_words
    from .file_checks import checked_files

    path = _usable(lambda: _named(place), OPTIONS)
    if path.is_dir():
        files = sorted(p for p in path.glob("*.toml") if p.is_file())
    elif path.is_file():
        files = [path]
    else:
        _misused(f"{path}: there is no such folder or file.")
    if all(file.name == WORDS_FILE for file in files):
        _misused(f"{path}: there is no behaviour file or rubric (*.toml) in it.")
    others = _usable(lambda: {} if behaviours is None else load_folder(folder_of(behaviours), shared_words()), OPTIONS)
    good = True
    for file, problems, praise in _usable(lambda: list(checked_files(files, others)), OPTIONS):
        for problem in problems:
            good = False
            _complain(problem, file)
        if not problems:
            say(f"{file}: {praise}")
    if not good:
        raise typer.Exit(FAILED)


def _named(place: str) -> Path:
    """The folder or the file that a path or a name means, as for --behaviours and --rubric."""
    from .behaviours import folder_of
    from .rubric import HERE, names

    return HERE / f"{place}.toml" if place in names() and not Path(place).exists() else folder_of(place)


# --- errors --------------------------------------------------------------------------------------------------------


def _unforeseen(error: Exception) -> str:
    """An error that we did not foresee, as a sentence."""
    return f"an error that should not happen ({unforeseen(error)}). Please report it, with the file if you may."
