"""Made-up filings in the shapes in which EDGAR serves real ones, and a site that serves them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.gather_support import Answer, Site

FOLDER = "/Archives/edgar/data/77/"
INDEX = """<html><body><div class="formGrouping"><div class="infoHead">Filing Date</div>
<div class="info">2026-06-29</div><div class="infoHead">Items</div><div class="info">{items}</div></div>
<table class="tableFile" summary="Document Format Files">
<tr><th>Seq</th><th>Description</th><th>Document</th><th>Type</th><th>Size</th></tr>{rows}</table></body></html>"""
ROW = "<tr><td>{n}</td><td>x</td><td><a href='{link}'>{kind}</a></td><td>{kind}</td><td>9</td></tr>"
REPORT = """<?xml version="1.0"?><html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL">
<head><title>8-K</title></head><body>
<div style="display:none"><ix:header><ix:hidden>0000000077 false</ix:hidden></ix:header></div>
<p>UNITED STATES SECURITIES AND EXCHANGE COMMISSION</p><p>Check the appropriate box below</p>
<p>Item 2.01 Completion of Acquisition or Disposition of Assets.</p>
<div>On June 26, 2026, Tarn Systems, Inc. completed its acquisition of Fell Storage, Inc. for $<div
style="display: inline">410</div> million in cash, under the merger agreement signed in March.</div>
<p>Item 5.02 Departure of Directors.</p><p>Ann Beck left the board.</p>
<p>SIGNATURES</p><p>Pursuant to the requirements of the Act, the registrant has signed.</p></body></html>"""
RELEASE = """<html><body><p>Exhibit 99.1</p><p>Tarn Systems completes its purchase of Fell Storage</p>
<p>LEEDS, June 26 - Tarn Systems announced today that it has closed its purchase of Fell Storage, which will
keep its name and its works.</p></body></html>"""
FURNISHED = """<html><body><p>Item 8.01.</p><p>Other Events.</p>
<p>On June 29, 2026, Scar Cloud Ltd. agreed with its lenders to close the site at Hull by the end of the year
and to move what it houses to Leeds, where it has signed for a hall of twice the size.</p>
<p>A copy of the release on this is attached as Exhibit 99.1.</p></body></html>"""
NOTICE = """<?xml version="1.0"?><edgarSubmission><submissionType>D</submissionType>
<primaryIssuer><entityName>Harrow Chips, Inc.</entityName></primaryIssuer>
<offeringData><industryGroup><industryGroupType>Other Technology</industryGroupType></industryGroup>
<typeOfFiling><dateOfFirstSale><value>2026-06-20</value></dateOfFirstSale></typeOfFiling>
<typesOfSecuritiesOffered><isEquityType>true</isEquityType></typesOfSecuritiesOffered>
<offeringSalesAmounts><totalOfferingAmount>Indefinite</totalOfferingAmount>
<totalAmountSold>90000000</totalAmountSold></offeringSalesAmounts>
<investors><totalNumberAlreadyInvested>7</totalNumberAlreadyInvested></investors></offeringData>
</edgarSubmission>"""
NOTICE_FILE = (
    "<SUBMISSION>\n<ACCESSION-NUMBER>0000000079-26-000001\n<TYPE>D\n<FILER>\n<COMPANY-DATA>\n"
    "<CONFORMED-NAME>HARROW CHIPS, INC.\n</COMPANY-DATA>\n</FILER>\n<DOCUMENT>\n<TYPE>D\n<SEQUENCE>1\n"
    f"<FILENAME>primary_doc.xml\n<TEXT>\n<XML>\n{NOTICE}\n</XML>\n</TEXT>\n</DOCUMENT>\n</SUBMISSION>\n"
)
OFFER_FILE = """<SEC-DOCUMENT>0000000080-26-000001.txt : 20260629
<SEC-HEADER>0000000080-26-000001.hdr.sgml : 20260629
ACCESSION NUMBER:		0000000080-26-000001
CONFORMED SUBMISSION TYPE:	SC TO-T

SUBJECT COMPANY:

	COMPANY DATA:
		COMPANY CONFORMED NAME:			CORRIE NETWORKS PLC

	FORMER COMPANY:
		FORMER CONFORMED NAME:	OLD CORRIE LTD

FILED BY:

	COMPANY DATA:
		COMPANY CONFORMED NAME:			BIRK HOLDINGS INC
