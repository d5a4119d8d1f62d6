"""What a register would change, line by line, and what in it is worth a second look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from fieldkit.domain import naming
from fieldkit.domain.records import Site
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .nesting import Entry
from .places import TITLES
from .register import Rejection

MOST = 500
"""So many changes, and so many remarks, are told one by one; the numbers count all of them."""

_FIELDS = ("name", "kind", "parent", "division", "grid", "address", "floor", "registered")


class Change(NamedTuple):
    """One place that would be new, or say something else than before."""

    code: str
    name: str
    kind: str
    is_new: bool
    fields: tuple[tuple[str, str, str], ...] = ()
    """Column, what it says now, what it would say; empty for what is new."""


def change_of(entry: Entry, before: Site | None, codes: Mapping[str, str]) -> Change:
    """What an entry changes; ``codes`` are codes of known places by id."""
    if before is None:
        return Change(entry.code, entry.name, entry.kind, is_new=True)
    was = before._replace(parent=codes.get(before.parent, ""))
    told = []
    for column in _FIELDS:
        old, new = getattr(was, column), getattr(entry, column)
        if old != new:
            told.append((column, _said(old), _said(new)))
    return Change(entry.code, entry.name, entry.kind, is_new=False, fields=tuple(told))


def _said(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def said(change: Change) -> str:
    """A change in words: new, or each column with what it says now and what it would say."""
    if change.is_new:
        return _("新增")
    return _("；").join(
        f"{_(TITLES.get(column, column))} {before or '—'} → {after or '—'}"
        for column, before, after in change.fields
    )


def remarks(entries: Sequence[Entry], known: Mapping[str, Site]) -> list[Rejection]:
    """What may be a mistake though it can be taken in.

    Two names of one building, unit or door in one place would be counted twice (3幢 beside 3栋,
    502 beside 502室), and 1-10栋 is ten buildings in one row.
    """
    codes = {site.id: site.code for site in known.values()}
    inside = {entry.code for entry in entries}
    standing = [
        (codes.get(site.parent, ""), site.kind, site.name, site.code, 0)
        for site in known.values()
        if site.code not in inside and not site.removed
    ]
    coming = [(e.parent, e.kind, e.name, e.code, e.row) for e in entries]
    return _twins((*standing, *coming)) + [
        Rejection(e.row, "name", _("{name} 像是几栋楼：请一栋一行").format(name=shown(e.name)))
        for e in entries
        if e.kind == "building" and naming.span(e.name)
    ]


def _twins(places: Iterable[tuple[str, str, str, str, int]]) -> list[Rejection]:
    first: dict[tuple[str, str, str], tuple[str, str, int]] = {}
    found: list[Rejection] = []
    for parent, kind, name, code, row in places:
        if kind not in ("building", "unit", "door") or not parent:
            continue
        spelled = naming.door_key(name) if kind == "door" else naming.key(name)
        twin = first.setdefault((parent, kind, spelled), (name, code, row))
        if twin[1] == code or not row:
            continue
        other, its_code, its_row = twin
        where = _("第 {n} 行").format(n=its_row) if its_row else shown(its_code)
        message = _("和 {where} 的 {other} 像是同一处，会算两次").format(
            where=where, other=shown(other)
        )
        found.append(Rejection(row, "name", message))
    return found
