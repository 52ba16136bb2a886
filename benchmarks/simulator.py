"""A seeded stream of made-up deal news of any size, in the shape of the real one.

Companies are the shipped list and made-up names, a third as many as deals; how often each buys, builds or
funds falls with its rank (Zipf). A deal is told as rumour, announcement and completion or termination, a
quarter of the articles are copies from a wire, and it is retold in passing for years, most often soon.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice

from tracker.models.mention import KEY_ROLE, Mention, Money, Party, Span
from tracker.store.articles import NewArticle

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
YEARS = 6
SYLLABLES = [first + vowel for first in "bdfgklmnprstvxz" for vowel in "aeiou"] + [
    "quan",
    "syn",
    "cor",
    "vex",
]
ENDINGS = ("", "", "", " AI", " Labs", " Systems", " Technologies", " Health", " Energy", " Networks", " Inc")
TYPES = {
    "acquisition": 28, "financing": 42, "shutdown": 10, "commitment": 6, "ipo": 8, "pricing": 3,
    "valuation": 3,
}  # fmt: skip
OTHERS = {
    "acquisition": "acquirer", "financing": "investors", "shutdown": "company", "commitment": "partners",
    "pricing": "company",
}  # fmt: skip
ROUNDS = ("seed", "series_a", "series_b", "series_c", "growth", "debt", "strategic", "unknown", None)
PLACES = ("Texas", "Ohio", "Spain", "France", "Norway", "India", "Japan", "Virginia")


@dataclass(frozen=True)
class Made:
    """A made-up deal: what every telling of it says, give or take."""

    number: int
    type: str
    day: float
    key: str
    others: tuple[str, ...]
    amount: float | None
    round: str | None
    place: str | None
    tellings: int


@dataclass(frozen=True)
class Piece:
    """An article and what is to be read in it."""

    article: NewArticle
    mentions: tuple[Mention, ...]


class Simulator:
    """Everything follows from the seed and the number of deals."""

    def __init__(self, deals: int, names: list[str], seed: int = 1, years: int = YEARS) -> None:
        self._draw = random.Random(seed)
        self.deals, self.years = deals, years
        made = {self._name() for _ in range(deals // 3)}
        self._companies = [*names, *sorted(made)]
        # The offset keeps the first from taking part in every tenth deal: Microsoft buys often, not always.
        self._weights = list(accumulate(1 / (rank + 30) for rank in range(len(self._companies))))
        self._outlets = [f"outlet{n}.example" for n in range(400)]

    def pieces(self) -> Iterator[Piece]:
        """The articles in the order in which they are seen."""
        told = [self._tell(made) for made in map(self._deal, range(self.deals))]
        times = sorted((at, n, status) for n, (_, tellings) in enumerate(told) for at, status in tellings)
        rest = iter(times)
        while group := list(islice(rest, self._draw.choice((1, 1, 1, 2)))):
            yield self._piece(group[0][0], [(told[n][0], status) for _, n, status in group])

    def _name(self) -> str:
        word = "".join(self._draw.choices(SYLLABLES, k=self._draw.randint(2, 4))).capitalize()
        return word + self._draw.choice(ENDINGS)

    def _company(self) -> str:
        return self._draw.choices(self._companies, cum_weights=self._weights)[0]

    def _deal(self, number: int) -> Made:
        draw = self._draw
        type_ = draw.choices(tuple(TYPES), weights=tuple(TYPES.values()))[0]
        # What is bought or funded is any company; who buys, builds and funds is known.
        key = self._company() if type_ in ("commitment", "pricing") else draw.choice(self._companies)
        others = tuple(self._company() for _ in range(draw.choice((0, 1, 1, 1, 2)))) if type_ != "ipo" else ()
        amount = round(draw.lognormvariate(18.5, 1.6), -6) if draw.random() < 0.6 else None
        return Made(
            number, type_, draw.random() ** 0.7 * self.years * 365, key, others, amount or None,
            draw.choice(ROUNDS) if type_ == "financing" else None,
            draw.choice(PLACES) if type_ == "commitment" and draw.random() < 0.5 else None,
            min(300, int(draw.paretovariate(1.25))),
        )  # fmt: skip

    def _tell(self, made: Made) -> tuple[Made, list[tuple[float, str]]]:
        """When the deal is told, in days since the start, and as what: a status, or "" for in passing."""
        draw = self._draw
        ends = made.day + draw.uniform(20, 300)
        end = draw.choices(("completed", "terminated", "announced"), weights=(4, 1, 5))[0]
        found = [(made.day, "announced")]
        for _ in range(made.tellings - 1 + draw.randint(0, 2)):
            kind = draw.random()
            if kind < 0.15:
                found.append((made.day - draw.uniform(0, 60), "rumoured"))
            elif kind < 0.4:
                found.append((made.day + draw.expovariate(1), "announced"))
            elif kind < 0.5:
                found.append((ends + draw.expovariate(1), end))
            else:
                found.append((made.day + draw.expovariate(1 / 150), ""))
        return made, found

    def _piece(self, day: float, told: list[tuple[Made, str]]) -> Piece:
        draw = self._draw
        published = START + dt.timedelta(days=day)
        first = told[0][0]
        copied = draw.random() < 0.25
        words = f"d{first.number}" if copied else f"a{draw.randrange(1 << 40):x}"
        title = f"{first.key} {first.type} {words}"
        text = " ".join(f"{words}w{n}" for n in range(40))
        outlet = draw.choice(self._outlets)
        key = f"{draw.getrandbits(64):016x}"
        article = NewArticle(
            key=key, source_id=outlet, url=f"https://{outlet}/{key}", title=title, text=text,
            published=published, seen_at=published + dt.timedelta(days=draw.expovariate(4)),
            tier=draw.choice((1, 2, 2, 3)),
        )  # fmt: skip
        return Piece(article, tuple(self._mention(made, status) for made, status in told))

    def _mention(self, made: Made, status: str) -> Mention:
        draw = self._draw
        others = [self._party(name) for name in made.others if draw.random() < 0.85]
        roles: dict[str, list[Party]] = {KEY_ROLE[made.type]: [self._party(made.key)]}
        if made.type == "acquisition" and draw.random() < 0.02 and others:
            roles = {}
        if made.type in OTHERS:
            roles[OTHERS[made.type]] = others
        if made.place:
            roles["place"] = [self._party(made.place)]
        text = f"{made.key} in deal {made.number}, told in one sentence of the usual length of a news report."
        return Mention(
            type=made.type, salience="main" if status else "background", status=status or "announced",
            amount=self._amount(made), round=made.round, evidence=Span(text=text, start=0, end=len(text)),
            confidence=round(draw.uniform(0.5, 0.95), 2),
            category=draw.choice(("infrastructure", "application")),
            **roles,
        )  # fmt: skip

    def _party(self, name: str) -> Party:
        """A name as it is told: now and then without its ending, or with another legal form."""
        kind = self._draw.random()
        told = name.split(" ")[0] if kind < 0.05 and " " in name else f"{name} Inc" if kind > 0.97 else name
        return Party(name=told, text=told, start=0, end=len(told))

    def _amount(self, made: Made) -> Money | None:
        if made.amount is None or self._draw.random() < 0.3:
            return None
        value = made.amount * (1 if self._draw.random() < 0.9 else self._draw.uniform(0.95, 1.05))
        return Money(value=round(value, -5) or made.amount, text="$1", start=0, end=2)
