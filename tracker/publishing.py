"""The site from the store: the issues that changed, and the pages of predictions, events and companies."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

import tracker
from tracker import briefing, companies, pipeline
from tracker.beside import cores, shared_out
from tracker.brief.house import FORMS, SHIPPED, House
from tracker.brief.inputs import Judged
from tracker.brief.model import Issue
from tracker.brief.money import coined
from tracker.brief.render import render
from tracker.brief.week import Week
from tracker.briefing import compose, moment_of
from tracker.config import shipped
from tracker.errors import SiteError
from tracker.judging import known_events, logged, verdicts
from tracker.memory import unswept
from tracker.models.ledger import Event
from tracker.scoring import judged_versions
from tracker.site.archive import Archive, IssueNote, Page, Taking, digest
from tracker.site.files import Folder
from tracker.site.grounds import grounds
from tracker.site.issues import with_way_back
from tracker.site.manifest import Kept, Manifest
from tracker.site.pages import pages
from tracker.site.predictions import Drawn, Subject, Weekly
from tracker.site.render import Templates
from tracker.spoken import speaking
from tracker.store import grounds as store
from tracker.store.rulings import drawn_verdicts


@dataclass(frozen=True)
class Order:
    """Where the site is written, the address it will have if that is known, and as known when.

    since: the first day of the first issue. Of the house style, the forms stay those of a site.
    """

    out: Path
    url: str = ""
    as_of: dt.datetime | None = None
    since: dt.date | None = None
    house: House = SHIPPED


@dataclass(frozen=True)
class Published:
    """What a build made: files in all, written and removed; issues in all, new or changed."""

    files: int
    written: int
    removed: int
    issues: int
    changed: int


def publish(engine: sa.Engine, order: Order, now: dt.datetime) -> Published:
    """Bring the site in a folder up to date with the store. Raises SiteError.

    It stands at the end of the newest ended week that holds an article, never at `now`: a second build
    changes nothing.
    """
    with speaking(order.house.locale), unswept():
        return _publish(engine, order, now)


def _publish(engine: sa.Engine, order: Order, now: dt.datetime) -> Published:
    folder, program = Folder(order.out), digest(_program(ISSUE_PARTS), _style(order.house))
    grounds_of = {w: digest(program, told) for w, told in _weeks(engine, order, now).items()}
    at = moment_of(max(grounds_of), order.as_of)
    issues, events = _issues(engine, order, folder, grounds_of)
    manifest = Manifest({}, {str(week): kept for week, kept in issues.items()})
    for week, kept in issues.items():
        manifest.pages.update(dict.fromkeys(_paths(week), kept.inputs))
    archive = _archive(engine, order, at, events, [k.note for k in issues.values()])
    manifest.pages.update(_put(folder, archive, engine))
    folder.close(manifest)
    changed = len({path.split(".")[0] for path in folder.written if path.startswith("issues/")})
    return Published(len(manifest.pages), len(folder.written), len(folder.removed), len(issues), changed)


ENOUGH = 400
"""Pages from which it is worth a process to make some of them."""


def _put(folder: Folder, archive: Archive, engine: sa.Engine) -> dict[str, str]:
    """Make the pages whose inputs have changed; every page's path with its inputs."""
    program = digest(_program(PAGE_PARTS), _style(archive.house))
    inputs, stale = {}, []
    for page in pages(archive, Templates(archive.house)):
        inputs[page.path] = digest(program, page.inputs)
        if not folder.is_current(page.path, inputs[page.path]):
            stale.append(page)
    number = cores() if len(stale) > ENOUGH else 1
    works = [partial(_make, folder, stale[n::number]) for n in range(number)]
    if number > 1:
        folder.begin()
    folder.written.update(*shared_out(works, partial(engine.dispose, close=False)))
    return inputs


def _make(folder: Folder, stale: Sequence[Page]) -> set[str]:
    """The paths that were written."""
    for page in stale:
        folder.put(page.path, page.make())
    return folder.written


