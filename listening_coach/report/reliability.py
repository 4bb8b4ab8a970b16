"""How reliably each behaviour is found, in a word, from the published accuracy."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("reliability.toml")


@cache
def reliability() -> Mapping[str, str]:
    """ "high", "fair" or "low" by behaviour; a behaviour that no public labels measure is not there."""
    return {name: row["word"] for name, row in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}
