"""What is certain of a list's scores before anybody answers: grades and points out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from fieldkit.domain import items as item_types
from fieldkit.text.i18n import N_, _

from .positions import Map, Slip
from .rules import Sheet, flag, maps, scalar, text, whole

WARNINGS = {
    "mode-unscored": N_("{mode}的检查项没有一项有分，这样检查评不出等次；请核对 weight。"),
    "grade-never": N_(
        "等次“{title}”永远评不到：没有一种得分率在这一级；请核对 at_least 和 weight。"
    ),
    "choice-same": N_("每个选项都算合格，{n} 分人人都有；请核对选项的 verdict。"),
    "mode-never": N_(
        "“{id}”只在{own}时查，所在的题组只在{around}时查，永远不会问到；请核对 mode。"
    ),
}
_MODES = {"open": N_("明察"), "covert": N_("暗访")}
_TOTAL, _ITEMS = 200, 80
"""Longer lists are not reckoned through: they reach every grade anyway."""


def check(sheet: Sheet) -> Iterator[tuple[bool, Slip]]:
    """Warnings (False) of what can never be scored."""
    for section in sheet.sections:
        yield from _within(section, "")
    for item in sheet.items:
        yield from _same(sheet, item)
    if not sheet.record:
        yield from _unscored(sheet)
        yield from _grades(sheet)


def _slip(node: object, code: str, /, **words: object) -> tuple[bool, Slip]:
    line, column = getattr(node, "line", 1), getattr(node, "column", 1)
    return False, Slip(line, column, code, _(WARNINGS[code]).format(**words))


def _mode(item: Map) -> str:
    return text(item, "mode") or "both"


def _within(holder: Map, around: str) -> Iterator[tuple[bool, Slip]]:
    """Items of one kind of visit in a group of the other."""
    for item in maps(holder.get("items")):
        mode = _mode(item)
        if around in _MODES and mode in _MODES and mode != around:
            own, other = _(_MODES[mode]), _(_MODES[around])
            place = item.get("mode") or item
            yield _slip(place, "mode-never", id=text(item, "id"), own=own, around=other)
            continue
        yield from _within(item, mode if mode in _MODES else around)


def _same(sheet: Sheet, item: Map) -> Iterator[tuple[bool, Slip]]:
    """A weighted choice in which every option passes."""
    weight, params = whole(item, "weight") or 0, item.get("params")
    if text(item, "type") != "choice" or weight <= 0 or not isinstance(params, Map):
        return
    lists = sheet.root.get("lists")
    named = lists.get(text(params, "list")) if isinstance(lists, Map) else None
    rows = maps(params.get("options") or named)
    if rows and all(text(row, "verdict") == "pass" for row in rows):
        yield _slip(item.get("weight"), "choice-same", n=weight)


def _scored(item: Map) -> bool:
    kind = item_types.types().get(text(item, "type"))
    return kind is not None and kind.scored


def _unscored(sheet: Sheet) -> Iterator[tuple[bool, Slip]]:
    """A kind of visit that has items of its own, and not one point in all it looks at."""
    scored = [item for item in sheet.items if _scored(item)]
    if any(whole(item, "weight") is None and item.get("weight") is not None for item in scored):
        return
    for mode in _MODES:
        own = [item for item in scored if _mode(item) == mode]
        seen = [item for item in scored if _mode(item) in (mode, "both")]
        others = sum(whole(item, "weight") or 0 for item in scored)
        if own and others and not any(whole(item, "weight") for item in seen):
            yield _slip(own[0].get("mode") or own[0], "mode-unscored", mode=_(_MODES[mode]))


@dataclass(frozen=True, slots=True)
class _Part:
    """One item's part of a score."""

    weight: int
    can_fail: bool
    can_leave: bool


def _grades(sheet: Sheet) -> Iterator[tuple[bool, Slip]]:
    """Grades into which no score can fall, whoever answers what."""
    rows = [(whole(grade, "at_least"), grade) for grade in sheet.grades]
    floors = [floor for floor, _grade in rows if floor is not None]
    if len(floors) != len(rows) or floors != sorted(set(floors), reverse=True):
        return
    ratios: set[Fraction] = set()
    for mode in _MODES:
        found = _ratios(sheet, mode)
        if found is None:
            return
        ratios |= found
    if not ratios:
        return
    above = Fraction(2)
    for floor, (_least, grade) in zip(floors, rows, strict=True):
        least = Fraction(floor, 100)
        if not any(least <= ratio < above for ratio in ratios):
            yield _slip(grade.get("at_least"), "grade-never", title=text(grade, "title"))
        above = least


def _ratios(sheet: Sheet, mode: str) -> set[Fraction] | None:
    """Every rate that a visit can come to; None where there is any rate at all, or no telling."""
    parts: list[_Part] = []
    for item in sheet.items:
        if item.get("weight") is not None and whole(item, "weight") is None:
            return None
        if not whole(item, "weight") or _mode(item) not in (mode, "both"):
            continue
        part = _part(sheet, item)
        if part is None:
            return None
        parts.append(part)
    if sum(part.weight for part in parts) > _TOTAL or len(parts) > _ITEMS:
        return None
    sums = {(0, 0)}
    for part in parts:
        fresh = {(points + part.weight, most + part.weight) for points, most in sums}
        if part.can_fail:
            fresh |= {(points, most + part.weight) for points, most in sums}
        sums = fresh | sums if part.can_leave else fresh
    return {Fraction(points, most) for points, most in sums if most}


def _part(sheet: Sheet, item: Map) -> _Part | None:
    kind = item_types.types().get(text(item, "type"))
    if kind is None or not kind.scored:
        return None
    partial = text(item, "partial") or kind.partial
    if partial == "linear":
        # Part of the points, as much as anybody likes.
        return None
    params = item.get("params")
    na = params.get("na") if isinstance(params, Map) else None
    fixed = na is not None and getattr(na, "value", None) is False
    asked = item.get("relevant") is None and not _held(sheet, item)
    required = scalar(item, "required")
    always = required is None or required.value is True
    leave = not (fixed and asked and always) or kind.name in ("choice", "calculated")
    effect = text(item, "effect") or text(sheet.root, "critical_effect")
    vetoed = flag(item, "critical") and effect in ("ineligible", "fail_target")
    return _Part(whole(item, "weight") or 0, not vetoed, leave)


def _held(sheet: Sheet, item: Map) -> bool:
    """Whether an item hangs on a condition further out, or might."""
    for section in sheet.sections:
        if item in maps(section.get("items")):
            return section.get("relevant") is not None
    return True
