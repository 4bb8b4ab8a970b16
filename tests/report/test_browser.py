"""The page in a real browser: Chromium, without a window.

Skipped where there is no Chromium; on Debian `apt-get install chromium` brings one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import wave
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest
from hand_made import hostile, report, unscored, untimed, worldly

import listening_coach as lc
from listening_coach.reviews import Verdict

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here; on Debian: apt-get install chromium"),
]

# The colours of marks on white paper, from the style sheet.
HELPS, HINDERS = (0xD3, 0xEF, 0xDC), (0xFF, 0xE0, 0xCC)


class Browser:
    """Opens pages in an empty profile and returns what became of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _run(self, html: str, *options: str) -> subprocess.CompletedProcess[str]:
        page = self.folder / "page.html"
        page.write_text(html, encoding="utf-8", errors="replace")
        profile = self.folder / "profile"
        shutil.rmtree(profile, ignore_errors=True)
        return subprocess.run(
            [
                str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", f"--user-data-dir={profile}", "--enable-logging=stderr", "--hide-scrollbars",
                "--force-device-scale-factor=1", "--blink-settings=preferredColorScheme=1", *options, page.as_uri(),
            ],
            capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=120, check=True,
        )  # fmt: skip

    def dom(self, html: str, width: int = 1200) -> tuple[str, list[str]]:
        """The document after loading, and what the page wrote to the console, where refused loads and scripts show too."""
        done = self._run(html, "--dump-dom", f"--window-size={width},900")
        return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]

    def picture(self, html: str, height: int = 6000) -> np.ndarray:
        """A screenshot as rows of pixels of red, green and blue, 0 to 255."""
        target = self.folder / "page.png"
        self._run(html, f"--screenshot={target}", f"--window-size=1200,{height}")
        return np.round(matplotlib.image.imread(target)[:, :, :3] * 255).astype(int)


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(tmp_path)


def area(picture: np.ndarray, colour: tuple[int, int, int]) -> int:
    """How many pixels have this colour, within what anti-aliasing leaves."""
    return int((abs(picture - np.array(colour)).max(axis=2) <= 2).sum())


def measured(html: str) -> str:
    """The page with its policy lifted and a script that writes the widths of page and window into the title."""
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    script = "document.title = document.documentElement.scrollWidth + ' of ' + window.innerWidth"
    return html.replace("</body>", f"<script>{script}</script></body>")


@pytest.mark.parametrize("make", [report, untimed, worldly])
def test_opens_without_a_complaint(browser: Browser, make: Callable[[], object]) -> None:
    """The page loads, shows its score, and the console stays empty: nothing was refused, nothing is missing."""
    dom, console = browser.dom(make().to_html())  # type: ignore[attr-defined]
    assert console == []
    assert re.search(r'<p class="big">50\.0 <small>of 100</small>', dom)
    assert '<h2 class="call">The whole call</h2>' in dom


def test_what_was_said_does_not_run(browser: Browser) -> None:
    """Scripts and handlers in texts, names and metadata run neither in the page nor where its policy is lifted."""
    page = hostile().to_html()
    for html, own in ((page, 1), (re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page), 1), (hostile()._repr_html_(), 0)):
        dom, console = browser.dom(html)
        assert console == []
        assert "<title>broken</title>" not in dom
        assert "<title>1</title>" not in dom
        assert "<img" not in dom
        assert dom.count("<script") == own
        assert "&lt;script&gt;" in dom


def test_the_policy_stops_a_script(browser: Browser) -> None:
    """Were a script to get into the page, the page's own policy would stop it."""
    html = report().to_html().replace("</body>", "<script>document.title = 'broken'</script></body>")
    dom, console = browser.dom(html)
    assert "<title>Coaching report: call-7</title>" in dom
    assert any("Content Security Policy" in line for line in console)


@pytest.mark.parametrize("width", [500, 1400])
def test_fits_the_window(browser: Browser, width: int) -> None:
    """Nothing sticks out of a narrow window or a wide one."""
    for made in (report(), hostile()):
        dom, _ = browser.dom(measured(made.to_html()), width)
        found = re.search(r"<title>(\d+) of (\d+)</title>", dom)
        assert found is not None
        assert int(found[1]) <= int(found[2])
        assert int(found[2]) == width


def test_marks_can_be_switched_off(browser: Browser) -> None:
    """Taking a tick away takes the colour of that behaviour's marks, and of no other's, without any script."""
    html = report().to_html()
    all_on = browser.picture(html)
    assert area(all_on, HELPS) > 2000
    assert area(all_on, HINDERS) > 1000
    (box,) = re.findall(r'<input type="checkbox" id="b\d+" checked autocomplete="off">(?= Interrupts)', html)
    one_off = browser.picture(html.replace(box, box.replace(" checked", "")))
    assert area(one_off, HINDERS) < area(all_on, HINDERS) - 1000
    # A hidden label moves what stands below it by parts of a pixel, so the edges' colours differ a little.
    assert area(one_off, HELPS) == pytest.approx(area(all_on, HELPS), rel=0.1)


