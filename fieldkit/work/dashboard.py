"""The office dashboard: one reading for the screen and the page, of sums alone.

A village office sees at once what is behind and by how much, and comes from each number to the
record behind it. No door is named: what concerns a door is told of the building.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from operator import add
from typing import NamedTuple

from fieldkit.domain.ordering import natural
from fieldkit.store import dashboard as store
from fieldkit.text.i18n import N_, _

from . import dashboard_places, gates, rounds, sites
from .dashboard_map import AreaMap, looked_at
from .dashboard_places import Place
from .workspace import Workspace

WORST = 20
"""So many places are listed as the worst."""
WEEKS = 26
"""So many weeks back the trends go."""
_WEEK_0 = date(1969, 12, 29)


class Row(NamedTuple):
    """The sums of one village, or of everything; rates are made of them, never averaged."""

    code: str
    name: str
    doors: int = 0
    registered: int = 0
    removed: int = 0
    visited: int = 0
    delivered: int = 0
    met: int = 0
    revisit: int = 0
    inspections: int = 0
    """Finished ones."""
    mean: Fraction | None = None
    """Mean of the ratios of those that are scored."""
    findings: int = 0
    """Not over."""
    overdue: int = 0
    referrals: int = 0
    """Slips that wait."""
    buildings: int = 0
    swept: int = 0
    """Buildings swept this month."""
    sweeps_done: int = 0
    """Of these, buildings of which a sweep is finished."""

    @property
    def delivery_rate(self) -> Fraction | None:
        """Households reached with material, of the registered ones (000四(一))."""
        return _rate(self.delivered, self.registered)

    @property
    def face_to_face_rate(self) -> Fraction | None:
        """Doors met, of those that count."""
        return _rate(self.met, self.doors - self.removed)

    @property
    def sweep_rate(self) -> Fraction | None:
        """Buildings swept this month, of all."""
        return _rate(self.swept, self.buildings)


class ListRow(NamedTuple):
    """The finished inspections of one checklist; the mean is of the scored ones."""

    checklist: str
    title: str
    inspections: int
    scored: int
    mean: Fraction | None


class Week(NamedTuple):
    """One week from its Monday; coverage as of its end, over the register of today."""

    monday: str
    visits: int
    delivered: int
    delivery_rate: Fraction | None
    met: int
    face_to_face_rate: Fraction | None
    inspections: int


class Dashboard(NamedTuple):
    """Everything of one instant."""

    day: str
    within: str
    """The name of the place looked at; empty for everything."""
    totals: Row
    villages: tuple[Row, ...]
    checklists: tuple[ListRow, ...]
    weeks: tuple[Week, ...]
    worst: tuple[Place, ...]
    inspected: int
    """Places with a scored inspection, of which the worst are listed."""


class Measure(NamedTuple):
    """Something villages are compared by; the key is smaller the worse it is."""

    title: str
    key: Callable[[Row], Fraction | int | None]


MEASURES: dict[str, Measure] = {
    "delivered": Measure(N_("发放率"), lambda row: row.delivery_rate),
    "met": Measure(N_("面宣率"), lambda row: row.face_to_face_rate),
    "mean": Measure(N_("检查得分"), lambda row: row.mean),
    "overdue": Measure(N_("逾期问题"), lambda row: -row.overdue),
    "findings": Measure(N_("未了结问题"), lambda row: -row.findings),
    "referrals": Measure(N_("待反馈移交"), lambda row: -row.referrals),
    "sweeps": Measure(N_("本月扫楼"), lambda row: row.sweep_rate),
}


def prepare(ws: Workspace) -> None:
    """Make the sums now that reading would make, where many visits have just come.

    Raises Problem where the home cannot be written.
    """
    store.prepare(ws.store.db)


def worst_first(rows: Iterable[Row], measure: str) -> list[Row]:
    """Villages with the worst by one measure in front; those it does not apply to come last."""
    key = MEASURES[measure].key

    def place(row: Row) -> tuple[bool, Fraction | int, object, str]:
        value = key(row)
        return value is None, value or 0, natural(row.code), row.code

    return sorted(rows, key=place)


def read(ws: Workspace, within: str | None = None) -> Dashboard:
    """The dashboard of everything, or of what is under one place.

    Raises Problem for an unknown place or a door, and where sums are to be made and the home
    cannot be written.
    """
    place = looked_at(ws, within)
    hidden = gates.hidden_all(ws)
    with store.still(ws.store.db):
        map_ = AreaMap(store.areas(ws.store.db), place.id if place else None)
        inspected = dashboard_places.latest(ws, map_, hidden)
        totals, villages, checklists = _rows(ws, map_, hidden)
        return Dashboard(
            day=ws.today().isoformat(),
            within=sites.full_name(ws, place) if place else "",
            totals=totals,
            villages=villages,
            checklists=checklists,
            weeks=_weeks(ws, map_, hidden, totals),
            worst=dashboard_places.told(ws, map_, inspected[:WORST]),
            inspected=len(inspected),
        )


def _rate(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


class _Scores:
    """What inspections came to, added up by a key: a village, a checklist."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self._came_to: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)

    def add(self, key: str, came_to: tuple[str, str], count: int) -> None:
        """So many inspections with these points of these highest points."""
        self.count[key] += count
        self._came_to[key][came_to] += count

    def mean(self, key: str) -> tuple[int, Fraction | None]:
        """How many are scored, and their exact mean."""
        scored, total = 0, Fraction()
        for came_to, count in self._came_to[key].items():
            ratio = dashboard_places.ratio(*came_to)
            if ratio is not None:
                scored, total = scored + count, total + ratio * count
        return scored, total / scored if scored else None


