"""JSON Schemas of the library's files: rubrics, behaviours, and reports as data.

They are made from the types that check and write these files. The same schemas lie in this folder as ``*.schema.json``, for editors and
other programs; ``python tests/benchmarks/publish_schema.py`` writes them, and a test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from ..behaviours.file import BehaviourFile
from ..report.file import ReportFile
from ..rubric import Rubric

HERE = Path(__file__).parent
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a "rubric", a "behaviour" or a "report" file.

    TOML files are described by the tables that they hold.

    Raises:
        KeyError: there is no schema of this kind.
    """
    title, make = _MADE[kind]
    # Tuples and the like become what JSON has.
    made: dict[str, Any] = json.loads(json.dumps({"$schema": _DIALECT, "title": title, **make()}))
    return made


def kinds() -> tuple[str, ...]:
    """The kinds of files that have a schema."""
    return tuple(_MADE)


def path(kind: str) -> Path:
    """The file in which the schema of a kind is shipped."""
    return HERE / f"{kind}.schema.json"


def _rubric() -> dict[str, Any]:
    """Either a whole rubric, or one that extends another and holds what differs."""
    defs = msgspec.json.schema(Rubric)["$defs"]
    return {
        "anyOf": [{"$ref": "#/$defs/Rubric"}, {"$ref": "#/$defs/RubricChange"}],
        "$defs": {**defs, **{_changed(name): _change(name, table) for name, table in defs.items() if name in _CHANGES}},
    }


# What may stand in a rubric that extends another, and the keys that come to it there. Lists, such as the bands, are replaced whole.
_REMOVE = {"remove": {"const": True, "description": "leaves it out"}}
_CHANGES: Mapping[str, Mapping[str, Any]] = {
    "Rubric": {
        "extends": {"type": "string", "pattern": r"\S", "description": "the name of a rubric of the library, or the path of a file"}
    },
    "SectionRule": _REMOVE,
    "ItemRule": _REMOVE,
    "Gate": {},
    "FocusRule": {},
    "StrengthRule": {},
}


def _changed(name: str) -> str:
    return f"{name}Change"


def _change(name: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """The definition of a table of which any part may be left out."""
    text = json.dumps(table)
    for other in _CHANGES:
        text = text.replace(f'"#/$defs/{other}"', f'"#/$defs/{_changed(other)}"')
    change: dict[str, Any] = json.loads(text)
    for each in change["properties"].values():
        each.pop("default", None)
        each.pop("minProperties", None)
    change["title"] = _changed(name)
    change["properties"] |= _CHANGES[name]
    change["required"] = ["extends"] if name == "Rubric" else []
    return change


def _behaviour() -> dict[str, Any]:
    return msgspec.json.schema(BehaviourFile)


def _report() -> dict[str, Any]:
    return msgspec.json.schema(ReportFile)


_MADE: Mapping[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "rubric": ("A rubric of listening_coach", _rubric),
    "behaviour": ("A behaviour of listening_coach", _behaviour),
    "report": ("A report of listening_coach as data", _report),
}