# ----- issues


def _weeks(engine: sa.Engine, order: Order, now: dt.datetime) -> dict[Week, str]:
    """The weeks that get an issue, in order, each with a digest of what it rests on."""
    moment = min(order.as_of, now) if order.as_of else now
    with Session(engine) as session:
        published = store.publications(session, order.as_of)
        shift = order.house.shift
        found = sorted({Week.of(at, shift) for at, _ in published})
        if not found:
            raise SiteError("the store holds no article", hint="run tracker demo, tracker crawl or ingest")
        ended = [w for w in found if w.end <= moment] or found[-1:]
        first = Week.of(order.since, shift) if order.since else ended[0]
        weeks = [w for w in ended if w >= first]
        if not weeks:
            raise SiteError(
                f"no week with an article has ended since {order.since}", hint="give an earlier day"
            )
        world = f"{store.world(session)} {order.as_of}"
        dated = [*published, *store.counted_mentions(session), *store.statements(session)]
        return grounds(weeks, world, dated, store.crawls(session))


Composed = tuple[IssueNote, list[tuple[str, str]]]
"""What the other pages say of an issue, and its files by path."""

FEW = 3
"""So many ledgers of past weeks are derived one by one; more, in one go."""


def _issues(
    engine: sa.Engine, order: Order, folder: Folder, inputs: Mapping[Week, str]
) -> tuple[dict[Week, Kept], list[Event]]:
    """Every issue, and the ledger of the newest one's moment.

    One is composed anew where what it rests on has changed or a file of it is missing.
    """
    kept = {w: found for w in inputs if (found := folder.manifest.issues.get(str(w))) is not None}
    current = {w for w in kept if all(folder.is_current(path, inputs[w]) for path in _paths(w))}
    wanted = [w for w in inputs if w not in current or w == max(inputs)]
    works = [partial(_composed, engine, order, part, current) for part in _parts(wanted)]
    done = shared_out(works, partial(engine.dispose, close=False))
    for week, (note, files) in (pair for made, _ in done for pair in made.items()):
        kept[week] = Kept(inputs[week], note)
        for path, text in files:
            folder.put(path, text)
    return {w: kept[w] for w in inputs}, done[-1][1]


BEFORE = 0.7
"""What a week costs that lies before the first one asked for, beside a week that is: its ledger is derived in
one go with the others, and there is no issue of it."""


def _parts(weeks: Sequence[Week]) -> list[Sequence[Week]]:
    """The weeks, in order, shared out so that each process has as much to do as the others."""
    number = cores() if len(weeks) > 4 * FEW else 1
    ends = [0]
    for rest in range(number, 0, -1):
        left = len(weeks) - ends[-1]
        # A later part pays for the weeks before it, so that it gets fewer of its own.
        share = left if rest == 1 else round(left / sum((1 - BEFORE) ** n for n in range(rest)))
        ends.append(ends[-1] + share)
    return [weeks[a:b] for a, b in itertools.pairwise(ends) if b > a]


def _composed(
    engine: sa.Engine, order: Order, weeks: Sequence[Week], current: Collection[Week]
) -> tuple[dict[Week, Composed], list[Event]]:
    """The issues of those weeks that are not current, and the ledger of the last one's moment."""
    made, events = {}, list[Event]()
    for week, events in _ledgers(engine, order, weeks):
        if week not in current:
            made[week] = _compose(engine, order, week, events)
    return made, events


def _ledgers(engine: sa.Engine, order: Order, weeks: Sequence[Week]) -> Iterator[tuple[Week, list[Event]]]:
    """The ledger of each week's moment; `weeks` are in order."""
    if order.as_of is None and len(weeks) > FEW:
        yield from zip(weeks, pipeline.ledgers(engine, [w.end for w in weeks]), strict=True)
        return
    for week in weeks:
        yield week, known_events(engine, moment_of(week, order.as_of), order.as_of)


