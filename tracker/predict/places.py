"""Regions as lists of the place names that news uses, so that `place is EU` finds "Dunkirk, France"."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

COUNTRIES: dict[str, tuple[str, ...]] = {
    "Austria": ("Vienna",),
    "Belgium": ("Brussels", "Wallonia", "Flanders"),
    "Bulgaria": ("Sofia",),
    "Croatia": ("Zagreb",),
    "Cyprus": (),
    "Czech Republic": ("Czechia", "Prague"),
    "Denmark": ("Copenhagen", "Danish"),
    "Estonia": ("Tallinn",),
    "Finland": ("Helsinki", "Lappeenranta", "Kajaani", "Finnish"),
    "France": ("Paris", "Dunkirk", "Marseille", "Hauts-de-France", "Bruyères-le-Châtel", "Fouju", "French"),
    "Germany": ("Berlin", "Munich", "Frankfurt", "Lübbenau", "Luebbenau", "Hamburg", "Cologne", "German"),
    "Greece": ("Athens", "Kozani"),
    "Hungary": ("Budapest",),
    "Ireland": ("Dublin", "Irish"),
    "Italy": ("Milan", "Rome", "Turin", "Italian"),
    "Latvia": ("Riga",),
    "Lithuania": ("Vilnius",),
    "Luxembourg": (),
    "Malta": (),
    "Netherlands": ("Amsterdam", "Eindhoven", "Dutch"),
    "Poland": ("Warsaw", "Polish"),
    "Portugal": ("Lisbon", "Sines", "Portuguese"),
    "Romania": ("Bucharest",),
    "Slovakia": ("Bratislava",),
    "Slovenia": ("Ljubljana",),
    "Spain": ("Madrid", "Barcelona", "Aragon", "Zaragoza", "Spanish"),
    "Sweden": ("Stockholm", "Borlänge", "Strängnäs", "Strangnas", "Swedish"),
    "UK": ("United Kingdom", "Britain", "England", "Scotland", "Wales", "London", "British"),
    "Norway": ("Oslo", "Narvik", "Norwegian"),
    "Switzerland": ("Zurich", "Geneva", "Swiss"),
    "Iceland": ("Reykjavik",),
    "US": ("United States", "USA", "U.S.", "America", "Texas", "Virginia", "Ohio", "California", "New York"),
}
NOT_EU = ("UK", "Norway", "Switzerland", "Iceland", "US")
REGIONS: dict[str, tuple[str, ...]] = {
    "EU": ("European Union", *(c for c in COUNTRIES if c not in NOT_EU)),
    "Europe": ("EU", "European", *(c for c in COUNTRIES if c != "US")),
    "Nordics": ("Denmark", "Finland", "Iceland", "Norway", "Sweden"),
}


def names_of(place: str) -> frozenset[str]:
    """Every name that lies in a place, itself included; a place we have no list for stands for itself.

    >>> sorted(names_of("Norway"))
    ['Narvik', 'Norway', 'Norwegian', 'Oslo']
    """
    known = {key.casefold(): key for key in (*REGIONS, *COUNTRIES)}
    key = known.get(place.casefold(), place)
    names = {key}
    for inner in (*REGIONS.get(key, ()), *COUNTRIES.get(key, ())):
        names |= names_of(inner)
    return frozenset(names)


def lies_in(text: str, places: Iterable[str]) -> bool:
    """Whether a text names a place inside one of `places`, as whole words in the given case.

    >>> lies_in("Dunkirk and Bosquel", ["EU"]), lies_in("Abilene, Texas", ["EU"]), lies_in("tell us", ["US"])
    (True, False, False)
    """
    return _pattern(tuple(places)).search(text) is not None


@functools.cache
def _pattern(places: tuple[str, ...]) -> re.Pattern[str]:
    names = sorted({name for place in places for name in names_of(place)}, key=lambda n: (-len(n), n))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
