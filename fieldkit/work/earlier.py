"""What was found here the last time: the same list at the same site, item by item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldkit.domain.checklist import Item
from fieldkit.domain.records import Inspection
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem
from fieldkit.store import inspections as store_inspections

from .sheets import sheet_of
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last finished inspection; ``answers`` are items with their values, by id."""

    inspection: Inspection
    answers: Mapping[str, tuple[Item, str]]
    same_version: bool


def earlier(ws: Workspace, sheet: Sheet) -> Earlier | None:
    """The newest finished inspection of the same site with the same list, before this one.

    Nothing of a partner's record of the same visit: a blind pair must not see each other. A covert
    visit is shown to nobody but those who make covert ones.
    """
    here = sheet.inspection
    known = [
        other
        for other in store_inspections.of_site(ws.store.db, here.site)
        if other.state == "finished"
        and other.checklist_id == here.checklist_id
        and other.id not in (here.id,)
        and other.started_hlc < here.started_hlc
        and not (here.pair and other.pair == here.pair)
        and (other.mode != "covert" or here.mode == "covert")
        and not other.asks
    ]
    if not known:
        return None
    last = max(known, key=lambda other: (other.started_hlc, other.id))
    try:
        whole = sheet_of(ws, last)
    except Problem:
        # Its list has not arrived here.
        return None
    given = {
        item.id: (item, value)
        for item in whole.items
        if (value := whole.value(item.id)) is not None
    }
    return Earlier(last, given, last.checklist == here.checklist)
