"""What people write or hand over in files: criteria, TOML, JSON Lines and OPML."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.gathered import JSON, MARKUP, UNSTORABLE, VALUES, refuses
from tests.fuzz.kind import Kind, seeds
from tests.ledger_builder import event, usd
from tests.test_predict_criterion import criteria, fenced, place_of_error
from tests.test_predict_verdicts import AFTER, BEFORE, prediction, watched
from tracker.brief.house import read_house
from tracker.config import resolve
from tracker.errors import ConfigError, CriterionError, InputError
from tracker.predict.judge import judge
from tracker.predict.load import load_predictions
from tracker.predict.parse import parse
from tracker.predict.prediction import Prediction
from tracker.predict.show import show
from tracker.predict.syntax import Known
from tracker.records import STDIN, Record, parse_record, read_documents, read_records
from tracker.serve.jobs import read_jobs
from tracker.sources.opml import read_opml, write_opml
from tracker.sources.own import load_own, save_own

WORDS = (
    b"and", b"or", b"not", b"(", b")", b"((((", b"if", b"then", b"where", b"count(", b"exists(", b"known(",
    b"sum(amount of ", b"share(", b"first(", b"between", b"before", b">=", b"=", b"$10bn", b"\xe2\x82\xac5",
    b"50%", b"0.5 * ", b"2026-06-30", b"9999-12-31", b'"', b'""', b"announced by", b"category in (",
    b"acquisition", b"ipo", b",", b"1e9", b'unrecorded("x")', b"\\", b"not (", b" and (",
)  # fmt: skip
TOML = (
    b"1", b"-1", b"0", b"1e400", b"nan", b"inf", b"true", b'""', b"'x'", b"[]", b"{}", b"[[]]", b"[{}]",
    b"{ a = 1 }", b"2026-02-28", b"10:00:00", b"2026-02-28T10:00:00Z", b"9999-12-31", b'"\\ud800"',
    b'"\\u0000"', b'"\\U0010FFFF"', b'"""', b"[", b"[[source]]\n", b"[jobs]\n", b"[defaults]\n",
    b"defaults = 3\n", b"[3]", b"\n[[prediction]]\n", b"a.b.c = 1\n", b'["a", 1]', b'"* * * * *"', b'"%d %"',
    b'"(a+)+$"', b'"["', b"1_000", b"0x7f" * 30,
)  # fmt: skip


@contextmanager
def as_file(body: bytes, name: str) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(body)
        yield path


def criterion(body: bytes) -> None:
    """Any text is read, or refused with a place inside it; what is printed reads as the same, and what reads
    can be judged, before and after.
    """
    text = body.decode("utf-8", "replace")
    column = place_of_error(text)
    if column is not None:
        assert 1 <= column <= len(text) + 1
        return
    with refuses(CriterionError):
        found = parse(text)
        assert parse(show(found)) == found
    asked = prediction(text, form="numeric" if isinstance(found, Known) else "yes/no")
    for now in (BEFORE, AFTER):
        assert judge(asked, EVENTS, COVERAGE, now).model_dump_json()


def toml(body: bytes) -> None:
    """As every file of the kind that people write: what is none of that file is refused in our own words."""
    with as_file(body, "a.toml") as path:
        with suppress(ConfigError):
            own = load_own(path)
            save_own(path.with_name("b.toml"), own)
            assert load_own(path.with_name("b.toml")) == own, "written and read again"
        with suppress(ConfigError):
            assert all(job.command for job in read_jobs(str(path)))
        with suppress(ConfigError):
            assert read_house(path).sections
        with suppress(ConfigError):
            assert resolve({"TRACKER_CONFIG": str(path)})
        with suppress(InputError):
            for prediction in load_predictions(path):
                assert Prediction.model_validate_json(prediction.model_dump_json()) == prediction


def records(body: bytes) -> None:
    """Each line an article or an error in its place; what is an article is one again when written."""
    with suppress(InputError), as_file(body, "a.jsonl.gz") as path:
        assert all(map(str, read_records(str(path), io.BytesIO())))
    found = list(read_records(STDIN, io.BytesIO(body)))
    assert len(found) <= body.count(b"\n") + 1
    for record in found:
        if isinstance(record, Record):
            assert not any(map(UNSTORABLE.search, (record.id, record.url, record.title, record.text)))
            told = {**record.__dict__, "published": record.published.isoformat()}
            assert parse_record(json.dumps(told).encode()) == record
        else:
            assert str(record)
    assert len(list(read_documents(STDIN, io.BytesIO(body)))) == len(found)


def opml(body: bytes) -> None:
    with suppress(InputError), as_file(body, "a.opml") as path:
        found, bad = read_opml(path, [])
        assert all(map(str, bad))
        path.write_text(write_opml(found), "utf-8")
        again, none = read_opml(path, [])
        assert [(s.name, s.url) for s in again] == [(s.name, s.url) for s in found]
        assert not none


EVENTS = [
    event(), event(amount_usd=usd(None)), event("ipo", states={"rumoured": "2026-04-01"}),
    event("financing", amount_usd=usd(1e9, 3e9)), event("valuation", valuation_usd=usd(2e11, None)),
]  # fmt: skip
COVERAGE = watched()
GROWN = criteria.map(lambda criterion: show(criterion).encode())
DOCUMENTED = tuple(line.encode() for block in fenced("criterion") for line in block.splitlines())
CRITERIA = Kind("criterion", DOCUMENTED, criterion, rb"([\w$.\xe2\x82\xac-]+)", WORDS, GROWN)
TOMLS = Kind("toml", seeds("toml"), toml, rb"= *([^\n]+)", TOML)
RECORDS = Kind("records", seeds("records"), records, VALUES, JSON)
OPMLS = Kind("opml", seeds("opml"), opml, VALUES, MARKUP)
