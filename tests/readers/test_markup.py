"""Word documents, and XML that is broken, hostile or of another kind."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from listening_coach.errors import FormatUnknownError, ReadError
from listening_coach.readers import read

from .field_shapes import TALK, TEXTS

NAMES = ("Ines Marlow", "Tom Kerr")


def _document(*, table: bool) -> bytes:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_heading("Call of 6 May", 0)
    if table:
        rows = [("Speaker", "Text"), *((NAMES[who], text) for who, text, _, _ in TALK)]
        grid = document.add_table(rows=len(rows), cols=2)
        for row, cells in zip(grid.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    else:
        for who, text, start, _ in TALK:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{NAMES[who]}   0:{int(start):02}").bold = True
            paragraph.add_run().add_break()
            paragraph.add_run(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_document(tmp_path: Path) -> None:
    """A saved Teams transcript, whose paragraphs hold name, time and text, is read with its starts."""
    path = tmp_path / "call.docx"
    path.write_bytes(_document(table=False))
    call = read(path)
    assert [t.text for t in call.turns] == TEXTS
    assert [t.speaker for t in call.turns] == [NAMES[who] for who, _, _, _ in TALK]
    assert call.turns[-1].start == 18.0
    assert call.metadata["format"] == "docx"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<?xml version='1.0'?><TEI><text><u who='a'>Hello</text></TEI>", "line 1: the XML is broken: mismatched tag"),
        (
            "<?xml version='1.0'?><!DOCTYPE TEI [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><TEI><text><body><u who='a'>&b;</u></body></text></TEI>",
            "the XML is not to be trusted: EntitiesForbidden",
        ),
        (
            "<?xml version='1.0'?><catalogue><book>One</book></catalogue>",
            "it is XML \\(its root is 'catalogue'\\) of no kind that is known",
        ),
        ("<html><body><p>Opening hours and prices.</p></body></html>", "it is an HTML page without lines that name a speaker"),
        ("<?xml version='1.0'?><ANNOTATION_DOCUMENT><TIME_ORDER/></ANNOTATION_DOCUMENT>", "it holds no turns"),
    ],
)
def test_refused(text: str, message: str) -> None:
    """XML that is broken, hostile, empty or something else is refused by name."""
    with pytest.raises(ReadError, match=message):
        read(text + "\n")


def test_markup_in_what_is_said() -> None:
    """A transcriber's tags go, marks of redaction stay."""
    start = "<?xml version='1.0'?><Trans><Episode><Section><Turn speaker='Agent' startTime='0' endTime='2'><Sync time='0'/>"
    call = read(start + "&lt;UNSURE&gt;Hello&lt;/UNSURE&gt; &lt;UNIN/&gt; [PII] there</Turn></Section></Episode></Trans>\n")
    assert [t.text for t in call.turns] == ["Hello [PII] there"]


def test_unknown_is_format_unknown() -> None:
    """The error for another kind of XML is the one for unknown formats, as for any other content."""
    with pytest.raises(FormatUnknownError):
        read("<?xml version='1.0'?><rss><channel/></rss>\n")
