"""The commands for a team's work: reviews, picks, calibration and team pages. Like ``cli``, it prints."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import FAILED, OPTIONS, complain, misused, usable
from .errors import ListeningCoachError

if TYPE_CHECKING:
    from .reviews import Review, Reviews

_reviews = typer.Typer(help="Take in people's reviews, list them, take one back.", no_args_is_help=True, rich_markup_mode=None)
_To = Annotated[str, typer.Option("--to", metavar="PLACE", help="A file of reviews (.jsonl), or a folder of scores, which keeps its own.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.add_typer(_reviews, name="reviews")


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
            loaded = load(name)
            new = append(place, loaded.reviews)
        except ListeningCoachError as error:
            failed = True
            complain(error, Path(name))
            continue
        for problem in loaded.problems:
            failed = True
            typer.echo(problem, err=True)
        known = len(loaded.reviews) - len(new)
        typer.echo(f"{name}: {_count(len(new), 'review')} added" + (f", {known} known before" if known else "") + f" → {place}")
    if failed:
        raise typer.Exit(FAILED)


@_reviews.command("list")
def listed(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A file of reviews, or a folder of scores.")],
    call: Annotated[str | None, typer.Option("--call", metavar="ID", help="Of this call only.")] = None,
) -> None:
    """List reviews in the order in which they were made, with what became of each."""
    reviews = _loaded(_place(place))
    for review in reviews if call is None else reviews.of_call(call):
        typer.echo(_line(review, reviews))


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
    reviews = _loaded(place)
    review = next((r for r in reviews if r.id == review_id), None)
    if review is None:
        misused(f"{review_id}: there is no such review in {place}. `listening-coach reviews list {to}` shows their ids.")
    if review.by != by:
        misused(f"{review_id}: it is {review.by}'s, and only {review.by} can take it back.")
    act = Review(
        call=review.call, by=by, at=datetime.now(UTC), verdict=Verdict.WITHDRAW, comment=comment, role=review.role, about=review.id
    )
    usable(lambda: append(place, [act]), OPTIONS)
    typer.echo(f"{review_id}: withdrawn → {place}")


def _place(given: str) -> Path:
    from .reviews import REVIEWS_FILE

    path = Path(given)
    return path / REVIEWS_FILE if path.is_dir() or not path.suffix else path


def _loaded(place: Path) -> Reviews:
    from .reviews import load

    loaded = usable(lambda: load(place), OPTIONS)
    for problem in loaded.problems:
        typer.echo(problem, err=True)
    return loaded.reviews


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
