"""Write the published accuracy from the benchmark's own output; no figure is typed by hand.

    python tests/benchmarks/publish_accuracy.py --tasks tasks.toml --reference reference.json punctuated.json [plain.json [misheard.json]]

Each JSON is what ``accuracy.py --json`` wrote: as transcribed, with ``--plain``, and with ``--plain --wer 0.1``. Writes
``data/ACCURACY-corpora.md``. ``publish_rounds.py`` writes what the blind rounds say.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="+", type=Path)
    parser.add_argument("--tasks", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    args = parser.parse_args()
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in args.results]
    tasks = {t["id"]: t for t in tomllib.loads(args.tasks.read_text(encoding="utf-8"))["task"]}
    reference: dict[str, float] = json.loads(args.reference.read_text(encoding="utf-8"))
    corpora = tomllib.loads(Path(__file__).with_name("corpora.toml").read_text(encoding="utf-8"))
    (ROOT / "data" / "ACCURACY-corpora.md").write_text(page(runs, tasks, reference, corpora), encoding="utf-8")


def page(runs: list[dict[str, Any]], tasks: dict[str, Any], reference: dict[str, float], corpora: dict[str, Any]) -> str:
    """The page for people."""
    first, *others = (run["tasks"] for run in runs)
    heads = ["plain", "misheard"][: len(others)]
    lines = [
        "# Accuracy on public conversations",
        "",
        "How well the library finds what people labelled in public conversations that nobody wrote for it. None of them is part of the",
        "library, and no weight was fitted on them. `tests/benchmarks/publish_accuracy.py` writes this page from the benchmark's output.",
        "",
        "- **P**, precision: the share of the findings that people labelled too. **R**, recall: the share of the labels that are",
        "  found. **F1** combines both; the 95 % interval is a bootstrap over conversations.",
        "- **trained**: F1 of a classifier of word sequences that was trained on labels of the same corpus, as a yardstick.",
    ]
    if heads:
        lines += ["- **plain**: F1 on the same words in lower case without punctuation."]
    if len(heads) > 1:
        lines += ["- **misheard**: the same, and one word in ten dropped or misheard."]
    lines += [
        "",
        "These figures are not blind: they come from the halves of the corpora whose errors were read while the phrases were written. Expect",
        "less on new talk; [ACCURACY.md](ACCURACY.md) has the blind figures. People agree with each other only in part, so no figure can reach 1.",
        "",
        f"| behaviour | corpus | labelled | P | R | F1 | 95 % | trained |{''.join(f' {h} |' for h in heads)}",
        f"|---|---|---:|---:|---:|---:|---|---:|{'---:|' * len(heads)}",
    ]
    for name, got in sorted(first.items(), key=lambda pair: pair[0]):
        behaviour = " or ".join(f"`{b}`" for b in tasks[name]["found"]) + (" with a date" if tasks[name].get("where") else "")
        trained = f"{reference[name]:.2f}" if name in reference else "–"
        row = [
            behaviour,
            corpora[tasks[name]["corpus"]]["title"],
            str(got["gold"]),
            f"{got['p']:.2f}",
            f"{got['r']:.2f}",
            f"**{got['f']:.2f}**",
        ]
        row += [f"{got['low']:.2f} to {got['high']:.2f}", trained, *(f"{o[name]['f']:.2f}" if name in o else "–" for o in others)]
        lines.append(f"| {' | '.join(row)} |")
    above = sum(got["f"] >= reference[name] for name, got in first.items() if name in reference)
    means = [sum(got["f"] for got in run.values()) / len(run) for run in (first, *others)]
    lines += [
        "",
        f"Mean F1 over {len(first)} tasks: **{means[0]:.3f}**"
        + "".join(f", {head} {mean:.3f}" for head, mean in zip(heads, means[1:], strict=True))
        + f". At or above the trained classifier on {above} of {sum(n in reference for n in first)}.",
    ]
    quality = runs[0].get("quality", {})
    if quality:
        lines += [
            "",
            "## The score",
            "",
            "How well the score orders counselling sessions that experts called good or poor: the chance that a good one scores",
            "above a poor one (ROC AUC; 0.5 is chance). The rubric is made for service calls, not for counselling.",
            "",
            "| score | AUC |",
            "|---|---:|",
            *(f"| {name.partition('/')[2]} | {value:.2f} |" for name, value in quality.items() if value == value),
        ]
    lines += ["", "## What the labels are worth", "", "| corpus | what it is | what its labels are worth |", "|---|---|---|"]
    used = {tasks[name]["corpus"] for name in first}
    lines += [f"| {c['title']} | {c['what']} | {c['worth']} |" for name, c in corpora.items() if name in used]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
