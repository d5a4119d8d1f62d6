"""The member units of the joint conference: taken into the register in one step, and found again.

A unit is a place of kind ``institution`` whose code ends with the unit's own (``…-DW08``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.domain.ledgers import Units
from fieldkit.domain.records import Site
from fieldkit.errors import Problem
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _

from . import sites
from .workspace import Workspace

if TYPE_CHECKING:
    from .sites import Imported

USUAL = "S004"
"""The dictionary that is shipped."""


def dictionary(code: str = USUAL, file: Path | None = None) -> Units:
    """The units of a dictionary by its code, or those in a file. Raises Problem."""
    from fieldkit.library import registers

    return registers.units(code) if file is None else registers.units_in(file)


def take_in(
    ws: Workspace, known: Units, under: str | None = None, dry_run: bool = False
) -> Imported:
    """Put the units of a dictionary into the register, whole or not at all.

    What has its code already is left as it is, so that a name which the office changed stays
    changed and a second import does nothing. Raises Problem for an unknown place, and
    ``units-below`` where it cannot hold a unit.
    """
    from .nesting import holders
    from .register import Register, Row

    place = sites.find(ws, under) if under else town(ws)
    if place is not None and place.kind not in holders("institution"):
        raise Problem(
            "units-below",
            _("{kind}下面不能挂单位").format(kind=_(sites.KINDS[place.kind])),
            where=place.code,
            mend=_("用 --under 写镇、村（社区）或网格的编码。"),
        )
    columns = ("kind", "code", "name", "parent")
    here = {site.code for site in store_sites.all(ws.store.db, kinds=("institution",))}
    register = Register(columns=columns)
    unchanged = 0
    for number, unit in enumerate(known.units, 2):
        code = f"{place.code}-{unit.id}" if place else unit.id
        if code in here:
            unchanged += 1
            continue
        cells = ("institution", code, unit.name, place.code if place else "")
        register.rows.append(Row(number, dict(zip(columns, cells, strict=True))))
    done = sites.take_in(ws, register, dry_run)
    return done._replace(unchanged=done.unchanged + unchanged)


def town(ws: Workspace) -> Site | None:
    """The one place at the top of the register that holds villages; None where there is none."""
    areas = store_sites.all(ws.store.db, kinds=("village",))
    holding = {area.parent for area in areas}
    tops = [area for area in areas if not area.parent and area.id in holding and not area.removed]
    return tops[0] if len(tops) == 1 else None


def here(ws: Workspace, known: Units, within: str | None = None) -> dict[str, list[Site]]:
    """The places of the register that are units, by the unit's own code; ``within`` is an id."""
    codes = {unit.id for unit in known.units}
    found: dict[str, list[Site]] = {}
    for site in store_sites.all(ws.store.db, kinds=("institution",), within=within):
        own = site.code.rpartition("-")[2]
        if own in codes and not site.removed:
            found.setdefault(own, []).append(site)
    return found
