"""A checklist's normalised form; what only version 2 knows is written only where it is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .checklist import CONTAINERS, Checklist, Item, Option, Section

Doc = dict[str, Any]

_OLD_FIELDS = 13
ITEM_TEXTS = ("relevant", "required_if", "constraint", "message", "calculate", "count", "default")


def doc_of(checklist: Checklist) -> Doc:
    """The whole list; version 1 where nothing of version 2 is used."""
    more = _given(
        kind="" if checklist.kind == "inspection" else checklist.kind,
        cadence=checklist.cadence,
        language=checklist.language,
        lists={name: [_option(row) for row in rows] for name, rows in checklist.lists.items()},
        translations=_plain(checklist.translations),
    )
    sections = [_section(section) for section in checklist.sections]
    newer = more or any(is_newer(section) for section in sections)
    return {
        "v": 2 if newer else 1,
        "id": checklist.id,
        "version": checklist.version,
        "title": checklist.title,
        "title_en": checklist.title_en,
        "target": checklist.target,
        "boundary": checklist.boundary,
        "nature": checklist.nature,
        "site_kinds": list(checklist.site_kinds),
        "critical_effect": checklist.critical_effect,
        "grades": [
            {"id": g.id, "title": g.title, "at_least": g.at_least} for g in checklist.grades
        ],
        "sections": sections,
        "sources": dict(checklist.sources),
        **more,
    }


def item_doc(item: Item) -> Doc:
    """One item without those that stand in it."""
    doc = {
        "id": item.id,
        "text": item.text,
        "type": item.type,
        "criterion": item.criterion,
        "evidence": item.evidence,
        "weight": item.weight,
        "critical": item.critical,
        "mode": item.mode,
        "required": item.required,
        "source": list(item.source),
        "params": _plain(item.params),
        "partial": item.partial,
        "phrases": list(item.phrases),
    }
    texts = {name: getattr(item, name) for name in ITEM_TEXTS}
    more = _given(
        **texts,
        read_only=item.read_only,
        effect=item.effect,
        translations=_plain(item.translations),
    )
    return doc | more


def _section(section: Section) -> Doc:
    doc = {"id": section.id, "title": section.title, "items": _nested(section.items, "")}
    more = _given(relevant=section.relevant, translations=_plain(section.translations))
    return doc | more


def _nested(items: Iterable[Item], parent: str) -> list[Doc]:
    rows = list(items)
    inside: dict[str, list[Item]] = {}
    for item in rows:
        inside.setdefault(item.parent, []).append(item)

    def docs(name: str) -> list[Doc]:
        return [
            item_doc(item) | ({"items": docs(item.id)} if item.type in CONTAINERS else {})
            for item in inside.get(name, [])
        ]

    return docs(parent)


def is_newer(section: Doc) -> bool:
    """Whether a section's document holds what version 1 does not know."""
    if section.keys() & {"relevant", "translations"}:
        return True
    return any(
        len(item) > _OLD_FIELDS
        or item["type"] == "calculated"
        or "list" in item["params"]
        or any("translations" in row for row in item["params"].get("options", ()))
        for item in section["items"]
    )


def _option(row: Option) -> Doc:
    doc: Doc = {"id": row.id, "title": row.title}
    return doc | _given(
        verdict="" if row.verdict == "noted" else row.verdict,
        columns=dict(row.columns),
        translations=_plain(row.translations),
    )


def _given(**fields: Any) -> Doc:
    """What is not left at its default."""
    return {name: value for name, value in fields.items() if value}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
