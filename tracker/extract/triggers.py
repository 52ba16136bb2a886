"""Finds the words and phrases that may tell an event (triggers.toml)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker.models.mention import EVENT_TYPES

WEAK = {
    "commitment": re.compile(
        r"invest|pledg|commit|spend|spent|build|built|construct|deal|contract|agree|lease|rent|guarantee|plan|expan|billion|"
        r"break(?:s|ing)? ground|fund|secur|sign|supply|order"),
    "pricing": re.compile(
        r"usage|consumption|seat|credit|meter|outcome|flat|per[- ](?:user|token|task|action|resolution)|"
        r"pay[- ]|subscription|free|token|bill|model"),
    "valuation": re.compile(r"\d|worth|valu|trillion|billion"),
}  # fmt: skip
"""Types whose triggers are everyday words: the sentence, in lower case, must hold one of these too."""

_MONEY = re.compile(
    r"[$€£¥₹₩]|\b(?:million|billion|trillion|mln|bln|crore|euros|dollars|dlrs|yuan|yen)\b|\d(?:m|bn|b)\b"
)
_EVIDENT = re.compile(r"[A-Z0-9]")


@dataclass(frozen=True)
class Trigger:
    """A phrase of a sentence that may tell an event of one type; offsets within the sentence."""

    type: str
    sense: str
    start: int
    end: int
    phrase: str


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """One compiled alternation a type, a named group a sense."""
    raw = tomllib.loads(Path(__file__).with_name("triggers.toml").read_text("utf-8"))
    out: dict[str, re.Pattern[str]] = {}
    for kind in EVENT_TYPES:
        senses = (
            f"(?P<{sense}>{'|'.join(sorted(phrases, key=len, reverse=True))})"
            for sense, phrases in raw[kind].items()
        )
        out[kind] = re.compile(rf"(?<![\w-])(?:{'|'.join(senses)})(?![\w-])")
    return out


def mentions_money(sentence: str) -> bool:
    """Whether a sentence may hold an amount: a cheap test, not a reading."""
    return bool(_MONEY.search(sentence.lower()))


def find_triggers(sentence: str) -> list[Trigger]:
    """The triggers of a sentence, by type, then by place."""
    lowered = sentence.lower()
    if len(lowered) != len(sentence) or not _EVIDENT.search(sentence):
        # A letter that changes its length when lowered would shift every offset behind it.
        return []
    found = []
    rich = mentions_money(sentence)
    for kind, pattern in patterns().items():
        matches = list(pattern.finditer(lowered))
        if not matches or (kind in WEAK and not WEAK[kind].search(lowered)):
            continue
        for match in matches:
            sense = str(match.lastgroup)
            if rich or not sense.endswith("_money"):
                found.append(
                    Trigger(kind, sense.removesuffix("_money"), match.start(), match.end(), match.group())
                )
    return found
