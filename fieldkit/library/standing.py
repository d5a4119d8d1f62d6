"""Readings of the standing in YAML: what their schema cannot say, and the readings themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import composed, folded, shown

from .positions import Map, Node, Scalar, Slip, plain

if TYPE_CHECKING:
    from fieldkit.domain.standing.basis import Basis

USUAL = "default"
"""The readings that are shipped."""

_WHY = {
    "weights": N_("各指标的权重合计不是100。"),
    "twice": N_("指标代号重复。"),
    "column": N_("measure 是 column 时要写 column，其他时候不要写。"),
    "order": N_("挂牌的月数要多于红牌的月数。"),
}


def basis(name: str = USUAL, extra: Path | None = None) -> Basis:
    """The readings of that id on the search path, the first folder that has it.

    Raises Problem ``unknown-standing`` naming those there are.
    """
    from . import registers

    found = registers.of_kind(registers.STANDING, extra)
    wanted = folded(name).casefold()
    for one, data in found.items():
        if one.casefold() == wanted:
            return basis_of(data)
    raise Problem(
        "unknown-standing",
        _("没有代号为“{code}”的排名口径").format(code=shown(name)[:40]),
        mend=_("可用：{names}。").format(names=" ".join(sorted(found))),
    )


def basis_in(path: Path) -> Basis:
    """The readings in a file. Raises Problem ``bad-standing-file`` with the first fault's place."""
    from . import registers

    data, faults = registers.read_file(path, registers.STANDING)
    if data is None:
        first = faults[0]
        raise Problem(
            "bad-standing-file", first.message, where=f"{first.file}:{first.line}:{first.column}"
        )
    return basis_of(data)


def basis_of(data: dict[str, Any]) -> Basis:
    """The readings in a file's data, which has no fault."""
    from fieldkit.domain.standing.basis import from_doc

    rows = [{**row, "title": composed(row["title"])} for row in data["indicators"]]
    return from_doc({**data.get("readings", {}), "indicators": rows})


def slips(root: Map) -> list[Slip]:
    """What does not go together: weights, ids, columns, numbers of months."""
    from fieldkit.domain.standing.basis import BadBasis

    data = plain(root)
    try:
        basis_of(data if isinstance(data, dict) else {})
    except BadBasis as bad:
        place = _place(root, bad.field)
        return (
            [Slip(place.line, place.column, f"standing-{bad.why}", _(_WHY[bad.why]))]
            if (bad.why in _WHY)
            else []
        )
    except (KeyError, TypeError):
        # The schema has told of it.
        return []
    return []


def _place(root: Map, field: str) -> Node:
    readings = root.get("readings")
    inside = readings.get(field) if isinstance(readings, Map) else None
    if isinstance(inside, Scalar):
        return inside
    return root.get(field) or root
