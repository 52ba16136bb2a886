"""Names, the company list, and linking."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mention_builders import COMPANIES, DIRECTORY
from tracker.config import shipped
from tracker.errors import ConfigError
from tracker.resolve.companies import Directory, load_companies
from tracker.resolve.names import alike, normalise

HEADER = "id,name,aliases,kind,category,region,ticker\n"


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("IBM", "ibm"),
        ("I.B.M. Corp.", "ibm"),
        ("International Business Machines Corporation", "ibm"),
        ("the Confluent, Inc.", "confluent"),
        ("Confluent’s", "confluent"),
        ("Cursor", "anysphere"),
        ("Anysphere (Cursor)", "anysphere"),
        ("TSMC", "tsmc"),
        ("ALPHABET INC", "google"),
    ],
)
def test_links_a_name(name: str, company: str) -> None:
    assert DIRECTORY.link(name).id == company


@pytest.mark.parametrize("name", ["Confluence", "IBM Ventures", "Tsmc", "Curso", "Google Ventures"])
def test_does_not_link_what_only_resembles(name: str) -> None:
    assert DIRECTORY.link(name).company is None


def test_a_shared_alias_links_to_neither_and_is_flagged() -> None:
    link = DIRECTORY.link("AMI")
    assert (link.company, link.shared) == (None, True)
    assert DIRECTORY.shared_names() == ["ami"]
    assert DIRECTORY.link("AMI Labs").id == "ami-labs"


def test_an_unknown_name_has_a_stable_provisional_id() -> None:
    ids = {DIRECTORY.link(n).id for n in ("Quillbox, Inc.", "Quillbox", "QUILLBOX GmbH")}
    assert ids == {"prov:quillbox"}
    assert Directory(list(reversed(COMPANIES))).link("Quillbox").id in ids


def test_an_alias_in_the_article_links_a_name_that_the_list_does_not_know() -> None:
    assert DIRECTORY.link("Acme Coding", ["Cursor"]).id == "anysphere"


def test_numbers_in_names_must_agree() -> None:
    assert not alike(normalise("GPT-4o"), normalise("GPT-4.1"))
    assert alike(normalise("Perplexity AI"), normalise("Perplexity"))
    assert alike(normalise("Thinking Machines"), normalise("Thinking Machine"))
    assert not alike(normalise("Play"), normalise("Plaid"))


def test_the_shipped_list_is_sound() -> None:
    directory = Directory(load_companies(shipped("data", "companies.csv")))
    assert len(directory.companies) > 1000
    kinds = {
        "Microsoft": "cloud provider", "Google": "cloud provider", "AWS": "cloud provider",
        "International Business Machines": "enterprise software", "Oracle": "enterprise software",
        "SAP SE": "enterprise software", "Salesforce": "enterprise software", "Cisco": "enterprise software",
        "ServiceNow": "enterprise software", "HPE": "enterprise software", "Dell": "enterprise software",
        "Broadcom": "chip maker", "NVIDIA": "chip maker", "Snowflake": "data platform",
        "Databricks": "data platform", "Equinix": "data centre operator", "Mistral": "model lab",
        "a16z": "investor", "SoftBank": "investor", "European Commission": "government",
    }  # fmt: skip
    found = {name: link.company.kind for name in kinds if (link := directory.link(name)).company}
    assert found == kinds
    categories = {"Confluent": "infrastructure", "OpenAI": "model", "Harvey": "application", "Roku": "other"}
    assert {n: c.category for n in categories if (c := directory.link(n).company)} == categories


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("a,A,,chip maker,infrastructure,US\n", ":2: 7 fields expected"),
        ("a,A,,chips,infrastructure,US,\n", ":2: unknown kind 'chips'"),
        ("a,A,,chip maker,hardware,US,\n", ":2: category:"),
        (
            "a,A,,chip maker,infrastructure,US,\na,B,,chip maker,infrastructure,US,\n",
            ":3: id 'a' is already on line 2",
        ),
        ("a,A,,other,other,,\nb,A Inc.,,other,other,,\n", ":3: name 'a' is already on line 2"),
        (",A,,other,other,,\n", ":2: id and name must be given"),
    ],
)
def test_a_faulty_list_is_refused_with_its_line(tmp_path: Path, rows: str, fault: str) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(HEADER + rows, "utf-8")
    with pytest.raises(ConfigError) as error:
        load_companies(path)
    assert f"{path}{fault}" in str(error.value)


def test_wrong_columns_and_a_missing_file_are_told(tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("id,name\n", "utf-8")
    with pytest.raises(ConfigError, match="the columns must be id, name, aliases"):
        load_companies(path)
    with pytest.raises(ConfigError, match="cannot read"):
        load_companies(tmp_path / "none.csv")
