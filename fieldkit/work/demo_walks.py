"""The made-up town that a fleet walks, of any size, and who knocks at which door in which order.

Both follow from their seed alone. Division codes begin with 99, which no province has; every named
place says （演示）, and no code is one of the smaller demonstration's.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from random import Random

from fieldkit.domain.kinds import site_id
from fieldkit.domain.outcomes import LOGGED
from fieldkit.domain.records import Site

_WALKED = 88
"""Percent of the doors in the register that anybody has come to yet."""

_FIRST = {
    "met": 40, "absent": 24, "handed": 9, "left": 7, "vacant": 6, "refused": 4, "away": 4,
    "callback": 3, "minor": 2, "shop": 1,
}  # fmt: skip
_SECOND = {"met": 48, "absent": 20, "left": 16, "handed": 12, "callback": 4}
_THIRD = {"met": 45, "exhausted": 40, "handed": 15}
_PASSES: tuple[Mapping[str, int], ...] = (_FIRST, _SECOND, _THIRD)
"""Shares of outcomes at the first, second and third knock of one round."""

_OPEN = frozenset(("absent", "callback", "minor"))
_SETTLED = frozenset(("vacant", "refused", "shop"))
"""Doors at which nobody was in are knocked at again at once, these in no later round."""

_SHAPES = ((6, 4), (11, 2), (18, 4), (3, 2), (7, 3))
"""Floors and doors a floor of buildings."""

_GRID_BUILDINGS = 10
_VILLAGE_GRIDS = 4
_TOWN_VILLAGES = 15
_HEADS, _TAILS = "霜汐葭菱槐砚茶檐荻萤", "桥渡湾坞汀塘岸埠洲岭"


@dataclass(frozen=True, slots=True)
class Walk:
    """What one device does, knock by knock: numbers of doors, and of outcomes in ``LOGGED``."""

    doors: array[int]
    outcomes: bytearray


def plan(doors: int, devices: int, visits: int, seed: int) -> list[Walk]:
    """Deal exactly ``visits`` knocks out to the devices.

    Round by round everybody walks a stretch of neighbouring doors; those where nobody was in are
    knocked at again by the next device, and in the next round all stretches move on by one.
    """
    random = Random(f"fleet {seed}")
    codes = {code: number for number, code in enumerate(LOGGED)}
    walks = [Walk(array("I"), bytearray()) for _number in range(devices)]
    shift = 0
    walked = range(max(1, doors * _WALKED // 100))
    settled = bytearray(doors)
    while visits:
        todo = [door for door in walked if not settled[door]] or list(walked)
        for shares in _PASSES:
            todo = todo[:visits]
            found = random.choices(list(shares), list(shares.values()), k=len(todo))
            for number in range(devices):
                first, last = len(todo) * number // devices, len(todo) * (number + 1) // devices
                walk = walks[(number + shift) % devices]
                walk.doors.extend(todo[first:last])
                walk.outcomes.extend(codes[outcome] for outcome in found[first:last])
            visits -= len(todo)
            shift += 1
            again = []
            for door, outcome in zip(todo, found, strict=True):
                settled[door] = outcome in _SETTLED
                if outcome in _OPEN and random.random() < 0.65:
                    again.append(door)
            todo = again
    return walks


def town(doors: int, seed: int) -> Iterator[Site]:
    """A register with this many doors, holders before what they hold; plainly fictional."""
    random = Random(f"fleet town {seed}")
    building = 0
    while doors:
        grid, village = building // _GRID_BUILDINGS, building // _GRID_BUILDINGS // _VILLAGE_GRIDS
        code = _village_code(village)
        name = f"{_HEADS[village % 10]}{_TAILS[village // 10 % 10]}{village // 100 + 1}村（演示）"
        place = f"霁川市（演示）岫屿县{name.removesuffix('（演示）')}"
        within = grid % _VILLAGE_GRIDS + 1
        if building % (_GRID_BUILDINGS * _VILLAGE_GRIDS) == 0:
            yield _site(code, name, "village", "", code, "", place)
        number = f"{code}{within:03}"
        if building % _GRID_BUILDINGS == 0:
            yield _site(number, f"第{within}网格", "grid", code, code, number, place)
        house = f"{number}-{building % _GRID_BUILDINGS + 1:02}"
        title = f"{within}区{building % _GRID_BUILDINGS + 1}栋"
        yield _site(house, title, "building", number, code, number, place + title)
        for floor, room in islice(_rooms(random), doors):
            doors -= 1
            yield _site(
                f"{house}-{room}",
                f"{room}室",
                "door",
                house,
                code,
                number,
                place + title,
                str(floor),
                random.randrange(100) < 72,
            )
        building += 1


def _rooms(random: Random) -> list[tuple[int, str]]:
    floors, width = random.choice(_SHAPES)
    return [(f, f"{f}{room:02}") for f in range(1, floors + 1) for room in range(1, width + 1)]


def _village_code(village: int) -> str:
    """Twelve digits that begin with 99, as no real division's, and are none of the small demo's."""
    town, last = divmod(village, _TOWN_VILLAGES)
    county, town = divmod(town, 800)
    return f"9902{county:02}{200 + town:03}{last + 1:03}"


def _site(
    code: str,
    name: str,
    kind: str,
    parent: str,
    division: str,
    grid: str,
    address: str,
    floor: str = "",
    registered: bool | None = None,
) -> Site:
    holder = site_id(parent) if parent else ""
    return Site(site_id(code), code, name, kind, holder, division, grid, address, floor, registered)
