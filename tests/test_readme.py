"""The README tells the truth: what it says the commands print, they print."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from listening_coach import errors

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_report_is_as_shown() -> None:
    """The report in the README is what the first command prints, line for line."""
    (shown,) = re.findall(r"<!-- report: .*? -->\n```text\n(.*?)```", README, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-m", "listening_coach", "review", "data/samples/bank_card_fraud.json"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert len(shown.splitlines()) >= 20
    assert [line.rstrip() for line in done.stdout.splitlines()] == [line.rstrip() for line in shown.splitlines()]


def test_the_formats_are_those_that_are_read() -> None:
    """The README's table of formats is the one that the library gives."""
    spec = importlib.util.spec_from_file_location("publish_formats", ROOT / "tests" / "benchmarks" / "publish_formats.py")
    assert spec is not None
    assert spec.loader is not None
    publish = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(publish)
    assert publish.shown(README) == publish.table()


def test_both_commands_stand_on_the_first_screen() -> None:
    """Set-up and tests are one command each, and stand before anything else in the README."""
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)[:2]
    assert commands[0].startswith("python3 -m venv .venv && ")
    assert commands[1] == "python3 -m venv .venv-test && .venv-test/bin/pip install -q -e '.[test]' && .venv-test/bin/python -m pytest"
    assert README.index(commands[1]) < README.index("\n## ")


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#:]+)\)|`((?:data|listening_coach)/[\w./]+)`", README))
def test_named_files_exist(path: tuple[str, str]) -> None:
    """Every file that the README names is there."""
    assert (ROOT / (path[0] or path[1])).exists()


def test_the_example_runs(tmp_path: Path) -> None:
    """The Python names used in the README's example are there."""
    import listening_coach as lc

    report = lc.review(ROOT / "data/samples/bank_card_fraud.json")
    page = tmp_path / "call.html"
    report.to_html(page)
    assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert report.sections["listening"].score is not None
    assert report.items["empathy"].reason
    assert report.focus[0].instead
    assert issubclass(errors.ReadError, (errors.ListeningCoachError, ValueError))
