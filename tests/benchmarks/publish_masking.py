"""Measures masking on the labelled cases and writes data/MASKING.md.

python tests/benchmarks/publish_masking.py
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import masking_cases

PAGE = masking_cases.FOLDER.parent / "MASKING.md"
_HEAD = """# How well masking works

Written by `tests/benchmarks/publish_masking.py` from the labelled cases in `data/masking/`: {turns} turns that were invented for this project,
{places} places in them that must be masked, and {near} turns with nothing to mask, most of them near misses such as order numbers, prices, dates, times
and model numbers. The patterns were written by the people who wrote the cases, so expect less on calls of your own: look through some masked
reports before you rely on it, and use `mask="names"` where names must go too.

*Recall*: the share of the places of which every letter and digit is masked. *Precision*: of what is masked, the share that is labelled.
*Right kind*: the share of the places that carry the label of their kind.

| kind | places | recall | right kind | masked wrongly |
|---|---|---|---|---|
"""


def page() -> str:
    """The page's text."""
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
    head = _HEAD.format(turns=len(turns), places=labelled, near=sum(not labels for labels in turns))
    return head + "\n".join(rows) + f"\n\nPrecision over all kinds: **{masked / (masked + false):.3f}**.\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(page())
