"""The criterion language: it reads, prints back equal, and says where and why it cannot read."""

from __future__ import annotations

import datetime as dt
import doctest
import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tracker.predict
from tracker.errors import CriterionError
from tracker.predict import syntax as s
from tracker.predict.load import load_predictions
from tracker.predict.parse import VALUES, caret, parse
from tracker.predict.show import show

EXAMPLE = (
    "count(acquisition where announced after 2026-03-26 and announced by 2026-06-30 "
    "and category is infrastructure and amount >= $10bn "
    "and acquirer kind in (cloud provider, enterprise software) "
    "and (origins >= 2 or filings >= 1)) >= 3"
)


def test_the_example_reads_as_meant() -> None:
    parsed = parse(EXAMPLE)
    assert isinstance(parsed, s.Comparison)
    assert isinstance(parsed.left, s.Count)
    assert parsed.left.selection.conjuncts == (
        s.StateDate("announced", "after", dt.date(2026, 3, 26)),
        s.StateDate("announced", "by", dt.date(2026, 6, 30)),
        s.FieldIn("category", ("infrastructure",)),
        s.ValueCompare("amount", ">=", s.MoneyLiteral(10e9)),
        s.PartyKind("acquirer", ("cloud provider", "enterprise software")),
        s.Either((s.Counter("origins", ">=", 2.0), s.Counter("filings", ">=", 1.0))),
    )
    assert (parsed.op, parsed.right) == (">=", s.Number(3.0))
    assert show(parsed) == EXAMPLE


@pytest.mark.parametrize(
    ("loose", "canonical"),
    [
        ("EXISTS( acquisitions  WHERE amount ≥ US$10 billion )", "exists(acquisition where amount >= $10bn)"),
        ("exists(event where company is not SAP)", "exists(event where not company is SAP)"),
        ("exists(ipo where place not in (EU, UK))", "exists(ipo where not place in (EU, UK))"),
        ("exists(ipo where region is EU)", "exists(ipo where place is EU)"),
        ('exists(ipo where company is "Bank of America")', 'exists(ipo where company is "Bank of America")'),
        ("sum(amount of commitment) >= €500m", "sum(amount of commitment) >= €500m"),
        ("share(ipo where place is EU of ipo) > 50 %", "share(ipo where place is EU of ipo) > 50%"),
    ],
)  # fmt: skip
def test_spelling_is_free_and_printing_canonical(loose: str, canonical: str) -> None:
    assert show(parse(loose)) == canonical


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("count(acquisition where amout >= $10bn) >= 3", 25, "a field"),
        ("exists(financing where amount >= 10bn)", 34, "an amount such as $10bn"),
        ("exists(acquisition where category is infra)", 38, "infrastructure, model, application, other"),
        ("count(acquisition) >= $3", 23, "cannot compare a number with an amount of money"),
        ("count(acquisition", 18, "ends too early"),
        ("", 1, "ends too early"),
        ("exists(ipo where announced by 2026-02-30)", 31, "no day of the calendar"),
        ("exists(ipo where announced between 2026-03-02 and 2026-03-01)", 36, "ends (2026-03-01) before"),
        ("exists(merger)", 8, "an event type"),
        ("exists(ipo where announced by 0001-01-01)", 31, "outside 1900 to 2200"),
    ],
)
def test_errors_name_the_place_and_what_was_expected(text: str, column: int, words: str) -> None:
    with pytest.raises(CriterionError) as caught:
        parse(text)
    assert caught.value.column == column
    assert words in str(caught.value)
    first, mark = caret(caught.value).split("\n")
    assert mark.index("^") == column - 1
    assert first == text[:100]


@pytest.mark.parametrize("text", ["{}exists(ipo){}", "exists(ipo where {}place is EU{})"])
def test_nesting_has_a_bound(text: str) -> None:
    deep, bottomless = (text.format("not (" * n, ")" * n) for n in (90, 5000))
    assert show(parse(deep))
    with pytest.raises(CriterionError, match="nested beyond all bounds at column 5"):
        parse(bottomless)


@pytest.mark.parametrize(
    "text",
    ["count(ipo) > {}", "count(ipo) > {} * count(event)", "exists(ipo where amount > ${}tn)",
     "share(ipo of event) > {}%", "exists(ipo where origins >= {})"],
)  # fmt: skip
def test_a_number_has_a_bound(text: str) -> None:
    assert parse(show(parse(text.format("9" * 20)))) == parse(text.format("9" * 20))
    with pytest.raises(CriterionError, match=r"a number beyond all bounds at column \d\d"):
        parse(text.format("9" * 400))


def test_the_caret_of_a_long_line_stays_in_view() -> None:
    text = EXAMPLE.replace("filings", "fillings")
    with pytest.raises(CriterionError) as caught:
        parse(text)
    shown, mark = caret(caught.value).split("\n")
    assert shown[mark.index("^") :].startswith("fillings")


