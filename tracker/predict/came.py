"""What came of a prediction that is no yes or no: the number, the day or the option."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from tracker.predict import syntax as s
from tracker.predict.answer import Answer, answer, only_one
from tracker.predict.forecast import Form
from tracker.predict.index import Index
from tracker.predict.matching import Ledger
from tracker.predict.measure import measure
from tracker.predict.walk import selections


def answered(
    asked: s.Criterion, options: Mapping[str, s.Criterion], ledger: Ledger
) -> tuple[Answer, str | None]:
    """The answer, and of a choice the option that came true."""
    if not options:
        return answer(asked, ledger), None
    return only_one({name: answer(one, ledger) for name, one in options.items()})


def came(
    form: Form, asked: s.Criterion, options: Mapping[str, s.Criterion], ledger: Ledger
) -> str | float | dt.date | None:
    """The number, day or option that came; None before it is certain, and for a yes or no."""
    result, option = answered(asked, options, ledger)
    if form == "yes/no" or not result.truth:
        return None
    if form == "choice":
        return option
    if form == "date":
        return first_day(asked, ledger)
    value = measure(asked.value, ledger) if isinstance(asked, s.Known) else None
    return None if value is None else value.low


def first_day(asked: s.Criterion, ledger: Ledger) -> dt.date | None:
    """The first day by whose end a criterion held."""
    final = ledger.at(replace(ledger.moment, final=True))
    events = [m.event for x in selections(asked) for m in final.matches(x).near]
    index = Index({e.id: e for e in events}.values())
    days = {x.date for e in events for x in e.states if x.date <= final.moment.deadline}
    for day in sorted(days):
        if answer(asked, Ledger(index, replace(final.moment, deadline=day))).truth:
            return day
    return None
