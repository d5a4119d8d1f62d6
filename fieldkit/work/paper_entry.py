"""Filled door forms typed in later: one line per door, whole or not at all.

What is observed and what is recorded stay apart: the day on the paper goes into the visit, the
journal's own stamp says when it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fieldkit.domain import naming
from fieldkit.domain.outcomes import BY_CODE, LOGGED, OUTCOMES
from fieldkit.domain.records import Site
from fieldkit.errors import Problem
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import sites, visiting
from .workspace import Workspace

MOST = 2000
"""Lines entered at once."""
_GAPS = re.compile(r"[\s,、;]+")
_KEYS = {one.key: one.code for one in OUTCOMES if one.key}


class Fault(NamedTuple):
    """What is wrong with one line, counted from 1."""

    line: int
    text: str
    message: str


class Taken(NamedTuple):
    """One door as it was entered."""

    door: Site
    outcome: str
    materials: int


class Entered(NamedTuple):
    """What was logged; with any fault, nothing was."""

    building: Site
    day: str
    taken: tuple[Taken, ...]
    faults: tuple[Fault, ...]


def enter(
    ws: Workspace, building_ref: str, lines: Sequence[str], day: str | None = None
) -> Entered:
    """Log the lines of a filled form: ``502 1`` or ``502 met 2`` (door, outcome, pieces).

    A door is named as on the form, by its code, or with its unit in front (``1-502``); an outcome
    by its key or its code. Empty lines do not count. All visits go into the journal in one
    transaction. Raises Problem for an unknown building, a day that cannot be, too many lines or
    none.
    """
    observed = visiting.observed_day(ws, day)
    matrix = visiting.matrix(ws, building_ref)
    doors = [cell.door for floor in matrix.floors for cell in floor.cells]
    told = [(n, folded(line)) for n, line in enumerate(lines, 1) if folded(line)]
    if not told or len(told) > MOST:
        raise Problem(
            "bad-lines",
            _("有 {n} 行，应为 1 到 {most} 行").format(n=len(told), most=MOST),
            mend=_("一行一户，如 502 1 或 502 met 1。"),
        )
    named = _names(ws, matrix.building, doors)
    taken: list[Taken] = []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for number, text in told:
        try:
            one = _line(text, named)
            if one.door.id in first:
                raise _Wrong(_("与第 {n} 行是同一户").format(n=first[one.door.id]))
        except _Wrong as wrong:
            faults.append(Fault(number, text[:40], str(wrong)))
            continue
        first[one.door.id] = number
        taken.append(one)
    if faults:
        return Entered(matrix.building, observed, (), tuple(faults))
    ws.store.append([_draft(one, observed) for one in taken])
    return Entered(matrix.building, observed, tuple(taken), ())


class _Wrong(Exception):
    """Why a line cannot be taken."""


def _draft(one: Taken, day: str) -> Draft:
    body = {
        "outcome": one.outcome,
        "materials": one.materials,
        "app": "none",
        "note": "",
        "day": day,
    }
    return Draft("visit.logged", one.door.id, sites.partition(one.door), body)


def _line(text: str, named: Mapping[str, Sequence[Site]]) -> Taken:
    words = [word for word in _GAPS.split(text) if word]
    if not 2 <= len(words) <= 3:
        raise _Wrong(_("要写户、结果码，可再写份数"))
    door = _door(words[0], named)
    word = words[1].lower()
    outcome = _KEYS.get(word, word)
    if outcome not in LOGGED:
        raise _Wrong(
            _("没有“{word}”这个结果码，可用 {keys}").format(
                word=shown(words[1])[:20], keys=" ".join(_KEYS)
            )
        )
    if len(words) == 2:
        return Taken(door, outcome, BY_CODE[outcome].materials)
    count = words[2]
    if not (count.isascii() and count.isdigit() and len(count) < 5):
        raise _Wrong(_("份数“{word}”不是数").format(word=shown(count)[:20]))
    if int(count) > visiting.MATERIALS_LIMIT:
        raise _Wrong(_("资料份数应在 0 到 {n} 之间").format(n=visiting.MATERIALS_LIMIT))
    return Taken(door, outcome, int(count))


def _door(word: str, named: Mapping[str, Sequence[Site]]) -> Site:
    found = named.get(_plain(word), ())
    if len(found) == 1:
        if found[0].removed:
            raise _Wrong(_("“{word}”已核减").format(word=shown(word)[:20]))
        return found[0]
    if found:
        codes = "、".join(shown(door.code) for door in found[:3])
        raise _Wrong(_("“{word}”有几户：{codes}").format(word=shown(word)[:20], codes=codes))
    raise _Wrong(_("这栋楼没有“{word}”").format(word=shown(word)[:20]))


def _plain(name: str) -> str:
    """A door's name as people shorten it: ``502室`` and ``502`` are one."""
    return naming.door_key(name)


def _names(ws: Workspace, building: Site, doors: Sequence[Site]) -> dict[str, list[Site]]:
    """Every way to name a door, and the doors that it may mean."""
    units = {id: _unit(ws, building, id) for id in {door.parent for door in doors}}
    named: dict[str, list[Site]] = {}
    for door in doors:
        name, unit = _plain(door.name), units[door.parent]
        ways = {_plain(door.code), name}
        if unit:
            ways |= {f"{unit}-{name}", f"{unit}单元{name}"}
        for way in ways:
            if way:
                named.setdefault(way, []).append(door)
    # A whole code is one door, whatever others are called.
    for door in doors:
        named[_plain(door.code)] = [door]
    return named


def _unit(ws: Workspace, building: Site, id: str) -> str:
    if id in ("", building.id):
        return ""
    return naming.key(sites.find(ws, id).name).removesuffix("单元")