def test_only_turns_with_moments(browser: Browser) -> None:
    """The last switch hides the turns in which nothing was found: the page gets shorter."""
    html = report().to_html()
    (box,) = re.findall(r'<input type="checkbox" id="only" autocomplete="off">', html)

    def ink_ends(page: str) -> int:
        picture = browser.picture(page)
        return int(np.flatnonzero((picture < 200).any(axis=(1, 2)))[-1])

    assert ink_ends(html.replace(box, box.replace(" autocomplete", " checked autocomplete"))) < ink_ends(html) - 20


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (390, "light"), (390, "dark")])
def test_accessible(width: int, scheme: str) -> None:
    """Wide, on a phone, and dark, the page violates no rule of axe and does not scroll sideways."""
    playwright = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        verdicts = [
            lc.Review(
                call="call-7", by="Ines", at=datetime(2026, 4, 13, tzinfo=UTC), verdict=Verdict.SCORE, score=62, comment="Well <done>."
            ),
            lc.Review(call="call-7", by="Omar", at=datetime(2026, 4, 13, tzinfo=UTC), verdict=Verdict.AGREE, item="no_such_item"),
        ]
        for made in (report(), unscored(), untimed(), report().with_reviews(verdicts)):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.set_content(made.to_html())
            found = axe.run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.close()
        browser.close()


@pytest.fixture
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
        yield browser
        browser.close()


def test_search(chromium: Any, tmp_path: Path) -> None:
    """Searching counts the turns that hold the words, goes from one to the next and round, and says when there is none."""
    report().to_html(tmp_path / "call.html")
    page = chromium.new_page()
    page.on("console", lambda message: pytest.fail(message.text))
    page.goto((tmp_path / "call.html").as_uri())
    texts = [t.casefold() for t in page.locator(".said .text").all_inner_texts()]
    hits = [n for n, text in enumerate(texts) if "the" in text]
    assert 1 < len(hits) < len(texts)
    box = page.get_by_label("Search in the call")
    box.fill("THE")
    assert page.locator("#found").inner_text() == f"{len(hits)} turns"
    box.press("Enter")
    assert page.locator("#found").inner_text() == f"1 of {len(hits)}"
    assert page.locator(".said.here .text").inner_text().casefold() == texts[hits[0]]
    page.get_by_role("button", name="Previous").click()
    assert page.locator(".said.here .text").inner_text().casefold() == texts[hits[-1]]
    box.fill("no such words")
    assert page.locator("#found").inner_text() == "No turn says that."
    assert page.locator(".said.hit").count() == 0


@pytest.mark.parametrize("way", ["chosen", "given"])
def test_plays_along(chromium: Any, tmp_path: Path, way: str) -> None:
    """With a sound file, chosen in the page or given to it, a turn's time plays from there, and the turn that is heard is marked."""
    with wave.open(str(tmp_path / "a call.wav"), "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(b"\x80" * 8000 * 120)
    report().to_html(tmp_path / "call.html", sound=tmp_path / "a call.wav" if way == "given" else None)
    page = chromium.new_page()
    page.on("console", lambda message: pytest.fail(message.text))
    page.goto((tmp_path / "call.html").as_uri())
    if way == "chosen":
        assert not page.locator("#player").is_visible()
        page.get_by_label("Play along with a sound file").set_input_files(tmp_path / "a call.wav")
    turn = report().transcript.turns[3]
    page.locator("#t4 button.at").click()
    page.locator("#t4.now").wait_for()
    page.evaluate("document.getElementById('sound').pause()")
    assert turn.start is not None
    assert page.evaluate("document.getElementById('sound').currentTime") >= turn.start
    page.evaluate("location.hash = '#t2'")
    page.locator("#t2.now").wait_for()
    assert page.locator(".said.now").count() == 1


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


SAMPLES = Path(__file__).parents[2] / "data" / "samples"


@pytest.mark.parametrize("name", ["bank_card_fraud.json", "insurance_kitchen_leak.json", "internet_outage.jsonl"])
def test_prints_a_page_of_summary(chromium: Any, tmp_path: Path, name: str) -> None:
    """What stands before the transcript fits one sheet, A4 or Letter; the transcript begins on the next."""
    lc.review(SAMPLES / name).to_html(tmp_path / "call.html")
    page = chromium.new_page()
    page.goto((tmp_path / "call.html").as_uri())
    assert pages_of(page.pdf(format="A4")) > 2
    page.evaluate("while (document.querySelector('h2.call').nextSibling) document.querySelector('h2.call').nextSibling.remove()")
    assert [pages_of(page.pdf(format=size)) for size in ("A4", "Letter")] == [2, 2]
    page.evaluate("document.querySelector('h2.call').remove()")
    assert pages_of(page.pdf(format="Letter")) == 1
