"""A quality team's week: batch, pick, review in the page, dispute, calibrate, coach, team pages. Five agents, 200 calls, two coaches, forty verdicts."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from team_week import Made
from typer.testing import CliRunner

import listening_coach as lc
from listening_coach.cli import app

pytestmark = [pytest.mark.slow, pytest.mark.browser]
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


def command(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(map(str, arguments)))
    assert done.exit_code == code, done.output
    return done.output


def reviewed(sheet: Path, out: Path, *, name: str, role: str, clicks: str) -> Path:
    """What a person does with a sheet in a browser, and the file it saves."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(accept_downloads=True)
        page.goto(sheet.as_uri())
        page.get_by_label("Name").fill(name)
        page.get_by_label(f"as {role}").check()
        if clicks == "overrule":
            whole = page.get_by_role("group", name="Your verdict on the whole call")
            whole.get_by_label("0 to 100").fill("90")
            whole.get_by_label("Comment").fill("She could not have known.")
        else:
            answer = page.get_by_role("group", name="Answer to Ines").first
            answer.get_by_label("disagree").check()
            answer.get_by_label("Comment").fill("It was the law, not our policy.")
        with page.expect_download() as download:
            page.get_by_role("button", name="Save the reviews").click()
        download.value.save_as(out)
        browser.close()
    return out


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here; on Debian: apt-get install chromium")
def test_the_week(made: Made, tmp_path: Path) -> None:
    """Each step takes in what the one before gave, nothing is lost on the way, and what people say stands beside what the library says."""
    scores, reviews = tmp_path / "scores", tmp_path / "scores" / "reviews.jsonl"

    # Monday: the batch names what metadata and calls have not in common, and that an agent has two names.
    said = command("batch", made.calls, "--metadata", made.metadata, "--out", scores, "--workers", "1")
    assert "Metadata: 199 of 200 calls have a row; 200 rows." in said
    assert "several names in the metadata: Dana Ortiz, Dana Reyes" in said

    # Tuesday: each agent's lowest call is picked, and a sheet is made of one.
    picked = command("pick", scores, "--n", 1, "--how", "worst").splitlines()
    assert len(picked) == 2 * 6
    call, source = picked[-1].split()[0], Path(picked[-1].split()[-1])
    command("reviews", "sheet", source, "--out", tmp_path / "sheets", "--metadata", made.metadata)
    sheet = tmp_path / "sheets" / f"{call}.review.html"
    first = reviewed(sheet, tmp_path / "a.json", name="Ines", role="a coach", clicks="overrule")
    assert f"1 review added → {reviews}" in command("reviews", "add", first, "--to", scores)

    # Wednesday: the agent sees the verdict and disputes it.
    command("review", source, "--html", tmp_path / "pages", "--sheets", "--reviews", scores, "--metadata", made.metadata)
    page = tmp_path / "pages" / f"{source.stem}.html"
    assert f'href="{source.stem}.review.html"' in page.read_text(encoding="utf-8")
    assert "With the verdicts of Ines: 90.0 of 100." in page.read_text(encoding="utf-8")
    sheet = page.with_suffix(".review.html")
    assert f'<a href="{page.name}">' in sheet.read_text(encoding="utf-8")
    second = reviewed(sheet, tmp_path / "b.json", name="Ruth Abel", role="the agent of this call", clicks="dispute")
    command("reviews", "add", second, first, "--to", scores)
    listed = command("reviews", "list", scores).splitlines()
    assert len(listed) == 2
    assert "the call: score 90, disputed: She could not have known." in listed[0]
    assert ", open: It was the law, not our policy." in listed[1]
    report = lc.review(lc.read(source, metadata={"id": call})).with_reviews(scores)
    assert report.reviewed.score == 90
    assert report.reviewed.library == report.score

    # Thursday: forty verdicts of two coaches against the library's, and a reviewed call is not picked again.
    shown = command("calibrate", made.human, scores, "--html", tmp_path / "calibration.html")
    assert "20 calls scored by Ines and Omar and by the library." in shown
    assert "Ines and Omar: 20 verdicts" in shown
    assert call not in [line.split()[0] for line in command("pick", scores, "--n", 1, "--how", "worst").splitlines()]
    with lc.open_scores(scores) as opened:
        rows = opened.rows("select reviewer, role, status, library_score from reviews")
        assert [(r["reviewer"], r["role"], r["status"]) for r in rows] == [("Ines", "coach", "disputed"), ("Ruth Abel", "agent", "open")]
        assert all(r["library_score"] == report.score for r in rows)

    # Friday: what was coached goes into the team's pages, which link to the call's.
    with (tmp_path / "coached.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([["agent", "item", "date"], ["Dana Reyes", "policy_hiding", "2026-03-16"]])
    command("review", source, "--html", tmp_path / "pages", "--metadata", made.metadata)
    written = command("team", scores, "--out", tmp_path / "team", "--pages", tmp_path / "pages", "--coached", tmp_path / "coached.csv")
    assert written.splitlines()[0] == f"5 agents, 200 calls → {tmp_path / 'team' / 'index.html'}"
    dana = (tmp_path / "team" / "agent-dana-reyes.html").read_text(encoding="utf-8")
    assert "What was coached" in dana
    assert "16 March 2026" in dana
    assert len(list((tmp_path / "team").glob("agent-*.html"))) == 5
