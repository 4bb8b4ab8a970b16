"""The page in a real browser: Chromium, without a window.

Skipped where there is no Chromium; on Debian `apt-get install chromium` brings one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from hand_made import hostile, report, unscored, untimed, worldly

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
    for html in (page, re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page), hostile()._repr_html_()):
        dom, console = browser.dom(html)
        assert console == []
        assert "<title>broken</title>" not in dom
        assert "<title>1</title>" not in dom
        assert "<img" not in dom
        assert "<script" not in dom
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
        for made in (report(), unscored(), untimed()):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.set_content(made.to_html())
            found = axe.run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.close()
        browser.close()
