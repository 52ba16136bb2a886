"""The fields of Form D, Schedule TO, S-1 and F-1, as they stand in the documents. Nothing is judged here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from spiders.edgar.documents import prose
from tracker.extract.forms import ALL_SHARES, base_form

FORM_D = {
    "name": "entityName",
    "form": "submissionType",
    "industry": "industryGroupType",
    "fund": "investmentFundType",
    "pooled": "isPooledInvestmentFundType",
    "merger": "isBusinessCombinationTransaction",
    "debt": "isDebtType",
    "equity": "isEquityType",
    "offered": "totalOfferingAmount",
    "sold": "totalAmountSold",
    "investors": "totalNumberAlreadyInvested",
    "first_sale": "dateOfFirstSale/value",
}

FEES = "EX-FILING FEES"
ABOUT = 1500  # characters of a document's own words that follow the sentence made of its fields
LONGEST = 200_000  # characters of a schedule that are looked at; what it offers stands at its head
SUM = r"\$?\s?(\d{1,3}(?:,\d{3})+)(?:\.\d+)?"
OFFER_TOTAL = re.compile(rf"transaction\s+valuation\W[^$]{{0,200}}?\$\s?{SUM}", re.IGNORECASE)
ISSUE_TOTAL = re.compile(
    rf"(?:total\s+offering\s+amounts?|maximum\s+aggregate\s+offering\s+price)\W[^$]{{0,400}}?\$\s?{SUM}",
    re.IGNORECASE,
)
PRICE = re.compile(
    r"(?:price\s+(?:of|per\s+share\s+of|equal\s+to)|for|at)\s+(?:US)?\$\s?(\d{1,5}(?:\.\d{1,4})?)"
    r"(?:\s+(?:net\s+)?(?:per|a)\s+share|,?\s+net\b|\s+in\s+cash)?",
    re.IGNORECASE,
)
PER_SHARE = re.compile(r"\b(?:per|a|each)\s+share\b", re.IGNORECASE)
UP_TO = re.compile(
    r"\bup\s+to\s+(?:an\s+aggregate\s+of\s+)?(\d{1,3}(?:,\d{3})+)\s+(?:\w+\s+){0,4}shares", re.IGNORECASE
)
ALL = re.compile(r"\b(?:all|any\s+and\s+all)\s+(?:of\s+the\s+)?(?:\w+\s+and\s+)?outstanding\b", re.IGNORECASE)
OPENS = re.compile(r"\bthis\s+(?:amendment|tender\s+offer\s+statement|schedule\s+to)\b", re.IGNORECASE)
EXPIRED = re.compile(r"\bexpired\b", re.IGNORECASE)
PAID = re.compile(r"\baccept(?:s|ed)?\s+for\s+(?:payment|purchase)\b", re.IGNORECASE)
ENDED = re.compile(
    r"\b(?:terminat(?:ed|ing)|withdr[ae]wn?)\s+(?:the|its|their)\s+(?:tender\s+)?offer\b",
    re.IGNORECASE,
)
# What a company that is not listed yet says of itself on the cover of its prospectus.
INITIAL = re.compile(
    r"\bthis\s+is\s+(?:an|the|our)\s+initial\s+public\s+offering\b|\bour\s+initial\s+public\s+offering\s+of\b"
    r"|\bno\s+public\s+market\s+(?:currently\s+)?(?:exists\s+)?for\s+(?:our|the)\b",
    re.IGNORECASE,
)
COVER = 20_000  # characters at the head of a prospectus; further on it may tell of others' offerings


def notice_fields(body: bytes) -> dict[str, str]:
    """The fields of a Form D; amounts are US dollars. Raises ValueError where the body is none."""
    root = _root(body)
    found = {name: " ".join(str(root.findtext(f".//{path}") or "").split()) for name, path in FORM_D.items()}
    if not found["name"] or base_form(found["form"]) != "D":
        raise ValueError("not a Form D notice")
    return found | {"first_sale": _day(found["first_sale"])}


def _day(text: str) -> str:
    """An ISO day, or nothing."""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _root(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError("not a Form D notice") from error


def offer_fields(
    form: str, parties: Mapping[str, Sequence[str]], documents: Mapping[str, bytes]
) -> dict[str, str]:
    """The fields of a Schedule TO; the price is in US dollars a share, the total in US dollars.

    The first of several bidders files for all of them. Raises ValueError where a side is not named.
    """
    if not parties.get("FILED BY") or not parties.get("SUBJECT COMPANY"):
        raise ValueError("tender offer without a bidder or a subject company")
    cover, told = _opened(prose(documents.get(form, b""))[:LONGEST])
    return {
        "form": form,
        "bidder": " ".join(parties["FILED BY"][0].split()),
        "subject": " ".join(parties["SUBJECT COMPANY"][0].split()),
        "price": _price(told),
        "shares": _shares(told),
        "total": _sum(OFFER_TOTAL, _fees(documents) or cover),
        "status": _status(told),
        "about": told[:ABOUT],
    }


def _opened(text: str) -> tuple[str, str]:
    """The cover of a schedule, and what follows it, which opens by naming itself."""
    start = OPENS.search(text)
    return (text[: start.start()], text[start.start() :]) if start else (text, text)


def _price(text: str) -> str:
    """The first price that is told for a share, beside the nominal value that every share has."""
    for match in PRICE.finditer(text):
        if PER_SHARE.search(text, max(0, match.start() - 40), match.end() + 20):
            return match[1]
    return ""


def _shares(text: str) -> str:
    some = UP_TO.search(text)
    return ALL_SHARES if ALL.search(text) else some[1] if some else ""


def _status(text: str) -> str:
    if ENDED.search(text):
        return "terminated"
    return "completed" if EXPIRED.search(text) and PAID.search(text) else "announced"


def _fees(documents: Mapping[str, bytes]) -> str:
    return prose(documents[FEES]) if documents.get(FEES) else ""


def _sum(pattern: re.Pattern[str], text: str) -> str:
    """A sum as digits, the cents left out; empty where the text gives none."""
    match = pattern.search(text)
    return match[1].replace(",", "") if match else ""


def registration_fields(form: str, name: str, documents: Mapping[str, bytes]) -> dict[str, str]:
    """The fields of an S-1 or F-1. Raises ValueError where its document cannot be read."""
    text = prose(documents.get(form, b""))
    return {
        "form": form,
        "name": name,
        "initial": "true" if INITIAL.search(text[:COVER]) else "",
        "amount": _sum(ISSUE_TOTAL, _fees(documents) or text[:COVER]),
    }
