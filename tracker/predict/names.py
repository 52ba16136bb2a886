"""Whether a name in a criterion means a party of the ledger."""

from __future__ import annotations

import functools
import re

# Endings that a company's name is written with or without.
_ENDINGS = re.compile(
    r"\s+(inc|corp|corporation|co|ltd|limited|llc|plc|ag|se|sa|nv|gmbh|group|holdings?|ai)$"
)


@functools.cache
def plain_name(name: str) -> str:
    """
    >>> plain_name("Mistral AI"), plain_name("Palo Alto Networks, Inc."), plain_name("OpenAI")
    ('mistral', 'palo alto networks', 'openai')
    """
    text = " ".join(re.sub(r"[^\w&+-]+", " ", name.casefold()).split())
    shorter = _ENDINGS.sub("", text)
    while shorter != text:
        text, shorter = shorter, _ENDINGS.sub("", shorter)
    return text


def same_company(wanted: str, name: str, company_id: str, *, loose: bool = False) -> bool:
    """Equal but for case, punctuation and legal form, or the ledger's company id.

    `loose` also accepts the wanted words inside a longer name: products are called "Sora" and "Sora app".
    """
    one, other = plain_name(wanted), plain_name(name)
    if one == other or wanted.casefold() == company_id.casefold():
        return True
    return loose and f" {one} " in f" {other} "
