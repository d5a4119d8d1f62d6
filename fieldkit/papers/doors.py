"""The door form of a building: its floors and doors as they stand in the register today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fieldkit.domain.ordering import natural
from fieldkit.domain.outcomes import LOGGED, OUTCOMES
from fieldkit.domain.records import DoorState
from fieldkit.errors import Problem, Refused
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.work import labels, sites, visiting
from fieldkit.work.workspace import Workspace

from .outputs import checked

if TYPE_CHECKING:
    from fieldkit.report.door_form import Part

MOST = 2000
"""More doors are no building; they are printed building by building."""


class Printed(NamedTuple):
    """What was written."""

    path: Path
    doors: int


def write(ws: Workspace, building: str, out: Path) -> Printed:
    """Write the door form of a building, or of another place that holds doors.

    Raises Problem for another file type, an unknown place or one with too many doors, Refused
    where there is no door.
    """
    path, suffix = checked(out, (".docx", ".html"))
    # Only here, so that a plain command does not load the document writer.
    from fieldkit.report import door_form
    from fieldkit.report.docx import save_atomically

    matrix = visiting.matrix(ws, building)
    cells = [cell for floor in matrix.floors for cell in floor.cells]
    if not cells:
        raise Refused(
            "no-doors",
            _("“{name}”下面没有户").format(name=shown(matrix.building.name)[:40]),
            where=shown(matrix.building.code),
            mend=_("先导入户，或换一栋楼。"),
        )
    if len(cells) > MOST:
        raise Problem(
            "too-many-doors",
            _("有 {n} 户，一份表最多 {most} 户").format(n=len(cells), most=MOST),
            where=shown(matrix.building.code),
            mend=_("请一栋一栋地出。"),
        )
    form = door_form.Form(
        building=sites.full_name(ws, matrix.building),
        code=matrix.building.code,
        payload=labels.payload(matrix.building),
        parts=_parts(ws, matrix),
        legend=[(one.key, _(one.label)) for one in OUTCOMES if one.code in LOGGED],
        made=ws.now(),
        demo=ws.is_demo,
    )
    save_atomically(path, door_form.html(form) if suffix == ".html" else door_form.docx(form))
    return Printed(path, len(cells))


def _parts(ws: Workspace, matrix: visiting.Matrix) -> list[Part]:
    """One part for each unit that doors hang under, the building's own doors first."""
    from fieldkit.report.door_form import Door, Floor, Part

    by_unit: dict[str, dict[str, list[DoorState]]] = {}
    for floor in matrix.floors:
        for cell in floor.cells:
            floors = by_unit.setdefault(cell.door.parent, {})
            floors.setdefault(floor.label, []).append(cell)
    named = {id: _holder(ws, matrix, id) for id in by_unit}
    return [
        Part(
            named[id],
            [
                Floor(label, [Door(c.door.name or c.door.code, c.door.removed) for c in cells])
                for label, cells in by_unit[id].items()
            ],
        )
        for id in sorted(by_unit, key=lambda id: (named[id] != "", natural(named[id]), id))
    ]


def _holder(ws: Workspace, matrix: visiting.Matrix, id: str) -> str:
    if id in ("", matrix.building.id):
        return ""
    try:
        return sites.find(ws, id).name
    except Problem:
        return ""
