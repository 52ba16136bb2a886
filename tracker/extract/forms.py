"""Filings that are forms: put into words, and read as mentions from their fields, not from the words.

The words and the mentions are made side by side, so that every value of a mention stands in the words. The
spiders store the fields as they found them; what they mean is decided here, and can be decided anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracker.models.mention import Mention, Money, Party, Qualifier, Span, Status

FIELDS = "fields"
"""The key under which an article's details hold the fields of the form it was made from."""

Fields = Mapping[str, str]
"""What a form says, by our names for its fields; a missing field is an empty or absent string."""

FUND = "Pooled Investment Fund"
RAISING_FUNDS = frozenset({"Venture Capital Fund", "Private Equity Fund"})
PROPERTY = frozenset({"Commercial", "Construction", "REITS and Finance", "Residential", "Other Real Estate"})
OLD_SALE = dt.timedelta(days=365)
"""An offering first sold longer ago is told again by its yearly amendment: no news."""
OFFERS: dict[Status, str] = {
    "announced": "offers to buy",
    "completed": "has bought, in a tender offer,",
    "terminated": "has ended its offer to buy",
}
ALL_SHARES = "all"


def base_form(form: str) -> str:
    """The form that an amendment amends.

    >>> base_form("S-1/A")
    'S-1'
    """
    return form.removesuffix("/A")


@dataclass(frozen=True)
class Form:
    """How one kind of form is told: `words` gives headline and text, `read` the mentions of that text."""

    words: Callable[[Fields], tuple[str, str]]
    read: Callable[[Fields, Told], list[Mention]]


@dataclass(frozen=True)
class Told:
    """The words of a form, as stored, and the day they were published."""

    title: str
    text: str
    day: dt.date

    @property
    def evidence(self) -> Span:
        """The first sentence of the text; it holds every value."""
        line = self.text.split("\n", 1)[0]
        start = len(self.title) + 1
        return Span(text=line, start=start, end=start + len(line))

    def party(self, name: str) -> list[Party]:
        return [Party(name=name, **self.span(name).model_dump())]

    def money(self, amount: str, qualifier: Qualifier) -> Money | None:
        if not is_sum(amount):
            return None
        span = self.span(dollars(amount))
        return Money(value=float(amount), qualifier=qualifier, **span.model_dump())

    def span(self, text: str) -> Span:
        """Where the evidence says it. Raises ValueError where it does not."""
        start = self.evidence.start + self.evidence.text.index(text)
        return Span(text=text, start=start, end=start + len(text))


def form_words(fields: Fields) -> tuple[str, str]:
    """Headline and text of a form. Raises KeyError for a form that has no fields."""
    return FORMS[base_form(fields["form"])].words(fields)


def read_form(fields: Fields, title: str, text: str, published: dt.datetime) -> list[Mention]:
    """What a form tells; nothing where that is no event. `title` and `text` are its `words`.

    Raises KeyError for a form that has no fields, ValueError where the text is another's.
    """
    return FORMS[base_form(fields["form"])].read(fields, Told(title, text, published.date()))


def is_sum(amount: str) -> bool:
    """Whether it is a sum above nothing, in whole dollars; no form has ever told a quadrillion."""
    return amount.isascii() and amount.isdigit() and len(amount) <= 15 and int(amount) > 0


def dollars(amount: str) -> str:
    """
    >>> dollars("90000000"), dollars("Indefinite")
    ('$90,000,000', 'an undisclosed amount')
    """
    return f"${int(amount):,}" if is_sum(amount) else "an undisclosed amount"


# Form D: a notice of securities sold without registration


def _notice_words(fields: Fields) -> tuple[str, str]:
    name, form, sold = fields["name"], fields["form"], fields["sold"]
    if is_sum(sold):
        title = f"{name} reports {dollars(sold)} sold in a private offering (Form {form})"
    else:
        title = f"{name} reports a private offering (Form {form})"
    counted = f" and counts {fields['investors']} investors so far" if fields["investors"] else ""
    industry = f"The notice names {fields['industry'] or 'none'} as the industry group{counted}."
    return title, f"{_sale(fields)}\n{industry}"


