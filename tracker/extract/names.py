"""Names of organisations and people in a parsed sentence, found by their writing and their grammar.

The small English model's entities miss or mistype most start-ups (read without them, more deals are found):
a candidate is a run of capitalised tokens, trimmed of titles, descriptors and everyday words.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tracker.extract.lexicon import DESCRIPTORS, LEGAL, NOT_NAMES, is_common, is_everyday, word_set

_INNER_CAPITAL = re.compile(r"^[a-z0-9]+[A-Z]")
_DIGIT_NAME = re.compile(r"^\d+[A-Za-z]{2,}$|^\d+(?:\.|-)?[A-Z]\w*$|^[a-z]+\d+[a-z]\w*$")
_SUM = re.compile(r"[$€£¥%]")
_ACRONYM = re.compile(r"^[A-Z][A-Z0-9&.-]{1,7}$")
_OF_HEADS = word_set(
    "university bank department ministry institute house board government republic kingdom college bank "
    "school"
)
_CONNECTORS = frozenset(["&", "-", "–", "+", "/", "."])
_PREFIXES = word_set("co ex pre post non multi mid anti inter re self semi sub micro")
_DESCRIBING = (
    "-based", "-backed", "-owned", "-led", "-listed", "-linked", "-fueled", "-fuelled", "-funded", "-powered",
    "-driven", "-dollar",
)  # fmt: skip
_MARKS = frozenset(["$", "€", "£", "¥"])
MAX_TOKENS = 9


@dataclass(frozen=True)
class Name:
    """A candidate name: its tokens and characters in the sentence, and its syntactic head.

    `reference` marks a word that stands for a name: "it", "the company".
    """

    first: int
    last: int
    start: int
    end: int
    text: str
    head: int
    reference: bool = False


_PAIR = re.compile(r"(?<![\w.])([A-Z][\w’'&-]*) (?=([A-Z][\w&-]*))")
_INSIDE = re.compile(r"(?<=[a-z,;)] )[A-Z][\w&-]*(?: [A-Z][\w&-]*)*")
_OPENED = re.compile(r"(?<![\w’'&-])[A-Z][\w’'&-]* $")
LONGEST_WORD = 40
"""Characters looked back over for a capitalised word; a longer word is no name's."""
_SUBJECT = re.compile(
    r"(?:^|(?<=[.!?:”\"] )|(?<=\n))([A-Z][a-z]{2,})(?:(?:['’]s)? "
    r"(?:is an?|was (?:founded|acquired|started|launched)"
    r"|has (?:raised|secured|closed|landed|acquired|bought|been acquired)"
    r"|raised|raises|secured|secures|acquired|acquires|buys|announced|announces|said|says|emerges|emerged|joins|nabs|lands"
    r"|sells|shuts|bags|plans|will (?:buy|acquire|raise|shut|join)|to (?:buy|acquire|raise|shut|join)"
    r"|is (?:joining|shutting|buying|acquiring|raising|winding|closing))\b"
    r"|, (?:an?|the|which|whose|founded|backed|formerly)\b[^.\n]{0,60}"
    r"\b(?:startup|start-up|company|firm|platform|maker|provider|developer|lab|founded|backed|formerly)\b)"
)
_NO_SUBJECT = word_set(
    "the this that these those they there here what who everyone someone nobody one another each both all "
    "however today yesterday tomorrow tonight now then also still she her his him our their its your "
    "company startup start-up firm founder founders team report it he we you they i in on at for to of and "
    "but or so as by with from when while if after before because although since how why where a an not no"
)


