"""The companies as they are known at a time: the shipped list, imported listings, what people decided.

What somebody decided comes after what a list says, and a later judgement after an earlier one. A company that
is renamed or bought keeps its names; one that is found to be another one gives its names to that.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tracker.errors import ConfigError, LedgerError
from tracker.models.company import COMPANY_KINDS, Company, Former, Listing
from tracker.models.judgement import Judgement
from tracker.models.mention import CATEGORIES
from tracker.resolve.judged import standing
from tracker.resolve.names import normalise

FIELDS: dict[str, tuple[str, ...] | None] = {
    "name": None, "kind": COMPANY_KINDS, "category": CATEGORIES, "region": None, "ticker": None, "cik": None,
    "parent": None,
}  # fmt: skip
HISTORY = ("id", "what", "value", "day")


class Registry:
    """Companies by id, while what is known of them is put together."""

    def __init__(self, companies: Iterable[Company]) -> None:
        self._companies = {c.id: c for c in companies}
        self._now: dict[str, str] = {}

    def all(self) -> list[Company]:
        return list(self._companies.values())

    def enter(self, listing: Listing) -> None:
        """Add the ticker and number of a known company, or a company of which nothing else is known."""
        company = self._known(self._present(listing.company_id), listing.name)
        self._put(company, ticker=company.ticker or listing.ticker, cik=listing.cik)

    def decide(self, judgement: Judgement) -> None:
        """Apply a judgement on a company; one nobody had listed is listed by it."""
        value = judgement.value
        company = self._known(self._present(judgement.company), value["name"])
        to = value["to"]
        match judgement.field:
            case "merge":
                self._merge(company, self._known(self._present(to), value["to_name"]))
            case "alias":
                self._put(company, aliases=list(dict.fromkeys([*company.aliases, to])))
            case "name":
                self._rename(company, to, value["since"])
            case "parent":
                self._put(company, parent=to or "", since=value["since"])
            case _:
                self._put(company, **{judgement.field: to})

    def _known(self, id_: str, name: str) -> Company:
        return self._companies.get(id_) or Company(id=id_, name=name, kind="", category=None)

    def _rename(self, company: Company, to: str, since: str | None) -> None:
        if to == company.name:
            self._put(company)
            return
        former = [*company.former, Former.model_validate({"name": company.name, "until": since})]
        self._put(company, name=to, former=former)

    def remember(self, id_: str, what: str, value: str, day: str) -> None:
        """Add a former name, or an owner. Raises KeyError or ValueError where it cannot be."""
        company = self._companies[id_]
        if what == "former":
            former = Former.model_validate({"name": value, "until": day or None})
            self._put(company, former=[*company.former, former])
        elif what == "parent":
            self._put(company, parent=self._companies[value].id, since=day or None)
        else:
            raise ValueError(f"{what!r} is neither former nor parent")

    def _merge(self, company: Company, target: Company) -> None:
        if target.id == company.id:
            return
        self._put(
            target,
            aliases=list(dict.fromkeys([*target.aliases, company.name, *company.aliases])),
            former=[*target.former, *company.former],
        )
        self._companies.pop(company.id, None)
        self._now[company.id] = target.id

    def _present(self, id_: str) -> str:
        """The id under which a company is to be found now."""
        while id_ in self._now:
            id_ = self._now[id_]
        return id_

    def _put(self, company: Company, **fields: Any) -> None:
        # Through the model, so that days written as text become days.
        self._companies[company.id] = Company.model_validate(company.model_dump() | fields)


def registry(
    companies: Iterable[Company], listings: Sequence[Listing], judgements: Sequence[Judgement]
) -> list[Company]:
    """The companies with what listings (oldest first) and judgements (in any order) say of them."""
    found = Registry(companies)
    for listing in listings:
        found.enter(listing)
    for judgement in standing(judgements):
        if judgement.kind == "company":
            found.decide(judgement)
    return found.all()


def read_value(field: str, text: str) -> str | int | None:
    """What is stored for a field of a company; None for "none". Raises LedgerError saying what it takes."""
    if field not in FIELDS:
        raise LedgerError(f"a company has no field {field!r} to edit", hint=f"one of {', '.join(FIELDS)}")
    words = FIELDS[field]
    if words is not None and text not in words:
        raise LedgerError(f"{field} cannot be {text!r}", hint=f"one of {', '.join(words)}")
    if field == "name" and not normalise(text):
        raise LedgerError("a company needs a name", hint="give one with letters or figures")
    if field == "cik":
        if not text.isdigit():
            raise LedgerError(f"cik cannot be {text!r}", hint="the SEC's number of the company, figures only")
        return int(text)
    return "" if text == "none" and field in ("region", "ticker") else None if text == "none" else text


# ----- the shipped history


def with_history(companies: Sequence[Company], path: Path) -> list[Company]:
    """The companies with their former names and owners (CSV, columns of `HISTORY`).

    Raises ConfigError naming file, line and fault.
    """
    found = Registry(companies)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            try:
                found.remember(*(row[column] for column in HISTORY))
            except (KeyError, TypeError, ValueError) as error:
                raise ConfigError(
                    f"{path}:{reader.line_num}: {', '.join(HISTORY)} expected: {error}",
                    hint="a known id, former or parent, a name or a known id, and a day or nothing",
                ) from error
    return found.all()
