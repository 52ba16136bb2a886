"""The site in a real Chromium: desktop and phone, light and dark, and with names that mean harm."""

from __future__ import annotations

import functools
import http.server
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import test_brief_page
from tests.test_brief_build import NOW, at, put
from tests.test_brief_page import Quiet, opened
from tests.test_site_build import files, lost
from tracker.judging import record
from tracker.models.mention import Mention
from tracker.pipeline import refresh
from tracker.predict.prediction import Prediction
from tracker.publishing import Order, publish
from tracker.store.articles import NewArticle, add_article
from tracker.store.engine import open_store, transaction
from tracker.store.mentions import add_mentions

browser = test_brief_page.browser
MARKUP = "<img src=x onerror=alert(1)>"
NAMES = (
    "</title><script>alert(1)</script>",
    f"Evil {MARKUP}",
    "Acme\u202egnp.exe",
    "小米集团",
    "\"onload='x'",
)
SIZES = {"desktop": (1180, 900), "phone": (390, 844)}


def hostile(number: int, name: str) -> tuple[NewArticle, Mention]:
    title = f"{name} to buy Meridian {MARKUP}"
    text = f"{name} said it would buy Meridian for €{number + 1}bn. {MARKUP}"
    whole, article = f"{title}\n{text}", f"bad{number}"
    spans = {
        "acquirer": {"name": name, "text": name, "start": 0, "end": len(name)},
        "target": {"name": "Meridian", "text": "Meridian", "start": whole.index("Meridian"), "end": 0},
    }
    spans["target"]["end"] = spans["target"]["start"] + 8
    mention = Mention.model_validate(
        {
            "type": "acquisition", "status": "announced", "category": "model",
            **{role: [span] for role, span in spans.items()},
            "amount": {"value": (number + 1) * 1e9, "currency": "EUR"},
            "evidence": {"text": text, "start": len(title) + 1, "end": len(whole)}, "confidence": 0.9,
        }
    )  # fmt: skip
    return NewArticle(
        key=article, source_id=f"{article}.example", url="javascript:alert(1)", title=title, text=text,
        published=at("2026-06-24", number + 1), seen_at=at("2026-06-25"),
    ), mention  # fmt: skip


def predictions() -> list[Prediction]:
    def made(id_: str, title: str, value: float, criterion: str) -> Prediction:
        stated = [{"at": at("2026-06-02"), "by": MARKUP, "value": value, "why": MARKUP}]
        return Prediction.model_validate(
            {
                "id": id_, "title": title, "statement": f"{title} comes about.", "author": "Desk",
                "made": "2026-06-01", "deadline": "2026-06-26", "criterion": criterion,
                "source": {"document": "Memo", "url": "javascript:alert(1)"}, "probabilities": stated,
            }
        )  # fmt: skip

    return [
        made("met", "Meridian is bought", 0.7, "exists(acquisition)"),
        made("bad", MARKUP, 0.2, "count(acquisition where amount >= $900bn) >= 1"),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("hostile")
    engine = open_store(f"sqlite:///{place / 't.db'}")
    with transaction(engine) as session:
        put(session, "rumours", "2026-06-16", "rumoured")
        put(session, "wire", "2026-06-23", "announced")
        for number, name in enumerate(NAMES):
            article, mention = hostile(number, name)
            _, id_ = add_article(session, article)
            add_mentions(session, id_, "fake/1", [mention])
    refresh(engine, "fake/1")
    for prediction in predictions():
        record(engine, prediction, at("2026-06-01"))
    publish(engine, Order(place / "site", "https://signals.example/"), NOW)
    engine.dispose()
    return place / "site"


@pytest.fixture(scope="module")
def site(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def kinds(folder) -> list[str]:
    """A page of every kind."""
    every = [p for p in files(folder) if p.endswith(".html")]
    shown = {p if p.endswith("index.html") or "/" not in p else p.rsplit("/", 1)[0]: p for p in sorted(every)}
    return sorted(shown.values())


def test_every_link_leads_somewhere_and_every_page_is_light(folder):
    assert lost(folder) == []
    assert max(len(text) for path, text in files(folder).items() if path.endswith(".html")) < 300_000


def test_every_page_has_a_policy_and_none_runs_what_came_from_outside(folder):
    for path, text in files(folder).items():
        page = text.decode()
        if path.endswith(".html"):
            assert "Content-Security-Policy\" content=\"default-src 'none'" in page
            assert page.count("<script") == (path == "search.html")
            assert "<img" not in page
            assert "javascript:" not in page
            assert "\u202e" not in page
            assert "style=" not in page


@pytest.mark.parametrize("size", SIZES)
def test_pages_are_quiet_fit_and_ask_nobody_else(browser, site, folder, size):
    width, height = SIZES[size]
    for path in kinds(folder):
        with opened(browser, f"{site}/{path}", viewport={"width": width, "height": height}) as found:
            page, said, asked = found
            page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
            assert (path, said) == (path, [])
            assert [a for a in asked if not a.startswith((site, "data:"))] == []
            assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, width)


DARK = ("index", "scoreboard", "predictions/bad", "events/index")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_barrier(browser, site, folder, scheme):
    axe = Axe()
    for path in [f"{name}.html" for name in DARK] if scheme == "dark" else kinds(folder):
        # The policy lets no script in, axe's neither.
        with opened(browser, f"{site}/{path}", color_scheme=scheme, bypass_csp=True) as (page, _, _):
            found = axe.run(page).response["violations"]
            grave = [
                (v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")
            ]
            assert (path, grave) == (path, [])


def test_search_finds_by_the_beginnings_of_words(browser, site):
    with opened(browser, f"{site}/search.html?q=meri") as (page, said, _):
        page.wait_for_selector("#results li")
        assert page.locator("#results li a").first.inner_text() == "Meridian"
        page.fill("#q", "onerror")
        page.wait_for_function("document.getElementById('found').textContent.includes('found')")
        assert page.locator("#results img").count() == 0
        page.fill("#q", "nosuchword")
        page.wait_for_function("document.getElementById('found').textContent === 'Nothing found.'")
        assert said == []


def test_without_scripts_search_says_where_to_look(browser, site):
    with opened(browser, f"{site}/search.html", java_script_enabled=False) as (page, _, _):
        assert page.locator("noscript a").count() == 4


def test_the_first_paint_comes_at_once(browser, site, folder):
    path = next(p for p in files(folder) if p.startswith("events/acq"))
    with opened(browser, f"{site}/{path}") as (page, _, _):
        # Asked again and again from here: the page's own policy forbids Playwright's way of waiting.
        for _ in range(60):
            painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
            if painted:
                break
            page.wait_for_timeout(50)
        assert 0 < painted < 1000
