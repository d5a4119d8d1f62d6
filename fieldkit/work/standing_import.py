"""A month's figures as a table, .csv or .xlsx, and the units that its rows mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from fieldkit.domain.kinds_standing import MOST_UNITS, NAME_LIMIT, unit_id
from fieldkit.domain.records import Site
from fieldkit.domain.standing.basis import Basis
from fieldkit.errors import Problem
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _
from fieldkit.text.plain import composed, folded, shown

from . import register
from .notes import check_text
from .workspace import Workspace

HEADERS = {
    "village": "村社区",
    "cases": "本期",
    "cases_last_year": "上年同期",
    "population": "人口",
}
"""The columns of CLI.md and their Chinese headers."""

MOST = 10**9
_TOTALS = ("合计", "总计", "小计")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+")
_WHOLE = re.compile(r"-?\d{1,10}")
_NEAR = 60
"""From so much in a hundred on, a name that the register does not know is taken for a slip."""


class Typed(NamedTuple):
    """One row as it was written: its place in the table, the unit's name, numbers or None.

    ``more`` are the figures of other indicators, by their columns.
    """

    number: int
    name: str
    cases: int | None
    cases_last_year: int | None
    population: int | None
    more: Mapping[str, int]


class Unit(NamedTuple):
    """Who a row is about; ``name`` is as the register has it, where it knows the unit."""

    id: str
    name: str


def read(path: Path, basis: Basis) -> list[Typed]:
    """The rows of a table; a row of totals is passed over.

    A reading with other indicators asks for their columns as well, by name or title. Raises
    Problem naming row and column of what cannot be read.
    """
    headers = HEADERS | {it.column: _(it.title) for it in basis.indicators if it.column}
    found = register.read(path, headers=headers, required=tuple(headers))
    name = shown(path.name)
    if found.rejected:
        first = found.rejected[0]
        column = headers.get(first.column, first.column)
        raise Problem(
            "standing-table",
            first.message,
            where=":".join(part for part in (name, str(first.row), column) if part),
            mend=_more(len(found.rejected) - 1),
        )
    rows = [_typed(row, name, headers) for row in found.rows]
    rows = [row for row in rows if _plain(row.name) not in _TOTALS]
    if not rows:
        raise Problem("standing-empty", _("表里没有单位"), where=name, mend=_("每个村社区写一行。"))
    return rows


def _more(others: int) -> str:
    if others < 1:
        return _("请改正后再导入。")
    return _("另有 {n} 处也要改正。").format(n=others)


def _plain(name: str) -> str:
    return "".join(folded(name).split())


def _typed(row: register.Row, file: str, headers: Mapping[str, str]) -> Typed:
    numbers: dict[str, int | None] = {}
    for column in tuple(headers)[1:]:
        where = f"{file}:{row.number}:{headers[column]}"
        numbers[column] = number(row.cells[column], where)
    more = {
        column: value
        for column, value in numbers.items()
        if column not in HEADERS and value is not None
    }
    usual = (numbers["cases"], numbers["cases_last_year"], numbers["population"])
    return Typed(row.number, composed(row.cells["village"]), *usual, more)


def number(text: str, where: str = "") -> int | None:
    """A whole number as people write it; None for a blank. Raises Problem."""
    told = _plain(text)
    if _GROUPED.fullmatch(told):
        told = told.replace(",", "")
    if told in ("", "—"):
        return None
    if not _WHOLE.fullmatch(told) or not abs(int(told)) <= MOST:
        raise Problem(
            "standing-number",
            _("“{text}”不是整数").format(text=shown(text)[:20]),
            where=where,
            mend=_("只写阿拉伯数字，不写单位。"),
        )
    return int(told)


def units(ws: Workspace, rows: Sequence[Typed], file: str = "") -> list[Unit]:
    """Who each row is about: a village of the register by name or code, else a unit of that name.

    A home without a register can rank as well. Raises Problem for a name that is missing, may not
    be kept, stands there twice, or is nearly that of a village which has no row of its own.
    """
    if len(rows) > MOST_UNITS:
        raise Problem(
            "standing-large", _("超过 {n} 个单位").format(n=MOST_UNITS), mend=_("请分开排名。")
        )
    villages = [one for one in store_sites.all(ws.store.db, ["village"]) if not one.removed]
    known = _known(villages)
    found: list[Unit] = []
    places: dict[str, int] = {}
    for row in rows:
        where = _where(file, row.number)
        site = known.get(_plain(row.name))
        unit = Unit(site.id, site.name) if site else Unit(unit_id(_plain(row.name)), row.name)
        _check_name(unit.name, where)
        if unit.id in places:
            raise Problem(
                "standing-twice",
                _("“{name}”和第 {n} 行是同一个单位").format(
                    name=shown(unit.name), n=places[unit.id]
                ),
                where=where,
                mend=_("一个单位只写一行。"),
            )
        places[unit.id] = row.number
        found.append(unit)
    _refuse_slips(rows, found, villages, file)
    return found


def _where(file: str, number: int) -> str:
    return f"{file}:{number}" if file else _("第 {n} 行").format(n=number)


def _known(villages: Sequence[Site]) -> dict[str, Site]:
    """Villages by code, and by name where no other has it."""
    names: dict[str, Site] = {}
    shared = set()
    for one in villages:
        if _plain(one.name) in names:
            shared.add(_plain(one.name))
        names[_plain(one.name)] = one
    by_name = {name: one for name, one in names.items() if name not in shared}
    return by_name | {_plain(one.code): one for one in villages}


def _check_name(name: str, where: str) -> None:
    if not 1 <= len(name) <= NAME_LIMIT:
        raise Problem(
            "standing-name",
            _("单位名称要写 1 到 {limit} 个字").format(limit=NAME_LIMIT),
            where=where,
            mend=_("请改正名称。"),
        )
    check_text(name, where)


def _refuse_slips(
    rows: Sequence[Typed], found: Sequence[Unit], villages: Sequence[Site], file: str
) -> None:
    told = {unit.id for unit in found}
    missing = [one for one in villages if one.id not in told]
    ours = {one.id for one in villages}
    for row, unit in zip(rows, found, strict=True):
        if unit.id in ours:
            continue
        near = max(missing, key=lambda one: _alike(one.name, row.name), default=None)
        if near is not None and _alike(near.name, row.name) >= _NEAR:
            raise Problem(
                "standing-unknown",
                _("底册里没有“{name}”，是不是“{near}”").format(
                    name=shown(row.name), near=shown(near.name)
                ),
                where=_where(file, row.number),
                mend=_("请改正名称，或先把它加进底册。"),
            )


def _alike(one: str, other: str) -> int:
    """How much of a hundred two names have in common, in the same order."""
    a, b = _plain(one), _plain(other)
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return 200 * sum(block.size for block in blocks) // max(1, len(a) + len(b))
