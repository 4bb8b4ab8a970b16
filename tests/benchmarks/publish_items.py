"""Writes ``data/ITEMS.md``: how the score of every item of the default rubric is spread over calls.

    python tests/benchmarks/publish_items.py

An item that nearly always has full marks, or nearly always none, tells no calls apart. The calls are those of ``data/gold/round_*.jsonl``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import mean, quantiles

import listening_coach as lc
from listening_coach.fitting.labelled import load

ROOT = Path(__file__).resolve().parents[2]
GOLD = sorted((ROOT / "data" / "gold").glob("round_*.jsonl"))
PAGE = ROOT / "data" / "ITEMS.md"


def row(title: str, weight: float, scores: Sequence[float | None]) -> str:
    """An item's row: how often it has a score, and how these scores are spread."""
    known = [score for score in scores if score is not None]
    if len(known) < 2:
        return f"| {title} | {weight:g} | {len(known)} | | | | | | |"
    low, middle, high = quantiles(known, n=4)
    none, full = (sum(score <= 0.5 for score in known), sum(score >= 99.5 for score in known))
    return (
        f"| {title} | {weight:g} | {len(known)} | {mean(known):.0f} | {low:.0f} | {middle:.0f} | {high:.0f} "
        f"| {none / len(known):.0%} | {full / len(known):.0%} |"
    )


def page(coach: lc.Coach) -> str:
    """The text of the page."""
    reports = [coach.review(call.transcript()) for path in GOLD for call in load(path)]
    reports = [report for report in reports if report.score is not None]
    head = (
        "| item | weight | calls | mean | lower quarter | median | upper quarter | nothing | full marks |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    )
    items = reports[0].items
    ordered = sorted(items.values(), key=lambda item: -item.weight)
    rows = [row(item.title, item.weight, [report.items[item.id].score for report in reports]) for item in ordered]
    return "\n".join(
        [
            "# How the items are spread",
            "",
            "The scores of every item of the rubric `default` over calls of our own, the weightiest first. Written by `python tests/benchmarks/publish_items.py`.",
            f"*Calls* is in how many of the {len(reports)} calls the item has a score; where nothing called for it, or times lack, it has none.",
            "These transcripts have no times, so that interruptions have no score in any.",
            "",
            *head,
            row("the call's score", 100, [report.score for report in reports]),
            *rows,
            "",
        ]
    )


def main() -> None:
    """The command."""
    PAGE.write_text(page(lc.Coach("default")), encoding="utf-8")


if __name__ == "__main__":
    main()
