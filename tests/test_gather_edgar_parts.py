"""EDGAR without a network: feed entries, indexes, submissions, 8-K prose and items; real filings; mangled
ones.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.base import Entry, Gathered
from spiders.edgar.articles import tell
from spiders.edgar.documents import prose
from spiders.edgar.filings import current_filings, filing_details, may_hold_deal, open_filing
from spiders.edgar.forms import notice_fields, offer_fields, registration_fields
from spiders.edgar.reports import deal_text, signals, split_items
from spiders.edgar.submissions import read_submission
from tests.edgar_filings import (
    FEES,
    FOLDER,
    FURNISHED,
    NOTICE,
    NOTICE_FILE,
    OFFER_FILE,
    PROSPECTUS,
    RELEASE,
    REPORT,
    index,
)  # fmt: skip
from tests.gather_support import SHARED

REAL = SHARED / "edgar"
real = pytest.mark.skipif(not REAL.exists(), reason="the real filings are not at hand")


def test_filing_details() -> None:
    summary = "Filed: 2026-06-29\nItem 2.01: Completion\nItem 9.01: Exhibits\nItem 2.01: again"
    assert filing_details("8-K - TARN SYSTEMS INC (0000000077) (Filer)", summary) == {
        "form": "8-K", "name": "TARN SYSTEMS INC", "cik": "0000000077", "items": ["2.01", "9.01"],
    }  # fmt: skip
    assert filing_details("SC TO-T/A - BIRK CO (0000000090) (Filed by)", "")["form"] == "SC TO-T/A"
    assert filing_details("Something else", summary) == {}


@pytest.mark.parametrize(
    ("form", "items", "followed"),
    [
        ("8-K", ["2.01"], True),
        ("8-K/A", ["1.03"], True),
        ("8-K", [], True),
        ("8-K", ["2.02", "9.01"], False),
        ("D", [], True),
        ("D/A", [], True),
        ("SC TO-T/A", [], True),
        ("F-1", [], True),
        ("S-11", [], False),
        ("DEF 14A", [], False),
        ("4", [], False),
    ],
)
def test_which_filings_are_followed(form: str, items: list[str], followed: bool) -> None:
    assert may_hold_deal({"form": form, "items": items}) is followed


def test_a_filing_listed_under_each_party_is_one() -> None:
    entries = [
        Entry(f"https://www.sec.gov/Archives/edgar/data/{cik}/00/0000000080-26-000001-index.htm", title)
        for cik, title in (
            (80, "SC TO-T - CORRIE PLC (0000000080) (Subject)"),
            (90, "SC TO-T - BIRK INC (0000000090) (Filed by)"),
        )
    ]
    (only,) = current_filings(entries)
    assert only.url == "https://www.sec.gov/Archives/edgar/data/80/00/0000000080-26-000001.txt"


def entry(form: str, *items: str) -> Entry:
    details = {"form": form, "name": "TARN SYSTEMS INC", "cik": "0000000077", "items": list(items)}
    return Entry("https://www.sec.gov/x-index.htm", "t", details=details)


def test_the_documents_of_an_index() -> None:
    page = index(
        ("8-K", f"/ix?doc={FOLDER}a.htm"), ("8-K", "/b.htm"), ("EX-10.1", "/c.htm"), ("EX-99.1", "/d.htm"),
        items="Item 1.01: x",
    )  # fmt: skip
    filing = open_filing(entry("8-K", "9.01"), page.encode(), "https://www.sec.gov/x-index.htm")
    assert filing.missing == (
        ("8-K", f"https://www.sec.gov{FOLDER}a.htm"),
        ("EX-99.1", "https://www.sec.gov/d.htm"),
    )
    assert filing.entry.details["items"] == ["1.01", "9.01"]


def test_the_sides_of_a_tender_offer() -> None:
    found = read_submission(OFFER_FILE.encode())
    assert found.form == "SC TO-T"
    assert found.parties == {"SUBJECT COMPANY": ["CORRIE NETWORKS PLC"], "FILED BY": ["BIRK HOLDINGS INC"]}
    fields = offer_fields(found.form, found.parties, found.documents)
    about = fields.pop("about")
    assert about.startswith("This Tender Offer Statement on Schedule TO relates")
    assert fields == {
        "form": "SC TO-T", "bidder": "BIRK HOLDINGS INC", "subject": "CORRIE NETWORKS PLC", "price": "18.25",
        "shares": "all", "total": "1204500000", "status": "announced",
    }  # fmt: skip


def test_a_submission_that_never_closes_its_documents_takes_no_time() -> None:
    body = b"<SUBMISSION>\n<TYPE>D\n" + b"<DOCUMENT>\n<TYPE>D\n<TEXT>\n" * 200_000
    assert read_submission(body).documents == {}  # a minute and more where each looks for the end


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("The Offer expired on June 26. Birk has accepted for payment all shares.", "completed"),
        ("The Offer expires on June 26. Birk will accept for payment all shares.", "announced"),
        ("On June 26, Birk terminated the Offer.", "terminated"),
    ],
)
def test_the_state_of_an_offer(told: str, status: str) -> None:
    parties = {"FILED BY": ["Birk"], "SUBJECT COMPANY": ["Corrie"]}
    documents = {"SC TO-T/A": f"<p>This Amendment No. 2 amends it. {told}</p>".encode()}
    assert offer_fields("SC TO-T/A", parties, documents)["status"] == status


def test_the_prose_of_a_report() -> None:
    assert prose(REPORT.encode()).splitlines()[3:5] == [
        "Item 2.01 Completion of Acquisition or Disposition of Assets.",
        "On June 26, 2026, Tarn Systems, Inc. completed its acquisition of Fell Storage, Inc. for $410 "
        "million in cash, under the merger agreement signed in March.",
    ]
    text, items = deal_text(REPORT.encode())
    assert items == ["2.01", "5.02"]
    (line,) = text.splitlines()
    assert line.startswith("On June 26, 2026, Tarn Systems")


@pytest.mark.parametrize(
    "head",
    [
        "Item 1.01. Entry into a Material Definitive Agreement.\n", "ITEM 8.01\nOther Events\n",
        "Item 8.01: ",
        "Item 2.03 Creation of a Direct Financial Obligation or an Obligation of a Registrant.\n",
    ],
)  # fmt: skip
def test_headings_are_left_out(head: str) -> None:
    lines = "".join(f"<p>{line}</p>" for line in f"{head}On June 26, Tarn agreed.".splitlines())
    assert deal_text(lines.encode())[0] == "On June 26, Tarn agreed."


@pytest.mark.parametrize(
    ("release", "items", "told"),
    [
        (
            "<p>Tarn announced today that it bought Fell.</p>" + "<p>More of it.</p>" * 20,
            ["2.01"],
            "Tarn announced",
        ),
        (
            "<p>Tarn announced today that sales rose.</p>" + "<p>More of it.</p>" * 20,
            ["2.01", "2.02"],
            "On June 26",
        ),
        ("<p>Balance sheet of Fell</p><p>Cash 7</p>", ["2.01"], "On June 26"),
    ],
)
def test_which_document_is_told(release: str, items: list[str], told: str) -> None:
    head = index(("8-K", "/a"), ("EX-99.1", "/b")).encode()
    article = article_of(entry("8-K", *items), head, {"8-K": REPORT.encode(), "EX-99.1": release.encode()})
    assert article is not None
    assert article.text.startswith(told)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Item 1.01. Entry into a Material Definitive Agreement.", "1.01"),
        ("ITEM 2.05 COSTS ASSOCIATED WITH EXIT", "2.05"),
        ("Item 5.02(e): Departure of Directors", "5.02"),
        ("Item 9.01 - Financial Statements", "9.01"),
        ("Item 8.01", "8.01"),
        ("Item 1.01 of this report is incorporated here.", None),
        ("Item 2.03 above and Item 9.01 below", None),
        ("The information in Item 1.01 is incorporated.", None),
    ],
)
def test_what_opens_an_item(line: str, code: str | None) -> None:
    assert list(split_items(f"FORM 8-K\n{line}\nSome words.")) == ([code] if code else [])


def test_signals_are_typed() -> None:
    assert signals(["1.01", "1.02", "1.03", "2.01", "2.02", "2.05", "9.01"]) == [
        "agreement", "termination", "bankruptcy", "acquisition or disposal completed", "exit costs",
    ]  # fmt: skip


def test_a_notice_and_a_prospectus() -> None:
    assert notice_fields(NOTICE.encode()) == {
        "name": "Harrow Chips, Inc.", "form": "D", "industry": "Other Technology", "fund": "", "pooled": "",
        "merger": "", "debt": "", "equity": "true", "offered": "Indefinite", "sold": "90000000",
        "investors": "7", "first_sale": "2026-06-20",
    }  # fmt: skip
    documents = {"S-1": PROSPECTUS.encode(), "EX-FILING FEES": FEES.encode()}
    assert registration_fields("S-1", "Rigg", documents) == {
        "form": "S-1", "name": "Rigg", "initial": "true", "amount": "250000000",
    }  # fmt: skip
    resale = {"S-1": b"<p>We are listed on Nasdaq. Selling stockholders may sell 2,000,000 shares.</p>"}
    assert registration_fields("S-1", "Rigg", resale)["initial"] == ""


@pytest.mark.parametrize("body", [b"", b"<html><body>Error</body></html>", b"<edgarSubmission/>"])
def test_what_is_no_notice(body: bytes) -> None:
    with pytest.raises(ValueError, match="not a Form D"):
        notice_fields(body)


@pytest.mark.parametrize("day", ["2026-02-31", "soon", "20260220T"])
def test_a_day_that_is_none(day: str) -> None:
    assert notice_fields(NOTICE.replace("2026-06-20", day).encode())["first_sale"] == ""


# Real filings


@real
@pytest.mark.parametrize("path", sorted(REAL.glob("*8*K.html")), ids=lambda path: path.stem)
def test_real_reports(path: Path) -> None:
    text = prose(path.read_bytes())
    items = split_items(text)
    assert items
    assert all(len(told) > 100 for told in items.values())
    assert not any("SIGNATURE" in told or "http://fasb.org" in told for told in items.values())


@real
def test_real_items_are_found_where_they_begin() -> None:
    packed = (REAL / "8k-items.jsonl.gz").read_bytes()
    rows = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
    compared = 0
    for row in rows:
        told = {key.removeprefix("item_"): text for key, text in row["items"].items()}
        whole = "\n".join(["FORM 8-K", *told.values(), "SIGNATURES", "Pursuant to"])
        expected = {code: text.split() for code, text in told.items() if "." in code}
        if expected:  # until 2004 items had other numbers
            compared += len(expected)
            assert {code: text.split() for code, text in split_items(whole).items()} == expected
    assert compared == 267


@real
def test_the_real_rate_limit_page_is_no_filing() -> None:
    with pytest.raises(ValueError, match="Request Rate Threshold Exceeded"):
        prose((REAL / "rate-exceeded.html").read_bytes())


@real
@pytest.mark.parametrize("path", sorted(REAL.glob("D.*.xml")), ids=lambda path: path.stem)
def test_real_notices(path: Path) -> None:
    fields = notice_fields(path.read_bytes())
    assert fields["sold"].isdigit()
    assert fields["form"] in ("D", "D/A")


@real
@pytest.mark.parametrize("path", sorted(REAL.glob("00*")), ids=lambda path: path.name)
def test_real_submissions(path: Path) -> None:
    found = read_submission(path.read_bytes())
    article = article_of(entry(found.form), path.read_bytes(), {})
    assert article is not None
    fields = article.details["fields"]
    assert fields["form"] == found.form
    if found.form == "SC TO-T/A":
        assert [fields[name] for name in ("bidder", "subject", "price", "shares", "status")] == [
            "ICAHN ENTERPRISES HOLDINGS L.P.", "CVR ENERGY INC", "18.25", "17,753,322", "completed",
        ]  # fmt: skip


# Mangled filings


def article_of(first: Entry, body: bytes, documents: dict[str, bytes]) -> Gathered | None:
    """The article of a filing whose documents are at hand; None where a reason was given for there being
    none.
    """
    try:
        filing = open_filing(first, body, "https://www.sec.gov/x-index.htm")
        while filing.missing:
            filing = filing.with_document(documents[filing.missing[0][0]])
        return tell(filing)
    except ValueError:
        return None


FILINGS = {
    "8-K": (index(("8-K", "/a"), ("EX-99.1", "/b")), {"8-K": REPORT, "EX-99.1": RELEASE}),
    "8-K/A": (index(("8-K/A", "/a")), {"8-K/A": FURNISHED}),
    "D": (NOTICE_FILE, {}),
    "SC TO-T": (OFFER_FILE, {}),
    "S-1": (index(("S-1", "/a"), ("EX-FILING FEES", "/b")), {"S-1": PROSPECTUS, "EX-FILING FEES": FEES}),
}


@st.composite
def mangled(draw: st.DrawFn, text: str) -> bytes:
    """The text with a piece cut out, doubled, or turned into something else."""
    data = text.encode()
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
    middle = draw(st.one_of(st.just(b""), st.just(data[start:end] * 2), st.binary(max_size=12)))
    return data[:start] + middle + data[end:]


@st.composite
def filings(draw: st.DrawFn) -> tuple[Entry, bytes, dict[str, bytes]]:
    form = draw(st.sampled_from(sorted(FILINGS)))
    head, documents = FILINGS[form]
    parts = {kind: draw(st.one_of(st.just(text.encode()), mangled(text))) for kind, text in documents.items()}
    return entry(form), draw(st.one_of(st.just(head.encode()), mangled(head))), parts


@settings(max_examples=150, deadline=None)
@given(filings())
def test_a_mangled_filing_is_an_article_or_a_reason(filing: tuple[Entry, bytes, dict[str, bytes]]) -> None:
    article = article_of(*filing)
    assert article is None or (article.title and article.text)


def whole() -> Iterator[tuple[str, Gathered | None]]:
    for form, (head, documents) in FILINGS.items():
        yield (
            form,
            article_of(entry(form, "8.01"), head.encode(), {k: v.encode() for k, v in documents.items()}),
        )


def test_whole_filings_are_articles() -> None:
    assert all(article is not None for _, article in whole())
