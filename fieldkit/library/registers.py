"""Small YAML files in folders beside the checklists: ledgers, member units, readings.

``ledgers/<id>.yaml`` says which records make a ledger, ``units/<code>.yaml`` names the member
units, ``standing/<id>.yaml`` says how months are ranked. Each kind has a schema of its own and is
found in every folder of checklists; the first folder that has a name wins.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from fieldkit.domain.ledgers import Column, Declared, Done, Held, Submitted, Unit, Units
from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import composed, folded, shown

from . import folders, reading, repair, schema, standing
from .faults import Fault
from .positions import Map, Node, Scalar, Slip, plain

LEDGERS, UNITS, STANDING = "ledgers", "units", "standing"
_SCHEMAS = {
    LEDGERS: "ledger.schema.json",
    UNITS: "units.schema.json",
    STANDING: "standing.schema.json",
}
_NAMES = {LEDGERS: "id", UNITS: "code", STANDING: "id"}
_MARKS = {
    LEDGERS: re.compile(r"^[\"']?checklist[\"']?\s*:", re.MULTILINE),
    UNITS: re.compile(r"^[\"']?units[\"']?\s*:", re.MULTILINE),
    STANDING: re.compile(r"^[\"']?(?:readings|indicators)[\"']?\s*:", re.MULTILINE),
}
_OTHER = re.compile(r"^[\"']?(?:sections|items|clauses)[\"']?\s*:", re.MULTILINE)
_MOST = 500
_NAME = N_("文件名和“{code}”不同；请把文件改名为 {code}.yaml，或改正代号。")
_TWICE = N_("单位代码“{id}”重复；请改正一个。")


def kind_of(path: Path) -> str:
    """``ledgers``, ``units`` or ``standing`` where a YAML file is meant as one, else nothing."""
    text, _slips = reading.read_text(path)
    if _OTHER.search(text):
        return ""
    return next((kind for kind, mark in _MARKS.items() if mark.search(text)), "")


def faults(path: Path, kind: str) -> list[Fault]:
    """Every fault of a file, in order of place."""
    return _read(path, kind)[1]


def ledgers(extra: Path | None = None) -> list[Declared]:
    """Every ledger on the search path, by id. A file with faults is left out."""
    found = _catalogue(LEDGERS, extra)
    return [_declared(found[name]) for name in sorted(found)]


def units(code: str = "S004", extra: Path | None = None) -> Units:
    """A dictionary of member units by its code.

    Raises Problem ``unknown-units`` naming those there are.
    """
    found = _catalogue(UNITS, extra)
    wanted = folded(code).casefold()
    for name, data in found.items():
        if name.casefold() == wanted:
            return _units(data)
    raise Problem(
        "unknown-units",
        _("没有代号为“{code}”的单位字典").format(code=shown(code)[:40]),
        mend=_("可用：{names}。").format(names=" ".join(sorted(found))),
    )


def units_in(path: Path) -> Units:
    """The dictionary in a file. Raises Problem ``bad-units-file`` with the first fault's place."""
    data, found = _read(path, UNITS)
    if data is None:
        first = found[0]
        raise Problem(
            "bad-units-file", first.message, where=f"{first.file}:{first.line}:{first.column}"
        )
    return _units(data)


def read_file(path: Path, kind: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The data in a file of that kind; None where it has faults, which are beside it."""
    return _read(path, kind)


def of_kind(kind: str, extra: Path | None) -> dict[str, dict[str, Any]]:
    """The data of every file of that kind without a fault; the first folder with an id wins."""
    return _catalogue(kind, extra)


def _catalogue(kind: str, extra: Path | None) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for folder in folders.search_path(extra):
        inside = folder / kind
        for path in folders.files(inside) if inside.is_dir() else ():
            data, _faults = _read(path, kind)
            if data is not None:
                found.setdefault(str(data[_NAMES[kind]]), data)
    return found


@cache
def described(kind: str) -> dict[str, Any]:
    """The schema of one kind as data."""
    path = folders.shipped() / "schema" / _SCHEMAS[kind]
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def _read(path: Path, kind: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    text, slips = reading.read_text(path)
    root: Node | None = None
    if text.strip() or not slips:
        root, more, dropped = repair.read(text, schema.key_owners(described(kind)))
        slips = [*slips, *more]
        if root is not None:
            slips += schema.check(root, described(kind), dropped)
    if isinstance(root, Map):
        slips += _rules(root, path, kind)
    found = {Fault(str(path), s.line, s.column, s.code, s.message) for s in slips}
    data = plain(root) if root is not None and not found else None
    return (data if isinstance(data, dict) else None), sorted(found)[:_MOST]


def _rules(root: Map, path: Path, kind: str) -> list[Slip]:
    """What the schema cannot say: the name of the file, and that no unit has another's code."""
    slips = []
    name = root.get(_NAMES[kind])
    if isinstance(name, Scalar) and isinstance(name.value, str) and name.text != path.stem:
        message = _(_NAME).format(code=name.text[:40])
        slips.append(Slip(name.line, name.column, "file-name", message))
    seen: set[str] = set()
    rows = root.get("units")
    for row in getattr(rows, "items", ()):
        node = row.get("id") if isinstance(row, Map) else None
        if isinstance(node, Scalar):
            if node.text in seen:
                message = _(_TWICE).format(id=node.text[:40])
                slips.append(Slip(node.line, node.column, "duplicate-unit", message))
            seen.add(node.text)
    if kind == STANDING and not slips:
        slips = standing.slips(root)
    return slips


def _declared(data: dict[str, Any]) -> Declared:
    columns = (
        Column(c["item"], composed(c["title"]), c.get("total", False)) for c in data["columns"]
    )
    return Declared(
        id=data["id"],
        title=composed(data["title"]),
        checklist=data["checklist"],
        columns=tuple(columns),
        rounds=data.get("rounds", "month"),
        day=data.get("day", ""),
        standing=data.get("standing", False),
        key=tuple(data["key"]) if "key" in data else None,
        expect=tuple(data.get("expect", ())),
        submitted=Submitted(**data["submitted"]) if "submitted" in data else None,
        stale=data.get("stale", ""),
        done=Done(**data["done"]) if "done" in data else None,
        held=tuple(Held(**row) for row in data.get("held", ())),
    )


def _units(data: dict[str, Any]) -> Units:
    rows = (
        Unit(row["id"], composed(row["name"]), composed(row["duty"]), _lists(row.get("lists")))
        for row in data["units"]
    )
    return Units(data["code"], composed(data["title"]), _lists(data.get("common")), tuple(rows))


def _lists(found: dict[str, list[str]] | None) -> dict[str, tuple[str, ...]]:
    return {name: tuple(items) for name, items in (found or {}).items()}
