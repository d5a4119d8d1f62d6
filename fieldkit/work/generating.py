"""Regular buildings made from a typed line, through the same checks as a register from a file."""

from __future__ import annotations

import csv
import io
from typing import NamedTuple

from fieldkit.domain.generating import Plan, plan
from fieldkit.domain.records import Site
from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import sites
from .scratch import scratch
from .sites import Imported, Progress
from .workspace import Workspace

PARENTS = ("estate", "village", "grid", "institution", "venue")
"""What buildings stand in."""


class Made(NamedTuple):
    """What a line means, where it is to stand, and what became of it."""

    parent: Site
    plan: Plan
    imported: Imported


def generate(
    ws: Workspace,
    parent_ref: str,
    line: str,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Made:
    """Make the buildings of a line under a place, whole or not at all; twice changes nothing.

    Codes follow from the place's code and what is counted, so that the same line always means
    the same doors. Raises Problem as ``domain.generating.plan`` does, or for a place in which no
    buildings stand.
    """
    parent = sites.find(ws, parent_ref)
    if parent.kind not in PARENTS:
        raise Problem(
            "not-a-parent",
            _("{name} 是{kind}，下面不能建楼栋").format(
                name=shown(parent.name)[:40], kind=_(sites.KINDS.get(parent.kind, parent.kind))
            ),
            where=shown(parent.code),
            mend=_("请给出小区、村或单位的编码。"),
        )
    found = plan(line)
    with scratch(ws.home) as folder:
        table = folder / "generated.csv"
        table.write_text(_table(parent, found), "utf-8")
        return Made(parent, found, sites.import_register(ws, table, dry_run, progress))


def _table(parent: Site, found: Plan) -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("kind", "code", "name", "parent", "floor", "registered"))
    held = "1" if found.registered else ""
    for block in found.blocks:
        building = f"{parent.code}-{block.mark}"
        rows.writerow(("building", building, block.name, parent.code, "", ""))
        for number, unit in enumerate(block.units, 1):
            above = f"{building}-U{number}" if unit else building
            if unit:
                rows.writerow(("unit", above, unit, building, "", ""))
            for door in block.doors:
                code = f"{above}-{door.name.removesuffix('室')}"
                rows.writerow(("door", code, door.name, above, door.floor, held))
    return out.getvalue()


def in_words(made: Made) -> list[str]:
    """What the line was taken to mean: how many of everything, the first door and the last."""
    blocks = made.plan.blocks
    first, last = blocks[0], blocks[-1]
    units = len(first.units)
    if first.units[0]:
        told = _("{name}：{n} 栋，每栋 {units} 个单元，共 {doors} 户。")
    else:
        told = _("{name}：{n} 栋，不分单元，共 {doors} 户。")
    span = _("从 {first} {a} 到 {last} {b}。")
    return [
        told.format(name=made.parent.name, n=len(blocks), units=units, doors=made.plan.total),
        span.format(first=first.name, a=first.doors[0].name, last=last.name, b=last.doors[-1].name),
    ]
