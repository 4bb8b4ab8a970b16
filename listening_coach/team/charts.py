"""Small pictures as SVG in the page's own colours; each has its figures in a table or in words beside it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .figures import Item, Level, Week
from .statistics import Figure

_WIDTH = 640
_LEFT = 200
_RIGHT = 20
_ROW = 26
_HEIGHT = 220
_NAME = 28


def levels(rows: Sequence[Level], middle: Figure | None, what: str) -> str:
    """Means of groups with their intervals on a scale from 0 to 100; a broken line is the mean of all."""
    shown = [row for row in rows if row.mean is not None]
    height = _ROW * len(shown) + 34
    parts = _scale(height - 22)
    if middle is not None:
        parts.append(f'<line class="mean" x1="{_x(middle.value):.1f}" x2="{_x(middle.value):.1f}" y1="4" y2="{height - 24}"/>')
    for n, row in enumerate(shown):
        y = 18 + n * _ROW
        parts.append(f'<text class="name" x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(_short(row.name))}</text>')
        if row.mean is None:
            continue
        if row.mean.low is not None and row.mean.high is not None:
            low, high = max(0.0, row.mean.low), min(100.0, row.mean.high)
            parts.append(f'<line class="bar" x1="{_x(low):.1f}" x2="{_x(high):.1f}" y1="{y}" y2="{y}"/>')
        parts.append(f'<circle class="mark" cx="{_x(row.mean.value):.1f}" cy="{y}" r="5"/>')
    return _svg(height, parts, f"{what}: mean scores from 0 to 100 with intervals. The table below has the figures.")


def weeks(rows: Sequence[Week], what: str) -> str:
    """Means of weeks as a line, over the band in which they lie by chance; a week outside is marked."""
    if not rows:
        return ""
    step = (_WIDTH - 80) / max(1, len(rows) - 1)
    xs = [50 + n * step if len(rows) > 1 else _WIDTH / 2 for n in range(len(rows))]
    parts = []
    for value in (0, 25, 50, 75, 100):
        parts.append(f'<line class="axis" x1="40" x2="{_WIDTH - 10}" y1="{_y(value):.1f}" y2="{_y(value):.1f}"/>')
        parts.append(f'<text x="34" y="{_y(value) + 4:.1f}" text-anchor="end">{value}</text>')
    banded = [(x, w.low, w.high) for x, w in zip(xs, rows, strict=True) if w.low is not None and w.high is not None]
    if banded:
        edge = (
            " ".join(f"{x:.1f},{_y(high):.1f}" for x, _, high in banded)
            + " "
            + " ".join(f"{x:.1f},{_y(low):.1f}" for x, low, _ in reversed(banded))
        )
        parts.insert(0, f'<polygon class="band" points="{edge}"/>')
    line = " ".join(f"{x:.1f},{_y(w.mean):.1f}" for x, w in zip(xs, rows, strict=True))
    parts.append(f'<polyline class="line" points="{line}"/>')
    every = max(1, -(-len(rows) // 9))
    for n, (x, week) in enumerate(zip(xs, rows, strict=True)):
        parts.append(
            f'<circle class="{"out" if week.outside else "mark"}" cx="{x:.1f}" cy="{_y(week.mean):.1f}" r="{6 if week.outside else 4}"/>'
        )
        if n % every == 0:
            parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 4}" text-anchor="middle">{week.week.day} {week.week:%b}</text>')
    return _svg(_HEIGHT, parts, f"{what}: mean score of each week from 0 to 100. The table below has the figures.")


def items(rows: Sequence[Item]) -> str:
    """What items cost a call on average, in points."""
    most = max((row.points for row in rows), default=0.0) or 1.0
    height = _ROW * len(rows) + 10
    parts = []
    for n, row in enumerate(rows):
        y = 16 + n * _ROW
        width = (_WIDTH - _LEFT - 60) * row.points / most
        parts.append(f'<text class="name" x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(_short(row.title))}</text>')
        parts.append(f'<rect class="mark" x="{_LEFT}" y="{y - 8}" width="{width:.1f}" height="16"/>')
        parts.append(f'<text x="{_LEFT + width + 6:.1f}" y="{y + 4}">{row.points:.1f}</text>')
    return _svg(height, parts, "Points that each item costs a call on average. The table below has the figures.")


def _svg(height: int, parts: Sequence[str], label: str) -> str:
    drawn = f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    # On a phone it is moved sideways rather than made too small to read.
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label.partition(":")[0].partition(".")[0])}, picture">{drawn}</div>'


def _scale(bottom: int) -> list[str]:
    parts = []
    for value in (0, 25, 50, 75, 100):
        parts.append(f'<line class="axis" x1="{_x(value):.1f}" x2="{_x(value):.1f}" y1="4" y2="{bottom}"/>')
        parts.append(f'<text x="{_x(value):.1f}" y="{bottom + 15}" text-anchor="middle">{value}</text>')
    return parts


def _x(score: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * score / 100


def _y(score: float) -> float:
    return 10 + (_HEIGHT - 36) * (1 - score / 100)


def _short(name: str) -> str:
    return name if len(name) <= _NAME else name[: _NAME - 1] + "…"