def _compose(engine: sa.Engine, order: Order, week: Week, events: Sequence[Event]) -> Composed:
    house = replace(order.house, forms=FORMS)
    issue, judged = compose(engine, week, briefing.Order(str(week), order.as_of, house), events)
    files = []
    for form, told in render(issue, house).items():
        text = with_way_back(str(told)) if form == "html" else str(told)
        files.append((f"issues/{week}.{form}", text))
    return _note(issue, judged), files


def _paths(week: Week) -> list[str]:
    return [f"issues/{week}.{form}" for form in FORMS]


def _note(issue: Issue, judged: Sequence[Judged]) -> IssueNote:
    return IssueNote(
        week=issue.week,
        title=issue.title,
        days=issue.days,
        line=issue.line.removeprefix(f"{issue.week}: "),
        minutes=issue.minutes,
        at=f"{issue.at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        bottom_line=[s.text for s in issue.bottom_line],
        deals={d.id: d.anchor for group in issue.groups for d in group.deals},
        standings={j.id: _standing(j) for j in judged},
    )


def _standing(j: Judged) -> tuple[str, float | None, str]:
    so_far = ""
    if j.pace:
        told = coined if j.pace.unit == "USD" else "{:g}".format
        so_far = f"{told(j.pace.so_far)} of {told(j.pace.threshold)}"
    return j.status, j.odds[-1].value if j.odds else None, so_far


# ----- the other pages


def _archive(
    engine: sa.Engine, order: Order, at: dt.datetime, events: Sequence[Event], issues: Sequence[IssueNote]
) -> Archive:
    known = companies.of_events(events, companies.directory_of(engine, order.as_of))
    return Archive(
        issues=issues,
        events=events,
        takings=[Taking(k.company, not k.provisional, k.events) for k in known],
        subjects=list(_subjects(engine, order, at, events, issues)),
        judged=judged_versions(engine, at, order.as_of, events),
        url=order.url,
        house=order.house,
    )


def _subjects(
    engine: sa.Engine, order: Order, at: dt.datetime, events: Sequence[Event], issues: Sequence[IssueNote]
) -> Iterator[Subject]:
    forecasts = {x.prediction.id: x.forecasts for x in logged(engine, at)}
    with Session(engine) as session:
        drawn = [d for d in drawn_verdicts(session, order.as_of) if d.at <= at]
    for j in verdicts(engine, at, known_by=order.as_of, events=events):
        id_ = j.prediction.id
        mine = [Drawn(d.at, d.status, d.erratum) for d in drawn if d.prediction_id == id_]
        weekly = list(_weekly(id_, issues))
        yield Subject(
            j.prediction, j.version, j.verdict, j.probabilities, forecasts[id_], weekly=weekly, drawn=mine
        )


def _weekly(id_: str, issues: Sequence[IssueNote]) -> Iterator[Weekly]:
    for issue in issues:
        if id_ in issue.standings:
            yield Weekly(issue.week, *issue.standings[id_])


ISSUE_PARTS = ("brief", "predict", "resolve", "site/issues.py", "_templates/briefing")
PAGE_PARTS = ("brief", "predict", "site", "_templates/briefing", "_templates/site")
"""The parts of the program that issues and the other pages follow from."""


def _program(parts: Sequence[str]) -> str:
    """Changes with these parts of the program: then what they make is made again."""
    found = hashlib.sha256(tracker.__version__.encode())
    for part in parts:
        for path in _files(part):
            found.update(path.read_bytes())
    return found.hexdigest()


def _files(part: str) -> list[Path]:
    place = Path(tracker.__file__).parent / part
    if part.startswith("_"):
        place = shipped(*part[1:].split("/"))
    endings = (".py", ".lark", ".html", ".md", ".css", ".js")
    return [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.suffix in endings)


def _style(house: House) -> str:
    """Changes with the house style and its templates."""
    own = sorted(p for p in house.templates.rglob("*") if p.is_file()) if house.templates else []
    return digest(house, *(f"{path} {path.read_bytes().hex()}" for path in own))
