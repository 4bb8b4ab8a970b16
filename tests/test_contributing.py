"""The pages for contributors tell the truth: what they name is there, and their example works as written."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from listening_coach import Coach, Transcript

ROOT = Path(__file__).parents[1]
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / ".github").glob("*.md"))}
NAMED = sorted(
    {(page, path) for page, text in PAGES.items() for path in re.findall(r"`((?:listening_coach|tests|data|\.ci)/[\w./]*)`", text)}
    | {(page, f".github/{path}") for page, text in PAGES.items() for path in re.findall(r"\]\(([\w./]+)\)", text)}
)


@pytest.mark.parametrize(("page", "path"), NAMED, ids=lambda value: value)
def test_named_files_exist(page: str, path: str) -> None:
    """Every file and folder that a page names is there."""
    assert (ROOT / path).exists(), page


def test_markers_are_registered() -> None:
    """The quick tests leave out exactly the markers that are registered."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    (left_out,) = re.findall(r'pytest -m "(.*?)"', PAGES["CONTRIBUTING.md"])
    assert left_out == " and ".join(f"not {marker.split(':')[0]}" for marker in settings["markers"])


def test_the_detector_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The detector in the page finds what it says, put beside a behaviour file as the page tells."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGES["CONTRIBUTING.md"], re.DOTALL)
    (tmp_path / "contributed").mkdir()
    (tmp_path / "contributed" / "monologue.py").write_text(code, encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "monologue.toml").write_text(
        'title = "Talks long"\nmeaning = "M"\neffect = "hinders"\nadvice = "A"\nsource = "S"\n'
        'detector = "contributed.monologue:detect"\n[settings]\nmost_words = 80\n',
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    turns = [("agent", "word " * 81), ("customer", "word " * 81), ("agent", "word " * 80)]
    moments = Coach(behaviours=tmp_path / "own").annotate(Transcript.from_turns(turns))
    assert [(m.turn, m.rule) for m in moments if m.behaviour == "monologue"] == [(0, "a long turn")]
    del sys.modules["contributed.monologue"], sys.modules["contributed"]
