"""An issue as a mail, read back as a mail program reads it."""

from __future__ import annotations

import email
import email.policy
import re
import struct
from email.message import EmailMessage

import pytest

from tests.test_brief_issue import WEEKS, normal
from tests.test_brief_text import EVIL, RTL, hostile_issue
from tracker.brief.house import House
from tracker.brief.mail import address_of, addressed
from tracker.brief.model import Issue
from tracker.brief.render import render
from tracker.errors import BriefingError

MAIL = House(forms=("eml",))


def read(raw: str | bytes) -> EmailMessage:
    assert isinstance(raw, bytes)
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def mail_of(issue: Issue, house: House = MAIL) -> EmailMessage:
    return read(render(issue, house)["eml"])


def html_of(mail: EmailMessage) -> str:
    return next(str(p.get_content()) for p in mail.walk() if p.get_content_type() == "text/html")


def test_the_text_part_is_the_text_form() -> None:
    files = render(normal(), House(forms=("eml", "txt")))
    text = read(files["eml"]).get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == files["txt"]


def test_every_picture_is_in_the_mail_and_every_one_is_shown() -> None:
    mail = mail_of(normal())
    pictures = {
        str(p["Content-ID"]).strip("<>"): p for p in mail.walk() if p.get_content_type() == "image/png"
    }
    html = html_of(mail)
    assert re.findall(r'src="cid:([^"]+)"', html) == list(pictures)
    assert len(pictures) == 4
    assert all(re.findall(r'<img[^>]* alt="([^"]+)"', html))
    for part in pictures.values():
        data = part.get_content()
        assert data.startswith(b"\x89PNG")
        assert struct.unpack(">I", data[16:20]) == (1440,)
        assert part.get_content_disposition() == "inline"


def test_styles_stand_in_the_elements_and_nothing_is_loaded() -> None:
    html = html_of(mail_of(normal()))
    assert "<style" not in html
    assert re.search(r"<h2 style=\"[^\"]*font-size: 20px", html)
    assert re.findall(r'(?:src|srcset|background)="(?!cid:)', html) == []
    assert "<link" not in html
    assert "@import" not in html


@pytest.mark.parametrize("name", WEEKS)
def test_the_same_issue_gives_the_same_bytes(name: str) -> None:
    first, second = (render(WEEKS[name](), MAIL)["eml"] for _ in range(2))
    assert first == second
    assert len(first) < 300_000


def test_what_comes_from_outside_is_text_in_a_mail() -> None:
    html = html_of(mail_of(hostile_issue()))
    assert "<script" not in html
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", html)
    assert 'href="javascript' not in html
    assert RTL not in html


def test_a_name_cannot_add_a_header() -> None:
    house = House(name=f"Signals\r\nBcc: all@example.org {EVIL}", forms=("eml",))
    mail = mail_of(normal(), house)
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]
    assert len(mail["Subject"]) <= 120


def test_an_addressed_mail_has_one_name_a_delivery() -> None:
    names = set()
    for to, key in (("Ann <ann@example.org>", "a"), ("Ann <ann@example.org>", "a"), ("bob@example.org", "b")):
        mail = addressed(mail_of(normal()), "Desk <desk@example.net>", to, key)
        assert str(mail["To"]) == to
        names.add(str(mail["Message-ID"]))
    assert len(names) == 2
    assert all(name.endswith("@example.net>") for name in names)


@pytest.mark.parametrize("text", ["", "ann", "ann@", "@example.org", "a\nb@example.org", "<>", "a@b c"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no mail address"):
        address_of(text)


def test_a_missing_package_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "css_inline", None)
    with pytest.raises(BriefingError, match=r"css_inline.*market-signal-tracker\[mail\]"):
        render(normal(), MAIL)
