"""`tracker events export`: the ledger as a flat table for spreadsheets and other programs."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from tracker.cli.common import AS_OF
from tracker.cli.events.find import ledger_of
from tracker.cli.output import csv_text
from tracker.errors import ConfigError, StoreError
from tracker.models.mention import STATUSES

if TYPE_CHECKING:
    from tracker.models.ledger import Event, Interval, Source
    from tracker.models.mention import Money

Kind = Literal["text", "number", "whole", "day", "time"]
SEPARATOR = "; "
ROLES = ("acquirer", "target", "seller", "company", "lead", "investors", "subject", "partners")

COLUMNS: dict[str, Kind] = {
    **dict.fromkeys(("id", "type", "kind", "status", "category", "salience", "round", "scope"), "text"),
    **dict.fromkeys((*ROLES, "company_ids", "place", "from", "to"), "text"),
    "amount": "number", "amount_currency": "text", "amount_qualifier": "text",
    "amount_usd_low": "number", "amount_usd_high": "number", "rate": "number", "rate_date": "day",
    "valuation": "number", "valuation_currency": "text",
    "valuation_usd_low": "number", "valuation_usd_high": "number",
    **dict.fromkeys(STATUSES, "day"),
    "first_reported": "time", "last_reported": "time",
    "sources": "whole", "origins": "whole", "filings": "whole", "confidence": "number",
    "contradictions": "text", "title": "text", "evidence": "text", "url": "text",
}  # fmt: skip
"""The columns of an export in their order, and what they hold; docs/store.md says what they mean."""

EXAMPLES = """\b
Examples:
  tracker events export > events.csv
  tracker events export --format parquet --out events.parquet
"""


@click.command("export", epilog=EXAMPLES)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["csv", "jsonl", "parquet"]),
    default="csv",
    show_default=True,
    help="How to write; parquet needs the extra of that name.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write; to standard output if not given.",
)
@AS_OF
def export(fmt: str, out: Path | None, as_of: dt.datetime | None) -> None:
    """Write every event as one row of flat columns, those told in passing too.

    docs/store.md explains the columns. In CSV, cells that a spreadsheet would run as a formula begin with an
    apostrophe.
    """
    content = WRITERS[fmt]([flat(event) for event in ledger_of(as_of)])
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        _write(out, content)


def flat(event: Event) -> dict[str, Any]:
    """An event as one row: every column of COLUMNS, None where nothing is known."""
    telling = _telling(event)
    plain = ("id", "type", "kind", "status", "category", "salience", "round", "scope", "to")
    counted = ("first_reported", "last_reported", "origins", "filings", "confidence")
    found = {name: getattr(event, name) for name in (*plain, *counted)}
    found |= {role: _joined(event.names(role)) for role in ROLES}
    found |= {state: event.reached(state) for state in STATUSES}
    found |= {
        "company_ids": _joined(sorted({p.company_id for ps in event.parties.values() for p in ps})),
        "place": _joined(event.place),
        "from": event.from_,
        "sources": len(event.sources),
        "contradictions": _joined(f"{c.field}: {c.value}" for c in event.contradictions),
        "title": telling.title,
        "evidence": telling.evidence,
        "url": telling.url,
    }
    found |= _money("amount", event.amount, event.amount_usd)
    found |= _money("valuation", event.valuation, event.valuation_usd)
    return {name: found.get(name) for name in COLUMNS}


def _money(name: str, money: Money | None, usd: Interval | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if money is not None:
        found |= {name: money.value, f"{name}_currency": money.currency, f"{name}_qualifier": money.qualifier}
    if usd is not None:
        found |= {f"{name}_usd_low": usd.low, f"{name}_usd_high": usd.high}
        found |= {"rate": usd.rate, "rate_date": usd.rate_date} if name == "amount" else {}
    return found


def _telling(event: Event) -> Source:
    """The source to look at first: news before background, the best tier, then the earliest."""
    return min(event.sources, key=lambda s: (s.salience != "main", s.tier, s.published, s.mention_id))


def _joined(values: Any) -> str | None:
    return SEPARATOR.join(values) or None


# ----- the forms


def _csv(rows: list[dict[str, Any]]) -> bytes:
    told = [{name: _text(value) for name, value in row.items()} for row in rows]
    return csv_text(told, tuple(COLUMNS)).encode()


def _jsonl(rows: list[dict[str, Any]]) -> bytes:
    lines = (json.dumps({n: _text(v) for n, v in row.items()}, ensure_ascii=False) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _parquet(rows: list[dict[str, Any]]) -> bytes:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ConfigError(
            "parquet needs pyarrow", hint="pip install 'market-signal-tracker[parquet]'"
        ) from error
    types = {
        "text": pa.string(), "number": pa.float64(), "whole": pa.int64(), "day": pa.date32(),
        "time": pa.timestamp("us", "UTC"),
    }  # fmt: skip
    schema = pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    buffer = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema), buffer)
    return bytes(buffer.getvalue())


WRITERS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "parquet": _parquet,
}


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            unfinished.write_bytes(content)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror}", hint="check the path and the room on the disk"
        ) from error
