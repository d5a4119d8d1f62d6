"""Coverage of doors: exact counts and the two rates made of them, now or as of a day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from fieldkit.domain.ordering import floor_key, natural
from fieldkit.domain.records import CoverageCounts
from fieldkit.errors import Problem
from fieldkit.store import visits as store_visits
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import sites
from .workspace import Workspace

AREAS = ("door", "building", "grid", "village", "town", "all")


class CoverageRow(NamedTuple):
    """Exact counts of one area and the two rates made of them (DOMAIN §1.4)."""

    code: str
    name: str
    doors: int
    registered: int
    removed: int
    visited: int
    delivered: int
    delivery_rate: Fraction | None
    met: int
    face_to_face_rate: Fraction | None
    revisit: int


class Window(NamedTuple):
    """The days of a campaign: visits from the first on count, everything up to the last."""

    first: str = ""
    last: str = ""


def window(first: str | None = None, last: str | None = None) -> Window:
    """The days typed; Problem ``bad-day`` for what is none, ``bad-window`` for days the wrong
    way round."""
    found = Window(_day(first), _day(last))
    if found.first and found.last and found.first > found.last:
        raise Problem(
            "bad-window",
            _("开始日 {first} 在截止日 {last} 之后").format(first=found.first, last=found.last),
            mend=_("请把两个日期对调。"),
        )
    return found


def coverage(
    ws: Workspace, by: str = "village", within: str | None = None, days: Window | None = None
) -> list[CoverageRow]:
    """Coverage by door, building, grid, village or town, or all in one row; within one area or
    everywhere; with ``days`` only visits from the first of them on, as it stood on the last.

    Raises Problem for an unknown area word or an unknown ``within``.
    """
    if by not in AREAS:
        raise Problem(
            "unknown-area",
            _("不能按“{word}”统计").format(word=shown(by)[:40]),
            mend=_("可用：{words}。").format(words=" ".join(AREAS)),
        )
    place = sites.find(ws, within).id if within else None
    db = ws.store.db
    if days is None or days == Window():
        counted = store_visits.coverage(db, by, place)
    else:
        from fieldkit.store.asof import as_of

        with as_of(db, days.last or "9999-12-31", days.first) as then:
            counted = store_visits.coverage(then, by, place)
    rows = [_row(counts) for counts in counted]
    if by == "all":
        return [row._replace(name=_("全部")) for row in rows]
    return sorted(rows, key=lambda row: (natural(row.code), row.code))


FULL = "#"
"""A floor of which every door was reached; below that the tenths, cut off."""


def heat(ws: Workspace) -> dict[str, tuple[str, str]]:
    """By building's code a digit for each floor from the bottom: reached, and met face to face.

    ``7`` is seven tenths and more, ``#`` all; a floor without doors that count is a blank.
    """
    found = {}
    for code, floors in store_visits.storeys(ws.store.db).items():
        order = sorted(floors, key=floor_key)
        found[code] = (
            "".join(_tenths(floors[label][1], floors[label][0]) for label in order),
            "".join(_tenths(floors[label][2], floors[label][0]) for label in order),
        )
    return found


def _tenths(part: int, whole: int) -> str:
    if not whole:
        return " "
    return FULL if part == whole else str(part * 10 // whole)


def bar(rate: Fraction | None, cells: int = 10) -> str:
    """A rate as a row of signs, cut off like the percentage: full only where nothing is missing."""
    if rate is None:
        return "-" * cells
    done = min(int(rate * cells), cells)
    return "=" * done + "." * (cells - done)


def total(rows: list[CoverageRow]) -> CoverageRow:
    """All rows in one, its rates made anew from the sums (never a mean of rates)."""
    sums = [
        sum(getattr(row, name) for row in rows)
        for name in ("doors", "registered", "removed", "visited", "delivered", "met", "revisit")
    ]
    doors, registered, removed, visited, delivered, met, revisit = sums
    return CoverageRow(
        "", _("合计"), doors, registered, removed, visited, delivered, _rate(delivered, registered),
        met, _rate(met, doors - removed), revisit,
    )  # fmt: skip


def _row(counts: CoverageCounts) -> CoverageRow:
    return CoverageRow(
        code=counts.code,
        name=counts.name or counts.code or _("（未归属）"),
        doors=counts.doors,
        registered=counts.registered,
        removed=counts.removed,
        visited=counts.visited,
        delivered=counts.delivered,
        delivery_rate=_rate(counts.delivered, counts.registered),
        met=counts.met,
        face_to_face_rate=_rate(counts.met, counts.doors - counts.removed),
        revisit=counts.revisit,
    )


def _rate(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _day(typed: str | None) -> str:
    if not typed:
        return ""
    try:
        return date.fromisoformat(folded(typed)).isoformat()
    except ValueError as error:
        raise Problem(
            "bad-day",
            _("“{text}”不是日期").format(text=shown(typed)[:20]),
            mend=_("请写成 2026-11-23。"),
        ) from error
