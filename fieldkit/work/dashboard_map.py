"""The places of a home that are no doors: which are looked at, and which village each is in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fieldkit.domain.records import Site
from fieldkit.errors import Problem
from fieldkit.store.dashboard import Area
from fieldkit.text.i18n import _

from . import sites
from .workspace import Workspace


def looked_at(ws: Workspace, within: str | None) -> Site | None:
    """The place that is looked at; None is everything. Raises Problem for a door."""
    place = sites.find(ws, within) if within else None
    if place is not None and place.kind == "door":
        raise Problem(
            "door-dashboard",
            _("看板只到楼栋，不到户"),
            mend=_("请给出楼栋、网格或村（社区）的编码。"),
        )
    return place


class AreaMap:
    """The places that are no doors: which village each is in, which are looked at."""

    def __init__(self, areas: Sequence[Area], within: str | None) -> None:
        self.areas = {area.id: area for area in areas}
        self._over: dict[str, tuple[str, str]] = {}
        self._names = {area.code: area.name for area in areas if area.kind == "village"}
        self.within: set[str] | None = None if within is None else self._below(within)

    def _below(self, top: str) -> set[str]:
        below: dict[str, list[str]] = defaultdict(list)
        for area in self.areas.values():
            below[area.parent].append(area.id)
        found, todo = {top}, [top]
        while todo:
            new = [id for id in below[todo.pop()] if id not in found]
            found.update(new)
            todo += new
        return found

    def has(self, id: str) -> bool:
        """Whether a place is looked at."""
        return self.within is None or id in self.within

    def village(self, id: str, division: str = "") -> str:
        """The code of the village over a place, itself included, as `coverage` finds it."""
        found = self._over.get(id)
        if found is None:
            found = self._over[id] = self._climb(id)
        code, fallback = found
        return code or (division or fallback)[:12]

    def _climb(self, id: str) -> tuple[str, str]:
        """The code of the village above, else the first division that is named on the way."""
        division = ""
        for _step in range(16):
            here = self.areas.get(id)
            if here is None:
                break
            if here.kind == "village":
                return here.code, ""
            id, division = here.parent, division or here.division
        return "", division

    def name(self, code: str) -> str:
        """The name of a village."""
        return self._names.get(code) or code or _("（未归属）")

    def full_name(self, area: Area, deep: int = 4) -> str:
        """A place's name as `sites.full_name` says it."""
        above = self.areas.get(area.parent)
        if above is None or not deep or area.kind not in ("building", "unit", "grid"):
            return area.name
        holder = self.full_name(above, deep - 1) if above.kind == "building" else above.name
        return area.name if not holder or holder in area.name else f"{holder} {area.name}"
