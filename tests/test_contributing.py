"""The pages for contributors tell the truth: what they name is there, and their example works as written."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from listening_coach import Coach, Transcript, read
from listening_coach.cli import app

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


def blocks(language: str) -> list[str]:
    """The blocks of code of a language on the page for contributors."""
    return re.findall(rf"```{language}\n(.*?)```", PAGES["CONTRIBUTING.md"], re.DOTALL)


def test_the_behaviour_holds(tmp_path: Path) -> None:
    """The behaviour file in the page is good, and the line for the rubric shows its item and counts nothing."""
    file, item = blocks("toml")
    (tmp_path / "spells_out.toml").write_text(file, encoding="utf-8")
    (tmp_path / "scored.toml").write_text(f'name = "scored"\nextends = "default"\n[sections.clarity.items]\n{item}', encoding="utf-8")
    done = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert done.output.splitlines() == [f"{tmp_path / 'scored.toml'}: good", f"{tmp_path / 'spells_out.toml'}: good, 4 examples hold"]
    call = read(ROOT / "data" / "samples" / "shop_wrong_item.csv")
    scored = Coach(behaviours=tmp_path, rubric=tmp_path / "scored.toml").review(call)
    assert "spells_out" in scored.items
    assert scored.score == Coach().review(call).score


def test_the_test_works() -> None:
    """The test of a detector in the page holds."""
    _, code = blocks("python")
    space: dict[str, Any] = {}
    exec(code, space)  # noqa: S102 - our own page
    space["test_a_long_wait_calls_for_word"]()


def test_the_detector_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The detector in the page finds what it says, put beside a behaviour file as the page tells."""
    code, _ = blocks("python")
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
