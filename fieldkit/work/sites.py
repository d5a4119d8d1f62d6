"""The places that the work is about: found, listed, taken in from a register, struck off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fieldkit.domain.kinds import site_id
from fieldkit.domain.ordering import natural
from fieldkit.domain.records import Site
from fieldkit.errors import Problem
from fieldkit.store import sites as store_sites
from fieldkit.store.store import Draft
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded, shown

from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit.store.duties import Owing

    from .nesting import Entry
    from .register import Register, Rejection
    from .register_changes import Change

__all__ = [
    "KINDS",
    "REASONS",
    "Imported",
    "among",
    "children",
    "find",
    "import_register",
    "listing",
    "partition",
    "remove",
    "site_body",
    "take_in",
]

KINDS = {
    "village": N_("村（社区）"),
    "grid": N_("网格"),
    "estate": N_("小区"),
    "school": N_("校园"),
    "company": N_("企业"),
    "courier": N_("寄递网点"),
    "telecom": N_("电信网点"),
    "bank": N_("银行网点"),
    "institution": N_("单位"),
    "venue": N_("公共场所"),
    "building": N_("楼栋"),
    "unit": N_("单元"),
    "door": N_("户"),
}
"""Kinds of site (CLI.md) and what people call them."""

REASONS = {
    "demolished": N_("拆除"),
    "missing": N_("地址不存在"),
    "nonresidential": N_("非居住"),
    "duplicate": N_("重复"),
}
"""Why a door leaves the count (DOMAIN §1.4, 核减户)."""


class Imported(NamedTuple):
    """What an import did, or would do; with any rejection it did nothing."""

    created: int
    updated: int
    unchanged: int
    rejected: tuple[Rejection, ...]
    changes: tuple[Change, ...] = ()
    """The first of what is updated, then of what is created, one by one."""
    remarks: tuple[Rejection, ...] = ()
    """What is taken in and may be a mistake nonetheless."""


def partition(site: Site) -> str:
    """The event's division: the administrative code, and the grid where it is a short code."""
    if site.grid and site.grid.isascii() and site.grid.isalnum():
        if site.grid.startswith(site.division) and len(site.grid) <= 24:
            return site.grid
        if len(site.division) == 12 and len(site.grid) <= 12:
            return site.division + site.grid
    return site.division


Progress = Callable[[str, int, int], None]
"""Told what is being done (``read``, ``check``, ``write``, ``settle``), how much of it is done,
and how much there is (0 where nobody can know). What it raises stops the work, with nothing
written; ``settle`` is too late for that."""


def import_register(
    ws: Workspace, path: Path, dry_run: bool = False, progress: Progress | None = None
) -> Imported:
    """Take a register (.csv or .xlsx) in, whole or not at all.

    One transaction plans against the journal as it is and writes, so that two imports at once
    cannot both create a site. Raises Problem when the file cannot be read as a table, and what
    ``progress`` raises.
    """
    from .register import read

    told = progress or _quiet
    register = read(path, lambda done: told("read", done, 0))
    return take_in(ws, register, dry_run, told)


