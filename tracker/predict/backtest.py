"""How often a criterion would have come true in past windows of the same length, by the ledger's own history.

The windows lie end to end before the first day of the question and reach back as far as the ledger does, at
most `MOST` of them. Every day of the criterion moves with them. What was watched then is not asked, so a
young or patchy ledger makes things look rarer than they are.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from tracker.models.ledger import Event
from tracker.predict import words
from tracker.predict.answer import answer, conditional
from tracker.predict.came import answered, came
from tracker.predict.forecast import NONE, Stated
from tracker.predict.index import Index
from tracker.predict.matching import Ledger
from tracker.predict.moment import Moment
from tracker.predict.parse import parse
from tracker.predict.prediction import Prediction
from tracker.predict.shift import shifted
from tracker.predict.verdict import day_end
from tracker.predict.walk import selections

MOST = 12
FEWEST = 4
"""Windows that a baseline of anything but a yes or no needs."""
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class Window:
    """A past window (days included): whether the criterion held in it (None = undecided or void), the
    events that matched, and of what is no yes or no what came: the number, the option, or on which day
    of the window (from 0 on; its length where not in it).
    """

    start: dt.date
    end: dt.date
    held: bool | None
    events: tuple[Event, ...]
    came: float | str | None = None


@dataclass(frozen=True)
class BackTest:
    windows: tuple[Window, ...]

    @property
    def decided(self) -> int:
        return sum(w.held is not None for w in self.windows)

    @property
    def hits(self) -> int:
        return sum(w.held is True for w in self.windows)

    @property
    def base_rate(self) -> float | None:
        """The share of windows in which it held, with the half a window each way that Jeffreys' prior adds
        (0 to 1, both excluded); None without a decided window.
        """
        return (self.hits + 0.5) / (self.decided + 1) if self.decided else None

    @property
    def events(self) -> list[Event]:
        """The events that matched, each once, newest window first."""
        return list({e.id: e for w in self.windows for e in w.events}.values())

    @property
    def alone(self) -> Counter[str]:
        """By source: the matching events that no other source tells."""
        tellers = [{s.source_id for s in e.sources} for e in self.events]
        return Counter(next(iter(t)) for t in tellers if len(t) == 1)


def backtest(prediction: Prediction, index: Index, now: dt.datetime) -> BackTest:
    """The past windows of a prediction that the ledger reaches back to, newest first."""
    start, end = prediction.window()
    length = (end - start).days + 1
    oldest = index.oldest
    found = []
    for number in range(1, MOST + 1):
        back = dt.timedelta(days=-length * number)
        if oldest is None or start + back < oldest or now < day_end(end + back):
            break
        found.append(_window(prediction, index, back, now))
    return BackTest(tuple(found))


def _window(prediction: Prediction, index: Index, back: dt.timedelta, now: dt.datetime) -> Window:
    start, end = prediction.window()
    moment = Moment(now, prediction.deadline + back, prediction.made + back)
    asked = shifted(prediction.asked, back)
    ledger = Ledger(index, moment)
    options = {name: shifted(parse(text), back) for name, text in prediction.options.items()}
    result = answered(asked, options, ledger)[0]
    if prediction.condition:
        result = conditional(answer(shifted(parse(prediction.condition), back), ledger), result)
    matched = {m.event.id: m.event for x in selections(asked) for m in ledger.matches(x).holding}
    what: float | str | None = None
    if result.truth is not None:
        found = came(prediction.form, asked, options, ledger)
        what = _past(prediction, found, start + back)
    return Window(start + back, end + back, result.truth, tuple(matched.values()), what)


def _past(prediction: Prediction, found: str | float | dt.date | None, start: dt.date) -> float | str | None:
    match prediction.form:
        case "choice":
            return NONE if found is None else str(found)
        case "date":
            first, last = prediction.window()
            length = (last - first).days + 1
            return length if not isinstance(found, dt.date) else min(length, max(0, (found - start).days))
    return found if isinstance(found, float | int) else None


def baseline(prediction: Prediction, tested: BackTest) -> Stated | None:
    """What the ledger's own past forecasts of a prediction; None where it tells too little.

    A yes or no: the base rate. A choice: how often each option came, with half a window more for each.
    A number or a day: the quantiles of what came, at the plotting positions of Hazen (1914).
    """
    if prediction.form == "yes/no":
        return None if tested.base_rate is None else {"yes": tested.base_rate}
    told = [w.came for w in tested.windows if w.came is not None]
    if len(told) < FEWEST:
        return None
    if prediction.form == "choice":
        names = [*prediction.options, NONE]
        return {n: (told.count(n) + 0.5) / (len(told) + 0.5 * len(names)) for n in names}
    values = sorted(float(x) for x in told)
    found = {f"{level:g}": _quantile(values, level) for level in LEVELS}
    if prediction.form == "numeric":
        return dict(found)
    start = prediction.window()[0]
    return {level: str(start + dt.timedelta(days=round(days))) for level, days in found.items()}


def _quantile(values: list[float], level: float) -> float:
    position = min(max(level * len(values) - 0.5, 0.0), len(values) - 1.0)
    low = int(position)
    high = min(low + 1, len(values) - 1)
    return values[low] + (position - low) * (values[high] - values[low])


def told(tested: BackTest) -> str:
    """What the back-test says, in a sentence or two."""
    if not tested.decided:
        return "The ledger does not reach back far enough to say how often it came true before."
    first, last = tested.windows[-1].start, tested.windows[0].end
    share = f"{words.number(tested.hits)} of {words.number(tested.decided)}"
    head = (
        f"It would have come true in {share} earlier windows of {words.days(_length(tested))} "
        f"({words.span(first, last)}); base rate {tested.base_rate:.0%}."
    )
    return " ".join([head, *_rests(tested)])


def _length(tested: BackTest) -> int:
    newest = tested.windows[0]
    return (newest.end - newest.start).days + 1


def _rests(tested: BackTest) -> list[str]:
    """On how many events it rests, and how many of them one source alone tells."""
    number = len(tested.events)
    if not number:
        return ["No event matched."]
    head = f"{words.number(number).capitalize()} event{'s' if number > 1 else ''} matched"
    lone = tested.alone
    if not lone:
        return [f"{head}, each told by several sources."]
    source, most = lone.most_common(1)[0]
    return [f"{head}, {words.number(lone.total())} told by one source only, most by {source} ({most})."]
