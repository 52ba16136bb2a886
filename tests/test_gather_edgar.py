"""EDGAR: feed entries, filing indexes, 8-K prose and Form D notices; a crawl of made-up filings over
loopback.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders.edgar import documents, filing_details, filing_text, form_d, may_hold_deal
from tests.gather_support import SHARED, Answer, Site, articles, run, serve_site, source, store

REAL = SHARED / "edgar"
real = pytest.mark.skipif(not REAL.exists(), reason="the real filings are not at hand")

FILING = "/Archives/edgar/data/77/000000007726000001"
INDEX = """<html><body><table class="tableFile" summary="Document Format Files">
<tr><th>Seq</th><th>Description</th><th>Document</th><th>Type</th><th>Size</th></tr>
<tr><td>1</td><td>REPORT</td><td><a href="/ix?doc={folder}/tarn8k.htm">tarn8k.htm</a></td><td>8-K</td></tr>
<tr><td>2</td><td>RELEASE</td><td><a href="{folder}/ex991.htm">ex991.htm</a></td><td>EX-99.1</td></tr>
</table></body></html>"""
REPORT = """<?xml version="1.0"?><html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL">
<head><title>8-K</title></head><body>
<div style="display:none"><ix:header><ix:hidden>0000000077 false</ix:hidden></ix:header></div>
<p>UNITED STATES SECURITIES AND EXCHANGE COMMISSION</p><p>Check the appropriate box below</p>
<p>Item 2.01 Completion of Acquisition or Disposition of Assets.</p>
<div>On June 26, 2026, Tarn Systems, Inc. completed its acquisition of Fell Storage, Inc. for $<div
style="display: inline">410</div> million in cash, under the merger agreement signed in March.</div>
<p>SIGNATURES</p><p>Pursuant to the requirements of the Act, the registrant has signed.</p></body></html>"""
NOTICE = """<?xml version="1.0"?><edgarSubmission><submissionType>D</submissionType>
<primaryIssuer><entityName>Harrow Chips, Inc.</entityName></primaryIssuer>
<offeringData><industryGroup><industryGroupType>Other Technology</industryGroupType></industryGroup>
<typeOfFiling><dateOfFirstSale><value>2026-06-20</value></dateOfFirstSale></typeOfFiling>
<offeringSalesAmounts><totalOfferingAmount>Indefinite</totalOfferingAmount>
<totalAmountSold>90000000</totalAmountSold></offeringSalesAmounts>
<investors><totalNumberAlreadyInvested>7</totalNumberAlreadyInvested></investors></offeringData>
</edgarSubmission>"""


def feed(site: Site, entries: list[tuple[str, str, str]]) -> Answer:
    body = "".join(
        f"""<entry><title>{title}</title><link rel="alternate" type="text/html" href="{site.url(path)}"/>
        <summary type="html">&lt;b&gt;Filed:&lt;/b&gt; 2026-06-29 {items}</summary>
        <updated>2026-06-29T17:15:38-04:00</updated><id>urn:{path}</id></entry>"""
        for title, path, items in entries
    )
    return Answer(
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Latest</title>{body}</feed>',
        "application/atom+xml",
    )


def test_filing_details() -> None:
    summary = "Filed: 2026-06-29\nItem 2.01: Completion\nItem 9.01: Exhibits\nItem 2.01: again"
    assert filing_details("8-K - TARN SYSTEMS INC (0000000077) (Filer)", summary) == {
        "form": "8-K", "name": "TARN SYSTEMS INC", "cik": "0000000077", "items": ["2.01", "9.01"],
    }  # fmt: skip
    assert filing_details("Something else", summary) == {}


@pytest.mark.parametrize(
    ("form", "items", "followed"),
    [
        ("8-K", ["2.01"], True),
        ("8-K/A", ["1.03"], True),
        ("8-K", ["2.02", "9.01"], False),
        ("D", [], True),
        ("4", [], False),
    ],
)
def test_which_filings_are_followed(form: str, items: list[str], followed: bool) -> None:
    assert may_hold_deal({"form": form, "items": items}) is followed


def test_documents_of_an_index() -> None:
    listed = documents(INDEX.format(folder=FILING).encode(), "https://www.sec.gov/x-index.htm")
    assert listed == {
        "8-K": f"https://www.sec.gov{FILING}/tarn8k.htm",
        "EX-99.1": f"https://www.sec.gov{FILING}/ex991.htm",
    }


def test_the_prose_of_a_report() -> None:
    assert filing_text(REPORT.encode()).splitlines() == [
        "Item 2.01 Completion of Acquisition or Disposition of Assets.",
        "On June 26, 2026, Tarn Systems, Inc. completed its acquisition of Fell Storage, Inc. for $410 "
        "million in cash, under the merger agreement signed in March.",
    ]


def test_a_notice_becomes_two_sentences() -> None:
    title, text, fields = form_d(NOTICE.encode())
    assert title == "Harrow Chips, Inc. reports $90,000,000 sold in a private offering (Form D)"
    assert text.splitlines() == [
        "Harrow Chips, Inc. has sold $90,000,000 of an offering without a limit in a private offering of "
        "securities, first sold on 2026-06-20, according to a Form D notice filed with the SEC.",
        "The notice names Other Technology as the industry group and counts 7 investors so far.",
    ]
    assert fields["sold"] == "90000000"


@pytest.mark.parametrize("body", [b"", b"<html><body>Error</body></html>", b"<edgarSubmission/>"])
def test_what_is_no_notice(body: bytes) -> None:
    with pytest.raises(ValueError, match="not a Form D"):
        form_d(body)


@real
@pytest.mark.parametrize("path", sorted(REAL.glob("*8*K*.html")), ids=lambda path: path.stem)
def test_real_reports(path: Path) -> None:
    text = filing_text(path.read_bytes())
    assert len(text) > 500
    assert "SIGNATURE" not in text
    assert "http://fasb.org" not in text


@real
def test_the_rate_limit_page_is_no_filing() -> None:
    assert filing_text((REAL / "rate-exceeded.html").read_bytes()) == ""


@real
@pytest.mark.parametrize("path", sorted(REAL.glob("D.*.xml")), ids=lambda path: path.stem)
def test_real_notices(path: Path) -> None:
    title, text, fields = form_d(path.read_bytes())
    assert fields["name"] in title
    assert f"${int(fields['sold']):,}" in text


def test_a_crawl_of_filings(tmp_path: Path) -> None:
    engine = store(tmp_path)
    with serve_site({}) as site:
        site.answers["/current"] = feed(
            site,
            [
                (
                    "8-K - TARN SYSTEMS INC (0000000077) (Filer)",
                    "/tarn-index.htm",
                    "Item 2.01: x Item 9.01: y",
                ),
                ("8-K - MERE CLOUD LTD (0000000078) (Filer)", "/mere-index.htm", "Item 5.02: Departure"),
                ("D - Harrow Chips, Inc. (0000000079) (Filer)", "/harrow-index.htm", ""),
            ],
        )
        site.answers["/tarn-index.htm"] = Answer(INDEX.format(folder=FILING))
        site.answers[f"{FILING}/tarn8k.htm"] = Answer(REPORT)
        rendered = INDEX.format(folder=FILING).replace("/ix?doc=", "/xslFormDX01").replace("8-K", "D")
        plain = '<tr><td>1</td><td></td><td><a href="/harrow.xml">x</a></td><td>D</td></tr></table>'
        site.answers["/harrow-index.htm"] = Answer(rendered.replace("</table>", plain))
        site.answers["/harrow.xml"] = Answer(NOTICE, "application/xml")
        (result,) = run(engine, source(site, "/current", kind="edgar"), contact="desk@ledger.example")
        agents = {headers["User-Agent"] for _, headers in site.asked}
    assert (result.ok, result.items, result.new, result.failed) == (True, 3, 2, 0)
    assert agents == {"market-signal-tracker/0.1.0 desk@ledger.example"}
    found = {article.title: article for article in articles(engine)}
    assert set(found) == {
        "TARN SYSTEMS INC: 8-K, item 2.01, 9.01",
        "Harrow Chips, Inc. reports $90,000,000 sold in a private offering (Form D)",
    }
    assert all(article.filing for article in found.values())
    assert (
        found["TARN SYSTEMS INC: 8-K, item 2.01, 9.01"].published.isoformat() == "2026-06-29T21:15:38+00:00"
    )


def test_without_a_contact_edgar_is_not_asked(tmp_path: Path) -> None:
    with serve_site({}) as site:
        (result,) = run(store(tmp_path), source(site, "/current", kind="edgar"))
    assert (result.ok, result.reason) == (False, "SEC EDGAR wants an e-mail address: set TRACKER_CONTACT")
    assert site.asked == []
