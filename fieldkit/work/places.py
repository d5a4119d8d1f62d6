"""One place entered or changed by hand, under the rules that a whole register is held to."""

from __future__ import annotations

from collections.abc import Mapping

from fieldkit.domain.records import Site
from fieldkit.errors import Problem
from fieldkit.store import overview as store_overview
from fieldkit.store import sites as store_sites
from fieldkit.store.store import Draft
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded, shown

from . import nesting, sites
from .register import typed
from .workspace import Workspace

TITLES = {
    "code": N_("编码"),
    "name": N_("名称"),
    "kind": N_("类别"),
    "parent": N_("上级"),
    "division": N_("区划"),
    "grid": N_("网格"),
    "address": N_("地址"),
    "floor": N_("楼层"),
    "registered": N_("户籍"),
}
"""What a place is told by, in the order in which it is asked."""

NEEDED = ("code", "name", "kind")
"""What may not be left empty."""
_NO_FLOOR = ("village", "grid", "estate", "building", "unit")
CHOICES = 9
"""So many places are offered as the one above."""


def asked(kind: str) -> tuple[str, ...]:
    """What is asked of a place of that kind."""
    found = []
    for field in TITLES:
        if field == "floor" and kind in _NO_FLOOR:
            continue
        if field == "registered" and kind != "door":
            continue
        found.append(field)
    return tuple(found)


def told(ws: Workspace, site: Site) -> dict[str, str]:
    """A known place as one would enter it."""
    above = store_sites.get(ws.store.db, site.parent) if site.parent else None
    registered = "" if site.registered is None else str(int(site.registered))
    return {
        "code": site.code,
        "name": site.name,
        "kind": site.kind,
        "parent": above.code if above else "",
        "division": site.division,
        "grid": site.grid,
        "address": site.address,
        "floor": site.floor,
        "registered": registered,
    }


def faults(ws: Workspace, given: Mapping[str, str], *, code: str | None = None) -> dict[str, str]:
    """What is wrong with each line, in words and in the order asked; empty when it can be put.

    ``code`` is that of the place to change; without one it is a new place.
    """
    return _checked(ws, given, code)[1]


def put(ws: Workspace, given: Mapping[str, str], *, code: str | None = None) -> Site:
    """Enter a new place, or change the one with that ``code``; on disk when this returns.

    Raises Problem ``bad-place`` for the first line that is wrong, named in ``where``.
    """
    entered: list[str] = []

    def drafts(_db: object) -> list[Draft]:
        entries, wrong = _checked(ws, given, code)
        if wrong:
            field = next(iter(wrong))
            raise Problem("bad-place", wrong[field], where=_(TITLES[field]))
        entry = entries[0]
        entered.append(entry.code)
        draft = sites.draft_of(ws, entry, _known(ws, entry.code))
        return [draft] if draft else []

    ws.store.append(drafts)
    return sites.find(ws, entered[-1])


def above(ws: Workspace, kind: str, text: str = "") -> list[Site]:
    """Places that may hold one of that kind, with a text in their code or name; a few of them."""
    kinds = sorted(nesting.holders(kind))
    return store_overview.named(ws.store.db, kinds, folded(text), CHOICES)


def _checked(
    ws: Workspace, given: Mapping[str, str], code: str | None
) -> tuple[list[nesting.Entry], dict[str, str]]:
    told_of = asked(nesting.kind_named(given.get("kind", "")))
    # What is not asked of its kind stays as it was.
    cells = {field: given.get(field, "") for field in told_of}
    if not any(cell.strip() for cell in cells.values()):
        # To a register an empty row is no row.
        return [], dict.fromkeys(NEEDED, _("不能为空"))
    new = folded(cells["code"])
    # Only what is above and below can contradict it: a register of any size is checked at once.
    entries, rejected = nesting.check(typed(cells), _around(ws, new, folded(cells["parent"])))
    wrong: dict[str, str] = {}
    for fault in rejected:
        wrong.setdefault(fault.column, fault.message)
    if code is None and "code" not in wrong and _known(ws, new) is not None:
        wrong["code"] = _("已有编码为“{code}”的对象").format(code=shown(new)[:64])
    if code is not None and new != code:
        wrong["code"] = _("编码不能改；要换编码请新增一个，再停用这一个")
    return entries, {field: wrong[field] for field in TITLES if field in wrong}


def _known(ws: Workspace, code: str) -> Site | None:
    found = store_sites.by_ref(ws.store.db, code) if code else []
    return next((site for site in found if site.code == code), None)


def _around(ws: Workspace, code: str, parent: str) -> dict[str, Site]:
    db = ws.store.db
    found: list[Site] = []
    for ref in (code, parent):
        site = _known(ws, ref)
        if site is not None:
            found += [site, *store_sites.ancestors(db, site.id)]
    here = _known(ws, code)
    if here is not None:
        found += store_sites.children(db, here.id)
    return {site.code: site for site in found}
