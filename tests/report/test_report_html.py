"""The report as HTML: its parts, that nothing said can become markup, and that the page needs nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hand_made import ATTACK, SECTIONS, TURNS, hostile, report, unscored, untimed, worldly
from hypothesis import given
from hypothesis import strategies as st

import listening_coach
import listening_coach as lc
from listening_coach import Transcript
from listening_coach.metrics import Metrics
from listening_coach.report.html import Mark, _pieces
from listening_coach.reviews import Verdict
from listening_coach.sentiment import Sentiment

VOID = {"meta", "br", "input"}
BLOCKS = {"th", "td", "p", "li", "h3", "dt", "dd", "div"}
REPORTS = [report, unscored, untimed, hostile, worldly]


class Page(HTMLParser):
    """The elements of a page with their attributes and own text, and what is open at the end."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self.open: list[tuple[str, dict[str, str], list[str]]] = []
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, {k: v or "" for k, v in attrs}, [""])
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(tag)
        else:
            self.open.pop()
            if tag in BLOCKS:
                # A reader sees these apart, though no space stands between them.
                self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element[2][0] += data

    def texts(self, tag: str, name: str = "") -> list[str]:
        """The texts of the elements of a tag, with a class where one is named, on one line each."""
        return [
            " ".join(text[0].split())
            for t, attrs, text in self.elements
            if t == tag and (not name or name in attrs.get("class", "").split())
        ]


def rows(page: Page) -> list[str]:
    return page.texts("tr")


@pytest.mark.parametrize("made", REPORTS)
@pytest.mark.parametrize("form", ["page", "fragment"])
def test_well_formed(made: Any, form: str) -> None:
    """Every element is closed in its place, whatever the texts hold."""
    html = made().to_html() if form == "page" else made()._repr_html_()
    page = Page(html)
    assert page.wrong == []
    assert page.open == []


@pytest.mark.parametrize("made", REPORTS)
@pytest.mark.parametrize("form", ["page", "fragment"])
def test_self_contained(made: Any, form: str) -> None:
    """No script but the page's own, no picture, no frame, no handler, and every link stays within the page."""
    html = made().to_html() if form == "page" else made()._repr_html_()
    page = Page(html)
    assert {tag for tag, _, _ in page.elements}.isdisjoint({"img", "iframe", "object", "embed", "link", "svg", "form", "base"})
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    own = Path(listening_coach.__file__).parent / "report" / "templates" / "page.js"
    assert scripts == ([own.read_text(encoding="utf-8")] if form == "page" else [])
    assert html.count("<script") == len(scripts)
    for script in scripts:
        assert f"script-src 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}';" in html
    for _, attrs, _ in page.elements:
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "srcset", "action", "formaction")]
        assert attrs.get("href", "#")[0] == "#"
        assert "url(" not in attrs.get("style", "")
    assert "@import" not in html
    assert "url(" not in html


def test_hostile_texts_show_as_said() -> None:
    """HTML in texts, names, ids, metadata and behaviour files is shown letter by letter."""
    page = Page(hostile().to_html())
    whole = " ".join(page.texts("body"))
    assert whole.count(ATTACK) > 15
    assert "{{ 7*7 }}" in whole
    assert "50" not in page.texts("p", "text")[0]
    assert page.texts("title") == ['Coaching report: <script>document.title = … onerror="document.title=1">']


def test_control_characters() -> None:
    """Signs that HTML cannot hold are shown as a mark, and the text around them stays."""
    html = hostile().to_html()
    assert "\x00" not in html
    assert "\x1b" not in html
    assert "\ufffd[2J\ufffd it's" in Page(html).texts("p", "text")[0]


