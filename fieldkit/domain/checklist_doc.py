"""Reading a checklist's normalised form strictly; it may come from a stranger's device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .checklist import (
    CADENCES,
    CONTAINERS,
    CRITICAL_EFFECTS,
    FORMAT,
    KINDS,
    LIMITS,
    MODES,
    NATURES,
    PARTIALS,
    Checklist,
    Grade,
    Item,
    Option,
    Section,
    Translations,
    bad,
    clean_text,
    valid_id,
)
from .checklist_write import ITEM_TEXTS
from .presenting import is_plain

_LIST = frozenset(
    ("id", "title", "v", "version", "title_en", "target", "boundary", "nature", "site_kinds")
) | {"critical_effect", "grades", "sections", "sources"}
_LIST_MORE = frozenset(("kind", "cadence", "language", "lists", "translations"))
_ITEM = frozenset(
    ("id", "text", "type", "criterion", "evidence", "weight", "critical", "mode", "required")
) | {"source", "params", "partial", "phrases"}
_ITEM_MORE = frozenset((*ITEM_TEXTS, "read_only", "effect", "translations", "items"))
_MOST_WEIGHT = 1000
_TRANSLATED = frozenset(("text", "title", "criterion", "message", "evidence"))

Lists = Mapping[str, tuple[Option, ...]]


def read(doc: Mapping[str, Any]) -> Checklist:
    """The checklist of a normalised form; Problem ``bad-checklist`` for anything else."""
    whole = _record(doc, _LIST, "checklist", _LIST_MORE)
    if type(whole["v"]) is not int or whole["v"] not in range(1, FORMAT + 1):
        raise bad("v")
    lists = _lists(whole.get("lists", {}))
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
        sections=tuple(_section(row, lists) for row in _rows(whole, "sections")),
        sources=_sources(whole["sources"]),
        kind=_one_of(whole, "kind", KINDS, "inspection"),
        cadence=_one_of(whole, "cadence", CADENCES, ""),
        language=_optional(whole, "language"),
        lists=lists,
        translations=_translations(whole.get("translations", {})),
    )
    ids = [item.id for item in found.items]
    if not ids or len(ids) > LIMITS["items"] or len(set(ids)) != len(ids):
        raise bad("items")
    # What would be written otherwise, such as a default spelt out, would have another digest.
    if found.to_doc() != doc:
        raise bad("form")
    _logic(found)
    return found


def _logic(found: Checklist) -> None:
    if is_plain(found) and not any(item.message or item.words("filter") for item in found.items):
        return
    from .logic import FIELDS, faults

    texts = (
        item.words(n) if n == "filter" else getattr(item, n) for item in found.items for n in FIELDS
    )
    if sum(map(len, texts)) > LIMITS["logic"]:
        raise bad("logic")
    for fault in faults(found):
        raise bad(f"{fault.item}.{fault.field}")


def _section(row: object, lists: Lists) -> Section:
    more = frozenset(("relevant", "translations"))
    known = _record(row, frozenset(("id", "title", "items")), "section", more)
    section = _id(known, "id")
    return Section(
        section,
        _text(known, "title"),
        tuple(_items(known, section, "", lists, 0)),
        _optional(known, "relevant"),
        _translations(known.get("translations", {})),
    )


def _items(
    record: Mapping[str, Any], section: str, parent: str, lists: Lists, depth: int
) -> Iterator[Item]:
    """The items under a section, group or repeat, each followed by those that stand in it."""
    if depth > LIMITS["depth"]:
        raise bad("depth")
    for row in _rows(record, "items"):
        item = _item(row, section, parent, lists)
        yield item
        if item.type in CONTAINERS:
            yield from _items(row, section, item.id, lists, depth + 1)
        elif "items" in row:
            raise bad("items")


def _item(row: object, section: str, parent: str, lists: Lists) -> Item:
    from . import items

    known = _record(row, _ITEM, "item", _ITEM_MORE)
    kind = _text(known, "type")
    if kind not in items.types():
        raise bad("type")
    if kind in CONTAINERS and "items" not in known:
        raise bad("items")
    params = _params(known["params"])
    named = params.get("list")
    if named is not None and (not isinstance(named, str) or named not in lists):
        raise bad("list")
    texts = {name: _optional(known, name) for name in ITEM_TEXTS}
    return Item(
        id=_id(known, "id"),
        section=section,
        text=_text(known, "text"),
        type=kind,
        criterion=_text(known, "criterion"),
        evidence=_text(known, "evidence"),
        weight=_whole(known, "weight", _MOST_WEIGHT),
        critical=_flag(known, "critical"),
        mode=_one_of(known, "mode", MODES),
        required=_flag(known, "required"),
        source=_texts(known, "source"),
        params=params,
        partial=_one_of(known, "partial", PARTIALS),
        phrases=_texts(known, "phrases"),
        parent=parent,
        read_only=_flag(known, "read_only") if "read_only" in known else False,
        effect=_one_of(known, "effect", CRITICAL_EFFECTS, ""),
        translations=_translations(known.get("translations", {})),
        listed=lists[named] if named is not None else None,
        **texts,
    )


def _lists(value: object) -> dict[str, tuple[Option, ...]]:
    if not isinstance(value, Mapping) or len(value) > LIMITS["list"]:
        raise bad("lists")
    if not all(valid_id(name) and isinstance(rows, list) for name, rows in value.items()):
        raise bad("lists")
    if sum(len(rows) for rows in value.values()) > LIMITS["rows"]:
        raise bad("lists")
    return {name: tuple(_option(row) for row in rows) for name, rows in value.items()}


def _option(row: object) -> Option:
    more = frozenset(("verdict", "columns", "translations"))
    known = _record(row, frozenset(("id", "title")), "option", more)
    columns = known.get("columns", {})
    if not isinstance(columns, Mapping) or len(columns) > LIMITS["list"]:
        raise bad("columns")
    if not all(clean_text(name) and clean_text(text) for name, text in columns.items()):
        raise bad("columns")
    return Option(
        _id(known, "id"),
        _text(known, "title"),
        _one_of(known, "verdict", ("pass", "fail", "noted"), "noted"),
        dict(columns),
        _translations(known.get("translations", {})),
    )


def _translations(value: object) -> Translations:
    if not isinstance(value, Mapping) or len(value) > LIMITS["list"]:
        raise bad("translations")
    for language, texts in value.items():
        if not clean_text(language) or not isinstance(texts, Mapping):
            raise bad("translations")
        if not texts.keys() <= _TRANSLATED or not all(map(clean_text, texts.values())):
            raise bad("translations")
    return {str(language): dict(texts) for language, texts in value.items()}


def _grade(row: object) -> Grade:
    known = _record(row, frozenset(("id", "title", "at_least")), "grade")
    return Grade(_id(known, "id"), _text(known, "title"), _whole(known, "at_least", 100))


def _record(
    value: object, fields: frozenset[str], what: str, more: frozenset[str] = frozenset()
) -> Mapping[str, Any]:
    """A mapping with all of these fields, and at most those of ``more`` besides."""
    if not isinstance(value, Mapping) or value.keys() - more != fields:
        raise bad(what)
    return value


def _optional(record: Mapping[str, Any], name: str) -> str:
    return _text(record, name) if name in record else ""


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


def _one_of(
    record: Mapping[str, Any], name: str, known: tuple[str, ...], otherwise: str | None = None
) -> str:
    if otherwise is not None and name not in record:
        return otherwise
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
    if not isinstance(value, Mapping):
        raise bad("params")
    options = value.get("options", [])
    if not isinstance(options, list) or len(options) > LIMITS["list"]:
        raise bad("options")
    for row in options:
        _option(row)
    if not _plain_data({name: v for name, v in value.items() if name != "options"}, 2):
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
