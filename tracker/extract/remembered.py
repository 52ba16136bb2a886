"""Two of spaCy's components, faster: what they say of a kind of token is worked out once and remembered.

The attribute ruler and the lemmatizer are rules over a few attributes of a token, and took a quarter of the
extractor's time by going through all rules at each token anew. Both say exactly what they said before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spacy.matcher import Matcher

Pattern = list[dict[str, Any]]
_KIND = ["TAG", "DEP", "IS_SPACE", "LOWER"]


def remember(nlp: Any) -> None:
    """Make the rules of a loaded pipeline remember; components of another make are left as they are."""
    if nlp.has_pipe("attribute_ruler"):
        ruler = nlp.get_pipe("attribute_ruler")
        named = ((str(n), pattern) for n, rule in enumerate(ruler.patterns) for pattern in rule["patterns"])
        ruler.matcher = RememberedMatcher(nlp.vocab, list(named))
    if nlp.has_pipe("lemmatizer") and getattr(nlp.get_pipe("lemmatizer"), "mode", "") == "rule":
        lemmatizer = nlp.get_pipe("lemmatizer")
        _index_forms(lemmatizer.lookups)
        lemmatizer.lemmatize = RememberedLemmas(lemmatizer.lemmatize)


def _index_forms(lookups: Any) -> None:
    """Turn the lists of known forms, which are searched from end to end, into sets."""
    if lookups.has_table("lemma_index"):
        table = lookups.get_table("lemma_index")
        for part in list(table):
            table[part] = frozenset(table[part])


class RememberedLemmas:
    """A rule lemmatizer's answers by word, part of speech and morphology, which is all that it reads."""

    def __init__(self, lemmatize: Any) -> None:
        self.lemmatize = lemmatize
        self.known: dict[tuple[int, int, int], list[str]] = {}

    def __call__(self, token: Any) -> list[str]:
        key = (token.orth, token.pos, token.morph.key)
        if key not in self.known:
            self.known[key] = self.lemmatize(token)
        return self.known[key]


class RememberedMatcher:
    """Stands for an attribute ruler's matcher: most patterns of one token are matched once a kind of token.

    A kind is its tag, its dependency, whether it is space, and its lower-case form where a pattern names that
    form. The few patterns of several tokens, or of forms not listed, go to a matcher of their own.
    """

    def __init__(self, vocab: Any, patterns: Iterable[tuple[str, Pattern]]) -> None:
        self.kinds, self.others = Matcher(vocab, validate=False), Matcher(vocab, validate=False)
        self.forms: set[int] = set()
        self.known: dict[tuple[int, ...], list[int]] = {}
        for name, pattern in patterns:
            forms = _listed_forms(pattern)
            (self.others if forms is None else self.kinds).add(name, [pattern])
            self.forms |= {vocab.strings.add(form) for form in forms or ()}

    def __call__(self, doc: Any, **options: Any) -> list[tuple[int, int, int]]:
        """All matches as (pattern, start, end), as a Matcher gives them, in no order that counts."""
        found = list(self.others(doc, **options))
        for place, (tag, dep, space, lower) in enumerate(doc.to_array(_KIND).tolist()):
            kind = (tag, dep, space, lower if lower in self.forms else 0)
            if kind not in self.known:
                matches = self.kinds(doc[place : place + 1], **options)
                self.known[kind] = [rule for rule, _, _ in matches]
            found += [(rule, place, place + 1) for rule in self.known[kind]]
        return found


def _listed_forms(pattern: Pattern) -> list[str] | None:
    """The lower-case forms that a pattern of one token names; None where it cannot be matched by kind."""
    if len(pattern) != 1 or not set(_KIND) >= set(pattern[0]):
        return None
    forms = pattern[0].get("LOWER", {"IN": []})
    if isinstance(forms, str):
        return [forms]
    return list(forms["IN"]) if set(forms) == {"IN"} else None
