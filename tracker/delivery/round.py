"""One round to all readers of an issue: whoever has it is left out, and one failure stops no other."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import sqlalchemy as sa
from sqlmodel import Session

from tracker.brief.house import House
from tracker.brief.mail import address_of, addressed
from tracker.brief.model import Issue
from tracker.brief.render import Drawn
from tracker.brief.templates import environment_of
from tracker.brief.text import markdown
from tracker.delivery import chat, post
from tracker.delivery.outcome import Undelivered, Unsure
from tracker.errors import ConfigError
from tracker.models.tables import Delivery
from tracker.spoken import speaking
from tracker.store.deliveries import FAILED, SENDING, SENT, claim, delivery, settle
from tracker.store.engine import transaction

WAITS = (5.0, 30.0)
"""Seconds before a second and a third try of what may work in a while."""


@dataclass(frozen=True)
class Reader:
    """Who gets the issue: a mail address or an address of Apprise."""

    address: str

    @property
    def by_mail(self) -> bool:
        return "://" not in self.address

    @property
    def shown(self) -> str:
        """The address without what could be a secret.

        >>> Reader("slack://T0/B0/x").shown, Reader("Ann <ann@example.org>").shown
        ('slack://***', 'Ann <ann@example.org>')
        """
        return self.address if self.by_mail else f"{self.address.split('://')[0]}://***"

    @property
    def key(self) -> str:
        """The same for the same address, whatever name stands before it."""
        plain = address_of(self.address).addr_spec.lower() if self.by_mail else self.address
        return hashlib.sha256(plain.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Round:
    """An issue in its house style, its readers, and who sends it. `server` is None where nobody gets mail."""

    issue: Issue
    house: House
    readers: Sequence[Reader]
    sender: str
    server: post.Server | None


@dataclass(frozen=True)
class Told:
    """What became of one reader's copy: sent, failed, unsure, or left out, and why."""

    reader: Reader
    outcome: str
    why: str = ""


def readers_of(text: str) -> list[Reader]:
    """The readers in a list with commas or line ends between them, each once. Raises ConfigError."""
    found = [Reader(part.strip()) for part in text.replace("\n", ",").split(",") if part.strip()]
    if not found:
        raise ConfigError("nobody is to get the briefing", hint="set TRACKER_READERS, or give --to")
    for reader in found:
        try:
            _ = reader.key
        except ValueError as error:
            raise ConfigError(str(error), hint="mend TRACKER_READERS or --to") from error
    return list({r.key: r for r in found}.values())


def sender_of(text: str) -> str:
    """The address that mails come from. Raises ConfigError."""
    try:
        address_of(text)
    except ValueError as error:
        hint = "set TRACKER_SENDER to an address like Desk <desk@example.org>"
        raise ConfigError(f"the sender is missing or wrong: {error}", hint=hint) from error
    return text


def standing(engine: sa.Engine, issue: str, reader: Reader) -> Delivery | None:
    """What is known of an issue's way to a reader."""
    with Session(engine) as session:
        return delivery(session, issue, reader.key)


def deliver(
    engine: sa.Engine,
    this: Round,
    now: Callable[[], dt.datetime],
    sleep: Callable[[float], object],
    *,
    again: bool = False,
) -> Iterator[Told]:
    """Send the issue to each reader who does not have it, and write down what came of it."""
    # Before anything is claimed: what cannot be made must not pass for sent.
    original = copy_of(this) if any(r.by_mail for r in this.readers) else None
    for reader in this.readers:
        with transaction(engine) as session:
            mine = claim(session, this.issue.week, reader.key, reader.shown, now(), again=again)
        if not mine:
            yield Told(reader, "left out", _reason(standing(engine, this.issue.week, reader)))
            continue
        outcome, why = _try(this, reader, original, sleep)
        state = {"sent": SENT, "failed": FAILED, "unsure": SENDING}[outcome]
        with transaction(engine) as session:
            settle(session, this.issue.week, reader.key, now(), state, why)
        yield Told(reader, outcome, why)


def _reason(row: Delivery | None) -> str:
    if row is not None and row.state == SENT:
        return f"was sent on {row.at:%Y-%m-%d %H:%M} UTC"
    return "may have arrived: an earlier round was cut off; --again sends it once more"


def _try(
    this: Round, reader: Reader, original: EmailMessage | None, sleep: Callable[[float], object]
) -> tuple[str, str]:
    for wait in (*WAITS, None):
        try:
            _send(this, reader, original)
        except Undelivered as error:
            if wait is None or not error.passing:
                return "failed", str(error)
            sleep(wait)
        except Unsure as error:
            return "unsure", str(error)
        else:
            break
    return "sent", ""


def _send(this: Round, reader: Reader, original: EmailMessage | None) -> None:
    if original is None or not reader.by_mail:
        chat.send(reader.address, subject(this), summary(this.issue))
        return
    assert this.server is not None
    key = f"{this.issue.week} {reader.key} {this.issue.at}"
    post.send(this.server, addressed(deepcopy(original), this.sender, reader.address, key))


def copy_of(this: Round) -> EmailMessage:
    """The issue as a mail to nobody yet."""
    with speaking(this.house.locale):
        return Drawn(this.issue, this.house, environment_of(this.house.templates)).mail()


def subject(this: Round) -> str:
    return f"{this.house.name}: {this.issue.days}"


def summary(issue: Issue) -> str:
    """The bottom line in Markdown, for a chat."""
    return "\n\n".join([*(markdown(s.text) for s in issue.bottom_line), markdown(f"{issue.line}.")])


def note(reader: Reader, title: str, lines: Sequence[str], sender: str, smtp: str, now: dt.datetime) -> None:
    """Tell one reader some lines. Raises Undelivered or Unsure, ConfigError for a setting that is wrong."""
    if not reader.by_mail:
        chat.send(reader.address, title, "\n".join(f"- {markdown(line)}" for line in lines))
        return
    told = EmailMessage(policy=SMTP)
    told["Subject"], told["Date"] = title, format_datetime(now)
    told.set_content("\n".join(lines) + "\n")
    key = f"{title} {reader.key} {now.isoformat()}"
    post.send(post.server_of(smtp), addressed(told, sender_of(sender), reader.address, key))
