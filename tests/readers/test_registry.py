"""Formats from outside the package: registered, named by module, published under the entry-point group."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import listening_coach as lc
from listening_coach.errors import FormatUnknownError, ReaderError, ReadError
from listening_coach.readers import Document, ParsedCall, registry

TEXT = "ACME 1\na|Hello, how can I help?\nc|My boiler is cold.\n"


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    monkeypatch.setattr(registry, "_added", [])


def _turns(doc: Document) -> list[dict[str, Any]]:
    names = {"a": "agent", "c": "customer"}
    return [{"speaker": names[line[0]], "text": line[2:]} for line in doc.text.splitlines()[1:]]


def _is_acme(doc: Document) -> bool:
    return doc.start_text.startswith("ACME ")


def test_registered() -> None:
    """A registered format is found from the content, listed, and named in the call's metadata; turns may be mappings or tuples."""
    row = lc.register_format("acme", _turns, detect=_is_acme, suffixes=[".acme"])
    call = lc.read(TEXT)
    assert [(str(t.role), t.text) for t in call.turns] == [("agent", "Hello, how can I help?"), ("customer", "My boiler is cold.")]
    assert call.metadata["format"] == "acme"
    assert row in lc.formats()
    lc.register_format("pairs", lambda doc: [("agent", "Hi", 0.0, 1.5), ("customer", "customer", "Hello")])
    assert [(t.text, t.start, t.end) for t in lc.read("x\n", format="pairs").turns] == [("Hi", 0.0, 1.5), ("Hello", None, None)]


def test_found_by_suffix(tmp_path: Path) -> None:
    """Without ``detect`` the suffix decides."""
    lc.register_format("acme", _turns, suffixes=[".acme"])
    (tmp_path / "call.acme").write_text(TEXT)
    (tmp_path / "call.other").write_text("ACME 1\n")
    assert lc.read(tmp_path / "call.acme").metadata["format"] == "acme"
    with pytest.raises(FormatUnknownError):
        lc.read(tmp_path / "call.other")


def test_comes_first() -> None:
    """A registered format is asked before the package's own."""
    lc.register_format("mine", lambda doc: [("agent", "mine")], detect=lambda doc: "Agent:" in doc.start_text)
    assert lc.read("Agent: Hello.\nCustomer: Hi.\n").turns[0].text == "mine"


def test_several_calls() -> None:
    """A parser may yield a call at a time, with what it knows of it."""

    def parse(doc: Document) -> Iterator[ParsedCall]:
        for n, line in enumerate(doc.text.splitlines()):
            yield ParsedCall([{"speaker": "agent", "text": line, "place": f"line {n + 1}"}], id=f"c{n}")

    lc.register_format("lines", parse)
    assert [(c.id, c.turns[0].text) for c in lc.read_many("one\ntwo\n", format="lines")] == [("c0", "one"), ("c1", "two")]


def test_errors() -> None:
    """A name that is taken, a parser that returns something else, and its own errors are said with their place."""
    with pytest.raises(ReaderError, match="there is a format 'vtt' already"):
        lc.register_format("vtt", _turns)
    lc.register_format("odd", lambda doc: ["text"])
    with pytest.raises(ReadError, match="the parser gave 'text'"):
        lc.read("x\n", format="odd")
    lc.register_format("late", lambda doc: [{"speaker": "a", "text": "x", "start": 3.0, "end": 1.0}])
    with pytest.raises(ReadError, match=r"\(read as late\), turn 0: it ends at 1\.0 s, before it starts at 3\.0 s"):
        lc.read("x\n", format="late")


MODULE = """
from listening_coach.readers import Format
from listening_coach import EvidenceTier

def parse(doc):
    from listening_coach.readers import ParsedCall
    yield ParsedCall([{"speaker": "agent", "text": line[1:], "place": "line"} for line in doc.text.splitlines()])

FORMAT = Format("tilde", "Tilde", (".tilde",), EvidenceTier.NONE, "tests", lambda doc: doc.start_text.startswith("~"), parse)
BROKEN = "no format"
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "tilde_reader.py").write_text(MODULE)
    info = tmp_path / "tilde_reader-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tilde-reader\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[listening_coach.readers]\ntilde = tilde_reader:FORMAT\nbroken = tilde_reader:BROKEN\n")
    return tmp_path


def test_entry_point(package: Path) -> None:
    """A package that publishes a format is used without being imported by anybody; a broken one is a warning."""
    code = (
        "import sys, warnings; sys.path.insert(0, sys.argv[1]); import listening_coach as lc\n"
        "with warnings.catch_warnings(record=True) as seen:\n    warnings.simplefilter('always'); call = lc.read('~Hello\\n~there\\n')\n"
        "print(call.metadata['format'], len(call.turns), len(seen), 'broken' in str(seen[0].message))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(package)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["tilde", "2", "1", "True"]


def test_by_module(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``format="module:attribute"`` uses a format that nobody registered, as worker processes need it."""
    monkeypatch.syspath_prepend(package)
    assert lc.read("~Hello\n", format="tilde_reader:FORMAT").metadata["format"] == "tilde"
    with pytest.raises(ReaderError, match="'tilde_reader:BROKEN' is a str, not a Format"):
        lc.read("~Hello\n", format="tilde_reader:BROKEN")
    with pytest.raises(ReaderError, match="'tilde_reader:NONE' cannot be loaded"):
        lc.read("~Hello\n", format="tilde_reader:NONE")