</SEC-HEADER>
<DOCUMENT>
<TYPE>SC TO-T
<TEXT>
<html><body><p>Ordinary shares, par value $0.01 per share</p>
<p>This Tender Offer Statement on Schedule TO relates to the offer by Birk Holdings, Inc. to purchase all of
the issued and outstanding ordinary shares, par value $0.01 per share, of Corrie Networks plc at a price of
$18.25 per share, net to the seller in cash.</p></body></html>
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>EX-FILING FEES
<TEXT>
<html><body><table><tr><td>Transaction Valuation</td><td>Fee Rate</td><td>Amount of Filing Fee</td></tr>
<tr><td>Fees to Be Paid</td><td>$1,204,500,000.00</td><td>0.0001381</td></tr></table></body></html>
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
"""
PROSPECTUS = """<html><body><p>As filed with the Securities and Exchange Commission on June 29, 2026</p>
<p>Rigg Robotics, Inc.</p><p>This is an initial public offering of shares of common stock. Prior to this
offering, there has been no public market for our common stock.</p></body></html>"""
FEES = """<html><body><table><tr><td>Total Offering Amounts</td><td></td><td>$ 250,000,000.00</td><td></td>
<td>$ 34,525.00</td></tr></table></body></html>"""


@dataclass(frozen=True)
class Listed:
    """One entry of the feed: its title, the filing's number, and the items that the feed names."""

    title: str
    number: str
    items: str = ""

    @property
    def path(self) -> str:
        return f"{FOLDER}{self.number.replace('-', '')}/{self.number}-index.htm"


TARN = Listed(
    "8-K - TARN SYSTEMS INC (0000000077) (Filer)", "0000000077-26-000001", "Item 2.01: x Item 5.02: y"
)
SILENT = Listed("8-K/A - SCAR CLOUD LTD (0000000081) (Filer)", "0000000081-26-000001")
BOARD = Listed("8-K - MERE CLOUD LTD (0000000078) (Filer)", "0000000078-26-000001", "Item 5.02: Departure")
HARROW = Listed("D - Harrow Chips, Inc. (0000000079) (Filer)", "0000000079-26-000001")
CORRIE = Listed("SC TO-T - CORRIE NETWORKS PLC (0000000080) (Subject)", "0000000080-26-000001")
BIRK = Listed("SC TO-T - BIRK HOLDINGS INC (0000000090) (Filed by)", "0000000080-26-000001")
RIGG = Listed("S-1 - Rigg Robotics, Inc. (0000000082) (Filer)", "0000000082-26-000001")
EVERY = (TARN, SILENT, BOARD, HARROW, CORRIE, BIRK, RIGG)


def feed(site: Site, listed: tuple[Listed, ...]) -> Answer:
    body = "".join(
        f"""<entry><title>{one.title}</title>
        <link rel="alternate" type="text/html" href="{site.url(one.path)}"/>
        <summary type="html">&lt;b&gt;Filed:&lt;/b&gt; 2026-06-29 {one.items}</summary>
        <updated>2026-06-29T17:15:38-04:00</updated><id>urn:{one.number}:{one.title[:30]}</id></entry>"""
        for one in listed
    )
    return Answer(
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Latest</title>{body}</feed>',
        "application/atom+xml",
    )


def index(*documents: tuple[str, str], items: str = "") -> str:
    """An index page of (type, address)."""
    rows = (ROW.format(n=n, kind=kind, link=link) for n, (kind, link) in enumerate(documents, 1))
    return INDEX.format(items=items, rows="".join(rows))


def publish(site: Site) -> None:
    """Put the feed at /current, and every filing behind it."""
    site.answers["/current"] = feed(site, EVERY)
    viewer = f"/ix?doc={FOLDER}tarn8k.htm"
    site.answers[TARN.path] = Answer(index(("8-K", viewer), ("EX-99.1", f"{FOLDER}ex991.htm")))
    site.answers[f"{FOLDER}tarn8k.htm"] = Answer(REPORT)
    site.answers[f"{FOLDER}ex991.htm"] = Answer(RELEASE)
    documents = (("8-K/A", f"{FOLDER}scar8k.htm"), ("EX-99.1", f"{FOLDER}gone.htm"))
    site.answers[SILENT.path] = Answer(index(*documents, items="Item 8.01: Other Events<br>Item 9.01: x"))
    site.answers[f"{FOLDER}scar8k.htm"] = Answer(FURNISHED)
    site.answers[HARROW.path.replace("-index.htm", ".txt")] = Answer(NOTICE_FILE, "text/plain")
    site.answers[CORRIE.path.replace("-index.htm", ".txt")] = Answer(OFFER_FILE, "text/plain")
    site.answers[RIGG.path] = Answer(
        index(("S-1", f"{FOLDER}s1.htm"), ("EX-FILING FEES", f"{FOLDER}fees.htm"))
    )
    site.answers[f"{FOLDER}s1.htm"] = Answer(PROSPECTUS)
    site.answers[f"{FOLDER}fees.htm"] = Answer(FEES)
