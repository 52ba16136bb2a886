"""The baseline: a bare Scrapy spider that downloads the pages of the made-up press and reads titles and
paragraphs out of them. It keeps no rules, no records and no articles.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Request, Response

from benchmarks.crawl_site import listing_url
from spiders.run import AT_A_TIME
from spiders.settings import LOCAL

PER_HOST = LOCAL["CONCURRENT_REQUESTS_PER_DOMAIN"]
SETTINGS = {
    "CONCURRENT_REQUESTS": AT_A_TIME * PER_HOST,  # as many as the tracker's crawl has open
    "CONCURRENT_REQUESTS_PER_DOMAIN": PER_HOST,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}


class BareSpider(scrapy.Spider):  # type: ignore[misc]  # Scrapy is untyped here
    name = "bare"
    pages = 0

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        for address in response.xpath("//*[local-name()='loc' or local-name()='link']/text()").getall():
            yield Request(address, self.parse_page)

    def parse_page(self, response: Response) -> None:
        title = response.xpath("string(//h1)").get()
        text = response.xpath("//article//p//text()").getall()
        self.pages += bool(title and text)
        if self.pages == 1:
            print("begun", flush=True)


def main() -> None:
    port, sources = int(sys.argv[1]), int(sys.argv[2])
    process = CrawlerProcess(SETTINGS)
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, start_urls=[listing_url(source, port) for source in range(sources)])
    process.start()
    print(crawler.spider.pages, flush=True)
    sys.stdin.read()  # until what this process used has been looked at


if __name__ == "__main__":
    main()
