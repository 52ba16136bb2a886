"""Pages that answer 200 and are no article: challenges, logins, consent walls, paywalls, lost pages.

Only what the page says of itself counts (its title, its address, its forms and dialogues, its records), and
beside a long text only the title does: an article may quote any of these words.
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
# Whole titles, but for an outlet's name behind them: news is told of such things too.
ALONE = r"\W*($|\s[|\u2013\u2014-]\s)"
SCRIPTLESS = re.compile(
    r"^\W*((please )?(turn on|enable|activate) (javascript|js|cookies)( to continue)?"
    r"|(javascript|cookies) (is|are) (required|disabled|not enabled)|pardon our interruption"
    r"|bot (check|verification)|checking your browser)" + ALONE,
    re.IGNORECASE,
)
REGION = re.compile(
    r"^\W*((451\W+)?unavailable (for|due to) legal reasons"
    r"|((this )?(content|site|page|website|service) (is )?)?"
    r"(not|un) ?available in your (country|region|location))" + ALONE,
    re.IGNORECASE,
)
AGE = re.compile(
    r"^\W*(age (verification|check|gate)|(please )?(verify|confirm) your age)" + ALONE, re.IGNORECASE
)
PRIVACY = re.compile(
    r"^\W*(we (care about|respect) your privacy|privacy (consent|settings)|(cookie|gdpr) consent"
    r"|manage (your )?(cookies|consent))" + ALONE,
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
TITLES = (
    ("challenge", CHALLENGE),
    ("soft 404", LOST),
    ("login", LOGIN),
    ("consent wall", CONSENT),
    ("challenge", SCRIPTLESS),
    ("consent wall", PRIVACY),
    ("region block", REGION),
    ("age gate", AGE),
)

LOGIN_PATH = re.compile(r"/(log-?in|sign-?in|account/login|sso|auth/authorize)(/|$)", re.IGNORECASE)
CONSENT_PATH = re.compile(r"/(collectconsent|consent)(/|$)", re.IGNORECASE)
CAPTCHA = (
    "//*[contains(concat(' ', @class, ' '), ' g-recaptcha ')"
    " or contains(concat(' ', @class, ' '), ' h-captcha ')"
    " or @id='px-captcha' or @id='challenge-form']"
)
# Elements by whose id or class consent platforms build their dialogues.
DIALOGUE = re.compile(
    r"(onetrust|didomi|sp_message|qc-cmp2?|cmpbox|usercentrics|truste|cookiebot|consent-(wall|modal|banner|page)"
    r"|fc-consent|gdpr-consent)",
    re.IGNORECASE,
)
NO_SCRIPT = re.compile(
    r"\b(please |you (need|have) to |must )?(enable|turn on|activate|allow) (javascript|js)\b"
    r"|\bjavascript (is|must be|needs to be) (required|disabled|enabled|turned on)\b"
    r"|\brequires javascript\b",
    re.IGNORECASE,
)
ASKS_AGE = re.compile(
    r"\b(you must be (at least |over )?(18|21)|are you (over|at least) (18|21)|(verify|confirm) your age)\b",
    re.IGNORECASE,
)
NOT_HERE = re.compile(
    r"\bnot available (in|from) your (country|region|location|area)\b"
    r"|\bunavailable in (your|most european) (country|countries|region)\b",
    re.IGNORECASE,
)
ASKS_CONSENT = re.compile(
    r"\b((accept|agree to|reject) (all |the use of )?(cookies|and continue)|consent or pay|with your consent"
    r"|we and our (\d+ )?(partners|vendors))\b",
    re.IGNORECASE,
)
ASKS_TO_PAY = re.compile(
    r"\b(subscribe (now )?to (continue|keep|read)|to continue reading"
    r"|(this|the) (article|story|content) is (reserved |only )?(for|available to)"
    r" (our )?(subscribers|members)"
    r"|(create|register for) a free account to"
    r"|already a (subscriber|member)\? (log|sign) in to (read|continue)"
    r"|start your (free )?(trial|subscription) to (read|continue))\b",
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
    words = _all_text(tree)
    return [
        ("consent wall", host.startswith("consent.") or bool(CONSENT_PATH.search(parts.path))),
        ("challenge", bare and bool(tree.xpath(CAPTCHA))),
        ("paywall stub", is_paid(record) or bool(ASKS_TO_PAY.search(words))),
        ("region block", bare and bool(NOT_HERE.search(words))),
        ("age gate", bare and bool(ASKS_AGE.search(words))),
        ("consent wall", bare and _has_dialogue(tree) and bool(ASKS_CONSENT.search(words))),
        ("challenge", bare and len(words) < SHORT and bool(NO_SCRIPT.search(words))),
        ("login", bool(LOGIN_PATH.search(parts.path)) or (bare and _asks_password(tree))),
    ]


def is_paid(record: dict[str, Any]) -> bool:
    return str(record.get("isAccessibleForFree", "true")).lower() == "false"


def _asks_password(tree: Any) -> bool:
    return bool(tree.xpath("//form[not(ancestor::header)]//input[@type='password']"))


def _has_dialogue(tree: Any) -> bool:
    return any(DIALOGUE.search(name) for name in tree.xpath("//body//@id | //body//@class"))


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
