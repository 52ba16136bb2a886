"""The operator's own list beside the shipped one: sources of their own, and which shipped ones are off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tracker.config import Settings, shipped
from tracker.errors import ConfigError
from tracker.files import write_whole
from tracker.sources import Source, load_sources, parse_sources, read_toml

HEAD = "# Written by `tracker sources`. What the fields of a source mean stands in tracker/sources.\n"


@dataclass(frozen=True)
class Own:
    """The own file's content. A source with the id of a shipped one takes its place."""

    sources: tuple[Source, ...] = ()
    disabled: frozenset[str] = frozenset()
    enabled: frozenset[str] = frozenset()

    def over(self, listed: Iterable[Source]) -> list[Source]:
        """The listed sources under this file: the shipped ones in their order, then the added ones."""
        merged = {source.id: source for source in (*listed, *self.sources)}
        return [self._switched(source) for source in merged.values()]

    def _switched(self, source: Source) -> Source:
        enabled = (source.enabled or source.id in self.enabled) and source.id not in self.disabled
        return source.model_copy(update={"enabled": enabled})

    def adding(self, sources: Iterable[Source]) -> Own:
        merged = {source.id: source for source in (*self.sources, *sources)}
        return replace(self, sources=tuple(merged.values()))

    def switching(self, ids: Iterable[str], on: bool) -> Own:
        names = frozenset(ids)
        if on:
            return replace(self, enabled=self.enabled | names, disabled=self.disabled - names)
        return replace(self, enabled=self.enabled - names, disabled=self.disabled | names)


def load_own(path: Path) -> Own:
    """The own file; empty where there is none. Raises ConfigError naming file, entry and field."""
    if not path.exists():
        return Own()
    content = read_toml(path)
    if unknown := set(content) - {"source", "disabled", "enabled"}:
        raise ConfigError(f"{path}: {min(unknown)}: unknown field", hint="correct the file")
    listed = parse_sources(path, content["source"]) if "source" in content else []
    return Own(tuple(listed), _names(path, content, "disabled"), _names(path, content, "enabled"))


def _names(path: Path, content: dict[str, Any], field: str) -> frozenset[str]:
    names = content.get(field, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigError(f"{path}: {field}: not a list of ids", hint="correct the file")
    return frozenset(names)


def save_own(path: Path, own: Own) -> None:
    """Write the file whole or not at all. Raises ConfigError where it cannot be written."""
    switches = {"disabled": sorted(own.disabled), "enabled": sorted(own.enabled)}
    lines = [f"{name} = {json.dumps(ids)}\n" for name, ids in switches.items() if ids]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, HEAD + "".join(lines) + "\n" + as_toml(own.sources))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error}", hint="check the folder's rights") from error


def as_toml(sources: Sequence[Source]) -> str:
    """The sources as `[[source]]` tables, without what is the default."""
    return "\n".join(_table(source.model_dump(exclude_defaults=True)) for source in sources)


def _table(values: dict[str, Any]) -> str:
    simple = [f"{name} = {_value(v)}\n" for name, v in values.items() if not isinstance(v, dict)]
    nested = [
        f"[source.{name}]\n" + "".join(f"{key} = {_value(v)}\n" for key, v in inner.items())
        for name, inner in values.items()
        if isinstance(inner, dict)
    ]
    return "".join(["[[source]]\n", *simple, *nested])


def _value(value: Any) -> str:
    # JSON's strings, numbers and booleans are TOML's too, but for one character that TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def own_path(settings: Settings) -> Path:
    return Path(settings.sources)


def current(settings: Settings) -> list[Source]:
    """Every source there is: the shipped ones under the operator's own file."""
    return load_own(own_path(settings)).over(load_sources(shipped("data", "sources.toml")))
