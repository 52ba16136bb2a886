"""What a site says about mining by machines: read once a week, recorded beside its source, and shown.

Read are robots.txt's rules for AI crawlers, ai.txt, the TDM Reservation Protocol (file, header, meta tag) and
`noai` in X-Robots-Tag or a robots meta tag.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import urljoin

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from spiders.addresses import same_site
from tracker.config import shipped

ROBOTS, AI_TXT, TDM_FILE = "robots.txt", "ai.txt", "tdmrep.json"
FILES = {AI_TXT: "/ai.txt", TDM_FILE: "/.well-known/tdmrep.json"}
ANYBODY = "some-reader"  # an agent that no robots.txt names
NO_AI = re.compile(r"\bno(?:image)?ai\b", re.IGNORECASE)
META = re.compile(
    rb"""<meta\s+(?=[^>]*?name\s*=\s*["']?(?P<name>tdm-reservation|tdm-policy|robots)["'\s>])"""
    rb"""[^>]*?content\s*=\s*["']?(?P<content>[^"'>]*)""",
    re.IGNORECASE,
)
HEAD = 64 * 1024  # bytes of a page in which its meta tags are looked for
LONGEST = 300  # characters kept of what a site says; it is shown to people


@cache
def ai_agents() -> tuple[str, ...]:
    lines = shipped("data", "ai-agents.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def in_robots(parser: Any, url: str) -> dict[str, str]:
    """What a parsed robots.txt forbids AI crawlers at an address."""
    if not parser.allowed(url, ANYBODY):
        return {ROBOTS: "forbids everybody"}
    forbidden = [agent for agent in ai_agents() if not parser.allowed(url, agent)]
    return said(ROBOTS, f"forbids {', '.join(forbidden)}" if forbidden else "")


def in_ai_txt(body: bytes) -> dict[str, str]:
    """What an ai.txt disallows; nothing where the body is something else."""
    text = body.decode("utf-8", errors="replace")
    fields = [line.partition(":")[::2] for line in text.splitlines() if ":" in line]
    names = [name.strip().lower() for name, _ in fields]
    if "user-agent" not in names:
        return {}
    rules = [value.strip() for name, (_, value) in zip(names, fields, strict=True) if name == "disallow"]
    return said(AI_TXT, f"forbids {', '.join(filter(None, rules))}" if any(rules) else "")


def in_tdm_file(body: bytes) -> dict[str, str]:
    """The reservations of a tdmrep.json."""
    try:
        rules = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    found = [
        _reserved(str(rule.get("location") or "/"), rule.get("tdm-policy"))
        for rule in (rules if isinstance(rules, list) else [])
        if isinstance(rule, dict) and str(rule.get("tdm-reservation")) == "1"
    ]
    return said(TDM_FILE, "; ".join(found))


def _reserved(location: str, policy: object) -> str:
    return f"reserved{' for ' + location if location else ''}" + (f", policy {policy}" if policy else "")


def in_answer(response: Response) -> dict[str, str]:
    """What an answer's headers and a page's meta tags say."""
    robots = ", ".join(_header(response, "X-Robots-Tag"))
    reserved, policy = _header(response, "TDM-Reservation"), _header(response, "TDM-Policy")
    tags = [(m["name"].lower(), m["content"]) for m in META.finditer(response.body[:HEAD])]
    meta = {name.decode(): content.decode("utf-8", errors="replace").strip() for name, content in tags}
    found = {"X-Robots-Tag": _no_ai(robots), "meta robots": _no_ai(meta.get("robots", ""))}
    if "1" in reserved:
        found["TDM-Reservation"] = _reserved("", policy[0] if policy else "")
    if meta.get("tdm-reservation") == "1":
        found["meta tdm-reservation"] = _reserved("", meta.get("tdm-policy", ""))
    return {where: text for where, says in found.items() for text in said(where, says).values()}


def _no_ai(words: str) -> str:
    return ", ".join(dict.fromkeys(word.lower() for word in NO_AI.findall(words)))


def _header(response: Response, name: str) -> list[str]:
    return [value.decode("latin-1").strip() for value in response.headers.getlist(name)]


def said(where: str, says: str) -> dict[str, str]:
    """A finding, on one line and of bounded length; none where nothing is said."""
    printable = "".join(char if char.isprintable() else " " for char in says)
    return {where: " ".join(printable.split())[:LONGEST]} if says else {}


class OptOuts:
    """Reads the opt-outs of a source's own site while it is crawled, where it is time."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.looked = False
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(self.answered, signal=signals.response_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OptOuts:
        return cls(crawler)

    def concerns(self, url: str) -> bool:
        spider = self.crawler.spider
        return spider.reads_opt_outs and same_site(url, spider.source.url)

    def note(self, found: dict[str, str]) -> None:
        spider = self.crawler.spider
        spider.opt_outs = (spider.opt_outs or {}) | found

    async def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Scrapy waits for this before it sends the request that robots.txt was fetched for."""
        if self.looked or not self.concerns(request.url):
            return
        self.looked = True
        self.note(in_robots(robotparser, self.crawler.spider.source.url))
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        if not robotparser.allowed(self.crawler.spider.source.url, agent):
            return
        urls = [urljoin(request.url, path) for path in FILES.values()]
        bodies = [await self.body(url) if robotparser.allowed(url, agent) else b"" for url in urls]
        self.note(in_ai_txt(bodies[0]) | in_tdm_file(bodies[1]))

    async def body(self, url: str) -> bytes:
        # Whether robots.txt allows it was asked by the caller; the middleware would wait for itself.
        request = Request(url, callback=NO_CALLBACK, meta={"dont_obey_robotstxt": True})
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception:  # a site without these files may fail in any way; it has not opted out by that
            return b""
        return response.body if response.status == 200 else b""

    def answered(self, response: Response, request: Request) -> None:
        if (
            self.looked
            and response.status == 200
            and self.concerns(response.url)
            and not is_aside(response.url)
        ):
            self.note(in_answer(response))


def is_aside(url: str) -> bool:
    """Whether an address is one of the files that tell machines how to behave, and no page."""
    return url.endswith(("/robots.txt", *FILES.values()))


def kept(old: dict[str, str], found: dict[str, str], pages: int) -> dict[str, str]:
    """What is recorded: the new findings; what only pages say stays where none was read this time."""
    files = {ROBOTS, *FILES}
    stays = {} if pages else {where: says for where, says in old.items() if where not in files}
    return stays | found
