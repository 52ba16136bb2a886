"""An issue as a mail: plain text, HTML with its styles in every element, and the charts as pictures.

Mail programs know neither style sheets nor SVG nor a page's own links, so the HTML is that of the Markdown
form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from jinja2 import Environment
from markdown_it import MarkdownIt
from markupsafe import Markup

from tracker.brief.extras import needed
from tracker.brief.pictures import Drawing, drawings, png
from tracker.brief.templates import fill, source
from tracker.brief.text import clean

SUBJECT_LIMIT = 120


def message(values: Mapping[str, Any], text: str, page: str, environment: Environment) -> EmailMessage:
    """A mail without addresses, byte for byte the same for the same issue.

    values: what every template of the issue may use. Raises BriefingError for a missing package.
    """
    issue, house = values["issue"], values["house"]
    charts = list(drawings(page, environment))
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = clean(f"{house.name}: {issue.days}", SUBJECT_LIMIT)
    mail["Date"] = format_datetime(issue.at)
    mail.set_content(text)
    mail.add_alternative(_html(values, charts, environment), subtype="html")
    told = [part for part in mail.iter_parts() if isinstance(part, EmailMessage)][1]
    for n, chart in enumerate(charts, 1):
        name = f"chart-{n}.png"
        told.add_related(
            png(chart.svg), "image", "png", cid=f"<{_cid(n)}>", filename=name, disposition="inline"
        )
    _bound(mail, f"{issue.week} {text}")
    return mail


def addressed(mail: EmailMessage, sender: str, to: str, key: str) -> EmailMessage:
    """The mail to one reader. `key` names this delivery: a second copy of it has the same Message-ID.

    Raises ValueError for an address that is none.
    """
    for field, address in (("From", sender), ("To", to)):
        del mail[field]
        mail[field] = address_of(address)
    del mail["Message-ID"]
    name = hashlib.sha256(key.encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{name}@{mail['From'].addresses[0].domain}>"
    return mail


def address_of(text: str) -> Address:
    """`ann@example.org` or `Ann <ann@example.org>`. Raises ValueError for anything else."""
    name, _, spec = text.rpartition("<")
    try:
        found = Address(display_name=name.strip().strip('"'), addr_spec=spec.removesuffix(">").strip())
    except Exception as error:  # the parser has errors of its own, IndexError among them
        raise ValueError(f"{text!r} is no mail address") from error
    if not found.username or not found.domain:
        raise ValueError(f"{text!r} is no mail address")
    return found


def _html(values: Mapping[str, Any], charts: Sequence[Drawing], environment: Environment) -> str:
    told = fill(environment, "mail.html", {**values, "parts": list(_parts(values, charts, environment))})
    inliner = needed("css_inline", "mail").CSSInliner(
        extra_css=source(environment, "mail.css"), load_remote_stylesheets=False
    )
    return str(inliner.inline(told))


def _parts(
    values: Mapping[str, Any], charts: Sequence[Drawing], environment: Environment
) -> Iterator[dict[str, Any]]:
    """Each section's HTML and its pictures as (address, name)."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    macros = environment.get_template("macros.md").make_module(dict(values))
    for section in values["sections"]:
        text = fill(environment, f"sections/{section}.md", {**values, "m": macros})
        mine = [(_cid(n), c.title) for n, c in enumerate(charts, 1) if c.section == section]
        yield {"html": Markup(reader.render(text)), "charts": mine}


def _cid(n: int) -> str:
    return f"chart-{n}@briefing.invalid"


def _bound(mail: EmailMessage, key: str) -> None:
    """Name the borders between the parts, which else are named by chance."""
    for n, part in enumerate(p for p in mail.walk() if p.is_multipart()):
        part.set_boundary(f"=_{n}_{hashlib.sha256(key.encode()).hexdigest()[:32]}")
