"""Masking: the labelled cases, spans that stay right, and nothing sensitive in anything that leaves the library."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import masking_cases
import pytest
from hypothesis import given
from hypothesis import strategies as st

import listening_coach as lc
from listening_coach import sensitive
from listening_coach.errors import ListeningCoachError, MissingExtraError
from listening_coach.masking import Masking, checked, masked_metadata
from listening_coach.report import Report
from listening_coach.transcript import Word

CASES = [case for path in sorted(masking_cases.FOLDER.glob("*.txt")) for case in masking_cases.read(path)]
CALL = lc.Transcript.from_turns(
    [
        ("agent", "Thanks for calling, how can I help you today with your account?"),
        ("customer", "My card was charged twice and I'm so angry. It's four one one one"),
        ("agent", "mm-hmm"),
        ("customer", "one one one one"),
        ("agent", "okay"),
        ("customer", "one one one one one one one one"),
        ("agent", "I'm sorry. I'll send the refund to 42 Birchwood Street by Friday and e-mail you at jo.smith@example.com."),
        ("customer", "Call me at 202-555-0143 tomorrow, please, this is ridiculous."),
        ("agent", "So your card 4111 1111 1111 1111 was charged twice, is that right? I will call you at 202-555-0143 tomorrow."),
        ("customer", "Yes."),
    ],
    metadata={"customer_phone": "+1 202 555 0143", "account_number": 12345678, "agent_id": "10234567"},
)
SECRETS = ("4111", "one one one one", "Birchwood", "jo.smith", "0143", "12345678")


def test_there_are_enough_cases() -> None:
    """The labelled set has at least 300 turns, more than a third of them near misses."""
    texts = [labels for case in CASES for labels in case.labels]
    assert len(texts) >= 300
    assert sum(not labels for labels in texts) >= 100


def test_recall_and_precision() -> None:
    """Of what is labelled 98 per cent is masked whole, and of what is masked 98 per cent is labelled."""
    figures = masking_cases.measure(CASES).values()
    labelled, masked, false = (sum(getattr(f, name) for f in figures) for name in ("labelled", "masked", "false"))
    wrong = "\n".join(w for f in figures for w in f.wrong)
    assert masked / labelled >= 0.98, wrong
    assert masked / (masked + false) >= 0.98, wrong


def test_a_measure_that_finds_nothing_is_nothing() -> None:
    """The measure itself: finding nothing has recall 0, and masking everything has false alarms."""
    nothing = masking_cases.measure(CASES, lambda texts, speakers: [[] for _ in texts])
    assert sum(f.masked for f in nothing.values()) == 0
    everything = masking_cases.measure(CASES, lambda texts, speakers: [[sensitive.Span(0, len(t), "card")] for t in texts])
    assert everything["card"].false > 100


@pytest.mark.parametrize(
    "rendered",
    [Report.to_json, Report.to_markdown, Report.to_html, str, Report._repr_html_, lambda report: report.to_frame().to_csv()],
    ids=["json", "markdown", "html", "text", "notebook", "frame"],
)
def test_nothing_sensitive_leaves(rendered: Callable[[Report], str]) -> None:
    """No form of a report holds any part of what is sensitive, and with mask=False it is all there, and said so."""
    # What the library itself advises to say is no part of the call.
    masked = rendered(lc.review(CALL))
    assert [secret for secret in SECRETS if secret in masked] == []
    open_report = lc.Coach(mask=False).review(CALL)
    assert "mask=False" in open_report.notes[-1]
    assert "202-555-0143" in rendered(open_report)


def test_finding_uses_the_original() -> None:
    """The moments of a report are those of the words as they were said; masked they are as many, each with its place in the masked turn."""
    report = lc.review(CALL)
    masked = report.masked
    assert report.transcript is CALL
    assert [(m.behaviour, m.turn) for m in report.moments] == [(m.behaviour, m.turn) for m in masked.moments]
    for place in (*masked.moments, *masked.occasions):
        assert place.quote == masked.transcript.turns[place.turn].text[place.start : place.end] != ""
    assert masked.masked is masked
    assert masked.score == report.score
    assert masked.masking.found == {"address": 1, "card": 4, "email": 1, "phone": 2}
    assert masked.transcript.metadata == {"customer_phone": "[phone number]", "account_number": "[account number]", "agent_id": "10234567"}


@given(st.sampled_from([case for case in CASES if any(case.labels)]), st.data())
def test_spans_stay_right(case: masking_cases.Case, data: st.DataObject) -> None:
    """A span of the original becomes one that holds the same words where nothing is masked, and whole labels where something is."""
    call = lc.Transcript.from_turns(list(zip(case.speakers, case.texts, strict=True)))
    masking = Masking(call)
    turn = data.draw(st.integers(0, len(case.texts) - 1))
    text = case.texts[turn]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = masking.span(turn, start, end)
    masked = masking.transcript.turns[turn].text
    assert 0 <= first <= last <= len(masked)
    spans = sensitive.find(case.texts, case.speakers)[turn]
    if not any(s.start < end and start < s.end for s in spans):
        assert masked[first:last] == text[start:end] or start == end
    assert masking.span(turn, 0, len(text)) == (0, len(masked))


@given(st.lists(st.tuples(st.sampled_from(["agent", "customer"]), st.text(max_size=80)), max_size=6))
def test_any_text_can_be_masked(turns: list[tuple[str, str]]) -> None:
    """Masking takes any text, never raises, and finds spans in order and apart."""
    for text, spans in zip((t for _, t in turns), sensitive.find([t for _, t in turns], [s for s, _ in turns]), strict=True):
        at = 0
        for span in spans:
            assert at <= span.start < span.end <= len(text)
            at = span.end


def test_timed_words_are_masked_too() -> None:
    """The timed words of a number become one word with the number's whole time, and the others keep theirs."""
    words = [Word(w, float(i), i + 0.5) for i, w in enumerate(["call", "me", "at", "202", "555", "0143", "please"])]
    call = lc.Transcript.from_turns([{"speaker": "customer", "text": "call me at 202 555 0143 please", "words": words}])
    masked = lc.mask(call).turns[0]
    assert [tuple(w) for w in masked.words[2:]] == [("at", 2.0, 2.5), ("[phone number]", 3.0, 5.5), ("please", 6.0, 6.5)]


