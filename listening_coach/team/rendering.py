"""Templates of the team's pages, and how they write figures."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from .statistics import Figure


@cache
def environment() -> Environment:
    """The templates; everything that is filled in is escaped."""
    found = Environment(
        loader=PackageLoader("listening_coach.team"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    found.filters |= {"percent": percent, "figure": figure, "whole": whole, "signed": signed, "day": day, "clock": clock}
    return found


def render(template: str, **values: Any) -> str:
    """A page."""
    return environment().get_template(template).render(**values)


def percent(value: Figure | None) -> str:
    """A share with its interval, in per cent."""
    if value is None:
        return ""
    return Figure(100 * value.value, _hundred(value.low), _hundred(value.high), value.n).text(0)


def _hundred(value: float | None) -> float | None:
    return None if value is None else 100 * value


def figure(value: Figure | None, digits: int = 0) -> str:
    """A figure with its interval."""
    return "" if value is None else value.text(digits).replace("-", "−")


def whole(value: float | None) -> str:
    """A number without digits behind the point."""
    return "" if value is None else f"{value:z.0f}".replace("-", "−")


def signed(value: float) -> str:
    """A change, with its sign and without digits behind the point."""
    return f"{value:+z.0f}".replace("-", "−")


def day(value: Any) -> str:
    """A date: 2 March 2026."""
    return "" if value is None else f"{value.day} {value:%B %Y}"


def clock(value: float | None) -> str:
    """A time in a call: 4:05."""
    return "" if value is None else f"{int(value) // 60}:{int(value) % 60:02}"
