"""Door by door: visits logged and withdrawn, the building's matrix, the coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fieldkit.domain.ordering import Key, floor_key, floor_of, natural
from fieldkit.domain.outcomes import BY_CODE, LOGGED
from fieldkit.domain.records import DoorState, Site, Visit
from fieldkit.errors import Problem
from fieldkit.store import visits as store_visits
from fieldkit.store.store import Draft
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded, shown

from . import sites
from .coverage import CoverageRow as CoverageRow
from .coverage import coverage as coverage
from .notes import checked_note
from .workspace import Workspace

APPS = {
    "installed": N_("当场自愿安装"),
    "declined": N_("暂不安装"),
    "already": N_("已自行安装"),
    "none": N_("未询问"),
}
"""What is said of the app, as a service record only (DOMAIN §2.14, D13)."""

NOTE_LIMIT = 50
MATERIALS_LIMIT = 99
LATEST_PAPER = 92
"""So many days after a visit its paper may still be entered."""


@dataclass(frozen=True, slots=True)
class Floor:
    """One floor of a building: its label and its doors in natural order."""

    label: str
    cells: tuple[DoorState, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A building as its floors, the top one first."""

    building: Site
    floors: tuple[Floor, ...]


def log(
    ws: Workspace,
    door_ref: str,
    outcome: str,
    materials: int | None = None,
    app: str = "none",
    note: str = "",
    day: str | None = None,
) -> Visit:
    """Log one visit to one door; on disk when this returns.

    Without ``materials`` the outcome's usual number is taken; ``day`` is the day on which the
    door was visited where paper is entered later. Raises Problem for an unknown door, outcome or
    app word, a number out of range, a note that may not be kept, or a day that cannot be.
    """
    door = sites.find(ws, door_ref)
    if door.kind != "door":
        raise Problem(
            "not-a-door",
            _("“{name}”是{kind}，不是户").format(
                name=shown(door.name)[:40], kind=_(sites.KINDS.get(door.kind, door.kind))
            ),
            where=shown(door.code),
            mend=_("请给出户的编码。"),
        )
    result = BY_CODE[_outcome(outcome)]
    if materials is None:
        materials = result.materials
    if not 0 <= materials <= MATERIALS_LIMIT:
        raise Problem(
            "bad-materials",
            _("资料份数应在 0 到 {n} 之间").format(n=MATERIALS_LIMIT),
            mend=_("请重填份数。"),
        )
    if app not in APPS:
        raise Problem(
            "unknown-app",
            _("没有“{word}”这种 APP 情况").format(word=shown(app)[:40]),
            mend=_("可用：{words}。").format(words=" ".join(APPS)),
        )
    kept, day = checked_note(note, NOTE_LIMIT), observed_day(ws, day)
    body = {
        "outcome": result.code,
        "materials": materials,
        "app": app,
        "note": kept,
        "day": day,
    }
    draft = Draft("visit.logged", door.id, sites.partition(door), body)
    event = ws.store.append([draft])[0]
    return Visit(
        id=event.hash[:32],
        door=door.id,
        outcome=result.code,
        materials=materials,
        app=app,
        note=kept,
        hlc=event.hlc,
        device=event.device,
        day=day,
    )


def observed_day(ws: Workspace, typed: str | None) -> str:
    """The day on which a door was visited; today without one.

    Raises Problem ``bad-day`` for what is none, a day that has not come, or one too long ago.
    """
    today = ws.today()
    if not typed:
        return today.isoformat()
    try:
        day = date.fromisoformat(folded(typed))
    except ValueError:
        day = None
    if day is not None and today - timedelta(LATEST_PAPER) <= day <= today:
        return day.isoformat()
    if day is None:
        sentence = _("“{text}”不是日期").format(text=shown(typed)[:20])
    elif day > today:
        sentence = _("{day} 还没有到").format(day=day.isoformat())
    else:
        sentence = _("{day} 早于 {n} 天前").format(day=day.isoformat(), n=LATEST_PAPER)
    raise Problem("bad-day", sentence, where=_("走访日期"), mend=_("写成 2026-12-01，不晚于今天。"))


def _outcome(typed: str) -> str:
    word = folded(typed).lower()
    if word in LOGGED:
        return word
    raise Problem(
        "unknown-outcome",
        _("没有“{word}”这种走访结果").format(word=shown(typed)[:40]),
        mend=_("可用：{words}。").format(words=" ".join(LOGGED)),
    )


def of_door(ws: Workspace, door: str) -> list[Visit]:
    """The visits that stand at a door (its id), the latest first."""
    return store_visits.of_door(ws.store.db, door)


def withdraw(ws: Workspace, visit_id: str) -> Visit:
    """Take a visit back; the journal keeps both.

    Raises Problem when no visit that still stands has that id or start of an id.
    """
    wanted = folded(visit_id).lower()
    found = store_visits.by_prefix(ws.store.db, wanted) if wanted else []
    if len(found) != 1:
        raise Problem(
            "ambiguous-visit" if found else "unknown-visit",
            _("编号以“{ref}”开头的走访有 {n} 次").format(ref=shown(visit_id)[:64], n=len(found)),
            mend=_("请核对编号，已撤销的不能再撤。"),
        )
    visit = found[0]
    door = sites.find(ws, visit.door)

    def draft(_db: object) -> list[Draft]:
        body = {"visit": _standing(ws, visit)}
        return [Draft("visit.withdrawn", visit.door, sites.partition(door), body)]

    ws.store.append(draft)
    return visit


def _standing(ws: Workspace, visit: Visit) -> str:
    event = store_visits.event_of(ws.store.db, visit.id, visit.door)
    if not event:
        raise Problem(
            "unknown-visit",
            _("编号以“{ref}”开头的走访有 {n} 次").format(ref=visit.id[:8], n=0),
            mend=_("请核对编号，已撤销的不能再撤。"),
        )
    return event


def matrix(ws: Workspace, building_ref: str) -> Matrix:
    """The doors of a building by floor, the top one first, doors in natural order.

    Any site that holds doors will do: a village of farmhouses has one floor without a label.
    """
    building = sites.find(ws, building_ref)
    states = store_visits.door_states(ws.store.db, building.id)
    return Matrix(building, tuple(_floors(states)))


def _floors(states: Iterable[DoorState]) -> list[Floor]:
    by_floor: dict[str, list[DoorState]] = {}
    for state in states:
        label = floor_of(state.door.floor, state.door.name or state.door.code)
        by_floor.setdefault(label, []).append(state)
    labels = sorted(by_floor, key=lambda label: (label != "", floor_key(label)), reverse=True)
    return [Floor(label, tuple(sorted(by_floor[label], key=_door_key))) for label in labels]


def _door_key(state: DoorState) -> tuple[Key, str]:
    return natural(state.door.code), state.door.id
