"""Addresses: one form for one page, and which hosts may be asked at all."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import tldextract

TRACKING = frozenset(
    {
        "fbclid", "gclid", "dclid", "msclkid", "igshid", "yclid", "twclid", "mc_cid", "mc_eid", "cmpid",
        "ocid", "ncid", "guccounter", "guce_referrer", "guce_referrer_sig", "at_medium", "at_campaign",
        "at_link_id", "sref", "smid", "smtyp", "_hsenc", "_hsmi", "spm", "feedtype", "feedname", "gbraid",
        "wbraid", "gad_source", "gclsrc", "ttclid", "li_fat_id", "igsh", "srsltid", "_ga", "_gl", "vero_id",
        "mkt_tok", "oly_enc_id", "oly_anon_id", "wickedid", "xtor", "ftag", "taid", "ftcamp",
    }
)  # fmt: skip
TRACKING_PREFIXES = ("utm_", "ns_", "pk_", "mtm_", "hsa_", "matomo_", "piwik_")
PORTS = {"http": ":80", "https": ":443"}
ESCAPED = re.compile("%[0-9a-fA-F]{2}")

GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 4291; all other IPv6 space is reserved or local
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: how an IPv6-only network reaches IPv4

# The shipped copy of the public suffix list; the library would fetch a newer one at first use.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def clean_url(url: str) -> str:
    """The address without fragment and tracking parameters, in the one spelling that RFC 3986 (6.2) gives it:
    scheme and host in lower case (the host as it goes over the wire), no port that the scheme implies, an
    empty path as /, escapes in capitals. A slash at the end stays: it may lead to another page.

    >>> clean_url("https://News.Example/a?id=7&utm_source=rss#top")
    'https://news.example/a?id=7'
    >>> clean_url("HTTPS://B\u00fccher.example:443"), clean_url("http://a.example:8080/%c3%a9/")
    ('https://xn--bcher-kva.example/', 'http://a.example:8080/%C3%A9/')
    """
    parts = urlsplit(url.strip())
    query = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(name)
    ]
    path = ESCAPED.sub(lambda escape: escape[0].upper(), parts.path)
    return urlunsplit((parts.scheme, _host(parts), path or "/", urlencode(query), ""))


def web_address(base: str, link: str) -> str:
    """The whole address of a link; empty where it leads nowhere in the web or cannot be read.

    >>> web_address("https://a.example/x", " y "), web_address("https://a.example/", "http://[b/")
    ('https://a.example/y', '')
    """
    try:
        address = urljoin(base, link.strip())
        parts = urlsplit(address)
        address.encode()
        asked = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:  # such as a host in brackets that is no IPv6 address, a port that is no number
        return ""
    return address if asked and link.strip() else ""


def _host(parts: SplitResult) -> str:
    """The host and port, and what may stand before them, in one spelling."""
    user, at, place = parts.netloc.rpartition("@")
    place = place.lower().removesuffix(PORTS.get(parts.scheme, ":"))
    if not place.isascii():
        with suppress(UnicodeError):
            place = place.encode("idna").decode("ascii")
    return user + at + place


def _tracks(name: str) -> bool:
    return name.lower() in TRACKING or name.lower().startswith(TRACKING_PREFIXES)


@lru_cache(maxsize=2048)
def site(host: str) -> str:
    """The registrable domain of a host, or the host itself where it has none.

    >>> site("www.news.co.uk"), site("www.ledger.example"), site("127.0.0.1")
    ('news.co.uk', 'ledger.example', '127.0.0.1')
    """
    found = _extract(host).top_domain_under_public_suffix
    # A suffix that the list does not know is taken to be its last label, as the list's own rules have it.
    return found or (host if literal_ip(host) else ".".join(host.split(".")[-2:]))


def same_site(one: str, other: str) -> bool:
    """Whether two addresses lie under the same registrable domain."""
    return site(urlsplit(one).hostname or "") == site(urlsplit(other).hostname or "")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not loopback, private, link-local or reserved.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64) is as public as that.

    >>> is_public("93.184.215.14"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    >>> is_public("64:ff9b::a00:1"), is_public("64:ff9b::5db8:d70e"), is_public("2002:a00:1::1")
    (False, True, False)
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carried = _carried(ip)
        if carried is None:
            return ip in GLOBAL_UNICAST and ip.is_global
        ip = carried
    return ip.is_global and not ip.is_multicast


def _carried(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("192.168.0.1")
    (True, True, False)
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    return ip.is_loopback


def literal_ip(host: str) -> str | None:
    """The IP address a host name spells out, else None."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return None
