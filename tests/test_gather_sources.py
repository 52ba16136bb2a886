"""The list of sources: what ships, and what a wrong entry says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tracker.config import shipped
from tracker.errors import ConfigError
from tracker.sources import Source, choose, load_sources

GOOD = '[[source]]\nid = "a"\nname = "A"\nkind = "rss"\nurl = "https://a.example/feed"\n'


def test_the_shipped_list() -> None:
    sources = load_sources(shipped("data", "sources.toml"))
    assert len(sources) >= 70
    assert len({source.url for source in sources}) == len(sources)
    kinds = Counter(source.kind for source in sources)
    assert {"rss", "atom", "sitemap", "edgar"} <= set(kinds)
    assert all(source.url.startswith("https://") for source in sources)
    # Only tender offers and foreign registrations are so few that a quiet day has none.
    assert [s.id for s in sources if s.min_items < 1] == ["sec-tender-offers", "sec-f-1"]
    assert all(source.every <= 24 * source.max_gap for source in sources), "asked before it is called stale"
    assert not any(source.local for source in sources)
    assert all(source.match for source in sources if source.kind == "sitemap")
    assert {source.region for source in sources} >= {"us", "uk", "eu"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no [[source]] entry"),
        ("not toml =", "cannot be read as TOML"),
        (GOOD.replace('"rss"', '"telex"'), "source a: kind: Input should be"),
        (GOOD.replace("https://", "ftp://"), "source a: url: not an address that begins with http"),
        (GOOD.replace('id = "a"\n', ""), "source 1: id: Field required"),
        (GOOD + "tier = 4\n", "source a: tier:"),
        (GOOD + "teir = 2\n", "source a: teir: Extra inputs"),
        (GOOD + 'match = "("\n', "source a: match: not a regular expression"),
        (GOOD + GOOD, "source 2: id: 'a' is taken"),
        ("source = [1]", "source 1: entry: Input should be"),
    ],
)
def test_a_wrong_list_names_file_entry_and_field(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "list.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_sources(path)
    assert str(error.value).startswith(f"{path}: {message}")


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_sources(tmp_path / "none.toml")


def test_choosing() -> None:
    one = Source(id="one", name="1", kind="rss", url="https://one.example/")
    off = Source(id="off", name="0", kind="rss", url="https://off.example/", enabled=False)
    assert choose([one, off], ()) == [one]
    assert choose([one, off], ("off", "one", "off")) == [off, one], "a disabled source may be named"
    with pytest.raises(ConfigError, match=r"no source oen \(did you mean one\?\)"):
        choose([one, off], ("oen",))
    with pytest.raises(ConfigError, match=r"no source two \(tracker sources list shows all\)"):
        choose([one, off], ("one", "two"))
