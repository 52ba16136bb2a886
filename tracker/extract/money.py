"""Amounts of money in news writing: every common currency and style, in full units, with their spans.

Read: US$11bn, $87M, €1.1 billion, 830 million euros, 700m yuan, Rs 500 crore, 13.8bn Singapore dollars,
25 mln dlrs, half a billion dollars, $40 billion to $80 billion, up to $5bn, more than $7B, $7B+, some $600m.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.models.mention import Money, Qualifier

_CURRENCIES = tomllib.loads(Path(__file__).with_name("currencies.toml").read_text("utf-8"))
_MARKS = [mark for forms in _CURRENCIES.values() for mark in forms["marks"]]
SYMBOLS = {mark.casefold(): code for code, forms in _CURRENCIES.items() for mark in forms["marks"]}
WORDS = {forms["words"]: code for code, forms in _CURRENCIES.items() if "words" in forms}
SCALES = {
    "k": 1e3, "thousand": 1e3, "lakh": 1e5, "lakhs": 1e5, "m": 1e6, "mn": 1e6, "mm": 1e6, "mln": 1e6,
    "mio": 1e6,
    "million": 1e6, "millions": 1e6, "crore": 1e7, "crores": 1e7, "cr": 1e7, "b": 1e9, "bn": 1e9, "bln": 1e9,
    "billion": 1e9, "billions": 1e9, "t": 1e12, "tn": 1e12, "trn": 1e12, "trillion": 1e12,
}  # fmt: skip
_UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_ROUND = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_WORDS = (
    {word: float(n) for n, word in enumerate(_UNITS, 1)}
    | {word: 10.0 * n for n, word in enumerate(_ROUND, 2)}
    | {"a hundred": 100.0, "one hundred": 100.0}
)
_TENS = "|".join(w for w, n in NUMBER_WORDS.items() if 20 <= n < 100)
_ONES = "|".join(w for w, n in NUMBER_WORDS.items() if n < 10)
FRACTIONS = {"half a": 0.5, "a quarter of a": 0.25, "a": 1.0, "one": 1.0, "a half": 0.5} | {
    f"{word} and a half": n + 0.5 for n, word in enumerate(_UNITS[:9], 1)
}


def _longest_first(words: Iterable[str]) -> str:
    """An alternation that tries longer words before their beginnings; capitals in a word must be capitals."""
    return "|".join(
        re.escape(w) if w == w.casefold() else f"(?-i:{re.escape(w)})"
        for w in sorted(words, key=len, reverse=True)
    )


_SYMBOL = _longest_first(_MARKS)
_WORD = "|".join(WORDS)
_SCALE = _longest_first(SCALES)
LONGEST_NUMBER = 24
"""Digits and commas; what is longer is no amount but a serial number or noise, and might not fit a float."""
_NUMBER = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_GAP = r"[ \u00a0\u202f-]?"

_BEFORE = (
    rf"(?<![\w$€£])(?P<sym>{_SYMBOL}){_GAP}(?P<n1>{_NUMBER})"
    rf"(?:\s?(?:-|–|—|to)\s?(?P<n1b>{_NUMBER})(?={_GAP}(?:{_SCALE})(?![a-zA-Z])))?"
    rf"(?:{_GAP}(?P<s1>{_SCALE})(?![a-zA-Z]))?(?P<plus1>\+)?(?: ?(?P<extra>{_WORD})\b)?"
)
_AFTER = (
    rf"(?<![\w.,$€£])(?:(?P<frac>{_longest_first(FRACTIONS)}) |"
    rf"(?P<spelt>(?:{_TENS})-(?:{_ONES})|{_longest_first(NUMBER_WORDS)})[ -]"
    rf"(?=(?:{_SCALE})\b)|(?P<n2>{_NUMBER}){_GAP})"
    rf"(?:(?P<s2>{_SCALE})(?![a-zA-Z]){_GAP})?(?P<plus2>\+)?"
    rf"(?P<word>{_WORD}|(?-i:USD|EUR|GBP|JPY|CNY|RMB|SEK|INR|CHF|AUD|CAD))\b"
)
PATTERN = re.compile(f"(?:{_BEFORE}|{_AFTER})", re.IGNORECASE)
"""Text without a digit or one of the fraction words cannot match, so the cost is linear in its length."""

_RANGE = re.compile(r"\s?(?:-|–|—|to|and)\s?", re.IGNORECASE)
_BARE = re.compile(rf"(?:between |from )?(?P<n>{_NUMBER})(?P<join>\s?(?:-|–|—|to|and)\s?)$", re.IGNORECASE)
_QUALIFIERS: tuple[tuple[Qualifier, re.Pattern[str]], ...] = (
    ("up_to", re.compile(
        r"(?:up to|as much as|as high as|at most|no more than|maximum of|less than|under)"
        r"(?: an?)? ?$", re.I)),
    ("at_least", re.compile(
        r"(?:more than|over|at least|in excess of|upwards? of|north of|exceed(?:s|ing)?|above|minimum of"
        r"|no less than)(?: an?)? ?$", re.I)),
    ("about", re.compile(
        r"(?:about|around|nearly|almost|some|roughly|approximately|approx\.?|close to|just under|an estimated"
        r"|estimated|~|circa|in the region of)(?: an?)? ?$", re.I)),
)  # fmt: skip
_AFTER_AT_LEAST = re.compile(r"^\s?(?:or more|plus|-plus|and up)\b", re.IGNORECASE)
_PER_SHARE = re.compile(
    r"^[ -]?(?:per|a|each|/)[ -]?(?:share|unit|seat|user|month|year|token|hour|head|ton|barrel)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class MoneySpan:
    """An amount with the characters it was read from; `per_share`: the price of one share, seat or month."""

    money: Money
    start: int
    end: int
    per_share: bool = False


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _scaled(text: str, scale: float) -> float:
    """A number in full units, to the cent: 4.1 times a billion is not quite 4.1 billion in binary."""
    return round(_number(text) * scale, 2)


def _read(match: re.Match[str]) -> tuple[float, str, bool, float]:
    """Value, currency, whether a plus sign stood behind it, and the scale."""
    if match["sym"]:
        scale = SCALES[match["s1"].casefold()] if match["s1"] else 1.0
        currency = SYMBOLS[match["sym"].casefold()]
        if match["extra"] and currency == "USD":
            currency = _currency_of_word(match["extra"])
        return _scaled(match["n1"], scale), currency, bool(match["plus1"]), scale
    base = _base(match)
    scale = SCALES[match["s2"].casefold()] if match["s2"] else 1.0
    return round(base * scale, 2), _currency_of_word(match["word"]), bool(match["plus2"]), scale


def _base(match: re.Match[str]) -> float:
    if match["frac"]:
        return FRACTIONS[match["frac"].casefold()]
    if match["spelt"]:
        whole = match["spelt"].casefold()
        parts = [whole] if whole in NUMBER_WORDS else whole.split("-")
        return sum(NUMBER_WORDS[part] for part in parts)
    return _number(match["n2"])


def _currency_of_word(word: str) -> str:
    if word.upper() in set(SYMBOLS.values()):
        return word.upper()
    for pattern, currency in WORDS.items():
        if re.fullmatch(pattern, word, re.IGNORECASE):
            return currency
    return "USD"


def _qualifier(text: str, start: int, end: int, plus: bool) -> Qualifier:
    before = text[max(0, start - 28) : start]
    if plus or _AFTER_AT_LEAST.match(text[end : end + 12]):
        return "at_least"
    for name, pattern in _QUALIFIERS:
        if pattern.search(before):
            return name
    return "exact"


def _is_amount(match: re.Match[str]) -> bool:
    # "a dollar" and "one yuan" are idioms or prices, not deal sizes; a scale word makes them amounts.
    idiom = bool(match["frac"]) and not match["s2"]
    return not idiom and all(len(match[n] or "") <= LONGEST_NUMBER for n in ("n1", "n1b", "n2"))


def find_money(text: str) -> list[MoneySpan]:
    """All amounts of a text, in order; two ends of a range become one amount.

    >>> [(m.money.value, m.money.currency, m.money.qualifier) for m in find_money("up to US$1.5bn, not €20m")]
    [(1500000000.0, 'USD', 'up_to'), (20000000.0, 'EUR', 'exact')]
    """
    return list(_merge_ranges(text, [m for m in PATTERN.finditer(text) if _is_amount(m)]))


def _merge_ranges(text: str, matches: list[re.Match[str]]) -> Iterator[MoneySpan]:
    index = 0
    while index < len(matches):
        match = matches[index]
        following = matches[index + 1] if index + 1 < len(matches) else None
        if following is not None and _is_range(text, match, following):
            yield _range(text, match.start(), match, following)
            index += 2
            continue
        yield _single(text, match)
        index += 1


def _is_range(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    between = text[first.end() : second.start()]
    if not _RANGE.fullmatch(between):
        return False
    low, high = _read(first), _read(second)
    if between.strip().casefold() == "and" and not re.search(r"between $", text[: first.start()][-9:], re.I):
        return False
    return low[1] == high[1] and low[0] < high[0] * (high[3] if low[3] == 1.0 else 1.0)


def _range(text: str, start: int, first: re.Match[str], second: re.Match[str]) -> MoneySpan:
    low, currency, _, low_scale = _read(first)
    high, _, _, scale = _read(second)
    if low_scale == 1.0 and low < 1000:
        low = round(low * scale, 2)
    money = _money(text, start, second.end(), low, currency, "range", high)
    return MoneySpan(money, start, second.end(), _is_per_share(text, second.end()))


def _single(text: str, match: re.Match[str]) -> MoneySpan:
    value, currency, plus, scale = _read(match)
    start, end = match.start(), match.end()
    if match["n1b"] and (high := _scaled(match["n1b"], scale)) > value:
        money = _money(text, start, end, value, currency, "range", high)
        return MoneySpan(money, start, end, _is_per_share(text, end))
    bare = _BARE.search(text[max(0, start - 24) : start]) if not match["sym"] else None
    if bare and (low := _scaled(bare["n"], scale)) < value and bare["join"].strip().casefold() != "and":
        start = start - (bare.end() - bare.start("n"))
        money = _money(text, start, end, low, currency, "range", value)
    else:
        money = _money(text, start, end, value, currency, _qualifier(text, start, end, plus), None)
    return MoneySpan(money, start, end, _is_per_share(text, end))


def _is_per_share(text: str, end: int) -> bool:
    return bool(_PER_SHARE.match(text[end : end + 12]))


def _money(
    text: str, start: int, end: int, value: float, currency: str, qualifier: Qualifier, high: float | None
) -> Money:
    return Money(
        value=value,
        max=high,
        currency=currency,
        qualifier=qualifier,
        text=text[start:end],
        start=start,
        end=end,
    )
