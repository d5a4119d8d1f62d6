"""Choices with more options than there are digits: listed with numbers, typed by number or name."""

from __future__ import annotations

import re

from fieldkit.domain.checklist import Item
from fieldkit.domain.translating import option_title
from fieldkit.text.i18n import _, language
from fieldkit.text.plain import folded

DIGITS = 9
SHOWN = 30
"""So many options are listed; of more only the first ones, the rest is found by name."""
CHOICES = ("choice", "choices")


def many(item: Item) -> bool:
    """Whether an item's options are typed."""
    return item.type in CHOICES and len(item.options) > DIGITS


def listed(item: Item) -> str:
    """The options with their numbers."""
    rows = [f"{n} {option_title(option, language())}" for n, option in enumerate(item.options, 1)]
    more = len(rows) - SHOWN
    tail = [_("……另有 {n} 个，打名称里的字").format(n=more)] if more > 0 else []
    return "　".join([*rows[:SHOWN], *tail])


def meant(item: Item, typed: str) -> str:
    """What was typed as ids: a number, an id, a title, or letters that only one title has.

    What means nothing, or several options, is left as it is: reading it says so.
    """
    if not many(item):
        return typed
    if item.type == "choice":
        return _one(item, typed)
    parts = [part for part in re.split(r"[,，、;；\s]+", typed.strip()) if part]
    return ",".join(_one(item, part) for part in parts) or typed


def _one(item: Item, typed: str) -> str:
    text = folded(typed)
    titles = {option.id: option_title(option, language()) for option in item.options}
    if text in titles or text in titles.values():
        return text if text in titles else next(i for i, title in titles.items() if title == text)
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= len(item.options):
        return item.options[int(text) - 1].id
    found = [i for i, title in titles.items() if text and text.lower() in title.lower()]
    return found[0] if len(found) == 1 else typed
