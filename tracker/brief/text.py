"""Words: making outside text harmless, and small pieces of English grammar."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urlsplit

from tracker.spoken import figure

# Joiners build emoji and Indic letters; every other format character can hide or turn text around.
_JOINERS = {"\u200c", "\u200d"}
_SPACE_LIKE = {"Cc", "Zl", "Zp"}
_DROPPED = {"Cf", "Cs", "Co", "Cn"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#~&])")
_LIST_START = re.compile(r"^(\d*)([-+.)])")
_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def _kept(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in _SPACE_LIKE:
        return " "
    return "" if kind in _DROPPED and char not in _JOINERS else char


def clean(text: str, limit: int | None = None) -> str:
    """Outside text on one line without control, bidi-override, invisible or unassigned characters.

    `limit` is the greatest length in characters; a longer text is cut at a word and gets an ellipsis.

    >>> clean("Acme\\u202e buys\\n Widgets\\x00", limit=9)
    'Acme…'
    """
    normal = text if text.isascii() else unicodedata.normalize("NFC", text)
    # What is printable throughout holds none of the characters that are dropped.
    line = " ".join((normal if normal.isprintable() else "".join(map(_kept, normal))).split())
    if limit is None or len(line) <= limit:
        return line
    head = line[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:") + "…"


@lru_cache(maxsize=1 << 14)  # an issue cites an address in many places
def safe_url(url: str) -> str | None:
    """The address if it is a plain http(s) one, percent-encoded where it must be; else None.

    >>> safe_url("javascript:alert(1)"), safe_url("https://a.example/x(1)?q=\\"<")
    (None, 'https://a.example/x%281%29?q=%22%3C')
    """
    if any(_kept(c) != c for c in url):
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return None
    return quote(parts.geturl(), safe=":/?#[]@!$&'*+,;=%-._~")


def host(url: str) -> str:
    """The publisher's host without `www.`; empty for an address that is not shown."""
    checked = safe_url(url)
    return (urlsplit(checked).hostname or "").removeprefix("www.") if checked else ""


def markdown(text: str) -> str:
    """Text in which no character acts as Markdown, raw HTML or an automatic link.

    >>> markdown("[x](javascript:1) *b* <i>")
    '\\\\[x\\\\](javascript:1) \\\\*b\\\\* \\\\<i\\\\>'
    """
    escaped = _MARKDOWN.sub(r"\\\1", text)
    escaped = escaped.replace("://", ":\\/\\/").replace("www.", "www\\.")
    return _LIST_START.sub(r"\1\\\2", escaped)


def join(names: Sequence[str], *, most: int = 4) -> str:
    """A list in prose; past `most` names the rest is counted.

    >>> join(["A"]), join(["A", "B", "C"]), join(["A", "B", "C", "D", "E", "F"], most=3)
    ('A', 'A, B and C', 'A, B, C and three others')
    """
    if len(names) > most + 1:
        names = [*names[:most], count(len(names) - most, "other")]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def possessive(name: str) -> str:
    """The name in the genitive.

    >>> possessive("Siemens"), possessive("IBM")
    ('Siemens’', 'IBM’s')
    """
    return f"{name}’" if name.endswith(("s", "S")) else f"{name}’s"


def number(n: int) -> str:
    """A number in prose: words up to twelve, digits after.

    >>> number(3), number(14)
    ('three', '14')
    """
    return _NUMBERS[n] if 0 <= n < len(_NUMBERS) else figure(n)


def plural(n: float, noun: str) -> str:
    if n == 1:
        return noun
    if noun.endswith("s"):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"


def count(n: int, noun: str) -> str:
    """A number and its noun.

    >>> count(1, "deal"), count(0, "deal"), count(2, "company")
    ('one deal', 'no deals', 'two companies')
    """
    return f"{number(n)} {plural(n, noun)}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def was(n: int) -> str:
    return "was" if n == 1 else "were"


def has(n: int) -> str:
    return "has" if n == 1 else "have"


def slug(text: str) -> str:
    """An id that is safe as an HTML anchor.

    >>> slug("acquisition:Acme Corp/1")
    'acquisition-Acme-Corp-1'
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
