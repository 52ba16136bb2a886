"""The issue in a real Chromium: desktop and phone, light and dark, print."""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import threading

import pytest

from tests.test_brief_issue import correction, empty, huge, normal
from tests.test_brief_text import hostile_issue
from tracker.brief.render import render

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
ISSUES = {
    "normal": normal,
    "empty": empty,
    "correction": correction,
    "hostile": hostile_issue,
    "huge": huge,
}
CONTRAST = """() => {
  const light = c => { const v = c.map(x => (x /= 255) <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const rgb = t => t.match(/[\\d.]+/g).map(Number);
  const back = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const bad = [];
  const told = 'p, li, h1, h2, h3, h4, h5, td, th, a, span, summary, dt, dd, caption';
  for (const e of document.querySelectorAll(told)) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(back(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.push(`${e.tagName}.${e.className}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(bad)];
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for name, make in ISSUES.items():
        (folder / f"{name}.html").write_text(render(make())["html"], encoding="utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(
            f"no Chromium found (looked for {', '.join(BROWSERS)}); on Debian: apt-get install chromium"
        )
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@contextlib.contextmanager
def opened(browser, address, **context):
    """A page with what its console said and every address it asked for."""
    with browser.new_context(**context) as session:
        page = session.new_page()
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        yield page, said, asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ISSUES)
def test_a_page_is_quiet_and_self_contained(browser, site, name, scheme):
    with opened(browser, f"{site}/{name}.html", color_scheme=scheme) as (page, said, asked):
        assert said == []
        assert [a for a in asked if not a.startswith("data:")] == [f"{site}/{name}.html"]
        assert page.title().startswith("Market signals")


@pytest.mark.parametrize("name", ISSUES)
def test_every_internal_link_has_its_place(browser, site, name):
    with opened(browser, f"{site}/{name}.html") as (page, _, _):
        targets = page.eval_on_selector_all(
            "a[href^='#']", "links => links.map(a => a.getAttribute('href').slice(1))"
        )
        places = page.eval_on_selector_all("[id]", "found => found.map(e => e.id)")
        assert targets
        assert set(targets) <= set(places)
        assert len(places) == len(set(places))


@pytest.mark.parametrize("name", ISSUES)
def test_a_phone_needs_no_sideways_scrolling(browser, site, name):
    with opened(browser, f"{site}/{name}.html", viewport={"width": 390, "height": 844}) as (page, _, _):
        page.eval_on_selector_all("details", "found => found.forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser, site, scheme):
    with opened(browser, f"{site}/normal.html", color_scheme=scheme) as (page, _, _):
        assert page.evaluate(CONTRAST) == []


def test_charts_are_named_for_screen_readers(browser, site):
    with opened(browser, f"{site}/normal.html") as (page, _, _):
        for chart in page.query_selector_all("svg.chart"):
            for id_ in chart.get_attribute("aria-labelledby").split():
                assert page.eval_on_selector(f"[id='{id_}']", "e => e.textContent").strip()
        assert page.locator("figure svg.chart").count() == page.locator("figure details table").count() == 4


def test_print_is_plain_and_complete(browser, site):
    with opened(browser, f"{site}/normal.html") as (page, _, _):
        page.emulate_media(media="print")
        assert not page.locator("header nav").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.pdf(format="A4").startswith(b"%PDF")


if __name__ == "__main__":
    # The picture of the README: python -m tests.test_brief_page ISSUE.html docs/briefing-example.png
    import sys
    from pathlib import Path

    from playwright.sync_api import sync_playwright

    with sync_playwright() as main_driver:
        chrome = main_driver.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, BROWSERS))), args=ARGUMENTS
        )
        sheet = chrome.new_page(viewport={"width": 1180, "height": 1400}, color_scheme="light")
        sheet.goto(Path(sys.argv[1]).resolve().as_uri())
        sheet.screenshot(path=sys.argv[2])
        chrome.close()
