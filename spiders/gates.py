"""Pages that answer 200 and are no article: challenges, logins, consent walls, paywalls, lost pages.

Only what the page says of itself counts (its title, its address, its forms, its records), and beside a long
text only the title does: an article may quote any of these words.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from tracker.sources import NO_ARTICLE

SHORT = 700  # characters of text; a page with more is read for its text whatever forms stand around it
BRIEF = 300  # characters; many pages with as much carry a form for a newsletter or a login
TITLE = re.compile(rb"<title[^>]*>([^<]*)", re.IGNORECASE)
TITLE_WITHIN = 20_000  # bytes of a page
ASIDE = ("script", "style", "nav", "header", "footer")
LISTS = frozenset({"CollectionPage", "ItemList", "SearchResultsPage"})
CHALLENGE = re.compile(
    r"^\W*(just a moment|attention required|access (to this page )?(is |has been )?denied|too many requests"
    r"|are you a (robot|human)|robot or human|(security|human) (check|verification)"
    r"|verify(ing)? (that )?you are|please (wait|verify|enable)|request rate threshold exceeded"
    r"|un ?supported browser)",
    re.IGNORECASE,
)
LOST = re.compile(
    r"^\W*((error )?40[34]\b|50[0234]\b|page not found|not found|page unavailable|page doesn.t exist"
    r"|sorry, (we|this page)|service unavailable)",
    re.IGNORECASE,
)
LOGIN = re.compile(r"^\W*(log ?in|sign ?in)( to\b.*| \W.*)?\W*$", re.IGNORECASE)
CONSENT = re.compile(
    r"^\W*(before you continue|we value your privacy|your privacy (choices|matters))", re.IGNORECASE
)
TITLES = (("challenge", CHALLENGE), ("soft 404", LOST), ("login", LOGIN), ("consent wall", CONSENT))

LOGIN_PATH = re.compile(r"/(log-?in|sign-?in|account/login|sso|auth/authorize)(/|$)", re.IGNORECASE)
CONSENT_PATH = re.compile(r"/(collectconsent|consent)(/|$)", re.IGNORECASE)
CAPTCHA = (
    "//*[contains(concat(' ', @class, ' '), ' g-recaptcha ')"
    " or contains(concat(' ', @class, ' '), ' h-captcha ')"
    " or @id='px-captcha' or @id='challenge-form']"
)
ASKS_TO_PAY = re.compile(
    r"\b(subscribe (now )?to (continue|keep|read)|to continue reading"
    r"|(this|the) (article|story|content) is (reserved |only )?(for|available to)"
    r" (our )?(subscribers|members)"
    r"|(create|register for) a free account to)\b",
    re.IGNORECASE,
)


class NotAnArticle(ValueError):
    """A page that must not become an item; the message says why."""


def check_titles(*titles: str) -> None:
    """Raises NotAnArticle where a title is one that no article has."""
    for title in titles:
        for kind, pattern in TITLES:
            if pattern.match(title):
                raise NotAnArticle(f"{NO_ARTICLE} but a {kind}, titled {title[:60]!r}")


def posing(body: bytes) -> str:
    """What a body that is no listing says it is instead; empty where it does not say.

    >>> posing(b"<html><title>Just a moment...</title>")
    "not an article but a challenge, titled 'Just a moment...'"
    """
    found = TITLE.search(body[:TITLE_WITHIN])
    try:
        check_titles(found[1].decode("utf-8", errors="replace").strip() if found else "")
    except NotAnArticle as error:
        return str(error)
    return ""


def check_page(tree: Any, url: str, text: str, record: dict[str, Any]) -> None:
    """Raises NotAnArticle where a page with little text shows itself to be something else.

    `text` is the article text that was found, `record` the page's own JSON-LD record of an article.
    """
    if len(text) >= SHORT:
        return
    for kind, found in _signs(tree, urlsplit(url), text, record):
        if found:
            raise NotAnArticle(f"{NO_ARTICLE} but a {kind}")


def _signs(tree: Any, parts: Any, text: str, record: dict[str, Any]) -> list[tuple[str, bool]]:
    host = parts.hostname or ""
    bare = len(text) < BRIEF and not record
    return [
        ("consent wall", host.startswith("consent.") or bool(CONSENT_PATH.search(parts.path))),
        ("challenge", bare and bool(tree.xpath(CAPTCHA))),
        ("paywall stub", is_paid(record) or bool(ASKS_TO_PAY.search(_all_text(tree)))),
        ("login", bool(LOGIN_PATH.search(parts.path)) or (bare and _asks_password(tree))),
    ]


def is_paid(record: dict[str, Any]) -> bool:
    return str(record.get("isAccessibleForFree", "true")).lower() == "false"


def _asks_password(tree: Any) -> bool:
    return bool(tree.xpath("//form[not(ancestor::header)]//input[@type='password']"))


def _all_text(tree: Any) -> str:
    aside = " or ".join(f"ancestor::{name}" for name in ASIDE)
    prose = tree.xpath(f"//body//text()[not({aside})]")
    return " ".join(" ".join(prose).split())


def check_listing(kinds: set[str], record: dict[str, Any]) -> None:
    """Raises NotAnArticle where a page's records describe a list, and none an article."""
    if not record and kinds & LISTS:
        raise NotAnArticle(f"{NO_ARTICLE} but a listing page")


def lost(asked: str, got: str) -> bool:
    """Whether a redirect led from a page to a front page, as sites answer for pages that are gone.

    >>> lost("https://a.example/2026/deal", "https://a.example/"), lost("https://a.example/", "https://a.example")
    (True, False)
    """
    return len(urlsplit(asked).path) > 1 and len(urlsplit(got).path) <= 1 and not urlsplit(got).query