def take_in(
    ws: Workspace, register: Register, dry_run: bool = False, progress: Progress | None = None
) -> Imported:
    """Take in what was read of a register, as ``import_register`` does."""
    told = progress or _quiet
    outcome: list[Imported] = []

    def plan(_db: object) -> list[Draft]:
        imported, drafts = _plan(ws, register, told)
        outcome.append(imported)
        return drafts

    if dry_run or register.rejected:
        plan(None)
    else:
        ws.store.append(plan, lambda done, total: told("write", done, total))
    return outcome[-1]


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody listens."""


def _plan(ws: Workspace, register: Register, told: Progress) -> tuple[Imported, list[Draft]]:
    from .nesting import check
    from .register_changes import MOST, change_of, remarks

    told("check", 0, len(register.rows))
    known = {site.code: site for site in store_sites.all(ws.store.db)}
    entries, rejected = check(register, known)
    if rejected:
        return Imported(0, 0, 0, tuple(rejected)), []
    codes = {site.id: site.code for site in known.values()}
    drafts: list[Draft] = []
    fresh: list[Change] = []
    changed: list[Change] = []
    created = 0
    for done, entry in enumerate(entries):
        if done % 1000 == 0:
            told("check", done, len(entries))
        before = known.get(entry.code)
        draft = draft_of(ws, entry, before)
        if draft is None:
            continue
        created += before is None
        drafts.append(draft)
        told_one_by_one = fresh if before is None else changed
        if len(told_one_by_one) < MOST:
            told_one_by_one.append(change_of(entry, before, codes))
    return (
        Imported(
            created,
            len(drafts) - created,
            len(entries) - len(drafts),
            (),
            (*changed, *fresh)[:MOST],
            tuple(remarks(entries, known)[:MOST]),
        ),
        drafts,
    )


def draft_of(ws: Workspace, entry: Entry, before: Site | None) -> Draft | None:
    """What puts an entry of a register into the journal; nothing where it says nothing new."""
    site = _site(entry)
    body = site_body(site)
    if before is not None and body == site_body(before):
        return None
    body["over"] = store_sites.heads(ws.store.db, site.id) if before else []
    return Draft("site.put", site.id, partition(site), body)


def _site(entry: Entry) -> Site:
    return Site(
        id=site_id(entry.code),
        code=entry.code,
        name=entry.name,
        kind=entry.kind,
        parent=site_id(entry.parent) if entry.parent else "",
        division=entry.division,
        grid=entry.grid,
        address=entry.address,
        floor=entry.floor,
        registered=entry.registered,
    )


def site_body(site: Site) -> dict[str, Any]:
    """A site as the body of ``site.put``, all but ``over``."""
    return {
        "code": site.code,
        "name": site.name,
        "kind": site.kind,
        "parent": site.parent,
        "division": site.division,
        "grid": site.grid,
        "address": site.address,
        "floor": site.floor,
        "registered": None if site.registered is None else int(site.registered),
    }


def listing(
    ws: Workspace, kinds: Sequence[str] | None = None, within: str | None = None
) -> list[Site]:
    """Sites in natural order of their codes, of these kinds, under one place or everywhere.

    Raises Problem for an unknown kind or place.
    """
    for kind in kinds or ():
        if kind not in KINDS:
            raise Problem(
                "unknown-kind",
                _("没有“{kind}”这种对象").format(kind=shown(kind)[:40]),
                mend=_("可用：{kinds}。").format(kinds=" ".join(KINDS)),
            )
    place = find(ws, within).id if within else None
    found = store_sites.all(ws.store.db, kinds=kinds or None, within=place)
    return sorted(found, key=lambda site: (natural(site.code), site.code))


def count(ws: Workspace, kind: str) -> int:
    """How many places of a kind there are; quick at any size."""
    return store_sites.count(ws.store.db, kind)


def find(ws: Workspace, ref: str) -> Site:
    """The one site of that id, code or unambiguous start of an id.

    Raises Problem ``unknown-site`` or ``ambiguous-site``.
    """
    wanted = folded(ref)
    found = store_sites.by_ref(ws.store.db, wanted) if wanted else []
    exact = [site for site in found if wanted in (site.code, site.id)]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise Problem(
            "unknown-site",
            _("没有编码或编号为“{ref}”的对象").format(ref=shown(ref)[:64]),
            mend=_("用 fieldkit site list 查看。"),
        )
    raise Problem(
        "ambiguous-site",
        _("“{ref}”对应多个对象：{codes}").format(
            ref=shown(ref)[:64], codes="、".join(shown(site.code) for site in found[:5])
        ),
        mend=_("请写完整编码。"),
    )


def among(ws: Workspace, ids: Iterable[str], within: str | None = None) -> dict[str, Site]:
    """The places of these ids that are known here, and lie under one place (its id) or anywhere."""
    db, found = ws.store.db, {}
    for id in set(ids):
        site = store_sites.get(db, id)
        above = () if within in (None, id) else store_sites.ancestors(db, id)
        if site is not None and (within in (None, id) or any(it.id == within for it in above)):
            found[id] = site
    return found


def children(ws: Workspace, ref: str) -> list[Site]:
    """The sites directly under one, in natural order of their codes."""
    found = store_sites.children(ws.store.db, find(ws, ref).id)
    return sorted(found, key=lambda site: (natural(site.code), site.code))


def placed(site: Site | Owing, holder: str) -> str:
    """A building, unit or grid with the name of what holds it: "1栋" alone is any of them."""
    if site.kind not in ("building", "unit", "grid") or not holder or holder in site.name:
        return site.name
    return f"{holder} {site.name}"


def full_name(ws: Workspace, site: Site) -> str:
    """A site's name as it must stand where nothing around it says where it is."""
    above = store_sites.get(ws.store.db, site.parent) if site.parent else None
    if above is None:
        return site.name
    return placed(site, full_name(ws, above) if above.kind == "building" else above.name)


def remove(ws: Workspace, ref: str, reason: str, note: str = "", on: str | None = None) -> Site:
    """Strike a site off the count (核减) from a day on, with the reason the village confirmed.

    Raises Problem for an unknown site or reason, a day that has not come, or a note that may not
    be kept.
    """
    site = find(ws, ref)
    if reason not in REASONS:
        raise Problem(
            "unknown-reason",
            _("没有“{reason}”这种核减原因").format(reason=shown(reason)[:40]),
            mend=_("可用：{reasons}。").format(reasons=" ".join(REASONS)),
        )
    from .notes import checked_note

    kept = checked_note(note, 200)

    # A removal stands beside what was put, it replaces none of it: ``over`` stays empty.
    body: dict[str, Any] = {"reason": reason, "note": kept, "over": []}
    if on:
        from .changing import since_day

        body["on"] = since_day(ws, on)
    ws.store.append([Draft("site.removed", site.id, partition(site), body)])
    return find(ws, site.id)
