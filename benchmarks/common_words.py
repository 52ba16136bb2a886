"""Learn which words are everyday words from how running text writes them (`make train` runs it first)."""

from __future__ import annotations

import gzip
import re
from collections import Counter

from benchmarks.corpus import SHARED, STREAMS, read_lines
from tracker.extract.lexicon import WEIGHTS

TEXTS = (*STREAMS, "gold/train.docs.jsonl.gz")
LEAST_COUNT = 4
LEAST_SHARE = 0.75
"""A word is an everyday word if it stands in lower case so often, and in so large a part of its places."""

_WORD = re.compile(r"(?<![\w.])[A-Za-z][A-Za-z'’-]*[A-Za-z]|(?<![\w.])[A-Za-z](?![\w.])")
_OPENS = re.compile(r"[.!?:“\"(*#>•]\s?$|^\s*$")
_SENTENCE_ENDS = (".", "!", "?", "”", '"')


def count(text: str, lower: Counter[str], capital: Counter[str]) -> None:
    """Count the words inside sentences by their case; headings may be in title case and are left out."""
    for line in text.split("\n"):
        if not line.rstrip().endswith(_SENTENCE_ENDS):
            continue
        for match in _WORD.finditer(line):
            before = line[max(0, match.start() - 2) : match.start()]
            if match.start() == 0 or _OPENS.search(before):
                continue
            word = match.group()
            if word[0].islower():
                lower[word] += 1
            else:
                capital[word.lower()] += 1


def main() -> None:
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for path in TEXTS:
        for row in read_lines(SHARED / path):
            count(row["text"], lower, capital)
    words = sorted(w for w, n in lower.items() if n >= LEAST_COUNT and n / (n + capital[w]) >= LEAST_SHARE)
    with gzip.GzipFile(WEIGHTS / "common-words.txt.gz", "wb", mtime=0) as file:
        file.write("\n".join(words).encode())
    print(f"wrote common-words.txt.gz: {len(words):,} words")


if __name__ == "__main__":
    main()