def written_names(text: str) -> frozenset[str]:
    """Everyday words that the text uses as names: openings of two words, and words that stand alone.

    A sentence that opens with "General Intuition" shows a name only to a reader who has met it elsewhere;
    one that opens with "Humble is a start-up" shows it by its grammar. A word right behind another
    capitalised one is no name of its own: "Analog Devices" does not make "Devices" one.
    """
    counts = Counter(f"{m[1]} {m[2]}" for m in _PAIR.finditer(text))
    inside = [
        m.group().split()
        for m in _INSIDE.finditer(text)
        if not _OPENED.search(text, max(0, m.start() - LONGEST_WORD), m.start())
    ]
    pairs = {f"{a} {b}" for words in inside for a, b in pairwise(words)}
    alone = {words[0] for words in inside if len(words) == 1} | {m[1] for m in _SUBJECT.finditer(text)}
    alone = {word for word in alone if word.lower() not in _NO_SUBJECT | NOT_NAMES | DESCRIPTORS}
    return frozenset({pair for pair, n in counts.items() if n >= 2} | pairs | alone)


def _opens_name(token: Any, written: frozenset[str]) -> bool:
    """Whether an everyday word at the head of a sentence or in a headline opens a name."""
    closed = token.pos_ in ("DET", "ADP", "SCONJ", "CCONJ", "PRON") or token.lower_ in _NO_SUBJECT
    if closed or token.i + 1 >= len(token.doc):
        return False
    following = token.nbor(1)
    if following.text == "," and token.i + 2 < len(token.doc):
        following = token.nbor(2)
        return _is_legal(following)
    if not following.text[:1].isupper():
        return False
    if _is_legal(following):
        return True
    if f"{token.text} {following.text}" in written:
        return True
    if following.lower_ in NOT_NAMES:
        return False
    if is_common(following.text) and token.lower_ not in DESCRIPTORS and token.pos_ != "ADV":
        return True
    return bool(token.pos_ == "PROPN" or (token.pos_ == "NOUN" and not is_common(following.text)))


def _is_legal(token: Any) -> bool:
    """Whether a token is a legal form, with or without the full stop of the sentence it ends."""
    return token.lower_.rstrip(".") in LEGAL and token.text[0].isupper()


def _is_lowercase_name(token: Any) -> bool:
    """Whether a word is a name that is written small: "fal raises" and "bought io", not "bought a hut"."""
    if not token.text.isalpha() or len(token.text) < 2 or is_everyday(token.text):
        return False
    if any(c.dep_ in ("det", "poss") for c in token.children):
        return False
    following = token.nbor(1) if token.i + 1 < len(token.doc) else token
    if _is_legal(following):
        return True
    is_party = token.dep_ in ("nsubj", "nsubjpass", "dobj") and token.pos_ in ("NOUN", "PROPN")
    return token.i == 0 or is_party


def _is_namey(token: Any, titled: bool, written: frozenset[str]) -> bool:
    text = token.text
    if text.lower() in NOT_NAMES or not any(c.isalpha() for c in text):
        return False
    if token.i and token.nbor(-1).text in _MARKS:
        return False
    if _INNER_CAPITAL.match(text) or _DIGIT_NAME.match(text):
        return not text.lower().endswith(("bn", "mn")) or not text[0].isdigit()
    if not text[0].isupper():
        return _is_lowercase_name(token)
    if text.isupper() and len(text) >= 2:
        return True
    starts = token.i == 0 or token.nbor(-1).text in (":", "“", '"', "‘", "—", "–", "•", ".")
    if (starts or titled) and is_common(text):
        return not titled and (text in written or _opens_name(token, written))
    return not (token.pos_ in ("PRON", "DET") and is_common(text))


def _joins(tokens: Any, index: int) -> bool:
    """Whether a lower-case or punctuation token holds two capitalised neighbours together."""
    text = tokens[index].text
    before, after = tokens[index - 1].text, tokens[index + 1].text if index + 1 < len(tokens) else ""
    if not after or not (after[0].isupper() or after[0].isdigit()):
        return False
    if text in _CONNECTORS:
        return text != "." and (text not in ("-", "–", "/") or not tokens[index].whitespace_)
    if text == ",":
        return after.lower() in LEGAL
    if text == "of":
        return before.lower() in _OF_HEADS
    return False


