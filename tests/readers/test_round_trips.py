"""Random calls written in the shape of each format and read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listening_coach.readers import formats, read

from .shapes import SHAPES, Call, Said

# Words that no format takes for a mark of its own.
_WORD = st.text("abdefghiklmnoprstuv", min_size=3, max_size=9).filter(lambda w: w not in ("sil", "and"))
# A word's silence before it and its length, in milliseconds: speech without long pauses.
_TIMED = st.tuples(_WORD, st.integers(0, 300), st.integers(50, 600))


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """A call of two who take turns, a second and more apart."""
    at = 0
    call = []
    first = draw(st.integers(0, 1))
    for n, words in enumerate(draw(st.lists(st.lists(_TIMED, min_size=2, max_size=6), min_size=2, max_size=8))):
        at += draw(st.integers(1000, 4000))
        timed = []
        for text, silence, length in words:
            timed.append((text, at + silence, at + silence + length))
            at += silence + length
        call.append(Said((first + n) % 2, tuple(timed)))
    return call


@pytest.mark.slow
@pytest.mark.parametrize("name", SHAPES)
@given(call=calls())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
def test_round_trip(name: str, call: Call, tmp_path: Path) -> None:
    """The format is found by content; turns, speakers, times and words are as they were written."""
    shape = SHAPES[name]
    written = shape.write(call)
    path = tmp_path / f"call{shape.suffix}"
    path.write_text(written if isinstance(written, str) else json.dumps(written), encoding="utf-8")
    found = read(path)
    assert found.metadata["format"] == name.split(" ")[0]
    assert found.evidence_tier == shape.tier
    assert [t.speaker for t in found.turns] == [shape.names[t.speaker] for t in call]
    assert [" ".join(t.text.removesuffix(" and so on").rstrip(".").split()) for t in found.turns] == [t.text for t in call]
    nil = call[0].start if shape.starts_at_nil else 0
    coarse = 1e-3
    for turn, said in zip(found.turns, call, strict=True):
        assert turn.start == pytest.approx((said.start - nil) / 1000, abs=coarse)
        if shape.tier != "starts":
            assert turn.end == pytest.approx(said.end / 1000, abs=coarse)
        if shape.tier == "words":
            assert [w.text.rstrip(".") for w in turn.words] == [w for w, _, _ in said.words]
            assert [(w.start, w.end) for w in turn.words] == [
                (pytest.approx(a / 1000, abs=coarse), pytest.approx(b / 1000, abs=coarse)) for _, a, b in said.words
            ]


def test_every_format_is_tried() -> None:
    """No format of the table is without a document of our own, here or among the services."""
    from .test_services import CASES

    here = {name.split(" ")[0] for name in SHAPES} | {case.format for case in CASES.values()}
    elsewhere = {"listening-coach", "excel", "json-calls", "contact-lens-stream", "convokit", "sbv", "json-text", "amazon-call-analytics"}
    elsewhere |= {
        "docx",
        "elan",
        "exmaralda",
        "tei",
        "transcriber",
        "ttml",
        "html",
        "rtf",
        "ass",
        "xml",
        "youtube-json",
        "youtube-xml",
        "message-blocks",
    }  # test_field and test_markup
    known = {row.name for row in formats()}
    assert known <= here | elsewhere, "add a shape in tests/readers/shapes.py"
    assert here | elsewhere <= known
