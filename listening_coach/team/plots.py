"""The team's pictures with matplotlib: colours that colour-blind people can tell apart, intervals, labelled axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import MissingExtraError
from .figures import Item, Level, Week
from .statistics import Figure

# Of Okabe and Ito's palette.
_BLUE, _ORANGE, _GREY = "#0072B2", "#D55E00", "#666666"
_MOST_ITEMS = 12


def _axes(ax: Any, height: float) -> Any:
    if ax is not None:
        return ax
    try:
        from matplotlib.figure import Figure as Canvas
    except ImportError as error:
        raise MissingExtraError.of("matplotlib", "notebooks", "plot_*()") from error
    try:
        from matplotlib import pyplot
    except ImportError:
        return Canvas(figsize=(8, height), layout="constrained").subplots()
    return pyplot.subplots(figsize=(8, height), layout="constrained")[1]


def plot_levels(rows: Sequence[Level], middle: Figure | None, ax: Any = None) -> Any:
    """Means of groups with 95 % intervals; the broken line is the mean of all. Returns the axes."""
    shown = [(row.name, row.mean) for row in reversed(rows) if row.mean is not None]
    ax = _axes(ax, 1.2 + 0.4 * len(shown))
    for y, (_, figure) in enumerate(shown):
        if figure.low is not None and figure.high is not None:
            ax.hlines(y, figure.low, figure.high, color=_BLUE, linewidth=2)
        ax.plot(figure.value, y, "o", color=_BLUE)
    if middle is not None:
        ax.axvline(middle.value, color=_GREY, linestyle="--", linewidth=1)
    ax.set_yticks(range(len(shown)), [name for name, _ in shown])
    ax.set_xlim(0, 100)
    ax.set_xlabel("mean score (0 to 100), with 95 % interval")
    return ax


def plot_weeks(rows: Sequence[Week], ax: Any = None) -> Any:
    """Means of weeks with their control limits; weeks outside are marked. Returns the axes."""
    ax = _axes(ax, 3.2)
    days = [row.week for row in rows]
    ax.plot(days, [row.mean for row in rows], "o-", color=_BLUE, label="mean of the week")
    limits = [(row.week, row.low, row.high) for row in rows if row.low is not None]
    if limits:
        ax.fill_between(
            [d for d, _, _ in limits],
            [low for _, low, _ in limits],
            [high for _, _, high in limits],
            color=_BLUE,
            alpha=0.15,
            label="by chance",
        )
    outside = [row for row in rows if row.outside]
    ax.plot(
        [row.week for row in outside], [row.mean for row in outside], "D", color=_ORANGE, label="outside the limits" if outside else None
    )
    ax.set_ylim(0, 100)
    ax.set_ylabel("mean score (0 to 100)")
    ax.set_xlabel("week from Monday")
    ax.set_xticks(days, [f"{d.day} {d:%b}" for d in days], rotation=45 if len(days) > 8 else 0)
    ax.legend()
    return ax


def plot_items(rows: Sequence[Item], ax: Any = None) -> Any:
    """What items cost a call, the dearest first. Returns the axes."""
    shown = [row for row in rows if row.points > 0][:_MOST_ITEMS][::-1]
    ax = _axes(ax, 1.2 + 0.3 * len(shown))
    ax.barh([row.title for row in shown], [row.points for row in shown], color=_BLUE)
    ax.set_xlabel("points lost a call, on average")
    return ax
