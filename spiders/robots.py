"""No crawl without robots.txt, where there may be one."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, IgnoreRequest
from scrapy.http import Request, Response

from spiders.failures import TryLater, in_words

ABSENT = (IgnoreRequest, CannotResolveHostError, DownloadConnectionRefusedError)


class RobotsTrouble:
    """Asks nothing of a host whose robots.txt cannot be read just now, as RFC 9309 (2.3.1.4) has it.

    Scrapy takes an answer 5xx, or none, for leave to fetch everything.
    """

    def __init__(self) -> None:
        self.closed: dict[str, str] = {}

    def process_request(self, request: Request) -> None:
        reason = self.closed.get(urlsplit(request.url).netloc)
        if reason and not is_robots(request):
            raise TryLater(f"robots.txt cannot be read: {reason}")

    def process_response(self, request: Request, response: Response) -> Response:
        if is_robots(request) and response.status >= 500:
            self.close(request, f"HTTP {response.status}")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        # A host that is not there will not answer the next request either, and says why by itself.
        if is_robots(request) and not isinstance(exception, ABSENT):
            self.close(request, in_words(exception))

    def close(self, request: Request, reason: str) -> None:
        self.closed[urlsplit(request.url).netloc] = reason


def is_robots(request: Request) -> bool:
    """Whether it is Scrapy's own request for a robots.txt, redirects of it included."""
    first = request.meta.get("redirect_urls", [request.url])[0]
    return bool(request.meta.get("dont_obey_robotstxt")) and urlsplit(first).path == "/robots.txt"
