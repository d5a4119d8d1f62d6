"""Regular buildings out of one typed line: ``3栋 2单元 18层 每层4户``, exceptions as typed.

Words stand in any order, blanks or commas between them; full-width signs are folded.

- ``3栋``, ``1-10栋``, ``1、3、5栋`` (幢, 号楼 and 座 as well): which buildings
- ``2单元``: how many units; ``无单元`` or nothing: none
- ``18层``, ``2-18层``, ``地下2层``: floors; ``跳4层``, ``跳4、14层``: floors that are not there
- ``4层叫3A``: a floor's name
- ``每层4户``; ``1层2户``, ``1-2层6户``: how many doors, on all floors and on some
- ``户籍``: every door is a registered household
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from .ordering import in_digits

MOST_BUILDINGS = 200
MOST_FLOORS = 120
MOST_DOORS = 60
MOST_UNITS = 40
MOST = 50_000
"""Doors that one line may make."""

_NUMBERS = r"(?P<n>[0-9]{1,3}(?:-[0-9]{1,3})?(?:、[0-9]{1,3}(?:-[0-9]{1,3})?)*)"
_WORDS = {
    "buildings": re.compile(rf"{_NUMBERS}(?P<of>栋|幢|号楼|座)"),
    "lettered": re.compile(r"(?P<n>[A-Z](?:、[A-Z])*)(?P<of>栋|幢|座)"),
    "units": re.compile(r"(?P<n>[0-9]{1,2})个?单元"),
    "no units": re.compile(r"无单元"),
    "floors": re.compile(r"(?P<n>[0-9]{1,3}(?:-[0-9]{1,3})?)层"),
    "below": re.compile(r"地下(?P<n>[0-9])层"),
    "left out": re.compile(rf"(?:跳|无|没有){_NUMBERS}层"),
    "called": re.compile(r"(?P<n>[0-9]{1,3})层(?:叫|写作)(?P<as>[0-9A-Z]{1,5})"),
    "each": re.compile(r"每层(?P<n>[0-9]{1,2})户"),
    "some": re.compile(rf"{_NUMBERS}层(?P<d>[0-9]{{1,2}})户"),
    "registered": re.compile(r"户籍户?"),
}


class Door(NamedTuple):
    """One door: its floor as it is called, its number on the floor, its name."""

    floor: str
    name: str


class Block(NamedTuple):
    """One building: its name, its units (an empty name for none), the doors of each unit."""

    name: str
    mark: str
    """The number or letter alone, for codes."""
    units: tuple[str, ...]
    doors: tuple[Door, ...]


class Plan(NamedTuple):
    """What a line means."""

    blocks: tuple[Block, ...]
    registered: bool

    @property
    def total(self) -> int:
        """All doors of all buildings."""
        return sum(len(block.units) * len(block.doors) for block in self.blocks)


def plan(line: str) -> Plan:
    """What a typed line means.

    Raises Problem ``bad-line`` with the place of the first word that is not understood,
    ``line-lacks`` where buildings, floors or doors are missing, ``line-too-large``.
    """
    said = _said(line)
    if "buildings" not in said and "lettered" not in said:
        raise _lacks(_("哪一栋"), _("如 3栋，1-10栋。"))
    if "floors" not in said and "below" not in said:
        raise _lacks(_("多少层"), _("如 18层。"))
    if "each" not in said and "some" not in said:
        raise _lacks(_("每层几户"), _("如 每层4户。"))
    units = int(said["units"][0]["n"]) if "units" in said else 0
    doors = tuple(_doors(said))
    names = tuple(f"{n}单元" for n in range(1, units + 1)) or ("",)
    blocks = tuple(Block(name, mark, names, doors) for name, mark in _buildings(said))
    found = Plan(blocks, "registered" in said)
    sizes = (len(blocks) > MOST_BUILDINGS, units > MOST_UNITS, found.total > MOST)
    if any(sizes):
        raise Problem(
            "line-too-large",
            _("这一行有 {n} 栋 {doors} 户，太多了").format(n=len(blocks), doors=found.total),
            mend=_("请分几行写，一次不超过 {n} 户。").format(n=MOST),
        )
    return found


Found = dict[str, list[dict[str, str]]]


def _said(line: str) -> Found:
    text = folded(line).upper().replace(",", " ").replace(";", " ")
    found: Found = {}
    for word in re.finditer(r"\S+", text):
        for name, pattern in _WORDS.items():
            match = pattern.fullmatch(in_digits(word.group()))
            if match is not None:
                found.setdefault(name, []).append(match.groupdict())
                break
        else:
            raise Problem(
                "bad-line",
                _("看不懂“{word}”").format(word=shown(word.group())[:20]),
                where=_("第 {n} 个字").format(n=word.start() + 1),
                mend=_("写法如：3栋 2单元 18层 每层4户 跳4层 1层2户。"),
            )
    return found


def _numbers(text: str) -> list[int]:
    numbers: list[int] = []
    for part in text.split("、"):
        first, _dash, last = part.partition("-")
        low, high = int(first), int(last or first)
        if low > high:
            raise Problem(
                "bad-line",
                _("“{part}”前大后小").format(part=part),
                mend=_("请从小写到大，如 1-10。"),
            )
        numbers += range(low, high + 1)
    return list(dict.fromkeys(numbers))


def _buildings(said: Found) -> list[tuple[str, str]]:
    """Names and marks; 幢 and 号楼 are 栋, a 座 stays one (DOMAIN §4.2)."""
    found = []
    for one in said.get("buildings", []):
        word = "座" if one["of"] == "座" else "栋"
        found += [(f"{n}{word}", f"{n:02}") for n in _numbers(one["n"])]
    for one in said.get("lettered", []):
        word = "座" if one["of"] == "座" else "栋"
        found += [(f"{letter}{word}", letter) for letter in one["n"].split("、")]
    return list(dict.fromkeys(found))


def _doors(said: Found) -> list[Door]:
    gone = {n for one in said.get("left out", []) for n in _numbers(one["n"])}
    called = {int(one["n"]): one["as"] for one in said.get("called", [])}
    each = int(said["each"][-1]["n"]) if "each" in said else 0
    some = {n: int(one["d"]) for one in said.get("some", []) for n in _numbers(one["n"])}
    storeys: list[tuple[int, str]] = []
    for one in said.get("below", []):
        storeys += [(-n, f"B{n}") for n in range(int(one["n"]), 0, -1)]
    for one in said.get("floors", []):
        numbers = _numbers(one["n"])
        if "-" not in one["n"]:
            numbers = list(range(1, numbers[0] + 1))
        storeys += [(n, called.get(n, str(n))) for n in numbers if n not in gone]
    unknown = (set(some) | set(called)) - {n for n, _label in storeys}
    if unknown:
        raise Problem(
            "bad-line",
            _("没有 {n} 层").format(n=min(unknown)),
            mend=_("请核对层数，或去掉这一处例外。"),
        )
    if len(storeys) > MOST_FLOORS or max([each, *some.values()]) > MOST_DOORS:
        raise Problem(
            "line-too-large",
            _("最多 {floors} 层，每层最多 {doors} 户").format(floors=MOST_FLOORS, doors=MOST_DOORS),
            mend=_("请核对数字。"),
        )
    return [
        Door(label, f"{label}{number:02}室")
        for n, label in dict.fromkeys(storeys)
        for number in range(1, some.get(n, each) + 1)
    ]


def _lacks(what: str, mend: str) -> Problem:
    return Problem("line-lacks", _("没有写{what}").format(what=what), mend=mend)
