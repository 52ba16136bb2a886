"""Markdown as plain text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracker.brief.plain import WIDTH, plain
from tracker.brief.text import markdown

DOCUMENT = """# Signals: one week

*About two minutes.*

1. First, **boldly**.
2. Second, with [a source](<https://a.example/x_(1)>), 5 May.

### Deals (1)

- Acme \\*bought\\* Lumen for $5bn. It is a long sentence that does not fit into a single line of such a text.
  > It bought Lumen. — [Deal](<https://b.example/>)

- For (1):
  - Nested.

| Deals | This week | 4 weeks |
| --- | ---: | ---: |
| Model | none | $5bn in 2 deals |

The end.
"""


def test_a_document_keeps_its_shape() -> None:
    assert (
        plain(DOCUMENT)
        == """Signals: one week
=================

About two minutes.

1. First, boldly.
2. Second, with a source <https://a.example/x_(1)>, 5 May.

Deals (1)

- Acme *bought* Lumen for $5bn. It is a long sentence that does not fit into
  a single line of such a text.
    It bought Lumen. — Deal <https://b.example/>
- For (1):
  - Nested.

Deals; This week; 4 weeks
Model; none; $5bn in 2 deals

The end.
"""
    )


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=200))
def test_what_comes_from_outside_stays_as_it_is(words: str) -> None:
    told = plain(f"Told: {markdown(words)} end")
    assert "".join(told.split()) == "".join(f"Told: {words} end".split())


def test_lines_are_short_but_for_addresses() -> None:
    long = "https://a.example/" + "x" * 100
    lines = plain(f"{'word ' * 60}[here](<{long}>)").splitlines()
    assert [line for line in lines if len(line) > WIDTH] == [f"<{long}>"]
