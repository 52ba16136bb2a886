"""Who is who: the shipped company list, and linking of a party's name to it.

A name is linked by its normal form (legal form, accents and punctuation do not matter), by an alias, or,
written in capitals, as the initials of one listed full name. A string that two companies share links to
neither: it is kept apart and flagged. Any other name becomes a provisional company whose id comes from the
normal form alone, so that it is the same in every run and on every machine.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tracker.errors import ConfigError
from tracker.models.company import COMPANY_KINDS, Company
from tracker.resolve.names import initials, is_acronym, normalise

COLUMNS = ("id", "name", "aliases", "kind", "category", "region", "ticker")


@dataclass(frozen=True)
class Link:
    """What a name stands for. A provisional one has no `company`; `shared`: several listed ones bear it."""

    id: str
    name: str
    company: Company | None = None
    shared: bool = False


class Directory:
    """The companies that names are linked to. Immutable after construction."""

    def __init__(self, companies: Iterable[Company]) -> None:
        self.companies = {c.id: c for c in companies}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_initials: dict[str, set[str]] = defaultdict(set)
        self._by_ticker: dict[str, set[str]] = defaultdict(set)
        for company in self.companies.values():
            self._by_ticker[company.ticker].add(company.id)
            for name in company.names:
                self._by_name[normalise(name)].add(company.id)
                self._by_initials[initials(name)].add(company.id)

    def link(self, name: str, aliases: Sequence[str] = (), ticker: str = "") -> Link:
        """Link a name, else the first of its aliases that names exactly one listed company, else the ticker
        that stands beside it.
        """
        for candidate in (name, *_bracketed(name), *aliases):
            named = self._listed(candidate)
            if named is not None:
                return Link(named.id, named.name, named)
        listed = self._by_ticker.get(ticker, set()) if ticker else set()
        if len(listed) == 1:
            company = self.companies[next(iter(listed))]
            return Link(company.id, company.name, company)
        normal = normalise(name)
        return Link("prov:" + (normal.replace(" ", "-") or "unnamed"), name, shared=self.is_shared(name))

    def is_shared(self, name: str) -> bool:
        return len(self._by_name.get(normalise(name), ())) > 1

    def shared_names(self) -> list[str]:
        """Strings that more than one listed company bears; they link to none."""
        return sorted(name for name, ids in self._by_name.items() if len(ids) > 1)

    def _listed(self, name: str) -> Company | None:
        ids = self._by_name.get(normalise(name), set())
        if not ids and is_acronym(name):
            ids = self._by_initials.get(name, set())
        return self.companies[next(iter(ids))] if len(ids) == 1 else None


def _bracketed(name: str) -> list[str]:
    """The two names of "Anysphere (Cursor)", none for a name without brackets."""
    before, opening, rest = name.partition("(")
    inside = rest.rstrip().removesuffix(")")
    return [before, inside] if opening and normalise(before) and rest.rstrip().endswith(")") else []


def load_companies(path: Path) -> list[Company]:
    """Read a company list (CSV, columns of `COLUMNS`). Raises ConfigError naming file, line and fault."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise ConfigError(f"{path}:1: the columns must be {', '.join(COLUMNS)}")
            return _checked(path, [(reader.line_num, row) for row in reader])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(
            f"cannot read {path}: {error}", hint="restore the shipped file or fix it"
        ) from error


def _checked(path: Path, rows: list[tuple[int, dict[str, str]]]) -> list[Company]:
    seen: dict[str, int] = {}
    companies = []
    for line, row in rows:
        company = _company(path, line, row)
        for taken in (f"id {company.id!r}", f"name {normalise(company.name)!r}"):
            if taken in seen:
                raise ConfigError(
                    f"{path}:{line}: {taken} is already on line {seen[taken]}", hint="join the two lines"
                )
            seen[taken] = line
        companies.append(company)
    return companies


def _company(path: Path, line: int, row: dict[str, str]) -> Company:
    if None in row or None in row.values():
        raise ConfigError(
            f"{path}:{line}: {len(COLUMNS)} fields expected", hint="quote a name that holds a comma"
        )
    if not row["id"] or not normalise(row["name"]):
        raise ConfigError(f"{path}:{line}: id and name must be given")
    if row["kind"] not in COMPANY_KINDS:
        raise ConfigError(
            f"{path}:{line}: unknown kind {row['kind']!r}", hint=f"one of {', '.join(COMPANY_KINDS)}"
        )
    fields = {**row, "aliases": [a.strip() for a in row["aliases"].split("|") if a.strip()]}
    try:
        return Company.model_validate(fields)
    except ValidationError as error:
        field = ".".join(map(str, error.errors()[0]["loc"]))
        raise ConfigError(
            f"{path}:{line}: {field}: {error.errors()[0]['msg']}", hint="see the lines around it"
        ) from error
