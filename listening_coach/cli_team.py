"""The commands for a team's work: reviews, picks, calibration and team pages. Like ``cli``, it prints."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import FAILED, OPTIONS, complain, misused, say, usable
from .errors import ListeningCoachError

if TYPE_CHECKING:
    from .reviews import Review, Reviews

_reviews = typer.Typer(help="Take in people's reviews, list them, take one back.", no_args_is_help=True, rich_markup_mode=None)
_Rubric = Annotated[
    str, typer.Option("--rubric", metavar="FILE", help="The rubric that batch was given: a file, or one of ours by its name.")
]
_To = Annotated[str, typer.Option("--to", metavar="PLACE", help="A file of reviews (.jsonl), or a folder of scores, which keeps its own.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command("calibrate")(calibrate)
    app.command("pick")(pick)
    app.command("team")(team)
    app.add_typer(_reviews, name="reviews")


# --- calibrate -----------------------------------------------------------------------------------------------------

_Scores = Annotated[str, typer.Argument(metavar="SCORES", help="A folder of scores that `listening-coach batch` wrote.")]


def calibrate(
    human: Annotated[
        str,
        typer.Argument(
            metavar="HUMAN", help="People's scores (CSV, JSON Lines, Parquet, Excel: call_id, coach, score, a column an item), or reviews."
        ),
    ],
    scores: _Scores,
    rubric: _Rubric = "default",
    last: Annotated[int | None, typer.Option("--last", metavar="N", min=1, help="The latest N calls only.")] = None,
    scale: Annotated[str, typer.Option("--scale", metavar="LOW-HIGH", help="The lowest and the highest score in the table.")] = "0-100",
    html: Annotated[str | None, typer.Option("--html", metavar="OUT", help="Write a page as well.")] = None,
    suggest: Annotated[str | None, typer.Option("--suggest", metavar="OUT", help="Write the suggested rubric, where there is one.")] = None,
) -> None:
    """Compare people's scores with the library's, and suggest a rubric that is closer to them."""
    from .team import calibrate as compare

    found = usable(lambda: compare(human, scores, rubric=rubric, last=last, scale=_scale(scale)), _CALIBRATE_OPTIONS)
    for line in found.lines():
        say(line)
    try:
        if html is not None:
            found.to_html(html)
            say(f"Page: {html}")
        if suggest is not None:
            if found.suggestion is None or not found.suggestion.supported:
                say(f"{suggest}: not written, as no rubric is suggested.", err=True)
                raise typer.Exit(FAILED)
            say(f"Rubric: {found.write_rubric(suggest, rubric)}")
    except OSError as error:
        complain(f"it cannot be written: {(error.strerror or str(error)).lower()}", Path(error.filename or suggest or html or ""))
        raise typer.Exit(FAILED) from None


_CALIBRATE_OPTIONS = {**OPTIONS, "scale=(1, 5), or --scale 1-5": "--scale 1-5", "rubric=…, or --rubric": "--rubric"}


def _scale(given: str) -> tuple[float, float]:
    low, sign, high = given.partition("-")
    try:
        found = float(low), float(high)
    except ValueError:
        found = (0.0, 0.0)
    if not sign or not found[0] < found[1]:
        misused(f"--scale {given!r}: it is no scale. Write the lowest and the highest score, such as 1-5.")
    return found


# --- team ----------------------------------------------------------------------------------------------------------


def team(
    scores: _Scores,
    out: Annotated[str, typer.Option("--out", metavar="FOLDER", help="Where the pages go: index.html and a page an agent.")],
    pages: Annotated[
        str | None,
        typer.Option("--pages", metavar="FOLDER", help="Call pages to link to, as `listening-coach review --html FOLDER` writes them."),
    ] = None,
    coached: Annotated[
        str | None,
        typer.Option("--coached", metavar="TABLE", help="What agents were coached on: a table with the columns agent, item, date."),
    ] = None,
) -> None:
    """Write a team's pages: agents, weeks, what costs points, promises, customers; and a page for each agent."""
    from .team.pages import lacking
    from .team.view import team as viewed

    found = usable(lambda: viewed(scores, coached=coached), OPTIONS)
    try:
        index = found.write(out, pages=pages)
    except ListeningCoachError as error:
        complain(error, Path(out))
        raise typer.Exit(FAILED) from None
    say(f"{_count(len(found.agents), 'agent')}, {_count(found.calls, 'call')} → {index}")
    for line in lacking(found.known):
        say(line)


# --- pick ----------------------------------------------------------------------------------------------------------


def pick(
    scores: _Scores,
    per: Annotated[str, typer.Option("--per", metavar="GROUP", help="agent, team, queue, week, or all.")] = "agent",
    n: Annotated[int, typer.Option("--n", metavar="N", help="How many calls of each.")] = 5,
    how: Annotated[
        str, typer.Option("--how", metavar="WAY", help="random, worst, unsure, edge (of a band), or missed (occasions).")
    ] = "random",
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Another number picks other calls by chance; the same picks the same.")
    ] = 0,
    rubric: _Rubric = "default",
    reviewed: Annotated[bool, typer.Option("--reviewed", help="Calls that a coach has reviewed, too.")] = False,
) -> None:
    """Pick calls for people to review, each with the reason."""
    from .team import pick as picked

    found = usable(lambda: picked(scores, per=per, n=n, how=how, seed=seed, rubric=rubric, reviewed=reviewed), OPTIONS)
    group = None
    for one in found:
        if one.group != group:
            group = one.group
            say(f"{group}:")
        say(f"  {one.call}  {one.score:.0f}  {one.reason}  {one.source}")
    if not found:
        say("No call is left to pick.", err=True)