# ----- parse(show(x)) == x

numbers = st.decimals(min_value=0, max_value=10**14, places=4, allow_nan=False).map(float)
days = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))
texts = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)
names = st.one_of(st.sampled_from(["OpenAI", "Mistral AI", "Bank of America", "not", "AT&T", "a, b"]), texts)
ops: Any = st.sampled_from([">=", "<=", ">", "<", "="])
fields: Any = st.sampled_from(["amount", "valuation"])
amounts = st.builds(s.MoneyLiteral, numbers, st.sampled_from(["USD", "EUR", "GBP", "SEK"]))
roles = st.sampled_from(["acquirer", "target", "company", "party", "subject"])


def several(values: Any) -> Any:
    return st.lists(values, min_size=1, max_size=3).map(tuple)


def of_list(field: str) -> Any:
    return st.builds(s.FieldIn, st.just(field), several(st.sampled_from(VALUES[field])))


states = st.sampled_from(["announced", "happened"])
simple_clauses = st.one_of(
    st.builds(s.StateDate, states, st.sampled_from(["after", "by", "on"]), days),
    st.tuples(days, days).map(lambda d: s.StateDate("completed", "between", min(d), max(d))),
    st.builds(s.Reached, st.sampled_from(["completed", "rumoured"])),
    st.sampled_from(sorted(VALUES)).flatmap(of_list),
    st.builds(s.PartyIn, roles, several(names)),
    st.builds(s.PartyKind, roles, several(names)),
    st.builds(s.PlaceIn, several(names)),
    st.builds(s.ValueCompare, fields, ops, amounts),
    st.builds(s.ValueBetween, fields, amounts, amounts),
    st.builds(s.Disclosed, fields),
    st.builds(s.Counter, st.sampled_from(["origins", "filings"]), ops, numbers),
    st.builds(s.TextHas, texts),
)  # fmt: skip


def joined(parts: Any, one: Any, two: Any) -> Any:
    pair = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(pair.map(one), pair.map(two))


clauses = st.recursive(
    simple_clauses, lambda c: st.one_of(st.builds(s.Without, c), joined(c, s.Every, s.Either)), max_leaves=5
)
types = st.lists(st.sampled_from(["acquisition", "financing", "valuation", "ipo"]), max_size=2).map(tuple)
selections = st.builds(s.Selection, types, st.none() | clauses)
counts = st.builds(s.Count, selections)
functions: Any = st.sampled_from(["sum", "max", "min", "median", "last"])
values = st.builds(s.ValueOf, functions, fields, selections)
percents = st.builds(s.Percent, numbers.map(lambda n: n - 50))
changes = st.builds(s.Change, values, values | amounts)
shares = st.builds(s.Share, selections, selections)


def scaled(aggregate: Any) -> Any:
    return aggregate | st.builds(s.Scaled, numbers, aggregate)


pairs = st.one_of(
    st.tuples(scaled(counts), st.builds(s.Number, numbers) | scaled(counts)),
    st.tuples(scaled(values), amounts | scaled(values)),
    st.tuples(shares | changes, percents),
)
questions = st.one_of(
    st.builds(s.Exists, selections),
    st.builds(s.FirstBefore, selections, selections),
    st.builds(s.Unrecorded, texts),
    st.builds(lambda p, op: s.Comparison(p[0], op, p[1]), pairs, ops),
    st.builds(lambda p, other: s.Between(p[0], p[1], p[1]), pairs, ops),
)
criteria = st.recursive(
    questions, lambda c: st.one_of(st.builds(s.Negated, c), joined(c, s.AllOf, s.AnyOf)), max_leaves=4
)


@settings(max_examples=150, deadline=None)
@given(criteria | st.builds(s.IfThen, criteria, criteria))
def test_what_is_printed_reads_back_equal(criterion: s.Criterion) -> None:
    assert parse(show(criterion)) == criterion


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40) | st.lists(st.sampled_from(EXAMPLE.split()), max_size=12).map(" ".join))
def test_any_text_reads_or_fails_with_a_place_inside_it(text: str) -> None:
    place = place_of_error(text)
    assert place is None or 1 <= place <= len(text) + 1


def place_of_error(text: str) -> int | None:
    try:
        parse(text)
    except CriterionError as error:
        return error.column
    return None


MODULES = [m.name for m in pkgutil.iter_modules(tracker.predict.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"tracker.predict.{name}")).failed == 0


# ----- the documentation

DOC = Path(__file__).parents[1] / "docs" / "criterion.md"


def fenced(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", DOC.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("line", [line for block in fenced("criterion") for line in block.splitlines()])
def test_the_documented_criteria_read(line: str) -> None:
    assert parse(show(parse(line))) == parse(line)


def test_the_documented_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(fenced("toml")[0], encoding="utf-8")
    assert [p.id for p in load_predictions(path)] == ["three-deals"]
