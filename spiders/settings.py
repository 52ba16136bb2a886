"""The settings of every crawl: polite by default, bounded in time and size, quiet on stdout."""

from __future__ import annotations

from typing import Any

from tracker import __version__
from tracker.config import Settings
from tracker.sources import Source

MEGABYTE = 1024 * 1024

COMMON: dict[str, Any] = {
    "ROBOTSTXT_OBEY": True,
    "SCHEDULER": "spiders.waiting.Scheduler",
    "CONCURRENT_REQUESTS": 8,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    # A page gives one item; Scrapy would start 100 tasks for each answer, which took a quarter of a crawl.
    "CONCURRENT_ITEMS": 1,
    "DOWNLOAD_DELAY": 1.0,
    "AUTOTHROTTLE_ENABLED": True,
    "AUTOTHROTTLE_START_DELAY": 1.0,
    "AUTOTHROTTLE_MAX_DELAY": 60.0,
    "DOWNLOAD_MAXSIZE": 10 * MEGABYTE,
    "DOWNLOAD_WARNSIZE": 0,
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": MEGABYTE // 2,  # of answers that wait to be read; more are not asked for
    "DOWNLOAD_TIMEOUT": 30,
    "DNS_TIMEOUT": 10,
    "TWISTED_DNS_RESOLVER": "spiders.guards.PinnedResolver",
    "REDIRECT_MAX_TIMES": 5,
    "DEPTH_LIMIT": 5,  # a filing lies three deep; an index of indexes could go on for ever
    "RETRY_TIMES": 1,
    # A name that does not resolve or a closed port will not heal within this crawl.
    "RETRY_EXCEPTIONS": [
        "scrapy.exceptions.DownloadTimeoutError",
        "scrapy.exceptions.DownloadFailedError",
        "scrapy.exceptions.ResponseDataLossError",
    ],
    # Feeds are not trusted: an entry may point anywhere, so only the web can be fetched at all.
    "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
    "DOWNLOADER_MIDDLEWARES": {
        "spiders.guards.AddressGuard": 50,
        "spiders.robots.RobotsTrouble": 110,  # behind Scrapy's own (100), which fetches robots.txt
        "spiders.guards.Unpacking": 590,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "spiders.warc.Archive": 950,  # next to the download: it sees bodies as they came, still packed
        "spiders.pace.Pace": 940,
        # What is not used takes time with each request all the same.
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
        "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
        "spiders.middlewares.RetryAfter": 545,  # sees an answer once the retry middleware (550) let it pass
    },
    "EXTENSIONS": {"spiders.optouts.OptOuts": 0, "spiders.rechecks.Rechecks": 0},
    "ITEM_PIPELINES": {"spiders.pipelines.StorePipeline": 300},
    "COOKIES_ENABLED": False,
    "REFERER_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "ERROR",
    "REACTOR_THREADPOOL_MAXSIZE": 24,
    "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],  # 429 and 503 belong to RetryAfter
}

# A loopback server is this machine's own: nobody has to be spared.
LOCAL: dict[str, Any] = {
    "AUTOTHROTTLE_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
}


def user_agent(contact: str) -> str:
    """Who is asking. SEC EDGAR refuses agents with brackets or addresses of pages in them, so the form is
    plain.
    """
    return f"market-signal-tracker/{__version__} {contact}".strip()


def scrapy_settings(settings: Settings, source: Source | None = None) -> dict[str, Any]:
    """Scrapy's settings for one source, or the common ones of the process."""
    own = {
        "USER_AGENT": user_agent(settings.contact),
        "ROBOTSTXT_USER_AGENT": "market-signal-tracker",
        "TRACKER_DATABASE_URL": settings.database_url,
        "TRACKER_PROXY": settings.proxy,
    }
    return {**COMMON, **(LOCAL if source and source.local else {}), **own}