def _runs(tokens: Any, titled: bool, written: frozenset[str]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    index = 0
    while index < len(tokens):
        if not _is_namey(tokens[index], titled, written):
            index += 1
            continue
        last = index
        while last + 1 < len(tokens) and last - index < MAX_TOKENS:
            following = tokens[last + 1].text
            if (
                _is_namey(tokens[last + 1], titled, written)
                or following == "AI"
                or _is_legal(tokens[last + 1])
            ):
                last += 1
            elif last + 2 < len(tokens) and _joins(tokens, last + 1):
                last += 2
            else:
                break
        runs.append((index, last))
        index = last + 1
    return runs


def _trimmed(tokens: Any, first: int, last: int) -> tuple[int, int] | None:
    """A run without the titles, nationalities and descriptors around the name proper."""

    def strip(token: Any, leading: bool) -> bool:
        lowered = token.text.lower()
        if lowered in NOT_NAMES and (leading or lowered != "ai"):
            return True
        if leading:
            return lowered.endswith(_DESCRIBING) or (lowered in DESCRIPTORS and token.text[0].islower())
        return lowered in ("ceo", "cfo", "cto", "ai's") or (
            not token.text[0].isalnum() and token.text not in ("!", "+")
        )

    while first < last and strip(tokens[first], True):
        first += 1
    while last > first and strip(tokens[last], False):
        last -= 1
    if strip(tokens[first], True):
        return None
    return first, last


def _split_at_titles(tokens: Any, first: int, last: int) -> list[tuple[int, int]]:
    """ "Cognition CEO Scott Wu" is two names."""
    for index in range(first, last + 1):
        if tokens[index].text.lower() in (
            "ceo",
            "cfo",
            "cto",
            "coo",
            "founder",
            "co-founder",
            "president",
            "chief",
            "chairman",
            "judge",
            "sen.",
            "rep.",
            "minister",
            "secretary",
        ):
            left = [(first, index - 1)] if index > first else []
            return left + (_split_at_titles(tokens, index + 1, last) if index < last else [])
    return [(first, last)]


def _name(tokens: Any, first: int, last: int) -> Name:
    span = tokens[first : last + 1]
    return Name(first, last, span.start_char, span.end_char, span.text, span.root.i)


def find_names(tokens: Any, *, titled: bool = False, written: frozenset[str] = frozenset()) -> list[Name]:
    """The candidate names of a parsed sentence, left to right; `written` are the document's `written_names`.

    `titled` says that the sentence is a headline in title case, where a capital proves nothing.
    """
    out = []
    for run_first, run_last in _runs(tokens, titled, written):
        for part_first, part_last in _split_at_titles(tokens, run_first, run_last):
            trimmed = _trimmed(tokens, part_first, part_last)
            if trimmed is None:
                continue
            name = _name(tokens, *trimmed)
            single = len(name.text.split()) == 1
            if single and trimmed[0] and tokens[trimmed[0] - 1].text in _MARKS:
                continue
            if single and (name.text.lower().startswith("ex-") or _is_prefix(tokens, name)):
                continue
            if _SUM.search(name.text) or name.text.lower().endswith(_DESCRIBING):
                continue
            if all(word.rstrip(".") in LEGAL for word in name.text.lower().split()):
                continue
            if len(name.text) == 1 and name.text != "X":
                continue
            out.append(name)
    return out


def _is_prefix(tokens: Any, name: Name) -> bool:
    """Whether a name is the first half of a compound: "Co-founded", "Multi-year"."""
    after = tokens[name.last + 1].text if name.last + 1 < len(tokens) else ""
    return after in ("-", "–") and name.text.lower() in _PREFIXES


def is_title_case(text: str) -> bool:
    """Whether a headline capitalises its words, so that capitals do not mark names."""
    words = [w for w in re.findall(r"[A-Za-z][\w'’-]+", text) if len(w) > 3]
    return len(words) >= 2 and sum(w[0].isupper() for w in words) >= 0.7 * len(words)