_NONE = (0,) * len(store.DOORS)


def _rows(
    ws: Workspace, map_: AreaMap, hidden: frozenset[str]
) -> tuple[Row, tuple[Row, ...], tuple[ListRow, ...]]:
    db, today = ws.store.db, ws.today().isoformat()
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    doors: dict[str, list[int]] = {}
    for parent, division, *counts in store.doors(db):
        if map_.has(parent):
            village = map_.village(parent, division)
            doors[village] = [*map(add, doors.get(village, _NONE), counts)]
    for village, counts in doors.items():
        sums[village].update(dict(zip(store.DOORS, counts, strict=True)))
    for place, open_, overdue in store.findings(db, map_.within, hidden, today):
        sums[map_.village(place)]["findings"] += open_
        sums[map_.village(place)]["overdue"] += overdue
    for place, waiting in store.referrals(db, map_.within):
        sums[map_.village(place)]["referrals"] += waiting
    month = rounds.round_of(today[:7])
    swept = store.swept(db, hidden, month.first, month.last)
    standing = [
        area.id
        for area in map_.areas.values()
        if area.kind == "building" and not area.removed and map_.has(area.id)
    ]
    for village, count in Counter(map(map_.village, standing)).items():
        sums[village]["buildings"] = count
    for id in swept.keys() & set(standing):
        sums[map_.village(id)]["swept"] += 1
        sums[map_.village(id)]["sweeps_done"] += swept[id]
    by_village, by_list, all_ = _Scores(), _Scores(), _Scores()
    for place, checklist, points, most, count in store.finished(db, map_.within, hidden):
        came_to = (points, most)
        by_village.add(map_.village(place), came_to, count)
        by_list.add(checklist, came_to, count)
        all_.add("", came_to, count)
    villages = [
        Row(
            code,
            map_.name(code),
            **sums[code],
            inspections=by_village.count[code],
            mean=by_village.mean(code)[1],
        )
        for code in sorted({*sums, *by_village.count}, key=lambda code: (natural(code), code))
    ]
    every = sum(sums.values(), Counter[str]())
    totals = Row("", _("合计"), **every, inspections=all_.count[""], mean=all_.mean("")[1])
    titles = dashboard_places.titles(ws)
    lists = tuple(
        ListRow(key, titles.get(key, key), by_list.count[key], *by_list.mean(key))
        for key in sorted(by_list.count)
    )
    return totals, tuple(villages), lists


def _weeks(ws: Workspace, map_: AreaMap, hidden: frozenset[str], totals: Row) -> tuple[Week, ...]:
    """The last weeks up to this one, from the first in which there was anything.

    What a clock ahead of ours dated later counts in this week, so that it ends where the totals
    are.
    """
    db = ws.store.db
    last = (ws.today() - _WEEK_0).days // 7
    visits: Counter[int] = Counter()
    given: Counter[int] = Counter()
    met: Counter[int] = Counter()
    checked: Counter[int] = Counter()
    for week, counts in store.weeks(db, map_.within).items():
        for into, count in zip((visits, given, met), counts, strict=True):
            into[min(week, last)] += count
    for week, count in store.finished_weeks(db, map_.within, hidden).items():
        checked[min(week, last)] += count
    first = max(min((*visits, *checked, last)), last - WEEKS + 1)
    reached = sum(count for week, count in given.items() if week < first)
    spoken = sum(count for week, count in met.items() if week < first)
    found = []
    for week in range(first, last + 1):
        reached, spoken = reached + given[week], spoken + met[week]
        found.append(
            Week(
                (_WEEK_0 + timedelta(week * 7)).isoformat(),
                visits[week],
                reached,
                _rate(reached, totals.registered),
                spoken,
                _rate(spoken, totals.doors - totals.removed),
                checked[week],
            )
        )
    return tuple(found)
