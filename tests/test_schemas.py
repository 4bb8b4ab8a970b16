"""The JSON Schemas: every file of ours is valid by them, what the library refuses is not, and the shipped files are up to date."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from benchmarks.publish_schema import schema_text
from jsonschema import Draft202012Validator

import listening_coach as lc
from listening_coach import behaviours, rubric, schemas

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


def validator(kind: str) -> Draft202012Validator:
    Draft202012Validator.check_schema(schemas.schema(kind))
    return Draft202012Validator(schemas.schema(kind))


def table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", rubric.names())
def test_our_rubrics(name: str) -> None:
    """Every rubric of ours is valid."""
    validator("rubric").validate(table(rubric.HERE / f"{name}.toml"))


@pytest.mark.parametrize("name", behaviours.builtin())
def test_our_behaviours(name: str) -> None:
    """Every behaviour file of ours is valid."""
    validator("behaviour").validate(table(behaviours.HERE / f"{name}.toml"))


@pytest.mark.parametrize("name", ["bank_card_fraud.json", "it_help_desk_vpn.txt", "renewal_outbound.json"])
def test_our_reports(name: str) -> None:
    """The report on a sample call is valid."""
    validator("report").validate(lc.review(SAMPLES / name).to_dict())


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("rubric", {"name": "mine"}),
        ("rubric", {"extends": "default", "colour": "red"}),
        ("rubric", {"extends": "default", "sections": {"empathy": {"items": {"empathy": {"weight": -1}}}}}),
        ("rubric", {"extends": "default", "sections": {"empathy": {"remove": False}}}),
        ("behaviour", {"title": "Says moo"}),
        ("behaviour", {**table(behaviours.HERE / "hold.toml"), "effect": "amuses"}),
        ("report", {"schema_version": "2.0"}),
    ],
)
def test_what_is_wrong(kind: str, data: dict[str, Any]) -> None:
    """What the library refuses is not valid."""
    assert not validator(kind).is_valid(data)


@pytest.mark.parametrize("kind", schemas.kinds())
def test_shipped(kind: str) -> None:
    """The schema in the package is the one that the types give; publish_schema.py writes it anew."""
    assert schemas.path(kind).read_text(encoding="utf-8") == schema_text(kind)


def command(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "listening_coach", *args], capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_command() -> None:
    """The command prints a schema as JSON; a kind that there is not is wrong usage."""
    assert json.loads(command("schema", "rubric").stdout) == schemas.schema("rubric")
    wrong = command("schema", "poem")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "'poem': there is no such schema. The schemas are: rubric, behaviour, report.\n"
