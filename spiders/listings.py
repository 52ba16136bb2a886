"""Press rooms and other pages that list articles, read by the selectors that the source gives."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from parsel import Selector
from scrapy.http import Response

from spiders.addresses import same_site, web_address
from spiders.base import Entry, SourceSpider
from spiders.times import read_time
from tracker.sources import LAYOUT, Select


def read_listing(page: str, url: str, select: Select) -> list[Entry]:
    """The entries of a listing page, in its order; each address once.

    Raises ValueError where no element fits `item`: the layout has changed, or it is another page.
    """
    found = Selector(text=page or "<html/>").css(select.item)
    if not found:
        raise ValueError(f"{LAYOUT}: nothing on the page fits {select.item!r}")
    entries = [entry for item in found if (entry := _entry(item, url, select)) is not None]
    if not entries:
        raise ValueError(f"{LAYOUT}: no {select.item!r} on the page has a link at {select.link!r}")
    return list({entry.address: entry for entry in reversed(entries)}.values())[::-1]


def _entry(item: Selector, base: str, select: Select) -> Entry | None:
    address = web_address(base, _attribute(item, select.link, "href"))
    if not address:
        return None
    title = _words(item, select.title or select.link)
    return Entry(url=address, title=title, published=_date(item, select), text=_words(item, select.summary))


def _attribute(item: Selector, css: str, name: str) -> str:
    """An attribute of the first element that fits, or of the item itself where `css` names none."""
    chosen = item.css(css)[:1] if css else [item]
    return str(chosen[0].attrib.get(name, "")) if chosen else ""


def _words(item: Selector, css: str) -> str:
    """The words of the first element that fits, or of the item itself where `css` names none."""
    chosen = item.css(css)[:1] if css else item.xpath("self::a")
    return " ".join(" ".join(chosen.xpath(".//text()").getall()).split())


def _date(item: Selector, select: Select) -> dt.datetime | None:
    if not select.date:
        return None
    declared = read_time(_attribute(item, select.date, "datetime"))
    if declared is not None or not select.date_format:
        return declared
    try:
        return dt.datetime.strptime(_words(item, select.date), select.date_format).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


class ListingSpider(SourceSpider):
    """Crawls a source through a page that lists its articles."""

    def entries(self, response: Response) -> list[Entry]:
        assert self.source.select is not None  # a source of this kind is not valid without
        if not same_site(self.source.url, response.url):
            raise ValueError(f"led to another site: {urlsplit(response.url).hostname}")
        try:
            return read_listing(response.text, response.url, self.source.select)
        except AttributeError as error:  # Scrapy gives no text to a body that is none
            raise ValueError("not a page") from error