def _sale(fields: Fields) -> str:
    offered, sold = fields["offered"], fields["sold"]
    whole = f"{dollars(offered)} offered" if is_sum(offered) else "an offering without a limit"
    told = f"has sold {dollars(sold)} of {whole}" if is_sum(sold) else f"has sold nothing yet of {whole}"
    day = fields["first_sale"]
    when = f"first sold on {day}" if day else "with no sale made yet"
    return (
        f"{'The fund ' if is_fund(fields) else ''}{fields['name']} {told} in a private offering of "
        f"securities, {when}, according to a Form {fields['form']} notice filed with the SEC."
    )


def is_fund(fields: Fields) -> bool:
    """Whether the issuer pools investors' money instead of running a business."""
    return fields["industry"] == FUND or fields.get("pooled") == "true"


def _notice(fields: Fields, told: Told) -> list[Mention]:
    """A financing, unless it is none: shares handed out in a merger, or a fund that anyone may join any day.

    The sum sold is the least that the round brings until the whole offer is sold.
    """
    if fields.get("merger") == "true" or (is_fund(fields) and fields.get("fund") not in RAISING_FUNDS):
        return []
    sold = is_sum(fields["sold"])
    whole: Qualifier = "exact" if fields["sold"] == fields["offered"] else "at_least"
    return [
        Mention(
            type="financing",
            kind="fund" if is_fund(fields) else None,
            salience="main" if _is_news(fields, told.day) else "background",
            status="completed" if sold else "announced",
            company=told.party(fields["name"]),
            amount=told.money(fields["sold"], whole) if sold else told.money(fields["offered"], "up_to"),
            round="debt" if fields.get("debt") == "true" and fields.get("equity") != "true" else None,
            date=fields["first_sale"] or None,
            evidence=told.evidence,
        )
    ]


def _is_news(fields: Fields, day: dt.date) -> bool:
    """Whether a company that runs a business has begun to raise money within the last year."""
    if is_fund(fields) or fields["industry"] in PROPERTY:
        return False
    first = fields["first_sale"]
    return not first or day - dt.date.fromisoformat(first) <= OLD_SALE


# Schedule TO: a tender offer by somebody else than the company


def _offer_words(fields: Fields) -> tuple[str, str]:
    deal = f"{fields['bidder']} {OFFERS[_status(fields)]} {_shares(fields)}{fields['subject']}"
    price = f" at ${fields['price']} a share" if fields.get("price") else ""
    total = f", {dollars(fields['total'])} in all" if is_sum(fields.get("total", "")) else ""
    text = f"{deal}{price}{total}, according to a tender offer statement filed with the SEC."
    about = f"\n{fields['about']}" if fields.get("about") else ""
    return f"{deal}{price} (Form {fields['form']})", text + about


def _status(fields: Fields) -> Status:
    return next(status for status in OFFERS if status == fields["status"])


def _shares(fields: Fields) -> str:
    shares = fields.get("shares", "")
    if shares == ALL_SHARES:
        return "all shares of "
    return f"up to {shares} shares of " if shares else ""


def _offer(fields: Fields, told: Told) -> list[Mention]:
    return [
        Mention(
            type="acquisition",
            kind="company" if fields.get("shares", "") in ("", ALL_SHARES) else "stake",
            status=_status(fields),
            acquirer=told.party(fields["bidder"]),
            target=told.party(fields["subject"]),
            amount=told.money(fields.get("total", ""), "up_to"),
            evidence=told.evidence,
        )
    ]


# S-1 and F-1: securities registered for sale to the public


def _registration_words(fields: Fields) -> tuple[str, str]:
    name, form = fields["name"], fields["form"]
    what = "an initial public offering" if fields["initial"] == "true" else "securities to be sold"
    amount = f" of up to {dollars(fields['amount'])}" if is_sum(fields["amount"]) else ""
    verb = "has filed for" if fields["initial"] == "true" else "registers"
    amended = "an amended" if form.endswith("/A") else "a"
    text = f"{name} {verb} {what}{amount}, according to {amended} registration statement filed with the SEC."
    return f"{name} {verb} {what}{amount} (Form {form})", text


def _registration(fields: Fields, told: Told) -> list[Mention]:
    """A listing filed for; shares registered by a company that is listed already are none."""
    if fields["initial"] != "true":
        return []
    return [
        Mention(
            type="ipo",
            status="announced",
            company=told.party(fields["name"]),
            amount=told.money(fields["amount"], "up_to"),
            evidence=told.evidence,
        )
    ]


FORMS = {
    "D": Form(_notice_words, _notice),
    "SC TO-T": Form(_offer_words, _offer),
    "S-1": Form(_registration_words, _registration),
    "F-1": Form(_registration_words, _registration),
}
