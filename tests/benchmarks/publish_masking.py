"""Measures masking on the labelled cases and writes data/MASKING.md.

python tests/benchmarks/publish_masking.py
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import masking_cases

PAGE = masking_cases.FOLDER.parent / "MASKING.md"
_HEAD = """# How well masking works

Written by `tests/benchmarks/publish_masking.py` from the labelled cases in `data/masking/`, all invented for this project.

*Recall*: the share of the places of which every letter and digit is masked. *Precision*: of what is masked, the share that is labelled.
*Right kind*: the share of the places that carry the label of their kind.

## Cases that nobody had tuned to

This is the figure to go by. The cases were written by authors who had not read the patterns, and were measured once before any pattern was changed.
Look through some masked reports of your own calls before you rely on masking, and use `mask="names"` where names must go too.

| cases | turns | places | recall | right kind | precision |
|---|---|---|---|---|---|
"""
_ALL = """
Both times most of what was missed was said rather than written, and hangs on what was said before it: e-mail addresses, postcodes, streets and
dates of birth in words, short answers to a security question, and codes and numbers with letters in them or with asides between their parts.
The patterns have since been mended with these cases in view, so the figures below, over all cases, are higher than
what to expect of calls that nobody has seen. Labels of the second file were corrected after it was measured (its head says which): most had the wrong
kind, so its share of right kinds above is too low.

## All cases, with the patterns as they are

{turns} turns, {places} places in them that must be masked, and {near} turns with nothing to mask, most of them near misses such as order numbers,
prices, dates, times and model numbers.

| kind | places | recall | right kind | masked wrongly |
|---|---|---|---|---|
"""
_FIRST = masking_cases.FOLDER / "first_figures.toml"


def page() -> str:
    """The page's text."""
    return _HEAD + "".join(map(_first_row, tomllib.loads(_FIRST.read_text(encoding="utf-8"))["measured"])) + _all_cases()


def _first_row(row: dict[str, Any]) -> str:
    """What was measured once, on cases that nobody had tuned to."""
    places, masked = row["places"], row["masked"]
    shares = f"**{masked / places:.3f}** | {row['right_kind'] / places:.3f} | **{masked / (masked + row['false']):.3f}**"
    return f"| held out, {row['date']} (`{row['file']}`) | {row['turns']} | {places} | {shares} |\n"


def _all_cases() -> str:
    cases = [case for path in sorted(masking_cases.FOLDER.glob("*.txt")) for case in masking_cases.read(path)]
    turns = [labels for case in cases for labels in case.labels]
    by_kind = masking_cases.measure(cases)
    labelled, masked, right, false = (
        sum(getattr(f, name) for f in by_kind.values()) for name in ("labelled", "masked", "right_kind", "false")
    )
    rows = [
        f"| {kind} | {f.labelled} | {f.masked / f.labelled:.3f} | {f.right_kind / f.labelled:.3f} | {f.false} |"
        for kind, f in sorted(by_kind.items())
        if f.labelled
    ]
    rows.append(f"| **all** | {labelled} | **{masked / labelled:.3f}** | {right / labelled:.3f} | {false} |")
    head = _ALL.format(turns=len(turns), places=labelled, near=sum(not labels for labels in turns))
    return head + "\n".join(rows) + f"\n\nPrecision over all kinds: **{masked / (masked + false):.3f}**.\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(page())
