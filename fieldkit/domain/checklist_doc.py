"""Reading a checklist's normalised form strictly; it may come from a stranger's device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .checklist import (
    CRITICAL_EFFECTS,
    FORMAT,
    LIMITS,
    MODES,
    NATURES,
    PARTIALS,
    Checklist,
    Grade,
    Item,
    Section,
    bad,
    clean_text,
    valid_id,
)

_LIST = frozenset(
    ("id", "title", "v", "version", "title_en", "target", "boundary", "nature", "site_kinds")
) | {"critical_effect", "grades", "sections", "sources"}
_ITEM = frozenset(
    ("id", "text", "type", "criterion", "evidence", "weight", "critical", "mode", "required")
) | {"source", "params", "partial", "phrases"}
_MOST_WEIGHT = 1000


def read(doc: Mapping[str, Any]) -> Checklist:
    """The checklist of a normalised form; Problem ``bad-checklist`` for anything else."""
    whole = _record(doc, _LIST, "checklist")
    if whole["v"] != FORMAT or isinstance(whole["v"], bool):
        raise bad("v")
    sections = tuple(_section(row) for row in _rows(whole, "sections"))
    found = Checklist(
        id=_id(whole, "id"),
        version=_text(whole, "version"),
        title=_text(whole, "title"),
        title_en=_text(whole, "title_en"),
        target=_text(whole, "target"),
        boundary=_text(whole, "boundary"),
        nature=_one_of(whole, "nature", NATURES),
        site_kinds=_texts(whole, "site_kinds"),
        critical_effect=_one_of(whole, "critical_effect", CRITICAL_EFFECTS),
        grades=tuple(_grade(row) for row in _rows(whole, "grades")),
        sections=sections,
        sources=_sources(whole["sources"]),
    )
    ids = [item.id for item in found.items]
    if not ids or len(ids) > LIMITS["items"] or len(set(ids)) != len(ids):
        raise bad("items")
    return found


def _section(row: object) -> Section:
    known = _record(row, frozenset(("id", "title", "items")), "section")
    section = _id(known, "id")
    items = tuple(_item(item, section) for item in _rows(known, "items"))
    return Section(section, _text(known, "title"), items)


def _item(row: object, section: str) -> Item:
    from . import items

    known = _record(row, _ITEM, "item")
    if _text(known, "type") not in items.types():
        raise bad("type")
    return Item(
        id=_id(known, "id"),
        section=section,
        text=_text(known, "text"),
        type=_text(known, "type"),
        criterion=_text(known, "criterion"),
        evidence=_text(known, "evidence"),
        weight=_whole(known, "weight", _MOST_WEIGHT),
        critical=_flag(known, "critical"),
        mode=_one_of(known, "mode", MODES),
        required=_flag(known, "required"),
        source=_texts(known, "source"),
        params=_params(known["params"]),
        partial=_one_of(known, "partial", PARTIALS),
        phrases=_texts(known, "phrases"),
    )


def _grade(row: object) -> Grade:
    known = _record(row, frozenset(("id", "title", "at_least")), "grade")
    return Grade(_id(known, "id"), _text(known, "title"), _whole(known, "at_least", 100))


def _record(value: object, fields: frozenset[str], what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or set(value) != fields:
        raise bad(what)
    return value


def _rows(record: Mapping[str, Any], name: str) -> list[Any]:
    rows = record[name]
    if not isinstance(rows, list) or len(rows) > LIMITS["list"]:
        raise bad(name)
    return rows


def _text(record: Mapping[str, Any], name: str) -> str:
    text = record[name]
    if not isinstance(text, str) or not clean_text(text):
        raise bad(name)
    return text


def _id(record: Mapping[str, Any], name: str) -> str:
    text = record[name]
    if not isinstance(text, str) or not valid_id(text):
        raise bad(name)
    return text


def _one_of(record: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str:
    text = _text(record, name)
    if text not in known:
        raise bad(name)
    return text


def _whole(record: Mapping[str, Any], name: str, most: int) -> int:
    number = record[name]
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= most:
        raise bad(name)
    return number


def _flag(record: Mapping[str, Any], name: str) -> bool:
    flag = record[name]
    if not isinstance(flag, bool):
        raise bad(name)
    return flag


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    rows = _rows(record, name)
    if not all(clean_text(row) for row in rows):
        raise bad(name)
    return tuple(rows)


def _sources(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping) or len(value) > LIMITS["list"]:
        raise bad("sources")
    if not all(clean_text(key) and clean_text(title) for key, title in value.items()):
        raise bad("sources")
    return dict(value)


def _params(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not _plain_data(value, 4):
        raise bad("params")
    return dict(value)


def _plain_data(value: object, depth: int) -> bool:
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, int):
        return abs(value) <= 10**9
    if isinstance(value, str):
        return clean_text(value)
    if depth == 0 or not isinstance(value, Mapping | list) or len(value) > LIMITS["list"]:
        return False
    if isinstance(value, list):
        return all(_plain_data(item, depth - 1) for item in value)
    return all(clean_text(k) and _plain_data(v, depth - 1) for k, v in value.items())
