"""What ``check`` finds wrong with files, as values; ``test_cli`` holds how it is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from listening_coach.behaviours import HERE
from listening_coach.file_checks import checked_files

GOOD = """
title = "Says moo"
effect = "helps"
detector = "phrases"
meaning = "Says moo."
advice = "Say moo."
source = "Our own team"
phrases = ["moo"]
"""


@pytest.mark.parametrize(
    ("added", "problems", "praise"),
    [
        ("", [], "good, but it has no examples"),
        ('fires = ["Moo."]\nsilent = ["Baa."]', [], "good, 2 examples hold"),
        ('fires = ["Baa."]', ["fires[0] 'Baa.' is not found"], "good, 1 example holds"),
        ('silent = ["Moo."]', ["silent[0] 'Moo.' is found: 'Moo' by 'moo'"], "good, 1 example holds"),
        ('phrase = ["moo"]', ["phrase"], ""),
    ],
)
def test_a_behaviour_file(tmp_path: Path, added: str, problems: list[str], praise: str) -> None:
    """A file is good where its form is right and each of its examples holds; else each fault is told."""
    file = tmp_path / "moo.toml"
    file.write_text(GOOD.replace('phrases = ["moo"]', added) if added.startswith("phrase =") else GOOD + added, encoding="utf-8")
    ((checked, told, good),) = checked_files([file], {})
    assert checked == file
    assert len(told) == len(problems)
    assert all(problem in each for problem, each in zip(problems, told, strict=True))
    assert good == praise


def test_our_own_files_are_good() -> None:
    """Every behaviour file of the package holds what the package asks of its own."""
    files = sorted(HERE.glob("*.toml"))
    assert [(file.name, told) for file, told, _ in checked_files(files, {}) if told] == []
