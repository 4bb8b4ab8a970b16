"""Write the README's table of formats from ``listening_coach.formats()``.

python tests/benchmarks/publish_formats.py
"""

from __future__ import annotations

import re
from pathlib import Path

import listening_coach as lc

README = Path(__file__).resolve().parents[2] / "README.md"
MARK = "<!-- formats: written from lc.formats(); a test holds it -->\n"


def table() -> str:
    """The table as it stands in the README, between its fold marks."""
    rows = ["| format | `format=` | files | times | who writes it |", "|---|---|---|---|---|"]
    for f in lc.formats():
        extra = f" (needs `listening-coach[{f.extra}]`)" if f.extra else ""
        rows.append(f"| {f.title}{extra} | `{f.name}` | {' '.join(f.suffixes) or '–'} | {f.tier} | {f.origin} |")
    count = len(rows) - 2
    return f"<details><summary>{count} formats, each found from its content</summary>\n\n" + "\n".join(rows) + "\n\n</details>\n"


def shown(readme: str) -> str:
    """The table that a README holds."""
    found = re.search(re.escape(MARK) + r"(<details>.*?</details>\n)", readme, re.DOTALL)
    return found.group(1) if found else ""


def main() -> None:
    readme = README.read_text(encoding="utf-8")
    bare = readme.replace(MARK + shown(readme), MARK)
    README.write_text(bare.replace(MARK, MARK + table()), encoding="utf-8")


if __name__ == "__main__":
    main()