def test_policy_forbids_scripts() -> None:
    """The page's own policy lets nothing load, nothing run but the page's own script, and nothing play but a file that the reader chooses."""
    (policy,) = [
        attrs["content"] for tag, attrs, _ in Page(report().to_html()).elements if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    policy, own = re.sub(r"'sha256-[A-Za-z0-9+/=]{44}'", "OURS", policy), "script-src OURS; media-src blob:"
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; {own}; base-uri 'none'; form-action 'none'"


def test_headings() -> None:
    """The parts come in the order in which they are read, under headings of falling rank."""
    page = Page(report().to_html())
    assert page.texts("h1") == ["Coaching report: call-7"]
    assert page.texts("h2") == [
        "Where the points went", "What to work on next", "What went well", "What was agreed", "Scorecard", "The customer's mood",
        "The call in numbers", "Every moment", "The whole call", "What this report rests on",
    ]  # fmt: skip
    assert page.texts("h3") == [
        "1. Shows empathy (−20.0)", "2. Interrupts (−15.5)", "Says back what they heard (100 of 100)", "Recap at 0:18",
    ]  # fmt: skip


def test_score() -> None:
    """The score stands with its band, and sections without a score say why instead of showing 0."""
    page = Page(report().to_html())
    assert page.texts("p", "big") == ["50.0 of 100"]
    assert page.texts("p", "band") == ["Developing"]
    assert page.texts("div", "bars") == ["Listening 50 Empathy 0 Ownership 100 Courtesy not called for"]


def test_focus() -> None:
    """A focus shows the words that called for it, what followed, why it matters and what to say."""
    first, second, good = Page(report().to_html()).texts("article")
    assert first == (
        "1. Shows empathy (−20.0) 0 of 1 occasion met. What called for it, and what followed: "
        "Mr Osei (customer), 0:10: I need it for work on Monday. “I'm really worried.” Dana (agent), 0:11: What's the order number? "
        "Why it matters. Upset people hear nothing else before. What to do. Name the feeling."
    )
    assert (
        "What was said: Mr Osei (customer), 0:04: …on Monday. I'm really worried. Dana (agent), 0:11: “What's the order number?”" in second
    )
    assert good.startswith("Says back what they heard (100 of 100) Once, 3.3 for every 10 of the agent's turns; full marks at 3.")


def test_action_points() -> None:
    """Each step agreed is a row: who, what, by when, firm or soft, and the words."""
    found = rows(Page(report().to_html()))
    assert (
        "Dana (agent) email you a label by Friday (2025-06-20) firm 0:20 “I'll email you a label by Friday” (said again at 0:27)" in found
    )
    assert "Mr Osei (customer) send it back no date given soft 0:15 “It's 4471”" in found


def test_scorecard() -> None:
    """Items show score, hits, occasions and why; what has no score says so in its place."""
    found = rows(Page(report().to_html()))
    assert "Interrupts hinders 15.5 of 20 0 1 – Once, 3.3 for every 10 of the customer's turns; 2 or more scores 0." in found
    assert "Lets the customer talk – 4.5 of 10 65 – – 67%; full marks from 25% to 55%." in found
    assert (
        "Asks open questions (not counted) helps – not measurable – – It needs the times of single words, which this transcript does not have."
        in found
    )
    assert "Says thank you helps – not called for 0 – No occasion for it in this call." in found
    assert "Courtesy: not called for" in found
    assert (
        "Listening: 50 of 100 (lost 20 of 35 points) The section is held down by “Interrupts”, which the rubric names as critical." in found
    )


def test_table_heads() -> None:
    """Every table has a row of column heads."""
    page = Page(report().to_html())
    tables = [text for tag, _, text in page.elements if tag == "table"]
    assert tables
    assert len([1 for tag, _, _ in page.elements if tag == "thead"]) == len(tables)
    assert all(attrs.get("scope") in ("col", "row", "rowgroup") for tag, attrs, _ in page.elements if tag == "th")


def test_moments() -> None:
    """Every moment is in the list of its behaviour with time, speaker, quote and remarks."""
    found = rows(Page(report().to_html()))
    assert "0:11 Dana (agent) “What's the order number” while Mr Osei (customer) was speaking; 1.0 s together" in found
    assert "0:10 Mr Osei (customer) “I'm really worried” called for it, did not get it" in found
    assert "0:27 Mr Osei (customer) “Thank you” not the agent, not counted" in found
    assert [s.split(" (")[0] for s in Page(report().to_html()).texts("summary") if s[0] in "+−" and s[1] == " "] == [
        "− Interrupts", "+ Says back what they heard", "+ Asks open questions", "+ Shows empathy", "+ Names the next step", "+ Says thank you",
        "− Hides behind policy",
    ]  # fmt: skip


def test_ledger() -> None:
    """The ledger is a sum that can be checked, and each loss shows its points, its quote, and the turns beside it, the customer's next among them."""
    page = Page(report().to_html())
    assert page.texts("p", "total") == ["100 − 50.0 lost = 50.0"]
    assert page.texts("details", "lost") == [
        "−20.0 Shows empathy 0 of 1 occasion met. called for it, did not get it (80% sure) Mr Osei (customer), 0:10: “I'm really worried” "
        "Dana (agent), 0:11: What's the order number? Mr Osei (customer), 0:15: It's 4471. "
        "What would have kept the points: an answer to this in one of the agent's next two turns.",
        "−15.5 Interrupts Once, 3.3 for every 10 of the customer's turns; 2 or more scores 0. "
        "Mr Osei (customer), 0:04: My bike came with a bent wheel, and I need it for work on Monday. I'm really worried. "
        "Dana (agent), 0:11: “What's the order number” Mr Osei (customer), 0:15: It's 4471. What would have kept the points: leaving this out.",
        "−10.0 Helps with the matter the matter seems to be settled in part Mr Osei (customer), 0:27: “Thank you, that's great.” "
        "What would have kept the points: a solution, or a next step that the customer accepts.",
        "−4.5 Lets the customer talk 67%; full marks from 25% to 55%. What would have kept the points: a value within the range.",
    ]


def test_many_places_fold() -> None:
    """Of an item that lost points at more than five places, the rest are folded away."""
    one = report().ledger[0]
    card = replace(report().scorecard, ledger=tuple(replace(one, points=2.0, start=n) for n in range(8)))
    page = Page(report(scorecard=card).to_html())
    assert page.texts("details", "more") != []
    assert page.texts("details", "more")[0].startswith("3 more −2.0")
    assert len(page.texts("li", "place")) == 8


def test_outcome() -> None:
    """How the matter ended stands with the score: in a word, with how sure that is, and with its quotes."""
    assert Page(report().to_html()).texts("section", "outcome") == [
        "Outcome: settled in part. The matter seems to be settled in part (60% sure). Mr Osei (customer), 0:27: “Thank you, that's great.” "
        "This is what the customer was left with. Not all of it may have been in the agent's hands."
    ]
    assert Page(report(outcome=None).to_html()).texts("section", "outcome") == []


def test_perhaps() -> None:
    """What is too uncertain to count stands apart, says how sure it is and why it looked like it, and costs nothing."""
    (found,) = Page(report().to_html()).texts("details", "uncertain")
    assert found == (
        "Perhaps (1, not counted) These may be there, but are too uncertain to count. They cost nothing and earn nothing. "
        "0:18 Dana (agent): “thirty days for repairs” (Says back what they heard; 40% sure) Looked like it because the turn has "
        "“so is it”; it takes up words that the other side had just said; “Asks open questions” was found in the same turn (what)."
    )


def test_what_came_closest() -> None:
    """Where nothing is praised, the page says what came closest, and why it is not enough."""
    (strength,) = report().strengths
    page = Page(report(strengths=(), closest=replace(strength, remark="the customer's next words speak against it")).to_html())
    (body,) = page.texts("body")
    assert "Says back what they heard: This came closest, but the customer's next words speak against it." in body


def test_transcript_is_whole() -> None:
    """The call stands in the page word by word, and each turn can be linked to."""
    page = Page(report().to_html())
    assert page.texts("p", "text") == [text for _, _, text, _, _ in TURNS]
    ids = {attrs["id"] for _, attrs, _ in page.elements if "id" in attrs}
    assert {f"t{n}" for n in range(1, 7)} <= ids
    links = {attrs["href"][1:] for tag, attrs, _ in page.elements if tag == "a"}
    assert links
    assert links <= ids


def test_marks() -> None:
    """Each moment is marked in place, coloured by its effect, with its behaviour and rule named in the title."""
    marks = [
        (attrs["class"].split()[0], text[0], attrs["title"])
        for tag, attrs, text in Page(report().to_html()).elements
        if tag == "mark" and "title" in attrs
    ]
    assert [(style, text) for style, text, _ in marks] == [
        ("helps", "How can I help"),
        ("missed", "I'm really worried"),
        ("hinders", "What's the order number"),
        ("hinders", "Our policy is"),
        ("perhaps", "thirty days for repairs"),
        ("helps", "I'll email you a label by Friday"),
        ("helps", "So that's the wheel, and a label"),
        ("other", "Thank you"),
    ]
    assert marks[4][2] == (
        "Says back what they heard; helps; perhaps, 40% sure, not counted. Found because the turn has “so is it”, it takes up "
        "words that the other side had just said and “Asks open questions” was found in the same turn (what)"
    )
    assert marks[3][2] == "Hides behind policy: names a rule; hinders. Found by the rule: our policy (is|says)"
    assert marks[1][2] == "Shows empathy: called for it, did not get it"


def test_marks_that_do_not_count() -> None:
    """The agent's moment of a kind that the rubric does not count is marked plainly and says so; what cost nothing is not in the picture."""
    listening = SECTIONS["listening"]
    items = tuple(replace(i, kinds=("floor",)) if i.id == "interruption" else i for i in listening.items)
    card = replace(report().scorecard, sections={**SECTIONS, "listening": replace(listening, items=items)}, ledger=())
    page = Page(report(scorecard=card).to_html())
    (mark,) = [attrs for tag, attrs, text in page.elements if tag == "mark" and text[0] == "What's the order number"]
    assert mark["class"].startswith("uncounted ")
    assert "of a kind that does not count" in mark["title"]
    assert not [1 for _, attrs, _ in page.elements if attrs.get("class", "").startswith("dot") and "Interrupts" in attrs["title"]]


def test_switches() -> None:
    """Each behaviour can be switched off in the transcript; what the rubric does not score is off at first."""
    page = Page(report().to_html())
    boxes = {
        label: "checked" in attrs
        for (_, attrs, _), label in zip([e for e in page.elements if e[0] == "input"], page.texts("label"), strict=True)
    }
    assert boxes == {
        "Interrupts (1)": True, "Says back what they heard (1)": True, "Asks open questions (1) not scored": False, "Shows empathy (1)": True,
        "Names the next step (1)": True, "Says thank you (1)": True, "Hides behind policy (1) not scored": False,
        "What is ticked": True,
            "Search in the call": False, "Play along with a sound file": False, "Follow the call": True,
            "All": False, "None": False, "Mark what is too uncertain to count, too": False,
        "Mark what others than the agent say, too": False, "Show only turns with something found": False,
    }  # fmt: skip


def test_picture() -> None:
    """The picture has a lane for each role and for the mood, a bar for each turn in its place, and marks for what cost points and what is praised."""
    page = Page(report().to_html())
    assert [text.rstrip(" +−○") for text in page.texts("div", "lane")][:3] == ["Agent", "Customer", "Mood"]
    bars = [attrs["style"] for tag, attrs, _ in page.elements if attrs.get("class") == "turn"]
    assert bars[:3] == ["left:0.0%;width:5.27%", "left:14.493%;width:5.27%", "left:24.374%;width:11.199%"]
    dots = [attrs["title"] for _, attrs, _ in page.elements if attrs.get("class", "").startswith("dot")]
    assert dots == [
        "0:11 Interrupts, −15.5: “What's the order number”",
        "0:25 Says back what they heard: “So that's the wheel, and a label”",
        "0:10 Shows empathy, −20.0: “I'm really worried”",
    ]
    assert page.texts("div", "axis") == ["0:000:150:300:451:001:15"]


def test_picture_without_times() -> None:
    """Without times the turns stand in their order, as wide as their text is long, and no time is shown."""
    page = Page(untimed().to_html())
    widths = [float(attrs["style"].rpartition(":")[2].rstrip("%")) for _, attrs, _ in page.elements if attrs.get("class") == "turn"]
    assert sum(widths) == pytest.approx(100, abs=0.01)
    assert page.texts("div", "axis") == []
    assert any("the width of a turn is the length of its text" in text for text in page.texts("p"))


def test_not_scored() -> None:
    """A call that is not scored says why, and has no score of any part."""
    page = Page(unscored().to_html())
    (body,) = page.texts("body")
    assert "Not scored. The agent says 12 words; at least 30 are needed." in body
    assert "of 100" not in body
    assert page.texts("p", "text") == [text for _, _, text, _, _ in TURNS]


def test_other_scripts() -> None:
    """Other scripts and emoji stand as said, and their direction is left to the browser."""
    page = Page(worldly().to_html())
    assert "Bonjour ! Ça va ? Je m’en occupe tout de suite 👍🏽." in page.texts("p", "text")
    assert all(attrs.get("dir") == "auto" for tag, attrs, _ in page.elements if attrs.get("class") == "text")


def test_fragment() -> None:
    """In a notebook the report comes without page, transcript and links, and with styles that touch nothing else."""
    html = report()._repr_html_()
    page = Page(html)
    assert {tag for tag, _, _ in page.elements}.isdisjoint({"html", "head", "body", "title", "a", "input"})
    assert not [attrs for _, attrs, _ in page.elements if "id" in attrs]
    (style,) = [text[0] for tag, _, text in page.elements if tag == "style"]
    selectors = [s.strip() for block in style.split("}") for s in block.rpartition("{")[0].rpartition("{")[2].split(",") if s.strip()]
    assert selectors
    assert all(s.startswith((".lc", "@")) for s in selectors)


def test_written_to_a_file(tmp_path: Path) -> None:
    """With a path the page is written there too, in UTF-8, even where a letter is half a pair."""
    file = tmp_path / "page.html"
    assert report().to_html(file) == file.read_text(encoding="utf-8")
    half = Transcript.from_turns([("A\ud83d", "agent", "half \ud83d")], id="\ud83d")
    report(
        transcript=half, moments=(), occasions=(), action_points=(), focus=(), strengths=(), sentiment=Sentiment(None, None),
        metrics=Metrics(1, 1, 0, 1, 0), outcome=None,
    ).to_html(file)  # fmt: skip
    assert Page(file.read_text(encoding="utf-8")).texts("p", "text") == ["half \ufffd"]


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 4)), max_size=6)


