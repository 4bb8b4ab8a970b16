"""The coach: the contract of names, what changes nothing, and calls that cannot be judged."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import listening_coach as lc
from listening_coach import Coach, Report, Role, Transcript, TranscriptError

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "samples").iterdir())


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach()


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda p: p.name)
def call(request: pytest.FixtureRequest) -> Transcript:
    return lc.read(request.param)


def shown(report: Report) -> list[tuple[Any, ...]]:
    """What was found and scored, without the words around it."""
    moments = [(m.behaviour, m.kind, m.turn, "".join(m.quote.split()), m.inferred) for m in report.moments]
    return [*moments, (report.score, {k: i.score for k, i in report.items.items()})]


def test_contract(coach: Coach, call: Transcript) -> None:
    """A report has every name of the contract, with values in their ranges; moments come in order of turn and start."""
    report = coach.review(call)
    assert report.score is not None
    assert 0 <= report.score <= 100
    assert list(report.sections) == ["listening", "empathy", "ownership", "clarity", "courtesy"]
    for item in report.items.values():
        assert item.score is None or 0 <= item.score <= 100
        assert item.reason
        assert item.hits >= 0 <= item.occasions
    assert [(m.turn, m.start) for m in report.moments] == sorted((m.turn, m.start) for m in report.moments)
    everybodys = coach.annotate(call)
    assert report.moments == tuple(m for m in everybodys if m.role is not Role.CUSTOMER or coach.behaviours[m.behaviour].speakers == "all")
    assert len(everybodys) > len(report.moments) > 0
    assert report.evidence_tier == call.evidence_tier
    assert 1 <= len(report.focus) <= 2
    assert report.metrics.turns == len(call.turns)


def test_every_quote_stands_in_its_turn(coach: Coach, call: Transcript) -> None:
    """Every quote of a report, moment, occasion, focus or action point, is what the turn says there."""
    report = coach.review(call)
    for place in (*report.moments, *report.occasions):
        assert place.quote == call.turns[place.turn].text[place.start : place.end] != ""
    for finding in (*report.focus, *report.strengths):
        if finding.evidence:
            assert finding.evidence.quote in call.turns[finding.evidence.turn].text
    for point in report.action_points:
        assert point.quote in call.turns[point.turn].text


def test_names_ids_and_spaces_change_nothing(coach: Coach, call: Transcript) -> None:
    """Speakers' names, turns' ids and the width of spaces change neither what is found nor the score."""
    names = {name: f"speaker {number}" for number, name in enumerate(call.speakers)}
    other = replace(
        call,
        id="another",
        turns=tuple(
            replace(t, speaker=names[t.speaker], id=f"x{n}", text="  ".join(t.text.split(" ")) + " " if not t.words else t.text)
            for n, t in enumerate(call.turns)
        ),
    )
    assert shown(coach.review(other)) == shown(coach.review(call))


def test_reviewing_changes_nothing_passed_in(coach: Coach, call: Transcript) -> None:
    """A transcript is the same after a review, and a second review of it is the same."""
    before = pickle.dumps(call)
    first = coach.review(call)
    assert pickle.dumps(call) == before
    assert coach.review(call) == first


@pytest.mark.slow
def test_threads_and_processes(coach: Coach) -> None:
    """One coach serves several threads, though none of its words are known yet, and a pickled one reviews alike."""
    calls = [lc.read(path) for path in SAMPLES]
    one_by_one = [shown(coach.review(c)) for c in calls]
    with ThreadPoolExecutor(4) as pool:
        assert [shown(r) for r in pool.map(Coach().review, calls)] == one_by_one
    again: Coach = pickle.loads(pickle.dumps(coach))  # noqa: S301 - our own bytes
    assert [shown(again.review(c)) for c in calls] == one_by_one


def test_reports_pickle(coach: Coach, call: Transcript) -> None:
    """A report crosses a process border whole."""
    report = coach.review(call)
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - our own bytes


def test_review_takes_a_path() -> None:
    """The one-line way reads the file and reviews it with the default rubric."""
    assert lc.review(SAMPLES[0]) == Coach().review(lc.read(SAMPLES[0]))


def test_review_in_one_line(tmp_path: Path) -> None:
    """The one-line way takes rubric, behaviours, roles, format and language, for a path and for a call that has been read."""
    path = tmp_path / "call.txt"
    path.write_text("\n".join(f"spk_{n % 2}: hello there, this is a line of the call, moo" for n in range(12)), encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "moo.toml").write_text(
        'title = "Moo"\nmeaning = "M"\neffect = "helps"\ndetector = "phrases"\nadvice = "A"\nsource = "S"\nphrases = ["moo"]\n',
        encoding="utf-8",
    )
    roles = {"spk_0": "agent", "spk_1": "customer"}
    for source in (path, lc.read(path)):
        report = lc.review(
            source,
            rubric={"extends": "outbound", "sections": {"listening": {"items": {"moo": {"measure": "occasions"}}}}},
            behaviours=tmp_path / "own",
            roles=roles,
            language="en-GB",
        )
        assert (report.rubric, report.items["moo"].hits) == ("custom", 6)
        assert [t.role for t in report.transcript[:2]] == ["agent", "customer"]
        assert report.transcript.metadata["language"] == "en-GB"
    assert lc.review(path, rubric="internal", roles=roles, format="text").rubric == "internal"
    german = lc.read(path, roles=roles, metadata={"language": "de"})
    assert lc.review(german).not_scored_code is lc.NotScoredCode.OTHER_LANGUAGE
    assert lc.review(german, language="en").not_scored_code is None
    with pytest.raises(lc.LanguageError):
        lc.review(german, language="tlh")


def test_a_format_for_what_has_been_read() -> None:
    """A call that has been read takes no format."""
    with pytest.raises(TranscriptError, match=r"the format 'vtt' is given for a call that has been read\. Leave out format=\."):
        lc.review(Transcript.from_turns([("agent", "hi")]), format="vtt")


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ([], "no turns"),
        ([("agent", "")] * 5, "no speaker is known to be the customer"),
        ([("agent", "hello"), ("customer", "hi")], "too short"),
        ([("x", "hello there my friend"), ("y", "hello to you too")] * 10, "no speaker is known to be the agent"),
        ([("agent", "thank you for calling we are closed today please call again tomorrow morning")] * 9, "one-sided"),
        ([("ivr", "press one for sales, press two for support")] * 9, "no speaker is known to be the agent"),
        ([("agent", "你好，请问有什么可以帮您"), ("customer", "我的网络坏了")] * 5, "too short"),
    ],
)
def test_not_scored(coach: Coach, turns: list[Any], reason: str) -> None:
    """What cannot be judged has no score and says why; the report is made all the same."""
    report = coach.review(Transcript.from_turns(turns))
    assert report.score is None
    assert report.not_scored is not None
    assert reason in report.not_scored
    assert report.focus == report.strengths == ()
    assert "not scored" in str(report).lower()


@pytest.mark.parametrize(
    "text",
    ["", " ", "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467", "<script>alert('x')</script> & <b>bold</b>", "\x00\x07\u202e", "word " * 200_000,
     "ﷺ مرحبا", "?!?!...", "[laughter] [PII] #NAME# %", "'" * 50, "um uh er"],
    ids=["empty", "space", "emoji", "html", "control", "a megabyte", "arabic", "signs", "tags", "quotes", "fillers"],
)  # fmt: skip
def test_odd_texts(coach: Coach, text: str) -> None:
    """Whatever a turn holds, it is reviewed, and its text is kept as it was."""
    call = Transcript.from_turns([("customer", text), ("agent", text), ("customer", "my router is broken")])
    report = coach.review(call)
    assert [t.text for t in report.transcript.turns] == [text, text, "my router is broken"]
    assert all(m.quote == call.turns[m.turn].text[m.start : m.end] for m in report.moments)


@pytest.mark.slow
def test_ten_thousand_turns(coach: Coach) -> None:
    """A call of ten thousand turns is reviewed whole."""
    turns = [
        ("customer" if n % 2 else "agent", "well I can't see it on the bill, is that right?", float(n), n + 1.2) for n in range(10_000)
    ]
    report = coach.review(Transcript.from_turns(turns))
    assert report.metrics.turns == 10_000
    assert report.moments[-1].turn > 9_900


def test_inferred_roles_are_told(coach: Coach) -> None:
    """A report says when roles were taken from the talk, how sure that is and what showed it."""
    text = (
        "speaker 1: Thank you for calling Hartwell Water, this is Amy, how can I help?\nspeaker 2: hi, I'm calling about my bill, it's doubled\n"
        * 3
    )
    call = lc.read(text.encode(), format="text")
    report = coach.review(call)
    (guess,) = [n for n in report.notes if "speaker 1 is taken to be the agent" in n]
    assert call.metadata["roles_inferred"]["speaker 1"]["role"] == "agent"
    assert "% sure" in guess


@pytest.mark.parametrize(("tier", "note"), [((), "has no times"), ((1.0,), "when turns start but not when they end"), ((1.0, 2.0), None)])
def test_notes_on_times(coach: Coach, tier: tuple[float, ...], note: str | None) -> None:
    """A report says what the transcript's times cannot show."""
    notes = coach.review(Transcript.from_turns([("agent", "hello there", *tier), ("customer", "hi", *tier)])).notes
    assert bool(notes) == (note is not None)
    assert note is None or note in notes[0]
