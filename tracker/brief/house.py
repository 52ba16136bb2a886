"""The house style: name, readers, kind of English, week, sections, forms and templates, from a TOML file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tracker.brief.text import clean, join
from tracker.brief.week import DAYS, Week, shift_of
from tracker.config import read_toml
from tracker.errors import BriefingError, ConfigError
from tracker.spoken import DEFAULT, english

SECTIONS: Mapping[str, str] = {
    "bottom-line": "Bottom line",
    "changes": "What changed",
    "predictions": "Predictions",
    "deals": "Deals",
    "balance": "Infrastructure v model",
    "watch": "Watch list",
    "facts": "Statements checked",
    "health": "Sources",
    "method": "Method",
}
"""An issue's sections in their usual order, with their names in the menu."""

FORMS = ("html", "md", "txt", "json")
EXTRA_FORMS = ("pdf", "eml")
"""Forms that are made where the house asks for them."""

TEXT_LIMIT = 80


@dataclass(frozen=True)
class House:
    """How an issue is laid out.

    shift: days from ISO's Monday to the first day of the readers' week.
    templates: a folder whose files go before the shipped ones of the same name.
    """

    name: str = "Market signals"
    audience: str = ""
    locale: str = DEFAULT
    shift: int = 0
    sections: tuple[str, ...] = tuple(SECTIONS)
    forms: tuple[str, ...] = FORMS
    templates: Path | None = None

    def week(self, text: str) -> Week:
        """The week of that name. Raises BriefingError."""
        return Week.parse(text, self.shift)


SHIPPED = House()


def read_house(path: Path) -> House:
    """The house style in a file. Raises ConfigError naming the file and the field that is wrong."""
    house = SHIPPED
    for field, value in read_toml(path, "house style", "the path").items():
        if field not in _FIELDS:
            raise ConfigError(f"{path}: {field} is no field", hint=f"known: {', '.join(_FIELDS)}")
        try:
            house = replace(house, **_FIELDS[field](value, path.parent))
        except (ValueError, ConfigError, BriefingError) as error:
            raise ConfigError(f"{path}: {field}: {error}", hint="see docs/briefing.md") from error
    return house


def _text(value: Any) -> str:
    if not isinstance(value, str) or not (told := clean(value, TEXT_LIMIT)):
        raise ValueError("a text in quotes is needed")
    return told


def _some(value: Any, known: Sequence[str]) -> tuple[str, ...]:
    """The value as names out of the known ones, each once and at least one."""
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise ValueError(f"a list of some of {join(list(known), most=len(known))} is needed")
    for name in value:
        if name not in known:
            raise ValueError(f"there is no {name!r}; known: {join(list(known), most=len(known))}")
    if len(set(value)) < len(value):
        raise ValueError("one is named twice")
    return tuple(value)


def _first_day(value: Any) -> int:
    if not isinstance(value, str) or value.lower() not in DAYS:
        raise ValueError(f"one of {join(list(DAYS), most=7)} is needed")
    return shift_of(value.lower())


def _folder(value: Any, beside: Path) -> Path:
    folder = beside / _text(value)
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder")
    return folder


_FIELDS: Mapping[str, Callable[[Any, Path], dict[str, Any]]] = {
    "name": lambda value, _: {"name": _text(value)},
    "audience": lambda value, _: {"audience": _text(value)},
    "locale": lambda value, _: {"locale": english(_text(value))},
    "week_starts": lambda value, _: {"shift": _first_day(value)},
    "sections": lambda value, _: {"sections": _some(value, list(SECTIONS))},
    "forms": lambda value, _: {"forms": _some(value, [*FORMS, *EXTRA_FORMS])},
    "templates": lambda value, beside: {"templates": _folder(value, beside)},
}
