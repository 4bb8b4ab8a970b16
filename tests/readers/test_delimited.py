"""CSV and TSV with a header."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening_coach.errors import ReadError
from listening_coach.readers import read
from listening_coach.transcript import EvidenceTier, Role


@pytest.mark.parametrize(
    "text",
    [
        "speaker,text,start,end\nAgent,\"Hello, there.\",0.5,1.5\nCustomer,Hi.,62,63.5\n",
        "Speaker\tUtterance\tStart Time\tEnd Time\nAgent\tHello, there.\t0:00.5\t00:00:01.5\nCustomer\tHi.\t1:02\t1:03.5\n",
        "role;message;start_ms;end_ms\nAgent;Hello, there.;500;1500\nCustomer;Hi.;62000;63500\n",
        "\ufeffStart (s)|End (s)|Participant|Content\n0.5|1.5|Agent|Hello, there.\n\n62|63.5|Customer|Hi.\n",
    ],
)  # fmt: skip
def test_headers_and_clocks(text: str) -> None:
    """Usual header names, delimiters and forms of time give the same two turns."""
    call = read(text)
    assert [(t.speaker, t.role, t.text, t.start, t.end) for t in call.turns] == [
        ("Agent", Role.AGENT, "Hello, there.", 0.5, 1.5),
        ("Customer", Role.CUSTOMER, "Hi.", 62.0, 63.5),
    ]
    assert call.evidence_tier is EvidenceTier.TURNS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("speaker,text,start\nAgent,hi, there,0\n", r"line 2: the row has 4 fields where the header has 3\. Put a text that holds ',' in quotation marks"),
        ("speaker,text,start\nAgent,hi,0\nAgent\n", "line 3: the row has 1 fields where the header has 3"),
        ("speaker,text,start\nAgent,hi,early\n", "line 2: the start 'early' is no time"),
        ("speaker,text\n", "it holds no turns"),
        ("speaker,text,start,end\nA,x,1,2\nA,\"two\nlines\",3,4\nA,y,9,5\n", "line 5: it ends at 5.0 s, before it starts at 9.0 s"),
        ("call_id,speaker,text\n1,A,x\n2,A,y\n1,A,z\n", "it holds several calls"),
    ],
)  # fmt: skip
def test_broken(text: str, message: str) -> None:
    """A row that is wrong is named by its line."""
    with pytest.raises(ReadError, match=message):
        read(text)


def test_long_field() -> None:
    """A turn of a megabyte is read, though the csv module stops at 128 kB by itself."""
    said = "so " * 350_000
    assert read(f"speaker,text\nAgent,{said}\n".encode()).turns[0].text == said.strip()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Agent", "Customer"]),
            st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40).filter(str.strip),
        ),
        min_size=1,
    ),
    st.sampled_from(",\t;"),
)
def test_round_trip(rows: list[tuple[str, str]], delimiter: str) -> None:
    """What the csv module writes is read back, with delimiters and quotation marks in the text."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([("speaker", "text"), *rows])
    assert [(t.speaker, t.text) for t in read(out.getvalue()).turns] == [(name, text.strip()) for name, text in rows]
