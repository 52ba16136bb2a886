"""Sentences with exact offsets, before any model has run: in linear time, tolerant of mark-up in the text."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass

from tracker.extract.formats import is_wire
from tracker.extract.lexicon import word_set

MAX_SENTENCE = 600
"""Longer stretches without an end are cut at a space: the parser's cost grows with the length."""

_ABBREVIATIONS = word_set(
    "inc corp co ltd llc plc bros st mr mrs ms dr prof jr sr vs no nos u.s u.k e.g i.e est approx dept "
    "gov sen rep gen lt col jan feb mar apr jun jul aug sep sept oct nov dec calif mass mich minn ont pa "
    "fla ill wash conn del ariz colo ga la md mo n.y n.j d.c s.a s.p.a n.v l.p b.v a.g p.l.c pty pte al"
)
_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s)|\n")
_WORD_BEFORE = re.compile(r"([\w.&-]+)\.$")
_MARKUP = re.compile(
    r"^[#>*\-•\s]+|\*\*|__|\[(?=[^\]]{0,500}\]\()|\]\([^)]{0,2000}\)|</?[a-zA-Z][^<>]{0,200}>|[`|]",
    re.MULTILINE,
)
_DATELINE = re.compile(
    r"^[ \t]*[A-Z][\w .,'&/-]{1,70}?(?:\s?[-–—]{1,2}\s?)?\((?:[A-Z][\w .]+)\)\s?[-–—]{1,2}"
    r"|^[ \t]*[A-Z][A-Z .,&/-]{2,40}(?:, [A-Z][\w. ]{1,20}){0,2}\s?(?:--|—)\s?",
    re.MULTILINE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Sentence:
    """A sentence of the document; `index` counts from 0, the title being 0 and the text starting at 1."""

    text: str
    start: int
    index: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def masked(text: str) -> str:
    """The text with mark-up, datelines and control characters blanked, every other character at its place."""
    text = _MARKUP.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    text = _DATELINE.sub(lambda m: " " * len(m.group()), text)
    return _CONTROL.sub(" ", text)


def _is_wrapped(text: str) -> bool:
    """Whether the lines were broken by a typesetter (wire copy of 60 to 80 columns), not by the writer."""
    lengths = [len(line) for line in text.split("\n") if line.strip()]
    return len(lengths) >= 3 and 45 <= statistics.median(lengths) <= 85 and max(lengths) <= 100


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match.group() == "\n":
        return True
    mark = match.start()
    if text[mark] == ".":
        word = _WORD_BEFORE.search(text[max(0, mark - 20) : mark + 1])
        if word and (word[1].casefold() in _ABBREVIATIONS or re.fullmatch(r"[A-Z](?:\.[A-Z])*", word[1])):
            after = text[match.end() : match.end() + 40].split()
            # "Acme Inc. The deal" ends, "Acme Inc. said" and "J. Smith" do not.
            return bool(after) and after[0] in {"The", "It", "In", "A", "This", "That", "They", "He", "She"}
    following = text[match.end() : match.end() + 3].lstrip()
    return not following or not following[0].islower()


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A stretch cut into parts of at most MAX_SENTENCE characters, at spaces where there are any."""
    out = []
    while end - start > MAX_SENTENCE:
        cut = text.rfind(" ", start + MAX_SENTENCE // 2, start + MAX_SENTENCE)
        cut = cut if cut > start else start + MAX_SENTENCE
        out.append((start, cut))
        start = cut
    out.append((start, end))
    return out


def sentences(title: str, text: str) -> list[Sentence]:
    """The title and the sentences of the text; offsets count characters of `title + "\\n" + text`.

    >>> [s.text for s in sentences("A buys B", "A Inc. said so. It paid $1.5bn.")]
    ['A buys B', 'A Inc. said so.', 'It paid $1.5bn.']
    """
    clean = masked(text)
    if _is_wrapped(clean) or is_wire(title, clean):
        clean = re.sub(r"(?<=\S)\n(?=\S)", " ", clean)
    bounds: list[tuple[int, int]] = []
    position = 0
    for match in _END.finditer(clean):
        if _ends_sentence(clean, match):
            bounds.extend(_pieces(clean, position, match.end()))
            position = match.end()
    bounds.extend(_pieces(clean, position, len(clean)))
    offset = len(title) + 1
    out = [Sentence(masked(title)[:MAX_SENTENCE], 0, 0)] if title.strip() else []
    first = 1 - len(out)
    for start, end in bounds:
        piece = clean[start:end]
        stripped = piece.strip()
        if stripped:
            lead = len(piece) - len(piece.lstrip())
            out.append(Sentence(stripped, offset + start + lead, first + len(out)))
    return out
