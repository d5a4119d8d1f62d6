"""Which of so many to look at: asked once, and shown as long as the sample is not answered."""

from __future__ import annotations

from fieldkit.domain.checklist import Item
from fieldkit.domain.sheet import Sheet
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded
from fieldkit.work import bookmarks, inspecting
from fieldkit.work.workspace import Workspace


def draw(ws: Workspace, sheet: Sheet, item: Item, typed: str) -> None:
    """Keep how many there are; the numbers follow from it and the inspection's seed.

    Raises Problem for what is no such number.
    """
    text = folded(typed)
    population = int(text) if text.isascii() and text.isdecimal() else 0
    inspecting.draw_sample(ws, sheet.inspection.id, item.id, population)
    bookmarks.remember(ws, _mark(sheet, item), population)


def drawn(ws: Workspace, sheet: Sheet, item: Item) -> str:
    """The numbers in words; empty where none were drawn."""
    if item.type != "sample":
        return ""
    population = bookmarks.recall(ws, _mark(sheet, item))
    if not isinstance(population, int):
        return ""
    found = inspecting.draw_sample(ws, sheet.inspection.id, item.id, population)
    numbers = "、".join(map(str, found.numbers))
    return _("{n} 个里看第 {numbers} 个").format(n=population, numbers=numbers)


def _mark(sheet: Sheet, item: Item) -> str:
    return f"drawn:{sheet.inspection.id}:{item.id}"
