"""Headlines put into sentence case, so that capitals mean names again and the parser sees ordinary English.

"Atlassian to Buy Arc Developer The Browser Company" becomes "Atlassian to buy Arc developer The Browser
Company" where the text writes the name so. Every letter stays at its place.
"""

from __future__ import annotations

import re

from tracker.extract.lexicon import DESCRIPTORS, NOT_NAMES, is_common, is_everyday, word_set
from tracker.extract.names import is_title_case, written_names

_TOKEN = re.compile(r"[A-Za-z][\w'’&.-]*")
_NAME_IN_TEXT = re.compile(
    r"(?<=[a-z,;:)] )[A-Z0-9][\w&.'’-]*(?: [A-Z0-9][\w&.'’-]*)*"
    r"|(?:^|(?<=\n))[A-Z][\w&'’-]*(?: [A-Z][\w&'’-]*)*"
)


def sentence_case(title: str, text: str) -> str:
    """The headline with everyday words in lower case and the text's names in the text's case."""
    head = text[:6000]
    if is_title_case(title):
        return _lowered(title, head)
    if title and not any(c.isupper() for c in title):
        return _capitalised(title, head)
    return title


def _lowered(title: str, text: str) -> str:
    words = list(_TOKEN.finditer(title))
    out = list(title)
    written = written_names(text)
    for index, match in enumerate(words):
        word = match.group()
        if (
            not word[0].isupper()
            or word.isupper()
            or any(c.isupper() for c in word[1:])
            or not is_everyday(word)
        ):
            continue
        if word.lower() in NOT_NAMES or word in written:
            continue
        pairs = []
        if index + 1 < len(words):
            pairs.append(title[match.start() : words[index + 1].end()])
        if index:
            pairs.append(title[words[index - 1].start() : match.end()])
        if any(_stands_in(pair, text) for pair in pairs):
            continue
        if _stands_alone(title, match, words[index - 1].group().lower() if index else ""):
            continue
        out[match.start()] = word[0].lower()
    lowered = "".join(out)
    return lowered if len(lowered) == len(title) else title


_BUYING = word_set("buy buys buying acquire acquires acquiring acquired bought")
_OBJECT_ENDS = re.compile(r"\s(?:for|in|to|from|at|as|amid|after|by|with)\b|\s*$|\s*[,;:–—]", re.IGNORECASE)
_SUBJECT_OF = re.compile(
    r"\s(?:acquires|raises|buys|secures|closes|lands|shuts|files|launches|snaps|bags|nabs|emerges|joins|gets"
    r"|scores|pulls|completes|sells|sunsets|(?:is )?(?:acquiring|buying|raising|joining|shutting)"
    r"|to (?:acquire|buy|raise|join|shut))\b",
    re.IGNORECASE,
)
_NEVER_ALONE = word_set(
    "stake stakes control assets rivals rival it them company companies startup startups firms firm "
    "everything shares us deal"
)


def _stands_alone(title: str, match: re.Match[str], before: str) -> bool:
    """Whether an everyday word is all that a verb buys, or the headline's first word before a deal verb."""
    word = match.group().lower()
    if word in _NEVER_ALONE or word in DESCRIPTORS:
        return False
    if before in _BUYING:
        return bool(_OBJECT_ENDS.match(title[match.end() :]))
    return match.start() == 0 and not word.endswith("s") and bool(_SUBJECT_OF.match(title[match.end() :]))


_GOES_ON = re.compile(r" (?:is|has|was|[a-z]{4,})\b| \(")


def _stands_in(phrase: str, text: str) -> bool:
    """Whether running text writes the phrase just so: behind a small word, or before one that no headline
    leaves small.
    """
    return any(
        (m.start() and text[m.start() - 1] == " " and text[m.start() - 2].islower())
        or _GOES_ON.match(text, m.end())
        for m in re.finditer(re.escape(phrase), text)
    )


def _capitalised(title: str, text: str) -> str:
    out = title
    for name in sorted(
        {m.group().rstrip(".") for m in _NAME_IN_TEXT.finditer(text)}, key=lambda n: (-len(n), n)
    ):
        if len(name) < 3 or is_common(name):
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(name.lower())}(?!\w)", out):
            out = out[: match.start()] + name + out[match.end() :]
    return out