@given(st.text(alphabet="ab <&\n\"'é", max_size=25), SPANS)
def test_pieces(text: str, spans: list[tuple[int, int, int]]) -> None:
    """Cutting a turn into pieces keeps its text, and each sign lies in just the marks whose span covers it."""
    marks = [(a, b, Mark("helps", n, "")) for a, b, n in spans]
    pieces = _pieces(text, marks)
    assert "".join(p.text for p in pieces) == text
    at = 0
    for piece in pieces:
        for offset in range(at, at + len(piece.text)):
            assert sorted(m.number for m in piece.marks) == sorted(n for a, b, n in spans if a <= offset < min(b, len(text)))
        at += len(piece.text)


def test_what_people_say() -> None:
    """Both scores stand in the page, each review with who, what and what became of it; what is no longer found is named; all escaped."""
    noon = datetime(2026, 4, 13, 12, tzinfo=UTC)
    given = [
        lc.Review(call="call-7", by="Ines", at=noon, verdict=Verdict.SCORE, score=62, comment="Well <done>."),
        lc.Review(call="call-7", by="Omar", at=noon, verdict=Verdict.AGREE, item="no_such_item"),
    ]
    made = report().with_reviews(given)
    page = " ".join(Page(made.to_html()).texts("li"))
    assert "Ines (coach, 13 April 2026) gives 62 of 100: the whole call. “Well <done>.”" in page
    assert "Omar (coach, 13 April 2026) agrees: no_such_item. Counts for nothing: the rubric has no item 'no_such_item'." in page
    said = "With the verdicts of Ines: 62.0 of 100. By the library: 50.0 of 100."
    assert said in made.to_html()
    assert said in made.to_markdown()
    assert said in made.to_text(full=False).splitlines()
    assert "What people say" not in report().to_html()


def test_links_to_sheet_and_sound(tmp_path: Path) -> None:
    """The page links to its review sheet and its sound file from where it lies, and its policy lets that sound play."""
    (tmp_path / "pages").mkdir()
    html = report().to_html(tmp_path / "pages" / "call.html", sheet=tmp_path / "pages" / "a b.html", sound=tmp_path / "sound" / "call.wav")
    assert 'href="a%20b.html"' in html
    assert 'src="../sound/call.wav"' in html
    assert "media-src blob: 'self' file:;" in html