# --- reviews -------------------------------------------------------------------------------------------------------


@_reviews.command("add")
def add(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="What call pages saved, or other files of reviews.")],
    to: _To,
) -> None:
    """Add reviews to a file of reviews; those that it holds already are not added again."""
    from .reviews import append, load

    place, failed = _place(to), False
    for name in files:
        try:
            taken = load(name)
            new = append(place, taken.reviews)
        except ListeningCoachError as error:
            failed = True
            complain(error, Path(name))
            continue
        for problem in taken.problems:
            failed = True
            say(problem, err=True)
        known = len(taken.reviews) - len(new)
        say(f"{name}: {_count(len(new), 'review')} added" + (f", {known} known before" if known else "") + f" → {place}")
    if failed:
        raise typer.Exit(FAILED)


@_reviews.command("sheet")
def sheet(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Transcripts.")],
    out: Annotated[str, typer.Option("--out", metavar="FOLDER", help="Where the sheets go, one a call.")],
    reviews: Annotated[
        str | None, typer.Option("--reviews", metavar="PLACE", help="Show the reviews of this file or folder of scores.")
    ] = None,
    rubric: _Rubric = "default",
    behaviours: Annotated[str | None, typer.Option("--behaviours", metavar="FOLDER", help="The behaviours that batch was given.")] = None,
    metadata: Annotated[str | None, typer.Option("--metadata", metavar="TABLE", help="What is known of the calls, as for batch.")] = None,
    pages: Annotated[str | None, typer.Option("--pages", metavar="FOLDER", help="Call pages to link to.")] = None,
) -> None:
    """Write review sheets: pages on which people agree, overrule, comment and answer, and that save it as a file."""
    from .bulk.metadata import call_info
    from .coach import Coach
    from .readers import read
    from .safe_text import file_name
    from .team import review_sheet

    info = usable(lambda: call_info(metadata), OPTIONS)
    coach = usable(lambda: Coach(rubric=rubric, behaviours=behaviours), OPTIONS)
    given = None if reviews is None else loaded(reviews)
    folder, failed = Path(out), False
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        try:
            call = read(Path(name))
            report = coach.review(call if info is None else info.applied(call, name))
            target = folder / f"{file_name(report.transcript.id or Path(name).stem)}.review.html"
            page = None if pages is None else Path(pages) / f"{file_name(Path(name).stem)}.html"
            review_sheet(report if given is None else report.with_reviews(given), target, page=page if page and page.is_file() else None)
        except ListeningCoachError as error:
            failed = True
            complain(error, Path(name))
            continue
        say(f"{name} → {target}")
    if failed:
        raise typer.Exit(FAILED)


@_reviews.command("list")
def listed(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A file of reviews, or a folder of scores.")],
    call: Annotated[str | None, typer.Option("--call", metavar="ID", help="Of this call only.")] = None,
) -> None:
    """List reviews in the order in which they were made, with what became of each."""
    reviews = loaded(place)
    for review in reviews if call is None else reviews.of_call(call):
        say(_line(review, reviews))


@_reviews.command("withdraw")
def withdraw(
    review_id: Annotated[str, typer.Argument(metavar="ID", help="The review's id, as `reviews list` shows it.")],
    to: _To,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who takes it back: the name that it was made under.")],
    comment: Annotated[str, typer.Option("--comment", help="Why.")] = "",
) -> None:
    """Take a review back. It stays in the file, as withdrawn."""
    from .reviews import Review, Verdict, append

    place = _place(to)
    reviews = loaded(to)
    review = next((r for r in reviews if r.id == review_id), None)
    if review is None:
        misused(f"{review_id}: there is no such review in {place}. `listening-coach reviews list {to}` shows their ids.")
    if review.by != by:
        misused(f"{review_id}: it is {review.by}'s, and only {review.by} can take it back.")
    act = Review(
        call=review.call, by=by, at=datetime.now(UTC), verdict=Verdict.WITHDRAW, comment=comment, role=review.role, about=review.id
    )
    usable(lambda: append(place, [act]), OPTIONS)
    say(f"{review_id}: withdrawn → {place}")


def _place(given: str) -> Path:
    from .reviews import REVIEWS_FILE

    path = Path(given)
    return path / REVIEWS_FILE if path.is_dir() or not path.suffix else path


def loaded(given: str) -> Reviews:
    """The reviews of a file or of a folder of scores; lines that are none are named on standard error."""
    from .reviews import load

    found = usable(lambda: load(_place(given)), OPTIONS)
    for problem in found.problems:
        say(problem, err=True)
    return found.reviews


def _line(review: Review, reviews: Reviews) -> str:
    about = review.moment.behaviour if review.moment is not None else review.item or "the call"
    quote = f" {review.moment.quote[:60]!r}" if review.moment is not None and review.moment.quote else ""
    score = "" if review.score is None else f" {review.score:g}"
    other = f" (about {review.about})" if review.about else ""
    comment = f": {' '.join(review.comment.split())[:120]}" if review.comment else ""
    verdict = review.verdict.value.replace("_", " ")
    head = f"{review.id}  {review.at:%Y-%m-%d %H:%M}  {review.call}  {review.by} ({review.role})"
    return f"{head}  {about}{quote}: {verdict}{score}{other}, {reviews.status(review)}{comment}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
