"""Broken input in every shape: an error of ours that says where, or the turns; never a fault from inside."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listening_coach.errors import ListeningCoachError, ReadError
from listening_coach.readers import read, read_many

from .shapes import SHAPES, Call, Said
from .test_services import CASES

CALL: Call = [
    Said(0, (("good", 1000, 1200), ("day", 1250, 1500))),
    Said(1, (("hello", 2600, 3000), ("there", 3100, 3400), ("you", 3450, 3600))),
    Said(0, (("right", 4800, 5000), ("then", 5100, 5400))),
]
DOCUMENTS: dict[str, Any] = {
    **{f"shape {n}": w for n, s in SHAPES.items() if not isinstance(w := s.write(CALL), str)},
    **{f"case {n}": c.document for n, c in CASES.items()},
}
TEXTS = {n: w for n, s in SHAPES.items() if isinstance(w := s.write(CALL), str)}
_INSTEAD = st.sampled_from(
    [None, "", "soon", -5, 1e300, 0, True, [], {}, [None], {"x": 1}, "2025-13-99T99:99:99Z", "PT-5S", "-1.2s", float("nan")]
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _reads_or_refuses(source: str) -> None:
    """Asserts that every call of the source has turns, or an error says where and what to do."""
    refused: list[ListeningCoachError] = []
    calls = []
    try:
        calls = list(read_many(source))
    except ListeningCoachError as error:
        refused.append(error)
    assert all(call.turns for call in calls)
    assert all(error.where and error.remedy for error in refused)


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_one_value_wrong(name: str, data: st.DataObject) -> None:
    """With one value of the document replaced or taken away, it is read, or refused by an error with a place and a remedy."""
    document = copy.deepcopy(DOCUMENTS[name])
    path = data.draw(st.sampled_from(list(_paths(document))))
    inner: Any = document
    for key in path[:-1]:
        inner = inner[key]
    if data.draw(st.booleans()):
        del inner[path[-1]]
    else:
        inner[path[-1]] = data.draw(_INSTEAD)
    _reads_or_refuses(json.dumps(document))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_cut_off(name: str) -> None:
    """A document that ends in the middle is refused as cut off or broken, with line and column."""
    text = json.dumps(DOCUMENTS[name])
    for share in (0.2, 0.5, 0.9, 0.99):
        with pytest.raises(ReadError, match=r"line 1, column \d+: the JSON (ends in the middle|is broken)"):
            read(text[: int(len(text) * share)])


@pytest.mark.parametrize("name", TEXTS)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_text_disturbed(name: str, data: st.DataObject) -> None:
    """A text with a piece cut out or put in is read, or refused by an error with a place and a remedy."""
    text = TEXTS[name]
    at, length = data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(0, 12))
    put = data.draw(st.sampled_from(["", "\n", "\n\n", ":", "-->", '"', "-1", "x", "\t", "{", "99:99:99", "\x15", "<", "é"]))
    disturbed = text[:at] + put + text[at + length :]
    _reads_or_refuses(disturbed + "\n")


@pytest.mark.parametrize("name", [n for n in SHAPES if n not in TEXTS and n not in ("elevenlabs", "harper-valley", "json")])
def test_nothing_said(name: str) -> None:
    """A document whose service heard nothing is refused, with the format and the place where turns belong."""
    with pytest.raises(ReadError, match=r"\(read as .*\), \$\S*: it holds (no turns|neither a transcript)"):
        read(json.dumps(SHAPES[name].write([])))


def test_another_version() -> None:
    """A document of a version that is not read is refused by its version."""
    with pytest.raises(ReadError, match=r"\$\.format: the format's version is '1\.0'"):
        read(json.dumps({**CASES["speechmatics"].document, "format": "1.0"}))


@pytest.mark.parametrize("format", ["deepgram", "whisper", "genesys", "vcon", "revai", "twilio", "speechmatics"])
def test_another_format_named(format: str) -> None:  # noqa: A002 - the contract's name
    """A document read as a format that it is not in lacks a field, which is named."""
    with pytest.raises(ReadError, match=r"\(read as .*\), \$\S*: "):
        read(json.dumps(CASES["azure fast"].document), format=format)