def test_speakers_named_by_their_numbers() -> None:
    """Speakers whom a telephone system names by their numbers are told apart by a number of ours."""
    call = lc.Transcript.from_turns([("+12025550143", "hello"), ("+12025550178", "hi"), ("Dana", "bye")])
    assert lc.mask(call).speakers == ("[phone number] 1", "[phone number] 2", "Dana")


def test_errors_show_a_masked_and_bounded_excerpt() -> None:
    """A file's content shows in an error masked, and 200 characters of it at most."""
    with pytest.raises(ListeningCoachError) as caught:
        lc.Transcript.from_turns([{"speaker": "a", "text": ["card 4111 1111 1111 1111", "x" * 5000]}])
    assert "4111" not in str(caught.value)
    assert len(str(caught.value)) < 1500


def test_keys_of_metadata_tell_what_values_are() -> None:
    """Numbers under a telling key are masked, ids and dates are kept."""
    given = {
        "ssn": 123456789,
        "contact": {"phone": "202 555 0143"},
        "customer_id": 5551234,
        "started_at": "2025-06-09T14:12:07",
        "turns": 41,
    }
    assert masked_metadata(given) == {**given, "ssn": "[identity number]", "contact": {"phone": "[phone number]"}}


def test_masking_twice_changes_nothing() -> None:
    """A masked call has nothing left to mask."""
    once = lc.mask(CALL)
    assert lc.mask(once) == once


def test_switch() -> None:
    """mask= takes True, False and "names"; names need their extra."""
    with pytest.raises(ListeningCoachError, match="mask is 'yes'"):
        checked("yes")


# Makes a package of a language model: spaCy's own pipeline with rules in place of weights, under a name that spaCy's models have.
MODEL = """
import sys
from pathlib import Path
import spacy
here = Path(sys.argv[1])
package = here / "en_core_web_sm"
package.mkdir()
nlp = spacy.blank("en")
rules = [("PERSON", "Ada Okafor"), ("GPE", "Bristol"), ("NORP", "Welsh"), ("ORG", "Nestlet")]
nlp.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": text} for label, text in rules])
nlp.to_disk(package / "model")
(package / "__init__.py").write_text(
    "from pathlib import Path\\nimport spacy\\ndef load(**given):\\n    return spacy.load(Path(__file__).parent / 'model', **given)\\n"
)
facts = here / "en_core_web_sm-3.8.0.dist-info"
facts.mkdir()
(facts / "METADATA").write_text("Metadata-Version: 2.1\\nName: en_core_web_sm\\nVersion: 3.8.0\\n")
"""
# Reviews a call with names masked, and prints the turns as the report shows them.
NAMES = """
import sys
sys.path.insert(0, sys.argv[1])
import listening_coach as lc
call = "Agent: Nestlet, this is Ada Okafor.\\nCustomer: I live in Bristol, a Welsh friend gave me your number. My card is 4111 1111 1111 1111.\\n"
report = lc.Coach(mask="names").review(call)
print(*(turn.text for turn in report.masked.transcript.turns), sep="\\n")
"""


@pytest.mark.engines
def test_names_by_presidio(tmp_path: Path) -> None:
    """Presidio with a model of spaCy's masks names of people, places, groups and firms, beside what is masked always."""
    subprocess.run([sys.executable, "-c", MODEL, str(tmp_path)], check=True, timeout=300)
    shown = subprocess.run([sys.executable, "-c", NAMES, str(tmp_path)], check=True, timeout=300, capture_output=True, text=True).stdout
    assert shown.splitlines() == [
        "[organisation], this is [name].",
        "I live in [place], a [group] friend gave me your number. My card is [card number].",
    ]


@pytest.mark.engines
def test_names_need_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a language model the error names the command that installs one; nothing is fetched."""
    monkeypatch.setattr("spacy.util.is_package", lambda name: False)
    with pytest.raises(MissingExtraError, match="python -m spacy download en_core_web_lg"):
        lc.Coach(mask="names")


def test_names_need_presidio(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Presidio the error names the extra."""
    monkeypatch.setitem(sys.modules, "presidio_analyzer", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'listening-coach\[masking\]'"):
        lc.Coach(mask="names")


def test_a_report_read_back_is_masked_as_it_was() -> None:
    """A report of masked data says that it is masked, and is not masked again."""
    back = Report.from_json(lc.review(CALL).to_json())
    assert back.masking.on
    assert back.masked is back
    unmasked = Report.from_json(lc.Coach(mask=False).review(CALL).to_json())
    assert not unmasked.masking.on
    assert "jo.smith" in unmasked.to_json()
    assert replace(unmasked, mask=True).masked.masking.on
