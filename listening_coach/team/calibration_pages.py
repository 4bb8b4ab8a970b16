"""A calibration as lines of text, as a page, and as a notebook cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .rendering import render
from .statistics import Figure

if TYPE_CHECKING:
    from .calibration import Agreement, Calibration

_TITLE = 34


def lines(found: Calibration) -> list[str]:
    """The calibration: the table of items, people among themselves, the calls that differ most, the suggestion."""
    said = [f"{_count(found.calls, 'call')} scored by {_and(found.people)} and by the library."]
    if found.unknown:
        said.append(
            f"Not among the scores: {len(found.unknown)} ({', '.join(found.unknown[:5])}{', …' if len(found.unknown) > 5 else ''})."
        )
    if found.ranks is not None:
        said.append(f"The rank correlation of their scores is {found.ranks.text(2)}; 1 means that they put the calls in the same order.")
    said += ["", f"{'':{_TITLE}}{'calls':>6}  {'agreement':>16}  {'kappa':>20}  {'people score higher by':>23}"]
    said += [_row(a) for a in (*([found.whole] if found.whole else []), *found.items)]
    if found.between:
        said += ["", "People among themselves:"]
        said += [
            f"  {b.first} and {b.second}: {_count(b.pairs, 'verdict')}, {_agreed(b.agreement)}, {_bias(b.first, b.bias)}"
            for b in found.between
        ]
    if found.differing:
        said += ["", "The calls that differ most:"]
        said += list(_differing(found))
    return [*said, "", *_suggestion(found)]


def page(found: Calibration) -> str:
    """The calibration as one self-contained page."""
    return render("calibration.html", **_values(found))


def fragment(found: Calibration) -> str:
    """The calibration as a notebook cell shows it."""
    return render("calibration_parts.html", **_values(found))


def _values(found: Calibration) -> dict[str, Any]:
    best = found.suggestion
    toml = best.to_toml(found.rubric, found.rubric.name) if best is not None and found.rubric is not None else ""
    rows = [*([found.whole] if found.whole else []), *found.items]
    with_items = any(d.item for d in found.differing)
    return {"found": found, "rows": rows, "with_items": with_items, "people": _and(found.people), "best": best, "toml": toml}


def _row(a: Agreement) -> str:
    share = "" if a.agreement is None else _percent(a.agreement)
    kappa = "" if a.kappa is None else a.kappa.text(2)
    bias = "" if a.bias is None else a.bias.text(0)
    title = a.title if len(a.title) < _TITLE else a.title[: _TITLE - 2] + "…"
    return f"{title:{_TITLE}}{a.calls:>6}  {share:>16}  {kappa:>20}  {bias:>23}"


def _differing(found: Calibration) -> Iterable[str]:
    for d in found.differing:
        both = "" if d.people is None or d.library is None else f": {d.people:.0f} by {_and(d.by)}, {d.library:.0f} by the library"
        item = (
            ""
            if d.item is None or d.item_people is None or d.item_library is None
            else f"; {d.item}: {d.item_people:.0f} and {d.item_library:.0f}"
        )
        quote = "" if not d.quote else f", “{d.quote[:90]}”"
        yield f"  {d.call}{f' ({d.agent})' if d.agent else ''}{both}{item}{quote}"


def _suggestion(found: Calibration) -> list[str]:
    best = found.suggestion
    if best is None or not best.supported:
        return [found.refused]
    return [
        f"Suggested rubric: on calls kept back {best.error_after:.1f} points from people's scores, where yours is {best.error_before:.1f} "
        f"({best.gain.text(1)} closer).",
        f"In the band of people's score: {_percent(best.same_band_after)} of calls, now {_percent(best.same_band_before)}.",
    ]


def _percent(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return f"{figure.value:.0%}"
    return f"{figure.value:.0%} ({100 * figure.low:.0f} to {100 * figure.high:.0f})"


def _agreed(figure: Figure | None) -> str:
    return "no agreement to tell" if figure is None else f"{_percent(figure)} agreement"


def _bias(first: str, figure: Figure | None) -> str:
    return "no scores of both" if figure is None else f"{first} scores higher by {figure.text(0)}"


def _and(names: Iterable[str]) -> str:
    shown = list(names)
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
