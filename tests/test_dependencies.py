"""The script that looks after dependencies: lower bounds, licences, a lock file, a bill of materials."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "dependencies.py"


def run(*arguments: str) -> str:
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, check=True, text=True).stdout


def test_every_licence_is_known() -> None:
    """Whatever the core installs says under which licence it stands, and none asks that what uses it be published."""
    lines = run("licences").splitlines()
    assert len(lines) > 20
    assert [line for line in lines if line.endswith("not stated") or re.search(r"(?<!L)GPL|Affero", line)] == []


def test_the_bill_of_materials_lists_what_is_installed() -> None:
    """The bill of materials is CycloneDX and names each package with its version."""
    bill = json.loads(run("sbom"))
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "listening-coach")
    names = {component["name"]: component["purl"] for component in bill["components"]}
    assert {"spacy", "nltk", "msgspec", "thinc"} <= names.keys()
    assert re.fullmatch(r"pkg:pypi/spacy@3\.[\d.]+", names["spacy"])


@pytest.mark.parametrize("name", ["spacy", "pytest", "ruff", "duckdb"])
def test_the_lock_file_holds_one_version_of_each(name: str) -> None:
    """The lock file that CI installs from pins what the core, the tests and the linters need."""
    lines = (SCRIPT.parent / "lock.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert all(re.fullmatch(r"[a-z0-9-]+==[^=\s]+", line) for line in lines)
    assert len([line for line in lines if line.startswith(f"{name}==")]) == 1
