"""The fictional town of the demonstration as sites: DOMAIN §6.1's thirty places and their doors.

Division codes begin with 99, which no province has; every named place says （演示）.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from fieldkit.domain.kinds import site_id
from fieldkit.domain.records import Site

SIZES = ("small", "town", "county")
_SHIFTED = {4: "3A", 13: "12A", 14: "12B", 24: "23A"}
"""Floors that many estates number around (DOMAIN §4.2)."""


@cache
def data() -> dict[str, Any]:
    """The shipped table of places."""
    path = Path(__file__).with_name("demo_data") / "places.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def sites(size: str, seed: int) -> list[Site]:
    """Every site of the town, holders before what they hold; the same for the same seed."""
    random = Random(f"sites {size} {seed}")
    found = [*_areas(), *_places()]
    by_code = {site.code: site for site in found}
    for estate in data()["estates"]:
        holder = by_code[f"{estate['village']}-{estate['tag']}"]
        found += _estate(holder, estate, estate[size], random)
    for village in data()["villages"]:
        if "lane" in village:
            grid = by_code[f"{village['code']}001"]
            found += _houses(grid, village["lane"], data()["houses"][size], random)
    return found


def _site(
    code: str,
    name: str,
    kind: str,
    holder: Site | None,
    *,
    division: str = "",
    address: str = "",
    floor: str = "",
    registered: bool | None = None,
) -> Site:
    grid = code if kind == "grid" else holder.grid if holder else ""
    return Site(
        id=site_id(code),
        code=code,
        name=name,
        kind=kind,
        parent=holder.id if holder else "",
        division=division or (holder.division if holder else ""),
        grid=grid,
        address=address or (holder.address if holder else ""),
        floor=floor,
        registered=registered,
    )


def _areas() -> Iterator[Site]:
    region, town = data()["region"], data()["town"]
    for row in data()["institutions"]:
        address = region + row["address"]
        yield _site(row["code"], row["name"], "institution", None, division=town, address=address)
    for row in data()["villages"]:
        code = row["code"]
        place = region + row["name"].removesuffix("（演示）")
        village = _site(code, row["name"], "village", None, division=code, address=place)
        yield village
        for number in range(1, row["grids"] + 1):
            name = f"第{'一二三'[number - 1]}网格"
            yield _site(f"{code}{number:03}", name, "grid", village)


def _places() -> Iterator[Site]:
    areas = {site.code: site for site in _areas()}
    for row in data()["places"]:
        grid = areas[f"{row['village']}{row['grid']:03}"]
        code = f"{row['village']}-{row['tag']}"
        address = data()["region"] + row["address"]
        yield _site(code, row["name"], row["kind"], grid, address=address)


def _estate(
    holder: Site, estate: dict[str, Any], plan: dict[str, Any], random: Random
) -> Iterator[Site]:
    for number in range(1, plan["count"] + 1):
        shape = plan.get("special", {}).get(str(number), plan["shape"])
        name = estate["names"].format(n=number, letter="ABCD"[(number - 1) % 4])
        code = f"{holder.code}-{number:02}"
        building = _site(code, name, "building", holder, address=f"{holder.address}{name}")
        yield building
        yield from _doors(building, shape, estate["registered"], random)


def _doors(building: Site, shape: list[int], registered: int, random: Random) -> Iterator[Site]:
    floors, width, units = shape
    for unit in range(1, max(units, 1) + 1):
        holder = building
        if units:
            holder = _site(f"{building.code}-U{unit}", f"{unit}单元", "unit", building)
            yield holder
        for floor in range(1, floors + 1):
            label = _SHIFTED.get(floor, str(floor)) if floors > 6 else str(floor)
            for place in range(1, width + 1):
                room = f"{label}{place:02}"
                yield _site(
                    f"{holder.code}-{room}",
                    f"{room}室",
                    "door",
                    holder,
                    floor=label,
                    registered=random.randrange(100) < registered,
                )


def _houses(grid: Site, lane: str, count: int, random: Random) -> Iterator[Site]:
    """Self-built houses of a village: a lane and a number, one or two households each."""
    for number in range(1, count + 1):
        name = f"{lane}{number}号"
        address = f"{grid.address}{name}"
        house = _site(f"{grid.code}-H{number:03}", name, "building", grid, address=address)
        yield house
        for floor in (1, 2):
            yield _site(
                f"{house.code}-{floor}01",
                f"{floor}01房",
                "door",
                house,
                floor=str(floor),
                registered=random.randrange(100) < 93,
            )
