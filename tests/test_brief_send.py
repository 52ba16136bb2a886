"""Sending the briefing: over a real SMTP server on loopback, and to a service by Apprise."""

from __future__ import annotations

import datetime as dt
import re
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import trustme
from click.testing import CliRunner

from tests.mail_server import Box, chatting, free_port, serving
from tests.test_brief_issue import normal
from tests.test_brief_text import hostile_issue
from tracker.brief.house import SHIPPED
from tracker.brief.render import render
from tracker.cli import main
from tracker.delivery.post import Server, server_of
from tracker.delivery.round import WAITS, Reader, Round, Told, deliver, readers_of, standing
from tracker.errors import BriefingError, ConfigError
from tracker.store.engine import open_store, transaction

NOW = dt.datetime(2026, 6, 29, 6, tzinfo=dt.UTC)
ANN, BOB = Reader("Ann <ann@example.org>"), Reader("bob@example.org")


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    return open_store(f"sqlite:///{tmp_path / 't.db'}")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Whose certificates this process trusts."""
    found = trustme.CA()
    found.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return found


def context_of(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def sent(
    engine: sa.Engine, readers: list[Reader], port: int = 9, url: str = "smtp://127.0.0.1:{}", *,
    again: bool = False, waited: list[float] | None = None,
) -> list[tuple[str, str]]:  # fmt: skip
    this = Round(normal(), SHIPPED, readers, "Desk <desk@example.net>", server_of(url.format(port)))
    found: Iterator[Told] = deliver(
        engine, this, lambda: NOW, ([] if waited is None else waited).append, again=again
    )
    return [(one.outcome, one.why) for one in found]


def test_each_reader_gets_the_issue_once(engine: sa.Engine) -> None:
    box = Box()
    with serving(box) as port:
        assert sent(engine, [ANN, BOB], port) == [("sent", ""), ("sent", "")]
        left_out = [("left out", "was sent on 2026-06-29 06:00 UTC")] * 2
        assert sent(engine, [ANN, Reader("ANN@example.org")], port) == left_out
        assert sent(engine, [BOB], port, again=True) == [("sent", "")]
    assert box.readers == ["ann@example.org", "bob@example.org", "bob@example.org"]
    mail = box.mails[0]
    assert (mail["From"], mail["To"]) == ("Desk <desk@example.net>", "Ann <ann@example.org>")
    assert mail["Subject"] == "Market signals: 22–28 June 2026"
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == render(normal())["txt"]
    assert [p.get_filename() for p in mail.walk() if p.get_filename()] == [
        f"chart-{n}.png" for n in (1, 2, 3, 4)
    ]
    assert box.mails[1]["Message-ID"] == box.mails[2]["Message-ID"] != mail["Message-ID"]


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_mail_goes_encrypted_and_signed_in(engine: sa.Engine, authority: trustme.CA, wrapped: bool) -> None:
    box = Box()
    with serving(box, context=context_of(authority), wrapped=wrapped) as port:
        url = f"{'smtps' if wrapped else 'smtp'}://desk:right@127.0.0.1:{{}}"
        assert sent(engine, [ANN], port, url) == [("sent", "")]
    assert all(box.encrypted)
    assert box.users == ["desk"]


def test_a_server_that_is_somebody_else_gets_nothing(engine: sa.Engine, authority: trustme.CA) -> None:
    box = Box()
    with serving(box, context=context_of(authority, "mail.example.org"), wrapped=True) as port:
        [(outcome, why)] = sent(engine, [ANN], port, "smtps://desk:right@127.0.0.1:{}")
    assert outcome == "failed"
    assert "no safe connection" in why
    assert (box.mails, box.users) == ([], [])


def test_a_server_elsewhere_without_encryption_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.delivery import post
    from tracker.delivery.outcome import Undelivered

    box = Box()
    with serving(box) as port:
        monkeypatch.setattr(Server, "local", False)
        with pytest.raises(Undelivered, match="offers no encryption"):
            post.send(Server("127.0.0.1", port, False), normal_mail())
    assert box.mails == []


def normal_mail():
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"] = "desk@example.net", "ann@example.org"
    mail.set_content("x")
    return mail


def test_a_wrong_password_is_told_without_it(engine: sa.Engine) -> None:
    with serving(Box()) as port:
        [(outcome, why)] = sent(engine, [ANN], port, "smtp://desk:hunter2@127.0.0.1:{}")
    assert (outcome, why) == ("failed", "127.0.0.1 refused the user or the password")


def test_what_passes_is_tried_again_and_what_does_not_is_not(engine: sa.Engine) -> None:
    waited: list[float] = []
    with serving(Box("451 try later", "250 taken", "550 no such user")) as port:
        assert sent(engine, [ANN], port, waited=waited) == [("sent", "")]
        assert sent(engine, [BOB], port, waited=waited) == [("failed", "no such user (550)")]
        assert waited == [WAITS[0]]
        assert sent(engine, [BOB], port) == [("sent", "")]


def test_a_server_that_is_not_there_costs_nobody_an_issue(engine: sa.Engine) -> None:
    port = free_port()
    waited: list[float] = []
    [(outcome, why)] = sent(engine, [ANN], port, waited=waited)
    assert (outcome, waited) == ("failed", list(WAITS))
    assert f"127.0.0.1:{port} was not reached" in why
    box = Box()
    with serving(box) as port:
        assert sent(engine, [ANN], port) == [("sent", "")]


def test_a_line_that_breaks_is_not_sent_over_again(engine: sa.Engine) -> None:
    box = Box("hang up")
    with serving(box) as port:
        assert [o for o, _ in sent(engine, [ANN, BOB], port)] == ["unsure", "sent"]
        [(outcome, why)] = sent(engine, [ANN], port)
        assert outcome == "left out"
        assert "may have arrived" in why
        assert sent(engine, [ANN], port, again=True) == [("sent", "")]


def test_a_round_that_is_cut_off_sends_nothing_twice(engine: sa.Engine) -> None:
    """The claim stands before the first byte is sent: a process that is gone by then leaves it behind."""
    from tracker.store.deliveries import claim

    with transaction(engine) as session:
        assert claim(session, "2026-W26", ANN.key, ANN.shown, NOW, again=False)
    box = Box()
    with serving(box) as port:
        assert [o for o, _ in sent(engine, [ANN, BOB], port)] == ["left out", "sent"]
    assert box.readers == ["bob@example.org"]


def test_two_rounds_at_once_send_one_mail_a_reader(engine: sa.Engine) -> None:
    box, readers = Box(), [Reader(f"reader{n}@example.org") for n in range(8)]
    with serving(box) as port:
        rounds = [threading.Thread(target=sent, args=(engine, readers, port)) for _ in range(2)]
        for one in rounds:
            one.start()
        for one in rounds:
            one.join()
    assert sorted(box.readers) == sorted(r.address for r in readers)


def test_an_issue_that_cannot_be_made_is_claimed_by_nobody(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "css_inline", None)
    with pytest.raises(BriefingError, match="css_inline"):
        sent(engine, [ANN])
    assert standing(engine, "2026-W26", ANN) is None


def test_a_chat_gets_the_bottom_line(engine: sa.Engine) -> None:
    with chatting(503, 404) as (port, told):
        chat = Reader(f"json://127.0.0.1:{port}/secret-token")
        waited: list[float] = []
        assert sent(engine, [chat], waited=waited) == [("failed", "the service answered 404")]
        assert waited == [WAITS[0]]
        assert sent(engine, [chat]) == [("sent", "")]
        assert [o for o, _ in sent(engine, [chat])] == ["left out"]
    assert len(told) == 3
    assert told[-1]["title"] == "Market signals: 22–28 June 2026"
    assert normal().bottom_line[0].text.split(";")[0] in told[-1]["message"].replace("\\", "")
    row = standing(engine, "2026-W26", chat)
    assert row is not None
    assert row.shown == "json://***"
    assert "secret" not in f"{row.reader}{row.shown}{row.error}"


def test_a_chat_that_is_not_there_may_be_tried_again(engine: sa.Engine) -> None:
    [(outcome, why)] = sent(engine, [Reader(f"json://127.0.0.1:{free_port()}/x")])
    assert (outcome, why) == ("failed", "the service was not reached")
    [(outcome, why)] = sent(engine, [Reader("nosuch://x")])
    assert (outcome, why) == ("failed", "Apprise does not know this kind of address")


def test_names_from_outside_are_text_in_a_chat(engine: sa.Engine) -> None:
    with chatting() as (port, told):
        this = Round(hostile_issue(), SHIPPED, [Reader(f"json://127.0.0.1:{port}/")], "", None)
        assert [t.outcome for t in deliver(engine, this, lambda: NOW, print)] == ["sent"]
    assert not re.search(r"(?<!\\)\]\(javascript", told[0]["message"])
    assert "\u202e" not in told[0]["message"]


@pytest.mark.parametrize("text", ["", " , ", "ann", "ann@example.org, bob@"])
def test_a_wrong_list_of_readers_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="TRACKER_READERS"):
        readers_of(text)


def test_a_reader_named_twice_is_one() -> None:
    assert readers_of("ann@example.org, Ann <ANN@example.org>\nslack://a/b/c") == [
        Reader("Ann <ANN@example.org>"),
        Reader("slack://a/b/c"),
    ]


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://x", "smtp://", "smtp://x:port"])
def test_a_wrong_mail_server_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(ConfigError, match="TRACKER_SMTP is no address"):
        server_of(url)


def test_the_command_shows_first_and_sends_when_told(tmp_path: Path) -> None:
    from tests.test_brief_house import quiet_store

    box = Box("550 no such user")
    with serving(box) as port:
        env = quiet_store(tmp_path) | {
            "TRACKER_SMTP": f"smtp://127.0.0.1:{port}",
            "TRACKER_SENDER": "desk@example.net",
            "TRACKER_READERS": "ann@example.org",
        }
        command = ["briefing", "send", "--week", "2026-W26"]
        shown = CliRunner().invoke(main, command, env=env)
        assert shown.exit_code == 0, shown.output
        assert shown.stdout.splitlines() == [
            "Market signals: 22–28 June 2026: would go to 1; --yes sends it",
            "ann@example.org: not sent yet",
        ]
        assert box.mails == []
        failed = CliRunner().invoke(main, [*command, "--yes"], env=env)
        assert failed.exit_code == 1
        assert "ann@example.org: failed, no such user (550)" in failed.stdout
        done = CliRunner().invoke(main, [*command, "--yes", "--to", "ann@example.org"], env=env)
        assert done.stdout == "ann@example.org: sent\n"
        again = CliRunner().invoke(main, [*command, "--yes"], env=env)
        assert (again.exit_code, len(box.mails)) == (0, 1)
    wrong = CliRunner().invoke(main, command, env=env | {"TRACKER_SENDER": ""})
    assert wrong.exit_code == 1
    assert "set TRACKER_SENDER" in wrong.stderr
