"""The review sheet: what it shows, and in a real browser what it saves."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from markupsafe import escape

import listening_coach as lc
from listening_coach.errors import ReviewError
from listening_coach.reviews import Match, Status, Verdict, load
from listening_coach.team import review_sheet

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
TURNS = [
    ("agent", "Good morning, how can I help you?"),
    ("customer", "My boiler has stopped again and the house is freezing, I am so upset about <this>."),
    ("agent", "That's our policy, there's nothing I can do about it."),
    ("customer", "But I have a baby here and no heating at all, it's awful."),
    ("agent", "So the boiler has stopped and you have no heating with a baby in the house? I'll send an engineer by six this evening."),
    ("customer", "Oh thank you, that's brilliant."),
    ("agent", "You're welcome. Bye now."),
]


@pytest.fixture(scope="module")
def report() -> lc.Report:
    return lc.review(lc.Transcript.from_turns(TURNS, id="c/7"))


def test_what_matters_stands_open(report: lc.Report) -> None:
    """Findings and items that cost points stand open, with the turns beside them; what cost nothing is folded, and nothing is left out."""
    page = review_sheet(report)
    open_part, folded = page.partition('<details class="fold">')[0], page.partition('<details class="fold">')[2]
    assert "That&#39;s our policy" in open_part
    assert "cost " in open_part
    assert "no heating at all" in open_part
    assert "Thank you" not in open_part
    assert report.items["gratitude"].title in folded
    assert page.count("Your verdict on ") >= len(report.items)


def test_masked_ids_stay(tmp_path: Path) -> None:
    """Comments are shown masked, and an answer still names the review by the id that it has in the file; so it does in pages and JSON."""
    call = lc.Transcript.from_turns([*TURNS, ("customer", "My card is 4111 1111 1111 1111.")], id="line-20250609-141207-0031")
    given = lc.Review(
        call="line-20250609-141207-0031", by="Ines", at=datetime(2026, 4, 13, tzinfo=UTC), verdict=Verdict.SCORE, item="empathy", score=30,
        comment="She read 4111 1111 1111 1111 aloud.",
    )  # fmt: skip
    answer = lc.Review(
        call=given.call,
        by="Dana",
        at=datetime(2026, 4, 12, tzinfo=UTC),
        verdict=Verdict.DISAGREE,
        item="empathy",
        role="agent",
        about=given.id,
    )
    both = lc.review(call).with_reviews([given, answer])
    page = review_sheet(both)
    assert f"&#34;about&#34;: &#34;{given.id}&#34;" in page
    for text in (page, both.to_html(), both.to_markdown(), both.to_json()):
        assert "4111" not in text
    assert "disagrees with Ines" in both.to_html()
    again = lc.Report.from_json(both.to_json())
    assert sorted(s.value for s in again.reviewed.status.values()) == ["disputed", "open"]
    assert both.masked.reviewed.score == both.reviewed.score == again.reviewed.score


def test_what_it_shows(report: lc.Report) -> None:
    """Findings with their quotes and cost, every item, and earlier reviews with what became of them; all escaped."""
    given = lc.Review(call="c/7", by="<Ines>", at=datetime(2026, 4, 13, tzinfo=UTC), verdict=Verdict.SCORE, item="empathy", score=30)
    page = review_sheet(report.with_reviews([given]))
    assert "<Ines>" not in page
    assert "&lt;Ines&gt;</b> (coach), 2026-04-13 00:00: score 30" in page
    assert "With the verdicts of &lt;Ines&gt;" in page
    assert "about <this>" not in page
    assert all(escape(item.title) in page for item in report.items.values())
    with pytest.raises(ReviewError, match="no id"):
        review_sheet(lc.review(lc.Transcript.from_turns(TURNS)))


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here; on Debian: apt-get install chromium")
def test_review_and_dispute_in_a_browser(report: lc.Report, tmp_path: Path) -> None:
    """A coach agrees, overrules and comments, the agent disputes; the files that the page saves are read back as exactly that. No axe rule is broken."""
    playwright = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    review_sheet(report, tmp_path / "sheet.html")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def opened(width: int = 1200, scheme: str = "light") -> object:
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True)
            page.on("console", lambda message: pytest.fail(message.text))
            page.goto((tmp_path / "sheet.html").as_uri())
            return page

        def saved(page: object, name: str) -> Path:
            with page.expect_download() as download:
                page.get_by_role("button", name="Save the reviews").click()
            download.value.save_as(tmp_path / name)
            assert download.value.suggested_filename.endswith(".review.json")
            return tmp_path / name

        for width, scheme in ((1200, "light"), (390, "light"), (1200, "dark")):
            page = opened(width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = axe.run(page)
            assert found.violations_count == 0, found.generate_report()
            page.close()

        page = opened()
        page.get_by_role("button", name="Save the reviews").click()
        assert page.locator("#status").inner_text() == "Give your name first."
        page.get_by_label("Name").fill("Ines")
        page.get_by_role("button", name="Save the reviews").click()
        assert page.locator("#status").inner_text() == "There is nothing to save yet."
        whole = page.get_by_role("group", name="Your verdict on the whole call")
        whole.get_by_label("own score").check()
        page.get_by_role("button", name="Save the reviews").click()
        assert "0 to 100" in page.locator("#status").inner_text()
        whole.get_by_label("0 to 100").fill("62")
        page.get_by_text("Items that lost nothing").click()
        item = page.get_by_role("group", name=f"Your verdict on {report.items['empathy'].title}", exact=True)
        item.get_by_label("0 to 100").fill("40")
        item.get_by_label("Comment").fill("Too late “for me”.")
        policy = page.locator("section", has_text="That's our policy").first
        policy.get_by_label("disagree", exact=True).first.check()
        first = load(saved(page, "a.json"))
        assert first.problems == ()
        assert {(r.verdict, r.item, r.score, r.comment, r.by, r.role) for r in first.reviews} == {
            (Verdict.SCORE, None, 62.0, "", "Ines", "coach"),
            (Verdict.SCORE, "empathy", 40.0, "Too late “for me”.", "Ines", "coach"),
            (Verdict.DISAGREE, None, None, "", "Ines", "coach"),
        }
        people = report.with_reviews(first.reviews)
        assert people.reviewed.score == 62
        assert all(a.match is Match.EXACT for a in people.reviewed.attached)
        page.close()

        review_sheet(people, tmp_path / "sheet.html")
        page = opened()
        assert page.get_by_text("Ines").count() >= 3
        page.get_by_label("Name").fill("Dana")
        page.get_by_label("as the agent of this call").check()
        answer = page.locator(".given", has_text="Too late").get_by_role("group", name="Answer to Ines")
        answer.get_by_label("disagree").check()
        answer.get_by_label("Comment").fill("I said sorry at once.")
        second = load(saved(page, "b.json"))
        (dispute,) = second.reviews
        (verdict,) = [r for r in first.reviews if r.item == "empathy"]
        assert (dispute.role, dispute.about, dispute.item) == ("agent", verdict.id, "empathy")
        both = first.reviews | second.reviews
        assert (both.status(dispute), both.status(verdict)) == (Status.OPEN, Status.DISPUTED)
        assert people.with_reviews(both).reviewed.score == 62
        assert json.loads((tmp_path / "b.json").read_text())["reviews"][0]["call"] == "c/7"
        browser.close()
